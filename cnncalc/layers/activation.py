"""Activations, and dropout: layers that act on every value and keep the shape."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Unweighing, Weight, Weightless
from cnncalc.layers.derivations import axis_rules
from cnncalc.layers.parameters import Size, choice, count, real, size
from cnncalc.layers.reach import UNREACHED, Reach
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
    source = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10"


@final
class LeakyRelu(Elementwise):
    """Leaky rectified linear unit: x if x > 0, else slope*x."""

    kind: ClassVar[str] = "leaky_relu"
    per_element = {"cmp": 1, "mul": 1}
    source = "Maas et al. 2013, ICML workshop"

    slope: float = real("factor of negative values", default=0.01)


@final
class PRelu(Unweighing):
    """Leaky rectified linear unit with learned slopes: one (PyTorch's default), or one for each channel or value.

    Shape: unchanged.
    Weights: weight (C); (1) with slopes one, (C, *in) with slopes value (Keras' default).
    MACs: none.
    Raises: ShapeError if slopes is a number that is neither 1 nor C.
    """

    kind: ClassVar[str] = "prelu"
    per_element = {"cmp": 1, "mul": 1}
    source = "He et al. 2015, arXiv:1502.01852"

    slopes: str | int = choice(
        "how many slopes there are: one (or 1), one for each channel (or their number), or one for each value",
        default="channel",
        words=("one", "channel", "value"),
        aliases=("num_parameters",),
        differs=True,
    )

    def output_shape(self, x: Shape) -> Shape:
        if isinstance(self.slopes, int) and self.slopes not in (1, x.channels):
            raise ShapeError(f"slopes is {self.slopes}, but must be 1 or the number of channels, {x.channels}")
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
    """Exponential linear unit: x if x > 0, else alpha*(exp(x) - 1)."""

    kind: ClassVar[str] = "elu"
    per_element = {"cmp": 1, "exp": 1, "add": 1, "mul": 1}
    source = "Clevert et al. 2015, arXiv:1511.07289"

    alpha: float = real("factor of the exponential part", default=1.0)


@final
class Gelu(Elementwise):
    """Gaussian error linear unit: x * Phi(x), with Phi(x) the probability that a standard normal value is below x."""

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
    """Hard swish, a piecewise polynomial like silu: x * relu6(x + 3) / 6."""

    kind: ClassVar[str] = "hardswish"
    per_element = {"add": 1, "cmp": 2, "mul": 2}
    source = "Howard et al. 2019, arXiv:1905.02244"


@final
class HardSigmoid(Elementwise):
    """Hard sigmoid, piecewise linear: relu6(x + 3) / 6."""

    kind: ClassVar[str] = "hardsigmoid"
    per_element = {"add": 1, "cmp": 2, "mul": 1}
    source = "Howard et al. 2019, arXiv:1905.02244"


@final
class Sigmoid(Elementwise):
    """Sigmoid (logistic function): 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"
    per_element = {"exp": 1, "add": 1, "div": 1}


@final
class Tanh(Elementwise):
    """Hyperbolic tangent."""

    kind: ClassVar[str] = "tanh"
    per_element = {"exp": 1, "add": 2, "div": 1}


class OverChannels(Elementwise):
    """A softmax over the channels of each position, all or those of each branch. Subclasses have the field parts."""

    parts: int | None

    def output_shape(self, x: Shape) -> Shape:
        if self.parts and x.channels % self.parts:
            raise ShapeError(f"parts {self.parts} must divide the {x.channels} channels")
        return x

    def sums(self, x: Shape) -> int:
        """The number of sums: one for each position, or with parts one for each channel of a branch and position."""
        return x.elements // (self.parts or x.channels)


@final
class Softmax(OverChannels):
    """Softmax over the channels: exp(x) / sum of exp(x), at each position; the largest value is subtracted first.

    With parts, the channels come from that many concatenated branches, and the sum is over the same channel of each
    branch (SKNet, ResNeSt).

    Shape: unchanged.
    Weights: none.
    MACs: none by definition.
    Ops: C - 1 cmp, 2*C - 1 add, C exp and C div for each position; with parts, their number takes the place of C,
        for each channel of a branch and position.
    Raises: ShapeError if parts does not divide C.
    """

    kind: ClassVar[str] = "softmax"

    parts: int | None = count("number of concatenated branches, whose same channels are compared", default=None)

    def ops(self, x: Shape) -> Ops:
        others = x.elements - self.sums(x)  # one less than the values of each sum
        return {"cmp": others, "add": x.elements + others, "exp": x.elements, "div": x.elements}


@final
class LogSoftmax(OverChannels):
    """Logarithm of softmax: x - log(sum of exp(x)) over the channels, at each position.

    Shape: unchanged.
    Weights: none.
    MACs: none by definition.
    Ops: C - 1 cmp, 3*C - 1 add and C + 1 exp for each position; with parts as for softmax.
    Raises: ShapeError if parts does not divide C.
    """

    kind: ClassVar[str] = "log_softmax"

    parts: int | None = count("number of concatenated branches, whose same channels are compared", default=None)

    def ops(self, x: Shape) -> Ops:
        others = x.elements - self.sums(x)
        return {"cmp": others, "add": 2 * x.elements + others, "exp": x.elements + self.sums(x)}


@final
class Glu(Weightless):
    """Gated linear unit: the first half of the channels times the sigmoid of the second half.

    Shape: (C, *in) -> (C/2, *in).
    Weights: none.
    MACs: none.
    Ops: an exp, an add, a div and a mul for each output value.
    Raises: ShapeError if C is odd.
    """

    kind: ClassVar[str] = "glu"
    per_element = {"exp": 1, "add": 1, "div": 1, "mul": 1}
    source = "Dauphin et al. 2016, arXiv:1612.08083"

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % 2:
            raise ShapeError(f"halves the channels, but their number {x.channels} is odd")
        return Shape(x.channels // 2, x.spatial)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return (Rule("channels", "C/2", {"C": x.channels}),)


@final
class Zeros(Weightless):
    """Zeros in place of all values; with a stride, on a smaller map (the operation `none` of DARTS).

    Shape: (C, *in) -> (C, *ceil(in/stride)).
    Weights: none.
    MACs: none.
    """

    kind: ClassVar[str] = "zeros"
    source = "Liu et al. 2018, arXiv:1806.09055, section 2.1"

    stride: Size = size("distance between the positions that are kept", default=1, aliases=("strides",))

    def output_shape(self, x: Shape) -> Shape:
        return Shape(x.channels, tuple(-(-n // s) for n, s in zip(x.spatial, self.stride, strict=True)))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return (UNREACHED,) * x.rank

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return axis_rules(x.spatial, "ceil({}/S)", {"S": self.stride}) if any(s > 1 for s in self.stride) else ()


@final
class Dropout(Elementwise):
    """Sets randomly chosen values to zero in training; does nothing at inference."""

    kind: ClassVar[str] = "dropout"
    in_place = True
    source = "Srivastava et al. 2014, JMLR 15"

    rate: float = real("fraction of the values that is dropped, 0 <= rate < 1", default=0.5, minimum=0, below=1)
