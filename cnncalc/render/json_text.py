"""Documents as JSON: one on several lines, of several each on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from cnncalc.render.document import Document
from cnncalc.render.writers import Style


def json_line(data: object, ascii_only: bool, indent: int | None = None) -> str:
    """Data as JSON; letters beyond ASCII stay as they are if they may and can be seen."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    return re.sub(r"[^\x20-\x7e\n]", lambda sign: sign[0] if sign[0].isprintable() else json.dumps(sign[0])[1:-1], text)


class _Signs(NamedTuple):
    """The signs before the first, between two and after the last of the keys, and of the objects of a list."""

    keys: tuple[str, str, str]
    objects: tuple[str, str, str]


_LINES = _Signs(("{\n  ", ",\n  ", "\n}\n"), ("[\n    ", ",\n    ", "\n  ]"))
"""A line for each key, and for each object of a list, so that people and diffs can read it."""

_ONE_LINE = _Signs(("{", ", ", "}\n"), ("[", ", ", "]"))

_AT_ONCE = 1000
"""Objects that are handed on together: to print each alone takes longer than to make it."""


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The data of each document; if they have a line for each key, their objects follow as they are made."""
    for document in documents:
        if document.by_key:
            yield from _together(_by_key(document.data(), _ONE_LINE if style.several else _LINES, style.ascii_only))
        else:
            yield json_line(document.data(), style.ascii_only, indent=None if style.several else 2) + "\n"


def _together(pieces: Iterator[str]) -> Iterator[str]:
    while text := "".join(islice(pieces, _AT_ONCE)):
        yield text


def _by_key(data: Mapping[str, Any], signs: _Signs, ascii_only: bool) -> Iterator[str]:
    before, between, last = signs.keys
    for key, value in data.items():
        yield f"{before}{json.dumps(key)}: "
        yield from _value(value, signs, ascii_only)
        before = between
    yield last


def _value(value: Any, signs: _Signs, ascii_only: bool) -> Iterator[str]:
    if not isinstance(value, Iterator) and not (isinstance(value, list) and value and isinstance(value[0], dict)):
        yield json_line(value, ascii_only)
        return
    first, between, last = signs.objects
    before = first
    for one in value:
        yield before + json_line(one, ascii_only)
        before = between
    yield last if before == between else "[]"
