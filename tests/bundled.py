"""The bundled architectures and the corners of the language, each read and analysed once for all that only look at it.

Each architecture at a small input, too, so that executing it takes moments.
"""

from functools import cache
from pathlib import Path

import pytest

import cnncalc

FOLDER = Path(__file__).parents[1] / "architectures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))

CORNERS = sorted((Path(__file__).parent / "language" / "good").glob("*.yaml"))

ONE_OF_EACH = [
    "alexnet", "alexnet_keras_flowers", "alexnet_torchvision", "alexnet_two_branches", "c3d", "convnext_tiny",
    "dcgan_generator", "efficientnet_b0", "googlenet", "lenet5", "m5", "mobilenet_v2", "mobilenet_v3_small", "resnet18",
    "resnet20_cifar10", "segnet", "shufflenet_v2_x0_5", "swin_v2_t", "unet", "vit_b_32", "wavenet_dilated",
    "yolov2_voc",
]  # fmt: skip
"""Light architectures that have every kind of layer, rank and layout of all of them."""

every_architecture = pytest.mark.parametrize(
    "name", [name if name in ONE_OF_EACH else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]
)
"""Makes a test of each architecture; only those of ONE_OF_EACH are in the default run."""


@cache
def text_of(name: str) -> str:
    """The spec as it is written."""
    return (FOLDER / f"{name}.yaml").read_text("utf-8")


@cache
def report_of(name: str, inputs: str = "", variables: str = "") -> cnncalc.Report:
    """The report on an architecture, with other inputs and variables as `H=63 W=63` and `width=0.5`."""
    return cnncalc.analyze(name, input=inputs.split(), set=dict(value.split("=") for value in variables.split()))


SIZES = {1: ("L=2000", "L=4000", "L=8000"), 2: ("64", "97", "128", "188"), 3: ("64", "97", "128")}
"""What is tried in place of an architecture's own length, or height and width."""


@cache
def small_report(name: str) -> cnncalc.Report:
    """The report on an architecture at a small input."""
    report = report_of(name)
    rank = max(shape.rank for shape in report.network.inputs.values())
    for size in SIZES.get(rank, ()):
        try:
            return report_of(name, size if "=" in size else f"H={size} W={size}")
        except cnncalc.SpecError:
            continue
    return report
