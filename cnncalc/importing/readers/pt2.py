"""torch.export: the JSON of the graph inside of a .pt2 archive. Pickles and weights are not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any, final

from cnncalc.importing.bounds import MAX_AXES, JsonFields, member, member_names, parsed_json
from cnncalc.importing.building import GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.readers.aten.idioms import whole_norms
from cnncalc.importing.readers.aten.nodes import AtenNode, Named, TorchNode, Weighed
from cnncalc.importing.readers.aten.operations import Aten
from cnncalc.importing.readers.torch_modules import merged_modules
from cnncalc.importing.views import Viewed

MAJOR_VERSIONS = range(5, 9)
"""The versions of the schema whose graphs have the same form."""

MEMBERS = ("models/model.json", "serialized_exported_program.json")


def graph_member(content: bytes) -> str:
    """The name of the member with the graph; empty if there is none."""
    names = member_names(content)
    return next((name for member_ in MEMBERS for name in names if name.endswith(member_)), "")


def read_archive(content: bytes) -> ModelGraph:
    """The graph of a .pt2 file."""
    program = JsonFields(parsed_json(member(content, graph_member(content)), _kept()))
    version = program.inner("schema_version").number("major", 0)
    if version not in MAJOR_VERSIONS:
        known = f"{MAJOR_VERSIONS[0]} to {MAJOR_VERSIONS[-1]}"
        raise RefusedModel((ModelPlace(), f"version {version} of torch.export's schema is not known; {known} are"))
    reader = _Pt2(program.inner("graph_module"))
    del program  # it takes more memory than everything that is read of it
    return reader.graph()


def _kept() -> Callable[[dict[str, Any]], Any]:
    """A function that keeps parts of a JSON object: dims, name and argument; equal parts are one object."""
    known: dict[object, Any] = {}

    def kept(data: dict[str, Any]) -> Any:
        if "sizes" in data:
            dims = _sizes(data["sizes"])
            return known.setdefault(dims, dims)
        if "arg" in data and "name" in data:
            return data["name"], data["arg"]
        if len(data) != 1:
            return data
        ((key, value),) = data.items()
        return known.setdefault((key, type(value), value), data) if type(value) in (int, str) else data

    return kept


def _emptied(items: list[Any]) -> Iterator[Any]:
    """Each item of a list, which does not keep it."""
    items.reverse()
    while items:
        yield items.pop()


@final
class _Pt2:
    def __init__(self, module: JsonFields) -> None:
        graph = module.inner("graph")
        self._builder = GraphBuilder("torch.export")
        self._dims = {name: dims for name, dims in graph.inner("tensor_values").data.items() if isinstance(dims, tuple)}
        self._values: dict[str, Viewed | Weighed | list[Viewed]] = {}
        self._weights: dict[str, str] = {}
        self._read: set[str] = set()
        signature = module.inner("signature")
        self._inputs = list(self._read_inputs(signature))
        self._users = [
            spec.inner("user_output").inner("arg") for spec in map(JsonFields, signature.items("output_specs"))
        ]
        self._nodes = list(map(self._node, _emptied(bounded(graph.items("nodes")))))

    def graph(self) -> ModelGraph:
        """The graph of all nodes."""
        aten = Aten(self._builder, self._weights)
        for name, label in self._inputs:
            dims = self._dims.get(name) or ()
            if len(dims) < 2:
                raise RefusedModel(
                    (ModelPlace(text=name), f"input '{name:.40}' has {len(dims)} axes; a batch and more are expected")
                )
            self._values[name] = aten.views.of(self._builder.input(label, dims[1:], ModelPlace(text=name)), dims[0])
        for operation, outputs in whole_norms(list(merged_modules(self._nodes, self._builder.classes))):
            with sensible(operation.at):
                arguments = {name: self._value(one) for name, one in operation.arguments.items()}
                self._values.update(zip(outputs, aten.run(operation._replace(arguments=arguments)), strict=False))
        self._totals(aten)
        return self._builder.graph(list(self._outputs(aten)))

    def _read_inputs(self, signature: JsonFields) -> Iterator[tuple[str, str]]:
        """The inputs of the network; weights are noted under their names."""
        for spec in map(JsonFields, signature.items("input_specs")):
            for sort, key in (
                ("parameter", "parameter_name"),
                ("buffer", "buffer_name"),
                ("tensor_constant", "tensor_constant_name"),
            ):
                if sort in spec.data:
                    self._weights[spec.inner(sort).inner("arg").text("name")] = f"{sort}:{spec.inner(sort).text(key)}"
            if "user_input" in spec.data:
                name = spec.inner("user_input").inner("arg").inner("as_tensor").text("name")
                if name:
                    yield name, name

    def _totals(self, aten: Aten) -> None:
        """Set the totals: the file's weights, unless some count for several layers, and the buffers in use."""
        totals, used = dict.fromkeys(("params", "buffers"), 0), aten.used
        idle: list[str] = []
        for name, label in self._weights.items():
            sort, _, path = label.partition(":")
            if sort == "parameter" and name not in self._read:
                idle.append(path)
            elif sort == "parameter" or (sort == "buffer" and path in used):
                totals["params" if sort == "parameter" else "buffers"] += prod(self._dims.get(name) or (0,))
        if idle:
            more = f" and {len(idle) - 1} more" if len(idle) > 1 else ""
            self._builder.note(f"params that no operation reads are left out: {idle[0]:.60}{more}")
        if not aten.counts_twice:
            self._builder.totals.update((figure, number) for figure, number in totals.items() if number)

    def _node(self, item: object) -> TorchNode:
        """A node with the names of its outputs; its arguments are names, too, until their values are known."""
        data = JsonFields(item)
        outputs = list(_names(data.items("outputs")))
        arguments = {str(item[0]): self._argument(item[1]) for item in data.items("inputs") if isinstance(item, tuple)}
        metadata = data.inner("metadata")
        name = outputs[0] if outputs else ""
        scope = self._scope(metadata.text("nn_module_stack"))
        target = data.text("target").removeprefix("torch.ops.").removeprefix("aten.")
        dims = [self._dims.get(output) for output in outputs]
        return AtenNode(target, arguments, ModelPlace(text=f"node {name}"), scope, dims), outputs

    def _value(self, argument: Any) -> Any:
        """An argument with values in the place of their names."""
        if isinstance(argument, list):
            return [self._value(one) for one in argument]
        return self._tensor(argument.name) if isinstance(argument, Named) else argument

    def _scope(self, stack: str) -> tuple[str, ...]:
        """The path of the innermost module; the classes of all are noted."""
        path = ""
        for module in stack.split(";"):
            _, path, class_ = (*module.split(","), "", "", "")[:3]
            self._builder.classes.setdefault(path, class_.rpartition(".")[2])
        return tuple(part for part in path.split(".") if part)

    def _argument(self, data: object) -> Any:
        """An argument: a value of the graph, the name of a weight, a number, a list, or None."""
        if not isinstance(data, dict) or not data:
            return None
        (sort, inside), *_ = data.items()
        if sort == "as_tensor" and isinstance(inside, dict):
            name = str(inside.get("name"))
            self._read.add(name)
            return Named(name, self._dims.get(name), name in self._weights)
        if sort in ("as_tensors", "as_optional_tensors") and isinstance(inside, list):
            return [
                self._argument({"as_tensor": one} if "name" in one else one) for one in inside if isinstance(one, dict)
            ]
        if sort in ("as_sym_int", "as_sym_ints") or sort == "as_none":
            return _symbolic(inside)
        return inside

    def _tensor(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        return Weighed(name, self._dims.get(name)) if name in self._weights else None

    def _outputs(self, aten: Aten) -> Iterator[str]:
        at = ModelPlace(text="the output")
        for spec in self._users:
            value = self._values.get(spec.inner("as_tensor").text("name"))
            if isinstance(value, Viewed):
                yield aten.views.plain(value, at)


def _names(outputs: list[Any]) -> Iterator[str]:
    for output in outputs:
        inside = output if isinstance(output, dict) else {}
        if isinstance(inside.get("as_tensor"), dict):
            yield str(inside["as_tensor"].get("name"))
        for one in inside.get("as_tensors") or ():
            if isinstance(one, dict):
                yield str(one.get("name"))


def _sizes(sizes: object) -> tuple[int, ...] | None:
    """The dims of a value; a batch that is a symbol counts as its hint, or 1."""
    if not isinstance(sizes, list) or len(sizes) > MAX_AXES:
        return None
    numbers = tuple(_size(one) for one in sizes)
    return None if any(n is None for n in numbers) else tuple(n for n in numbers if n is not None)


def _size(data: object) -> int | None:
    if not isinstance(data, dict):
        return None
    if type(data.get("as_int")) is int:
        return int(data["as_int"])
    expression = data.get("as_expr")
    hint = expression.get("hint") if isinstance(expression, dict) else None
    number = hint.get("as_int") if isinstance(hint, dict) else None
    return number if type(number) is int else None


def _symbolic(data: object) -> Any:
    """A number that is computed in the graph: its value if it is known, else -1."""
    if isinstance(data, dict) and type(data.get("as_int")) is int:
        return data["as_int"]
    if isinstance(data, list):
        return [_symbolic(one) for one in data]
    return -1 if isinstance(data, dict) else None
