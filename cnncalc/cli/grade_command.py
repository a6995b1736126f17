"""`cnncalc grade`: marks answer sheets, and says which rule was broken."""

from __future__ import annotations

from collections.abc import Mapping

import click

from cnncalc.cli.common import Outcome, output_console, parse_names, shape_options
from cnncalc.cli.grading import Grader
from cnncalc.cli.marked_output import FORMATS, MarkedOutput
from cnncalc.cli.progress import with_progress
from cnncalc.errors import OverrideError, SpecError
from cnncalc.homework.attendance import attendance
from cnncalc.homework.figures import FIGURES
from cnncalc.homework.keys import MAX_DEPTH
from cnncalc.homework.marking import Marked, with_problems
from cnncalc.homework.reading import SUFFIXES, read_text, sheet_files
from cnncalc.homework.roster import Entry, read_roster
from cnncalc.homework.scheme import Scheme, make_scheme
from cnncalc.homework.variants import MAX_SEED
from cnncalc.language.nodes import MapNode, ScalarNode
from cnncalc.language.problems import Problems
from cnncalc.language.reader import read_nodes
from cnncalc.render.class_statistics import mistakes_grid
from cnncalc.render.feedback import LEVELS, Level
from cnncalc.render.gradescope import VISIBILITIES, Visibility
from cnncalc.render.table import print_table


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
        names = [name.strip() for name, _, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise OverrideError(f"scheme: {twice} is there twice")
        return {name.strip(): text.strip() for name, _, text in pairs}
    text = read_text(value)
    problems = Problems(value, text)
    root = read_nodes(text, problems)
    problems.raise_if_any()
    if not isinstance(root, MapNode):
        raise OverrideError(f"scheme: {value} is no mapping; write lines such as 'params: 2' and 'follows: 0.5'")
    return {name: node.text if isinstance(node, ScalarNode) else "?" for name, node in root.values.items()}


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
    "--format", "format_", type=click.Choice(FORMATS), default="text",
    show_default=True, help="csv has a row for each sheet, items one for each cell of the sheets.",
)  # fmt: skip
@click.option(
    "--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
    help="When students see it in Gradescope.",
)  # fmt: skip
@click.option(
    "--students", metavar="ROSTER", type=click.Path(exists=True, dir_okay=False),
    help="The roster of the worksheets: tells who has handed in nothing, two sheets, or somebody else's.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, help="The --seed that the roster's sheets had.")
@click.option("--require-seed", is_flag=True, help="A sheet without a seed is an error.")
@click.option(
    "--depth", type=click.IntRange(1, MAX_DEPTH), help="Levels of blocks to unfold.  [default: what a sheet says]"
)
@click.option(
    "-o", "--output", metavar="PATH", help="The file to write; for several sheets as text or gradescope, a folder."
)
@click.option("--force", is_flag=True, help="Write over files that exist.")
@shape_options
def command(
    sheets: tuple[str, ...], spec: str | None, figures: tuple[str, ...], scheme: Scheme, level: Level, mistakes: bool,
    summary: bool, format_: str, visibility: Visibility, students: str | None, seed: int, require_seed: bool,
    depth: int | None, output: str | None, force: bool, inputs: tuple[str, ...], variables: dict[str, str],
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
    out = MarkedOutput(scheme, level, format_, visibility, summary, output, force)
    if format_ == "gradescope" and len(files) != 1 and not output:
        raise click.UsageError(f"Gradescope takes one sheet at a time; name a folder for {len(files)} of them with -o")
    outcome = Outcome()
    unread: list[SpecError] = []
    roster: tuple[Entry, ...] = ()
    marked: list[Marked] = []
    with outcome.collect():
        roster = read_roster(students) if students else ()
        grader = Grader(spec, depth, figures, inputs, variables, seeded=require_seed)
        for file in with_progress(files, len(files), "sheets"):
            with outcome.collect():
                try:
                    marked.append(grader.marked(file))
                except SpecError as error:
                    unread.append(error)
                    raise
    handed_in = attendance([one.sheet for one in marked], roster, seed)
    marked = [with_problems(*pair) for pair in zip(marked, handed_in.problems, strict=True)]
    _print_problems(marked)
    if marked and (unused := scheme.unused(marked)):
        raise click.UsageError(f"scheme: no sheet has a cell {', '.join(unused)}; it is LAYER.FIGURE with a row's name")
    if handed_in.missing:
        names = ", ".join(f"{entry.name} ({entry.id})" for entry in handed_in.missing)
        click.echo(
            f"note: no sheet that can be marked from {len(handed_in.missing)} of {len(roster)}: {names}", err=True
        )
    out.print(marked, unread, handed_in.missing)
    outcome.exit()


def _print_problems(marked: list[Marked]) -> None:
    for one in marked:
        for line in SpecError(one.sheet.file, one.problems).lines():
            click.echo(line, err=True)
