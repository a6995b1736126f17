"""`unpool: pool1` has the window of pool1, and reads the value above and what entered pool1."""

import pytest

import cnncalc
from cnncalc.layers.base import make
from cnncalc.layers.unpooling import Unpool


def unpooling(layers: str, head: str = "input: 3x9x9\n", path: str = "unpool") -> tuple[Unpool, tuple[str, ...]]:
    """The layer, and what it reads."""
    network = cnncalc.analyze(text=f"{head}layers:\n{layers}").network
    (node,) = (node for node in network.nodes if node.path == path)
    assert isinstance(node.layer, Unpool)
    return node.layer, node.inputs


def test_it_reads_the_value_above_and_what_entered_the_pool() -> None:
    layers = "- {name: c, conv: 4, kernel: 1}\n- {name: p, maxpool: 2}\n- {name: t, tanh: }\n- {unpool: p}\n"
    assert unpooling(layers)[1] == ("t", "c")
    assert unpooling(layers.replace("unpool: p", "unpool: p, from: p"))[1] == ("p", "c")
    assert unpooling(layers.replace("unpool: p", "unpool: {pool: p}"))[1] == ("t", "c")
    assert unpooling("- {maxpool: 2}\n- {unpool: prev}\n")[1] == ("maxpool", "input")


@pytest.mark.parametrize(
    ("pool", "settings"),
    [
        ("maxpool: 2", {"kernel": 2}),
        ("maxpool: 3, stride: 4, rounding: ceil", {"kernel": 3, "stride": 4, "rounding": "ceil"}),
        ("maxpool: [1, 3], padding: [0, 1]", {"kernel": (1, 3), "padding": (0, 1)}),
        ("maxpool: 2, stride: 3, dilation: 2", {"kernel": 2, "stride": 3, "dilation": 2}),
        ("maxpool: 2, padding: same", {"kernel": 2, "padding": "same"}),
        ("max_pool: {pool_size: 3, ceil_mode: true}", {"kernel": 3, "rounding": "ceil"}),
    ],
)  # fmt: skip
def test_it_has_the_window_of_the_pool(pool: str, settings: dict[str, object]) -> None:
    layer, _ = unpooling(f"- {{name: p, {pool}}}\n- {{unpool: p}}\n")
    assert layer == make(Unpool, 2, **settings)


def test_the_defaults_of_the_pool_are_its_own_too() -> None:
    head = "input: 3x9x9\ndefaults: {maxpool: {rounding: ceil}}\n"
    assert unpooling("- {name: p, maxpool: 2}\n- {unpool: p}\n", head)[0].rounding == "ceil"


def test_a_name_of_several_layers_that_end_in_a_pool_is_that_pool() -> None:
    head = "input: 3x8x8\nblocks:\n  down(c): [{conv: c, kernel: 1}, {maxpool: 2}]\n"
    assert unpooling("- {name: d, down: 4}\n- {unpool: d}\n", head)[1] == ("d/maxpool", "d/conv")
    assert unpooling("- {name: d, maxpool: 2, repeat: 2}\n- {unpool: d}\n", head)[1] == ("d.2", "d.1")


def test_a_block_takes_the_pool_as_a_parameter() -> None:
    head = "input: 3x8x8\nblocks:\n  up(pool): [{unpool: pool}, {conv: 3, kernel: 1}]\n"
    assert unpooling("- {name: p, maxpool: 2}\n- {up: p}\n", head, "up/unpool")[1] == ("p", "input")


def test_its_padding_is_in_numbers_in_the_document() -> None:
    from cnncalc.render.report_data import report_data

    report = cnncalc.analyze(text="input: 3x9x9\nlayers:\n- {name: p, maxpool: 2, padding: same}\n- {unpool: p}\n")
    # 9 to 5 windows of 2: 5*2 - 9 = 1, after
    _, unpool = report_data(report)["layers"]
    assert unpool["settings"] == {
        "kernel": [2, 2],
        "stride": [2, 2],
        "padding": [[0, 1], [0, 1]],
        "dilation": [1, 1],
        "rounding": "floor",
    }


def test_nothing_enters_where_there_are_several_inputs() -> None:
    text = "inputs: {a: 1x8, b: 1x4}\nlayers:\n- {unpool: p}\n"
    with pytest.raises(cnncalc.SpecError, match="say with 'from:' which one enters here"):
        cnncalc.analyze(text=text)


def test_a_pool_that_is_wrong_is_the_only_problem() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="input: 3x9x9\nlayers:\n- {name: p, maxpool: 20}\n- {unpool: p}\n- {maxpool: x}\n")
    assert [problem.line for problem in caught.value.problems] == [3, 5]
