"""Single mistakes, each computed by hand: what a student would write, and what the mark says about it."""

import pytest
from homework.marked import exercise, filled, marked

RESIDUAL = """\
input: {C: 8, H: 10, W: 10}
layers:
- name: res
  residual:
  - {conv: 8, kernel: 3, padding: 1, bias: false, norm: bn}
  - relu
  - {conv: 8, kernel: 3, padding: 1}
- {conv: 4, kernel: 1}
"""
"""conv1 has 3*3*8*8 + 2*8 = 592 params, conv2 584, conv 8*4 + 4 = 36; 10*10*576 = 57,600 MACs each in the block."""

CONCAT = """\
input: {C: 6, H: 12, W: 12}
layers:
- {name: stem, conv: 8, kernel: 3, padding: 1}
- name: both
  branches:
  - [{conv: 4, kernel: 1}]
  - [{conv: 10, kernel: 5, padding: 2}]
  merge: concat
- {conv: 3, kernel: 3}
"""
"""440, 36, 2010 and 3*3*14*3 + 3 = 381 params; 4 + 10 = 14 channels; the last output is 3x10x10."""

DECONV = """\
input: {C: 16, H: 7, W: 7}
layers:
- {deconv: 8, kernel: 4, stride: 2, padding: 1}
- {name: last, conv: 1, kernel: 3}
"""
"""(7 - 1)*2 - 2 + 4 = 14, then 12; 4*4*16*8 + 8 = 2056 and 9*8 + 1 = 73 params; 12*12*72 = 10,368 MACs."""

ONE_AXIS = """\
input: {C: 2, L: 100}
layers:
- {conv: 4, kernel: 9, stride: 2}
- {maxpool: 3}
- flatten
- {fc: 5}
"""
"""(100 - 9)//2 + 1 = 46, 46//3 = 15, 4*15 = 60; 9*2*4 + 4 = 76 and 60*5 + 5 = 305 params."""

THREE_AXES = """\
input: {C: 1, D: 8, H: 20, W: 20}
layers:
- {conv: 4, kernel: 3}
- {maxpool: 2}
- {name: second, conv: 6, kernel: 3, padding: 1}
"""
"""4x6x18x18, then 3x9x9; 27*4 + 4 = 112 and 27*4*6 + 6 = 654 params; 3*9*9*648 = 157,464 MACs."""


@pytest.mark.parametrize(
    ("spec", "cell", "answer", "mistakes"),
    [
        (RESIDUAL, "res/conv1 out", "8x8x8", ["padding-forgotten"]),  # 10 - 3 + 1
        (RESIDUAL, "res/conv1 params", "576", ["norm-forgotten"]),  # 3*3*8*8
        (RESIDUAL, "res/conv1 params", "584", ["norm-counted-one"]),  # 576 + 8
        (RESIDUAL, "res/conv2 params", "576", ["bias-forgotten"]),
        (RESIDUAL, "res/conv2 macs", "115200", ["macs-for-flops"]),  # 2*57,600
        (RESIDUAL, "res/add out", "16x10x10", ["add-summed"]),  # 8 + 8
        (RESIDUAL, "conv params", "32", ["bias-forgotten"]),  # 8*4
        (RESIDUAL, "conv out", "4x9x9", ["plus-one-forgotten", "signs-swapped"]),  # (10 - 1)/1; (10 + 1)/1 - 2
        (CONCAT, "stem out", "8x10x10", ["padding-forgotten"]),  # 12 - 3 + 1
        (CONCAT, "stem macs", "63360", ["bias-in-macs"]),  # 12*12*(3*3*6*8 + 8)
        (CONCAT, "both/1/conv params", "32", ["bias-forgotten"]),  # 8*4
        (CONCAT, "both/2/conv out", "10x8x8", ["padding-forgotten"]),  # 12 - 5 + 1
        (CONCAT, "both/2/conv params", "260", ["kernel-without-depth"]),  # 5*5*10 + 10
        (CONCAT, "both/2/conv params", "1010", ["channels-halved"]),  # 5*5*4*10 + 10
        (CONCAT, "both/2/conv macs", "2000", ["positions-forgotten"]),  # 5*5*8*10
        (CONCAT, "both/concat out", "10x12x12", ["concat-not-summed"]),
        (CONCAT, "both/concat out", "4x12x12", ["concat-not-summed"]),
        (CONCAT, "conv2 params", "378", ["bias-forgotten"]),  # 3*3*14*3
        (CONCAT, "conv2 out", "3x9x9", ["plus-one-forgotten"]),  # (12 - 3)/1
        (CONCAT, "conv2 out", "14x10x10", ["channels-kept"]),
        (DECONV, "deconv out", "8x3x3", ["deconv-as-conv"]),  # (7 + 2 - 4)//2 + 1
        (DECONV, "deconv out", "8x16x16", ["padding-forgotten", "deconv-step-too-many"]),  # (7 - 1)*2 + 4; 7*2 - 2 + 4
        (DECONV, "deconv params", "2048", ["bias-forgotten"]),  # 4*4*16*8
        (DECONV, "deconv params", "2064", ["bias-per-channel"]),  # 2048 + 16
        (DECONV, "last params", "72", ["bias-forgotten"]),
        (ONE_AXIS, "conv out", "4x45", ["plus-one-forgotten"]),  # 91//2
        (ONE_AXIS, "conv out", "4x92", ["stride-ignored"]),  # 100 - 9 + 1
        (ONE_AXIS, "conv params", "72", ["bias-forgotten"]),  # 9*2*4
        (ONE_AXIS, "conv params", "40", ["kernel-without-depth"]),  # 9*4 + 4
        # ceil(43/3) + 1; (46 + 2 - 3)//3 + 1; 43//3 + 2
        (ONE_AXIS, "maxpool out", "4x16", ["ceil-for-floor", "padding-added", "plus-two"]),
        (ONE_AXIS, "flatten out", "15", ["flatten-without-channels"]),
        (ONE_AXIS, "fc params", "300", ["bias-forgotten"]),  # 60*5
        (ONE_AXIS, "fc params", "80", ["fc-without-flatten"]),  # 15*5 + 5
        (THREE_AXES, "conv1 out", "4x5x17x17", ["plus-one-forgotten"]),  # 8 - 3 and 20 - 3
        (THREE_AXES, "conv1 params", "108", ["bias-forgotten"]),  # 27*4
        # 6 - 2 + 1 and 18 - 2 + 1, with stride 1; both neighbours have it, too, which is the same formula
        (THREE_AXES, "maxpool out", "4x5x17x17", ["stride-ignored"]),
        (THREE_AXES, "second out", "6x1x7x7", ["padding-forgotten"]),  # 3 - 2 and 9 - 2
        (THREE_AXES, "second params", "648", ["bias-forgotten"]),  # 27*4*6
        (THREE_AXES, "second macs", "648", ["positions-forgotten"]),
        (THREE_AXES, "second macs", "314928", ["macs-for-flops"]),  # 2*157,464
    ],
)
def test_a_single_mistake_is_named(spec: str, cell: str, answer: str, mistakes: list[str]) -> None:
    layer, figure = cell.split()
    sheet = filled(exercise(spec), (figure,), {(layer, figure): answer})
    wrong = [mark for mark in marked(sheet, spec).marks if mark.state != "right"]
    assert [(mark.layer, mark.state) for mark in wrong] == [(layer, "wrong")]
    assert [" + ".join(explanation.ids) for explanation in wrong[0].explanations] == mistakes
