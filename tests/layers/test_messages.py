"""Every refusal of a layer, with its exact words."""

import ast
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from every import for_every
from layers.cases import chw

import cnncalc.layers
from cnncalc.errors import CnnCalcError, ShapeError
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.shapes import Shape


class Refusal(NamedTuple):
    """Settings and inputs that do not fit, and what is said about them."""

    sentence: str
    kind: str
    settings: dict[str, Any]
    inputs: tuple[Shape, ...]
    message: str


REFUSALS = (
    # sizes per axis
    Refusal("a size for another number of axes", "conv", {"filters": 1, "kernel": (3, 5)}, (chw(1, 9),),
            "conv: kernel 3x5 is for 2 axes but the input has 1 (length)"),
    Refusal("a size for too few axes", "maxpool", {"kernel": (3, 5)}, (chw(1, 9, 9, 9),),
            "maxpool: kernel 3x5 is for 2 axes but the input has 3 (depth, height, width)"),
    Refusal("a size for the axes of a vector", "upsample", {"factor": (2, 2)}, (chw(7),),
            "upsample: factor 2x2 is for 2 axes but the input has 0 (none: it is a vector)"),
    Refusal("a size without numbers", "conv", {"filters": 1, "kernel": ()}, (chw(1, 9, 9),),
            "conv: kernel has no numbers; the input has 2 axes (height, width)"),
    Refusal("a padding for another number of axes", "conv", {"filters": 1, "kernel": 3, "padding": (1, 2, 3)},
            (chw(1, 9, 9),), "conv: padding 1x2x3 is for 3 axes but the input has 2 (height, width)"),
    Refusal("pairs of padding for another number of axes", "conv",
            {"filters": 1, "kernel": 3, "padding": ((0, 1), (2, 3))}, (chw(1, 9),),
            "conv: padding [[0, 1], [2, 3]] is for 2 axes but the input has 1 (length)"),
    # windows
    Refusal("a window larger than the input", "conv", {"filters": 1, "kernel": 5}, (chw(1, 9, 4),),
            "conv: window 5 is larger than the input 4"),
    Refusal("a window larger than the padded input",
            "conv", {"filters": 1, "kernel": 5, "padding": 1}, (chw(1, 1, 1),),
            "conv: window 5 is larger than the padded input 3"),
    Refusal("a dilated window larger than the input", "depthwise", {"kernel": 3, "dilation": 2}, (chw(1, 4),),
            "depthwise: window 5 (kernel 3, dilation 2) is larger than the input 4"),
    Refusal("a pool larger than the input", "avgpool", {"kernel": 8}, (chw(512, 7, 7),),
            "avgpool: window 8 is larger than the input 7"),
    Refusal("a pool with more padding than half of its window", "maxpool", {"kernel": 3, "padding": 2}, (chw(1, 9, 9),),
            "maxpool: padding 2 is more than half the window 3: some windows would hold nothing but padding"),
    Refusal("a pool with too much padding on one side", "avgpool", {"kernel": 2, "padding": ((0, 2),)}, (chw(1, 9),),
            "avgpool: padding 2 is more than half the window 2: some windows would hold nothing but padding"),
    Refusal("padding of a window without a window", "zeropad", {"padding": "same"}, (chw(1, 9, 9),),
            "zeropad: padding 'same' is for layers with a window; write how many zeros to add"),
    # channels
    Refusal("groups that divide neither channels nor filters",
            "conv", {"filters": 250, "kernel": 3, "groups": 4}, (chw(96, 13, 13),),
            "conv: groups 4 must divide both 96 input channels and 250 filters"),
    Refusal("groups that divide the filters only", "conv", {"filters": 6, "kernel": 3, "groups": 3}, (chw(4, 13, 13),),
            "conv: groups 3 must divide both 4 input channels and 6 filters"),
    Refusal("groups of a deconv that divide the channels only", "deconv", {"filters": 5, "kernel": 3, "groups": 2},
            (chw(4, 13, 13),), "deconv: groups 2 must divide both 4 input channels and 5 filters"),
    Refusal("groups of a shuffle that do not divide the channels", "shuffle", {"groups": 3}, (chw(116, 28, 28),),
            "shuffle: groups 3 must divide the 116 channels"),
    Refusal("groups of a groupnorm that do not divide the channels", "groupnorm", {"groups": 32}, (chw(48, 8, 8),),
            "groupnorm: groups 32 must divide the 48 channels"),
    Refusal("another number of slopes than channels", "prelu", {"slopes": 32}, (chw(64, 8, 8),),
            "prelu: slopes is 32, but must be 1 or the number of channels, 64"),
    Refusal("a norm over something else", "layernorm", {"over": Shape(32, (16, 15))}, (chw(32, 16, 16),),
            "layernorm: over is 32x16x15, but must be the input's shape 32x16x16 or its 32 channels"),
    Refusal("an rmsnorm over something else", "rmsnorm", {"over": Shape(16)}, (chw(32, 16, 16),),
            "rmsnorm: over is 16, but must be the input's shape 32x16x16 or its 32 channels"),
    Refusal("branches that do not divide the channels", "softmax", {"parts": 3}, (chw(64, 1, 1),),
            "softmax: parts 3 must divide the 64 channels"),
    Refusal("branches of a log_softmax that do not divide the channels", "log_softmax", {"parts": 3}, (chw(64),),
            "log_softmax: parts 3 must divide the 64 channels"),
    Refusal("an odd number of channels to halve", "glu", {}, (chw(7, 3),),
            "glu: halves the channels, but their number 7 is odd"),
    Refusal("fewer rows of connections than filters", "conv",
            {"filters": 3, "kernel": 5, "connections": ((0, 1), (1, 2))}, (chw(6, 14, 14),),
            "conv: connections has 2 rows, but there are 3 filters"),
    Refusal("connections beside groups", "conv",
            {"filters": 2, "kernel": 5, "groups": 2, "connections": ((0, 1), (1, 2))}, (chw(6, 14, 14),),
            "conv: connections and groups exclude each other; write only connections"),
    Refusal("connections to a map that there is not", "conv",
            {"filters": 2, "kernel": 5, "connections": ((0, 1), (6, 2))}, (chw(6, 14, 14),),
            "conv: connections of filter 2 name map 6, but the 6 input maps are 0 to 5"),
    Refusal("an empty slice", "slice", {"channels": (2, 2)}, (chw(4, 8, 8),),
            "slice: channels 2..2 hold nothing: the last is not included"),
    Refusal("a slice past the last channel", "slice", {"channels": (58, 117)}, (chw(116, 28, 28),),
            "slice: channels 58..117 are not within the input's 0..116"),
    Refusal("a slice of nothing", "slice", {}, (chw(4, 8, 8),),
            "slice: the range is missing; write {slice: 0..in/2} for channels or {slice: {H: 0..4}}"),
    Refusal("a slice past the last row", "slice", {"H": (4, 9)}, (chw(4, 8, 8),),
            "slice: H 4..9 is not within the input's 0..8"),
    Refusal("an empty slice of columns", "slice", {"W": (4, 4)}, (chw(4, 8, 8),),
            "slice: W 4..4 holds nothing: the last is not included"),
    Refusal("a slice along an axis that there is not", "slice", {"L": (0, 1)}, (chw(4, 8, 8),),
            "slice: the input 4x8x8 has no L; its axes are C, H, W"),
    # blocks
    Refusal("blocks that do not divide the width", "space_to_depth", {"block_size": 2}, (chw(64, 26, 27),),
            "space_to_depth: block_size 2 must divide the width 27; pad or crop the map to a multiple"),
    Refusal("blocks that the channels do not fill", "depth_to_space", {"block_size": (2, 3)}, (chw(64, 13, 13),),
            "depth_to_space: the 6 values of a block of 2x3 must divide the 64 channels"),
    # unpooling
    Refusal("a value that is not of the pool's size", "unpool", {"kernel": 2}, (chw(64, 13, 15), chw(64, 24, 30)),
            "unpool: the input 64x13x15 must have the shape of the pool's output, 64x12x15"),
    Refusal("a value of other channels than the pool's", "unpool", {"kernel": 2}, (chw(32, 12, 15), chw(64, 24, 30)),
            "unpool: the input 32x12x15 must have the shape of the pool's output, 64x12x15"),
    Refusal(
        "an unpooling of windows that overlap",
        "unpool",
        {"kernel": 3, "stride": (3, 2)},
        (chw(96, 9, 13), chw(96, 27, 27)),
        "unpool: the pool's windows of 3 overlap at stride 2, so that two values could go back to one position; "
        "a stride of 3 or more keeps them apart",
    ),
    # transposed convolution
    Refusal("output_size beside output_padding", "deconv",
            {"filters": 1, "kernel": 3, "stride": 2, "output_size": 8, "output_padding": 1}, (chw(1, 4, 4),),
            "deconv: output_size and output_padding both say how large the output is; keep one"),
    Refusal("an output_size that no output_padding gives", "deconv",
            {"filters": 1, "kernel": 3, "stride": 2, "output_size": (9, 11)}, (chw(1, 4, 4),),
            "deconv: output_size 11 is not one of 9 to 10"),
    Refusal("maximum of other sizes", "maximum", {}, (chw(4, 5), chw(4, 6)),
            "maximum: the inputs 4x5 and 4x6 must have the same sizes, or size 1"),
    Refusal("minimum of other sizes", "minimum", {}, (chw(4, 5), chw(4, 6)),
            "minimum: the inputs 4x5 and 4x6 must have the same sizes, or size 1"),
    Refusal("average of other sizes", "average", {}, (chw(4, 5), chw(4, 6)),
            "average: the inputs 4x5 and 4x6 must have the same sizes, or size 1"),
    Refusal("quotient of other sizes", "divide", {}, (chw(4, 5), chw(4, 6)),
            "divide: the inputs 4x5 and 4x6 must have the same sizes, or size 1"),
    Refusal("difference of other sizes", "subtract", {}, (chw(4, 5), chw(4, 6)),
            "subtract: the inputs 4x5 and 4x6 must have the same sizes, or size 1"),
    Refusal("a reflection of more than the map", "conv",
            {"filters": 1, "kernel": 7, "padding": 3, "padding_mode": "reflect"}, (chw(1, 9, 3),),
            "conv: mode reflect can add 0 to 2 values to an axis of 3, not 3 and 3"),
    Refusal("a padding that cuts everything", "zeropad", {"padding": -2}, (chw(1, 9, 4),),
            "zeropad: the padding [[-2, -2], [-2, -2]] leaves nothing of the map 1x9x4"),
    Refusal("a padding that adds as much as it cuts of too little", "zeropad", {"padding": ((-2, 2),)}, (chw(1, 1),),
            "zeropad: the padding [[-2, 2]] leaves nothing of the map 1x1"),
    Refusal("a crop that cuts everything", "crop", {"size": ((1, 2), (0, 4))}, (chw(1, 9, 4),),
            "crop: [[1, 2], [0, 4]] leaves nothing of the map 1x9x4"),
    Refusal("a depthwise reflection of more than the map", "depthwise",
            {"kernel": 7, "padding": 3, "padding_mode": "reflect"}, (chw(1, 9, 3),),
            "depthwise: mode reflect can add 0 to 2 values to an axis of 3, not 3 and 3"),
    Refusal("neither a factor nor a size", "resize", {}, (chw(4, 5, 6),),
            "resize needs either a factor or a size"),
    Refusal("nearest with aligned corners", "resize", {"size": 8, "align_corners": True}, (chw(4, 5),),
            "resize: align_corners is for modes that interpolate; leave it out, or write mode: bilinear"),
    Refusal("a celu without a scale", "celu", {"alpha": 0.0}, (chw(4),),
            "celu: values are divided by alpha, which is 0; write relu instead, the limit for small alpha"),
    Refusal("limits the wrong way round", "hardtanh", {"low": 1.0, "high": -0.5}, (chw(4),),
            "hardtanh: low 1 is above high -0.5: no value lies between them"),
    Refusal("bicubic of a signal", "upsample", {"factor": 2, "mode": "bicubic"}, (chw(4, 5),),
            "upsample: mode bicubic is for images, but the input is 4x5"),
    Refusal("a factor that leaves nothing", "resize", {"factor": 0.1}, (chw(4, 5),),
            "resize: the factor leaves nothing of the map 4x5"),
    Refusal("maps of other inner sizes to multiply", "matmul", {}, (chw(4, 5, 6), chw(4, 5, 7)),
            "matmul: the rows of 4x5x6 have 6 values, the columns of 4x5x7 have 5; the two must be equal"),
    Refusal("three matrices to multiply", "matmul", {}, (chw(4, 5), chw(5, 6), chw(6, 7)),
            "matmul needs two matrices, not 4x5, 5x6 and 6x7"),
    Refusal("a causal conv of an image", "conv", {"filters": 1, "kernel": 3, "padding": "causal"}, (chw(1, 8, 8),),
            "conv: padding causal is for sequences; an image has no past, write the padding in numbers"),
    Refusal("a causal deconv", "deconv", {"filters": 1, "kernel": 3, "padding": "causal"}, (chw(1, 9),),
            "deconv: padding: causal is for conv; write the padding that the output is cropped by"),
    Refusal("output_padding as large as stride and dilation", "deconv",
            {"filters": 1, "kernel": 3, "stride": (3, 2), "output_padding": 2}, (chw(1, 4, 4),),
            "deconv: output_padding 2 must be smaller than stride 2 or dilation 1"),
    Refusal("a deconv whose padding crops everything", "deconv", {"filters": 1, "kernel": 3, "padding": 2},
            (chw(1, 1, 1),),
            "deconv: padding 2 + 2 leaves nothing of the output 3; padding is what a transposed convolution crops"),
    # other shapes
    Refusal("an fc after a map",
            "fc", {"features": 4096}, (chw(96, 55, 55),),
            "fc needs a vector; put '- flatten' before it (96x55x55 -> 290400)"
            ", or write '{conv: 4096, kernel: 1}' to act at each position"),
    Refusal("heads that leave channels over", "attention", {"heads": 3}, (chw(8, 5),),
            "attention: heads 3 must divide the 8 channels; else write head_size"),
    Refusal("a window beside a memory", "attention", {"heads": 2, "window": 2}, (chw(8, 5), chw(8, 5)),
            "attention: window and relative are for the positions of one map; leave them out, or memory"),
    Refusal("a window moved by more than itself", "attention", {"heads": 2, "window": 2, "shift": (1, 2)},
            (chw(8, 6, 6),), "attention: shift 1x2 must be smaller than window 2x2"),
    Refusal("a grid without a window", "attention", {"heads": 2, "grid": True}, (chw(8, 6, 6),),
            "attention: grid needs a window on each axis, and no shift"),
    Refusal("tokens before a map", "tokens", {}, (chw(8, 6, 6),),
            "tokens needs a sequence CxL, but 8x6x6 enters; put '- {flatten: spatial}' before it"),
    Refusal("an embedding of a map", "embedding", {"ids": 9, "size": 2}, (chw(1, 6),),
            "embedding needs a vector of ids, but 1x6 enters; write 'input: {L: N}' for N ids"),
    Refusal("an order of other axes", "permute", {"order": ("L", "C")}, (chw(3, 6, 6),),
            "permute: the axes of 3x6x6 are C, H, W; the order L, C does not name each of them once"),
    Refusal("an lstm after an image", "lstm", {"units": 5}, (chw(3, 8, 8),),
            "lstm needs a sequence CxL, but 3x8x8 enters; put '- {flatten: spatial}' before it"),
    Refusal("an rnn after a volume", "rnn", {"units": 5}, (chw(3, 4, 8, 8),),
            "rnn needs a sequence CxL, but 3x4x8x8 enters; put '- {flatten: spatial}' before it"),
    Refusal("an lstm with three biases", "lstm", {"units": 5, "biases": 3}, (chw(3, 8),),
            "lstm: biases is 3, but must be 1 (Keras), 2 (PyTorch) or 0"),
    Refusal("a gru after the last state of another", "gru", {"units": 5}, (chw(3),),
            "gru needs a sequence CxL, but 3 enters; the layer before it may need 'steps: all'"),
    Refusal("a crop that is larger on one axis", "crop", {"size": 8}, (chw(3, 6, 9),),
            "crop: size 8x8 is larger than the input 6x9"),
    Refusal("a reshape to another number of values", "reshape", {"size": Shape(3, (2, 2))}, (chw(4, 4),),
            "reshape: size 3x2x2 holds 12 values, but the input 4x4 has 16"),
    # merges
    Refusal("a sum of a map and a vector", "add", {}, (chw(3, 4, 4), chw(3)),
            "add: the inputs 3x4x4 and 3 have different numbers of axes"),
    Refusal("a product of a map and a gate", "mul", {}, (chw(3, 4, 4), chw(3)),
            "mul: the inputs 3x4x4 and 3 have different numbers of axes; put '- {reshape: 3x1x1}' after the vector"),
    Refusal("a sum of maps of two sizes", "add", {}, (chw(3, 4, 4), chw(3, 4, 4), chw(3, 4, 5)),
            "add: the inputs 3x4x4, 3x4x4 and 3x4x5 must have the same shape"),
    Refusal("a centred sum of other channels", "add", {"align": "center"}, (chw(3, 4, 4), chw(2, 4, 4)),
            "add: the inputs 3x4x4 and 2x4x4 must have the same shape"),
    Refusal("a product of sizes that cannot be repeated", "mul", {}, (chw(3, 4, 4), chw(2, 1, 1)),
            "mul: the inputs 3x4x4 and 2x1x1 must have the same sizes, or size 1"),
    Refusal(
        "a concatenation of maps of two sizes",
        "concat",
        {},
        (chw(512, 64, 64), chw(512, 56, 56)),
        "concat: the maps of 512x64x64 and 512x56x56 differ in size, "
        "and concat joins channels only; crop or pad the maps; 'align: center' of concat crops the larger",
    ),
    Refusal("a concatenation of a map and a signal", "concat", {"align": "center"}, (chw(1, 4, 4), chw(1, 16)),
            "concat: the inputs 1x4x4 and 1x16 have different numbers of axes"),
)  # fmt: skip

