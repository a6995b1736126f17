"""Maps with several columns, W, H and C, or size and channels → one answer, `55x55x96`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cnncalc.homework.row_kinds import kind_said

_AXES = {
    "H": ("h", "height", "höhe", "hauteur", "altura"),
    "W": ("w", "width", "breite", "largeur", "ancho"),
    "C": ("c", "d", "depth", "channels", "featuremaps", "maps", "kanäle", "tiefe", "canaux", "canales", "通道数",
          "filters", "numfilters", "filtercount", "nooffilters", "numberoffilters", "nbfiltres", "filtres", "filtros"),
}  # fmt: skip


def _heads(words: Sequence[str]) -> tuple[str, ...]:
    """The words, after those for an output: `Output H`, H_out, H_o, and H2 beside H1."""
    before = (f"{out}{word}" for word in words for out in ("output", "out", "ausgabe", "o"))
    return (*before, *(f"{word}{out}" for word in words for out in ("output", "out", "o", "2")), *words)


HEADS = {axis: _heads(words) for axis, words in _AXES.items()}
"""Heads of columns with one size of a map, by its axis, the most certain first."""

ENTERING = {
    axis: (*(f"{word}in" for word in words), *(f"{before}{word}" for word in words for before in ("in", "input")))
    for axis, words in _AXES.items()
}
"""Heads of columns with one size of what enters a layer, by its axis."""

_ENTERING = re.compile(r"in(?:put|coming)?(?:shape|sizes?|volume|features|dim\w*)?")
_NUMBER = re.compile(r"\d{1,9}")
_SQUARE = re.compile(r"(\d{1,9})(?:\s*[x×*]\s*(\d{1,9}))?")


class MapColumns(NamedTuple):
    """The columns of the maps' sizes.

    Attributes:
        out: the column of the map, or that of its height.
        width: the column of the width; None if `out` has it.
        channels: the column of the channels; None if `out` has them.
    """

    out: int
    width: int | None
    channels: int | None


def map_columns(heads: Sequence[str], out: int | None) -> MapColumns | None:
    """The columns that make up a map; None if it has one column, or none.

    Args:
        heads: those of the table, with their letters only.
        out: the column of the whole map, or of its size.
    """
    found = {axis: next((heads.index(word) for word in words if word in heads), None) for axis, words in HEADS.items()}
    if out is not None:
        return MapColumns(out, None, found["C"]) if found["C"] is not None else None
    if found["H"] is None:
        return None
    return MapColumns(found["H"], found["W"], found["C"])


def is_entering(head: str) -> bool:
    """Whether a column holds what enters a layer, which is not asked for; the head has its letters only."""
    return _ENTERING.fullmatch(head) is not None or any(head in words for words in ENTERING.values())


def entering_columns(heads: Sequence[str]) -> tuple[int, ...]:
    """The column of the shapes that enter the layers, or those of height, width and channels; none if there is none.

    Args:
        heads: as for `map_columns`.
    """
    whole = [number for number, head in enumerate(heads) if _ENTERING.fullmatch(head)]
    axes = [number for words in ENTERING.values() for number, head in enumerate(heads) if head in words]
    return tuple(whole[:1] or (axes if len(axes) == len(ENTERING) else ()))


class Maps:
    """The maps of a table, row by row: a pool has the channels of what is above it."""

    def __init__(self, columns: MapColumns) -> None:
        """Begin above the first row."""
        self._columns = columns
        self._channels = ""

    def joined(self, cells: Mapping[int, str], name: str) -> str:
        """The map of a row as one answer; as it is written if nothing is to be added.

        Args:
            cells: the row.
            name: the words for its layer.
        """
        size = cells.get(self._columns.out, "").strip()
        own = "" if self._columns.channels is None else cells.get(self._columns.channels, "").strip()
        channels = own if _NUMBER.fullmatch(own) else ""
        if self._columns.width is not None and size:
            size = f"{size}x{cells.get(self._columns.width, '').strip() or size}"
        is_vector = kind_said(name) in ("fc", "flatten")
        if not channels and kind_said(name) not in ("fc", "flatten", "conv", "deconv", ""):
            channels = self._channels
        self._channels = channels or self._channels
        found = _SQUARE.fullmatch(size)
        if not found or not channels or (is_vector and channels in found.groups()):
            return size if found or size not in ("", "-", "–", "—") else channels
        one, other = found[1], found[2] or found[1]
        has_channels = self._columns.width is None and one != other and channels in (one, other)
        return size if has_channels else f"{one}x{other}x{channels}"
