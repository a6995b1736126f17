"""Keras in a source: layers and models as the configurations that `KerasLayers` knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, final

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.readers.keras_call import DEFAULTS
from cnncalc.importing.readers.keras_layers import KerasLayers
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.keras_arithmetic import DRAWN, ITEM, KerasArithmetic, drawn, operation
from cnncalc.importing.source.keras_functions import function_of
from cnncalc.importing.source.keras_names import MODELS, PARAMETERS, RENAMED, is_keras, misused
from cnncalc.importing.source.keras_own import NAMED, is_layer, row_of, table_of, weight_of, with_weight
from cnncalc.importing.source.keras_ready import application
from cnncalc.importing.source.keras_tensors import KerasTensor, input_of, reached, shape_of, tensors_in
from cnncalc.importing.source.printed import CodeLayer
from cnncalc.importing.source.torch_views import MAX_PARTS
from cnncalc.importing.source.values import (
    Class,
    Dummy,
    External,
    Function,
    Instance,
    Numbers,
    Stuck,
    Unknown,
    is_tuple,
    refuse_class,
    unknown_in,
)
from cnncalc.shapes import by_axis

CONSTANTS = {"image_data_format": "channels_last", "epsilon": 1e-7}
"""Functions of Keras' settings, and what they give usually."""

UNREAD = ("kernel_initializer", "kernel_regularizer", "bias_initializer", "name")
"""Arguments that no reader needs."""


