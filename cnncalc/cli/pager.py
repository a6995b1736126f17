"""Long output on a terminal goes through the pager that a person has chosen, as git's does."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from shutil import get_terminal_size

import click

from cnncalc.cli.main import NO_PAGER
from cnncalc.render.screen import Screen, output_screen

VARIABLES = ("CNNCALC_PAGER", "PAGER")
"""Variables with the pager's command. Without one nothing waits for a key, as programs that use terminals want."""


def _command() -> str:
    """The command of the pager; empty if there is none, or if no person is at the terminal."""
    command = next((os.environ[name] for name in VARIABLES if name in os.environ), "")
    return "" if command == "cat" or is_refused() else command


def is_refused() -> bool:
    """Whether nobody could use a pager, or none is wanted."""
    refused = click.get_current_context().meta.get(NO_PAGER) or os.environ.get("CNNCALC_PAGER") == ""
    return bool(refused) or not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb"


def print_page(text: str) -> None:
    """Print a page of the manual; a terminal on which it does not fit has a pager for it in any case."""
    if is_refused() or text.count("\n") < get_terminal_size().lines:
        click.echo(text, nl=False)
    elif command := _command():
        _run(command, text.encode(sys.stdout.encoding, sys.stdout.errors or "strict"))
    else:
        click.echo_via_pager(text)


def show_paged(show: Callable[[Screen], None]) -> None:
    """Show something on the terminal, through the pager if there is one and the terminal has fewer lines."""
    command = _command()
    if not command:
        show(output_screen())
        return
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, sys.stdout.encoding, sys.stdout.errors, newline="\n", write_through=True)
    show(Screen(file, output_screen().width, terminal=True))
    if raw.getvalue().count(b"\n") < get_terminal_size().lines:
        click.echo(raw.getvalue(), nl=False)
    else:
        _run(command, raw.getvalue())


def _run(command: str, text: bytes) -> None:
    """Run a pager, which alone obeys Ctrl-C, and may be left before it has read all."""
    quiet = [getattr(signal, name) for name in ("SIGINT", "SIGPIPE") if hasattr(signal, name)]
    kept = [signal.signal(number, signal.SIG_IGN) for number in quiet]
    try:
        sys.stdout.flush()
        subprocess.run(command, shell=True, input=text, env={"LESS": "FRX", **os.environ}, check=False)
    finally:
        for number, handler in zip(quiet, kept, strict=True):
            signal.signal(number, handler)
