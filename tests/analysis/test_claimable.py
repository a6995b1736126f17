"""Figures as claims say them, and whether a claim holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis.claimable import Amount, amount_text, holds, network_amount, row_amount
from cnncalc.spec.claims import FIGURES
from cnncalc.spec.model import Claim
from cnncalc.spec.nodes import Scalar

NET = """\
input: 3x8x8
layers:
- {name: conv, conv: 4, kernel: 3}
- {name: up, deconv: 4, kernel: 4, stride: 2, padding: 1}
- {name: flat, flatten: }
"""
# conv: 4*27 + 4 = 112; up: 4*4*16 + 4 = 260 params, 36 positions of 4 channels meet 4*16 weights: 9,216 MACs

EXPECTED: dict[str, tuple[Amount | None, Amount | None, Amount | None]] = {
    # the network, conv, up
    "out": ((576,), (4, 6, 6), (4, 12, 12)),
    "elements": (144 + 576 + 576, 144, 576),
    "params": (372, 112, 260),
    "buffers": (0, 0, 0),
    "macs": (13104, 3888, 9216),
    "flops": (26208, 7776, 18432),
    "ops": (2 * 13104 + 144 + 576, 7920, 19008),
    "connections": (13104 + 144 + 576, 4032, 9792),
    "weights_memory": (1488, 448, 1040),
    "output_memory": (5184, 576, 2304),
    "peak_memory": (4 * (576 + 576), None, None),  # input and output of flatten
    "training_memory": (1488 + 1488 + 5184, None, None),  # weights, gradients, outputs
    "intensity": (
        Fraction(26208, 4 * (192 + 112 + 144 + 144 + 260 + 576 + 576 + 576)),
        Fraction(7776, 4 * (192 + 112 + 144)),
        Fraction(18432, 4 * (144 + 260 + 576)),
    ),
    "receptive_field": ((8, 8), (3, 3), (4, 4)),
    "jump": (None, (1, 1), None),  # that of an upsampling is half a pixel
    "start": (None, (0, 0), (-1, -1)),
}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_of_the_network_and_of_rows(figure: str) -> None:
    report = cnncalc.analyze(text=NET)
    found = (
        network_amount(report, figure),
        row_amount(report, report["conv"], figure),
        row_amount(report, report["up"], figure),
    )
    for amount, expected in zip(found, EXPECTED[figure], strict=True):
        assert expected is None or amount == expected, found


@pytest.mark.parametrize(
    ("amount", "text"),
    [(60965224, "60965224"), ((96, 55, 55), "96x55x55"), ((-3, -3), "-3x-3"), (Fraction(31, 3), "10.3333"), (0, "0")],
)
def test_an_amount_as_text(amount: Amount, text: str) -> None:
    assert amount_text(amount) == text


@pytest.mark.parametrize(
    ("figure", "bound", "value", "tolerance", "amount", "expected"),
    [
        ("params", "exact", 112, 0, 112, True),
        ("params", "exact", 112, 0, 113, False),
        ("macs", "exact", 724_000_000, 500_000, 724_406_816, True),
        ("macs", "exact", 724_000_000, 500_000, 724_500_001, False),
        ("macs", "max", 5, 0, 5, True),
        ("macs", "max", 5, 0, 6, False),
        ("macs", "min", 5, 0, 5, True),
        ("macs", "min", 5, 0, 4, False),
        ("intensity", "exact", Fraction("1.18"), Fraction("0.005"), Fraction(8352, 7056), True),
        ("out", "exact", (96, 55, 55), 0, (96, 55, 55), True),
        ("out", "exact", (96, 55), 0, (96, 55, 55), False),
        ("out", "exact", (55,), 0, (55, 55), False),
        ("receptive_field", "exact", (11,), 0, (11, 11), True),
        ("receptive_field", "exact", (11,), 0, (11, 12), False),
    ],
)
def test_a_claim_holds_to_its_digits(
    figure: str, bound: str, value: Amount, tolerance: Fraction | int, amount: Amount, expected: bool
) -> None:
    claim = Claim(Scalar("", 0, 0), figure, "", bound, value, Fraction(tolerance))
    assert holds(claim, amount) is expected


def test_several_outputs_have_no_shape_of_the_network() -> None:
    report = cnncalc.analyze(text="input: 3x8x8\nlayers:\n- {name: a, relu: }\n- {name: b, tanh: }\noutputs: [a, b]\n")
    assert network_amount(report, "out") is None
    assert network_amount(report, "elements") == 384


def test_several_inputs_have_no_receptive_field() -> None:
    report = cnncalc.analyze(text="inputs: {a: 3x8x8, b: 3x8x8}\nlayers:\n- {add: [a, b]}\n")
    assert network_amount(report, "receptive_field") is None
