"""ONNX files, read with the package `onnx` (extra `onnx`). Weights may be missing; none is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from sys import intern
from typing import Any, final

from cnncalc.errors import MissingExtra
from cnncalc.importing.bounds import MAX_AXES
from cnncalc.importing.building import MAX_EDGES, GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.open_sizes import open_note, opened
from cnncalc.importing.readers.onnx_bounds import DAMAGED, check_size
from cnncalc.importing.readers.onnx_constants import MAX_FOLDED, OnnxConstant, folded
from cnncalc.importing.readers.onnx_idioms import gelus
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.readers.onnx_operators.operations import OnnxOperators
from cnncalc.importing.views import Viewed

MAX_VALUES = 64
"""The most numbers with a fraction that are read: limits and factors are few, weights are not."""

MAX_FILLED = 1_000_000
"""The most numbers of a constant that are looked at for being all the same."""

_MADE = re.compile(r"val_\d+")
"""The names that torch's exporter gives constants of its own; weights keep those of the model."""

EXPORTED = ("main_graph", "torch_jit", "torch-jit-export", "torch_jit_export")
"""Names that exporters give every graph."""

MAX_ATTRIBUTES = 1000

EXTERNAL = 1
"""The location of data in another file."""

SIZES = 224, 256
"""Two sizes in place of open ones: whatever is the same with both does not depend on them."""

