"""What the executor computes, against values worked out by hand or printed by PyTorch 2.13 (marked torch).

Only few values of each kind: an outside judge compares all of them in tests/verification.
"""

from math import nan, prod
from typing import Any

import numpy as np
import pytest
from networks import one_layer

from cnncalc.errors import ExecutionError
from cnncalc.executor import convolution
from cnncalc.executor.base import TensorRequest, WeightSource, scaled_by_channel
from cnncalc.executor.execute import execute
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.shapes import Shape


class Given(WeightSource):
    """Weights by name."""

    def __init__(self, **tensors: Any) -> None:
        self.tensors = {name: np.array(values, np.float32) for name, values in tensors.items()}

    def tensor(self, wanted: TensorRequest) -> Any:
        assert self.tensors[wanted.name].shape == wanted.shape
        return self.tensors[wanted.name]

    def parts(self, wanted: TensorRequest) -> Any:
        return [lambda rows=rows: rows for rows in np.array_split(self.tensor(wanted), 2)]


def run(kind: str, *inputs: Any, weights: Given | None = None, **settings: Any) -> Any:
    """The output of one layer on channels-first inputs, as nested lists."""
    arrays = {name: np.array(values, np.float32) for name, values in zip("abc", inputs, strict=False)}
    shapes = [Shape.of(array.shape) for array in arrays.values()]
    network = one_layer(make(LAYERS[kind], shapes[0].rank, **settings), *shapes)
    (observation,) = execute(network, arrays, weights or Given())
    return observation.output


def same(output: Any, expected: Any, tolerance: float = 1e-6) -> None:
    assert np.shape(output) == np.shape(expected)
    np.testing.assert_allclose(output, expected, rtol=tolerance, atol=tolerance)


IMAGE = [[[1, 2, 0, 1], [3, 1, 2, 2], [0, 1, 3, 1], [2, 2, 1, 0]]]
COUNTED = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]


def test_the_assignments_worked_example() -> None:
    kernel = [[[[0.1, 0.2], [0.3, 0.4]]]]
    # Row by row 0.1 a + 0.2 b + 0.3 c + 0.4 d of [a b; c d]; the assignment prints the first, 1.8.
    expected = [[[1.8, 1.3, 1.6], [0.9, 2.0, 1.9], [1.6, 1.7, 0.8]]]
    # 1*.1+2*.2+3*.3+1*.4, 2*.1+0*.2+1*.3+2*.4, 0*.1+1*.2+2*.3+2*.4
    # 3*.1+1*.2+0*.3+1*.4, 1*.1+2*.2+1*.3+3*.4, 2*.1+2*.2+3*.3+1*.4
    # 0*.1+1*.2+2*.3+2*.4, 1*.1+3*.2+2*.3+1*.4, 3*.1+1*.2+1*.3+0*.4
    same(run("conv", IMAGE, weights=Given(weight=kernel), filters=1, kernel=2, bias=False), expected)


def test_a_conv_sums_over_channels_and_adds_its_bias() -> None:
    image = [[[1, 2], [3, 4]], [[10, 20], [30, 40]]]
    weights = Given(weight=[[[[1]], [[2]]], [[[0]], [[1]]]], bias=[0.5, -1])
    same(run("conv", image, weights=weights, filters=2, kernel=1), [[[21.5, 42.5], [63.5, 84.5]], [[9, 19], [29, 39]]])


def test_groups_of_a_conv_see_their_own_channels() -> None:
    image = [[[1]], [[2]], [[3]], [[4]]]
    weights = Given(weight=[[[[1]], [[1]]], [[[1]], [[10]]]], bias=[100, 200])
    same(run("conv", image, weights=weights, filters=2, kernel=1, groups=2), [[[103]], [[243]]])  # 1+2+100, 3+40+200


