"""Tables of a write-up with a layer in each row: do its settings give its output, and its params?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.errors import SheetError
from cnncalc.homework.operations import settings_said
from cnncalc.homework.row_kinds import NOT_LAYERS, SUMS, kind_said, plain_words
from cnncalc.homework.sheet import SheetRow, TableRow, read_table
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.proofreading.counts import exact_count
from cnncalc.proofreading.coverage import NO_MAP, NO_TABLE, NO_WINDOW, ROW, TOO_FEW, Coverage, TextPart
from cnncalc.proofreading.facts import Fact, square_map
from cnncalc.proofreading.judging import judge_step
from cnncalc.proofreading.plain import plain
from cnncalc.proofreading.steps import OTHER, Description

LEAST_RIGHT = 2
"""How many rows have to follow from their settings before another row is taken for a slip."""

_KEEPING = (*ACTIVATIONS, "activation", "norm", "bn", "lrn", "dropout", "layernorm")
"""Kinds after which the map is the same."""

_MAP = re.compile(r"\(?(\d{1,5})\s*[×x*,]\s*(\d{1,5})(?:\s*[×x*,]\s*(\d{1,6}))?\)?")
_LATEX_END = re.compile(r"\\\\.*")


class Table(NamedTuple):
    """The rows of a table as they are written, and the number of each line."""

    rows: list[list[str]]
    lines: list[int]


def tables(lines: Sequence[str]) -> Iterator[Table]:
    """The tables of Markdown or LaTeX in the lines of a write-up; the frames of LaTeX do not end one."""
    table = Table([], [])
    for number, line in enumerate(lines, 1):
        cells = cells_of(line)
        if len(cells) > 1:
            table.rows.append(cells)
            table.lines.append(number)
        elif table.rows and re.fullmatch(r"\s*(?:\\\w+(?:\{[^}]*\})?)?\s*", line) is None:
            yield table
            table = Table([], [])
    if table.rows:
        yield table


def cells_of(line: str) -> list[str]:
    """The cells of a row of Markdown or LaTeX, in plain signs; empty for a line that is not a row."""
    sign = "|" if "|" in line else "&"
    bare = _LATEX_END.sub("", line).strip().removeprefix("|").removesuffix("|")
    return [plain(cell.strip(" *`")).text.strip(" *`()") for cell in bare.split(sign)] if sign in bare else []


def table_rows(table: Table) -> Sequence[SheetRow]:
    """The rows of a table of layers; empty for another table."""
    rows = [
        TableRow(line, tuple(cells))
        for line, cells in zip(table.lines, table.rows, strict=True)
        if not set("".join(cells)) <= set("-: ")
    ]
    try:
        sheet = read_table("", rows)
    except SheetError:
        return ()
    return sheet.rows if sheet is not None and "out" in sheet.figures else ()


def judge_table(table: Table, coverage: Coverage) -> list[Finding]:
    """The slips in rows of layers; none if so many rows differ that the table is of another kind."""
    rows = table_rows(table)
    if not rows:
        coverage.add(NO_TABLE, table.lines[0])
        return []
    found: list[Finding] = []
    parts: list[tuple[TextPart, int]] = []
    before: Fact | None = None
    right, is_sure = 0, True
    for row in rows:
        kind = _kind(row)
        step = _described(row, is_pool=kind.endswith("pool"))
        if kind in ("conv", "pool", "maxpool", "avgpool") and not _is_other(row):
            own = list(judge_step(step, before))
            found += own[:1] if is_sure else []  # what does not follow from a slip is not another slip
            is_judged = step.output is not None and before is not None
            right += not own and is_judged
            parts.append((ROW if is_judged else NO_MAP, row.line))
            before, is_sure = step.output, not own
            continue
        if plain_words(row.name) not in (*NOT_LAYERS, *SUMS):
            parts.append((NO_WINDOW, row.line))
        if kind not in _KEEPING or step.output is not None:
            before = step.output
    if right < max(LEAST_RIGHT, 2 * len(found)):
        coverage.add(TOO_FEW, table.lines[0])
        return []
    for part, line in parts:
        coverage.add(part, line)
    return found


def _kind(row: SheetRow) -> str:
    """The kind of layer in a row; C1 and S2 are a convolution and a pool of LeNet."""
    short = re.fullmatch(r"([CS])\d", row.name)
    return ("conv" if short[1] == "C" else "pool") if short else kind_said(row.name) or kind_said(row.operation)


def _is_other(row: SheetRow) -> bool:
    """Whether a row is about an unusual layer, or a block of several layers."""
    text = f"{row.name} {row.operation}".lower()
    return OTHER.search(text) is not None or re.search(r"(?<!\d)[×x]\s?\d+\s*$|block|^\d+\s?×\s", text) is not None


def _described(row: SheetRow, *, is_pool: bool) -> Description:
    """The description of a row's layer."""
    is_layer = plain_words(row.name) not in (*NOT_LAYERS, *SUMS)
    said = settings_said(row.operation.lower()[:200]) if is_layer else {}
    found = [("padding", "0")] if said.get("padding") == "valid" else []
    found += [(what, value) for what, value in said.items() if what in ("kernel", "stride", "padding", "filters")]
    facts = [
        Fact(what, value, None, row.line, 1, "count" if what == "filters" else "sentence")
        for what, text in found
        if (value := _size(text)) is not None and not (is_pool and what == "filters")
    ]
    out, params = row.cells["out"], row.cells.get("params") or row.cells.get("weights")
    if (match := _MAP.fullmatch(out.text)) and (leaving := square_map(match.groups())):
        facts.append(Fact("output", *leaving, row.line, 1, "result"))
    if params is not None and (count := exact_count(params.text.replace(" ", ""))) is not None:
        facts.append(Fact("params", int(count.value), None, row.line, 1, "count", count))
    return Description(facts, [], is_pool, (f"{row.name} {row.operation}".lower(),))


def _size(text: str) -> int | None:
    """A setting along one axis; None if it is not the same along both."""
    sizes = set(re.findall(r"\d+", text))
    return int(sizes.pop()) if len(sizes) == 1 else None
