"""Keras: the configuration of a model as JSON, of Keras 3 and 2, of TensorFlow.js, and inside of .keras files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, final

from cnncalc.importing.bounds import MAX_TEXT, JsonFields, member, member_names, parsed_json
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel
from cnncalc.importing.readers.keras_layers import KerasLayers, stored_names
from cnncalc.shapes import Layout

MODELS = ("Functional", "Model", "Sequential")
MAX_NESTING = 20

WEIGHTS = "model.weights.h5"

InputShape = tuple[int | None, ...]
"""The sizes of an input without the batch; None for one that the file leaves open."""

ASSUMED = {1: 100, 2: 100, 3: 224, 4: 32}
"""A size that is left open, by the number of sizes."""


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a JSON text."""
    data = JsonFields(parsed_json(content))
    for key in ("modelTopology", "model_config"):
        inside = data.data.get(key)
        # Old files have the configuration as a text in the text.
        data = (
            JsonFields(parsed_json(inside.encode())) if isinstance(inside, str) else data.inner(key) if inside else data
        )
    if data.text("class_name") not in MODELS:
        found = data.text("class_name") or "none"
        raise RefusedModel((ModelPlace(), f"class_name is {found:.40}; one of {', '.join(MODELS)} is expected"))
    return _Keras(data, given).graph()