def test_dilation_and_stride_choose_the_taps() -> None:
    line = [[0, 1, 2, 3, 4, 5, 6]]
    output = run("conv", line, weights=Given(weight=[[[1, 10]]]), filters=1, kernel=2, dilation=3, stride=2, bias=False)
    same(output, [[30, 52]])  # 0 + 10*3, 2 + 10*5


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        # windows of 2 on 1 2 3 with weights 1 and 10
        pytest.param("valid", [21, 32], id="valid"),
        pytest.param("same", [21, 32, 3], id="same has the odd zero behind"),
        pytest.param("same_lower", [10, 21, 32], id="same_lower before"),
        pytest.param("causal", [10, 21, 32], id="causal sees the past"),
        pytest.param(((0, 2),), [21, 32, 3, 0], id="in numbers"),
    ],
)
def test_padding_words_place_their_zeros(padding: Any, expected: list[float]) -> None:
    output = run(
        "conv", [[1, 2, 3]], weights=Given(weight=[[[1, 10]]]), filters=1, kernel=2, padding=padding, bias=False
    )
    same(output, [expected])


def test_a_filter_of_a_sparse_conv_sees_its_links() -> None:
    image = [[[1]], [[2]], [[4]]]
    weights = Given(weight=[[[1]], [[10]], [[100]]], bias=[0, 1])
    # filter 0: 1*1 + 10*4; filter 1: 100*2 + 1
    same(run("conv", image, weights=weights, filters=2, kernel=1, connections=((0, 2), (1,))), [[[41]], [[201]]])


def test_a_depthwise_conv_keeps_channels_apart_and_its_filters_together() -> None:
    image = [[[1, 2]], [[3, 4]]]
    weights = Given(weight=[[[[1]]], [[[10]]], [[[100]]], [[[1000]]]], bias=[0, 0, 0, 1])
    output = run("depthwise", image, weights=weights, kernel=1, multiplier=2)
    same(output, [[[1, 2]], [[10, 20]], [[300, 400]], [[3001, 4001]]])  # torch: filter c*multiplier + m of channel c


def test_each_place_has_kernels_of_its_own() -> None:
    weights = Given(weight=[[[1], [10]], [[100], [1000]]], bias=[[0.5], [0]])
    same(run("local", [[1, 2, 3]], weights=weights, filters=1, kernel=2), [[21.5, 3200]])


LARGE = np.ones((64, 150, 150))
"""More than one part of the work has."""


@pytest.mark.parametrize(("kind", "filters", "seen"), [("conv", {"filters": 64}, 64), ("depthwise", {}, 1)])
def test_parts_of_a_large_map_meet_without_a_gap(kind: str, filters: dict[str, int], seen: int) -> None:
    factors = np.arange(64)[:, None, None]
    weights = Given(weight=factors[..., None] * np.ones((64, seen, 3, 3)) / seen, bias=np.arange(64) / 2)
    # windows of ones have 4 places inside the map in its corners, 6 at its borders, else 9
    inside = np.pad(np.full((148, 148), 9), 1, constant_values=6)
    inside[[0, 0, -1, -1], [0, -1, 0, -1]] = 4
    same(run(kind, LARGE, weights=weights, kernel=3, padding=1, **filters), factors * (inside + 0.5))


def test_threads_share_the_filters_of_a_small_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "CORES", 2)
    monkeypatch.setattr(convolution, "SHARED", 1)
    weights = Given(weight=[[[1]], [[2]], [[3]], [[4]], [[5]]], bias=[0] * 5)
    same(run("conv", [[1, 10]], weights=weights, filters=5, kernel=1), [[n, 10 * n] for n in range(1, 6)])


def test_rows_of_a_large_map_meet_without_a_gap() -> None:
    factors = np.arange(64)
    output = run("bn", LARGE, weights=Given(weight=factors, bias=-factors, running_mean=[0] * 64, running_var=[1] * 64))
    same(output, 0 * LARGE, 1e-3)  # f/sqrt(1 + 1e-5) - f


def test_a_large_map_that_does_not_lie_row_by_row_is_scaled_in_its_place() -> None:
    turned = np.ones((512, 300), np.float32).T
    same(scaled_by_channel(turned, np.full(512, 2, np.float32), np.full(512, 1, np.float32), None), 3 * turned)


def test_a_deconv_spreads_and_adds() -> None:
    output = run("deconv", [[1, 2]], weights=Given(weight=[[[1, 10, 100]]]), filters=1, kernel=3, stride=2, bias=False)
    same(output, [[1, 10, 102, 20, 200]])  # 1 10 100 + _ _ 2 20 200


