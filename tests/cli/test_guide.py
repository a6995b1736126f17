"""`cnncalc guide`: the pages, their list, and a terminal."""

import json
import re
from pathlib import Path

import pytest
from cli.test_streams import on_terminal
from console import check_typed
from running import Run

PAGES = sorted((Path(__file__).parents[2] / "cnncalc" / "guide").glob("*.md"))


def test_the_list_has_every_page_with_what_it_is_about(run: Run) -> None:
    title, _, _, *rows = run("guide").stdout.splitlines()
    assert title == "Pages of the manual"
    assert [row.split()[0] for row in rows] == sorted([*(page.stem for page in PAGES), "words"])
    assert all(row.endswith(".") for row in rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_pipe_gets_a_page_as_it_is_written(run: Run, page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.match(r"# \w.*\n\n\w", text)
    for topic in (page.stem, page.name, page.stem.upper()):
        assert run("guide", topic).stdout == text


def test_a_terminal_gets_it_laid_out_through_its_pager() -> None:
    written = on_terminal("guide", "formats", columns=100, PAGER="cat")
    assert "```" not in written
    assert "Which command has which" in written


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("formts", "the manual has no page 'formts'; did you mean 'formats'?"),
        ("../formats", "the manual has no page '../formats'"),
        ("x", "the manual has no page 'x'; the pages are code, design, editors, export"),
    ],
)
def test_an_unknown_topic_is_told_with_the_nearest(run: Run, topic: str, message: str) -> None:
    result = run("guide", topic)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_the_files_that_the_design_page_names_are_there() -> None:
    root = Path(__file__).parents[2]
    page = (root / "cnncalc" / "guide" / "design.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|yaml|toml))`", page))
    named -= {"command.py", "view.py", "check/rules/its_id.py"}  # what a file may be called
    assert len(named) > 40
    assert {name for name in named if not (root / name).exists() and not (root / "cnncalc" / name).exists()} == set()


def test_the_page_of_words_is_made_of_their_table(run: Run) -> None:
    page = run("guide", "words").stdout
    assert "| `silu` | Swish |\n" in page
    assert "| write the activation itself, as '- relu' | Activation |\n" in page


CODE = (Path(__file__).parents[2] / "cnncalc" / "guide" / "code.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", CODE, re.M | re.S)


@pytest.fixture
def saved(folder: Path) -> Path:
    """The folder with the files that the page of code says to save, and a notebook that was handed in."""
    for language, body in FENCES:
        if language == "python":
            (folder / body.split()[1]).write_text(body)
    cells = [{"cell_type": "code", "source": (folder / "net.py").read_text()}]
    (folder / "answer.ipynb").write_text(json.dumps({"cells": cells}))
    return folder


@pytest.mark.usefixtures("saved")
def test_every_command_of_the_page_of_code_runs() -> None:
    commands = [line for language, body in FENCES if language == "sh" for line in body.splitlines()]
    assert len(commands) == 9
    for command in commands:
        check_typed(command.partition("  #")[0].strip())
