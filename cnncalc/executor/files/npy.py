"""Arrays in .npy files and .npz archives. A header is read first, and must agree with the size of the file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from io import BytesIO
from math import prod
from typing import IO, Any, NamedTuple
from zipfile import ZipFile

import numpy as np
from numpy.lib import format as npy

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array
from cnncalc.executor.files.reading import as_float32, reading, require_few, require_numbers
from cnncalc.files import open_member
from cnncalc.language.problems import one_line

HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""The reader of each version of the format; 3.0 is for arrays with named fields, which are not numbers."""

SUFFIX = ".npy"

MAX_HEADER = 64_000
"""The most bytes of a header; that of an array with 32 axes has fewer than a thousand."""


class NpyHeader(NamedTuple):
    """The header of a .npy file."""

    shape: tuple[int, ...]
    columns_first: bool
    dtype: np.dtype[Any]

    @property
    def bytes(self) -> int:
        """The size of its values."""
        return prod(self.shape) * self.dtype.itemsize


def read_npy(path: str) -> Array:
    """The array of a .npy file."""
    with reading(path, "a .npy file"), open(path, "rb") as file:
        return _array(file, path, os.fstat(file.fileno()).st_size)


def npz_shapes(path: str) -> dict[str, tuple[int, ...]]:
    """The shape of each array of a .npz archive; only headers are read."""
    shapes = {}
    with reading(path, "a .npz file"), ZipFile(path) as archive:
        require_few(len(archive.infolist()), path)
        for member in archive.infolist():
            if member.filename.endswith(SUFFIX):
                name = member.filename.removesuffix(SUFFIX)
                with open_member(archive, member) as file:
                    shapes[name] = _header(file, f"{path}: {one_line(name)}", member.file_size).shape
    return shapes


def read_npz(path: str, names: Iterable[str]) -> dict[str, Array]:
    """The named arrays of a .npz archive."""
    arrays = {}
    with reading(path, "a .npz file"), ZipFile(path) as archive:
        for name in names:
            member = archive.getinfo(f"{name}{SUFFIX}")
            with open_member(archive, member) as file:
                arrays[name] = _array(file, f"{path}: {one_line(name)}", member.file_size)
    return arrays


def _header(file: IO[bytes], what: str, size: int) -> NpyHeader:
    """The header at the start of a file, after it is compared with the size of the file."""
    try:
        version = npy.read_magic(file)
    except ValueError:
        raise ExecutionError(f"{what} is not an array: a .npy file starts with \\x93NUMPY") from None
    if version not in HEADERS:
        raise ExecutionError(f"{what} has .npy format {version[0]}.{version[1]}; 1.0 or 2.0 is expected")
    field = file.read(2 if version == (1, 0) else 4)
    length = int.from_bytes(field, "little")
    if length > MAX_HEADER:
        raise ExecutionError(f"{what} is damaged: its header has {length:,} bytes, but a hundred are enough")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings about headers that Python 2 wrote
        header = NpyHeader(*HEADERS[version](BytesIO(field + file.read(length))))
    require_numbers(header.dtype, what)
    follow = size - file.tell()
    if header.bytes != follow or min(header.shape, default=0) < 0:
        sizes = f"{list(header.shape)} of {header.dtype} is {header.bytes:,} bytes, but {follow:,} follow its header"
        raise ExecutionError(f"{what} is cut short or damaged: {sizes}")
    return header


def _array(file: IO[bytes], what: str, size: int) -> Array:
    header = _header(file, what, size)
    values = np.frombuffer(file.read(header.bytes), header.dtype)
    return as_float32(values.reshape(header.shape, order="F" if header.columns_first else "C"), what)
