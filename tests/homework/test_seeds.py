"""The mistakes of the write-ups that the project comes from, diagnosed by name from sheets that contain them."""

import pytest
from homework.marked import marked, not_right

# A. The code's kernels have no depth: one 2-D kernel for each filter, and no bias.

A_SHEET = """\
layer,out,params
conv1,55x55x96,"11,616"
pool1,27x27x96,0
conv2,27x27x256,"6,400"
pool2,13x13x256,0
"""


def test_a_kernels_without_depth_and_without_bias() -> None:
    # 96*11*11 and 256*5*5
    found = not_right(marked(A_SHEET, "alexnet_assignment"))
    assert found["conv1 params"] == "wrong: bias-forgotten + kernel-without-depth"
    assert found["conv2 params"] == "wrong: bias-forgotten + kernel-without-depth"
    assert {cell for cell in found if found[cell] != "blank"} == {"conv1 params", "conv2 params"}


# C. (224 - 11 + 2*2)/4 + 1 is 55.25; stride 3 is put in for the second pooling and 13 is claimed.

C_SHEET = """\
layer;out;working
conv1;55×55×96;(224 − 11 + 2·2)/4 + 1 = 55
pool1;27×27×96;(55 − 3)/2 + 1 = 27
conv2;27×27×256;(27 − 5 + 2·2)/1 + 1 = 27
pool2;13×13×256;(27 − 3 + 0)/3 + 1 = 13
"""


def test_c_a_division_that_needs_the_floor_and_a_stride_that_is_not_the_layers() -> None:
    found = marked(C_SHEET, "alexnet_one_tower")
    assert {mark.state for mark in found.marks if mark.answer} == {"right"}
    assert [(remark.line, remark.layer, remark.id, remark.message) for remark in found.remarks] == [
        (2, "conv1", "floor-missing", "(224 − 11 + 2·2)/4 + 1 is 55.25, not 55: the quotient is not whole and has to "
         "be rounded down, ⌊ ⌋"),
        (5, "pool2", "wrong-arithmetic", "(27 − 3 + 0)/3 + 1 is 9, not 13"),
        (5, "pool2", "stride-is-kernel", "9 is the size with a stride as large as the kernel"),
    ]  # fmt: skip


def test_c_the_9_that_its_stride_gives() -> None:
    sheet = C_SHEET.replace("13×13×256;(27 − 3 + 0)/3 + 1 = 13", "9×9×256;")
    assert not_right(marked(sheet, "alexnet_one_tower"))["pool2 out"] == "wrong: stride-is-kernel"


# D. Its text computes (227 - 11)/4 + 1 = 55; its code, on 224 with same padding, gives 56.


def test_d_55_from_an_input_of_227() -> None:
    row = "lower_towers/1/lower/conv1"
    found = marked(f"layer,out,working\n{row},55x55x48,(227 - 11)/4 + 1 = 55\n", "alexnet_two_branches")
    mark = next(mark for mark in found.marks if mark.layer == row)
    assert [explanation.ids for explanation in mark.explanations] == [("wrong-input-size",)]
    assert [(remark.layer, remark.id) for remark in found.remarks] == [(row, "wrong-input-size")]


def test_d_without_its_working_the_wrong_input_is_the_most_plausible_of_three() -> None:
    found = marked("layer,out\nlower_towers/1/lower/conv1,55x55x48\n", "alexnet_two_branches")
    # (227 - 11)/4 + 1; 56 - 1; and 7 pixels of padding counted as 3: (224 + 3 - 11)/4 + 1
    assert [explanation.ids[0] for explanation in found.marks[0].explanations] == [
        "wrong-input-size", "plus-one-forgotten", "padding-once",
    ]  # fmt: skip


# E. (H + 2P - K)//S + 2, (H + pool)//S - 2, padding where none is wanted, 2348 for 2048.


@pytest.mark.parametrize(
    ("row", "answer", "mistakes"),
    [
        ("conv1", "32x33x33", ["plus-two", "kernel-of-another-layer"]),  # (32 + 2 - 3)//1 + 2; (32 + 2 - 2)//1 + 1
        # (32 - 2)//2; (32 - 3)//2 + 1; (32 + 2)//2 - 2
        ("pool1", "32x15x15", ["plus-one-forgotten", "kernel-of-another-layer", "signs-swapped"]),
        ("pool2", "64x9x9", ["padding-added", "plus-two"]),  # (16 + 2 - 2)//2 + 1; (16 - 2)//2 + 2
        ("flatten", "2348", ["wrong-digit"]),
    ],
)
def test_e_damaged_formulas_and_digits(row: str, answer: str, mistakes: list[str]) -> None:
    found = marked(f"layer,out\n{row},{answer}\n", "alexnet_cifar")
    mark = next(mark for mark in found.marks if mark.layer == row)
    assert [explanation.ids[0] for explanation in mark.explanations] == mistakes


@pytest.mark.parametrize(
    ("row", "working", "mistake"),
    [
        ("conv1", "(32 + 2*1 - 3)//1 + 2", "plus-two"),
        ("pool1", "(32 + 2)//2 - 2", "signs-swapped"),
        ("pool2", "(16 + 2*1 - 2)//2 + 1", "padding-added"),
    ],
)
def test_e_the_working_tells_mistakes_apart_that_give_the_same_number(row: str, working: str, mistake: str) -> None:
    found = marked(f"layer,out,working\n{row},,{working}\n", "alexnet_cifar")
    assert [remark.id for remark in found.remarks] == [mistake]
