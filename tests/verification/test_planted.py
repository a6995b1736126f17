"""Planted mistakes: a wrong rule in a formula, or in the execution, is noticed by `verify`.

Each mistake is one that people make and tools have made. Without it the same spec is confirmed.
"""

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import pytest

import cnncalc
import cnncalc.executor.windows
import cnncalc.layers.convolution
import cnncalc.layers.derivations
import cnncalc.layers.normalization
import cnncalc.layers.rearrangement
import cnncalc.layers.transposed
import cnncalc.layers.windows
from cnncalc.executor.base import Ledger
from cnncalc.layers.activation import Glu, PRelu, Zeros
from cnncalc.layers.attention import Attention
from cnncalc.layers.base import Weight
from cnncalc.layers.channels import DepthToSpace, SpaceToDepth
from cnncalc.layers.convolution import Conv, Depthwise, LocallyConnected
from cnncalc.layers.facts import forget
from cnncalc.layers.learned import Embedding, Positions, Tokens
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.merging import Concat, MatMul, Mul, Repeating
from cnncalc.layers.normalization import LayerNorm, Normalization, RmsNorm
from cnncalc.layers.pooling import AdaptivePool, GlobalPool
from cnncalc.layers.rearrangement import Crop, Flatten, Permute, Shuffle, Slice, ZeroPad
from cnncalc.layers.recurrent import Gru, Lstm, Recurrent, Rnn
from cnncalc.layers.resizing import Resizing, Upsample
from cnncalc.layers.transposed import Deconv
from cnncalc.layers.windows import Window
from cnncalc.shapes import Shape

windows = cnncalc.layers.windows


class Mistake(NamedTuple):
    """A wrong rule, and a spec that shows it.

    Attributes:
        sentence: what is wrong.
        owner, name: what is replaced.
        wrong: makes the wrong rule from the right one.
        layers: the spec's `layers:`.
        caught: the figures that differ.
        input: the spec's; odd and different on all axes.
    """

    sentence: str
    owner: Any
    name: str
    wrong: Callable[[Any], Any]
    layers: str
    caught: set[str]
    input: str = "6x9x13"


