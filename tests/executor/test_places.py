"""Layers that move values: which value goes where."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

import cnncalc
from cnncalc.executor.base import Array
from cnncalc.executor.execute import execute
from cnncalc.executor.pooling import unpool
from cnncalc.executor.rearrangement import depth_to_space, space_to_depth
from cnncalc.executor.weights import RandomWeights
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make


def executed(layers: str, x: ArrayLike) -> Array:
    """What comes out, channels first."""
    array: Array = np.array(x, np.float32)
    sizes = "x".join(map(str, array.shape))
    network = cnncalc.analyze(text=f"{{input: {sizes}, layers: [{layers}]}}").network
    *_, last = (np.array(seen.output) for seen in execute(network, {"input": array}, RandomWeights()))
    return last


# The example of the operator's page of ONNX; TensorFlow gives the same.
SPACE = [[[0, 6, 1, 7, 2, 8], [12, 18, 13, 19, 14, 20], [3, 9, 4, 10, 5, 11], [15, 21, 16, 22, 17, 23]]]
DEPTH = [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]], [[12, 13, 14], [15, 16, 17]], [[18, 19, 20], [21, 22, 23]]]


def test_each_value_of_a_block_has_its_channel() -> None:
    assert executed("{space_to_depth: 2}", SPACE).tolist() == DEPTH


def test_the_channels_of_a_place_fill_its_block() -> None:
    assert executed("{depth_to_space: 2}", DEPTH).tolist() == SPACE


# Hundreds: the channel; tens and ones: row and column.
TWO_MAPS = [[[0, 1, 2, 3], [10, 11, 12, 13]], [[100, 101, 102, 103], [110, 111, 112, 113]]]


def test_all_channels_of_a_blocks_first_value_come_first() -> None:
    expected = [[0, 2], [100, 102], [1, 3], [101, 103], [10, 12], [110, 112], [11, 13], [111, 113]]
    assert executed("{space_to_depth: 2}", TWO_MAPS).tolist() == [[row] for row in expected]


def test_depth_to_space_undoes_space_to_depth() -> None:
    assert executed("{space_to_depth: 2}, {depth_to_space: 2}", TWO_MAPS).tolist() == TWO_MAPS
    assert executed("{space_to_depth: 1x4}, {depth_to_space: 1x4}", TWO_MAPS).tolist() == TWO_MAPS


def test_a_signal_and_a_volume_have_blocks_too() -> None:
    assert executed("{space_to_depth: 3}", [[0, 1, 2, 3, 4, 5]]).tolist() == [[0, 3], [1, 4], [2, 5]]
    assert executed("{space_to_depth: 3}, {depth_to_space: 3}", [[0, 1, 2, 3, 4, 5]]).tolist() == [[0, 1, 2, 3, 4, 5]]
    cube = np.arange(16).reshape(2, 2, 2, 2)  # two channels
    folded = executed("{space_to_depth: 2}", cube)
    assert folded.shape == (16, 1, 1, 1)
    assert folded.ravel().tolist() == [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]
    assert executed("{depth_to_space: 2}", folded).tolist() == cube.tolist()


def test_channels_of_zeros_stand_before_and_behind() -> None:
    assert executed("{pad_channels: [1, 2]}", [[1, 2], [3, 4]]).tolist() == [[0, 0], [1, 2], [3, 4], [0, 0], [0, 0]]
    assert executed("{pad_channels: [0, 2]}", [5, 6]).tolist() == [5, 6, 0, 0]


def test_a_shortcut_of_option_a_is_every_second_value_with_zeros_behind() -> None:
    # concat puts the shortcut in front of the body, so that it can be seen
    both = executed(
        "{residual: [{conv: 3, kernel: 1, stride: 2}], shortcut: pad, merge: concat}, {slice: 0..3}",
        [[[0, 1, 2], [10, 11, 12], [20, 21, 22]]],
    )
    assert both.tolist() == [[[0, 2], [20, 22]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]


def test_what_does_not_fit_is_not_executed() -> None:
    blocks, channels = (make(LAYERS[kind], 2, block_size=2) for kind in ("space_to_depth", "depth_to_space"))
    with pytest.raises(ValueError, match="must match exactly"):
        space_to_depth(blocks, None, np.zeros((3, 4, 1), np.float32))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="equal division"):
        depth_to_space(channels, None, np.zeros((3, 4, 6), np.float32))  # type: ignore[arg-type]


# Max unpooling


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
        pytest.param("maxpool: 2", [[0, 5, 0, 0, 0], [0, 0, 0, 8, 0], [6, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
                     id="of equal maxima the first; what no window reads is 0"),
        pytest.param("maxpool: 2, rounding: ceil", [[0, 5, 0, 0, 9], [0, 0, 0, 8, 0], [6, 0, 0, 0, 0], [0, 0, 0, 0, 3]],
                     id="the last window may be filled partly"),
        pytest.param("maxpool: 2, stride: 3", [[0, 5, 0, 0, 9], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
                     id="between windows is 0"),
        pytest.param("maxpool: 2, padding: 1", [[1, 5, 0, 0, 9], [0, 0, 7, 8, 0], [6, 0, 0, 0, 0], [0, 6, 0, 0, 3]],
                     id="padding is never the largest"),
    ],
)  # fmt: skip
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
    with pytest.raises(ValueError, match=r"\(3, 4\) values are given for windows of \(1, 4\)"):
        unpool(layer, None, np.zeros((1, 4), np.float32), np.zeros((6, 4), np.float32))  # type: ignore[arg-type]
