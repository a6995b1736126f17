"""Which mistakes give a number: their order, pairs of them, whole rows and whole networks."""

import re
from fractions import Fraction

import pytest
from analysis.misconceptions.one_layer import explain_value
from bundled import ONE_OF_EACH, small_report

import cnncalc
from cnncalc.analysis.misconceptions import MISTAKES
from cnncalc.analysis.misconceptions.values import Value, is_coarse
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.explain import explain
from cnncalc.explaining.statement import Reading, Statement
from cnncalc.formula import SOURCE, parse, write
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.shapes import Shape

CONV1 = make(LAYERS["conv"], 2, filters=96, kernel=11, stride=4)
ON_227 = (Shape(3, (227, 227)),)


def ids(layer_or_row: tuple[str, str], figure: str, value: Value) -> list[str]:
    """What explains a figure of a row of a bundled architecture."""
    name, path = layer_or_row
    return explained(cnncalc.analyze(name), path, figure, value)


def explained(report: cnncalc.Report, path: str, figure: str, value: Value) -> list[str]:
    """What explains a figure of a row, or of the whole network."""
    verdict = explain(Exercise(report), Statement(path, figure, "", (Reading(value),)))
    return [" + ".join(explanation.ids) for explanation in verdict.explanations]


def test_a_failed_claim_is_explained_in_a_sentence() -> None:
    (found,) = explain_value(CONV1, ON_227, "params", 34_848)
    assert f"34,848 is {found.what('params')}" == "34,848 is the count without the biases"


def test_two_mistakes_are_looked_for_where_no_single_one_gives_the_number() -> None:
    (found,) = explain_value(CONV1, ON_227, "params", 11_616)  # seeds A: 96*11*11, no depth and no bias
    assert found.ids == ("bias-forgotten", "kernel-without-depth")
    assert found.what("params") == "the count without the biases and with kernels that have no depth"


def test_a_rounding_may_be_the_second_mistake_though_alone_it_shows_nothing() -> None:
    # (33 + 2 - 3)/2 = 16 exactly; with the kernel for the stride 32/3 is rounded up to 11, and + 1 or 10 + 2
    layer = make(LAYERS["conv"], 2, filters=8, kernel=3, stride=2, padding=1)
    found = explain_value(layer, (Shape(3, (33, 33)),), "out", Shape(8, (12, 12)))
    assert [one.ids for one in found] == [("stride-is-kernel", "ceil-for-floor"), ("stride-is-kernel", "plus-two")]


def test_several_mistakes_that_give_one_number_are_all_told_the_most_plausible_first() -> None:
    # Padding 1 counted once takes one value away, and so does a forgotten + 1.
    layer = make(LAYERS["conv"], 2, filters=16, kernel=3, padding=1)
    found = explain_value(layer, (Shape(3, (64, 64)),), "out", Shape(16, (63, 63)))
    assert [explanation.ids[0] for explanation in found] == ["plus-one-forgotten", "padding-once"]
    assert MISTAKES["plus-one-forgotten"].rank < MISTAKES["padding-once"].rank


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_no_two_explanations_have_one_formula(name: str) -> None:
    for item in (exercise := Exercise(small_report(name), depth=1)).items:
        explainer = exercise.explainer(item)
        for figure in ("out", "params", "weights", "macs", "receptive_field"):
            right = explainer.row.value(figure)
            for value in {wrong.value for wrong in explainer.wrong(figure, "near")}:
                if isinstance(value, Shape) and isinstance(right, Shape) and value.spatial == right.spatial:
                    continue  # only the channels are wrong; the formula of the sizes is the right one
                found = explainer.misconceptions(figure, value, search="near")
                made = [made for one in found if (made := one.calculation(figure)) is not None]
                written = [ordered(write(one, SOURCE)) for one in made]
                assert len(set(written)) == len(written), (item.name, figure, value)


def ordered(calculation: str) -> str:
    """A product with its factors in order, and without those that are 1: `3*3*1*64` and `3*3*64` are one formula."""
    if re.search(r"[^\d*]", calculation):
        return calculation
    return "*".join(sorted(factor for factor in calculation.split("*") if factor != "1"))


