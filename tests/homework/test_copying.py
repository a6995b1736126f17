"""Sheets that are too much alike."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from homework.marked import NET, RIGHT, exercise, marked, table
from running import Run

from cnncalc.homework.copying import Alike, alike
from cnncalc.homework.marking import Marked, mark_sheet
from cnncalc.homework.reading import parse_sheet

SLIPS = {"conv1": ("8x28x28", "680"), "conv2": ("16x14x14", "1186"), "fc": ("10", "7580")}
"""Turned digits: 608, 1168 and 7850 are right, and no mistake in a formula gives these."""

BIASES = {"conv1": ("8x28x28", "600"), "conv2": ("16x14x14", "1152"), "fc": ("10", "7840")}
"""One mistake in three cells: the biases are left out."""

NO_PADDING = {"conv2": ("16x12x12", "1168"), "pool2": ("16x6x6", "0"), "flatten": ("576", "0"), "fc": ("10", "5770")}
"""The padding is left out; what comes after it follows."""


def sheet(name: str, *wrong: Mapping[str, tuple[str, str]]) -> Marked:
    answers = dict(RIGHT)
    for cells in wrong:
        answers |= cells
    return marked(f"student;{name}\n{table(answers)}")


def others(count: int) -> Iterator[Marked]:
    return (sheet(f"S{number}", {"conv1": ("8x28x28", str(700 + number))}) for number in range(count))


@pytest.mark.parametrize("size", [0, 28, 198])
def test_slips_that_two_sheets_share_are_found_in_a_class_of_any_size(size: int) -> None:
    found = alike([sheet("Ada", SLIPS), *others(size), sheet("Bob", SLIPS)])
    assert found == [Alike(0, size + 1, ("conv1 params", "conv2 params", "fc params"), is_variant=False)]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param([BIASES], id="one mistake counts once in however many cells"),
        pytest.param([NO_PADDING], id="what follows does not count"),
        pytest.param([BIASES, NO_PADDING], id="two mistakes that are known"),
        pytest.param([{"conv1": SLIPS["conv1"]}], id="one slip"),
    ],
)
def test_what_two_students_may_do_by_themselves_is_no_sign(wrong: list[Mapping[str, tuple[str, str]]]) -> None:
    assert alike([sheet("Ada", *wrong), *others(28), sheet("Bob", *wrong)]) == []


def test_numbers_that_many_have_are_no_sign() -> None:
    assert alike([sheet(f"S{number}", SLIPS) for number in range(30)]) == []


def test_right_answers_are_no_sign() -> None:
    assert alike([sheet("Ada"), sheet("Bob")]) == []


def variant(name: str, size: int, features: int, filters: int, answers: str | None = None) -> Marked:
    spec = NET.replace("W: 32", f"W: {size}").replace("H: 32", f"H: {size}")
    own = exercise(spec.replace("fc: 10", f"fc: {features}").replace("conv: 8,", f"conv: {filters},"))
    text = answers or f"layer;out;params\nconv1;{filters}x{size - 4}x{size - 4};{filters * 76}\nfc;{features};\n"
    return mark_sheet(own, parse_sheet(f"{name}.csv", f"student;{name}\nseed;{size}\n{text}"))


def test_a_sheet_with_the_numbers_of_another_variant_is_found() -> None:
    ada, eve = variant("ada", 36, 17, 12), variant("eve", 40, 5, 24)
    # Those of Ada: 36 - 5 + 1 = 32, 12*(5*5*3 + 1) = 912, 17 features.
    bob = variant("bob", 32, 10, 6, "layer;out;params\nconv1;12x32x32;912\nfc;17;\n")
    assert [(one.sheet, one.other, one.cells, one.is_variant) for one in alike([ada, bob, eve])] == [
        (1, 0, ("conv1 out", "fc out"), True)  # 912 follows from the 12 filters
    ]


def test_the_teacher_is_told_and_the_students_are_not(run: Run, folder: Path) -> None:
    (folder / "net.yaml").write_text(NET, encoding="utf-8")
    (folder / "in").mkdir()
    for name in ("Ada", "Bob"):
        text = f"student;{name}\n{table({**RIGHT, **SLIPS})}"
        (folder / "in" / f"{name}.csv").write_text(text, encoding="utf-8")
    ran = run("grade", "in", "--spec", "net.yaml", "--format", "gradescope", "-o", "marks")
    assert (ran.exit_code, ran.stderr) == (
        0,
        "note: Ada (in/Ada.csv) and Bob (in/Bob.csv) have the same wrong numbers, which hardly anybody else has: "
        "conv1 params, conv2 params, fc params; look at both\n",
    )
    assert "Bob" not in (folder / "marks" / "Ada.json").read_text("utf-8")
