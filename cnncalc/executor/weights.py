"""Where the executor's weights come from: drawn at random from a seed, given, or kept from another source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from math import prod
from zlib import crc32

import numpy as np

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import BLOCK, Array, Key, Sizes, TensorRequest, WeightSource
from cnncalc.layers.learned import Embedding
from cnncalc.network.model import Network
from cnncalc.shapes import Shape

THREADS = os.cpu_count() or 1


class RandomWeights(WeightSource):
    """Weights drawn when they are needed and kept by nobody. A tensor depends on seed, path and name only.

    Args:
        seed: a whole number from 0; equal seeds give equal weights.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._pool = ThreadPoolExecutor(THREADS)

    def tensor(self, wanted: TensorRequest) -> Array:
        """The values; kernels lie in memory with their channels last, as the executor multiplies them."""
        shape = wanted.shape
        array = np.empty((shape[0], *shape[2:], shape[1]) if len(shape) > 2 else shape, np.float32)
        draw = self._drawer(wanted)
        list(self._pool.map(lambda part: draw(part[0], array[part[1]]), enumerate(_parts(array.shape))))
        return np.moveaxis(array, -1, 1) if len(shape) > 2 else array

    def rows(self, wanted: TensorRequest) -> Iterator[Array]:
        """The same values some rows at a time; no more rows exist at once than threads draw."""
        draw = self._drawer(wanted)

        def drawn(part: tuple[int, slice]) -> Array:
            return draw(part[0], np.empty((part[1].stop - part[1].start, *wanted.shape[1:]), np.float32))

        parts = enumerate(_parts(wanted.shape))
        while some := list(islice(parts, THREADS)):
            yield from self._pool.map(drawn, some)

    def input(self, name: str, shape: Shape) -> Array:
        """An input of the network, from -1 to 1, channels first."""
        return self.tensor(TensorRequest(name, "input", shape.sizes()))

    def inputs(self, network: Network) -> dict[str, Array]:
        """All inputs of a network, channels first: what an embedding reads are ids."""
        ids = {
            path: node.layer.ids for node in network.nodes if isinstance(node.layer, Embedding) for path in node.inputs
        }
        arrays = {name: self.input(name, shape) for name, shape in network.inputs.items()}
        return {name: np.floor(np.abs(x) * ids[name]) if name in ids else x for name, x in arrays.items()}

    def _drawer(self, wanted: TensorRequest) -> Callable[[int, Array], Array]:
        key = [self._seed, *(crc32(word.encode()) for word in wanted.key)]

        def draw(number: int, target: Array) -> Array:
            generator = np.random.Generator(np.random.SFC64([*key, number]))
            generator.random(out=target, dtype=np.float32)
            target *= np.float32(2 * wanted.spread)
            target += np.float32(wanted.center - wanted.spread)
            return target

        return draw


def _parts(shape: Sizes) -> list[slice]:
    """The rows of each part that is drawn by itself."""
    step = max(1, BLOCK // prod(shape[1:]))
    return [slice(first, min(first + step, shape[0])) for first in range(0, shape[0], step)]


class GivenWeights(WeightSource):
    """Weights that are at hand.

    Args:
        tensors: each by its layer's path and its name.
    """

    def __init__(self, tensors: Mapping[Key, Array]) -> None:
        self._tensors = {key: _channels_last_in_memory(array) for key, array in tensors.items()}

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor.

        Raises:
            ExecutionError: there is none of this name and shape.
        """
        array = self._tensors.get(wanted.key)
        if array is None or array.shape != wanted.shape:
            found = "there is none" if array is None else f"that at hand has the shape {array.shape}"
            expected = f"{wanted.path} takes a tensor {wanted.name} of the shape {wanted.shape}"
            raise ExecutionError(f"{expected}, but {found}")
        return array


class ChosenWeights(WeightSource):
    """Some weights at hand, the others of another source.

    Args:
        tensors: those at hand, by layer's path and name.
        source: where all others come from.
    """

    def __init__(self, tensors: Mapping[Key, Array], source: WeightSource) -> None:
        self._tensors = tensors
        self._given = GivenWeights(tensors)
        self._source = source

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor."""
        return (self._given if wanted.key in self._tensors else self._source).tensor(wanted)


class KeptWeights(WeightSource):
    """Weights of another source, each asked for once: for several runs with the same, or to hand them on.

    Attributes:
        tensors: those that were needed so far.
    """

    def __init__(self, source: WeightSource) -> None:
        self.tensors: dict[Key, Array] = {}
        self._source = source

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor, from the other source at its first use."""
        if wanted.key not in self.tensors:
            self.tensors[wanted.key] = self._source.tensor(wanted)
        return self.tensors[wanted.key]


def _channels_last_in_memory(array: Array) -> Array:
    """Kernels in the memory order in which the executor multiplies them, so that they are not copied for each run."""
    if array.ndim < 3:
        return array
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1)
