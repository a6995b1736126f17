"""Sheets that do not name their network: which one is taken, and why."""

import json
import re
from pathlib import Path

import pytest
from homework.marked import not_right, table
from homework.test_own_tables import TABLES, short, without_implied
from running import Run

from cnncalc.errors import SheetError
from cnncalc.homework import finding
from cnncalc.homework.finding import GUESSED, find_network
from cnncalc.homework.grading import Exercises
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import parse_sheet

EXERCISES = Exercises()


def found(text: str) -> tuple[str, str]:
    """The name of the network that a sheet is taken to be about, and why."""
    network = find_network(parse_sheet("sheet.csv", text), lambda name: EXERCISES.exercise(name, None, None))
    return network.exercise.report.network.name, network.why


@pytest.mark.parametrize(
    ("network", "why"),
    [
        ("alexnet_one_tower", "22 of 22 answers; not alexnet_assignment: fc8 has features 10 there"),
        ("alexnet_assignment", "22 of 22 answers; not alexnet_one_tower: fc8 has features 1000 there"),
        ("mnist_keras", "12 of 12 answers"),
        ("alexnet_cifar", "16 of 16 answers"),
    ],
)
def test_the_bundled_architecture_that_fits_best_is_taken(network: str, why: str) -> None:
    assert found("\n".join(without_implied(TABLES[network])))[1] == f"your table fits {network}, {why}"


def test_a_mistake_does_not_hide_the_network() -> None:
    text = "\n".join(short(TABLES["alexnet_cifar"])).replace(";896", ";864")
    assert found(text)[1] == "your table is most like alexnet_cifar, 18 of 19 answers"


OPERATIONS = [
    "input: 32x32x3\nLayer;Filters;Kernel;Stride;Padding;Output;Params\n"
    + "Conv1;8;3x3;1;1;32x32x8;224\nPool1;-;2x2;2;0;16x16x8;0\nFC;10;;;;10;20490\n",
    "Layer;Operation;Output;Params\nInput;;32x32x3;0\nC1;Conv2D 3x3, 8, same, ReLU;32x32x8;224\n"
    "S2;maxpool 2x2/2;16x16x8;0\nfc;FC 10;10;20490\n",
    "input: 32x32x3\nOperation;Output;Params\nconv 8 filters, 3×3, stride 1, padding 1;32x32x8;224\n"
    "max pooling 2x2, stride 2;16x16x8;0\nflatten;2048;0\nfully connected 10;10;20490\n",
]
"""8*(27 + 1) = 224 and 10*(8*16*16 + 1) = 20490."""


@pytest.mark.parametrize("text", OPERATIONS, ids=["columns of settings", "one column", "no column of names"])
def test_a_network_is_read_from_what_the_rows_say(text: str) -> None:
    assert found(text) == ("your network", "the network is read from what your table says of each layer")


SUMMARY = "Layer;Output Shape;Param #\nconv2d;(None, 30, 30, 32);896\nmax_pooling2d;(None, 15, 15, 32);0\n" + (
    "conv2d_1;(None, 13, 13, 64);18496\nflatten;(None, 10816);0\ndense;(None, 10);108170\n"
)
"""3*3*3*32 + 32 = 896, 3*3*32*64 + 64 = 18,496, 13*13*64 = 10,816 and 10*10,816 + 10 = 108,170; 30 + 3 - 1 = 32."""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("896", "864", {"conv1 params": "wrong: bias-forgotten"}),
        ("13, 13", "15, 15", {"conv2 out": "wrong: padding-added"}),
        ("18496", "640", {"conv2 params": "wrong: kernel-without-depth"}),  # 3*3*64 + 64
        ("15, 15", "29, 29", {"maxpool out": "wrong: stride-ignored"}),  # 30 - 2 + 1
    ],
)
def test_what_a_table_does_not_say_is_usual(old: str, new: str, expected: dict[str, str]) -> None:
    sheet = parse_sheet("sheet.csv", SUMMARY.replace(old, new))
    taken = find_network(sheet, lambda name: EXERCISES.exercise(name, None, None))
    assert taken.why.startswith(GUESSED)
    assert not_right(mark_sheet(taken.exercise, sheet)) == expected


def test_filters_that_params_and_the_next_row_bear_out_are_taken_before_those_of_the_output() -> None:
    text = Path(__file__).with_name("right").joinpath("lenet_letters_channels_first.csv").read_text("utf-8")
    sheet = parse_sheet("sheet.csv", text.replace("[-1, 16, 8, 8]", "[-1, 6, 8, 8]"))
    taken = find_network(sheet, lambda name: EXERCISES.exercise(name, None, None))
    assert not_right(mark_sheet(taken.exercise, sheet)) == {"conv2 out": "wrong: channels-kept"}


LISTING = """\
My network takes **Input 28x28x1**.

1. Conv2D(32, 3x3, relu): 26x26x32, 320 params
2. MaxPool 2x2 -> 13x13x32
3. **Conv2D(64, 3x3)** → [11, 11, 64], parameters: 3*3*32*64 + 64 = 18,496
4. Flatten = 7744
5. Dense(10): 77,450 trainable parameters
"""  # 32*(3*3 + 1), 10*(7744 + 1)


