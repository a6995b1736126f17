"""Arrays into files: what numpy reads again, whole or not at all."""

import os
from pathlib import Path

import numpy as np
import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor.files.writing import write_arrays

ONE = np.array([[1, 2], [3, 4]], np.float32)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_one_array_is_a_npy_file() -> None:
    write_arrays("x.npy", {"fc": ONE})
    assert np.load("x.npy").tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("name", ["conv3.2/residual/conv1/weight", "file", "args", "allow_pickle", "ü"])
def test_arrays_of_any_name_are_a_npz_file(name: str) -> None:
    write_arrays("x.npz", {name: ONE, "other": ONE[0]})
    with np.load("x.npz") as arrays:
        assert {key: array.tolist() for key, array in arrays.items()} == {name: [[1, 2], [3, 4]], "other": [1, 2]}


def test_equal_arrays_give_equal_files(monkeypatch: pytest.MonkeyPatch) -> None:
    write_arrays("a.npz", {"fc": ONE})
    monkeypatch.setattr("time.time", lambda: 2e9)
    write_arrays("b.npz", {"fc": ONE.copy()})
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()


def test_a_file_that_is_there_is_replaced() -> None:
    Path("x.npy").write_text("old", encoding="utf-8")
    write_arrays("x.npy", {"fc": ONE})
    assert np.load("x.npy").shape == (2, 2)
    assert os.listdir() == ["x.npy"]


def test_where_writing_fails_the_old_file_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    Path("x.npy").write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ExecutionError, match=r"^x.npy cannot be written: No space left on device$"):
        write_arrays("x.npy", {"fc": ONE})
    assert os.listdir() == ["x.npy"]
    assert Path("x.npy").read_text(encoding="utf-8") == "old"


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(ExecutionError, match=r"^nowhere/x.npz cannot be written: No such file or directory$"):
        write_arrays("nowhere/x.npz", {"fc": ONE})
