"""Weights that are given, and weights that are kept."""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor.weights import GivenWeights, KeptWeights, RandomWeights

KERNELS = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)


def test_given_weights_are_handed_out_as_they_are() -> None:
    source = GivenWeights({("a", "weight"): KERNELS, ("a", "bias"): KERNELS[0, 0, 0]})
    assert source.tensor("a", "weight", (2, 3, 2, 2), 0.0, 1.0).tolist() == KERNELS.tolist()
    assert source.tensor("a", "bias", (2,), 5.0, 1.0).tolist() == [0, 1]


def test_given_kernels_lie_in_memory_as_they_are_multiplied() -> None:
    kernels = GivenWeights({("a", "weight"): KERNELS}).tensor("a", "weight", (2, 3, 2, 2), 0.0, 1.0)
    assert np.moveaxis(kernels, 1, -1).flags.c_contiguous


def test_all_rows_of_given_weights_come_at_once() -> None:
    (rows,) = GivenWeights({("fc", "weight"): KERNELS[0, 0]}).rows("fc", "weight", (2, 2), 0.0, 1.0)
    assert rows.tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("bias", (2,), r"a takes a tensor bias of the shape \(2,\), but there is none"),
        (
            "weight",
            (2, 3, 4),
            r"a takes a tensor weight of the shape \(2, 3, 4\), but that at hand has the shape \(2, 3",
        ),
    ],
    ids=["missing", "of another shape"],
)
def test_weights_that_a_layer_does_not_find_are_an_error(name: str, shape: tuple[int, ...], message: str) -> None:
    with pytest.raises(ExecutionError, match=message):
        GivenWeights({("a", "weight"): KERNELS}).tensor("a", name, shape, 0.0, 1.0)


def test_kept_weights_are_drawn_once() -> None:
    kept = KeptWeights(RandomWeights(0))
    first = kept.tensor("a", "weight", (2, 3, 3), 0.0, 1.0)
    assert kept.tensor("a", "weight", (2, 3, 3), 0.0, 1.0) is first
    assert (first == RandomWeights(0).tensor("a", "weight", (2, 3, 3), 0.0, 1.0)).all()
    assert list(kept.tensors) == [("a", "weight")]


def test_kept_rows_are_the_same_weights() -> None:
    # 3,000 x 1,000 values are drawn in three parts
    kept = KeptWeights(RandomWeights(0))
    (rows,) = kept.rows("fc", "weight", (3000, 1000), 0.0, 1.0)
    assert (rows == np.concatenate(list(RandomWeights(0).rows("fc", "weight", (3000, 1000), 0.0, 1.0)))).all()
    assert kept.tensors["fc", "weight"] is rows
