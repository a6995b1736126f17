"""`cnncalc grade --autograder`: the options of a command line as an autograder for Gradescope."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from cnncalc.cli.writing import Written, check_target, write_files
from cnncalc.errors import printable
from cnncalc.homework.reading import read_content
from cnncalc.language.source import is_bundled

autograder_option = click.option(
    "--autograder", metavar="FILE.zip",
    help="Write a zip for Gradescope that marks each submission with the other options; no SHEET is needed.",
)  # fmt: skip

RAW = "cnncalc.autograder"

NOT_INSIDE = ("output", "format_", "gradebook", "column", "overrides", "summary", "mistakes")
"""Options that an autograder cannot have, since it marks one sheet for Gradescope."""

WITH_FILES = ("spec", "scheme", "students", "secret")
"""Options that name files, which are put into the zip, too."""


class WithRawOptions(click.Command):
    """A command that keeps the words of its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[RAW] = self.make_parser(ctx).parse_args([*args])[0]
        return super().parse_args(ctx, args)


def write_autograder(path: str, *, force: bool) -> None:
    """Write an autograder with the other options of the command line.

    Raises:
        SheetError, OverrideError: a file cannot be read, or a library is missing.
        click.UsageError: an option has no place in it, or the file may not be written.
    """
    from cnncalc.homework.autograder import autograder_zip

    check_target("--autograder", path, (".zip",), force=force)
    files: dict[str, bytes] = {}
    options = list(_options(click.get_current_context(), files))
    write_files([Written(path, autograder_zip(options, files))], force=force)
    click.echo(f"written to {printable(path)}; upload it to Gradescope as the autograder")


def _options(ctx: click.Context, files: dict[str, bytes]) -> Iterator[str]:
    """The words of the options that were given; the files that they name are added."""
    for parameter in ctx.command.params:
        name = parameter.name or ""
        written = ctx.meta[RAW].get(name)
        # The parser's value for an option that was not given is neither a word nor the value of a flag.
        values = [one for one in (written if isinstance(written, list | tuple) else [written]) if _is_given(one)]
        if values and name == "sheets":
            raise click.UsageError("--autograder takes no SHEET; submissions come from Gradescope")
        if values and name in NOT_INSIDE:
            raise click.UsageError(f"{parameter.opts[-1]} has no place in an autograder, which marks one sheet")
        for value in values if name not in ("autograder", "force") else ():
            yield parameter.opts[0]
            if isinstance(value, str):
                yield _inside(name, value, files)


def _is_given(value: object) -> bool:
    return isinstance(value, str) or value is True


def _inside(name: str, value: str, files: dict[str, bytes]) -> str:
    """The value of an option in the autograder; a file is copied into it."""
    is_words = (name == "spec" and is_bundled(value)) or (name == "scheme" and "=" in value)
    if name not in WITH_FILES or is_words:
        return value
    inside = f"{name}/{os.path.basename(value)}"
    files[inside] = read_content(value)
    return f"source/inputs/{inside}"
