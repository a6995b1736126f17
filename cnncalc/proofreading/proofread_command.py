"""`cnncalc proofread`: what is wrong in a write-up, with its place."""

from __future__ import annotations

from collections.abc import Sequence

import click

from cnncalc.check.reporters import FORMATS
from cnncalc.check.results import FAIL_ON, Checked, FailOn, Results, locate
from cnncalc.cli.common import Outcome, load_report, say_beside
from cnncalc.cli.progress import with_progress
from cnncalc.cli.reports import print_results
from cnncalc.errors import printable
from cnncalc.proofreading.against import OWN
from cnncalc.proofreading.coverage import Coverage
from cnncalc.proofreading.document import read_document
from cnncalc.proofreading.networks import judge_code_itself, networks_of
from cnncalc.proofreading.proofread import proofread

EPILOG = """\b
Examples:
  cnncalc proofread report.md
  cnncalc proofread report.md chapter.tex --spec alexnet
  cnncalc proofread report.md --format github   notes on a pull request
"""


@click.command(epilog=EPILOG)
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@click.option("--spec", metavar="SPEC", help="Compare sizes and counts with this architecture, too.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="As for check."
)
@click.option(
    "--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
    help="The least severity that makes the exit status 1.",
)  # fmt: skip
def command(documents: Sequence[str], spec: str | None, format_: str, fail_on: FailOn) -> None:
    """Find what is wrong in a write-up: its calculations, formulas, sizes and settings.

    DOCUMENT is Markdown, plain text, LaTeX, a notebook, HTML, a PDF, a table as CSV or XLSX, or - for standard input.
    Every equation with numbers is computed, every formula of an output size compared with
    floor((W - K + 2P)/S) + 1, and every description of a layer with its input, its output, its counts of params and
    values, the calculation beside it, and the code in the document. What cannot be judged is passed over: a note says
    how much is understood, and 'cnncalc guide writeups' what is judged.
    """
    outcome = Outcome()
    report = None
    if spec is not None:
        with outcome.collect():
            report = load_report(spec)
        if outcome.failures:
            outcome.exit()
    checked: list[Checked] = []
    for path in documents:
        with outcome.collect():
            document, coverage = read_document(path), Coverage()
            own = [] if path == "-" else list(networks_of(path))
            networks = [(OWN[0], one) for _, one in own] + ([(spec, report)] if spec and report else [])
            found = [*proofread(document, networks, coverage, with_progress), *judge_code_itself(document, own)]
            checked.append(Checked(path, locate(path, document.text, found)))
            say_beside(f"note: {printable(path)}: {coverage.words(document.places)}")
    results = Results(tuple(checked), fail_on=fail_on, noun="document")
    if checked:
        print_results(results, format_)
    outcome.exit(failed=results.failed)
