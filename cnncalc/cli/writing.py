"""Writing files that a command was asked for: none where one would be written over an older one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import click


class Written(NamedTuple):
    """One file to be written.

    Attributes:
        path: where.
        text: what.
        marked: whether it begins with a byte-order mark, by which spreadsheets know UTF-8.
    """

    path: str
    text: str
    marked: bool = False


def check_target(option: str, path: str | None, suffixes: tuple[str, ...] = (), *, force: bool) -> None:
    """Make sure before anything is computed that a file may be written.

    Raises:
        click.UsageError: its suffix is another, there is no such folder, or the file exists and force is not given.
    """
    if path is None:
        return
    folder = os.path.dirname(path) or "."
    if suffixes and not path.lower().endswith(suffixes):
        raise click.UsageError(f"{option} {path}: a {' or '.join(suffixes)} file is expected")
    if not os.path.isdir(folder):
        raise click.UsageError(f"{option} {path}: there is no folder '{folder}'")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise click.UsageError(f"{option} {path}: something else than a file is there")
    if os.path.lexists(path) and not force:
        raise click.UsageError(f"{option} {path}: the file exists; --force writes over it")


def write_files(files: Sequence[Written], *, force: bool) -> None:
    """Write files, one by one, and the folders that they are in.

    Raises:
        click.ClickException: one exists already and `force` is not given, or one cannot be written.
    """
    existing = [file.path for file in files if os.path.exists(file.path)]
    if existing and not force:
        which = (
            f"{len(existing)} files exist, '{existing[0]}' first" if len(existing) > 1 else f"'{existing[0]}' exists"
        )
        raise click.ClickException(f"{which}; --force writes over what is there")
    for number, file in enumerate(files):
        try:
            _write(file)
        except OSError as error:
            before = f"; {number} of {len(files)} files were written before it" if number else ""
            message = f"'{error.filename or file.path}' cannot be written: {error.strerror}{before}"
            raise click.ClickException(message) from None


def _write(file: Written) -> None:
    os.makedirs(os.path.dirname(file.path) or ".", exist_ok=True)
    with open(file.path, "w", encoding="utf-8-sig" if file.marked else "utf-8", newline="") as stream:
        stream.write(file.text)
