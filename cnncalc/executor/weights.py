"""Where the executor's weights come from: drawn at random from a seed, or given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from math import prod
from zlib import crc32

import numpy as np

from cnncalc.executor.base import BLOCK, Array, WeightSource
from cnncalc.shapes import Shape

THREADS = os.cpu_count() or 1


class RandomWeights:
    """Weights drawn when they are needed and kept by nobody. A tensor depends on seed, path and name only.

    Args:
        seed: a whole number from 0; equal seeds give equal weights.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._pool = ThreadPoolExecutor(THREADS)

    def tensor(self, path: str, name: str, shape: tuple[int, ...], center: float, spread: float) -> Array:
        """Values from center - spread to center + spread.

        Kernels lie in memory with their channels last, as the executor multiplies them.
        """
        in_memory = (shape[0], *shape[2:], shape[1]) if len(shape) > 2 else shape
        array = np.empty(in_memory, np.float32)
        parts = self._parts(array.shape)
        draw = self._drawer(path, name, center, spread)
        list(self._pool.map(lambda part: draw(part[0], array[part[1]]), enumerate(parts)))
        return np.moveaxis(array, -1, 1) if len(shape) > 2 else array

    def rows(self, path: str, name: str, shape: tuple[int, ...], center: float, spread: float) -> Iterator[Array]:
        """The same values some rows at a time; no more rows exist at once than threads draw."""
        draw = self._drawer(path, name, center, spread)

        def drawn(part: tuple[int, slice]) -> Array:
            return draw(part[0], np.empty((part[1].stop - part[1].start, *shape[1:]), np.float32))

        parts = enumerate(self._parts(shape))
        while some := list(islice(parts, THREADS)):
            yield from self._pool.map(drawn, some)

    def input(self, name: str, shape: Shape) -> Array:
        """An input of the network, from -1 to 1, channels first."""
        return self.tensor(name, "input", shape.sizes(), 0.0, 1.0)

    @staticmethod
    def _parts(shape: tuple[int, ...]) -> list[slice]:
        """The rows of each part that is drawn by itself."""
        step = max(1, BLOCK // prod(shape[1:]))
        return [slice(first, min(first + step, shape[0])) for first in range(0, shape[0], step)]

    def _drawer(self, path: str, name: str, center: float, spread: float) -> Callable[[int, Array], Array]:
        key = [self._seed, crc32(path.encode()), crc32(name.encode())]

        def draw(number: int, target: Array) -> Array:
            generator = np.random.Generator(np.random.SFC64([*key, number]))
            generator.random(out=target, dtype=np.float32)
            target *= np.float32(2 * spread)
            target += np.float32(center - spread)
            return target

        return draw


class KeptWeights:
    """Weights of another source, asked for once and kept: for a network that is executed several times.

    Args:
        source: where they come from.
    """

    def __init__(self, source: WeightSource) -> None:
        self._source = source
        self.tensors: dict[tuple[str, str], Array] = {}

    def tensor(self, path: str, name: str, shape: tuple[int, ...], center: float, spread: float) -> Array:
        """The tensor, asked for at its first use."""
        key = (path, name)
        if key not in self.tensors:
            self.tensors[key] = self._source.tensor(path, name, shape, center, spread)
        return self.tensors[key]

    def rows(self, path: str, name: str, shape: tuple[int, ...], center: float, spread: float) -> Iterator[Array]:
        """All rows at once."""
        yield self.tensor(path, name, shape, center, spread)
