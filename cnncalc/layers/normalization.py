"""Normalisation layers, with a learned factor and offset for each channel."""

from __future__ import annotations

from math import prod
from typing import Any, ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Ops, Rule, Unweighing, Weight
from cnncalc.layers.parameters import count, flag, real, shape
from cnncalc.shapes import AXES, Shape

AFFINE = "whether a factor and an offset are learned: the default of scale and center"
FACTOR: Any = flag("whether a factor is learned", default_from="affine")
OFFSET: Any = flag("whether an offset is learned", default_from="affine")
OVER: Any = shape(
    "what is normalised together: by default the channels at each position; the input's shape for all of it",
    default=None,
    aliases=("normalized_shape",),
)


def statistics_ops(groups: int, values: int, scale: bool, center: bool) -> Ops:
    """The operations of normalising groups of values by their own mean and variance.

    Each value is added to the mean, has it subtracted, is squared, added to the variance and scaled;
    each group divides for mean and variance, adds eps, takes the root and its inverse. A factor and
    an offset for each value are added if they are learned.
    """
    elements = groups * values
    return {
        "add": (3 + center) * elements + groups,
        "mul": (2 + scale) * elements,
        "div": 3 * groups,
        "sqrt": groups,
    }


class Normalization(Unweighing):
    """A layer that takes any shape, keeps it, and may learn a factor and an offset.

    Subclasses have the field scale, most of them center and affine, too.

    Attributes:
        buffers: the names of the tensors that are kept but not learned, one value for each channel.
    """

    buffers: ClassVar[tuple[str, ...]] = ()
    scale: bool

    def output_shape(self, x: Shape) -> Shape:
        return x

    def learned_for(self, x: Shape) -> Shape:
        """The shape of the learned factor and offset: one of each for every channel."""
        return Shape(x.channels)

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        names = ("weight",) * self.scale + ("bias",) * getattr(self, "center", False)
        kept = {name: Weight((x.channels,), learned=False) for name in self.buffers}
        return {name: Weight(self.learned_for(x).sizes()) for name in names} | kept

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        each = self.learned_for(x)
        values = {"C": each.channels} | dict(zip(AXES[each.rank], each.spatial, strict=True))
        learned = ["a factor"] * self.scale + ["an offset"] * getattr(self, "center", False)
        note = f"{' and '.join(learned)} for each {'value' if each.spatial else 'channel'}"
        params = Rule("params", "*".join((str(len(learned)), *values)), values, note=note)
        kept = Rule("buffers", "2*C", {"C": x.channels}, note="running mean and variance, stored but not learned")
        return (params,) * bool(learned) + (kept,) * bool(self.buffers)


@final
class BatchNorm(Normalization):
    """Batch normalisation, with the mean and variance gathered in training.

    Shape: unchanged.
    Weights: weight (C) if scale, bias (C) if center; buffers running_mean (C), running_var (C). C is the length of
        a vector.
    MACs: none by definition; the operations are counted in ops.
    Ops: a mul and an add for each value: at inference the layer is one factor and one offset for each channel.
    """

    kind: ClassVar[str] = "bn"
    aliases = {"batchnorm": None, "batch_norm": None}
    buffers = ("running_mean", "running_var")
    per_element = {"mul": 1, "add": 1}
    in_place = True
    source = "Ioffe & Szegedy 2015, arXiv:1502.03167"

    affine: bool = flag(AFFINE, default=True)
    scale: bool = FACTOR
    center: bool = OFFSET
    eps: float = real("added to the variance", default=1e-5)


class NormOver(Normalization):
    """A normalisation over the channels at each position, or over the whole input. Subclasses have the field over."""

    over: Shape | None

    @property
    def sees_everything(self) -> bool:
        return self.over is not None and self.over.rank > 0

    def output_shape(self, x: Shape) -> Shape:
        if self.over is not None and self.over not in (x, Shape(x.channels)):
            message = f"over is {{}}, but must be the input's shape {{}} or its {x.channels} channels"
            raise ShapeError(message, self.over, x)
        return x

    def learned_for(self, x: Shape) -> Shape:
        return x if self.sees_everything else Shape(x.channels)

    def groups(self, x: Shape) -> int:
        """The number of groups of values that are normalised together."""
        return 1 if self.sees_everything else prod(x.spatial)


