"""How many operations and connections each kind counts."""

from collections.abc import Mapping

from every import for_every
from layers.cases import CASES, Case

import cnncalc
from cnncalc.figures import operation_total

FIRST = {case.kind: case for case in reversed(CASES)}.values()


@for_every(FIRST, lambda case: case.kind)
def test_the_operations_and_connections_of_a_kind(case: Case) -> None:
    layer = case.make()
    counted: Mapping[str, int] = layer.ops(*case.inputs)
    assert {operation: number for operation, number in counted.items() if number} == case.ops
    assert layer.connection_count(*case.inputs) == case.links


@for_every(CASES, lambda case: case.sentence)
def test_the_multiply_accumulates_are_those_of_macs(case: Case) -> None:
    ops = case.make().ops(*case.inputs)
    assert ops.get("mac", 0) == case.macs
    assert all(type(number) is int and number >= 0 for number in ops.values())


def test_a_multiply_accumulate_is_two_operations() -> None:
    assert operation_total({"mac": 10, "add": 3, "sqrt": 1}) == 24


def test_several_operands_are_added_one_by_one() -> None:
    report = cnncalc.analyze(
        text="{input: 2x3x3, layers: [{name: a, conv: 2, kernel: 1}, {name: b, conv: 2, kernel: 1}, "
        "{name: c, add: [a, b, input]}]}"
    )
    assert report["c"].ops == {"add": 36}


def test_an_operation_that_is_not_known_adds_no_connections() -> None:
    layers = "[{conv: 2, kernel: 1}, {opaque: fft, out: 2x3x3, macs: 7}]"
    report = cnncalc.analyze(text=f"{{input: 2x3x3, layers: {layers}}}")
    assert report.totals.connections == 54  # 2*2*9 links and 2*9 of biases


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
