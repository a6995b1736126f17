"""`cnncalc lsp`: the language server, for editors."""

from __future__ import annotations

from importlib.metadata import version

import click

from cnncalc.cli.common import Outcome
from cnncalc.errors import MissingExtra

EPILOG = """\b
An editor starts it; 'cnncalc guide editors' says how to set up VS Code, Neovim, Helix, Zed, Emacs and
JetBrains' editors. It needs the extra: pip install 'cnncalc[lsp]'
"""


@click.command(epilog=EPILOG)
@click.option("--stdio", is_flag=True, help="Speak on standard input and output, as it does anyway.")
def command(stdio: bool) -> None:
    """The language server, for editors: figures beside the lines while you type.

    Hints, findings with fixes, explanations, completion, outline, renaming and layout of specs, and the figures
    of Python sources at the lines of their layers. It speaks on standard input and output, and writes no file.
    """
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
