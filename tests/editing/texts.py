"""Texts with a place in them, and what becomes of a text by changes."""

from collections.abc import Iterable

from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.places import TextChange, TextPlace
from cnncalc.language.source import Source

NET = """\
input: 3x32x32
vars: {width: 8}
blocks:
  pair(c, k=3):
  - {conv: 2*c, kernel: k}
  - relu
layers:
- {name: stem, conv: width, kernel: 3, stride: 2}
- {name: body, pair: 4}
- {pair: [width, 1]}
- {name: up, from: body, conv: 16, kernel: 1}
- global_avgpool
- flatten
- {fc: 10}
"""
"""stem 8×15×15, body 8×13×13, the second pair 16×13×13, up 16×13×13."""


def opened(text: str, before: EditedText | None = None) -> EditedText:
    return EditedText(Source("net.yaml", text), before=before)


def marked(text: str) -> tuple[EditedText, TextPlace]:
    """A text without its sign `¦`, and the place of that."""
    above = text.partition("¦")[0]
    return opened(text.replace("¦", "")), TextPlace(above.count("\n"), len(above) - above.rfind("\n") - 1)


def changed(text: str, changes: Iterable[TextChange]) -> str:
    """The text with changes, as an editor makes them."""
    lines = text.splitlines(keepends=True)

    def offset(place: TextPlace) -> int:
        return sum(map(len, lines[: place.line])) + place.column

    for change in sorted(changes, key=lambda one: one.range.start, reverse=True):
        text = text[: offset(change.range.start)] + change.text + text[offset(change.range.stop) :]
    return text
