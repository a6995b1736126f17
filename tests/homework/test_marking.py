"""Marks: what is right, what follows, what is rounded, and which mistake was made."""

import pytest
from homework.marked import NET, RIGHT, exercise, filled, marked, not_right, table

from cnncalc import analyze
from cnncalc.explaining.exercise import Exercise
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.scheme import Scheme


def test_a_correct_sheet_gets_full_marks_and_no_remark() -> None:
    found = marked(table(RIGHT))
    assert (not_right(found), found.remarks, found.problems) == ({}, (), ())
    assert Scheme().total(found) == (12, 12)


def test_an_empty_sheet_is_blank() -> None:
    found = marked(table(dict.fromkeys(RIGHT, ("", ""))))
    assert set(not_right(found).values()) == {"blank"}
    assert Scheme().total(found) == (0, 12)


def test_a_mistake_in_row_1_costs_one_cell_and_not_the_column() -> None:
    sheet = {
        "conv1": ("8x27x27", "608"),  # (32 - 5)/1: the + 1 is missing
        "pool1": ("8x13x13", "0"),  # (27 - 2)/2 + 1 = 13.5
        "conv2": ("16x13x13", "1168"),
        "pool2": ("16x6x6", "0"),
        "flatten": ("576", "0"),  # 16*6*6
        "fc": ("10", "5770"),  # 10*(576 + 1)
    }
    found = marked(table(sheet))
    assert not_right(found) == {
        "conv1 out": "wrong: plus-one-forgotten",
        "pool1 out": "follows", "conv2 out": "follows", "pool2 out": "follows", "flatten out": "follows",
        "fc params": "follows",
    }  # fmt: skip
    assert Scheme().total(found) == (11, 12)


def test_two_independent_mistakes_cost_two_cells() -> None:
    sheet = {
        "conv1": ("8x28x28", "600"),  # 8*75: no biases
        "pool1": ("8x14x14", "0"),
        "conv2": ("16x12x12", "1168"),  # 14 - 3 + 1: no padding
        "pool2": ("16x6x6", "0"),
        "flatten": ("576", "0"),
        "fc": ("10", "5770"),
    }
    found = marked(table(sheet))
    assert not_right(found) == {
        "conv1 params": "wrong: bias-forgotten",
        "conv2 out": "wrong: padding-forgotten",
        "pool2 out": "follows", "flatten out": "follows", "fc params": "follows",
    }  # fmt: skip
    assert Scheme().total(found) == (10, 12)


def test_a_right_answer_below_a_wrong_one_is_right() -> None:
    assert not_right(marked(table({**RIGHT, "conv1": ("8x27x27", "608")}))) == {
        "conv1 out": "wrong: plus-one-forgotten"
    }


def test_a_mistake_made_with_ones_own_numbers_is_recognised() -> None:
    sheet = {**RIGHT, "conv1": ("8x27x27", "608"), "pool1": ("8x12x12", "0")}  # (27 - 2)/2, no + 1 either
    mark = next(mark for mark in marked(table(sheet)).marks if (mark.layer, mark.figure) == ("pool1", "out"))
    assert (mark.state, mark.explanations[0].ids, mark.own, mark.again) == (
        "wrong",
        ("plus-one-forgotten",),
        True,
        True,
    )


def test_a_blank_row_is_passed_over_by_what_follows_from_the_row_before() -> None:
    sheet = {**RIGHT, "conv1": ("8x27x27", "608"), "pool1": ("", ""), "conv2": ("16x13x13", "1168")}
    found = not_right(marked(table(sheet)))
    assert (found["pool1 out"], found["conv2 out"]) == ("blank", "follows")


