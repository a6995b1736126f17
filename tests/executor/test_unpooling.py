"""Max unpooling: where the values go, and what decides about it."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.executor.base import Array
from cnncalc.executor.execute import execute
from cnncalc.executor.unpooling import unpool
from cnncalc.executor.weights import RandomWeights
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make


def executed(layers: str, x: object) -> Array:
    """What comes out, channels first."""
    array: Array = np.array(x, np.float32)
    sizes = "x".join(map(str, array.shape))
    network = cnncalc.analyze(text=f"{{input: {sizes}, layers: [{layers}]}}").network
    *_, last = (np.array(seen.output) for seen in execute(network, {"input": array}, RandomWeights()))
    return last


MAP = [[
    [1, 5, 2, 0, 9],
    [3, 4, 7, 8, 1],
    [6, 6, 0, 0, 2],
    [0, 6, 0, 0, 3],
]]  # fmt: skip


# What PyTorch 2.13 gives (max_pool2d with return_indices, max_unpool2d), as in every test of this file without NaN.
@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        pytest.param(
            "maxpool: 2",
            [[0, 5, 0, 0, 0], [0, 0, 0, 8, 0], [6, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
            id="of equal maxima the first; what no window reads is 0",
        ),
        pytest.param(
            "maxpool: 2, rounding: ceil",
            [[0, 5, 0, 0, 9], [0, 0, 0, 8, 0], [6, 0, 0, 0, 0], [0, 0, 0, 0, 3]],
            id="the last window may be filled partly",
        ),
        pytest.param(
            "maxpool: 2, stride: 3",
            [[0, 5, 0, 0, 9], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
            id="between windows is 0",
        ),
        pytest.param(
            "maxpool: 2, padding: 1",
            [[1, 5, 0, 0, 9], [0, 0, 7, 8, 0], [6, 0, 0, 0, 0], [0, 6, 0, 0, 3]],
            id="padding is never the largest",
        ),
    ],
)
def test_a_value_goes_back_to_the_first_maximum_of_its_window(pool: str, expected: list[list[int]]) -> None:
    assert executed(f"{{name: p, {pool}}}, {{unpool: p}}", MAP).tolist() == [expected]


def test_it_is_the_value_that_goes_back_and_not_the_maximum() -> None:
    doubled = executed("{name: p, maxpool: 2}, {add: [p, p]}, {unpool: p}", MAP)
    assert doubled.tolist() == [[[0, 10, 0, 0, 0], [0, 0, 0, 16, 0], [12, 0, 0, 0, 0], [0, 0, 0, 0, 0]]]


def test_each_channel_has_its_own_places_in_any_rank() -> None:
    assert executed("{name: p, maxpool: 2}, {unpool: p}", [[1, 2, 4, 3], [8, 7, 5, 6]]).tolist() == [
        [0, 2, 4, 0],
        [8, 0, 0, 6],
    ]
    cube = np.arange(1, 9).reshape(1, 2, 2, 2)
    assert executed("{name: p, maxpool: 2}, {unpool: p}", cube).ravel().tolist() == [0, 0, 0, 0, 0, 0, 0, 8]


def test_pooling_again_finds_what_went_back() -> None:
    once = executed("{maxpool: 2}", MAP)
    assert executed("{name: p, maxpool: 2}, {unpool: p}, {maxpool: 2}", MAP).tolist() == once.tolist()


def seen_from(layers: str, size: int) -> list[set[int]]:
    """For each output the inputs whose NaN turns it NaN."""
    x = np.arange(size, dtype=np.float32)[None]
    seen: list[set[int]] = [set() for _ in executed(layers, x)[0]]
    for place in range(size):
        (y,) = executed(layers, np.where(np.arange(size) == place, np.nan, x))
        for output in np.flatnonzero(np.isnan(y)):
            seen[output].add(place)
    return seen


def test_every_output_depends_on_the_whole_window_around_it() -> None:
    assert seen_from("{name: p, maxpool: 2}, {unpool: p}", 5) == [{0, 1}, {0, 1}, {2, 3}, {2, 3}, set()]
    assert seen_from("{name: p, maxpool: 2, stride: 3}, {unpool: p}", 5) == [{0, 1}, {0, 1}, set(), {3, 4}, {3, 4}]


def test_values_that_are_not_as_many_as_the_windows_are_not_spread() -> None:
    layer = make(LAYERS["unpool"], 1, kernel=2)
    with pytest.raises(ValueError, match=r"\(3, 4\) windows meet \(1, 4\) values"):
        unpool(layer, None, np.zeros((1, 4), np.float32), np.zeros((6, 4), np.float32))  # type: ignore[arg-type]
