"""The executor compared with ONNX Runtime: two programs with nothing in common compute every layer of a network.

The model that ONNX Runtime gets says what cnncalc claims: paddings, sizes, the order of weights. The
executor asks no claim. If both give the same values, the claims mean the same as ONNX's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.base import Array
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.formats.exporters.onnx import onnx_model
from cnncalc.shapes import Shape
from cnncalc.verification.verdicts import Difference

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PART = 1 << 26
"""The most values and weights that are compared at a time, 256 MB of them; most networks have fewer."""
FED = "fed:"
"""The beginning of the names of a layer's inputs there."""


def compare_with_onnxruntime(report: Report, *, seed: int = 0) -> Iterator[Difference]:
    """Compute every value of a network here and in ONNX Runtime, from equal random inputs and weights.

    ONNX Runtime gets each layer's input from here, so that a layer answers for itself alone: the first that differs is
    the wrong one. It computes a layer as it is written: its optimizations of the graph are off. So that not all
    values are in memory at once, the network is computed in parts of some layers.

    Yields:
        The difference of each node, in order.

    Raises:
        MissingExtra: onnx or onnxruntime is not installed.
        ExecutionError: one of the two cannot compute the network.
    """
    source = RandomWeights(seed)
    inputs = source.inputs(report.network)
    weights = KeptWeights(source)
    observations = execute(report.network, inputs, weights)
    values = dict(inputs)
    readers = Counter(path for node in report.network.nodes for path in node.inputs)
    for part in _parts(report):
        session = _session(part)
        values |= {seen.path: np.array(seen.output) for seen in islice(observations, len(part.layers))}
        given = {name: values[name.removeprefix(FED)][np.newaxis] for name in part.network.inputs}
        there = _run(session, given | _taken(weights))
        drawn = {layer.path for layer in part.layers if layer.layer.drawn}
        for path, array in there.items():
            is_alike = path in drawn and array[0].shape == values[path].shape  # two programs draw other values
            yield difference(path, values[path], values[path] if is_alike else array[0])
        readers.subtract(path.removeprefix(FED) for layer in part.layers for path in layer.node.inputs)
        values = {path: array for path, array in values.items() if readers[path] > 0}


def _taken(weights: KeptWeights) -> dict[str, Array]:
    """The weights that layers asked for since the last time, by their names in the model."""
    taken = {"/".join(key): np.ascontiguousarray(array) for key, array in weights.tensors.items()}
    weights.tensors.clear()
    return taken


def difference(path: str, here: Array, there: Array) -> Difference:
    """The difference of two arrays with the channels first and no batch."""
    shapes = Shape.of(here.shape), Shape.of(there.shape)
    if here.shape != there.shape:
        return Difference.of_shapes(path, *shapes)
    absolute = _largest_gap(here, there)
    largest = float(np.abs(there).max(where=np.isfinite(there), initial=0))
    relative = absolute / largest if largest else inf
    return Difference(path, *shapes, absolute, relative if absolute else 0.0, bool(np.isfinite(here).any()))


def _largest_gap(here: Array, there: Array) -> float:
    """The largest |here - there|; values that are infinite or NaN in both are equal."""
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.abs(here - there)
    largest = float(gaps.max())
    if isfinite(largest):
        return largest
    gaps[(here == there) | (np.isnan(here) & np.isnan(there))] = 0
    largest = float(gaps.max())
    return inf if isnan(largest) else largest


def _parts(report: Report) -> Iterator[Report]:
    """The network in parts of some layers, of about `PART` values each."""
    start = values = 0
    for stop, layer in enumerate(report.layers, start=1):
        values += layer.output.elements + layer.params + layer.buffers
        if values >= PART or stop == len(report.layers):
            yield _part(report, start, stop)
            start, values = stop, 0


def _part(report: Report, start: int, stop: int) -> Report:
    """Some layers side by side: each reads inputs of its own, with the names of the values that it reads."""
    layers = []
    for layer in report.layers[start:stop]:
        node = layer.node._replace(inputs=tuple(f"{FED}{path}" for path in layer.node.inputs))
        layers.append(layer._replace(node=node))
    shapes = {**report.shapes} | {f"{FED}{path}": shape for path, shape in report.shapes.items()}
    inputs = {path: shapes[path] for layer in layers for path in layer.node.inputs}
    network = report.network._replace(inputs=inputs, nodes=tuple(layer.node for layer in layers), outputs={})
    return replace(report, network=network, layers=tuple(layers), shapes=shapes)


def _session(report: Report) -> InferenceSession:
    """ONNX Runtime with a network."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("onnxruntime", "onnx") from error
    content = onnx_model(report, every_output=True).SerializeToString()
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # its log messages come as exceptions as well
    with _failures():
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _run(session: InferenceSession, given: Mapping[str, Array]) -> dict[str, Array]:
    """The value of each node, with a batch of one."""
    paths = [output.name for output in session.get_outputs()]
    with _failures():
        return dict(zip(paths, session.run(paths, given), strict=True))


@contextmanager
def _failures() -> Iterator[None]:
    """Errors of ONNX Runtime, which have no common base, as an error of cnncalc."""
    try:
        yield
    except Exception as error:
        raise ExecutionError(f"ONNX Runtime cannot compute the network: {' '.join(str(error).split())}") from error
