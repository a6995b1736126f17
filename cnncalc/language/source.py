"""The sources of a spec's text: a file, standard input, a bundled architecture, or a string."""

from __future__ import annotations

import os.path
import sys
from typing import NamedTuple

from cnncalc.errors import ArchitectureNotFound, Problem, SpecError
from cnncalc.language.origins import Origins

MAX_BYTES = 4_000_000

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Source(NamedTuple):
    """The text of one spec.

    Attributes:
        file: the name to print in front of each problem.
        text: the whole text.
        bundled: whether it is an architecture that comes with cnncalc.
        origins: those of its lines, if it was made from another file; else None.
        notes: remarks on how it was made.
        slips: about code that does not do what its author means, with the place there.
    """

    file: str
    text: str
    bundled: bool = False
    origins: Origins | None = None
    notes: tuple[str, ...] = ()
    slips: tuple[Problem, ...] = ()


def bundled_folder() -> str:
    """The folder of the bundled architectures: in the wheel, or in a checkout."""
    inside = os.path.join(_PACKAGE, "architectures")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(_PACKAGE), "architectures")


def bundled_names() -> list[str]:
    """The name of every bundled architecture, sorted."""
    return sorted(name.removesuffix(".yaml") for name in os.listdir(bundled_folder()) if name.endswith(".yaml"))


def read_source(spec: str) -> Source:
    """The text that SPEC stands for: a path, `-` for standard input, or a bundled name.

    Raises:
        ArchitectureNotFound: there is no such file and no bundled architecture of that name.
        SpecError: the file is too large, is a folder, can't be opened or is not UTF-8.
    """
    if spec == "-" and sys.stdin is None:
        raise _unreadable("<stdin>", "standard input is closed")
    if spec == "-":
        return read_bytes("<stdin>", sys.stdin.buffer.read(MAX_BYTES + 1))
    if os.path.lexists(spec) and not os.path.isdir(spec):
        return read_bytes(spec, read_file(spec))
    if is_bundled(spec):
        return read_bundled(spec.removesuffix(".yaml"))
    if os.path.isdir(spec):
        raise _unreadable(spec, "is a folder; name a file")
    raise not_found(spec)


def is_bundled(spec: str) -> bool:
    """Whether SPEC is the name of a bundled architecture, and no file is in the way."""
    return os.path.basename(spec) == spec and spec.removesuffix(".yaml") in bundled_names()


def text_source(text: str) -> Source:
    """The source of a given text.

    Raises:
        SpecError: it is too large.
    """
    if len(text) > MAX_BYTES:
        raise _too_large("<text>")
    return Source("<text>", text)


def read_bytes(file: str, content: bytes, *, bundled: bool = False) -> Source:
    """The source of given bytes, with the name for its problems.

    Raises:
        SpecError: it is too large or not UTF-8.
    """
    return Source(file, _decode(file, content), bundled)


def read_bundled(name: str) -> Source:
    """The text of a bundled architecture, even if the current folder has such a file."""
    file = f"{name}.yaml"
    return read_bytes(file, read_file(os.path.join(bundled_folder(), file)), bundled=True)


def read_file(path: str) -> bytes:
    """The content of a file; of a file that is too large, one byte more than is allowed.

    Raises:
        SpecError: it can't be opened.
    """
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}") from None


def not_found(spec: str) -> ArchitectureNotFound:
    """The error for a SPEC that is neither a file nor a name, with the names that are near."""
    from cnncalc.language.problems import suggestion

    hint = suggestion(spec.removesuffix(".yaml"), bundled_names()) or "; 'cnncalc list' shows the bundled ones"
    return ArchitectureNotFound(f"there is no file '{spec:.100}' and no bundled architecture of that name{hint}")


def _decode(name: str, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _too_large(name)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unreadable(name, "the file is UTF-16; save it as UTF-8")
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise _unreadable(name, message, before.count(b"\n") + 1, column) from None


def _too_large(name: str) -> SpecError:
    limit = MAX_BYTES // 10**6
    return _unreadable(name, f"the file is larger than {limit} MB; a spec is a few kB, use blocks: and repeat:")


def _unreadable(name: str, message: str, line: int = 1, column: int = 1) -> SpecError:
    return SpecError(name, [Problem(line, column, message, "unreadable")])