def test_a_deconv_of_long_rows_takes_them_one_by_one() -> None:
    # of a row 600*2*2*450 products, more than are made at once; windows do not meet, so that each is 1*2 or 2*2
    weights = Given(weight=np.full((1, 450, 2, 2), 2))
    x = np.repeat([[1], [2]], 600, axis=1)[None]
    output = run("deconv", x, weights=weights, filters=450, kernel=2, stride=2, bias=False)
    assert output.shape == (450, 4, 1200)
    assert [np.unique(row).tolist() for row in output.swapaxes(0, 1)] == [[2], [2], [4], [4]]


def test_a_deconv_crops_and_extends() -> None:
    kernel = Given(weight=[[[1, 10, 100]]])
    settings = {"filters": 1, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1, "bias": False}
    same(run("deconv", [[1, 2]], weights=kernel, **settings), [[10, 102, 20, 200]])  # torch


def test_groups_of_a_deconv_fill_their_own_filters() -> None:
    weights = Given(weight=[[[1], [2]], [[3], [4]]], bias=[0, 0, 0, 0.5])
    same(run("deconv", [[1], [10]], weights=weights, filters=4, kernel=1, groups=2), [[1], [2], [30], [40.5]])


def test_a_deconv_with_a_stride_past_its_kernel_leaves_zeros() -> None:
    output = run(
        "deconv", [[1, 2]], weights=Given(weight=[[[5]]]), filters=1, kernel=1, stride=3, padding="same", bias=False
    )
    same(output, [[5, 0, 0, 10, 0, 0]])  # Keras: input * stride


def test_maxpool_ignores_its_padding() -> None:
    output = run("maxpool", [[[-1, -2], [-3, -4]]], kernel=2, stride=1, padding=1)
    same(output, [[[-1, -1, -2], [-1, -1, -2], [-3, -3, -4]]])


def test_a_ceil_pool_has_a_smaller_last_window() -> None:
    same(run("maxpool", COUNTED, kernel=2, rounding="ceil"), [[[5, 6], [8, 9]]])
    # the means of 1 2 4 5, of 3 6, of 7 8 and of 9: torch
    same(run("avgpool", COUNTED, kernel=2, rounding="ceil"), [[[3, 4.5], [7.5, 9]]])


@pytest.mark.parametrize(
    ("counted", "corner", "centre"),
    [(True, (1 + 2 + 4 + 5) / 9, 5), (False, (1 + 2 + 4 + 5) / 4, 5)],
    ids=["yes", "no"],
)
def test_avgpool_counts_its_padding_or_does_not(counted: bool, corner: float, centre: float) -> None:
    output = run("avgpool", COUNTED, kernel=3, stride=1, padding=1, count_padding=counted)
    same([output[0, 0, 0], output[0, 1, 1]], [corner, centre])


def test_avgpool_with_padding_and_ceil_divides_by_what_lies_inside_the_padding() -> None:
    # torch: 1 2 3 4 padded to 0 1 2 3 4 0 with windows of 3, stride 2: (0+1+2)/3, (2+3+4)/3, (4+0)/2
    same(run("avgpool", [[1, 2, 3, 4]], kernel=3, stride=2, padding=1, rounding="ceil"), [[1, 3, 2]])


def test_dilated_maxpool_skips() -> None:
    same(run("maxpool", [[1, 9, 2, 8, 3]], kernel=2, stride=1, dilation=2), [[2, 9, 3]])


def test_adaptive_pools_cover_everything() -> None:
    # 5 values in 3 parts: 0..1, 1..3, 3..4 (torch)
    same(run("adaptive_avgpool", [[1, 2, 3, 4, 5]], size=3), [[1.5, 3, 4.5]])
    same(run("adaptive_maxpool", [[1, 2, 3, 4, 5]], size=3), [[2, 4, 5]])


def test_global_pools_keep_the_axes() -> None:
    same(run("global_avgpool", COUNTED), [[[5]]])
    same(run("global_maxpool", COUNTED), [[[9]]])


def test_fc_multiplies_rows_with_the_vector() -> None:
    weights = Given(weight=[[1, 0, 0], [0, 1, 1]], bias=[0.5, 0])
    same(run("fc", [1, 2, 3], weights=weights, features=2), [1.5, 5])


