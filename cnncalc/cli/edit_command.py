"""`cnncalc edit`: a page with an editor, on this machine only."""

from __future__ import annotations

import os.path
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread

import click

from cnncalc.check.baseline import read_baseline
from cnncalc.check.configuration import find_configuration
from cnncalc.check.settings import folder_of
from cnncalc.cli.common import Outcome, usage_errors
from cnncalc.cli.writing import require_spec
from cnncalc.errors import printable
from cnncalc.language.source import is_bundled, not_found, read_bundled, read_source
from cnncalc.serving.server import PageServer, page_server
from cnncalc.serving.spec_file import SpecFile
from cnncalc.targets import is_yaml

EPILOG = """\b
Examples:
  cnncalc edit mine.yaml
  cnncalc edit resnet50               a copy, saved as resnet50.yaml
  cnncalc edit new.yaml --no-browser  a new file; prints the address only
  cnncalc edit mine.yaml --port 8123  for ssh -L 8123:127.0.0.1:8123 HOST
"""

TEMPLATE = """\
input: 3x32x32
layers:
- {conv: 32, kernel: 3, padding: 1, activation: relu}
- {maxpool: 2}
- flatten
- {fc: 10}
"""
"""The beginning of a new file."""


@click.command(epilog=EPILOG)
@click.argument("spec", metavar="SPEC")
@click.option("--port", type=click.IntRange(1024, 65535), metavar="N", help="The port; a free one otherwise.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def command(spec: str, port: int | None, no_browser: bool) -> None:
    """A page in the browser: what you type has its figures beside it.

    SPEC is a path, or the name of a bundled architecture, of which a copy is edited. A .yaml file that does not
    exist is made by the first save. Only this machine sees the page, at an address that nobody can guess. Nothing
    but the file is written, and that only when you save. Ctrl-C ends it.
    """
    outcome = Outcome()
    with outcome.collect(), usage_errors():
        file, note = _file(spec)
        configured = find_configuration(folder_of(file.path))
        baseline = read_baseline(configured.baseline_path) if configured.baseline else None
        made = partial(page_server, file, configured.settings(), baseline, note)
        _serve(file, made, port or 0, opens=not no_browser)
    outcome.exit()


def _file(spec: str) -> tuple[SpecFile, str]:
    """The file to edit, and a remark on it.

    Raises:
        click.UsageError, CnnCalcError: there is no such file, or it cannot be edited.
    """
    if spec == "-":
        raise click.UsageError("edit saves to a file, and standard input is not a file; name one")
    if os.path.lexists(spec):
        require_spec(spec, "edit")
        read_source(spec)
        return SpecFile(spec), ""
    if is_bundled(spec):
        name = spec.removesuffix(".yaml")
        if os.path.lexists(path := f"{name}.yaml"):
            raise click.UsageError(f"{path} is in this folder already; 'cnncalc edit {path}' edits it")
        return SpecFile(path, read_bundled(name).text), f"a copy of the bundled {name}; a save makes {path} of it"
    folder = os.path.dirname(spec) or "."
    if not is_yaml(spec):
        raise click.UsageError(f"{not_found(spec)}; for a new file give a name that ends in .yaml")
    if not os.path.isdir(folder):
        raise click.UsageError(f"there is no folder '{folder}' for {os.path.basename(spec)}")
    return SpecFile(spec, TEMPLATE), f"{os.path.basename(spec)} does not exist yet; a save makes it"


def _serve(file: SpecFile, made: Callable[[int], PageServer], port: int, *, opens: bool) -> None:
    try:
        server = made(port)
    except OSError as error:
        raise click.ClickException(f"port {port} is not available: {error.strerror}; leave out --port") from None
    click.echo(server.address)
    sys.stdout.flush()
    if opens:
        Thread(target=open_browser, args=(server.address,), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo(f"\nended; what was not saved of {printable(file.name)} is in its page only")
    finally:
        file.finish()
        server.server_close()


def open_browser(address: str) -> None:
    """Open an address, if there is a browser with a window of its own."""
    import webbrowser  # is of no use on a server

    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:  # that is one in this terminal
            browser.open(address)
