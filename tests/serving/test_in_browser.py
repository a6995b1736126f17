"""The page of `cnncalc edit` in Chromium: it saves, and sees what other programs write."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser.page import Page
from served import TEXT, Served

pytestmark = pytest.mark.slow

TOOLS = """
const until = async (what) => {
  for (const end = Date.now() + 20000; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) if (what()) return what();
  throw new Error(`too late: ${what}`);
};
const view = () => window.cnncalc.page.view;
const text = () => view().state.sliceDoc();
const change = (from, to) => {
  const at = text().indexOf(from);
  view().dispatch({ changes: { from: at, to: at + from.length, insert: to } });
};
const $ = (selector) => document.querySelector(selector);
const notice = () => $("#notice span").textContent;
const choices = () => $("#dialog").open && [...$("#dialog-body").querySelectorAll("button")];
"""  # noqa: E501 - as JavaScript is written

Run = Callable[..., Any]


@pytest.fixture
def live(page: Page, served: Served) -> Run:
    """`live(script)`: the value of an expression in the page of net.yaml; without an error on the console."""

    def run(script: str, **more: Any) -> Any:
        shown = page.show(f"(async () => {{ {TOOLS}; return await ({script}); }})()", **more)
        assert shown.errors == []
        assert [one for one in shown.requests if not one.startswith(f"http://127.0.0.1:{served.port}/")] == []
        return shown.value

    page.show("0", address="about:blank")
    run("until(() => $('#table tbody'))", address=served.address)
    return run


def test_a_page_saves_on_demand(live: Run, tmp_path: Path) -> None:
    net = tmp_path / "net.yaml"
    assert live("[$('#save').hidden, $('#save').disabled, $('#file').textContent]") == [False, True, "net.yaml"]
    live("change('Small', 'Own')")
    assert live("until(() => !$('#save').disabled)")
    assert net.read_text() == TEXT
    live("until(() => $('#save').disabled)", keys=["Control+s"])
    assert net.read_text() == TEXT.replace("Small", "Own")
    live("change('Own', 'My')")
    live("$('#save').click(), until(() => $('#save').disabled)")
    assert net.read_text() == TEXT.replace("Small", "My")


def test_what_others_write_is_taken_if_nothing_is_unsaved(live: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(TEXT.replace("Small", "Their"))
    assert live("until(() => text().includes('Their') && text())") == TEXT.replace("Small", "Their")
    assert live("[notice(), $('#save').disabled]") == [
        "another program has changed net.yaml; this is the new text", True,
    ]  # fmt: skip


def test_what_others_write_elsewhere_is_merged_and_not_saved(live: Run, tmp_path: Path) -> None:
    theirs = TEXT.replace("{fc: 2}", "{fc: 3}")
    live("change('Small', 'Own')")
    (tmp_path / "net.yaml").write_text(theirs)
    assert live("until(() => text().includes('fc: 3') && text())") == theirs.replace("Small", "Own")
    assert live("$('#save').disabled") is False
    assert (tmp_path / "net.yaml").read_text() == theirs
    live("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == theirs.replace("Small", "Own")


@pytest.mark.parametrize(("choice", "name"), [(0, "Their"), (1, "Own")])
def test_the_same_line_is_asked_about(live: Run, tmp_path: Path, choice: int, name: str) -> None:
    live("change('Small', 'Own')")
    (tmp_path / "net.yaml").write_text(TEXT.replace("Small", "Their"))
    live(f"until(choices).then((offered) => offered[{choice}].click())")
    assert live("text()") == TEXT.replace("Small", name)
    assert (tmp_path / "net.yaml").read_text() == TEXT.replace("Small", "Their")
    live("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == TEXT.replace("Small", name)


def test_a_file_that_is_gone_is_asked_about(live: Run, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").unlink()
    live("until(choices).then((offered) => offered[0].click())")
    live("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == TEXT


def test_a_page_without_its_token_says_what_to_open(page: Page, served: Served) -> None:
    page.show("0", address="about:blank")
    script = "new Promise((done) => setTimeout(() => done(document.querySelector('#notice span').textContent), 500))"
    shown = page.show(script, address=f"http://127.0.0.1:{served.port}/")
    assert shown.value == "the token is missing or wrong; open the address that 'cnncalc edit' has printed"


def test_a_page_whose_server_has_ended_keeps_its_text(live: Run, page: Page, served: Served) -> None:
    served.server.shutdown()
    served.server.server_close()
    live("change('Small', 'Own')")
    said = "await until(() => $('#state').textContent.includes('does not answer'))"
    shown = page.show(f"(async () => {{ {TOOLS}; {said}; return text(); }})()")
    assert shown.value == TEXT.replace("Small", "Own")