@final
class Keras:
    """Keras' classes and functions.

    Attributes:
        given: the sizes of the input that the user gives.
        evaluator: the one that follows the source; set later.
        seen: the models that the source builds for an input, with its sizes, the batch first.
    """

    evaluator: Expressions

    def __init__(self) -> None:
        self.seen: list[tuple[Instance, list[tuple[int, ...]]]] = []
        self.outputs: list[str] = []
        self.given: tuple[int, ...] = ()
        self.builder = GraphBuilder("Python", layout="HWC")
        self.refused: list[Stuck] = []
        self._names: dict[str, int] = {}
        self._values: dict[int, str] = {}
        self.layers: list[CodeLayer] = []
        self.printed: list[tuple[Instance, int]] = []

    def trace(self, model: Instance, sizes: Sequence[Sequence[int]]) -> GraphBuilder:
        """The graph of a model; `sizes` are those of its input if the source does not give them."""
        ends = self._ends(model, sizes)
        self.builder = builder = GraphBuilder("Python", model.class_name, "HWC")
        layers, values = KerasLayers(builder), dict[int, str]()
        self._arithmetic = arithmetic = KerasArithmetic(builder, layers.seen)
        used: set[str] = set()
        starts: list[tuple[KerasTensor, int]] = []
        for tensor in reached(ends):
            at = ModelPlace(tensor.line)
            starts.append((tensor, len(builder.shapes)))
            owner = tensor.config.get("$owner")
            held = tensor.config if owner is None else owner.attributes
            builder.frozen = held.get("trainable") is False
            if owner is not None:
                ready, inner = tensor.config["$ready"], values[tensor.inputs[0].number]
                values[tensor.number] = ready.add(builder, inner, at, tensor.scope)
                continue
            if (value := arithmetic.run(tensor, values)) is not None:
                values[tensor.number] = value
                continue
            if tensor.class_ == "Input":
                values[tensor.number] = builder.input(tensor.name or "input", tensor.config["shape"], at, "HWC")
                continue
            layers.again = tensor.stored in used
            used.add(tensor.stored)
            layer = JsonFields({"class_name": tensor.class_}, at)
            config = JsonFields({name: self._plain(name, one, tensor) for name, one in tensor.config.items()}, at)
            inputs = [values[one.number] for one in tensor.inputs]
            self._note_ignored(tensor, builder, inputs)
            places: dict[int | str, Any] = {1: tensor.config["$key"]} if "$key" in tensor.config else {}
            values[tensor.number] = layers.add(layer, config, inputs, tensor.name, tensor.scope, tensor.stored, places)
        self.outputs = [builder.kept(values[end.number]) for end in ends]
        self.refused = list(arithmetic.operations.refused.values())
        self._values, names = values, [*builder.shapes]
        stops = [start for _, start in starts[1:]] + [len(names)]
        self.layers = [
            CodeLayer(tensor.name, values[tensor.number], tuple(names[start:stop]))
            for (tensor, start), stop in zip(starts, stops, strict=True)
            if tensor.class_ != "Input"
        ]
        return builder

    def _note_ignored(self, tensor: KerasTensor, builder: GraphBuilder, inputs: Sequence[str]) -> None:
        """Note an input shape of a layer that is not its input."""
        said, entering = shape_of(tensor.class_, tensor.config), builder.shapes[inputs[0]] if inputs else None
        if said and entering is not None and said != entering.sizes("HWC"):
            words = f"input_shape {by_axis(said)} of {tensor.name} is ignored: {entering.text('HWC')} enters it"
            builder.note(words, ModelPlace(tensor.line))
            builder.slip(words, ModelPlace(tensor.line))

    def name_of(self, value: Any) -> str:
        """The name of a value in the graph; empty if it is not there."""
        return self._values.get(value.number, "") if isinstance(value, KerasTensor) else ""

    def input_of(self, model: Instance) -> tuple[int, ...]:
        """The sizes of a model's input without the batch, if the source gives them."""
        if "$outputs" in model.attributes:
            inputs = [one for one in reached(model.attributes["$outputs"]) if one.class_ == "Input"]
            return tuple(inputs[0].config["shape"]) if inputs else ()
        first = next(iter(model.items.values()), None)
        if isinstance(first, KerasTensor):
            return tuple(first.config["shape"])
        if not isinstance(first, Instance):
            return ()
        if first.items or "$outputs" in first.attributes:
            return self.input_of(first)
        return shape_of(first.class_name, first.attributes)

    def _ends(self, model: Instance, sizes: Sequence[Sequence[int]]) -> list[KerasTensor]:
        if "$outputs" in model.attributes:
            return list(model.attributes["$outputs"])
        given = [KerasTensor("Input", {"shape": tuple(size)}, [], model.line) for size in sizes]
        ends = tensors_in(self.apply(model, list(given), {}, ast.Pass(lineno=model.line)))
        if not ends:
            raise Stuck(model.line, f"{model.class_name} gives no value of the network")
        return ends

    def _plain(self, name: str, value: Any, tensor: KerasTensor) -> Any:
        """A setting as the JSON of a model has it."""
        if isinstance(value, External):
            return value.last
        if isinstance(value, Instance):
            held = {} if name in UNREAD else _settings(value)
            return {
                "class_name": value.class_name,
                "config": {key: self._plain(key, one, tensor) for key, one in held.items()},
            }
        unknown = unknown_in(value)
        if unknown is not None and name not in UNREAD:
            raise Stuck(tensor.line, f"{tensor.class_}: {name} depends on what is not in the source: {unknown.words()}")
        if isinstance(value, KerasTensor):
            raise Stuck(tensor.line, f"{tensor.class_}: {name} is what {value.class_} gives, which is not known")
        if isinstance(value, str) and name in ("padding", "activation"):
            return value.lower()
        return [self._plain(name, one, tensor) for one in value] if isinstance(value, list | tuple) else value

    def call(self, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a function or class of Keras."""
        if not is_keras(name):
            return NotImplemented
        last, line = name.rpartition(".")[2], getattr(node, "lineno", 1)
        tensors = tensors_in([*args, *named.values()])
        if last == "Input":
            sizes = named.get("shape", args[0] if args else None)
            return input_of(sizes, self.given, line, named.get("name"))
        value = self._around(name, args, named, line)
        if value is NotImplemented:
            value = function_of(name, args, named, line, self._auto)
        if value is not None:
            return value
        if ".applications." in name and last[:1].isupper():
            return application(last, args, named, line, self.given)
        if last[:1].isupper() and (".layers" in name or last in MODELS):
            made = Instance(External(name), line)
            self.init(made, External(name), args, named)
            return made
        return KerasTensor(f"{last}()", {}, tensors, line) if tensors else NotImplemented

    def _around(self, name: str, args: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """The result of a function that gives no value of the network alone; `NotImplemented` for all others."""
        last, tensors = name.rpartition(".")[2], tensors_in([*args, *named.values()])
        if last in ("int_shape", "shape") and tensors:
            sizes = self._shape(tensors[0])
            return sizes if last == "int_shape" or not is_tuple(sizes) else (1, *sizes[1:])
        if last in ("arange", "range"):
            return row_of(args, named, line)
        if last == "expand_dims" and args and isinstance(args[0], Numbers):
            return args[0]
        if last in DRAWN and "random" in name:
            return drawn(last, args, named)
        if last == "unstack" and tensors:
            return self._unstacked(tensors[0], named.get("axis", 0), line)
        return CONSTANTS.get(last, NotImplemented)

    def _unstacked(self, x: KerasTensor, axis: Any, line: int) -> Any:
        """The places of an axis, one by one."""
        sizes = self._shape(x)
        number = sizes[axis] if is_tuple(sizes) and type(axis) is int else None
        if number is not None and number > MAX_PARTS:
            return NotImplemented
        if number is None:
            return Unknown(line, "the parts of a value")
        return operation("unbind", [x, axis], {}, line, number)

    def init(self, instance: Instance, native: External, args: list[Any], named: Mapping[str, Any]) -> None:
        """Give an object the arguments of its class."""
        last = native.last
        given = dict(named)
        if last == "Sequential":
            held = given.get("layers", args[0] if args else [])
            for one in held if isinstance(held, list | tuple) else ():
                self._append(instance, one)
            return
        if last in MODELS:
            inputs, outputs = (*args, None, None)[:2]
            wanted = given.get("outputs", given.get("output", outputs))
            ends = tensors_in(wanted)
            if ends and (why := unknown_in(wanted)):
                self.evaluator.assumed[f"an output is left out, with what leads to it: {why.words()}"] = None
            if ends:
                instance.attributes["$outputs"] = ends
                instance.attributes["$inputs"] = tensors_in(given.get("inputs", given.get("input", inputs)))
            return
        word = re.sub(r"[123]D", "", last)
        instance.attributes |= {**dict(zip(PARAMETERS.get(word, ()), args, strict=False)), **given}
        if word in ("MaxPooling", "AveragePooling", "MaxPool", "AvgPool"):
            instance.attributes.setdefault("pool_size", 2)
        if word == "GRU":
            instance.attributes.setdefault("reset_after", DEFAULTS["reset_after"])
        if "name" not in given:
            instance.attributes.pop("name", None)

    def _append(self, model: Instance, layer: Any) -> None:
        key = str(len(model.items))
        model.items[key] = layer
        model.adopt(key, layer)

    def _auto(self, class_: str) -> str:
        """The name that Keras gives a layer without one."""
        word = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_).lower()
        number = self._names.get(word, 0)
        self._names[word] = number + 1
        return f"{word}_{number}" if number else word

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of calling a layer or a model with values."""
        forward, line = self.evaluator.forward(instance), getattr(node, "lineno", 1)
        tensors = tensors_in([*args, *named.values()])
        if instance.class_name == "Embedding" and args and isinstance(args[0], Numbers):
            return table_of(instance, len(args[0].values), self._auto)
        if not tensors:
            return unknown_in(args) or Unknown(line, f"what {instance.class_name} gives")
        if instance.class_name in NAMED:
            return self._layer(instance, tensors)
        if instance.class_name == "Lambda":
            given = instance.attributes.get("arguments")
            function = instance.attributes.get("function")
            return self.evaluator.call(function, args, given if isinstance(given, dict) else {}, node)
        if forward is not None:
            self._build(instance, tensors[0])
            given = {name: one for name, one in named.items() if name != "training"}
            return self._drawn(self.evaluator.run(forward, [instance, *args], given, line), tensors[0], line)
        if "$outputs" in instance.attributes:
            return self._again(instance, tensors)
        if instance.native is not None and instance.native.last == "Sequential":
            value: Any = args[0]
            for one in instance.items.values():
                refuse_class(one, instance.line)
                if not isinstance(one, KerasTensor) and one.class_name != "InputLayer":
                    value = self.evaluator.call(one, [value], {}, node)
            return value
        return self._layer(instance, tensors)

    def _drawn(self, value: Any, x: KerasTensor, line: int) -> Any:
        """The result of a layer: one that only draws values draws them in the shape of its input."""
        if not isinstance(value, Dummy) or not value.made or value.dims[1:] != self._shape(x)[1:]:
            return value
        return operation(f"{value.made}_like", [x], {}, line)

    def _build(self, instance: Instance, x: KerasTensor) -> None:
        """Let a layer of the source make its weights, for the value of its first call."""
        if not is_layer(instance.native) or "$owner" in instance.attributes:
            return
        name = instance.attributes.get("name")
        instance.attributes["$owner"] = name if isinstance(name, str) else self._auto(instance.class_name)
        build = (
            self.evaluator.in_classes(instance.class_.line_up(), "build")
            if isinstance(instance.class_, Class)
            else None
        )
        if isinstance(build, Function):
            self.evaluator.run(build, [instance, self._shape(x)], {}, instance.line)

    def _layer(self, instance: Instance, tensors: list[KerasTensor]) -> KerasTensor:
        own = instance.native is None or instance.class_name in NAMED
        class_ = instance.class_name if own or instance.native is None else instance.native.last
        stem = re.sub(r"[123]D$", "", class_)
        class_ = RENAMED.get(stem, stem) + class_[len(stem) :]
        config = _settings(instance)
        if instance.class_ is instance.native and (problem := misused(instance.class_name, config)):
            raise Stuck(instance.line, problem)
        name = config.pop("name", "") or (instance.name if instance.parent and not instance.name.isdigit() else "")
        name = name if isinstance(name, str) else ""
        scope = instance.path()[:-1] if instance.parent is not None and instance.parent.parent is not None else ()
        name = name or instance.attributes.get("$name") or self._auto(class_)
        made = KerasTensor(class_, config, tensors, instance.line, name, scope)
        # A layer that is used again has the weights of the first time.
        made.stored = instance.attributes.setdefault("$stored", made.stored)
        instance.attributes["$name"] = name
        return made

    def _again(self, model: Instance, tensors: list[KerasTensor]) -> Any:
        """The outputs of a functional model for other inputs."""
        model.attributes["$used"] = True
        made: dict[int, KerasTensor] = dict(
            zip((one.number for one in model.attributes["$inputs"]), tensors, strict=False)
        )
        for one in reached(model.attributes["$outputs"]):
            if one.number not in made:
                inputs = [made[inner.number] for inner in one.inputs]
                made[one.number] = KerasTensor(one.class_, one.config, inputs, one.line, one.name, one.scope)
                made[one.number].stored = one.stored
        ends = [made[end.number] for end in model.attributes["$outputs"]]
        return ends[0] if len(ends) == 1 else ends

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of a value of the network, or of a model."""
        if isinstance(value, KerasTensor) and name in ("shape", "_keras_shape"):
            return self._shape(value)
        if isinstance(value, Instance) and name in ("output", "input") and "$outputs" in value.attributes:
            value.attributes["$used"] = True
            return value.attributes[f"${name}s"][0]
        return NotImplemented

    def _shape(self, value: KerasTensor) -> Any:
        """Its sizes, the batch first."""
        keep = self.outputs
        holder = Instance(External("keras.Model"), value.line)
        holder.attributes["$outputs"] = [value]
        self.trace(holder, [])
        dims, self.outputs = self._arithmetic.dims(self._values[value.number]), keep
        self.evaluator.spend(ast.Pass(lineno=value.line), 200)
        return Unknown(value.line, "the shape of a value") if dims is None else (None, *dims[1:])

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method of a model."""
        if isinstance(value, KerasTensor):
            return operation("negative", [value], {}, getattr(node, "lineno", 1)) if name == "neg" else NotImplemented
        if not isinstance(value, Instance) or value.native is None:
            return NotImplemented
        if name == "add" and value.native.last == "Sequential" and args:
            return self._append(value, args[0])
        if name == "__init__":
            return self.init(value, value.native, args, named)
        if name == "add_weight" and "$owner" in value.attributes:
            return weight_of(value, args, named)
        if name == "summary":
            return self.printed.append((value, getattr(node, "lineno", 1)))
        if name == "$forward":
            return self._layer(value, tensors_in(args))
        if name == "build" and args and is_tuple(args[0]) and all(type(one) is int for one in args[0][1:]):
            self.seen.append((value, [args[0]]))
        return NotImplemented

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for values of the network."""
        tensors = tensors_in([left, right])
        if not tensors:
            return NotImplemented
        line = getattr(node, "lineno", 1)
        made = with_weight(word, [left, right], -1, line)
        if made is not NotImplemented:
            return made
        return operation(word, [left, right], {}, line, is_operator=True)

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of a value, or a layer of a model."""
        if isinstance(value, KerasTensor):
            return operation(ITEM, [value, key], {}, getattr(node, "lineno", 1))
        return NotImplemented

    def items(self, value: Any) -> Sequence[Any] | None:
        """The contents of a container: there are none."""
        return None


def _settings(layer: Instance) -> dict[str, Any]:
    """The arguments of a layer."""
    return {key: one for key, one in layer.attributes.items() if not key.startswith("$")}
