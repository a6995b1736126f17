"""Weights that are drawn, given, and kept."""

import numpy as np
import pytest

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import TensorRequest
from cnncalc.executor.weights import GivenWeights, KeptWeights, RandomWeights

KERNELS = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)


def test_equal_seeds_give_equal_weights_and_others_do_not() -> None:
    first, second, other = RandomWeights(3), RandomWeights(3), RandomWeights(4)
    weight = TensorRequest("conv1", "weight", (8, 3, 5, 5))
    assert np.array_equal(first.tensor(weight), second.tensor(weight))
    assert not np.array_equal(first.tensor(weight), other.tensor(weight))
    assert not np.array_equal(first.tensor(weight), first.tensor(weight._replace(path="conv2")))


def test_rows_are_those_of_the_whole_tensor() -> None:
    weight = TensorRequest("fc", "weight", (3000, 1000), spread=0.1)
    blocks = [part().copy() for part in RandomWeights().parts(weight)]
    assert len(blocks) == 12  # 262 rows of 1,000 are just below 2^18 values
    assert np.array_equal(np.concatenate(blocks), RandomWeights().tensor(weight))


def test_weights_stay_in_their_range() -> None:
    drawn = RandomWeights().tensor(TensorRequest("bn", "running_var", (10_000,), center=1.0, spread=0.5))
    assert 0.5 <= drawn.min() < 0.51
    assert 1.49 < drawn.max() <= 1.5


def test_given_weights_are_handed_out_as_they_are() -> None:
    source = GivenWeights({("a", "weight"): KERNELS, ("a", "bias"): KERNELS[0, 0, 0]})
    assert source.tensor(TensorRequest("a", "weight", (2, 3, 2, 2))).tolist() == KERNELS.tolist()
    assert source.tensor(TensorRequest("a", "bias", (2,), center=5.0)).tolist() == [0, 1]


def test_given_kernels_lie_in_memory_as_they_are_multiplied() -> None:
    kernels = GivenWeights({("a", "weight"): KERNELS}).tensor(TensorRequest("a", "weight", (2, 3, 2, 2)))
    assert kernels.transpose(2, 3, 1, 0).flags.c_contiguous


def test_few_rows_of_given_weights_come_at_once() -> None:
    (part,) = GivenWeights({("fc", "weight"): KERNELS[0, 0]}).parts(TensorRequest("fc", "weight", (2, 2)))
    assert part().tolist() == [[0, 1], [2, 3]]


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
        GivenWeights({("a", "weight"): KERNELS}).tensor(TensorRequest("a", name, shape))


def test_kept_weights_are_drawn_once() -> None:
    kept = KeptWeights(RandomWeights(0))
    first = kept.tensor(TensorRequest("a", "weight", (2, 3, 3)))
    assert kept.tensor(TensorRequest("a", "weight", (2, 3, 3))) is first
    assert (first == RandomWeights(0).tensor(TensorRequest("a", "weight", (2, 3, 3)))).all()
    assert list(kept.tensors) == [("a", "weight")]


def test_kept_rows_are_the_same_weights() -> None:
    weight = TensorRequest("fc", "weight", (3000, 1000))
    kept = KeptWeights(RandomWeights(0))
    rows = np.concatenate([part() for part in kept.parts(weight)])
    assert (rows == RandomWeights(0).tensor(weight)).all()
    assert (kept.tensors["fc", "weight"] == rows).all()
