"""A network's weights: out of a file, out of arrays at hand, or drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from os.path import splitext
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, Key, Sizes, WeightSource
from cnncalc.executor.files import npy, safetensors
from cnncalc.executor.files.reading import as_float32
from cnncalc.executor.matching import match_tensors
from cnncalc.executor.weights import GivenWeights, RandomWeights

Found = tuple[WeightSource, tuple[str, ...]]
"""The weights, and the names of tensors that no layer asks for."""


class TensorFile(NamedTuple):
    """How a file of tensors is read: first the shapes of all, so that only what fits is ever in memory."""

    shapes: Callable[[str], dict[str, Sizes]]
    read: Callable[[str, Iterable[str]], dict[str, Array]]


TENSOR_FILES = {
    ".npz": TensorFile(npy.npz_shapes, npy.read_npz),
    ".safetensors": TensorFile(safetensors.safetensors_shapes, safetensors.read_safetensors),
}
"""The kinds of files by suffix."""

PICKLED = (".pt", ".pth", ".bin", ".ckpt", ".pkl")
"""Suffixes of files whose reading would run code that they hold."""


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
        ExecutionError: the file is another one or damaged, or its tensors do not fit the network or hold something
            else than finite numbers.
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
