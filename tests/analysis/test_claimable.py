"""Figures as claims say them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis.claimable import Amount, amount_of, amount_text
from cnncalc.figures import CLAIMABLE as FIGURES

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
        amount_of(report, "", figure),
        amount_of(report, "conv", figure),
        amount_of(report, "up", figure),
    )
    for amount, expected in zip(found, EXPECTED[figure], strict=True):
        assert expected is None or amount == expected, found


@pytest.mark.parametrize(
    ("amount", "text"),
    [(60965224, "60965224"), ((96, 55, 55), "96x55x55"), ((-3, -3), "-3x-3"), (Fraction(31, 3), "10.3333"), (0, "0")],
)
def test_an_amount_as_text(amount: Amount, text: str) -> None:
    assert amount_text(amount) == text


def test_several_outputs_have_no_shape_of_the_network() -> None:
    report = cnncalc.analyze(
        text="input: 3x8x8\nlayers:\n- {name: a, relu: }\n- {name: b, flatten: }\noutputs: [a, b]\n"
    )
    assert amount_of(report, "", "out") is None
    assert amount_of(report, "", "elements") == 384


def test_several_inputs_have_a_receptive_field_where_they_agree() -> None:
    inputs, conv = "inputs: {a: 3x8x8, b: 3x8x8}", "{conv: 3, kernel: KERNEL, padding: half, from: a}"
    text = f"{inputs}\nlayers:\n- {conv}\n- {{add: [prev, b]}}\n"
    assert amount_of(cnncalc.analyze(text=text.replace("KERNEL", "1")), "", "receptive_field") == (1, 1)
    assert amount_of(cnncalc.analyze(text=text.replace("KERNEL", "3")), "", "receptive_field") is None
