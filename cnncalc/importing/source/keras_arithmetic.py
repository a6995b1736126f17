"""Operators and functions of Keras and TensorFlow for values of a network: PyTorch's of the same meaning do them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.readers.keras_shapes import named
from cnncalc.importing.source.keras_tensors import KerasTensor
from cnncalc.importing.source.keras_tensors import tensors_in as keras_tensors_in
from cnncalc.importing.source.torch_operations import TorchOperations
from cnncalc.importing.source.torch_tensors import TorchTensor, place, tensors_in
from cnncalc.importing.source.values import Dummy, is_tuple, unknown_in
from cnncalc.importing.views import Viewed, Views

OPERATION = "$operation"
"""The setting of a value that an operation gives."""

_ONE, _TWO = ("input",), ("self", "other")
_OVER = ("input", "dim", "keepdim")
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{name: (name, _ONE) for name in ("exp", "log", "sqrt", "rsqrt", "square", "abs", "reciprocal", "zeros_like",
                                       "ones_like", "randn_like", "rand_like")},
    "absolute": ("abs", _ONE), "negative": ("neg", _ONE), "sqr": ("square", _ONE),
    **{name: (target, _TWO) for name, target in (
        ("add", "add"), ("multiply", "mul"), ("subtract", "sub"), ("divide", "div"), ("true_divide", "div"))},
    **dict.fromkeys(("maximum", "minimum"), ("", ("input", "other"))),
    **dict.fromkeys(("pow", "power"), ("pow", ("self", "exponent"))),
    **dict.fromkeys(("matmul", "dot"), ("matmul", ("input", "other"))),
    **{f"{before}{name}": (target, _OVER) for before in ("", "reduce_") for name, target in (
        ("mean", "mean"), ("sum", "sum"), ("max", "amax"))},
    "amax": ("amax", _OVER), "reshape": ("reshape", ("input", "size")),
    **dict.fromkeys(("transpose", "permute_dimensions"), ("permute", ("input", "dims"))),
    "swapaxes": ("transpose", ("input", "dim0", "dim1")), "expand_dims": ("unsqueeze", ("input", "dim")),
    "squeeze": ("squeeze", ("input", "dim")), "stack": ("stack", ("tensors", "dim")),
    **dict.fromkeys(("clip", "clip_by_value"), ("clamp", ("input", "min", "max"))),
    "softmax": ("softmax", ("input", "dim")), "log_softmax": ("log_softmax", ("input", "dim")),
    **dict.fromkeys(("concatenate", "concat"), ("cat", ("tensors", "dim"))),
    "split": ("split", ("input", "split_size", "dim")),
    "unbind": ("unbind", ("input", "dim")),
}  # fmt: skip
"""Function → PyTorch's, and its arguments in order."""

RENAMED = {"axis": "dim", "axes": "dims", "keepdims": "keepdim", "keep_dims": "keepdim", "newshape": "size",
           "shape": "size", "perm": "dims", "x_min": "min", "x_max": "max", "clip_value_min": "min",
           "clip_value_max": "max", "min_value": "min", "max_value": "max"}  # fmt: skip
"""Names of arguments that PyTorch has other ones for."""

AXES = {"Concatenate": "concatenate", "Softmax": "softmax"}
"""Layers along an axis, which need not be the channels, and the functions that do the same."""

ITEM = "an index"
"""The operation that takes a part of a value."""

EQUALLY = "a split"
"""The operation that splits a value into a number of equal parts."""

LAST = ("softmax", "log_softmax", "cat")
"""Functions that work on the last axis if none is given."""

DRAWN = {"normal": "randn", "random_normal": "randn", "uniform": "rand", "random_uniform": "rand"}
"""Functions that draw values, and PyTorch's."""

REPEATING = ("tile", "repeat", "repeat_elements")
"""Functions that lay a value several times side by side."""

TIMES = ("repeats", "rep", "multiples", "n")
"""The names of the argument that says how often a value is repeated."""

TURNING = {"transpose_a": "input", "transpose_b": "other"}
"""Arguments of a product that turn a matrix, and which."""

