"""Normalisation, and the learned factor per channel."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Unweighing, Weight, Weightless
from cnncalc.layers.parameters import count, flag, real
from cnncalc.shapes import Shape


def affine_weights(x: Shape, affine: bool) -> dict[str, Weight]:
    """The learned factor and offset of a normalisation, one of each per channel."""
    return {name: Weight((x.channels,)) for name in ("weight", "bias")} if affine else {}


def affine_rules(x: Shape, affine: bool) -> tuple[Rule, ...]:
    """The rule of `affine_weights`."""
    note = "a factor and an offset for each channel"
    return (Rule("params", "2*C", {"C": x.channels}, note=note),) if affine else ()


def statistics_ops(groups: int, values: int, affine: bool) -> Ops:
    """The operations of normalising groups of values by their own mean and variance.

    Each value is added to the mean, has it subtracted, is squared, added to the variance and scaled;
    each group divides for mean and variance, adds eps, takes the root and its inverse. A factor and
    an offset for each value come on top if affine.
    """
    elements = groups * values
    return {
        "add": (4 if affine else 3) * elements + groups,
        "mul": (3 if affine else 2) * elements,
        "div": 3 * groups,
        "sqrt": groups,
    }


class Normalization(Unweighing):
    """A layer that takes any shape, keeps it, and may learn a factor and an offset per channel.

    Subclasses have the field affine.

    Attributes:
        buffers: the names of the tensors that are kept but not learned.
    """

    buffers: ClassVar[tuple[str, ...]] = ()
    affine: bool

    def output_shape(self, x: Shape) -> Shape:
        return x

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        kept = {name: Weight((x.channels,), learned=False) for name in self.buffers}
        return affine_weights(x, self.affine) | kept

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        note = "running mean and variance, stored but not learned"
        kept = (Rule("buffers", "2*C", {"C": x.channels}, note=note),) if self.buffers else ()
        return affine_rules(x, self.affine) + kept


@final
class BatchNorm(Normalization):
    """Batch normalisation with the statistics gathered in training.

    Shape: unchanged.
    Weights: weight (C), bias (C) if affine; buffers running_mean (C), running_var (C). Of a vector,
        C is its length.
    MACs: none; the work is not a multiply–accumulate of the network's weights.
    Ops: a mul and an add for each value, as folded into one factor and offset for inference.
    """

    kind: ClassVar[str] = "bn"
    aliases = {"batchnorm": None, "batch_norm": None}
    buffers = ("running_mean", "running_var")
    per_element = {"mul": 1, "add": 1}
    in_place = True
    source = "Ioffe & Szegedy 2015, arXiv:1502.03167"

    affine: bool = flag("a learned factor and offset for each channel", default=True)
    eps: float = real("added to the variance", default=1e-5)


@final
class LayerNorm(Normalization):
    """Layer normalisation over the channels at each position (as in ConvNeXt).

    Shape: unchanged.
    Weights: weight (C), bias (C) if affine.
    MACs: none.
    Ops: 3 add and 2 mul for each value, 3 div, a sqrt and an add for each position; affine one mul and
        one add for each value more.
    """

    kind: ClassVar[str] = "layernorm"
    source = "Ba et al. 2016, arXiv:1607.06450; over channels as in Liu et al. 2022, arXiv:2201.03545"

    affine: bool = flag("a learned factor and offset for each channel", default=True)
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        return statistics_ops(prod(x.spatial), x.channels, self.affine)


@final
class GroupNorm(Unweighing):
    """Normalisation over groups of channels.

    Shape: unchanged.
    Weights: weight (C), bias (C) if affine.
    MACs: none.
    Ops: 3 add and 2 mul for each value, 3 div, a sqrt and an add for each group; affine one mul and
        one add for each value more.
    Raises: ShapeError if groups does not divide C.
    """

    kind: ClassVar[str] = "groupnorm"
    sees_everything = True
    source = "Wu & He 2018, arXiv:1803.08494"

    groups: int = count("parts that the channels are split into", aliases=("group",))
    affine: bool = flag("a learned factor and offset for each channel", default=True)
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        return statistics_ops(self.groups, x.elements // self.groups, self.affine)

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % self.groups:
            raise ShapeError(f"groups {self.groups} must divide the {x.channels} channels")
        return x

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return affine_weights(x, self.affine)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        return affine_rules(x, self.affine)


@final
class InstanceNorm(Normalization):
    """Normalisation of each channel's own map.

    Shape: unchanged.
    Weights: weight (C), bias (C) if affine.
    MACs: none.
    Ops: 3 add and 2 mul for each value, 3 div, a sqrt and an add for each channel; affine one mul and
        one add for each value more.
    """

    kind: ClassVar[str] = "instancenorm"
    sees_everything = True
    source = "Ulyanov et al. 2016, arXiv:1607.08022"

    affine: bool = flag("a learned factor and offset for each channel", default=True)
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        return statistics_ops(x.channels, prod(x.spatial), self.affine)


@final
class LocalResponseNorm(Weightless):
    """Local response normalisation across neighbouring channels; learns nothing.

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
    """A learned factor for each channel, and an offset if bias (LeNet's subsampling, Caffe's Scale).

    Shape: unchanged.
    Weights: weight (C); bias (C) if bias.
    MACs: none by definition: the factor is not counted.
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
