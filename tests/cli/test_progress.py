"""The progress bar: there on a terminal where something takes long, and nowhere else."""

import io
import sys

import pytest

from cnncalc.cli import progress
from cnncalc.proofreading.document import WriteUp
from cnncalc.proofreading.proofread import proofread


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal_for(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard error as a terminal, and standard output too; nobody waits.

    No fixture: pytest puts its own streams back between a fixture and the test.
    """
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    monkeypatch.setattr(progress, "PATIENCE", -1)
    monkeypatch.setenv("TERM", "xterm")
    return stream


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_every_item_comes_once_and_in_order(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal_for(monkeypatch)
    assert list(progress.with_progress(iter(range(count)), count, "variants")) == list(range(count))


def test_a_terminal_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_for(monkeypatch)
    list(progress.with_progress(range(5), 5, "variants", before="2 of 3, "))
    assert "2 of 3, variants" in terminal.getvalue()
    assert "5/5" in terminal.getvalue()


def test_what_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_for(monkeypatch)
    monkeypatch.setattr(progress, "PATIENCE", 60)
    assert list(progress.with_progress(range(5), 5, "variants")) == [0, 1, 2, 3, 4]
    assert terminal.getvalue() == ""


def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_for(monkeypatch)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert list(progress.with_progress(range(5), 5, "variants")) == [0, 1, 2, 3, 4]
    assert terminal.getvalue() == ""


def test_a_long_document_is_read_with_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = terminal_for(monkeypatch)
    document = WriteUp("a.md", "It has 2*3 = 7 weights.\n\nThen 4*5 = 20 more.\n")
    (found,) = proofread(document, watch=progress.with_progress)
    assert (found.line, found.rule) == (1, "wrong-arithmetic")
    assert "passages" in terminal.getvalue()
    assert "3/3" in terminal.getvalue()
