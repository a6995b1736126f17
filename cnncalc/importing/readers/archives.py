"""Archives: a .pt2 or a .keras file, or one that is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cnncalc.importing.bounds import member_names
from cnncalc.importing.foreign import PICKLE
from cnncalc.importing.model import START, ModelGraph, RefusedModel

if TYPE_CHECKING:
    from cnncalc.executor.files.reading import AnyArray


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of an archive."""
    names = member_names(content)
    if not names:
        raise RefusedModel((START, "the archive is damaged, or has more members than a model"))
    if "config.json" in names:
        from cnncalc.importing.readers import keras

        return keras.read_archive(content, given)
    from cnncalc.importing.readers import pt2

    if pt2.graph_member(content):
        if given:
            raise RefusedModel(
                (START, "the shapes in a .pt2 are those of its export; export the model for another input")
            )
        return pt2.read_archive(content)
    if any(name.endswith("data.pkl") for name in names):
        raise RefusedModel((START, f"this is {PICKLE}"))
    raise RefusedModel((START, "the archive has neither models/model.json (torch.export) nor config.json (Keras)"))


def tensors(content: bytes, names: Iterable[str]) -> Mapping[str, AnyArray]:
    """The named tensors of an archive."""
    if "config.json" in member_names(content):
        from cnncalc.executor.files.stored import read_hdf5
        from cnncalc.importing.readers import keras

        return read_hdf5(keras.weights_member(content), names)
    from cnncalc.importing.readers import pt2_weights

    return pt2_weights.tensors(content, names)
