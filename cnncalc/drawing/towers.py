"""The boxes of a diagram that are solids, with the number of towers of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.report import Report
from cnncalc.drawing.diagram import Diagram, Tile, leaves
from cnncalc.shapes import Shape

MOST_TOWERS = 4


class Solid(NamedTuple):
    """One box in this style.

    Attributes:
        unit: the box.
        shape: that of its value.
        towers: the number of parts of its channels, because a grouped convolution reads or makes them.
        kernel: the window that made it, if there is one; and whether that sees its own tower only.
        reads: the numbers of the solids that it reads.
    """

    unit: Tile
    shape: Shape
    towers: int
    kernel: tuple[int, ...]
    own_tower: bool
    reads: frozenset[int]


def solids_of(report: Report, drawn: Diagram) -> list[Solid]:
    """The boxes that make a map of their own."""
    units = list(leaves(drawn.units))
    kept: list[Tile] = []
    number_of: dict[str, int] = {}
    reads: list[frozenset[int]] = []
    for unit in units:
        made_by = [source for value in unit.reads if (source := drawn.leaf(value)) is not None]
        sources = frozenset(number_of[source.path] for source in made_by)
        same = len(made_by) == 1 and report.shapes[made_by[0].output] == report.shapes[unit.output]
        if len(sources) == 1 and ((unit.role == "norm" and same) or unit.operation.split(",")[0] == "flatten"):
            number_of[unit.path] = next(iter(sources))
            continue
        number_of[unit.path] = len(kept)
        kept.append(unit)
        reads.append(sources)
    return _with_towers(report, kept, reads)


def _with_towers(report: Report, units: Sequence[Tile], reads: Sequence[frozenset[int]]) -> list[Solid]:
    groups = [_groups(report, unit) for unit in units]
    towers = list(groups)
    for number in reversed(range(len(units))):
        apart = groups[number] if groups[number] > 1 else towers[number] if units[number].role == "pool" else 1
        for source in reads[number] if apart > 1 else ():
            towers[source] = apart
    for number, unit in enumerate(units):
        if unit.role == "pool" and len(reads[number]) == 1:
            towers[number] = towers[next(iter(reads[number]))]
    return [
        Solid(unit, shape, apart if shape.rank and shape.channels % apart == 0 else 1, _kernel(report, unit),
              groups[number] > 1 or unit.role == "pool", reads[number])
        for number, (unit, apart) in enumerate(zip(units, towers, strict=True))
        for shape in [report.shapes[unit.output]]
    ]  # fmt: skip


def _groups(report: Report, unit: Tile) -> int:
    if unit.role != "conv":
        return 1
    groups: int = getattr(report.layers[unit.start].layer, "groups", 1)
    return groups if groups <= MOST_TOWERS else 1


def _kernel(report: Report, unit: Tile) -> tuple[int, ...]:
    """The window of a box that is one layer with a window."""
    if unit.role not in ("conv", "pool"):
        return ()
    kernel: tuple[int, ...] = getattr(report.layers[unit.start].layer, "kernel", ())
    return kernel[-2:] if len(kernel) > 1 else ()