def test_an_answer_from_which_nothing_can_follow_is_passed_over_by_the_right_one() -> None:
    sheet = {**RIGHT, "conv1": ("8x1x1", "608")}  # pool1 has a window of 2
    assert list(not_right(marked(table(sheet)))) == ["conv1 out"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param("1.17K", "rounded", id="three digits"),
        pytest.param("1.17e3", "rounded", id="with a power of ten"),
        pytest.param("1170", "rounded", id="with a zero at the end"),
        pytest.param("1.16K", "rounded", id="cut off"),
        pytest.param("1.2K", "coarse", id="two digits"),
        pytest.param("1200", "coarse", id="two digits and zeros"),
        pytest.param("1K", "coarse", id="one digit"),
        pytest.param("1.15K", "wrong: bias-forgotten", id="a rounding of 1152, the count without biases"),
        pytest.param("1.14K", "wrong", id="of nothing"),
    ],
)
def test_a_rounding_of_the_right_value_needs_three_digits(answer: str, state: str) -> None:
    found = not_right(marked(table({**RIGHT, "conv2": ("16x14x14", answer)})))
    assert found["conv2 params"] == state


def test_a_number_in_full_is_rounded_by_the_rules_or_wrong() -> None:
    spec = "\n{input: {C: 40, H: 18, W: 18}, layers: [{conv: 96, kernel: 3}]}"  # 96*(40*9 + 1) = 34,656
    answers = {
        "34660": "rounded",
        "34650": "wrong: wrong-digit",
        "34.6K": "rounded: bias-forgotten",
    }  # 34,560 without biases
    for answer, state in answers.items():
        assert not_right(marked(f"layer,params\nconv,{answer}\n", spec)) == {"conv params": state}


def test_a_rounding_that_a_mistake_gives_too_is_a_rounding_and_says_so() -> None:
    spec = "\n{input: {C: 4000}, layers: [{fc: 10}]}"  # 40,010 params, 40,000 without the biases
    assert not_right(marked("layer,params\nfc,40.0K\n", spec)) == {"fc params": "rounded: bias-forgotten"}
    assert not_right(marked("layer,params\nfc,40.01K\n", spec)) == {}
    spec = "\n{input: {C: 40, H: 17, W: 17}, layers: [{conv: 96, kernel: 3}]}"  # 96*40*9 = 34,560 and 96 biases
    assert not_right(marked("layer,params\nconv,34.6K\n", spec)) == {"conv params": "rounded: bias-forgotten"}
    assert not_right(marked("layer,params\nconv,34.7K\n", spec)) == {"conv params": "rounded"}


def test_no_mistake_is_named_from_fewer_than_three_digits() -> None:
    assert not_right(marked(table({**RIGHT, "fc": ("10", "2e4")})))["fc params"] == "wrong"
    assert not_right(marked(table({**RIGHT, "fc": ("10", "7.84K")})))["fc params"] == "wrong: bias-forgotten"  # exact


def test_the_length_of_a_vector_may_be_rounded() -> None:
    spec = "\n{input: {C: 96, H: 9, W: 9}, layers: [flatten, {fc: 10}]}"  # 96*81 = 7776, 10*7776 + 10 = 77,770
    sheet = "layer,out,params\nflatten,{},0\nfc,10,77770\n"
    assert not_right(marked(sheet.format("7.78E+03"), spec)) == {"flatten out": "rounded"}
    assert not_right(marked(sheet.format("7.8K"), spec)) == {"flatten out": "coarse"}


def test_a_total_may_add_up_exact_or_rounded_cells() -> None:
    wrong = {**RIGHT, "conv2": ("16x14x14", "1.17K"), "conv1": ("8x28x28", "600")}
    # 600 + 1168 + 7850 = 9618, and with 1170 for 1168: 9620
    for total in ("9618", "9620", "9.62K"):
        assert not_right(marked(table({**wrong, "total": ("", total)})))["total params"] == "follows"


def test_a_rounded_total_needs_no_more_digits_where_its_column_has_them() -> None:
    # 608 + 1168 + 7850 = 9626; 9.63K is not a sum of 600, 1152 and 7840, and the column shows the biases
    assert not_right(marked(table({**RIGHT, "total": ("", "9.63K")}))) == {"total params": "rounded"}