MADE = {"tensor", "seed", "name", "dtype", *TURNING}
"""Arguments that change nothing here."""


class Read(NamedTuple):
    """A value of the network as an argument: its number among the inputs of the operation."""

    number: int


class KerasOperation(NamedTuple):
    """An operator or a function for values of a network.

    Attributes:
        word: of the operator, or the name of the function.
        args, named: its arguments, with a `Read` for each value of the network.
        is_operator: whether it is an operator.
        part: which of several results is meant.
    """

    word: str
    args: Sequence[Any]
    named: Mapping[str, Any]
    is_operator: bool = False
    part: int | None = None


@final
class KerasArithmetic:
    """Adds operations to a graph, and keeps the views that their results are.

    Args:
        builder: of the graph.
        seen: values that are seen in another order than the graph's, by name.
    """

    def __init__(self, builder: GraphBuilder, seen: dict[str, Viewed]) -> None:
        self.operations = TorchOperations(builder)
        self._builder, self._seen, self._views = builder, seen, Views(builder)
        self._several: dict[tuple[object, ...], Any] = {}

    def run(self, tensor: KerasTensor, values: Mapping[int, str]) -> str | None:
        """The name of the value of an operation; None if it is one of a layer."""
        if OPERATION not in tensor.config and tensor.class_ not in AXES:
            return None
        node = ast.Pass(lineno=tensor.line, col_offset=0)
        inputs = [self._of(values[one.number]) for one in tensor.inputs]
        operation = tensor.config.get(OPERATION) or _along_an_axis(tensor, len(inputs[0].dims))
        if operation is None:
            return None
        key = id(operation.args), *(one.viewed.node for one in inputs)
        if operation.part is None or key not in self._several:
            named_ = {name: _given(one, inputs) for name, one in operation.named.items()}
            self._several[key] = self._result(operation, _given(operation.args, inputs), named_, node)
        result = self._several[key]
        if operation.part is not None and isinstance(result, list):
            result = next(iter(result[operation.part :]), None)
        (made, *_) = tensors_in(result) or [self.operations.no_kind(f"{operation.word}()", inputs, node)]
        return named(self._builder, self._seen, made.viewed, ModelPlace(tensor.line))

    def dims(self, name: str) -> tuple[int, ...] | None:
        """The sizes of a value as the source sees it, the batch first."""
        return self._of(name).viewed.dims

    def _result(self, operation: KerasOperation, args: list[Any], named_: dict[str, Any], node: ast.Pass) -> Any:
        if operation.word == ITEM:
            return self.operations.sliced(args[0], tuple(args[1]) if isinstance(args[1], list) else args[1], node)
        if operation.word == EQUALLY:
            x, number, axis = args
            each = x.dims[place(axis, len(x.dims), node)] // number
            return self.operations.function("split", [x, [each] * number, axis], {}, node)
        if operation.is_operator:
            return self.operations.operate(operation.word, args[0], args[1], node)
        if operation.word in REPEATING:
            return self._repeated(operation, args, named_, node)
        target = FUNCTIONS[operation.word][0] or operation.word
        given = self._arguments(operation.word, args, named_, node)
        if given is None:
            words = f"{operation.word}() with {', '.join(named_) or 'more values':.30}"
            return self.operations.no_kind(words, tensors_in(args), node)
        if target in LAST:
            given.setdefault("dim", -1)
        if target == "reshape" and isinstance(given.get("size"), list):
            given |= self._reshaping(given["input"], [1 if one is None else one for one in given["size"]], node)
        return self.operations.function(target, [], given, node)

    def _arguments(self, word: str, args: list[Any], named_: dict[str, Any], node: ast.Pass) -> dict[str, Any] | None:
        """The arguments of a function under PyTorch's names; None if one of them is not known."""
        parameters = FUNCTIONS[word][1]
        if tensors_in(args[len(parameters) :]):
            return None
        given = dict(zip(parameters, args, strict=False))
        for name, value in named_.items():
            known = RENAMED.get(name, name)
            if name in TURNING and value is True:
                axes = [*range(len(given[TURNING[name]].dims) - 2), -1, -2]
                given[TURNING[name]] = self.operations.function("permute", [given[TURNING[name]], axes], {}, node)
            elif known in parameters:
                given[known] = value
            elif tensors_in(value):
                given[next(one for one in parameters if one not in given)] = value
            elif name not in MADE:
                return None
        return given

    def _reshaping(self, x: TorchTensor, size: list[Any], node: ast.Pass) -> dict[str, Any]:
        """The value and its new sizes; a map that becomes a vector is flattened as the layer Flatten does it."""
        if len(size) == 2 and x.viewed == self._views.last(x.viewed.node) and unknown_in(size) is None:
            x = self.operations.of(self._builder.vector(x.viewed.node, ModelPlace(node.lineno)))
        return {"input": x, "size": size}

    def _repeated(self, operation: KerasOperation, args: list[Any], named_: dict[str, Any], node: ast.Pass) -> Any:
        """A value that is repeated; along a single axis only if there is one place on it."""
        x = tensors_in([*args, *named_.values()])[0]
        given = dict(zip(("x", "repeats", "axis"), args, strict=False)) | named_
        times, axis = next((given[name] for name in TIMES if name in given), None), given.get("axis")
        if operation.word != "tile" and type(axis) is int and type(times) is int:
            axis = place(axis, len(x.dims), node)
            times = [times if one == axis else 1 for one in range(len(x.dims))] if x.dims[axis] == 1 else None
        if not isinstance(times, list):
            return self.operations.no_kind(f"{operation.word}()", [x], node)
        return self.operations.function("repeat", [x, times], {}, node)

    def _of(self, name: str) -> TorchTensor:
        return TorchTensor(self._seen.get(name) or self._views.last(name))


