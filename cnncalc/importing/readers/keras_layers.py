"""Keras: each class of layer in the words of the language, by the reader of its family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, final

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.readers import (
    keras_norms,
    keras_operations,
    keras_pointwise,
    keras_preparing,
    keras_sequences,
    keras_shapes,
    keras_windows,
)
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader
from cnncalc.importing.views import Viewed
from cnncalc.shapes import Shape

READERS: Mapping[str, KerasReader] = {
    **keras_pointwise.READERS, **keras_windows.READERS, **keras_norms.READERS, **keras_sequences.READERS,
    **keras_shapes.READERS, **keras_preparing.READERS, **keras_operations.READERS,
}  # fmt: skip
"""Readers by class, without the number of axes that its name may have."""

_AXES = re.compile("[123]D(?=$|Transpose)")


def stored_names(layers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The name of each layer, and its name in a file of weights of Keras 3: its class, numbered from the second."""
    times: dict[str, int] = {}
    for name, class_ in layers:
        word = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_)
        word = re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()
        number = times[word] = times.get(word, -1) + 1
        yield name, f"{word}_{number}" if number else word


@final
class KerasLayers:
    """Adds layers to a graph.

    Attributes:
        seen: values that a file sees in another order than the graph, by name.
        again: whether a layer that is added now has the weights of an earlier one with its name.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder = builder
        self._first: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self.seen: dict[str, Viewed] = {}
        self.again = False

    def add(
        self, layer: JsonFields, config: JsonFields, values: Sequence[str], name: str, scope: Sequence[str],
        stored: str, constants: Mapping[int | str, Any] | None = None, declared: Shape | None = None,
    ) -> str:  # fmt: skip
        """The value of a layer, whose weights a .keras file has in the folder `stored`."""
        call = KerasCall(
            self._builder, config, values, name, tuple(scope), layer.at, stored, self._first, self.again, _read,
            layer.text("class_name"), declared, constants or {},
            self.seen,
        )  # fmt: skip
        value = _read(call.class_, call)
        if value not in values:
            self._builder.declare(value, declared)
        return value


def _read(class_: str, call: KerasCall) -> str:
    """The value of a layer of a class."""
    reader = READERS.get(_AXES.sub("", class_))
    if reader is None and class_.startswith("Random"):
        reader = READERS["GaussianNoise"]
    call = call._replace(class_=class_)
    return call.unknown(class_ or "a layer without class_name") if reader is None else reader(call)
