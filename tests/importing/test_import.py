"""Model files as specs: each small file of a format gives the spec that a person reads out of it."""

import json
import random
import time
from contextlib import suppress
from io import BytesIO
from math import prod
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from every import for_every
from importing.making import archive, keras, pt2
from running import SOON, Run

from cnncalc.errors import SpecError
from cnncalc.importing.files import import_text, is_model
from cnncalc.importing.model import ModelGraph, ModelNode
from cnncalc.importing.passes import simplified
from cnncalc.language.source import Source
from cnncalc.rewriting.format import format_spec
from cnncalc.shapes import Shape

CASES = Path(__file__).parent / "cases"
FILES = sorted(path for path in CASES.iterdir() if path.suffix != ".yaml")

PT2 = pt2(
    {
        "p_conv": (8, 3, 3, 3), "p_bn": (8,), "b_mean": (8,), "b_var": (8,), "p_norm": (8,), "p_fc": (10, 8),
        "p_fc_b": (10,), "p_wide": (32, 8), "p_narrow": (8, 32), "p_gamma": (8, 1, 1), "x": (1, 3, 16, 16),
        **dict.fromkeys(("conv", "bn", "relu", "shuffle", "last", "norm"), (1, 8, 8, 8)),
        **dict.fromkeys(("narrow", "first", "scaled", "sum"), (1, 8, 8, 8)),
        "view": (1, 2, 4, 8, 8), "swap": (1, 4, 2, 8, 8), "wide": (1, 8, 8, 32), "gelu": (1, 8, 8, 32),
        "pool": (1, 8, 1, 1), "flat": (1, 8), "fc": (1, 10),
    },
    [
        ("conv", "conv2d.default", {"input": "x", "weight": "p_conv", "bias": None, "stride": [2, 2], "padding": [1]}),
        ("bn", "batch_norm.default", {"input": "conv", "weight": "p_bn", "bias": "p_bn", "running_mean": "b_mean",
                                      "running_var": "b_var"}),
        ("relu", "relu_.default", {"self": "bn"}),
        ("view", "view.default", {"self": "relu", "size": [1, 2, 4, 8, 8]}),
        ("swap", "transpose.int", {"self": "view", "dim0": 1, "dim1": 2}),
        ("shuffle", "reshape.default", {"self": "swap", "shape": [1, 8, 8, 8]}),
        ("last", "permute.default", {"self": "shuffle", "dims": [0, 2, 3, 1]}),
        ("norm", "layer_norm.default", {"input": "last", "normalized_shape": [8], "weight": "p_norm", "eps": 1e-6}),
        ("wide", "linear.default", {"input": "norm", "weight": "p_wide"}),
        ("gelu", "gelu.default", {"self": "wide"}),
        ("narrow", "linear.default", {"input": "gelu", "weight": "p_narrow"}),
        ("first", "permute.default", {"self": "narrow", "dims": [0, 3, 1, 2]}),
        ("scaled", "mul.Tensor", {"self": "p_gamma", "other": "first"}),
        ("sum", "add.Tensor", {"self": "scaled", "other": "shuffle"}),
        ("pool", "adaptive_avg_pool2d.default", {"self": "sum", "output_size": [1, 1]}),
        ("flat", "flatten.using_ints", {"self": "pool", "start_dim": 1}),
        ("fc", "linear.default", {"input": "flat", "weight": "p_fc", "bias": "p_fc_b"}),
    ],
    "fc",
)  # fmt: skip
"""A convolution, a channel shuffle, half a ConvNeXt block with its scale, and a classifier."""

PT2_SPEC = """\
# Imported from a torch.export file.

input: {C: 3, H: 16, W: 16}
defaults:
  conv: {padding: half, bias: false}
  layernorm: {center: false, eps: 1e-6}
layers:
- {name: conv, conv: 8, kernel: 3, stride: 2, norm: bn, activation: relu, out: 8x8x8}
- {name: shuffle_2, shuffle: 2}
- {name: norm, layernorm}
- {name: wide, conv: 32, kernel: 1, activation: gelu}
- {name: narrow, conv: 8, kernel: 1}
- {name: scaled, scale, bias: false,                                   out: 8x8x8}
- {name: sum, add: [prev, shuffle_2],                                  out: 8x8x8}
- {name: pool, global_avgpool,                                         out: 8x1x1}
- flatten
- {name: fc, fc: 10,                                                   out: 10}
expect: {params: 842, buffers: 16}
"""
# 216 + 8 + 8 (both of bn are one tensor here) + 256 + 256 + 8 + 80 + 10 is what the file has.


