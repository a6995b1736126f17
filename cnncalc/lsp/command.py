"""`cnncalc lsp`: the language server, for editors."""

from __future__ import annotations

import sys
from importlib.metadata import version

import click

from cnncalc.cli.common import Outcome
from cnncalc.cli.guide_pages import page
from cnncalc.errors import MissingExtra
from cnncalc.render.screen import output_screen

SETUPS = {
    heading.replace(" ", "").lower(): text
    for heading, _, text in (part.partition("\n\n") for part in page("editors").split("\n### ")[1:])
}
"""The set-up of each editor, from the manual."""

EPILOG = """\b
Examples:
  cnncalc lsp --setup vscode
  cnncalc lsp --setup neovim
  cnncalc lsp --setup helix
"""


@click.command(epilog=EPILOG)
@click.option("--setup", type=click.Choice([*SETUPS]), help="Print how an editor is set up to start it, and exit.")
@click.option("--stdio", is_flag=True, help="Speak on standard input and output, as it does anyway.")
def command(setup: str | None, stdio: bool) -> None:
    """The language server, for editors: figures beside the lines while you type.

    Hints, findings with fixes, explanations, completion, outline, renaming and layout of specs, and the figures
    of Python sources at the lines of their layers. It speaks on standard input and output, and writes no file;
    it needs pip install 'cnncalc[lsp]'.
    """
    if setup is not None:
        output_screen().prose(SETUPS[setup].strip() + "\n")
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("an editor starts it, and speaks to it; --setup EDITOR says how")
    outcome = Outcome()
    with outcome.collect():
        try:
            from cnncalc.lsp.server import serve
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
                raise
            raise MissingExtra("pygls", "lsp") from None
        serve(version("cnncalc"))
    outcome.exit()
