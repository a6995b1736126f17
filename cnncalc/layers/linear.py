"""The fully connected layer."""

from __future__ import annotations

from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import NORM_AND_ACTIVATION, Layer, Ops, Rule, Weight
from cnncalc.layers.convolution import bias_weight, weighted_ops
from cnncalc.layers.derivations import counted
from cnncalc.layers.parameters import count, flag
from cnncalc.shapes import Shape


@final
class FullyConnected(Layer):
    """Fully connected layer: every output is a weighted sum of all inputs.

    Shape: (C) -> (features).
    Weights: weight (features, C); bias (features) if bias.
    MACs: C * features.
    Ops: a mac for each of them, an add for each output value if bias.
    Raises: ShapeError if the input is not a vector. Caffe flattens silently, Keras and PyTorch
        work on the last axis: nothing is assumed here.
    """

    kind: ClassVar[str] = "fc"
    aliases = {"dense": None, "linear": None}
    followers = NORM_AND_ACTIVATION
    sees_everything = True
    source = "LeCun et al. 1998, section II-B (layer F6)"

    features: int = count("number of outputs", aliases=("units", "out_features"))
    bias: bool = flag("one learned offset for each output", default=True, aliases=("use_bias",))

    def output_shape(self, x: Shape) -> Shape:
        if x.spatial:
            raise ShapeError("needs a vector; put '- flatten' before it ({} -> {})", x, Shape(x.elements))
        return Shape(self.features)

    def weight_shapes(self, x: Shape) -> dict[str, Weight]:
        return {"weight": Weight((self.features, x.channels))} | bias_weight(self.bias, self.features)

    def macs(self, x: Shape) -> int:
        return x.channels * self.features

    def ops(self, x: Shape) -> Ops:
        return weighted_ops(self.macs(x), self.features, self.bias)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        values = {"C_in": x.channels, "features": self.features}
        return (
            Rule("depth", "C_in", values, shown=False),
            Rule("filters", "features", values, shown=False),
            *counted("depth*filters", "depth*filters", self.bias, values),
        )