INTEGERS, FLOATS = (6, 7), (1, 11)
"""The numbers of the element types that are read."""


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of an ONNX file.

    Raises:
        MissingExtra: onnx is not installed.
    """
    model = _model(content).graph
    return opened(lambda which: _Onnx(model, given, SIZES[which]).graph())


def tensors(content: bytes, names: Iterable[str]) -> Mapping[str, Any]:
    """The values of the named tensors, but for those that are not in the file."""
    graph = _model(content).graph
    found = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.output:
            found.update((node.output[0], one.t) for one in node.attribute if one.name == "value")
    from onnx import numpy_helper

    arrays = {}
    for name in names:
        if name in found and found[name].data_location != EXTERNAL:
            try:
                arrays[name] = numpy_helper.to_array(found[name])
            except Exception:  # any error of numpy about data that do not fit their dims
                raise RefusedModel((ModelPlace(), f"the data of {name:.80} do not fit its dims")) from None
    return arrays


def _model(content: bytes) -> Any:
    try:
        import onnx
    except ImportError:
        raise MissingExtra("onnx", "onnx") from None
    check_size(content)
    try:
        return onnx.load_model_from_string(content)
    except Exception:  # protobuf's DecodeError, of a package that has no types
        raise RefusedModel((ModelPlace(), DAMAGED)) from None


@final
class _Onnx:
    def __init__(self, graph: Any, given: Sequence[int], assumed: int) -> None:
        self._graph, self._assumed = graph, assumed
        title = str(graph.name) if graph.name not in EXPORTED and len(graph.name) < 60 else ""
        self._builder = GraphBuilder("ONNX", title, given=given)
        self._values: dict[str, Viewed | OnnxConstant] = {}
        self._declared = {info.name: _dims(info) for info in (*graph.value_info, *graph.output)}

    def graph(self) -> ModelGraph:
        """The graph of all nodes."""
        operators = OnnxOperators(self._builder)
        self._constants()
        for info in self._graph.input:
            if info.name not in self._values:
                self._input(info, operators)
        nodes = list(bounded(self._graph.node))
        wholes, parts = gelus(nodes)
        for number, node in enumerate(nodes):
            if number not in parts:
                with sensible(ModelPlace(text=f"node {node.name or f'{node.op_type} {number}'!s:.60}")):
                    self._node(number, node, operators, wholes.get(number, ""))
        self._say_folded()
        return self._builder.graph(list(self._outputs(operators)))

    def _constants(self) -> None:
        for tensor in self._graph.initializer:
            self._values[tensor.name] = (_filled if _MADE.fullmatch(tensor.name) else _constant)(tensor)
        for tensor in self._graph.sparse_initializer:
            self._values[tensor.values.name] = OnnxConstant(tensor.values.name, tuple(tensor.dims), None)

    def _input(self, info: Any, operators: OnnxOperators) -> None:
        dims = _dims(info)
        at = ModelPlace(text=f"input {info.name!s:.60}")
        if not isinstance(info.name, str):
            raise RefusedModel((at, "a name is not UTF-8"))
        if dims is None or len(dims) < 2:
            # A file may list its weights as inputs without having them.
            self._values[info.name] = OnnxConstant(info.name, dims or (), None)
            return
        batch = dims[0] if dims[0] > 0 else 1
        if dims[0] > 1:
            self._builder.note(f"the batch of {dims[0]} in the file is left out", at)
        sizes = list(dims[1:])
        if not self._builder.given and 0 in sizes:
            if sizes[0] == 0:
                raise RefusedModel((at, "its channels are not in the file; give it as --input CxHxW"))
            self._builder.note(open_note(self._assumed), at)
            sizes = [size or self._assumed for size in sizes]
        self._values[info.name] = operators.views.of(self._builder.input(info.name, sizes, at), batch)

    def _node(self, number: int, node: Any, operators: OnnxOperators, gelu_of: str) -> None:
        # Each field is read once, because each reading of one asks the package again.
        word, given, made = node.op_type, list(node.input), list(node.output)
        name = node.name or f"{word} {number}"
        at = ModelPlace(text=f"node {name!s:.60}")
        if len(node.attribute) > MAX_ATTRIBUTES or len(given) > MAX_EDGES:
            raise RefusedModel((at, "more attributes or inputs than a node has"))
        if set(map(type, (name, word, *given, *made))) != {str}:
            raise RefusedModel((ModelPlace(text=f"node {number}"), "a name is not UTF-8"))
        attributes = {attribute.name: _attribute(attribute) for attribute in node.attribute}
        names = [gelu_of] if gelu_of else given
        inputs = [self._values.get(one) if one else None for one in names]
        for one, value in zip(names, inputs, strict=True):
            if one and value is None:
                raise RefusedModel((at, f"'{one:.60}' is not an output of a node above"))
        shapes = [self._declared.get(one) for one in made]
        scope = _scope(node, name)
        operator = OnnxNode("Gelu" if gelu_of else word, inputs, attributes, at, scope, shapes, made)
        values = folded(operator) or operators.run(operator)
        self._values.update((one, value) for one, value in zip(made, values, strict=False) if one)

    def _say_folded(self) -> None:
        words = {node.op_type for node in self._graph.node}
        if "Conv" in words and "BatchNormalization" not in words:
            self._builder.note(
                "no batch norm is in the file: if the network had some, its exporter folded them into convolutions"
            )

    def _outputs(self, operators: OnnxOperators) -> Iterator[str]:
        for info in self._graph.output:
            value = self._values.get(info.name)
            if isinstance(value, Viewed):
                yield operators.views.plain(value, ModelPlace(text=f"output {info.name!s:.60}"))


def _dims(info: Any) -> tuple[int, ...] | None:
    """The dims of a value; a size that has a name is 1 for the batch, and unknown elsewhere."""
    kind = info.type.tensor_type
    if not info.type.HasField("tensor_type") or not kind.HasField("shape") or len(kind.shape.dim) > MAX_AXES:
        return None
    dims = [dim.dim_value if dim.HasField("dim_value") else 0 for dim in kind.shape.dim]
    if dims and dims[0] < 1:
        dims[0] = 1
    return tuple(dims)


def _constant(tensor: Any) -> OnnxConstant:
    """An initializer; its values if they are few numbers that are in the file."""
    if len(tensor.dims) > MAX_AXES:
        raise RefusedModel((ModelPlace(text=f"tensor {tensor.name!s:.60}"), f"more than {MAX_AXES} axes"))
    values = _values(tensor, MAX_FOLDED if tensor.data_type in INTEGERS else MAX_VALUES)
    return OnnxConstant(tensor.name, tuple(tensor.dims), None if values is None else values.tolist())


def _filled(tensor: Any) -> OnnxConstant:
    """A constant that the exporter made; it takes ones and zeros for what a norm does not learn."""
    constant, values = _constant(tensor), _values(tensor, MAX_FILLED)
    is_filled = values is not None and values.size and not (values != values[0]).any()
    return constant._replace(filling=float(values[0])) if is_filled else constant


def _values(tensor: Any, most: int) -> Any:
    """The numbers of a tensor row by row, as an array; None if they are more, or not in the file."""
    if prod(tensor.dims) > most or tensor.data_location == EXTERNAL or tensor.data_type not in (*INTEGERS, *FLOATS):
        return None
    from onnx import numpy_helper

    try:
        return numpy_helper.to_array(tensor).reshape(-1)
    except Exception:  # any error of numpy about data that do not fit their dims: the values are not known
        return None


def _attribute(attribute: Any) -> Any:
    """The value of an attribute: a number, a text, a list of these, or a constant."""
    match attribute.type:
        case 1:
            return attribute.f
        case 2:
            return attribute.i
        case 3:
            return attribute.s.decode("utf-8", "replace")
        case 4:
            return _filled(attribute.t)
        case 6:
            return list(attribute.floats)
        case 7:
            return list(attribute.ints)
        case 8:
            return [text.decode("utf-8", "replace") for text in attribute.strings]
    return None


def _scope(node: Any, name: str) -> tuple[str, ...]:
    """The modules around a node, as either of torch's exporters writes them."""
    for property_ in node.metadata_props:
        if property_.key == "pkg.torch.onnx.name_scopes":
            names = [name.strip(" '\"") for name in property_.value.strip("[]").split(",")]
            inner = [name for name in names if name]
            return tuple(inner[-2].split(".")) if len(inner) > 1 else ()
    parts = [part for part in name.split("/")[:-1] if part]
    # `/layer1/layer1.0/conv1/Conv` repeats the path of a Sequential in the next part.
    path: list[str] = []
    for part in parts:
        pieces = part.split(".")
        path = pieces if len(pieces) > 1 and pieces[: len(path)][:1] == path[:1] and path else [*path, *pieces]
    return tuple(map(intern, path))  # the same words are repeated
