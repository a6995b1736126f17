"""One spatial axis of a layer, with every number of its window open to be misread."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.layers.windows import split_total


class Axis(NamedTuple):
    """One spatial axis of a layer: what goes in, and the window that slides over it.

    Attributes:
        size: values of the input along the axis.
        rule: how the output follows: from a `window`, from a `transposed` one, or `given`.
        kernel: taps of the window.
        stride: distance between windows.
        dilation: distance between taps.
        effective: the extent of the window with its gaps, d(k-1)+1.
        padding: values added before and after; a word where they depend on the size.
        rounding: what happens where the stride does not divide; one of `ROUNDINGS`.
        end: what is added to the quotient: the 1 of (W - K + 2P)/S + 1.
        extra: output_padding of a transposed window.
        field, jump: receptive field and jump of the input.
        less: what is subtracted from the effective kernel in r + (E - 1)·j.
    """

    size: int
    rule: str = "given"
    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    effective: int = 1
    padding: str | tuple[int, int] = (0, 0)
    rounding: str = "floor"
    end: int = 1
    extra: int = 0
    field: int = 1
    jump: int = 1
    less: int = 1

    @property
    def pads(self) -> tuple[int, int]:
        """The values added before and after."""
        if not isinstance(self.padding, str):
            return self.padding
        if self.rule == "transposed":
            return split_total(self.effective - self.stride, self.padding)
        total = max((-(-self.size // self.stride) - 1) * self.stride + self.effective - self.size, 0)
        return split_total(total, self.padding)

    @property
    def outputs(self) -> int | None:
        """Values of the output along the axis; None where there would be none."""
        if self.rule == "given":
            return self.size if self.size > 0 else None
        before, after = self.pads
        if self.rule == "transposed":
            count = (self.size - 1) * self.stride - before - after + self.effective + self.extra
        else:
            steps = self.size + before + after - self.effective
            rounded = steps // self.stride if self.rounding == "floor" else -(-steps // self.stride)
            count = rounded + self.end - self._is_clipped(steps, before, after)
        return count if count > 0 else None

    def _is_clipped(self, steps: int, before: int, after: int) -> bool:
        """Whether rounding up gives a last window that would start behind the input, which is dropped."""
        if self.rounding == "floor" or not steps % self.stride:
            return False
        padded = self.rounding == "ceil" or before + after > 0
        return padded and -(-steps // self.stride) * self.stride >= self.size + before
