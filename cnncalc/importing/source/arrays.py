"""Numpy in a source: arrays of which only the sizes count, and operations on the values of a network."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple, final

from cnncalc.importing.model import ModelPlace, RefusedModel, StoredTensor
from cnncalc.importing.source.array_tensors import ArrayTensor
from cnncalc.importing.source.follower import Follower
from cnncalc.importing.source.values import Array, External, Method, Stuck, Unknown, is_tuple

CREATED = (
    "randn", "rand", "random", "standard_normal", "normal", "uniform", "randint", "zeros", "ones", "empty", "full",
)  # fmt: skip
SAME = ("copy", "astype", "squeeze", "clip", "round", "conj")


class Computed(NamedTuple):
    """A calculation of a source outside of any class: the last value, and the place that makes its input."""

    last: ArrayTensor
    layers: int
    line: int


@final
class Arrays:
    """Numpy's functions, methods and operators.

    Attributes:
        evaluator: the one that follows the source; set later.
        pictures: the sizes of the arrays that could be an input.
        chains: for each graph the value that was computed last, and the number of layers.
    """

    evaluator: Follower

    def __init__(self) -> None:
        self.pictures: dict[tuple[int, ...], None] = {}
        self.chains: dict[int, Computed] = {}

    def after(self, x: ArrayTensor, kind: str, settings: Mapping[str, Any], line: int) -> ArrayTensor:
        """The value after a layer."""
        try:
            name = x.builder.add(kind, [x.name], settings, at=ModelPlace(line))
        except RefusedModel as refused:
            raise Stuck(line, refused.reasons[0][1]) from None
        return self.followed(x.next(name), line)

    def followed(self, x: ArrayTensor, line: int) -> ArrayTensor:
        """A value that is the last one of its graph."""
        before = self.chains.get(id(x.builder))
        self.chains[id(x.builder)] = Computed(x, before.layers + 1, before.line) if before else Computed(x, 1, line)
        return x

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function of numpy."""
        last = name.rpartition(".")[2]
        if last in ("default_rng", "RandomState"):
            return External("numpy.random")
        values = [*args, *named.values()]
        x = next((one for one in values if isinstance(one, ArrayTensor)), None)
        if x is not None:
            return self._computed(last, x, args, node)
        if last in ("zeros_like", "ones_like", "empty_like") and args and isinstance(args[0], Array):
            return Array(args[0].dims)
        if last in ("array", "asarray") and args:
            return Array(_nested(args[0])) if isinstance(args[0], list) and args[0] else NotImplemented
        if last in CREATED:
            return self._created(last, args, named)
        held = [one for one in values if isinstance(one, Array)]
        return (
            held[0] if len(held) == 1 and last in ("abs", "exp", "sqrt", "float32", "round", "clip") else NotImplemented
        )

    def _created(self, last: str, args: list[Any], named: Mapping[str, Any]) -> Any:
        places = {"normal": 2, "uniform": 2, "randint": 2}
        sizes = named.get("size", named.get("shape"))
        if sizes is None:
            args = args[places.get(last, 0) :]
            sizes = args if last in ("randn", "rand") else args[0] if args else None
        sizes = (sizes,) if type(sizes) is int else sizes
        if not isinstance(sizes, list | tuple) or not sizes or not all(type(n) is int and n > 0 for n in sizes):
            return NotImplemented
        in_class = any(function.owner is not None for function, _ in self.evaluator.frames)
        if len(sizes) in (3, 4) and last not in ("zeros", "ones", "empty", "full") and not in_class:
            self.pictures[tuple(sizes)] = None
        return Array(tuple(sizes))

    def _computed(self, last: str, x: ArrayTensor, args: list[Any], node: ast.AST) -> Any:
        """The result of a function of numpy for a value of a network."""
        line = getattr(node, "lineno", 1)
        matrix = next((one for one in args if isinstance(one, Array) and len(one.dims) == 2), None)
        if last == "maximum" and any(type(one) in (int, float) and one == 0 for one in args):
            return self._plain("relu", x, line)
        if last in ("tanh", "ravel", "flatten"):
            return self._plain("tanh" if last == "tanh" else "flatten", x, line)
        if last in ("dot", "matmul") and matrix is not None:
            return self._product(x, matrix, line)
        if last == "reshape":
            return self._of_tensor(x, last, args[1:], line)
        if last in SAME or last in ("array", "asarray"):
            return x
        raise Stuck(line, f"what numpy's {last} does to a value of the network is not understood")

    def _plain(self, kind: str, x: ArrayTensor, line: int) -> ArrayTensor:
        """The value after a kind without settings."""
        if kind == "flatten" and not x.shape.spatial:
            return x
        return self.after(x, kind, {}, line)

    def _product(self, x: ArrayTensor, matrix: Array, line: int) -> ArrayTensor:
        x = x.next(x.builder.vector(x.name, ModelPlace(line)))
        if x.shape.elements not in matrix.dims:
            sizes = "x".join(map(str, matrix.dims))
            raise Stuck(
                line, f"a matrix of {sizes} does not fit the {x.shape.elements:,} values that it is multiplied with"
            )
        features = matrix.dims[1] if matrix.dims[0] == x.shape.elements else matrix.dims[0]
        settings = {"features": features, "bias": False}
        return self.after(x, "fc", settings, line)

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for arrays."""
        line = getattr(node, "lineno", 1)
        x = left if isinstance(left, ArrayTensor) else right
        other = right if x is left else left
        if not isinstance(x, ArrayTensor):
            arrays = [one for one in (left, right) if isinstance(one, Array)]
            others = [one for one in (left, right) if not isinstance(one, Array | int | float | Unknown)]
            return NotImplemented if others else max(arrays, key=lambda one: prod(one.dims))
        if word == "MatMult" and isinstance(other, Array) and len(other.dims) == 2:
            return self._product(x, other, line)
        if isinstance(other, Array) and word in ("Add", "Sub"):
            if prod(other.dims) == x.shape.channels and x.builder.give_bias(x.name, StoredTensor("")):
                return x
            raise Stuck(line, "what this array is to the value that it is added to is not understood")
        if isinstance(other, ArrayTensor) and word == "Add" and x.shape == other.shape and x.builder is other.builder:
            return x.next(x.builder.add("add", [left.name, right.name], {}, at=ModelPlace(line)))
        if isinstance(other, int | float):
            return x
        if word in ("Mult", "Div") and (isinstance(other, Unknown) or other == Array(x.dims)):
            x.builder.note("a product with values that are not known, as of dropout, is left out", ModelPlace(line))
            return x
        raise Stuck(line, "what this does to the value of the network is not understood")

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method of an array."""
        if isinstance(value, Array):
            if name in ("flatten", "ravel"):
                return Array((prod(value.dims),))
            return value if name in SAME else self._reshaped(value, args) if name == "reshape" else NotImplemented
        return self._of_tensor(value, name, args, getattr(node, "lineno", 1))

    def _of_tensor(self, value: ArrayTensor, name: str, args: list[Any], line: int) -> Any:
        if name in SAME:
            return value
        if name in ("flatten", "ravel") and value.batch == 1:
            return self._plain("flatten", value, line)
        if name == "dot" and args and isinstance(args[0], Array) and len(args[0].dims) == 2:
            return self._product(value, args[0], line)
        if name == "reshape":
            wanted = self._reshaped(Array(value.dims), args)
            if wanted == Array(value.dims):
                return value
            rows = [n for n in wanted.dims if n != 1] if isinstance(wanted, Array) else []
            if rows in ([value.shape.elements], [value.batch, value.shape.elements]):
                return self._plain("flatten", value, line)
        if name in ("max", "mean", "sum", "min", "argmax", "std"):
            return Unknown(line, f"the {name} of a value of the network")
        raise Stuck(line, f"what {name} does to a value of the network is not understood")

    def _reshaped(self, value: Array, args: list[Any]) -> Any:
        sizes = args[0] if len(args) == 1 and (is_tuple(args[0]) or isinstance(args[0], list)) else args
        if not sizes or not all(type(n) is int for n in sizes) or sizes.count(-1) > 1:
            return NotImplemented
        known = prod(n for n in sizes if n != -1)
        return Array(tuple(prod(value.dims) // max(known, 1) if n == -1 else n for n in sizes))

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of an array."""
        if not isinstance(value, Array | ArrayTensor):
            return NotImplemented
        known = {"shape": value.dims, "ndim": len(value.dims), "size": prod(value.dims)}
        if name == "T":
            if isinstance(value, Array):
                return Array(value.dims[::-1])
            if value.shape.spatial:
                raise Stuck(getattr(node, "lineno", 1), "what .T does to a map is not understood")
            return value
        return known.get(name, Method(value, name))

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of an array; new axes of length 1 change nothing."""
        if not isinstance(value, Array | ArrayTensor):
            return NotImplemented
        keys = key if is_tuple(key) else (key,)
        whole = all(one is None or one == slice(None) or one is Ellipsis or isinstance(one, External) for one in keys)
        if whole:
            return value
        if isinstance(value, ArrayTensor):
            if isinstance(key, Unknown):
                return key
            if value.batch == 1 and value.order.startswith("N") and keys == (0,):
                return ArrayTensor(value.builder, value.name, value.order[1:])
            raise Stuck(getattr(node, "lineno", 1), "a part of a value of the network is not followed")
        return (
            Array(value.dims[1:])
            if keys == (0,) and len(value.dims) > 1
            else Unknown(getattr(node, "lineno", 1), "a part")
        )


def _nested(value: Any) -> tuple[int, ...]:
    """The sizes of a list of lists."""
    return (len(value), *_nested(value[0])) if isinstance(value, list) and value else ()
