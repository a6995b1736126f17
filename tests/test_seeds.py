"""The main job on real input: the figures of the write-ups that the project comes from.

The letters are those of design/seeds.md: five documents that compute AlexNet by hand or in code. What they print is
copied here row by row.
"""

from collections.abc import Sequence

import pytest

import cnncalc

Row = tuple[str, tuple[int, ...], int | None]
"""A layer as a write-up prints it: path, shape, params."""


def shapes_and_keras_params(report: cnncalc.Report, rows: Sequence[Row]) -> list[Row]:
    """The same rows from the report: params with the moving statistics, as Keras prints them."""
    found: list[Row] = []
    for path, _, printed in rows:
        row = report[path]
        found.append((path, row.output_shape, None if printed is None else row.params + row.buffers))
    return found


@pytest.mark.parametrize(
    ("name", "params", "macs"),
    [
        ("alexnet", 60_965_224, 724_406_816),  # figures.md; neurons and groups of Krizhevsky et al. 2012
        ("resnet50", 25_557_032, 4_089_184_256),  # torchvision 0.28
        ("vgg16", 138_357_544, 15_470_264_320),  # torchvision 0.28
        ("lenet5", 60_000, 325_680),  # LeCun et al. 1998; connections less biases: 117600 + 150000 + 48000 + 10080
    ],
)
def test_totals_are_the_published_ones(name: str, params: int, macs: int) -> None:
    totals = cnncalc.analyze(name).totals
    assert (totals.params, totals.macs, totals.flops) == (params, macs, 2 * macs)


@pytest.mark.parametrize(
    ("name", "params", "buffers", "keras_total"),
    [
        ("alexnet_keras_flowers", 24_815_697, 19_136, 24_834_833),  # B: trainable, non-trainable, total
        ("alexnet_two_branches", 56_909_898, 704, 56_910_602),  # D: 704 of the total are not learned
        ("mnist_keras", 225_034, 0, 225_034),  # B
    ],
)
def test_params_and_buffers_are_keras_trainable_and_non_trainable(
    name: str, params: int, buffers: int, keras_total: int
) -> None:
    totals = cnncalc.analyze(name).totals
    assert (totals.params, totals.buffers, totals.params + totals.buffers) == (params, buffers, keras_total)


# A. A university assignment in numpy.

WORKED_EXAMPLE = "{layout: HWC, input: 4x4x1, layers: [{conv: 1, kernel: 2, activation: relu}]}"


def test_a_one_2x2_kernel_on_a_4x4_input_gives_3x3() -> None:
    report = cnncalc.analyze(text=WORKED_EXAMPLE)
    assert report["conv"].output_shape == (3, 3, 1)
    assert report["conv"].params == 5  # the four values of the kernel and a bias


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
    ("size", "rows", "total"),
    [
        pytest.param(
            "4x4x1",
            [("conv", (4, 4, 8), 80), ("maxpool", (2, 2, 8), 0), ("flatten", (32,), 0), ("fc", (10,), 330)],
            410,  # 8*(9 + 1) + 10*(32 + 1)
            id="4x4",
        ),
        pytest.param(
            "32x32x3",
            [("conv", (32, 32, 8), 224), ("maxpool", (16, 16, 8), 0), ("flatten", (2048,), 0), ("fc", (10,), 20_490)],
            20_714,  # 8*(27 + 1) + 10*(2048 + 1)
            id="32x32x3",
        ),
    ],
)
def test_a_small_network_is_row_by_row_the_assignments(size: str, rows: list[Row], total: int) -> None:
    report = cnncalc.analyze(text=SMALL_NETWORK.format(size=size))
    assert shapes_and_keras_params(report, rows) == rows
    assert report.totals.params == total


