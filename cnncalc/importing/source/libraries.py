"""The libraries whose names a source may use, as one."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, final

from cnncalc.importing.source import vectors
from cnncalc.importing.source.array_tensors import ArrayTensor
from cnncalc.importing.source.arrays import Arrays
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.homework import Homework
from cnncalc.importing.source.keras import Keras
from cnncalc.importing.source.keras_names import is_keras
from cnncalc.importing.source.keras_tensors import KerasTensor
from cnncalc.importing.source.torch import Torch
from cnncalc.importing.source.values import Array, External, Function, Instance, Method, Numbers


@final
class Libraries:
    """All libraries: each name or value goes to the one that knows it."""

    def __init__(self) -> None:
        self.torch, self.keras, self.arrays = Torch(), Keras(), Arrays()
        self.homework = Homework(self.arrays)

    def follow(self, evaluator: Expressions) -> None:
        """Set the evaluator that follows the source."""
        self.torch.evaluator = self.keras.evaluator = self.homework.evaluator = evaluator
        self.arrays.evaluator = evaluator

    @property
    def seen(self) -> list[tuple[Instance, list[tuple[int, ...]]]]:
        """The models that the source itself uses, with the sizes of each input, the batch first."""
        return [*self.torch.seen, *self.keras.seen]

    def of(self, instance: Instance) -> Torch | Keras | Homework:
        """The library of an object; numpy if it comes from none."""
        native = instance.native
        if native is None or native.name.startswith("numpy."):
            return self.homework
        return self.keras if is_keras(native.name) else self.torch

    def _about(self, value: Any) -> Torch | Keras | Homework | Arrays:
        """The library that knows a value."""
        if isinstance(value, Instance):
            return self.of(value)
        if isinstance(value, Array | ArrayTensor):
            return self.arrays
        return self.keras if isinstance(value, KerasTensor) else self.torch

    def own(self, owner: Any, function: Function, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a layer that the source writes itself."""
        return self.homework.own(owner, function, args, named, node)

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function or class of a library."""
        row = vectors.called(name, args, named, getattr(node, "lineno", 1))
        if row is not NotImplemented:
            return row
        if name.startswith("numpy."):
            return self.arrays.call(name, args, named, node)
        return (self.keras if is_keras(name) else self.torch).call(name, args, named, node)

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of the library's class."""
        (self.keras if is_keras(native.name) else self.torch).init(instance, native, args, named)

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of calling an object of a library with values."""
        return self.of(instance).apply(instance, args, named, node)

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute."""
        if isinstance(value, Numbers):
            return (len(value.values),) if name == "shape" else Method(value, name)
        return self._about(value).attribute(value, name, node)

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method."""
        if isinstance(value, Numbers):
            return vectors.method(value, name, args, getattr(node, "lineno", 1))
        return self._about(value).method(value, name, args, named, node)

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator."""
        row = vectors.operate(word, left, right, getattr(node, "lineno", 1))
        if row is not NotImplemented:
            return row
        for types, library in ((Array | ArrayTensor, self.arrays), (KerasTensor, self.keras)):
            if isinstance(left, types) or isinstance(right, types):
                return library.operate(word, left, right, node)
        return self.torch.operate(word, left, right, node)

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part."""
        if isinstance(value, Numbers) and isinstance(key, int | slice):
            return vectors.item(value, key)
        return self._about(value).item(value, key, node)

    def items(self, value: Any) -> Sequence[Any] | None:
        """The contents of a container."""
        if isinstance(value, Numbers):
            return list(value.values)
        return self.of(value).items(value) if isinstance(value, Instance) else None