@for_every(FILES, lambda path: path.name)
def test_a_file_gives_its_spec(path: Path) -> None:
    text = import_text(path.name, path.read_bytes(), flat=True)
    assert text == path.with_suffix(".yaml").read_text("utf-8")
    assert format_spec(Source("spec.yaml", text)) == text


def test_what_torch_writes_as_views_is_told_by_its_name() -> None:
    assert import_text("net.pt2", PT2, flat=True) == PT2_SPEC


def test_the_shapes_of_a_file_are_claims_that_a_check_compares(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "net.pt2"
    values = {"p_fc": (10, 8), "x": (1, 8), "fc": (1, 11)}
    path.write_bytes(pt2(values, [("fc", "linear.default", {"input": "x", "weight": "p_fc"})], "fc"))
    result = run("check", str(path))
    assert result.exit_code == 1
    assert "11" in result.stdout
    assert "10" in result.stdout


@pytest.mark.parametrize(
    "command", [["show"], ["check"], ["verify"], ["explain"], ["reconcile"], ["diff"]], ids=" ".join
)
def test_a_command_takes_a_model_file(run: Run, command: list[str]) -> None:
    files = [str(CASES / "caffe.prototxt"), *([str(CASES / "caffe.yaml")] if command == ["diff"] else [])]
    assert run(*command, *files).exit_code == 0


def test_fmt_says_what_writes_the_spec_of_a_model_file(run: Run) -> None:
    result = run("fmt", str(CASES / "darknet.cfg"))
    assert result.exit_code == 2
    assert "is a model file, and fmt takes specs; 'cnncalc import " in result.stderr


def test_what_is_assumed_of_a_printout_is_said_beside_its_figures(run: Run) -> None:
    said = run("show", str(CASES / "printed.txt")).stderr
    assert "note: assumed: the size of the input; give --input to say another one\n" in said


def test_a_printed_norm_without_an_offset_has_none() -> None:
    text = "Net(\n  (a): Conv2d(3, 4, kernel_size=(3, 3))\n  (b): BatchNorm2d(4, affine=True, bias=False)\n)\n"
    assert "\n  bn: {center: false}\n" in import_text("net.txt", text.encode())


def test_a_model_may_come_from_standard_input(run: Run) -> None:
    assert "8x8x8" in run("show", "-", "--format", "csv", stdin=(CASES / "caffe.prototxt").read_text()).stdout
    source = "import torch.nn as nn\nn = nn.Sequential(nn.Conv2d(3, 8, 3))\n"
    assert "8x6x6" in run("show", "-", "--input", "3x8x8", "--format", "csv", stdin=source).stdout
    assert "give it as --input 3x224x224" in run("show", "-", stdin=source).stderr


def test_import_prints_a_spec(run: Run) -> None:
    assert run("import", "--flat", str(CASES / "darknet.cfg")).stdout == (CASES / "darknet.yaml").read_text("utf-8")


def onnx_file() -> bytes:
    """A file as torch's first exporter writes it: sizes of a reshape are computed, silu is two nodes, bn is folded."""
    from onnx import TensorProto, helper

    def weight(name: str, *dims: int) -> TensorProto:
        return helper.make_tensor(name, TensorProto.FLOAT, dims, [0.0] * prod(dims))

    def whole(name: str, *numbers: int) -> TensorProto:
        return helper.make_tensor(name, TensorProto.INT64, [len(numbers)], numbers)

    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], "/stem/0/Conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["c"], ["s"], "/stem/1/Sigmoid"),
        helper.make_node("Mul", ["c", "s"], ["silu"], "/stem/1/Mul"),
        helper.make_node("Clip", ["silu", "low", "high"], ["r"], "/stem/2/Clip"),
        helper.make_node("AveragePool", ["r"], ["same"], "/pool", kernel_shape=[1, 1]),
        helper.make_node("ReduceMean", ["same"], ["p"], "/mean", axes=[2, 3], keepdims=1),
        helper.make_node("Shape", ["p"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"]),
        helper.make_node("Concat", ["batch", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["p", "target"], ["v"], "/Reshape"),
        helper.make_node("MatMul", ["v", "m"], ["f"], "/fc/MatMul"),
        helper.make_node("Add", ["f", "o"], ["y"], "/fc/Add"),
    ]
    limits = [helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in (("low", 0.0), ("high", 6.0))]
    numbers = [whole("zero", 0), whole("rest", -1)]
    weights = [weight("w", 8, 3, 3, 3), weight("b", 8), weight("m", 8, 10), weight("o", 10)]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 3, 8, 8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 10])
    content: bytes = helper.make_model(
        helper.make_graph(nodes, "net", [x], [y], [*weights, *limits, *numbers])
    ).SerializeToString()
    return content


