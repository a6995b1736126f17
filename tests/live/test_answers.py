"""What the page is answered: plain data about one text."""

import json
import sys
from base64 import b64encode
from typing import Any

import pytest
from importing.making import onnx_graph

from cnncalc.live.answers import Desk

# 6 filters of 5×5: 6·(25 + 1) = 156 params, 24²·6·25 = 86,400 MACs; 10·(864 + 1) = 8,650 and 8,640
TEXT = """\
name: Small
input: 1x28x28
vars: {width: 6, drop: 0.5}
layers:
- {conv: width, kernel: 5, activation: relu}
- {maxpool: 2}
- flatten
- {dropout: drop}
- {fc: 10}
"""

BROKEN = TEXT.replace("maxpool: 2", "maxpol: 2")


def place(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def part(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": place(line, start), "end": place(line, end)}


def told(desk: Desk, text: str, **more: object) -> dict[str, Any]:
    answer = desk.answer({"ask": "text", "text": text, "name": "small.yaml", **more})
    json.dumps(answer)
    return answer


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    told(made, TEXT)
    return made


def cells(table: Any) -> list[list[str]]:
    return [row["cells"] for row in table["rows"]]


def test_the_figures_of_a_text() -> None:
    answer = told(Desk(), TEXT)
    assert (answer["good"], answer["problems"]) == (True, [])
    assert answer["state"] == "nothing found"
    assert answer["hints"][0]["line"] == 4
    assert answer["hints"][0]["label"] == "6×24×24 · 156"
    assert answer["lens"] == {"line": 3, "label": "8.806K params · 95.04K MACs · peak 17.28KB · training 108.5KB"}
    table = answer["table"]
    assert table["title"] == "Small · input 1×28×28"
    assert [column["key"] for column in table["columns"]] == ["layer", "operation", "output", "params", "macs", "flops"]
    assert cells(table)[0] == ["conv", "conv 6, 5×5, relu", "6×24×24", "156", "86,400", "172,800"]
    assert cells(table)[4] == ["fc", "fc 10", "10", "8,650", "8,640", "17,280"]
    assert table["totals"] == ["total", "", "", "8,806", "95,040", "190,080"]
    assert [row["line"] for row in table["rows"]] == [4, 5, 6, 7, 8]


def test_rows_unfold(desk: Desk) -> None:
    table = desk.answer({"ask": "table", "unfolded": ["conv"], "columns": ["output", "params"]})
    assert cells(table)[:3] == [["conv", "6×24×24", "156"], ["conv", "6×24×24", "156"], ["relu", "6×24×24", ""]]
    assert [(row["path"], row["depth"], row["unfolded"]) for row in table["rows"]][:4] == [
        ("conv", 0, True), ("conv", 1, None), ("conv/relu", 1, None), ("maxpool", 0, None),
    ]  # fmt: skip


def test_a_broken_text_keeps_the_last_figures(desk: Desk) -> None:
    answer = told(desk, BROKEN)
    assert not answer["good"]
    assert answer["state"] == ("1 error: line 6, column 4; the figures are those of the last text without a mistake")
    (problem,) = answer["problems"]
    assert problem["message"] == "unknown layer kind 'maxpol'; did you mean 'maxpool'?"
    assert (problem["place"], problem["severity"], problem["range"]) == ("6:4", "error", part(5, 3, 9))
    assert problem["fixes"] == [{"title": "write 'maxpool'", "changes": [{"range": part(5, 3, 9), "text": "maxpool"}]}]
    assert answer["table"]["totals"][3] == "8,806"
    assert [row["line"] for row in answer["table"]["rows"]] == [4, None, 6, 7, 8]
    assert [hint["line"] for hint in answer["hints"]] == [4, 6, 7, 8]


def test_a_text_that_never_had_figures() -> None:
    desk = Desk()
    answer = told(desk, BROKEN)
    assert (answer["table"], answer["lens"], answer["hints"]) == (None, None, [])
    assert answer["state"] == "1 error: line 6, column 4"
    assert desk.answer({"ask": "figure"}) == {"error": "the text has no figures yet; fix its problems first"}


def test_lints_can_wait(desk: Desk) -> None:
    text = TEXT + "- relu\n"
    told_only = told(desk, text, check=False)
    assert ("problems" not in told_only, told_only["state"]) == (True, "")
    answer = desk.answer({"ask": "problems"})
    assert answer["state"] == "1 warning"
    assert [(one["place"], one["rule"]) for one in answer["problems"]] == [("10:3", "activation-after-output")]


def test_of_many_problems_the_first_are_shown() -> None:
    answer = told(Desk(), "input: 3x8x8\nlayers:\n" + "- {conv: 3, kernel: 1, out: 4x8x8}\n" * 300)
    assert len(answer["problems"]) == 200
    assert answer["state"] == "300 errors, 299 warnings; 300 claims compared; the first 200 are shown"


def test_where_a_text_is_broken_is_said_before_what_is_to_be_done(desk: Desk) -> None:
    answer = told(desk, BROKEN, check=False)
    assert "problems" not in answer
    assert answer["state"] == "1 error: line 6, column 4; the figures are those of the last text without a mistake"


def test_sliders_for_variables_and_sizes(desk: Desk) -> None:
    found = {one["name"]: one for one in told(desk, TEXT)["settings"]}
    assert [*found] == ["width", "drop", "height and width"]
    assert found["width"] == {
        "name": "width", "kind": "var", "value": "6", "ranges": [part(2, 14, 15)], "least": 1, "most": 16, "step": 1,
    }  # fmt: skip
    assert (found["drop"]["value"], found["drop"]["step"], found["drop"]["most"]) == ("0.5", 0.1, 2)
    assert found["height and width"]["ranges"] == [part(1, 9, 11), part(1, 12, 14)]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{C: 3, H: 8, W: 6}", ["height", "width"]),
        ("[3, 8, 8]", ["height and width"]),
        ("[3, size, 8]", ["width"]),
        ("{C: 2, L: 100}", ["length"]),
        ("784", []),
        ("{a: 3x8x8, b: 3x4x4}", ["a height and width", "b height and width"]),
    ],
)
def test_sizes_have_sliders_as_they_are_written(written: str, names: list[str]) -> None:
    key = "inputs" if "a:" in written else "input"
    text = f"vars: {{size: 8}}\n{key}: {written}\nlayers: [relu]\n"
    assert [one["name"] for one in told(Desk(), text)["settings"] if one["kind"] == "input"] == names


