"""The steps of a derivation that several kinds share: window arithmetic and weight counts."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.layers.base import Step
from cnncalc.layers.parameters import Padding
from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES, AXIS_NAMES


def kernel_product(letters: Sequence[str]) -> str:
    """The symbols of a kernel's volume: `K_h*K_w`."""
    return "*".join(f"K_{letter.lower()}" for letter in letters)


def kernel_values(letters: Sequence[str], kernel: Sequence[int]) -> dict[str, int]:
    """The numbers behind `kernel_product`."""
    return {f"K_{letter.lower()}": k for letter, k in zip(letters, kernel, strict=True)}


def window_steps(windows: Sequence[Window], padding: Padding) -> tuple[Step, ...]:
    """One step for each axis, with those for dilation and SAME padding before it where needed."""
    steps: list[Step] = []
    for letter, window in zip(AXES[len(windows)], windows, strict=True):
        steps += _axis_steps(letter, window, padding)
    return tuple(steps)


def _axis_steps(letter: str, w: Window, padding: Padding) -> list[Step]:
    name = AXIS_NAMES[letter]
    extent, values = "K", {letter: w.size, "K": w.kernel, "S": w.stride}
    steps = []
    if w.dilation > 1:
        dilated = {"d": w.dilation, "K": w.kernel}
        steps.append(
            Step(label=f"{name}, effective kernel E", formula="d*(K - 1) + 1", values=dilated, result=w.effective)
        )
        extent, values = "E", {letter: w.size, "E": w.effective, "S": w.stride}
    if padding in ("same", "same_lower"):
        steps.append(
            Step(
                label=f"{name}, padding in all",
                formula=f"max((ceil({letter}/S) - 1)*S + {extent} - {letter}, 0)",
                values=values,
                result=w.before + w.after,
                note=f"{w.before} before, {w.after} after",
            )
        )
    if w.before == w.after:
        padded, values = f"{letter} + 2*P", values | {"P": w.before}
    else:
        padded = f"{letter} + P_before + P_after"
        values |= {"P_before": w.before, "P_after": w.after}
    rounded = "floor" if w.rounding == "floor" else "ceil"
    formula = f"{rounded}(({padded} - {extent})/S) + 1"
    if w.clipped:
        formula += " - 1"
    steps.append(Step(label=name, formula=formula, values=values, result=w.outputs(), note=left_over(w)))
    return steps


def left_over(w: Window) -> str:
    """What the stride does to the values of the axis, in words; empty where there is no stride."""
    what = lost(w)
    if not what or (w.has_gaps and w.rounding == "floor"):
        return what or ("exact: nothing is left over" if w.stride > 1 else "")
    exact = f"; exact with input {' or '.join(map(str, w.exact_sizes))}" if w.rounding == "floor" else ""
    return f"remainder {w.remainder}: {what}{exact}"


def lost(w: Window) -> str:
    """What no window reads, or reads only partly; empty where the stride divides exactly."""
    gaps = ""
    if w.has_gaps:
        skipped = w.stride - w.effective
        gaps = (
            f"the stride {w.stride} is larger than the window {w.effective}: "
            f"{skipped} of every {w.stride} values {_is(skipped)} never read"
        )
    if not w.remainder or (gaps and w.rounding == "floor"):
        return gaps
    if w.rounding == "floor":
        return _unread(w)
    past = w.stride - w.remainder
    end = (
        "the window that would start in the padding is dropped (- 1)"
        if w.clipped
        else f"the last window is only partly filled: it reaches {past} past the end"
    )
    return f"{end}; {gaps}" if gaps else end


def _unread(w: Window) -> str:
    """How many values at the end no window reaches, in words."""
    if w.unread:
        last = "the last value" if w.unread == 1 else f"the last {w.unread} values"
        return f"{last} of the axis {_is(w.unread)} never read"
    padding = "the last value" if w.remainder == 1 else f"the last {w.remainder} values"
    return f"{padding} of the padding {_is(w.remainder)} never read, no input is lost"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
