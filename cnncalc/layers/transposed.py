"""Transposed convolution, in any number of dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import NORM_AND_ACTIVATION, Rule, Weight, require_map
from cnncalc.layers.convolution import CONVOLUTION_GUIDE, KERNEL_ALIASES, Convolution, bias_weight
from cnncalc.layers.derivations import SAME, counted, kernel_rule, padding_of
from cnncalc.layers.parameters import Padding, Size, count, flag, padding, size
from cnncalc.layers.reach import Reach, transposed_reach
from cnncalc.layers.windows import transposed_padding, transposed_size
from cnncalc.shapes import AXES, Shape


@final
class Deconv(Convolution):
    """Transposed convolution: every input value is multiplied by the kernel and added to a window of the output.

    The output size of an axis, with E for dilation*(kernel - 1) + 1:
        padding in numbers, or half: (in - 1)*stride - before - after + E + output_padding
        padding valid without output_padding: in*stride + max(E - stride, 0), as in TensorFlow
        padding same without output_padding: in*stride
        padding same with output_padding, even 0: (in - 1)*stride + E - 2*floor(E/2) + output_padding, as in Keras

    Shape: (C, *in) -> (filters, *out).
    Weights: weight (C, filters/groups, *kernel); bias (filters) if bias.
    MACs: in elements * filters/groups * prod(kernel): each input value is multiplied by that many weights.
    Ops: a mac for each MAC, an add for each output value if bias.
    Raises: ShapeError if groups does not divide C and filters, if output_padding is not smaller than stride or
        dilation, if no output_padding gives the output_size, if output_size is given with output_padding or with
        padding same, or if the padding leaves nothing.
    """

    kind: ClassVar[str] = "deconv"
    aliases = {"conv_transpose": None, "convtranspose2d": 2}
    followers = NORM_AND_ACTIVATION
    source = f"{CONVOLUTION_GUIDE}, section 4"

    filters: int = count("number of filters, the output's channels", aliases=("out_channels",))
    kernel: Size = size("kernel size per axis", aliases=KERNEL_ALIASES)
    stride: Size = size("distance between the windows in the output", default=1, aliases=("strides",))
    padding: Padding = padding("values cropped from the border of the output", default=0)
    dilation: Size = size("distance between the elements of a kernel", default=1, aliases=("dilation_rate",))
    groups: int = count("number of groups that the channels are split into", default=1, aliases=("group",))
    bias: bool = flag("one learned offset for each filter", default=True, aliases=("use_bias",))
    output_padding: Size | None = size(
        "values added to the end of the output; 0 if it is not given", default=None, minimum=0
    )
    output_size: Size | None = size("the output's size per axis, which gives the output_padding", default=None)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        if x.channels % self.groups or self.filters % self.groups:
            raise ShapeError(
                f"groups {self.groups} must divide both {x.channels} input channels and {self.filters} filters"
            )
        self._check_output_padding(x)
        return Shape(self.filters, tuple(transposed_size(*axis) for axis in self._axes(x)))

    def _check_output_padding(self, x: Shape) -> None:
        if self.output_size is not None and (self.output_padding is not None or self.padding in SAME):
            beside = "output_padding" if self.output_padding is not None else "padding: same"
            raise ShapeError(f"output_size and {beside} both say how large the output is; keep one")
        if self.padding == "causal":
            raise ShapeError("padding: causal is for conv; write the padding that the output is cropped by")
        for axis in self._axes(x):
            _, _, s, d, _, _, extra = axis
            if self.output_size is not None and not 0 <= extra < max(s, d):
                least = transposed_size(*axis) - extra
                raise ShapeError(f"output_size {least + extra} is not one of {least} to {least + max(s, d) - 1}")
        for extra, s, d in zip(self.output_padding or (), self.stride, self.dilation, strict=False):
            if extra >= max(s, d):
                raise ShapeError(f"output_padding {extra} must be smaller than stride {s} or dilation {d}")

    def _axes(self, x: Shape) -> list[tuple[int, int, int, int, int, int, int]]:
        """(n, k, s, d, before, after, output_padding) of each axis."""
        axes = []
        for axis, (n, k, s, d) in enumerate(zip(x.spatial, self.kernel, self.stride, self.dilation, strict=True)):
            given = self.output_padding[axis] if self.output_padding is not None else None
            pads = transposed_padding(self.padding, axis, k, s, d, given)
            extra = 0 if self.padding in SAME else given or 0
            if self.output_size is not None:
                pads = transposed_padding(self.padding, axis, k, s, d, 0)
                extra = self.output_size[axis] - ((n - 1) * s + d * (k - 1) + 1 - sum(pads))
            axes.append((n, k, s, d, *pads, extra))
        return axes

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        shape = (x.channels, self.filters // self.groups, *self.kernel)
        return {"weight": Weight(shape)} | bias_weight(self.bias, self.filters)

    def macs(self, x: Shape) -> int:
        return x.elements * (self.filters // self.groups) * prod(self.kernel)

    def padding_pairs(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return tuple((before, after) for *_, before, after, _extra in self._axes(x))

    def extras(self, x: Shape) -> Size:
        """The values added to the end of each axis after the cropping."""
        return tuple(extra for *_, extra in self._axes(x))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(transposed_reach(k, s, d, before) for _, k, s, d, before, _, _ in self._axes(x))

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C_in": x.channels, "filters": self.filters, "groups": self.groups, "inputs": x.elements}
        depth, met = ("C_in/groups", "(filters/groups)") if self.groups > 1 else ("C_in", "filters")
        note = "each input value is multiplied by every weight of its kernels"
        return (
            *(
                rule
                for letter, axis in zip(AXES[x.rank], self._axes(x), strict=True)
                for rule in self._axis(letter, axis)
            ),
            kernel_rule(self.kernel),
            Rule("depth", depth, values, shown=False),
            *counted("taps*depth*filters", f"inputs*taps*{met}", self.bias, values, note),
        )

    def _axis(self, letter: str, axis: tuple[int, int, int, int, int, int, int]) -> Iterator[Rule]:
        n, k, s, d, before, after, extra = axis
        values = {letter: n, "S": s, "K": k, "A": extra} | ({"d": d} if d > 1 else {})
        yield Rule("E", "d*(K - 1) + 1" if d > 1 else "K", values, letter, shown=False)
        if self.padding in SAME:
            if self.output_padding is None:
                yield Rule("P_all", "E - S", values, letter, "total cropping", f"{before} before, {after} after")
            else:
                cropped = values | {"A": 2 * ((d * (k - 1) + 1) // 2) - before - after}
                note = f"{before} before, {after} after; A: output_padding"
                yield Rule("P_all", "2*floor(E/2) - A", cropped, letter, "total cropping", note)
        elif self.padding == "half":
            yield Rule("P", "floor((E - 1)/2)", values, letter, "cropping P", shown=before > 0)
        if self.padding == "valid" and after < 0:
            note = "TensorFlow's valid: the output is extended to one stride for each value"
            yield Rule("", f"{letter}*S", values, letter, note=note)
            return
        sides, pads = padding_of(before, after, self.padding)
        added, note = (" + A", "A: output_padding") if extra else ("", "")
        yield Rule("", f"({letter} - 1)*S - {' - '.join(sides)} + E{added}", values | pads, letter, note=note)
