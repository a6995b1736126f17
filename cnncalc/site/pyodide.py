"""Pyodide's files, taken from npm's package and held to their hashes."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO

from cnncalc.errors import OverrideError
from cnncalc.files import read_regular

VERSION = "314.0.7"

FETCH = f"'npm pack pyodide@{VERSION}' writes pyodide-{VERSION}.tgz"


LOCK = "pyodide-lock.json"
"""The list of packages that Pyodide loads from others if it is asked to; a site has it without any."""

NEEDED = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    LOCK: "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
}
"""The files that are taken, and the SHA-256 of each."""

MOST = 20_000_000
"""Bytes of the package, packed or not; it has 6.5 and 14 million."""


def pyodide_files(path: str) -> dict[str, bytes]:
    """Pyodide's files by their names in the site.

    Args:
        path: the folder of npm's package, or its archive.

    Raises:
        OverrideError: it is not there, is not such a package, or is of another version.
    """
    found = _in_folder(path) if os.path.isdir(path) else _in_archive(path)
    _check_version(path, found.get("package.json"))
    for name, digest in NEEDED.items():
        _check(path, name, digest, found.get(name))
    no_packages = json.dumps({**json.loads(found[LOCK]), "packages": {}}).encode()
    # Some servers send .mjs as something else than JavaScript.
    return {name.replace(".mjs", ".js"): no_packages if name == LOCK else found[name] for name in NEEDED}


def _check_version(path: str, content: bytes | None) -> None:
    try:
        said = json.loads(content or b"")
        name, version = said["name"], said["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise OverrideError(f"{path}: this is not npm's package pyodide; {FETCH}") from None
    if (name, version) != ("pyodide", VERSION):
        found = f"{str(name):.40} {str(version):.40}"
        raise OverrideError(f"{path}: this is {found}, and the page is made for pyodide {VERSION}; {FETCH}")


def _check(path: str, name: str, digest: str, content: bytes | None) -> None:
    if content is None:
        raise OverrideError(f"{path}: {name} is missing; {FETCH}")
    found = sha256(content).hexdigest()
    if found != digest:
        raise OverrideError(
            f"{path}: {name} is not that of pyodide {VERSION}: its SHA-256 is {found}, not {digest}; it was changed, "
            f"or is not whole; {FETCH}"
        )


def _in_folder(folder: str) -> Mapping[str, bytes]:
    found = {}
    for name in ("package.json", *NEEDED):
        try:
            found[name] = read_regular(os.path.join(folder, name), MOST)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise OverrideError(f"{os.path.join(folder, name)}: it cannot be read: {error.strerror}") from None
    return found


def _in_archive(path: str) -> Mapping[str, bytes]:
    try:
        packed = read_regular(path, MOST)
    except FileNotFoundError:
        raise OverrideError(f"there is no '{path}'; {FETCH}") from None
    except OSError as error:
        raise OverrideError(f"{path}: it cannot be read: {error.strerror}") from None
    wanted = {f"package/{name}": name for name in ("package.json", *NEEDED)}
    found = {}
    try:
        with gzip.open(BytesIO(packed)) as stream:
            unpacked = stream.read(MOST)
        with tarfile.open(fileobj=BytesIO(unpacked)) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name in wanted and member.size <= MOST else None
                if file is not None:
                    found[wanted[member.name]] = file.read()
    except (OSError, EOFError, ValueError, zlib.error, tarfile.TarError):
        raise OverrideError(f"{path}: this is not a .tgz of npm, or not all of it; {FETCH}") from None
    return found
