"""Corners of the language: every layer of a valid spec with its path and its shape, in the order of execution.

A file dropped into `good/` needs its line here.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import cnncalc
from cnncalc.layers.activation import Dropout, LeakyRelu
from cnncalc.layers.convolution import Conv
from cnncalc.layers.normalization import BatchNorm

GOOD = Path(__file__).parent / "good"

# The output of each layer in the order of the spec's layout.
EXPECTED: dict[str, dict[str, str]] = {
    "long_form": {
        "conv1": "4x14x14",
        "conv2": "4x12x12",
        "conv3": "4x10x10",
        "conv4": "4x8x8",
        "double1/conv1": "5x4x4",
        "double1/conv2": "10x4x4",
        "double2/conv1": "6x4x4",
        "double2/conv2": "12x4x4",
        "residual/conv": "12x4x4",
        "residual/add": "12x4x4",
        "branches/2/relu": "12x4x4",
        "branches/add": "12x4x4",
        "sequence/tanh": "12x4x4",
        "add": "12x4x4",
        "dropout": "12x4x4",
        "relu": "12x4x4",
    },
    "json": {
        "first/conv": "4x8x8",
        "first/relu": "4x8x8",
        "conv": "6x8x9",
        "flatten": "432",
        "dropout": "432",
        "fc.1": "10",
        "fc.2": "10",
    },
    "aliases": {
        "conv1": "8x30x30",
        "conv2": "8x28x28",
        "maxpool1": "8x14x14",
        "maxpool2": "8x7x7",
        "maxpool3": "8x6x6",
        "avgpool1": "8x5x5",
        "avgpool2": "8x4x4",
        "avgpool3": "8x3x3",
        "bn1": "8x3x3",
        "bn2": "8x3x3",
        "deconv1": "4x6x6",
        "deconv2": "4x12x12",
        "global_avgpool": "4x1x1",
        "flatten": "4",
        "fc1": "7",
        "fc2": "5",
    },
    "aliases_1d": {
        "conv1": "3x18",
        "conv2": "3x14",
    },
    "aliases_3d": {
        "conv": "3x4x4x4",
    },
    "one_dimension": {
        "conv1": "4x48",
        "conv2": "4x48",
        "maxpool": "4x24",
        "conv3": "4x23",
        "adaptive_avgpool": "4x6",
        "flatten": "24",
        "fc": "3",
    },
    "one_dimension_in_list_form": {
        "relu": "4x1000",
    },
    "three_dimensions": {
        "conv1": "8x16x32x64",
        "maxpool": "8x16x16x32",
        "conv2": "8x8x14x28",
        "global_maxpool": "8x1x1x1",
        "flatten": "8",
    },
    "a_vector": {
        "fc": "100",
        "fc/relu": "100",
        "residual/fc": "100",
        "residual/add": "100",
        "concat": "884",
        "reshape": "4x13x17",
    },
    "a_vector_by_name": {
        "bn": "10",
        "fc": "4",
        "fc/layernorm": "4",
    },
    "channels_last": {
        "conv1": "7x8x6",
        "conv2": "7x8x6",
        "reshape": "4x14x6",
        "conv3": "4x14x2",
        "flatten": "112",
    },
    "channels_last_in_one_dimension": {
        "conv": "40x5",
    },
    "named_axes_do_not_depend_on_the_layout": {
        "maxpool": "3x4x3",
    },
    "defaults": {
        "conv1": "4x16x16",
        "conv1/bn": "4x16x16",
        "conv1/leaky_relu": "4x16x16",
        "conv2": "4x12x12",
        "conv2/leaky_relu": "4x12x12",
        "maxpool1": "4x10x10",
        "maxpool2": "4x3x3",
        "b/conv": "4x3x3",
        "b/conv/bn": "4x3x3",
        "b/conv/leaky_relu": "4x3x3",
        "residual1/conv": "8x2x2",
        "residual1/conv/bn": "8x2x2",
        "residual1/shortcut": "8x2x2",
        "residual1/shortcut/bn": "8x2x2",
        "residual1/add": "8x2x2",
        "residual1/relu": "8x2x2",
        "residual2/conv": "8x2x2",
        "residual2/conv/bn": "8x2x2",
        "residual2/conv/leaky_relu": "8x2x2",
        "residual2/add": "8x2x2",
    },
    "variables": {
        "conv1": "8x16x32",
        "conv2.1": "12x16x32",
        "conv2.2": "18x16x32",
        "conv3": "8x16x32",
        "maxpool": "8x4x8",
        "flatten": "256",
        "fc1": "120",
        "fc2": "10",
        "fc3": "3",
        "dropout": "3",
    },
    "repeats": {
        "stage1.1": "8x16x16",
        "stage1.2": "8x16x16",
        "stage1.3": "8x16x16",
        "stage2.1/conv": "8x8x8",
        "stage2.2/conv": "8x8x8",
        "down2.1/conv": "16x8x8",
        "down2.2/conv": "32x8x8",
        "relu.1": "32x8x8",
        "back.1": "8x8x8",
        "back.2": "8x4x4",
        "sequence.1/conv": "9x4x4",
        "sequence.1/relu": "9x4x4",
        "sequence.2/conv": "10x4x4",
        "sequence.2/relu": "10x4x4",
        "concat.1": "18x4x4",
        "conv2.1": "2x2x2",
        "conv2.2": "2x2x2",
    },
    "blocks": {
        "plain1/relu": "8x8x8",
        "plain2/relu": "8x8x8",
        "one1/conv": "4x8x8",
        "one2/conv": "2x8x8",
        "many1/conv1": "3x8x8",
        "many1/conv2": "6x8x8",
        "many1/conv3": "8x8x8",
        "many2/conv1": "3x8x8",
        "many2/conv2": "4x8x8",
        "many2/conv3": "12x8x8",
        "many3/conv1": "3x8x8",
        "many3/conv2": "6x8x8",
        "many3/conv3": "7x8x8",
        "many4/conv1": "1x8x8",
        "many4/conv2": "2x8x8",
        "many4/conv3": "3x8x8",
        "outer/inner1/conv": "10x8x8",
        "outer/inner2/conv": "5x8x8",
        "quoted/conv": "6x6x6",
    },
    "blocks_with_words": {
        "b1/conv": "4x16x16",
        "b1/conv/relu": "4x16x16",
        "b1/bn": "4x16x16",
        "b2/conv": "4x16x16",
        "b2/conv/bn": "4x16x16",
        "b2/conv/tanh": "4x16x16",
        "b2/bn": "4x16x16",
        "b3/conv": "4x16x16",
        "b3/conv/relu": "4x16x16",
        "b3/bn": "4x16x16",
        "b4/conv": "4x16x16",
        "b4/bn": "4x16x16",
        "merge_by/residual/relu": "4x16x16",
        "merge_by/residual/concat": "8x16x16",
        "through/b/conv": "4x16x16",
        "through/b/conv/relu": "4x16x16",
        "through/b/bn": "4x16x16",
    },
    "blocks_with_layers": {
        "a": "10x8x8",
        "one/conv": "3x8x8",
        "one/concat": "13x8x8",
        "two/conv": "3x8x8",
        "two/concat": "16x8x8",
        "three/conv": "3x8x8",
        "three/concat": "5x8x8",
        "four/a": "4x8x8",
        "four/concat": "14x8x8",
        "five/conv": "5x8x8",
        "five/join/conv": "3x8x8",
        "five/join/concat": "13x8x8",
        "six/conv": "5x8x8",
        "six/join/conv": "3x8x8",
        "six/join/concat": "16x8x8",
        "seven/conv": "7x8x8",
        "seven/concat": "23x8x8",
        "eight/branches/1/conv": "1x8x8",
        "eight/branches/2/concat": "20x8x8",
        "eight/branches/concat": "21x8x8",
        "nine/conv": "3x8x8",
        "nine/concat": "13x8x8",
    },
    "references": {
        "low": "3x8x8",
        "high": "4x8x8",
        "conv3": "5x8x8",
        "concat": "14x8x8",
        "relu1": "14x8x8",
        "3a": "1x8x8",
        "up-1_x": "1x8x8",
        "mul": "1x8x8",
        "add": "2x8x8",
    },
    "residuals": {
        "residual1/conv": "4x8x8",
        "residual1/add": "4x8x8",
        "residual2/conv": "4x8x8",
        "residual2/add": "4x8x8",
        "residual2/relu": "4x8x8",
        "residual3/conv": "6x4x4",
        "residual3/shortcut": "6x4x4",
        "residual3/add": "6x4x4",
        "residual4/conv": "6x4x4",
        "residual4/add": "6x4x4",
        "residual5/conv": "6x4x4",
        "residual5/add": "6x4x4",
        "residual6/conv": "7x4x4",
        "residual6/relu": "7x4x4",
        "residual7/conv": "7x4x4",
        "residual7/add": "7x4x4",
        "residual8/conv": "5x2x2",
        "residual8/shortcut/avgpool": "7x2x2",
        "residual8/shortcut/conv": "5x2x2",
        "residual8/add": "5x2x2",
        "residual9/conv": "3x2x2",
        "residual9/concat": "8x2x2",
        "residual10/conv": "1x2x2",
        "residual10/mul": "8x2x2",
        "residual11/concat": "16x2x2",
    },
    "residuals_that_project_with_norm": {
        "residual/conv1": "6x9x4",
        "residual/conv1/bn": "6x9x4",
        "residual/conv1/relu": "6x9x4",
        "residual/conv2": "6x5x4",
        "residual/conv2/bn": "6x5x4",
        "residual/shortcut": "6x5x4",
        "residual/shortcut/bn": "6x5x4",
        "residual/add": "6x5x4",
        "residual/relu": "6x5x4",
    },
    "branches": {
        "branches1/1/conv": "1x8x8",
        "branches1/2/conv1": "8x8x8",
        "branches1/2/conv2": "2x8x8",
        "branches1/concat": "7x8x8",
        "branches2/2/conv": "7x8x8",
        "branches2/add": "7x8x8",
        "branches3/2/global_avgpool": "7x1x1",
        "branches3/2/conv": "7x1x1",
        "branches3/2/conv/sigmoid": "7x1x1",
        "branches3/mul": "7x8x8",
        "branches4/3/relu": "7x8x8",
        "branches4/concat": "21x8x8",
        "branches4/tanh": "21x8x8",
        "branches5/1/branches/concat": "42x8x8",
        "branches5/concat": "63x8x8",
        "branches6/1/relu": "63x8x8",
        "branches6/concat": "63x8x8",
    },
    "sequences": {
        "sequence1/relu": "4x8x8",
        "sequence1/conv": "5x8x8",
        "stage/conv": "6x8x8",
        "stage/sequence/tanh": "6x8x8",
        "relu": "6x8x8",
    },
    "several_inputs": {
        "a": "5x8x8",
        "b": "5x8x8",
        "both": "5x8x8",
        "both/relu": "5x8x8",
        "concat": "9x8x8",
        "last": "4x8x8",
    },
    "one_input_with_a_name": {
        "relu": "3x8x8",
        "concat1": "6x8x8",
        "concat2": "9x8x8",
    },
    "one_output_without_a_list": {
        "middle": "3x4x4",
        "maxpool2": "3x2x2",
    },
    "automatic_names": {
        "conv1": "4x32x32",
        "second": "4x32x32",
        "conv3": "4x32x32",
        "relu": "4x32x32",
        "tanh": "4x32x32",
        "tanh1": "4x32x32",
        "b1/relu1": "4x32x32",
        "b1/relu2": "4x32x32",
        "b1/tanh": "4x32x32",
        "b2/relu1": "4x32x32",
        "b2/relu2": "4x32x32",
        "b2/tanh": "4x32x32",
        "residual/relu": "4x32x32",
        "residual/b/relu1": "4x32x32",
        "residual/b/relu2": "4x32x32",
        "residual/b/tanh": "4x32x32",
        "residual/add": "4x32x32",
        "branches/1/relu": "4x32x32",
        "branches/2/relu1": "4x32x32",
        "branches/2/relu2": "4x32x32",
        "branches/concat": "8x32x32",
        "relu2": "8x32x32",
    },
    "automatic_names_and_followers": {
        "conv1": "4x8x8",
        "conv1/bn": "4x8x8",
        "conv1/relu": "4x8x8",
        "last.1": "4x8x8",
        "last.1/prelu": "4x8x8",
        "last.2": "4x8x8",
        "last.2/prelu": "4x8x8",
        "add": "4x8x8",
        "add/relu6": "4x8x8",
    },
    "comments_and_notes": {
        "relu": "3x8x8",
    },
    "words_that_yaml_resolves": {
        "no": "3x8x8",
        "off": "3x8x8",
        "1e3": "3x8x8",
        "add": "3x8x8",
    },
    "claims": {
        "c": "2x6x6",
        "r.1": "2x6x6",
        "r.2": "2x6x6",
    },
    "connections": {
        "conv1": "2x6x6",
        "conv2": "2x6x6",
    },
    "slices_and_shuffles": {
        "all": "8x4x4",
        "slice1": "4x4x4",
        "slice2": "2x4x4",
        "slice3": "1x4x4",
        "zeropad": "1x7x7",
        "crop": "1x2x4",
        "upsample": "1x2x8",
    },
}

# The outputs that are not simply the last line.
OUTPUTS: dict[str, dict[str, tuple[int, ...]]] = {
    "json": {"first": (4, 8, 8)},
    "several_inputs": {"both": (5, 8, 8), "last": (4, 8, 8), "left": (3, 8, 8)},
    "one_output_without_a_list": {"middle": (3, 4, 4)},
}


def analyzed(name: str) -> cnncalc.Report:
    """The report on one of the files."""
    return cnncalc.analyze(GOOD / f"{name}.yaml")


def test_every_file_has_its_expectation() -> None:
    assert sorted(EXPECTED) == sorted(file.stem for file in GOOD.glob("*.yaml"))


@pytest.mark.parametrize("name", EXPECTED)
def test_each_layer_has_its_path_and_shape(name: str) -> None:
    report = analyzed(name)
    found = [(layer.path, "x".join(map(str, layer.output_shape))) for layer in report.layers]
    assert found == list(EXPECTED[name].items())


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs_have_their_names(name: str) -> None:
    assert analyzed(name).output_shapes == OUTPUTS[name]


def layer_of(report: cnncalc.Report, path: str) -> object:
    """The settings of the layer with this path."""
    (found,) = (layer.layer for layer in report.layers if layer.path == path)
    return found


@pytest.mark.parametrize("path", ["conv2", "conv3", "conv4"])
def test_the_long_form_makes_the_same_layer(path: str) -> None:
    report = analyzed("long_form")
    conv = Conv(
        filters=4,
        kernel=(3, 3),
        stride=(1, 1),
        padding=((0, 0), (0, 0)),
        dilation=(1, 1),
        groups=1,
        bias=True,
        connections=None,
    )
    assert layer_of(report, "conv1") == conv
    assert layer_of(report, path) == conv


def test_aliases_set_the_canonical_parameters() -> None:
    conv = layer_of(analyzed("aliases"), "conv1")
    assert isinstance(conv, Conv)
    assert (conv.filters, conv.kernel, conv.stride, conv.dilation, conv.groups, conv.bias) == (
        8,
        (3, 3),
        (1, 1),
        (1, 1),
        1,
        False,
    )


def test_defaults_reach_the_layers_behind_norm_and_activation() -> None:
    report = analyzed("defaults")
    assert layer_of(report, "conv1/leaky_relu") == LeakyRelu(slope=0.2)
    assert layer_of(report, "residual1/shortcut/bn") == BatchNorm(affine=True, eps=0.001)
    assert report["residual1"].params == 288 + 16 + 32 + 16  # 3*3*4*8, bn of 8, 1*1*4*8, bn of 8; no bias


def test_a_real_number_is_that_of_the_decimal() -> None:
    assert layer_of(analyzed("variables"), "dropout") == Dropout(rate=0.25)
    assert layer_of(analyzed("blocks_with_words"), "b1/bn") == BatchNorm(affine=True, eps=0.001)


def test_a_block_can_leave_out_the_bias_by_a_word() -> None:
    report = analyzed("blocks_with_words")
    assert [report[path].params for path in ("b1/conv", "b2/conv")] == [112, 152]  # 3*3*3*4 + 4; 3*3*4*4 + bn of 4


def test_set_replaces_a_variable_and_what_depends_on_it() -> None:
    report = cnncalc.analyze(GOOD / "variables.yaml", set={"width": 0.5, "classes": 2, "depth": 1})
    found = [(layer.path, layer.output_shape) for layer in report.layers]
    assert found == [
        ("conv1", (16, 16, 32)),
        ("conv2.1", (24, 16, 32)),
        ("conv3", (16, 16, 32)),  # round_to(16.5, 8)
        ("maxpool", (16, 4, 8)),
        ("flatten", (512,)),
        ("fc1", (24,)),
        ("fc2", (2,)),  # 24 // 20 is 1
        ("fc3", (5,)),  # 4 % 7 + 1
        ("dropout", (5,)),
    ]


def test_the_name_of_a_repeated_layer_is_the_last_copy() -> None:
    network = analyzed("repeats").network
    inputs = {node.path: node.inputs for node in network.nodes}
    assert inputs["back.1"] == ("stage1.3",)
    assert inputs["back.2"] == ("back.1",)
    assert inputs["concat.1"] == ("stage2.2/conv", "sequence.2/relu")


def test_free_text_keeps_its_words() -> None:
    network = analyzed("words_that_yaml_resolves").network
    assert (network.name, network.source, network.notes) == ("010", "1:30", "yes")
    assert list(network.inputs) == ["on", "null", "y"]


def test_a_list_of_texts_is_a_line_each() -> None:
    network = analyzed("comments_and_notes").network
    assert (network.name, network.source, network.family, network.notes) == (
        "One: two",
        "LeCun 1998\nKrizhevsky 2012",
        "Two words",
        "Two lines of text.",
    )


def test_without_a_family_there_is_none() -> None:
    assert cnncalc.analyze(text="input: 3x8x8\nlayers: [relu]\n").network.family == ""


def test_without_a_name_the_network_has_that_of_the_file() -> None:
    assert analyzed("repeats").network.name == "repeats"
    assert cnncalc.analyze(text="input: 3x8x8\nlayers: [relu]\n").network.name == "<text>"


def test_claims_are_kept_with_the_path_they_are_about() -> None:
    claims = [(c.layer, c.figure, c.bound, c.value, c.tolerance) for c in analyzed("claims").network.claims]
    assert claims == [
        ("", "params", "exact", 20, 0),
        ("", "macs", "exact", 650, Fraction(5)),
        ("", "peak_memory", "max", 1024, 0),
        ("", "out", "exact", (2, 6, 6), 0),
        ("c", "receptive_field", "exact", (3,), 0),
        ("c", "jump", "exact", (1,), 0),
        ("c", "start", "exact", (-1,), 0),
        ("r.1", "elements", "exact", 72, 0),
        ("c", "out", "exact", (2, 6, 6), 0),
        ("c", "params", "exact", 20, 0),
        ("r", "out", "exact", (2, 6, 6), 0),
        ("r", "params", "max", 5, 0),
        ("r", "params", "min", 0, 0),
    ]


def test_connections_count_one_kernel_for_each_link() -> None:
    assert analyzed("connections")["conv1"].params == 29  # 3 links of 3*3, 2 biases


# The corners below are valid and must give one unambiguous network.
SAME_PATH_TWICE = {
    "a relu in the body and as the activation": "- residual: [{conv: 3, kernel: 1}, relu, {conv: 3, kernel: 1}]\n"
    "  activation: relu\n",
    "an add in the body and as the merge": "- residual: [{name: a, conv: 3, kernel: 1}, {add: [prev, a]}]\n",
    "a layer named shortcut beside the shortcut": "- residual: [{name: shortcut, conv: 4, kernel: 1}]\n"
    "  shortcut: project\n",
    "a layer named mul beside the merge": "- residual: [{name: mul, conv: 3, kernel: 1}]\n  merge: mul\n",
}


@pytest.mark.parametrize("layers", SAME_PATH_TWICE.values(), ids=SAME_PATH_TWICE.keys())
def test_no_two_layers_of_a_residual_have_one_path(layers: str) -> None:
    report = cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n{layers}")
    paths = [layer.path for layer in report.layers]
    assert len(set(paths)) == len(paths), paths


def test_a_layer_has_another_path_than_an_input() -> None:
    text = "inputs: {conv: 3x8x8, left: 2x8x8}\nlayers:\n- {conv: 8, kernel: 1, from: left}\n- {concat: [conv, left]}\n"
    assert cnncalc.analyze(text=text)["concat"].output_shape == (5, 8, 8)


def test_an_empty_block_hands_its_input_on() -> None:
    text = "inputs: {a: 3x8x8, b: 2x8x8}\nblocks: {nothing: []}\nlayers:\n- {nothing: , from: b}\n- {maxpool: 2}\n"
    assert cnncalc.analyze(text=text)["maxpool"].output_shape == (2, 4, 4)
