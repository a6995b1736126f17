"""PyTorch's functions and methods of tensors as the operations that `Aten` knows."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import prod
from typing import Any, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.readers.aten import Aten, AtenNode, Weighed
from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.torch_tensors import TorchTensor, as_argument, tensors_in
from cnncalc.importing.source.values import Stuck, is_tuple, unknown_in
from cnncalc.importing.views import Viewed


@final
class TorchOperations:
    """Adds operations to the graph of one network.

    Args:
        builder: of the graph.
    """

    def __init__(self, builder: GraphBuilder) -> None:
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

    def plain(self, tensor: TorchTensor, at: ModelPlace) -> str:
        """The value of the graph that a tensor is."""
        return self._aten.views.plain(tensor.viewed, at)

    def run(self, target: str, arguments: Mapping[str, Any], node: ast.AST, dims: Any = None) -> Any:
        """What an operation gives; `dims` are those of its outputs if they do not follow."""
        given = {name: as_argument(value) for name, value in arguments.items()}
        for value in given.values():
            if isinstance(value, Weighed):
                self._weights.setdefault(value.name, f"parameter:{value.name}")
        line = getattr(node, "lineno", 1)
        for name, value in arguments.items():
            unknown = unknown_in(value)
            if unknown is not None:
                raise Stuck(line, f"{target}: {name} depends on what is not in the source: {unknown.words()}")
        at = ModelPlace(line, getattr(node, "col_offset", 0) + 1)
        operation = AtenNode(target, given, at, self.scope, dims or [])
        try:
            results = [TorchTensor(one) for one in self._aten.run(operation)]
        except RefusedModel as refused:
            raise Stuck(refused.reasons[0][0].line, refused.reasons[0][1]) from None
        return results if dims and len(dims) > 1 else results[0]

    def function(self, last: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a function of PyTorch gives for tensors; `NotImplemented` if there are none."""
        target, parameters = names.FUNCTIONS[last]
        if not any(tensors_in([*args, *named.values()])):
            return NotImplemented
        if last in names.VARIADIC and len(args) > 2 or (last in names.VARIADIC and isinstance(args[-1], int)):
            args = [args[0], tuple(args[1:])]
        given = dict(zip(parameters, args, strict=False)) | dict(named)
        special = getattr(self, f"_do_{target}", None)
        if special is not None:
            return special(given, node)
        if target == "identity":
            return given[parameters[0]]
        if target == "dropout" and given.get("training", True) is False:
            return given["input"]
        return self.run(target, given, node)

    def no_kind(self, name: str, values: list[Any], node: ast.AST) -> Any:
        """An operation on tensors that the language does not know; not a tensor's if there is none."""
        inputs = list(tensors_in(values))
        if not inputs:
            return NotImplemented
        at = ModelPlace(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
        nodes = [one.viewed.node for one in inputs]
        return TorchTensor(Viewed(self._builder.unknown(name, nodes, at), None))

    def _do_interpolate(self, given: dict[str, Any], node: ast.AST) -> Any:
        x: TorchTensor = given["input"]
        size, factor, mode = given.get("size"), given.get("scale_factor"), given.get("mode", "nearest")
        if size is not None:
            sizes = tuple(size) if isinstance(size, list | tuple) else (size,) * (len(x.dims) - 2)
        else:
            factors = factor if isinstance(factor, list | tuple) else (factor,) * (len(x.dims) - 2)
            if any(not isinstance(one, int | float) for one in factors):
                raise Stuck(getattr(node, "lineno", 1), "interpolate needs a size or a scale_factor that is known")
            sizes = tuple(int(n * f) for n, f in zip(x.dims[2:], factors, strict=False))
        word = "upsample_bilinear2d" if mode == "bilinear" else "upsample_nearest2d" if mode == "nearest" else mode
        return self.run(str(word), {"input": x}, node, [(*x.dims[:2], *sizes)])

    def _do_flatten(self, given: dict[str, Any], node: ast.AST) -> Any:
        x = given["input"]
        if x.dims and given.get("start_dim", 0) == 0 and x.dims[0] == 1:
            raise Stuck(getattr(node, "lineno", 1), "flatten from dimension 0 mixes the images; write flatten(x, 1)")
        return self.run("flatten", given, node)

    def _do_chunk(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis, count = given["input"], given.get("dim", 0), given.get("chunks", 1)
        if not x.dims:
            return [self.no_kind("chunk", [x], node)] * count
        each = -(-x.dims[axis] // count)
        return self._parts(x, [min(each, x.dims[axis] - i) for i in range(0, x.dims[axis], each)], axis, node)

    def _do_split(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis, sizes = given["input"], given.get("dim", 0), given.get("split_size", 1)
        if isinstance(sizes, int):
            sizes = [min(sizes, x.dims[axis] - i) for i in range(0, x.dims[axis], sizes)]
        return self._parts(x, list(sizes), axis, node)

    def _parts(self, x: TorchTensor, sizes: list[int], axis: int, node: ast.AST) -> Any:
        axis %= len(x.dims)
        dims = [(*x.dims[:axis], size, *x.dims[axis + 1 :]) for size in sizes]
        return x if len(dims) == 1 else self.run("chunk", {"input": x, "dim": axis}, node, dims)

    def _do_squeeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim")
        axes = [axis % len(x.dims)] if isinstance(axis, int) else list(range(1, len(x.dims)))
        kept = tuple(n for i, n in enumerate(x.dims) if not (i in axes and n == 1))
        return self.run("view", {"input": x, "size": kept}, node)

    def _do_unsqueeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim", 0)
        axis %= len(x.dims) + 1
        return self.run("view", {"input": x, "size": (*x.dims[:axis], 1, *x.dims[axis:])}, node)

    def _do_channel_shuffle(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, groups = given["input"], given.get("groups", 1)
        n, c, *rest = x.dims
        x = self.run("view", {"input": x, "size": (n, groups, c // groups, *rest)}, node)
        x = self.run("transpose", {"input": x, "dim0": 1, "dim1": 2}, node)
        return self.run("view", {"input": x, "size": (n, c, *rest)}, node)

    def _do_mean(self, given: dict[str, Any], node: ast.AST) -> Any:
        over = given.get("dim", ())
        return self.run("mean", {**given, "dim": [over] if isinstance(over, int) else list(over)}, node)

    def _do_view(self, given: dict[str, Any], node: ast.AST) -> Any:
        size = given.get("size", ())
        size = list(size) if isinstance(size, list | tuple) else [size]
        unknown = unknown_in(size)
        if unknown is not None:
            raise Stuck(getattr(node, "lineno", 1), f"view: {unknown.words()}")
        x = given["input"]
        known = prod(one for one in size if one != -1)
        total = prod(x.dims)
        if x.dims and (known == 0 or total % known if -1 in size else known != total):
            text = "x".join(map(str, x.dims))
            raise Stuck(
                getattr(node, "lineno", 1), f"view to {tuple(size)} does not hold the {total:,} values of {text}"
            )
        result = self.run("view", {"input": x, "size": size}, node)
        if len(result.dims) == 2 and x.dims and result.dims[0] != x.dims[0]:
            text = "x".join(map(str, x.dims[1:]))
            message = f"view makes {result.dims[0]} images of {x.dims[0]}: a map of {text} has {total:,} values"
            raise Stuck(getattr(node, "lineno", 1), f"{message}, not {result.dims[1]:,}")
        return result

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives for tensors."""
        if word in ("Add", "Mult"):
            arguments = {"self": left, "other": right}
            if word == "Add" and isinstance(left, TorchTensor) and isinstance(right, TorchTensor):
                self._alike(left, right, node)
            return self.run("add" if word == "Add" else "mul", arguments, node)
        return self.no_kind(f"the operator {names.SIGNS.get(word, word)}", [left, right], node)

    def _alike(self, left: TorchTensor, right: TorchTensor, node: ast.AST) -> None:
        pairs = zip(left.dims, right.dims, strict=False)
        if left.dims and right.dims and any(a != b and 1 not in (a, b) for a, b in pairs):
            one, other = ("x".join(map(str, tensor.dims[1:])) for tensor in (left, right))
            raise Stuck(getattr(node, "lineno", 1), f"{one} and {other} are added; both must have the same shape")

    def sliced(self, value: TorchTensor, key: Any, node: ast.AST) -> Any:
        """A part of a tensor."""
        keys = list(key) if is_tuple(key) else [key]
        if ... in keys:
            at = keys.index(...)
            keys[at : at + 1] = [slice(None)] * (len(value.dims) - len(keys) + 1)
        for axis, one in enumerate(keys):
            if one == slice(None):
                continue
            if not isinstance(one, slice) or unknown_in((one.start, one.stop, one.step)) or not value.dims:
                return self.no_kind("an index of a tensor", [value], node)
            start, end, step = one.indices(value.dims[axis])
            arguments = {"input": value, "dim": axis, "start": start, "end": end, "step": step}
            dims = (*value.dims[:axis], end - start, *value.dims[axis + 1 :])
            value = self.run("slice", arguments, node, [dims])
        return value

    def method(self, value: TorchTensor, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a method of a tensor gives."""
        if name in ("size", "dim", "numel"):
            if name == "dim":
                return len(value.dims)
            if name == "numel":
                return prod(value.dims)
            return value.dims[args[0]] if args else value.dims
        if name.removesuffix("_") in names.FUNCTIONS and not name.startswith("_"):
            return self.function(name.removesuffix("_"), [value, *args], named, node)
        if name == "expand_as" or name in names.KEPT:
            return value
        return self.no_kind(f"the method {name}", [value, *args], node)
