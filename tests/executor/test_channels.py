"""Layers that move values between the map and the channels: which value goes where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

import cnncalc
from cnncalc.executor.base import Array
from cnncalc.executor.channels import depth_to_space, space_to_depth
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import RandomWeights
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make


def executed(layers: str, x: ArrayLike) -> Any:
    """What comes out, as nested lists with the channels first."""
    array: Array = np.array(x, np.float32)
    sizes = "x".join(map(str, array.shape))
    network = cnncalc.analyze(text=f"{{input: {sizes}, layers: [{layers}]}}").network
    *_, last = (np.array(seen.output) for seen in execute(network, {"input": array}, RandomWeights()))
    return last.tolist()


# The example of the operator's page of ONNX; TensorFlow gives the same.
SPACE = [[[0, 6, 1, 7, 2, 8], [12, 18, 13, 19, 14, 20], [3, 9, 4, 10, 5, 11], [15, 21, 16, 22, 17, 23]]]
DEPTH = [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]], [[12, 13, 14], [15, 16, 17]], [[18, 19, 20], [21, 22, 23]]]


def test_each_value_of_a_block_has_its_channel() -> None:
    assert executed("{space_to_depth: 2}", SPACE) == DEPTH


def test_the_channels_of_a_place_fill_its_block() -> None:
    assert executed("{depth_to_space: 2}", DEPTH) == SPACE


# Hundreds: the channel; tens and ones: row and column.
TWO_MAPS = [[[0, 1, 2, 3], [10, 11, 12, 13]], [[100, 101, 102, 103], [110, 111, 112, 113]]]


def test_all_channels_of_a_blocks_first_value_come_first() -> None:
    expected = [[0, 2], [100, 102], [1, 3], [101, 103], [10, 12], [110, 112], [11, 13], [111, 113]]
    assert executed("{space_to_depth: 2}", TWO_MAPS) == [[row] for row in expected]


def test_depth_to_space_undoes_space_to_depth() -> None:
    assert executed("{space_to_depth: 2}, {depth_to_space: 2}", TWO_MAPS) == TWO_MAPS
    assert executed("{space_to_depth: 1x4}, {depth_to_space: 1x4}", TWO_MAPS) == TWO_MAPS


def test_a_signal_and_a_volume_have_blocks_too() -> None:
    assert executed("{space_to_depth: 3}", [[0, 1, 2, 3, 4, 5]]) == [[0, 3], [1, 4], [2, 5]]
    assert executed("{space_to_depth: 3}, {depth_to_space: 3}", [[0, 1, 2, 3, 4, 5]]) == [[0, 1, 2, 3, 4, 5]]
    cube = np.arange(16).reshape(2, 2, 2, 2)  # two channels
    folded = executed("{space_to_depth: 2}", cube)
    assert np.shape(folded) == (16, 1, 1, 1)
    assert np.ravel(folded).tolist() == [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]
    assert executed("{depth_to_space: 2}", folded) == cube.tolist()


def test_channels_of_zeros_stand_before_and_behind() -> None:
    assert executed("{pad_channels: [1, 2]}", [[1, 2], [3, 4]]) == [[0, 0], [1, 2], [3, 4], [0, 0], [0, 0]]
    assert executed("{pad_channels: [0, 2]}", [5, 6]) == [5, 6, 0, 0]


def test_a_shortcut_of_option_a_is_every_second_value_with_zeros_behind() -> None:
    # concat puts the shortcut in front of the body, so that it can be seen
    both = executed(
        "{residual: [{conv: 3, kernel: 1, stride: 2}], shortcut: pad, merge: concat}, {slice: 0..3}",
        [[[0, 1, 2], [10, 11, 12], [20, 21, 22]]],
    )
    assert both == [[[0, 2], [20, 22]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]


def test_what_does_not_fit_is_not_executed() -> None:
    blocks, channels = (make(LAYERS[kind], 2, block_size=2) for kind in ("space_to_depth", "depth_to_space"))
    with pytest.raises(ValueError, match="must match exactly"):
        space_to_depth(blocks, None, np.zeros((3, 4, 1), np.float32))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="equal division"):
        depth_to_space(channels, None, np.zeros((3, 4, 6), np.float32))  # type: ignore[arg-type]
