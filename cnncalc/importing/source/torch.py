"""PyTorch in a source: its modules and containers, and the graph of their network."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.einops import repeated
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.torch_adding import LOST
from cnncalc.importing.source.torch_drawing import NORMAL, SAMPLED, created, normal
from cnncalc.importing.source.torch_modules import module_operation
from cnncalc.importing.source.torch_operations import TorchOperations
from cnncalc.importing.source.torch_parts import (
    children_of,
    configure,
    hold,
    learned_in,
    modules_of,
    parts_of,
    weight_of,
)
from cnncalc.importing.source.torch_ready import HEAD, PARTS, READY, put, ready_model, replaced, replaced_head
from cnncalc.importing.source.torch_sequences import run_sequence
from cnncalc.importing.source.torch_tensors import TorchTensor, dummy_method, dummy_part, tensors_in
from cnncalc.importing.source.values import (
    Dummy,
    External,
    Instance,
    Method,
    Stuck,
    Unknown,
    is_tuple,
    refuse_class,
    unknown_in,
)

MAX_NOTES = 5
"""How many unused layers are listed."""


@final
class Torch:
    """PyTorch's classes and functions.

    Attributes:
        builder: of the graph, as far as it was followed.
        evaluator: the one that follows the source; set later.
        seen: the models that the source itself calls, with the sizes of their inputs.
    """

    evaluator: Expressions

    def __init__(self) -> None:
        self.seen: list[tuple[Instance, list[tuple[int, ...]]]] = []
        self.outputs: list[str] = []
        self.builder = GraphBuilder("Python")
        self._operations: TorchOperations | None = None
        self._used: set[int] = set()

    def trace(self, model: Instance, sizes: Sequence[Sequence[int]]) -> GraphBuilder:
        """The graph of a model for inputs of these sizes, without the batch; its outputs are `outputs`."""
        self.builder = builder = GraphBuilder("Python", model.class_name)
        self._operations = operations = TorchOperations(builder)
        at = ModelPlace(model.line)
        inputs = ["input"] if len(sizes) == 1 else [f"input{i + 1}" for i in range(len(sizes))]
        given = [builder.input(name, size, at) for name, size in zip(inputs, sizes, strict=True)]
        result = self._run(model, list(map(operations.of, given)), {}, ast.Pass(lineno=model.line))
        self.outputs = [operations.plain(operations.batch_first(one, at), at) for one in tensors_in(result)]
        if not self.outputs:
            why = unknown_in(result)
            raise Stuck(why.line if why else model.line, why.words() if why else "the model gives no tensor")
        for why in filter(None, map(unknown_in, _parts(result))):
            if not why.what.startswith(names.NUMBERS):
                builder.note(f"an output is left out, with what leads to it: {why.words()}", ModelPlace(why.line))
        self._note_unused(model)
        return builder

    def _note_unused(self, model: Instance) -> None:
        """Note the layers with weights that are made and never used, and weights that are not a layer's own."""
        made = [one for one in modules_of(model) if one.class_name in names.WEIGHED and not one.items]
        for one in [one for one in made if one.attributes.get("weight") is not None][:MAX_NOTES]:
            words = f"{'.'.join(one.path())}.weight is assigned: a weight that layers share is counted for each of them"
            self.builder.note(words, ModelPlace(one.line), inexact=True)
        unused = [one for one in made if id(one) not in self._used]
        for one in unused[:MAX_NOTES]:
            words = f"{'.'.join(one.path())}, a {one.class_name}, is made and never used: its weights are not counted"
            self.builder.note(words, ModelPlace(one.line))
        if unused[MAX_NOTES:]:
            self.builder.note(f"{len(unused) - MAX_NOTES} more layers are made and never used")
        number = sum(map(learned_in, unused))
        if number:
            self.builder.note(f"the layers that are never used have {number:,} params in the module's own count")

    def inputs_of(self, model: Instance) -> int:
        """The number of values that a model reads."""
        forward = self.evaluator.forward(model)
        wanted = forward.node.args if forward is not None else None
        return max(len(wanted.args) - 1 - len(wanted.defaults), 1) if wanted is not None else 1

    @property
    def refused(self) -> list[Stuck]:
        """The reasons to refuse the network, as far as it was followed."""
        return list(self._operations.refused.values()) if self._operations is not None else []

    def name_of(self, value: Any) -> str:
        """The name of a tensor in the graph; empty if it is not there."""
        is_there = isinstance(value, TorchTensor) and not value.viewed.moved
        return value.viewed.node if is_there else ""

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function or class of PyTorch."""
        last = name.rpartition(".")[2]
        line = getattr(node, "lineno", 1)
        if "summary" in last.lower() or last in ("profile", "get_model_complexity_info", "FlopCountAnalysis"):
            return self._summary(args, named)
        model = ready_model(name, args, named, line)
        if model is not None or not names.is_torch(name):
            return NotImplemented if model is None else model
        if last in names.MODULES or last in names.CONTAINERS or last == "Module":
            made = Instance(External(name), line)
            self.init(made, External(name), args, named)
            return made
        if last in names.CREATED:
            return created(last, args, named, runs=self._operations is not None)
        if name == NORMAL or (name.startswith("torch.distributions") and last == "Normal"):
            return normal(args, named, line)
        if last in names.WRAPPERS and args:
            return args[0]
        if last[:1].isupper() and (hint := names.meant(last)):
            return self.evaluator.unknown(node)._replace(hint=hint)
        return NotImplemented if self._operations is None else self._function(name, args, named, node)

    def _function(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function while a network runs."""
        last, operations = name.rpartition(".")[2], self._operations
        if operations is None:
            return NotImplemented
        if name == "einops.repeat" and args and isinstance(args[0], Dummy):
            sizes = repeated(str(named.get("pattern", args[-1])), args[0].dims, named)
            return NotImplemented if sizes is None else args[0]._replace(dims=sizes)
        if last in names.LOSSES:
            return Unknown(getattr(node, "lineno", 1), last)
        if last in names.FUNCTIONS:
            return operations.function(last, args, named, node)
        return operations.no_kind(last, [*args, *named.values()], node)

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of its class."""
        instance.attributes.setdefault("training", False)
        last = native.last
        if last in names.CONTAINERS:
            held = args[0] if len(args) == 1 and not isinstance(args[0], Instance) else args
            held = held if held else named.get("modules", [])
            if isinstance(held, Unknown):
                instance.attributes["$unknown"] = held
                return
            entries = held.items() if isinstance(held, dict) else enumerate(self.evaluator.items(held, ast.Pass()))
            for name, value in entries:
                instance.items[str(name)] = value
                instance.adopt(str(name), value)
        elif last in names.MODULES:
            configure(instance, last, args, named)

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of calling an object."""
        values = [*args, *named.values()]
        dummies = [one for one in values if isinstance(one, Dummy)]
        if dummies and self._operations is None:
            self.seen.append((instance, [one.dims for one in dummies]))
        forward = self.evaluator.forward(instance)
        is_module = instance.native is not None and names.is_torch(instance.native.name)
        if not any(tensors_in(values)) and (is_module or forward is None):
            unknown = unknown_in(values)
            return unknown or Unknown(getattr(node, "lineno", 1), f"what {instance.class_name} gives")
        return self._run(instance, args, named, node)

    def _run(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        operations = self._operations
        path = instance.path() or (operations.scope if operations is not None else ())
        self._used.add(id(instance))
        forward = self.evaluator.forward(instance)
        if operations is not None:
            operations.enter(path, instance.class_name)
        try:
            if forward is not None:
                return self.evaluator.run(forward, [instance, *args], named, getattr(node, "lineno", 1))
            return self._native(instance, args, named, node)
        finally:
            if operations is not None:
                operations.leave()

    def _native(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        line, native = getattr(node, "lineno", 1), instance.native
        last = native.last if native is not None else ""
        if last == "Sequential":
            return self._sequential(instance, args[0], node)
        if READY in instance.attributes and self._operations is not None:
            return self._ready(instance, args[0], node)
        if native is None or last not in names.MODULES:
            raise Stuck(instance.line, f"{instance.class_name} has no forward")
        if isinstance(args[0], Unknown):
            raise Stuck(line, args[0].words())
        if self._operations is None:
            raise Stuck(line, f"what {last} gives is not known")
        try:
            target, arguments = module_operation(last, instance, args[0].dims)
        except Stuck as stuck:
            return self._operations.refuse(stuck, args)
        if target in names.SEQUENCES:
            given = [*args, *(named[word] for word in ("key", "value") if word in named)]
            return run_sequence(self._operations, instance, target, arguments, given)
        at = ast.Pass(lineno=instance.line, col_offset=0)
        return self._operations.module(target, {"input": args[0], **arguments}, at)

    def _sequential(self, instance: Instance, value: Any, node: ast.AST) -> Any:
        """The result of modules one after another."""
        if HEAD in instance.attributes and instance.parent and (parts := self._parts(instance.parent, node)):
            return self._run(parts.attributes[instance.name], [value], {}, node)
        if isinstance(why := instance.attributes.get("$unknown"), Unknown):
            raise Stuck(instance.line, why.words())
        for child in instance.items.values():
            refuse_class(child, instance.line)
            value = self.evaluator.call(child, [value], {}, node)
        return value

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for tensors."""
        if isinstance(left, Dummy) or isinstance(right, Dummy):
            one, other = (left, right) if isinstance(left, Dummy) else (right, left)
            if isinstance(other, int | float) and one.made:
                return Unknown(getattr(node, "lineno", 1), "a made tensor with a number")
            if isinstance(other, int | float | Dummy):
                return one if not isinstance(other, Dummy) or len(one.dims) >= len(other.dims) else other
        if self._operations is None or not (isinstance(left, TorchTensor) or isinstance(right, TorchTensor)):
            return NotImplemented
        return self._operations.operate(word, left, right, node)

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method of a tensor or of a module."""
        if isinstance(value, Instance):
            return self._of_module(value, name, args, named, node)
        if isinstance(value, Dummy):
            return dummy_method(value, name, args)
        if self._operations is None or not isinstance(value, TorchTensor):
            return NotImplemented
        return self._operations.method(value, name, args, named, node)

    def _of_module(self, value: Instance, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        if value.native is None:
            return NotImplemented
        last = value.native.last
        if value.native.name == NORMAL and name in SAMPLED and self._operations is not None:
            return self._operations.sampled(value, args, node)
        if name == "$forward":
            return self._native(value, args, named, node)
        if name == "__init__":
            return self.init(value, External(f"torch.nn.{last}"), args, named)
        if last in names.CONTAINERS and name in ("append", "extend", "items", "keys", "values"):
            return self._of_container(value, name, args, node)
        if name in ("add_module", "register_module", "insert"):
            return hold(value, *(*args, *named.values())[:2])
        if name in ("children", "named_children", "modules", "named_modules"):
            return parts_of(self._parts(value, node) or value, name, node)
        if name == "forward":
            return self.apply(value, args, named, node)
        return value if name in names.FLUENT else NotImplemented

    def _of_container(self, value: Instance, name: str, args: list[Any], node: ast.AST) -> Any:
        if name not in ("append", "extend"):
            return list(getattr(value.items, name)())
        for one in args if name == "append" else self.evaluator.items(args[0], node):
            key = str(len(value.items))
            value.items[key] = one
            value.adopt(key, one)
        return value

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a tensor or of a module."""
        if isinstance(value, TorchTensor | Dummy):
            if name in ("shape", "ndim") and isinstance(value, TorchTensor) and value.viewed.dims is None:
                return Unknown(getattr(node, "lineno", 1), LOST)
            if name in ("shape", "ndim"):
                return value.dims if name == "shape" else len(value.dims)
            if name == "data" or (name in ("T", "mT") and self._operations is None):
                return value
            if name in ("T", "mT") and self._operations is not None:
                return self._operations.no_kind("the attribute T", [value], node)
            return NotImplemented if name in ("dtype", "device") else Method(value, name)
        if isinstance(value, Instance) and name in value.items:
            return value.items[name]
        if isinstance(value, Instance) and READY in value.attributes and (parts := self._parts(value, node)):
            return parts.attributes.get(name, NotImplemented)
        if isinstance(value, Instance) and name == "_modules" and value.native is not None:
            return dict(value.items) or {one.name: one for one in children_of(value)}
        if isinstance(value, Instance) and name == "weight" and value.native is not None:
            return weight_of(value, node)
        return NotImplemented

    def _parts(self, model: Instance, node: ast.AST) -> Instance | None:
        """A network of torchvision as its modules, with the source's replacement of the last layer."""
        if READY not in model.attributes:
            return None
        if PARTS not in model.attributes:
            make, classes = self.evaluator.folder.known().names["parts_of"], model.attributes[HEAD].attributes
            model.attributes[PARTS] = self.evaluator.call(make, [model.class_name, classes["out_features"]], {}, node)
        parts = model.attributes[PARTS]
        if not isinstance(parts, Instance):
            return None
        put(model, parts)
        return parts

    def _ready(self, model: Instance, x: Any, node: ast.AST) -> Any:
        """The result of a network of torchvision, with the source's replacement of its last layer."""
        operations, ready, at = self._operations, model.attributes[READY], ModelPlace(model.line)
        if operations is None or not isinstance(x, TorchTensor):
            return Unknown(getattr(node, "lineno", 1), f"what {model.class_name} gives")
        head, whole = replaced_head(model)
        self._used.add(id(model.attributes[HEAD]))
        if names_ := replaced(model):
            parts = self._parts(model, node)
            if parts is None:
                raise Stuck(model.line, f"{names_[0]} of {model.class_name} is replaced; its modules are not known")
            return self._run(parts, [x], {}, node)
        ends, start = ready.ends(), operations.plain(x, at)
        if head is None:
            return operations.of(ready.add(self.builder, start, at, operations.scope))
        end = ends.vector if whole else ends.final
        value = operations.of(ready.add(self.builder, start, at, operations.scope, slice(end)))
        return self.evaluator.call(head, [value], {}, node)

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a tensor, or of a container."""
        if isinstance(value, TorchTensor) and self._operations is not None:
            return self._operations.sliced(value, key, node)
        if isinstance(value, Dummy):
            return dummy_part(value, key)
        if not isinstance(value, Instance) or value.native is None or value.native.last not in names.CONTAINERS:
            return NotImplemented
        held = list(value.items.values())
        if isinstance(key, slice):
            part = Instance(External(f"torch.nn.{value.native.last}"), value.line)
            part.items = dict(list(value.items.items())[key])
            return part
        if isinstance(key, Unknown):
            return key
        return value.items[key] if isinstance(key, str) else held[key]

    def items(self, value: Any) -> Sequence[Any] | None:
        """The contents of a container."""
        if isinstance(value, Instance) and value.native is not None and value.native.last in names.CONTAINERS:
            return list(value.items if value.native.last == "ModuleDict" else value.items.values())
        return None

    def _summary(self, args: list[Any], named: Mapping[str, Any]) -> Any:
        """Keep the input size of a model from a call of a tool that prints it."""
        sizes = named.get("input_size", named.get("input_data", args[1] if len(args) > 1 else None))
        if is_tuple(sizes) and sizes and isinstance(sizes[0], Dummy | tuple):
            sizes = sizes[0]
        if isinstance(sizes, Dummy):
            sizes = sizes.dims
        if (
            args
            and isinstance(args[0], Instance)
            and isinstance(sizes, list | tuple)
            and all(type(n) is int for n in sizes)
        ):
            self.seen.append((args[0], [(1, *sizes) if len(sizes) == 3 else tuple(sizes)]))
        return None


def _parts(result: Any) -> list[Any]:
    """The outputs in the result of a forward."""
    if isinstance(result, dict):
        return list(result.values())
    return list(result) if isinstance(result, list) or is_tuple(result) else [result]
