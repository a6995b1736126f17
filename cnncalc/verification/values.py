"""The executor compared with plain loops: values of every layer, drawn at random, are computed a second time.

The loops of `tracing` are those of a textbook, and share nothing with the executor. They get the input of each
layer from there, so that a layer answers for itself alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from math import isfinite, prod
from random import Random

import numpy as np

from cnncalc.analysis.report import Report
from cnncalc.executor.base import Array
from cnncalc.executor.execute import Observation, execute
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.layers.attention import Attention
from cnncalc.layers.learned import Embedding
from cnncalc.shapes import Shape
from cnncalc.tracing import TRACES
from cnncalc.tracing.network import apart
from cnncalc.tracing.trace import DRAWN, OneValue, Place
from cnncalc.verification.verdicts import Difference

MOST, FEWEST = 96, 8
"""How many values of a layer are compared."""
PRODUCTS = 300_000
"""The most MACs for a layer's values, if there are more than the fewest."""
LARGE = 10_000_000
"""The most MACs of an attention of which loops look into all windows."""
TIMES = 8
"""The factor on drawn inputs, from -1 to 1, before their signs: large enough to see a relu6."""


def compare_with_loops(report: Report, *, seed: int = 0) -> Iterator[Difference]:
    """Compute some values of every layer here and by plain loops, from the layer's input here.

    Yields:
        The difference of each node, in order, over the size of the value's sum.

    Raises:
        ExecutionError: the network cannot be executed.
    """
    network, chance = report.network, Random(seed)
    source = RandomWeights(seed)
    weights = KeptWeights(source)
    ids = {path for node in network.nodes if isinstance(node.layer, Embedding) for path in node.inputs}
    values = {name: x if name in ids else _spread(x) for name, x in source.inputs(network).items()}
    readers = Counter(path for node in network.nodes for path in node.inputs)
    for seen, layer in zip(execute(network, values, weights), report.layers, strict=True):
        output = np.array(seen.output)
        tensors = {name: weights.tensors[seen.node.owner, name] for name in seen.weights}
        tensors |= {DRAWN: output} if seen.node.layer.drawn else {}
        weights.tensors.clear()
        inputs = tuple(values[path] for path in seen.node.inputs)
        products = layer.macs // max(layer.output.elements, 1)
        places = _places(output.shape, chance, max(FEWEST, min(MOST, PRODUCTS // max(products, 1))))
        if isinstance(seen.node.layer, Attention) and layer.macs > LARGE:
            places = _at_two_positions(places)
        yield _difference(report, seen, output, OneValue(
            seen.node.layer, seen.node.inputs, inputs, tensors, (), network.layout, {}), places)  # fmt: skip
        readers.subtract(seen.node.inputs)
        values[seen.path] = output
        values = {path: array for path, array in values.items() if readers[path] > 0}


def _spread(x: Array) -> Array:
    """Drawn values on a larger scale: of three channels one has both signs, one is negative and one positive.

    Only a map without a positive value shows the padding of a max pool.
    """
    signs = np.resize(np.array([0, -1, 1], x.dtype), len(x))
    return TIMES * (x + signs.reshape(-1, *[1] * (x.ndim - 1)))


def _places(sizes: tuple[int, ...], chance: Random, count: int) -> list[Place]:
    """Places that are drawn, half of them in corners of the map, where padding is; all places if there are few."""
    if prod(sizes) <= count:
        return list(product(*map(range, sizes)))
    channels, *axes = sizes
    corners = ((chance.randrange(channels), *(chance.choice((0, n - 1)) for n in axes)) for _ in range(count // 2))
    return [*corners, *(tuple(map(chance.randrange, sizes)) for _ in range(count - count // 2))]


def _at_two_positions(places: list[Place]) -> list[Place]:
    """Values of the first and the last position only: each takes the keys and values of a whole window."""
    return [(place[0], *places[-(number % 2)][1:]) for number, place in enumerate(places)]


def _difference(report: Report, seen: Observation, output: Array, layer: OneValue, places: list[Place]) -> Difference:
    """The difference of a layer's values from the loops'; values outside of float32 are not compared."""
    here, there = Shape.of(output.shape), report.shapes[seen.path]
    if here != there:
        return Difference.of_shapes(seen.path, here, there)
    gaps = [(0.0, 0.0)]
    for place in places:
        value = float(output[place])
        if isfinite(value):
            trace = TRACES[seen.node.layer.kind](layer._replace(place=place))
            gaps.append((abs(value - trace.value), apart(value, trace)))
    absolute, relative = map(max, zip(*gaps, strict=True))
    return Difference(seen.path, here, there, absolute, relative, len(gaps) > 1)
