"""Files with a name on each line."""

from pathlib import Path

import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor.files import labels
from cnncalc.executor.files.labels import read_labels


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("names.txt")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("cat\ndog\n", ("cat", "dog")),
        ("cat\r\ndog", ("cat", "dog")),
        ("\ufeffcat\n dog \n\n\n", ("cat", "dog")),
        ("cat\n\ndog", ("cat", "", "dog")),
        ("tench, Tinca tinca\u2028\n\x1b[31mred", ("tench, Tinca tinca", " [31mred")),
    ],
    ids=["lines", "lines of Windows", "blanks around", "an empty line between", "signs that end or colour a line"],
)
def test_each_line_is_a_name(path: Path, content: str, names: tuple[str, ...]) -> None:
    path.write_bytes(content.encode())
    assert read_labels(str(path)) == names


def test_bytes_that_are_no_text_are_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExecutionError, match=r"^names.txt is damaged, or not UTF-8 text: 'utf-8' codec can't decode"):
        read_labels(str(path))


def test_a_file_that_is_too_large_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("x" * 11, encoding="utf-8")
    monkeypatch.setattr(labels, "MAX_CHARACTERS", 10)
    with pytest.raises(
        ExecutionError, match="names.txt has more than 10 characters; one name on each line is expected"
    ):
        read_labels(str(path))
