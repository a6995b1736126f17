"""partial-window: the stride leaves rows or columns at the end unread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.findings import Fix
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject, is_cut
from cnncalc.check.words import LINES, axis_names, counted, entering
from cnncalc.layers.facts import AxisWindows
from cnncalc.layers.pooling import Pool
from cnncalc.layers.rearrangement import ZeroPad
from cnncalc.layers.windows import Window, split_total
from cnncalc.network.model import Node
from cnncalc.notation import listed
from cnncalc.shapes import AXES


@rule("warning")
def partial_window(subject: Subject) -> Iterator[Complaint]:
    """Report windows that end before the map does. If there are gaps too, dead-pixels reports them."""
    zeros = {layer.path: _zeros_after(layer) for layer in subject.layers_of((ZeroPad.kind,))}
    for layer, axes in subject.strided:
        pool = isinstance(layer.layer, Pool)
        added = zeros.get(layer.node.inputs[0], {})
        cut = [(letter, window) for letter, window in axes if is_cut(window) and window.unread > added.get(letter, 0)]
        if cut:
            unread = listed([_last(window.unread, letter) for letter, window in cut])
            causes = "; ".join(_cause(axes, window, pool) for window in dict.fromkeys(window for _, window in cut))
            message = f"{layer.kind} never reads {unread} of {entering(layer)}: {causes}"
            fixes = tuple(_fixes(layer.node, axes, cut[0][1], pool)) if len({window for _, window in cut}) == 1 else ()
            yield Complaint(layer.node, message, "stride", severity="note" if pool else None, fixes=fixes)


def _zeros_after(layer: LayerReport) -> dict[str, int]:
    """The zeros that a zeropad adds at the end of each axis: nothing is lost if these are not read."""
    shape = layer.inputs[0]
    pairs = layer.layer.padding_pairs(shape) or ()
    return {letter: after for letter, (_, after) in zip(AXES[shape.rank], pairs, strict=True)}


def _last(number: int, letter: str) -> str:
    """The positions at the end of an axis: `the last row`, `the last 3 columns`."""
    return f"the last {LINES[letter]}" if number == 1 else f"the last {counted(number, letter)}"


def _cause(axes: AxisWindows, cut: Window, pool: bool) -> str:
    """The arithmetic of the axes that have this window, and the exact settings."""
    letters = [letter for letter, window in axes if window == cut]
    ways = [f"{axis_names(letters)} {' or '.join(map(str, cut.exact_sizes))}"]
    ways += [f"{key} {text}" for key, text in _exact_settings(axes, cut, pool)]
    padded = f"{cut.size} + {cut.before} + {cut.after}" if cut.before or cut.after else f"{cut.size}"
    return f"({padded} - {cut.effective})/{cut.stride} leaves {cut.remainder}, exact with {', or '.join(ways)}"


def _exact_settings(axes: AxisWindows, cut: Window, pool: bool) -> Iterator[tuple[str, str]]:
    """The parameters, each with a value, with which nothing is left over on the axes that have this window."""
    for exact in _exact_paddings(cut, pool):
        yield "padding", _padding([exact if w == cut else (w.before, w.after) for _, w in axes])
    if pool and cut.stride <= cut.effective:
        yield "rounding", "ceil"


def _fixes(node: Node, axes: AxisWindows, cut: Window, pool: bool) -> Iterator[Fix]:
    for key, text in _exact_settings(axes, cut, pool):
        yield Fix(f"write {key}: {text}", node.line, node.column, text, key)


def _padding(pairs: Sequence[tuple[int, int]]) -> str:
    """Padding as a spec writes it: `1` if it is the same all around, else `[[0, 1], [0, 1]]`."""
    numbers = {number for pair in pairs for number in pair}
    return str(numbers.pop()) if len(numbers) == 1 else str([list(pair) for pair in pairs])


def _exact_paddings(window: Window, pool: bool) -> list[tuple[int, int]]:
    """The (before, after) nearest to the window's own with which the stride leaves nothing over.

    A pool can be padded by half its window; a convolution needs no more than all of it but one.
    """
    total = window.before + window.after
    most = window.effective // 2 if pool else window.effective - 1
    totals = (total - window.remainder, total + window.stride - window.remainder)
    return [pair for pair in (split_total(t, "same") for t in totals if t >= 0) if max(pair) <= most]