A_ALEXNET: list[Row] = [
    ("conv1", (55, 55, 96), 34_944),  # 96*(11*11*3 + 1)
    ("pool1", (27, 27, 96), 0),
    ("conv2", (27, 27, 256), 614_656),  # 256*(5*5*96 + 1)
    ("pool2", (13, 13, 256), 0),
    ("conv3", (13, 13, 384), 885_120),  # 384*(3*3*256 + 1)
    ("conv4", (13, 13, 384), 1_327_488),  # 384*(3*3*384 + 1)
    ("conv5", (13, 13, 256), 884_992),  # 256*(3*3*384 + 1)
    ("pool5", (6, 6, 256), 0),
    ("flatten", (9216,), 0),
    ("fc6", (4096,), 37_752_832),  # 4096*(9216 + 1)
    ("fc7", (4096,), 16_781_312),  # 4096*(4096 + 1)
    ("fc8", (10,), 40_970),  # 10*(4096 + 1)
]


def test_a_alexnet_is_row_by_row_the_assignments() -> None:
    report = cnncalc.analyze("alexnet_assignment")
    assert shapes_and_keras_params(report, A_ALEXNET) == A_ALEXNET
    assert report.network.inputs["input"].sizes("HWC") == (227, 227, 3)
    assert report.totals.params == 58_322_314


def test_a_kernels_without_depth_and_bias_would_be_the_assignments_mistake() -> None:
    # One 11x11 kernel for each filter, whatever the channels: what a single-channel input without bias gives.
    report = cnncalc.analyze(text="{input: 1x227x227, layers: [{conv: 96, kernel: 11, stride: 4, bias: false}]}")
    assert report["conv"].params == 11_616  # 96*11*11
    assert cnncalc.analyze("alexnet_assignment")["conv1"].params == 34_944


# B. A Keras notebook.

B_ALEXNET: list[Row] = [
    ("conv1", (54, 54, 96), 34_944),
    ("pool1", (26, 26, 96), 0),
    ("bn1", (26, 26, 96), 384),
    ("conv2", (26, 26, 256), 614_656),
    ("pool2", (12, 12, 256), 0),
    ("bn2", (12, 12, 256), 1_024),
    ("conv3", (10, 10, 384), 885_120),
    ("bn3", (10, 10, 384), 1_536),
    ("conv4", (8, 8, 384), 1_327_488),
    ("bn4", (8, 8, 384), 1_536),
    ("conv5", (6, 6, 256), 884_992),
    ("pool5", (2, 2, 256), 0),
    ("bn5", (2, 2, 256), 1_024),
    ("flatten", (1024,), 0),
    ("dense1", (4096,), 4_198_400),
    ("dropout1", (4096,), 0),
    ("bn6", (4096,), 16_384),
    ("dense2", (4096,), 16_781_312),
    ("dropout2", (4096,), 0),
    ("bn7", (4096,), 16_384),
    ("dense3", (17,), 69_649),
]

B_MNIST: list[Row] = [
    ("conv1", (26, 26, 32), 320),
    ("pool1", (13, 13, 32), 0),
    ("conv2", (11, 11, 64), 18_496),
    ("pool2", (5, 5, 64), 0),
    ("flatten", (1600,), 0),
    ("dense1", (128,), 204_928),
    ("dropout", (128,), 0),
    ("dense2", (10,), 1_290),
]


@pytest.mark.parametrize(
    ("name", "rows", "total"),
    [("alexnet_keras_flowers", B_ALEXNET, 24_834_833), ("mnist_keras", B_MNIST, 225_034)],
)
def test_b_network_is_row_by_row_what_keras_prints(name: str, rows: list[Row], total: int) -> None:
    report = cnncalc.analyze(name)
    assert shapes_and_keras_params(report, rows) == rows
    assert [row.path for row in report.rows()] == [path for path, _, _ in rows]
    assert sum(printed or 0 for _, _, printed in rows) == total


def test_b_half_of_a_keras_bn_row_is_learned() -> None:
    row = cnncalc.analyze("alexnet_keras_flowers")["bn1"]
    assert (row.params, row.buffers) == (192, 192)  # Keras prints 384 = 4*96


# C. A layer-by-layer tutorial, with one tower and with the two parts on two GPUs.

C_ALEXNET: list[Row] = [
    ("conv1", (55, 55, 96), None),
    ("pool1", (27, 27, 96), None),
    ("conv2", (27, 27, 256), None),
    ("pool2", (13, 13, 256), None),
    ("conv3", (13, 13, 384), None),
    ("conv4", (13, 13, 384), None),
    ("conv5", (13, 13, 256), None),
    ("pool5", (6, 6, 256), None),
    ("flatten", (9216,), None),
    ("fc6", (4096,), None),
    ("fc7", (4096,), None),
    ("fc8", (1000,), None),
]


