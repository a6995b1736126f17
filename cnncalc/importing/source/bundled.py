"""Networks that libraries have ready made and cnncalc has specs of, as parts of a graph."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import Report
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_bundled
from cnncalc.layers.linear import FullyConnected
from cnncalc.network.build import build_network

APPLICATIONS: Mapping[str, str] = {
    "VGG16": "vgg16", "VGG19": "vgg19", "Xception": "xception", "MobileNet": "mobilenet_v1",
    "MobileNetV2": "mobilenet_v2", **{f"DenseNet{n}": f"densenet{n}" for n in (121, 169, 201)},
    **{f"EfficientNetB{n}": f"efficientnet_b{n}" for n in range(8)},
    **{f"EfficientNetV2{size}": f"efficientnet_v2_{size.lower()}" for size in "SML"},
}  # fmt: skip
"""Function of keras.applications → the spec of the same network."""

USUAL: Mapping[str, Any] = {"alpha": 1.0, "depth_multiplier": 1, "classifier_activation": "softmax"}
"""Arguments that may have only the value for which there is a spec."""


class Ready(NamedTuple):
    """A network that is ready made.

    Attributes:
        spec: the name of its spec.
        top: whether it has its classifier.
        classes: how many, if not as many as in the spec.
        pooling: `avg` or `max`: how its maps become a vector without the classifier; empty if they stay.
    """

    spec: str
    top: bool = True
    classes: int = 0
    pooling: str = ""

    def input(self) -> tuple[int, ...]:
        """The sizes of its input, the channels last."""
        (shape,) = _report(self.spec).network.inputs.values()
        return shape.sizes("HWC")

    def add(self, builder: GraphBuilder, value: str, at: ModelPlace, scope: tuple[str, ...]) -> str:
        """The name of its value in a graph."""
        report = _report(self.spec)
        nodes = report.network.nodes
        values = dict.fromkeys(report.network.inputs, value)
        last = max(number for number, layer in enumerate(report.layers) if prod(layer.output.spatial) > 1)
        final = max(number for number, node in enumerate(nodes) if isinstance(node.layer, FullyConnected))
        for number, node in enumerate(nodes[: len(nodes) if self.top else last + 1]):
            layer = node.layer
            settings = {name: getattr(layer, name) for name in type(layer).parameters}
            if self.classes and number == final:
                settings["features"] = self.classes
            inputs = [values[name] for name in node.inputs]
            value = values[node.path] = builder.add(
                layer.kind, inputs, settings, at=at, label=node.path, scope=scope, shares=values.get(node.weights, "")
            )
        if self.top or not self.pooling:
            return value
        return builder.vector(builder.add(f"global_{self.pooling}pool", [value], at=at), at)


def _report(spec: str) -> Report:
    return analyze_network(build_network(read_spec(read_bundled(spec))))
