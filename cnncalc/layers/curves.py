"""Activations that only some networks use: one function of each value, without weights."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.activation import Elementwise
from cnncalc.layers.parameters import MAX_REAL, real
from cnncalc.shapes import Shape


@final
class Selu(Elementwise):
    """Scaled exponential linear unit: 1.0507 times elu with alpha 1.6733."""

    kind: ClassVar[str] = "selu"
    per_element = {"cmp": 1, "exp": 1, "add": 1, "mul": 2}
    source = "Klambauer et al. 2017, arXiv:1706.02515"


@final
class Celu(Elementwise):
    """Continuously differentiable exponential linear unit: x if x > 0, else alpha*(exp(x/alpha) - 1).

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Raises: ShapeError if alpha is 0.
    """

    kind: ClassVar[str] = "celu"
    per_element = {"cmp": 1, "exp": 1, "add": 1, "mul": 1, "div": 1}
    source = "Barron 2017, arXiv:1704.07483"

    alpha: float = real("scale of the exponential part, above 0", default=1.0)

    def output_shape(self, x: Shape) -> Shape:
        if not self.alpha:
            raise ShapeError("values are divided by alpha, which is 0; write relu instead, the limit for small alpha")
        return x


@final
class Mish(Elementwise):
    """Mish, a smooth activation like silu: x * tanh(softplus(x))."""

    kind: ClassVar[str] = "mish"
    per_element = {"exp": 2, "add": 3, "mul": 1, "div": 1}
    source = "Misra 2019, arXiv:1908.08681"


@final
class Softplus(Elementwise):
    """Softplus, a smooth relu: log(1 + exp(x))."""

    kind: ClassVar[str] = "softplus"
    per_element = {"exp": 2, "add": 1}
    source = "Dugas et al. 2001, NIPS 13"


@final
class Squareplus(Elementwise):
    """Squareplus, a smooth relu without exponentials: (x + sqrt(x*x + curvature)) / 2."""

    kind: ClassVar[str] = "squareplus"
    per_element = {"mul": 2, "add": 2, "sqrt": 1}
    source = "Barron 2021, arXiv:2112.11687"

    curvature: float = real("how far the curve is rounded at 0", default=4.0, minimum=0)


@final
class Softsign(Elementwise):
    """Softsign, like tanh without exponentials: x / (1 + abs(x))."""

    kind: ClassVar[str] = "softsign"
    per_element = {"add": 1, "div": 1, "cmp": 1}


@final
class LogSigmoid(Elementwise):
    """Logarithm of the sigmoid: -log(1 + exp(-x))."""

    kind: ClassVar[str] = "logsigmoid"
    per_element = {"exp": 2, "add": 1}


@final
class TanhShrink(Elementwise):
    """Tanh shrinkage: x - tanh(x)."""

    kind: ClassVar[str] = "tanhshrink"
    per_element = {"exp": 1, "add": 3, "div": 1}


@final
class Exponential(Elementwise):
    """Exponential function: exp(x)."""

    kind: ClassVar[str] = "exponential"
    per_element = {"exp": 1}


@final
class HardTanh(Elementwise):
    """Hard tanh, piecewise linear: min(max(x, low), high).

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Raises: ShapeError if low is above high.
    """

    kind: ClassVar[str] = "hardtanh"
    per_element = {"cmp": 2}

    low: float = real("the smallest value", default=-1.0, minimum=-MAX_REAL, aliases=("min_val",))
    high: float = real("the largest value", default=1.0, minimum=-MAX_REAL, aliases=("max_val",))

    def output_shape(self, x: Shape) -> Shape:
        if self.low > self.high:
            raise ShapeError(f"low {self.low:g} is above high {self.high:g}: no value lies between them")
        return x


@final
class HardShrink(Elementwise):
    """Hard shrinkage: x if abs(x) > lambd, else 0."""

    kind: ClassVar[str] = "hardshrink"
    per_element = {"cmp": 2}

    lambd: float = real("values up to this one, or its negative, become 0", default=0.5, minimum=0)


@final
class SoftShrink(Elementwise):
    """Soft shrinkage: x - lambd if x > lambd, x + lambd if x < -lambd, else 0."""

    kind: ClassVar[str] = "softshrink"
    per_element = {"cmp": 2, "add": 1}

    lambd: float = real("how far values move towards 0", default=0.5, minimum=0)


@final
class Threshold(Elementwise):
    """Threshold function: x if x > limit, else value."""

    kind: ClassVar[str] = "threshold"
    per_element = {"cmp": 1}

    limit: float = real("the threshold", default=0.0, minimum=-MAX_REAL)
    value: float = real("what values up to the threshold become", default=0.0, minimum=-MAX_REAL)


@final
class SparsePlus(Elementwise):
    """Sparse plus, relu with a parabola at its corner: (x + 1)*(x + 1)/4 from -1 to 1, 0 below and x above."""

    kind: ClassVar[str] = "sparse_plus"
    per_element = {"cmp": 2, "add": 1, "mul": 2}
    source = "Keras sparse_plus"


@final
class SparseSigmoid(Elementwise):
    """Sparse sigmoid, piecewise linear: min(max((x + 1)/2, 0), 1)."""

    kind: ClassVar[str] = "sparse_sigmoid"
    per_element = {"cmp": 2, "add": 1, "mul": 1}
    source = "Keras sparse_sigmoid"


@final
class Identity(Elementwise):
    """The input, unchanged."""

    kind: ClassVar[str] = "identity"
    in_place = True
