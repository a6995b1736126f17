"""The files of a site: the page, Pyodide, and what Python reads in the browser."""

from __future__ import annotations

import json
import lzma
import os
import tarfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from cnncalc.live.page_files import page_files
from cnncalc.packing import PACKAGE, library_files, own_files
from cnncalc.site.pyodide import VERSION, pyodide_files

MODULES = "cnncalc.txz"
"""The archive of what Python reads. As a .zip it would be twice as large, and the site with it over 15 MB."""

PRESET = 9
"""How small the archive is made: this takes a second and a half."""

NOT_READ = tuple(
    f"cnncalc/{part}" for part in (
        "cli", "executor", "guide", "live/page", "lsp", "proofreading", "serving", "site", "tracing", "verification",
    )
)  # fmt: skip
"""Folders that nothing reads in the browser: commands, what numpy executes, and what lies beside the archive."""

LICENCES = "LICENSES.txt"

PARTS = {
    f"Pyodide {VERSION} (pyodide.*), with sources at https://github.com/pyodide/pyodide": "site/licences/Pyodide.txt",
    "Python (python_stdlib.zip, and in pyodide.asm.wasm)": "site/licences/Python.txt",
    f"cnncalc (the page, and in {MODULES})": "LICENSE",
}
"""The files of this package with the licences of what a site is made of."""

HEAD = b"""\
<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; \
base-uri 'none'; form-action 'none'">
<script src="as_file.js" defer></script>
"""
"""How the page begins: no server of ours says to the browser that nothing runs or is asked for but its own files."""


def site_files(pyodide: str) -> dict[str, bytes]:
    """The files of a site by their names; the page comes last, so that it is there only if all the others are.

    Args:
        pyodide: the folder of npm's package pyodide, or its archive.

    Raises:
        OverrideError: it is not that package, or PyYAML is not installed.
    """
    python = dict(_python_files())
    files = {**pyodide_files(pyodide), MODULES: _archive(python), LICENCES: _licences(python).encode()}
    sizes = {name: len(content) for name, content in files.items() if name != LICENCES}
    page = page_files("worker")
    page["index.html"] = page["index.html"].replace(b"<head>\n", HEAD, 1)
    return {**files, "sizes.json": json.dumps(sizes, indent=1).encode(), **dict(sorted(page.items(), key=_is_page))}


def _is_page(file: tuple[str, bytes]) -> bool:
    return file[0].endswith(".html")


def _python_files() -> Iterator[tuple[str, bytes]]:
    """The files that Python reads in the browser, by names in its folder of libraries."""
    for name, content in own_files(NOT_READ):
        if not name.endswith("command.py"):  # needs click
            yield name, content
    for name, content in library_files("PyYAML"):
        if name.startswith("yaml/") or name.endswith("LICENSE"):
            yield name, content


def _archive(files: Mapping[str, bytes]) -> bytes:
    """Files as a .tar.xz, the same for the same files."""
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, BytesIO(files[name]))
    return lzma.compress(written.getvalue(), preset=PRESET)


def _licences(files: Mapping[str, bytes]) -> str:
    """The licences of what a site is made of; that of the editor is among the files of the page."""
    texts = {part: _text(file) for part, file in PARTS.items()}
    for name, content in files.items():
        if ".dist-info/" in name:
            texts[f"PyYAML (in {MODULES})"] = content.decode()
    return "".join(f"{part}\n{'=' * len(part)}\n\n{text.strip()}\n\n\n" for part, text in texts.items())


def _text(file: str) -> str:
    """A text of this package; in a checkout LICENSE is beside it."""
    inside = os.path.join(PACKAGE, *file.split("/"))
    with open(inside if os.path.isfile(inside) else os.path.join(PACKAGE, "..", file), encoding="utf-8") as stream:
        return stream.read()
