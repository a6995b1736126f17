"""What the readers of torch's operations add layers with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Viewed, Views, declared

WEIGHTS = ("weight", "bias", "running_mean", "running_var")
"""Arguments that are weights of a layer under the same name."""


class AtenAdding:
    """Adds layers to a graph.

    Attributes:
        builder: of the graph.
        views: of the graph's values.
        seen: the tensors that are weights of layers so far.
        columns_first: values whose channels are neighbours of a map, those below one another before those beside.
        counts_twice: whether a weight is one of several layers, each of which counts it.
    """

    def __init__(self, builder: GraphBuilder, weights: Mapping[str, str]) -> None:
        self.builder = builder
        self.views = Views(builder)
        self.seen: set[StoredTensor] = set()
        self.columns_first: set[str] = set()
        self.counts_twice = False
        self._weights = weights
        self._first: dict[tuple[object, ...], str] = {}

    @property
    def used(self) -> set[str]:
        """The tensors of the file that are weights of layers."""
        return {tensor.name for tensor in self.seen}

    def unknown(self, operation: AtenNode) -> Viewed:
        """The output of an operation that the language does not know."""
        given = [one for a in operation.arguments.values() for one in (a if isinstance(a, list) else [a])]
        inputs = [one.node for one in given if isinstance(one, Viewed)]
        dims = operation.dims[0] if operation.dims else None
        if not inputs:
            return Viewed(self.builder.unknown(operation.target, [], operation.at, declared(dims)), None)
        shape = declared(dims)
        return Viewed(self.builder.unknown(operation.target, inputs, operation.at, shape), dims if shape else None)

    def where(self, operation: AtenNode) -> dict[str, Any]:
        label = ".".join(operation.scope)
        dims = operation.dims[0] if operation.dims else None
        return {"at": operation.at, "scope": operation.scope, "label": label, "declared": declared(dims)}

    def add(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        where = self.where(operation) | self.weighed(kind, operation)
        value = self.views.add(kind, [x], settings, **where)
        self._remember(kind, where, value)
        return value._replace(dims=operation.dims[0] or value.dims) if operation.dims else value

    def elementwise(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        where = self.where(operation) | self.weighed(kind, operation)
        if x.node in self.columns_first:
            where["tensors"] = self._rows_first(kind, x, where["tensors"])
        value = self.views.elementwise(kind, x, settings, **where)
        self.columns_first |= {value.node} if x.node in self.columns_first and kind != "conv" else set()
        self._remember(kind, where, value)
        return value

    def weighed(self, kind: str, operation: AtenNode) -> dict[str, Any]:
        """The weights of a node, and the node that has them already."""
        tensors = {word: one for word in WEIGHTS if (one := self.tensor(operation, word)) is not None}
        shares = self._first.get((kind, *tensors.items()), "") if tensors else ""
        again = [one.name for one in tensors.values() if one in self.seen] if not shares else []
        if again and not self.counts_twice:
            words = "is read by several layers and counted for each, so may others be"
            self.builder.note(f"the weight {again[0]} {words}", operation.at)
            self.counts_twice = True
        self.seen.update(tensors.values())
        return {"tensors": tensors, "shares": shares}

    def _remember(self, kind: str, where: Mapping[str, Any], value: Viewed) -> None:
        self._first.setdefault((kind, *where["tensors"].items()), value.node)

    def tensor(self, operation: AtenNode, name: str) -> StoredTensor | None:
        weight = operation.arguments.get(name)
        if not isinstance(weight, Weighed):
            return None
        return StoredTensor(self._weights.get(weight.name, "").partition(":")[2], (1, 0) if weight.turned else ())

    def weight(self, operation: AtenNode, name: str) -> tuple[int, ...] | None:
        """The dims of a weight."""
        weight = operation.arguments.get(name)
        return tuple(weight.dims or ()) if isinstance(weight, Weighed) else None

    def _rows_first(self, kind: str, x: Viewed, tensors: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
        """The weights of a layer after `_on_merging`, which has neighbours below one another before those beside."""
        channels = self.builder.channels(x.node) or 0
        if kind != "conv":
            return {word: one._replace(view=(2, 2, channels // 4), axes=(1, 0, 2)) for word, one in tensors.items()}
        return {**tensors, "weight": tensors["weight"]._replace(view=(-1, 2, 2, channels // 4), axes=(0, 2, 1, 3))}


Reader = Callable[[AtenAdding, AtenNode, Viewed], Any]
"""What gives the output of an operation, a list of several, or None if the language has no kind for it."""


def each(value: Any, rank: int) -> tuple[int, ...]:
    """A number for each axis."""
    if isinstance(value, int):
        return (value,) * rank
    numbers = tuple(value) if isinstance(value, list | tuple) else ()
    return numbers * rank if len(numbers) == 1 else numbers
