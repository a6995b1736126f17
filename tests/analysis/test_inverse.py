"""The inverse of window arithmetic, against a count of windows that knows no formula."""

from itertools import product

import pytest

from cnncalc.analysis.inverse import Answer, Question, solve
from cnncalc.analysis.usual import usual

MORE_QUESTIONS = [
    Question(55, 224),
    Question(112, 224, dilation=2),
    Question(4, 7, rounding="ceil"),
    Question(4, 7, rounding="ceil_caffe"),
    Question(1, 13),
    Question(56, 28, transposed=True),
    Question(9, 4, dilation=2, transposed=True),
]


def windows(n: int, k: int, s: int, d: int, before: int, after: int, rounding: str) -> int:
    """How many windows there are, by sliding one over the padded cells until it falls off."""
    cells, extent, start, count = n + before + after, d * (k - 1) + 1, 0, 0
    while start + extent <= cells:
        count, start = count + 1, start + s
    unseen = start - s + extent < cells  # before the first window nothing is seen: it may hang over too
    if rounding == "floor" or not unseen:
        return count
    starts_in_padding = start >= n + before and (rounding == "ceil" or before + after > 0)
    return count + (not starts_in_padding)


def spread(n: int, k: int, s: int, d: int, before: int, after: int, extra: int) -> int:
    """The output of a transposed convolution, by marking the cells that each input value reaches."""
    cells = {i * s + tap * d for i in range(n) for tap in range(k)}
    return max(cells) + 1 + extra - before - after


def output(question: Question, a: Answer) -> int:
    if question.transposed:
        return spread(a.size, a.kernel, a.stride, a.dilation, a.before, a.after, a.output_padding)
    return windows(a.size, a.kernel, a.stride, a.dilation, a.before, a.after, question.rounding)


@pytest.mark.parametrize("question", MORE_QUESTIONS)
def test_every_answer_gives_the_output(question: Question) -> None:
    answers = solve(question)
    assert len(answers) > 10
    assert {output(question, answer) for answer in answers} == {question.output}


@pytest.mark.parametrize("question", MORE_QUESTIONS)
def test_no_answer_within_the_limits_is_missing(question: Question) -> None:
    found = {(a.kernel, a.before, a.after, a.stride, a.output_padding) for a in solve(question)}
    n, d, limit = question.size or 0, question.dilation, 11
    expected = set()
    for kernel, stride in product(range(1, limit + 1), range(1, 17)):
        most = kernel - 1 if question.rounding == "floor" else min(kernel - 1, (d * (kernel - 1) + 1) // 2)  # pools
        for total in range(2 * most + 1):
            before, after = total // 2, total - total // 2
            extras = range(max(stride, d)) if question.transposed else range(1)
            for extra in extras:
                answer = Answer(kernel, before, after, stride, n, d, extra, 0, "")
                if output(question, answer) == question.output:
                    expected.add((kernel, before, after, stride, extra))
    assert {settings for settings in found if settings[0] <= limit} == expected


@pytest.mark.parametrize("question", MORE_QUESTIONS)
def test_answers_come_smallest_first(question: Question) -> None:
    order = [(a.kernel, a.before + a.after, a.stride, a.output_padding) for a in solve(question)]
    assert order == sorted(order)


def test_alexnets_first_layer_is_exact_with_padding_1_before_and_2_after() -> None:
    """Dumoulin & Visin, relationship 6: o = floor((224 + p - 11)/4) + 1; 216 is 4·54, 217 leaves 1."""
    answers = {(a.kernel, a.stride, a.before, a.after): a for a in solve(Question(55, 224))}
    assert answers[11, 4, 1, 2].exact
    assert answers[11, 4, 1, 2].lost == ""
    assert not answers[11, 4, 2, 2].exact
    assert answers[11, 4, 2, 2].remainder == 1
    assert answers[11, 4, 2, 2].lost == "the last value of the padding is never read; no input is lost"


@pytest.mark.parametrize("rounding", ["floor", "ceil", "ceil_caffe"])
@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), [
    (11, 4, (2, 2), 1), (3, 2, (0, 1), 1), (3, 1, (1, 1), 1), (3, 2, (1, 1), 3), (1, 3, (0, 0), 1), (2, 5, (4, 6), 1),
])  # fmt: skip
def test_the_inputs_are_all_those_that_give_the_output(
    kernel: int, stride: int, padding: tuple[int, int], dilation: int, rounding: str
) -> None:
    for wanted in (1, 2, 7, 55):
        question = Question(wanted, kernel=kernel, stride=stride, padding=padding, dilation=dilation, rounding=rounding)
        counted = [
            n for n in range(1, 400) if windows(n, kernel, stride, dilation, *padding, rounding) == wanted
        ]  # fmt: skip
        assert [answer.size for answer in solve(question)] == counted


@pytest.mark.parametrize("padding", ["same", "same_lower"])
def test_the_inputs_of_same_are_those_whose_stride_th_part_is_the_output(padding: str) -> None:
    sizes = [answer.size for answer in solve(Question(55, kernel=11, stride=4, padding=padding))]
    assert sizes == [217, 218, 219, 220]  # TensorFlow: ceil(n / 4) = 55


def test_the_input_of_a_transposed_convolution() -> None:
    assert [a.size for a in solve(Question(56, kernel=2, stride=2, transposed=True))] == [28]
    assert solve(Question(57, kernel=2, stride=2, transposed=True)) == ()
    assert [a.size for a in solve(Question(57, kernel=2, stride=2, output_padding=1, transposed=True))] == [28]


def test_the_input_of_a_transposed_convolution_with_padding_same() -> None:
    # Keras and TensorFlow: 27 times the stride, 54 = 26*2 + 3 - 1: one value is cropped at the end
    (answer,) = solve(Question(54, 27, kernel=3, stride=2, padding="same", transposed=True))
    assert (answer.before, answer.after) == (0, 1)


def test_the_input_needs_a_kernel() -> None:
    with pytest.raises(ValueError, match="kernel is given"):
        solve(Question(55))


def test_the_usual_ways_to_double_are_those_of_published_decoders() -> None:
    question = Question(56, 28, transposed=True)
    found = [(a.kernel, a.stride, a.before, a.output_padding) for a in usual(solve(question), question)]
    assert found[:3] == [
        (2, 2, 0, 0),  # U-Net
        (3, 2, 1, 1),  # the PyTorch idiom
        (4, 2, 1, 0),  # DCGAN
    ]


def test_a_stride_that_skips_values_is_unusual_unless_asked_for() -> None:
    question = Question(56, 224)
    found = usual(solve(question), question)
    assert found
    assert all(a.stride <= a.kernel for a in found)
    asked = question._replace(kernel=1, stride=4)
    (answer,) = usual(solve(asked), asked)
    assert answer.exact is False
    assert answer.lost == "the stride 4 is larger than the window 1: 3 of every 4 values are never read"
