"""Tensors in .safetensors files, read by their own library."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numpy as np

from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.base import Array
from cnncalc.executor.files.reading import AnyArray, as_float32, reading, require_few
from cnncalc.language.problems import one_line

NUMBERS = frozenset({"F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64"})
"""The types that numpy has too."""

BF16 = "BF16"
"""The upper half of a float32, which numpy does not have."""


def safetensors_shapes(path: str) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor of a .safetensors file; only its header is read."""
    library = _library()
    with reading(path, "a .safetensors file"), library.safe_open(path, framework="numpy") as file:
        names = file.keys()
        require_few(len(names), path)
        return {name: tuple(file.get_slice(name).get_shape()) for name in names}


def read_safetensors(path: str, names: Iterable[str]) -> dict[str, Array]:
    """The named tensors of a .safetensors file."""
    library = _library()
    tensors: dict[str, Array] = {}
    halves: dict[str, bytes] = {}
    with reading(path, "a .safetensors file"), library.safe_open(path, framework="numpy") as file:
        for name in names:
            part, what = file.get_slice(name), f"{path}: {one_line(name)}"
            if part.get_dtype() == BF16:
                halves = halves or _upper_halves(library, path)
                tensors[name] = as_float32(widened(halves[name]).reshape(part.get_shape()), what)
            elif part.get_dtype() in NUMBERS:
                tensors[name] = as_float32(file.get_tensor(name), what)
            else:
                raise ExecutionError(f"{what} holds {part.get_dtype()}; whole numbers or floats are expected")
    return tensors


def _library() -> ModuleType:
    try:
        import safetensors
    except ImportError:
        raise MissingExtra("safetensors", "safetensors") from None
    return safetensors


def _upper_halves(library: Any, path: str) -> dict[str, bytes]:
    """The bytes of every bf16 tensor; the library gives bytes for the whole file only."""
    with open(path, "rb") as file:
        tensors = library.deserialize(file.read())
    return {name: tensor["data"] for name, tensor in tensors if tensor["dtype"] == BF16}


def widened(halves: bytes) -> AnyArray:
    """bf16 as float32: sixteen zero bits after each value."""
    return (np.frombuffer(halves, "<u2").astype(np.uint32) << 16).view(np.float32)
