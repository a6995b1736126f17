"""The base of all readers: how damage is reported, and which numbers are accepted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from cnncalc.errors import CnnCalcError, ExecutionError
from cnncalc.executor.base import Array
from cnncalc.language.problems import one_line

AnyArray = npt.NDArray[Any]

MAX_TENSORS = 100_000


@contextmanager
def reading(path: str, what: str) -> Iterator[None]:
    """Raise one ExecutionError of one line for everything that goes wrong while `a .npy file` is read."""
    if not os.path.isfile(path):
        raise ExecutionError(f"{path} is not a file; {what} is expected")
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read: {error.strerror}") from None
    try:
        yield
    except CnnCalcError:
        raise
    except MemoryError:
        raise ExecutionError(f"{path} does not fit into memory") from None
    except Exception as error:  # for damaged files numpy, zipfile, safetensors and Pillow raise errors of any class
        raise ExecutionError(f"{path} is damaged, or not {what}: {one_line(str(error))}") from None


def require_few(count: int, path: str) -> None:
    """Raise ExecutionError when a file holds more tensors than any network has."""
    if count > MAX_TENSORS:
        raise ExecutionError(f"{path} holds {count:,} tensors; at most {MAX_TENSORS:,} are read")


def require_numbers(dtype: np.dtype[Any], what: str) -> None:
    """Raise ExecutionError unless values of this type are whole numbers or floats."""
    if dtype.kind not in "iuf":
        kind = "Python objects, which are never loaded" if dtype.hasobject else str(dtype)
        raise ExecutionError(f"{what} holds {one_line(kind)}; whole numbers or floats are expected")


def as_float32(array: AnyArray, what: str) -> Array:
    """The array's values as float32; `what` is its name in messages.

    Raises:
        ExecutionError: it has no numbers, or one that is not finite; the message has its place.
    """
    require_numbers(array.dtype, what)
    with np.errstate(over="ignore"):
        converted = array.astype(np.float32, copy=False)
    place = place_of_first(~np.isfinite(converted))
    if place is None:
        return converted
    reason = "float32 cannot hold it" if np.isfinite(array[place]) else "finite numbers are expected"
    raise ExecutionError(f"{what} holds {array[place]} at {list(place)}; {reason}")


def place_of_first(wrong: npt.NDArray[np.bool_]) -> tuple[int, ...] | None:
    """The index of the first True; None if there is none."""
    if not wrong.any():
        return None
    return tuple(map(int, np.unravel_index(int(np.argmax(wrong)), wrong.shape)))
