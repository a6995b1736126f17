"""A network's weights: out of a file, out of arrays at hand, or drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from os.path import splitext
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, WeightSource
from cnncalc.executor.files import npy, safetensors
from cnncalc.executor.files.reading import as_float32
from cnncalc.executor.matching import Key, Sizes, match_tensors
from cnncalc.executor.weights import GivenWeights, RandomWeights

Found = tuple[WeightSource, tuple[str, ...]]
"""The weights, and the names of tensors that no layer asks for."""


class Format(NamedTuple):
    """How a file of tensors is read: first the shapes of all, so that only what fits is ever in memory."""

    shapes: Callable[[str], dict[str, Sizes]]
    read: Callable[[str, Iterable[str]], dict[str, Array]]


FORMATS = {
    ".npz": Format(npy.npz_shapes, npy.read_npz),
    ".safetensors": Format(safetensors.safetensors_shapes, safetensors.read_safetensors),
}
"""The formats by suffix."""

PICKLED = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
"""Suffixes of files whose reading would run code that they hold."""


def find_weights(
    given: str | PathLike[str] | Mapping[str, npt.ArrayLike] | None, expected: Mapping[Key, Sizes], seed: int
) -> Found:
    """The weights of a network.

    Args:
        given: a file, or arrays by name; None draws them.
        expected: the shape of every weight of the network.
        seed: for weights that are drawn.

    Raises:
        ExecutionError, MissingExtra: as `load_weights` and `take_weights`.
    """
    if given is None:
        return RandomWeights(seed), ()
    if isinstance(given, Mapping):
        return take_weights(given, expected)
    return load_weights(fspath(given), expected)


def load_weights(path: str, expected: Mapping[Key, Sizes]) -> Found:
    """The weights in a .npz or .safetensors file.

    Args:
        path: the file; its suffix says which of the two it is.
        expected: the shape of every weight of the network.

    Raises:
        ExecutionError: the file is neither or is damaged, or its tensors do not fit the network.
        MissingExtra: it is a .safetensors file, and the library is not installed.
    """
    suffix = splitext(path)[1].lower()
    if suffix not in FORMATS:
        reason = "; a pickled checkpoint is not read, because that would run its code" if suffix in PICKLED else ""
        raise ExecutionError(f"{path}: weights are read from {' and '.join(FORMATS)} files{reason}")
    match = match_tensors(expected, FORMATS[suffix].shapes(path), path)
    arrays = FORMATS[suffix].read(path, match.names.values())
    return GivenWeights({key: arrays[name] for key, name in match.names.items()}), match.unused


def take_weights(tensors: Mapping[str, npt.ArrayLike], expected: Mapping[Key, Sizes]) -> Found:
    """The weights in a mapping from names to arrays.

    Args:
        tensors: `conv1/weight` or `conv1.weight` to anything that numpy takes for an array.
        expected: the shape of every weight of the network.

    Raises:
        ExecutionError: they do not fit the network, or one holds something else than finite numbers.
    """
    arrays = {str(name): np.asarray(tensor) for name, tensor in tensors.items()}
    match = match_tensors(expected, {name: array.shape for name, array in arrays.items()}, "the mapping of weights")
    weights = {key: as_float32(arrays[name], name) for key, name in match.names.items()}
    return GivenWeights(weights), match.unused
