"""The settings that people are likely to want, of all that give an output."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.inverse import Answer, Question, solve
from cnncalc.layers.windows import Window

USUAL_KERNELS = (1, 2, 3, 4, 5, 7, 11)
"""Kernels of published networks: people want these answers first."""


FURTHEST = 64
"""The largest kernel and stride that are tried: to try all takes a second."""


class Found(NamedTuple):
    """The answers to a question.

    Attributes:
        question: as it was answered: with the limits of the search.
        answers: all of them.
        usual: those that people are likely to want; empty if there is none.
    """

    question: Question
    answers: tuple[Answer, ...]
    usual: tuple[Answer, ...]


def search(question: Question, *, exact: bool, further: bool) -> Found:
    """The answers to a question; an input that is looked for has stride 1 and no padding if they are not given.

    Args:
        question: the question.
        exact: whether the stride must divide.
        further: whether to look up to `FURTHEST` if there is no usual answer.
    """
    if question.size is None:
        question = question._replace(stride=question.stride or 1, padding=question.padding or (0, 0))
    found = Found(question, answers := _answers(question, exact), usual(answers, question))
    if found.usual or question.size is None or not further:
        return found
    question = question._replace(max_kernel=FURTHEST, max_stride=FURTHEST)
    answers = _answers(question, exact)
    touching = tuple(filter(without_gaps, answers))
    return Found(question, answers, tuple(answer for answer in touching if answer.exact) or touching)


def _answers(question: Question, exact: bool) -> tuple[Answer, ...]:
    return tuple(answer for answer in solve(question) if answer.exact or not exact)


def usual(answers: tuple[Answer, ...], question: Question) -> tuple[Answer, ...]:
    """The answers that people are likely to want, in the same order.

    Their kernel is one of `USUAL_KERNELS`, or the whole input without padding. No values are skipped
    between windows, but for 1×1 with stride 2, the projection of residual networks. Of several strides
    with the same kernel and padding the one with the least remainder is taken. For a transposed
    convolution the padding is the same on both sides and output_padding at most 1. Settings that the question
    fixes are usual.
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
