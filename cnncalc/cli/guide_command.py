"""`cnncalc guide`: the manual, page by page."""

from __future__ import annotations

import os.path
import sys

import click

from cnncalc.cli.output import Printer
from cnncalc.language.problems import suggestion
from cnncalc.render.document import Document
from cnncalc.render.grid import Grid, Header
from cnncalc.render.screen import rich_console

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "guide")
"""Where the pages are: TOPIC.md, with a title and then what the page is about."""

WORDS = "words"
"""The page that is made of the table of other frameworks' words."""

EPILOG = """\b
Examples:
  cnncalc guide
  cnncalc guide formats
  cnncalc guide formats > formats.md
"""


@click.command(epilog=EPILOG)
@click.argument("topic", required=False)
def command(topic: str | None) -> None:
    """The manual, page by page; without TOPIC the list of its pages.

    A terminal shows a page in its pager; a pipe or file gets it in Markdown.
    """
    topics = sorted([WORDS, *(name.removesuffix(".md") for name in os.listdir(FOLDER) if name.endswith(".md"))])
    if topic is None:
        rows = tuple((name, page(name).split("\n\n")[1].replace("\n", " ")) for name in topics)
        grid = Grid(
            "Pages of the manual", (Header("topic", "topic"), Header("what", "what it is about", folds=True)), rows
        )
        Printer("table").print(Document(lambda: [grid], lambda: dict(rows)))
    elif topic.lower().removesuffix(".md") not in topics:
        hint = suggestion(topic, topics) or f"; the pages are {', '.join(topics)}"
        raise click.UsageError(f"the manual has no page '{topic:.40}'{hint}")
    else:
        _print(page(topic.lower().removesuffix(".md")))


def page(topic: str) -> str:
    """A page of the manual, in Markdown."""
    if topic == WORDS:
        from cnncalc.render import foreign_words

        return foreign_words.page()
    with open(os.path.join(FOLDER, f"{topic}.md"), encoding="utf-8") as file:
        return file.read()


def _print(text: str) -> None:
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.markdown import Markdown

    console = rich_console(sys.stdout)
    with console.capture() as captured:
        console.print(Markdown(text))
    click.echo_via_pager(captured.get())
