"""`cnncalc grade`: marks answer sheets, and says which rule was broken."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping

import click
from rich.console import Console

from cnncalc.cli.common import UNLIMITED, Outcome, ascii_only, output_console, parse_names, shape_options
from cnncalc.cli.grading import Grader
from cnncalc.cli.progress import with_progress
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import OverrideError, SpecError
from cnncalc.homework.figures import FIGURES
from cnncalc.homework.marking import Marked
from cnncalc.homework.reading import SUFFIXES, read_text, sheet_files
from cnncalc.homework.scheme import Scheme, make_scheme
from cnncalc.homework.statistics import class_statistics
from cnncalc.render.class_statistics import items_grid, mistakes_grid, sheets_grid, summary_grids
from cnncalc.render.csv_text import csv_text
from cnncalc.render.feedback import LEVELS, Level
from cnncalc.render.gradescope import VISIBILITIES, Visibility, broken, results
from cnncalc.render.marks import marked_document, print_marks
from cnncalc.render.table import print_table
from cnncalc.spec.nodes import Mapping as MappingNode
from cnncalc.spec.nodes import Scalar
from cnncalc.spec.problems import Problems
from cnncalc.spec.reader import read_nodes


def _parse_figures(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return parse_names(value, FIGURES, "figure") if value else ()


def _parse_scheme(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Scheme:
    """A scheme from `params=2,follows=0.5`, or from a YAML file with the same words."""
    try:
        return make_scheme(_settings(value)) if value else Scheme()
    except (OverrideError, SpecError) as error:
        raise click.BadParameter(str(error)) from None


def _settings(value: str) -> Mapping[str, str]:
    if "=" in value:
        pairs = [part.partition("=") for part in value.split(",") if part.strip()]
        return {name.strip(): text.strip() for name, _, text in pairs}
    text = read_text(value)
    problems = Problems(value, text)
    root = read_nodes(text, problems)
    problems.raise_if_any()
    if not isinstance(root, MappingNode):
        raise OverrideError(f"scheme: {value} is no mapping; write lines such as 'params: 2' and 'follows: 0.5'")
    return {name: node.text if isinstance(node, Scalar) else "?" for name, node in root.values.items()}


EPILOG = """\b
Examples:
  cnncalc grade ada.csv --spec alexnet
  cnncalc grade sheets --spec alexnet --summary
  cnncalc grade sheets --spec alexnet -o marked --feedback hint
  cnncalc grade sheets --spec alexnet --format csv > class.csv
  cnncalc grade sheets --spec alexnet --scheme params=2,follows=0.5
  cnncalc grade student.yaml --spec solution.yaml
  cnncalc grade ada.csv --spec alexnet --format gradescope -o results.json
  cnncalc grade --mistakes
