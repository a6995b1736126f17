"""`cnncalc guide`: the manual, page by page."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence

import click

from cnncalc.cli.guide_pages import about, page, topics
from cnncalc.cli.main import no_pager_option
from cnncalc.cli.output import Printer
from cnncalc.language.problems import suggestion
from cnncalc.notation import several
from cnncalc.render.document import Document
from cnncalc.render.grid import Grid, Header
from cnncalc.render.screen import output_screen, rich_console

PAGES = (Header("topic", "topic"), Header("what", "what it is about", folds=True))

EPILOG = """\b
Examples:
  cnncalc guide
  cnncalc guide language
  cnncalc guide --search padding same
  cnncalc guide formats > formats.md
"""


@click.command(epilog=EPILOG)
@click.argument("topic", nargs=-1)
@click.option(
    "--search", metavar="WORD", multiple=True, help="Lines of all pages that have this word; or several words."
)
@no_pager_option
def command(topic: tuple[str, ...], search: tuple[str, ...]) -> None:
    """The manual, page by page; without TOPIC the list of its pages.

    A terminal shows a page laid out, a long one through CNNCALC_PAGER or PAGER; a pipe or file gets it in Markdown.
    --search finds layer kinds, rules of check, figures and mistakes by name, too. It exits with 1 if it finds nothing.
    """
    if search:
        _search((*search, *topic))
    elif not topic:
        rows = tuple((name, about(name)) for name in topics())
        grid = Grid(
            "Pages of the manual", PAGES, rows, notes=("cnncalc guide --search WORD finds lines in all of them",)
        )
        Printer("table").print(Document(lambda: [grid], lambda: dict(rows)))
    else:
        text = "\n".join([page(_known(name)) for name in topic])
        _print(laid_out(text) if sys.stdout.isatty() else output_screen().shown(text))


def _known(name: str) -> str:
    """The topic that is named, in any capitals and with or without the end of its file."""
    topic, known = name.lower().removesuffix(".md"), topics()
    if topic not in known:
        hint = suggestion(name, known) or f"; --search {shlex.quote(name)} looks in all pages: {', '.join(known)}"
        raise click.UsageError(f"the manual has no page '{name:.40}'{hint}")
    return topic


def _search(words: Sequence[str]) -> None:
    from cnncalc.cli.guide_search import found, missing, passages
    from cnncalc.render.folding import wrapped

    if not all(map(str.strip, words)):
        raise click.UsageError("--search needs a word, as in --search padding")
    everything = passages()
    lines = found(everything, words)
    if not lines:
        raise click.ClickException(missing(everything, words))
    parts, above, screen = [f"{several(len(lines), 'place')} in the manual"], ("", ""), output_screen()
    for topic, heading, line in lines:
        if (topic, heading) != above:
            parts.append(f"\n{topic} · {heading}")
        above = topic, heading
        parts += [f"  {part}" for part in wrapped(line, screen.width - 2, "  ")]
    _print(screen.shown("\n".join(parts) + "\n"))


def laid_out(text: str) -> str:
    """A page as a terminal shows Markdown, on its own background, dark or light."""
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = rich_console(sys.stdout)
    with console.use_theme(Theme({"markdown.code": "bold"})), console.capture() as captured:
        console.print(Markdown(_FILE_LINK.sub(r"\1", text), code_theme="ansi_dark"))
    return captured.get()


_FILE_LINK = re.compile(r"!?\[([^]]+)\]\((?!https?:)[^)]+\)")
"""A link or picture that leads to another file of the repository, which a terminal does not show."""


def _print(text: str) -> None:
    """Print a text; through the pager of a terminal on which it does not fit."""
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from cnncalc.cli.pager import print_page

    print_page(text)
