"""Networks that several tests need and that are not bundled."""

MNIST_NET = """
name: MNIST-Net
source: the network of torchsummaryX's README and torchinfo's tests; relu and pooling are functions there
input: 1x28x28
layers:
- {conv: 10, kernel: 5}
- {maxpool: 2}
- relu
- {conv: 20, kernel: 5}
- {maxpool: 2}
- relu
- flatten
- {fc: 50, activation: relu}
- {fc: 10}
expect: {params: 21840}
"""

EXAMPLE_NET = MNIST_NET.replace("1x28x28", "3x224x224").replace("21840", "2815340").replace("MNIST-Net", "torchstat's")
