"""The page of `cnncalc edit` in Chromium: it saves, and sees what other programs write."""

import time
from pathlib import Path

import pytest
from browser.page import Page
from live.serving import TOOLS, Live
from served import TEXT, Served, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def live(page: Page, served: Served) -> Live:
    """The page of net.yaml."""
    opened = Live(page)
    opened.open(served.address)
    return opened


NOTICE = "$('#notice span').textContent"
CHOOSE = "until(() => $('#dialog').open).then(() => all('#dialog-body button')[{}].click())"


def test_a_page_saves_on_demand(live: Live, tmp_path: Path) -> None:
    net = tmp_path / "net.yaml"
    assert live.run("[$('#save').hidden, $('#save').disabled, $('#file').textContent]") == [False, True, "net.yaml"]
    live.run("change('Small', 'Own')")
    assert live.run("until(() => !$('#save').disabled)")
    assert net.read_text() == TEXT
    live.run("until(() => $('#save').disabled)", keys=["Control+s"])
    assert net.read_text() == TEXT.replace("Small", "Own")
    live.run("change('Own', 'My')")
    live.run("$('#save').click(), until(() => $('#save').disabled)")
    assert net.read_text() == TEXT.replace("Small", "My")


def test_what_others_write_is_taken_if_nothing_is_unsaved(live: Live, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(TEXT.replace("Small", "Their"))
    assert live.run("until(() => text().includes('Their') && text())") == TEXT.replace("Small", "Their")
    assert live.run(f"[{NOTICE}, $('#save').disabled]") == [
        "another program has changed net.yaml; this is the new text", True,
    ]  # fmt: skip


def test_what_others_write_elsewhere_is_merged_and_not_saved(live: Live, tmp_path: Path) -> None:
    theirs = TEXT.replace("{fc: 2}", "{fc: 3}")
    live.run("change('Small', 'Own')")
    (tmp_path / "net.yaml").write_text(theirs)
    assert live.run("until(() => text().includes('fc: 3') && text())") == theirs.replace("Small", "Own")
    assert live.run("$('#save').disabled") is False
    assert (tmp_path / "net.yaml").read_text() == theirs
    live.run("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == theirs.replace("Small", "Own")


@pytest.mark.parametrize(("choice", "name"), [(0, "Their"), (1, "Own")])
def test_the_same_line_is_asked_about(live: Live, tmp_path: Path, choice: int, name: str) -> None:
    live.run("change('Small', 'Own')")
    (tmp_path / "net.yaml").write_text(TEXT.replace("Small", "Their"))
    said = live.run("until(() => $('#dialog').open && $('#dialog-body').textContent)")
    assert "In the file, from line 1:name: Their netOn this page:name: Own net" in said
    live.run(CHOOSE.format(choice))
    assert live.run("text()") == TEXT.replace("Small", name)
    assert (tmp_path / "net.yaml").read_text() == TEXT.replace("Small", "Their")
    live.run("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == TEXT.replace("Small", name)


def test_what_others_write_that_is_no_text_is_said(live: Live, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_bytes(b"\xff")
    assert live.run(f"until(() => {NOTICE})") == "net.yaml: byte 0xff is not UTF-8; save the file as UTF-8"
    assert live.run("text()") == TEXT


def test_a_file_that_is_gone_is_made_anew_by_a_save(live: Live, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").unlink()
    assert live.run(f"until(() => !$('#save').disabled && {NOTICE})") == "net.yaml is gone; a save creates it again"
    live.run(f"$('#save').click(), until(() => $('#save').disabled && !{NOTICE})")
    assert (tmp_path / "net.yaml").read_text() == TEXT
    (tmp_path / "net.yaml").unlink()
    live.run("0", keys=["Control+s"])  # before the page knows it
    for _ in range(200):
        if (tmp_path / "net.yaml").exists():
            break
        time.sleep(0.05)
    assert (tmp_path / "net.yaml").read_text() == TEXT


def test_what_was_opened_replaces_the_file_only_if_one_says_so(live: Live, tmp_path: Path) -> None:
    live.run("$('#open').click()")
    live.run("until(() => text().startsWith('name: LeNet-5'))", keys=[*"lenet5", "Enter"])
    said = live.run("until(() => $('#dialog').open && $('#dialog-body').textContent)", keys=["Control+s"])
    assert said == (
        "The text of this page came from lenet5. A save puts it in place of that of net.yaml."
        "Download it as lenet5.yamlWrite over net.yaml"
    )
    names = "const names = []; HTMLAnchorElement.prototype.click = function () { names.push(this.download) }"
    assert live.run(f"(() => {{ {names}; all('#dialog-body button')[0].click(); return names }})()") == ["lenet5.yaml"]
    assert (tmp_path / "net.yaml").read_text() == TEXT
    live.run("until(() => $('#save').disabled)", keys=["Control+z"])
    live.run("change('Small', 'Own')")  # the text of the file again: nothing is asked
    live.run("until(() => $('#save').disabled)", keys=["Control+s"])
    assert (tmp_path / "net.yaml").read_text() == TEXT.replace("Small", "Own")
    live.run("$('#open').click()")
    live.run("until(() => text().startsWith('name: LeNet-5'))", keys=[*"lenet5", "Enter"])
    live.run("$('#save').click()")
    live.run(CHOOSE.format(1))
    live.run("until(() => $('#save').disabled)")
    assert (tmp_path / "net.yaml").read_text().startswith("name: LeNet-5")


def test_a_file_for_reading_is_shown_and_another_text_gets_another_name(
    page: Page, served: Served, tmp_path: Path
) -> None:
    (tmp_path / "net.yaml").chmod(0o444)
    live = Live(page)
    live.open(served.address)
    assert live.run(f"[{NOTICE}, $('#save').hidden]") == ["net.yaml cannot be saved: it is read-only", True]
    live.run("$('#open').click()")
    live.run("until(() => all('.choices button').length > 100)")
    live.run("until(() => $('#file').textContent === 'lenet5.yaml')", keys=[*"lenet5", "Enter"])


def test_a_new_file_can_be_saved_as_it_is(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path / "new.yaml", TEXT) as served:
        live = Live(page)
        live.open(served.address)
        live.run("$('#save').click(), until(() => $('#save').disabled)")
    assert (tmp_path / "new.yaml").read_text() == TEXT


def test_a_page_without_its_token_says_what_to_open(page: Page, served: Served) -> None:
    page.show("0", address="about:blank")
    script = f"(async () => {{ {TOOLS}; return await until(() => {NOTICE}); }})()"
    shown = page.show(script, address=f"http://127.0.0.1:{served.port}/")
    assert shown.value == "the token is missing or wrong; open the address that 'cnncalc edit' has printed"


def test_a_page_whose_server_has_ended_keeps_its_text(live: Live, page: Page, served: Served) -> None:
    served.server.shutdown()
    served.server.server_close()
    live.run("change('Small', 'Own')")
    said = "await until(() => $('#state').textContent.includes('does not answer'))"
    shown = page.show(f"(async () => {{ {TOOLS}; {said}; return text(); }})()")
    assert shown.value == TEXT.replace("Small", "Own")
