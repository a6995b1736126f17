"""What is said about an output: its largest values, its range, its values where they are few."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.summary import Summary, summarize
from cnncalc.shapes import Shape


def test_the_largest_values_of_a_vector_come_first_and_equal_ones_in_their_order() -> None:
    (result,) = summarize(np.array([[1, 5, -2, 5, 1]], np.float32), 3, "CHW")
    assert result == Summary(Shape(5), -2.0, 5.0, 2.0, ((1, 5.0), (3, 5.0), (0, 1.0)), [1, 5, -2, 5, 1])


def test_a_vector_shorter_than_what_is_asked_for_is_shown_whole() -> None:
    (result,) = summarize(np.array([[1, 2]], np.float32), 5, "HWC")
    assert result.top == ((1, 2.0), (0, 1.0))


def test_a_map_has_no_largest_values_but_a_range() -> None:
    (result,) = summarize(np.array([[[1, 2, 6]], [[0, 1, 2]]], np.float32)[None], 5, "CHW")
    assert result == Summary(Shape(2, (1, 3)), 0.0, 6.0, 2.0, (), [[[1, 2, 6]], [[0, 1, 2]]])


def test_values_are_listed_in_the_layout_of_the_spec() -> None:
    (result,) = summarize(np.array([[[1, 2, 3]], [[4, 5, 6]]], np.float32)[None], 5, "HWC")
    assert result.shape == Shape(2, (1, 3))
    assert result.values == [[[1, 4], [2, 5], [3, 6]]]


def test_each_input_has_a_result() -> None:
    assert [result.largest for result in summarize(np.array([[1], [2], [3]], np.float32), 1, "CHW")] == [1, 2, 3]


def test_more_than_200_values_are_not_listed() -> None:
    few, many = (summarize(np.zeros((1, 1, length), np.float32), 5, "CHW")[0] for length in (200, 201))
    assert few.values == [[0.0] * 200]
    assert many.values is None


def test_numbers_have_the_digits_that_float32_has() -> None:
    # as float64, the float32 nearest to 1.8 is 1.7999999523162842
    (result,) = summarize(np.array([[1.8, 0.1]], np.float32), 1, "CHW")
    assert (repr(result.largest), repr(result.mean), repr(result.values)) == ("1.8", "0.95", "[1.8, 0.1]")
