"""How many operations and connections each kind counts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from layers.cases import CASES, Case

import cnncalc
from cnncalc.figures import operation_total
from cnncalc.layers import LAYERS

FIRST: dict[str, Case] = {}
for one in CASES:
    FIRST.setdefault(one.kind, one)

# Of the first case of each kind, by the table of `cnncalc layers`; n values where nothing else is said.
OPS: dict[str, dict[str, int]] = {
    "conv": {"mac": 290_400 * 363, "add": 290_400},  # 96*55*55 values of 11*11*3, a bias each
    "deconv": {"mac": 1024 * 784 * 4 * 512, "add": 512 * 3_136},  # each of 1024*28*28 inputs to 2*2*512 outputs
    "depthwise": {"mac": 32 * 12_544 * 9},  # no bias
    "maxpool": {"cmp": 69_984 * 8},  # 96*27*27 windows of 9
    "avgpool": {"add": 100_352 * 3, "div": 100_352},  # 128*28*28 windows of 4
    "global_avgpool": {"add": 512 * 48, "div": 512},
    "global_maxpool": {"cmp": 8 * 104},  # 3*5*7 = 105
    "adaptive_avgpool": {"add": 9_216 * 8, "div": 9_216},  # 13 to 6: all windows are 3 wide
    "adaptive_maxpool": {"cmp": 16 * 8 * 6},  # 50 to 8: all windows are 7 wide
    "unpool": {},
    "fc": {"mac": 9_216 * 4_096, "add": 4_096},
    "bn": {"add": 802_816, "mul": 802_816},  # 64*112*112, folded
    "lrn": {"add": 5 * 290_400, "mul": 2 * 290_400, "div": 290_400, "exp": 290_400},
    # 96 values at 56*56 = 3,136 places; 3 add and 2 mul each, one more of both for affine
    "layernorm": {"add": 4 * 301_056 + 3_136, "mul": 3 * 301_056, "div": 3 * 3_136, "sqrt": 3_136},
    "groupnorm": {"add": 4 * 4_096 + 32, "mul": 3 * 4_096, "div": 3 * 32, "sqrt": 32},  # 64*8*8 in 32 groups
    "instancenorm": {"add": 4 * 4_000 + 32, "mul": 3 * 4_000, "div": 3 * 32, "sqrt": 32},  # 32 channels of 125
    "scale": {"add": 1_176, "mul": 1_176},  # 6*14*14
    "dropout": {},
    "relu": {"cmp": 60},
    "relu6": {"cmp": 2 * 360},
    "leaky_relu": {"mul": 12, "cmp": 12},
    "prelu": {"mul": 50_176, "cmp": 50_176},
    "elu": {"add": 12, "mul": 12, "cmp": 12, "exp": 12},
    "gelu": {"add": 7, "mul": 21, "exp": 7},
    "silu": {"add": 60, "div": 60, "exp": 60},
    "hardswish": {"add": 60, "mul": 120, "cmp": 120},
    "hardsigmoid": {"add": 3, "mul": 3, "cmp": 6},
    "sigmoid": {"add": 1, "div": 1, "exp": 1},
    "tanh": {"add": 2 * 4_704, "div": 4_704, "exp": 4_704},  # 6*28*28
    "softmax": {"add": 1_000 + 999, "div": 1_000, "cmp": 999, "exp": 1_000},  # less the largest; the sum
    "flatten": {},
    "upsample": {},
    "zeropad": {},
    "crop": {},
    "slice": {},
    "shuffle": {},
    "space_to_depth": {},
    "depth_to_space": {},
    "pad_channels": {},
    "reshape": {},
    "add": {"add": 802_816},  # 256*56*56
    "mul": {"mul": 18_816},  # 96*14*14
    "concat": {},
}

CONNECTIONS = {
    "conv": 105_415_200 + 290_400,
    "deconv": 1_644_167_168 + 1_605_632,
    "depthwise": 3_612_672,
    "maxpool": 69_984 * 9,
    "avgpool": 100_352 * 4,
    "fc": 37_748_736 + 4_096,
    "scale": 1_176,  # the offset
}


def test_every_kind_has_its_row() -> None:
    assert OPS.keys() == FIRST.keys() == LAYERS.keys()


@pytest.mark.parametrize("one", FIRST.values(), ids=FIRST)
def test_the_operations_of_a_kind(one: Case) -> None:
    counted: Mapping[str, int] = one.make().ops(*one.inputs)
    assert {operation: number for operation, number in counted.items() if number} == OPS[one.kind]


@pytest.mark.parametrize("one", FIRST.values(), ids=FIRST)
def test_the_connections_of_a_kind(one: Case) -> None:
    assert one.make().connection_count(*one.inputs) == CONNECTIONS.get(one.kind, 0)


@pytest.mark.parametrize("one", CASES, ids=[one.sentence for one in CASES])
def test_the_multiply_accumulates_are_those_of_macs(one: Case) -> None:
    ops = one.make().ops(*one.inputs)
    assert ops.get("mac", 0) == one.macs
    assert all(type(number) is int and number >= 0 for number in ops.values())


def test_a_multiply_accumulate_is_two_operations() -> None:
    assert operation_total({"mac": 10, "add": 3, "sqrt": 1}) == 24


def test_several_operands_are_added_one_by_one() -> None:
    report = cnncalc.analyze(
        text="{input: 2x3x3, layers: [{name: a, conv: 2, kernel: 1}, {name: b, conv: 2, kernel: 1}, "
        "{name: c, add: [a, b, input]}]}"
    )
    assert report["c"].ops == {"add": 36}


def test_lenets_connections_are_those_of_the_paper() -> None:
    """LeCun et al. 1998, section II-B; 340,908 with the 840 of the output layer, which the spec leaves out."""
    report = cnncalc.analyze("lenet5")
    connections = {row.path: row.connections for row in report.rows() if row.connections}
    assert connections == {"C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164}
    assert report.totals.connections == 340_068 == 340_908 - 840


def test_a_batch_multiplies_operations_and_connections() -> None:
    one, four = cnncalc.analyze("lenet5"), cnncalc.analyze("lenet5", batch=4)
    assert four.totals.connections == 4 * 340_068
    assert four.totals.ops == {operation: 4 * number for operation, number in one.totals.ops.items()}


def test_intensity_is_flops_for_each_byte_moved() -> None:
    fc = "{input: 100, layers: [{name: fc, fc: 10}]}"
    # 2*1,000 FLOPs; 100 in, 10 out, 1,010 weights of 4 bytes each; a batch reads the weights once
    assert cnncalc.analyze(text=fc)["fc"].intensity * (4 * 1_120) == 2_000
    assert cnncalc.analyze(text=fc, dtype="int8")["fc"].intensity * 1_120 == 2_000
    assert cnncalc.analyze(text=fc, batch=8)["fc"].intensity * (4 * (8 * 110 + 1_010)) == 16_000
    assert cnncalc.analyze(text=fc).totals.intensity == cnncalc.analyze(text=fc)["fc"].intensity