def test_the_right_value_has_no_explanation() -> None:
    assert explain_value(CONV1, ON_227, "params", 34_944) == ()
    assert explain_value(CONV1, ON_227, "out", Shape(96, (55, 55))) == ()


def test_a_number_out_of_the_blue_has_none_either() -> None:
    assert explain_value(CONV1, ON_227, "params", 1_234_567) == ()


def test_the_effective_kernel_of_a_deconv_is_shown_as_it_is_computed() -> None:
    # (5 - 1)*2 - 2 + 2*(3 - 1) + 1 = 11, and 2 more without the padding
    layer = make(LAYERS["deconv"], 2, filters=4, kernel=3, stride=2, dilation=2, padding=1)
    found, *_ = explain_value(layer, (Shape(3, (5, 5)),), "out", Shape(4, (13, 13)))
    assert found.ids == ("padding-forgotten",)
    assert write(found.calculation("out") or parse("0"), SOURCE) == "(5 - 1)*2 - 2*0 + 2*(3 - 1) + 1"


@pytest.mark.parametrize(
    ("given", "half", "is_rough"), [(100, "0.5", False), (99, "0.5", True), (990_000, "5000", True)]
)
def test_a_number_of_less_than_three_digits_is_coarse(given: int, half: str, is_rough: bool) -> None:
    assert is_coarse(given, Fraction(half)) == is_rough


def test_a_rounded_number_is_explained_to_its_digits() -> None:
    found = explain_value(CONV1, ON_227, "params", 34_800, Fraction(50))  # 34.8K
    assert [explanation.ids for explanation in found] == [("bias-forgotten",), ("one-bias",)]


def test_a_row_with_norm_and_activation_is_explained_as_a_whole() -> None:
    # M5's conv1: 80*1*128 + 128 and 2*128 of bn
    assert ids(("m5", "conv1"), "params", 10_368) == ["norm-forgotten"]  # 10,240 + 128
    assert ids(("m5", "conv1"), "params", 10_496) == ["bias-forgotten", "norm-counted-one"]  # both lack 128
    assert ids(("m5", "conv1"), "params", 10_880) == [
        "buffers-as-params"
    ]  # 256 more; four for each channel is the same


@pytest.mark.parametrize(("size", "twin"), [(224, 227), (224, 299), (227, 224), (28, 32), (32, 28), (299, 224)])
def test_sizes_of_well_known_inputs_are_taken_for_one_another(size: int, twin: int) -> None:
    text = f"input: {{C: 3, H: {size}, W: {size}}}\nlayers:\n- {{name: a, conv: 8, kernel: 1}}\n"
    assert "wrong-input-size" in explained(cnncalc.analyze(text=text), "a", "out", Shape(8, (twin, twin)))


def test_a_padding_of_another_layer_is_borrowed_if_it_is_alike_before_and_after() -> None:
    layers = "- {conv: 4, kernel: 3, padding: [[0, 1], [1, 1]]}\n- {name: a, conv: 8, kernel: 3}\n"
    report = cnncalc.analyze(text=f"input: {{C: 3, H: 12, W: 12}}\nlayers:\n{layers}")
    # 11x12 enter a; 9x12 would be its output with a padding of 0 and 1
    assert "padding-of-another-layer" not in explained(report, "a", "out", Shape(8, (9, 12)))


def test_a_shape_with_another_number_of_axes_is_no_slip() -> None:
    assert explain_value(CONV1, ON_227, "out", Shape(96, (56,))) == ()


def test_a_wrong_shape_goes_on_inside_a_row() -> None:
    # S2 of LeNet-5 is pooled 28 -> 14, then scaled; 6 maps without the + 1 would be 13.
    assert ids(("lenet5", "S2"), "out", Shape(6, (13, 13)))[0] == "plus-one-forgotten"
    # 8 - 3 + 1 = 6 without the padding, pooled 3; right is 8/2 = 4
    report = cnncalc.analyze(
        text="{input: 4x8x8, layers: [{sequence: [{conv: 4, kernel: 3, padding: 1}, {maxpool: 2}]}]}"
    )
    assert explained(report, "sequence", "out", Shape(4, (3, 3)))[0] == "padding-forgotten"


