"""Bounded reading of untrusted files."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cnncalc.files import open_member
from cnncalc.importing.model import START, ModelPlace, RefusedModel

if TYPE_CHECKING:
    from html.parser import HTMLParser

MAX_TEXT = 32_000_000
"""The most bytes of JSON, or of one member of an archive."""

MAX_LINES = 4_000_000
"""The most bytes of a text that people write or print."""

MAX_VALUES = 1_000_000
"""The most commas and brackets of JSON: one for each value, so they bound the memory."""

MAX_MEMBERS = 20_000
MAX_AXES = 16

_NO_WORDS = re.compile(
    r"<(script|style)\b(?![^<>]*/>).*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<!\[.*?(?:\]>|\Z)", re.DOTALL | re.IGNORECASE
)
"""The parts of a page that nobody sees, up to their ends or up to that of the page."""

_ENTRY = b"PK\x01\x02"
"""The first bytes of each entry in the directory of an archive."""


def parsed_json(content: bytes, kept: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """The value of a JSON text; `kept` gives the part that is kept of each object.

    Raises:
        RefusedModel: it is not JSON, or nested too deeply.
    """
    if len(content) > MAX_TEXT:
        raise RefusedModel((START, f"the text is larger than {MAX_TEXT // 10**6} MB"))
    if sum(map(content.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise RefusedModel((START, f"the text has more than {MAX_VALUES:,} values"))
    try:
        return json.loads(content, object_hook=kept)
    except json.JSONDecodeError as error:
        raise RefusedModel((ModelPlace(error.lineno, error.colno), f"this is not JSON: {error.msg}")) from None
    except UnicodeDecodeError:
        raise RefusedModel((START, "the text is not UTF-8")) from None
    except (RecursionError, ValueError):
        raise RefusedModel((START, "brackets are nested too deeply, or a number is too long")) from None


def decoded(content: bytes) -> str:
    """A text that people write or print; bytes that are not UTF-8 are replaced.

    Raises:
        RefusedModel: it is too large.
    """
    if len(content) > MAX_LINES:
        raise RefusedModel((START, f"the text is larger than {MAX_LINES // 10**6} MB"))
    return content.decode("utf-8", "replace")


def feed_page(parser: HTMLParser, text: str) -> None:
    """Feed a parser the seen part of a page; every line keeps its number.

    Python's parser fails at some marked sections, and looks for each end that is missing through the whole page.
    """
    seen = _NO_WORDS.sub(lambda hidden: "\n" * hidden[0].count("\n"), text)
    last = seen.rfind(">") + 1
    parser.feed(seen[:last] + seen[last:].replace("<", "&lt;"))
    parser.close()


def member_names(content: bytes) -> list[str]:
    """The names of an archive's members; none if it cannot be read, or has more than any model."""
    if content.count(_ENTRY) > MAX_MEMBERS:
        return []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, RuntimeError):
        return []


def member(content: bytes, name: str, most: int = MAX_TEXT) -> bytes:
    """The content of one member of an archive, with at most this number of bytes.

    Raises:
        RefusedModel: it is too large, or broken.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, open_member(archive, name) as file:
            inside = file.read(most + 1)
    except NotImplementedError as error:
        raise RefusedModel((ModelPlace(text=name), f"'{name:.80}' in the archive cannot be read: {error}")) from None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, KeyError, EOFError, OverflowError):
        raise RefusedModel((ModelPlace(text=name), f"'{name:.80}' in the archive cannot be read")) from None
    if len(inside) > most:
        raise RefusedModel((ModelPlace(text=name), f"'{name:.80}' in the archive is larger than {most // 10**6} MB"))
    return inside


class JsonFields:
    """A JSON object that may hold anything: each answer has the type that is asked for.

    Args:
        data: the object that was read.
        at: its place, for messages.
    """

    def __init__(self, data: object, at: ModelPlace = START) -> None:
        if not isinstance(data, dict):
            raise RefusedModel((at, f"an object is expected, not {str(data)!r:.40}"))
        self.data: dict[str, Any] = data
        self.at = at

    def items(self, key: str) -> list[Any]:
        """A list; empty if there is none."""
        value = self.data.get(key)
        return value if isinstance(value, list) else []

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.data.get(key)
        return value if isinstance(value, str) else default

    def inner(self, key: str) -> JsonFields:
        """An object in it; an empty object if there is none."""
        value = self.data.get(key)
        return JsonFields(value if isinstance(value, dict) else {}, self.at)

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number.

        Raises:
            RefusedModel: there is none, and no default.
        """
        value = self.data.get(key, default)
        if type(value) is not int:
            raise RefusedModel((self.at, f"{key} is {str(value)!r:.40}; a whole number is expected"))
        return value

    def real(self, key: str, default: float) -> float:
        """A number."""
        value = self.data.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

    def flag(self, key: str, default: bool) -> bool:
        """A truth value."""
        value = self.data.get(key)
        return value if isinstance(value, bool) else default

    def sizes(self, key: str, rank: int, default: int | None = None) -> tuple[int, ...]:
        """A whole number for each of `rank` axes."""
        value = self.data.get(key)
        if value is None:
            value = default
        if type(value) is int:
            return (value,) * rank
        if not isinstance(value, list | tuple) or not all(type(size) is int for size in value):
            raise RefusedModel((self.at, f"{key} is {str(value)!r:.40}; whole numbers are expected"))
        return tuple(value) * rank if len(value) == 1 else tuple(value)
