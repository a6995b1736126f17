"""PyTorch's modules, functions and methods of tensors as operations."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import prod
from typing import Any, final

from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.torch_adding import LOST
from cnncalc.importing.source.torch_drawing import TorchDrawing
from cnncalc.importing.source.torch_tensors import TorchTensor, tensors_in
from cnncalc.importing.source.values import Unknown

PARTS = ("chunk", "split", "unbind")
"""Functions that give several values."""


SPECIAL = ("pad", "interpolate", "unflatten", "channel_shuffle")
"""Operations of modules that are other ones here, or several."""


@final
class TorchOperations(TorchDrawing):
    """Runs PyTorch's operations on tensors."""

    def module(self, target: str, arguments: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a module with this operation."""
        if target == "identity":
            return arguments["input"]
        special = getattr(self, f"_do_{target}", None) if target in SPECIAL else None
        if special is not None:
            x = arguments["input"]
            return self.blind([x], node) if x.viewed.dims is None else special(dict(arguments), node)
        return self.run(target, arguments, node)

    def function(self, last: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function of PyTorch for tensors; `NotImplemented` if there are none."""
        target, parameters = names.FUNCTIONS[last]
        if not any(tensors_in([*args, *named.values()])):
            return NotImplemented
        if last in names.VARIADIC and args and (len(args) > 2 or isinstance(args[-1], int)):
            args = [args[0], tuple(args[1:])]
        given = dict(zip(parameters, args, strict=False)) | dict(named)
        special = getattr(self, f"_do_{target}", None)
        tensors = tensors_in([*args, *named.values()])
        if target not in PARTS and any(one.viewed.dims is None for one in tensors):
            return self.blind(tensors, node)
        if special is not None:
            return special(given, node)
        if target == "identity":
            x = given[parameters[0]]
            return TorchTensor(x.viewed) if last == "clone" else x
        if target == "dropout" and given.get("training", True) is False:
            return given["input"]
        return self.run(target, given, node)

    def method(self, value: TorchTensor, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method of a tensor."""
        if name in ("size", "dim", "numel") and value.viewed.dims is None:
            return Unknown(getattr(node, "lineno", 1), LOST)
        if name in ("size", "dim", "numel"):
            if name == "dim":
                return len(value.dims)
            if name == "numel":
                return prod(value.dims)
            return value.dims[args[0]] if args else value.dims
        function = name if name in names.FUNCTIONS else name.removesuffix("_")
        if function in names.FUNCTIONS and not name.startswith("_"):
            result = self.function(function, [value, *args], named, node)
            if not name.endswith("_") or not isinstance(result, TorchTensor):
                return result
            value.viewed = result.viewed  # in place: every name of the tensor has the new values
            return value
        if name == "expand_as" or name in names.KEPT:
            return value
        return self.no_kind(f"the method {name}", [value, *args], node)
