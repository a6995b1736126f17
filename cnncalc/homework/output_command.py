"""The output of marked sheets: to the terminal, to a file, or to a folder with a file for each."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import NamedTuple

import click

from cnncalc.cli.common import ascii_only
from cnncalc.cli.output import Printer
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import SpecError, printable
from cnncalc.homework.class_view import (
    items_grid,
    overrides_grid,
    records_document,
    sheets_grid,
    summary_document,
)
from cnncalc.homework.feedback_view import Level
from cnncalc.homework.marking import Marked
from cnncalc.homework.marks_view import Visibility, broken, marks_document, results, unread_document
from cnncalc.homework.roster import Student, distinct_stems
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.submissions import folders_of_student
from cnncalc.render.document import Document
from cnncalc.render.grid import Grid
from cnncalc.render.json_text import json_line
from cnncalc.render.screen import output_screen
from cnncalc.render.table import print_table


class MarkedOutput(NamedTuple):
    """The printer of marked sheets, with its options.

    Attributes:
        printer: the format, a word of `FORMATS`, and the file or folder to write.
        scheme: the points.
        level: how much is said about a mistake.
        visibility: when students see it in Gradescope.
        summary: whether the class is printed in place of its sheets.
    """

    printer: Printer
    scheme: Scheme
    level: Level
    visibility: Visibility
    summary: bool

    def print(self, marked: Sequence[Marked], unread: Sequence[SpecError], missing: Sequence[Student]) -> None:
        """Print the sheets; gradescope, JSON and CSV have those that cannot be read, too, and CSV has missing ones."""
        match self.printer.format:
            case "gradescope":
                self._gradescope(marked, unread)
            case "json":
                documents = [marks_document(one, self.scheme, self.level) for one in marked]
                self.printer.print(*documents, *map(unread_document, unread))
            case _ if not marked:
                return
            case "overrides":
                self.printer.in_format("csv").print(records_document(overrides_grid(marked, self.scheme)))
            case "csv" | "items" as rows:
                found = (
                    sheets_grid(marked, self.scheme, missing, unread)
                    if rows == "csv"
                    else items_grid(marked, self.scheme)
                )
                self.printer.in_format("csv").print(records_document(found))
            case "text" if self.printer.path:
                texts = [_on_screen(marks_document(one, self.scheme, self.level)) for one in marked]
                self._write_each([one.sheet.file for one in marked], texts, ".txt")
                self.printer.to(None).print(summary_document(marked, self.scheme, unread))
            case _ if self.summary:
                self.printer.print(summary_document(marked, self.scheme, unread))
            case _:
                self.printer.print(*(marks_document(one, self.scheme, self.level) for one in marked))

    def _gradescope(self, marked: Sequence[Marked], unread: Sequence[SpecError]) -> None:
        found = {one.sheet.file: results(one, self.scheme, self.level, self.visibility) for one in marked}
        found |= {error.file: broken(error, self.visibility) for error in unread}
        texts = [f"{json_line(one, ascii_only(), indent=2)}\n" for one in found.values()]
        if self._is_folder(len(found)):
            self._write_each(list(found), texts, ".json")
            click.echo(f"written to {printable(str(self.printer.path))}")
        else:
            self.printer.write("".join(texts))

    def _is_folder(self, sheets: int) -> bool:
        """Whether the path is a folder with a file for each sheet: for a single sheet it may be its file."""
        path = self.printer.path
        return path is not None and (sheets > 1 or not os.path.splitext(path)[1])

    def _write_each(self, sheets: Sequence[str], texts: Sequence[str], suffix: str) -> None:
        """Write a text for each sheet, named like it; folders are in the name for Moodle, or if two names are equal."""
        path = str(self.printer.path)
        stems = distinct_stems(sheets, folders_of_student) if self._is_folder(len(sheets)) else []
        names = [os.path.join(path, stem + suffix) for stem in stems] or [path]
        files = [Written(name, text) for name, text in zip(names, texts, strict=True)]
        write_files(files, force=self.printer.force)


def _on_screen(document: Document) -> str:
    """A document as a terminal without an edge shows it."""
    buffer = io.StringIO()
    screen = output_screen(buffer)
    for block in document.blocks():
        if isinstance(block, Grid):
            print_table(block, screen)
        else:
            buffer.write(str(block))
    return buffer.getvalue()
