"""Pooling: windows that keep the channels, global pools, and pools to a fixed size."""

from __future__ import annotations

from math import gcd, prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Weightless, require_map
from cnncalc.layers.derivations import Sliding, axis_rules, kernel_rule
from cnncalc.layers.parameters import Padding, Size, flag, padding, size, word
from cnncalc.layers.reach import Reach, adaptive_reach
from cnncalc.layers.windows import ROUNDINGS, Window, output_sizes, sliding_windows
from cnncalc.shapes import AXES, Shape

CEIL_MODE = {"true": "ceil", "false": "floor"}
MOST_LISTED = 7
"""How many windows of an adaptive pool are listed; of more, the first."""

SIZE_ALIASES = ("kernel_size", "pool_size")


def mean_ops(outputs: int, cells: int) -> Ops:
    """The operations of means over windows of this many cells."""
    return {"add": outputs * (cells - 1), "div": outputs}


class Pool(Weightless, Sliding):
    """A window that slides over every channel by itself. Subclasses have the fields kernel and padding."""

    kernel: Size
    padding: Padding

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        windows = self.windows(x)
        for window in windows:
            padding_ = max(window.before, window.after)
            if padding_ > window.effective // 2:
                raise ShapeError(
                    f"padding {padding_} is more than half the window {window.effective}: "
                    "some windows would hold nothing but padding"
                )
        return Shape(x.channels, output_sizes(windows))

    def connection_count(self, x: Shape) -> int:
        return self.output_shape(x).elements * prod(self.kernel)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return *self.window_rules(x), kernel_rule(self.kernel)


@final
class MaxPool(Pool):
    """Max pooling: the largest value of each window, channel by channel.

    Per axis, out = floor((in + before + after - dilation*(kernel - 1) - 1)/stride) + 1. With rounding
    ceil the quotient is rounded up, but a last window that would start in the padding after the input
    is dropped; ceil_full keeps it.

    Shape: (C, *in) -> (C, *out).
    Weights: none.
    MACs: none.
    Ops: prod(kernel) - 1 cmp for each output value.
    Raises: ShapeError if the window does not fit or the padding is more than half of it.
    """

    kind: ClassVar[str] = "maxpool"
    aliases = {"max_pool": None, "maxpool2d": 2, "maxpooling2d": 2}
    source = "Krizhevsky et al. 2012, section 3.4; rounding as in PyTorch, ONNX opset 22 and Caffe"

    kernel: Size = size("window size per axis", aliases=SIZE_ALIASES)
    stride: Size = size("distance between windows", default_from="kernel", aliases=("strides",))
    padding: Padding = padding("positions added around the input; never the maximum", default=0)
    dilation: Size = size("distance between the elements of a window", default=1, aliases=("dilation_rate",))
    rounding: str = word(
        "how the number of windows is rounded if the stride does not divide",
        default="floor",
        words=ROUNDINGS,
        aliases=("ceil_mode",),
        alias_words=CEIL_MODE,
    )

    def windows(self, x: Shape) -> tuple[Window, ...]:
        return sliding_windows(x.spatial, self.kernel, self.stride, self.dilation, self.padding, self.rounding)

    def ops(self, x: Shape) -> Ops:
        return {"cmp": self.output_shape(x).elements * (prod(self.kernel) - 1)}


@final
class AvgPool(Pool):
    """Average pooling: the mean of each window, channel by channel.

    Per axis, out = floor((in + before + after - kernel)/stride) + 1. With rounding ceil the quotient
    is rounded up, but a last window that would start in the padding after the input is dropped;
    ceil_full keeps it.

    Shape: (C, *in) -> (C, *out).
    Weights: none.
    MACs: none.
    Ops: prod(kernel) - 1 add and a div for each output value.
    Raises: ShapeError if the window does not fit or the padding is more than half of it.
    """

    kind: ClassVar[str] = "avgpool"
    aliases = {"avg_pool": None, "avgpool2d": 2, "averagepooling2d": 2}
    source = "LeCun et al. 1998, section II-B; rounding as in PyTorch, ONNX opset 22 and Caffe"

    kernel: Size = size("window size per axis", aliases=SIZE_ALIASES)
    stride: Size = size("distance between windows", default_from="kernel", aliases=("strides",))
    padding: Padding = padding("zeros added around the input", default=0)
    rounding: str = word(
        "how the number of windows is rounded if the stride does not divide",
        default="floor",
        words=ROUNDINGS,
        aliases=("ceil_mode",),
        alias_words=CEIL_MODE,
    )
    count_padding: bool = flag("whether the mean counts the padding's zeros", default=True)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        dilation = (1,) * x.rank
        return sliding_windows(x.spatial, self.kernel, self.stride, dilation, self.padding, self.rounding)

    def ops(self, x: Shape) -> Ops:
        return mean_ops(self.output_shape(x).elements, prod(self.kernel))