def test_a_slider_outlives_a_value_that_does_not_do(desk: Desk) -> None:
    answer = told(desk, TEXT.replace("28x28", "3x3"))
    assert not answer["good"]
    assert [one["value"] for one in answer["settings"]] == ["6", "0.5", "3"]


def test_what_is_said_of_a_place(desk: Desk) -> None:
    hover = desk.answer({"ask": "hover", "position": place(4, 9)})
    assert hover == {"markdown": "`width` = 6", "range": part(4, 9, 14)}
    assert desk.answer({"ask": "definition", "position": place(4, 9)}) == {"range": part(2, 7, 12)}
    assert desk.answer({"ask": "rename", "position": place(4, 9)}) == {"range": part(4, 9, 14)}
    assert desk.answer({"ask": "rename", "position": place(4, 9), "name": "w"})["changes"] == [
        {"range": part(2, 7, 12), "text": "w"}, {"range": part(4, 9, 14), "text": "w"},
    ]  # fmt: skip
    assert "cannot be a name" in desk.answer({"ask": "rename", "position": place(4, 9), "name": "a b"})["error"]
    assert desk.answer({"ask": "hover", "position": place(99, 9)}) == {}


def test_places_are_utf_16(desk: Desk) -> None:
    text = TEXT.replace("{conv: width", "{name: '😀', conv: width")  # two units, one character
    assert told(desk, text)["state"].startswith("1 error: line 5, column 10;")
    told(desk, "# 😀\n" + TEXT.replace("vars: {", "vars: {  # 😀\n  "))
    assert desk.answer({"ask": "definition", "position": place(6, 9)}) == {"range": part(4, 2, 7)}


def test_words_to_complete(desk: Desk) -> None:
    told(desk, TEXT + "- {conv: 4, ker}\n")
    items = desk.answer({"ask": "complete", "position": place(9, 15)})["items"]
    kernel = next(one for one in items if one["label"] == "kernel")
    assert (kernel["insert"], kernel["from"], kernel["sort"]) == ("kernel: ", place(9, 12), "parameter")


