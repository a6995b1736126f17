"""A package of npm that stands for Pyodide, whose files are 13 MB."""

import io
import tarfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

CONTENTS = {
    "pyodide.mjs": b"export const loadPyodide = 1",
    "pyodide.asm.mjs": b"export default 2",
    "pyodide.asm.wasm": b"\0asm",
    "python_stdlib.zip": b"PK",
    "pyodide-lock.json": b'{"info": {"abi_version": "2026_0"}, "packages": {"numpy": {"file_name": "numpy.whl"}}}',
}
"""The files that a site takes."""

PACKAGE = {
    **CONTENTS,
    "package.json": b'{"name": "pyodide", "version": "314.0.7"}',
    "console.html": b"<script src='https://cdn.example/pyodide.js'></script>",
}


def expect_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have its hashes in the place of Pyodide's, and an archive of Python's files that is made at once."""
    hashes = {name: sha256(content).hexdigest() for name, content in CONTENTS.items()}
    monkeypatch.setattr("cnncalc.site.pyodide.NEEDED", hashes)
    monkeypatch.setattr("cnncalc.site.folder.PRESET", 0)


def save_folder(path: Path, files: Mapping[str, bytes] = PACKAGE) -> None:
    """Write it as a folder of node_modules."""
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).write_bytes(content)


def save_archive(path: Path, files: Mapping[str, bytes] = PACKAGE) -> None:
    """Write it as npm packs it."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