@pytest.mark.parametrize(
    ("right", "wrong", "mistake"),
    [
        ("", "", {}),
        ("32, 320", "32, 32*(3*3 + 1)", {}),
        ("32, 320", "32, 3×3×32 + 32", {}),
        (": 3*3*32*64 + 64 = 18,496", ": 3**2*32*64 + 64", {"conv2 params": "unreadable"}),  # not 32*32*64
        ("13x13x32", "13x13x32, params: 0; there is nothing to learn", {}),
        (": 3*3*32*64 + 64 = 18,496", ": 64*(3*3*32 + 1)", {}),
        ("77,450", "77,440", {"fc params": "wrong: bias-forgotten"}),
        ("13x13x32", "14x14x32", {"maxpool out": "wrong: padding-added"}),  # (26 + 2·1 - 2)/2 + 1
    ],
)
def test_the_lines_of_a_listing_are_rows(right: str, wrong: str, mistake: dict[str, str]) -> None:
    sheet = parse_sheet("listing.md", LISTING.replace(right, wrong))
    taken = find_network(sheet, lambda name: EXERCISES.exercise(name, None, None))
    assert not_right(mark_sheet(taken.exercise, sheet)) == mistake


def test_an_input_with_its_channels_last_is_that_of_the_spec(run: Run, tmp_path: Path) -> None:
    tmp_path.joinpath("sheet.csv").write_text("input,32x32x1\nlayer,out\nC1,28x28x6\n", "utf-8")
    result = run("grade", "--spec", "lenet5", str(tmp_path / "sheet.csv"), "--format", "csv")
    assert ",1,6,16.7,right,blank" in result.stdout  # the out of C1, of six rows


def test_sentences_that_name_layers_are_no_listing() -> None:
    text = "We study layers.\nPool: 2x2 windows.\nIt is\nknown\nthat\nConv: 3x3 is used\nand\nthe\nfc: 10 ends it.\n"
    with pytest.raises(SheetError, match="no table of answers"):
        parse_sheet("prose.md", text)


def test_what_is_taken_from_a_table_as_it_is_is_said() -> None:
    assert found(SUMMARY)[1] == (
        f"{GUESSED}: input 32x32x3; conv 32, 3×3; maxpool 2×2; conv 64, 3×3; fc 10. These are taken as they are; "
        "checked is what follows from them (10 of 10 answers). A column 'operation' says what was asked for"
    )


def test_another_network_that_fits_has_all_rows_of_the_table() -> None:
    text = Path(__file__).with_name("right").joinpath("vgg16_names.csv").read_text("utf-8")
    assert "so does" not in found(re.sub(r"(?m)^(conv|maxpool)\d(_\d)?", r"\1", text))[1]


def test_a_row_with_a_mistake_is_not_left_out_for_a_network_without_it() -> None:
    text = Path(__file__).with_name("right").joinpath("vgg16_names.csv").read_text("utf-8")
    unnamed = re.sub(r"(?m)^(conv|maxpool)\d(_\d)?", r"\1", text)
    last = unnamed.rindex("2359808")  # VGG-13 has no such convolution
    assert found(f"{unnamed[:last]}2359296{unnamed[last + 7 :]}")[1].startswith("your table is most like vgg16, ")


def test_a_table_that_fits_nothing_says_what_to_give() -> None:
    with pytest.raises(SheetError, match=r"no bundled architecture fits the table: give --spec, or write 'input: 3x2"):
        found(table({"a": ("5x5x5", "7"), "b": ("4x4x4", "9")}))


CODE = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 16 * 16, 10)
    def forward(self, x):
        x = self.conv1(x)
        x = self.pool(x){}
        return self.fc(x.flatten(1))
Net()(torch.randn(1, 3, 32, 32))
"""


@pytest.mark.parametrize(("comment", "points"), [("  # -> 8x16x16", "8 of 8"), ("  # -> 8x15x15", "7 of 8")])
def test_what_code_states_is_graded_by_the_code(run: Run, folder: Path, comment: str, points: str) -> None:
    (folder / "net.py").write_text(CODE.format(comment), encoding="utf-8")
    printed = run("grade", "net.py").stdout
    assert printed.splitlines()[0].endswith(f"{points} points")
    assert "\n\nthe network is read from your code\n" in printed


def test_the_table_of_a_notebook_is_graded_by_its_code(run: Run, folder: Path) -> None:
    rows = ["Layer | Output | Params", "-- | -- | --", "Conv | 8x32x32 | 216", "Pool | 8x16x16 | 0", "FC | 10 | 20490"]
    table = "\n".join(f"| {row} |" for row in rows)
    cells = [{"cell_type": "markdown", "source": table}, {"cell_type": "code", "source": CODE.format("")}]
    (folder / "net.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")
    printed = run("grade", "net.ipynb").stdout
    assert printed.splitlines()[0].endswith("5 of 6 points")
    assert "conv1, params: 216\n  bias-forgotten: " in printed


def test_code_that_states_nothing_says_what_to_give(run: Run, folder: Path) -> None:
    (folder / "net.py").write_text(CODE.format(""), encoding="utf-8")
    assert "says nothing about its shapes and counts: add a table or comments" in run("grade", "net.py").stderr


def test_a_sheet_with_a_row_for_each_layer_is_compared_with_no_fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each comparison of a class with densenet121 takes half a second."""
    key = "layer,out\nconv1,64x112x112\nbn1,64x112x112\n" + "\n".join(f"row{number}," for number in range(426))
    exercise = EXERCISES.exercise("densenet121", None, None)
    monkeypatch.delattr(finding, "_fit")
    assert finding.unfolded_as(parse_sheet("sheet.csv", key), exercise) is exercise
    assert exercise.folded is exercise.folded, "the same for each sheet"
