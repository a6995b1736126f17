"""`cnncalc edit`: which file it takes, and how it starts and ends; what its server does is in tests/serving."""

import json
import re
import signal
import socket
import webbrowser
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import Result
from running import Run, interruptible

from cnncalc.serving.server import PageServer

ADDRESS = r"http://127\.0\.0\.1:\d+/#token=[\w-]{43}\n"
ENDED = "\nended; what was not saved of {} is in its page only\n"

Edit = Callable[..., tuple[Result, dict[str, Any]]]


@pytest.fixture
def edit(run: Run, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """`edit("net.yaml")`: what is printed, and what the page begins with; Ctrl-C comes at once."""
    opened: dict[str, Any] = {}

    def interrupted(server: PageServer) -> None:
        opened.update(json.loads(server.access.reply(Message(), b'{"ask": "file"}').content))
        raise KeyboardInterrupt

    def edited(*arguments: str) -> tuple[Result, dict[str, Any]]:
        return run("edit", "--no-browser", *arguments), opened

    monkeypatch.setattr(PageServer, "serve_forever", interrupted)
    return edited


def test_a_file_is_opened_at_an_address_that_nobody_guesses(edit: Edit) -> None:
    result, opened = edit("net.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(ADDRESS + ENDED.format("net.yaml"), result.stdout)
    assert (opened["name"], opened["writable"], opened["note"]) == ("net.yaml", True, "")
    assert opened["text"] == Path("net.yaml").read_text()
    token = result.stdout.partition("#token=")[2]
    assert edit("net.yaml")[0].stdout.partition("#token=")[2] != token


@pytest.mark.parametrize("name", ["lenet5", "lenet5.yaml"])
def test_of_a_bundled_architecture_a_copy_is_edited(edit: Edit, name: str) -> None:
    before = sorted(Path().iterdir())
    _, opened = edit(name)
    assert (opened["name"], opened["hash"], opened["writable"]) == ("lenet5.yaml", "", True)
    assert opened["note"] == "a copy of the bundled lenet5; a save makes lenet5.yaml of it"
    assert opened["text"].startswith("name: LeNet-5")
    assert sorted(Path().iterdir()) == before


def test_findings_that_the_baseline_holds_are_left_out(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "input: 3x8x8\nlayers: [{conv: 4, kernel: 3, params: 5}]\n"  # 3·3·3·4 + 4 = 112
    (folder / "old.yaml").write_text(text, encoding="utf-8")
    (folder / ".cnncalc.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    missing = run("edit", "--no-browser", "old.yaml")
    assert (missing.exit_code, "known.json: there is no such baseline" in missing.stderr) == (2, True)
    run("check", "old.yaml", "--write-baseline")
    request, told = json.dumps({"ask": "text", "text": text, "name": "old.yaml"}).encode(), list[dict[str, Any]]()

    def asked(server: PageServer) -> None:
        told.append(json.loads(server.access.reply(Message(), request).content))

    monkeypatch.setattr(PageServer, "serve_forever", asked)
    assert run("edit", "--no-browser", "old.yaml").exit_code == 0
    assert (told[0]["problems"], told[0]["state"]) == ([], "nothing new; 1 claim compared; 1 known finding left out")


def test_a_new_file_begins_with_a_network_that_can_be_computed(edit: Edit, run: Run) -> None:
    _, opened = edit("new.yaml")
    assert opened["note"] == "new.yaml does not exist yet; a save makes it"
    # 32·(3·3·3 + 1) = 896; 10·(32·16·16 + 1) = 81,930
    assert "82,826" in run("show", "-", stdin=opened["text"]).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("-", 2, "edit saves to a file, and standard input is not a file; name one"),
        ("nowhere", 2, "'cnncalc list' shows the bundled ones; for a new file give a name that ends in .yaml"),
        ("resnet5", 2, "did you mean 'resnet50'?"),
        ("no/such.yaml", 2, "there is no folder 'no' for such.yaml"),
        ("net.cfg", 2, "net.cfg is a model file, and edit takes specs; 'cnncalc import net.cfg > net.yaml' writes one"),
        ("lenet5", 2, "lenet5.yaml is in this folder already; 'cnncalc edit lenet5.yaml' edits it"),
        (".", 1, ".:1:1: is a folder; name a file (unreadable)"),
        ("bytes.yaml", 1, "bytes.yaml:1:1: byte 0xff is not UTF-8; save the file as UTF-8 (unreadable)"),
        ("large.yaml", 1, "the file is larger than 4 MB"),
        ("net.yaml --port 65536", 2, "65536 is not in the range 1024<=x<=65535"),
        ("net.yaml --port {port}", 1, "port {port} is not available: Address already in use; leave out --port"),
    ],
)
def test_what_cannot_be_edited_is_refused(edit: Edit, arguments: str, code: int, message: str) -> None:
    Path("net.cfg").write_text("[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nactivation=relu\n")
    Path("bytes.yaml").write_bytes(b"\xff")
    Path("large.yaml").write_bytes(b"#" * 10_000_000)
    if arguments == "lenet5":
        Path("lenet5.yaml").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result, opened = edit(*arguments.format(port=port).split())
    assert (result.exit_code, result.stdout, opened) == (code, "", {})
    assert message.format(port=port) in result.stderr


@pytest.mark.parametrize(
    ("browser", "opens"), [(webbrowser.BackgroundBrowser, True), (webbrowser.GenericBrowser, False)]
)
def test_a_browser_is_opened_unless_it_is_one_in_this_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, browser: type[webbrowser.GenericBrowser], opens: bool
) -> None:
    addresses: list[str] = []
    monkeypatch.setattr("cnncalc.cli.edit_command.Thread.start", lambda thread: thread.run())
    monkeypatch.setattr(webbrowser, "get", lambda: browser("sh"))
    monkeypatch.setattr(browser, "open", lambda self, address: addresses.append(address))
    monkeypatch.setattr(PageServer, "serve_forever", lambda server: None)
    printed = run("edit", "net.yaml").stdout
    assert addresses == ([printed.strip()] if opens else [])


def test_a_process_serves_until_it_is_interrupted(folder: Path) -> None:
    before = sorted(folder.iterdir())
    with interruptible("edit", "net.yaml", "--no-browser", stdout=PIPE, stderr=PIPE) as child:
        assert child.stdout is not None
        address = child.stdout.readline().decode()
        assert re.fullmatch(ADDRESS, address)
        with urlopen(address.strip()) as page:
            assert b"<title>cnncalc</title>" in page.read()
        child.send_signal(signal.SIGINT)
        assert child.communicate() == (ENDED.format("net.yaml").encode(), b"")
        assert child.returncode == 0
    assert sorted(folder.iterdir()) == before
