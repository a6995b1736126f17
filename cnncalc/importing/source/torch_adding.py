"""Adding operations of PyTorch to a graph, and keeping their problems."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.importing.axes import BATCH
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.readers.aten.operations import Aten
from cnncalc.importing.source.torch_tensors import TorchTensor, as_argument, tensors_in
from cnncalc.importing.source.values import Stuck, unknown_in
from cnncalc.importing.views import Viewed

MAX_REASONS = 20
LAST = ("linear", "attention")
"""Operations that work on the last axis."""

LOST = "the shape after an operation without a kind"


class TorchAdding:
    """Adds operations to the graph of one network.

    Attributes:
        refused: the reasons to refuse the model, by message.

    Args:
        builder: of the graph.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self.refused: dict[str, Stuck] = {}
        self._scopes: list[tuple[str, ...]] = []
        self._builder = builder
        self._weights: dict[str, str] = {}
        self._aten = Aten(builder, self._weights)

    @property
    def scope(self) -> tuple[str, ...]:
        """The path of the module that is run."""
        return self._scopes[-1] if self._scopes else ()

    def enter(self, path: tuple[str, ...], class_name: str) -> None:
        """Begin to run a module."""
        self._builder.classes.setdefault(".".join(path), class_name)
        self._scopes.append(path)

    def leave(self) -> None:
        """End to run a module."""
        self._scopes.pop()

    def of(self, node: str) -> TorchTensor:
        """A value of the graph."""
        return TorchTensor(self._aten.views.of(node))

    def batch_first(self, tensor: TorchTensor, at: ModelPlace) -> TorchTensor:
        """A tensor with the batch before its other axes, which a recurrent layer may have put first."""
        axes = list(range(len(tensor.dims)))
        batch = [axis for axis in axes if tensor.viewed.axis(axis) == BATCH]
        if batch in ([], [0]):
            return tensor
        return TorchTensor(self._aten.views.permute(tensor.viewed, [*batch, *(i for i in axes if i not in batch)], at))

    def plain(self, tensor: TorchTensor, at: ModelPlace) -> str:
        """The name of a tensor's value in the graph, in its plain order."""
        return self._aten.views.plain(tensor.viewed, at)

    def run(self, target: str, arguments: Mapping[str, Any], node: ast.AST, dims: Any = None) -> Any:
        """The result of an operation; `dims` are those of its outputs if they do not follow."""
        given = {name: as_argument(value) for name, value in arguments.items()}
        for value in given.values():
            if isinstance(value, Weighed):
                self._weights.setdefault(value.name, f"parameter:{value.name}")
        line = getattr(node, "lineno", 1)
        for name, value in arguments.items():
            unknown = unknown_in(value)
            if unknown is not None:
                message = f"{target}: {name} depends on what is not in the source: {unknown.words()}"
                return self.refuse(Stuck(line, message), list(arguments.values()))
        at = ModelPlace(line, getattr(node, "col_offset", 0) + 1)
        if target in LAST and isinstance(given.get("input"), Viewed):
            given["input"] = self.channels_last(arguments["input"], node).viewed
        operation = AtenNode(target, given, at, self.scope, dims or [])
        try:
            results = [TorchTensor(one) if one is not None else None for one in self._aten.run(operation)]
        except RefusedModel as refused:
            raise Stuck(refused.reasons[0][0].line, refused.reasons[0][1]) from None
        return results if dims and len(dims) > 1 else results[0]

    def joined(self, kind: str, inputs: list[TorchTensor], settings: dict[str, Any], node: ast.AST) -> TorchTensor:
        """The result of a kind that reads several values; it has the dims of the first."""
        at = ModelPlace(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
        nodes = [one.viewed.node for one in inputs]
        made = self._builder.add(kind, nodes, settings, at=at, scope=self.scope, label=".".join(self.scope))
        return TorchTensor(inputs[0].viewed._replace(node=made))

    def elementwise(self, kind: str, tensor: TorchTensor, settings: dict[str, Any], node: ast.AST) -> TorchTensor:
        """The result of a kind that treats every value alike."""
        if tensor.viewed.dims is None:
            return self.blind([tensor], node)
        return TorchTensor(self._aten.views.elementwise(kind, tensor.viewed, settings, **self.where(node)))

    def added(self, kind: str, tensors: Sequence[TorchTensor], settings: dict[str, Any], node: ast.AST) -> TorchTensor:
        """The result of a kind that needs its inputs as they are in the graph."""
        return TorchTensor(self._aten.views.add(kind, [one.viewed for one in tensors], settings, **self.where(node)))

    def permuted(self, x: TorchTensor, axes: Sequence[int], node: ast.AST) -> TorchTensor:
        """A tensor with its axes in another order."""
        return TorchTensor(self._aten.views.permute(x.viewed, axes, self.where(node)["at"]))

    def materialised(self, x: TorchTensor, node: ast.AST) -> Any:
        """A tensor whose views have become layers; an unknown one if there is no layer for them."""
        name = self._aten.views.plain(x.viewed, self.where(node)["at"])
        return self.of(name)

    def channels_last(self, x: TorchTensor, node: ast.AST) -> Any:
        """A tensor that has its channels in its last axis, as layers see it."""
        rank = len(x.dims)
        if rank < 3 or x.viewed.channels_last or x.viewed.dims is None:
            return x
        plain = self.materialised(x, node)
        if plain.viewed.dims is None:
            return plain
        first = self.materialised(self.permuted(plain, (0, rank - 1, *range(1, rank - 1)), node), node)
        return self.permuted(first, (0, *range(2, rank), 1), node)

    def where(self, node: ast.AST) -> dict[str, Any]:
        """The place and the module of a node of the source."""
        at = ModelPlace(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
        return {"at": at, "scope": self.scope, "label": ".".join(self.scope)}

    def blind(self, tensors: Sequence[Any], node: ast.AST) -> TorchTensor:
        """A value after an unknown operation."""
        nodes = [one.viewed.node for one in tensors_in(list(tensors))]
        return TorchTensor(Viewed(self._builder.add("", nodes, {}, at=self.where(node)["at"]), None))

    def refuse(self, stuck: Stuck, values: Sequence[Any]) -> Any:
        """Keep a reason to refuse the model, and go on, so that all reasons are reported at once."""
        if not tensors_in(list(values)):
            raise stuck
        if len(self.refused) >= MAX_REASONS:
            raise stuck
        self.refused.setdefault(stuck.message, stuck)
        return self.blind(values, ast.Pass(lineno=stuck.line, col_offset=0))

    def no_kind(self, name: str, values: Sequence[Any], node: ast.AST) -> Any:
        """The value of an operation that the language does not know; an unknown value if it reads no tensor."""
        inputs = tensors_in(list(values))
        if not inputs:
            return NotImplemented
        at = ModelPlace(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
        nodes = [one.viewed.node for one in inputs]
        return TorchTensor(Viewed(self._builder.unknown(name, nodes, at), None))
