"""The output of commands: documents, in the format and to the place of a command line's options."""

from __future__ import annotations

import io
import os.path
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial, wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from cnncalc.cli.common import ascii_only, say_beside
from cnncalc.cli.options import Names, names_option, together
from cnncalc.errors import printable, printable_lines
from cnncalc.render.document import FORMATS, PICTURES, PLOTS, Document
from cnncalc.render.grid import Grid
from cnncalc.render.numbers import Units
from cnncalc.render.screen import Screen, output_screen

if TYPE_CHECKING:
    from cnncalc.drawing.picture import Picture
    from cnncalc.drawing.svg import Theme

F = TypeVar("F", bound=Callable[..., Any])

SCREEN = ("table", "text")
"""The names of commands' formats for a terminal."""


class Printer:
    """Prints documents as a command line wants them.

    Args:
        format_: a word of `FORMATS`, or of the command's own.
        units: how people read numbers.
        columns: the columns of the table; empty if the command has no choice of them.
        path: the file to write; None for standard output.
        force: whether a file that exists is written over.
        width: of the text of LaTeX in points; None for that of the class article.
    """

    def __init__(
        self, format_: str, units: Units = "exact", columns: tuple[str, ...] = (), path: str | None = None,
        force: bool = False, width: float | None = None,
    ) -> None:  # fmt: skip
        self.format = format_
        self.units: Units = units
        self.columns = columns
        self.path = path
        self.force = force
        self.width = width

    @property
    def is_for_people(self) -> bool:
        """Whether it prints text on the screen."""
        return self.format in SCREEN and self.path is None

    def to(self, path: str | None) -> Printer:
        """The same into another file; None for standard output."""
        return Printer(self.format, self.units, self.columns, path, self.force, self.width)

    def in_format(self, format_: str) -> Printer:
        """The same in another format."""
        return Printer(format_, self.units, self.columns, self.path, self.force, self.width)

    def print(self, *documents: Document) -> None:
        """Print documents that are at hand."""
        self.print_each(documents, several=len(documents) > 1)

    def print_each(self, documents: Iterable[Document], *, several: bool, at_once: bool = False) -> None:
        """Print documents one by one.

        Args:
            documents: what is printed.
            several: whether there may be more than one.
            at_once: whether each takes its time and is shown when it is there, so that no pager can wait for all.
        """
        if self.format in SCREEN:
            self._print_or_write(partial(self._print_screens, documents), at_once=at_once)
            return
        from cnncalc.render.latex_fit import TEXT_WIDTH
        from cnncalc.render.writers import Style

        style = Style(
            self.units, several, self.path is None and ascii_only(), self.width or TEXT_WIDTH,
            lambda text: say_beside(f"note: {text}"),
        )  # fmt: skip
        pieces = FORMATS[self.format].writer()(documents, style)
        if self.path is None:
            for text in pieces:
                self.write(text)
        elif first := next(filter(None, pieces), ""):
            self._write(printable_lines(text) for text in chain((first,), pieces))

    def _print_or_write(self, show: Callable[[Screen], None], *, at_once: bool) -> None:
        """Show documents on the terminal, through its pager unless it is to be at once, or write them to the file."""
        if self.path is not None:
            file = io.StringIO()
            show(output_screen(file))
            self.write(file.getvalue())
        elif at_once or not sys.stdout.isatty():
            show(output_screen())
        else:
            from cnncalc.cli.pager import show_paged

            show_paged(show)

    def _print_screens(self, documents: Iterable[Document], screen: Screen) -> None:
        for number, document in enumerate(documents):
            self._print_screen(document, screen, first=not number)

    def _print_screen(self, document: Document, screen: Screen, *, first: bool) -> None:
        from cnncalc.render.table import print_table, print_title

        blocks = document.screen(screen.width)
        if not first and isinstance(blocks[0], Grid):
            screen.line()
        if document.title:
            print_title(document.title, screen)
        for block in blocks:
            if isinstance(block, Grid):
                print_table(block, screen, self.units)
            else:
                screen.prose(block)

    def check_picture(self) -> None:
        """Make sure that a picture is not printed on a terminal; as `check_file`."""
        if self.format in PLOTS:
            self.check_file("picture")

    def check_file(self, name: str) -> None:
        """Make sure that what no terminal shows is not printed on one; its file could have this name.

        Raises:
            click.UsageError: it would be.
        """
        if self.path is None and sys.stdout.isatty():
            raise click.UsageError(f"a terminal shows no {self.format}; name a file: -o {name}.{self.format}")

    def draw(self, picture: Picture, theme: Theme = "auto") -> None:
        """Print a picture, or write it to the file."""
        from cnncalc.drawing.draw import written

        self.write(written(picture, self.format, theme))

    def write(self, text: str | bytes) -> None:
        """Print a text, or write it to the file; none is written if there is nothing to write."""
        text = printable_lines(text) if isinstance(text, str) else text
        if self.path is None:
            click.echo(text, nl=False)
        elif text:
            self._write(text)

    def _write(self, text: str | bytes | Iterable[str]) -> None:
        """Write a text to the file, as it comes if it comes in pieces."""
        from cnncalc.cli.writing import Written, write_files

        assert self.path is not None
        write_files([Written(self.path, text, self.path.lower().endswith(".csv"))], force=self.force)
        click.echo(f"written to {printable(self.path)}")


