"""Statements of a source about itself, and the places of findings in it: its own files, lines and cells."""

import json
from pathlib import Path

import pytest
from every import for_every
from running import Run

import cnncalc
from cnncalc.importing.source.stated import stated_in
from cnncalc.language.origins import with_lines

NET = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5)  # -> 6x28x28
        self.pool = nn.MaxPool2d(2)  # out: 14x15x6
        self.fc = nn.Linear(6 * 14 * 14, 10)  # ten classes

    def forward(self, x):
        x = self.pool(self.conv(x))  # (N, 6, 14, 14)
        return self.fc(x.flatten(1))  # [batch, 10]

Net()(torch.randn(1, 3, 32, 32))
"""

STATED = {
    "out: 64x16x16": (64, 16, 16),
    "-> 55x55x96": (55, 55, 96),
    "3x32x32 -> 64x16x16": (64, 16, 16),
    "(N, 64, 56, 56)": (64, 56, 56),
    "[B, 768]": (768,),
    "(None, 54, 54, 96)": (54, 54, 96),
    "output shape: torch.Size([1, 64, 8, 8])": (1, 64, 8, 8),
    "input[3, 224, 224]  output[48, 55, 55]": (48, 55, 55),
    "-> 9216": (9216,),
    "64x16x16": None,
    "11x11 kernels": None,
    "(3, 3)": None,
    "out: 64 maps": None,
    "see (N, 64, 56, 56)": None,
    "28*28->32*32-->16*16": None,
    "1/4": None,
}


@for_every(STATED)
def test_a_comment_states_a_shape_if_it_says_nothing_else(comment: str) -> None:
    stated = stated_in(f" {comment}", 1, 1)
    assert (stated and stated.sizes) == STATED[comment]


def notebook(*cells: str, printed: str = "") -> str:
    made = [{"cell_type": "markdown", "source": ["# Net\n"]}]
    outputs = [{"output_type": "stream", "text": printed.splitlines(keepends=True)}] if printed else []
    code = [{"cell_type": "code", "outputs": outputs, "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [*made, *code], "nbformat": 4}, indent=1)


WRONG = "pool: out: 6x14x15 claimed, 6x14x14 found"


def test_wrong_comments_are_found_at_their_line_of_the_file_that_has_them(run: Run, folder: Path) -> None:
    (folder / "net.py").write_text(NET)
    (folder / "main.py").write_text("import torch\nfrom net import Net\nNet()(torch.randn(1, 3, 32, 32))\n")
    (folder / "net.ipynb").write_text(notebook(NET[: NET.index("class")], NET[NET.index("class") :]))
    for file, found in (
        ("net.py", f"net.py:8:45: error: {WRONG} (claim)"),
        ("main.py", f"net.py:8:45: error: {WRONG} (claim)"),
        ("net.ipynb", f"net.ipynb:26:45: error: cell 3 line 5: {WRONG} (claim)"),
    ):
        result = run("check", file, "--format", "concise")
        assert result.stdout == f"{found}\n"
    in_one_line = json.dumps(json.loads((folder / "net.ipynb").read_text()))
    (folder / "net.ipynb").write_text(in_one_line.replace("->", "gives"))  # without claims
    result = run("check", "net.ipynb", "--max-params", "1K", "--select", "budget", "--format", "concise")
    assert result.stdout.startswith("net.ipynb:1:1: error: cell 3 line 6: params: at most 1K allowed")
    annotated = run("check", "net.py", "--format", "github").stdout.splitlines()[0]
    assert annotated == f"::error file=net.py,line=8,endLine=8,col=45,endColumn=52,title=claim::{WRONG}"


def test_a_line_that_a_message_is_about_is_in_its_cell() -> None:
    names = {3: "cell 2 line 1", 4: "line 9"}
    message = with_lines("the fc on line 3, the conv on line 4, bn (line 3, line 5)", names.get)
    assert message == "the fc in cell 2 line 1, the conv on line 9, bn (cell 2 line 1, line 5)"


def test_a_budget_and_the_rows_of_json_have_the_lines_of_the_source(run: Run, folder: Path) -> None:
    (folder / "net.py").write_text(NET)
    result = run("check", "net.py", "--max-params", "1K", "--select", "budget")
    assert "net.py:9:9: error: params: at most 1K allowed, 12,226 found; fc alone has 11,770" in result.stdout
    layers = json.loads(run("show", "net.py", "--format", "json").stdout)["layers"]
    assert [(layer["path"], layer["line"]) for layer in layers] == [
        ("conv", 7),
        ("pool", 8),
        ("flatten", 13),
        ("fc", 9),
    ]
    result = run("show", "net.py", "--input", "3x28x28")
    assert result.stderr.startswith("net.py:9:1: Linear: in_features is 1176, its input is 864")


BLOCK = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 3, 1)
        self.second = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        return x + self.second(torch.relu(self.first(x)))

Net()(torch.randn(1, 3, 8, 8))
"""


