"""Bundled architectures at a small input, so that executing all of them takes seconds."""

from functools import cache
from pathlib import Path

import cnncalc

ARCHITECTURES = sorted(path.stem for path in (Path(__file__).parents[1] / "architectures").glob("*.yaml"))

ONE_OF_EACH = [
    "alexnet", "alexnet_keras_flowers", "alexnet_one_tower", "alexnet_torchvision", "alexnet_two_branches", "c3d",
    "convnext_tiny", "dcgan_generator", "densenet121", "efficientnet_b0", "googlenet", "lenet5", "m5", "mobilenet_v2",
    "mobilenet_v3_small", "resnet20_cifar10", "resnet50", "segnet", "shufflenet_v2_x0_5", "unet", "wavenet_dilated",
    "yolov2_voc",
]  # fmt: skip
"""Architectures that have every kind of layer, rank and layout of all of them: what is printed needs no more."""

SIZES = {1: ("L=2000", "L=4000", "L=8000"), 2: ("64", "97", "128", "188"), 3: ("64", "97", "128")}
"""What is tried in place of an architecture's own length, or height and width."""


@cache
def small_report(name: str) -> cnncalc.Report:
    """The report on a bundled architecture at a small input, made once."""
    report = cnncalc.analyze(name)
    rank = max(shape.rank for shape in report.network.inputs.values())
    for size in SIZES.get(rank, ()):
        try:
            return cnncalc.analyze(name, input=[size] if "=" in size else [f"H={size}", f"W={size}"])
        except cnncalc.SpecError:
            continue
    return report
