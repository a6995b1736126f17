"""The worksheet of the open text, to be filled in on the page, and its marks."""

from __future__ import annotations

from cnncalc.explaining.exercise import TOTAL, Item
from cnncalc.explaining.figures import ASKED, USUALLY_ASKED
from cnncalc.homework.feedback_view import LEVELS, remarked
from cnncalc.homework.grading import Exercises
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.marks_view import headline, marks_document
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.sheet import MAX_DEPTH, Cell, Sheet, SheetRow
from cnncalc.homework.variants import MAX_SEED, Variant
from cnncalc.homework.worksheet import NOT_ASKED, Worksheet, Worksheets
from cnncalc.homework.worksheet_view import handout
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, RequestError, number_in, rows_in, word_in, words_in
from cnncalc.notation import several

MOST_ROWS = 500
"""The most rows of a sheet on a page; nobody fills in more."""


def exercise(text: OpenText, request: Request) -> Answer:
    """The blank sheet: its words, and its cells with their use."""
    sheet = _sheet(text, request)
    made = handout(sheet)
    return {
        "title": made.title,
        "how": made.how,
        "heads": list(made.heads),
        "figures": list(sheet.figures),
        "rows": [[cell._asdict() for cell in row] for row in made.rows],
        "known": {"figures": list(ASKED), "levels": list(LEVELS), "most_seed": MAX_SEED, "most_depth": MAX_DEPTH},
    }


def mark(text: OpenText, request: Request) -> Answer:
    """The marks of a sheet that was filled in, as `grade --format json` has them, below their headline."""
    sheet, wanted = _sheet(text, request), word_in(request, "level", LEVELS, "explain")
    level = next(level for level in LEVELS if level == wanted)
    answers = rows_in(request, "answers")
    rows = sheet.rows()
    if [len(row) for row in answers] != [len(sheet.figures)] * len(rows):
        raise RequestError(f"the sheet has changed: it has {several(len(rows), 'row')} now; begin again")
    filled = tuple(_row(sheet, line, *row) for line, row in enumerate(zip(rows, answers, strict=True), start=1))
    answered = Sheet(text.edited.source.file, sheet.facts, sheet.figures, filled)
    marked, scheme = mark_sheet(sheet.exercise, answered, sheet.figures), Scheme()
    notes = [problem.message for problem in marked.problems]
    notes += [f"{remark.layer or 'sheet'}: {remarked(remark, level)}" for remark in marked.remarks]
    return {"headline": headline(marked, scheme), "notes": notes, **marks_document(marked, scheme, level).data()}


def _row(sheet: Worksheet, line: int, asked: tuple[Item | None, tuple[str, ...]], answers: tuple[str, ...]) -> SheetRow:
    """One row with its answers; a cell without a question has none."""
    item, blanks = asked
    cells = {
        figure: Cell(answer.strip(), line)
        for figure, blank, answer in zip(sheet.figures, blanks, answers, strict=True)
        if blank != NOT_ASKED
    }
    return SheetRow(item.name if item else TOTAL, line, cells)


def _sheet(text: OpenText, request: Request) -> Worksheet:
    """The sheet that a request is about, by its `figures`, its `depth`, and the `seed` of other numbers.

    Raises:
        RequestError: it has too many rows, or the text has no figures.
        OverrideError, NoVariant: there are no other numbers for the network.
    """
    report, good = text.report, text.edited.good
    if good is None or good.spec is None or report.open_sizes:
        raise RequestError(f"an exercise {report.needs}")
    figures = dict.fromkeys(words_in(request, "figures") or USUALLY_ASKED)
    if unknown := figures.keys() - ASKED.keys():
        raise RequestError(f"'figures' has {min(unknown)!r:.40}; known are {', '.join(ASKED)}")
    depth = number_in(request, "depth", 0) or None
    variant = Variant(number_in(request, "seed", most=MAX_SEED)) if request.get("seed") is not None else None
    exercises = Exercises(specs={good.source.file: good.spec})
    sheet = Worksheets(exercises, good.source.file, depth, tuple(figures), key=False, working=False).sheet(variant)
    if len(sheet.exercise.items) > MOST_ROWS:
        raise RequestError(f"{len(sheet.exercise.items):,} rows are too many for a page; unfold fewer levels")
    return sheet