def read_archive(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a .keras file, of which only the configuration is read."""
    name = next(name for name in member_names(content) if name == "config.json")
    return read(member(content, name), given)


def weights_member(content: bytes) -> bytes:
    """The HDF5 file of the weights inside of a .keras file."""
    return member(content, WEIGHTS, len(content) + MAX_TEXT)


class LayerCall:
    """One use of a layer: the names of what it reads, and the arguments beside them."""

    def __init__(self, inputs: list[tuple[str, int, int]], others: dict[str, Any]) -> None:
        self.inputs = inputs
        self.others = others


@final
class _Keras:
    def __init__(self, model: JsonFields, given: Sequence[int]) -> None:
        self._model = model
        config = _config(model)
        self._builder = GraphBuilder("Keras", config.text("name"), _layout(model), given)
        self._layers = KerasLayers(self._builder)
        self._stored: dict[tuple[str, ...], str] = {}

    def graph(self) -> ModelGraph:
        """The graph of the outermost model."""
        return self._builder.graph(self._values(self._model, None, (), 0))

    def _values(self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int) -> list[str]:
        """The outputs of a model; `given` are the values that it reads if it stands in another one."""
        if depth > MAX_NESTING:
            raise RefusedModel((model.at, f"models within one another, more than {MAX_NESTING} deep"))
        classes = [(_name(layer), layer.text("class_name")) for layer in _layers(model)]
        outer = self._stored.get(scope, "")
        self._stored |= {(*scope, name): f"{outer}layers/{stored}/" for name, stored in stored_names(classes)}
        if model.text("class_name") == "Sequential":
            return self._sequential(model, given, scope, depth)
        return self._functional(model, given, scope, depth)

    def _sequential(
        self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int
    ) -> list[str]:
        layers = list(_layers(model))
        values = list(given or ())
        for number, layer in enumerate(layers):
            config, is_input = _config(layer), layer.text("class_name") == "InputLayer"
            if number == 0 and not values:
                shape = _input_shape(config) or _input_shape(_config(model)) or _first_input(layer)
                shape = self._builder.given or shape
                if shape is None:
                    raise RefusedModel((layer.at, "the input's shape is not in the file; give it as --input HxWxC"))
                values = [self._input(_name(layer), shape, layer.at)]
            if not is_input:
                values = self._layer(layer, values, {}, scope, depth)
        return values

    def _functional(
        self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int
    ) -> list[str]:
        config = _config(model)
        inputs = [entry[0] for entry in _endpoints(config.data.get("input_layers"))]
        made: dict[tuple[str, int], list[str]] = {}
        waiting: list[tuple[JsonFields, int, LayerCall]] = []
        for layer in _layers(model):
            name = _name(layer)
            if layer.text("class_name") == "InputLayer":
                value = (
                    given[inputs.index(name)] if given and name in inputs and inputs.index(name) < len(given) else None
                )
                shape = self._builder.given or _input_shape(_config(layer))
                if value is None and shape is None:
                    raise RefusedModel((layer.at, "the input's shape is not in the file; give it as --input HxWxC"))
                made[name, 0] = [value or self._input(name, shape or (), layer.at)]
            else:
                waiting += [(layer, number, call) for number, call in enumerate(_calls(layer))]
        self._make(waiting, made, scope, depth)
        ends = _endpoints(config.data.get("output_layers"))
        return [
            made[name, node][min(tensor, len(made[name, node]) - 1)]
            for name, node, tensor in ends
            if (name, node) in made
        ]

    def _make(
        self, waiting: list[tuple[JsonFields, int, LayerCall]], made: dict[tuple[str, int], list[str]],
        scope: tuple[str, ...], depth: int,
    ) -> None:  # fmt: skip
        """Make each call after what it reads: the file has layers in another order if they are shared."""
        while waiting:
            left = []
            for layer, number, call in waiting:
                if any((name, node) not in made for name, node, _ in call.inputs):
                    left.append((layer, number, call))
                    continue
                values = [
                    made[name, node][min(tensor, len(made[name, node]) - 1)] for name, node, tensor in call.inputs
                ]
                made[_name(layer), number] = self._layer(layer, values, call.others, scope, depth, number)
            if len(left) == len(waiting):
                names = ", ".join(_name(layer) for layer, _, _ in left[:3])
                raise RefusedModel((left[0][0].at, f"{names:.80}: reads what no layer gives"))
            waiting = left

    def _layer(
        self,
        layer: JsonFields,
        values: list[str],
        others: dict[str, Any],
        scope: tuple[str, ...],
        depth: int,
        number: int = 0,
    ) -> list[str]:
        again, frozen = self._layers.again, self._builder.frozen
        self._layers.again = again or number > 0
        self._builder.frozen = frozen or not _config(layer).flag("trainable", True)
        try:
            return self._made_of(layer, values, scope, depth)
        finally:
            self._layers.again, self._builder.frozen = again, frozen

    def _made_of(self, layer: JsonFields, values: list[str], scope: tuple[str, ...], depth: int) -> list[str]:
        if layer.text("class_name") in MODELS:
            return self._values(layer, values, (*scope, _name(layer)), depth + 1)
        if not values:
            raise RefusedModel((layer.at, "the layer reads nothing"))
        stored = self._stored.get((*scope, _name(layer)), "")
        return [self._layers.add(layer, _config(layer), values, _name(layer), scope, stored)]

    def _input(self, name: str, shape: InputShape, at: ModelPlace) -> str:
        if None in shape and not self._builder.given:
            self._builder.note(f"assumed: a size of {ASSUMED[len(shape)]}, which the file leaves open", at)
        sizes = [ASSUMED[len(shape)] if size is None else size for size in shape]
        return self._builder.input(name, sizes, at, self._builder.layout)


def _config(layer: JsonFields) -> JsonFields:
    """The configuration; that of an old Sequential is a list of layers."""
    config = layer.data.get("config")
    if isinstance(config, list):
        return JsonFields({"layers": config}, layer.at)
    return JsonFields(config if isinstance(config, dict) else {}, layer.at)


def _name(layer: JsonFields) -> str:
    return layer.text("name") or _config(layer).text("name") or layer.text("class_name").lower()


def _layers(model: JsonFields) -> Iterator[JsonFields]:
    for item in _config(model).items("layers"):
        named = item if isinstance(item, dict) else {}
        config = named.get("config")
        name = named.get("name") or (config.get("name") if isinstance(config, dict) else "") or "?"
        layer = JsonFields(item, ModelPlace(text=f"layer {str(name):.60}"))
        if layer.text("class_name") in ("TFOpLambda", "SlicingOpLambda"):
            layer.data["class_name"] = f"{layer.text('class_name')} {_config(layer).text('function')}"
        yield layer


def _input_shape(config: JsonFields) -> InputShape | None:
    """The shape without the batch, if it is there."""
    for key in ("batch_shape", "batch_input_shape", "build_input_shape"):
        shape = config.data.get(key)
        if isinstance(shape, list) and len(shape) > 1 and all(size is None or type(size) is int for size in shape[1:]):
            return tuple(shape[1:])
    length = config.data.get("input_dim")
    return (length,) if type(length) is int else None


def _first_input(layer: JsonFields) -> InputShape | None:
    """The shape that a model inside of a Sequential reads."""
    first = next(_layers(layer), None) if layer.text("class_name") in MODELS else None
    return (
        _input_shape(_config(first))
        if first
        else _input_shape(JsonFields({"batch_shape": layer.inner("build_config").data.get("input_shape")}))
    )


def _layout(model: JsonFields) -> Layout:
    """The order that the layers ask for; channels last if none says it."""
    for layer in _layers(model):
        config = _config(layer)
        if layer.text("class_name") in MODELS and "layers" in config.data and config.data is not model.data:
            return _layout(layer)
        if config.text("data_format"):
            return "CHW" if config.text("data_format") == "channels_first" else "HWC"
    return "HWC"


def _endpoints(value: object) -> list[tuple[str, int, int]]:
    """`[["name", 0, 0], ...]`, of which one may stand alone."""
    if not isinstance(value, list):
        return []
    entries = [value] if value and isinstance(value[0], str) else value
    return [
        (entry[0], entry[1] if type(entry[1]) is int else 0, entry[2] if type(entry[2]) is int else 0)
        for entry in entries
        if isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    ]


def _calls(layer: JsonFields) -> list[LayerCall]:
    """The uses of a layer, as Keras 3 and Keras 2 write them."""
    calls = []
    for node in layer.items("inbound_nodes"):
        if isinstance(node, dict):
            calls.append(LayerCall(list(_tensors([node.get("args"), node.get("kwargs")], 0)), {}))
        elif isinstance(node, list):
            entries = [node] if node and isinstance(node[0], str) else node
            inputs = _endpoints(entries)
            others = [entry[3] for entry in entries if isinstance(entry, list) and len(entry) > 3]
            inputs += [end for other in others if isinstance(other, dict) for end in _endpoints(list(other.values()))]
            calls.append(LayerCall(inputs, {}))
    return calls


def _tensors(value: object, depth: int) -> Iterator[tuple[str, int, int]]:
    """What a call of Keras 3 reads, in order."""
    if depth > MAX_NESTING:
        return
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        yield from _endpoints(config.get("keras_history") if isinstance(config, dict) else None)
    elif isinstance(value, list | dict):
        for inside in value if isinstance(value, list) else value.values():
            yield from _tensors(inside, depth + 1)