def rounded_up(window: Window) -> int:
    return -(-(window.padded - window.effective) // window.stride) + 1


def without_kernel(weights: Any) -> Any:
    return lambda self, x: {
        name: Weight(w.shape[:2]) if name == "weight" else w for name, w in weights(self, x).items()
    }


def swapped(output_shape: Any) -> Any:
    def wrong(self: Any, x: Shape) -> Shape:
        right = output_shape(self, x)
        return Shape(right.channels, right.spatial[::-1])

    return wrong


def by_axis(x: Shape, settings: tuple[Any, ...], rule: Callable[[int, Any], int]) -> Shape:
    return Shape(x.channels, tuple(map(rule, x.spatial, settings)))


def joined_along_the_height(joined: Any) -> Any:
    return lambda self, shapes, given: Shape(
        shapes[0].channels, (sum(s.spatial[0] for s in shapes), *shapes[0].spatial[1:])
    )


MATRICES = "{name: a, reshape: 54x13}, {name: b, from: input, reshape: 13x54}, {matmul: [a, b]}"

FORMULAS = (
    Mistake("dilation is forgotten", Window, "effective", lambda _: property(lambda w: w.kernel),
            "{conv: 4, kernel: 3, dilation: 2}", {"output", "macs"}),
    Mistake("the effective kernel is dilation times kernel", Window, "effective",
            lambda _: property(lambda w: w.dilation * w.kernel),
            "{conv: 4, kernel: 3, dilation: 2}", {"output", "macs"}),
    Mistake("a convolution rounds up", Window, "outputs", lambda _: rounded_up,
            "{conv: 4, kernel: 2, stride: 2}", {"output", "macs"}),
    Mistake("rounding ceil rounds down", Window, "outputs",
            lambda _: lambda w: (w.padded - w.effective) // w.stride + 1,
            "{maxpool: 2, rounding: ceil}", {"output"}),
    Mistake("rounding ceil keeps the window that starts in the padding", Window, "clipped", lambda _: False,
            "{maxpool: 2, stride: 3, padding: 1, rounding: ceil}", {"output"}),
    Mistake("rounding ceil_caffe drops a window without padding", Window, "clipped",
            lambda _: property(lambda w: w.rounding != "floor" and rounded_up(w) * w.stride > w.size + w.before),
            "{maxpool: 1, stride: 5, rounding: ceil_caffe}", {"output"}),
    Mistake("rounding ceil_full drops a window in the padding", Window, "clipped",
            lambda right: property(lambda w: right.fget(w._replace(rounding="ceil"))),
            "{maxpool: 2, padding: 1, rounding: ceil_full}", {"output"}),
    Mistake("the stride is ignored", Window, "outputs", lambda _: lambda w: w.padded - w.effective + 1,
            "{conv: 4, kernel: 3, stride: 2}", {"output", "macs"}),
    Mistake("the 1 at the end is forgotten", Window, "outputs",
            lambda _: lambda w: (w.padded - w.effective) // w.stride, "{conv: 4, kernel: 3}", {"output", "macs"}),
    Mistake("the padding after is dropped", Window, "padded", lambda _: property(lambda w: w.size + w.before),
            "{conv: 4, kernel: 3, padding: 1}", {"output", "macs"}),
    Mistake("the padding before is dropped", Window, "padded", lambda _: property(lambda w: w.size + w.after),
            "{avgpool: 3, stride: 1, padding: 1}", {"output"}),
    Mistake("height and width are swapped", Conv, "output_shape", swapped, "{conv: 4, kernel: 3x1}", {"output"}),
    Mistake("kernel height and width are swapped", cnncalc.layers.convolution, "sliding_windows",
            lambda right: lambda n, k, *rest: right(n, k[::-1], *rest), "{conv: 4, kernel: 3x1}", {"output", "macs"}),
    Mistake("the weights forget groups", Conv, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((self.filters, x.channels, *self.kernel))},
            "{conv: 4, kernel: 3, groups: 2, bias: false}", {"weights"}),
    Mistake("the MACs forget groups", Conv, "macs",
            lambda right: lambda self, x: right(self, x) * self.groups, "{conv: 4, kernel: 3, groups: 2}", {"macs"}),
    Mistake("groups divide twice", Conv, "macs",
            lambda right: lambda self, x: right(self, x) // self.groups, "{conv: 4, kernel: 3, groups: 2}", {"macs"}),
    Mistake("the kernel is not in the weights", Conv, "weight_shapes", without_kernel,
            "{conv: 4, kernel: 3}", {"weights"}),
    Mistake("the MACs forget the output positions", Conv, "macs",
            lambda _: lambda self, x: self.filters * x.channels * prod(self.kernel), "{conv: 4, kernel: 3}", {"macs"}),
    Mistake("the MACs count the bias", Conv, "macs",
            lambda right: lambda self, x: right(self, x) + self.output_shape(x).elements,
            "{conv: 4, kernel: 3}", {"macs"}),
    Mistake("the bias is forgotten", cnncalc.layers.convolution, "bias_weight", lambda _: lambda bias, filters: {},
            "{conv: 4, kernel: 3}", {"weights"}),
    Mistake("there is a bias for each weight of a filter", cnncalc.layers.convolution, "bias_weight",
            lambda _: lambda bias, filters: {"bias": Weight((filters, 3, 3))}, "{conv: 4, kernel: 3}", {"weights"}),
    Mistake("each filter of a sparse conv sees all maps", Conv, "_links",
            lambda _: property(lambda self: 6 * self.filters),
            "{conv: 2, kernel: 3, connections: [[0, 1], [1, 2, 3]]}", {"weights", "macs"}),
    Mistake("the depthwise multiplier is ignored in the output", Depthwise, "output_shape",
            lambda right: lambda self, x: Shape(x.channels, right(self, x).spatial),
            "{depthwise: 3, multiplier: 2}", {"output", "macs"}),
    Mistake("the depthwise weights ignore the multiplier", Depthwise, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((x.channels, 1, *self.kernel))},
            "{depthwise: 3, multiplier: 2, bias: false}", {"weights"}),
    Mistake("a depthwise filter sees all channels", Depthwise, "macs",
            lambda right: lambda self, x: right(self, x) * x.channels, "{depthwise: 3}", {"macs"}),
    Mistake("the places of a locally connected layer share their kernels", LocallyConnected, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((self.filters, x.channels, *self.kernel))},
            "{locally_connected: 4, kernel: 3, bias: false}", {"weights"}),
    Mistake("a locally connected layer counts one place", LocallyConnected, "macs",
            lambda _: lambda self, x: prod(self.kernel) * x.channels * self.filters,
            "{locally_connected: 4, kernel: 3}", {"macs"}),
    Mistake("output_padding is ignored", cnncalc.layers.transposed, "transposed_size",
            lambda right: lambda *sizes: right(*sizes[:-1], 0),
            "{deconv: 4, kernel: 3, stride: 2, output_padding: 1}", {"output"}),
    Mistake("a deconv adds its padding", cnncalc.layers.transposed, "transposed_size",
            lambda right: lambda n, k, s, d, b, a, extra: right(n, k, s, d, -b, -a, extra),
            "{deconv: 4, kernel: 3, stride: 2, padding: 1}", {"output"}),
    Mistake("a deconv forgets its dilation", cnncalc.layers.transposed, "transposed_size",
            lambda right: lambda n, k, s, d, *rest: right(n, k, s, 1, *rest),
            "{deconv: 4, kernel: 3, dilation: 2}", {"output"}),
    Mistake("a deconv with padding same crops the kernel only", cnncalc.layers.transposed, "transposed_padding",
            lambda _: lambda padding, axis, k, s, d, extra: (0, k - 1),
            "{deconv: 4, kernel: 3, stride: 2, padding: same}", {"output"}),
    Mistake("the MACs of a deconv count its outputs", Deconv, "macs",
            lambda _: lambda self, x: self.output_shape(x).elements * x.channels * prod(self.kernel),
            "{deconv: 4, kernel: 2, stride: 3}", {"macs"}),
    Mistake("the weights of a deconv lie as those of a conv", Deconv, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((self.filters, x.channels, *self.kernel))},
            "{deconv: 4, kernel: 2, bias: false}", {"weights"}),
    Mistake("concat joins along the height", Concat, "joined", joined_along_the_height,
            "{branches: [[], []]}", {"output"}),
    Mistake("concat keeps the first channels only", Concat, "joined",
            lambda _: lambda self, shapes, given: shapes[0], "{branches: [[], []]}", {"output"}),
    Mistake("mul repeats towards the smaller", Mul, "joined",
            lambda _: lambda self, shapes, given: min(shapes, key=lambda s: s.elements),
            "{branches: [[], [global_avgpool]], merge: mul}", {"output"}),
    Mistake("flatten forgets the channels", Flatten, "output_shape", lambda _: lambda self, x: Shape(prod(x.spatial)),
            "flatten, {fc: 5}", {"output", "weights", "macs"}),
    Mistake("the MACs of fc count the outputs only", FullyConnected, "macs",
            lambda _: lambda self, x: self.features, "flatten, {fc: 5}", {"macs"}),
    Mistake("the MACs of fc count the bias", FullyConnected, "macs",
            lambda right: lambda self, x: right(self, x) + self.features, "flatten, {fc: 5}", {"macs"}),
    Mistake("the weights of fc are transposed", FullyConnected, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((x.channels, self.features))},
            "flatten, {fc: 5, bias: false}", {"weights"}),
    Mistake("fc on a sequence counts one position", FullyConnected, "macs",
            lambda _: lambda self, x: self.features * x.channels, "{reshape: 6x117}, {fc: 5}", {"macs"}),
    Mistake("attention forgets the products of activations", Attention, "_positions",
            lambda right: lambda self, *shapes: (right(self, *shapes)[0], 0), "{attention: 2}", {"macs"}),
    Mistake("a window is not filled up", Attention, "_positions",
            lambda _: lambda self, x: (prod(x.spatial), prod(self.window)), "{attention: 2, window: 4}", {"macs"}),
    Mistake("there is a number for each distance of one sign", Attention, "_cells",
            lambda _: lambda self, x: prod(self.window), "{attention: 2, window: 3, relative: table}", {"weights"}),
    Mistake("keys and values come from the queries' side", Attention, "weight_shapes",
            lambda right: lambda self, x, *others: right(self, x),
            "{name: a, conv: 4, kernel: 3}, {attention: 2, from: input, memory: a}", {"weights"}),
    Mistake("tokens come instead of positions", Tokens, "output_shape", lambda _: lambda self, x: x,
            "{flatten: spatial}, {tokens: 2}", {"output"}),
    Mistake("positions are of one channel", Positions, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((*x.spatial, 1))}, "positions", {"weights"}),
    Mistake("permute keeps the order", Permute, "output_shape", lambda _: lambda self, x: x,
            "{permute: [W, C, H]}", {"output"}),
    Mistake("an lstm has one gate", Lstm, "gates", lambda _: 1,
            "{reshape: 6x117}, {lstm: 5}", {"weights", "macs"}),
    Mistake("a second layer reads what the first reads", Recurrent, "_parts",
            lambda _: lambda self, x: [("l0", x.channels), ("l1", x.channels)],
            "{reshape: 6x117}, {gru: 5, layers: 2}", {"weights", "macs"}),
    Mistake("an rnn takes one step", Rnn, "macs", lambda right: lambda self, x: right(self, Shape(x.channels, (1,))),
            "{reshape: 6x117}, {rnn: 5}", {"macs"}),
    Mistake("bn stores no statistics", Normalization, "weight_shapes",
            lambda right: lambda self, x: {n: w for n, w in right(self, x).items() if w.learned}, "bn", {"weights"}),
    Mistake("bn learns a value for each position", Normalization, "learned_for",
            lambda _: lambda self, x: x, "bn", {"weights"}),
    Mistake("a global pool gives a vector", GlobalPool, "output_shape", lambda _: lambda self, x: Shape(x.channels),
            "global_avgpool", {"output"}),
    Mistake("an adaptive pool divides by its size", AdaptivePool, "output_shape",
            lambda _: lambda self, x: by_axis(x, self.size, lambda n, m: n // m),
            "{adaptive_avgpool: 2}", {"output"}),
    Mistake("upsample enlarges the height only", Upsample, "output_shape",
            lambda _: lambda self, x: Shape(x.channels, (x.spatial[0] * self.factor[0], *x.spatial[1:])),
            "{upsample: 2}", {"output"}),
    Mistake("zeropad pads one side", ZeroPad, "output_shape",
            lambda _: lambda self, x: by_axis(x, self.padding, lambda n, pair: n + pair[0]),
            "{zeropad: 2}", {"output"}),
    Mistake("crop cuts its size", Crop, "output_shape",
            lambda _: lambda self, x: by_axis(x, self.size, lambda n, cut: n - cut),
            "{crop: 4}", {"output"}),
    Mistake("slice includes its end", Slice, "output_shape",
            lambda _: lambda self, x: Shape(self.channels[1] - self.channels[0] + 1, x.spatial),
            "{slice: 1..3}", {"output"}),
    Mistake("a slice of rows is one of channels", Slice, "output_shape",
            lambda _: lambda self, x: Shape(2, x.spatial), "{slice: {H: 3..5}}", {"output"}),
    Mistake("crop cuts before only", Crop, "cuts",
            lambda right: lambda self, x: tuple((before, 0) for before, _ in right(self, x)),
            "{crop: [[1, 2], [0, 3]]}", {"output"}),
    Mistake("a negative padding adds", ZeroPad, "padding_pairs",
            lambda right: lambda self, x: tuple((abs(before), abs(after)) for before, after in right(self, x)),
            "{zeropad: [[-1, 0], [0, -1]]}", {"output"}),
    Mistake("a factor is rounded to the nearest", Resizing, "_made_whole", lambda _: lambda self, size: round(size),
            "{upsample: 1.3}", {"output"}),  # 9*1.3 = 11.7, 13*1.3 = 16.9
    Mistake("a size is for width and height", Resizing, "output_shape", swapped, "{resize: 5x7}", {"output"}),
    Mistake("an output_size changes nothing", cnncalc.layers.transposed, "transposed_size",
            lambda right: lambda *sizes: right(*sizes[:-1], 0),
            "{deconv: 4, kernel: 3, stride: 2, output_size: 20x28}", {"output"}),
    Mistake("a deconv with padding same and an output_padding doubles", cnncalc.layers.transposed,
            "transposed_padding", lambda right: lambda *sizes: right(*sizes[:-1]),
            "{deconv: 4, kernel: 3, stride: 2, padding: same, output_padding: 0}", {"output"}),
    Mistake("a prelu of one slope has one for each channel", PRelu, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((x.channels,))}, "{prelu: one}", {"weights"}),
    Mistake("a layernorm of everything learns by channel", LayerNorm, "learned_for",
            lambda _: lambda self, x: Shape(x.channels), "{layernorm: 6x9x13}", {"weights"}),
    Mistake("an rmsnorm learns offsets", RmsNorm, "weight_shapes",
            lambda right: lambda self, x: right(self, x) | {"bias": Weight((x.channels,))}, "rmsnorm", {"weights"}),
    Mistake("glu keeps the channels", Glu, "output_shape", lambda _: lambda self, x: x, "glu", {"output"}),
    Mistake("zeros forget their stride", Zeros, "output_shape", lambda _: lambda self, x: x,
            "{zeros: 2}", {"output"}),
    Mistake("blocks divide the channels", SpaceToDepth, "output_shape",
            lambda right: lambda self, x: Shape(x.channels, right(self, x).spatial),
            "{space_to_depth: 3x1}", {"output"}),
    Mistake("places keep the channels", DepthToSpace, "output_shape",
            lambda right: lambda self, x: Shape(x.channels, right(self, x).spatial),
            "{depth_to_space: 3x1}", {"output"}),
    Mistake("a maximum repeats towards the smaller", Repeating, "joined",
            lambda _: lambda self, shapes, given: min(shapes, key=lambda s: s.elements),
            "{branches: [[], [global_avgpool]], merge: maximum}", {"output"}),
    Mistake("matmul multiplies place by place", MatMul, "macs",
            lambda _: lambda self, x, other: self.output_shape(x, other).elements, MATRICES, {"macs"}),
    Mistake("matmul gives the shape of its first", MatMul, "output_shape", lambda _: lambda self, x, other: x,
            MATRICES, {"output", "macs"}),
    Mistake("a gru has the gates of an lstm", Gru, "gates", lambda _: 4,
            "{reshape: 6x117}, {gru: 5}", {"weights", "macs"}),
    Mistake("all steps are handed on as one", Recurrent, "output_shape",
            lambda _: lambda self, x: Shape(self.units), "{reshape: 6x117}, {lstm: 5, steps: all}", {"output"}),
    Mistake("an embedding has its vectors as columns", Embedding, "weight_shapes",
            lambda _: lambda self, x: {"weight": Weight((self.size, self.ids))},
            "{embedding: 50, dim: 8}", {"weights"}, input="{L: 40}"),
    Mistake("an embedding gives a vector for each value of a vector", Embedding, "output_shape",
            lambda right: lambda self, x: Shape.of(right(self, x).sizes()[::-1]),
            "{embedding: 50, dim: 8}", {"output"}, input="{L: 40}"),
    Mistake("shuffle divides the channels", Shuffle, "output_shape",
            lambda _: lambda self, x: Shape(x.channels // self.groups, x.spatial), "{shuffle: 2}", {"output"}),
)  # fmt: skip

FIELDS = (
    Mistake("SAME's extra pixel is on the wrong side", windows, "split_total",
            lambda right: lambda total, word: right(total, word)[::-1],
            "{conv: 4, kernel: 2, padding: same}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("the reach forgets dilation", cnncalc.layers.derivations, "window_reach",
            lambda right: lambda w: right(w._replace(dilation=1)),
            "{conv: 4, kernel: 3, dilation: 2}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("the reach is one too far", cnncalc.layers.derivations, "window_reach",
            lambda right: lambda w: right(w._replace(kernel=w.kernel + 1)),
            "{conv: 4, kernel: 3, stride: 2}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("the jump forgets the stride", cnncalc.layers.derivations, "window_reach",
            lambda right: lambda w: right(w._replace(stride=1)),
            "{maxpool: 2}, {conv: 4, kernel: 1}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("the padding does not move the start", cnncalc.layers.derivations, "window_reach",
            lambda right: lambda w: right(w._replace(before=0)),
            "{conv: 4, kernel: 3, padding: 1}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("crop keeps the first corner", cnncalc.layers.rearrangement, "shifted",
            lambda right: lambda offset: right(0), "{crop: 3}",
            {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("a slice begins at the border", cnncalc.layers.rearrangement, "shifted",
            lambda right: lambda offset: right(0), "{slice: {H: 3..5, W: 2..9}}",
            {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("moved windows begin at the border", Attention, "reach",
            lambda right: lambda self, x: right(Attention(**{**vars(self), "shift": (0, 0)}), x),
            "{attention: 2, window: 3, shift: 1}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("a field that is wider than the map is one too wide", cnncalc.layers.derivations, "window_reach",
            lambda right: lambda w: right(w._replace(kernel=w.kernel + 1)),
            "{conv: 4, kernel: 15, padding: 7}", {"receptive_field (height)", "receptive_field (width)"}),
    Mistake("the axes are swapped", Conv, "reach", lambda right: lambda self, x: right(self, x)[::-1],
            "{conv: 4, kernel: 3x1}", {"receptive_field (height)", "receptive_field (width)"}),
)  # fmt: skip


def one_sided(right: Any) -> Any:
    return lambda x, pairs, **how: right(x, [(before, 0) for before, _ in pairs], **how)


EXECUTIONS = (
    Mistake("the execution forgets dilation", cnncalc.executor.windows, "taps",
            lambda right: lambda kernel, dilation: right(kernel, 1),
            "{conv: 4, kernel: 3, dilation: 2}", {"execution"}),
    Mistake("the execution drops the padding after", cnncalc.executor.convolution, "pad", one_sided,
            "{conv: 4, kernel: 3, padding: 1}", {"output", "macs"}),
    Mistake("the execution gives SAME one pixel less", cnncalc.executor.windows, "halves",
            lambda right: lambda total, word: right(total - 1, word),
            "{conv: 4, kernel: 3, padding: same}", {"output", "macs"}),
    Mistake("the execution stops counting at the first product", Ledger, "multiply",
            lambda right: lambda self, a, b, out=None: right(Ledger("", None), a, b, out),  # type: ignore[arg-type]
            "{conv: 4, kernel: 3}", {"macs"}),
)  # fmt: skip


def plant(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setattr(mistake.owner, mistake.name, mistake.wrong(getattr(mistake.owner, mistake.name)))


def figures(mistake: Mistake, *, receptive_field: bool = False) -> set[str]:
    text = f"{{input: {mistake.input}, layers: [{mistake.layers}]}}"
    return {mismatch.figure for mismatch in cnncalc.verify(text=text, receptive_field=receptive_field)}


def titled(mistakes: tuple[Mistake, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("mistake", mistakes, ids=[mistake.sentence for mistake in mistakes])


@titled(FORMULAS + EXECUTIONS)
def test_a_wrong_rule_is_caught_by_what_differs(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures(mistake) == set()
    plant(mistake, monkeypatch)
    assert figures(mistake) == mistake.caught


@titled(FIELDS)
def test_a_wrong_reach_is_caught_by_a_pixel_of_nan(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures(mistake, receptive_field=True) == set()
    plant(mistake, monkeypatch)
    assert figures(mistake) == set()
    assert figures(mistake, receptive_field=True) == mistake.caught


def test_every_sentence_is_there_once() -> None:
    sentences = [mistake.sentence for mistake in FORMULAS + FIELDS + EXECUTIONS]
    assert len(sentences) == len(set(sentences)) >= 57
