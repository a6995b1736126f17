"""`repeat: 0` leaves a line out: nothing is built, what enters is handed on, and the row says so."""

import pytest

import cnncalc
from cnncalc.analysis.report import Report


def analyzed(layers: str, head: str = "input: 3x8x8\n") -> Report:
    return cnncalc.analyze(text=f"{head}layers:\n{layers}")


def edges(layers: str, head: str = "input: 3x8x8\n") -> list[tuple[str, tuple[str, ...]]]:
    """Path and inputs of every layer."""
    return [(node.path, node.inputs) for node in analyzed(layers, head).network.nodes]


@pytest.mark.parametrize(
    "line",
    [
        "{conv: 9, kernel: 3, norm: bn, activation: relu, repeat: 0}",
        "{wide: 9, repeat: 0}",
        "{wide, repeat: 0}",
        "{residual: [{maxpool: 2}], repeat: 0}",
        "{branches: [[], [relu]], repeat: 0}",
        "{sequence: [{maxpool: 9}, flatten], repeat: 0}",
        "{maxpool: 9, repeat: 0}",
        "{add: [t, prev], repeat: 0, first: {align: center}}",
        "{relu: , repeat: in - 3}",
    ],
)
def test_nothing_is_built_and_prev_is_what_was_above(line: str) -> None:
    head = "input: 3x8x8\nblocks:\n  wide(c=2): [{conv: c, kernel: 1}]\n"
    assert edges(f"- {{name: t, tanh: }}\n- {line}\n- {{add: [t, prev]}}\n", head) == [
        ("t", ("input",)),
        ("add" if "add: " not in line else "add2", ("t", "t")),
    ]


def test_what_from_names_is_handed_on() -> None:
    layers = "- {name: a, tanh: }\n- relu\n- {conv: 9, kernel: 3, from: a, repeat: 0}\n- elu\n"
    assert edges(layers)[-1] == ("elu", ("a",))


def test_a_parameter_of_a_block_leaves_a_line_out() -> None:
    head = "input: 3x8x8\nblocks:\n  unit(c, gate=0): [{conv: c, kernel: 1}, {sigmoid, repeat: gate}]\n"
    assert [path for path, _ in edges("- {unit: 4}\n- {unit: [4, 1]}\n", head)] == [
        "unit1/conv",
        "unit2/conv",
        "unit2/sigmoid.1",
    ]


def test_a_line_that_is_left_out_counts_among_the_names() -> None:
    assert [path for path, _ in edges("- {relu, repeat: 0}\n- relu\n")] == ["relu2"]


def test_its_row_has_no_layers_and_the_shape_that_is_handed_on() -> None:
    report = analyzed("- {maxpool: 2}\n- {name: x, conv: 9, kernel: 3, padding: 1, repeat: 0}\n- relu\n")
    row = report["x"]
    assert (row.layers, row.params, row.macs, row.elements) == ((), 0, 0, 3 * 4 * 4)
    assert row.output_shape == (3, 4, 4)
    assert [row.path for row in report.rows()] == ["maxpool", "x", "relu"]
    assert report["x"].views == report["maxpool"].views


def test_its_claims_are_about_what_is_handed_on() -> None:
    report = analyzed("- {name: x, conv: 9, kernel: 3, repeat: 0, out: 3x8x8, params: 0}\n- relu\n")
    claims = {claim.figure: (claim.layer, claim.value) for claim in report.network.claims}
    assert claims == {"out": ("x", (3, 8, 8)), "params": ("x", 0)}
    assert (report["x"].output_shape, report["x"].params) == ((3, 8, 8), 0)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("{conv: 9, kernel: 3, repeat: 0}", "conv 9, padding half, kernel 3 ×0"),
        ("{relu, repeat: n}", "relu ×0"),
        ("{wide: 2*4, repeat: n}", "wide 8 ×0"),
        ("{wide: 9, repeat: n, first: {c: 5}}", "wide 9 ×0, first c 5"),
        ("{residual: [relu], shortcut: pad, repeat: n}", "residual shortcut pad ×0"),
    ],
)
def test_its_row_says_what_is_left_out(line: str, label: str) -> None:
    head = "input: 3x8x8\nvars: {n: 0}\ndefaults: {conv: {padding: half}}\nblocks:\n  wide(c): [{conv: c, kernel: 1}]\n"
    assert analyzed(f"- {line}\n- tanh\n", head).network.rows[0].label == label


@pytest.mark.parametrize(
    ("layers", "outputs"),
    [
        ("- {name: a, tanh: }\n- {relu, repeat: 0}\n", {"a": "a"}),
        ("- {name: a, tanh: }\n- {relu, repeat: 0}\n- {elu, repeat: 0}\n", {"a": "a"}),
        ("- {name: a, tanh: }\n- gelu\n- {relu, from: a, repeat: 0}\n", {"a": "a"}),
        ("- {relu, repeat: 0}\n", {"relu": "input"}),
    ],
)
def test_the_output_is_the_layer_that_made_the_last_value(layers: str, outputs: dict[str, str]) -> None:
    assert analyzed(layers).network.outputs == outputs


def test_a_network_of_which_nothing_is_left_has_no_figures() -> None:
    report = analyzed("- {conv: 9, kernel: 3, repeat: 0}\n")
    assert (len(report), report.totals.params, report.totals.macs) == (0, 0, 0)
    assert report.output_shapes == {"conv": (3, 8, 8)}


def test_a_variable_can_leave_a_line_out() -> None:
    text = "input: 3x8x8\nvars: {n: 2}\nlayers:\n- {conv: 3, kernel: 1, repeat: n}\n- relu\n"
    layers = {n: len(cnncalc.analyze(text=text, set={"n": n}).layers) for n in (0, 1, 2)}
    assert layers == {0: 1, 1: 2, 2: 3}


@pytest.mark.parametrize(
    ("blocks", "layers"),
    [
        ("{}", "[{relu, repeat: 0}]"),
        ("{empty: []}", "[empty, {add: [a, b]}]"),
        ("{empty: [{relu, repeat: 0}]}", "[empty]"),
    ],
)
def test_nothing_can_be_handed_on_where_nothing_enters(blocks: str, layers: str) -> None:
    with pytest.raises(cnncalc.SpecError, match="say with 'from:' which one enters here") as caught:
        cnncalc.analyze(text=f"inputs: {{a: 3x8x8, b: 3x8x8}}\nblocks: {blocks}\nlayers: {layers}\n")
    assert len(caught.value.problems) == 1


def test_from_says_what_is_handed_on_where_there_are_several_inputs() -> None:
    head = "inputs: {a: 3x8x8, b: 3x8x8}\n"
    assert edges("- {relu, from: a, repeat: 0}\n- {add: [prev, b]}\n", head) == [("add", ("a", "b"))]
