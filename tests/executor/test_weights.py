"""Weights that are drawn, given, and kept."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from networks import one_layer

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, TensorRequest
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import GivenWeights, KeptWeights, RandomWeights
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.shapes import Shape

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


class Drawn(RandomWeights):
    """Weights that are drawn, and from which range each is."""

    def __init__(self) -> None:
        super().__init__(0)
        self.ranges: dict[str, tuple[float, float]] = {}

    def tensor(self, wanted: TensorRequest) -> Array:
        self.ranges[wanted.name] = wanted.center, round(wanted.spread, 3)
        return super().tensor(wanted)

    def parts(self, wanted: TensorRequest) -> Sequence[Callable[[], Array]]:
        self.ranges[wanted.name] = wanted.center, round(wanted.spread, 3)
        return super().parts(wanted)


BIAS = {"bias": (0, 0.1)}
LEARNED = {"weight": (0.5, 0.4), **BIAS}
PROJECTED: dict[str, tuple[float, float]] = {
    f"{one}_{name}": (0, by) for one in ("q", "k", "v", "out") for name, by in (("weight", 0.5), ("bias", 0.1))
}

MADE_UP: list[tuple[str, tuple[int, ...], dict[str, Any], dict[str, tuple[float, float]]]] = [
    # Up to the root of 6 over the values that an output sums: 6*2*2, 3*2*2, 2*2*2 and 2*3; 6*4*4; of a deconv the
    # channels, 6 and 3, as its windows do not overlap much.
    ("conv", (6, 4, 4), {"filters": 3, "kernel": 2}, {"weight": (0, 0.5), **BIAS}),
    ("conv", (6, 4, 4), {"filters": 4, "kernel": 2, "groups": 2}, {"weight": (0, 0.707), **BIAS}),
    ("conv", (6, 4, 4), {"filters": 2, "kernel": 2, "connections": ((0, 1), (2, 3))}, {"weight": (0, 0.866), **BIAS}),
    ("depthwise", (6, 4, 4), {"kernel": (2, 3)}, {"weight": (0, 1), **BIAS}),
    ("local", (6, 4, 4), {"filters": 3, "kernel": 2}, {"weight": (0, 0.5), **BIAS}),
    ("deconv", (6, 4, 4), {"filters": 3, "kernel": 2}, {"weight": (0, 1), **BIAS}),
    ("deconv", (6, 4, 4), {"filters": 4, "kernel": 2, "groups": 2}, {"weight": (0, 1.414), **BIAS}),
    ("fc", (24,), {"features": 3}, {"weight": (0, 0.5), **BIAS}),
    # Up to one over the root of what a unit reads: 4 channels, or 9 units of the layer before and its own.
    ("lstm", (4, 5), {"units": 9, "layers": 2}, {
        "weight_ih_l0": (0, 0.5), "weight_ih_l1": (0, 0.333), "bias_l0": (0, 0.1), "bias_l1": (0, 0.1),
        "weight_hh_l0": (0, 0.333), "weight_hh_l1": (0, 0.333),
    }),
    # Up to the root of 3 over 12 channels, or over 512 hidden values.
    ("attention", (12, 5), {"heads": 2}, PROJECTED),
    ("attention", (12, 4, 4), {"heads": 2, "window": 2, "relative": "table"}, {**PROJECTED, "relative_table": (0, 1)}),
    ("attention", (12, 4, 4), {"heads": 2, "window": 2, "relative": "mlp", "cosine": True}, {
        **PROJECTED, "hidden_weight": (0, 1), "hidden_bias": (0, 0.1), "relative_weight": (0, 0.077),
        "logit_scale": (1, 1),
    }),
    ("tokens", (6, 4), {}, {"weight": (0, 1)}),
    ("positions", (6, 4), {}, {"weight": (0, 0.1)}),
    ("bn", (6, 4), {}, {**LEARNED, "running_mean": (0, 0.1), "running_var": (1, 0.5)}),
    ("layernorm", (6, 4), {}, LEARNED), ("groupnorm", (6, 4), {"groups": 2}, LEARNED), ("scale", (6, 4), {}, LEARNED),
    ("instancenorm", (6, 4), {"affine": True}, LEARNED), ("rmsnorm", (6, 4), {}, {"weight": (0.5, 0.4)}),
    ("prelu", (6, 4), {}, {"weight": (0.25, 0.25)}),
]  # fmt: skip
"""Layers on inputs, and the middle of the range of each weight that is made up, with how far it reaches."""


@pytest.mark.parametrize(
    ("kind", "sizes", "settings", "ranges"), MADE_UP, ids=[f"{one[0]} {one[2]}" for one in MADE_UP]
)
def test_what_is_made_up_keeps_the_size_of_values(
    kind: str, sizes: tuple[int, ...], settings: dict[str, Any], ranges: dict[str, tuple[float, float]]
) -> None:
    drawn, shape = Drawn(), Shape.of(sizes)
    list(
        execute(one_layer(make(LAYERS[kind], shape.rank, **settings), shape), {"a": np.zeros(sizes, np.float32)}, drawn)
    )
    assert drawn.ranges == ranges


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
            r"a takes a tensor weight of the shape \(2, 3, 4\), but the given one has the shape \(2, 3",
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
