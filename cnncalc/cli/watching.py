"""`--watch`: the output of a command follows its files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from time import strftime
from typing import NoReturn, TypeVar

import click

from cnncalc.cli.common import Outcome, say_beside
from cnncalc.cli.main import NO_PAGER
from cnncalc.errors import CnnCalcError, printable
from cnncalc.following import State, changed, state_of
from cnncalc.language.source import is_bundled
from cnncalc.notation import several
from cnncalc.render.screen import output_screen

T = TypeVar("T")

Files = Callable[[], Iterable[str]]
"""A function that names the files to follow: those of a folder may be others each time."""


def require_files(specs: Sequence[str]) -> None:
    """Refuse to follow files that cannot change.

    Raises:
        click.UsageError: one is standard input, or all are bundled architectures.
    """
    if "-" in specs:
        raise click.UsageError("--watch follows files, and standard input is not a file; name one")
    if all(is_bundled(spec) and not os.path.lexists(spec) for spec in specs):
        raise click.UsageError(f"{specs[0]} comes with cnncalc and does not change; --watch follows your own files")


def follow(files: Files, show: Callable[[], object]) -> NoReturn:
    """Show something now, and again after each change of its files, until somebody interrupts.

    Raises:
        click.ClickException: it cannot be shown at all; if it cannot be later, this is said, and it is followed on.
    """
    on_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    state = _state(files)
    if context := click.get_current_context(silent=True):
        context.meta[NO_PAGER] = True  # it would wait for a key, and follow nothing
    try:
        _show(show, on_terminal, ())
        while True:
            before, state = state, changed(partial(_state, files), state)
            names = [name for name in {**before, **state} if before.get(name) != state.get(name)]
            try:
                _show(show, on_terminal, names)
            except click.ClickException as error:
                say_beside(f"Error: {printable(error.message)}")
    except KeyboardInterrupt:
        click.echo(err=True, nl=on_terminal)  # the terminal has written ^C
        sys.exit(130)


def show_kept(specs: Sequence[str], load: Callable[[str], T], kept: dict[str, T], show: Callable[[], object]) -> None:
    """Show the specs as far as they are right, and below that what is wrong; what was right before stays.

    Args:
        specs: the specs.
        load: makes the shown thing from a spec.
        kept: the thing shown of each spec; the last good one, if the spec is wrong now.
        show: shows the kept things.

    Raises:
        click.ClickException: a spec is not there, or the options do not fit it, and never did.
    """
    wrong: list[tuple[str, Exception]] = []
    for spec in specs:
        try:
            kept[spec] = load(spec)
        except (CnnCalcError, click.ClickException) as error:
            if isinstance(error, click.ClickException) and spec not in kept:
                raise
            wrong.append((spec, error))
    show()
    sys.stdout.flush()
    for spec, problem in wrong:
        try:
            with Outcome().collect():
                raise problem
        except click.ClickException as refused:
            say_beside(f"Error: {printable(refused.message)}")
        if spec in kept:
            say_beside(f"note: {printable(spec)}: the table is that of the last text without problems")


def _show(show: Callable[[], object], on_terminal: bool, files: Sequence[str]) -> None:
    """Show it in place of what was there; if that cannot be, below a line that says what has changed."""
    if on_terminal:
        click.clear()
    elif files:
        names = printable(files[0]) if len(files) == 1 else several(len(files), "file")
        click.echo(f"\n--- {names} changed at {strftime('%H:%M:%S')} ---\n")
    show()
    if on_terminal:
        output_screen().line((f" {strftime('%H:%M:%S')}; changes are followed, Ctrl-C ends", "dim"))
    sys.stdout.flush()


def _state(files: Files) -> State:
    try:
        return state_of([*files()])
    except CnnCalcError:  # none fits a pattern any more, or the configuration is wrong: a check says so
        return {}
