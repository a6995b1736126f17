"""Documents as JSON: one on several lines, of several each on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from cnncalc.render.document import Document
from cnncalc.render.writers import Style


def json_line(data: object, ascii_only: bool, indent: int | None = None) -> str:
    """Data as JSON; letters beyond ASCII stay as they are if they may and can be seen."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    return re.sub(r"[^\x20-\x7e\n]", lambda sign: sign[0] if sign[0].isprintable() else json.dumps(sign[0])[1:-1], text)


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The data of each document."""
    for document in documents:
        if style.several:
            yield json_line(document.data(), style.ascii_only) + "\n"
        elif document.by_key:
            yield _by_key(document.data(), style.ascii_only) + "\n"
        else:
            yield json_line(document.data(), style.ascii_only, indent=2) + "\n"


def _by_key(data: dict[str, Any], ascii_only: bool) -> str:
    """A line for each key, and for each object of a list, so that people and diffs can read it."""
    lines = (f"  {json.dumps(key)}: {_value(value, ascii_only)}" for key, value in data.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: Any, ascii_only: bool) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        objects = ",\n".join(f"    {json_line(one, ascii_only)}" for one in value)
        return f"[\n{objects}\n  ]"
    return json_line(value, ascii_only)
