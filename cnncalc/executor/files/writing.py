"""Arrays into files, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO
from zipfile import ZipFile

from numpy.lib import format as npy

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array
from cnncalc.files import replace_file


def write_arrays(path: str, arrays: Mapping[str, Array]) -> None:
    """Write arrays to a file, or over it: a .npz archive with the name of each, or one array alone as .npy.

    The path's suffix says which of the two. Equal arrays give equal files.

    Raises:
        ExecutionError: it cannot be written; an old file is still there.
    """
    if path.lower().endswith(".npz"):
        _write(path, lambda file: _archive(file, arrays))
    else:
        (array,) = arrays.values()
        _write(path, lambda file: npy.write_array(file, array, allow_pickle=False))


def _archive(file: IO[bytes], arrays: Mapping[str, Array]) -> None:
    # numpy.savez takes names as keyword arguments: an array named `file` would not get through.
    with ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)


def _write(path: str, write: Callable[[IO[bytes]], None]) -> None:
    try:
        replace_file(path, write)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be written: {error.strerror or error}") from None
