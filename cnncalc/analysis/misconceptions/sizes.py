"""Misconceptions about the size of a map: the window that slides over it."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.misconceptions.axis import Axis
from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.layer_terms import Around
from cnncalc.analysis.misconceptions.terms import Terms

CONFUSED_SIZES = ((224, 227), (28, 32), (224, 299))
"""Input sizes that are taken for one another: AlexNet's two, MNIST and LeNet-5, ImageNet and Inception."""


def _padding_once(t: Terms, around: Around) -> Iterator[Terms]:
    yield t._replace(axes=tuple(axis._replace(padding=(sum(axis.pads) // 2, 0)) for axis in t.axes))


def _padding_added(t: Terms, around: Around) -> Iterator[Terms]:
    if t.windows() and not any(sum(axis.pads) for axis in t.axes):
        halves = tuple(axis._replace(padding=(axis.kernel // 2, axis.kernel // 2)) for axis in t.axes)
        yield t._replace(axes=halves)
        yield t.on_axes(padding=(1, 1))
        yield t.on_axes(padding="same")


def _ceil(t: Terms, around: Around) -> Iterator[Terms]:
    if all(axis.rounding == "floor" for axis in t.windows()):
        yield t.on_axes(rounding="ceil")


def _floor(t: Terms, around: Around) -> Iterator[Terms]:
    if any(axis.rounding != "floor" for axis in t.windows()):
        yield t.on_axes(rounding="floor")
    if any(isinstance(axis.padding, str) for axis in t.windows()):
        # n/S rounded down: as if the stride divided, there is one window less.
        yield _given(t, tuple(axis.size // axis.stride for axis in t.axes))


def _given(t: Terms, sizes: tuple[int, ...]) -> Terms:
    """The terms with an output of these sizes."""
    axes = zip(t.axes, sizes, strict=True)
    return t._replace(axes=tuple(axis._replace(rule="given", size=size) for axis, size in axes))


def _stride_is_kernel(t: Terms, around: Around) -> Iterator[Terms]:
    yield t._replace(axes=tuple(axis._replace(stride=axis.kernel) for axis in t.axes))


def _stride_of_another(t: Terms, around: Around) -> Iterator[Terms]:
    for _, stride in around.windows:
        if t.windows() and len(stride) == len(t.axes):
            pairs = zip(t.axes, stride, strict=True)
            yield t._replace(axes=tuple(axis._replace(stride=s) for axis, s in pairs))


def _kernel_of_another(t: Terms, around: Around) -> Iterator[Terms]:
    for kernel, _ in around.windows:
        if t.windows() and len(kernel) == len(t.axes):
            pairs = zip(t.axes, kernel, strict=True)
            axes = tuple(a._replace(kernel=k, effective=a.dilation * (k - 1) + 1) for a, k in pairs)
            yield _with_taps(t._replace(axes=axes))


def _with_taps(t: Terms) -> Terms:
    """The terms with as many taps as the kernels of its axes have."""
    return t._replace(taps=prod(axis.kernel for axis in t.axes) if t.taps else 0)


def _dilation_ignored(t: Terms, around: Around) -> Iterator[Terms]:
    yield t._replace(axes=tuple(axis._replace(effective=axis.kernel, dilation=1) for axis in t.axes))


def _effective_wrong(t: Terms, around: Around) -> Iterator[Terms]:
    if any(axis.dilation > 1 for axis in t.axes):
        for wrong in (_times, _times_gaps, _plus):
            yield t._replace(axes=tuple(axis._replace(effective=wrong(axis)) for axis in t.axes))


def _times(axis: Axis) -> int:
    return axis.dilation * axis.kernel


def _times_gaps(axis: Axis) -> int:
    return axis.dilation * (axis.kernel - 1)


def _plus(axis: Axis) -> int:
    return axis.kernel + axis.dilation - 1


def _signs_swapped(t: Terms, around: Around) -> Iterator[Terms]:
    for end in (-1, -2):
        yield t._replace(axes=tuple(_with_swapped_signs(axis, end) for axis in t.axes))


def _with_swapped_signs(axis: Axis, end: int) -> Axis:
    """The axis with its kernel added in the quotient; the receptive field has no such signs and stays."""
    if axis.rule != "window":
        return axis
    return axis._replace(effective=-axis.effective, end=end, less=axis.less - 2 * axis.effective)


def _size_kept(t: Terms, around: Around) -> Iterator[Terms]:
    if t.windows():
        yield _given(t, tuple(axis.size for axis in t.axes))


def _as_convolution(t: Terms, around: Around) -> Iterator[Terms]:
    if any(axis.rule == "transposed" for axis in t.axes):
        yield t.on_axes(rule="window")


def _wrong_input(t: Terms, around: Around) -> Iterator[Terms]:
    if not around.first:
        return
    for one, other in CONFUSED_SIZES:
        for size, wrong in ((one, other), (other, one)):
            if t.windows() and all(axis.size == size for axis in t.axes):
                swapped = t.on_axes(size=wrong)
                yield swapped
                yield swapped.on_axes(padding=(0, 0))  # 227 is the size that needs no padding


def _axes_swapped(t: Terms, around: Around) -> Iterator[Terms]:
    if len(t.axes) > 1:
        yield t._replace(axes=(*t.axes[:-2], t.axes[-1], t.axes[-2]))
        first, second = t.axes[-2:]
        kernels = (_with_kernel(first, second), _with_kernel(second, first))
        yield t._replace(axes=(*t.axes[:-2], *kernels))


def _with_kernel(axis: Axis, other: Axis) -> Axis:
    return axis._replace(kernel=other.kernel, effective=other.effective, padding=other.padding)


SIZES: tuple[Misconception, ...] = (
    Misconception(
        "padding-forgotten", 10, "without the padding",
        "The padding is left out: it is added on both sides before the window slides.",
        "Look at the padding: is it in your numerator?",
        lambda t, around: (t.on_axes(padding=(0, 0)),),
    ),
    Misconception(
        "padding-once", 12, "with the padding counted on one side only",
        "The padding is counted once: it is added on both sides, so it counts twice.",
        "Look at the padding: on how many sides is it added?",
        _padding_once,
    ),
    Misconception(
        "padding-added", 21, "with padding that the layer does not have",
        "There is padding in your calculation, but this layer has none.",
        "Look at the padding: how much of it does this layer have?",
        _padding_added,
    ),
    Misconception(
        "plus-one-forgotten", 11, "without the + 1 at the end",
        "The + 1 is missing: the quotient counts the steps of the window, and its first place comes on top.",
        "Look at the end of the formula: does the quotient count places, or steps between them?",
        lambda t, around: (t.on_axes(end=0),),
    ),
    Misconception(
        "plus-two", 23, "with + 2 for + 1 at the end",
        "There is a + 2 where the formula has + 1: the window's first place is counted twice.",
        "Look at the end of the formula: how many places does the window have before its first step?",
        lambda t, around: (t.on_axes(end=2),),
    ),
    Misconception(
        "ceil-for-floor", 13, "rounded up where it is rounded down",
        "The quotient is rounded up; here it is rounded down, because a window that does not fit is left out.",
        "Look at the division: it leaves a remainder. What happens to it?",
        _ceil,
    ),
    Misconception(
        "floor-for-ceil", 13, "rounded down where it is rounded up",
        "The quotient is rounded down; here it is rounded up, because a last, partly filled window counts.",
        "Look at the division: it leaves a remainder. What does this layer do with it?",
        _floor,
    ),
    Misconception(
        "stride-ignored", 14, "with stride 1",
        "The stride is left out: the window moves by more than one value at a time.",
        "Look at the stride: is it in your formula?",
        lambda t, around: (t.on_axes(stride=1),),
    ),
    Misconception(
        "stride-is-kernel", 20, "with a stride as large as the kernel",
        "The stride is taken to be the kernel size, as if the windows did not overlap.",
        "Look at the stride: is it the kernel size here?",
        _stride_is_kernel,
    ),
    Misconception(
        "stride-of-another-layer", 22, "with the stride of a neighbouring layer",
        "The stride is that of the layer above or below.",
        "Look at the stride: is it the one of this row?",
        _stride_of_another,
    ),
    Misconception(
        "kernel-of-another-layer", 24, "with the kernel of a neighbouring layer",
        "The kernel is that of the layer above or below.",
        "Look at the kernel: is it the one of this row?",
        _kernel_of_another,
    ),
    Misconception(
        "dilation-ignored", 11, "without the dilation",
        "The dilation is left out: it spreads the taps, so that the window spans d·(K − 1) + 1 values.",
        "Look at the dilation: how many values does the window span with its gaps?",
        _dilation_ignored,
    ),
    Misconception(
        "effective-kernel-wrong", 15, "with a wrong effective kernel",
        "The effective kernel is not right: K taps have K − 1 gaps, so the window spans d·(K − 1) + 1 values.",
        "Look at the effective kernel: how many gaps are there between K taps?",
        _effective_wrong,
    ),
    Misconception(
        "signs-swapped", 40, "with the kernel added and the last term subtracted",
        "The signs are swapped: the kernel is subtracted from the size, and 1 is added at the end.",
        "Look at the signs of the formula: what is added, what is subtracted?",
        _signs_swapped,
    ),
    Misconception(
        "size-kept", 26, "with the size that comes in",
        "The size of the input is kept, but this window makes it smaller or larger.",
        "Look at kernel, stride and padding: does the size stay as it is?",
        _size_kept,
    ),
    Misconception(
        "deconv-as-conv", 12, "by the formula of an ordinary convolution",
        "This is a transposed convolution: it enlarges, (H − 1)·S − 2P + K, where a convolution makes smaller.",
        "Look at the kind of the layer: does it make the map smaller or larger?",
        _as_convolution,
    ),
    Misconception(
        "wrong-input-size", 9, "for another common input size",
        "The input size is not the one of this exercise: 224 and 227 (or 28 and 32) are easily confused.",
        "Look at the input: which size does this exercise have?",
        _wrong_input,
    ),
    Misconception(
        "height-width-swapped", 18, "with height and width swapped",
        "Height and width are swapped: the height comes first, for maps as for kernels.",
        "Look at the two axes: which number belongs to which?",
        _axes_swapped,
    ),
)  # fmt: skip
"""About sizes."""
