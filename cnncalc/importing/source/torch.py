"""PyTorch in a source: modules, functions and methods of tensors as the operations that `Aten` knows."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.readers.aten import Aten, AtenNode, Weighed
from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.values import (
    Dummy,
    External,
    Instance,
    Stuck,
    Unknown,
    is_tuple,
    unknown_in,
)
from cnncalc.importing.views import Viewed


@final
class TorchTensor:
    """A value of the network."""

    def __init__(self, viewed: Viewed) -> None:
        self.viewed = viewed

    @property
    def dims(self) -> tuple[int, ...]:
        """Its sizes, the batch first; empty if they are not known."""
        return self.viewed.dims or ()


@final
class Torch:
    """What PyTorch's names do.

    Attributes:
        evaluator: which follows the source; set after it is made.
        seen: the models that the source itself calls, with the sizes of what it gives them.
    """

    evaluator: Expressions

    def __init__(self) -> None:
        self.seen: list[tuple[Instance, tuple[int, ...]]] = []
        self.outputs: list[str] = []
        self._builder: GraphBuilder | None = None
        self._scopes: list[tuple[str, ...]] = []
        self._used: set[int] = set()

    def trace(self, model: Instance, sizes: Sequence[Sequence[int]]) -> GraphBuilder:
        """The graph of a model for inputs of these sizes, without the batch; its outputs are `outputs`."""
        self._builder = builder = GraphBuilder("Python", model.class_name)
        self._weights: dict[str, str] = {}
        self._aten = Aten(builder, self._weights)
        at = ModelPlace(model.line)
        inputs = ["input"] if len(sizes) == 1 else [f"input{i + 1}" for i in range(len(sizes))]
        given = [builder.input(name, size, at) for name, size in zip(inputs, sizes, strict=True)]
        result = self._run(
            model, [TorchTensor(self._aten.views.of(one)) for one in given], {}, ast.Pass(lineno=model.line)
        )
        self.outputs = [self._aten.views.plain(one.viewed, at) for one in _tensors(result)]
        if not self.outputs:
            why = unknown_in(result)
            raise Stuck(why.line if why else model.line, why.words() if why else "the model gives no tensor")
        for one in self._of_module(model, "modules", [], {}, ast.Pass(lineno=model.line)):
            if id(one) not in self._used and not one.items and one.class_name in names.WEIGHED:
                path = ".".join(one.path())
                builder.note(
                    f"{path}, a {one.class_name}, is made and never used: its weights are not counted",
                    ModelPlace(one.line),
                )
        return builder

    # ---- objects

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a function or class of PyTorch gives."""
        last = name.rpartition(".")[2]
        line = getattr(node, "lineno", 1)
        if "summary" in last.lower() or last in ("profile", "get_model_complexity_info", "FlopCountAnalysis"):
            return self._summary(args, named)
        if not names.is_torch(name):
            return NotImplemented
        if last in names.MODULES or last in names.CONTAINERS or last == "Module":
            made = Instance(External(name), line)
            self.init(made, External(name), args, named)
            return made
        if last in names.CREATED:
            sizes = named.get("size", args[0] if len(args) == 1 and not isinstance(args[0], int) else args)
            known = isinstance(sizes, list | tuple) and all(type(one) is int for one in sizes)
            return Dummy(tuple(sizes)) if known and sizes else NotImplemented
        if last in ("Parameter", "manual_seed") and args:
            return args[0]
        if last in names.FUNCTIONS:
            return self._function(last, args, named, node)
        return self._no_kind(last, [*args, *named.values()], node)

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
            parameters = names.MODULES[last]
            given = dict(zip(parameters, args, strict=False)) | dict(named)
            if len(args) > len(parameters):
                raise Stuck(instance.line, f"{last} takes fewer than {len(args)} arguments")
            missing = [name for name, default in parameters.items() if default is ... and name not in given]
            if missing:
                raise Stuck(instance.line, f"{last} needs a value for {missing[0]}")
            wrong = next((key for key in given if key not in parameters and key not in ("device", "dtype")), None)
            if wrong is not None:
                raise Stuck(instance.line, f"{last} has no parameter {wrong:.40}")
            instance.attributes |= {**parameters, **given}

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What an object gives if it is called."""
        values = [*args, *named.values()]
        dummies = [one for one in values if isinstance(one, Dummy)]
        if dummies and self._builder is None:
            self.seen.append((instance, dummies[0].dims))
        forward = self.evaluator.forward(instance)
        is_module = instance.native is not None and names.is_torch(instance.native.name)
        if not any(_tensors(values)) and (is_module or forward is None):
            unknown = unknown_in(values)
            return unknown or Unknown(getattr(node, "lineno", 1), f"what {instance.class_name} gives")
        return self._run(instance, args, named, node)

    def _run(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        path = instance.path() or (self._scopes[-1] if self._scopes else ())
        if self._builder is not None:
            self._builder.classes.setdefault(".".join(path), instance.class_name)
        forward = self.evaluator.forward(instance)
        self._used.add(id(instance))
        self._scopes.append(path)
        try:
            if forward is not None:
                return self.evaluator.run(forward, [instance, *args], named, getattr(node, "lineno", 1))
            return self._native(instance, args, named, node)
        finally:
            self._scopes.pop()

    def _native(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        line, native = getattr(node, "lineno", 1), instance.native
        last = native.last if native is not None else ""
        if last == "Sequential":
            value = args[0]
            if isinstance(why := instance.attributes.get("$unknown"), Unknown):
                raise Stuck(instance.line, why.words())
            for child in instance.items.values():
                value = self.evaluator.call(child, [value], {}, node)
            return value
        if native is None or last not in names.MODULES:
            raise Stuck(instance.line, f"{instance.class_name} has no forward")
        unknown = next((n for n, one in instance.attributes.items() if n != "name" and unknown_in(one)), None)
        if unknown is not None:
            why = unknown_in(instance.attributes[unknown])
            raise Stuck(
                instance.line, f"{last}: {unknown} depends on what is not in the source: {why.words() if why else ''}"
            )
        if isinstance(args[0], Unknown):
            raise Stuck(line, args[0].words())
        at = ast.Pass(lineno=instance.line, col_offset=0)
        return self._operation(*names.module_operation(last, instance, args[0].dims, self._fail), args, at, node)

    def _fail(self, instance: Instance, message: str) -> None:
        raise Stuck(instance.line, message)

    # ---- operations

    def _operation(
        self, target: str, arguments: dict[str, Any], args: list[Any], node: ast.AST, call: ast.AST | None = None
    ) -> Any:
        if target == "identity":
            return args[0]
        return self._aten_run(target, {"input": args[0], **arguments}, node)

    def _aten_run(self, target: str, arguments: Mapping[str, Any], node: ast.AST, dims: Any = None) -> Any:
        given = {name: _seen(value) for name, value in arguments.items()}
        for value in given.values():
            if isinstance(value, Weighed):
                self._weights.setdefault(value.name, f"parameter:{value.name}")
        line = getattr(node, "lineno", 1)
        for name, value in arguments.items():
            unknown = unknown_in(value)
            if unknown is not None:
                raise Stuck(line, f"{target}: {name} depends on what is not in the source: {unknown.words()}")
        at = ModelPlace(line, getattr(node, "col_offset", 0) + 1)
        operation = AtenNode(target, given, at, self._scopes[-1] if self._scopes else (), dims or [])
        try:
            results = [TorchTensor(one) for one in self._aten.run(operation)]
        except RefusedModel as refused:
            raise Stuck(refused.reasons[0][0].line, refused.reasons[0][1]) from None
        return results if dims and len(dims) > 1 else results[0]

    def _function(self, last: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        target, parameters = names.FUNCTIONS[last]
        if not any(_tensors([*args, *named.values()])):
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
        return self._aten_run(target, given, node)

    def _no_kind(self, name: str, values: list[Any], node: ast.AST) -> Any:
        """An operation on tensors that the language does not know; not a tensor's if there is none."""
        inputs = list(_tensors(values))
        if not inputs or self._builder is None:
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
        return self._aten_run(str(word), {"input": x}, node, [(*x.dims[:2], *sizes)])

    def _do_flatten(self, given: dict[str, Any], node: ast.AST) -> Any:
        x = given["input"]
        if x.dims and given.get("start_dim", 0) == 0 and x.dims[0] == 1:
            raise Stuck(getattr(node, "lineno", 1), "flatten from dimension 0 mixes the images; write flatten(x, 1)")
        return self._aten_run("flatten", given, node)

    def _do_chunk(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis, count = given["input"], given.get("dim", 0), given.get("chunks", 1)
        if not x.dims:
            return [self._no_kind("chunk", [x], node)] * count
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
        return x if len(dims) == 1 else self._aten_run("chunk", {"input": x, "dim": axis}, node, dims)

    def _do_squeeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim")
        axes = [axis % len(x.dims)] if isinstance(axis, int) else list(range(1, len(x.dims)))
        kept = tuple(n for i, n in enumerate(x.dims) if not (i in axes and n == 1))
        return self._aten_run("view", {"input": x, "size": kept}, node)

    def _do_unsqueeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim", 0)
        axis %= len(x.dims) + 1
        return self._aten_run("view", {"input": x, "size": (*x.dims[:axis], 1, *x.dims[axis:])}, node)

    def _do_channel_shuffle(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, groups = given["input"], given.get("groups", 1)
        n, c, *rest = x.dims
        x = self._aten_run("view", {"input": x, "size": (n, groups, c // groups, *rest)}, node)
        x = self._aten_run("transpose", {"input": x, "dim0": 1, "dim1": 2}, node)
        return self._aten_run("view", {"input": x, "size": (n, c, *rest)}, node)

    def _do_mean(self, given: dict[str, Any], node: ast.AST) -> Any:
        over = given.get("dim", ())
        return self._aten_run("mean", {**given, "dim": [over] if isinstance(over, int) else list(over)}, node)

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
        result = self._aten_run("view", {"input": x, "size": size}, node)
        if len(result.dims) == 2 and x.dims and result.dims[0] != x.dims[0]:
            text = "x".join(map(str, x.dims[1:]))
            message = f"view makes {result.dims[0]} images of {x.dims[0]}: a map of {text} has {total:,} values"
            raise Stuck(getattr(node, "lineno", 1), f"{message}, not {result.dims[1]:,}")
        return result

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """What an operator gives for tensors."""
        if isinstance(left, Dummy) or isinstance(right, Dummy):
            one, other = (left, right) if isinstance(left, Dummy) else (right, left)
            if isinstance(other, int | float):
                return one
        if not (isinstance(left, TorchTensor) or isinstance(right, TorchTensor)):
            return NotImplemented
        if word in ("Add", "Mult"):
            arguments = {"self": left, "other": right}
            if word == "Add" and isinstance(left, TorchTensor) and isinstance(right, TorchTensor):
                self._alike(left, right, node)
            return self._aten_run("add" if word == "Add" else "mul", arguments, node)
        return self._no_kind(f"the operator {names.SIGNS.get(word, word)}", [left, right], node)

    def _alike(self, left: TorchTensor, right: TorchTensor, node: ast.AST) -> None:
        pairs = zip(left.dims, right.dims, strict=False)
        if left.dims and right.dims and any(a != b and 1 not in (a, b) for a, b in pairs):
            one, other = ("x".join(map(str, tensor.dims[1:])) for tensor in (left, right))
            raise Stuck(getattr(node, "lineno", 1), f"{one} and {other} are added; both must have the same shape")

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """What a method of a tensor or of a module gives."""
        if isinstance(value, Instance):
            return self._of_module(value, name, args, named, node)
        if isinstance(value, Dummy):
            return value
        if not isinstance(value, TorchTensor):
            return NotImplemented
        if name in ("size", "dim", "numel"):
            if name == "dim":
                return len(value.dims)
            if name == "numel":
                return prod(value.dims)
            return value.dims[args[0]] if args else value.dims
        if name.removesuffix("_") in names.FUNCTIONS and not name.startswith("_"):
            return self._function(name.removesuffix("_"), [value, *args], named, node)
        if name == "expand_as" or name in names.KEPT:
            return value
        return self._no_kind(f"the method {name}", [value, *args], node)

    def _of_module(self, value: Instance, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        if value.native is None:
            return NotImplemented
        last = value.native.last
        if name == "$forward":
            return self._native(value, args, named, node)
        if name == "__init__":
            return self.init(value, External(f"torch.nn.{last}"), args, named)
        if last in names.CONTAINERS and name in ("append", "extend", "items", "keys", "values"):
            return self._of_container(value, name, args, node)
        if name in ("add_module", "register_module", "insert"):
            (value.items if last in names.CONTAINERS else value.attributes)[str(args[0])] = args[1]
            return value.adopt(str(args[0]), args[1])
        if name in ("children", "named_children", "modules"):
            children = self._children(value)
            if name == "modules":
                return [value, *(one for child in children for one in self._of_module(child, name, [], {}, node))]
            return children if name == "children" else [(child.name, child) for child in children]
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

    def _children(self, value: Instance) -> list[Instance]:
        held = value.items if value.items else value.attributes
        return [one for one in held.values() if isinstance(one, Instance) and one.parent is value]

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a tensor or of a module."""
        if isinstance(value, TorchTensor | Dummy):
            if name == "shape":
                return value.dims
            if name == "ndim":
                return len(value.dims)
            if name in ("T", "mT", "data"):
                return value if name == "data" else self._no_kind("the attribute T", [value], node)
            return NotImplemented if name in ("dtype", "device") else _method(value, name)
        if isinstance(value, Instance) and name in value.items:
            return value.items[name]
        if isinstance(value, Instance) and name in ("weight", "bias") and value.native is not None:
            return value.attributes.get(f"${name}", Unknown(getattr(node, "lineno", 1), f"the {name} of a layer"))
        return NotImplemented

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a tensor, or of a container."""
        if isinstance(value, TorchTensor):
            return self._sliced(value, key, node)
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

    def _sliced(self, value: TorchTensor, key: Any, node: ast.AST) -> Any:
        keys = list(key) if is_tuple(key) else [key]
        if ... in keys:
            at = keys.index(...)
            keys[at : at + 1] = [slice(None)] * (len(value.dims) - len(keys) + 1)
        for axis, one in enumerate(keys):
            if one == slice(None):
                continue
            if not isinstance(one, slice) or unknown_in((one.start, one.stop, one.step)) or not value.dims:
                return self._no_kind("an index of a tensor", [value], node)
            start, end, step = one.indices(value.dims[axis])
            arguments = {"input": value, "dim": axis, "start": start, "end": end, "step": step}
            dims = (*value.dims[:axis], end - start, *value.dims[axis + 1 :])
            value = self._aten_run("slice", arguments, node, [dims])
        return value

    def items(self, value: Any) -> Sequence[Any] | None:
        """What a container holds."""
        if isinstance(value, Instance) and value.native is not None and value.native.last in names.CONTAINERS:
            return list(value.items if value.native.last == "ModuleDict" else value.items.values())
        return None

    def _summary(self, args: list[Any], named: Mapping[str, Any]) -> Any:
        """A tool that prints a model says how large its input is."""
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
            self.seen.append((args[0], (1, *sizes) if len(sizes) == 3 else tuple(sizes)))
        return None


def _method(value: Any, name: str) -> Any:
    from cnncalc.importing.source.values import Method

    return Method(value, name)


def _tensors(value: Any) -> list[TorchTensor]:
    """The tensors in a value, in order."""
    if isinstance(value, TorchTensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [one for inner in value for one in _tensors(inner)] if isinstance(value, list) or is_tuple(value) else []


def _seen(value: Any) -> Any:
    """An argument as `Aten` takes it."""
    if isinstance(value, TorchTensor):
        return value.viewed
    if isinstance(value, Dummy):
        return Weighed(f"d{id(value)}", value.dims)
    if isinstance(value, list) or (is_tuple(value) and any(isinstance(one, TorchTensor) for one in value)):
        return [_seen(one) for one in value]
    return value