def test_a_wrong_shape_that_a_merge_could_not_take_is_explained_as_that_of_the_block() -> None:
    # 8 - 3 + 1 = 6 without the padding, which could not be added to 8x8
    report = cnncalc.analyze(text="{input: 4x8x8, layers: [{residual: [{conv: 4, kernel: 3, padding: 1}]}]}")
    assert explained(report, "residual", "out", Shape(4, (6, 6))) == ["padding-forgotten"]


def test_macs_follow_from_a_wrong_size() -> None:
    # 26*26*256*5*5*48 where the + 1 of conv2 is forgotten
    assert "plus-one-forgotten" in ids(("alexnet", "conv2"), "macs", 207_667_200)


def test_a_block_is_explained_if_the_mistake_is_made_in_every_layer_of_it() -> None:
    # SqueezeNet's fire2: 96*16 + 16*64 + 9*16*64 weights, and 16 + 64 + 64 biases
    assert ids(("squeezenet1_0", "fire2"), "params", 11_776) == ["bias-forgotten"]


@pytest.mark.parametrize(
    ("name", "figure", "value", "mistake"),
    [
        ("alexnet", "params", 62_378_344, "groups-ignored"),  # the one-tower network
        ("alexnet", "params", 60_954_656, "bias-forgotten"),  # 10,568 filters and features
        ("alexnet", "macs", 1_448_813_632, "macs-for-flops"),
        ("alexnet_keras_flowers", "params", 24_834_833, "buffers-as-params"),  # Keras's total
        ("resnet50", "params", 25_503_912, "norm-forgotten"),
    ],
)
def test_a_total_is_explained_if_the_mistake_is_made_everywhere(
    name: str, figure: str, value: int, mistake: str
) -> None:
    assert mistake in ids((name, ""), figure, value)


def test_a_row_without_layers_has_nothing_to_explain() -> None:
    report = cnncalc.analyze(text="{input: 3x8x8, layers: [{branches: [[], [relu]]}]}")
    identity = report.network.rows[0].children[0]
    assert identity.start == identity.stop
    assert explained(report, identity.path, "params", 5) == []
    assert explained(cnncalc.analyze(text="{input: 3x8x8, layers: [relu]}"), "", "params", 5) == []


@pytest.mark.parametrize(
    ("figure", "value", "formula"),
    [
        ("out", Shape(96, (54, 54)), "floor((224 + 2*0 - 11)/4) + 1"),
        ("params", 11_712, "11*11*1*96 + 96"),
        ("params", 34_849, "11*11*3*96 + 1"),
        ("params", 364, "11*11*3*1 + 1"),
        ("params", 105_415_296, "55*55*11*11*3*96 + 96"),
        ("macs", 34_848, "96*11*11*3"),
        ("macs", 1_795_682_592, "96*51529*11*11*3"),
    ],
)
def test_the_calculation_is_the_wrong_formula_with_the_numbers_put_in(figure: str, value: Value, formula: str) -> None:
    calculation = explain_value(CONV1, ON_227, figure, value)[0].calculation(figure)
    assert calculation is not None
    assert write(calculation, SOURCE) == formula


@pytest.mark.parametrize(
    ("row", "figure", "value", "found"),
    [
        pytest.param(("alexnet", "conv1"), "out", Shape(48, (55, 55)), "one-tower-only", id="half of 96 in two towers"),
        pytest.param(
            ("alexnet", "conv2"), "macs", 447_897_600, "groups-ignored", id="27*27*256*25*96, no doubled MACs"
        ),
        pytest.param(("unet", "dec4/concat"), "out", Shape(512, (56, 56)), "concat-not-summed", id="no tower: a skip"),
    ],
)
def test_half_or_twice_a_number_is_first_what_the_network_has(
    row: tuple[str, str], figure: str, value: Value, found: str
) -> None:
    assert ids(row, figure, value)[0] == found


def test_a_network_with_one_grouped_layer_has_no_towers() -> None:
    layers = "[{conv: 8, kernel: 3, groups: 2}, bn]"  # the norm has 2*8 = 16 params, half of them are 8
    report = cnncalc.analyze(text=f"input: {{C: 4, H: 8, W: 8}}\nlayers: {layers}\n")
    found = explained(report, "bn", "params", 8)
    assert found[0] == "norm-counted-one"
    assert "one-tower-only" not in found
