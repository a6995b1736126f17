"""Where a spec's text comes from: a file, standard input, a bundled architecture, or a string."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cnncalc.errors import ArchitectureNotFound, Problem, SpecError

MAX_BYTES = 4_000_000

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Source:
    """The text of one spec.

    Attributes:
        file: the name to print in front of each problem.
        text: the whole text.
        bundled: whether it is an architecture that comes with cnncalc.
    """

    file: str
    text: str
    bundled: bool = False


def bundled_folder() -> Path:
    """The folder of the bundled architectures: in the wheel, or in a checkout."""
    inside = _PACKAGE / "architectures"
    return inside if inside.is_dir() else _PACKAGE.parent / "architectures"


def bundled_specs() -> Iterator[tuple[str, Path]]:
    """(name, path) of every bundled architecture, by name."""
    for path in sorted(bundled_folder().glob("*.yaml")):
        yield path.stem, path


def read_source(spec: str) -> Source:
    """The text that SPEC stands for: a path, `-` for standard input, or a bundled name.

    Raises:
        ArchitectureNotFound: there is no such file and no bundled architecture of that name.
        SpecError: the file is too large, is a folder, can't be opened or is not UTF-8.
    """
    if spec == "-":
        return Source("<stdin>", _decode("<stdin>", _read_bounded("<stdin>", sys.stdin.buffer)))
    path = Path(spec)
    if path.exists() or path.is_symlink():
        return Source(spec, _decode(spec, _read_file(spec, path)))
    bundled = bundled_folder() / (spec if spec.endswith(".yaml") else f"{spec}.yaml")
    if path.name == spec and bundled.is_file():
        return Source(bundled.name, _decode(spec, _read_file(spec, bundled)), bundled=True)
    raise ArchitectureNotFound(_not_found(spec))


def _not_found(spec: str) -> str:
    from difflib import get_close_matches

    names = [name for name, _ in bundled_specs()]
    near = get_close_matches(spec.removesuffix(".yaml"), names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "'cnncalc list' shows the bundled ones"
    return f"there is no file '{spec}' and no bundled architecture of that name; {hint}"


def _read_file(name: str, path: Path) -> bytes:
    if path.is_dir():
        raise _unreadable(name, "is a folder; name a file")
    try:
        with path.open("rb") as file:
            return _read_bounded(name, file)
    except OSError as error:
        raise _unreadable(name, f"cannot be read: {error.strerror or error}") from None


def _read_bounded(name: str, file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _unreadable(
            name, f"the file is larger than {MAX_BYTES // 10**6} MB; a spec is a few kB, use blocks: and repeat:"
        )
    return content


def _decode(name: str, content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unreadable(name, "the file is UTF-16; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _unreadable(name, message, before.count(b"\n") + 1, column) from None


def _unreadable(name: str, message: str, line: int = 1, column: int = 1) -> SpecError:
    return SpecError(name, [Problem(line, column, message, "unreadable")])
