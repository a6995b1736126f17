"""`cnncalc.analyze` from Python, and the report that it gives."""

import gc
import pickle
import re
from base64 import b64decode
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import cnncalc

SPEC = """
name: small
input: {C: 3, H: 8, W: 8}
vars: {width: 4}
defaults:
  conv: {norm: bn, activation: relu}
blocks:
  pair(c): [{conv: c, kernel: 1}, {conv: c, kernel: 3}]
layers:
- {name: stem, conv: width, kernel: 3}
- {name: body, pair: width, repeat: 2}
- flatten
- {fc: 2}
"""

HWC = """
layout: HWC
input: 8x6x3
layers:
- {name: conv, conv: 4, kernel: 3}
- {name: columns, conv: 4, kernel: 1x2}
- flatten
"""


def test_a_spec_is_given_by_its_bundled_name() -> None:
    report = cnncalc.analyze("alexnet")
    assert report["conv1"].output_shape == (96, 55, 55)
    assert report.totals.params == 60_965_224


def test_a_spec_is_given_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SPEC, encoding="utf-8")
    assert cnncalc.analyze(str(file)).totals == cnncalc.analyze(file).totals == cnncalc.analyze(text=SPEC).totals


@pytest.mark.parametrize(
    ("override", "shape"),
    [
        pytest.param("3x9x10", (4, 7, 8), id="a shape"),
        pytest.param("3×9×10", (4, 7, 8), id="a shape as the table prints it"),
        pytest.param("H=9", (4, 7, 6), id="one size"),
        pytest.param(["H=9", "W=10"], (4, 7, 8), id="a list of sizes"),
        pytest.param(("H=9", "W=10"), (4, 7, 8), id="a tuple of sizes"),
    ],
)
def test_input_replaces_that_of_the_spec(override: Any, shape: tuple[int, ...]) -> None:
    assert cnncalc.analyze(text=SPEC, input=override)["stem"].output_shape == shape


@pytest.mark.parametrize("shape", [(3, 9, 10), [3, 9, 10]], ids=["a tuple", "a list"])
def test_input_may_be_the_sizes_themselves(shape: Any) -> None:
    assert cnncalc.analyze(text=SPEC, input=shape)["stem"].output_shape == (4, 7, 8)


@pytest.mark.parametrize("width", [6, "6", 6.0], ids=["a whole number", "text", "a float"])
def test_set_replaces_a_variable_of_the_spec(width: object) -> None:
    assert cnncalc.analyze(text=SPEC, set={"width": width})["stem"].output_shape == (6, 6, 6)


def test_set_takes_a_fraction_of_a_width() -> None:
    totals = cnncalc.analyze("mobilenet_v2", set={"width": 1.4}).totals
    assert totals.params + totals.buffers == 6_156_712  # Keras MobileNetV2, alpha=1.4


def test_batch_multiplies_all_but_params_and_buffers() -> None:
    one, eight = cnncalc.analyze(text=SPEC), cnncalc.analyze(text=SPEC, batch=8)
    assert (eight.batch, eight.totals.params, eight.totals.buffers) == (8, one.totals.params, one.totals.buffers)
    assert eight.totals.macs == 8 * one.totals.macs
    assert eight.totals.flops == 8 * one.totals.flops
    assert eight.totals.elements == 8 * one.totals.elements
    row, rows = one["body"], eight["body"]
    assert (rows.macs, rows.flops, rows.elements) == (8 * row.macs, 8 * row.flops, 8 * row.elements)
    assert rows.output_shape == row.output_shape


