"""The totals above the layers, and the text in canonical layout."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.editing.edited_text import EditedText, unchanged_ends
from cnncalc.editing.places import TextChange, TextPlace, TextRange
from cnncalc.errors import CnnCalcError
from cnncalc.figures import FIGURES, Figure, number_of
from cnncalc.render.numbers import number_text
from cnncalc.rewriting.format import format_spec


class Lens(NamedTuple):
    """A text above a line (from 0)."""

    line: int
    text: str


def lens(edited: EditedText) -> Lens | None:
    """The totals of the network, above `layers:`; of a broken text those of the last good one."""
    good = edited.good
    if good is None or good.report is None or good.tree is None or "layers" not in good.tree.root.keys:
        return None
    line = edited.now(good.tree.root.keys["layers"].line)
    if line is None:
        return None
    if good.report.open_sizes:
        return Lens(line, f"totals: {good.report.needs}")
    totals, shown = good.report.totals, [figure for figure in FIGURES.values() if figure.above_layers]
    return Lens(line, " · ".join(_total_text(figure, int(number_of(totals, figure.name))) for figure in shown))


def _total_text(figure: Figure[Any], value: int) -> str:
    """A total with what it is: `1.498G MACs`, `peak 4.014MB`."""
    number = number_text(value, "human")
    return (
        f"{figure.heading.removesuffix(' (B)')} {number}B" if figure.unit == "bytes" else f"{number} {figure.heading}"
    )


def formatting(edited: EditedText) -> list[TextChange]:
    """The changes that put a text into canonical words and layout; none for one with problems, which stays as it is."""
    try:
        new = format_spec(edited.source)
    except CnnCalcError:
        return []
    old, lines = edited.text.splitlines(keepends=True), new.splitlines(keepends=True)
    head, foot = unchanged_ends(old, lines)
    if len(old) == len(lines) == head:
        return []
    range_ = TextRange(TextPlace(head, 0), TextPlace(len(old) - foot, 0))
    return [TextChange(range_, "".join(lines[head : len(lines) - foot]))]