class GlobalPool(Weightless):
    """A pool whose window is the whole map: one value for each channel."""

    sees_everything = True

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        return Shape(x.channels, (1,) * x.rank)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return axis_rules(x.spatial, "1", note="the whole map becomes one value per channel")


@final
class GlobalAvgPool(GlobalPool):
    """Global average pooling: the mean of each channel's whole map. The axes are kept, with size 1.

    Shape: (C, *in) -> (C, 1, ...).
    Weights: none.
    MACs: none.
    Ops: prod(in) - 1 add and a div for each channel.
    Raises: ShapeError if the input is a vector.
    """

    kind: ClassVar[str] = "global_avgpool"
    aliases = {"gap": None}
    source = "Lin et al. 2013, arXiv:1312.4400, section 3.2"

    def ops(self, x: Shape) -> Ops:
        return mean_ops(x.channels, prod(x.spatial))


@final
class GlobalMaxPool(GlobalPool):
    """Global max pooling: the largest value of each channel's whole map. The axes are kept, with size 1.

    Shape: (C, *in) -> (C, 1, ...).
    Weights: none.
    MACs: none.
    Ops: prod(in) - 1 cmp for each channel.
    Raises: ShapeError if the input is a vector.
    """

    kind: ClassVar[str] = "global_maxpool"

    def ops(self, x: Shape) -> Ops:
        return {"cmp": x.channels * (prod(x.spatial) - 1)}


class AdaptivePool(Weightless):
    """A pool to a fixed output size, whatever the size of the input."""

    size: Size

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        return Shape(x.channels, self.size)

    def cells(self, x: Shape) -> int:
        """The sizes of all windows of one channel, added up."""
        # Per axis the windows cover n + m - gcd(n, m) cells: neighbours share one unless they meet at an integer.
        return prod(n + m - gcd(n, m) for n, m in zip(x.spatial, self.size, strict=True))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(adaptive_reach(n, m) for n, m in zip(x.spatial, self.size, strict=True))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        axes = zip(AXES[x.rank], x.spatial, self.size, strict=True)
        return tuple(Rule("", "size", {"size": m}, letter, note=_parts(n, m)) for letter, n, m in axes)


def _parts(n: int, parts: int) -> str:
    """The words for the places of an axis of n that the windows cover."""
    if n % parts == 0:
        return f"the output size given; each of the {parts} windows has {n // parts} of the {n} positions"
    first = adaptive_reach(n, parts).ranges[:MOST_LISTED]
    listed = ", ".join(f"{start} to {end}" for start, end in filter(None, first))
    more = ", …" if parts > MOST_LISTED else ""
    return f"the output size given; window i is from ⌊i·{n}/{parts}⌋ to ⌈(i + 1)·{n}/{parts}⌉ − 1: {listed}{more}"


@final
class AdaptiveAvgPool(AdaptivePool):
    """Average pooling to a fixed output size: window i covers floor(i*in/size) to ceil((i+1)*in/size).

    Shape: (C, *in) -> (C, *size).
    Weights: none.
    MACs: none.
    Ops: for each output value, an add for every value of its window but the first, and a div.
    Raises: ShapeError if the input is a vector.
    """

    kind: ClassVar[str] = "adaptive_avgpool"
    source = "PyTorch AdaptiveAvgPool2d"

    size: Size = size("output size per axis")

    def ops(self, x: Shape) -> Ops:
        outputs = self.output_shape(x).elements
        added = x.channels * self.cells(x) - outputs
        return {"add": added, "div": outputs}


@final
class AdaptiveMaxPool(AdaptivePool):
    """Max pooling to a fixed output size: window i covers floor(i*in/size) to ceil((i+1)*in/size).

    Shape: (C, *in) -> (C, *size).
    Weights: none.
    MACs: none.
    Ops: for each output value, a cmp for every value of its window but the first.
    Raises: ShapeError if the input is a vector.
    """

    kind: ClassVar[str] = "adaptive_maxpool"
    source = "PyTorch AdaptiveMaxPool2d"

    size: Size = size("output size per axis")

    def ops(self, x: Shape) -> Ops:
        outputs = self.output_shape(x).elements
        compared = x.channels * self.cells(x) - outputs
        return {"cmp": compared}
