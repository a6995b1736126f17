"""Layers that make a map larger or smaller by repeating or interpolating its values: upsample and resize."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import ClassVar, final

from cnncalc import formula
from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Weightless, require_map
from cnncalc.layers.parameters import Size, factor, flag, target, word
from cnncalc.layers.reach import MAX_PERIOD, UNLISTED, Reach
from cnncalc.shapes import AXES, Shape

LINEAR = ("bilinear", "linear", "trilinear")
MODES = ("nearest", *LINEAR, "bicubic")
"""The modes; the linear ones are one, under the names that frameworks have for one, two and three axes."""


class Resizing(Weightless):
    """A map of another size. Subclasses have these fields."""

    factor: tuple[float, ...] | None
    size: Size | None
    mode: str
    align_corners: bool
    rounding: str

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        if (self.factor is None) == (self.size is None):
            raise ShapeError("needs either a factor or a size")
        if self.mode == "bicubic" and x.rank != 2:
            raise ShapeError("mode bicubic is for images, but the input is {}", x)
        if self.mode == "nearest" and self.align_corners:
            raise ShapeError("align_corners is for modes that interpolate; leave it out, or write mode: bilinear")
        if self.size is not None:
            return Shape(x.channels, self.size)
        sizes = tuple(self._made_whole(n * f) for n, f in zip(x.spatial, self.factor or (), strict=True))
        if min(sizes) < 1:
            raise ShapeError("the factor leaves nothing of the map {}", x)
        return Shape(x.channels, sizes)

    def _made_whole(self, size: float) -> int:
        return floor(size) if self.rounding == "floor" else round(size)

    def ops(self, x: Shape) -> Ops:
        taps = 1 if self.mode == "nearest" else 4**x.rank if self.mode == "bicubic" else 2**x.rank
        outputs = self.output_shape(x).elements
        return {"mul": outputs * taps, "add": outputs * (taps - 1)} if taps > 1 else {}

    def step(self, axis: int, n: int, m: int) -> Fraction:
        """The step on the input for one output, if n become m."""
        if self.align_corners:
            return Fraction(n - 1, m - 1) if m > 1 else Fraction(0)
        if self.factor is not None and self.rounding == "floor":
            return 1 / Fraction(str(self.factor[axis]))
        return Fraction(n, m)

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        sizes = zip(x.spatial, self.output_shape(x).spatial, strict=True)
        return tuple(self._axis_reach(self.step(axis, n, m)) for axis, (n, m) in enumerate(sizes))

    def _axis_reach(self, step: Fraction) -> Reach:
        if step.denominator > MAX_PERIOD:
            return UNLISTED
        return Reach(tuple(self._seen(output, step) for output in range(step.denominator)), step.numerator)

    def _seen(self, output: int, step: Fraction) -> tuple[int, int]:
        """The first and the last input that an output sees."""
        if self.mode == "nearest":
            return floor(output * step), floor(output * step)
        half = Fraction(0) if self.align_corners else Fraction(1, 2)
        place = (output + half) * step - half
        low = floor(place)
        if place == low:
            return low, low
        return (low - 1, low + 2) if self.mode == "bicubic" else (low, low + 1)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return tuple(self._rules(x))

    def _rules(self, x: Shape) -> Iterator[Rule]:
        for axis, (letter, n, m) in enumerate(zip(AXES[x.rank], x.spatial, self.output_shape(x).spatial, strict=True)):
            asked = Rule("", "size", {"size": m}, letter, note="the size asked for")
            if self.factor is None:
                yield asked
                continue
            given = self.factor[axis]
            text, values = f"{letter}*factor", {letter: n, "factor": int(given)}
            if not float(given).is_integer():
                product = f"{letter}*{given}"
                text = f"floor({product})" if self.rounding == "floor" else f"floor({product} + 0.5)"
                values = {letter: n}
            exact = "e" not in str(given) and formula.evaluate(formula.parse(text), values) == m
            yield Rule("", text, values, letter) if exact else asked._replace(note=f"{n * given} is rounded")


@final
class Upsample(Resizing):
    """Upsampling by a factor or to a size: nearest repeats values, other modes interpolate.

    Positions are computed as in PyTorch: from the centres of pixels, or for nearest from their top left corners. The
    step on the input is 1/factor if the size is the factor's rounded down, else in/out.

    Shape: (C, *in) -> (C, *size), or (C, *floor(in * factor)).
    Weights: none.
    MACs: none.
    Ops: none for nearest. For each output value: of linear modes 2, 4 or 8 mul on 1, 2 or 3 axes, of bicubic 16, and
        one add less.
    Raises: ShapeError if the input is a vector, if not one of factor and size is given, if nothing is left, if the
        input of bicubic is not an image, or if nearest has align_corners.
    """

    kind: ClassVar[str] = "upsample"
    source = "PyTorch Upsample, ONNX Resize"

    factor: tuple[float, ...] | None = factor(
        "how much larger or smaller each axis gets: 2, 1.8, 0.5", default=None, aliases=("scale_factor",)
    )
    size: Size | None = target(
        "the output's size per axis, or the layer above whose size it is", default=None, aliases=("size_of",)
    )
    mode: str = word("how values are interpolated", default="nearest", words=MODES, aliases=("interpolation",))
    align_corners: bool = flag("whether the corner pixels of input and output are aligned", default=False)
    rounding: str = word(
        "how a fractional size is rounded: down (PyTorch), or to the nearest (OpenCV)",
        default="floor",
        words=("floor", "nearest"),
    )


@final
class Resize(Resizing):
    """Resizing to a size, to that of another layer, or by a factor: nearest repeats values, other modes interpolate.

    Positions are computed as in PyTorch: from the centres of pixels, or for nearest from their top left corners. The
    step on the input is 1/factor if the size is the factor's rounded down, else in/out.

    Shape: (C, *in) -> (C, *size), or (C, *floor(in * factor)).
    Weights: none.
    MACs: none.
    Ops: none for nearest. For each output value: of linear modes 2, 4 or 8 mul on 1, 2 or 3 axes, of bicubic 16, and
        one add less.
    Raises: ShapeError if the input is a vector, if not one of factor and size is given, if nothing is left, if the
        input of bicubic is not an image, or if nearest has align_corners.
    """

    kind: ClassVar[str] = "resize"
    source = "PyTorch interpolate, ONNX Resize"

    size: Size | None = target(
        "the output's size per axis, or the layer above whose size it is", default=None, aliases=("size_of",)
    )
    factor: tuple[float, ...] | None = factor(
        "how much larger or smaller each axis gets: 2, 1.8, 0.5", default=None, aliases=("scale_factor",)
    )
    mode: str = word("how values are interpolated", default="nearest", words=MODES, aliases=("interpolation",))
    align_corners: bool = flag("whether the corner pixels of input and output are aligned", default=False)
    rounding: str = word(
        "how a fractional size is rounded: down (PyTorch), or to the nearest (OpenCV)",
        default="floor",
        words=("floor", "nearest"),
    )
