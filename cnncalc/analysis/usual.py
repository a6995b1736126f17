"""Of all settings that give an output, those that people are likely to want."""

from __future__ import annotations

from cnncalc.analysis.inverse import Answer, Question
from cnncalc.layers.windows import Window

USUAL_KERNELS = (1, 2, 3, 4, 5, 7, 11)
"""Kernels that published networks use: the answers that people want first."""


def usual(answers: tuple[Answer, ...], question: Question) -> tuple[Answer, ...]:
    """The answers that people are likely to want, in the same order.

    Their kernel is one of `USUAL_KERNELS`, or the whole input without padding. No values are skipped
    between windows, but for 1×1 with stride 2, the projection of residual networks. Of several strides
    with the same kernel and padding the one with the least left over is taken. For a transposed
    convolution the padding is the same on both sides and output_padding at most 1. What the question
    fixes is usual.
    """
    chosen: dict[tuple[int, int, int, int], Answer] = {}
    for answer in answers:
        if not _is_usual(answer, question):
            continue
        key = (answer.size, answer.kernel, answer.before, answer.after)
        if question.stride is not None or key not in chosen or answer.remainder < chosen[key].remainder:
            chosen[key] = answer
    return tuple(answer for answer in answers if answer in chosen.values())


def _is_usual(answer: Answer, question: Question) -> bool:
    whole = answer.kernel == answer.size and not answer.before + answer.after
    kernel = question.kernel is not None or answer.kernel in USUAL_KERNELS or whole
    even = question.padding is not None or not question.transposed or answer.before == answer.after
    extra = question.output_padding is not None or answer.output_padding <= 1
    projection = (answer.kernel, answer.stride) == (1, 2) and not question.transposed
    return kernel and even and extra and (projection or question.stride is not None or without_gaps(answer))


def without_gaps(answer: Answer) -> bool:
    """Whether the windows touch: the stride is at most the effective kernel."""
    return answer.stride <= Window(answer.size, answer.kernel, dilation=answer.dilation).effective
