"""What the evaluator of a source asks: the libraries that a source uses, and the files beside it."""

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
        """The classes of libraries that are known as a source."""


class Framework(Protocol):
    """What a library's classes and functions do."""

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a function or class of the library gives; `NotImplemented` if it is not known."""

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of the library's class."""

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What an object of the library gives for values."""

    def own(self, owner: Any, function: Function, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a layer that the source writes itself gives; `NotImplemented` if a function is none."""

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a tensor or of an object; `NotImplemented` if it has none."""

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a method of a tensor or of an object gives; `NotImplemented` if it has none."""

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives for tensors; `NotImplemented` if there is none among them."""

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a tensor or of a container; `NotImplemented` if it is none."""

    def items(self, value: Any) -> Sequence[Any] | None:
        """What a container of the library holds; None if it is none."""