def test_an_onnx_file_gives_its_spec() -> None:
    pytest.importorskip("onnx")
    assert import_text("net.onnx", onnx_file(), flat=True) == ONNX_SPEC


ONNX_SPEC = """\
# Imported from an ONNX file.
# a pool with a window of 1 is left out (node /pool)
# no batch norm is in the file: if the network had some, its exporter folded them into convolutions

name: net
input: {C: 3, H: 8, W: 8}
layers:
- {name: stem_0, conv: 8, kernel: 3, padding: half, activation: silu}
- {name: stem_2, relu6}
- {name: mean, global_avgpool}
- flatten
- {name: fc, fc: 10}
"""


def test_an_unknown_operation_that_reads_nothing_is_in_no_partial_spec() -> None:
    nodes = [("a", "no.default", {}), ("b", "relu.default", {"self": "x"})]
    content = pt2({"x": (1, 8), "a": (1, 8), "b": (1, 8)}, nodes, "a")
    for partial in (False, True):
        with pytest.raises(SpecError, match="cnncalc has no kind for no.default ×1"):
            import_text("net", content, partial=partial)


def test_a_weight_of_torch_that_is_read_twice_is_one_weight() -> None:
    values = {"p_w": (8, 8), "x": (1, 8), "a": (1, 8), "b": (1, 8), "c": (1, 8)}
    nodes = [(name, "linear.default", {"input": x, "weight": "p_w"}) for name, x in zip("abc", "xab", strict=True)]
    assert import_text("net", pt2(values, nodes, "c")) == SHARED


SHARED = """\
# Imported from a torch.export file.

input: {C: 8}
defaults:
  fc: {bias: false}
layers:
- {name: a, fc: 8,                                                     out: 8}
- {name: b, fc: 8, weights: a,                                         out: 8}
- {name: c, fc: 8, weights: a,                                         out: 8}
expect: {params: 64}
"""


UNKNOWN = pt2(
    {"x": (1, 3, 8, 8), "a": (1, 3, 8, 8), "b": (1, 3, 8, 8), "c": (1, 3)},
    [
        ("a", "bogus.default", {"self": "x"}),
        ("b", "bogus.default", {"self": "a"}),
        ("c", "nms.default", {"self": "b"}),
    ],
    "c",
)

PARTIAL = """\
# Imported from a torch.export file.

input: {C: 3, H: 8, W: 8}
layers:
- {opaque: "bogus.default",                                            out: 3x8x8}
- {opaque: "bogus.default",                                            out: 3x8x8}
- {opaque: "nms.default",                                              out: 3}
"""


def test_what_is_not_known_can_be_imported_as_opaque(run: Run, folder: Path) -> None:
    (folder / "net.pt2").write_bytes(UNKNOWN)
    assert run("import", "net.pt2").exit_code == 1
    assert run("import", "net.pt2", "--partial").stdout == PARTIAL


