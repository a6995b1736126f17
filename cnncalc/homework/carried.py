"""What follows from the other answers of the same row: FLOPs from MACs, bytes from values."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.misconceptions.reckoner import Reckoner
from cnncalc.analysis.misconceptions.terms import Value


def carried(figure: str, answers: Mapping[str, Value], reckoner: Reckoner) -> list[Value]:
    """The values of a figure that follow from answers of its row; none where none of them leads to it.

    Args:
        figure: what is asked for.
        answers: the answers of the row so far, by figure.
        reckoner: the row, for what was not answered.
    """
    counts = {name: value for name, value in answers.items() if type(value) is int}
    value_bytes = reckoner.terms[0].value_bytes
    match figure:
        case "flops" if "macs" in counts:
            return [2 * counts["macs"]]
        case "weights":
            return list(_weights(counts, reckoner))
        case "weights_memory":
            weights = [counts["weights"]] if "weights" in counts else []
            return [value_bytes * value for value in (*weights, *_weights(counts, reckoner))]
        case "output_memory" if "elements" in counts:
            return [value_bytes * counts["elements"]]
    return []


def _weights(counts: Mapping[str, int], reckoner: Reckoner) -> tuple[int, ...]:
    """Params and buffers, where one of them was answered."""
    parts = [counts.get(figure, reckoner.value(figure)) for figure in ("params", "buffers")]
    known = [part for part in parts if type(part) is int]
    answered = "params" in counts or "buffers" in counts
    return (sum(known),) if answered and len(known) == len(parts) else ()
