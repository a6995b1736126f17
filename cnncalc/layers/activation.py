"""Activations, and dropout: layers that act on every value and keep the shape."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Unweighing, Weight, Weightless
from cnncalc.layers.parameters import choice, real
from cnncalc.shapes import AXES, Shape


class Elementwise(Weightless):
    """A layer without weights that keeps the shape: unchanged, none, none."""

    def output_shape(self, x: Shape) -> Shape:
        return x


@final
class Relu(Elementwise):
    """Rectified linear unit: max(x, 0)."""

    kind: ClassVar[str] = "relu"
    in_place = True
    per_element = {"cmp": 1}
    source = "Nair & Hinton 2010, ICML"


@final
class Relu6(Elementwise):
    """Rectified linear unit capped at 6: min(max(x, 0), 6)."""

    kind: ClassVar[str] = "relu6"
    per_element = {"cmp": 2}
    source = "Howard et al. 2017, arXiv:1704.04861"


@final
class LeakyRelu(Elementwise):
    """Leaky rectified linear unit: x where x > 0, slope*x elsewhere."""

    kind: ClassVar[str] = "leaky_relu"
    per_element = {"cmp": 1, "mul": 1}
    source = "Maas et al. 2013, ICML workshop"

    slope: float = real("factor of negative values", default=0.01)


@final
class PRelu(Unweighing):
    """Leaky rectified linear unit with learned slopes: one alone (PyTorch's default), one for each channel or value.

    Shape: unchanged.
    Weights: weight (C); (1) with slopes one, (C, *in) with slopes value (Keras' default).
    MACs: none.
    Raises: ShapeError if slopes is a number that is neither 1 nor C.
    """

    kind: ClassVar[str] = "prelu"
    per_element = {"cmp": 1, "mul": 1}
    source = "He et al. 2015, arXiv:1502.01852"

    slopes: str | int = choice(
        "what has a slope of its own: all values together (one, or 1), each channel (or their number), each value",
        default="channel",
        words=("one", "channel", "value"),
        aliases=("num_parameters",),
        differs=True,
    )

    def output_shape(self, x: Shape) -> Shape:
        if isinstance(self.slopes, int) and self.slopes not in (1, x.channels):
            raise ShapeError(f"slopes is {self.slopes}; there is 1, or one for each of the {x.channels} channels")
        return x

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        sizes = {"one": (1,), 1: (1,), "value": x.sizes()}
        return {"weight": Weight(sizes.get(self.slopes, (x.channels,)))}

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        if self.slopes in ("one", 1):
            return (Rule("params", "1", {}, note="one slope for all values"),)
        values = {"C": x.channels}
        if self.slopes != "value":
            return (Rule("params", "C", values, note="a slope for each channel"),)
        values |= dict(zip(AXES[x.rank], x.spatial, strict=True))
        return (Rule("params", "*".join(values), values, note="a slope for each value"),)


@final
class Elu(Elementwise):
    """Exponential linear unit: x where x > 0, alpha*(exp(x) - 1) elsewhere."""

    kind: ClassVar[str] = "elu"
    per_element = {"cmp": 1, "exp": 1, "add": 1, "mul": 1}
    source = "Clevert et al. 2015, arXiv:1511.07289"

    alpha: float = real("factor of the exponential part", default=1.0)


@final
class Gelu(Elementwise):
    """Gaussian error linear unit: x * Phi(x), with the normal distribution's Phi."""

    kind: ClassVar[str] = "gelu"
    per_element = {"exp": 1, "add": 1, "mul": 3}
    source = "Hendrycks & Gimpel 2016, arXiv:1606.08415"


@final
class Silu(Elementwise):
    """Sigmoid linear unit (swish): x * sigmoid(x)."""

    kind: ClassVar[str] = "silu"
    per_element = {"exp": 1, "add": 1, "div": 1}
    source = "Ramachandran et al. 2017, arXiv:1710.05941"


@final
class HardSwish(Elementwise):
    """Piecewise form of silu: x * relu6(x + 3) / 6."""

    kind: ClassVar[str] = "hardswish"
    per_element = {"add": 1, "cmp": 2, "mul": 2}
    source = "Howard et al. 2019, arXiv:1905.02244"


@final
class HardSigmoid(Elementwise):
    """Piecewise form of the sigmoid: relu6(x + 3) / 6."""

    kind: ClassVar[str] = "hardsigmoid"
    per_element = {"add": 1, "cmp": 2, "mul": 1}
    source = "Howard et al. 2019, arXiv:1905.02244"


@final
class Sigmoid(Elementwise):
    """Logistic function: 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    per_element = {"exp": 1, "add": 1, "div": 1}


@final
class Tanh(Elementwise):
    """Hyperbolic tangent."""

    kind: ClassVar[str] = "tanh"
    per_element = {"exp": 1, "add": 2, "div": 1}


@final
class Softmax(Elementwise):
    """Exponentials over the channels, divided by their sum, the largest value subtracted first.

    Shape: unchanged.
    Weights: none.
    MACs: none by definition.
    Ops: C - 1 cmp, 2*C - 1 add, C exp and C div for each position.
    """

    kind: ClassVar[str] = "softmax"

    def ops(self, x: Shape) -> Ops:
        sums = prod(x.spatial) * (x.channels - 1)  # one less than the values of each position
        return {"cmp": sums, "add": x.elements + sums, "exp": x.elements, "div": x.elements}


@final
class Dropout(Elementwise):
    """Sets a random part of the values to zero in training; does nothing afterwards."""

    kind: ClassVar[str] = "dropout"
    in_place = True
    source = "Srivastava et al. 2014, JMLR 15"

    rate: float = real("part of the values that is dropped, 0 <= rate < 1", default=0.5, minimum=0, below=1)