def test_changes_of_the_text(desk: Desk) -> None:
    actions = desk.answer({"ask": "actions", "range": part(8, 3, 3)})["actions"]
    assert actions[0] == {"title": "claim out: 10", "changes": [{"range": part(8, 9, 9), "text": ", out: 10"}]}
    told(desk, TEXT.replace("maxpool: 2", "maxpool: 2, stride: 2"))
    assert desk.answer({"ask": "format"})["changes"] == []


def test_the_outline(desk: Desk) -> None:
    names = [(one["name"], one["detail"]) for one in desk.answer({"ask": "symbols"})["symbols"]]
    assert names[:3] == [("width", "6"), ("drop", "0.5"), ("conv", "6×24×24 · 156")]


def test_figures_in_each_style(desk: Desk) -> None:
    assert desk.answer({"ask": "targets"})["styles"] == ["graph", "volumes", "table", "layer"]
    for style in ("graph", "volumes", "table"):
        answer = desk.answer({"ask": "figure", "style": style})
        assert answer["svg"].startswith("<svg ")
        assert answer["note"] == ""


def test_the_layer_of_a_line_has_its_arithmetic(desk: Desk) -> None:
    answer = desk.answer({"ask": "figure", "style": "layer", "line": 8})
    assert "864·10 + 10 = 8,650" in answer["svg"]
    none = {"svg": "", "note": "no layer is on the line of the cursor"}
    assert desk.answer({"ask": "figure", "style": "layer", "line": 3}) == none
    told(desk, "input: 3x8x8\nblocks:\n  b(c):\n  - {conv: c, kernel: 3}\nlayers: [{b: 2}, {b: 4}]\n")
    answer = desk.answer({"ask": "figure", "style": "layer", "line": 3})
    assert "b1/conv" in answer["svg"]
    assert answer["note"] == "the first of 2 uses"


def test_names_of_strangers_are_text_in_figures(desk: Desk) -> None:
    told(desk, TEXT.replace("name: Small", 'name: "</title><script>alert(1)</script>"'))
    svg = desk.answer({"ask": "figure"})["svg"]
    assert "<script" not in svg
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in svg


def test_huge_networks_have_parts_of_a_table_and_no_figure() -> None:
    desk = Desk()
    text = "input: 1x8x8\nlayers:\n" + "- relu\n" * 1200
    answer = told(desk, text, check=False, first_line=10, last_line=19)
    assert [hint["line"] for hint in answer["hints"]] == [*range(10, 20)]
    assert answer["table"]["part"] == {"first": 0, "text": "rows 1 to 500 of 1,200", "before": None, "after": 500}
    last = desk.answer({"ask": "table", "first_row": 1000})
    assert last["part"] == {"first": 1000, "text": "rows 1,001 to 1,200 of 1,200", "before": 500, "after": None}
    assert (len(last["rows"]), last["rows"][0]["path"]) == (200, "relu1001")
    assert desk.answer({"ask": "table", "line": 702})["part"]["text"] == "rows 501 to 1,000 of 1,200"  # of relu701
    figure = desk.answer({"ask": "figure"})
    assert figure == {"svg": "", "note": "1,200 rows are not drawn here; 'cnncalc draw' draws them"}


def test_sizes_that_are_left_open(desk: Desk) -> None:
    answer = told(desk, TEXT.replace("1x28x28", "{C: 1, H: null, W: null}"))
    assert cells(answer["table"])[0][2:4] == ["6×?×?", "156"]
    assert desk.answer({"ask": "figure", "style": "volumes"})["note"] == "a picture in this style needs H, W"
    assert desk.answer({"ask": "export", "target": "keras"})["error"] == "code needs H, W; write the sizes of the input"


def test_export(desk: Desk) -> None:
    assert desk.answer({"ask": "targets"})["targets"] == ["pytorch", "keras", "scale-sim", "timeloop"]
    code = desk.answer({"ask": "export", "target": "pytorch"})
    assert (code["name"], code["notes"]) == ("small.py", [])
    assert "nn.Conv2d(1, 6, 5)" in code["text"]
    told(desk, BROKEN)
    assert desk.answer({"ask": "export", "target": "keras"})["error"].startswith("the text has a mistake")


def imported(content: str, name: str = "net.cfg", **more: object) -> dict[str, Any]:
    return Desk().answer({"ask": "import", "name": name, "data": b64encode(content.encode()).decode(), **more})


