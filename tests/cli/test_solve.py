"""`cnncalc solve` as a user runs it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner, Result

from cnncalc.cli.main import cli


def solve(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": None}).invoke(cli, ["solve", *arguments])


def rows(*arguments: str) -> list[list[str]]:
    """The answers as CSV prints them, without the header."""
    return list(csv.reader(io.StringIO(solve(*arguments, "--format", "csv").stdout)))[1:]


def counted(size: int, kernel: int, stride: int, before: int, after: int) -> int:
    """The windows of a convolution, by sliding."""
    return len(range(-before, size + after - kernel + 1, stride))


def test_alexnets_first_layer_with_every_usual_answer() -> None:
    """(224 + p - k) // 4 + 1 = 55 where 216 <= 224 + p - k <= 219, so k is p + 5 to p + 8."""
    assert [row[:4] for row in rows("--input", "224", "--output", "55")] == [
        ["5", "4", "0", ""],
        ["7", "4", "0", ""],
        ["7", "4", "0+1", ""],
        ["7", "4", "1", ""],
        ["11", "4", "1+2", "exact"],
        ["11", "4", "2", ""],
        ["11", "4", "2+3", ""],
        ["11", "4", "3", ""],
    ]


@pytest.mark.parametrize(("size", "wanted"), [(7, 1), (7, 4), (13, 7), (32, 4), (113, 1), (224, 1)])
@pytest.mark.parametrize("all_", [(), ("--all",)])
def test_every_answer_printed_is_one(size: int, wanted: int, all_: tuple[str, ...]) -> None:
    ran = solve("--input", str(size), "--output", str(wanted), "--format", "json", *all_)
    assert ran.exit_code == 0
    answers = json.loads(ran.stdout)["answers"]
    assert answers
    for answer in answers:
        kernel, stride, (before, after) = answer["kernel"], answer["stride"], answer["padding"]
        assert counted(size, kernel, stride, before, after) == wanted
        assert answer["exact"] == ((size + before + after - kernel) % stride == 0)


def test_the_table_says_what_is_lost_and_how_many_more_there_are() -> None:
    ran = solve("--input", "224", "--output", "55", "--kernel", "11")
    assert ran.stdout.splitlines()[0] == "conv or pool on one axis: 224 → 55, kernel 11"
    assert "the last value of the padding is never read; no input is lost" in ran.stdout
    assert ran.stdout.splitlines()[-1].strip() == "4 answers"
    more = solve("--input", "224", "--output", "55", "--limit", "3").stdout.splitlines()[-1]
    assert more.strip() == "3 of 22 answers, the usual ones first; --limit lists more, --all every one"


def test_padding_that_only_a_convolution_takes_is_told() -> None:
    note = " a pool takes at most half its kernel as padding"
    assert solve("--input", "5", "--output", "7", "--kernel", "3").stdout.splitlines()[-1] == note
    assert note not in solve("--input", "5", "--output", "5", "--kernel", "3", "--stride", "1").stdout
    assert {row[2] for row in rows("--input", "7", "--output", "4", "--kernel", "3", "--rounding", "ceil")} == {
        "0+1",
        "1",
    }


def test_exact_leaves_out_the_others() -> None:
    assert [row[:4] for row in rows("--input", "224", "--output", "55", "--exact", "--all")] == [
        ["8", "4", "0", "exact"],
        ["9", "4", "0+1", "exact"],
        ["10", "4", "1", "exact"],
        ["11", "4", "1+2", "exact"],
    ]


def test_the_inputs_that_give_an_output() -> None:
    found = rows("--output", "55", "--kernel", "11", "--stride", "4", "--padding", "2")
    assert [row[:2] for row in found] == [["223", "exact"], ["224", ""], ["225", ""], ["226", ""]]


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        pytest.param(("--input", "100", "--output", "7"), ["15", "15", "2+3", "exact"], id="larger kernels if needed"),
        pytest.param(("--input", "13", "--output", "1", "--exact"), ["13", "1", "0", "exact"], id="the whole input"),
        pytest.param(("--input", "300", "--output", "1", "--exact"), ["300", "1", "0", "exact"], id="however large"),
        pytest.param(("--input", "224", "--output", "56", "--padding", "same"), ["4", "4", "0", "exact"], id="same"),
        pytest.param(
            ("--input", "15", "--output", "7", "--kernel", "3", "--dilation", "2", "--stride", "2", "--padding", "1"),
            ["3", "2", "1", "2", "exact"], id="with dilation as a column",
        ),
        pytest.param(("--deconv", "--input", "28", "--output", "56"), ["2", "2", "0", "0", "exact"], id="transposed"),
    ],
)  # fmt: skip
def test_the_first_answer(arguments: tuple[str, ...], first: list[str]) -> None:
    assert rows(*arguments)[0][: len(first)] == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--input", "224", "--output", "55", "--kernel", "11", "--stride", "4", "--padding", "0"),
            "no answer for conv or pool on one axis: 224 → 55, kernel 11, stride 4, padding 0: these settings give 54",
        ),
        (
            ("--input", "5", "--output", "1", "--kernel", "7", "--stride", "1", "--padding", "0"),
            "no answer for conv or pool on one axis: 5 → 1, kernel 7, stride 1, padding 0: the window does not fit",
        ),
        (
            ("--input", "55", "--output", "224"),
            "no answer for conv or pool on one axis: 55 → 224, with kernel up to 64, stride up to 64, "
            "padding up to the kernel minus 1; --deconv is for outputs larger than the input",
        ),
        (
            ("--input", "1000", "--output", "3", "--stride", "9"),
            "no answer for conv or pool on one axis: 1000 → 3, stride 9, with kernel up to 64, "
            "padding up to the kernel minus 1; look further with --max-kernel, --max-padding",
        ),
        (
            ("--output", "57", "--deconv", "--kernel", "2", "--stride", "2"),
            "no answer for transposed convolution on one axis: ? → 57, kernel 2, stride 2, padding 0: "
            "no input gives this output",
        ),
    ],
)  # fmt: skip
def test_no_answer_says_why_with_exit_status_1(arguments: tuple[str, ...], message: str) -> None:
    ran = solve(*arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--input", "224"), "Missing option '--output'; without it give --input and --kernel"),
        (("--output", "55"), "give --input, or --kernel (with --stride and --padding) to look for the input"),
        (("--output", "55", "--input", "9", "--padding", "1,2"), "'1,2' is not a padding; write 2, 1+2 (before+after)"),
        (("--output", "55", "--input", "9", "--output-padding", "1"), "--output-padding is for --deconv"),
        (("--output", "9", "--input", "5", "--deconv", "--rounding", "ceil"), "--rounding is for pools"),
        (("--output", "9", "--input", "5", "--deconv", "--stride", "2", "--output-padding", "2"),
         "--output-padding 2 must be smaller than the stride or the dilation"),
        (("--output", "0", "--input", "9"), "0 is not in the range"),
    ],
)  # fmt: skip
def test_a_wrong_command_line_has_exit_status_2(arguments: tuple[str, ...], message: str) -> None:
    ran = solve(*arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in " ".join(ran.stderr.split())
