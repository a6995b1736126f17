"""The libraries whose names a source may use, as one."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, final

from cnncalc.importing.source import vectors
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.keras import Keras
from cnncalc.importing.source.keras_names import is_keras
from cnncalc.importing.source.keras_tensors import KerasTensor
from cnncalc.importing.source.torch import Torch
from cnncalc.importing.source.values import External, Instance, Method, Numbers


@final
class Libraries:
    """Asks the library that knows a name or a value."""

    def __init__(self) -> None:
        self.torch, self.keras = Torch(), Keras()

    def follow(self, evaluator: Expressions) -> None:
        """Say who follows the source."""
        self.torch.evaluator = self.keras.evaluator = evaluator

    @property
    def seen(self) -> list[tuple[Instance, list[tuple[int, ...]]]]:
        """The models that the source itself uses, with the sizes of each input, the batch first."""
        return [*self.torch.seen, *self.keras.seen]

    def of(self, value: Any) -> Torch | Keras:
        """The library of a value."""
        native = value.native if isinstance(value, Instance) else None
        return (
            self.keras
            if isinstance(value, KerasTensor) or (native is not None and is_keras(native.name))
            else self.torch
        )

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a function or class of a library gives."""
        row = vectors.called(name, args, named, getattr(node, "lineno", 1))
        if row is not NotImplemented:
            return row
        return (self.keras if is_keras(name) else self.torch).call(name, args, named, node)

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of the library's class."""
        (self.keras if is_keras(native.name) else self.torch).init(instance, native, args, named)

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What an object of a library gives for values."""
        return self.of(instance).apply(instance, args, named, node)

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute."""
        if isinstance(value, Numbers):
            return (len(value.values),) if name == "shape" else Method(value, name)
        return self.of(value).attribute(value, name, node)

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a method gives."""
        if isinstance(value, Numbers):
            return vectors.method(value, name, args, getattr(node, "lineno", 1))
        return self.of(value).method(value, name, args, named, node)

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives."""
        row = vectors.operate(word, left, right, getattr(node, "lineno", 1))
        if row is not NotImplemented:
            return row
        is_of_keras = isinstance(left, KerasTensor) or isinstance(right, KerasTensor)
        return (self.keras if is_of_keras else self.torch).operate(word, left, right, node)

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part."""
        if isinstance(value, Numbers) and isinstance(key, int | slice):
            return vectors.item(value, key)
        return self.of(value).item(value, key, node)

    def items(self, value: Any) -> Sequence[Any] | None:
        """What a container holds."""
        if isinstance(value, Numbers):
            return list(value.values)
        return self.of(value).items(value)
