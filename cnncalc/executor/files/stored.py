"""Tensors as other tools store them: raw bytes with strides, HDF5, and other orders of axes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from math import prod
from typing import Protocol

import numpy as np

from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.base import Array, Sizes, by
from cnncalc.executor.files.reading import AnyArray, as_float32
from cnncalc.executor.files.safetensors import widened

BFLOAT16 = "bfloat16"


def raw_array(content: bytes, dtype: str, sizes: Sizes, strides: Sizes, offset: int, what: str) -> AnyArray:
    """The values of a tensor in a storage, of which it may be a part in another order.

    Raises:
        ExecutionError: the storage is too short.
    """
    type_ = np.dtype("<u2") if dtype == BFLOAT16 else np.dtype(dtype).newbyteorder("<")
    storage = np.frombuffer(content, type_, len(content) // type_.itemsize)
    last = offset + sum((n - 1) * step for n, step in zip(sizes, strides, strict=False))
    fits = len(sizes) == len(strides) and 0 < prod(sizes) <= len(storage) and last < len(storage)
    if not fits or min(offset, *strides, 0) < 0:
        raise ExecutionError(f"{what}: {by(sizes)} with strides {list(strides)} is not in its {len(content):,} bytes")
    steps = [step * storage.itemsize for step in strides]
    array = np.lib.stride_tricks.as_strided(storage[offset:], sizes, steps)
    return widened(array.tobytes()).reshape(sizes) if dtype == BFLOAT16 else array


def read_hdf5(content: bytes, names: Iterable[str]) -> dict[str, AnyArray]:
    """The named tensors of an HDF5 file; those that it does not have are left out.

    Raises:
        ExecutionError: the file is damaged.
        MissingExtra: h5py is not installed.
    """
    try:
        import h5py  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise MissingExtra("h5py", "hdf5") from None
    try:
        with h5py.File(BytesIO(content), "r") as file:
            found = {name: file.get(name) for name in names}
            # A tensor in another file would be read from there: only those in this file are taken.
            return {name: one[()] for name, one in found.items() if isinstance(one, h5py.Dataset) and not one.external}
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ExecutionError(f"the weights cannot be read: {error}"[:300]) from None


class Steps(Protocol):
    """The steps from a stored tensor to a weight.

    Attributes:
        view: the dims under which it is viewed; empty for its own.
        axes: the order of its axes then; empty for their own.
        parts: the number of equal parts that its rows are cut into.
        taken: the parts that are kept, in this order; empty for all.
    """

    @property
    def view(self) -> Sizes: ...
    @property
    def axes(self) -> Sizes: ...
    @property
    def parts(self) -> int: ...
    @property
    def taken(self) -> Sizes: ...


def arranged_tensor(array: AnyArray, steps: Steps, shape: Sizes, what: str) -> Array:
    """A tensor in the form of a layer's weight.

    Args:
        array: as it is stored.
        steps: those to be done.
        shape: the one of the weight.
        what: its name in messages.

    Raises:
        ExecutionError: it has another number of values, or some that are not finite numbers.
    """
    seen, is_open = abs(prod(steps.view)), -1 in steps.view
    fits = array.size % seen == 0 if is_open and seen else array.size == seen
    turned = array.reshape(steps.view) if steps.view and fits else array
    turned = turned.transpose(steps.axes) if len(steps.axes) == turned.ndim else turned
    if turned.size and turned.size % steps.parts == 0:
        rows = turned.reshape(steps.parts, -1)
        turned = rows[list(steps.taken)] if steps.taken else rows
    if turned.size != prod(shape):
        raise ExecutionError(f"{what}: {by(array.shape)} in the file, but the layer takes {by(shape)}")
    return as_float32(np.ascontiguousarray(turned.reshape(shape)), what)
