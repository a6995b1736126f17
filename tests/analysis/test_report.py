"""The report on a network that is made by hand: no spec, no executor."""

from fractions import Fraction
from typing import Any

import pytest

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.derivation import Derivation, derive
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.errors import ShapeError
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Step, make
from cnncalc.network.model import Network, Node, Row
from cnncalc.shapes import Layout, Shape


def node(path: str, kind: str, rank: int, *inputs: str, **settings: Any) -> Node:
    return Node(path, make(LAYERS[kind], rank, **settings), inputs, line=1)


def lone(path: str, at: int) -> Row:
    """The row of a single layer."""
    return Row(path, "", 1, at, at + 1, path)


NODES = (
    node("conv1", "conv", 2, "image", filters=4, kernel=3, padding=1),
    node("conv1/bn", "bn", 2, "conv1"),
    node("conv1/relu", "relu", 2, "conv1/bn"),
    node("body/maxpool", "maxpool", 2, "conv1/relu", kernel=2),
    node("body/shortcut", "conv", 2, "image", filters=4, kernel=1, stride=2, bias=False),
    node("body/add", "add", 2, "body/maxpool", "body/shortcut"),
    node("flatten", "flatten", 2, "body/add"),
    node("fc1", "fc", 0, "flatten", features=10),
)
ROWS = (
    Row("conv1", "", 3, 0, 3, "conv1/relu", (lone("conv1", 0), lone("conv1/bn", 1), lone("conv1/relu", 2))),
    Row("body", "residual", 5, 3, 6, "body/add",
        (lone("body/maxpool", 3), lone("body/shortcut", 4), lone("body/add", 5))),
    lone("flatten", 6),
    lone("fc1", 7),
)  # fmt: skip


def network(layout: Layout = "CHW", side: int = 8) -> Network:
    return Network(
        name="by hand",
        source="",
        notes="",
        bundled=False,
        layout=layout,
        inputs={"image": Shape(3, (side, side))},
        nodes=NODES,
        rows=ROWS,
        outputs={"logits": "fc1", "maps": "body/add"},
    )


@pytest.fixture
def report() -> Report:
    return analyze_network(network())


# Figures: path, output, elements, params, buffers, macs

FIGURES = [
    ("conv1", (4, 8, 8), 256, 112, 0, 6_912),  # 9*3*4 + 4; 256*27
    ("conv1/bn", (4, 8, 8), 256, 8, 8, 0),
    ("conv1/relu", (4, 8, 8), 256, 0, 0, 0),
    ("body/maxpool", (4, 4, 4), 64, 0, 0, 0),
    ("body/shortcut", (4, 4, 4), 64, 12, 0, 192),  # 3*4; 64*3
    ("body/add", (4, 4, 4), 64, 0, 0, 0),
    ("flatten", (64,), 64, 0, 0, 0),
    ("fc1", (10,), 10, 650, 0, 640),  # 64*10 + 10; 64*10
]
# 3*256 + 4*64 + 10; 112 + 8 + 12 + 650; 6,912 + 192 + 640; twice that
TOTALS = {"elements": 1_034, "params": 782, "buffers": 8, "macs": 7_744, "flops": 15_488}


def test_every_layer_has_its_figures_in_execution_order(report: Report) -> None:
    assert [(r.path, r.output_shape, r.elements, r.params, r.buffers, r.macs) for r in report.layers] == FIGURES
    assert [r.flops for r in report.layers] == [13_824, 0, 0, 0, 384, 0, 0, 1_280]
    assert len(report) == 8


def sums(report: Report) -> dict[str, int]:
    return {name: getattr(report.totals, name) for name in TOTALS}


def test_the_totals_are_the_sums(report: Report) -> None:
    assert sums(report) == TOTALS
    assert report.complete
    assert report.batch == 1


def test_a_batch_multiplies_all_but_what_is_stored() -> None:
    report = analyze_network(network(), batch=3)
    assert sums(report) == {"elements": 3_102, "params": 782, "buffers": 8, "macs": 23_232, "flops": 46_464}
    assert report.batch == 3
    conv = report.layers[0]
    assert (conv.elements, conv.params, conv.macs, conv.flops) == (768, 112, 20_736, 41_472)
    assert conv.output_shape == (4, 8, 8)
    row = report["body"]
    assert (row.elements, row.params, row.macs, row.flops) == (192, 12, 576, 1_152)


def test_every_figure_is_an_integer(report: Report) -> None:
    totals = report.totals.values()
    assert {name for name, figure in totals.items() if type(figure) is not int} == {"ops", "intensity"}
    assert {type(number) for number in report.totals.ops.values()} == {int}
    assert type(report.totals.intensity) is Fraction
    figures = [n for r in report.layers for n in (*r.output_shape, r.elements, r.params, r.buffers, r.macs, r.flops)]
    assert {type(figure) for figure in figures} == {int}


