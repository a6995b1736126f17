"""What is said about an answer at each level, and Gradescope's results."""

import json
import re

import pytest
from homework.marked import RIGHT, marked, table

from cnncalc.errors import SheetError
from cnncalc.homework.feedback_view import LEVELS, Level, feedback
from cnncalc.homework.marking import Mark, Marked
from cnncalc.homework.marks_view import VISIBILITIES, broken, marks_document, marks_grid, results, said
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.scheme import Scheme, make_scheme

WRONG = {**RIGHT, "conv1": ("8x27x27", "600"), "conv2": ("", "1152"), "pool2": ("hello", "0")}
SHEET = marked(table(WRONG))


def mark(layer: str, figure: str, of: Marked = SHEET) -> Mark:
    return next(one for one in of.marks if (one.layer, one.figure) == (layer, figure))


@pytest.mark.parametrize(
    ("level", "lines"),
    [
        ("hint", ["Look at the end of the formula: does the quotient count positions, or steps between them?"]),
        ("explain", [
            "plus-one-forgotten: The + 1 is left out, but the quotient counts only the steps of the window after its "
            "first position.",
            "  27 = ⌊(32 + 2·0 − 5)/1⌋",
            "right: ⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·0 − 5)/1⌋ + 1",
        ]),
        ("answer", [
            "plus-one-forgotten: The + 1 is left out, but the quotient counts only the steps of the window after its "
            "first position.",
            "  27 = ⌊(32 + 2·0 − 5)/1⌋",
            "right: ⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·0 − 5)/1⌋ + 1 = 27 + 1 = 28",
            "answer: 8x28x28",
        ]),
    ],
)  # fmt: skip
def test_each_level_tells_more(level: Level, lines: list[str]) -> None:
    assert feedback(SHEET, mark("conv1", "out"), level) == lines


def test_a_mistake_that_was_explained_before_is_only_named() -> None:
    first, *_ = feedback(SHEET, mark("conv2", "params"), "explain")
    assert first == "bias-forgotten, again"


def test_a_hint_does_not_name_the_mistake_that_the_working_shows() -> None:
    of = marked("layer;out;working\nconv1;8x28x28;8*5*5*3 = 600\n")
    hint = (
        "conv1: the numbers put in are wrong: "
        "Look at the last term of the sum: what does each filter have besides its weights?"
    )
    told = "conv1: 600 is the count without the biases (bias-forgotten)"
    for level, line in (("hint", hint), ("explain", told)):
        assert results(of, Scheme(), level, "visible")["output"].splitlines()[-1] == line  # type: ignore[arg-type]
        assert said(of, level)[-1] == line.replace("conv1", "conv1, working", 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["hint", "explain"])
def test_the_answer_is_not_given_away_before_the_last_level(level: Level) -> None:
    told = "\n".join(said(SHEET, level))
    assert not re.search(r"8x28x28|\b608\b|1,?168\b|16x7x7", told)
    assert all("right" not in cell for cell in marks_document(SHEET, Scheme(), level).data()["cells"])


def test_blank_and_unreadable_cells_are_not_solved_before_the_last_level() -> None:
    assert feedback(SHEET, mark("conv2", "out"), "explain") == ["no answer"]
    assert feedback(SHEET, mark("pool2", "out"), "explain") == ["cannot be read"]
    assert feedback(SHEET, mark("pool2", "out"), "answer") == [
        "cannot be read", "right: ⌊(H + 2P − K)/S⌋ + 1 = ⌊(14 + 2·0 − 2)/2⌋ + 1 = 12/2 + 1 = 6 + 1 = 7",
        "answer: 16x7x7",
    ]  # fmt: skip


def test_other_states_are_said_in_a_few_words() -> None:
    of = marked(
        table({**RIGHT, "conv1": ("8x27x27", "0.61K"), "pool1": ("8x13x13", "0"), "conv2": ("14x14x16", "1.17K")})
    )
    assert feedback(of, mark("conv1", "params", of), "hint") == ["rounded too far: write at least three digits"]
    assert feedback(of, mark("conv2", "params", of), "hint") == ["rounded: right to the digits that are written"]
    assert feedback(of, mark("pool1", "out", of), "hint") == ["follows from an earlier answer: correctly calculated"]
    assert feedback(of, mark("conv2", "out", of), "hint") == [
        "right, but its sizes are in another order than those of the other rows"
    ]
    assert feedback(of, mark("fc", "out", of), "answer") == []


def test_a_padding_that_the_size_decides_is_said_to_be_one() -> None:
    spec = "\n{input: {C: 3, H: 9, W: 9}, layers: [{conv: 8, kernel: 3, stride: 2, padding: same}]}"
    of = marked("layer,out\nconv,8x2x7\n", spec)
    assert feedback(of, mark("conv", "out", of), "answer")[1:] == [
        "right, total padding: max((⌈H/S⌉ − 1)·S + K − H, 0) = max((⌈9/2⌉ − 1)·2 + 3 − 9, 0) = "
        "max((⌈4.5⌉ − 1)·2 + 3 − 9, 0) = max((5 − 1)·2 + 3 − 9, 0) = max(2, 0) = 2",
        "right: ⌊(H + P_all − K)/S⌋ + 1 = ⌊(9 + 2 − 3)/2⌋ + 1 = 8/2 + 1 = 4 + 1 = 5",
        "answer: 8x5x5",
    ]


