"""The protocols of the evaluator: the libraries that a source uses, and the files beside it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cnncalc.importing.source.values import External, Function, Instance, Names


class Folder(Protocol):
    """The files beside a source."""

    def module(self, name: str, level: int, file: str) -> Names | None:
        """The names of a module as a file imports it; None if there is none."""

    def known(self) -> Names:
        """The known classes of libraries, which have a source here."""


class Framework(Protocol):
    """A library: the effects of its classes and functions."""

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function or class of the library; `NotImplemented` if it is not known."""

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of the library's class."""

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of calling an object of the library with values."""

    def own(self, owner: Any, function: Function, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a layer that the source writes itself; `NotImplemented` if a function is not a layer."""

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a tensor or of an object; `NotImplemented` if it has none."""

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method of a tensor or of an object; `NotImplemented` if it has none."""

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for tensors; `NotImplemented` if neither value is one."""

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a tensor or of a container; `NotImplemented` if the value is neither."""

    def items(self, value: Any) -> Sequence[Any] | None:
        """The contents of a container of the library; None for any other value."""