"""


@click.command(epilog=EPILOG)
@click.argument("sheets", nargs=-1, metavar="SHEET...", type=click.Path(exists=True, allow_dash=True))
@click.option("--spec", metavar="SPEC", help="The network that the sheets are about.  [default: what a sheet says]")
@click.option(
    "--ask", "figures", callback=_parse_figures, metavar="NAMES",
    help=f"The columns to mark: all, or some of {', '.join(FIGURES)}.  [default: those of the sheet]",
)  # fmt: skip
@click.option(
    "--scheme", callback=_parse_scheme, metavar="SCHEME",
    help="Points and credits: params=2,follows=0.5,conv1.out=3, or a YAML file with such lines.",
)  # fmt: skip
@click.option(
    "--feedback", "level", type=click.Choice(list(LEVELS)), default="explain", show_default=True,
    help="; ".join(f"{level}: {what}" for level, what in LEVELS.items()) + ".",
)  # fmt: skip
@click.option("--mistakes", is_flag=True, help="List the mistakes that are known instead.")
@click.option("--summary", is_flag=True, help="The class in place of each sheet: points, hardest cells, mistakes.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "csv", "items", "gradescope"]), default="text",
    show_default=True, help="csv has a row for each sheet, items one for each cell of the sheets.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
    help="When students see it in Gradescope.",
)  # fmt: skip
@click.option("--depth", type=click.IntRange(min=1), help="Levels of blocks to unfold, as for the worksheet.")
@click.option(
    "-o", "--output", metavar="PATH", help="The file to write; for several sheets as text, a folder with one for each."
)
@click.option("--force", is_flag=True, help="Write over files that exist.")
@shape_options
def command(
    sheets: tuple[str, ...], spec: str | None, figures: tuple[str, ...], scheme: Scheme, level: Level, mistakes: bool,
    summary: bool, format_: str, visibility: Visibility, depth: int | None, output: str | None, force: bool,
    inputs: tuple[str, ...], variables: dict[str, str],
) -> None:  # fmt: skip
    """Mark answer sheets: what is right, what follows from an earlier mistake, and which rule was broken.

    SHEET is a CSV of any spreadsheet, a Markdown table, YAML, a spec whose lines claim what comes out (out:,
    params:), or a folder of such files. A mistake in one row costs its own cell: later rows are marked by the
    student's own numbers.
    """
    if mistakes:
        print_table(mistakes_grid(), output_console())
        return
    if not sheets:
        raise click.UsageError("Missing argument 'SHEET...'; only --mistakes needs none.")
    files = sheet_files(sheets)
    if not files:
        raise click.UsageError(f"there are no sheets in {', '.join(sheets)}; they end in {', '.join(SUFFIXES)}")
    if format_ == "gradescope" and len(files) != 1:
        raise click.UsageError(f"Gradescope takes one sheet at a time; {len(files)} are given")
    outcome = Outcome()
    marked: list[Marked] = []
    with outcome.collect():
        grader = Grader(spec, depth, figures, inputs, variables)
        for file in with_progress(files, len(files), "sheets"):
            with outcome.collect():
                try:
                    marked.append(grader.marked(file))
                except SpecError as error:
                    if format_ == "gradescope":
                        _emit(_json(broken(error, visibility)) + "\n", output, force)
                    raise
    _print_problems(marked)
    if marked:
        _print(marked, scheme, level, format_, visibility, summary, output, force)
    outcome.exit()


def _print_problems(marked: list[Marked]) -> None:
    for one in marked:
        for line in SpecError(one.sheet.file, one.problems).lines():
            click.echo(line, err=True)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=ascii_only(), indent=2)


def _emit(text: str, output: str | None, force: bool) -> None:
    if output:
        write_files([Written(output, text, output.endswith(".csv"))], force=force)
        click.echo(f"written to {output}")
    else:
        click.echo(text, nl=False)


def _print(
    marked: list[Marked], scheme: Scheme, level: Level, format_: str, visibility: Visibility, summary: bool,
    output: str | None, force: bool,
) -> None:  # fmt: skip
    match format_:
        case "json" if len(marked) == 1:
            _emit(_json(marked_document(marked[0], scheme, level)) + "\n", output, force)
        case "json":
            documents = (marked_document(one, scheme, level) for one in marked)
            lines = (json.dumps(document, ensure_ascii=ascii_only()) for document in documents)
            _emit("".join(f"{line}\n" for line in lines), output, force)
        case "csv":
            _emit(csv_text([("", sheets_grid(marked, scheme))]), output, force)
        case "items":
            _emit(csv_text([("", items_grid(class_statistics(marked, scheme)))]), output, force)
        case "gradescope":
            _emit(_json(results(marked[0], scheme, level, visibility)) + "\n", output, force)
        case _:
            _print_text(marked, scheme, level, summary, output, force)


def _print_text(
    marked: list[Marked], scheme: Scheme, level: Level, summary: bool, output: str | None, force: bool
) -> None:
    console = output_console()
    if output:
        write_files(list(_files(marked, scheme, level, output)), force=force)
    if output or summary:
        for grid in summary_grids(marked, scheme, class_statistics(marked, scheme)):
            if grid.rows:
                print_table(grid, console)
        return
    for place, one in enumerate(marked):
        if place:
            console.print()
        print_marks(one, scheme, level, console)


def _files(marked: list[Marked], scheme: Scheme, level: Level, output: str) -> Iterator[Written]:
    """A text for each sheet; `output` is the file of a single one, the folder of several."""
    for one in marked:
        buffer = io.StringIO()
        console = Console(file=buffer, highlight=False, markup=False, emoji=False, width=UNLIMITED)
        print_marks(one, scheme, level, console)
        stem = os.path.splitext(os.path.basename(one.sheet.file))[0]
        single = len(marked) == 1 and os.path.splitext(output)[1]
        yield Written(output if single else os.path.join(output, f"{stem}.txt"), buffer.getvalue())
