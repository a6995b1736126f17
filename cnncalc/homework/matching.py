"""The rows of a sheet matched with the rows of the exercise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from cnncalc.errors import Problem
from cnncalc.explaining.exercise import TOTAL, Exercise, Item
from cnncalc.homework.alignment import MOST_PAIRS, Alignment, ReadRow
from cnncalc.homework.row_kinds import NOT_LAYERS, OUTPUTS, SUMS, may_be, plain_words
from cnncalc.homework.sheet import Sheet, SheetRow, plain, problem
from cnncalc.network.model import Network

MOST_NAMED = 6
"""How many layers a message names."""


class Matching:
    """The rows of a sheet by the name of the layer that they are about.

    Attributes:
        rows: by name; `TOTAL` for the sums.
        implied: layers whose row may be missing: a flatten, a dropout, an activation.
        problems: rows that are missing, unknown, double or without a name.
    """

    def __init__(self, exercise: Exercise, sheet: Sheet) -> None:
        self.rows: dict[str, SheetRow] = {}
        self.problems: list[Problem] = []
        self._exercise = exercise
        self._alignment = Alignment(exercise)
        self._names = [item.name for item in exercise.items]
        self._by_plain = {plain(name): name for name in reversed([*self._names, TOTAL])}
        self._match(sheet.rows)
        missing = [item for item in exercise.items if item.name not in self.rows]
        implied = (item.name for item in missing if self.rows and self._alignment.is_implied(item))
        self.implied = frozenset(implied)
        if sheet.network is None:
            self._note_missing(sheet)
        else:
            self._note_settings(exercise.report.network, sheet.network)

    def _match(self, rows: tuple[SheetRow, ...]) -> None:
        left: list[SheetRow] = []
        for row in rows:
            name = self._named(row) or (TOTAL if plain_words(row.name) in SUMS else None)
            if name == TOTAL and TOTAL not in self.rows:
                self.rows[TOTAL] = row
            elif name is not None or not _is_no_layer(row):
                left.append(row)
        named = self._named_once(left)
        if len(named) < len(self._names) and named.keys() != set(range(len(left))):
            self._align(left, named)
        else:
            self.rows |= {self._names[place]: left[number] for number, place in named.items()}
        taken = {id(row) for row in self.rows.values()}
        self._note_left([row for row in left if id(row) not in taken])

    def _named_once(self, rows: Sequence[SheetRow]) -> dict[int, int]:
        """The place of the layer that a row names, for the first row that does."""
        places = {name: place for place, name in enumerate(self._names)}
        found: dict[int, int] = {}
        for number, row in enumerate(rows):
            place = places.get(self._named(row) or "", -1)
            if place >= 0 and place not in found.values():
                found[number] = place
        return found

    def _align(self, rows: Sequence[SheetRow], named: dict[int, int]) -> None:
        """Find the layers of rows with other names, between the rows that are known by their names."""
        places = list(named.values())
        read = [self._alignment.read(row) for row in rows]
        if len(rows) * len(self._names) > MOST_PAIRS:
            pairs = named
        elif self._are_renamed(read):
            pairs = {number: number for number in range(len(rows))}
            if not all(self._is_plain(one, item) for one, item in zip(read, self._exercise.items, strict=True)):
                message = "the layers have other names than in the exercise; the rows are matched by their order"
                self._note(rows[0], message)
        else:
            named = self._trusted(read, named)
            ordered = named if places == sorted(places) else {}
            pairs = named | self._aligned(read, ordered, {} if ordered else named)
            pairs |= self._alone(len(rows), pairs)
            pairs |= self._elsewhere(read, pairs)
            self._note_read(pairs, read)
        self.rows |= {self._names[place]: rows[number] for number, place in pairs.items()}

    def _aligned(self, rows: Sequence[ReadRow], named: dict[int, int], apart: dict[int, int]) -> dict[int, int]:
        """The pairs of all rows and layers but those that are `apart`."""
        numbers = [number for number in range(len(rows)) if number not in apart]
        places = [place for place in range(len(self._names)) if place not in apart.values()]
        inside = {numbers.index(number): places.index(place) for number, place in named.items()}
        items = [self._exercise.items[place] for place in places]
        found = self._alignment.pairs([rows[number] for number in numbers], items, inside)
        return {numbers[number]: places[place] for number, place in found.items()}

    def _trusted(self, rows: Sequence[ReadRow], named: dict[int, int]) -> dict[int, int]:
        """The rows that have their layer's name: not one with another's values, as Conv11 for conv1_1."""
        wrong, doubtful = set[int](), set[int]()
        for number, place in named.items():
            if self._alignment.agreeing(rows[number], self._exercise.items[place]) == "none agree":
                fits = {self._alignment.agreeing(rows[number], item) for item in self._of_kind(rows[number].kind)}
                wrong |= {number} if "all agree" in fits else set()
                doubtful |= {number} if fits & {"all agree", "some agree"} else set()
        if 2 * len(wrong) < len(named):  # too few to doubt all names; but FC3 after CONV2 may be the first fc
            kinds = {rows[number].kind for number in named.keys() - doubtful}
            wrong = {number for number in doubtful if rows[number].kind not in kinds}
        return {number: place for number, place in named.items() if number not in wrong}

    def _of_kind(self, said: str) -> list[Item]:
        """The layers that a word of `kind_said` can mean."""
        return [item for item in self._exercise.items if may_be(said, item.nodes[0].layer.kind)]

    def _alone(self, count: int, pairs: dict[int, int]) -> dict[int, int]:
        """The one row between two known ones, if exactly one layer there needs a row and has none."""
        found, known = {}, [(-1, -1), *sorted(pairs.items()), (count, len(self._names))]
        for (above, before), (below, after) in pairwise(known):
            between = range(before + 1, after)
            missed = [place for place in between if not self._alignment.is_implied(self._exercise.items[place])]
            places = [*between] if len(between) == 1 else missed
            if below - above == 2 and len(places) == 1:
                found[above + 1] = places[0]
        return found

    def _elsewhere(self, rows: Sequence[ReadRow], pairs: dict[int, int]) -> dict[int, int]:
        """Rows in another order, each with the first layer of its kind that is left and has all its values."""
        free = [place for place in range(len(self._names)) if place not in pairs.values()]
        found: dict[int, int] = {}
        for number, row in enumerate(rows):
            fitting = [place for place in free if number not in pairs and self._is_about(row, place)]
            if fitting:
                found[number] = fitting[0]
                free.remove(fitting[0])
        return found

    def _is_about(self, row: ReadRow, place: int) -> bool:
        """Whether a row has the kind and the values of a layer."""
        item = self._exercise.items[place]
        return may_be(row.kind, item.nodes[0].layer.kind) and self._alignment.agreeing(row, item) == "all agree"

    def _are_renamed(self, rows: Sequence[ReadRow]) -> bool:
        """Whether there are as many rows as layers, all with own names that are not those of another kind."""
        if len(rows) != len(self._names):
            return False
        beside = zip(rows, self._exercise.items, strict=True)
        return all(
            one.row.name and not self._named(one.row) and (not one.kind or may_be(one.kind, item.nodes[0].layer.kind))
            for one, item in beside
        )

    def _is_plain(self, one: ReadRow, item: Item) -> bool:
        """Whether it is obvious that a row is about a layer with another name: all its values are right."""
        return bool(one.row.name) and self._alignment.agreeing(one, item) == "all agree"

    def _named(self, row: SheetRow) -> str | None:
        """The layer that a row names; `conv` and `conv1` are the same if there is only one."""
        bare = plain(re.sub(r"(?<=\w)\s*\(.*", "", row.name))  # Keras prints the kind after the name
        only = bare.removesuffix("1")
        spellings = (bare, *(() if bare[-1:].isdigit() else (f"{bare}1",)), *(() if only[-1:].isdigit() else (only,)))
        return next((self._by_plain[spelling] for spelling in spellings if spelling in self._by_plain), None)

    def _note_read(self, pairs: dict[int, int], rows: Sequence[ReadRow]) -> None:
        """Note the rows that are read as a layer that they do not name, unless their values are all right."""
        said: list[tuple[SheetRow, str]] = []
        for number, place in sorted(pairs.items()):
            one, item = rows[number], self._exercise.items[place]
            if self._named(one.row) == item.name or self._is_plain(one, item):
                continue
            if not one.kind:
                self._note(one.row, f"{_nameless(one.row)}; read as {item.name}, which follows here")
            else:
                said.append((one.row, item.name))
        if said:
            listed = some(f"{row.name[:40]} as {name}" for row, name in said)
            self._note(said[0][0], f"rows with other names are matched by their order, kind and values: {listed}")

    def _note_left(self, rows: Sequence[SheetRow]) -> None:
        for row in (row for row in rows if not _is_output_again(row)):
            name = self._named(row)
            if name in self.rows and self.rows[name] is not row:
                first = self.rows[name].line
                self._note(row, f"'{row.name}' occurs twice (first on line {first}); this one is left out")
            elif not row.name:
                self._note(row, f"{_nameless(row)}; the row is left out")
            else:
                self._note(row, f"{_nameless(row)}; its layers are {some(self._names)}")

    def _note_missing(self, sheet: Sheet) -> None:
        missing = [name for name in self._names if name not in self.rows and name not in self.implied]
        if missing:
            line = max((row.line for row in sheet.rows), default=1)
            are = "row is" if len(missing) == 1 else "rows are"
            message = f"{len(missing)} {are} missing and counted as blank: {some(missing)}"
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


def _is_no_layer(row: SheetRow) -> bool:
    """Whether a row is the network's input, or only a line."""
    if plain_words(row.name) in NOT_LAYERS:
        return True
    texts = [row.name, *(cell.text for cell in row.cells.values())]
    return any(texts) and all(re.fullmatch(r"[\W_]*", text) for text in texts)


def _is_output_again(row: SheetRow) -> bool:
    """Whether a row repeats the output of the network: it has a shape, and no counts."""
    counts = (cell.text for figure, cell in row.cells.items() if figure != "out")
    return plain_words(row.name) in OUTPUTS and not any(text.strip("0-–— ") for text in counts)


def _nameless(row: SheetRow) -> str:
    """The reason why a row is not found by its name."""
    if not row.name:
        return "no layer name (merged cells?)"
    return f"there is no layer '{row.name[:40]}' in the exercise"


def some(names: Iterable[str]) -> str:
    """The first of several names, and the number of the others."""
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more
