"""The arithmetic of one spatial axis: the number of windows that fit, and the remainder.

Symbols, as in every formula here: n size, k kernel, d dilation, s stride, b and a
padding before and after, e = d(k-1)+1 the effective kernel.

Source: Dumoulin & Visin 2016, arXiv:1603.07285, with the frameworks' rounding rules beside it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cnncalc.errors import ShapeError
from cnncalc.layers.parameters import Padding, Size
from cnncalc.shapes import Shape

ROUNDINGS = ("floor", "ceil", "ceil_caffe", "ceil_full")


class Window(NamedTuple):
    """A window sliding over one padded axis.

    Attributes:
        size: the axis' size, n.
        kernel: taps of the window, k.
        stride: distance between windows, s.
        dilation: distance between taps, d.
        before: padding before the first value, b.
        after: padding after the last value, a.
        rounding: how their number is rounded if the stride does not divide; one of `ROUNDINGS`.
    """

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    rounding: str = "floor"

    @property
    def effective(self) -> int:
        """The effective kernel d(k-1)+1: the extent of the window including the gaps."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        """The size with its padding, n+b+a."""
        return self.size + self.before + self.after

    @property
    def remainder(self) -> int:
        """The remainder of the stride: (n+b+a-e) mod s."""
        return (self.padded - self.effective) % self.stride

    @property
    def has_gaps(self) -> bool:
        """Whether there are values between two windows."""
        return self.stride > self.effective and self.outputs() > 1

    @property
    def unread(self) -> int:
        """The values at the end of the axis, padding aside, that no window reaches when rounding down."""
        end = (self.outputs() - 1) * self.stride + self.effective
        return min(self.size, max(0, self.before + self.size - end))

    @property
    def exact_sizes(self) -> tuple[int, ...]:
        """The nearest sizes of the axis, below and above, without a remainder of the stride."""
        smaller, larger = self.size - self.remainder, self.size + self.stride - self.remainder
        return (smaller, larger) if smaller > 0 and self.padded - self.remainder >= self.effective else (larger,)

    @property
    def clipped(self) -> bool:
        """Whether rounding up gives one window that would start at or past n+b, which is dropped.

        PyTorch and ONNX (opset 22) always drop it; Caffe only if there is padding.
        """
        if self.rounding in ("floor", "ceil_full") or not self.remainder:
            return False
        if self.rounding == "ceil_caffe" and not (self.before or self.after):
            return False
        last_start = -(-(self.padded - self.effective) // self.stride) * self.stride
        return last_start >= self.size + self.before

    def outputs(self) -> int:
        """The number of windows.

        floor: (n+b+a-e)//s + 1. ceil: rounded up, minus 1 if `clipped`, which ceil_full never is.

        Raises:
            ShapeError: not even one window fits.
        """
        steps = self.padded - self.effective
        count = steps // self.stride + 1 if self.rounding == "floor" else -(-steps // self.stride) + 1 - self.clipped
        if count < 1:
            dilated = f" (kernel {self.kernel}, dilation {self.dilation})" if self.dilation > 1 else ""
            padded = "padded input" if self.before or self.after else "input"
            raise ShapeError(f"window {self.effective}{dilated} is larger than the {padded} {self.padded}")
        return count


def axis_padding(padding: Padding, axis: int, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """The (before, after) that `padding` means on one axis of a convolution or pool.

    Args:
        padding: as the layer has it.
        axis: its number, for a padding given in numbers.
        size: of this axis, without padding.
        kernel: taps of the window on this axis.
        stride: on this axis.
        dilation: on this axis.
    """
    if not isinstance(padding, str):
        return padding[axis]
    effective = dilation * (kernel - 1) + 1
    if padding == "half":
        return dilation * (kernel - 1) // 2, dilation * (kernel - 1) // 2
    if padding == "causal":
        return effective - 1, 0
    if padding in ("same", "same_lower"):
        total = max((-(-size // stride) - 1) * stride + effective - size, 0)
        return split_total(total, padding)
    return 0, 0


def require_values(x: Shape, pairs: tuple[tuple[int, int], ...], mode: str) -> None:
    """Raise ShapeError if a map is too small for a padding of this mode."""
    if mode == "zeros":
        return
    for n, pair in zip(x.spatial, pairs, strict=True):
        most = {"reflect": n - 1, "circular": n}.get(mode, max(pair))
        if not 0 <= min(pair) <= max(pair) <= most:
            raise ShapeError(
                f"mode {mode} can add 0 to {most} values to an axis of {n}, not {min(pair)} and {max(pair)}"
            )


@lru_cache(maxsize=1024)
def sliding_windows(
    spatial: Size, kernel: Size, stride: Size, dilation: Size, padding: Padding, rounding: str = "floor"
) -> tuple[Window, ...]:
    """The window on each spatial axis of an input. Cached: most layers of a network share theirs."""
    axes = list(zip(spatial, kernel, stride, dilation, strict=True))
    pairs = [axis_padding(padding, axis, *sizes) for axis, sizes in enumerate(axes)]
    if rounding == "ceil_caffe" and any(before or after for before, after in pairs):
        rounding = "ceil"  # Caffe drops the last window on both axes as soon as one is padded
    return tuple(
        Window(n, k, s, d, before, after, rounding) for (n, k, s, d), (before, after) in zip(axes, pairs, strict=True)
    )


@lru_cache(maxsize=1024)
def output_sizes(windows: tuple[Window, ...]) -> Size:
    """The number of windows on each axis.

    Raises:
        ShapeError: not even one window fits.
    """
    return tuple([window.outputs() for window in windows])


def split_total(total: int, padding: str) -> tuple[int, int]:
    """A SAME padding split over both sides: an odd one has one more at the end, for `same_lower` at the start.

    A negative total, which extends the output of a transposed convolution, goes to that side as a whole.
    """
    smaller = total // 2 if total > 0 else 0
    larger = total - smaller
    return (smaller, larger) if padding == "same" else (larger, smaller)


def transposed_padding(
    padding: Padding, axis: int, kernel: int, stride: int, dilation: int, extra: int | None = None
) -> tuple[int, int]:
    """The (before, after) that `padding` crops from one axis of a transposed convolution.

    `same` crops e-s in all, so that the output is n·s (Keras, ONNX); if s > e the number is
    negative and the output is extended instead. With an `extra`, the output_padding, it crops
    2·(e//2) less that (Keras). `valid` extends to n·s if s > e, unless there is an extra (TensorFlow).
    """
    if not isinstance(padding, str):
        return padding[axis]
    effective = dilation * (kernel - 1) + 1
    if padding == "half":
        return dilation * (kernel - 1) // 2, dilation * (kernel - 1) // 2
    if padding in ("same", "same_lower"):
        return split_total(effective - stride if extra is None else 2 * (effective // 2) - extra, padding)
    return 0, min(effective - stride, 0) if padding == "valid" and extra is None else 0


def transposed_size(
    size: int, kernel: int, stride: int, dilation: int, before: int, after: int, output_padding: int
) -> int:
    """The output size of a transposed convolution: (n-1)s - b - a + e + output_padding.

    Raises:
        ShapeError: the padding crops everything away.
    """
    full = (size - 1) * stride + dilation * (kernel - 1) + 1 + output_padding
    if full - before - after < 1:
        raise ShapeError(
            f"padding {before} + {after} leaves nothing of the output {full}; "
            "padding is what a transposed convolution crops"
        )
    return full - before - after
