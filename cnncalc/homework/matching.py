"""Which row of a sheet is about which row of the exercise."""

from __future__ import annotations

from collections.abc import Container, Iterable

from cnncalc.errors import Problem
from cnncalc.explaining.exercise import TOTAL, Exercise
from cnncalc.homework.sheet import Sheet, SheetRow, plain, problem
from cnncalc.network.model import Network

MOST_NAMED = 6
"""Layers that a message names."""


class Matching:
    """The rows of a sheet by the name of the layer that they are about.

    Attributes:
        rows: by name; `TOTAL` for the sums.
        problems: rows that are missing, unknown, there twice or without a name.
    """

    def __init__(self, exercise: Exercise, sheet: Sheet) -> None:
        self.rows: dict[str, SheetRow] = {}
        self.problems: list[Problem] = []
        self._names = [item.name for item in exercise.items]
        self._by_plain = {plain(name): name for name in reversed([*self._names, TOTAL])}
        self._match(sheet.rows)
        if sheet.network is None:
            self._note_missing(sheet)
        else:
            self._note_settings(exercise.report.network, sheet.network)

    def _match(self, rows: tuple[SheetRow, ...]) -> None:
        named = [self._named(row) for row in rows]
        layers = [row for row, name in zip(rows, named, strict=True) if name != TOTAL]
        if self._are_renamed(layers):
            message = "the layers have other names than in the exercise; the rows are taken in their order"
            self._note(layers[0], message)
            self.rows = dict(zip(self._names, layers, strict=True))
            if TOTAL in named:
                self.rows[TOTAL] = rows[named.index(TOTAL)]
            return
        last, known = -1, set(named)
        for number, row in enumerate(rows):
            above = named[number - 1] if number else ""
            below = named[number + 1] if number + 1 < len(rows) else TOTAL
            name = named[number] or self._by_place(row, last, (above, below), known)
            if name is None:
                self._note(row, self._unknown(row))
            elif name in self.rows:
                self._note(
                    row, f"'{row.name}' is there twice (first on line {self.rows[name].line}); this one is left out"
                )
            else:
                if not named[number]:
                    self._note(row, f"{_nameless(row)}; read as {name}, which follows here")
                self.rows[name], named[number] = row, name
                last = self._names.index(name) if name in self._names else last

    def _are_renamed(self, layers: list[SheetRow]) -> bool:
        """Whether there are as many rows as layers, all with names of their own."""
        return len(layers) == len(self._names) and all(row.name and not self._named(row) for row in layers)

    def _named(self, row: SheetRow) -> str | None:
        """The layer that a row names; `conv` and `conv1` are the same where there is only one."""
        bare = plain(row.name)
        only = bare.removesuffix("1")
        spellings = (bare, *(() if bare[-1:].isdigit() else (f"{bare}1",)), *(() if only[-1:].isdigit() else (only,)))
        return next((self._by_plain[spelling] for spelling in spellings if spelling in self._by_plain), None)

    def _by_place(
        self, row: SheetRow, last: int, beside: tuple[str | None, str | None], known: Container[str | None]
    ) -> str | None:
        """The layer behind the last one, unless another row names it.

        A row with another name has to stand alone where that layer is missing: right between its neighbours.
        """
        expected = self._names[last + 1] if last + 1 < len(self._names) else None
        if expected is None or expected in known:
            return None
        above = self._names[last] if last >= 0 else ""
        below = self._names[last + 2] if last + 2 < len(self._names) else TOTAL
        return expected if not row.name or beside == (above, below) else None

    def _unknown(self, row: SheetRow) -> str:
        if not row.name:
            return f"{_nameless(row)}; the row is left out"
        return f"{_nameless(row)}; its layers are {_some(self._names)}"

    def _note_missing(self, sheet: Sheet) -> None:
        missing = [name for name in self._names if name not in self.rows]
        if missing:
            line = max((row.line for row in sheet.rows), default=1)
            are = "row is" if len(missing) == 1 else "rows are"
            message = f"{len(missing)} {are} missing and counted as blank: {_some(missing)}"
            self.problems.append(problem(line, 1, message))

    def _note_settings(self, network: Network, own: Network) -> None:
        """Note the layers of a student's spec that are not those of the exercise."""
        layers = {node.path: node.layer for node in network.nodes}
        for node in own.nodes:
            if node.path in layers and node.layer != layers[node.path]:
                message = f"{node.path}: its settings are not those of the exercise, by which its answers are marked"
                self.problems.append(problem(node.line, node.column, message))

    def _note(self, row: SheetRow, message: str) -> None:
        self.problems.append(problem(row.line, 1, message))


def _nameless(row: SheetRow) -> str:
    """Why a row cannot be found by its name."""
    if not row.name:
        return "no name of a layer (merged cells?)"
    return f"there is no layer '{row.name[:40]}' in the exercise"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
