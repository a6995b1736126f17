"""`cnncalc site`: the live page as a folder for any web server."""

from __future__ import annotations

import os

import click

from cnncalc.cli.common import say_beside, usage_errors
from cnncalc.cli.writing import Written, write_files
from cnncalc.errors import printable
from cnncalc.notation import several
from cnncalc.site.folder import site_files
from cnncalc.site.pyodide import FETCH, VERSION

MOST_NAMED = 5
"""How many files are named that an older site may have left."""

EPILOG = f"""\b
Examples:
  cnncalc site public --pyodide pyodide-{VERSION}.tgz
  cnncalc site public --pyodide node_modules/pyodide
  cnncalc site public --pyodide pyodide-{VERSION}.tgz --force
"""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option(
    "--pyodide", metavar="PATH",
    help=f"npm's package pyodide {VERSION}: its archive, or its folder in node_modules; required.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over files of DIR.")
def command(folder: str, pyodide: str | None, force: bool) -> None:
    """The page of 'edit' as a folder for any web server.

    Python runs in the reader's browser, by Pyodide, which 'npm pack' fetches: 'cnncalc guide site' has the commands.
    So nothing that is typed is sent anywhere, and no other server is asked for anything. Each file of Pyodide is held
    to its hash. The bundled architectures are in the page's menu.
    """
    if pyodide is None:
        raise click.UsageError(f"say by --pyodide PATH which Pyodide the page has; {FETCH}")
    with usage_errors():
        files = site_files(pyodide)
    others = sorted({*os.listdir(folder)} - {*files}) if os.path.isdir(folder) else []
    write_files([Written(os.path.join(folder, name), content) for name, content in files.items()], force=force)
    size = sum(map(len, files.values())) / 10**6
    if others:
        named = ", ".join(others[:MOST_NAMED]) + (", ..." if len(others) > MOST_NAMED else "")
        unneeded = f"{several(len(others), 'file')} that this site does not need: {named}"
        say_beside(f"note: {printable(folder)} has {printable(unneeded)}")
    click.echo(
        f"{several(len(files), 'file')}, {size:.1f} MB, in {printable(folder)}; open its index.html by a web server"
    )
