"""The table of layers on a page: every row at every depth, and below each the arithmetic of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cnncalc.analysis.derivation import WITH_FIELD, Derivation, derive
from cnncalc.analysis.derivation_lines import DerivationLine, axis_of, lines
from cnncalc.analysis.report import Report
from cnncalc.figures import FIGURES
from cnncalc.layers.base import Step
from cnncalc.network.model import Row
from cnncalc.notation import PLAIN
from cnncalc.render.columns import COLUMNS, DEFAULT_COLUMNS, Column, report_grid, report_notes
from cnncalc.render.explanations import heading, symbols_of
from cnncalc.render.grid import Cell, Header, cell_text

NAMES = (*DEFAULT_COLUMNS, "receptive_field", "output_memory")
"""The columns."""

FIELDS = {name for name, figure in FIGURES.items() if figure.along_axis}

EXPLAINED = (*WITH_FIELD, "output_memory")

HANDED_ON = {name for name, figure in FIGURES.items() if figure.handed_on}
"""Figures that a row has from its last part, so that rows at several depths have no sum."""

WORDS = 2
"""The number of columns that are not figures."""


def layers_table(report: Report, what: str) -> str:
    """The table with its notes; `what` is its name for screen readers."""
    grid = report_grid(report, NAMES)
    heads = "".join(_head(header) for header in grid.headers)
    total = "".join(
        f'<td class="{header.align}">{escape(cell_text(cell, "exact") if header.name not in HANDED_ON else "")}</td>'
        for header, cell in zip(grid.headers, grid.totals, strict=True)
    )
    derivations: list[Derivation] = []
    body = "".join(_rows(report, report.network.rows, (), derivations))
    notes = "<br>".join(map(escape, report_notes(report, NAMES)))
    return (
        '<p class="tools"><button type="button" data-unfold="0">fold all</button> '
        '<button type="button" data-unfold="1">unfold all</button> '
        "<span>A click on a figure shows how it comes about. With the keyboard: arrows go from figure to figure, Enter "
        "opens.</span></p>\n"
        f'<div class="scrolls"><table class="layers" aria-label="{escape(what)}">\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n<tfoot><tr>{total}</tr></tfoot>\n</table></div>\n<p><small>{notes}</small></p>\n"
        f"{_symbols(derivations)}"
    )


def _head(header: Header) -> str:
    button = f'<button type="button" class="sort">{escape(header.title)}</button>'
    return f'<th scope="col" class="{header.align}" aria-sort="none">{button}</th>'


def _rows(
    report: Report, rows: Sequence[Row], above: Sequence[Row], derivations: list[Derivation]
) -> Iterator[str]:  # fmt: skip
    """The rows inside of others, each followed by its derivation and its parts; single layers are added to a list."""
    columns = [COLUMNS[name] for name in NAMES]
    for row in rows:
        cells = [column.cell(report.row_report(row)) for column in columns]
        yield _row(row, above, columns, cells)
        if row.start < row.stop:
            why = _sums(report, row, columns, cells) if row.children else _derivation(report, row, derivations)
            yield f'<tr class="why" hidden><td colspan="{len(NAMES)}"><div>{why}</div></td></tr>\n'
        yield from _rows(report, row.children, (*above, row), derivations)


def _row(row: Row, above: Sequence[Row], columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """A row of the table; `data-line` marks a layer with its norm and activation, whose derivations belong to it."""
    path = escape(row.path)
    name = escape(name_inside(row, above))
    fold = f'<button type="button" class="fold" aria-expanded="true" aria-label="parts of {name}"></button>'
    first = f'<th scope="row">{fold if row.children else ""}{name}</th>'
    opens = row.start < row.stop
    others = "".join(map(_cell, columns[1:], cells[1:], (False, *(opens for _ in cells[WORDS:]))))
    line = " data-line" if row.children and not row.label else ""
    return f'<tr data-level="{len(above)}" data-path="{path}"{line}>{first}{others}</tr>\n'


def name_inside(row: Row, above: Sequence[Row]) -> str:
    """The name of a row without the name of the row around it."""
    around = next((one.path for one in reversed(above) if row.path.startswith(f"{one.path}/")), "")
    return row.path.removeprefix(f"{around}/")


def _cell(column: Column, cell: Cell, opens: bool) -> str:
    text = escape(cell_text(cell, "exact"))
    if opens and text:
        text = f'<button type="button" data-figure="{column.header.name}" aria-expanded="false">{text}</button>'
    return f'<td class="{column.header.align}">{text}</td>'


def _sums(report: Report, row: Row, columns: Sequence[Column], cells: Sequence[Cell]) -> str:
    """The arithmetic of a row's figures from those of the rows inside of it."""
    parts = [(child.path, report.row_report(child)) for child in row.children if child.start < child.stop]
    items: list[str] = []
    for column, cell in zip(columns[WORDS:], cells[WORDS:], strict=True):
        name, text = column.header.name, cell_text(cell, "exact")
        inside = [f"{cell_text(value, 'exact')} ({path})" for path, part in parts if (value := column.cell(part))]
        if column.summed and name not in HANDED_ON:
            items += [_item(name, column.header.title, f"{' + '.join(inside)} = {text}")] if inside else []
        elif row.label and text:
            items.append(_item(name, column.header.title, f"{text}, that of its last part"))
    return f"<p><b>{escape(row.path)}</b>: the sum of its parts</p><dl>{''.join(items)}</dl>"


def _derivation(report: Report, row: Row, derivations: list[Derivation]) -> str:
    """The arithmetic of a single layer's figures."""
    derivation = derive(report, report.layers[row.start], EXPLAINED)
    derivations.append(derivation)
    written = zip(derivation.steps, lines(derivation, PLAIN), strict=True)
    items = "".join(_item(_column_of(step), line.label, _text(line)) for step, line in written)
    return f"<p><b>{escape(row.path)}</b>: {escape(heading(derivation))}</p><dl>{items}</dl>"


def _column_of(step: Step) -> str:
    """The column of the figure that a step leads to."""
    axis, what = axis_of(step)
    word = step.label.partition(" of ")[0] if not axis else what
    if (axis and what in FIELDS) or word.startswith("receptive field"):
        return "receptive_field"
    return word if word in NAMES else "output"


def _text(line: DerivationLine) -> str:
    return line.arithmetic + (f"   {line.note}" if line.note else "")


def _item(figure: str, label: str, text: str) -> str:
    return f'<div data-of="{figure}"><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>'


def _symbols(derivations: Sequence[Derivation]) -> str:
    found = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(meaning)}</dd></div>"
                    for name, meaning in symbols_of(derivations).items())  # fmt: skip
    return f"<details><summary>Symbols</summary><dl>{found}</dl></details>\n" if found else ""