@final
class LayerNorm(NormOver):
    """Layer normalisation over the channels at each position (as in ConvNeXt), or over the whole input.

    Shape: unchanged.
    Weights: weight (C) if scale, bias (C) if center; (C, *in) over the whole input.
    MACs: none.
    Ops: 3 add and 2 mul for each value; 3 div, a sqrt and an add for each mean. One more mul for each value if scale,
        one more add if center.
    Raises: ShapeError if over is neither C nor the input's shape.
    """

    kind: ClassVar[str] = "layernorm"
    source = "Ba et al. 2016, arXiv:1607.06450; over channels as in Liu et al. 2022, arXiv:2201.03545"

    over: Shape | None = OVER
    affine: bool = flag(AFFINE, default=True)
    scale: bool = FACTOR
    center: bool = OFFSET
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        groups = self.groups(x)
        return statistics_ops(groups, x.elements // groups, self.scale, self.center)


@final
class RmsNorm(NormOver):
    """Root mean square normalisation of the channels at each position, or of the whole input.

    Shape: unchanged.
    Weights: weight (C) if scale; (C, *in) over the whole input.
    MACs: none.
    Ops: an add and 2 mul for each value; 2 div, a sqrt and an add for each mean. One more mul for each value if scale.
    Raises: ShapeError if over is neither C nor the input's shape.
    """

    kind: ClassVar[str] = "rmsnorm"
    source = "Zhang & Sennrich 2019, arXiv:1910.07467"

    over: Shape | None = OVER
    scale: bool = flag("whether a factor is learned", default=True, aliases=("affine", "elementwise_affine"))
    eps: float = real("added to the mean square", default=1e-6)

    def ops(self, x: Shape) -> Ops:
        groups = self.groups(x)
        return {"add": x.elements + groups, "mul": (2 + self.scale) * x.elements, "div": 2 * groups, "sqrt": groups}


@final
class GroupNorm(Normalization):
    """Group normalisation, over the values of each group of channels.

    Shape: unchanged.
    Weights: weight (C) if scale, bias (C) if center.
    MACs: none.
    Ops: 3 add and 2 mul for each value; 3 div, a sqrt and an add for each group. One more mul for each value if
        scale, one more add if center.
    Raises: ShapeError if groups does not divide C.
    """

    kind: ClassVar[str] = "groupnorm"
    sees_everything = True
    source = "Wu & He 2018, arXiv:1803.08494"

    groups: int = count("number of groups that the channels are split into", aliases=("group", "num_groups"))
    affine: bool = flag(AFFINE, default=True)
    scale: bool = FACTOR
    center: bool = OFFSET
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        return statistics_ops(self.groups, x.elements // self.groups, self.scale, self.center)

    def output_shape(self, x: Shape) -> Shape:
        if x.channels % self.groups:
            raise ShapeError(f"groups {self.groups} must divide the {x.channels} channels")
        return x


@final
class InstanceNorm(Normalization):
    """Instance normalisation, over the map of each channel; learns nothing without affine (PyTorch's default).

    Shape: unchanged.
    Weights: weight (C) if scale, bias (C) if center.
    MACs: none.
    Ops: 3 add and 2 mul for each value; 3 div, a sqrt and an add for each channel. One more mul for each value if
        scale, one more add if center.
    """

    kind: ClassVar[str] = "instancenorm"
    sees_everything = True
    source = "Ulyanov et al. 2016, arXiv:1607.08022"

    affine: bool = flag(AFFINE, default=False, differs=True)
    scale: bool = FACTOR
    center: bool = OFFSET
    eps: float = real("added to the variance", default=1e-5)

    def ops(self, x: Shape) -> Ops:
        return statistics_ops(x.channels, prod(x.spatial), self.scale, self.center)
