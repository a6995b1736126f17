"""Functions of keras.ops, and of TensorFlow, for values of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnncalc.importing.bounds import MAX_AXES
from cnncalc.importing.source.keras_arithmetic import EQUALLY, ITEM, REPEATING, operation
from cnncalc.importing.source.keras_arithmetic import FUNCTIONS as ARITHMETIC
from cnncalc.importing.source.keras_names import FUNCTIONS, MERGES
from cnncalc.importing.source.keras_own import KerasWeight, with_weight
from cnncalc.importing.source.keras_tensors import KerasTensor, tensors_in
from cnncalc.importing.source.torch_views import MAX_PARTS
from cnncalc.importing.source.values import is_tuple

SAME = ("cast", "convert_to_tensor", "stop_gradient", "identity", "ensure_shape")
"""Functions that return their argument."""

PARTS = ("number", "indices_or_sections", "num_or_size_splits")
"""The names of the argument that says how a value is split."""

CLASSES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pad": ("Pad", ("pad_width", "mode", "constant_values")), "leaky_relu": ("LeakyReLU", ("negative_slope",)),
    "relu": ("ReLU", ("negative_slope", "max_value", "threshold")), "elu": ("ELU", ("alpha",)),
    "dropout": ("Dropout", ("rate",)), "batch_flatten": ("Flatten", ()), "flatten": ("Flatten", ()),
    "depth_to_space": ("DepthToSpace", ("block_size",)), "space_to_depth": ("SpaceToDepth", ("block_size",)),
    "preprocess_input": ("Rescaling", ()),
}  # fmt: skip
"""Function → the class of layers that does the same, and its arguments after the value."""

PARAMETERS_OF = {"paddings": "pad_width", "alpha": "negative_slope"}
"""TensorFlow's names of Keras' arguments."""

HANDING = ("broadcast_to", "tile", "repeat", "cast", "convert_to_tensor", "expand_dims")
"""Functions that repeat a weight for each value of a batch."""

LRN = ("depth_radius", "bias", "alpha", "beta")


def function_of(name: str, args: Sequence[Any], named: Mapping[str, Any], line: int, auto: Callable[[str], str]) -> Any:
    """The result of a function for values or weights; None for other functions, or if it reads neither."""
    last, named = name.rpartition(".")[2], dict(sorted(named.items()))  # x1 comes before x2, and a before b
    tensors = tensors_in([*args, *named.values()])
    if last in HANDING and args and isinstance(args[0], KerasWeight):
        return args[0]
    if not tensors:
        return None
    if last in ("matmul", "dot") and (product := with_weight("MatMult", args, -1, line)) is not NotImplemented:
        return product
    if last in MERGES and (made := _joined(last, args, named, tensors, line, auto)) is not None:
        return made
    if last in FUNCTIONS and not set(named) - {"approximate", "name", "x", "features"} and len(args) < 2:
        return KerasTensor("Activation", {"activation": last}, tensors, line, auto(last))
    if last in CLASSES:
        class_, parameters = CLASSES[last]
        config = {**dict(zip(parameters, args[1:], strict=False)), **named}
        config = {PARAMETERS_OF.get(name, name): one for name, one in config.items() if not tensors_in(one)}
        return KerasTensor(class_, config, tensors, line, auto(last))
    if last in ("local_response_normalization", "lrn"):
        return _normalized(args, named, tensors[0], line, auto(last))
    if last in SAME:
        return tensors[0]
    if last == "extract_patches":
        return _patches(tensors[0], args, named, line)
    return _operation(name, tensors[0], args, named, line)


def _operation(name: str, x: KerasTensor, args: Sequence[Any], named: Mapping[str, Any], line: int) -> Any:
    """The result of an operation of the arithmetic of values; None for other functions."""
    last = name.rpartition(".")[2]
    if last == "split":
        return _split(x, args, named, line, at_places="keras" in name)
    return operation(last, args, named, line) if last in ARITHMETIC or last in REPEATING else None


def _split(x: KerasTensor, args: Sequence[Any], named: Mapping[str, Any], line: int, *, at_places: bool) -> Any:
    """The parts of a value; None if they are not known. Keras takes the places between them, TensorFlow their sizes."""
    given = dict(zip(("x", "number", "axis"), args, strict=False)) | dict(named)
    number, axis = next((given[name] for name in PARTS if name in given), None), given.get("axis", 0)
    if type(number) is int and 0 < number <= MAX_PARTS:
        return operation(EQUALLY, [x, number, axis], {}, line, number)
    if not isinstance(number, list | tuple) or not all(type(one) is int for one in [*number, axis]):
        return None
    if not at_places:
        return operation("split", [x, list(number), axis], {}, line, len(number))
    others: list[Any] = [slice(None)] * min(axis if axis >= 0 else -axis - 1, MAX_AXES)
    before, after = (others, []) if axis >= 0 else ([...], others)
    ends = zip([None, *number], [*number, None], strict=True)
    return [operation(ITEM, [x, [*before, slice(*pair), *after]], {}, line) for pair in ends]


def _patches(x: KerasTensor, args: Sequence[Any], named: Mapping[str, Any], line: int) -> KerasTensor | None:
    """The blocks of a map as channels; None if they overlap."""
    given = dict(zip(("images", "size", "strides"), args, strict=False)) | dict(named)
    size, step = given.get("sizes", given.get("size")), given.get("strides")
    blocks = [one for one in _each(size) if "sizes" not in given or one != 1]
    gaps = [one for name in ("rates", "dilation_rate") for one in _each(given.get(name, 1))]
    if (step is not None and step != size) or any(type(one) is not int for one in blocks) or gaps.count(1) < len(gaps):
        return None
    return KerasTensor("SpaceToDepth", {"block_size": blocks}, [x], line)


def _each(value: Any) -> list[Any]:
    """A number for each axis of a map."""
    return list(value) if isinstance(value, list | tuple) else [value] * 2


def _joined(
    last: str, args: Sequence[Any], named: Mapping[str, Any], tensors: list[KerasTensor], line: int,
    auto: Callable[[str], str],
) -> Any:  # fmt: skip
    """The result of a function that joins a list of values; None for one with a number, or along another axis."""
    values = (
        args[0] if args and (isinstance(args[0], list) or is_tuple(args[0])) else list(args) or list(named.values())
    )
    axis = named.get("axis", args[1] if len(args) > 1 and type(args[1]) is int else -1)
    made = with_weight(last, values, axis, line)
    if made is not NotImplemented:
        return made
    if not all(isinstance(one, KerasTensor) for one in values):
        return None
    return KerasTensor(MERGES[last], {"axis": axis}, tensors, line, auto(MERGES[last]))


def _normalized(args: Sequence[Any], named: Mapping[str, Any], x: KerasTensor, line: int, name: str) -> KerasTensor:
    """The result of TensorFlow's local response norm."""
    given = {"depth_radius": 5, "bias": 1, "alpha": 1, "beta": 0.5, **dict(zip(LRN, args[1:], strict=False)), **named}
    radius = given["depth_radius"]
    size = 2 * radius + 1 if type(radius) is int else radius
    config = {"size": size, "k": given["bias"], "alpha": given["alpha"], "beta": given["beta"]}
    return KerasTensor("LocalResponseNormalization", config, [x], line, name)
