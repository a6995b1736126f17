"""Keras: each class of layer in the words of the language, by the reader of its family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import final

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.readers import keras_norms, keras_pointwise, keras_sequences, keras_shapes, keras_windows
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader

READERS: Mapping[str, KerasReader] = {
    **keras_pointwise.READERS, **keras_windows.READERS, **keras_norms.READERS, **keras_sequences.READERS,
    **keras_shapes.READERS,
}  # fmt: skip
"""By class, without the number of axes that its name may have."""

DROPPED = ("Activity", "ActivityRegularization", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Masking")
"""Layers that do nothing once a network is trained."""

PREPARED = ("Rescaling", "Normalization", "Resizing", "CenterCrop")
"""Layers that prepare an image, and have no weights that count as parameters."""

_AXES = re.compile("[123]D(?=$|Transpose)")


def stored_names(layers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The name of each layer, and what Keras 3 calls it in a file of weights: its class, numbered from the second."""
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
        again: whether what is added now has the weights of what was added under its name before.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder = builder
        self._first: dict[tuple[str, str, tuple[str, ...]], str] = {}
        self.again = False

    def add(
        self, layer: JsonFields, config: JsonFields, values: list[str], name: str, scope: Sequence[str], stored: str
    ) -> str:
        """The value of a layer, whose weights a .keras file has in the folder `stored`."""
        class_ = layer.text("class_name")
        if class_ in DROPPED or class_ in PREPARED or class_.startswith("Random"):
            self._builder.note(f"{class_} is left out", layer.at)
            return values[0]
        call = KerasCall(
            self._builder, config, values, name, tuple(scope), layer.at, stored, self._first, self.again
        )  # fmt: skip
        reader = READERS.get(_AXES.sub("", class_))
        return call.unknown(class_ or "a layer without class_name") if reader is None else reader(call)
