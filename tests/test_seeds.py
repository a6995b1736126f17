"""The main job on real input: the figures of the write-ups that the project comes from.

Letters stand for five documents that compute AlexNet by hand or in code. What they print is
copied row by row into seeds.csv; `paper` is Krizhevsky et al. 2012.
"""

import csv
from pathlib import Path

import pytest
from bundled import report_of
from every import for_every

import cnncalc

with Path(__file__).with_name("seeds.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@for_every(ROWS, lambda row: f"{row['write_up']}: {row['spec']}, {row['path']}")
def test_a_row_is_that_of_the_write_up(row: dict[str, str]) -> None:
    found = report_of(row["spec"])[row["path"]]
    assert "x".join(map(str, found.output_shape)) == row["out"]
    # The params of Keras have the moving statistics in them.
    assert not row["params"] or found.params + found.buffers == int(row["params"])
    assert not row["arithmetic"] or eval(row["arithmetic"]) == int(row["params"])


@pytest.mark.parametrize(
    ("name", "size", "params", "buffers"),
    [
        ("alexnet", (3, 227, 227), 60_965_224, 0),
        ("alexnet_assignment", (227, 227, 3), 58_322_314, 0),  # A
        ("alexnet_keras_flowers", (224, 224, 3), 24_815_697, 19_136),  # B: trainable and non-trainable
        ("mnist_keras", (28, 28, 1), 225_034, 0),  # B
        # C: 60 million in the text, for the two parts. One tower has 307,200 + 663,552 + 442,368 more in three convs.
        ("alexnet_two_tower", (224, 224, 3), 60_965_224, 0),
        ("alexnet_one_tower", (224, 224, 3), 62_378_344, 0),
        ("alexnet_two_branches", (224, 224, 3), 56_909_898, 704),  # D: 704 of 56,910,602 are not learned
        ("alexnet_cifar", (3, 32, 32), 1_147_466, 0),  # E
    ],
)
def test_the_rows_of_a_write_up_are_the_whole_network(
    name: str, size: tuple[int, ...], params: int, buffers: int
) -> None:
    report = report_of(name)
    assert report.network.inputs["input"].sizes(report.network.layout) == size
    assert (report.totals.params, report.totals.buffers) == (params, buffers)
    printed = [int(row["params"]) for row in ROWS if row["spec"] == name and row["params"]]
    assert not printed or sum(printed) == params + buffers


@pytest.mark.parametrize(
    ("name", "macs"),
    [
        ("alexnet", 724_406_816),  # neurons and groups of Krizhevsky et al. 2012
        ("resnet50", 4_089_184_256),  # torchvision 0.28
        ("vgg16", 15_470_264_320),  # torchvision 0.28
        ("lenet5", 325_680),  # LeCun et al. 1998; connections less biases: 117600 + 150000 + 48000 + 10080
    ],
)
def test_macs_are_the_published_ones(name: str, macs: int) -> None:
    totals = report_of(name).totals
    assert (totals.macs, totals.flops) == (macs, 2 * macs)


def test_keras_prints_each_row() -> None:
    for name in ("alexnet_keras_flowers", "mnist_keras"):
        assert [row.path for row in report_of(name).rows()] == [row["path"] for row in ROWS if row["spec"] == name]


def test_half_of_a_keras_bn_row_is_learned() -> None:
    row = report_of("alexnet_keras_flowers")["bn1"]
    assert (row.params, row.buffers) == (192, 192)  # Keras prints 384 = 4*96


def shape_of(line: str, size: str) -> tuple[int, ...]:
    """What comes out of one layer, channels last."""
    (layer,) = cnncalc.analyze(text=f"{{layout: HWC, input: {size}, layers: [{line}]}}").layers
    return layer.output_shape


@pytest.mark.parametrize(
    ("line", "size", "shape"),
    [
        pytest.param("{conv: 1, kernel: 2}", "4x4x1", (3, 3, 1), id="A: a 2x2 kernel on a 4x4 input"),
        pytest.param("{maxpool: 3, stride: 2}", "27x27x256", (13, 13, 256), id="C: the 13 that it claims"),
        pytest.param("{maxpool: 3, stride: 3}", "27x27x256", (9, 9, 256), id="C: the stride that it puts in"),
        pytest.param("{conv: 48, kernel: 11, stride: 4}", "227x227x3", (55, 55, 48), id="D: what its text computes"),
        pytest.param("{conv: 48, kernel: 11, stride: 4, padding: same}", "224x224x3", (56, 56, 48), id="D: its code"),
        pytest.param("{conv: 96, kernel: 11, stride: 4}", "224x224x3", (54, 54, 96), id="224 as printed gives no 55"),
        pytest.param(
            "{conv: 96, kernel: 11, stride: 4, padding: [[1, 2], [1, 2]]}", "224x224x3", (55, 55, 96),
            id="224 with padding 1 before and 2 after gives 55",
        ),
    ],
)  # fmt: skip
def test_sizes_that_a_write_up_argues_about(line: str, size: str, shape: tuple[int, ...]) -> None:
    assert shape_of(line, size) == shape


SMALL_NETWORK = """
layout: HWC
input: {size}
defaults: {{conv: {{activation: relu}}}}
layers:
- {{conv: 8, kernel: 3, padding: 1}}
- {{maxpool: 2}}
- flatten
- {{fc: 10}}
"""


@pytest.mark.parametrize(
    ("size", "shapes", "params"),
    [
        ("4x4x1", [(4, 4, 8), (2, 2, 8), (32,), (10,)], (80, 330)),  # 8*(9 + 1), 10*(32 + 1)
        ("32x32x3", [(32, 32, 8), (16, 16, 8), (2048,), (10,)], (224, 20_490)),  # 8*(27 + 1), 10*(2048 + 1)
    ],
)
def test_a_small_network_is_row_by_row_the_assignments(
    size: str, shapes: list[tuple[int, ...]], params: tuple[int, int]
) -> None:
    report = cnncalc.analyze(text=SMALL_NETWORK.format(size=size))
    assert [row.output_shape for row in report.rows()] == shapes
    assert (report["conv"].params, report["fc"].params) == params
    assert report.totals.params == sum(params)


def test_kernels_without_depth_and_bias_would_be_the_assignments_mistake() -> None:
    # One 11x11 kernel for each filter, whatever the channels: what a single-channel input without bias gives.
    report = cnncalc.analyze(text="{input: 1x227x227, layers: [{conv: 96, kernel: 11, stride: 4, bias: false}]}")
    assert report["conv"].params == 11_616  # 96*11*11


def test_towers_exchange_their_maps_before_conv3_and_before_the_dense_layers() -> None:
    inputs = {layer.path: layer.node.inputs for layer in report_of("alexnet_two_branches")}
    assert [inputs[f"lower_towers/{tower}/lower/conv1"] for tower in (1, 2)] == [("input",)] * 2
    assert [inputs[f"upper_towers/{tower}/upper/conv1"] for tower in (1, 2)] == [("lower_towers/concat",)] * 2
    assert inputs["flatten"] == ("upper_towers/concat",)
