"""A page that is open in the browser: its server, and what a reader does with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browser.page import Page
from served import serving


@contextmanager
def served(text: str) -> Iterator[str]:
    """The address of a page with a text."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "net.yaml")
        file.write_text(text, encoding="utf-8", newline="")
        with serving(file) as server:
            yield server.address


TOOLS = """
const until = async (what, seconds = 50) => {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
    const found = what();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}, but ${$('#state').textContent}`);
};
const $ = (selector) => document.querySelector(selector);
const view = () => window.cnncalc.page.view;
const text = () => view().state.sliceDoc();
const cursor = (mark, after = false) => {
  const at = view().state.doc.toString().indexOf(mark) + (after ? mark.length : 0);
  view().dispatch({ selection: { anchor: at } });
  view().focus();
};
const change = (from, to) => {
  const at = view().state.doc.toString().indexOf(from);
  view().dispatch({ changes: { from: at, to: at + from.length, insert: to } });
};
const totals = () => $("#table tfoot")?.textContent ?? "";
const all = (selector) => [...document.querySelectorAll(selector)];
const rows = () => all("#table tbody tr").map((row) => [...row.children].map((cell) => cell.textContent));
const figure = () => $("#figure").shadowRoot?.textContent ?? "";
"""


class Live:
    """The page of a text."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, address: str, **more: Any) -> None:
        self._page.show(address="about:blank")  # an address with another end only would not be loaded
        self._page.show(address=address, **more)
        self.run("until(() => totals() && figure() && $('#state').textContent !== 'Loading')")

    def run(self, script: str, **more: Any) -> Any:
        """The value of an expression that may use `TOOLS`; without an error on the console."""
        shown = self._page.show(f"(async () => {{ {TOOLS}; return await ({script}); }})()", **more)
        assert shown.errors == []
        return shown.value

    def tree(self, selector: str) -> str:
        """What a screen reader finds."""
        return str(self._page.show(tree=selector).value)