@pytest.mark.parametrize(
    ("name", "params"),
    # 60 million in the text: the two parts. One tower has 307,200 + 663,552 + 442,368 more in conv2, conv4 and conv5.
    [("alexnet_two_tower", 60_965_224), ("alexnet_one_tower", 62_378_344)],
)
def test_c_alexnet_has_the_tutorials_feature_maps(name: str, params: int) -> None:
    report = cnncalc.analyze(name)
    assert shapes_and_keras_params(report, C_ALEXNET) == C_ALEXNET
    assert report.network.inputs["input"].sizes("HWC") == (224, 224, 3)
    assert report.totals.params == params


@pytest.mark.parametrize(
    ("stride", "size"),
    [
        pytest.param(2, 13, id="the 13 that it claims"),
        pytest.param(3, 9, id="the stride that it puts in"),
    ],
)
def test_c_second_pooling_is_13_with_stride_2_and_9_with_stride_3(stride: int, size: int) -> None:
    text = f"{{layout: HWC, input: 27x27x256, layers: [{{maxpool: 3, stride: {stride}}}]}}"
    assert cnncalc.analyze(text=text)["maxpool"].output_shape == (size, size, 256)


# D. A TensorFlow functional notebook with two explicit towers.

D_TOWER: list[Row] = [
    ("lower_towers/{tower}/lower/conv1", (56, 56, 48), 17_472),
    ("lower_towers/{tower}/lower/bn1", (56, 56, 48), 192),
    ("lower_towers/{tower}/lower/relu1", (56, 56, 48), 0),
    ("lower_towers/{tower}/lower/maxpool1", (27, 27, 48), 0),
    ("lower_towers/{tower}/lower/conv2", (27, 27, 128), 153_728),
    ("lower_towers/{tower}/lower/bn2", (27, 27, 128), 512),
    ("lower_towers/{tower}/lower/relu2", (27, 27, 128), 0),
    ("lower_towers/{tower}/lower/maxpool2", (13, 13, 128), 0),
    ("upper_towers/{tower}/upper/conv1", (13, 13, 192), 442_560),
    ("upper_towers/{tower}/upper/conv2", (13, 13, 192), 331_968),
    ("upper_towers/{tower}/upper/conv3", (13, 13, 128), 221_312),
    ("upper_towers/{tower}/upper/maxpool", (6, 6, 128), 0),
]

D_SHARED: list[Row] = [
    ("lower_towers", (13, 13, 256), None),
    ("upper_towers", (6, 6, 256), None),
    ("flatten", (9216,), 0),
    ("dense1", (4096,), 37_752_832),
    ("dense2", (4096,), 16_781_312),
    ("dense3", (10,), 40_970),
]


@pytest.mark.parametrize("tower", [1, 2])
def test_d_tower_is_row_by_row_the_notebooks(tower: int) -> None:
    rows: list[Row] = [(path.format(tower=tower), shape, params) for path, shape, params in D_TOWER]
    assert shapes_and_keras_params(cnncalc.analyze("alexnet_two_branches"), rows) == rows


def test_d_layers_behind_the_towers_are_the_notebooks() -> None:
    report = cnncalc.analyze("alexnet_two_branches")
    assert shapes_and_keras_params(report, D_SHARED) == D_SHARED
    printed = 2 * sum(params or 0 for _, _, params in D_TOWER) + sum(params or 0 for _, _, params in D_SHARED)
    assert printed == 56_910_602


def test_d_towers_exchange_their_maps_before_conv3_and_before_the_dense_layers() -> None:
    layers = {layer.path: layer for layer in cnncalc.analyze("alexnet_two_branches").layers}
    assert layers["lower_towers/1/lower/conv1"].node.inputs == ("input",)
    assert layers["lower_towers/2/lower/conv1"].node.inputs == ("input",)
    assert layers["upper_towers/1/upper/conv1"].node.inputs == ("lower_towers/concat",)
    assert layers["upper_towers/2/upper/conv1"].node.inputs == ("lower_towers/concat",)
    assert layers["flatten"].node.inputs == ("upper_towers/concat",)