def test_a_layer_knows_what_enters_it_and_what_it_stores(report: Report) -> None:
    conv, bn, add = (report.layers[i] for i in (0, 1, 5))
    assert (conv.kind, conv.row, conv.input_shapes) == ("conv", "conv1", ((3, 8, 8),))
    assert conv.weight_shapes == {"weight": (4, 3, 3, 3), "bias": (4,)}
    assert bn.weight_shapes == {"weight": (4,), "bias": (4,), "running_mean": (4,), "running_var": (4,)}
    assert (add.row, add.input_shapes) == ("body", ((4, 4, 4), (4, 4, 4)))
    assert conv.layer is NODES[0].layer


def test_the_shape_of_every_value_is_kept_with_the_inputs(report: Report) -> None:
    assert report.shapes["image"] == Shape(3, (8, 8))
    assert report.shapes["body/add"] == Shape(4, (4, 4))
    assert report.shapes.keys() == {"image", *(n.path for n in NODES)}
    assert report.output_shapes == {"logits": (10,), "maps": (4, 4, 4)}


def test_layout_turns_the_sizes_that_are_shown_but_not_the_weights() -> None:
    report = analyze_network(network("HWC"))
    assert report.output_shapes == {"logits": (10,), "maps": (4, 4, 4)}
    conv = report.layers[0]
    assert conv.input_shapes == ((8, 8, 3),)
    assert conv.output_shape == report["conv1"].output_shape == (8, 8, 4)
    assert conv.weight_shapes["weight"] == (4, 3, 3, 3)
    assert sums(report) == TOTALS


def test_one_layer_object_at_two_places_is_counted_for_each_input() -> None:
    shared = make(LAYERS["conv"], 1, filters=2, kernel=3, bias=False)
    nodes = (
        Node("a", shared, ("signal",), 1),  # 1x9 -> 2x7: 6 params, 14*3 macs
        Node("b", shared, ("a",), 2),  # 2x7 -> 2x5: 12 params, 10*6 macs
        Node("c", shared, ("a",), 3),  # as b: its own weights
    )
    rows = tuple(lone(n.path, i) for i, n in enumerate(nodes))
    inputs = {"signal": Shape(1, (9,))}
    report = analyze_network(Network("", "", "", False, "CHW", inputs, nodes, rows, {"c": "c"}))
    assert [(r.params, r.macs) for r in report.layers] == [(6, 42), (12, 60), (12, 60)]
    assert sums(report) == {"elements": 34, "params": 30, "buffers": 0, "macs": 162, "flops": 324}


def test_a_network_by_hand_that_does_not_fit_is_a_shape_error() -> None:
    with pytest.raises(ShapeError, match=r"the inputs 4x3x3 and 4x4x4 must have the same shape"):
        analyze_network(network(side=7))  # the pool gives floor(7/2) = 3, the shortcut ceil(7/2) = 4


# Rows


def test_a_row_sums_the_layers_it_stands_for(report: Report) -> None:
    assert [
        (r.path, r.kind, r.output_shape, r.elements, r.params, r.buffers, r.macs, r.flops) for r in report.rows()
    ] == [
        ("conv1", "conv", (4, 8, 8), 256, 120, 8, 6_912, 13_824),
        ("body", "maxpool", (4, 4, 4), 64, 12, 0, 192, 384),
        ("flatten", "flatten", (64,), 64, 0, 0, 0, 0),
        ("fc1", "fc", (10,), 10, 650, 0, 640, 1_280),
    ]
    assert [[layer.path for layer in r.layers] for r in report.rows()] == [
        ["conv1", "conv1/bn", "conv1/relu"],
        ["body/maxpool", "body/shortcut", "body/add"],
        ["flatten"],
        ["fc1"],
    ]


def test_the_rows_add_up_to_the_totals(report: Report) -> None:
    rows = report.rows()
    for name in ("params", "buffers", "macs", "flops"):
        assert sum(getattr(row, name) for row in rows) == TOTALS[name]


def test_a_row_of_an_identity_path_has_no_layers_and_no_kind(report: Report) -> None:
    row = report.row_report(Row("body/2", "identity", 5, 3, 3, "conv1/relu"))
    assert (row.kind, row.layers, row.params, row.macs) == ("", (), 0, 0)
    assert row.output == Shape(4, (8, 8))


# Indexing


@pytest.mark.parametrize(
    "path",
    ["", "conv", "conv2", "conv1/", "conv1/prelu", "body/conv", "body/add/1", "image", "logits", "flatten2", "CONV1"],
)
def test_a_path_that_is_not_there_is_a_key_error_that_names_it(report: Report, path: str) -> None:
    with pytest.raises(KeyError) as caught:
        report[path]
    assert caught.value.args == (path,)


def test_the_eleventh_layer_is_not_the_first() -> None:
    names = [f"relu{i}" for i in range(1, 12)]
    nodes = tuple(node(name, "relu", 0, "x") for name in names)
    rows = tuple(lone(name, i) for i, name in enumerate(names))
    report = analyze_network(Network("", "", "", False, "CHW", {"x": Shape(5)}, nodes, rows, {"relu11": "relu11"}))
    assert [report[name].path for name in names] == names