NEEDING_A_MAP: dict[str, dict[str, Any]] = {
    "attention": {"heads": 2},
    "positions": {},
    "flatten": {"axes": "spatial"},
    "conv": {"filters": 3, "kernel": 3},
    "deconv": {"filters": 3, "kernel": 3},
    "depthwise": {"kernel": 3},
    "local": {"filters": 3, "kernel": 3},
    "maxpool": {"kernel": 3},
    "avgpool": {"kernel": 3},
    "global_avgpool": {},
    "global_maxpool": {},
    "adaptive_avgpool": {"size": 3},
    "adaptive_maxpool": {"size": 3},
    "upsample": {"factor": 2},
    "zeropad": {"padding": 1},
    "crop": {"size": 3},
    "space_to_depth": {"block_size": 2},
    "depth_to_space": {"block_size": 2},
}
VECTORS = tuple(
    Refusal(
        f"{kind} of a vector",
        kind,
        settings,
        (chw(784),),
        f"{kind} needs a map with spatial axes, but its input is a vector of 784; "
        "put '- {reshape: CxHxW}' before it, or give input: its H and W",
    )
    for kind, settings in NEEDING_A_MAP.items()
)


def refused(refusal: Refusal) -> pytest.ExceptionInfo[ShapeError]:
    kind, rank = LAYERS[refusal.kind], refusal.inputs[0].rank
    with pytest.raises(ShapeError) as caught:
        make(kind, rank, **refusal.settings).output_shape(*refusal.inputs)
    return caught


