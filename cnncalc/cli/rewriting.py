"""Changed text → the file that it comes from, whole or not at all."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile

import click

from cnncalc.errors import RewritingError
from cnncalc.language.source import Source
from cnncalc.targets import Target


def require_own_file(spec: Source | Target, command: str) -> None:
    """Refuse to write to what comes with cnncalc.

    Raises:
        click.UsageError: it is a bundled architecture.
    """
    if spec.bundled:
        name = spec.file.removesuffix(".yaml")
        raise click.UsageError(f"'{name}' is a bundled architecture; {command} changes your own files only")


def replace_text(path: str, text: str) -> None:
    """Put a text into a file in place of its own; its mode, a link to it and a byte order mark stay.

    Raises:
        RewritingError: it cannot be written; the file is as it was.
    """
    target = os.path.realpath(path)
    try:
        with open(target, "rb") as file:
            mark = codecs.BOM_UTF8 if file.read(3) == codecs.BOM_UTF8 else b""
        _replace(target, mark + text.encode())
    except OSError as error:
        raise RewritingError(f"{path}: cannot be written: {error.strerror or error}") from None


def _replace(target: str, content: bytes) -> None:
    """A reader finds the old file or the new one, never a half."""
    descriptor, temporary = tempfile.mkstemp(prefix=".cnncalc-", dir=os.path.dirname(target))
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
