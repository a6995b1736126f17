"""The inverse of window arithmetic: the settings of one axis that give a wanted output, found by trial.

No equation is solved: every setting within the limits is put into the forward rules of
`layers/windows.py`, so that an answer is an answer by the same arithmetic that `show` uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.errors import ShapeError
from cnncalc.layers.derivations import lost
from cnncalc.layers.windows import Window, axis_padding, split_total, transposed_padding, transposed_size

DEFAULT_MAX_KERNEL = 11
DEFAULT_MAX_STRIDE = 16

AxisPadding = str | tuple[int, int]
"""(before, after), or one of `PADDING_WORDS`."""


class Question(NamedTuple):
    """A question: the given values, and None for those that are looked for.

    Attributes:
        output: the size wanted.
        size: the input's size.
        kernel, stride, padding, output_padding: the settings.
        dilation: distance between the elements of the kernel.
        rounding: one of `ROUNDINGS`.
        transposed: whether the layer is a transposed convolution.
        max_kernel, max_stride, max_padding: the limits of the search; max_padding, on each side, is the
            kernel minus 1 if it is None. A layer that rounds up is a pool, padded by half its window at most.
    """

    output: int
    size: int | None = None
    kernel: int | None = None
    stride: int | None = None
    padding: AxisPadding | None = None
    output_padding: int | None = None
    dilation: int = 1
    rounding: str = "floor"
    transposed: bool = False
    max_kernel: int = DEFAULT_MAX_KERNEL
    max_stride: int = DEFAULT_MAX_STRIDE
    max_padding: int | None = None


class Answer(NamedTuple):
    """Settings that give the wanted output.

    Attributes:
        size, kernel, stride, dilation, before, after: of the axis.
        output_padding: of a transposed convolution; else 0.
        remainder: that of the stride. For a transposed convolution, its remainder
            of the output on the way back, which is the output_padding.
        lost: the words for values that are never read; empty if the stride divides exactly and leaves no gap.
    """

    kernel: int
    before: int
    after: int
    stride: int
    size: int
    dilation: int
    output_padding: int
    remainder: int
    lost: str

    @property
    def exact(self) -> bool:
        """Whether the stride divides exactly."""
        return self.remainder == 0


def solve(question: Question) -> tuple[Answer, ...]:
    """Every answer within the limits: smallest kernel first, then smallest padding, then smallest stride.

    Of the two ways to put an odd padding the one with the larger half at the end is listed, as in TensorFlow;
    the other gives the same sizes.

    Raises:
        ValueError: both the input and the kernel are open.
    """
    if question.size is None:
        return tuple(_inputs(question))
    found = [answer for settings in _settings(question, question.size) if (answer := _tried(question, *settings))]
    return tuple(sorted(found, key=lambda a: (a.kernel, a.before + a.after, a.stride, a.output_padding)))


def output_of(question: Question, settings: tuple[int, int, int, AxisPadding, int]) -> int | None:
    """The output that (size, kernel, stride, padding, output_padding) give; None if they are impossible."""
    size, kernel, stride, padding, output_padding = settings
    before, after = _padding(question, size, kernel, stride, padding)
    try:
        if question.transposed:
            return transposed_size(size, kernel, stride, question.dilation, before, after, output_padding)
        return Window(size, kernel, stride, question.dilation, before, after, question.rounding).outputs()
    except ShapeError:
        return None


def _padding(question: Question, size: int, kernel: int, stride: int, padding: AxisPadding) -> tuple[int, int]:
    per_axis = padding if isinstance(padding, str) else (padding,)
    if question.transposed:
        return transposed_padding(per_axis, 0, kernel, stride, question.dilation)
    return axis_padding(per_axis, 0, size, kernel, stride, question.dilation)


def _settings(question: Question, size: int) -> Iterator[tuple[int, int, int, AxisPadding, int]]:
    """(size, kernel, stride, padding, output_padding) for every setting within the limits."""
    for kernel in _kernels(question, size):
        for padding in _paddings(question, kernel):
            for stride in [question.stride] if question.stride else range(1, question.max_stride + 1):
                extra = _output_padding(question, size, kernel, stride, padding)
                if extra is not None:
                    yield size, kernel, stride, padding, extra


def _kernels(question: Question, size: int) -> list[int]:
    """The kernels to try; the one that covers the whole input is always among them."""
    if question.kernel is not None:
        return [question.kernel]
    whole = [size] if size > question.max_kernel and not question.transposed else []
    return [*range(1, question.max_kernel + 1), *whole]


def _paddings(question: Question, kernel: int) -> list[AxisPadding]:
    if question.padding is not None:
        return [question.padding]
    most = kernel - 1 if question.max_padding is None else question.max_padding
    if kernel > question.max_kernel and question.max_padding is None and question.kernel is None:
        most = 0
    if question.rounding != "floor":
        most = min(most, half_window(question.dilation, kernel))
    return [split_total(total, "same") for total in range(2 * most + 1)]


def half_window(dilation: int, kernel: int) -> int:
    """The most that a pool may be padded by on one side: half the effective kernel."""
    return Window(0, kernel, dilation=dilation).effective // 2


def _output_padding(question: Question, size: int, kernel: int, stride: int, padding: AxisPadding) -> int | None:
    """The output_padding that can give the wanted output; None if there is none.

    It is smaller than stride or dilation, as the layer requires, and each one adds 1 to the output.
    """
    most = max(stride, question.dilation) - 1
    if not question.transposed:
        return 0
    if question.output_padding is not None:
        return question.output_padding if question.output_padding <= most else None
    if padding in ("same", "same_lower"):
        return 0
    largest = output_of(question, (size, kernel, stride, padding, most))
    if largest is None or not 0 <= largest - question.output <= most:
        return None
    return most - (largest - question.output)


def _tried(
    question: Question, size: int, kernel: int, stride: int, padding: AxisPadding, output_padding: int
) -> Answer | None:
    """The answer of these settings, if they give the wanted output."""
    if output_of(question, (size, kernel, stride, padding, output_padding)) != question.output:
        return None
    before, after = _padding(question, size, kernel, stride, padding)
    if question.transposed:
        extra = "the last value is" if output_padding == 1 else f"the last {output_padding} values are"
        words = f"{extra} added by output_padding" if output_padding else ""
        return Answer(kernel, before, after, stride, size, question.dilation, output_padding, output_padding, words)
    window = Window(size, kernel, stride, question.dilation, before, after, question.rounding)
    return Answer(kernel, before, after, stride, size, question.dilation, 0, window.remainder, lost(window))


def _inputs(question: Question) -> Iterator[Answer]:
    """The input sizes that give the wanted output, smallest first.

    The exact input of a convolution is the output of its transposed one, and the other way round;
    every size near it is tried, since rounding and padding words move it by less than two windows.
    """
    if question.kernel is None:
        raise ValueError("the input can only be found if the kernel is given")
    kernel, stride, extra = question.kernel, question.stride or 1, question.output_padding or 0
    padding: AxisPadding = (0, 0) if question.padding is None else question.padding
    pads = padding if isinstance(padding, tuple) else (0, 0)
    if question.transposed:
        near = -(-question.output // stride)
    else:
        near = transposed_size(question.output, kernel, stride, question.dilation, 0, 0, 0)
    extent = Window(1, kernel, dilation=question.dilation).effective
    reach = 2 * (stride + extent) + sum(pads) + extra
    for size in range(max(1, near - reach), near + reach + 1):
        if answer := _tried(question, size, kernel, stride, padding, extra):
            yield answer
