"""The ledger of a layer's function: its weights, the count of its products, memory that it may reuse.

An array holds one value of the network with its channels last, (*spatial, C): each position is then a
row that BLAS can multiply, and an operation for each channel broadcasts along the last axis.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from math import prod, sqrt
from threading import local
from typing import NamedTuple, TypeVar
from zlib import crc32

import numpy as np
import numpy.typing as npt

from cnncalc.executor.threads import CORES, spread

Array = npt.NDArray[np.float32]

Sizes = tuple[int, ...]

Key = tuple[str, str]
"""A layer's path and the name of one of its tensors: ("conv3.2/residual/conv1", "weight")."""

Result = TypeVar("Result")

BLOCK = 1 << 18
"""How many values are worked on at a time: 1 MB, so that the result of one operation is still cached for the next."""

MOST_KEPT = 1 << 21
"""How many values a thread keeps memory for, 8 MB."""

ROW = 1 << 13
"""How many values the learned ones of channels are repeated to: numpy computes long rows fastest."""


class TensorRequest(NamedTuple):
    """A stored tensor that a layer asks for.

    Attributes:
        path: the layer's.
        name: the tensor's: `weight`.
        shape: by the layer's function.
        center, spread: made-up values are from center - spread to center + spread.
    """

    path: str
    name: str
    shape: Sizes
    center: float = 0.0
    spread: float = 1.0

    @property
    def key(self) -> Key:
        """A key that no other tensor of the network has."""
        return self.path, self.name


class WeightSource(ABC):
    """A source of weights.

    Attributes:
        seed: that of everything that is drawn beside them.
    """

    seed: int = 0

    @abstractmethod
    def tensor(self, wanted: TensorRequest) -> Array:
        """The stored tensor."""

    def parts(self, wanted: TensorRequest) -> Sequence[Callable[[], Array]]:
        """Functions that give the tensor some rows at a time, in any thread: it need not be in memory as a whole.

        The rows are valid until the thread asks for others.
        """
        tensor = self.tensor(wanted)
        return [lambda rows=rows: tensor[rows] for rows in parts_of(len(tensor), tensor[0].size)]  # type: ignore[misc]


