"""Adding of layers, for the readers of torch's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.adding import Adding, Where
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.readers.merging import Learned
from cnncalc.importing.views import Viewed, declared, unmoved

WEIGHTS = ("weight", "bias", "running_mean", "running_var")
"""Arguments that are weights of a layer under the same name."""


class AtenAdding(Adding):
    """Adds layers to a graph.

    Args:
        builder: of the graph.
        weights: name in the graph → `parameter:` or `buffer:` and the name in the module.
    """

    def __init__(self, builder: GraphBuilder, weights: Mapping[str, str]) -> None:
        super().__init__(builder, sharing=True)
        self._weights = weights

    @property
    def used(self) -> set[str]:
        """The tensors of the file that are weights of layers."""
        return {tensor.name for tensor in self.seen}

    def unknown(self, operation: AtenNode, words: str = "") -> Viewed:
        """The output of an operation that the language does not know."""
        given = [one for a in operation.arguments.values() for one in (a if isinstance(a, list) else [a])]
        inputs = [one.node for one in given if isinstance(one, Viewed)]
        dims = operation.dims[0] if operation.dims else None
        shape = declared(dims)
        node = self.builder.unknown(words or operation.target, inputs, operation.at, shape)
        return unmoved(node, dims if shape is not None and inputs else None)

    def where(self, operation: AtenNode) -> Where:
        """The place of an operation, with its weights."""
        dims = operation.dims[0] if operation.dims else None
        tensors = {word: one for word in WEIGHTS if (one := self.tensor(operation, word)) is not None}
        where = {"at": operation.at, "scope": operation.scope, "label": ".".join(operation.scope)}
        return where | {"declared": declared(dims), "tensors": tensors}

    def add(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        """The value of a layer that needs its input in the order of the graph."""
        return self.layer(kind, x, settings, self.where(operation))

    def elementwise(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        """The value of a layer that treats each value, or the channels at each place, alike."""
        return self.alike(kind, x, settings, self.where(operation))

    def tensor(self, operation: AtenNode, name: str) -> StoredTensor | None:
        """The weight of an argument."""
        weight = operation.arguments.get(name)
        return self._stored(weight) if isinstance(weight, Weighed) else None

    def _stored(self, weight: Weighed) -> StoredTensor:
        name = self._weights.get(weight.name, "").partition(":")[2]
        return StoredTensor(name, (1, 0) if weight.turned else ())

    def weight(self, operation: AtenNode, name: str) -> tuple[int, ...] | None:
        """The dims of a weight."""
        weight = operation.arguments.get(name)
        if not isinstance(weight, Weighed) or weight.table or weight.altered:
            return None
        return tuple(weight.dims or ())

    def learned(self, weight: Weighed) -> Learned:
        """A weight that is added or multiplied."""
        return Learned(weight.dims or (), self._stored(weight), weight.table)

    def trained(self, weight: Weighed) -> bool:
        """Whether a tensor of the file is learned, not a buffer."""
        return self._weights.get(weight.name, "").startswith("parameter")


Reader = Callable[[AtenAdding, AtenNode, Viewed], Any]
"""A reader: the output of an operation, a list of several, or None if the language has no kind for it."""


def each(value: Any, rank: int) -> tuple[Any, ...]:
    """A number for each axis; a wrong one, as 2.5, is refused with the layer."""
    if isinstance(value, int | float):
        return (value,) * rank
    numbers = tuple(value) if isinstance(value, list | tuple) else ()
    return numbers * rank if len(numbers) == 1 else numbers