@pytest.mark.parametrize(
    ("platform", "rest"),
    [
        ("linux", "the package onnx is not installed; install it with: pip install 'cnncalc[onnx]'"),
        ("emscripten", "net.onnx needs the package onnx, which is not in this page; "
         "'cnncalc import FILE > net.yaml' reads it"),
    ],
)  # fmt: skip
def test_a_missing_package_is_installed_unless_the_page_is_a_site(
    monkeypatch: pytest.MonkeyPatch, platform: str, rest: str
) -> None:
    pytest.importorskip("onnx")
    data = b64encode(onnx_graph("y = Relu(x)")).decode()
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.setattr(sys, "platform", platform)
    assert Desk().answer({"ask": "import", "name": "net.onnx", "data": data}) == {"error": rest}


def test_import() -> None:
    net = "[net]\nheight=8\nwidth=8\nchannels=3\n[convolutional]\nfilters=4\nsize=3\nstride=1\nactivation=linear\n"
    assert "conv: 4, kernel: 3" in imported(net)["text"]
    assert imported(TEXT, "mine.yaml") == {"text": TEXT, "notes": []}
    error = "y.txt:1:1: no model is recognised in this file (unreadable)"
    assert imported("nothing", "../x/y.txt") == {"error": error, "source": False}
    layer = 'layer { name: "%s" type: "%s" top: "%s" }\n'
    sized = imported(layer % ("d", "Data", "d"), "net.prototxt")
    assert sized["source"]
    assert sized["error"].startswith("net.prototxt:1:1: the shape of the data is not in the file; give it as CxHxW (")
    printed = imported("Net(\n  (a): Conv2d(3, 4, kernel_size=(3, 3))\n)\n", "net.txt")
    assert "assumed: the size of the input; write another one as input:" in printed["notes"]
    assert "# assumed: the size of the input; write another one as input:\n" in printed["text"]
    two = "import torch.nn as nn\n" + "".join(
        f"class {name}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.c = nn.Conv2d(3, {count}, 3)\n    def forward(self, x):\n        return self.c(x)\n"
        for name, count in (("A", 4), ("B", 5))
    )
    assert imported(two, "two.py")["models"] == ["A", "B"]
    unsized = imported(two, "two.py", model="B")
    assert unsized["source"]
    assert unsized["error"].startswith("two.py:8:1: the size of the input is not in the source; ")
    assert "conv: 5, kernel: 3" in imported(two, "two.py", model="B", input="3x8x8")["text"]


def test_bundled_architectures() -> None:
    names = Desk().answer({"ask": "bundled"})["architectures"]
    assert {"name": "lenet5", "title": "LeNet-5"} in names
    assert Desk().answer({"ask": "bundled", "name": "lenet5"})["text"].startswith("name: LeNet-5\n")


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ([], "a request is a mapping"),
        ({}, "'ask' is not given; a text is expected"),
        ({"ask": ["text"]}, "'ask' is ['text']; a text is expected"),
        ({"ask": "save"}, "'ask' is 'save'; one of text, problems, "),
        ({"ask": "text", "text": 1}, "'text' is 1; a text is expected"),
        ({"ask": "text", "text": TEXT, "unfolded": "conv"}, "'unfolded' is 'conv'; a list of texts is expected"),
        ({"ask": "text", "text": TEXT, "first_row": -1}, "'first_row' is -1; a whole number of 0 or more is expected"),
        ({"ask": "bundled", "name": "../LICENSE"}, "'name' is '../LICENSE'; one of alexnet, "),
        ({"ask": "import", "name": "a", "data": "?"}, "'data' is not in base64"),
    ],
)
def test_what_is_no_request(request_: Any, error: str) -> None:
    assert Desk().answer(request_)["error"].startswith(error)


def test_a_page_whose_text_is_not_known_tells_it_again() -> None:
    assert Desk().answer({"ask": "table"}) == {"error": "no text is open; ask for 'text' first", "again": True}


def test_a_place_that_is_none(desk: Desk) -> None:
    expected = "'line' is True; a whole number of 0 or more is expected"
    assert desk.answer({"ask": "hover", "position": {"line": True, "character": 0}}) == {"error": expected}
    assert desk.answer({"ask": "hover", "position": 3}) == {"error": "'position' is 3; a mapping is expected"}


def test_a_text_that_is_too_large(desk: Desk) -> None:
    answer = told(desk, "#" * 4_000_001)
    assert answer["problems"][0]["message"].startswith("the file is larger than 4 MB; ")
    assert answer["table"]["totals"][3] == "8,806"
