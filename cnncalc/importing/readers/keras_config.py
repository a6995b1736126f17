"""Keras: the layers in the JSON of a model, as Keras 3, Keras 2 and TensorFlow.js write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import bounded
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.readers.keras_operations import rename_operation
from cnncalc.shapes import Layout

MODELS = ("Functional", "Model", "Sequential")
MAX_NESTING = 20

InputShape = tuple[int | None, ...]
"""The sizes of an input without the batch; None for one that the file leaves open."""

TensorName = tuple[str, int, int]
"""A value as the file names it: the layer, its use, and which of its values."""


class LayerCall(NamedTuple):
    """One use of a layer.

    Attributes:
        inputs: the values that it reads.
        constants: its other arguments, by place or name.
        number: the one by which the file refers to it.
        again: whether the layer has been used before.
    """

    inputs: tuple[TensorName, ...]
    constants: Mapping[int | str, Any]
    number: int = 0
    again: bool = False


def shapes_of(model: JsonFields) -> dict[TensorName, Any]:
    """The shape of each value, which Keras 3 writes beside its readers."""
    found: dict[TensorName, Any] = {}
    for layer in layers_of(model):
        for node in layer.items("inbound_nodes"):
            for end, shape in _tensors(node, 0):
                found.setdefault(end, shape)
    return found


def config_of(layer: JsonFields) -> JsonFields:
    """The configuration; that of an old Sequential is a list of layers."""
    config = layer.data.get("config")
    if isinstance(config, list):
        return JsonFields({"layers": config}, layer.at)
    return JsonFields(config if isinstance(config, dict) else {}, layer.at)


def name_of(layer: JsonFields) -> str:
    """The name of a layer in the file."""
    return layer.text("name") or config_of(layer).text("name") or layer.text("class_name").lower()


def layers_of(model: JsonFields) -> Iterator[JsonFields]:
    """The layers of a model; an operation has the class of a layer that does the same."""
    for item in bounded(config_of(model).items("layers")):
        named = item if isinstance(item, dict) else {}
        config = named.get("config")
        name = named.get("name") or (config.get("name") if isinstance(config, dict) else "") or "?"
        layer = JsonFields(item, ModelPlace(text=f"layer {str(name):.60}"))
        rename_operation(layer)
        yield layer


def input_shape(config: JsonFields) -> InputShape | None:
    """The shape without the batch, if it is there."""
    for key in ("batch_shape", "batch_input_shape", "build_input_shape"):
        shape = config.data.get(key)
        if isinstance(shape, list) and len(shape) > 1 and all(size is None or type(size) is int for size in shape[1:]):
            return tuple(shape[1:])
    length = config.data.get("input_dim")
    return (length,) if type(length) is int else None


def first_input(layer: JsonFields) -> InputShape | None:
    """The shape that a model inside of a Sequential reads."""
    first = next(layers_of(layer), None) if layer.text("class_name") in MODELS else None
    return (
        input_shape(config_of(first))
        if first
        else input_shape(JsonFields({"batch_shape": layer.inner("build_config").data.get("input_shape")}))
    )


def layout_of(model: JsonFields) -> Layout:
    """The order that the layers ask for; channels last if none does."""
    for layer in layers_of(model):
        config = config_of(layer)
        if layer.text("class_name") in MODELS and "layers" in config.data and config.data is not model.data:
            return layout_of(layer)
        if config.text("data_format"):
            return "CHW" if config.text("data_format") == "channels_first" else "HWC"
    return "HWC"


def endpoints(value: object) -> list[TensorName]:
    """`[["name", 0, 0], ...]`, of which one may come without the outer list."""
    if not isinstance(value, list):
        return []
    entries = [value] if value and isinstance(value[0], str) else value
    return [
        (entry[0], entry[1] if type(entry[1]) is int else 0, entry[2] if type(entry[2]) is int else 0)
        for entry in entries
        if isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    ]


def first_uses(model: JsonFields) -> dict[str, int]:
    """The number of the first use of each model in a model, if it is not 0: in Keras 2 a use comes before."""
    last: dict[str, int] = {}
    for name, node, _ in (*_read(model), *endpoints(config_of(model).data.get("output_layers"))):
        last[name] = max(node, last.get(name, 0))
    inner = [layer for layer in layers_of(model) if layer.text("class_name") in MODELS]
    first = {name_of(layer): last.get(name_of(layer), 0) + 1 - len(layer.items("inbound_nodes")) for layer in inner}
    return {name: number for name, number in first.items() if number > 0}


def _read(model: JsonFields) -> Iterator[TensorName]:
    """All values that the layers of a model read."""
    return (end for layer in layers_of(model) for call in calls_of(layer) for end in call.inputs)


def calls_of(layer: JsonFields, first: int = 0) -> list[LayerCall]:
    """The uses of a layer, as Keras 3 and Keras 2 write them, with their numbers from the first."""
    calls = []
    for node in layer.items("inbound_nodes"):
        if isinstance(node, dict):
            given = [("args", dict(enumerate(JsonFields(node).items("args")))), ("kwargs", node.get("kwargs"))]
            named = {key: one for _, part in given if isinstance(part, dict) for key, one in part.items()}
            calls.append(LayerCall(tuple(end for end, _ in _tensors(list(named.values()), 0)), _constants(named)))
        elif isinstance(node, list):
            calls.append(_old_call([node] if node and isinstance(node[0], str) else node))
    return [call._replace(number=first + place, again=place > 0) for place, call in enumerate(calls)]


def _old_call(entries: list[Any]) -> LayerCall:
    """A use of a layer in Keras 2: a value, its use, its number, and arguments by name."""
    constant = [entry[2] for entry in entries if isinstance(entry, list) and entry[:1] == ["_CONSTANT_VALUE"]]
    inputs = [end for end in endpoints(entries) if end[0] != "_CONSTANT_VALUE"]
    others = [entry[3] for entry in entries if isinstance(entry, list) and len(entry) > 3]
    named = {key: one for other in others if isinstance(other, dict) for key, one in other.items()}
    ends = [end for one in named.values() for end in endpoints(one)]
    return LayerCall((*inputs, *ends), _constants({**dict(enumerate(constant)), **named}))


def _constants(named: Mapping[int | str, Any]) -> dict[int | str, Any]:
    """The arguments that are not values of the network."""
    return {key: one for key, one in named.items() if not (endpoints(one) or any(_tensors(one, 0)))}


def _tensors(value: object, depth: int) -> Iterator[tuple[TensorName, Any]]:
    """The values that a call of Keras 3 reads, in order, each with its shape."""
    if depth > MAX_NESTING:
        return
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        if isinstance(config, dict):
            yield from ((end, config.get("shape")) for end in endpoints(config.get("keras_history")))
    elif isinstance(value, list | dict):
        for inside in value if isinstance(value, list) else value.values():
            yield from _tensors(inside, depth + 1)
