"""Single layers of a file: the line that each becomes, its shape and its params, or the message."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from every import for_every
from importing.making import keras, lines_of, onnx, onnx_graph, said, said_of

from cnncalc.api import analyze_source
from cnncalc.errors import SpecError
from cnncalc.importing.files import ImportOptions, import_model
from cnncalc.language.source import Source


def tensor(name: str, *sizes: int) -> dict[str, Any]:
    """A value as a use of a layer in Keras 3 names it."""
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, *sizes], "keras_history": [name, 0, 0]}}


def imported(content: bytes, given: Sequence[int] = ()) -> tuple[str, str, int]:
    """The last line of what a file is imported as, with its shape and the params of all."""
    text = import_model("net", content, ImportOptions(input=tuple(given))).text
    report = analyze_source(Source("net.yaml", text))
    return text.splitlines()[-1], report.layers[-1].output.text(), report.totals.params


KERAS: dict[str, tuple[str, dict[str, Any], tuple[int | None, ...], tuple[str, str, int]]] = {
    "a factor stays one": (
        "UpSampling2D", {"size": [2, 3], "interpolation": "bilinear"}, (8, 8, 3),
        ("- {name: a, resize, factor: [2, 3], mode: bilinear}", "3x16x24", 0),
    ),
    # (28 - 1)*2 + 3 + 1 = 58, as Keras 3 says; 4*3*9 + 4 = 112
    "an output_padding": (
        "Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1}, (28, 28, 3),
        ("- {name: a, deconv: 4, kernel: 3, stride: 2, output_padding: 1}", "4x58x58", 112),
    ),
    # 8*8*3/16 = 12
    "a size that is left open, beside one of 1": (
        "Reshape", {"target_shape": [-1, 1, 16]}, (8, 8, 3), ("- {name: a, reshape: 12x1x16}", "16x12x1", 0),
    ),
    # 28*4 = 112, as Keras 3 says
    "a stride beyond the kernel": (
        "Conv2DTranspose", {"filters": 4, "kernel_size": 3, "strides": 4}, (28, 28, 3),
        ("- {name: a, deconv: 4, kernel: 3, stride: 4, padding: valid}", "4x112x112", 112),
    ),
    # 2*28*28*3 = 4704, as Keras 3 counts
    "a norm over all": (
        "LayerNormalization", {"axis": [1, 2, 3], "epsilon": 1e-5}, (28, 28, 3),
        ("- {name: a, layernorm: 28x28x3}", "3x28x28", 4704),
    ),
    # 12*9*3*8 + ... : 3*3*3*8 + 8 = 224 of one step
    "a convolution of each step": (
        "TimeDistributed", {"layer": {"class_name": "Conv2D", "config": {"filters": 8, "kernel_size": [3, 3]}}},
        (5, 8, 8, 3), ("- {name: a, conv: 8, kernel: 1x3x3}", "8x5x6x6", 224),
    ),
    # 4*2*20*(64 + 64 + 64 + 64) weights without biases: 4*(64*40) = 10240
    "attention to itself": (
        "MultiHeadAttention", {"num_heads": 2, "key_dim": 20, "use_bias": False}, (50, 64),
        ("- {name: a, attention: 2, head_size: 20, bias: false}", "64x50", 10240),
    ),
    "axes in another order": ("Permute", {"dims": [2, 1]}, (10, 64), ("- {name: a, permute: [C, L]}", "10x64", 0)),
    "a factor for all values": (
        "Rescaling", {"scale": 0.5, "offset": -1}, (8, 8, 3), ("- {name: a, rescale: 0.5, offset: -1}", "3x8x8", 0),
    ),
    "a size of its own": (
        "Resizing", {"height": 4, "width": 6}, (8, 8, 3), ("- {name: a, resize: [4, 6], mode: bilinear}", "3x4x6", 0),
    ),
    "what is cut off": (
        "Cropping2D", {"cropping": [[1, 0], [0, 2]]}, (8, 8, 3), ("- {name: a, crop: [[1, 0], [0, 2]]}", "3x7x6", 0),
    ),
    "a bound that is not 6": (
        "ReLU", {"max_value": 4.0}, (8, 8, 3), ("- {name: a, hardtanh}", "3x8x8", 0),
    ),
    # (64 + 1)*32, as Keras 3 counts
    "a product by its equation": (
        "EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 32], "bias_axes": "d"}, (50, 64),
        ("- {name: a, conv: 32, kernel: 1}", "32x50", 2080),
    ),
    "a norm over the channels": (
        "LayerNormalization", {"axis": [3], "epsilon": 1e-5}, (28, 28, 3), ("- {name: a, layernorm}", "3x28x28", 6),
    ),
}  # fmt: skip


def test_layers_that_are_not_trained_are_frozen() -> None:
    frozen = {"filters": 4, "kernel_size": 1, "trainable": False}
    content = keras(("Conv2D", frozen), ("BatchNormalization", {}), ("ReLU", {}), ("Conv2D", frozen), shape=(8, 8, 3))
    text = import_model("net", content).text
    assert text.splitlines()[-4:] == [
        "- {name: a, conv: 4, kernel: 1, frozen: true}",
        "- {name: b, bn}",
        "- {name: c, relu}",
        "- {name: d, conv: 4, kernel: 1, frozen: true}",
    ]
    # 8 of the norm; 16 and 20 of the convolutions are not
    assert analyze_source(Source("net.yaml", text)).totals.trainable == 8


@pytest.mark.parametrize(
    ("layer", "shape", "line"),
    [
        (("Conv2D", {"filters": 4, "kernel_size": 1}), (None, None, 3), "input: {H: null, W: null, C: 3}"),
        (("LSTM", {"units": 4}), (None, 3), "input: {L: null, C: 3}"),
        (("Reshape", {"target_shape": [-1, 30]}), (None, 3), "input: {L: 100, C: 3}"),
        (("Embedding", {"input_dim": 9, "output_dim": 2}), (None,), "input: {C: 100}"),
    ],
    ids=["a map", "a sequence", "reshaped", "a vector"],
)  # fmt: skip
def test_sizes_that_a_keras_model_leaves_open_stay_open_unless_a_layer_needs_them(
    layer: tuple[str, dict[str, Any]], shape: tuple[int | None, ...], line: str
) -> None:
    text = import_model("net", keras(layer, shape=shape)).text
    assert line in text.splitlines()
    assert ("# assumed: 100 for each size that the file leaves open; give --input" in text) == ("null" not in line)


KERAS_LINES = lines_of("keras.txt")


@for_every(KERAS_LINES)
def test_what_a_layer_of_keras_is(code: str) -> None:
    layer, _, sizes = code.rpartition(" on ")
    class_, _, config = layer.partition(" ")
    content = keras((class_, json.loads(config)), shape=[int(n) for n in sizes.split("x")])
    assert said_of(lambda: import_model("net", content).text) == KERAS_LINES[code]


CAFFE_LINES = lines_of("caffe.txt")
CAFFE = """\
name: "net"
input: "x"
input_dim: 1 input_dim: 8 input_dim: 4 input_dim: 4
{before}
layer {{ name: "b" type: "{type}" bottom: "x" {bottom} top: "b" {parameters} }}
"""


@for_every(CAFFE_LINES)
def test_what_a_layer_of_caffe_is(code: str) -> None:
    type_, _, parameters = code.partition(" ")
    reads_two = type_ in ("Concat", "Eltwise")
    before = 'layer { name: "a" type: "ReLU" bottom: "x" top: "a" }' if reads_two else ""
    bottom = 'bottom: "a"' if reads_two else ""
    text = CAFFE.format(before=before, type=type_, bottom=bottom, parameters=parameters)
    assert said_of(lambda: import_model("net", text.encode()).text) == CAFFE_LINES[code]


SHAPES = {
    "class_name": "Functional",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 8, 8, 3]}, "inbound_nodes": []},
            {"class_name": "Moved", "config": {"name": "moved"}, "inbound_nodes": [{"args": [tensor("x", 8, 8, 3)]}]},
            {"class_name": "Multiply", "module": "keras.src.ops.numpy", "config": {"name": "times"},
             "inbound_nodes": [{"args": [tensor("moved", 4, 4, 3), 0.5], "kwargs": {}}]},
            {"class_name": "Add", "config": {"name": "sum"},
             "inbound_nodes": [{"args": [[tensor("times", 4, 4, 3), tensor("moved", 4, 4, 3)]], "kwargs": {}}]},
        ],
        "input_layers": [["x", 0, 0]], "output_layers": [["sum", 0, 0]],
    },
}  # fmt: skip


def test_a_model_in_a_model_of_keras_2_has_been_used_before() -> None:
    inner = {"name": "inner", "layers": [
        {"class_name": "InputLayer", "config": {"name": "y", "batch_input_shape": [None, 8, 8, 3]}},
        {"class_name": "Conv2D", "config": {"name": "conv", "filters": 4, "kernel_size": [1, 1]},
         "inbound_nodes": [[["y", 0, 0, {}]]]},
    ], "input_layers": [["y", 0, 0]], "output_layers": [["conv", 0, 0]]}  # fmt: skip
    outer = {"name": "net", "layers": [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 8, 8, 3]}},
        {"class_name": "Functional", "name": "inner", "config": inner, "inbound_nodes": [[["x", 0, 0, {}]]]},
        {"class_name": "Flatten", "config": {"name": "flat"}, "inbound_nodes": [[["inner", 1, 0, {}]]]},
    ], "input_layers": [["x", 0, 0]], "output_layers": [["flat", 0, 0]]}  # fmt: skip
    content = json.dumps({"class_name": "Functional", "config": outer}).encode()
    # (3 + 1)*4, and 8*8*4 values
    assert imported(content) == ("- {name: flat, flatten}", "256", 16)


def test_the_shapes_that_keras_3_says_are_claims_and_make_an_unknown_layer_opaque() -> None:
    text = import_model("net", json.dumps(SHAPES).encode(), ImportOptions(partial=True, flat=True)).text
    assert text.split("layers:\n")[1].splitlines() == [
        '- {name: opaque_1, opaque: "Moved",                                    out: 4x4x3}',
        "- {name: times, rescale: 0.5,                                          out: 4x4x3}",
        "- {name: sum, add: [prev, opaque_1]}",
    ]


@pytest.mark.parametrize(("class_", "config", "shape", "expected"), KERAS.values(), ids=KERAS)
def test_a_layer_of_keras(
    class_: str, config: dict[str, Any], shape: tuple[int | None, ...], expected: tuple[str, str, int]
) -> None:
    assert imported(keras((class_, config), shape=shape)) == expected


TABLE = """\
Layer (type)        {columns}       Param #
Conv2d-1            {first}[1, 10, 24, 24]    260
Conv2d-2            {second}[1, 20, 8, 8]    5,020
Total params: 5,280
"""


@pytest.mark.parametrize(
    ("columns", "first", "second", "lines"),
    [
        ("Input Shape  Output Shape", "[1, 1, 28, 28] ", "[1, 10, 12, 12] ", [
            "- {conv: 10, kernel: 5}",
            '- {opaque: "what forward() does here",                                 out: 10x12x12, params: 0}',
            "- {conv: 20, kernel: 5}",
        ]),
        # 24 becomes 8 with stride 3 and padding 1 or 2, of which none is usual
        ("Output Shape", "", "", [
            "- {conv: 10, kernel: 5}",
            '- {opaque: "Conv2d",                                                   out: 20x8x8, params: 5020}',
        ]),
    ],
    ids=["what enters is said", "it is not"],
)  # fmt: skip
def test_a_printed_row_whose_settings_do_not_follow_is_opaque(
    columns: str, first: str, second: str, lines: list[str]
) -> None:
    text = import_model("net", TABLE.format(columns=columns, first=first, second=second).encode()).text
    assert text.split("layers:\n")[1].splitlines() == lines


PRINTED = lines_of("printed.txt")
ABOVE = "# assumed: each row reads the one above it; the table does not say more "


@for_every(PRINTED)
def test_what_a_printed_row_of_keras_is(row: str) -> None:
    class_, before, after, params = row.split()
    rows = [("x (InputLayer)", before.split("x"), "0"), (f"a ({class_})", after.split("x"), params)]
    lines = [f"{name:29}{'(None, ' + ', '.join(sizes) + ')':22}{number}" for name, sizes, number in rows]
    text = "\n".join(["Layer (type)                 Output Shape          Param #", *lines, f"Total params: {params}"])
    assert said_of(lambda: import_model("net", text.encode()).text).removeprefix(ABOVE) == PRINTED[row]


COLUMNS = {
    "kernels last": ("Output Shape       Param #            Kernel Shape",
                     "[1, 8, 32, 32]     224                [3, 3]"),
    "params first": ("Param #            Input Shape        Output Shape",
                     "224                [1, 3, 32, 32]     [1, 8, 32, 32]"),
    "outputs first": ("Output Shape       Input Shape        Param #", "[1, 8, 32, 32]     [1, 3, 32, 32]     224"),
}  # fmt: skip


@pytest.mark.parametrize(("titles", "cells"), COLUMNS.values(), ids=COLUMNS)
def test_a_table_of_torchinfo_may_have_its_columns_in_any_order(titles: str, cells: str) -> None:
    name, row = "Layer (type (var_name):depth-idx)".ljust(40), "Conv2d (stem): 1-1".ljust(40)
    text = import_model("net", f"{name} {titles}\n{row} {cells}\nTotal params: 224\n".encode()).text
    assert text.splitlines()[-1] == "- {name: stem, conv: 8, kernel: 3, padding: half}"


@pytest.mark.parametrize(
    ("row", "shape"),
    [  # the channels of the weights; 32 less the window, 32 itself, or half of it
        ("a (Conv2D)           (None, 26, 26, 8)    1576", "{H: 32, W: 32, C: 4}"),  # 7*7*4*8 + 8
        ("a (Conv2D)           (None, 26, 26, 8)    2360", "{H: 32, W: 32, C: 6}"),  # 7*7*6*8 + 8
        ("a (Conv2D)           (None, 32, 32, 8)    152", "{H: 32, W: 32, C: 2}"),  # 3*3*2*8 + 8
        ("a (Conv2D)           (None, 16, 16, 8)    224", "{H: 32, W: 32, C: 3}"),  # 3*3*3*8 + 8
    ],
)
def test_the_input_of_a_printed_table_is_that_of_the_first_weights(row: str, shape: str) -> None:
    text = f"Layer (type)         Output Shape         Param #\n{row}\nTotal params: {row.split()[-1]}\n"
    assert f"input: {shape}\n" in import_model("net", text.encode()).text


REFUSED: dict[str, tuple[tuple[str, dict[str, Any]], str]] = {
    "a norm over rows": (
        ("BatchNormalization", {"axis": 1}),
        "cnncalc has no kind for BatchNormalization over axis 1 ×1 (layer a)",
    ),
    "filters below 1": (
        ("Conv2D", {"filters": -3, "kernel_size": 3}),
        "layer a: conv: filters is -3; whole numbers of 1 or more are expected",
    ),
    "a softmax over rows": (
        ("Softmax", {"axis": 1}), "cnncalc has no kind for Softmax on axis 1 ×1 (layer a)",
    ),
    "a model in each step": (
        ("TimeDistributed", {"layer": {"class_name": "Sequential", "config": {}}}),
        "cnncalc has no kind for TimeDistributed Sequential ×1 (layer a)",
    ),
    "no units": (("Dense", {"units": 0}), "layer a: conv: filters is 0; whole numbers of 1 or more are expected"),
    "a stride of 0": (
        ("Conv2D", {"filters": 3, "kernel_size": 3, "strides": 0}),
        "layer a: conv: stride is 0x0; whole numbers of 1 or more are expected",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layer", "message"), REFUSED.values(), ids=REFUSED)
def test_a_layer_of_keras_that_is_refused(layer: tuple[str, dict[str, Any]], message: str) -> None:
    with pytest.raises(SpecError) as refused:
        imported(keras(layer, shape=(28, 28, 3)))
    assert refused.value.lines() == [f"net:1:1: {message} (unreadable)"]


ONNX: dict[str, tuple[tuple[Any, ...], dict[str, Any], tuple[int, ...], tuple[str, str, int]]] = {
    "a factor stays one, whatever the input": (
        ("Resize", (1, 3, 8, 8), [], [1.0, 1.0, 2.0, 1.5]), {"mode": "linear"}, (3, 16, 16),
        ("- {name: n, resize, factor: [2, 1.5], mode: bilinear}", "3x32x24", 0),
    ),
    # 2*7 + 3 = 17 of which 1 is cut; 3*8*9 = 216
    "an output_shape": (
        ("ConvTranspose", (1, 3, 8, 8), (3, 8, 3, 3)), {"strides": [2, 2], "output_shape": [16, 16]}, (),
        ("- {name: n, deconv: 8, kernel: 3, stride: 2, padding: [[1, 0], [1, 0]], bias: false}",
         "8x16x16", 216),
    ),
    "hardsigmoid": (("HardSigmoid", (1, 3, 8, 8)), {"alpha": 1 / 6}, (), ("- {name: n, hardsigmoid}", "3x8x8", 0)),
    "a reflected border": (
        ("Pad", (1, 3, 8, 8), [0, 0, 1, 2, 0, 0, 1, 2]), {"mode": "reflect"}, (),
        ("- {name: n, zeropad: [[1, 1], [2, 2]], mode: reflect}", "3x10x12", 0),
    ),
    "corners that lie on one another": (
        ("Resize", (1, 3, 8, 8), [], [1.0, 1.0, 2.0, 2.0]),
        {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, (),
        ("- {name: n, resize, factor: 2, mode: bilinear, align_corners: true}", "3x16x16", 0),
    ),
    "a part of two axes": (
        ("Slice", (1, 3, 8, 8), [1, 2], [3, 6], [2, 3]), {}, (), ("- {slice, W: 2..6}", "3x2x4", 0),
    ),
    # 32 bits of 7/3 have no short form that gives 7 of 3
    "a factor that is no short number is a size": (
        ("Resize", (1, 3, 3, 3), [], [1.0, 1.0, 7 / 3, 2.0]), {}, (), ("- {name: n, resize: [7, 6]}", "3x7x6", 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "weights", "line"),
    [("Conv", [(8, 3, 3, 3)], "input: {C: 3, H: null, W: null}"),
     ("Resize", [[], [], [1, 3, 7, 7]], "input: {C: 3, H: null, W: null}"),
     ("Reshape", [[0, -1, 7, 7]], "input: {C: 3, H: 224, W: 224}")],
)  # fmt: skip
def test_sizes_that_a_file_leaves_open_stay_open_unless_a_layer_needs_them(
    word: str, weights: Sequence[Any], line: str
) -> None:
    pytest.importorskip("onnx")
    content = onnx(word, ("batch", 3, "height", "width"), *weights)
    assert line in import_model("net", content).text.splitlines()
    given = import_model("net", content, ImportOptions(input=(3, 14, 14))).text
    assert "input: {C: 3, H: 14, W: 14}" in given.splitlines()


@pytest.mark.parametrize(("node", "attributes", "given", "expected"), ONNX.values(), ids=ONNX)
def test_a_node_of_onnx(
    node: tuple[Any, ...], attributes: dict[str, Any], given: tuple[int, ...], expected: tuple[str, str, int]
) -> None:
    pytest.importorskip("onnx")
    assert imported(onnx(*node, **attributes), given) == expected


MAP = (1, 8, 4, 4)
ALL = 9223372036854775807

ONES: list[tuple[str, Sequence[int], Sequence[Any], dict[str, Any], str]] = [
    # Slopes, limits and eps are ONNX's defaults if none is given: 0.01, 1, 1e-5; they are those of the kinds, too.
    ("Clip", MAP, [[-2.0], [3.0]], {}, "defaults: hardtanh: {low: -2, high: 3} layers: - {name: n, hardtanh}"),
    ("Clip", MAP, [[0.0]], {}, "- {name: n, relu}"),
    ("Clip", MAP, [[0.0], [6.0]], {}, "- {name: n, relu6}"),
    ("LeakyRelu", MAP, [], {}, "- {name: n, leaky_relu}"),
    ("LeakyRelu", MAP, [], {"alpha": 0.2}, "defaults: leaky_relu: {slope: 0.2} layers: - {name: n, leaky_relu}"),
    ("Elu", MAP, [], {}, "- {name: n, elu}"),
    ("Elu", MAP, [], {"alpha": 0.5}, "defaults: elu: {alpha: 0.5} layers: - {name: n, elu}"),
    ("PRelu", MAP, [(8, 1, 1)], {}, "- {name: n, prelu}"),
    ("PRelu", MAP, [(1,)], {}, "defaults: prelu: {slopes: one} layers: - {name: n, prelu}"),
    # ONNX's slope is 0.2 if none is given, and its offset 0.5
    *(
        ("HardSigmoid", MAP, [], given, f"# a HardSigmoid of slope {slope} is written as hardsigmoid, whose slope is "
         "1/6 (node n) - {name: n, hardsigmoid}")
        for given, slope in (({}, "0.2"), ({"alpha": 1 / 6, "beta": 0.4}, "0.166667"))
    ),
    ("Softmax", MAP, [], {"axis": 3}, "- {permute: [W, C, H]} - {name: n, softmax} - {permute: [H, W, C]}"),
    ("LogSoftmax", (1, 8), [], {}, "- {name: n, log_softmax}"),
    ("Dropout", MAP, [[0.25]], {}, "- {name: n, dropout: 0.25}"),
    ("Dropout", MAP, [], {}, "- {name: n, dropout}"),
    ("InstanceNormalization", MAP, [(8,), (8,)], {},
     "defaults: instancenorm: {affine: true} layers: - {name: n, instancenorm}"),
    ("GroupNormalization", MAP, [(8,), (8,)], {"num_groups": 4, "epsilon": 1e-6},
     "- {name: n, groupnorm: 4, eps: 1e-6}"),
    ("LayerNormalization", (1, 8), [(8,), (8,)], {}, "- {name: n, layernorm}"),
    ("LayerNormalization", (1, 4, 8), [(8,)], {"epsilon": 1e-6}, "defaults: layernorm: {center: false, eps: 1e-6} "
     "layers: - {permute: [L, C]} - {name: n, layernorm} - {permute: [L, C]}"),
    ("LayerNormalization", MAP, [MAP[1:], MAP[1:]], {"axis": 1}, "- {name: n, layernorm: 8x4x4}"),
    ("BatchNormalization", MAP, [(8,)] * 4, {"epsilon": 1e-3}, "defaults: bn: {eps: 0.001} layers: - {name: n, bn}"),
    ("BatchNormalization", MAP, [(8,)] * 4, {}, "- {name: n, bn}"),
    # ONNX divides alpha by the size: 0.004/4, and its default 1e-4/2; beta is 0.75 and k 1 if not given
    ("LRN", MAP, [], {"size": 4, "alpha": 4e-3, "beta": 0.5, "bias": 2.0},
     "- {name: n, lrn: 4, alpha: 0.001, beta: 0.5}"),
    ("LRN", MAP, [], {"size": 2}, "- {name: n, lrn: 2, alpha: 5e-5, k: 1}"),
    ("MaxPool", MAP, [], {"kernel_shape": [4, 4]}, "- {name: n, global_maxpool}"),
    ("MaxPool", MAP, [], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1], "ceil_mode": 1},
     "- {name: n, maxpool: 3, stride: 2, padding: [[0, 1], [0, 1]], rounding: ceil}"),
    ("MaxPool", MAP, [], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]},
     "- {name: n, maxpool: 3, stride: 2, padding: same}"),
    ("MaxPool", MAP, [], {"kernel_shape": [3, 3], "auto_pad": "SAME_LOWER"},
     "- {name: n, maxpool: 3, stride: 1, padding: same_lower}"),
    ("MaxPool", MAP, [], {"kernel_shape": [3, 3], "auto_pad": "VALID", "pads": [1, 1, 1, 1]},
     "- {name: n, maxpool: 3, stride: 1}"),
    ("MaxPool", MAP, [], {"kernel_shape": [2, 2], "dilations": [2, 2]},
     "- {name: n, maxpool: 2, stride: 1, dilation: 2}"),
    ("AveragePool", MAP, [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]},
     "- {name: n, avgpool: 3, stride: 1, padding: 1, count_padding: false}"),
    ("AveragePool", MAP, [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1, "strides": [1, 2]},
     "- {name: n, avgpool: 3, stride: 1x2, padding: 1}"),
    ("GlobalMaxPool", MAP, [], {}, "- {name: n, global_maxpool}"),
    ("ReduceMax", MAP, [[2, 3]], {}, "- {name: n, global_maxpool}"),
    ("ReduceMean", MAP, [], {"axes": [2, 3], "keepdims": 0}, "- {name: n, global_avgpool} - flatten"),
    ("ReduceMean", (1, 8, 4), [[1]], {}, "- {permute: [L, C]} - {name: n, global_avgpool} - {permute: [L, C]}"),
    ("ConvTranspose", MAP, [(8, 6, 3, 3), (6,)], {"strides": [2, 2], "output_padding": [1, 1], "pads": [1, 1, 1, 1]},
     "- {name: n, deconv: 6, kernel: 3, stride: 2, padding: 1, output_padding: 1}"),
    ("ConvTranspose", MAP, [(8, 3, 2, 2)], {"group": 2}, "- {name: n, deconv: 6, kernel: 2, groups: 2, bias: false}"),
    # the odd value of 2*3 + 3 - 8 = 1 is cut last with SAME_UPPER
    ("ConvTranspose", MAP, [(8, 6, 3, 3)], {"strides": [2, 2], "output_shape": [8, 8], "auto_pad": "SAME_UPPER"},
     "- {name: n, deconv: 6, kernel: 3, stride: 2, padding: [[0, 1], [0, 1]], bias: false}"),
    ("Gemm", (1, 8), [(8, 5), (5,)], {}, "- {name: n, fc: 5}"),
    ("Gemm", (1, 8), [(5, 8)], {"transB": 1}, "- {name: n, fc: 5, bias: false}"),
    ("Gemm", MAP, [(128, 5)], {}, "- flatten - {name: n, fc: 5, bias: false}"),  # 8*4*4
    ("MatMul", (1, 4, 8), [(8, 5)], {}, "- {permute: [L, C]} - {name: n, fc: 5, bias: false} - {permute: [L, C]}"),
    ("Mul", MAP, [[4.0]], {}, "- {name: n, rescale: 4}"),
    ("Add", MAP, [[4.0]], {}, "- {name: n, rescale: 1, offset: 4}"),
    ("Sub", MAP, [[4.0]], {}, "- {name: n, rescale: 1, offset: -4}"),
    ("Div", MAP, [[4.0]], {}, "- {name: n, rescale: 0.25}"),
    ("Mul", MAP, [(8, 1, 1)], {}, "- {name: n, scale, bias: false}"),
    ("Squeeze", (1, 8, 1, 4), [[2]], {}, "- {flatten: spatial}"),
    ("Squeeze", (1, 8, 1, 1), [], {}, "- flatten"),
    ("Unsqueeze", (1, 8, 4), [[2]], {}, "- {reshape: 8x1x4}"),
    ("Transpose", MAP, [], {"perm": [0, 1, 3, 2]}, "- {permute: [C, W, H]}"),
    ("Slice", MAP, [[1], [ALL], [2]], {}, "- {name: n, slice, H: 1..4}"),
    ("Slice", MAP, [[-3], [-1], [1]], {}, "- {name: n, slice: 5..7}"),
    ("Gather", MAP, [[1, 2]], {"axis": 2}, "- {name: n, slice, H: 1..3}"),
    ("Gather", MAP, [[-1]], {"axis": 1}, "- {name: n, slice: 7..8}"),
    ("DepthToSpace", MAP, [], {"blocksize": 2}, "- {name: n, depth_to_space: 2}"),
    ("DepthToSpace", MAP, [], {"blocksize": 2, "mode": "CRD"}, "- {name: n, depth_to_space: 2, order: CRD}"),
    ("SpaceToDepth", MAP, [], {"blocksize": 2}, "- {name: n, space_to_depth: 2}"),
    ("Pad", MAP, [[1, 2, 1, 2], [0.0], [2, 3]], {}, "- {name: n, zeropad: [[1, 1], [2, 2]]}"),
    ("Resize", MAP, [[], [], [1, 8, 6, 6]], {"mode": "linear", "coordinate_transformation_mode": "asymmetric"},
     "# Resize interpolates as asymmetric, resize as half_pixel (node n) "
     "- {name: n, resize: [6, 6], mode: bilinear}"),
    ("Resize", MAP, [[], [], [1, 8, 6, 6]], {"mode": "cubic"}, "- {name: n, resize: [6, 6], mode: bicubic}"),
    ("Reshape", MAP, [[0, -1]], {}, "- flatten"),
    *(
        ("RNN", (1, 5, 3), [(1, 2, 3), (1, 2, 2)], {"hidden_size": 2, "layout": 1, **given},
         f"- {{permute: [L, C]}} - {{name: n, rnn: 2, steps: all, biases: 0{end}}} - {{permute: [L, C]}} "
         "- {reshape: 5x1x2}")
        for given, end in (
            ({}, ""), ({"activations": ["Tanh"]}, ""), ({"activations": ["Relu"]}, ", nonlinearity: relu"))
    ),
    ("Split", MAP, [[3, 5]], {"axis": 1, "outputs": 2},
     "# 1 operation left out, on which no output depends, from node n - {name: n, slice: 0..3}"),
    ("Split", MAP, [], {"axis": 1, "outputs": 2},
     "# 1 operation left out, on which no output depends, from node n - {name: n, slice: 0..4}"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "shape", "weights", "attributes", "text"),
    ONES,
    ids=[f"{one[0]} {number}" for number, one in enumerate(ONES)],
)
def test_one_node_of_onnx_comes_to_a_line_with_its_settings(
    word: str, shape: Sequence[int], weights: Sequence[Any], attributes: dict[str, Any], text: str
) -> None:
    pytest.importorskip("onnx")
    assert said(import_model("net", onnx(word, shape, *weights, **attributes)).text) == text


FOURS = [
    "n = Add (i1, i3)", "n = Sub (i6, i2)", "n = Mul (i2, i2)", "n = Div (i9, i2)", "n = Mod (i12, i8)",
    "n = Max (i4, i2)", "n = Min (i4, i9)", "n = Clip (i9, i1, i4)", "n = Clip (i2, i4, i9)", "n = Identity (i4)",
    "p = Floor (f4_6) n = Cast <to = 7> (p)", "p = Ceil (f3_2) n = Cast <to = 7> (p)",
    "p = Round (f3_7) n = Cast <to = 7> (p)", "p = Sqrt (f16_0) n = Cast <to = 7> (p)",
    "p = Reciprocal (f0_25) n = Cast <to = 7> (p)", "p = Pow (f2_0, f2_0) n = Cast <to = 7> (p)",
    "p = Neg (i2) n = Sub (i2, p)", "e = Equal (i3, i3) n = Add (i3, e)", "e = Equal (i3, i4) n = Add (i4, e)",
    "a = Cast <to = 1> (i9) b = Div (a, f2_0) c = Sub (b, f0_5) n = Cast <to = 7> (c)",  # 9/2 = 4.5
    "s = Shape (x) n = Gather (s, i3)", "s = Shape (x) n = Slice (s, i2, i3)",
    "s = Shape (x) k = Constant <value_int = 3> () g = Gather (s, k) n = Unsqueeze (g, i0)",
    "s = Shape (x) g = Slice (s, i1, i3) p = ReduceProd <keepdims = 0> (g) n = Div (p, i8)",  # 8*4/8
    "n = ConstantOfShape <value = int64[1] {4}> (i1)", "s = Shape (i7) n = Add (s, i3)",
    "c = Concat <axis = 0> (i1, i4, i9) n = Slice (c, i1, i2)",
    "c = Concat <axis = 0> (i1, i2, i4) a = Constant <value_ints = [-1]> () b = Constant <value_ints = [-4]> () "
    "d = Slice (c, a, b, i0, a) n = Slice (d, i0, i1)",  # backwards
]  # fmt: skip
"""What ONNX computes of constants and shapes: each is the size [4]."""


@for_every(FOURS)
def test_a_size_that_is_computed(nodes: str) -> None:
    pytest.importorskip("onnx")
    q = "q = Constant <value_ints = [1, -1]> ()"
    content = onnx_graph(f"{nodes} {q} w = Concat <axis = 0> (q, n) y = Reshape (x, w)")
    assert said(import_model("net", content).text) == "- {reshape: 32x4}"  # 8*4*4/4


NORM = " ".join(
    f"{name} = Constant <value = float[8] {{{', '.join(numbers)}}}> ()"
    for name, numbers in (("own", "12345678"), ("one", "11111111"), ("zero", "00000000"))
)
GRAPHS = {
    "w = Constant <value = int64[3] {1, 2, -1}> () y = Reshape (x, w)": "- {reshape: 2x4x4x4} - {flatten: spatial}",
    "o = ConstantOfShape <value = int64[1] {1}> (i4) e = Expand (x, o) y = Relu (e)": "- {name: Relu_3, relu}",
    "c = Constant <value = float {2.5}> () y = Sub (c, x)": "- {name: Sub_1, rescale: -1, offset: 2.5}",
    "b = Neg (f4_0) y = Add (x, b)": "- {name: Add_2, rescale: 1, offset: -4}",
    "a, b = Split <axis = 1> (x) y = Concat <axis = 1> (b, a)": (
        "- {branches: [[{slice: 4..8}], [{slice: 0..4}]], merge: concat}"
    ),
    # x/2 * (1 + erf(x/sqrt(2)))
    "d = Div (x, f1_4142135) e = Erf (d) a = Add (e, f1_0) m = Mul (x, a) y = Mul (m, f0_5)": "- {name: Mul_7, gelu}",
    # Exporters of torch make ones and zeros for what a norm does not learn; only Constant 0 has numbers of its own.
    f"{NORM} g = GlobalAveragePool (x) f = Flatten (g) y = LayerNormalization (f, one, zero)": (
        "defaults: layernorm: {affine: false} layers: - {name: GlobalAveragePool_3, global_avgpool} "
        "- flatten - {name: LayerNormalization_5, layernorm}"
    ),
    f"{NORM} y = BatchNormalization (x, own, zero, own, own)": (
        "defaults: bn: {center: false} layers: - {name: BatchNormalization_3, bn}"
    ),
    f"{NORM} y = BatchNormalization (x, one, own, own, own)": (
        "defaults: bn: {scale: false} layers: - {name: BatchNormalization_3, bn}"
    ),
    f"{NORM} y = BatchNormalization (x, zero, one, own, own)": "- {name: BatchNormalization_3, bn}",
    f"{NORM} y = InstanceNormalization (x, one, zero)": "- {name: InstanceNormalization_3, instancenorm}",
    "s = Sigmoid (x) y = Mul (x, s)": "- {name: Mul_1, silu}",
    "s = HardSigmoid <alpha = 0.16666667> (x) y = Mul (x, s)": "- {name: Mul_1, hardswish}",
    "r = Relu (x) y = Sub (x, r)": "- {name: Relu_0, relu} - {name: Sub_1, subtract: [input, prev]}",
    "r = Relu (x) y = Div (x, r)": "- {name: Relu_0, relu} - {name: Div_1, divide: [input, prev]}",
    "y = Log (x)": "- {name: Log_0, log}",
    "y = Abs (x)": "- {name: Abs_0, abs}",
    "y = Neg (x)": "- {name: Neg_0, rescale: -1}",
    "y = Sqrt (x)": "- {name: Sqrt_0, power: 0.5}",
    "y = Pow (x, f4_0)": "- {name: Pow_1, power: 4}",
    "y = RandomNormalLike (x)": "- {name: RandomNormalLike_0, noise}",
    "y = RandomUniformLike (x)": "- {name: RandomUniformLike_0, noise: uniform}",
    "r = Relu (x) y = Mean (x, r)": "- {name: Relu_0, relu} - {name: Mean_1, average: [input, prev]}",
    "r = Relu (x) y = Max (r, x)": "- {name: Relu_0, relu} - {name: Max_1, maximum: [prev, input]}",
    "r = Relu (x) y = Min (r, x)": "- {name: Relu_0, relu} - {name: Min_1, minimum: [prev, input]}",
    "y = Sum (x, x, x)": "- {name: Sum_0, add: [input, input, input]}",
    "t = Transpose <perm = [0, 1, 3, 2]> (x) y = MatMul (x, t)": (
        "- {permute: [C, W, H]} - {name: MatMul_1, matmul: [input, prev]}"
    ),
}  # fmt: skip


@for_every(GRAPHS)
def test_a_graph_of_onnx(nodes: str) -> None:
    pytest.importorskip("onnx")
    assert said(import_model("net", onnx_graph(nodes)).text) == GRAPHS[nodes]


HEADS = (
    "t = Transpose <perm = [0, 2, 1]> (x) s = Constant <value = int64[4] {1, 4, 2, 3}> () "
    + "".join(f"{one}0 = MatMul (t, w6_6{weight}) {one}1 = Reshape ({one}0, s) "
              for one, weight in zip("qkv", "abc", strict=True))
    + "q = Transpose <perm = [0, 2, 1, 3]> (q1) k = Transpose <perm = [0, 2, 3, 1]> (k1) "
    "v = Transpose <perm = [0, 2, 1, 3]> (v1) "
)  # fmt: skip
JOINED = (
    " o1 = Transpose <perm = [0, 2, 1, 3]> (o) r = Constant <value = int64[3] {1, 4, 6}> () "
    "j = Reshape (o1, r) y1 = MatMul (j, w6_6d) y = Transpose <perm = [0, 2, 1]> (y1)"
)
SOFT = "a = Softmax <axis = -1> (d) o = MatMul (a, v)"
WHOLE = "attention: 2, bias: false}"
ADDED = "# a mask or a computed bias that is added to the scores of attention is left out "

SCORES = {
    f"m = MatMul (q, k) d = Mul (m, f0_5773503) {SOFT}": ("- {name: MatMul_19, ", WHOLE),  # 1 over the root of 3
    f"m = MatMul (q, k) d = Div (m, f1_7320508) {SOFT}": ("- {name: MatMul_19, ", WHOLE),
    "b = Mul (q, f0_5773503) m = MatMul (b, k) a = Softmax <axis = 3> (m) o = MatMul (a, v)": (
        "- {name: MatMul_19, ", WHOLE
    ),
    "m = MatMul (q, k) a = Softmax <axis = -1> (m) o = MatMul (a, v)": ("# scores are multiplied by 1, but", WHOLE),
    "m = MatMul (q, k) c = Constant <value = float[1, 1, 1, 4] {0, 0, 0, -100}> () b = Mul (m, f0_5773503) "
    f"d = Add (b, c) {SOFT}": (ADDED, WHOLE),
    f"m = MatMul (q, k) b = Mul (m, f0_5773503) d = Add (b, w2_4_4) {SOFT}": (ADDED, WHOLE),
    'm = Einsum <equation = "bhid,bhdj->bhij"> (q, k) d = Mul (m, f0_5773503) a = Softmax <axis = -1> (d) '
    'o = Einsum <equation = "bhij,bhjd->bhid"> (a, v)': ("- {name: MatMul_19, ", WHOLE),
    "m = MatMul (q, k) d = Mul (m, f0_5773503) a = Softmax <axis = 2> (d) o = MatMul (a, v)": (
        "defaults: fc: {bias: false}", "{permute: [H, C, W]} - {name: Softmax_14, softmax}"
    ),
    "m = MatMul (q, k) d = Mul (m, f0_5773503) b = Softmax <axis = -1> (d) a = Mul (b, f2_0) o = MatMul (a, v)": (
        "defaults: fc: {bias: false}", "- softmax - {name: Mul_16, rescale: 2}"
    ),
}  # fmt: skip
"""What becomes of queries, keys and values of two heads of three values, and how the import begins, and what it has."""


@for_every(SCORES)
def test_attention_in_a_graph_of_onnx(nodes: str) -> None:
    """Four matrices of 6*6; for 4 positions, and 2*4*4*6 products of scores and values."""
    pytest.importorskip("onnx")
    text = import_model("net", onnx_graph(HEADS + nodes + JOINED, "1,6,4")).text
    start, part = SCORES[nodes]
    assert said(text).startswith(start)
    assert part in said(text)
    totals = analyze_source(Source("net.yaml", text)).totals
    assert (totals.params, totals.macs) == (144, 768)


AFTER = {
    "j = Reshape (o1, sequence) y = Conv (j, w6_6_1)": f"- {{name: Conv_20, {WHOLE}",
    "j = Reshape (o1, map) y = Conv (j, w6_6_1_1)": f"- {{name: Conv_20, {WHOLE} - {{reshape: 6x2x2}}",
    "j = Reshape (o1, map) y = Conv <strides = [2, 2]> (j, w6_6_1_1)": (
        "- {reshape: 6x4} - {reshape: 6x2x2} - {name: Conv_20, conv: 6, kernel: 1, stride: 2, bias: false}"
    ),
    "j = Reshape (o1, sequence) y = Conv (j, w5_6_1)": (
        "- {reshape: 6x4} - {name: Conv_20, conv: 5, kernel: 1, bias: false}"
    ),
}
"""A convolution after attention: the matrix of its output, or not, and how the import ends."""


@for_every(AFTER)
def test_a_convolution_may_be_the_output_of_attention(nodes: str) -> None:
    pytest.importorskip("onnx")
    shapes = "sequence = Constant <value = int64[3] {1, 6, 4}> () map = Constant <value = int64[4] {1, 6, 2, 2}> ()"
    scores = f"m = MatMul (q, k) d = Mul (m, f0_5773503) {SOFT} o1 = Transpose <perm = [0, 1, 3, 2]> (o)"
    assert said(import_model("net", onnx_graph(f"{HEADS}{scores} {shapes} {nodes}", "1,6,4")).text).endswith(
        AFTER[nodes]
    )


def test_a_recurrent_layer_of_onnx() -> None:
    """4*2*3 + 4*2*2 weights and 2*8 offsets of two units for each of two directions."""
    pytest.importorskip("onnx")
    more = {"hidden_size": 2, "direction": "bidirectional", "layout": 1}
    text = import_model("net", onnx("LSTM", (1, 5, 3), (2, 8, 3), (2, 8, 2), (2, 16), **more)).text
    assert "- {name: n, lstm: 2, bidirectional: true, steps: all, biases: 2}" in text
    assert analyze_source(Source("net.yaml", text)).totals.params == 112


NO_SETTINGS: list[tuple[str, list[Any], dict[str, Any], str]] = [
    ("Gemm", [(8, 5)], {"transA": 1}, "with such a weight"),
    ("Max", [[1.0]], {}, "with these settings"),
    ("Slice", [[0], [4], [2], [2]], {}, "with these settings"),
    ("Split", [[3, 4]], {"axis": 1, "outputs": 2}, "on axis 1"),
    ("Gather", [[0, 2]], {"axis": 1}, "on axis 1"),
    ("Expand", [[2, 8, 4]], {}, "with these settings"),
    ("Pad", [[0, 0, 1, 0, 0, 1], [1.0]], {}, "with these settings"),
    ("Flatten", [], {"axis": 2}, "on axis 2"),
    ("Concat", [(1, 1, 4)], {"axis": 1}, "on axis 1"),
    ("GRU", [(1, 6, 4), (1, 6, 2)], {"layout": 1}, "with these settings"),
    *(
        ("LSTM", [(1, 8, 4), (1, 8, 2)], {"layout": 1, **given}, "with these settings")
        for given in ({"direction": "reverse"}, {"clip": 2.0}, {"input_forget": 1},
                      {"activations": ["HardSigmoid", "Tanh", "Tanh"]})
    ),
]  # fmt: skip

NO_NODE: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    "pads below 0": (
        ("Conv", (1, 3, 8, 8), (8, 3, 3, 3)), {"pads": [-1, -1, -1, -1]},
        "node n: conv: padding is -1, -1, -1, -1; whole numbers of 0 or more are expected",
    ),
    "a group that is no whole number": (
        ("Conv", (1, 3, 8, 8), (8, 3, 3, 3)), {"group": 2.5},
        "node n: conv: groups is 2.5; whole numbers of 1 or more are expected",
    ),
    "strides in letters": (
        ("Conv", (1, 3, 8, 8), (8, 3, 3, 3)), {"strides": "abc"},
        "node n: Conv: strides is 'abc'; a number is expected",
    ),
    "an axis that is not there": (
        ("Split", (1, 4, 8, 8)), {"axis": 9, "outputs": 2}, "node n: Split: axis 9 is not one of its input's 4 axes",
    ),
    "an axis to squeeze that is not there": (
        ("Squeeze", (1, 4, 1, 1), [7]), {}, "node n: Squeeze: axis 7 is not one of its input's 4 axes",
    ),
    "an axis of the output that is not there": (
        ("Unsqueeze", (1, 8), [9]), {}, "node n: Unsqueeze: axis 9 is not one of its output's 3 axes",
    ),
    "a kernel that is a number": (
        ("MaxPool", MAP), {"kernel_shape": 2.5},
        "node n: maxpool: kernel is 2.5; whole numbers of 1 or more are expected",
    ),
    "a weight without a kernel": (
        ("Conv", MAP, (4, 8)), {}, "cnncalc has no kind for Conv with a weight of 4x8, without a kernel ×1 (node n)",
    ),
    "a vector without its batch": (
        ("Reshape", (1, 8), [2, 4]), {},
        "cnncalc has no kind for sizes 2x4, whose first is not the batch ×1 (output y)",
    ),
    "a vector of other values": (
        ("Reshape", (1, 8), [1, 2, 5]), {}, "cnncalc has no kind for reshape of 1x8 to 1x2x5 ×1 (node n)",
    ),
    "an operator without a name": (("", MAP), {}, "cnncalc has no kind for an operation without a name ×1 (node n)"),
    "scales of another rank": (
        ("Resize", (1, 4, 8, 8), [], [1.0, 1.0, 2.0, 2.0, 2.0]), {}, "cnncalc has no kind for Resize with these "
        "settings ×1 (node n)",
    ),
    "a mode that is no word": (
        ("Resize", (1, 4, 8, 8), [], [1.0, 1.0, 2.0, 2.0]), {"mode": 1},
        "node n: Resize: mode is 1; a word is expected",
    ),
    "axes that are words": (
        ("ReduceMean", (1, 4, 8, 8)), {"axes": "two"}, "node n: ReduceMean: axes is 'two'; a number is expected",
    ),
    "the batch as axis": (
        ("Softmax", (1, 4, 8, 8)), {"axis": 0}, "cnncalc has no kind for Softmax on axis 0 ×1 (node n)",
    ),
    "a constant of another shape": (
        ("Add", (1, 4, 8, 8), (1, 4, 8, 1)), {}, "cnncalc has no kind for Add with a constant of 1x4x8x1 ×1 (node n)",
    ),
    **{f"{word} {given}": ((word, (1, 8, 4), *weights), given, f"cnncalc has no kind for {word} {words} ×1 (node n)")
       for word, weights, given, words in NO_SETTINGS},
    "a weight for other channels": (
        ("Gemm", (1, 8), (6, 4)), {}, "node n: the weight 6x4 is for 6 channels, but 8 enter",
    ),
    "a size that is too large": (
        ("Relu", (1, 3, 2**62, 8)), {},
        "input x: the shape of input 'x' is 3x4611686018427387904x8, which is too large",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("node", "attributes", "message"), NO_NODE.values(), ids=NO_NODE)
def test_a_node_of_onnx_that_is_refused(node: tuple[Any, ...], attributes: dict[str, Any], message: str) -> None:
    pytest.importorskip("onnx")
    with pytest.raises(SpecError) as refused:
        imported(onnx(*node, **attributes))
    assert refused.value.lines() == [f"net:1:1: {message} (unreadable)"]
