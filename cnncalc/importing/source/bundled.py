"""Ready-made networks of libraries for which cnncalc has specs, as parts of a graph."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import Report
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import bundled_names, read_bundled
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.pooling import GlobalAvgPool
from cnncalc.layers.rearrangement import Flatten
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


HEADS: Mapping[str, tuple[str, ...]] = {
    "fc": ("resnet", "resnext", "wide_resnet", "googlenet", "inception", "shufflenet", "regnet"),
    "classifier": ("densenet",), "classifier.6": ("alexnet", "vgg"), "classifier.3": ("mobilenet_v3",),
    "classifier.1": ("mobilenet_v2", "efficientnet", "mnasnet"), "classifier.2": ("convnext",),
    "heads.head": ("vit",), "head": ("swin",),
}  # fmt: skip
"""The name of the last layer in torchvision → beginnings of the names of functions."""

SPECS = {"alexnet": "alexnet_torchvision"}
"""Functions of torchvision whose spec has another name."""

EVERYTHING = slice(None)


class Ends(NamedTuple):
    """The ends of parts of a network.

    Attributes:
        maps: the number of the first layer after the last map.
        vector: that of the first one after the flattening of that.
        final: that of the last dense layer; -1 if there is none.
        features: the number of values that layer reads.
    """

    maps: int
    vector: int
    final: int
    features: int


class Ready(NamedTuple):
    """A ready-made network.

    Attributes:
        spec: the name of its spec.
        top: whether it has its classifier.
        classes: their number, if it is not that of the spec.
        pooling: `avg` or `max`, the pool of its maps without the classifier; empty if they stay maps.
    """

    spec: str
    top: bool = True
    classes: int = 0
    pooling: str = ""

    def input(self) -> tuple[int, ...]:
        """The sizes of its input, the channels last."""
        (shape,) = _report(self.spec).network.inputs.values()
        return shape.sizes("HWC")

    def add(
        self, builder: GraphBuilder, value: str, at: ModelPlace, scope: tuple[str, ...], part: slice = EVERYTHING
    ) -> str:
        """The name of the value of a network, or of a part of it, in a graph."""
        report = _report(self.spec)
        nodes = report.network.nodes
        values = dict.fromkeys(report.network.inputs, value)
        if part.start:
            values[nodes[part.start].inputs[0]] = value
        ends = self.ends()
        for number, node in list(enumerate(nodes))[part if self.top else slice(ends.maps)]:
            layer = node.layer
            settings = {name: getattr(layer, name) for name in type(layer).parameters}
            if self.classes and number == ends.final:
                settings["features"] = self.classes
            inputs = [values[name] for name in node.inputs]
            value = values[node.path] = builder.add(
                layer.kind, inputs, settings, at=at, label=node.path, scope=scope, shares=values.get(node.weights, "")
            )
        if self.top or not self.pooling:
            return value
        return builder.vector(builder.add(f"global_{self.pooling}pool", [value], at=at), at)

    def ends(self) -> Ends:
        """The places at which the parts of the network begin and end."""
        report = _report(self.spec)
        maps = 1 + max(number for number, layer in enumerate(report.layers) if prod(layer.output.spatial) > 1)
        vector = maps
        while isinstance(report.network.nodes[vector].layer, GlobalAvgPool | Flatten):
            vector += 1
        dense = [number for number, node in enumerate(report.network.nodes) if isinstance(node.layer, FullyConnected)]
        final = dense[-1] if dense else -1
        return Ends(maps, vector, final, report.layers[final].inputs[0].elements if dense else 0)


def head_of(function: str) -> str:
    """The name of the last layer in torchvision, for the network of a function; empty if there is no spec of it."""
    if SPECS.get(function, function) not in bundled_names():
        return ""
    return next((head for head, names in HEADS.items() if function.startswith(names)), "")


@lru_cache(maxsize=4)
def _report(spec: str) -> Report:
    return analyze_network(build_network(read_spec(read_bundled(spec))))