def test_a_total_is_not_blamed_on_one_layer() -> None:
    # 9610 = 9626 - 16 is the sum with conv2 alone without its biases
    assert not_right(marked(table({**RIGHT, "total": ("", "9618")})))["total params"] == "wrong"


@pytest.mark.parametrize(
    ("figures", "wrong"),
    [
        # 14*14*16*9*8 = 225,792 MACs; 12*12*16*9*8 = 165,888 are those without the padding
        pytest.param(("macs", "flops"), ("165888", "331776"), id="flops from macs"),
        # 1152 without the biases; four bytes each
        pytest.param(("params", "weights", "weights_memory"), ("1152", "1152", "4608"), id="weights from params"),
        pytest.param(("params", "weights_memory"), ("1152", "4608"), id="bytes from params"),
        pytest.param(("elements", "output_memory"), ("2304", "9216"), id="bytes from elements"),  # 12*12*16
        pytest.param(("out", "elements"), ("16x12x12", "2304"), id="elements from the shape"),
    ],
)
def test_what_follows_in_the_same_row_costs_nothing(figures: tuple[str, ...], wrong: tuple[str, ...]) -> None:
    cells = {("conv2", figure): text for figure, text in zip(figures, wrong, strict=True)}
    found = not_right(marked(filled(exercise(), figures, cells)))
    states = [found[f"conv2 {figure}"].partition(":")[0] for figure in figures]
    assert states == ["wrong", *["follows"] * (len(figures) - 1)]


def test_a_number_with_zeros_that_a_mistake_gives_is_that_mistake() -> None:
    spec = "\n{input: {C: 2400}, layers: [{fc: 10}]}"  # 24,010 params; 24,000 are they without the biases
    assert not_right(marked("layer,params\nfc,24000\n", spec)) == {"fc params": "wrong: bias-forgotten"}


def test_macs_follow_from_a_wrong_output_of_the_same_row() -> None:
    wrong = {("conv2", "out"): "16x12x12", ("conv2", "macs"): "165888"}  # 12*12*16*9*8
    sheet = filled(exercise(), ("out", "macs"), wrong)
    found = not_right(marked(sheet))
    assert found["conv2 macs"] == "follows"


KEPT = """\
input: {C: 8, H: 10, W: 10}
layers:
- {name: conv, conv: 16, kernel: 3, padding: 1, groups: 4, norm: bn}
- {maxpool: 2}
- flatten
- {fc: 16}
"""


def test_params_follow_from_a_wrong_number_of_filters_of_the_same_row() -> None:
    # 8 filters for 16 on 8/4 = 2 channels: 3*3*2*8 = 144, 2*8 of the norm and 10*10*144 = 14,400 MACs
    cells = {("conv", "out"): "8x10x10", ("conv", "params"): "160", ("conv", "macs"): "14400"}
    # 8*5*5 = 200 values and 8 features for 16: 8*200 + 8
    cells |= {("maxpool", "out"): "8x5x5", ("flatten", "out"): "200", ("fc", "out"): "8", ("fc", "params"): "1608",
              ("fc", "macs"): "1600"}  # fmt: skip
    spec = KEPT.replace("norm: bn", "bias: false, norm: bn")
    states = {cell: state.split(":")[0] for cell, state in
              not_right(marked(filled(exercise(spec), ("out", "params", "macs"), cells), spec)).items()}  # fmt: skip
    assert states == {
        "conv out": "wrong", "conv params": "follows", "conv macs": "follows", "maxpool out": "follows",
        "flatten out": "follows", "fc out": "wrong", "fc params": "follows", "fc macs": "follows",
    }  # fmt: skip


def test_no_params_follow_from_filters_that_groups_do_not_divide() -> None:
    # 6 filters in 4 groups: 3*3*2*6 = 108
    spec = KEPT.replace("norm: bn", "bias: false")
    cells = {("conv", "out"): "6x10x10", ("conv", "params"): "108"}
    assert not_right(marked(filled(exercise(spec), ("out", "params"), cells), spec))["conv params"] != "follows"


