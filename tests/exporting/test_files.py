"""`cnncalc export` on the command line, ONNX, and files for models of accelerators."""

from math import prod
from pathlib import Path

import numpy as np
import onnx
import pytest
import yaml
from running import Run

import cnncalc

onnxruntime = pytest.importorskip("onnxruntime")

SWIN = """PyTorch has no equivalent for 12 layers; nothing is written:
  stage1/layer1/residual1/attention (line 11): nn.MultiheadAttention is not for windows
"""


@pytest.mark.parametrize(
    ("options", "start"),
    [
        (("alexnet", "-o", "model.py"), "import torch\n"),
        (("alexnet_cifar", "--to", "keras", "-o", "model.py"), "import keras\n"),
        (("alexnet", "-o", "net.csv"), "Layer name, IFMAP Height,"),
        (("resnet18", "-o", "problems.yaml"), "# conv1\nproblem:\n"),
    ],
)
def test_the_file_says_what_is_written(run: Run, folder: Path, options: tuple[str, ...], start: str) -> None:
    assert run("export", *options).exit_code == 0
    assert (folder / options[-1]).read_text("utf-8").startswith(start)
    assert "the file exists; --force writes over it" in run("export", *options).stderr
    assert run("export", *options, "--force").exit_code == 0


def test_what_a_target_cannot_say_is_one_list(run: Run, folder: Path) -> None:
    result = run("export", "swin_t", "-o", "swin.py")
    assert result.exit_code == 1
    assert result.stderr.startswith(SWIN)
    assert len(result.stderr.splitlines()) == 13
    assert not (folder / "swin.py").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "say with --to what to write"),
        (("-o", "net.txt"), "say with --to what to write"),
        (("--to", "keras", "-o", "net.onnx"), "a .py file is expected"),
        (("--to", "onnx"), "--to onnx needs -o FILE.onnx"),
        (("-o", "net.onnx"), "needs --weights FILE (.npz or .safetensors), or --seed N"),
        (("--to", "keras", "--seed", "1"), "--weights and --seed are for --to onnx"),
    ],
)
def test_wrong_options(run: Run, options: tuple[str, ...], message: str) -> None:
    result = run("export", "lenet5", *options)
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_an_onnx_file_computes_what_run_does(run: Run, folder: Path) -> None:
    assert run("run", "mnist_keras", "--seed", "3", "--save-weights", "w.npz").exit_code == 0
    assert run("export", "mnist_keras", "--seed", "3", "-o", "drawn.onnx").exit_code == 0
    assert run("export", "mnist_keras", "--weights", "w.npz", "-o", "given.onnx").exit_code == 0
    onnx.checker.check_model(str(folder / "given.onnx"), full_check=True)
    assert (folder / "drawn.onnx").read_bytes() == (folder / "given.onnx").read_bytes()
    session = onnxruntime.InferenceSession(str(folder / "given.onnx"), providers=["CPUExecutionProvider"])
    x = np.linspace(-1, 1, 28 * 28, dtype=np.float32).reshape(28, 28)
    (there,) = session.run(None, {session.get_inputs()[0].name: x[np.newaxis, np.newaxis]})
    mine = cnncalc.run("mnist_keras", input=x[..., np.newaxis], weights="w.npz")
    assert np.abs(there[0] - np.asarray(mine)).max() < 1e-6


# Sizes with their padding, 27 + 2*2; a group sees 48 of 96 maps and makes 128 of 256 filters. SCALE-Sim 3.0.0 reads
# 55x55 outputs and 105,415,200 MACs out of conv1, 149,520,384 out of conv3.
ALEXNET = """Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
conv1, 227, 227, 11, 11, 3, 96, 4,
conv2_1, 31, 31, 5, 5, 48, 128, 1,
conv2_2, 31, 31, 5, 5, 48, 128, 1,
conv3, 15, 15, 3, 3, 256, 384, 1,
conv4_1, 15, 15, 3, 3, 192, 192, 1,
conv4_2, 15, 15, 3, 3, 192, 192, 1,
conv5_1, 15, 15, 3, 3, 192, 128, 1,
conv5_2, 15, 15, 3, 3, 192, 128, 1,
fc6, 1, 1, 1, 1, 9216, 4096, 1,
fc7, 1, 1, 1, 1, 4096, 4096, 1,
fc8, 1, 1, 1, 1, 4096, 1000, 1,
"""


def test_a_topology_of_scale_sim(run: Run) -> None:
    result = run("export", "alexnet", "--to", "scale-sim")
    assert result.stdout == ALEXNET
    assert "note: left out, as they have no row: relu ×7, lrn ×2, maxpool ×3" in result.stderr


def test_problems_of_timeloop_have_the_macs_of_the_layers(run: Run) -> None:
    documents = yaml.safe_load_all(run("export", "resnet18", "--to", "timeloop").stdout)
    sizes = [prod(document["problem"]["instance"][axis] for axis in "CMRSPQN") for document in documents]
    assert sizes[0] == 3 * 64 * 7 * 7 * 112 * 112
    assert len(sizes) == 21  # 17 convolutions, 3 projections and fc
    assert sum(sizes) == 1_814_073_344  # torchvision's resnet18


def test_from_python() -> None:
    assert cnncalc.export("lenet5", to="pytorch").startswith("import torch\n")
    with pytest.raises(cnncalc.OverrideError, match="to is 'onnx'; one of pytorch, keras, scale-sim, timeloop"):
        cnncalc.export("lenet5", to="onnx")