def test_flatten_reads_one_channel_after_the_other() -> None:
    same(run("flatten", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]), [1, 2, 3, 4, 5, 6, 7, 8])


def test_reshape_reads_and_writes_channels_first() -> None:
    same(run("reshape", [1, 2, 3, 4, 5, 6], size=Shape(2, (3, 1))), [[[1], [2], [3]], [[4], [5], [6]]])


def test_shuffle_takes_one_channel_of_each_group() -> None:
    same(run("shuffle", [[1], [2], [3], [4], [5], [6]], groups=2), [[1], [4], [2], [5], [3], [6]])


def test_crop_cuts_one_more_at_the_end() -> None:
    same(run("crop", [[1, 2, 3, 4, 5, 6]], size=3), [[2, 3, 4]])


def test_slice_pad_and_upsample() -> None:
    same(run("slice", [[1], [2], [3]], channels=(1, 3)), [[2], [3]])
    same(run("slice", COUNTED, H=(1, 3), W=(0, 2)), [[[4, 5], [7, 8]]])
    same(run("zeropad", [[1, 2]], padding=((2, 1),)), [[0, 0, 1, 2, 0]])
    same(run("upsample", [[[1, 2]]], factor=(2, 3)), [[[1, 1, 1, 2, 2, 2]] * 2])


def test_merges() -> None:
    same(run("add", [[1, 2]], [[10, 20]], [[100, 200]]), [[111, 222]])
    same(run("mul", [[1, 2], [3, 4]], [[10], [100]]), [[10, 20], [300, 400]])
    same(run("concat", [[1, 2]], [[3, 4]]), [[1, 2], [3, 4]])


def test_a_merge_crops_nothing_unasked() -> None:
    with pytest.raises(ExecutionError, match="differ in shape"):
        run("add", [[1, 2, 3]], [[1, 2]])


def test_merges_crop_to_the_centre_of_the_larger() -> None:
    same(run("add", [[1, 2, 3, 4, 5]], [[10, 20]], align="center"), [[12, 23]])
    same(run("concat", [[1, 2, 3, 4, 5]], [[10, 20]], align="center"), [[2, 3], [10, 20]])
    same(run("mul", [[1, 2, 3]], [[10]], align="center"), [[10, 20, 30]])  # a gate is repeated, never cropped to


def test_bn_uses_what_was_gathered() -> None:
    weights = Given(weight=[2], bias=[1], running_mean=[3], running_var=[4])
    same(run("bn", [[3, 5, 7]], weights=weights, eps=0.0), [[1, 3, 5]])  # (x - 3)/2 * 2 + 1
    same(run("bn", [[1, 3]], weights=Given(running_mean=[1], running_var=[3]), affine=False, eps=1.0), [[0, 1]])


def test_norms_use_their_own_mean_and_variance() -> None:
    values = [[1, 3], [5, 11]]
    ones = Given(weight=[1, 1], bias=[0, 0])
    same(run("layernorm", values, weights=ones, eps=0.0), [[-1, -1], [1, 1]])  # over 1 5 and 3 11
    same(run("instancenorm", values, eps=0.0), [[-1, 1], [-1, 1]])  # over 1 3 and 5 11
    # over all four: mean 5, variance (16 + 4 + 0 + 36)/4 = 14
    expected = [[-4 / 14**0.5, -2 / 14**0.5], [0, 6 / 14**0.5]]
    same(run("groupnorm", values, weights=Given(), groups=1, affine=False, eps=0.0), expected)


def test_a_norm_may_be_over_everything_and_learn_half() -> None:
    # mean 4, variance (9 + 1 + 1 + 9)/4 = 5; offsets alone
    weights = Given(bias=[[0, 1], [2, 3]])
    output = run("layernorm", [[1, 3], [5, 7]], weights=weights, over=Shape(2, (2,)), scale=False, eps=0.0)
    same(output, [[-3 / 5**0.5, 1 - 1 / 5**0.5], [2 + 1 / 5**0.5, 3 + 3 / 5**0.5]])