@pytest.mark.parametrize("refusal", REFUSALS + VECTORS, ids=lambda refusal: refusal.sentence)
def test_a_refusal_has_these_words(refusal: Refusal) -> None:
    error = refused(refusal).value
    assert error.about(refusal.kind) == refusal.message
    assert error.about(refusal.kind) in (f"{refusal.kind}: {error}", f"{refusal.kind} {error}")


@for_every(LAYERS)
def test_a_docstring_says_that_a_kind_refuses_something(kind: str) -> None:
    refuses = any(refusal.kind == kind for refusal in REFUSALS + VECTORS)
    assert bool(re.search(r"^ *Raises:", LAYERS[kind].__doc__ or "", re.M)) == refuses


IN_HWC = {
    "an fc after a map": "fc needs a vector; put '- flatten' before it (55x55x96 -> 290400)"
    ", or write '{conv: 4096, kernel: 1}' to act at each position",
    "a reshape to another number of values": "reshape: size 2x2x3 holds 12 values, but the input 4x4 has 16",
    "a sum of a map and a vector": "add: the inputs 4x4x3 and 3 have different numbers of axes",
    "a product of a map and a gate": "mul: the inputs 4x4x3 and 3 have different numbers of axes; "
    "put '- {reshape: 1x1x3}' after the vector",
    "a sum of maps of two sizes": "add: the inputs 4x4x3, 4x4x3 and 4x5x3 must have the same shape",
    "a product of sizes that cannot be repeated": "mul: the inputs 4x4x3 and 1x1x2 must have the same sizes, or size 1",
    "a concatenation of maps of two sizes": "concat: the maps of 64x64x512 and 56x56x512 differ in size, "
    "and concat joins channels only; crop or pad the maps; 'align: center' of concat crops the larger",
    # sizes of axes only: the same in every layout
    "a value of other channels than the pool's": "unpool: the input 12x15x32 must have the shape "
    "of the pool's output, 12x15x64",
    "a crop that is larger on one axis": "crop: size 8x8 is larger than the input 6x9",
    "a window larger than the padded input": "conv: window 5 is larger than the padded input 3",
}


