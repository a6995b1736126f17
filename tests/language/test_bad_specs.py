"""What is wrong in a spec, word for word: a file dropped into `bad/` is a test.

The first lines of a file, `# <line>:<column>: message (rule)`, are the exact list of its problems.
"""

import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.errors import Problem

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))

HEADER = re.compile(r"# (\d+:\d+: .+ \([a-z-]+\))")


def expected_problems(file: Path) -> list[str]:
    """The leading comment lines of a file."""
    expected = []
    for line in file.read_text(encoding="utf-8").splitlines():
        match = HEADER.fullmatch(line)
        if match is None:
            break
        expected.append(match[1])
    return expected


def written(problem: Problem) -> str:
    """A problem as the leading comment lines have it."""
    return f"{problem.line}:{problem.column}: {problem.message} ({problem.rule})"


SLOW = ("too_many_layers",)


@pytest.mark.parametrize(
    "file", [pytest.param(file, id=file.stem, marks=[pytest.mark.slow] * (file.stem in SLOW)) for file in BAD]
)
def test_the_problems_are_exactly_those_of_the_first_lines(file: Path) -> None:
    expected = expected_problems(file)
    assert expected, "the first line is no problem"
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(file)
    assert [written(problem) for problem in caught.value.problems] == expected
    assert str(caught.value).splitlines() == [f"{file}:{problem}" for problem in expected]


# The examples of the language page, column and words; their lines are lower by the file's own header.
@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        (
            "a_space_is_missing_after_a_colon",
            26,
            "conv has no parameter 'stride:4' (a space is needed after the colon)",
        ),
        ("a_parameter_is_misspelt", 14, "conv has no parameter 'kernal'; did you mean 'kernel'?"),
        ("a_kind_is_misspelt", 3, "unknown layer kind 'rellu'; did you mean 'relu'?"),
        (
            "fc_needs_a_vector",
            4,
            "fc needs a vector; put '- flatten' before it (96x55x55 -> 290400)"
            ", or write '{conv: 1000, kernel: 1}' to act at each position",
        ),
        (
            "a_residual_changes_the_shape",
            3,
            "residual: the body gives 128x225x225 but its input is 64x225x225; make them equal, "
            "or write 'shortcut: project', 'shortcut: if_same' or a list of layers",
        ),
        ("a_key_stands_twice", 25, "duplicate key 'kernel' (first on line 5)"),
        ("a_number_is_not_whole", 10, "'in/2' is 1.5, not a whole number (use // to round down)"),
        ("an_anchor", 3, "anchors and aliases are not part of the format; use blocks: or vars:"),
        ("a_window_is_larger_than_the_input", 4, "conv: window 5 is larger than the padded input 3"),
        ("groups_do_not_divide_the_channels", 4, "conv: groups 4 must divide both 96 input channels and 250 filters"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_the_language_pages_examples_stand_in_their_files(name: str, column: int, message: str) -> None:
    first = expected_problems(Path(__file__).parent / "bad" / f"{name}.yaml")[0]
    assert re.fullmatch(rf"\d+:{column}: {re.escape(message)} \([a-z-]+\)", first)


def test_problems_are_sorted_and_stand_only_once() -> None:
    error = cnncalc.SpecError(
        "net.yaml",
        [Problem(3, 1, "b", "x"), Problem(2, 9, "a", "x"), Problem(3, 1, "b", "x"), Problem(2, 10, "a", "x")],
    )
    assert str(error).splitlines() == ["net.yaml:2:9: a (x)", "net.yaml:2:10: a (x)", "net.yaml:3:1: b (x)"]


def test_a_problem_covers_the_word_that_is_wrong() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="input: 3x8x8\nlayers:\n- {conv: 8, kernal: 3, kernel: 3}\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.length) == (3, 13, 6)
