"""Functions of keras.ops, and of TensorFlow, for values of a network, and parts of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import EllipsisType
from typing import Any

from cnncalc.importing.source.keras_names import FUNCTIONS, MERGES
from cnncalc.importing.source.keras_own import KerasWeight, with_weight
from cnncalc.importing.source.keras_tensors import KerasTensor, tensors_in
from cnncalc.importing.source.values import is_tuple, unknown_in

HANDING = ("broadcast_to", "tile", "repeat", "cast", "convert_to_tensor", "expand_dims")
"""Functions that repeat a weight for each value of a batch."""

PADDING = ("pad_width", "mode", "constant_values")
LRN = ("depth_radius", "bias", "alpha", "beta")


def function_of(
    last: str, args: Sequence[Any], named: Mapping[str, Any], line: int, auto: Callable[[str], str]
) -> KerasTensor | KerasWeight | None:
    """The result of a function for values or weights; None for other functions, or if it reads neither."""
    tensors = tensors_in([*args, *named.values()])
    if last in HANDING and args and isinstance(args[0], KerasWeight):
        return args[0]
    if not tensors:
        return None
    if last in MERGES:
        made = with_weight(last, args[0] if args else (), named.get("axis", (*args, -1, -1)[1]), line)
        plain = KerasTensor(MERGES[last], dict(named), tensors, line, auto(MERGES[last]))
        return plain if made is NotImplemented else made
    if last in FUNCTIONS:
        return KerasTensor("Activation", {"activation": last}, tensors, line, auto(last))
    if last == "pad":
        return KerasTensor("Pad", {**dict(zip(PADDING, args[1:], strict=False)), **named}, tensors, line)
    if last in ("local_response_normalization", "lrn"):
        return _normalized(args, named, tensors[0], line, auto(last))
    return None


def _normalized(args: Sequence[Any], named: Mapping[str, Any], x: KerasTensor, line: int, name: str) -> KerasTensor:
    """The result of TensorFlow's local response norm."""
    given = {"depth_radius": 5, "bias": 1, "alpha": 1, "beta": 0.5, **dict(zip(LRN, args[1:], strict=False)), **named}
    radius = given["depth_radius"]
    size = 2 * radius + 1 if type(radius) is int else radius
    config = {"size": size, "k": given["bias"], "alpha": given["alpha"], "beta": given["beta"]}
    return KerasTensor("LocalResponseNormalization", config, [x], line, name)


def indexed(value: KerasTensor, key: Any, line: int) -> KerasTensor:
    """A part of a value."""
    items = list(key) if is_tuple(key) else [key]
    if unknown_in(items) is None and all(isinstance(one, slice | int | EllipsisType) for one in items):
        return KerasTensor("GetItem", {"$key": list(map(_stored_key, items))}, [value], line)
    return KerasTensor("an index", {}, [value], line)


def _stored_key(key: Any) -> Any:
    """A part of an index as a file of Keras has it."""
    if isinstance(key, slice):
        return {"class_name": "__slice__", "config": {"start": key.start, "stop": key.stop, "step": key.step}}
    return key
