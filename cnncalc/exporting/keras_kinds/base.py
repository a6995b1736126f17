"""Keras: the base of the writers of all families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.parts import CodePiece
from cnncalc.importing.readers.keras_call import ACTIVATIONS

WORDS = {kind: word for word, (kind, settings) in reversed([*ACTIVATIONS.items()]) if not settings}
"""Keras' names of the activations without settings."""


NOT_NEGATIVE = ("relu", "relu6", "sigmoid", "hardsigmoid", "softmax", "exponential", "softplus", "abs")
"""Kinds that give no value below zero."""

KEEPING_SIGN = ("maxpool", "avgpool", "global_avgpool", "concat", "add", "mul", "dropout", "slice", "shuffle",
                "upsample", "flatten")  # fmt: skip
"""Kinds that give no value below zero if none enters."""

ORDERLESS = ("dropout", "bn", "relu", "identity", "tanh", "sigmoid")
"""Kinds that leave the order of a vector's values to the fully connected layer after them."""


@final
class Around:
    """Questions of a writer about the layers around its own.

    Attributes:
        layers: by path.
    """

    def __init__(self, report: Report) -> None:
        self.layers = {layer.path: layer for layer in report.layers}
        self._readers: dict[str, list[LayerReport]] = {}
        for layer in report.layers:
            for path in layer.node.inputs:
                self._readers.setdefault(path, []).append(layer)
        self._outputs = {*report.network.outputs.values()}

    def is_not_negative(self, path: str, depth: int = 0) -> bool:
        """Whether no value of a map is below zero, as far as the kinds before it show."""
        layer = self.layers.get(path)
        if layer is None or depth > 40:
            return False
        kept = layer.kind in KEEPING_SIGN and all(self.is_not_negative(one, depth + 1) for one in layer.node.inputs)
        return layer.kind in NOT_NEGATIVE or kept

    def is_flattened(self, layer: LayerReport) -> bool:
        """Whether a global pool is flattened, and nothing else reads it."""
        readers = self._readers.get(layer.path, [])
        return len(readers) == 1 and readers[0].kind == "flatten" and layer.path not in self._outputs

    def feeds_fc(self, layer: LayerReport) -> bool:
        """Whether only fully connected layers see the order of a vector."""
        readers = self._readers.get(layer.path, [])
        free = all(one.kind == "fc" or (one.kind in ORDERLESS and self.feeds_fc(one)) for one in readers)
        return bool(readers) and free and layer.path not in self._outputs


KerasWriter = Callable[[LayerReport, Around], list[CodePiece]]
"""From a layer to its pieces, one after another."""


def _pairs(pairs: Any) -> Any:
    """Numbers before and after each axis, as short as Keras takes them."""
    if len({*map(tuple, pairs)}) == 1 and len({*pairs[0]}) == 1:
        return pairs[0][0]
    return tuple(pairs[0]) if len(pairs) == 1 else tuple(map(tuple, pairs))


def zeros(pairs: Any) -> CodePiece:
    """The piece that adds zeros around a map."""
    return CodePiece(f"layers.ZeroPadding{len(pairs)}D", {"border": _pairs(pairs)})


def cropped(pairs: Any) -> CodePiece:
    """The piece that cuts the border of a map."""
    return CodePiece(f"layers.Cropping{len(pairs)}D", {"border": _pairs(pairs)})
