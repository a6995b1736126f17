"""Convolution and depthwise convolution, in any number of dimensions."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import NORM_AND_ACTIVATION, Layer, Ops, Rule, Weight, require_map
from cnncalc.layers.derivations import Sliding, counted, kernel_rule
from cnncalc.layers.parameters import PADDING_MODES, Padding, Size, count, flag, links, padding, size, word
from cnncalc.layers.windows import Window, output_sizes, require_values, sliding_windows
from cnncalc.shapes import Shape

KERNEL_ALIASES = ("kernel_size",)
CONVOLUTION_GUIDE = "Dumoulin & Visin 2016, arXiv:1603.07285"


def weighted_ops(macs: int, outputs: int, bias: bool) -> Ops:
    """The operations of a layer that multiplies weights: MACs, and an addition for each bias."""
    return {"mac": macs, "add": outputs} if bias else {"mac": macs}


def bias_weight(bias: bool, filters: int) -> dict[str, Weight]:
    """The bias of a layer with this many filters, if it has one."""
    return {"bias": Weight((filters,))} if bias else {}


class Convolution(Layer):
    """A layer that multiplies the weights of a kernel. Subclasses have the field bias."""

    bias: bool

    def ops(self, x: Shape) -> Ops:
        return weighted_ops(self.macs(x), self.output_shape(x).elements, self.bias)


@final
class Conv(Convolution, Sliding):
    """Convolution (cross-correlation, as every framework computes it), 1-D, 2-D or 3-D.

    Per axis, out = floor((in + before + after - dilation*(kernel - 1) - 1)/stride) + 1.

    Shape: (C, *in) -> (filters, *out).
    Weights: weight (filters, C/groups, *kernel); bias (filters) if bias. With connections, one
        kernel for each link between an input map and a filter: weight (links, *kernel).
    MACs: out elements * C/groups * prod(kernel). Padded positions count; the bias does not.
    Ops: a mac for each MAC, an add for each output value if bias.
    Raises: ShapeError if groups does not divide C and filters, if the window does not fit, or if the map is too small
        for the padding_mode.
    """

    kind: ClassVar[str] = "conv"
    aliases = {"conv1d": 1, "conv2d": 2, "conv3d": 3}
    followers = NORM_AND_ACTIVATION
    source = CONVOLUTION_GUIDE

    filters: int = count("number of filters, the output's channels", aliases=("out_channels",))
    kernel: Size = size("kernel size per axis", aliases=KERNEL_ALIASES)
    stride: Size = size("distance between windows", default=1, aliases=("strides",))
    padding: Padding = padding("values added around the input", default=0)
    dilation: Size = size("distance between the elements of a kernel", default=1, aliases=("dilation_rate",))
    groups: int = count("number of groups that the channels are split into", default=1, aliases=("group",))
    bias: bool = flag("one learned offset for each filter", default=True, aliases=("use_bias",))
    connections: tuple[tuple[int, ...], ...] | None = links(
        "which input maps each filter sees (LeNet-5's C3); all of them by default", default=None
    )
    padding_mode: str = word("what the padding holds", default="zeros", words=PADDING_MODES)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        return sliding_windows(x.spatial, self.kernel, self.stride, self.dilation, self.padding)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        self._check_channels(x.channels)
        if self.padding_mode != "zeros":
            require_values(x, self.padding_pairs(x), self.padding_mode)
        return Shape(self.filters, output_sizes(self.windows(x)))

    def _check_channels(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise ShapeError(
                f"groups {self.groups} must divide both {channels} input channels and {self.filters} filters"
            )
        if self.connections is None:
            return
        if len(self.connections) != self.filters:
            raise ShapeError(f"connections has {len(self.connections)} rows, but there are {self.filters} filters")
        if self.groups > 1:
            raise ShapeError("connections and groups exclude each other; write only connections")
        for number, maps in enumerate(self.connections, start=1):
            if max(maps) >= channels:
                known = f"the {channels} input maps are 0 to {channels - 1}"
                raise ShapeError(f"connections of filter {number} name map {max(maps)}, but {known}")

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        if self.connections is None:
            shape = (self.filters, x.channels // self.groups, *self.kernel)
        else:
            shape = (self._links, *self.kernel)
        return {"weight": Weight(shape)} | bias_weight(self.bias, self.filters)

    @property
    def _links(self) -> int:
        return sum(len(maps) for maps in self.connections or ())

    def macs(self, x: Shape) -> int:
        positions = prod(output_sizes(self.windows(x)))
        if self.connections is not None:
            return positions * self._links * prod(self.kernel)
        return positions * self.filters * (x.channels // self.groups) * prod(self.kernel)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        out, seen = self.output_shape(x), x.channels // self.groups
        values = {"C_in": x.channels, "filters": self.filters, "groups": self.groups, "out": out.elements}
        kernel = (*self.window_rules(x), kernel_rule(self.kernel))
        if self.connections is not None:
            values |= {"links": self._links, "positions": prod(out.spatial)}
            note = "links: pairs of a filter and an input map that it sees"
            return *kernel, *counted("taps*links", "positions*links*taps", self.bias, values, note)
        depth = Rule("depth", "C_in/groups" if self.groups > 1 else "C_in", values, shown=False)
        note = f"each filter sees {seen} of {x.channels} channels" if self.groups > 1 else ""
        return *kernel, depth, *counted("taps*depth*filters", "out*taps*depth", self.bias, values, note)


@final
class Depthwise(Convolution, Sliding):
    """Depthwise convolution: each channel is convolved with kernels of its own, and channels are not mixed.

    Per axis, out = floor((in + before + after - dilation*(kernel - 1) - 1)/stride) + 1.

    Shape: (C, *in) -> (C*multiplier, *out).
    Weights: weight (C*multiplier, 1, *kernel); bias (C*multiplier) if bias.
    MACs: out elements * prod(kernel). Padded positions count; the bias does not.
    Ops: a mac for each MAC, an add for each output value if bias.
    Raises: ShapeError if the window does not fit, or if the map is too small for the padding_mode.
    """

    kind: ClassVar[str] = "depthwise"
    followers = NORM_AND_ACTIVATION
    source = "Howard et al. 2017, arXiv:1704.04861, section 3.1"

    kernel: Size = size("kernel size per axis", aliases=KERNEL_ALIASES)
    multiplier: int = count("filters for each channel", default=1)
    stride: Size = size("distance between windows", default=1, aliases=("strides",))
    padding: Padding = padding("values added around the input", default=0)
    dilation: Size = size("distance between the elements of a kernel", default=1, aliases=("dilation_rate",))
    bias: bool = flag("one learned offset for each output channel", default=True, aliases=("use_bias",))
    padding_mode: str = word("what the padding holds", default="zeros", words=PADDING_MODES)

    def windows(self, x: Shape) -> tuple[Window, ...]:
        return sliding_windows(x.spatial, self.kernel, self.stride, self.dilation, self.padding)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        if self.padding_mode != "zeros":
            require_values(x, self.padding_pairs(x), self.padding_mode)
        return Shape(x.channels * self.multiplier, output_sizes(self.windows(x)))

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        filters = x.channels * self.multiplier
        return {"weight": Weight((filters, 1, *self.kernel))} | bias_weight(self.bias, filters)

    def macs(self, x: Shape) -> int:
        return self.output_shape(x).elements * prod(self.kernel)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        out = self.output_shape(x)
        values = {"C_in": x.channels, "multiplier": self.multiplier, "filters": out.channels, "out": out.elements}
        channels = Rule("filters", "C_in*multiplier", values, label="channels")
        note = "each filter sees one channel only"
        return (
            *((channels,) if self.multiplier > 1 else ()),
            *self.window_rules(x),
            kernel_rule(self.kernel),
            *counted("taps*filters", "out*taps", self.bias, values, note),
        )


@final
class LocallyConnected(Sliding):
    """Convolution without shared weights: each position of the output has its own kernels and biases.

    Per axis, out = floor((in + before + after - kernel)/stride) + 1.

    Shape: (C, *in) -> (filters, *out).
    Weights: weight (*out, prod(kernel)*C, filters); bias (*out, filters) if bias.
    MACs: out elements * C * prod(kernel). Padded positions count; the bias does not.
    Ops: a mac for each MAC, an add for each output value if bias.
    Raises: ShapeError if the window does not fit.
    """

    kind: ClassVar[str] = "local"
    aliases = {"locally_connected": None}
    followers = NORM_AND_ACTIVATION
    source = "Keras LocallyConnected2D; Taigman et al. 2014, DeepFace"

    filters: int = count("number of filters, the output's channels", aliases=("out_channels",))
    kernel: Size = size("kernel size per axis", aliases=KERNEL_ALIASES)
    stride: Size = size("distance between windows", default=1, aliases=("strides",))
    padding: Padding = padding("values added around the input", default=0)
    bias: bool = flag("one learned offset for each output value", default=True, aliases=("use_bias",))

    def windows(self, x: Shape) -> tuple[Window, ...]:
        return sliding_windows(x.spatial, self.kernel, self.stride, (1,) * x.rank, self.padding)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        return Shape(self.filters, output_sizes(self.windows(x)))

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        places = self.output_shape(x).spatial
        weight = Weight((*places, prod(self.kernel) * x.channels, self.filters))
        return {"weight": weight} | ({"bias": Weight((*places, self.filters))} if self.bias else {})

    def macs(self, x: Shape) -> int:
        return self.output_shape(x).elements * x.channels * prod(self.kernel)

    def ops(self, x: Shape) -> Ops:
        return weighted_ops(self.macs(x), self.output_shape(x).elements, self.bias)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C_in": x.channels, "filters": self.filters, "out": self.output_shape(x).elements}
        return (
            *self.window_rules(x),
            kernel_rule(self.kernel),
            Rule("channels", "filters", values, shown=False),
            Rule(
                "params",
                "out*taps*C_in + out" if self.bias else "out*taps*C_in",
                values,
                note="a kernel for each output",
            ),
            Rule("macs", "out*taps*C_in", values),
        )
