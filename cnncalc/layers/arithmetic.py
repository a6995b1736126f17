"""Arithmetic on single values, without weights, and values drawn at random."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.layers.activation import Elementwise
from cnncalc.layers.base import Ops
from cnncalc.layers.parameters import MAX_REAL, real, word
from cnncalc.layers.reach import UNREACHED, Reach
from cnncalc.shapes import Shape


@final
class Power(Elementwise):
    """Each value to a power: x^exponent.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Ops: for each value a mul less than a whole exponent, a sqrt for halves, a div if it is negative; an exp, a log
        that counts as one, and a mul for any other exponent.
    """

    kind: ClassVar[str] = "power"
    source = "PyTorch pow, keras.ops.power"

    exponent: float = real("the power", default=2.0, minimum=-MAX_REAL)

    def ops(self, x: Shape) -> Ops:
        times, half = divmod(abs(self.exponent), 1)
        if half not in (0, 0.5):
            return {"mul": x.elements, "exp": 2 * x.elements}
        each = {"mul": max(int(times) - (not half), 0), "sqrt": int(half > 0), "div": int(self.exponent < 0)}
        return {operation: count * x.elements for operation, count in each.items() if count}


@final
class Log(Elementwise):
    """The natural logarithm."""

    kind: ClassVar[str] = "log"
    per_element = {"exp": 1}


@final
class Absolute(Elementwise):
    """Each value without its sign."""

    kind: ClassVar[str] = "abs"
    per_element = {"cmp": 1}


@final
class Noise(Elementwise):
    """Values drawn at random, in the shape of the input: from the standard normal distribution, or evenly from 0 to 1.

    Shape: unchanged.
    Weights: none.
    MACs: none. Drawing is not counted.
    """

    kind: ClassVar[str] = "noise"
    drawn = True
    source = "Kingma & Welling 2013, arXiv:1312.6114, section 2.4"

    distribution: str = word("what is drawn from", default="normal", words=("normal", "uniform"))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return (UNREACHED,) * x.rank