def test_a_path_can_be_looked_for_with_in(report: Report) -> None:
    assert "conv1" in report
    assert "conv2" not in report


def test_a_number_is_not_a_path(report: Report) -> None:
    with pytest.raises(KeyError):
        report[0]  # type: ignore[index]


# Derivations


def summary(steps: tuple[Step, ...]) -> list[tuple[str, str, dict[str, int], int | Fraction]]:
    return [(step.label, step.formula, dict(step.values), step.result) for step in steps]


def layer_of(batch: int, path: str, layout: Layout = "CHW") -> tuple[Report, LayerReport]:
    report = analyze_network(network(layout), batch=batch)
    (layer,) = (layer for layer in report.layers if layer.path == path)
    return report, layer


def derived(at: tuple[Report, LayerReport]) -> Derivation:
    return derive(*at, ("out", "params", "buffers", "macs", "flops"))


def test_the_derivation_of_a_conv_goes_from_shape_to_flops() -> None:
    derivation = derived(layer_of(1, "conv1"))
    assert derivation.layer.path == "conv1"
    kernel = {"K_h": 3, "K_w": 3, "C_in": 3}
    assert summary(derivation.steps) == [
        ("height", "floor((H + 2*P - K)/S) + 1", {"H": 8, "P": 1, "K": 3, "S": 1}, 8),
        ("width", "floor((W + 2*P - K)/S) + 1", {"W": 8, "P": 1, "K": 3, "S": 1}, 8),
        ("out", "C*H*W", {"C": 4, "H": 8, "W": 8}, 256),
        ("params", "K_h*K_w*C_in*filters + filters", kernel | {"filters": 4}, 112),
        ("macs", "out*K_h*K_w*C_in", kernel | {"out": 256}, 6_912),
        ("flops", "2*macs", {"macs": 6_912}, 13_824),
    ]


def test_the_derivation_of_a_conv_in_a_batch_of_two_counts_one_input_first() -> None:
    steps = summary(derived(layer_of(2, "conv1")).steps)
    kernel = {"K_h": 3, "K_w": 3, "C_in": 3}
    assert steps[2:] == [
        ("out", "C*H*W*batch", {"C": 4, "H": 8, "W": 8, "batch": 2}, 512),
        ("params", "K_h*K_w*C_in*filters + filters", kernel | {"filters": 4}, 112),
        ("macs of one input", "out*K_h*K_w*C_in", kernel | {"out": 256}, 6_912),
        ("macs", "per_input*batch", {"per_input": 6_912, "batch": 2}, 13_824),
        ("flops", "2*macs", {"macs": 13_824}, 27_648),
    ]


def test_the_derivation_of_a_relu_has_no_formula_but_that_of_its_output() -> None:
    derivation = derived(layer_of(2, "conv1/relu"))
    assert summary(derivation.steps) == [
        ("out", "C*H*W*batch", {"C": 4, "H": 8, "W": 8, "batch": 2}, 512),
        ("params", "", {}, 0),
        ("macs", "", {}, 0),
    ]
    out, params, macs = derivation.steps
    assert "the shape is unchanged" in out.note
    assert params.note == "nothing is learned"
    assert macs.note == "relu is not counted, by definition"


def test_the_derivation_of_a_bn_counts_what_is_learned_and_what_is_kept() -> None:
    derivation = derived(layer_of(2, "conv1/bn"))
    assert summary(derivation.steps) == [
        ("out", "C*H*W*batch", {"C": 4, "H": 8, "W": 8, "batch": 2}, 512),
        ("params", "2*C", {"C": 4}, 8),
        ("buffers", "2*C", {"C": 4}, 8),
        ("macs", "", {}, 0),
    ]


def test_the_derivation_of_a_vector_and_of_a_changed_shape() -> None:
    assert summary(derived(layer_of(1, "flatten")).steps)[:2] == [
        ("features", "C*H*W", {"C": 4, "H": 4, "W": 4}, 64),
        ("out", "C", {"C": 64}, 64),
    ]
    (out,) = (step for step in derived(layer_of(1, "body/maxpool")).steps if step.label == "out")
    assert "unchanged" not in out.note


def test_a_derivation_writes_the_output_in_the_layout_of_the_spec() -> None:
    (out,) = (step for step in derived(layer_of(1, "conv1", "HWC")).steps if step.label == "out")
    assert (out.formula, out.result) == ("H*W*C", 256)


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_a_derivation_ends_at_the_figures_of_the_report(batch: int) -> None:
    report = analyze_network(network(), batch=batch)
    for layer in report.layers:
        results = {step.label: step.result for step in derived((report, layer)).steps}
        assert results["out"] == layer.elements
        assert (results["params"], results.get("buffers", 0)) == (layer.params, layer.buffers)
        assert (results["macs"], results.get("flops", 0)) == (layer.macs, layer.flops)