def test_layers_of_one_line_of_the_spec_have_lines_of_their_own(folder: Path) -> None:
    (folder / "net.py").write_text(BLOCK)
    report = cnncalc.analyze("net.py")
    lines = [("conv1", 7), ("conv1/relu", 11), ("conv2", 8), ("add", 11)]
    assert [(layer.path, layer.node.line) for layer in report] == [(f"residual/{path}", line) for path, line in lines]
    (block,) = report.network.rows
    first, *others = block.children
    rows = [*first.children, *others]
    assert [(row.path, row.line) for row in rows] == [(f"residual/{path}", line) for path, line in lines]


KERAS = """\
from keras.models import Sequential
from keras.layers import *
model = Sequential()
model.add(Conv2D(8, 3, input_shape=(10, 10, 3)))
model.add(BatchNormalization())
model.add(Flatten())
model.add(Dense(4, input_shape=(300,)))
model.summary()
other = Sequential([Dense(2, input_shape=(5,))])
"""
SUMMARY = """\
Model: "sequential_3"
| Layer (type)                   | Output Shape     | Param # |
|--------------------------------|------------------|---------|
| conv2d_7 (Conv2D)              | (None, 8, 8, 8)  | 224     |
| batch_normalization (Batch Nor | (None, 8, 8, 8)  | 32      |
malization)
| flatten_2 (Flatten)            | (None, 512)      | 0       |
| dense_5 (Dense)                | (None, 4)        | 2052    |
Total params: 2,308
Trainable params: 2,292
Non-trainable params: 16
"""


def test_a_printed_summary_is_compared_with_the_code_row_by_row(run: Run, folder: Path) -> None:
    (folder / "net.ipynb").write_text(notebook(KERAS, printed=SUMMARY))
    assert "1 spec, 9 claims: " in run("check", "net.ipynb:model").stdout
    damaged = SUMMARY.replace("| 224 ", "| 225 ").replace("(None, 512)", "(None, 521)").replace("2,292", "2,293")
    (folder / "net.md").write_text(f"```python\n{KERAS}```\n```\n{damaged}```\n")
    found = run("check", "net.md:model", "--format", "concise", "--select", "claim").stdout
    assert [line.partition(";")[0] for line in found.splitlines()] == [
        "net.md:16:1: error: conv2d: params: 225 claimed, 224 found",
        "net.md:19:1: error: flatten: out: 521 claimed, 512 found (claim)",
        "net.md:22:1: error: trainable: 2293 claimed, 2,292 found (claim)",
    ]
    text = run("import", "net.md:model").stdout
    assert "# input_shape 300 of dense is ignored: 512 enters it (line 8)" in text
    (folder / "net.md").write_text(f"```python\n{KERAS}```\n```\n{SUMMARY[: SUMMARY.index('| flat')]}```\n")
    assert "breaks off after batch_normalization (line 17)" in run("import", "net.md:model").stdout


def test_several_models_are_listed_with_what_they_store_and_checked_together(run: Run, folder: Path) -> None:
    (folder / "net.ipynb").write_text(notebook(KERAS))
    (folder / "empty.py").write_text("import torch\nWIDTH = 3\n")
    listed = run("show", "net.ipynb").stderr
    assert "2 models are in this source: model (2,308 weights), other (12 weights); write net.ipynb:model" in listed
    found = run("check", "net.ipynb", "empty.py", "--max-params", "1K", "--format", "concise").stdout
    assert "params: at most 1K allowed, 2,292 found" in found
    assert "empty" not in found
    for path in ("empty.py", "net.ipynb:nothing"):
        assert "no model" in run("check", path).stdout


def test_a_notebook_is_graded_by_what_it_has_printed_or_by_its_code(run: Run, folder: Path) -> None:
    spec = "layout: HWC\ninput: 10x10x3\nlayers:\n- {conv: 8, kernel: 3}\n- bn\n- flatten\n- dropout\n- {fc: 4}\n"
    (folder / "key.yaml").write_text(spec)
    (folder / "ada.ipynb").write_text(notebook(KERAS, printed=SUMMARY.replace("| 224 ", "| 225 ")))
    (folder / "bob.py").write_text(KERAS)
    marks = json.loads(run("grade", "--spec", "key.yaml", "ada.ipynb", "--format", "json").stdout)
    cells = {f"{cell['layer']}.{cell['figure']}": (cell["answer"], cell["mark"]) for cell in marks["cells"]}
    assert cells["conv.params"] == ("225", "wrong")
    assert cells["bn.params"] == ("16", "right")
    assert "dropout.out" not in cells  # a summary without this row says nothing wrong
    assert cells["fc.params"] == ("2052", "right")
    # conv, bn, flatten and fc, each with out and params; nothing is asked of dropout, which the code lacks
    assert "8 of 8 points" in run("grade", "--spec", "key.yaml", "bob.py").stdout
    assert "2 models are in this source" in run("grade", "bob.py").stderr


@pytest.mark.parametrize("name", ["net.py", "net.py::Net", "net.py:Net@3x32x32"])
def test_a_model_of_a_file_is_named(run: Run, folder: Path, name: str) -> None:
    (folder / "net.py").write_text(NET)
    assert "12,226" in run("show", name).stdout