def test_receptive_fields_follow_from_ones_own() -> None:
    # 5; 5 + 1 = 6; 6 + 2*2 = 10; 10 + 1*2 = 12
    figures = ("receptive_field", "jump")
    assert not_right(marked(filled(exercise(), figures))) == {}
    wrong = {("pool1", "receptive_field"): "7", ("conv2", "receptive_field"): "11", ("pool2", "receptive_field"): "13"}
    assert not_right(marked(filled(exercise(), figures, wrong))) == {
        "pool1 receptive_field": "wrong: field-plus-kernel",  # 5 + 2*1
        "conv2 receptive_field": "follows", "pool2 receptive_field": "follows",
    }  # fmt: skip


def test_a_total_is_right_or_the_sum_of_ones_own_column() -> None:
    assert not_right(marked(table({**RIGHT, "total": ("", "9626")}))) == {}
    sheet = {**RIGHT, "conv1": ("8x28x28", "600"), "total": ("", "9618")}
    assert not_right(marked(table(sheet)))["total params"] == "follows"
    sheet["total"] = ("", "9592")  # 600 + 1152 + 7840: no biases anywhere
    assert not_right(marked(table(sheet)))["total params"] == "wrong: bias-forgotten"
    sheet["total"] = ("", "5000")
    assert not_right(marked(table(sheet)))["total params"] == "wrong"


def test_the_same_mistake_further_down_is_known_to_be_the_same() -> None:
    sheet = {**RIGHT, "conv1": ("8x28x28", "600"), "conv2": ("16x14x14", "1152"), "fc": ("10", "7840")}
    wrong = [mark for mark in marked(table(sheet)).marks if mark.state == "wrong"]
    assert [(mark.layer, mark.again) for mark in wrong] == [("conv1", False), ("conv2", True), ("fc", True)]


# The order of sizes


def test_a_worksheet_in_the_other_order_is_read_so_and_remarked_once() -> None:
    other = {name: ("x".join(reversed(out.split("x"))), params) for name, (out, params) in RIGHT.items()}
    own, found = marked(table(other)), marked("worksheet;small\n" + table(other))
    assert (not_right(own), not_right(found), own.remarks) == ({}, {}, ())
    assert [remark.message for remark in found.remarks] == [
        "the shapes are written H×W×C, not C×H×W, and are read that way"
    ]


def test_operations_of_a_pool_are_not_marked_which_is_said() -> None:
    found = marked("layer;macs\nconv1;470400\npool1;6272\nconv2;225792\npool2;0\nfc;7840\n")  # 8*14*14*4
    assert not_right(found) == {}
    assert [remark.message for remark in found.remarks] == [
        "pool1, macs: 6272 is not marked: macs are counted without bias, norm, activation, pooling"
    ]


def test_an_order_that_the_sheet_states_needs_no_remark() -> None:
    other = {name: ("x".join(reversed(out.split("x"))), params) for name, (out, params) in RIGHT.items()}
    found = marked("layout;HWC\n" + table(other))
    assert (not_right(found), found.remarks) == ({}, ())


def test_one_shape_in_the_other_order_is_right_and_named() -> None:
    found = marked(table({**RIGHT, "pool1": ("14x14x8", "0")}))
    assert not_right(found) == {"pool1 out": "swapped: hwc-for-chw"}
    assert Scheme().total(found) == (12, 12)


def test_a_mistake_in_the_other_order_is_still_recognised() -> None:
    assert not_right(marked(table({**RIGHT, "pool1": ("13x13x8", "0")})))["pool1 out"].startswith("wrong: plus-one")


