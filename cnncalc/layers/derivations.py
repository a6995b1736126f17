"""Sliding windows, the base of several kinds, and the rules of windows, of weights and of settings by axis."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from itertools import repeat

from cnncalc.layers.base import Layer, Rule
from cnncalc.layers.parameters import Padding, Size
from cnncalc.layers.reach import Reach, window_reach
from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES, Shape

SAME = ("same", "same_lower")


def axis_rules(
    spatial: Size, text: str, settings: Mapping[str, Size] | None = None, note: str = ""
) -> tuple[Rule, ...]:
    """The same rule for the size of each axis.

    Args:
        spatial: the sizes of the input.
        text: the formula, with `{}` for the letter of the axis.
        settings: the number of each symbol by axis.
        note: a remark on the result.
    """
    rules = []
    for place, (letter, size) in enumerate(zip(AXES[len(spatial)], spatial, strict=True)):
        values = {letter: size} | {name: sizes[place] for name, sizes in (settings or {}).items()}
        rules.append(Rule("", text.format(letter), values, letter, note=note))
    return tuple(rules)


def kernel_rule(kernel: Size) -> Rule:
    """The values of a kernel on one channel: `taps = K_h*K_w`."""
    values = {f"K_{letter.lower()}": k for letter, k in zip(AXES[len(kernel)], kernel, strict=True)}
    return Rule("taps", "*".join(values), values, shown=False)


def counted(factors: str, macs: str, bias: bool, values: Mapping[str, int], note: str = "") -> tuple[Rule, ...]:
    """The rules of a layer with filters: its channels, params and MACs.

    Args:
        factors: the formula of the weights without biases.
        macs: the formula of the MACs.
        bias: whether each filter has one.
        values: the numbers of both.
        note: a remark on the MACs.
    """
    return (
        Rule("channels", "filters", values, shown=False),
        Rule("factors", factors, values, shown=False),
        Rule("biases", "filters", values, shown=False),
        Rule("params", "factors + biases" if bias else "factors", {}),
        Rule("macs", macs, values, note=note),
    )


class Sliding(Layer):
    """A layer whose window slides over its input. Subclasses have the field padding."""

    padding: Padding

    @abstractmethod
    def windows(self, x: Shape) -> tuple[Window, ...]:
        """The window on each axis of the input."""

    def padding_pairs(self, x: Shape) -> tuple[tuple[int, int], ...]:
        return tuple((w.before, w.after) for w in self.windows(x))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(window_reach(window) for window in self.windows(x))

    def window_rules(self, x: Shape) -> tuple[Rule, ...]:
        """The rules of each axis: its size, and the symbols that it follows from."""
        axes = map(_axis, AXES[x.rank], self.windows(x), repeat(self.padding))
        return tuple(rule for axis in axes for rule in axis)


def _axis(letter: str, w: Window, padding: Padding) -> Iterator[Rule]:
    values = {letter: w.size, "K": w.kernel, "S": w.stride}
    if w.dilation > 1:
        yield Rule("E", "d*(K - 1) + 1", {"d": w.dilation, "K": w.kernel}, letter, "effective kernel E")
        values["E"] = w.effective
    else:
        yield Rule("E", "K", values, letter, shown=False)
    if padding in SAME:
        note = f"{w.before} before, {w.after} after"
        total = f"max((ceil({letter}/S) - 1)*S + E - {letter}, 0)"
        yield Rule("P_all", total, values, letter, "total padding", note)
    elif padding == "half":
        yield Rule("P", "floor((E - 1)/2)", values, letter, "padding P", shown=w.before > 0)
    elif padding == "causal" and w.before:
        yield Rule("P_before", "E - 1", values, letter, "padding before")
    sides, pads = padding_of(w.before, w.after, padding)
    rounded, clipped = "floor" if w.rounding == "floor" else "ceil", " - 1" if w.clipped else ""
    text = f"{rounded}(({letter} + {' + '.join(sides)} - E)/S) + 1{clipped}"
    yield Rule("", text, values | pads, letter, note=left_over(w))


def padding_of(before: int, after: int, padding: Padding) -> tuple[tuple[str, ...], dict[str, int]]:
    """The summands of a padding, and their numbers: `2*P` if both sides have as much."""
    if padding in SAME:
        return ("P_all",), {"P_all": before + after}
    if before == after:
        return ("2*P",), {"P": before}
    return ("P_before", "P_after"), {"P_before": before, "P_after": after}


def left_over(w: Window) -> str:
    """The words for the remainder of the stride on an axis; empty if there is no stride."""
    what = lost(w)
    if not what or (w.has_gaps and w.rounding == "floor"):
        return what or ("exact: nothing is left over" if w.stride > 1 else "")
    exact = f"; exact with input {' or '.join(map(str, w.exact_sizes))}" if w.rounding == "floor" else ""
    return f"remainder {w.remainder}: {what}{exact}"


def lost(w: Window) -> str:
    """The words for values that no window reads, or only partly; empty if the stride divides exactly."""
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
    """The words for the number of values at the end that no window reaches."""
    if w.unread:
        last = "the last value" if w.unread == 1 else f"the last {w.unread} values"
        return f"{last} of the axis {_is(w.unread)} never read"
    padding = "the last value" if w.remainder == 1 else f"the last {w.remainder} values"
    return f"{padding} of the padding {_is(w.remainder)} never read; no input is lost"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"
