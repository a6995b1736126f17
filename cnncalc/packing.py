"""The files of cnncalc and of the libraries that it imports, for archives that go where there is no package index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import metadata

from cnncalc.errors import OverrideError
from cnncalc.language.source import bundled_folder

PACKAGE = os.path.dirname(os.path.abspath(__file__))

NOT_NEEDED = ("__pycache__", "pictures", "vscode")
"""Folders of the package with Python's caches, and with files for the README and for editors."""


def own_files(left_out: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """The files of cnncalc, with the bundled architectures, by their names in a folder of libraries.

    Args:
        left_out: folders of the package that are not wanted, as `cnncalc/executor`.
    """
    yield from _folder(PACKAGE, "cnncalc", left_out)
    yield from _folder(bundled_folder(), "cnncalc/architectures")


def library_files(library: str) -> Iterator[tuple[str, bytes]]:
    """The Python files and the licence of a library, by their names; without its compiled parts.

    Raises:
        OverrideError: it is not installed where cnncalc is.
    """
    try:
        files = metadata.files(library) or []
    except metadata.PackageNotFoundError:
        raise OverrideError(f"the package {library} is not installed where cnncalc is") from None
    for file in files:
        is_text = file.suffix == ".py" or "licenses" in file.parts or file.name in ("METADATA", "LICENSE")
        if is_text and ".." not in file.parts:
            yield file.as_posix(), file.read_binary()


def _folder(folder: str, name: str, left_out: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """The files below a folder, without compiled ones."""
    for place, folders, files in os.walk(folder):
        below = "/".join([name, *os.path.relpath(place, folder).split(os.sep)]).removesuffix("/.")
        folders[:] = sorted(one for one in folders if one not in NOT_NEEDED and f"{below}/{one}" not in left_out)
        for file in sorted(files):
            if not file.endswith((".pyc", ".so", ".pyd")):
                with open(os.path.join(place, file), "rb") as stream:
                    yield f"{below}/{file}", stream.read()