@pytest.mark.parametrize("sentence", IN_HWC)
def test_a_refusal_writes_shapes_in_the_layout_of_the_spec(sentence: str) -> None:
    (refusal,) = (refusal for refusal in REFUSALS if refusal.sentence == sentence)
    assert refused(refusal).value.about(refusal.kind, "HWC") == IN_HWC[sentence]


def sites() -> set[tuple[str, int]]:
    """File and line of every `raise ShapeError` of the package's layers."""
    found = set()
    for file in Path(next(iter(cnncalc.layers.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id="ShapeError"))):
                    found.add((file.name, node.lineno))
    return found


def test_every_refusal_of_the_layers_is_in_this_table() -> None:
    """The last frame of a refusal is the line that raises it; its words are tested above."""
    reached = set()
    for refusal in (*REFUSALS, VECTORS[-1]):
        last = refused(refusal).traceback[-1]
        reached.add((Path(last.path).name, last.lineno + 1))
    assert reached == sites()


# The error itself


def test_a_shape_error_is_caught_as_an_error_of_the_package() -> None:
    assert issubclass(ShapeError, CnnCalcError)


def test_the_words_of_a_shape_error_are_its_str() -> None:
    error = ShapeError("{} is not {}", chw(3, 4, 5), chw(60))
    assert str(error) == error.text() == "3x4x5 is not 60"
    assert error.text("HWC") == "4x5x3 is not 60"
    assert error.shapes == (chw(3, 4, 5), chw(60))


def test_a_message_that_goes_on_with_a_verb_has_no_colon() -> None:
    assert ShapeError("needs {}", chw(1, 2)).about("dense", "HWC") == "dense needs 2x1"
    assert ShapeError("the input needs it").about("dense") == "dense: the input needs it"
