"""Figures as claims say them."""

from fractions import Fraction

import pytest

import cnncalc
from cnncalc.analysis.claim_wording import Amount, amount_of, amount_text


def test_what_no_claim_could_say_is_no_amount() -> None:
    report = cnncalc.analyze(text="{input: 3x8x8, layers: [{name: up, deconv: 4, kernel: 4, stride: 2, padding: 1}]}")
    # up: 4*3*16 + 4 = 196 params; from one value to the next it is half a pixel
    assert (amount_of(report, "up", "params"), amount_of(report, "up", "out")) == (196, (4, 16, 16))
    assert (amount_of(report, "up", "jump"), amount_of(report, "up", "peak_memory")) == (None, None)


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