def operation(
    word: str, args: Sequence[Any], given: Mapping[str, Any], line: int, parts: int = 0, *, is_operator: bool = False
) -> Any:
    """The result of an operation: a value, or a list of several."""
    inputs = keras_tensors_in([list(args), list(given.values())])
    numbers = {one.number: number for number, one in enumerate(inputs)}
    stored = KerasOperation(word, _read(list(args), numbers), {k: _read(v, numbers) for k, v in given.items()},
                            is_operator)  # fmt: skip
    made = [
        KerasTensor(word, {OPERATION: stored._replace(part=part if parts else None)}, inputs, line)
        for part in range(parts or 1)
    ]
    return made if parts else made[0]


def _along_an_axis(tensor: KerasTensor, rank: int) -> KerasOperation | None:
    """The operation of a layer on an axis that is not the channels."""
    axis = tensor.config.get("axis", -1)
    if rank < 2 or type(axis) is not int or axis in (-1, rank - 1):
        return None
    reads = list(map(Read, range(len(tensor.inputs))))
    args = [reads] if tensor.class_ == "Concatenate" else reads
    return KerasOperation(AXES[tensor.class_], args, {"axis": axis})


def _read(value: Any, numbers: Mapping[int, int]) -> Any:
    """An argument with a `Read` for each value of the network."""
    if isinstance(value, KerasTensor):
        return Read(numbers[value.number])
    if isinstance(value, list) or is_tuple(value):
        return [_read(one, numbers) for one in value]
    return value


def _given(value: Any, inputs: Sequence[TorchTensor]) -> Any:
    """An argument with the values themselves."""
    if isinstance(value, Read):
        return inputs[value.number]
    return [_given(one, inputs) for one in value] if isinstance(value, list) else value


def drawn(last: str, args: Sequence[Any], given: Mapping[str, Any]) -> Any:
    """Values that are drawn in a shape; `NotImplemented` if that, or how they are, is not known."""
    names = ("shape", "minval", "maxval") if "uniform" in last else ("shape", "mean", "stddev")
    found = dict(zip(names, args, strict=False)) | dict(given)
    sizes, limits = (
        found.get("shape"),
        tuple(found.get(name, usual) for name, usual in zip(names[1:], (0, 1), strict=True)),
    )
    known = isinstance(sizes, list | tuple) and all(one is None or type(one) is int for one in sizes)
    if not known or limits != (0, 1):
        return NotImplemented
    return Dummy(tuple(one or 1 for one in sizes or ()), DRAWN[last])
