"""Keras: the configuration of a model as JSON, of Keras 3 and 2, of TensorFlow.js, and inside of .keras files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

from cnncalc.importing.bounds import MAX_TEXT, JsonFields, member, member_names, parsed_json
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.open_sizes import open_note, opened
from cnncalc.importing.readers.keras_config import (
    MAX_NESTING,
    MODELS,
    InputShape,
    LayerCall,
    TensorName,
    calls_of,
    config_of,
    endpoints,
    first_input,
    first_uses,
    input_shape,
    layers_of,
    layout_of,
    name_of,
    shapes_of,
)  # fmt: skip
from cnncalc.importing.readers.keras_layers import KerasLayers, stored_names
from cnncalc.shapes import Shape

WEIGHTS = "model.weights.h5"

ASSUMED = {1: (100, 100), 2: (100, 150), 3: (224, 256), 4: (32, 48)}
"""Sizes in place of open ones when a file is read, by the number of sizes."""


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a JSON text."""
    data = JsonFields(parsed_json(content))
    for key in ("modelTopology", "model_config"):
        inside = data.data.get(key)
        if isinstance(inside, str):  # old files have the configuration as a text in the text
            data = JsonFields(parsed_json(inside.encode(errors="backslashreplace")))
        elif inside:
            data = data.inner(key)
    if data.text("class_name") not in MODELS:
        found = data.text("class_name") or "none"
        raise RefusedModel((ModelPlace(), f"class_name is {found:.40}; one of {', '.join(MODELS)} is expected"))
    return opened(lambda which: _Keras(data, given, which).graph())