def test_a_number_that_nothing_explains_gets_the_formula() -> None:
    of = marked(table({**RIGHT, "conv1": ("8x28x28", "123456")}))
    assert feedback(of, mark("conv1", "params", of), "explain") == [
        "no known mistake gives this number; check the formula term by term",
        "right: K_h·K_w·C_in·filters + filters = 5·5·3·8 + 8",
    ]


def test_several_mistakes_that_give_the_number_are_named_with_their_arithmetic() -> None:
    of = marked(table({**RIGHT, "pool1": ("8x13x13", "0")}))
    assert feedback(of, mark("pool1", "out", of), "explain")[1:3] == [
        "  13 = ⌊(28 + 2·0 − 2)/2⌋",
        "or kernel-of-another-layer: 13 = ⌊(28 + 2·0 − 3)/2⌋ + 1",
    ]


def test_a_setting_of_another_layer_is_said_to_be_whose_it_is() -> None:
    layers = "- {conv: 4, kernel: 3}\n- {conv: 8, kernel: 3}\n- {name: last, conv: 16, kernel: 3}\n"
    of = marked("layer,params\nlast,592\n", f"input: {{C: 3, H: 9, W: 9}}\nlayers:\n{layers}")
    assert feedback(of, mark("last", "params", of), "explain")[1:3] == [
        "  592 = 3·3·(8/2)·16 + 16",
        "or depth-of-another-layer (with the input channels of conv2): 592 = 3·3·4·16 + 16",
    ]


@pytest.mark.parametrize(
    ("answers", "row", "figure", "lines"),
    [
        ({"conv1": ("", "608"), "pool1": ("8x16x16", "0")}, "pool1", "out", [
            "padding-added: In conv1, which has no answer: There is padding in your calculation, but this layer has "
            "none.",
            "  conv1: 32 = ⌊(32 + 2·⌊5/2⌋ − 5)/1⌋ + 1",
            "  16 = ⌊(32 + 2·0 − 2)/2⌋ + 1",
        ]),
        ({"conv1": ("", "608"), "pool1": ("", "0"), "conv2": ("16x16x16", "1168")}, "conv2", "out", [
            "padding-added: In conv1, which has no answer: There is padding in your calculation, but this layer has "
            "none.",
            "  conv1: 32 = ⌊(32 + 2·⌊5/2⌋ − 5)/1⌋ + 1",
            "  16 = ⌊(16 + 2·1 − 3)/1⌋ + 1",  # after pool1: 32/2
        ]),
        ({"pool2": ("", "0"), "flatten": ("", "0"), "fc": ("10", "10250")}, "fc", "params", [
            "padding-added: In pool2, which has no answer: There is padding in your calculation, but this layer has "
            "none.",
            "  pool2: 8 = ⌊(14 + 2·⌊2/2⌋ − 2)/2⌋ + 1",
            "  10,250 = 1,024·10 + 10",  # 16*8*8
        ]),
        ({"conv2": ("", "1168"), "pool2": ("", "0"), "flatten": ("576", "0")}, "flatten", "out", [
            "padding-forgotten: In conv2, which has no answer: The padding is left out, but it is added on both sides "
            "before the window slides.",
            "  conv2: 12 = ⌊(14 + 2·0 − 3)/1⌋ + 1",
            "  576 = 16·6·6",
            "or plus-one-forgotten in pool2: 6 = ⌊(14 + 2·0 − 2)/2⌋",
            "or plus-one-forgotten in conv2: 13 = ⌊(14 + 2·1 − 3)/1⌋",  # pooled, 13//2
        ]),
        ({"pool1": ("16x14x14", "0")}, "pool1", "out", [
            "later-row: This is the output of conv2: two steps were made at once.",
        ]),
    ],
)  # fmt: skip
def test_a_step_that_was_done_in_the_head_is_understood(
    answers: dict[str, tuple[str, str]], row: str, figure: str, lines: list[str]
) -> None:
    of = marked(table({**RIGHT, **answers}))
    assert feedback(of, mark(row, figure, of), "explain")[: len(lines)] == lines


def test_rows_that_only_hand_on_are_no_steps_in_the_head() -> None:
    relus = "".join(f"- {{name: r{n}, relu: }}\n" for n in range(3))
    layers = f"- {{name: conv, conv: 4, kernel: 5}}\n{relus}- {{name: pool, maxpool: 2}}\n"
    of = marked("layer,out\npool,4x16x16\n", f"input: {{C: 3, H: 32, W: 32}}\nlayers:\n{layers}")
    assert feedback(of, mark("pool", "out", of), "explain")[1:3] == [
        "  conv: 32 = ⌊(32 + 2·⌊5/2⌋ − 5)/1⌋ + 1",
        "  16 = ⌊(32 + 2·0 − 2)/2⌋ + 1",
    ]


