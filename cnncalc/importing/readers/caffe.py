"""Caffe: prototxt files with V1 and V2 layers, also mixed, for training and for use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from cnncalc.importing.bounds import decoded
from cnncalc.importing.building import GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.readers.caffe_layers import CaffeLayers, type_of
from cnncalc.importing.readers.caffe_text import Message, read_message

LOSSES = ("loss", "accuracy", "silence")
"""Endings of the types of layers that are for training only."""

DATA = ("data", "imagedata", "hdf5data", "memorydata", "windowdata", "lmdb", "annotateddata", "dummydata")

DATA_SETS = {"mnist": (1, 28, 28), "cifar": (3, 32, 32)}
"""The shape of a database, by its name."""


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a prototxt file."""
    return _Caffe(read_message(decoded(content)), given).graph()


def _is_wanted(layer: Message) -> bool:
    """Whether a layer is in the network when it is used."""
    included = layer.messages("include")
    phases = [rule.text("phase").upper() for rule in included if "phase" in rule.fields]
    excluded = [rule.text("phase").upper() for rule in layer.messages("exclude") if len(rule.fields) == 1]
    return ("TEST" in phases or not phases) and "TEST" not in excluded


@final
class _Caffe:
    def __init__(self, root: Message, given: Sequence[int]) -> None:
        self._root = root
        self._builder = GraphBuilder("Caffe", root.text("name"), given=given)
        self._blobs: dict[str, str] = {}
        self._read: set[str] = set()
        self._kinds = CaffeLayers(self._builder)

    def graph(self) -> ModelGraph:
        """The graph of all layers of the network when it is used."""
        layers = sorted(bounded(self._layers()), key=lambda layer: (layer.at.line, layer.at.column))
        self._inputs()
        for layer in layers:
            if _is_wanted(layer):
                with sensible(layer.at):
                    self._layer(layer)
        outputs = [value for blob, value in self._blobs.items() if value not in self._read]
        inputs = {value for value in outputs if value in self._builder.graph_inputs}
        return self._builder.graph([value for value in outputs if value not in inputs])

    def _layers(self) -> list[Message]:
        return [*self._root.messages("layer"), *self._root.messages("layers")]

    def _inputs(self) -> None:
        """`input:` with `input_dim:` or `input_shape`."""
        names, dims = self._root.texts("input"), self._root.numbers("input_dim")
        shapes = [shape.numbers("dim") for shape in self._root.messages("input_shape")]
        shapes = shapes or [dims[start : start + 4] for start in range(0, len(dims), 4)]
        places = [at for _, at in self._root.fields.get("input", ())]
        for name, shape, at in zip(names, shapes, places, strict=False):
            self._input(name, shape, at)

    def _input(self, blob: str, shape: Sequence[int], at: ModelPlace) -> None:
        if len(shape) > 1:
            if shape[0] > 1:
                self._builder.note(f"the batch of {shape[0]} in the file is left out", at)
            self._blobs[blob] = self._builder.input(blob, shape[1:], at)

    def _layer(self, layer: Message) -> None:
        word, tops = type_of(layer), layer.texts("top")
        if word == "input":
            for number, top in enumerate(tops):
                shapes = layer.inner("input_param").messages("shape")
                self._input(top, shapes[min(number, len(shapes) - 1)].numbers("dim") if shapes else [], layer.at)
        elif word in DATA:
            self._data(layer)
        elif word.endswith(LOSSES):
            self._builder.note(f"{layer.text('type')} is for training and left out", layer.at)
            self._read.update(self._blobs[blob] for blob in layer.texts("bottom") if self._is_label(blob))
        else:
            self._operation(layer)

    def _is_label(self, blob: str) -> bool:
        return blob in self._blobs and self._blobs[blob] in self._builder.graph_inputs

    def _data(self, layer: Message) -> None:
        """A data layer: its shape is in the file only as far as it crops."""
        tops = layer.texts("top")
        if not tops or tops[0] in self._blobs:
            return
        crop = max(
            layer.inner(name).number("crop_size", 0) for name in ("transform_param", "data_param", "image_data_param")
        )
        source = " ".join(
            layer.inner(name).text("source") for name in ("data_param", "image_data_param", "hdf5_data_param")
        )
        known = next((shape for word, shape in DATA_SETS.items() if word in source.lower()), None)
        if self._builder.given:
            self._blobs[tops[0]] = self._builder.input(tops[0], (), layer.at)
            return
        if not known and not crop:
            message = "the shape of the data is not in the file; give it as --input CxHxW"
            raise RefusedModel((layer.at, message))
        shape = (known[0] if known else 3, crop, crop) if crop else known
        assert shape is not None
        what = "channels" if crop else "shape"
        self._builder.note(f"assumed: {what} of the input, which the data layer does not say", layer.at)
        self._blobs[tops[0]] = self._builder.input(tops[0], shape, layer.at)

    def _operation(self, layer: Message) -> None:
        inputs = [self._blob(blob, layer) for blob in layer.texts("bottom")]
        self._read.update(inputs)
        tops = layer.texts("top") or [layer.text("name")]
        if not inputs:
            raise RefusedModel(
                (layer.at, f"{layer.text('type') or 'a layer without type':.40} reads nothing: it has no bottom")
            )
        values = self._kinds.values(layer, inputs, len(tops))
        self._blobs.update(zip(tops, values, strict=False))

    def _blob(self, blob: str, layer: Message) -> str:
        if blob not in self._blobs:
            raise RefusedModel((layer.at, f"'{blob:.40}' is not a top of a layer above"))
        return self._blobs[blob]