units_option = click.option(
    "--units", type=click.Choice(["exact", "human"]), default="exact", show_default=True, help="60,965,224 or 60.97M."
)
POINTS = {"pt": 1.0, "mm": 72.27 / 25.4, "cm": 72.27 / 2.54, "in": 72.27}
"""Points of LaTeX in each unit of length."""


def _parse_width(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A length in points: `345`, `345pt`, `17.5cm`."""
    if value is None:
        return None
    number = re.fullmatch(r"(\d{1,5}(?:\.\d{1,5})?) ?(pt|mm|cm|in)?", value.strip())
    points = float(number[1]) * POINTS[number[2] or "pt"] if number else 0.0
    if not 72 <= points <= 7227:
        raise click.BadParameter(f"'{value}' is not a width from 1 to 100 inches; write 345pt, 17.5cm, 120mm or 5in")
    return points


width_option = click.option(
    "--width", metavar="LENGTH", callback=_parse_width,
    help="The width of the text that a table of LaTeX has to fit, as 17.5cm.  [default: 345pt, of the class article]",
)  # fmt: skip
force_option = click.option("--force", is_flag=True, help="Write over files that exist.")


def output_options(
    formats: Sequence[str] = tuple(FORMATS), *, columns: Collection[str] | None = None, default: Sequence[str] = (),
    units: bool = False, file: Sequence[str] = ("-o", "--output"), about: str = "", more: str = "",
    instead: Callable[[click.Context], Names | None] = lambda ctx: None,
) -> Callable[[F], F]:  # fmt: skip
    """The options that say how and where a command prints; it gets them as a `Printer`, its argument `printer`.

    Args:
        formats: what --format can be; the first is the default.
        columns: what --columns can name; None if there is no choice.
        default: the columns that a table has otherwise.
        units: whether there are counts that --units can round.
        file: the names of the option for a file; empty if the command has one of its own.
        about: the help of --format.
        more: what the help of --columns says after the names.
        instead: as for `names_option`, of --columns.
    """
    suffixes = suffixes_of(formats)
    by_name = f"The file to write, in the format of its name ({', '.join(suffixes)}) if --format is not given."
    options = together(
        click.option(
            "--format", "format_", type=click.Choice(formats), default=formats[0], show_default=True, help=about or None
        ),
        *([names_option("--columns", columns, default, "column", more, instead)] if columns is not None else []),
        *([units_option] if units else []),
        *([width_option] if columns is not None and "latex" in formats else []),
        *([click.option(*file, "path", metavar="FILE", help=by_name), force_option] if file else []),
    )  # fmt: skip

    def decorate(function: F) -> F:
        @wraps(function)
        def with_printer(*arguments: Any, **given: Any) -> Any:
            kept = {name: given.pop(name) for name in ("units", "columns", "path", "force", "width") if name in given}
            format_ = given.pop("format_")
            if kept.get("path") is not None:
                format_ = format_of_file(file[0], kept["path"], format_, suffixes, force=kept["force"])
            if kept.get("width") is not None and format_ != "latex":
                raise click.UsageError("--width is the width of a page of LaTeX; give --format latex")
            return function(*arguments, printer=Printer(format_, **kept), **given)

        return options(with_printer)  # type: ignore[return-value]  # click calls it

    return decorate


def suffixes_of(formats: Sequence[str]) -> dict[str, str]:
    """The formats that a command has, by what their files are called; a text's first are `.txt`, too."""
    known = FORMATS | PICTURES
    suffixes = {known[name].suffix: name for name in formats if name in known}
    return suffixes if formats[0] in PICTURES else suffixes | {".txt": formats[0]}


def format_of_file(option: str, path: str, given: str, suffixes: Mapping[str, str], *, force: bool) -> str:
    """The format of a file, by its name if none is given.

    Raises:
        click.UsageError: the name says no format, or the file may not be written.
    """
    from cnncalc.cli.writing import check_target

    check_target(option, path, force=force)
    if click.get_current_context().get_parameter_source("format_") is not ParameterSource.DEFAULT:
        return given
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in suffixes:
        raise click.UsageError(f"{option} {path}: give --format, or name a file {', '.join(suffixes)}")
    return suffixes[suffix]
