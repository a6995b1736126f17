"""The main job on real input: the figures of the write-ups that the project comes from."""

import pytest

import cnncalc


@pytest.mark.parametrize(
    ("name", "params", "macs"),
    [
        ("alexnet", 60_965_224, 724_406_816),  # figures.md; neurons and groups of Krizhevsky et al. 2012
        ("resnet50", 25_557_032, 4_089_184_256),  # torchvision 0.28
        ("vgg16", 138_357_544, 15_470_264_320),  # torchvision 0.28
    ],
)
def test_totals_are_the_published_ones(name: str, params: int, macs: int) -> None:
    totals = cnncalc.analyze(name).totals
    assert (totals.params, totals.macs) == (params, macs)
