"""Counting profiles: their tables are complete, and give what the tools print."""

import pytest

import cnncalc
from cnncalc.analysis.counting import evaluate, terms
from cnncalc.analysis.profiles import PROFILES, RULE_SYMBOLS, UNSUPPORTED
from cnncalc.layers import LAYERS

# Totals of torchvision's AlexNet at 224, of the paper's AlexNet at 227 with groups, LRN and softmax, and of ResNet-18.
# Printed by the tools themselves (torch 2.13, fvcore 0.1.5, thop 0.1.1, torchinfo 1.8.0, ptflops 0.7.5, calflops 0.3.2,
# onnx-tool 1.0.1 first and third, TensorFlow 2.21 first); the others by arithmetic from the tools' rules.
TOTALS = {
    "macs": (714_188_480, 724_406_816, 1_814_073_344),
    "fvcore": (714_197_696, 724_406_816, 1_819_065_856),
    "thop": (714_206_912, 724_409_815, 1_824_033_792),
    "torchinfo": (714_682_664, 725_066_088, 1_814_083_944),
    "ptflops": (716_441_128, 729_347_320, 1_825_313_768),
    "onnx-tool": (715_979_944, 746_897_544, 1_895_963_624),
    "cnncalc": (1_428_376_960, 1_448_813_632, 3_628_146_688),
    "torch": (1_428_376_960, 1_448_813_632, 3_628_146_688),
    "darknet": (1_428_376_960, 1_448_813_632, 3_628_146_688),
    "netscope": (714_188_480, 726_791_936, 1_814_073_344),
    "keras-tf": (1_429_675_240, 1_450_580_080, 3_635_727_976),
    "calflops": (1_429_741_184, 1_452_566_384, 3_636_250_112),
}


@pytest.mark.parametrize("name", TOTALS)
def test_totals_are_what_the_tool_prints(name: str) -> None:
    reports = (
        cnncalc.analyze("alexnet_torchvision", profile=name),
        cnncalc.analyze("alexnet", profile=name),
        cnncalc.analyze("resnet18", profile=name),
    )
    assert tuple(report.totals.flops for report in reports) == TOTALS[name]


def test_every_profile_is_tested_with_published_totals() -> None:
    assert set(TOTALS) == set(PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_every_kind_has_a_rule(name: str) -> None:
    rules = PROFILES[name].rules
    missing, extra = LAYERS.keys() - rules.keys(), rules.keys() - LAYERS.keys()
    assert (missing, extra) == (set(), set())


@pytest.mark.parametrize("name", PROFILES)
def test_every_rule_is_a_formula_over_known_symbols_or_says_why_not(name: str) -> None:
    ones = dict.fromkeys(RULE_SYMBOLS, 1)
    for kind, rule in PROFILES[name].rules.items():
        assert rule in UNSUPPORTED or evaluate(rule, ones) >= 0, kind


def test_the_base_is_what_a_convolution_counts_for_each_multiply_accumulate() -> None:
    bare = dict.fromkeys(RULE_SYMBOLS, 0) | {"M": 1000}
    for profile in PROFILES.values():
        assert evaluate(profile.rules["conv"], bare) == 1000 * profile.base, profile.name


@pytest.mark.parametrize(
    ("formula", "value"),
    [("2*M + b", 207), ("y*k*C/s", 3), ("3*x - r", 29), ("(2 + 2*a)*x", 40), ("7", 7)],
)
def test_rules_are_evaluated_exactly_and_a_fraction_is_cut_off(formula: str, value: int) -> None:
    values = {"M": 100, "b": 7, "x": 10, "r": 1, "a": 1, "y": 5, "k": 3, "C": 1, "s": 4}  # 5*3*1/4 = 3.75
    assert evaluate(formula, values) == value


def test_a_sum_falls_into_its_terms() -> None:
    assert terms("3*x + (C + size - 1)*r") == ["3*x", "(C + size - 1)*r"]
    assert terms("3*x - r") == ["3*x - r"]


def test_a_layer_without_a_rule_makes_the_total_a_lower_bound_with_a_reason() -> None:
    report = cnncalc.analyze("resnet18", profile="fvcore")
    assert not report.complete
    assert report.incomplete == ("flops of maxpool, add under fvcore: the tool has no rule: it counts 0 and says so",)
    assert report["maxpool1"].layers[0].unknown == "the tool has no rule: it counts 0 and says so"
    assert report["conv1"].layers[0].unknown == ""


def test_a_profile_changes_flops_and_its_unit_and_nothing_else() -> None:
    plain, thop = cnncalc.analyze("resnet50"), cnncalc.analyze("resnet50", profile="thop")
    assert (plain.profile, plain.unit, thop.profile, thop.unit) == ("cnncalc", "FLOP", "thop", "MAC")
    assert thop.complete
    differing = {"flops", "intensity"}
    plain_values, thop_values = plain.totals.values(), thop.totals.values()
    assert {name for name in plain_values if plain_values[name] != thop_values[name]} == differing
    assert [layer.macs for layer in plain.layers] == [layer.macs for layer in thop.layers]


def test_the_rows_add_up_to_the_total_under_a_profile() -> None:
    report = cnncalc.analyze("alexnet", profile="calflops")
    assert sum(row.flops for row in report.rows()) == report.totals.flops == 1_452_566_384
    assert report["lrn1"].flops == 1_173_700  # 3·290,400 + (96 + 5 - 1)·55·55


def test_a_batch_multiplies_all_but_what_a_tool_counts_once_for_each_channel() -> None:
    assert cnncalc.analyze("resnet18", profile="torchinfo", batch=7).totals.flops == 7 * 1_814_083_944
    # TensorFlow folds bn's factor once, 6 for each of 4,800 channels, whatever the batch.
    once = 6 * 4_800
    assert cnncalc.analyze("resnet18", profile="keras-tf", batch=7).totals.flops == 7 * (3_635_727_976 - once) + once


def test_an_unknown_profile_gets_a_suggestion() -> None:
    with pytest.raises(
        cnncalc.OverrideError, match="there is no counting profile 'torchinf'; did you mean 'torchinfo'"
    ):
        cnncalc.analyze("alexnet", profile="torchinf")


# ConvTranspose2d(3, 1, 2, 2) on 3x2x2, (8, 6, 3, 2, 1, output_padding=1, groups=2) and the same without groups and
# output_padding on 8x5x7, as printed by ptflops 0.7.5, calflops 0.3.2 (its function), onnx-tool 1.0.1 and fvcore 0.1.5.
DECONVS = {
    "ptflops": (64, 8400, 15_822),
    "calflops": (97, 5076, 30_312),
    "onnx-tool": (80, 23_520, 38_610),
    "fvcore": (48, 7560, 15_120),
}


@pytest.mark.parametrize("name", DECONVS)
def test_transposed_convolutions_are_counted_as_the_tool_prints_them(name: str) -> None:
    first = cnncalc.analyze(text="input: 3x2x2\nlayers: [{deconv: 1, kernel: 2, stride: 2}]", profile=name)
    head = "input: 8x5x7\nlayers: [{deconv: 6, kernel: 3, stride: 2, padding: 1"
    grouped = cnncalc.analyze(text=head + ", output_padding: 1, groups: 2}]", profile=name)
    plain = cnncalc.analyze(text=head + "}]", profile=name)
    assert tuple(report.totals.flops for report in (first, grouped, plain)) == DECONVS[name]
