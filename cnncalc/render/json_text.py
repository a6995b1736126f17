"""Documents as JSON: one on several lines, of several each on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from cnncalc.render.document import Document
from cnncalc.render.writers import Style


def written(documents: Iterable[Document], style: Style) -> Iterator[str]:
    """The data of each document."""
    for document in documents:
        if style.several:
            yield json.dumps(document.data(), ensure_ascii=style.ascii_only) + "\n"
        elif document.by_key:
            yield _by_key(document.data(), style.ascii_only) + "\n"
        else:
            yield json.dumps(document.data(), ensure_ascii=style.ascii_only, indent=2) + "\n"


def _by_key(data: dict[str, Any], ascii_only: bool) -> str:
    """A line for each key, and for each object of a list, so that people and diffs can read it."""
    lines = (f"  {json.dumps(key)}: {_value(value, ascii_only)}" for key, value in data.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: Any, ascii_only: bool) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        objects = ",\n".join(f"    {json.dumps(one, ensure_ascii=ascii_only)}" for one in value)
        return f"[\n{objects}\n  ]"
    return json.dumps(value, ensure_ascii=ascii_only)