class Ledger:
    """The record of one layer's execution.

    Attributes:
        used: the shape of each stored tensor that the layer took, by name.
        macs: multiply–accumulates performed, from the arrays that were multiplied.
    """

    def __init__(self, path: str, source: WeightSource, *, spare: bool = False) -> None:
        self.used: dict[str, Sizes] = {}
        self._products: list[int] = []
        self._path = path
        self._source = source
        self._spare = spare

    @property
    def macs(self) -> int:
        """The number performed by all threads."""
        return sum(self._products)

    def spare(self, x: Array) -> Array | None:
        """`x` if nobody reads it any more, so that its memory may take the output; else None."""
        return x if self._spare else None

    def tensor(self, name: str, *shape: int, center: float = 0.0, spread: float = 1.0) -> Array:
        """A stored tensor of the layer; center and spread are for made-up weights."""
        array = self._source.tensor(TensorRequest(self._path, name, shape, center, spread))
        self.used[name] = array.shape
        return array

    def rows(self, work: Callable[[Array], Result], name: str, *shape: int, spread_: float) -> list[Result]:
        """The results of `work` on a stored tensor, some rows at a time."""

        def done(part: Callable[[], Array]) -> tuple[Sizes, Result]:
            block = part()
            return block.shape, work(block)

        shapes, results = zip(
            *spread(done, self._source.parts(TensorRequest(self._path, name, shape, spread=spread_))), strict=True
        )
        self.used[name] = (sum(rows for rows, *_ in shapes), *shapes[0][1:])
        return list(results)

    def bias(self, size: int) -> Array:
        """The stored tensor `bias`, one value for each channel of the output."""
        return self.tensor("bias", size, spread=0.1)

    def chance(self) -> np.random.Generator:
        """The layer's source of random values: equal seeds give it equal ones."""
        return np.random.Generator(np.random.SFC64([crc32(self._path.encode()), self._source.seed]))

    def multiply(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """The matrix product of a and b, counted by its index space."""
        product: Array = np.matmul(a, b, out=out)
        self._products.append(product.size * a.shape[-1])
        return product

    def sum_products(self, windows: Array, kernels: Array, out: Array) -> None:
        """The products of windows, (*taps, *positions, values), with kernels, (*taps, values), summed up over the taps.

        They are counted by the values of the windows: each is multiplied by one value of the kernels.
        """
        axes = "abcdefghijklm"[: windows.ndim]
        taps, others = axes[: -out.ndim], axes[-out.ndim :]
        np.einsum(f"{axes},{taps}{axes[-1]}->{others}", windows, kernels, out=out)
        self._products.append(windows.size)


_kept = local()


def room(*shape: int) -> Array:
    """Memory of this thread for a part of the work: its earlier contents are overwritten.

    It is kept, so that the system need not find and clear pages for each part again.
    """
    size = prod(shape)
    if size > MOST_KEPT:
        return np.empty(shape, np.float32)
    kept: Array | None = getattr(_kept, "room", None)
    if kept is None or kept.size < size:
        kept = _kept.room = np.empty(size, np.float32)
    return kept[:size].reshape(shape)


def by(sizes: Sizes) -> str:
    """Sizes as a message has them: `96x3x11x11`."""
    return "x".join(map(str, sizes)) or "a single number"


def add_by_channel(y: Array, offset: Array) -> None:
    """y += offset. numpy alone would repeat a lone offset for all channels.

    Raises:
        ValueError: there is not one offset for each channel.
    """
    if offset.shape != y.shape[-1:]:
        raise ValueError(f"{offset.shape} offsets are given for {y.shape[-1]} channels")
    np.add(y, offset, out=y)


def scaled_by_channel(x: Array, factor: Array, offset: Array | None, out: Array | None) -> Array:
    """x * factor + offset, one of each for each channel.

    Raises:
        ValueError: there is not one factor or offset for each channel.
    """
    for name, learned in (("factors", factor), ("offsets", offset)):
        if learned is not None and learned.shape != x.shape[-1:]:
            raise ValueError(f"{learned.shape} {name} are given for {x.shape[-1]} channels")
    y = np.empty_like(x) if out is None else out
    if x.size < BLOCK // 2 or not (x.flags.c_contiguous and y.flags.c_contiguous):
        np.multiply(x, factor, out=y)
        return y if offset is None else np.add(y, offset, out=y)
    rows = max(1, ROW // len(factor))
    length = rows * len(factor)
    factors, offsets = np.tile(factor, rows), None if offset is None else np.tile(offset, rows)

    def scale(part: slice) -> None:
        some = slice(part.start * length, part.stop * length)
        for values, target in _rows(x.reshape(-1)[some], y.reshape(-1)[some], length):
            np.multiply(values, factors[: values.shape[-1]], out=target)
            if offsets is not None:
                np.add(target, offsets[: values.shape[-1]], out=target)

    spread(scale, parts_of(-(-x.size // length), length))
    return y


def _rows(values: Array, target: Array, length: int) -> Iterator[tuple[Array, Array]]:
    """Two vectors as matrices with rows of this length, and the rest of them."""
    whole = len(values) - len(values) % length
    yield values[:whole].reshape(-1, length), target[:whole].reshape(-1, length)
    yield values[whole:], target[whole:]


def parts_of(count: int, size: int) -> list[slice]:
    """The parts of some rows that fit into a block, or of one row; one part for each thread if that pays."""
    step = max(1, BLOCK // size)
    if count * size >= BLOCK // 4:
        step = min(step, -(-count // CORES))
    return [slice(first, min(first + step, count)) for first in range(0, count, step)]


def memory_order(rank: int) -> tuple[int, ...]:
    """The order of a tensor's axes in memory: kernels have channels and filters last."""
    return (*range(2, rank), 1, 0) if rank > 2 else tuple(range(rank))


def fan_in_spread(fan_in: int) -> float:
    """The spread of made-up weights that keeps the size of values through a relu.

    Source: He et al. 2015, arXiv:1502.01852, section 2.2; a uniform distribution of that variance.
    """
    return sqrt(6 / fan_in)
