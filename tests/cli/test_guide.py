"""`cnncalc guide`: the pages, their list, what is found in them, and a terminal."""

import re
from pathlib import Path

import pytest
from cli.test_streams import on_terminal
from every import for_every
from running import Run

from cnncalc.cli.guide_command import laid_out
from cnncalc.cli.guide_pages import page
from cnncalc.lsp.command import SETUPS

PAGES = sorted((Path(__file__).parents[2] / "cnncalc" / "guide").glob("*.md"))

MADE = ["kinds", "mistakes", "rules", "words"]
"""The pages without a file."""


def test_the_list_has_every_page_with_what_it_is_about(run: Run) -> None:
    title, _, _, *rows, note = run("guide").stdout.splitlines()
    assert title == "Pages of the manual"
    assert [row.split()[0] for row in rows] == sorted([*(page.stem for page in PAGES), *MADE])
    assert all(row.endswith(".") and len(row) <= 80 for row in rows)
    assert note == " cnncalc guide --search WORD finds lines in all of them"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_pipe_gets_a_page_as_it_is_written(run: Run, file: Path) -> None:
    text = file.read_text("utf-8")
    assert re.match(r"# \w.*\n\n\w", text)
    for topic in (file.stem, file.name, file.stem.upper()):
        assert run("guide", topic).stdout == text


def test_several_pages_follow_each_other(run: Run) -> None:
    assert run("guide", "run", "python").stdout == f"{run('guide', 'run').stdout}\n{run('guide', 'python').stdout}"


def test_a_terminal_gets_it_laid_out_through_its_pager(folder: Path) -> None:
    pager = folder / "pager"
    pager.write_text("#!/bin/sh\necho by the pager\nexec cat\n")
    pager.chmod(0o755)
    written = on_terminal("guide", "formats", columns=100, CNNCALC_PAGER=str(pager))
    assert "by the pager\n" in written
    assert "```" not in written
    assert "Which command has which" in written
    assert not re.search(r"\x1b\[[\d;]*\b4\dm", written)  # no background of its own
    without = on_terminal("guide", "formats", "--no-pager", columns=100, CNNCALC_PAGER=str(pager))
    assert "Which command has which" in without
    assert "by the pager" not in without
    short = on_terminal("guide", "--search", "unpooling", CNNCALC_PAGER=str(pager))
    assert "Max unpooling: each value goes back" in short
    assert "by the pager" not in short  # it fits on the screen


@for_every([*(page.stem for page in PAGES), *MADE])
def test_lines_of_a_page_fit_80_columns(topic: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        lines = laid_out(page(topic)).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any(line.lstrip().startswith(("|", "<!--")) for line in lines)


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("formts", "the manual has no page 'formts'; did you mean 'formats'?"),
        ("../formats", "the manual has no page '../formats'"),
        ("x", "the manual has no page 'x'; --search x looks in all pages: architectures, check, code, commands"),
    ],
)
def test_an_unknown_topic_is_told_with_the_nearest(run: Run, topic: str, message: str) -> None:
    result = run("guide", topic)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_the_files_that_the_design_page_names_are_there() -> None:
    root = Path(__file__).parents[2]
    text = (root / "cnncalc" / "guide" / "design.md").read_text("utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|yaml|toml))`", text))
    named -= {"command.py", "view.py", "check/rules/its_id.py"}  # what a file may be called
    assert len(named) > 40
    assert {name for name in named if not (root / name).exists() and not (root / "cnncalc" / name).exists()} == set()


def test_each_editor_has_its_part_of_the_page() -> None:
    assert list(SETUPS) == ["vscode", "neovim", "helix", "zed", "emacs", "jetbrains"]


def test_the_page_of_words_is_made_of_their_table(run: Run) -> None:
    text = run("guide", "words").stdout
    assert "| `silu` | Swish |\n" in text
    assert "| write the activation itself, as '- relu' | Activation |\n" in text


@pytest.mark.parametrize(
    ("topic", "lines"),
    [
        ("kinds", ["## conv", "  kernel        kernel size per axis; whole number", "## residual"]),
        ("rules", ["## claim", "Severity: error. Looked for by default.", "## unknown-kind", "## huge-fc"]),
        ("mistakes", ["| bias-forgotten | The biases are left out, but each filter or output has one. |"]),
    ],
)
def test_pages_that_are_made_have_what_their_owners_know(run: Run, topic: str, lines: list[str]) -> None:
    text = run("guide", topic).stdout
    assert re.match(r"# \w+\n\n\w.*\.\n\n", text)
    for line in lines:
        assert re.search(rf"^{re.escape(line)}", text, re.M), line


@pytest.mark.parametrize(
    ("words", "first", "line"),
    [
        (["depthwise"], "kinds · depthwise", "  depthwise: Depthwise convolution: each channel is"),
        (
            ["HUGE-FC"],
            "rules · huge-fc",
            "  huge-fc: One fully connected layer holds more than half of",
        ),
        (["peak_memory"], "figures · Figures", "  peak_memory · the most bytes of activations alive at once: "),
        (["bias-forgotten"], "mistakes · Mistakes", "  bias-forgotten · The biases are left out, but"),
        (["slice", "shape"], "kinds · slice", "  Shape: (C, *in) -> to - from of each axis that is sliced."),
    ],
)
def test_search_finds_lines_with_their_topic_and_heading(run: Run, words: list[str], first: str, line: str) -> None:
    printed = run("guide", "--search", *words).stdout.splitlines()
    assert printed[2] == first
    assert any(one.startswith(line) for one in printed[3:])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["qwertz"], "Error: the manual has no 'qwertz'\n"),
        (["strde", "conv"], "Error: the manual has no 'strde'; did you mean 'stride'?\n"),
        (
            ["segnet", "autograder"],
            "Error: no line of the manual has all of 'segnet' and 'autograder'; each of them is there alone\n",
        ),
    ],
)
def test_search_says_what_is_nowhere(run: Run, words: list[str], message: str) -> None:
    result = run("guide", "--search", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


def test_search_needs_a_word(run: Run) -> None:
    result = run("guide", "--search", " ")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("Error: --search needs a word, as in --search padding\n")
