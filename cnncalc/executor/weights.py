"""The sources of the executor's weights: drawn at random from a seed, given, or kept from another source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import prod
from zlib import crc32

import numpy as np

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import BLOCK, Array, Key, TensorRequest, WeightSource, memory_order, parts_of, room
from cnncalc.executor.threads import spread
from cnncalc.layers.learned import Embedding
from cnncalc.network.model import Network
from cnncalc.shapes import Shape

PERIOD = 262_139
"""The number of drawn values, which then repeat: a prime, so that no two rows of a tensor are alike."""


class RandomWeights(WeightSource):
    """Weights that are made when they are needed, and not kept. A tensor depends only on seed, path and name.

    Few values are drawn, and every tensor reads them from a place of its own, as often as it needs: 138 million of
    their own would take longer than the execution.

    Args:
        seed: a whole number from 0; equal seeds give equal weights.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        drawn = np.random.Generator(np.random.SFC64(seed)).random(PERIOD, np.float32)
        drawn *= 2
        drawn -= 1
        self._drawn = np.concatenate([drawn, drawn[:BLOCK]])  # a block is whole from any place

    def tensor(self, wanted: TensorRequest) -> Array:
        """The values; kernels are in memory with their filters last, as the executor multiplies them."""
        axes = memory_order(len(wanted.shape))
        array = np.empty([wanted.shape[axis] for axis in axes], np.float32)
        flat = array.reshape(-1)
        spread(lambda part: self._draw(wanted, part.start, flat[part]), parts_of(len(flat), 1))
        return array.transpose(np.argsort(axes))

    def parts(self, wanted: TensorRequest) -> Sequence[Callable[[], Array]]:
        """The same values some rows at a time."""
        length = prod(wanted.shape[1:])

        def drawn(rows: slice) -> Array:
            block = room(rows.stop - rows.start, *wanted.shape[1:])
            self._draw(wanted, rows.start * length, block.reshape(-1))
            return block

        return [partial(drawn, rows) for rows in parts_of(wanted.shape[0], length)]

    def input(self, name: str, shape: Shape) -> Array:
        """An input of the network, from -1 to 1, channels first."""
        return self.tensor(TensorRequest(name, "input", shape.sizes()))

    def inputs(self, network: Network) -> dict[str, Array]:
        """All inputs of a network, channels first; those of an embedding are ids."""
        ids = {
            path: node.layer.ids for node in network.nodes if isinstance(node.layer, Embedding) for path in node.inputs
        }
        arrays = {name: self.input(name, shape) for name, shape in network.inputs.items()}
        return {name: np.floor(np.abs(x) * ids[name]) if name in ids else x for name, x in arrays.items()}

    def _draw(self, wanted: TensorRequest, first: int, target: Array) -> None:
        """Write the values of a tensor from the first of them on."""
        start = crc32("/".join(wanted.key).encode()) + first
        for done in range(0, len(target), BLOCK):
            some, place = target[done : done + BLOCK], (start + done) % PERIOD
            np.multiply(self._drawn[place : place + len(some)], np.float32(wanted.spread), out=some)
            if wanted.center:
                some += np.float32(wanted.center)


class GivenWeights(WeightSource):
    """Given weights.

    Args:
        tensors: each by its layer's path and its name.
    """

    def __init__(self, tensors: Mapping[Key, Array]) -> None:
        self._tensors = {key: _as_multiplied(array) for key, array in tensors.items()}

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor.

        Raises:
            ExecutionError: no tensor has this name and shape.
        """
        array = self._tensors.get(wanted.key)
        if array is None or array.shape != wanted.shape:
            found = "there is none" if array is None else f"the given one has the shape {array.shape}"
            expected = f"{wanted.path} takes a tensor {wanted.name} of the shape {wanted.shape}"
            raise ExecutionError(f"{expected}, but {found}")
        return array


class ChosenWeights(WeightSource):
    """Some given weights; the others are from another source.

    Args:
        tensors: the given ones, by layer's path and name.
        source: the one of all others.
    """

    def __init__(self, tensors: Mapping[Key, Array], source: WeightSource) -> None:
        self._tensors = tensors
        self._given = GivenWeights(tensors)
        self._source, self.seed = source, source.seed

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor."""
        return (self._given if wanted.key in self._tensors else self._source).tensor(wanted)


class KeptWeights(WeightSource):
    """Weights of another source, each asked for once: for several runs with the same weights, or to hand them on.

    Attributes:
        tensors: those that were needed so far.
    """

    def __init__(self, source: WeightSource) -> None:
        self.tensors: dict[Key, Array] = {}
        self._source, self.seed = source, source.seed

    def tensor(self, wanted: TensorRequest) -> Array:
        """The tensor, from the other source at its first use."""
        if wanted.key not in self.tensors:
            self.tensors[wanted.key] = self._source.tensor(wanted)
        return self.tensors[wanted.key]


def _as_multiplied(array: Array) -> Array:
    """Kernels in the memory order in which the executor multiplies them, so that they are not copied for each run."""
    axes = memory_order(array.ndim)
    return np.ascontiguousarray(array.transpose(axes)).transpose(np.argsort(axes))
