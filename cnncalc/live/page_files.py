"""The files of the page."""

from __future__ import annotations

import os
from typing import Literal

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "page")

Transport = Literal["http", "worker"]

TRANSPORT = '<meta name="cnncalc-transport" content="{}">'
"""The element of index.html that names what answers the page: its server, or Python in a web worker."""

SERVED = (".html", ".css", ".js", ".LICENSE")


def page_files(transport: Transport) -> dict[str, bytes]:
    """The files of the page by their names, all in one folder; `transport` names what answers it."""
    files = {}
    for name in sorted(os.listdir(FOLDER)):
        if name.endswith(SERVED) and not name.endswith(".entry.js"):  # of which codemirror.js is built
            with open(os.path.join(FOLDER, name), "rb") as file:
                files[name] = file.read()
    said, says = (TRANSPORT.format(one).encode() for one in ("http", transport))
    files["index.html"] = files["index.html"].replace(said, says)
    return files
