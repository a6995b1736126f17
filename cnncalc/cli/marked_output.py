"""Marked sheets in every format of `cnncalc grade`: on standard output, in a file, or a file for each."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from typing import NamedTuple

import click
from rich.console import Console

from cnncalc.cli.common import UNLIMITED, ascii_only, output_console
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import SpecError
from cnncalc.homework.file_names import distinct_stems
from cnncalc.homework.marking import Marked
from cnncalc.homework.roster import Entry
from cnncalc.homework.scheme import Scheme
from cnncalc.homework.statistics import class_statistics
from cnncalc.render.class_statistics import items_grid, sheets_grid, summary_grids
from cnncalc.render.csv_text import csv_text
from cnncalc.render.feedback import Level
from cnncalc.render.gradescope import Visibility, broken, results
from cnncalc.render.marks import marked_document, print_marks
from cnncalc.render.table import print_table

FORMATS = ("text", "json", "csv", "items", "gradescope")


class MarkedOutput(NamedTuple):
    """How and where marked sheets are printed.

    Attributes:
        scheme: the points.
        level: how much is told about a mistake.
        format: a word of `FORMATS`.
        visibility: when students see it in Gradescope.
        summary: whether the class is printed in place of its sheets.
        path: the file or folder to write; None for standard output.
        force: whether files that exist are written over.
    """

    scheme: Scheme
    level: Level
    format: str
    visibility: Visibility
    summary: bool
    path: str | None
    force: bool

    def print(self, marked: Sequence[Marked], unread: Sequence[SpecError], missing: Sequence[Entry]) -> None:
        """Print the sheets; those that cannot be read have a result in Gradescope only, missing ones a row in CSV."""
        if self.format == "gradescope":
            self._gradescope(marked, unread)
        elif marked and self.format == "text":
            self._text(marked)
        elif marked and self.format == "csv":
            self._emit(csv_text([("", sheets_grid(marked, self.scheme, missing))]))
        elif marked and self.format == "items":
            self._emit(csv_text([("", items_grid(class_statistics(marked, self.scheme)))]))
        elif marked:
            self._emit(self._json(marked))

    def _json(self, marked: Sequence[Marked]) -> str:
        """One document; of several sheets a line for each."""
        indent = 2 if len(marked) == 1 else None
        documents = (marked_document(one, self.scheme, self.level) for one in marked)
        return "".join(f"{_dumped(document, indent)}\n" for document in documents)

    def _gradescope(self, marked: Sequence[Marked], unread: Sequence[SpecError]) -> None:
        texts = {one.sheet.file: results(one, self.scheme, self.level, self.visibility) for one in marked}
        texts |= {error.file: broken(error, self.visibility) for error in unread}
        documents = [f"{_dumped(document, 2)}\n" for document in texts.values()]
        if self._is_folder(len(texts)):
            self._write_each(list(texts), documents, ".json")
            click.echo(f"written to {self.path}")
        else:
            self._emit("".join(documents))

    def _text(self, marked: Sequence[Marked]) -> None:
        console = output_console()
        if self.path:
            texts = [self._as_text(one) for one in marked]
            self._write_each([one.sheet.file for one in marked], texts, ".txt")
        if self.path or self.summary:
            for grid in summary_grids(marked, self.scheme, class_statistics(marked, self.scheme)):
                if grid.rows:
                    print_table(grid, console)
            return
        for place, one in enumerate(marked):
            if place:
                console.print()
            print_marks(one, self.scheme, self.level, console)

    def _as_text(self, one: Marked) -> str:
        buffer = io.StringIO()
        console = Console(file=buffer, highlight=False, markup=False, emoji=False, width=UNLIMITED)
        print_marks(one, self.scheme, self.level, console)
        return buffer.getvalue()

    def _is_folder(self, sheets: int) -> bool:
        """Whether `path` is a folder with a file for each sheet: of a single one it may be its file."""
        return self.path is not None and (sheets > 1 or not os.path.splitext(self.path)[1])

    def _write_each(self, sheets: Sequence[str], texts: Sequence[str], suffix: str) -> None:
        """Write a text for each sheet, named like it; of two with one name the folders are in the name."""
        folder = str(self.path)
        if self._is_folder(len(sheets)):
            names = [os.path.join(folder, stem + suffix) for stem in distinct_stems(sheets)]
        else:
            names = [folder]
        write_files([Written(name, text) for name, text in zip(names, texts, strict=True)], force=self.force)

    def _emit(self, text: str) -> None:
        if self.path:
            write_files([Written(self.path, text, self.path.endswith(".csv"))], force=self.force)
            click.echo(f"written to {self.path}")
        else:
            click.echo(text, nl=False)


def _dumped(document: object, indent: int | None) -> str:
    return json.dumps(document, ensure_ascii=ascii_only(), indent=indent)