def test_rmsnorm_and_l2norm_do_not_subtract_the_mean() -> None:
    values = [[3, 6], [4, 8]]  # the root of the sum of squares: 5 and 10
    same(run("l2norm", values), [[0.6, 0.6], [0.8, 0.8]])
    # the mean of the squares: 12.5 and 50
    same(run("rmsnorm", values, weights=Given(weight=[1, 2]), eps=0.0), [[3 / 12.5**0.5] * 2, [8 / 12.5**0.5] * 2])


# torch.nn.functional of -2, -0.25, 0.25, 2; sparse_plus, sparse_sigmoid and squareplus by Keras' formulas
CURVES = {
    "selu": [-1.5201665, -0.3888902, 0.2626752, 2.1014020],
    "celu": [-0.8646647, -0.2211992, 0.25, 2],
    "mish": [-0.2525015, -0.1299270, 0.1695724, 1.9439590],
    "softplus": [0.1269280, 0.5759393, 0.8259394, 2.1269281],
    "squareplus": [0.4142136, 0.8827822, 1.1327822, 2.4142136],
    "softsign": [-0.6666667, -0.2, 0.2, 0.6666667],
    "logsigmoid": [-2.1269281, -0.8259394, -0.5759393, -0.1269280],
    "tanhshrink": [-1.0359724, -0.0050813, 0.0050813, 1.0359724],
    "exponential": [0.1353353, 0.7788008, 1.2840254, 7.3890561],
    "hardtanh": [-1, -0.25, 0.25, 1],
    "hardshrink": [-2, 0, 0, 2],
    "softshrink": [-1.5, 0, 0, 1.5],
    "threshold": [0, 0, 0.25, 2],
    "sparse_plus": [0, 0.140625, 0.390625, 2],  # (0.75/2)^2, (1.25/2)^2
    "sparse_sigmoid": [0, 0.375, 0.625, 1],
    "identity": [-2, -0.25, 0.25, 2],
    "power": [4, 0.0625, 0.0625, 4],
    "log": [nan, nan, -1.3862944, 0.6931472],
    "abs": [2, 0.25, 0.25, 2],
    "log_softmax": [-4.2604308, -2.5104308, -2.0104308, -0.2604307],
    "zeros": [0, 0, 0, 0],
}


@pytest.mark.parametrize("kind", CURVES)
def test_an_activation_is_its_function(kind: str) -> None:
    same(run(kind, [-2, -0.25, 0.25, 2]), CURVES[kind])


def test_what_lies_at_a_limit_is_outside() -> None:
    same(run("hardshrink", [-0.5, 0.5], lambd=0.5), [0, 0])  # torch: x > lambda or x < -lambda
    same(run("threshold", [1, 2], limit=1.0, value=7.0), [7, 2])  # torch: x > threshold


def test_branches_are_related_channel_by_channel() -> None:
    # channels a, b of branch 1, then of branch 2: 1/(1 + e^1) and e^1/(1 + e^1); equal ones share
    same(run("softmax", [0, 5, 1, 5], parts=2), [0.2689414, 0.5, 0.7310586, 0.5])
    same(run("glu", [1, 2, 0, 0.5]), [0.5, 2 * 0.6224593])  # sigmoid(0), sigmoid(0.5)


def test_merges_compute_place_by_place() -> None:
    inputs = [[1, 8]], [[3, 2]], [[5, 2]]
    same(run("subtract", *inputs), [[-7, 4]])
    same(run("divide", *inputs), [[1 / 15, 2]])
    same(run("maximum", *inputs), [[5, 8]])
    same(run("minimum", *inputs), [[1, 2]])
    same(run("average", *inputs), [[3, 4]])
    same(run("matmul", [[1, 2], [3, 4]], [[5, 6], [7, 8]]), [[19, 22], [43, 50]])  # 1*5 + 2*7, 1*6 + 2*8, ...


