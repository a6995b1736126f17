"""What came out of a run, as plain data: the largest values of a vector, the range of a map."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cnncalc.executor.base import Array
from cnncalc.executor.run import in_layout
from cnncalc.shapes import Layout, Shape

MAX_VALUES = 200
"""An output of more values is not listed whole."""


class Summary(NamedTuple):
    """One output for one input.

    Attributes:
        shape: of the output.
        smallest, largest, mean: of all its values.
        top: index and value of the largest, largest first; empty for a map.
        values: all of them as nested lists in the spec's layout; None where there are too many.
    """

    shape: Shape
    smallest: float
    largest: float
    mean: float
    top: tuple[tuple[int, float], ...]
    values: Any


def summarize(output: Array, top: int, layout: Layout) -> list[Summary]:
    """What came out, for each input.

    Args:
        output: (N, C, *spatial).
        top: how many values of a vector are named.
        layout: the order of the axes in `values`.
    """
    return [_summary(one, top, layout) for one in in_layout(output, layout)]


def _summary(values: Array, top: int, layout: Layout) -> Summary:
    shape = Shape.of(values.shape, layout)
    largest = () if shape.spatial else np.argsort(-values, kind="stable")[:top]
    return Summary(
        shape=shape,
        smallest=_number(values.min()),
        largest=_number(values.max()),
        mean=_number(values.mean(dtype=np.float64)),
        top=tuple((int(index), _number(values[index])) for index in largest),
        values=_nested(values) if values.size <= MAX_VALUES else None,
    )


def _nested(values: Array) -> Any:
    """An array as lists of lists."""
    return [_nested(part) for part in values] if values.ndim else _number(values)


def _number(value: Any) -> float:
    """A float32 with the fewest digits that are it again: 1.8, not 1.7999999523162842."""
    return float(str(np.float32(value)))