@pytest.mark.parametrize(
    ("size", "padding", "out"),
    [
        pytest.param(227, "valid", 55, id="what the notebook's text computes"),
        pytest.param(224, "same", 56, id="what its code does"),
    ],
)
def test_d_first_convolution_is_55_by_the_text_and_56_by_the_code(size: int, padding: str, out: int) -> None:
    line = f"{{conv: 48, kernel: 11, stride: 4, padding: {padding}}}"
    report = cnncalc.analyze(text=f"{{layout: HWC, input: {size}x{size}x3, layers: [{line}]}}")
    assert report["conv"].output_shape == (out, out, 48)


# E. A numpy notebook with damaged digits: what it means.

E_ALEXNET: list[Row] = [
    ("conv1", (32, 32, 32), 896),  # 32*(27 + 1)
    ("pool1", (32, 16, 16), 0),
    ("conv2", (64, 16, 16), 18_496),  # 64*(288 + 1)
    ("pool2", (64, 8, 8), 0),
    ("conv3", (128, 8, 8), 73_856),  # 128*(576 + 1)
    ("pool3", (128, 4, 4), 0),
    ("flatten", (2048,), 0),
    ("fc1", (512,), 1_049_088),  # 512*(2048 + 1)
    ("fc2", (10,), 5_130),  # 10*(512 + 1)
]


def test_e_alexnet_is_row_by_row_what_the_notebook_means() -> None:
    report = cnncalc.analyze("alexnet_cifar")
    assert shapes_and_keras_params(report, E_ALEXNET) == E_ALEXNET
    assert report.network.inputs["input"].sizes() == (3, 32, 32)
    assert report.totals.params == 1_147_466


# The paper itself, as alexnet.yaml.

PAPER: list[Row] = [
    ("conv1", (96, 55, 55), 34_944),  # 96*(11*11*3 + 1)
    ("conv2", (256, 27, 27), 307_456),  # 256*(5*5*48 + 1)
    ("conv3", (384, 13, 13), 885_120),  # 384*(3*3*256 + 1)
    ("conv4", (384, 13, 13), 663_936),  # 384*(3*3*192 + 1)
    ("conv5", (256, 13, 13), 442_624),  # 256*(3*3*192 + 1)
    ("pool5", (256, 6, 6), 0),
    ("fc6", (4096,), 37_752_832),
    ("fc7", (4096,), 16_781_312),
    ("fc8", (1000,), 4_097_000),
]


def test_the_papers_alexnet_is_row_by_row_what_its_text_describes() -> None:
    report = cnncalc.analyze("alexnet")
    assert shapes_and_keras_params(report, PAPER) == PAPER
    assert sum(params or 0 for _, _, params in PAPER) == 60_965_224


@pytest.mark.parametrize(
    ("size", "padding", "out"),
    [
        pytest.param(227, "0", 55, id="227 fits"),
        pytest.param(224, "[[1, 2], [1, 2]]", 55, id="224 with padding 1 before and 2 after fits"),
        pytest.param(224, "0", 54, id="224 as printed does not give 55"),
    ],
)
def test_55_follows_from_227_or_from_a_padded_224(size: int, padding: str, out: int) -> None:
    text = f"{{input: 3x{size}x{size}, layers: [{{conv: 96, kernel: 11, stride: 4, padding: {padding}}}]}}"
    assert cnncalc.analyze(text=text)["conv"].output_shape == (96, out, out)


LENET: list[Row] = [
    ("C1", (6, 28, 28), 156),
    ("S2", (6, 14, 14), 12),
    ("C3", (16, 10, 10), 1_516),
    ("S4", (16, 5, 5), 32),
    ("C5", (120, 1, 1), 48_120),
    ("F6", (84,), 10_164),
]


def test_lenet_5_is_row_by_row_the_papers() -> None:
    report = cnncalc.analyze("lenet5")
    assert shapes_and_keras_params(report, LENET) == LENET
    assert sum(params or 0 for _, _, params in LENET) == 60_000
