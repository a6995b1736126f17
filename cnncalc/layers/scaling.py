"""Layers that scale values, by the values around them or by a factor, learned or given; arithmetic on single values."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.layers.activation import Elementwise
from cnncalc.layers.base import Ops, Rule, Unweighing, Weight, Weightless
from cnncalc.layers.parameters import MAX_REAL, count, flag, real, word
from cnncalc.layers.reach import UNREACHED, Reach
from cnncalc.shapes import Shape


@final
class L2Norm(Weightless):
    """L2 normalisation: the channels at each position are divided by their L2 norm; learns nothing.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Ops: an add, a mul and a div for each value, a sqrt for each position.
    """

    kind: ClassVar[str] = "l2norm"
    source = "Liu et al. 2015, arXiv:1506.04579; a learned factor for each channel is a scale after it"

    eps: float = real("the smallest norm that is divided by", default=1e-12)

    def ops(self, x: Shape) -> Ops:
        return {"add": x.elements, "mul": x.elements, "div": x.elements, "sqrt": prod(x.spatial)}

    def output_shape(self, x: Shape) -> Shape:
        return x


@final
class LocalResponseNorm(Weightless):
    """Local response normalisation, over neighbouring channels; learns nothing.

    out = in / (k + alpha * sum of the squares of `size` neighbouring channels)^beta.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Ops: 2 mul, size add, an exp (the power) and a div for each value.
    """

    kind: ClassVar[str] = "lrn"
    source = "Krizhevsky et al. 2012, section 3.3"

    size: int = count("channels in the sum", default=5)
    alpha: float = real("weight of the sum", default=1e-4)
    beta: float = real("exponent", default=0.75)
    k: float = real("offset", default=2.0)

    def ops(self, x: Shape) -> Ops:
        elements = x.elements
        return {"mul": 2 * elements, "add": self.size * elements, "exp": elements, "div": elements}

    def output_shape(self, x: Shape) -> Shape:
        return x


@final
class Scale(Unweighing):
    """A learned factor for each channel, and an offset if bias (LeNet-5's subsampling, Caffe's Scale).

    Shape: unchanged.
    Weights: weight (C); bias (C) if bias.
    MACs: none by definition.
    Ops: a mul for each value, and an add if bias.
    """

    kind: ClassVar[str] = "scale"
    in_place = True
    source = "LeCun et al. 1998, section II-B (layers S2 and S4)"

    bias: bool = flag("a learned offset for each channel", default=True, aliases=("use_bias",))

    def output_shape(self, x: Shape) -> Shape:
        return x

    def ops(self, x: Shape) -> Ops:
        return {"mul": x.elements, "add": x.elements} if self.bias else {"mul": x.elements}

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        names = ("weight", "bias") if self.bias else ("weight",)
        return {name: Weight((x.channels,)) for name in names}

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        text = "2*C" if self.bias else "1*C"
        note = "a factor and an offset for each channel" if self.bias else "a factor for each channel"
        return (Rule("params", text, {"C": x.channels}, note=note),)


@final
class Rescale(Weightless):
    """Every value times a given factor, plus a given offset, as for the range of images; learns nothing.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Ops: a mul and an add for each value.
    """

    kind: ClassVar[str] = "rescale"
    per_element = {"mul": 1, "add": 1}
    in_place = True
    source = "Keras Rescaling"

    factor: float = real("what each value is multiplied by", aliases=("scale",), minimum=-MAX_REAL)
    offset: float = real("what is added to the product", default=0.0, minimum=-MAX_REAL)

    def output_shape(self, x: Shape) -> Shape:
        return x


@final
class Power(Elementwise):
    """Each value to a power: x^exponent.

    Shape: unchanged.
    Weights: none.
    MACs: none.
    Ops: for each value n - 1 mul for an exponent of n, n mul and a sqrt for n + 1/2, one more div for -n; 2 exp and a
        mul for any other, as exp(exponent * log(x)): a log counts as an exp.
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