def test_totals_of_the_small_network_are_its_arithmetic() -> None:
    totals = cnncalc.analyze(text=SPEC).totals
    # stem 4*(3*9 + 1) + bn 8; each pair 4*(4 + 1) + 8 and 4*(4*9 + 1) + 8; fc 2*(16 + 1)
    assert totals.params == (112 + 8) + 2 * (20 + 8 + 148 + 8) + 34
    assert totals.buffers == 5 * 8
    # stem 6x6 out; pair 1: 6x6 then 4x4; pair 2: 4x4 then 2x2
    assert totals.macs == 144 * 27 + (144 * 4 + 64 * 36) + (64 * 4 + 16 * 36) + 32
    assert totals.flops == 2 * totals.macs


def test_rows_are_the_lines_of_the_spec() -> None:
    report = cnncalc.analyze(text=SPEC)
    assert [row.path for row in report.rows()] == ["stem", "body", "flatten", "fc"]
    assert sum(row.params for row in report.rows()) == report.totals.params
    assert sum(len(row.layers) for row in report.rows()) == len(report.layers)


def test_several_inputs_and_outputs_have_their_names() -> None:
    text = """
inputs: {left: 3x8x8, right: 1x8x8}
layers:
- {name: joined, concat: [left, right]}
- {name: mask, conv: 2, kernel: 1}
- {name: score, from: joined, conv: 5, kernel: 8}
outputs: [score, mask]
"""
    report = cnncalc.analyze(text=text, input="right=2x8x8")
    assert report.output_shapes == {"score": (5, 1, 1), "mask": (2, 8, 8)}
    assert report["joined"].output_shape == (5, 8, 8)
    assert report["joined"].layers[0].input_shapes == ((3, 8, 8), (2, 8, 8))


def test_counts_are_ints_of_any_size() -> None:
    report = cnncalc.analyze(text="{input: 1x1000000000000x1000000000000, layers: [{conv: 10, kernel: 1}]}")
    assert report.totals.macs == 10 * 10**24
    assert type(report.totals.macs) is int


@pytest.mark.parametrize(
    "arguments", [{}, {"spec": "alexnet", "text": SPEC}, {"spec": None}], ids=["neither", "both", "None"]
)
def test_exactly_one_of_spec_and_text_is_needed(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="takes a spec or text=, one of the two"):
        cnncalc.analyze(**arguments)


def test_a_number_is_no_spec() -> None:
    with pytest.raises(TypeError, match="int"):
        cnncalc.analyze(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("override", [{"set": {"widht": 2}}, {"input": "L=9"}, {"batch": 0}], ids=str)
def test_an_override_that_does_not_fit_is_an_error_of_its_own(override: dict[str, Any]) -> None:
    with pytest.raises(cnncalc.OverrideError):
        cnncalc.analyze(text=SPEC, **override)


def test_a_spec_error_carries_every_problem_with_its_place() -> None:
    text = "input: 3x8x8\nlayers:\n- {conv: 4, kernel: 3, kernal: 3}\n- rellu\n"
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=text)
    error = caught.value
    assert (error.file, error.text) == ("<text>", text)
    assert [(p.line, p.column, p.rule, p.length) for p in error.problems] == [
        (3, 24, "unknown-parameter", len("kernal")),
        (4, 3, "unknown-kind", len("rellu")),
    ]
    assert str(error).splitlines() == [
        "<text>:3:24: conv has no parameter 'kernal'; did you mean 'kernel'? (unknown-parameter)",
        "<text>:4:3: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)",
    ]
    assert all(isinstance(problem, cnncalc.Problem) for problem in error.problems)


@pytest.mark.parametrize(
    "error", [cnncalc.ArchitectureNotFound, cnncalc.OverrideError, cnncalc.SpecError, cnncalc.ShapeError]
)
def test_every_error_is_a_cnncalc_error(error: type[Exception]) -> None:
    assert issubclass(error, cnncalc.CnnCalcError)


def test_everything_that_is_offered_is_there() -> None:
    assert all(hasattr(cnncalc, name) for name in cnncalc.__all__)
    assert {"analyze", "Report", "SpecError", "OverrideError", "ArchitectureNotFound"} <= set(cnncalc.__all__)
    assert cnncalc.__version__.count(".") == 2