def test_a_shape_without_channels_is_named() -> None:
    found = not_right(marked(table({**RIGHT, "pool1": ("14x14", "0"), "conv2": ("13x13", "1168")})))
    assert found["pool1 out"] == "wrong: channels-left-out"
    assert found["conv2 out"] == "wrong: channels-left-out + plus-one-forgotten"  # (14 + 2 - 3)/1


# What is asked


def test_nothing_is_asked_where_there_is_nothing_to_know() -> None:
    spec = NET.replace("- flatten", "- relu\n- flatten")
    rights = [mark.layer for mark in marked("layer;params;macs\n", spec).marks if mark.figure == "params"]
    assert "relu" not in rights
    assert {"pool1", "flatten", "conv1", "fc"} <= set(rights)
    assert [mark.layer for mark in marked("layer;params;macs\n", spec).marks if mark.figure == "macs"] == [
        "conv1", "conv2", "fc",
    ]  # fmt: skip


def test_a_dash_is_a_zero() -> None:
    sheet = {**RIGHT, "pool1": ("8x14x14", "–"), "pool2": ("16x7x7", "none"), "flatten": ("784", "-")}
    assert not_right(marked(table(sheet))) == {}


def test_a_dash_for_a_shape_is_no_answer() -> None:
    found = marked(table({**RIGHT, "pool1": ("–", "0"), "conv2": ("16x14x14", "?")}))
    assert (not_right(found), found.problems) == ({"pool1 out": "blank", "conv2 params": "blank"}, ())


def test_figures_can_be_chosen() -> None:
    found = marked(table({**RIGHT, "conv1": ("1x1x1", "608")}), figures=("params",))
    assert (not_right(found), len(found.marks)) == ({}, 6)


# A network with branches

BRANCHES = """\
input: {C: 3, H: 32, W: 32}
layers:
- {name: stem, conv: 8, kernel: 3, padding: 1}
- name: both
  branches:
  - [{conv: 4, kernel: 1}]
  - [{conv: 6, kernel: 3}]
  merge: concat
"""


def test_the_previous_rows_are_those_that_a_layer_reads() -> None:
    spec = BRANCHES.replace("{conv: 6, kernel: 3}", "{conv: 6, kernel: 3, padding: 1}")
    sheet = (
        "layer;out;params\nstem;8x30x30;224\nboth/1/conv;4x30x30;36\nboth/2/conv;6x30x30;438\nboth/concat;10x30x30;\n"
    )
    found = not_right(marked(sheet, spec))
    assert found == {
        "stem out": "wrong: padding-forgotten",
        "both/1/conv out": "follows", "both/2/conv out": "follows", "both/concat out": "follows",
    }  # fmt: skip


def test_a_merge_of_maps_that_do_not_fit_any_more_is_marked_by_the_right_ones() -> None:
    spec = BRANCHES.replace("{conv: 6, kernel: 3}", "{conv: 6, kernel: 3, padding: 1}")
    sheet = "layer;out\nstem;8x32x32\nboth/1/conv;4x31x31\nboth/2/conv;6x32x32\nboth/concat;10x32x32\n"
    assert list(not_right(marked(sheet, spec))) == ["both/1/conv out"]


def test_a_residual_reads_its_own_shortcut() -> None:
    spec = """\
input: {C: 8, H: 16, W: 16}
layers:
- {name: res, residual: [{conv: 8, kernel: 3, padding: 1}]}
"""
    sheet = "layer;out;params\nres/conv;8x16x16;584\nres/add;16x16x16;\n"
    assert not_right(marked(sheet, spec)) == {"res/add out": "wrong: add-summed"}


def test_a_folded_block_is_one_row_that_is_reckoned_from_ones_own_input() -> None:
    folded = exercise("resnet18", depth=1)
    sheet = filled(folded, ("out",), {("maxpool", "out"): "64x55x55", ("conv2", "out"): "64x55x55"})
    found = mark_sheet(folded, parse_sheet("sheet.csv", sheet))
    # 112 - 3 without its padding, by 2, and 1
    assert not_right(found) == {"maxpool out": "wrong: padding-forgotten", "conv2 out": "follows"}


