"""What a layer's function works with: its weights, the count of what it multiplied, memory it may reuse.

An array holds one value of the network with its channels last, (*spatial, C): each position is then a
row that BLAS can multiply, and what is done for each channel broadcasts along the last axis.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

Sizes = tuple[int, ...]

Key = tuple[str, str]
"""A layer's path and the name of one of its tensors: ("conv3.2/residual/conv1", "weight")."""

BLOCK = 1 << 20
"""Values that are worked on at a time: 4 MB, so that what one operation wrote is still cached for the next."""


class TensorRequest(NamedTuple):
    """A stored tensor that a layer asks for.

    Attributes:
        path: the layer's.
        name: the tensor's: `weight`.
        shape: as the layer's function says it.
        center, spread: values that are made up are from center - spread to center + spread.
    """

    path: str
    name: str
    shape: Sizes
    center: float = 0.0
    spread: float = 1.0

    @property
    def key(self) -> Key:
        """What tells it from every other tensor of the network."""
        return self.path, self.name


class WeightSource(ABC):
    """Where weights come from."""

    @abstractmethod
    def tensor(self, wanted: TensorRequest) -> Array:
        """The stored tensor."""

    def rows(self, wanted: TensorRequest) -> Iterator[Array]:
        """The same some rows at a time, where it need not be in memory as a whole."""
        yield self.tensor(wanted)


class Ledger:
    """What the execution of one layer used and did.

    Attributes:
        used: the shape of each stored tensor that the layer took, by name.
        macs: multiply–accumulates performed, from the arrays that were multiplied.
    """

    def __init__(self, path: str, source: WeightSource, *, spare: bool = False) -> None:
        self.used: dict[str, Sizes] = {}
        self.macs = 0
        self._path = path
        self._source = source
        self._spare = spare

    def spare(self, x: Array) -> Array | None:
        """`x` where nobody reads it any more, so that its memory may take the output; else None."""
        return x if self._spare else None

    def tensor(self, name: str, *shape: int, center: float = 0.0, spread: float = 1.0) -> Array:
        """A stored tensor of the layer; center and spread are for weights that are made up."""
        array = self._source.tensor(TensorRequest(self._path, name, shape, center, spread))
        self.used[name] = array.shape
        return array

    def rows(self, name: str, *shape: int, spread: float) -> Iterator[Array]:
        """A stored tensor some rows at a time."""
        count, row = 0, shape[1:]
        for block in self._source.rows(TensorRequest(self._path, name, shape, spread=spread)):
            count, row = count + len(block), block.shape[1:]
            yield block
        self.used[name] = (count, *row)

    def bias(self, size: int) -> Array:
        """The stored tensor `bias`, one value for each channel of the output."""
        return self.tensor("bias", size, spread=0.1)

    def multiply(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """The matrix product of a and b, counted by its index space."""
        product: Array = np.matmul(a, b, out=out)
        self.macs += product.size * a.shape[-1]
        return product

    def multiply_add(self, a: Array, b: Array, total: Array, scratch: Array) -> None:
        """total += a * b, counted by the products that are formed; scratch takes them."""
        np.multiply(a, b, out=scratch)
        np.add(total, scratch, out=total)
        self.macs += scratch.size


def by(sizes: Sizes) -> str:
    """Sizes as a message has them: `96x3x11x11`."""
    return "x".join(map(str, sizes)) or "a single number"


def add_by_channel(y: Array, offset: Array) -> None:
    """y += offset. numpy alone would repeat a lone offset for all channels.

    Raises:
        ValueError: there is not one offset for each channel.
    """
    if offset.shape != y.shape[-1:]:
        raise ValueError(f"{offset.shape} offsets meet {y.shape[-1]} channels")
    np.add(y, offset, out=y)


def scaled_by_channel(x: Array, factor: Array, offset: Array | None, out: Array | None) -> Array:
    """x * factor + offset, one of each for each channel.

    Raises:
        ValueError: there is not one factor or offset for each channel.
    """
    if factor.shape != x.shape[-1:]:
        raise ValueError(f"{factor.shape} factors meet {x.shape[-1]} channels")
    y = np.empty_like(x) if out is None else out
    for part, target in blocks(x, y):
        np.multiply(part, factor, out=target)
        if offset is not None:
            add_by_channel(target, offset)
    return y


def blocks(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """Two arrays of one shape, some positions at a time, so that both stay in the caches."""
    if x.ndim < 2:
        yield x, y
        return
    step = max(1, BLOCK // 4 // x[0].size)
    for start in range(0, len(x), step):
        yield x[start : start + step], y[start : start + step]


def fan_in_spread(fan_in: int) -> float:
    """The spread of made-up weights that keeps the size of values through a relu.

    Source: He et al. 2015, arXiv:1502.01852, section 2.2; a uniform distribution of that variance.
    """
    return sqrt(6 / fan_in)