def test_words_of_a_sheet_cannot_steer_the_terminal() -> None:
    of = marked(table({**RIGHT, "conv1": ("8x28x28", "\x1b[31m5" + "x" * 50)}))
    assert marks_grid(of, Scheme()).rows[0][3] == " [31m5" + "x" * 23 + "…"


# Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format

TOP_LEVEL = {"score", "execution_time", "output", "output_format", "visibility", "stdout_visibility", "extra_data",
             "tests", "leaderboard"}  # fmt: skip
OF_A_TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
             "visibility", "extra_data"}  # fmt: skip


def assert_valid(document: dict[str, object]) -> None:
    """What the autograder's specification demands of results.json."""
    assert document.keys() <= TOP_LEVEL
    assert document["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
    assert isinstance(document["output"], str)
    tests = document.get("tests", [])
    assert isinstance(tests, list)
    assert "score" in document or tests
    for test in tests:
        assert test.keys() <= OF_A_TEST
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in VISIBILITIES
        assert all(isinstance(tag, str) for tag in test["tags"])
        assert isinstance(test["output"], str)
        assert re.fullmatch(r"\d+\.\d+", test["number"])


@pytest.mark.parametrize("level", LEVELS)
def test_results_are_valid_for_gradescope(level: Level) -> None:
    document = results(SHEET, make_scheme({"params": "2"}), level, "after_published")
    assert_valid(json.loads(json.dumps(document)))
    assert len(document["tests"]) == 12
    assert sum(test["max_score"] for test in document["tests"]) == 18
    wrong = document["tests"][0]
    assert (wrong["name"], wrong["number"], wrong["status"], wrong["score"], wrong["max_score"]) == (
        "conv1 out", "1.1", "failed", 0.0, 1.0,
    )  # fmt: skip
    assert wrong["tags"] == ["wrong", "plus-one-forgotten"]
    assert wrong["output"].startswith("your answer: 8x27x27\n")


def test_a_sheet_that_cannot_be_read_has_valid_results_too() -> None:
    with pytest.raises(SheetError) as caught:
        parse_sheet("sheet.csv", "")
    document = broken(caught.value, "visible")
    assert_valid(document)
    assert (document["score"], document["output"]) == (
        0.0, "sheet.csv:1:1: the file is empty; a sheet has a row for each layer (sheet)",
    )  # fmt: skip


def test_a_rounding_that_hides_a_mistake_says_so() -> None:
    spec = "\n{input: {C: 1280}, layers: [{fc: 1000}]}"  # 1,281,000 params, 1,280,000 without the biases
    of = marked("layer,params\nfc,1.28M\n", spec)
    assert feedback(of, mark("fc", "params", of), "hint") == [
        "rounded: right to the digits that are written; a wrong value would be written the same"
    ]
    assert feedback(of, mark("fc", "params", of), "explain") == [
        "rounded: right to the digits that are written; the count without the biases would be written the same"
    ]


def test_no_equation_is_shown_that_is_not_true() -> None:
    spec = "\n{input: {C: 3, H: 8, W: 8}, layers: [{conv: 4, kernel: 3, bias: false, norm: bn}]}"
    of = marked("layer,params\nconv,108\n", spec)  # 3*3*3*4; the norm's 2*4 are missing: 116
    assert feedback(of, mark("conv", "params", of), "explain")[:2] == [
        "norm-forgotten: The normalisation is left out, but it learns a factor and an offset for each channel.",
        "right: K_h·K_w·C_in·filters = 3·3·3·4",
    ]


def test_stored_values_are_derived_from_what_is_learned_and_what_is_not() -> None:
    spec = "\n{input: {C: 8, H: 10, W: 10}, layers: [{bn: true}]}"
    of = marked("layer,weights\nbn,16\n", spec)
    # a factor, an offset, a mean and a variance for each of 8 channels
    assert feedback(of, mark("bn", "weights", of), "answer") == [
        "bn-counted-two: Two values are counted for each channel, but it stores four: two learned ones and two running "
        "statistics.",
        "  16 = 2·8 + 0",  # one value for each channel of both, 8 + 8, is the same
        "right: params + buffers = 16 + 16 = 32",
        "answer: 32",
    ]


def test_a_row_with_an_activation_shows_each_formula_once() -> None:
    sheet = "layer,elements,weights_memory\nconv1,5,5\n"
    of = marked(sheet)
    # conv1: 8*28*28 = 6272 values; 608 params of 4 bytes; the relu has none
    for figure in ("elements", "weights_memory"):
        rights = [line for line in feedback(of, mark("conv1", figure, of), "explain") if line.startswith("right:")]
        assert len(rights) == 1
