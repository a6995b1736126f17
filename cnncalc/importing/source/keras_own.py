"""Weights of layers that a Keras source writes itself, and operations of values with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, final

from cnncalc.importing.source import vectors
from cnncalc.importing.source.keras_tensors import KerasTensor, tensors_in
from cnncalc.importing.source.values import External, Instance, Unknown, is_tuple

NAMED = ("LocalResponseNormalization",)
"""Classes of a source that are known by their names, as there is no kind for their operations."""


@final
class KerasWeight:
    """A weight of a layer that the source writes itself."""

    def __init__(self, dims: tuple[int, ...], owner: str, trainable: object) -> None:
        self.dims, self.owner, self.trainable = dims, owner, trainable


class _Learned(NamedTuple):
    weight: KerasWeight
    tensor: KerasTensor
    before: bool


def weight_of(instance: Instance, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """The result of `add_weight`; `NotImplemented` if its sizes are not known."""
    sizes = named.get("shape", next((one for one in args if isinstance(one, list) or is_tuple(one)), ()))
    known = all(type(one) is int for one in sizes) if isinstance(sizes, list | tuple) else False
    owner, trainable = instance.attributes["$owner"], instance.attributes.get("trainable", True)
    return KerasWeight(tuple(sizes), owner, trainable) if known else NotImplemented


def row_of(args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
    """The numbers of a range; `NotImplemented` if its ends are not known."""
    given = [*args, *(named[word] for word in ("start", "stop", "step") if word in named)]
    known = all(type(one) is int for one in given)
    return vectors.called("torch.arange", given, {}, line) if given and known else NotImplemented


def table_of(layer: Instance, number: int, auto: Callable[[str], str]) -> Any:
    """The whole table of an embedding as a weight; unknown if not all of its rows are read."""
    rows, size = (layer.attributes.get(name) for name in ("input_dim", "output_dim"))
    if rows != number or type(size) is not int:
        return Unknown(layer.line, "a part of the table of an Embedding")
    owner = layer.attributes.setdefault("$name", layer.attributes.get("name") or auto("Embedding"))
    return KerasWeight((number, size), owner, layer.attributes.get("trainable", True))


def with_weight(word: str, given: Sequence[Any], axis: object, line: int) -> Any:
    """A value times a weight, plus a weight, or joined with one along an axis; `NotImplemented` for anything else."""
    found = _learned(given)
    if found is None or word not in ("Mult", "Add", "MatMult", "concatenate", "concat"):
        return NotImplemented
    if word == "MatMult" and found.before:
        return NotImplemented
    config = {"dims": list(found.weight.dims), "axis": axis, "before": found.before}
    config["trainable"] = found.weight.trainable
    class_ = {"Mult": "LearnedFactor", "Add": "LearnedOffset", "MatMult": "LearnedProduct"}.get(word, "LearnedTokens")
    made = KerasTensor(class_, config, [found.tensor], line, found.weight.owner)
    made.stored = f"{found.weight.owner}/{class_}/"
    return made


def is_layer(native: External | None) -> bool:
    """Whether a class of the source is derived from Keras' class of all layers."""
    return native is not None and native.last == "Layer"


def _learned(given: Sequence[Any]) -> _Learned | None:
    """The value of a layer with one weight."""
    weights, tensors = [one for one in given if isinstance(one, KerasWeight)], tensors_in(list(given))
    if len(given) != 2 or len(weights) != 1 or len(tensors) != 1:
        return None
    return _Learned(weights[0], tensors[0], isinstance(given[0], KerasWeight))