def read_archive(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a .keras file, of which only the configuration is read."""
    name = next(name for name in member_names(content) if name == "config.json")
    return read(member(content, name), given)


def weights_member(content: bytes) -> bytes:
    """The HDF5 file of the weights inside of a .keras file."""
    return member(content, WEIGHTS, len(content) + MAX_TEXT)


@final
class _Keras:
    def __init__(self, model: JsonFields, given: Sequence[int], which: int) -> None:
        self._model, self._which = model, which
        config = config_of(model)
        self._builder = GraphBuilder("Keras", config.text("name"), layout_of(model), given)
        self._layers = KerasLayers(self._builder)
        self._stored: dict[tuple[str, ...], str] = {}

    def graph(self) -> ModelGraph:
        """The graph of the outermost model."""
        return self._builder.graph(self._values(self._model, None, (), 0))

    def _values(self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int) -> list[str]:
        """The outputs of a model; `given` are the values that it reads if it is in another one."""
        if depth > MAX_NESTING:
            raise RefusedModel((model.at, f"more than {MAX_NESTING} nested models"))
        classes = [(name_of(layer), layer.text("class_name")) for layer in layers_of(model)]
        outer = self._stored.get(scope, "")
        self._stored |= {(*scope, name): f"{outer}layers/{stored}/" for name, stored in stored_names(classes)}
        if model.text("class_name") == "Sequential":
            return self._sequential(model, given, scope, depth)
        return self._functional(model, given, scope, depth)

    def _sequential(
        self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int
    ) -> list[str]:
        layers = list(layers_of(model))
        values, nothing = list(given or ()), LayerCall((), {})
        for number, layer in enumerate(layers):
            config, is_input = config_of(layer), layer.text("class_name") == "InputLayer"
            after = layers[number + 1].inner("build_config").data.get("input_shape") if layers[number + 1 :] else None
            if number == 0 and not values:
                shape = input_shape(config) or input_shape(config_of(model)) or first_input(layer)
                shape = self._builder.given or shape
                if shape is None:
                    raise RefusedModel((layer.at, "the input's shape is not in the file; give it as --input HxWxC"))
                values = [self._input(name_of(layer), shape, layer.at)]
            if not is_input:
                values = self._layer(layer, values, nothing, scope, depth, self._shape(after))
        return values

    def _functional(
        self, model: JsonFields, given: Sequence[str] | None, scope: tuple[str, ...], depth: int
    ) -> list[str]:
        config = config_of(model)
        inputs = [entry[0] for entry in endpoints(config.data.get("input_layers"))]
        made: dict[tuple[str, int], list[str]] = {}
        waiting, first = list[tuple[JsonFields, LayerCall]](), first_uses(model)
        for layer in layers_of(model):
            name = name_of(layer)
            if layer.text("class_name") == "InputLayer":
                value = (
                    given[inputs.index(name)] if given and name in inputs and inputs.index(name) < len(given) else None
                )
                shape = self._builder.given or input_shape(config_of(layer))
                if value is None and shape is None:
                    raise RefusedModel((layer.at, "the input's shape is not in the file; give it as --input HxWxC"))
                made[name, 0] = [value or self._input(name, shape or (), layer.at)]
            else:
                waiting += [(layer, call) for call in calls_of(layer, first.get(name, 0))]
        self._make(waiting, made, shapes_of(model), scope, depth)
        ends = endpoints(config.data.get("output_layers"))
        return [_value(made, end, model) for end in ends if end[:2] in made]

    def _make(
        self, waiting: list[tuple[JsonFields, LayerCall]], made: dict[tuple[str, int], list[str]],
        shapes: Mapping[TensorName, Any], scope: tuple[str, ...], depth: int,
    ) -> None:  # fmt: skip
        """Make each call after those that it reads: the file has shared layers in another order."""
        later: dict[tuple[str, int], list[tuple[JsonFields, LayerCall]]] = {}
        ready, left = waiting[::-1], len(waiting)
        while ready:
            layer, call = ready.pop()
            missing = next((end[:2] for end in call.inputs if end[:2] not in made), None)
            if missing is not None:
                later.setdefault(missing, []).append((layer, call))
                continue
            use, values = (name_of(layer), call.number), [_value(made, end, layer) for end in call.inputs]
            made[use] = self._layer(layer, values, call, scope, depth, self._shape(shapes.get((*use, 0))))
            ready += later.pop(use, [])[::-1]
            left -= 1
        if left:
            calls = [call for those in later.values() for call in those]
            names = ", ".join(name_of(layer) for layer, _ in calls[:3])
            raise RefusedModel((calls[0][0].at, f"{names:.80}: reads a value that no layer gives"))

    def _layer(
        self, layer: JsonFields, values: list[str], call: LayerCall, scope: tuple[str, ...], depth: int,
        declared: Shape | None,
    ) -> list[str]:  # fmt: skip
        again, frozen = self._layers.again, self._builder.frozen
        self._layers.again = again or call.again
        self._builder.frozen = frozen or not config_of(layer).flag("trainable", True)
        try:
            with sensible(layer.at):
                return self._made_of(layer, values, call, scope, depth, declared)
        finally:
            self._layers.again, self._builder.frozen = again, frozen

    def _made_of(
        self, layer: JsonFields, values: list[str], call: LayerCall, scope: tuple[str, ...], depth: int,
        declared: Shape | None,
    ) -> list[str]:  # fmt: skip
        if layer.text("class_name") in MODELS:
            return self._values(layer, values, (*scope, name_of(layer)), depth + 1)
        if not values:
            raise RefusedModel((layer.at, "the layer has no input"))
        stored = self._stored.get((*scope, name_of(layer)), "")
        named = name_of(layer), scope, stored
        return [self._layers.add(layer, config_of(layer), values, *named, call.constants, declared)]

    def _shape(self, sizes: object) -> Shape | None:
        """The shape that the file gives a value, the batch first; None if it leaves a size open."""
        if not isinstance(sizes, list) or not 2 <= len(sizes) <= 5 or not all(type(n) is int for n in sizes[1:]):
            return None
        return Shape.of(tuple(sizes[1:]), self._builder.layout) if min(sizes[1:]) > 0 else None

    def _input(self, name: str, shape: InputShape, at: ModelPlace) -> str:
        if None in shape and not self._builder.given:
            channels = 0 if self._builder.layout == "CHW" else -1
            if len(shape) > 1 and shape[channels] is None:
                raise RefusedModel((at, "its channels are not in the file; give the input as --input HxWxC"))
            assumed = ASSUMED.get(len(shape), (0, 0))[self._which]
            self._builder.note(open_note(assumed), at)
            shape = tuple(assumed if size is None else size for size in shape)
        return self._builder.input(name, [size or 0 for size in shape], at, self._builder.layout)


def _value(made: Mapping[tuple[str, int], list[str]], end: TensorName, reader: JsonFields) -> str:
    """The value of a use of a layer: most give one only."""
    name, node, tensor = end
    values = made[name, node]
    if not 0 <= tensor < len(values):
        raise RefusedModel((reader.at, f"it reads output {tensor} of {name:.60}, a state, which is not imported"))
    return values[tensor]
