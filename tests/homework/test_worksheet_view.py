"""Worksheets in every format: what is in them, what is not, and that they can be read back."""

import re
from html.parser import HTMLParser

import pytest
import yaml

import cnncalc
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.page_view import handouts_page
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.worksheet import Worksheet
from cnncalc.homework.worksheet_view import (
    handout,
    worksheet_csv,
    worksheet_markdown,
    worksheet_yaml,
)

SPEC = """\
name: Two <b>layers</b>
input: {C: 3, H: 32, W: 32}
layers:
- {name: conv1, conv: 8, kernel: 5, padding: half, norm: bn, activation: relu}
- {name: pool1, maxpool: 2}
- relu
"""
FIGURES = ("out", "params", "macs")


def sheet(*, key: bool = False, working: bool = False, spec: str = SPEC, student: str = "") -> Worksheet:
    facts = {"worksheet": "net.yaml"} | ({"student": student} if student else {})
    return Worksheet(Exercise(cnncalc.analyze(text=spec)), FIGURES, facts, key, working)


def test_a_csv_has_settings_and_blank_cells() -> None:
    assert worksheet_csv(sheet()) == (
        "worksheet,net.yaml\n"
        "layer,operation,out,params,macs\n"
        'conv1,"conv 8 filters, 5x5, stride 1, padding 2, bn, relu",,,\n'
        'pool1,"maxpool 2x2, stride 2, padding 0",,,–\n'
        "relu,relu,,–,–\n"
        "total,,–,,\n"
    )


def test_a_key_has_the_answers() -> None:
    # 8*(75 + 1) + 2*8 params; 32*32*8*75 MACs
    assert worksheet_csv(sheet(key=True)).splitlines()[2:] == [
        'conv1,"conv 8 filters, 5x5, stride 1, padding 2, bn, relu",8x32x32,624,614400',
        'pool1,"maxpool 2x2, stride 2, padding 0",8x16x16,0,–',
        "relu,relu,8x16x16,–,–",
        "total,,–,624,614400",
    ]


@pytest.mark.parametrize(
    ("write", "file"),
    [(worksheet_csv, "s.csv"), (worksheet_yaml, "s.yaml"), (worksheet_markdown, "s.md")],
    ids=["CSV", "YAML", "Markdown"],
)
def test_a_key_that_is_handed_in_gets_full_marks(write: object, file: str) -> None:
    assert callable(write)
    made = sheet(key=True, working=True, student="Zoë | <b>")
    found = mark_sheet(made.exercise, parse_sheet(file, write(made)))
    assert {mark.state for mark in found.marks} == {"right"}
    assert len(found.marks) == 8  # 3 + 2 + 1 in the rows, and two sums
    assert (found.problems, found.remarks, found.sheet.student) == ((), (), "Zoë | <b>")
    blank = mark_sheet(made.exercise, parse_sheet(file, write(made._replace(key=False))))
    assert {mark.state for mark in blank.marks} == {"blank"}


def test_yaml_is_valid_and_has_the_settings_in_comments() -> None:
    text = worksheet_yaml(sheet(working=True))
    assert "  conv1:  # conv 8 filters, 5x5, stride 1, padding 2, bn, relu\n" in text
    loaded = yaml.safe_load(text)
    assert loaded["answers"]["conv1"] == {"out": None, "params": None, "macs": None, "working": None}
    assert loaded["answers"]["relu"] == {"out": None, "working": None}


def test_a_network_with_branches_says_what_each_row_reads() -> None:
    spec = "input: 3x8x8\nlayers:\n- {name: stem, conv: 8, kernel: 1}\n- {name: res, residual: [relu]}\n"
    lines = worksheet_csv(sheet(spec=spec)).splitlines()
    assert lines[1] == "layer,operation,from,out,params,macs"
    assert lines[3:5] == ["res/relu,relu,stem,,–,–", 'res/add,add,"res/relu, stem",,–,–']


def test_the_markdown_key_has_worked_solutions() -> None:
    text = worksheet_markdown(sheet(key=True))
    assert "- height: ⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·2 − 5)/1⌋ + 1 = 31 + 1 = 32" in text
    assert "receptive field" not in text
    assert "Worked solutions" not in worksheet_markdown(sheet())


class Checker(HTMLParser):
    """Collects the tags of a page, and whether they are closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("key", [False, True])
def test_the_page_is_well_formed_prints_and_escapes_what_a_spec_says(key: bool) -> None:
    page = handouts_page([handout(sheet(key=key, student="<script>"))])
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert "@media print" in page
    assert "&lt;b&gt;layers" in page
    assert "<script>" not in page
    answers = [attributes for tag, attributes in checker.tags if tag == "td" and attributes.get("class") == "answer"]
    assert len(answers) == 8
    assert bool(re.search(r"⌊\(32 \+ 2·2 − 5\)/1⌋ \+ 1 = 31 \+ 1 = 32", page)) == key
    assert ("8x32x32" in page) == key
