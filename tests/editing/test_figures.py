"""Figures beside the lines: hints, totals, diagnostics; and what a broken text keeps of them."""

import random

import pytest
from editing.texts import NET, opened
from running import Run

from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.hints import hints
from cnncalc.editing.lens import lens
from cnncalc.language.source import Source, read_bundled


def labels(edited: EditedText, *columns: str) -> dict[int, str]:
    """The hints by the number of their line, from 1."""
    found = hints(edited, columns) if columns else hints(edited)
    return {hint.line + 1: hint.label for hint in found}


def test_a_line_has_its_row_and_one_in_a_block_that_of_its_first_use() -> None:
    assert labels(opened(NET)) == {
        5: "8×13×13 · 584",  # 8·(8·3·3 + 1), of body
        6: "8×13×13",
        8: "8×15×15 · 224",  # 8·(3·3·3 + 1)
        9: "8×13×13 · 584",
        10: "16×13×13 · 144",  # 16·(8·1·1 + 1)
        11: "16×13×13 · 144",  # 16·(8 + 1): from body
        12: "16×1×1",
        13: "16",
        14: "10 · 170",  # 10·(16 + 1)
    }


def test_the_tooltip_has_every_use() -> None:
    (hint,) = [hint for hint in hints(opened(NET)) if hint.line == 4]
    assert hint.tooltip.splitlines()[0] == "**2 uses**"
    assert "| body/conv | conv 8, 3×3 | 8×13×13 | 584 | 97,344 |" in hint.tooltip  # 8·13·13·8·3·3
    assert "| pair2/conv | conv 16, 1×1 | 16×13×13 | 144 | 21,632 |" in hint.tooltip  # 16·13·13·8


def test_other_columns_are_named() -> None:
    asked = labels(opened(NET), "output", "params", "macs", "receptive_field", "output_memory")
    assert asked[8] == "8×15×15 · 224 · 48,600 MACs · 3 field · 7,200 output (B)"  # 8·15·15·27; 8·15·15·4


def test_only_the_lines_that_are_seen_are_counted() -> None:
    assert [hint.line for hint in hints(opened(NET), first=8, last=9)] == [8, 9]


def test_a_line_with_a_list_of_layers_says_what_they_are_together() -> None:
    edited = opened("input: 3x8x8\nlayers: [{conv: 4, kernel: 1}, {conv: 2, kernel: 1}, relu]\n")
    assert labels(edited) == {2: "2×8×8 · 26"}  # 4·(3 + 1) + 2·(4 + 1)


def test_sizes_that_are_left_open_are_question_marks() -> None:
    assert labels(opened("input: 3x?x?\nlayers:\n- {conv: 4, kernel: 1}\n")) == {3: "4×?×? · 16"}


def test_the_totals_stand_above_the_layers() -> None:
    # params 224 + 584 + 144 + 144 + 170; macs 48,600 + 97,344 + 21,632 + 21,632 + 160; three maps of body, conv, relu
    found = lens(opened(NET))
    assert found is not None
    assert (found.line, found.text.split(" · ")[:2]) == (6, ["1.266K params", "189.4K MACs"])


def test_a_broken_text_keeps_the_figures_of_the_lines_that_did_not_change() -> None:
    good = opened(NET)
    broken = opened(NET.replace("- {pair: [width, 1]}\n", "- {pair: [width, 1\n- rel\n"), good)
    kept = labels(broken)
    assert broken.report is None
    assert 10 not in kept
    assert 11 not in kept
    assert kept[9] == "8×13×13 · 584"
    assert kept[12] == "16×13×13 · 144"  # a line further down
    assert lens(broken) == lens(good)
    assert labels(opened(NET, broken)) == labels(good)


def test_without_any_good_figures_there_are_none() -> None:
    broken = opened("layers: [")
    assert (labels(broken), lens(broken)) == ({}, None)


@pytest.mark.parametrize("name", ["alexnet", "googlenet", "resnet50", "unet"])
def test_hints_are_the_rows_of_show(name: str, run: Run) -> None:
    edited = EditedText(read_bundled(name))
    shown = run("show", name, "--format", "csv", "--columns", "line,output,params").output.splitlines()[1:]
    rows = [line.split(",") for line in shown if line[:1].isdigit()]
    assert rows
    for line, output, params in rows:
        label = " · ".join(filter(None, (output.replace("x", "×"), f"{int(params):,}" if params else "")))
        assert labels(edited)[int(line)] == label


@pytest.mark.slow
def test_any_edit_leaves_a_text_that_is_answered() -> None:
    chance = random.Random(1)
    text = read_bundled("googlenet").text
    edited = EditedText(Source("net.yaml", text))
    for _ in range(300):
        at = chance.randrange(len(text))
        text = (
            text[:at]
            + chance.choice(["", "x", "{", "]", ":", "\n", " ", "- ", "#", "3", "é", "\U0001f642"])
            + text[at + 1 :]
        )
        edited = EditedText(Source("net.yaml", text), before=edited)
        assert [*hints(edited)] == [] or edited.good is not None
        assert edited.report is not None or edited.checked.findings


def test_what_would_fit_is_said_with_the_findings() -> None:
    text = "input: 3x30x30\nlayers:\n- {name: a, maxpool: 2, rounding: ceil}\n- {name: b, maxpool: 2, rounding: ceil}\n"
    text += "- {name: up, upsample: 2}\n- {concat: [a, up]}\n"
    (found,) = opened(text).checked.findings
    assert found.finding.message.endswith("; an input of 3x28x28 or 3x31x31 fits")
