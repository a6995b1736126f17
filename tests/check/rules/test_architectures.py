"""The bundled architectures are quiet, but for what their papers really do; every finding is listed here."""

from collections import Counter

from bundled import FOLDER, every_architecture
from check.looking import all_findings, subject

# By architecture the number of findings of each rule, with the reason why they are deserved. Where a name is not (yet)
# bundled its line waits for it.

WARNINGS: dict[str, dict[str, int]] = {
    # The assignment says relu after the convolutions only: its three fc are one linear layer.
    "alexnet_assignment": {"no-activation-between": 2},
    # 224 for 227 pixels, and a dropout before each bn of the dense layers.
    "alexnet_keras_flowers": {"partial-window": 1, "dropout-before-norm": 2},
    "dcgan_generator": {"checkerboard": 4},  # 5x5 at stride 2, the example of Odena et al. 2016
    "fcn8s": {"padding-beyond-kernel": 1},  # conv1_1 is padded by 100
    "resnet50_v1": {"dead-pixels": 1},  # stride 2 in the 1x1 convolution, fixed in v1.5
    "se_resnet50": {"dead-pixels": 1},  # the same, as its authors' Caffe model has it
    "squeezenet1_0": {"partial-window": 1},  # torchvision's 224 for the paper's 227
    "squeezenet1_1": {"partial-window": 1},
    "vgg_f": {"partial-window": 1},  # 224 pixels and 11x11 at stride 4
    "vgg_m": {"partial-window": 1},
    "vgg_s": {"partial-window": 1},
}

NOTES: dict[str, dict[str, int]] = {
    # One fc on a flattened map has more than half of the parameters, from AlexNet to VGG.
    **dict.fromkeys(
        ("alexnet", "alexnet_assignment", "alexnet_cifar", "alexnet_one_tower", "alexnet_torchvision",
         "alexnet_two_tower", "overfeat_accurate", "overfeat_fast", "vgg11", "vgg13", "vgg16", "vgg19"),
        {"huge-fc": 1},
    ),
    # torchvision's VGG with bn keeps its biases.
    **dict.fromkeys(("vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"), {"huge-fc": 1, "bias-before-norm": 1}),
    # Pools that round up, as in Caffe.
    **dict.fromkeys(("fcn8s", "googlenet", "googlenet_paper", "squeezenet1_0"), {"framework-differs": 1}),
    **dict.fromkeys(("vgg_f", "vgg_m", "vgg_s", "zfnet"), {"framework-differs": 1, "huge-fc": 1}),
    "segnet": {"framework-differs": 1, "bias-before-norm": 1},
    # Pools that round down and leave pixels, where Caffe would have one window more.
    "alexnet_keras_flowers": {"partial-window": 3, "framework-differs": 3, "huge-fc": 1},
    "alexnet_two_branches": {
        "partial-window": 1, "framework-differs": 1, "asymmetric-same": 1, "bias-before-norm": 2, "huge-fc": 1,
    },
    "mnist_keras": {"partial-window": 1, "framework-differs": 1},
    # The last mean joins fields of 1,772 of 32,000 steps.
    "m5": {"partial-window": 1, "framework-differs": 1, "bias-before-norm": 1, "receptive-field-too-small": 1},
    # Means over padded windows: torchvision's counts the zeros, TensorFlow's Inception v3 did not.
    **dict.fromkeys(("inception_v3", "maxvit_t", "nin_cifar10", "shufflenet_v1"), {"framework-differs": 1}),
    # Networks from TensorFlow, whose SAME pads the end.
    "mobilenet_v1": {"asymmetric-same": 2, "receptive-field-exceeds-input": 1},
    "xception": {"asymmetric-same": 1},
    # Their last 3x3 convolutions read fields of 237 to 246 of 224 pixels, and 438 of 416.
    **dict.fromkeys(("darknet19", "yolov1_backbone", "yolov2_voc"), {"receptive-field-exceeds-input": 1}),
}  # fmt: skip


@every_architecture
def test_an_architecture_has_the_findings_that_it_deserves(name: str) -> None:
    found = all_findings(subject(FOLDER / f"{name}.yaml"))
    counted = {s: Counter(finding.rule for finding in found if finding.severity == s) for s in ("warning", "note")}
    assert counted == {"warning": Counter(WARNINGS.get(name, {})), "note": Counter(NOTES.get(name, {}))}
    assert sum(map(Counter.total, counted.values())) == len(
        found
    )  # no error; unclaimed is among the notes, and nobody deserves it
