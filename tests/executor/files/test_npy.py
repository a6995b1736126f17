"""Arrays in .npy and .npz files: what is read, and that no damage and no claim of a header does harm."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile

import numpy as np
import pytest
from archives import save_npz
from executor.files.damage import damaged

from cnncalc.errors import ExecutionError
from cnncalc.executor.files import reading
from cnncalc.executor.files.npy import npz_shapes, read_npy, read_npz


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | object], str]:
    """`file(array)`: the name of a .npy file with it, or with these bytes, in the current folder."""
    monkeypatch.chdir(tmp_path)

    def write(content: bytes | object) -> str:
        if isinstance(content, bytes):
            Path("x.npy").write_bytes(content)
        else:
            np.save("x.npy", np.asarray(content), allow_pickle=True)
        return "x.npy"

    return write


Write = Callable[[bytes | object], str]


def header(text: str, version: tuple[int, int] = (1, 0)) -> bytes:
    """The start of a .npy file with this description."""
    length = len(text).to_bytes(2 if version == (1, 0) else 4, "little")
    return b"\x93NUMPY" + bytes(version) + length + text.encode()


def described(shape: str, descr: str = "<f4") -> str:
    return f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n"


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2", "|i1", "|u1", ">i2", "<u8"])
def test_whole_numbers_and_floats_become_float32(file: Write, dtype: str) -> None:
    array = read_npy(file(np.array([[1, 2, 3], [4, 5, 100]], dtype)))
    assert array.dtype == np.float32
    assert array.tolist() == [[1, 2, 3], [4, 5, 100]]


def test_an_array_that_lies_column_by_column_is_read_as_it_is_meant(file: Write) -> None:
    assert read_npy(file(np.asfortranarray([[1, 2, 3], [4, 5, 6]]))).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_header_of_format_2_is_read(file: Write) -> None:
    content = header(described("(2,)"), (2, 0)) + np.array([1, 2], "<f4").tobytes()
    assert read_npy(file(content)).tolist() == [1, 2]


def test_a_header_that_python_2_wrote_is_read_without_a_warning(file: Write) -> None:
    content = header(described("(2L,)")) + np.array([1, 2], "<f4").tobytes()
    assert read_npy(file(content)).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1,2,3\n4,5,6\n", r"x.npy is not an array: a .npy file starts with \x93NUMPY"),
        (b"", r"x.npy is not an array: a .npy file starts with \x93NUMPY"),
        (pickle.dumps([1, 2]), r"x.npy is not an array: a .npy file starts with \x93NUMPY"),
        (np.array([{}], object), "x.npy holds Python objects, which are never loaded; whole numbers or floats are "),
        (np.array([True]), "x.npy holds bool; whole numbers or floats are expected"),
        (np.array([1j]), "x.npy holds complex128; whole numbers or floats are expected"),
        (np.array(["a"]), "x.npy holds <U1; whole numbers or floats are expected"),
        (np.array([(1, 2)], "i4,i4"), "x.npy holds [('f0', '<i4'), ('f1', '<i4')]; whole numbers"),
        (np.array([[1, 2], [np.nan, 4]]), "x.npy holds nan at [1, 0]; finite numbers are expected"),
        (np.array([1, -np.inf]), "x.npy holds -inf at [1]; finite numbers are expected"),
        (np.array([1, 1e39]), "x.npy holds 1e+39 at [1]; float32 cannot hold it"),
        (header(described("(3,)"), (3, 0)), "x.npy has .npy format 3.0; 1.0 or 2.0 is expected"),
        (header(described("(3,)")) + bytes(11), "x.npy is cut short or damaged: [3] of float32 is 12 bytes, but 11 "),
        (header(described("(3,)")) + bytes(16), "[3] of float32 is 12 bytes, but 16 follow its header"),
        (header(described("(-1, -2)")) + bytes(8), "[-1, -2] of float32 is 8 bytes, but 8 follow its header"),
        (
            header(described("(1000000, 1000000)")) + bytes(8),
            "[1000000, 1000000] of float32 is 4,000,000,000,000 bytes, but 8 follow its header",
        ),
        (header("(" * 9000), "x.npy is damaged, or not a .npy file: "),
        (header("{}" + " " * 60_000), "x.npy is damaged, or not a .npy file: "),
        (header("__import__('os').system('true')"), "x.npy is damaged, or not a .npy file: "),
        (header(described("(" + "1, " * 70 + ")")) + bytes(4), "x.npy is damaged, or not a .npy file: "),
    ],
    ids=[
        "text", "nothing", "a pickle", "objects", "truth values", "complex numbers", "words", "records", "not a number",
        "infinity", "a float64 too large", "format 3", "bytes missing", "bytes too many", "negative sizes",
        "more than any memory", "brackets without end", "a header without end", "a call", "too many axes",
    ],
)  # fmt: skip
def test_what_is_no_array_of_finite_numbers_is_refused(file: Write, content: bytes | object, message: str) -> None:
    with pytest.raises(ExecutionError) as raised:
        read_npy(file(content))
    assert message in str(raised.value)
    assert len(str(raised.value)) < 700


def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npy")
    for path in (str(tmp_path), str(tmp_path / "pipe.npy"), str(tmp_path / "nothing.npy")):
        with pytest.raises(ExecutionError, match="is not a file; a .npy file is expected"):
            read_npy(path)


def test_a_file_that_may_not_be_opened_is_told(file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    path = file(np.zeros(1))
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ExecutionError, match=r"^x.npy cannot be read: Permission denied$"):
        read_npy(path)


def test_a_file_that_does_not_fit_into_memory_is_told(file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise MemoryError

    path = file(np.zeros(1))
    monkeypatch.setattr(np, "frombuffer", refuse)
    with pytest.raises(ExecutionError, match=r"^x.npy does not fit into memory$"):
        read_npy(path)


def test_damaged_arrays_are_read_or_refused(file: Write) -> None:
    path, refused = file(np.arange(24.0).reshape(2, 3, 4)), list[str]()
    for copy in damaged(Path(path).read_bytes(), 1000, 128):
        try:
            assert np.isfinite(read_npy(file(copy))).all()
        except ExecutionError as error:
            refused.append(str(error))
    assert all(message.startswith("x.npy ") for message in refused)
    assert 500 < len(refused) < 1000


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a .npz file."""
    monkeypatch.chdir(tmp_path)
    save_npz("w.npz", {"conv1/weight": np.ones((2, 3)), "conv1/bias": np.arange(2)})
    return "w.npz"


