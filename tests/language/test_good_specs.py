"""Corners of the language: a file dropped into `good/` is a test.

Its last lines, `# -> path shape, path shape`, have every layer in the order of execution, with its output in the
order of the spec's layout.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest

import cnncalc
from cnncalc.layers.activation import Dropout, Elu, LeakyRelu
from cnncalc.layers.convolution import Conv
from cnncalc.layers.normalization import BatchNorm

GOOD = Path(__file__).parent / "good"

# The outputs that are not simply the last line.
OUTPUTS: dict[str, dict[str, tuple[int, ...]]] = {
    "json": {"first": (4, 8, 8)},
    "several_inputs": {"both": (5, 8, 8), "last": (4, 8, 8), "left": (3, 8, 8)},
    "one_output_without_a_list": {"middle": (3, 4, 4)},
}


def analyzed(name: str) -> cnncalc.Report:
    """The report on one of the files."""
    return cnncalc.analyze(GOOD / f"{name}.yaml")


@pytest.mark.parametrize("name", sorted(file.stem for file in GOOD.glob("*.yaml")))
def test_each_layer_has_its_path_and_shape(name: str) -> None:
    text = (GOOD / f"{name}.yaml").read_text(encoding="utf-8")
    expected = " ".join(re.findall(r"^# -> (.+)$", text, re.MULTILINE)).split(", ")
    found = [f"{layer.path} {'x'.join(map(str, layer.output_shape))}" for layer in analyzed(name).layers]
    assert found == expected


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
        padding_mode="zeros",
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
    assert layer_of(report, "residual1/shortcut/bn") == BatchNorm(affine=True, scale=True, center=True, eps=0.001)
    assert report["residual1"].params == 288 + 16 + 32 + 16  # 3*3*4*8, bn of 8, 1*1*4*8, bn of 8; no bias


def test_norms_and_activations_take_settings() -> None:
    report = analyzed("norms_with_settings")
    # 3*4 + 2*4; 16 + 4 + 1; 16 + 8 + 4*8*8; 4 + 2*4*8*8; 4*2*2 + 4*4 + 2*4; 4 offsets
    assert [report[name].params for name in ("a", "b", "c", "d", "e", "bn")] == [20, 21, 280, 516, 40, 4]
    assert layer_of(report, "e/elu") == Elu(alpha=0.5)


def test_a_real_number_is_that_of_the_decimal() -> None:
    assert layer_of(analyzed("variables"), "dropout") == Dropout(rate=0.25)
    layer = layer_of(analyzed("blocks_with_words"), "b1/bn")
    assert layer == BatchNorm(affine=True, scale=True, center=True, eps=0.001)


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
