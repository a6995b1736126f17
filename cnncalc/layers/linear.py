"""The fully connected layer."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import NORM_AND_ACTIVATION, Layer, Ops, Rule, Weight
from cnncalc.layers.convolution import bias_weight, weighted_ops
from cnncalc.layers.derivations import counted
from cnncalc.layers.parameters import count, flag
from cnncalc.shapes import AXES, Shape


@final
class FullyConnected(Layer):
    """Fully connected layer: every output is a weighted sum of all inputs; on a sequence, at each position.

    Shape: (C) -> (features), (C, L) -> (features, L).
    Weights: weight (features, C); bias (features) if bias.
    MACs: C * features, at each position.
    Ops: a mac for each MAC, an add for each output value if bias.
    Raises: ShapeError if the input is an image or a volume. Caffe would flatten it, Keras and PyTorch would work on
        its last axis: write flatten, or a convolution with kernel 1.
    """

    kind: ClassVar[str] = "fc"
    aliases = {"dense": None, "linear": None}
    followers = NORM_AND_ACTIVATION
    source = "LeCun et al. 1998, section II-B (layer F6)"

    features: int = count("number of outputs", aliases=("units", "out_features"))
    bias: bool = flag("one learned offset for each output", default=True, aliases=("use_bias",))

    def output_shape(self, x: Shape) -> Shape:
        if x.rank > 1:
            each = f"or write '{{{{conv: {self.features}, kernel: 1}}}}' to act at each position"
            raise ShapeError(f"needs a vector; put '- flatten' before it ({{}} -> {{}}), {each}", x, Shape(x.elements))
        return Shape(self.features, x.spatial)

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return {"weight": Weight((self.features, x.channels))} | bias_weight(self.bias, self.features)

    def macs(self, x: Shape) -> int:
        return prod(x.sizes()) * self.features

    def ops(self, x: Shape) -> Ops:
        return weighted_ops(self.macs(x), self.output_shape(x).elements, self.bias)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C_in": x.channels, "features": self.features, **dict(zip(AXES[x.rank], x.spatial, strict=True))}
        return (
            Rule("depth", "C_in", values, shown=False),
            Rule("filters", "features", values, shown=False),
            *counted("depth*filters", "*".join((*AXES[x.rank], "depth*filters")), self.bias, values),
        )