def test_types_are_shipped() -> None:
    assert (resources.files("cnncalc") / "py.typed").is_file()


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        cnncalc.analyze("lenet5")
        with pytest.raises(cnncalc.SpecError):
            cnncalc.analyze(text="")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


class Cells(HTMLParser):
    """Collects the cells of an HTML table, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] in ("td", "th") and data.strip():
            self.rows[-1][-1] += data


@pytest.mark.parametrize("used", [False, True], ids=["as it is made", "with what it keeps"])
def test_a_report_can_be_pickled(used: bool) -> None:
    report = cnncalc.analyze("densenet121", profile="thop")
    if used:
        assert report.complete
        assert report["fc"].views
    copy = pickle.loads(pickle.dumps(report))
    assert (copy.layers, copy.shapes) == (report.layers, report.shapes)
    assert copy.totals.params == 7_978_856  # torchvision 0.28
    assert copy["fc"].output_shape == (1000,)
    assert str(copy) == str(report)


def test_a_report_shows_itself_as_a_table_in_a_notebook() -> None:
    rows = Cells(cnncalc.analyze("lenet5")._repr_html_()).rows
    assert rows[0] == ["layer", "operation", "output", "params", "MACs", "FLOPs"]
    assert rows[1] == ["C1", "conv 6, 5×5, tanh", "6×28×28", "156", "117,600", "235,200"]
    assert [row[0] for row in rows[1:]] == ["C1", "S2", "C3", "S4", "C5", "flatten", "F6", "total"]
    assert rows[-1][3:] == ["60,000", "325,680", "651,360"]


def test_a_notebook_does_not_run_what_a_spec_wrote() -> None:
    text = "name: '<script>alert(1)</script> & <b>'\n" + HWC
    html = cnncalc.analyze(text=text)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html
    kept = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "small", "br"}
    assert set(Cells(html).tags) <= kept | {"details", "summary", "img"}


def test_a_notebook_has_the_folded_figure_below_the_table() -> None:
    html = cnncalc.analyze("resnet18")._repr_html_()
    (figure,) = re.findall(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)">', html)
    drawn = b64decode(figure).decode()
    assert drawn == cnncalc.draw("resnet18")
    assert drawn.count("data-layer") == 10  # the input, and the rows from conv1 to fc


def test_print_shows_the_table_and_repr_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    report = cnncalc.analyze(text="name: Small\ninput: 3x8x8\nlayers: [{conv: 4, kernel: 3}]")
    assert repr(report) == "<Report on Small: 112 params, 3,888 MACs>"  # 4·27 + 4; 4·6·6·27
    title, heads, _, row, *_ = str(report).splitlines()
    assert (title, row.split()) == (
        "Small · input 3×8×8",
        ["conv", "conv", "4,", "3×3", "4×6×6", "112", "3,888", "7,776"],
    )
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, str(cnncalc.analyze("resnet50")).splitlines()[1:14])) <= 40


def test_a_picture_is_the_text_of_an_svg_file() -> None:
    drawn = cnncalc.draw(cnncalc.analyze("lenet5"), style="table", theme="light")
    assert drawn.startswith("<svg xmlns=")
    assert (drawn._repr_svg_(), repr(drawn)) == (drawn, f"<Drawing of {len(drawn):,} characters of SVG>")
    assert len(cnncalc.draw("resnet18", depth=None)) > len(cnncalc.draw("resnet18", depth=2))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"style": "boxes"}, "style is 'boxes'; one of graph, volumes, table is expected"),
        ({"theme": "grey"}, "theme is 'grey'; one of auto, light, dark is expected"),
        ({"depth": 0}, "depth is 0; a whole number of 1 or more is expected, or None"),
    ],
)
def test_a_picture_of_another_kind_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(cnncalc.OverrideError) as caught:
        cnncalc.draw("lenet5", **given)
    assert str(caught.value) == message