def test_a_row_keeps_only_what_it_reads_and_makes() -> None:
    network = exercise()
    item = network.items[2]
    row = network.explainer(item).row
    assert (item.name, list(row.shapes), sorted(row.seen)) == ("conv2", ["pool1", "conv2"], ["conv2", "pool1"])


def test_two_mistakes_at_once_are_looked_for_in_the_first_20_cells_only() -> None:
    spec = "\n{input: {C: 8, H: 9, W: 9}, layers: [{conv: 8, kernel: 3, padding: 1, repeat: 22}]}"
    network = exercise(spec)
    # 8*9 = 72 for 8*8*9 + 8 = 584; the last but one without the biases alone, 576
    cells = {(item.name, "params"): "72" for item in network.items} | {(network.items[-2].name, "params"): "576"}
    found = list(not_right(marked(filled(network, ("params",), cells), spec)).values())
    both = "wrong: bias-forgotten + kernel-without-depth"
    assert found == [both] * 20 + ["wrong: bias-forgotten", "wrong"]


# Claims of a spec


def test_the_claims_of_a_students_spec_are_its_answers() -> None:
    student = NET.replace("kernel: 5, activation: relu}", "kernel: 5, activation: relu, out: 8x28x28, params: 600}")
    student = student.replace("- {fc: 10}", "- {fc: 10, params: 7850}\nexpect: {params: 9618, out: 10}")
    found = marked(student, file="student.yaml")
    assert not_right(found) == {"conv1 params": "wrong: bias-forgotten", "total params": "follows"}
    assert [(mark.layer, mark.figure, mark.line) for mark in found.marks] == [
        ("conv1", "out", 4), ("conv1", "params", 4), ("fc", "params", 9), ("total", "params", 10),
    ]  # fmt: skip


def test_claims_about_a_repeated_line_are_about_all_its_copies() -> None:
    spec = "input: 3x8x8\nlayers:\n- {name: pair, conv: 4, kernel: 1, repeat: 2, params: 36, out: 4x8x8}\n"  # 16 + 20
    sheet = parse_sheet("s.yaml", spec)
    also = frozenset(row.name for row in sheet.rows)
    found = mark_sheet(Exercise(analyze(text=spec), also=also), sheet)
    assert [(mark.layer, mark.figure, mark.state) for mark in found.marks] == [
        ("pair", "out", "right"), ("pair", "params", "right"),
    ]  # fmt: skip


def test_other_settings_than_those_of_the_exercise_are_noted() -> None:
    student = NET.replace("kernel: 3, padding: 1", "kernel: 3, padding: 0")
    found = marked(student, file="student.yaml")
    assert [problem.message for problem in found.problems] == [
        "conv2: its settings are not those of the exercise, by which its answers are marked"
    ]


@pytest.mark.parametrize(
    ("cell", "answer", "mistake"),
    [
        pytest.param("conv2 params", "1160", "bias-per-channel", id="16*72 + 8, a bias for each input channel"),
        pytest.param("conv2 params", "11.68K", "magnitude", id="ten times 1168, with a suffix"),
        pytest.param("fc out", "784", "channels-kept", id="what comes into the fc"),
    ],
)
def test_a_plausible_mistake_is_known(cell: str, answer: str, mistake: str) -> None:
    layer, figure = cell.split()
    sheet = filled(exercise(), ("out", "params"), {(layer, figure): answer})
    assert mistake in not_right(marked(sheet))[cell]


def test_a_row_that_is_missing_in_a_total_is_named() -> None:
    sheet = marked(table({**RIGHT, "total": ("", "8458")}))  # 608 + 7850, without the 1168 of conv2
    (explanation,) = sheet.marks[-1].explanations
    assert (explanation.ids, explanation.mistakes[0].sentence) == (("row-left-out",), "conv2 is left out of the sum.")
