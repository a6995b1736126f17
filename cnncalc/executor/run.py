"""Real values through a network: inputs run one after another; their outputs are stacked, or given as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from cnncalc.errors import ExecutionError, OutOfMemory
from cnncalc.executor.base import Array, WeightSource
from cnncalc.executor.execute import Observation, execute
from cnncalc.executor.files.reading import place_of_first
from cnncalc.executor.inputs import Input, count_of
from cnncalc.executor.weights import KeptWeights
from cnncalc.network.model import Network
from cnncalc.shapes import Layout, Shape

Step = tuple[int, Observation]
"""The number of an input, from 0, and the observation of one layer for it."""

Watch = Callable[[Iterable[Step], int], Iterable[Step]]
"""Hands on all steps, with their number; a progress bar is one."""


def run(
    network: Network,
    inputs: Mapping[str, Input],
    weights: WeightSource,
    watch: Watch = lambda steps, total: steps,
) -> dict[str, Array]:
    """Execute a network on real values.

    Returns:
        Each output by name: (N, C, *spatial).

    Raises:
        ExecutionError: the inputs have different N, a layer's output is not finite, or
            there is not enough memory.
    """
    count = count_of(inputs)
    weights = KeptWeights(weights) if count > 1 else weights
    values = {name: given.array for name, given in inputs.items()}
    wanted = set(network.outputs.values()) - values.keys()
    try:
        for number, step in watch(_steps(network, inputs, weights, count), count * len(network.nodes)):
            if step.path in wanted:
                if not number:
                    values[step.path] = np.empty((count, *step.output.shape), np.float32)
                values[step.path][number] = step.output
    except MemoryError as error:
        raise OutOfMemory(f"the network does not fit into memory: {error}") from None
    return {name: values[path] for name, path in network.outputs.items()}


def arranged(outputs: Mapping[str, Array], inputs: Mapping[str, Input], layout: Layout) -> dict[str, Array]:
    """Outputs as their owner expects them: in the spec's layout, with an axis for N if an input has one."""
    batched = any(given.batched for given in inputs.values())
    laid = {name: in_layout(array, layout) for name, array in outputs.items()}
    return laid if batched else {name: array[0] for name, array in laid.items()}


def in_layout(array: Array, layout: Layout) -> Array:
    """(N, C, *spatial) with its axes in the order of the layout."""
    return np.moveaxis(array, 1, -1) if layout == "HWC" else array


def _steps(network: Network, inputs: Mapping[str, Input], weights: WeightSource, count: int) -> Iterator[Step]:
    for number in range(count):
        for observation in execute(network, {name: given.array[number] for name, given in inputs.items()}, weights):
            _require_finite(observation)  # before anything watches it: explanations and pictures are of numbers
            yield number, observation


REASONS = {"bn": "is a running_var below 0", "log": "is a value 0 or below", "divide": "is a divisor 0",
           "power": "is a value below 0, or 0 with a negative exponent"}  # fmt: skip
"""The reasons, other than large numbers, for an output that is not finite, by kind."""


def _require_finite(step: Observation) -> None:
    """Raise ExecutionError if a layer turns numbers into values that are not finite."""
    place = place_of_first(~np.isfinite(step.output))
    if place is not None:
        reason = f" ({REASONS[step.node.layer.kind]}?)" if step.node.layer.kind in REASONS else ""
        values = f"{step.output[place]} at {list(place)}"
        raise ExecutionError(
            f"{step.path}: the output of {step.node.layer.kind} holds {values}, channels first; "
            f"its input or weights are too large for float32{reason}"
        )


MAX_VALUES = 200
"""The most values of an output that is listed whole."""


class Summary(NamedTuple):
    """One output for one input.

    Attributes:
        shape: of the output.
        smallest, largest, mean: of all its values.
        top: index and value of the largest, largest first; empty for a map.
        values: all of them as nested lists in the spec's layout; None if there are too many.
    """

    shape: Shape
    smallest: float
    largest: float
    mean: float
    top: tuple[tuple[int, float], ...]
    values: Any


def summarize(output: Array, top: int, layout: Layout) -> list[Summary]:
    """Summaries of an output, (N, C, *spatial), for each input; of a vector the `top` largest values are named."""
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
    """A float32 with the fewest digits that give it again: 1.8, not 1.7999999523162842."""
    return float(str(np.float32(value)))
