"""Tensors in .safetensors files; those that the library does not write are put together byte by byte."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from executor.files.damage import damaged
from safetensors.numpy import save_file

from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.files import reading
from cnncalc.executor.files.safetensors import read_safetensors, safetensors_shapes

FILE = "w.safetensors"

BF16 = bytes.fromhex("c03f 00c0 5040")
"""1.5, -2 and 3.25: the upper halves of 0x3fc00000, 0xc0000000 and 0x40500000, least byte first."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**tensors: tuple[str, list[int], bytes]) -> None:
    """A file with these tensors: type, shape and bytes."""
    description: dict[str, Any] = {}
    data = b""
    for name, (dtype, shape, content) in tensors.items():
        end = len(data) + len(content)
        description[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), end]}
        data += content
    text = json.dumps(description).encode()
    Path(FILE).write_bytes(len(text).to_bytes(8, "little") + text + data)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
def test_whole_numbers_and_floats_become_float32(dtype: str) -> None:
    save_file({"a": np.array([[1, 2], [3, 100]], dtype), "b": np.zeros(1, dtype)}, FILE)
    assert safetensors_shapes(FILE) == {"a": (2, 2), "b": (1,)}
    tensors = read_safetensors(FILE, ["a"])
    assert tensors["a"].dtype == np.float32
    assert {name: array.tolist() for name, array in tensors.items()} == {"a": [[1, 2], [3, 100]]}


def test_bf16_becomes_float32() -> None:
    write(a=("BF16", [3], BF16), b=("F32", [1], bytes(4)), c=("BF16", [1, 2], BF16[2:]))
    tensors = read_safetensors(FILE, ["a", "b", "c"])
    assert {array.dtype for array in tensors.values()} == {np.dtype(np.float32)}
    assert {name: array.tolist() for name, array in tensors.items()} == {
        "a": [1.5, -2, 3.25], "b": [0], "c": [[-2, 3.25]],
    }  # fmt: skip


def test_other_types_are_refused_by_name() -> None:
    write(a=("BOOL", [2], bytes(2)))
    with pytest.raises(ExecutionError, match=r"^w.safetensors: a holds BOOL; whole numbers or floats are expected$"):
        read_safetensors(FILE, ["a"])


@pytest.mark.parametrize(
    ("dtype", "content", "value"),
    [("F32", np.array([0, np.inf], "<f4").tobytes(), "inf"), ("BF16", bytes.fromhex("0000 c07f"), "nan")],
)
def test_what_is_not_finite_is_refused_with_its_place(dtype: str, content: bytes, value: str) -> None:
    write(a=(dtype, [2, 1], content))
    with pytest.raises(ExecutionError, match=rf"^w.safetensors: a holds {value} at \[1, 0\]; finite numbers are exp"):
        read_safetensors(FILE, ["a"])


@pytest.mark.parametrize(
    "content",
    [b"", b"hello, this is no tensor", (2**60).to_bytes(8, "little") + b"{}", bytes(100)],
    ids=["nothing", "text", "a header of 10^18 bytes", "zeros"],
)
def test_what_is_no_safetensors_file_is_refused(content: bytes) -> None:
    Path(FILE).write_bytes(content)
    with pytest.raises(ExecutionError, match=r"^w.safetensors is damaged, or not a .safetensors file: "):
        safetensors_shapes(FILE)


def test_a_file_that_is_cut_short_is_refused() -> None:
    save_file({"a": np.zeros(9)}, FILE)
    Path(FILE).write_bytes(Path(FILE).read_bytes()[:-1])
    with pytest.raises(ExecutionError, match="damaged, or not a .safetensors file: "):
        safetensors_shapes(FILE)


def test_sizes_that_the_file_does_not_hold_are_refused() -> None:
    write(a=("F32", [10**6, 10**6], bytes(8)))
    with pytest.raises(ExecutionError, match="damaged, or not a .safetensors file: "):
        safetensors_shapes(FILE)


def test_more_tensors_than_any_network_has_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    save_file({"a": np.zeros(1), "b": np.zeros(1)}, FILE)
    monkeypatch.setattr(reading, "MAX_TENSORS", 1)
    with pytest.raises(ExecutionError, match=r"^w.safetensors holds 2 tensors; at most 1 are read$"):
        safetensors_shapes(FILE)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    message = r"^the package safetensors is not installed; install it with: pip install 'cnncalc\[safetensors\]'$"
    with pytest.raises(MissingExtra, match=message):
        safetensors_shapes(FILE)


def test_damaged_files_are_read_or_refused() -> None:
    write(a=("BF16", [3], BF16), b=("F64", [2, 2], bytes(32)))
    whole, refused = Path(FILE).read_bytes(), list[str]()
    for copy in damaged(whole, 1000, len(whole) - 38):
        Path(FILE).write_bytes(copy)
        try:
            assert all(np.isfinite(array).all() for array in read_safetensors(FILE, safetensors_shapes(FILE)).values())
        except ExecutionError as error:
            refused.append(str(error))
    assert all(message.startswith("w.safetensors") for message in refused)
    assert 500 < len(refused) < 1000
