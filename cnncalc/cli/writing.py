"""Writing files: new ones never over older ones, and changed text in place of a file's own."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import IO, NamedTuple

import click

from cnncalc.cli.common import say_beside
from cnncalc.errors import RewritingError
from cnncalc.files import as_content, replace_file
from cnncalc.importing.sources import is_model_file
from cnncalc.language.source import Source
from cnncalc.targets import Target


class Written(NamedTuple):
    """One file to be written.

    Attributes:
        path: where.
        text: what; a picture may be bytes, and a long text come in pieces.
        marked: whether it begins with a byte-order mark, by which spreadsheets know UTF-8.
    """

    path: str
    text: str | bytes | Iterable[str]
    marked: bool = False

    @property
    def content(self) -> bytes | Callable[[IO[bytes]], None]:
        """The bytes of the file, or what writes them."""
        if isinstance(self.text, bytes):
            return self.text
        mark = BOM_UTF8 if self.marked else b""
        if isinstance(self.text, str):
            return mark + self.text.encode("utf-8", "surrogateescape")
        pieces = chain((mark,), (text.encode("utf-8", "surrogateescape") for text in self.text))
        return lambda file: file.writelines(pieces)


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
    if os.path.isdir(path):
        raise click.UsageError(f"{option} {path}: this is a folder; name a file in it")
    if os.path.lexists(path) and not os.path.isfile(path):
        raise click.UsageError(f"{option} {path}: this is not a file")
    if os.path.lexists(path) and not force:
        raise click.UsageError(f"{option} {path}: the file exists; --force writes over it")


def write_files(files: Sequence[Written], *, force: bool) -> None:
    """Write files, one by one, and the folders that they are in.

    Raises:
        click.ClickException: one exists already and `force` is not given, or one cannot be written.
    """
    existing = [file.path for file in files if os.path.lexists(file.path)]
    if existing and not force:
        which = (
            f"{len(existing)} files exist, '{existing[0]}' first" if len(existing) > 1 else f"'{existing[0]}' exists"
        )
        raise click.ClickException(f"{which}; --force writes over what is there")
    for number, file in enumerate(files):
        try:
            os.makedirs(os.path.dirname(file.path) or ".", exist_ok=True)
            _report(file.path, replace_file(file.path, file.content, force=force))
        except OSError as error:
            before = f"; {number} of {len(files)} files were written before it" if number else ""
            message = f"'{error.filename or file.path}' cannot be written: {error.strerror}{before}"
            raise click.ClickException(message) from None


def _report(path: str, lost: Sequence[str]) -> None:
    """Say what a file lost when it was replaced."""
    for loss in lost:
        say_beside(f"note: {path}: {loss}")


def require_own_file(spec: Source | Target, command: str) -> None:
    """Refuse to write to what comes with cnncalc.

    Raises:
        click.UsageError: it is a bundled architecture.
    """
    if spec.bundled:
        name = spec.file.removesuffix(".yaml")
        raise click.UsageError(f"'{name}' is a bundled architecture; {command} changes your own files only")


def require_spec(path: str, command: str) -> None:
    """Refuse a model file, which other commands take in the place of a spec.

    Raises:
        click.UsageError: it is one.
    """
    if is_model_file(path):
        words = f"is a model file, and {command} takes specs; 'cnncalc import {path} > net.yaml' writes one"
        raise click.UsageError(f"{path} {words}")


def replace_text(path: str, text: str, *, old: str) -> None:
    """Put a text into a file in place of its own; its mode, a link to it and a byte order mark stay.

    Args:
        path: the file.
        text: its new text.
        old: the text that it was read with.

    Raises:
        RewritingError: it cannot be written, or has another text by now; the file is as it was.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
        if content != as_content(old, content):
            raise RewritingError(f"{path}: left as it is, because another program changed it meanwhile; try again")
        _report(path, replace_file(path, as_content(text, content)))
    except OSError as error:
        raise RewritingError(f"{path}: cannot be written: {error.strerror or error}") from None
