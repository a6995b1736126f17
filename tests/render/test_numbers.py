"""Counts as people read them."""

import pytest

from cnncalc.render.numbers import number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (60_965_224, "60,965,224"), (10**18, "1" + ",000" * 6)],
)
def test_exact_numbers_have_every_digit(value: int, text: str) -> None:
    assert number_text(value) == text
    assert number_text(value, "exact") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (999, "999"),
        (1000, "1.000K"),
        (1001, "1.001K"),
        (9999, "9.999K"),
        (10_000, "10.00K"),
        (60_000, "60.00K"),
        (99_994, "99.99K"),
        (99_996, "100.0K"),
        (999_949, "999.9K"),
        (999_951, "1.000M"),
        (999_999, "1.000M"),
        (1_000_000, "1.000M"),
        (1_234_499, "1.234M"),
        (1_234_501, "1.235M"),
        (60_965_224, "60.97M"),
        (724_406_816, "724.4M"),
        (999_949_999, "999.9M"),
        (999_950_001, "1.000G"),
        (1_448_813_632, "1.449G"),
        (15_470_264_320, "15.47G"),
        (999_999_999_999, "1.000T"),
        (10**15, "1.000P"),
        (10**18, "1.000E"),
        (1_234_500_000_000_000_001, "1.235E"),  # no float has this one's last digit
        (10**21, "1.000e+21"),
        pytest.param(10**400, "1.000e+400", id="more than a float holds"),
    ],
)
def test_human_numbers_have_four_digits_and_the_last_one_is_rounded(value: int, text: str) -> None:
    assert number_text(value, "human") == text


def test_every_human_number_is_within_half_a_unit_of_its_last_digit() -> None:
    scale = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}
    for power in range(3, 17):
        for value in (10**power + 1, 10**power * 7 // 3, 10 ** (power + 1) - 1, 10**power * 9995 // 1000 + 1):
            text = number_text(value, "human")
            whole, _, fraction = text[:-1].partition(".")
            assert len(whole + fraction) == 4
            unit = scale[text[-1]] // 10 ** len(fraction)
            assert abs(int(whole + fraction) * unit - value) * 2 <= unit
