"""Numbers and shapes as students write them."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.homework.cells import is_blank, read_shape, read_sizes
from cnncalc.homework.counts import NotAnAnswer, read_count
from cnncalc.shapes import Shape


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("34944", 34_944),
        (" 34944 ", 34_944),
        ("34,944", 34_944),
        ("34.944", 34_944),
        ("34 944", 34_944),
        ("34\u202f944", 34_944),
        ("34'944", 34_944),
        ("34_944", 34_944),
        ("1,234,567", 1_234_567),
        ("1.234.567,0", 1_234_567),
        ("34944.0", 34_944),
        ("34,944 params", 34_944),
        ("11*11*3*96 + 96", 34_944),
        ("11·11·3·96+96", 34_944),
        ("11²·3·96 + 96", 34_944),
        ("11x11x3x96", 34_848),
        ("(11*11*3+1)*96 = 34944", 34_944),
        ("=11*11*3*96+96", 34_944),
        ("3*104", 312),
        ("-", 0),
        ("–", 0),
        ("none", 0),
        ("0", 0),
        ("34944 (with bias)", 34_944),
        ("34848+96(bias)", 34_944),
        ("34848 (weights) + 96 (biases) = 34944", 34_944),
        ("896 (=27*32+32)", 896),
        ("896 = 27*32+32", 896),
        ("27*32+32 = 896", 896),
        ("27*32+32 (=896)", 896),
        ("896 [27·32+32]", 896),
        ("896 = 27*32", 896),  # a working that does not fit is not the answer
        ("1,792 (= 55*32 + 32) params", 1792),
        ("1.792 params = 55x32+32", 1792),
        ("27*32 + 32 → 896", 896),
        ("27*32 = 864, 864 + 32 = 896", 896),
        ("3*3*3*32 + 32 = 864 + 32 = 896", 896),
        ("896 (864 weights + 32 biases)", 896),
        ("896 (32 filters)", 896),
        ("35K (=34,944)", 34_944),
        ("34,944 ≈ 35K", 34_944),
    ],
)
def test_a_count_is_read_exactly(text: str, value: int) -> None:
    first = read_count(text)[0]
    assert (first.value, first.tolerance) == (value, 0)


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [
        ("34.9K", 34_900, 50),
        ("34,9k", 34_900, 50),
        ("34.9 K", 34_900, 50),
        ("105.4M", 105_400_000, 50_000),
        ("105.4 million", 105_400_000, 50_000),
        ("0.7G", 700_000_000, 50_000_000),
        ("60B", 60_000_000_000, 500_000_000),
        ("3.5e4", 35_000, 500),
        ("3.5E+04", 35_000, 500),
        ("3.5×10⁴", 35_000, 500),
        ("3.5*10^4", 35_000, 500),
        ("~35K", 35_000, 500),
        ("35 (thousand)", 35_000, 500),
    ],
)
def test_a_suffix_or_a_power_makes_a_count_true_to_its_digits(text: str, value: int, tolerance: int) -> None:
    first = read_count(text)[0]
    assert (first.value, first.tolerance) == (value, tolerance)


def test_all_digits_behind_a_power_are_exact() -> None:
    assert read_count("3.4944e4")[0].tolerance == 0


def test_a_comma_that_may_be_either_is_read_both_ways() -> None:
    assert [reading.value for reading in read_count("1,234K")] == [1_234_000, 1_234]


@pytest.mark.parametrize(
    ("text", "value"), [("1.1MB", 1_100_000), ("4 KiB", 4_096), ("1161600", 1_161_600), ("1161600 bytes", 1_161_600)]
)
def test_bytes_have_units_of_their_own(text: str, value: int) -> None:
    assert read_count(text, bytes_=True)[0].value == value


@pytest.mark.parametrize(
    "text", ["abc", "34.94", "12,34,567", "=B2*3", "5 apples", "864 (+32)", "1e999", "-96", "3/2", "11*", "x"]
)
def test_what_is_no_count_is_refused_with_an_example(text: str) -> None:
    message = f"'{text}' is not a whole number of 0 or more; write it as 34944, 34,944 or 34.9K"
    with pytest.raises(NotAnAnswer, match=f"^{re.escape(message)}$"):
        read_count(text)


def test_a_very_long_answer_is_refused() -> None:
    with pytest.raises(NotAnAnswer, match="^100,000 characters are not an answer; at most 200 are read$"):
        read_count("1" * 100_000)
    with pytest.raises(NotAnAnswer, match="at most 200"):
        read_shape("1x" * 50_000, 2, "CHW")
    with pytest.raises(NotAnAnswer, match="at most 200"):
        read_sizes("1x" * 50_000, 2)


CONV1 = Shape(96, (55, 55))


@pytest.mark.parametrize(
    "text",
    ["96x55x55", "96×55×55", "96 X 55 X 55", "96*55*55", "96, 55, 55", "(96,55,55)", "[96, 55, 55]", "96 55 55",
     "96;55;55", "C=96, H=55, W=55", "H: 55 W: 55 C: 96", "96@55x55", "(None, 96, 55, 55)", "[-1, 96, 55, 55]",
     "torch.Size([1, 96, 55, 55])", "96.0x55.0x55.0", "96×55²", "96 x 55^2", "96, 55x55", "96x55x55 (CHW)",
     "C×H×W = 96×55×55", "55x55x96 (H×W×C)", "(H, W, C) = (55, 55, 96)", "HWC=55x55x96", "96x55x55 (floor)"],
)  # fmt: skip
def test_a_shape_is_read_in_every_notation(text: str) -> None:
    assert read_shape(text, 2, "CHW")[0].value == CONV1


@pytest.mark.parametrize("text", ["32x32x8 (H×W×C)", "32x32x8 (h w c)", "H×W×C = 32×32×8"])
def test_an_order_that_is_stated_is_the_only_one(text: str) -> None:
    (reading,) = read_shape(text, 2, "CHW")
    assert (reading.value, reading.other_order) == (Shape(8, (32, 32)), True)
    (reading,) = read_shape(text, 2, "HWC")
    assert (reading.value, reading.other_order) == (Shape(8, (32, 32)), False)


@pytest.mark.parametrize(
    "text",
    ["8x32x32 (=(34-3)/1+1)", "8x32x32 = (34-3)/1+1", "(34-3)/1 + 1 = 32 → 8x32x32", "8x32x32 [(34−3)/1 + 1 = 32]",
     "(34-3)/1+1 = 32, 8x32x32", "8@32x32 (=(34-3)/1+1)"],
)  # fmt: skip
def test_a_shape_may_have_its_working_beside_it(text: str) -> None:
    assert read_shape(text, 2, "CHW")[0].value == Shape(8, (32, 32))


@pytest.mark.parametrize("text", ["32x32, 8", "32x32; 8", "32×32 (size), 8", "32²x8"])
def test_sizes_and_channels_may_have_other_signs_between_them(text: str) -> None:
    assert Shape(8, (32, 32)) in [reading.value for reading in read_shape(text, 2, "HWC")]


def test_a_shape_in_the_other_order_is_the_second_reading() -> None:
    first, second = read_shape("55x55x96", 2, "CHW")
    assert (first.value, first.other_order) == (Shape(55, (55, 96)), False)
    assert (second.value, second.other_order) == (CONV1, True)
    assert read_shape("(None, 55, 55, 96)", 2, "HWC")[0].value == CONV1


@pytest.mark.parametrize(
    "text", ["9216", "9,216", "9 216", "9216 values", "(9216,)", "1x1x9216", "6*6*256 = 9216", "9,216 (=6x6x256)"]
)
def test_a_vector_is_one_number(text: str) -> None:
    assert read_shape(text, 0, "CHW")[0].value == Shape(9216)


def test_a_vector_of_nothing_is_none() -> None:
    for text in ("0", "-", "none"):
        with pytest.raises(NotAnAnswer, match=f"^'{text}' is not a shape; write it as 9216$"):
            read_shape(text, 0, "CHW")


def test_a_map_where_a_vector_is_expected_stays_a_map() -> None:
    assert read_shape("256x6x6", 0, "CHW")[0].value == Shape(256, (6, 6))


def test_sizes_of_1_may_be_left_out() -> None:
    assert read_shape("2048", 2, "CHW")[0].value == Shape(2048, (1, 1))


def test_a_shape_without_channels_is_known_to_be_one() -> None:
    (reading,) = read_shape("55x55", 2, "CHW")
    assert (reading.value, reading.partial) == (Shape(0, (55, 55)), True)


def test_sequences_and_volumes_are_read_too() -> None:
    assert read_shape("128x8000", 1, "CHW")[0].value == Shape(128, (8000,))
    assert read_shape("64x16x112x112", 3, "CHW")[0].value == Shape(64, (16, 112, 112))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a x b", "'a x b' is not a shape; write it as CxHxW"),
        ("96x55x55x2x2", "'96x55x55x2x2' has 5 sizes; 3 are expected, as CxHxW"),
        ("hello", "'hello' is not a shape; write it as CxHxW"),
        ("96x0x55", "'96x0x55' is not a shape; write it as CxHxW"),
        ("0@5x5", "'0@5x5' is not a shape; write it as CxHxW"),
    ],
)
def test_what_is_no_shape_is_refused_with_an_example(text: str, message: str) -> None:
    with pytest.raises(NotAnAnswer, match=f"^{message}$"):
        read_shape(text, 2, "CHW")


@pytest.mark.parametrize(
    ("text", "value"), [("11", (11, 11)), ("11x11", (11, 11)), ("11 px", (11, 11)), ("3, 7", (3, 7))]
)
def test_a_size_is_one_number_or_one_for_each_axis(text: str, value: tuple[int, int]) -> None:
    assert read_sizes(text, 2)[0].value == value


def test_three_numbers_are_no_size_of_an_image() -> None:
    with pytest.raises(NotAnAnswer, match="^'1x2x3' is not a size; write it as 11 or 11x11$"):
        read_sizes("1x2x3", 2)


@pytest.mark.parametrize("text", ["", "  ", "?", "…", "n/a", "TODO"])
def test_some_words_are_no_answer(text: str) -> None:
    assert is_blank(text, "params")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotAnAnswer):
        assert read_count(text)
    with suppress(NotAnAnswer):
        assert read_shape(text, 2, "CHW")
    with suppress(NotAnAnswer):
        assert read_sizes(text, 2)


@given(st.integers(0, 10**15))
def test_every_way_to_write_a_number_is_read_back(number: int) -> None:
    for text in (str(number), f"{number:,}", f"{number:_}", f"{number:,}".replace(",", "."), f"{number}.0"):
        assert number in [reading.value for reading in read_count(text)]


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(1, 9999))
def test_every_way_to_write_a_shape_is_read_back(channels: int, height: int, width: int) -> None:
    shape = Shape(channels, (height, width))
    for pattern in ("{}x{}x{}", "({}, {}, {})", "{} × {} × {}", "[{},{},{}]"):
        assert read_shape(pattern.format(*shape.sizes()), 2, "CHW")[0].value == shape
        assert read_shape(pattern.format(*shape.sizes("HWC")), 2, "HWC")[0].value == shape