def test_what_is_written_around_a_map() -> None:
    line = [[1, 2, 3]]
    same(run("zeropad", line, padding=((2, 1),), mode="reflect"), [[3, 2, 1, 2, 3, 2]])
    same(run("zeropad", line, padding=((2, 1),), mode="replicate"), [[1, 1, 1, 2, 3, 3]])
    same(run("zeropad", line, padding=((2, 1),), mode="circular"), [[2, 3, 1, 2, 3, 1]])
    same(run("zeropad", line, padding=((-1, 2),)), [[2, 3, 0, 0]])
    same(run("zeropad", line, padding=((-1, 2),), mode="circular"), [[2, 3, 2, 3]])  # torch 2.13: F.pad
    same(run("crop", [[1, 2, 3, 4]], size=((0, 3),)), [[1]])
    ones = Given(weight=[[[1, 1, 1]]])
    same(
        run("conv", line, weights=ones, filters=1, kernel=3, padding=1, padding_mode="reflect", bias=False), [[5, 6, 7]]
    )


def test_resize_looks_between_values() -> None:
    line = [[0, 10, 20]]
    # centres: (o + 0.5)/2 - 0.5 = -0.25, 0.25, 0.75, 1.25, 1.75, 2.25
    same(run("upsample", line, factor=2, mode="linear"), [[0, 2.5, 7.5, 12.5, 17.5, 20]])
    same(run("resize", line, size=5, mode="linear", align_corners=True), [[0, 5, 10, 15, 20]])
    same(run("resize", line, size=2), [[0, 10]])  # floor(0), floor(1.5)


def test_pixels_are_shuffled_in_either_order() -> None:
    # channels a b c d, blocks of 2: TensorFlow makes a c and b d of them, PyTorch a b and c d
    values = [[1], [2], [3], [4]]
    same(run("depth_to_space", values, block_size=2), [[1, 3], [2, 4]])
    same(run("depth_to_space", values, block_size=2, order="CRD"), [[1, 2], [3, 4]])
    same(run("space_to_depth", [[1, 2], [3, 4]], block_size=2, order="CRD"), values)


def test_rescale_multiplies_first() -> None:
    same(run("rescale", [[0, 255]], factor=2 / 255, offset=-1.0), [[-1, 1]])


def test_lrn_divides_by_its_neighbours() -> None:
    output = run("lrn", [[1], [2], [3]], size=3, alpha=1.0, beta=1.0, k=1.0)
    same(output, [[1 / 6], [2 / 15], [3 / 14]])  # 1 + 1 + 4, 1 + 1 + 4 + 9, 1 + 4 + 9
    # of an even size less lies before: 1 + 1 + 4, 1 + 4 + 9, 1 + 9
    same(run("lrn", [[1], [2], [3]], size=2, alpha=1.0, beta=1.0, k=1.0), [[1 / 6], [2 / 14], [3 / 10]])


def test_scale_has_one_factor_and_offset_for_each_channel() -> None:
    same(run("scale", [[1, 2], [3, 4]], weights=Given(weight=[2, 10], bias=[0, 1])), [[2, 4], [31, 41]])


def weight(*sizes: int) -> Any:
    """-0.5, -0.25, 0, 0.25, 0.5, and again."""
    return (np.arange(prod(sizes)) % 5 - 2).reshape(sizes) / 4


def test_attention_weighs_values_by_queries_and_keys() -> None:
    packed, offsets = np.split(weight(12, 4), 3), np.split(np.arange(12) / 10, 3)
    weights = {f"{name}_weight": part for name, part in zip("qkv", packed, strict=True)}
    weights |= {f"{name}_bias": part for name, part in zip("qkv", offsets, strict=True)}
    given = Given(**weights, out_weight=weight(4, 4), out_bias=np.arange(4) / 10)
    x = [[1, 0, 3], [2, -1, 1], [0, 1, -2], [1, 1, 0]]
    # torch: MultiheadAttention(4, 2) with these weights
    expected = [
        [0.36154032, -0.30260745, 0.16085503],
        [0.21563312, -0.33941817, -0.04734167],
        [0.00457518, 0.41574377, 0.2088182],
        [-0.93620402, 0.29635596, -0.69371068],
    ]
    same(run("attention", x, weights=given, heads=2), expected)
    same(run("attention", x, x, weights=given, heads=2), expected)


