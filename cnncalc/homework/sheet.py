"""An answer sheet as it was handed in: rows with answers as text, and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from cnncalc import figures
from cnncalc.errors import Problem, SheetError
from cnncalc.explaining.figures import ASKED
from cnncalc.homework.map_columns import HEADS as MAP_HEADS
from cnncalc.homework.map_columns import Maps, entering_columns, is_entering, map_columns
from cnncalc.homework.row_kinds import CLASSES, SUMS, kind_said, plain_words
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.language.problems import one_line
from cnncalc.network.model import Network

MAX_DEPTH = 1000
"""The most levels of blocks that a worksheet can have."""

RULE = "sheet"
"""The rule that problems of a sheet carry."""

FACTS = ("worksheet", "seed", "secret", "remainders", "depth", "student", "id", "layout", "input")
"""The words for facts above the rows of a sheet."""

COLUMN_HEADS: dict[str, tuple[str, ...]] = {
    "layer": (
        *("layer", "layers", "name", "row", "block", "layername", "stage"),
        *("schicht", "schichten", "schichtname", "couche", "capa", "camada", "strato", "层", "网络层", "层名"),
    ),
    **{figure.name: tuple(figure.heads.split()) for figure in figures.FIGURES.values()},
    "working": ("working", "calculation", "workings", "rechnung", "rechenweg", "rechnungen", "calcul", "cálculo"),
}
"""Heads of columns by what is below them, without blanks and signs."""

OPERATION_HEADS = {
    "": ("operation", "op", "operations", "settings", "kind", "type", "layertype", "config", "configuration", "details",
         "typ", "art", "beschreibung", "description", "类型", "操作", "参数设置"),
    "filters": ("units", "neurons", "neuronen", *MAP_HEADS["C"]),
    "kernel": ("kernel", "kernelsize", "filter", "filtersize", "window", "windowsize", "poolsize", "kernelgröße",
               "filtergröße", "kern", "fenster", "noyau", "卷积核", "核大小", "卷积核大小", "f", "k"),
    "stride": ("stride", "strides", "schrittweite", "schritt", "pas", "paso", "步长", "s"),
    "padding": ("padding", "pad", "relleno", "填充", "p"),
}  # fmt: skip
"""Heads of columns of operations, by the word that belongs to their numbers."""

SETTING_HEADS = ("operation", "settings", "kind", "from", "reads", "input", "line", "note", "notes", "number", "no")
"""Heads of columns that hold no answers."""

BIASES = ("biases", "bias")
"""Heads of bias columns: next to one, weights are those of the kernels, and both are the params or their working."""

SEED_LINE = "'seed,17'"
WRITE_HEAD = f"write the lines of the worksheet above the table again, as {SEED_LINE}"
"""The advice for a sheet that has lost its head, if its student is not known."""

MAX_ROWS = 20_000
MAX_COLUMNS = 200

MAX_ABOVE = 200
"""How many rows are searched for the head."""


class Cell(NamedTuple):
    """One answer.

    Attributes:
        text: as it was written.
        line, column: its place, from 1; in a CSV the column is that of the table.
    """

    text: str
    line: int
    column: int = 1


class SheetRow(NamedTuple):
    """The answers about one layer.

    Attributes:
        name: the layer's name as written; empty if it is missing.
        line: where it is, from 1.
        cells: the answers by figure.
        working: the calculation that was written down, if any.
        operation: the words for what the layer does; empty if there are none.
    """

    name: str
    line: int
    cells: Mapping[str, Cell]
    working: Cell | None = None
    operation: str = ""

    @property
    def kind(self) -> str:
        """As `kind_said`; `classes` for a softmax or sigmoid that has features or params, as an fc layer has."""
        kind = kind_said(self.name) or kind_said(self.operation.split(",")[0])
        has_params = "params" in self.cells and re.search(r"[1-9]", self.cells["params"].text)
        return "classes" if kind in CLASSES and (has_params or "filters" in self.operation) else kind


class Submitter(NamedTuple):
    """The student who handed in a sheet, by a platform's download.

    Attributes:
        name: of the student; empty if the names are hidden.
        id: of the student, as Canvas's `1001`, or of the submission, as Moodle's `Participant 1234567`.
        is_late: whether it came after the due date.
        owner: the id of the student on the roster; empty if it is not known.
    """

    name: str
    id: str
    is_late: bool = False
    owner: str = ""


class Sheet(NamedTuple):
    """One sheet.

    Attributes:
        file: its name.
        facts: the facts above its rows, by a word of `FACTS`.
        figures: the figures that it has a place for.
        rows: its rows, in order.
        problems: its problems, as far as it could still be read.
        network: if the answers are the claims of a spec, its network; what it does not claim is
            not asked for.
        submitter: who handed it in, if it comes from a platform.
        entering: the words for what enters its first row, in columns of their own; empty if there are none.
    """

    file: str
    facts: Mapping[str, str]
    figures: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: tuple[Problem, ...] = ()
    network: Network | None = None
    submitter: Submitter | None = None
    entering: str = ""

    @property
    def named(self) -> str:
        """The student by the roster or by Moodle's folder, else the name on the sheet; empty if there is none.

        Canvas writes a name as one word, unlike the student.
        """
        who = self.submitter
        return who.name if who and (who.owner or " " in who.name) else self.facts.get("student", "")

    @property
    def student(self) -> str:
        """The name of its student: as `named`, else as Canvas has it, else the name of the file."""
        submitter = self.submitter.name if self.submitter else ""
        return self.named or submitter or re.sub(r"\.\w+$", "", self.file.replace("\\", "/").rsplit("/", 1)[-1])

    @property
    def id(self) -> str:
        """The id of its student on the roster, else the id on the sheet; empty if there is none."""
        return (self.submitter.owner if self.submitter else "") or self.facts.get("id", "")

    @property
    def is_late(self) -> bool:
        """Whether it came after the due date, by its platform."""
        return self.submitter is not None and self.submitter.is_late

    @property
    def variant(self) -> Variant | None:
        """The variant that it carries; None for the spec's own numbers.

        Raises:
            SheetError: its seed is not a seed.
        """
        has_remainders = self.facts.get("remainders", "").strip().lower() in ("yes", "true", "1")
        return None if self.seed is None else Variant(self.seed, has_remainders)

    @property
    def seed(self) -> int | None:
        """The seed that it carries, if any.

        Raises:
            SheetError: it is not a seed.
        """
        return self._number("seed", 0, MAX_SEED)

    @property
    def depth(self) -> int | None:
        """The depth to which the rows of the worksheet were unfolded; None for every layer.

        Raises:
            SheetError: the sheet has a depth that is not a number.
        """
        return self._number("depth", 1, MAX_DEPTH)

    def _number(self, word: str, least: int, most: int) -> int | None:
        """The whole number of a fact, as a spreadsheet writes it: `7`, `007` or `7.0`."""
        text = self.facts.get(word, "").strip()
        if not text:
            return None
        whole = text.removesuffix(".0")
        digits = whole.lstrip("0") or whole[:1]
        is_short = digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))
        if not is_short or not least <= int(digits) <= most:
            raise unreadable(self.file, f"{word} is '{text[:40]}'; a whole number from {least} to {most:,} is expected")
        return int(digits)


def plain(text: str) -> str:
    """A name without capitals, blanks and signs: `Conv 1` and `conv_1` are the same layer."""
    return re.sub(r"[^0-9a-z./]", "", text.lower())


_FILLERS = re.compile(
    r"\b(?:number|num|no|nr|count|anzahl|nombre|número|of|the|der|de|des|d|trainable|learnable"
    r"|in(?=\W+(?:mio|mil|tsd|tho|[kmg]\b))|(?:mio|millions?|tsd|thousands?)\.?)(?=[\W_]|$)|数$",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\b(mio|millions?|tsd|thousands?)\b|[(\[](?:in )?([kmg](?:i?b)?)[)\]]", re.IGNORECASE)
_SCALES = {"mio": "M", "mil": "M", "tsd": "K", "tho": "K"}


def _head(text: str) -> str:
    """A head of a column with its letters only."""
    return re.sub(r"[(\[].*|\W|_", "", text.lower(), flags=re.DOTALL)


def column_meaning(head: str) -> str:
    """The meaning of a column: `layer`, a figure or `working`; empty for settings and unknown heads."""
    for bare in (_head(head), _head(_FILLERS.sub(" ", head))):
        found = next((meaning for meaning, heads in COLUMN_HEADS.items() if bare in heads), "")
        if found:
            return found
    return ""


def _scale_of(head: str) -> str:
    """The suffix of the numbers of a column: M below `MACs (M)` and `Mio. MACs`; empty for plain numbers."""
    found = _SCALE.search(head)
    return (found[2] or _SCALES[found[1][:3].lower()]).upper() if found else ""


def is_settings(head: str) -> bool:
    """Whether a column holds the settings of layers, as a worksheet prints them."""
    return (
        plain(head) in SETTING_HEADS
        or _head(head) in BIASES
        or _setting(head) is not None
        or is_entering(_head(head))
        or any(_head(head) in one for one in MAP_HEADS.values())
    )


def _setting(head: str) -> str | None:
    """The word for the numbers of a column of operations; None for any other column."""
    bare = _head(head)
    return next((word for word, heads in OPERATION_HEADS.items() if bare in heads), None)


def problem(line: int, column: int, message: str) -> Problem:
    """A problem of a sheet; its words cannot steer a terminal."""
    return Problem(line, column, one_line(message), RULE)


def unreadable(file: str, message: str, line: int = 1) -> SheetError:
    """The error for a sheet that cannot be read at all."""
    return SheetError(file, [problem(line, 1, message)])


NOT_SET = ("-", "–", "—", "n/a", "none", "/")
"""Signs in a column of settings for one that a layer does not have."""


class TableRow(NamedTuple):
    """One row of a table, before anybody knows what its columns mean."""

    line: int
    cells: tuple[str, ...]


def read_table(file: str, rows: Iterable[TableRow]) -> Sheet | None:
    """The sheet in a table; None if no row is a head with `layer` and a figure.

    Args:
        file: the sheet's name.
        rows: the rows; those above the head may be facts about the sheet.
    """
    facts: dict[str, str] = {}
    remaining = iter(rows)
    for row in islice(remaining, MAX_ABOVE):
        if meanings := head_meanings(row.cells):
            return _below(file, facts, row, meanings, remaining)
        _note_fact(facts, row.cells)
    return None


def head_meanings(cells: Sequence[str]) -> list[str]:
    """The meanings of the columns below a head; none if the cells are not a head with `layer` and a figure."""
    meanings = [column_meaning(cell) for cell in cells]
    named = [_setting(cell) == "" for cell in cells]
    if "layer" not in meanings and named.count(True) == 1:
        meanings[named.index(True)] = "layer"  # a table of `operation` and figures names its rows by these
    has_figures = not set(meanings).isdisjoint(ASKED) or map_columns([_head(cell) for cell in cells], None) is not None
    if has_figures and "layer" not in meanings and not cells[0].strip() and len([*filter(None, meanings)]) > 1:
        meanings[0] = "layer"  # many leave the corner of a table empty
    return meanings if "layer" in meanings and has_figures else []


def _note_fact(facts: dict[str, str], cells: tuple[str, ...]) -> None:
    """Keep the fact in a line above the table: `seed, 17` or `seed: 17`."""
    words = [cell.strip() for cell in cells if cell.strip()]
    if len(words) == 1 and ":" in words[0]:
        words = [part.strip() for part in words[0].lstrip("#-* ").split(":", 1)]
    if len(words) > 1 and words[0].lower().rstrip(":") in FACTS:
        facts.setdefault(words[0].lower().rstrip(":"), words[1].removeprefix("'"))


def _below(file: str, facts: Mapping[str, str], head: TableRow, meanings: list[str], rows: Iterable[TableRow]) -> Sheet:
    parts = _parts_of_params(head, meanings)
    problems = _column_problems(head, meanings)
    columns: dict[str, int] = {}
    for number, meaning in enumerate(meanings):
        if meaning:
            columns.setdefault(meaning, number)
    settings = _settings(head)
    found = map_columns([_head(cell) for cell in head.cells], columns.get("out"))
    maps = Maps(found) if found is not None else None
    if found is not None:
        columns["out"] = found.out
    scales = {number: scale for number, cell in enumerate(head.cells) if (scale := _scale_of(cell))}
    read: list[SheetRow] = []
    entering, inputs = "", entering_columns([_head(cell) for cell in head.cells])
    for row in rows:
        if not read:
            entering = "x".join(row.cells[number].strip() for number in inputs if number < len(row.cells))
        if any(cell.strip() for cell in row.cells):
            scaled = _scaled(row, scales)
            read.append(
                _row(_added_up(scaled, *parts, columns["params"]) if parts else scaled, columns, settings, maps)
            )
            _note_surplus(row, head, problems)
        if len(read) > MAX_ROWS:
            raise unreadable(file, f"more than {MAX_ROWS:,} rows; a sheet has one row for each layer", row.line)
    figures = tuple(figure for figure in ASKED if figure in columns)
    return Sheet(file, facts, figures, tuple(read), tuple(problems), entering=entering)


def _parts_of_params(head: TableRow, meanings: list[str]) -> tuple[int, int] | None:
    """The columns of weights and of biases, if there are both; the first of them gets the meaning of their sum."""
    biases = next((number for number, cell in enumerate(head.cells) if _head(cell) in BIASES), None)
    if biases is None or "weights" not in meanings:
        return None
    weights = meanings.index("weights")
    meanings[weights] = "params" if "params" not in meanings else "working" if "working" not in meanings else ""
    return weights, biases


def _added_up(row: TableRow, weights: int, biases: int, params: int) -> TableRow:
    """A row with the sum of its weights and biases in place of the weights: `34848 + 96 = 34944`."""
    cells = [cell.strip() for cell in row.cells] + [""] * (max(weights, biases, params) + 1 - len(row.cells))
    terms = [cells[place] for place in (weights, biases) if cells[place] not in ("", *NOT_SET)]
    total = [cells[params]] if params != weights and cells[params] else []
    if terms:
        cells[weights] = " = ".join([" + ".join(terms), *total]) if len(terms) > 1 else terms[0]
    return row._replace(cells=tuple(cells))


def _column_problems(head: TableRow, meanings: list[str]) -> list[Problem]:
    problems, seen = [], set()
    for number, (cell, meaning) in enumerate(zip(head.cells, meanings, strict=True), start=1):
        text = " ".join(cell.split())[:40]
        if meaning and meaning in seen:
            message = f"column '{text}' occurs twice; the first one is marked"
            problems.append(problem(head.line, number, message))
        elif _head(text) and not meaning and not is_settings(cell):
            message = f"column '{text}' is not asked for and is left out; figures are {', '.join(ASKED)}"
            problems.append(problem(head.line, number, message))
        seen.add(meaning)
    return problems


def _settings(head: TableRow) -> list[tuple[int, str]]:
    """The columns of settings with their words; a `filter` beside a `kernel` is the number of filters."""
    found = [(number, word) for number, cell in enumerate(head.cells) if (word := _setting(cell)) is not None]
    kernels = [number for number, word in found if word == "kernel"]
    has_filters = len(kernels) < 2 or any(word == "filters" for _, word in found)
    first = next((number for number in kernels if _head(head.cells[number]) == "filter"), None)
    return found if has_filters else [(number, "filters" if number == first else word) for number, word in found]


def _scaled(row: TableRow, scales: Mapping[int, str]) -> TableRow:
    """A row whose numbers have the suffix of the head."""
    ends = (scales.get(number, "") if cell.strip()[-1:].isdigit() else "" for number, cell in enumerate(row.cells))
    return row._replace(cells=tuple(f"{cell.strip()}{end}" for cell, end in zip(row.cells, ends, strict=True)))


def _row(
    row: TableRow, columns: Mapping[str, int], settings: Sequence[tuple[int, str]], maps: Maps | None = None
) -> SheetRow:
    def cell(meaning: str) -> Cell:
        number = columns[meaning]
        text = row.cells[number] if number < len(row.cells) else ""
        return Cell(text.strip().removeprefix("'"), row.line, number + 1)  # a spreadsheet's mark for text

    cells = {figure: cell(figure) for figure in ASKED if figure in columns}
    working = cell("working") if "working" in columns else None
    said = [(row.cells[number].strip(), word) for number, word in settings if number < len(row.cells)]
    operation = " ".join(f"{word} {text}".strip() for text, word in said if text and text not in NOT_SET)
    name = cell("layer").text or next((text for text in row.cells if plain_words(text) in SUMS), "")
    if maps is not None and plain_words(name) not in SUMS:
        kinds = " ".join(text for text, word in said if not word)
        cells["out"] = cells["out"]._replace(text=maps.joined(dict(enumerate(row.cells)), kinds or name))
    return SheetRow(name, row.line, cells, working if working and working.text else None, operation)


def _note_surplus(row: TableRow, head: TableRow, problems: list[Problem]) -> None:
    """Note answers after the last column: a shape with unquoted commas has moved them."""
    surplus = [cell.strip() for cell in row.cells[len(head.cells) :] if cell.strip()]
    if surplus:
        message = (
            f"{len(row.cells)} cells, but the head has {len(head.cells)}: does a value have commas of its own? "
            "write shapes as 96x55x55 and numbers without commas, or in quotes"
        )
        problems.append(problem(row.line, len(head.cells) + 1, message))