def test_the_shapes_of_an_archive_are_read_by_name(archive: str) -> None:
    assert npz_shapes(archive) == {"conv1/weight": (2, 3), "conv1/bias": (2,)}


def test_only_the_named_arrays_are_read(archive: str) -> None:
    assert {name: array.tolist() for name, array in read_npz(archive, ["conv1/bias"]).items()} == {"conv1/bias": [0, 1]}


def test_a_compressed_archive_is_read(archive: str) -> None:
    np.savez_compressed(archive, a=np.arange(3))
    assert read_npz(archive, ["a"])["a"].tolist() == [0, 1, 2]


def test_an_archive_that_python_would_unpack_whole_is_refused(archive: str) -> None:
    with ZipFile(archive, "w", ZIP_BZIP2) as file:
        file.writestr("a.npy", b" " * 1000)
    for read in (npz_shapes, lambda path: read_npz(path, ["a"])):
        with pytest.raises(ExecutionError, match=r"^w.npz is damaged, or not a .npz file: it is packed in a way that"):
            read(archive)


def test_what_is_no_array_in_an_archive_is_passed_over(archive: str) -> None:
    with ZipFile(archive, "a") as file:
        file.writestr("readme.txt", "hello")
    assert set(npz_shapes(archive)) == {"conv1/weight", "conv1/bias"}


def test_a_pickle_named_npz_is_refused(archive: str) -> None:
    Path(archive).write_bytes(pickle.dumps({"conv1/weight": [1]}))
    with pytest.raises(ExecutionError, match=r"^w.npz is damaged, or not a .npz file: File is not a zip file$"):
        npz_shapes(archive)


def test_objects_in_an_archive_are_never_loaded(archive: str) -> None:
    np.savez(archive, a=np.array([print], object))
    with pytest.raises(ExecutionError, match=r"^w.npz: a holds Python objects, which are never loaded"):
        npz_shapes(archive)


def test_a_member_that_is_no_array_is_named(archive: str) -> None:
    with ZipFile(archive, "w") as file:
        file.writestr("conv1/weight.npy", "hello")
    with pytest.raises(ExecutionError, match=r"^w.npz: conv1/weight is not an array"):
        npz_shapes(archive)


def test_a_header_in_an_archive_must_agree_with_the_size_of_its_member(archive: str) -> None:
    with ZipFile(archive, "w") as file:
        file.writestr("a.npy", header(described("(1000000, 1000000)")) + bytes(8))
    with pytest.raises(ExecutionError, match="w.npz: a is cut short or damaged: .* but 8 follow its header"):
        npz_shapes(archive)


def test_a_member_whose_bytes_have_changed_is_noticed(archive: str) -> None:
    whole = Path(archive).read_bytes()
    Path(archive).write_bytes(whole.replace(np.ones(1).tobytes(), np.full(1, 2.0).tobytes(), 1))
    with pytest.raises(ExecutionError, match="is damaged, or not a .npz file: Bad CRC-32"):
        read_npz(archive, ["conv1/weight"])


def test_nan_in_an_archive_is_refused_with_its_place(archive: str) -> None:
    np.savez(archive, a=np.array([[0, 1], [2, np.nan]]))
    with pytest.raises(ExecutionError, match=r"^w.npz: a holds nan at \[1, 1\]; finite numbers are expected$"):
        read_npz(archive, ["a"])


def test_more_tensors_than_any_network_has_are_not_looked_at(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_TENSORS", 1)
    with pytest.raises(ExecutionError, match=r"^w.npz holds 2 tensors; at most 1 are read$"):
        npz_shapes(archive)


def test_names_from_an_archive_do_not_reach_the_terminal_as_codes(archive: str) -> None:
    with ZipFile(archive, "w") as file:
        file.writestr("\x1b[31ma.npy", "hello")
    with pytest.raises(ExecutionError) as raised:
        npz_shapes(archive)
    assert str(raised.value).startswith("w.npz:  [31ma is not an array")


def test_damaged_archives_are_read_or_refused(archive: str) -> None:
    whole, refused = Path(archive).read_bytes(), list[str]()
    for copy in damaged(whole, 1000, len(whole)):
        Path(archive).write_bytes(copy)
        try:
            assert all(np.isfinite(array).all() for array in read_npz(archive, npz_shapes(archive)).values())
        except ExecutionError as error:
            refused.append(str(error))
    assert all(message.startswith("w.npz") for message in refused)
    assert 500 < len(refused) < 1000
