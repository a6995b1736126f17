"""Exercises of the open text: the blanks of `worksheet`, the marks of `grade`."""

import json
from typing import Any

import pytest

from cnncalc.live.answers import Desk

# 8·(27 + 1) = 224 params; 32 − 2 = 30; 8·15·15 = 1800; 10·(1800 + 1) = 18,010; together 18,234
TEXT = "name: Mine\ninput: 3x32x32\nlayers:\n- {name: a, conv: 8, kernel: 3}\n- {maxpool: 2}\n- flatten\n- {fc: 10}\n"

RIGHT = [["8x30x30", "224"], ["8x15x15", "0"], ["1800", "0"], ["10", "18,010"], ["", "18.2K"]]


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.answer({"ask": "text", "text": TEXT, "name": "mine.yaml"})
    return made


def marks(answer: Any) -> list[tuple[str, str, str]]:
    json.dumps(answer)
    return [(cell["layer"], cell["figure"], cell["mark"]) for cell in answer["cells"]]


def test_the_sheet_is_that_of_worksheet(desk: Desk) -> None:
    sheet = desk.answer({"ask": "exercise"})
    assert sheet["title"] == "Mine: worksheet · input 3×32×32"
    assert sheet["how"] == "shapes as CxHxW, numbers as 34944 or, with three digits or more, 34.9K."
    assert (sheet["heads"], sheet["figures"]) == (
        ["layer", "operation", "out (CxHxW)", "params (number)"], ["out", "params"],
    )  # fmt: skip
    assert [[cell["text"] for cell in row] for row in sheet["rows"]] == [
        ["a", "conv 8 filters, 3×3, stride 1, padding 0", "", ""],
        ["maxpool", "maxpool 2×2, stride 2, padding 0", "", ""],
        ["flatten", "flatten", "", ""],
        ["fc", "fc 10 features", "", ""],
        ["total", "", "–", ""],
    ]
    assert [cell["kind"] for cell in sheet["rows"][0]] == ["words", "words", "shape", "number"]
    assert "224" not in json.dumps(sheet)


def test_what_is_right_has_all_points(desk: Desk) -> None:
    answer = desk.answer({"ask": "mark", "answers": RIGHT})
    assert answer["headline"] == "Mine · mine.yaml · 9 of 9 points"
    assert {mark for _, _, mark in marks(answer)} == {"right", "rounded"}  # 18.2K
    assert answer["notes"] == []


def test_a_mistake_is_explained_and_what_follows_from_it_is_not_one(desk: Desk) -> None:
    # 28 = 32 − 2·2 is another kernel; 14 = 28/2; 216 = 3·3·3·8 without the biases
    answers = [["8x28x28", "216"], ["8x14x14", "0"], *RIGHT[2:]]
    answer = desk.answer({"ask": "mark", "answers": answers})
    assert marks(answer)[:3] == [("a", "out", "wrong"), ("a", "params", "wrong"), ("maxpool", "out", "follows")]
    assert answer["cells"][1]["feedback"][:2] == [
        "bias-forgotten: The biases are left out, but each filter or output has one.", "  216 = 3·3·3·8",
    ]  # fmt: skip
    assert answer["cells"][1]["feedback"][2].endswith("= 3·3·3·8 + 8")
    hint = desk.answer({"ask": "mark", "answers": answers, "level": "hint"})
    assert "216 = " not in json.dumps(hint, ensure_ascii=False)
    key = desk.answer({"ask": "mark", "answers": answers, "level": "answer"})
    assert (key["cells"][1]["right"], key["cells"][1]["feedback"][-1]) == ("224", "answer: 224")


def test_what_cannot_be_read_is_said(desk: Desk) -> None:
    answer = desk.answer({"ask": "mark", "answers": [["eight", ""], *RIGHT[1:]]})
    assert marks(answer)[:2] == [("a", "out", "unreadable"), ("a", "params", "blank")]
    assert answer["notes"] == ["a, out: 'eight' is not a shape; write it as CxHxW"]


def test_another_seed_is_another_sheet_with_marks_of_its_own(desk: Desk) -> None:
    sheet = desk.answer({"ask": "exercise", "seed": 7, "figures": ["params"]})
    assert sheet == desk.answer({"ask": "exercise", "seed": 7, "figures": ["params"]})
    assert sheet["title"] != "Mine: worksheet · input 3×32×32"
    operation = str(sheet["rows"][0][1]["text"])
    filters, kernel = int(operation.split()[1]), int(operation.partition("×")[2].partition(",")[0])
    params = filters * (3 * kernel**2 + 1)
    answer = desk.answer({"ask": "mark", "seed": 7, "figures": ["params"], "answers": [[str(params)], *[[""]] * 4]})
    assert marks(answer)[0] == ("a", "params", "right")


def test_blocks_are_rows_if_no_more_levels_are_wanted() -> None:
    desk = Desk()
    text = "input: 3x8x8\nblocks: {b: [{conv: 4, kernel: 1}, relu]}\nlayers: [{b: , repeat: 2}]\n"
    desk.answer({"ask": "text", "text": text})
    assert [row[0]["text"] for row in desk.answer({"ask": "exercise", "depth": 1})["rows"]] == ["b", "total"]
    assert len(desk.answer({"ask": "exercise"})["rows"]) > 2


def test_a_broken_text_has_the_exercise_of_its_last_good_figures(desk: Desk) -> None:
    desk.answer({"ask": "text", "text": TEXT.replace("maxpool", "maxpol")})
    assert desk.answer({"ask": "exercise"})["rows"][1][0]["text"] == "maxpool"


@pytest.mark.parametrize(
    ("text", "request_", "error"),
    [
        (TEXT, {"ask": "exercise", "figures": ["sizes"]}, "'figures' has 'sizes'; known are out, elements, params, "),
        (TEXT, {"ask": "exercise", "seed": 10**9 + 1}, "'seed' is 1000000001; a whole number from 0 to 1,000,000,000"),
        (TEXT, {"ask": "mark", "answers": "224"}, "'answers' is '224'; a list of rows is expected"),
        (TEXT, {"ask": "mark", "answers": [["224", 0]]}, "'answers' is ['224', 0]; a list of texts is expected"),
        (TEXT, {"ask": "mark", "answers": [["224"]]}, "the sheet has changed: it has 5 rows now; begin again"),
        (TEXT, {"ask": "mark", "answers": RIGHT, "level": "key"}, "'level' is 'key'; one of hint, explain, answer is"),
        ("input: 3x?x?\nlayers: [{conv: 8, kernel: 3}]\n", {"ask": "exercise"}, "an exercise needs H, W"),
        ("input: 3x8x8\nlayers: [rellu]\n", {"ask": "exercise"}, "the text has no figures yet"),
        (f"input: 3x8x8\nlayers: [{', '.join(['relu'] * 501)}]\n", {"ask": "exercise"}, "501 rows are too many for a"),
        ("inputs: {a: 3x8x8, b: 3x8x8}\nlayers: [{add: [a, b]}]\n", {"ask": "exercise", "seed": 1}, "variants are"),
    ],
)  # fmt: skip
def test_what_there_is_no_exercise_of(text: str, request_: dict[str, object], error: str) -> None:
    desk = Desk()
    desk.answer({"ask": "text", "text": text})
    assert desk.answer(request_)["error"].startswith(error)
