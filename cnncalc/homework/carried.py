"""What follows from the other answers of the same row: FLOPs from MACs, bytes from values."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.misconceptions.layer_figures import VALUE_BYTES
from cnncalc.analysis.misconceptions.row_figures import RowFigures
from cnncalc.analysis.misconceptions.values import Value


def carried(figure: str, answers: Mapping[str, Value], figures: RowFigures) -> list[Value]:
    """The values of a figure that follow from answers of its row; none where none of them leads to it.

    Args:
        figure: what is asked for.
        answers: the answers of the row so far, by figure.
        figures: the row, for what was not answered.
    """
    counts = {name: value for name, value in answers.items() if type(value) is int}
    match figure:
        case "flops" if "macs" in counts:
            return [2 * counts["macs"]]
        case "weights":
            return list(_weights(counts, figures))
        case "weights_memory":
            weights = [counts["weights"]] if "weights" in counts else []
            return [VALUE_BYTES * value for value in (*weights, *_weights(counts, figures))]
        case "output_memory" if "elements" in counts:
            return [VALUE_BYTES * counts["elements"]]
    return []


def _weights(counts: Mapping[str, int], figures: RowFigures) -> tuple[int, ...]:
    """Params and buffers, where one of them was answered."""
    parts = [counts.get(figure, figures.value(figure)) for figure in ("params", "buffers")]
    known = [part for part in parts if type(part) is int]
    answered = "params" in counts or "buffers" in counts
    return (sum(known),) if answered and len(known) == len(parts) else ()