REFUSED = {
    "unknown operations": (UNKNOWN, [
        "net:1:1: cnncalc has no kind for bogus.default ×2 (node a, node b) (unreadable)",
        "net:1:1: cnncalc has no kind for nms.default ×1 (node c) (unreadable)",
    ]),
    "a pickle": (archive({"net/data.pkl": ""}), [
        "net:1:1: this is a pickle, as of torch.save, which could run code; export the model with "
        "torch.export.save(torch.export.export(model, inputs), file) (unreadable)",
    ]),
    "another archive": (archive({"word/document.xml": ""}), [
        "net:1:1: the archive has neither models/model.json (torch.export) nor config.json (Keras) (unreadable)",
    ]),
    "a later schema": (archive({"net/models/model.json": '{"schema_version": {"major": 99}}'}), [
        "net:1:1: version 99 of torch.export's schema is not known; 5 to 8 are (unreadable)",
    ]),
    "unequal shapes": (
        b"[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=3\nsize=1\nactivation=linear\n"
        b"[maxpool]\nsize=2\nstride=2\n[shortcut]\nfrom=-2\n",
        ["net:12:1: add: the inputs 3x4x4 and 3x8x8 must have the same shape (unreadable)"],
    ),
    "a layer that is not there": (
        b"[net]\nwidth=8\nheight=8\nchannels=3\n[route]\nlayers=-5\n",
        ["net:6:1: layers=-5 is not a layer above this one (unreadable)"],
    ),
    "a message that never ends": (b'layer {\n  name: "a"\n', [
        "net:1:1: what starts here has no end (unreadable)"]),
    "braces without end": (b"layer {" * 60, ["net:1:350: more than 50 nested braces (unreadable)"]),
    "brackets without end": (b'{"class_name": "Model", "config":' + b"[" * 200_000, [
        "net:1:1: brackets are nested too deeply, or a number is too long (unreadable)",
    ]),
    "an open size in a table": (
        b"Layer (type)  Output Shape  Param #\nx (InputLayer)\t(None, None, 3)\t0\n",
        ["net:2:1: the shape (None, None, 3) is left open; print the summary of a model whose input has sizes "
         "(unreadable)"],
    ),
    "a size below 1 in a table": (
        b"Layer (type)  Output Shape  Param #\nLinear-1  [1, 320]  0\nLinear-2  [1, -1]  510\nLinear-3  [1, 4]  510\n",
        ["net:3:1: the output of Linear has a size of -1; 1 or more is expected (unreadable)"],
    ),
    "a row that is not there": (
        b"Layer (type)  Output Shape  Param #  Connected to\nx (InputLayer)\t(None, 3)\t0\t\n"
        b"d (Dense)\t(None, 2)\t8\ty[0][0]\n",
        ["net:3:1: 'y' is not a row above this one (unreadable)"],
    ),
    "no shape in Darknet": (
        b"[net]\nchannels=3\n[maxpool]\nsize=2\n",
        ["net:1:1: the shape of the input (channels, height and width) is not in the file; give it as --input CxHxW "
         "(unreadable)"],
    ),
    "too many operations": (
        b"[net]\nwidth=8\nheight=8\nchannels=3\n" + b"[dropout]\n" * 50_001,
        ["net:1:1: 50,001 operations; a network has no more than 50,000 (unreadable)"],
    ),
    "too many edges": (
        b"[net]\nwidth=8\nheight=8\nchannels=3\n[dropout]\n[route]\nlayers=-1" + b",-1" * 200_000,
        ["net:6:1: more than 50,000 operations, or more than 200,000 values that they read; a network has fewer "
         "(unreadable)"],
    ),
    "too long a text": (b"[net]\n" + b"\n" * 4_000_000, ["net:1:1: the text is larger than 4 MB (unreadable)"]),
    "too many words": (b'layer { a: "' + b"a" * 99_999 + b'"' + b" b: 1" * 200_000, [
        "net:1:500005: more than 400,000 words and blanks; a network has fewer (unreadable)"]),
    "too many values": (b'{"class_name": "Model", "config": [' + b"[]," * 600_000 + b"[]]}", [
        "net:1:1: the text has more than 1,000,000 values (unreadable)"]),
    "layers from the last to the first": (
        json.dumps({"class_name": "Functional", "config": {"layers": [
            {"class_name": "InputLayer", "name": "r3000", "config": {"batch_shape": [None, 8, 8, 3]}},
            *({"class_name": "ReLU" if n else "Bogus", "name": f"r{n}", "config": {},
               "inbound_nodes": [[[f"r{n + 1}", 0, 0]]]} for n in range(3000))]}}).encode(),
        ["net:1:1: cnncalc has no kind for Bogus ×1 (layer r0) (unreadable)"],
    ),
    "a shape of millions": (
        keras(("Reshape", {"target_shape": [10**18] * 90_000}), shape=(8, 8, 3)),
        ["net:1:1: cnncalc has no kind for Reshape to 17 axes ×1 (layer a) (unreadable)"],
    ),
    "settings with many commas": (
        b"Net(\n  (a): Conv2d(" + b"1, " * 100_000 + b"kernel_size=x)\n  (b): Softmax(eps=1)\n  (c): Bogus()\n)\n",
        ["net:4:1: cnncalc has no kind for Bogus ×1 (line 4) (unreadable)"],
    ),
    "two values for one": (
        b'layer { name: "d" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }\n'
        b'layer { name: "r" type: "ReLU" bottom: "x" bottom: "x" top: "y" }\n',
        ["net:2:1: relu: 2 values enter; it reads 1 (unreadable)"],
    ),
    "digits without end": (b"Layer (type) Output Shape Param #\nReLU-1 [-1, 8, 8, 8] " + b"9" * 5000, [
        "net:1:1: '9999999999999999999999999999999999999999' is neither a number of params nor a size of a shape "
        "(unreadable)"]),
    "a table without rows": (b"Layer (type)  Output Shape  Param #\n", [
        "net:1:1: the table has no rows with a shape and a number of params (unreadable)"]),
    "a table that begins with no channels": (b"Layer (type)  Output Shape  Param #\nConv2d-1  [-1, 0, 8, 8]  80\n", [
        "net:2:1: Conv2d: a size of its shape is 0; sizes are 1 or more (unreadable)"]),
    "a table whose norm has no channels": (
        b"Layer (type)  Output Shape  Param #\nConv2d-1  [-1, 4, 8, 8]  40\nBatchNorm2d-2  [-1, 0, 8, 8]  8\n",
        ["net:3:1: BatchNorm2d: a size of its shape is 0; sizes are 1 or more (unreadable)"],
    ),
    "no number": (b"Net(\n  (a): Dropout(p=x)\n)\n", ["net:2:1: Dropout: p is x; a number is expected (unreadable)"]),
    "no text for a number": (b"Net(\n  (a): Dropout(p=)\n)\n", [
        "net:2:1: Dropout: p is missing; a number is expected (unreadable)"]),
    "a layer of Caffe without a type": (
        b'input: "x" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\nlayer { name: "a" top: "a" }\n',
        ["net:2:1: a layer without type reads nothing: it has no bottom (unreadable)"],
    ),
    "no number, though float takes it": (b"Net(\n  (a): BatchNorm2d(3, eps=nan)\n)\n", [
        "net:2:1: bn: eps is nan; a number is expected (unreadable)"]),
    "no shape of the data": (
        b'layer { name: "d" type: "Data" top: "data" }\n',
        ["net:1:1: the shape of the data is not in the file; give it as --input CxHxW (unreadable)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "lines"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said_in_a_line(content: bytes, lines: list[str]) -> None:
    start = time.process_time()
    with pytest.raises(SpecError) as refused:
        import_text("net", content)
    assert refused.value.lines() == lines
    assert time.process_time() - start < SOON


SAVE = "save the model as .keras, or model.to_json() as text"
EXPORT = "export the model with torch.export.save(torch.export.export(model, inputs), file)"

FOREIGN = {
    "net.h5": (b"\x89HDF\r\n\x1a\n", f"this is an HDF5 file; {SAVE}"),
    "net.tflite": (
        b"\x1c\0\0\0TFL3",
        f"this is a TensorFlow Lite file, without its original layers; {SAVE}",
    ),
    "net.pt": (
        b"\x80\x04N.", f"this is a pickle, as of torch.save, which could run code; {EXPORT}"
    ),
    "saved_model.pb": (
        b"\x08\x01\x12\x02",
        f"this is a graph of TensorFlow; {SAVE}, or convert it to ONNX with tf2onnx",
    ),
    "net.mlmodel": (b"\x08\x04\x12\x02", "this is a Core ML model; export the model that it was made of"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), [(name, *given) for name, given in FOREIGN.items()], ids=FOREIGN)
@pytest.mark.parametrize("command", ["show", "import"])
def test_a_model_that_is_not_read_is_told_what_to_do(
    run: Run, folder: Path, command: str, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    result = run(command, name)
    assert result.exit_code == 1
    assert result.stderr == f"{name}:1:1: {words} (unreadable)\n"


def test_a_folder_of_tensorflow_is_told_what_to_do(run: Run, folder: Path) -> None:
    (folder / "saved").mkdir()
    (folder / "saved" / "saved_model.pb").write_bytes(b"")
    for command in ("show", "import"):
        assert "saved:1:1: this is a SavedModel of TensorFlow; save" in run(command, "saved").stderr


GIVEN = """\
# Imported from a Caffe file.

name: other
input: {C: 3, H: 16, W: 8}
layers:
- {name: conv1, conv: 4, kernel: 1}
"""


def test_the_input_and_the_name_may_be_given(run: Run, folder: Path) -> None:
    (folder / "net.prototxt").write_text(
        'name: "net"\nlayer { name: "d" type: "Data" top: "data" }\n'
        'layer { name: "conv1" type: "Convolution" bottom: "data" top: "c" '
        "convolution_param { num_output: 4 kernel_size: 1 } }\n"
    )
    assert run("import", "net.prototxt", "--input", "3x16x8", "--name", "other").stdout == GIVEN
    assert "is not a shape; one to four whole numbers" in run("import", "net.prototxt", "--input", "3,16,8").stderr
    given = run("import", str(CASES / "printed.txt"), "--input", "3x16x16")
    assert "printed.txt:13:1: what forward() does before this layer is not in the text" in given.stderr
    (folder / "net.pt2").write_bytes(PT2)
    assert "export the model for another input" in run("import", "net.pt2", "--input", "3x8x8").stderr


@pytest.mark.parametrize(
    ("method", "message"),
    [(ZIP_DEFLATED, "is larger than 32 MB"), (ZIP_BZIP2, "cannot be read: it is packed in a way that is not read")],
)
def test_a_member_that_unpacks_to_too_much_is_not_read(method: int, message: str) -> None:
    file = BytesIO()
    with ZipFile(file, "w", method) as bomb:
        bomb.writestr("net/models/model.json", b" " * 70_000_000)
    with pytest.raises(SpecError, match=f"'net/models/model.json' in the archive {message}"):
        import_text("net", file.getvalue())


@pytest.mark.parametrize("content", [b"\n" * 65_000, b"Net(" + b"\n" * 65_000, b"layer" + b" " * 65_000])
def test_blanks_are_no_model(content: bytes) -> None:
    start = time.process_time()
    assert not is_model(content)
    assert time.process_time() - start < SOON


ONNX_PARTS = {"nodes": b"\x0a\x00", "weights": b"\x2a\x00", "attributes of a node": b"\x2a\x00", "outputs": b"\x62\x00"}


@for_every(ONNX_PARTS)
def test_an_onnx_file_of_millions_of_empty_parts_is_not_parsed(part: str) -> None:
    pytest.importorskip("onnx")
    inside = ONNX_PARTS[part] * 1_000_000
    size = b"\x80\x89\x7a"  # 2,000,000, seven bits in each byte, the lowest first
    node = (b"\x0a" + size + inside) if "node" in part else inside
    content = b"\x08\x08\x3a" + (size if node == inside else b"\x84\x89\x7a") + node
    with pytest.raises(SpecError, match="more than 300,000 entries in one list"):
        import_text("net", content)


def test_weights_that_are_shared_with_a_layer_that_is_left_out_are_those_of_the_next() -> None:
    nodes = [ModelNode(name, "fc", {"features": 8}, ("x",), Shape(8), shares=one) for name, one in ("a ", "ba", "ca")]
    nodes[0] = nodes[0]._replace(shares="")
    graph = simplified(ModelGraph("", "ONNX", {"x": Shape(8)}, tuple(nodes), ("b", "c")))
    assert [(node.name, node.shares) for node in graph.nodes] == [("b", ""), ("c", "b")]


@for_every([*FILES, CASES / "net.pt2"], lambda path: path.name)
def test_a_damaged_file_gets_a_message(path: Path) -> None:
    """Bytes are changed, left out and doubled; the archive is made again, so that the JSON in it is what is damaged."""
    chance, whole = random.Random(1), path.read_bytes() if path.suffix != ".pt2" else _inside(PT2)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    del content[at : at + chance.randint(1, 30)]
                case 2:
                    content[at:at] = content[at : at + chance.randint(1, 200)]
                case _:
                    content[at : at + 1] = chance.choice([b"0", b"-1", b"99999999999", b"null", b"[]", b"{", b'"'])
        damaged = (
            archive({"net/models/model.json": content.decode("latin-1")}) if path.suffix == ".pt2" else bytes(content)
        )
        if is_model(damaged):
            with suppress(SpecError):
                import_text("net", damaged)


def _inside(content: bytes) -> bytes:
    from cnncalc.importing.bounds import member

    return member(content, "net/models/model.json")


def test_a_json_spec_is_no_model() -> None:
    assert not is_model(json.dumps({"input": [3, 8, 8], "layers": ["relu"]}).encode())
