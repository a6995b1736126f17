"""A site in Chromium, from a server that knows files and nothing else, and with no other machine in reach."""

import os
import re
import shutil
import tarfile
import threading
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from browser.page import Page
from console import check_typed
from live.serving import TOOLS as SHARED

from cnncalc.cli.guide_pages import page as guide_page
from cnncalc.site.pyodide import VERSION

pytestmark = pytest.mark.slow

SMALL = "input: 3x32x32\nlayers:\n- {name: a, conv: 8, kernel: 3}\n- {maxpool: 2}\n- flatten\n- {name: out, fc: 10}\n"

(COMMAND,) = re.findall(r"^cnncalc site .*", guide_page("site"), re.M)

MOST = 15_000_000
"""Bytes of a site."""

TOOLS = (
    SHARED
    + """
const broken = () => $("#state").classList.contains("broken") && $("#state").textContent;
const write = (text) => {
  view().dispatch({ changes: { from: 0, to: view().state.doc.length, insert: text } });
};
"""
)


class Files(SimpleHTTPRequestHandler):
    """A server that sends WebAssembly as it sends what it does not know."""

    extensions_map = {
        ".html": "text/html",
        ".js": "text/javascript",
        ".css": "text/css",
        "": "application/octet-stream",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder, and its address."""
    root = tmp_path_factory.mktemp("served")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(root))) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield root, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture(scope="module")
def site(server: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site that the command of the guide has made, below a path as on GitHub Pages."""
    found = [Path(folder, "pyodide") for folder in os.environ.get("NODE_PATH", "").split(os.pathsep) if folder]
    package = next((folder for folder in found if folder.is_dir()), None)
    if package is None:
        pytest.skip("a site needs npm's package pyodide, to which NODE_PATH leads")
    folder = server[0] / "owner"
    folder.mkdir()
    with tarfile.open(folder / f"pyodide-{VERSION}.tgz", "w:gz") as archive:
        archive.add(package, "package")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        check_typed(COMMAND)
    assert sum(file.stat().st_size for file in (folder / "public").iterdir()) <= MOST
    return f"{server[1]}/owner/public/"


def opened(page: Page, address: str) -> float:
    """The seconds after which a page has its first figures; it has asked nobody but its server, and shown no error."""
    folder = address.partition("#")[0]
    page.show(address=address)
    first = page.show(f"(async () => {{ {TOOLS}; await until(totals); return performance.now() / 1000; }})()")
    assert first.errors == []
    assert f"{folder}pyodide.asm.wasm" in first.requests  # what the worker asks for is seen
    assert [one for one in first.requests if not one.startswith(folder)] == []
    return float(first.value)


def run(page: Page, script: str, **more: Any) -> Any:
    """The value of an expression that may use `TOOLS`."""
    shown = page.show(f"(async () => {{ {TOOLS}; return await ({script}); }})()", **more)
    assert shown.errors == []
    return shown.value


TIMES = """
(async () => {
  const { text } = await window.cnncalc.ask({ ask: "bundled", name: "resnet50" });
  const times = [];
  for (let at = 0; at < 20; at += 1) {
    const start = performance.now();
    await window.cnncalc.ask({ ask: "text", text: `${text}${" ".repeat(at)}`, name: "resnet50.yaml", check: false });
    times.push(performance.now() - start);
  }
  return times;
})()
"""


def test_it_computes_below_a_path_with_no_other_machine(page: Page, site: str) -> None:
    first = opened(page, site)
    assert "60,965,224" in run(page, "totals()")  # AlexNet
    times = run(page, TIMES)
    print(f"\nfirst figure after {first:.1f} s; ResNet-50 in {median(times):.0f} ms, {max(times):.0f} ms at most")
    assert median(times) < 500
    run(page, f"write({SMALL!r}), until(() => totals().includes('18,234'))")  # 8·28 + 10·(8·15·15 + 1)
    run(page, "window.cnncalc.page.view.focus(), window.cnncalc.page.view.dispatch({ selection: { anchor: 41 } })")
    typed = run(page, "until(broken)", keys=["x"])
    assert "line 3, column " in typed
    assert "18,234" in run(page, "totals()")


def test_an_exercise_is_marked_with_the_words_of_grade(page: Page, site: str) -> None:
    opened(page, site)
    run(page, f"write({SMALL!r}), until(() => totals().includes('18,234'))")
    run(page, "$('#exercise-open').click(), until(() => document.activeElement?.id === 'answer-0-out')")
    keys = [*"8x30x30", "Tab", *"216", "Tab", *"8x15x15", "Enter"]  # 216 = 3·3·3·8, without the 8 biases
    run(page, "until(() => $('#exercise-result').textContent)", keys=keys)
    marks = run(page, "[...document.querySelectorAll('#exercise .mark')].slice(0, 3).map((mark) => mark.textContent)")
    assert marks == ["right", "wrong", "right"]
    assert run(page, "$('#exercise-result').textContent").endswith("2 of 9 points")
    said = run(page, "$('#' + $('#answer-0-params').getAttribute('aria-describedby')).textContent")
    assert "bias-forgotten: The biases are left out" in said
    assert "216 = 3·3·3·8" in said
    tree = str(page.show(tree="#exercise-sheet").value)
    assert '- textbox "a, params (number)" [invalid]: "216"' in tree
    assert '- columnheader "out (CxHxW)"' in tree
    assert run(page, "document.activeElement.id", keys=["ArrowDown"]) == "answer-2-out"
    run(page, "$('#answer-0-params').select()", keys=[])
    run(page, "until(() => $('#exercise-result').textContent.endsWith('3 of 9 points'))", keys=[*"224", "Enter"])


def test_a_link_opens_the_spec_in_it(page: Page, site: str) -> None:
    fragment = urlsafe_b64encode(zlib.compress(SMALL.encode())).decode().rstrip("=")
    opened(page, f"{site}#spec={fragment}")
    assert "18,234" in run(page, "totals()")


def test_a_broken_link_is_said(page: Page, site: str) -> None:
    opened(page, f"{site}#spec=AAAA")
    assert run(page, "$('#notice').textContent").startswith("the link is broken")
    assert "60,965,224" in run(page, "totals()")


def test_a_page_that_is_opened_as_a_file_says_what_it_needs(page: Page, site: str, server: tuple[Path, str]) -> None:
    shown = page.show(
        "document.getElementById('state').textContent", file=server[0] / "owner" / "public" / "index.html"
    )
    assert shown.value.startswith("This page needs a web server")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("python_stdlib.zip", None, "python_stdlib.zip cannot be loaded: the server says 404"),
        ("pyodide.asm.wasm", b"\0asm\1\0\0\0", "pyodide.asm.wasm has 8 bytes, but 9598218 are expected"),
        ("pyodide.asm.js", None, "pyodide.asm.js cannot be loaded"),
        ("worker.js", None, "worker.js cannot be loaded"),
        ("sizes.json", b"<!DOCTYPE html>", "the server sends something else for sizes.json"),
    ],
)
def test_why_it_cannot_start_is_said(
    page: Page, site: str, server: tuple[Path, str], file: str, content: bytes | None, message: str
) -> None:
    broken = server[0] / "broken"
    shutil.rmtree(broken, ignore_errors=True)
    shutil.copytree(server[0] / "owner" / "public", broken)
    (broken / file).unlink()
    if content is not None:
        (broken / file).write_bytes(content)
    script = f"(async () => {{ {TOOLS}; return until(broken); }})()"
    state = page.show(script, address=f"{server[1]}/broken/").value
    assert f"Python could not be started: {message}" in state
