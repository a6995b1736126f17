"""The inputs of a run: arrays and image files, brought to the shapes of the network's inputs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from os.path import isfile, splitext
from typing import Any, NamedTuple

import numpy as np

from cnncalc.errors import ExecutionError, OverrideError
from cnncalc.executor.base import Array, Sizes, by
from cnncalc.executor.files import images, matrices, npy
from cnncalc.executor.files.reading import as_float32
from cnncalc.executor.weights import RandomWeights
from cnncalc.network.model import Network
from cnncalc.shapes import OTHER_LAYOUT, Layout, Shape, letters_of

STDIN = "standard input"


class Input(NamedTuple):
    """The values of one of the network's inputs.

    Attributes:
        array: (N, C, *spatial).
        batched: whether it came with an axis for N; the outputs then have one too.
        note: about a change to it that its owner should know.
    """

    array: Array
    batched: bool = False
    note: str = ""


def read_input(path: str, shape: Shape, layout: Layout) -> Input:
    """An input of the network: a .npy file with its axes in the order of the layout, numbers as text, or an image.

    Args:
        path: a file, numbers in place of one, or `-` for numbers on standard input.
        shape: of the network's input.
        layout: of the spec.

    Raises:
        ExecutionError: the file is something else, is damaged, or does not fit the shape.
        MissingExtra: it is an image, and Pillow is not installed.
    """
    if path == "-":
        return _as_typed(matrices.parse_matrices(_standard_input(), STDIN), shape, layout, STDIN)
    if matrices.is_typed(path) and not isfile(path):
        return _as_typed(matrices.parse_matrices(path, "the input"), shape, layout, "the input")
    suffix = splitext(path)[1].lower()
    if suffix in matrices.SUFFIXES:
        return _as_typed(matrices.read_matrices(path), shape, layout, path)
    if suffix == npy.SUFFIX:
        return as_input(npy.read_npy(path), shape, layout, path)
    if suffix in images.SUFFIXES:
        array, note = images.read_image(path, shape)
        return Input(array[None], note=note)
    numbers, pictures = (", ".join(suffixes) for suffixes in (matrices.SUFFIXES, images.SUFFIXES))
    raise ExecutionError(
        f"{path}: an input is an array ({npy.SUFFIX}), numbers as text ({numbers}) or an image ({pictures})"
    )


def _standard_input() -> str:
    try:
        return sys.stdin.read(matrices.MAX_CHARACTERS + 1)
    except UnicodeDecodeError as error:
        raise ExecutionError(f"{STDIN} is not text: {error.reason} at byte {error.start}") from None


def _as_typed(typed: matrices.TypedNumbers, shape: Shape, layout: Layout, what: str) -> Input:
    """An input from numbers as people write them: a matrix for each channel, a row for each of a sequence."""
    array = as_float32(typed.array, what)
    if typed.nested:
        return as_input(array, shape, layout, what)
    if shape.rank < 2 and len(array) == 1:
        array = array[0]
    if not shape.rank and 1 in array.shape:
        array = array.reshape(-1)  # a row or a column; several rows are several inputs
    if shape.rank == 3 and len(array) == shape.channels * shape.spatial[0]:
        array = array.reshape(shape.channels, shape.spatial[0], *array.shape[1:])
    is_one = array.ndim == shape.rank + 1 and len(array) == shape.channels
    return as_input(np.moveaxis(array, 0, -1) if is_one and layout == "HWC" else array, shape, layout, what)


def take_inputs(network: Network, given: Any) -> dict[str, Input]:
    """The inputs of a network, from one value that numpy takes for an array, or a mapping from their names.

    Raises:
        ExecutionError: an input is missing or unknown, does not fit, or has values that are not finite numbers.
    """
    arrays = given if isinstance(given, Mapping) else {next(iter(network.inputs)): given}
    if arrays.keys() != network.inputs.keys():
        found, expected = (", ".join(map(str, names)) or "none" for names in (arrays, network.inputs))
        raise ExecutionError(f"arrays for {found} are given; the network's inputs are {expected}")
    return {name: _taken(arrays[name], shape, network.layout, name) for name, shape in network.inputs.items()}


def _taken(given: Any, shape: Shape, layout: Layout, name: str) -> Input:
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ExecutionError(f"{name} is not an array: {error}") from None
    return as_input(as_float32(array, name), shape, layout, name)


def draw_inputs(network: Network, seed: int) -> dict[str, Input]:
    """Inputs at random, from -1 to 1."""
    random = RandomWeights(seed)
    return {name: Input(array[None]) for name, array in random.inputs(network).items()}


def as_input(array: Array, shape: Shape, layout: Layout, what: str) -> Input:
    """An input from an array in the spec's layout; `what` is its name in messages.

    There may be one more axis in front, for N inputs, and the axis of a single channel may be missing.

    Raises:
        ExecutionError: it has another shape.
    """
    accepted = [shape.sizes(layout)]
    if shape.channels == 1 and shape.spatial:
        accepted.append(shape.spatial)
    batched = array.shape not in accepted
    if batched and array.shape[1:] not in accepted:
        raise ExecutionError(_misfit(array.shape, shape, layout, what))
    if not array.size:
        raise ExecutionError(f"{what} is {by(array.shape)}: it holds no input")
    values = array if batched else array[None]
    if values.ndim < shape.rank + 2:
        return Input(values[:, None], batched)
    return Input(np.moveaxis(values, -1, 1) if layout == "HWC" else values, batched)


def normalized(given: Input, mean: Sequence[float], std: Sequence[float]) -> Input:
    """(x - mean) / std, each with a number for each channel or one for all; an empty one is left out.

    Raises:
        OverrideError: there is another number of them.
        ExecutionError: the result is too large for float32.
    """
    channels = given.array.shape[1]
    for word, numbers in (("mean", mean), ("std", std)):
        if len(numbers) not in (0, 1, channels):
            raise OverrideError(
                f"{word} has {len(numbers)} numbers; one is expected, or one for each channel: {channels}"
            )
    array = given.array
    with np.errstate(all="ignore"):
        if mean:
            array = array - _by_channel(mean, array.ndim)
        if std:
            array = array / _by_channel(std, array.ndim)
    return given._replace(array=as_float32(array, "the input after mean and std"))


def _by_channel(numbers: Sequence[float], axes: int) -> Array:
    """Numbers along the axis of the channels, (1, C, 1, ...)."""
    return np.array(numbers, np.float32).reshape(-1, *(1,) * (axes - 2))


def count_of(inputs: Mapping[str, Input]) -> int:
    """N, the number of inputs that are run one after another.

    Raises:
        ExecutionError: the network has several inputs, with different N.
    """
    counts = {name: len(given.array) for name, given in inputs.items()}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise ExecutionError(f"the network's inputs hold different numbers of them: {found}; give as many of each")
    return next(iter(counts.values()))


def _misfit(found: Sizes, shape: Shape, layout: Layout, what: str) -> str:
    """The error of an array with another shape than the input's, with what to do."""
    said = f"{what} is {by(found)}, but the network's input is {shape.text(layout)}"
    one = found[len(found) - shape.rank - 1 :] if len(found) in (shape.rank + 1, shape.rank + 2) else ()
    other = OTHER_LAYOUT[layout]
    if one and Shape.of(one, layout).channels == shape.channels and min(one) > 0:
        return f"{said}; give the shape {by(one)} (--shape) to run the network on this size"
    if one and Shape.of(one, other).channels == shape.channels:
        looks, wanted = (", ".join(letters_of(shape.rank, order)) for order in (other, layout))
        return f"{said}; it looks like {looks}: transpose it to {wanted}, the layout of the spec"
    return f"{said} (or Nx{shape.text(layout)} for N of them)"
