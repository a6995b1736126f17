"""A network's weights: from a file, from given arrays, or drawn; and which stored tensor is which weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from math import prod
from os import PathLike, fspath
from os.path import splitext
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, Key, Sizes, WeightSource, by
from cnncalc.executor.files import npy, safetensors
from cnncalc.executor.files.matrices import TypedNumbers, parse_matrices
from cnncalc.executor.files.reading import as_float32
from cnncalc.executor.weights import GivenWeights, RandomWeights
from cnncalc.language.problems import one_line, suggestion

Found = tuple[WeightSource, tuple[str, ...]]
"""The weights, and the names of tensors that no layer asks for."""


class TensorFile(NamedTuple):
    """A reader of files of tensors: it first reads all shapes, so that only tensors that fit are ever in memory."""

    shapes: Callable[[str], dict[str, Sizes]]
    read: Callable[[str, Iterable[str]], dict[str, Array]]


TENSOR_FILES = {
    ".npz": TensorFile(npy.npz_shapes, npy.read_npz),
    ".safetensors": TensorFile(safetensors.safetensors_shapes, safetensors.read_safetensors),
}
"""The kinds of files by suffix."""

PICKLED = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
"""Suffixes of files that contain code, which reading would run."""

MAX_HINTS = 50
"""The most missing tensors for which a similar name is looked for; each search takes milliseconds."""

MAX_NAMED = 5
"""How many unused tensors are named if all others fit."""

MAX_UNUSED = 100
"""How many unused tensors are listed if others do not fit."""


def find_weights(
    given: str | PathLike[str] | Mapping[str, npt.ArrayLike] | None, expected: Mapping[Key, Sizes], seed: int
) -> Found:
    """The weights of a network.

    Args:
        given: a .npz or .safetensors file, or anything that numpy takes for an array by its name, `conv1/weight` or
            `conv1.weight`; None draws them.
        expected: the shape of every weight of the network.
        seed: for weights that are drawn.

    Raises:
        ExecutionError: the file is another one or damaged, or its tensors do not fit the network or have values
            that are not finite numbers.
        MissingExtra: it is a .safetensors file, and the library is not installed.
    """
    if given is None:
        return RandomWeights(seed), ()
    if not isinstance(given, Mapping):
        return _out_of_file(fspath(given), expected)
    arrays = {str(name): np.asarray(tensor) for name, tensor in given.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    names, unused = match_tensors(expected, shapes, "the mapping of weights")
    return GivenWeights({key: as_float32(arrays[name], name) for key, name in names.items()}), unused


def _out_of_file(path: str, expected: Mapping[Key, Sizes]) -> Found:
    suffix = splitext(path)[1].lower()
    if suffix not in TENSOR_FILES:
        reason = "; a pickled checkpoint is not read, because that would run its code" if suffix in PICKLED else ""
        raise ExecutionError(f"{path}: weights are read from {' and '.join(TENSOR_FILES)} files{reason}")
    names, unused = match_tensors(expected, TENSOR_FILES[suffix].shapes(path), path)
    arrays = TENSOR_FILES[suffix].read(path, names.values())
    return GivenWeights({key: arrays[name] for key, name in names.items()}), unused


def spellings(key: Key) -> tuple[str, str]:
    """The names that a tensor may have: `conv1/weight` or `conv1.weight`."""
    return "/".join(key), ".".join(key)


def written_weights(given: Iterable[str], expected: Mapping[Key, Sizes]) -> dict[Key, Array]:
    """Weights that are written out: `conv1/weight=0.1 0.2; 0.3 0.4`, the kernels one after another.

    Args:
        given: each with the name of its tensor; a lone number is every value of it.
        expected: the shape of every weight of the network.

    Raises:
        ExecutionError: there is no such tensor, it is set twice, or the numbers do not fit it.
    """
    names = {spelling: key for key in expected for spelling in spellings(key)}
    found: dict[Key, Array] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals or name not in names:
            known = ", ".join("/".join(key) for key in islice(expected, MAX_NAMED)) or "none"
            hint = suggestion(name, names) or f"; the tensors are {known}{', …' if len(expected) > MAX_NAMED else ''}"
            wrong = f"'{one_line(name)}' is not a tensor{hint}" if equals else "write NAME=NUMBERS, as conv1/bias=0"
            raise ExecutionError(f"--set-weight {one_line(one)}: {wrong}")
        if names[name] in found:
            raise ExecutionError(f"{name} is set twice")
        found[names[name]] = _fitted(parse_matrices(text, name), expected[names[name]], name)
    return found


def _fitted(typed: TypedNumbers, shape: Sizes, name: str) -> Array:
    """Numbers as a tensor: the written matrices are its last two axes, one after another."""
    array = as_float32(typed.array, name)
    if array.size == 1:
        return np.full(shape, array.reshape(-1)[0], np.float32)
    wanted = shape[-2:] if len(shape) > 1 else (1, *shape)
    if array.shape == shape or (array.size == prod(shape) and array.shape[-2:] == wanted):
        return array.reshape(shape)
    count = prod(shape[:-2])
    matrices = f"{count:,} matrices of {by(wanted)}, with ;; between two," if count > 1 else f"a matrix of {by(wanted)}"
    rows = matrices if len(shape) > 1 else f"a row of {shape[0]:,}"
    raise ExecutionError(
        f"{name} is {by(array.shape)}, but the tensor is {by(shape)}: write {rows} or one number for all"
    )


def match_tensors(
    expected: Mapping[Key, Sizes], stored: Mapping[str, Sizes], where: str
) -> tuple[dict[Key, str], tuple[str, ...]]:
    """The stored name of each weight, as `conv1/weight` or `conv1.weight`; and the names that no layer asks for.

    Args:
        expected: the shape of every weight of the network.
        stored: the shape of every stored tensor.
        where: the words of messages for the place where they are stored.

    Raises:
        ExecutionError: tensors are missing, stored twice or of another shape; a line for each of them,
            and for each that is not used.
    """
    names = {key: [name for name in spellings(key) if name in stored] for key in expected}
    used = {name for found in names.values() for name in found}
    unused = tuple(name for name in stored if name not in used)
    lines = _missing({key: expected[key] for key, found in names.items() if not found}, stored, unused)
    for found, shape in zip(names.values(), expected.values(), strict=True):
        if len(found) > 1:
            lines.append(f"{found[0]}: stored twice, as {found[1]} too; keep one")
        elif found and stored[found[0]] != shape:
            turned = _turned(stored[found[0]], shape)
            lines.append(f"{found[0]}: {by(stored[found[0]])} found, {by(shape)} expected{turned}")
    if lines:
        lines += [f"{name}: not used by the network" for name in unused[:MAX_UNUSED]]
        lines += [f"{len(unused) - MAX_UNUSED:,} more are not used"] if len(unused) > MAX_UNUSED else []
        raise ExecutionError("\n  ".join((f"{where} does not fit the network:", *map(one_line, lines))))
    return {key: name for key, (name,) in names.items()}, unused


def unused_text(names: tuple[str, ...]) -> str:
    """The sentence that no layer uses these tensors."""
    more = f" and {len(names) - MAX_NAMED:,} more" if len(names) > MAX_NAMED else ""
    return f"no layer uses the tensors {one_line(', '.join(names[:MAX_NAMED]))}{more}"


def _missing(missing: Mapping[Key, Sizes], stored: Mapping[str, Sizes], unused: tuple[str, ...]) -> list[str]:
    """A line for each missing tensor, with the stored one that may be meant."""
    of_size: dict[int, list[str]] = {}
    for name in unused:
        of_size.setdefault(prod(stored[name]), []).append(name)
    lines = []
    for number, (key, shape) in enumerate(missing.items()):
        name, alike = "/".join(key), of_size.get(prod(shape), [])
        alone = f"; '{alike[0]}' has as many values" if len(alike) == 1 else ""
        hint = suggestion(name, alike) or alone if number < MAX_HINTS else ""
        lines.append(f"{name}: missing, {by(shape)} expected{hint}")
    return lines


def _turned(found: Sizes, expected: Sizes) -> str:
    """The advice to transpose a tensor that is stored in another framework's order; empty if that does not help."""
    axes = len(expected)
    if axes != len(found) or axes < 2:
        return ""
    keras = (axes - 1, axes - 2, *range(axes - 2))
    swapped = (1, 0, *range(2, axes))
    for order, whose in ((keras, " (Keras has this order)" if axes > 2 else ""), (swapped, "")):
        if tuple(found[axis] for axis in order) == expected:
            return f"; transpose it with axes {list(order)}{whose}"
    return ""
