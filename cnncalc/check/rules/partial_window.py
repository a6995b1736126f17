"""partial-window: the stride leaves rows or columns at the end unread."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import AxisWindows, axis_names, is_cut, last, listed, pair_text
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.pooling import Pool
from cnncalc.layers.windows import Window, split_total


def find(subject: Subject) -> Iterator[Remark]:
    """Report windows that end before the map does. Where there are gaps too, dead-pixels reports them."""
    for path, axes in subject.windows.items():
        if any(is_cut(window) for _, window in axes):
            layer = subject.layers[path]
            pool = isinstance(layer.layer, Pool)
            yield Remark(layer.node, _message(layer, axes), "stride", severity="note" if pool else None)


def _message(layer: LayerReport, axes: AxisWindows) -> str:
    unread = listed([last(window.unread, letter) for letter, window in axes if is_cut(window)])
    causes = "; ".join(_cause(layer, axes, window) for window in dict.fromkeys(w for _, w in axes if is_cut(w)))
    return f"{layer.kind} never reads {unread} of {layer.inputs[0].text(layer.layout)}: {causes}"


def _cause(layer: LayerReport, axes: AxisWindows, cut: Window) -> str:
    """The arithmetic of the axes that have this window, and what would be exact."""
    pool = isinstance(layer.layer, Pool)
    letters = [letter for letter, window in axes if window == cut]
    ways = [f"{axis_names(letters)} {' or '.join(map(str, cut.exact_sizes))}"]
    for exact in _exact_paddings(cut, pool):
        pairs = [exact if window == cut else (window.before, window.after) for _, window in axes]
        ways.append(f"padding {pair_text(pairs)}")
    ways += ["rounding ceil"] if pool and cut.stride <= cut.effective else []
    padded = f"{cut.size} + {cut.before} + {cut.after}" if cut.before or cut.after else f"{cut.size}"
    return f"({padded} - {cut.effective})/{cut.stride} leaves {cut.remainder}, exact with {', or '.join(ways)}"


def _exact_paddings(window: Window, pool: bool) -> list[tuple[int, int]]:
    """The (before, after) nearest to the window's own with which the stride leaves nothing over.

    A pool can be padded by half its window; a convolution needs no more than all of it but one.
    """
    total = window.before + window.after
    most = window.effective // 2 if pool else window.effective - 1
    totals = (total - window.remainder, total + window.stride - window.remainder)
    return [pair for pair in (split_total(t, "same") for t in totals if t >= 0) if max(pair) <= most]


RULE = Rule(
    id="partial-window",
    severity="warning",
    summary="The stride leaves rows or columns at the end of the map unread.",
    reason=(
        "Where (size + padding - kernel) is not a multiple of the stride, the division is rounded down and the last "
        "rows and columns reach no window: the network is blind there, and shifts by a pixel when it is resized. "
        "Often it is a sign that the input or the padding is not the one that was meant: AlexNet's 55x55 needs 227 "
        "pixels, not the 224 that the paper prints. One row of a pooled map is rarely a loss, and many published "
        "networks have such a row, so that it is a note there. Source: Dumoulin & Visin 2016, arXiv:1603.07285, "
        "section 2.4."
    ),
    bad="input: {C: 3, H: 224, W: 224}\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n",
    good="input: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n",
    find=find,
)