def test_what_is_learned_stands_in_its_place() -> None:
    same(run("tokens", [[1, 2], [3, 4]], weights=Given(weight=[[8, 9]])), [[8, 1, 2], [9, 3, 4]])
    same(run("positions", [[1, 2], [3, 4]], weights=Given(weight=[[0, 10], [20, 30]])), [[1, 22], [13, 34]])
    same(run("embedding", [2, 0], weights=Given(weight=[[1, 2], [3, 4], [5, 6]]), ids=3, size=2), [[5, 1], [6, 2]])
    for wrong in (3, -1, 0.5):
        with pytest.raises(ExecutionError, match=f"{wrong} at 1 is not an id, a whole number from 0 to 2"):
            run("embedding", [0, wrong], weights=Given(weight=[[1, 2], [3, 4], [5, 6]]), ids=3, size=2)


def test_axes_change_places() -> None:
    same(run("permute", [[1, 2, 3], [4, 5, 6]], order=("L", "C")), [[1, 4], [2, 5], [3, 6]])
    same(run("flatten", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], axes="spatial"), [[1, 2, 3, 4], [5, 6, 7, 8]])


RECURRENT = {
    # printed by torch 2.13 for these weights; of rnn, lstm and gru with two biases
    "rnn": [[-0.76159418, 0.37386185, -0.94750208], [0.379949, -0.29360461, 0.11281709]],
    "lstm": [[0.08728334, -0.08556463, -0.04240624], [-0.11444729, -0.14839137, -0.31343749]],
    "gru": [[0.59646153, 0.19872737, 0.41141558], [-0.50732565, -0.02448833, -0.71298385]],
}


@pytest.mark.parametrize(("kind", "gates"), [("rnn", 1), ("lstm", 4), ("gru", 3)])
def test_a_recurrent_layer_steps_along(kind: str, gates: int) -> None:
    rows = 2 * gates
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    tensors = weight(rows, 2), weight(rows, 2) / 2, np.arange(rows) / 10, -np.arange(rows) / 5
    given = Given(**dict(zip(names, tensors, strict=True)))
    output = run(kind, [[1, 0, 3], [2, -1, 1]], weights=given, units=2, biases=2, steps="all")
    same(output, RECURRENT[kind])
    same(run(kind, [[1, 0, 3], [2, -1, 1]], weights=given, units=2, biases=2), [row[-1] for row in RECURRENT[kind]])


ACTIVATIONS = {
    # of -2, 0.5 and 8; printed by torch 2.13 unless there is arithmetic beside it
    "relu": (0, 0.5, 8),
    "relu6": (0, 0.5, 6),
    "leaky_relu": (-0.02, 0.5, 8),
    "elu": (-0.86466472, 0.5, 8),  # exp(-2) - 1
    "gelu": (-0.04550026, 0.34573123, 8),
    "silu": (-0.23840584, 0.31122968, 7.99731735),
    "hardswish": (-1 / 3, 0.29166667, 8),  # -2*1/6, 0.5*3.5/6
    "hardsigmoid": (1 / 6, 3.5 / 6, 1),
    "sigmoid": (0.11920292, 0.62245933, 0.99966465),
    "tanh": (-0.96402758, 0.46211716, 0.99999977),
    "dropout": (-2, 0.5, 8),
}


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_activation(kind: str) -> None:
    same(run(kind, [[-2, 0.5, 8]]), [ACTIVATIONS[kind]], 5e-7)


def test_prelu_has_a_slope_for_each_channel() -> None:
    same(run("prelu", [[-2, 1], [-2, 1]], weights=Given(weight=[0.5, 0.1])), [[-1, 1], [-0.2, 1]])
    same(run("prelu", [[-2, 1], [-2, 1]], weights=Given(weight=[0.5]), slopes="one"), [[-1, 1], [-1, 1]])
    of_values = Given(weight=[[0.5, 9], [0.1, 9]])
    same(run("prelu", [[-2, 1], [-2, 1]], weights=of_values, slopes="value"), [[-1, 1], [-0.2, 1]])


def test_softmax_goes_over_the_channels_and_never_overflows() -> None:
    same(run("softmax", [[0, 1000], [0, 1000]]), [[0.5, 0.5], [0.5, 0.5]])
    same(run("softmax", [0, np.log(3)]), [0.25, 0.75])
    same(run("log_softmax", [0, 1000]), [-1000, 0])
