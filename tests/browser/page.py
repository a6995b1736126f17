"""A page in Chromium: what the fixture `page` of the tests is.

It needs Debian's package chromium, and node with the package playwright-core, which NODE_PATH leads to.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

SERVER = Path(__file__).with_name("page.js")


class NoBrowser(Exception):
    """What is missing on this machine."""


class Shown(NamedTuple):
    """What a page said: the value of the script, and since it was loaded its errors and what it asked for."""

    value: Any
    errors: list[str]
    requests: list[str]


class Page:
    """One page of one browser, which reaches no other machine.

    Raises:
        NoBrowser: a program is missing.
    """

    def __init__(self) -> None:
        paths = {name: shutil.which(name) for name in ("chromium", "node")}
        for name, path in paths.items():
            if path is None:
                raise NoBrowser(f"there is no {name} on this machine")
        self._server = subprocess.Popen(
            [str(paths["node"]), SERVER, str(paths["chromium"])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip
        answer = self._answer()
        if "failed" in answer:
            self.close()
            raise NoBrowser(answer["failed"])

    def show(
        self,
        script: str | None = None,
        *,
        html: str | None = None,
        file: Path | None = None,
        address: str | None = None,
        library: Path | None = None,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        print_: bool = False,
        keys: Sequence[str] = (),
        tree: str | None = None,
        screenshot: Path | None = None,
        pdf: Path | None = None,
    ) -> Shown:
        """What the page says, after these steps in this order.

        Args:
            script: an expression, evaluated at last; a promise is waited for.
            html: the text of a page to load; without it, `file` and `address` the page stays as it is.
            file: the page to load.
            address: the same from a server on this machine.
            library: a script to add to the page.
            width: of the window in pixels.
            height: of the window in pixels.
            dark: whether the reader's setting is for dark pages.
            print_: whether it looks as on paper.
            keys: what is typed, as `Tab` or `Enter`.
            tree: what is taken in place of the script's value: the tree of accessibility below this selector.
            screenshot: where a PNG of the window is written.
            pdf: where the page on A4 is written.
        """
        job = {
            "script": script, "html": html, "file": file and file.resolve().as_uri(), "address": address,
            "library": library, "tree": tree,
            "width": width, "height": height, "dark": dark, "print": print_, "keys": keys,
            "screenshot": screenshot, "pdf": pdf,
        }  # fmt: skip
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(job, default=str) + "\n")
        self._server.stdin.flush()
        answer = self._answer()
        assert "failed" not in answer, answer["failed"]
        return Shown(**answer)

    def close(self) -> None:
        """Close the browser."""
        self._server.communicate(timeout=30)

    def _answer(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        return dict(json.loads(line)) if line else {"failed": f"{SERVER.name} ended"}
