"""An ONNX file of a network with its weights."""

from __future__ import annotations

import numpy as np

from cnncalc.analysis.execution_memory import execution_memory
from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, Key, TensorRequest
from cnncalc.executor.execute import execute
from cnncalc.executor.loading import find_weights, unused_text
from cnncalc.executor.memory import require_memory
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.formats.exporters.onnx import onnx_model

MAX_BYTES = 2**31 - 2**20
"""The most bytes of a file of ONNX: its format counts them in 31 bits."""


def onnx_content(report: Report, path: str | None, seed: int) -> tuple[bytes, str]:
    """The bytes of the file, and a message about weights that no layer asks for.

    Args:
        report: the network.
        path: of a file with the weights; None to draw those that `run --seed` draws.
        seed: for weights that are drawn.

    Raises:
        ExecutionError: ONNX has no operator for a layer, the weights do not fit, or the file would be too large.
        MissingExtra: the package onnx is not installed.
    """
    size = 4 * (report.totals.params + report.totals.buffers)
    if size > MAX_BYTES:
        raise ExecutionError(f"the weights have {size:,} bytes; an ONNX file holds at most {MAX_BYTES:,}")
    onnx_model(report)  # layers without an operator are refused before any weight is drawn
    require_memory(execution_memory(report, weights_kept=True))
    owners = [(layer.node.owner, layer.weight_shapes) for layer in report.layers]
    expected = {(owner, name): sizes for owner, weights in owners for name, sizes in weights.items()}
    unused: tuple[str, ...] = ()
    if path is None:
        tensors = _drawn(report, seed)
    else:
        source, unused = find_weights(path, expected, 0)
        tensors = {key: source.tensor(TensorRequest(*key, shape)) for key, shape in expected.items()}
    weights = {key: np.ascontiguousarray(tensors[key]) for key in expected}
    return onnx_model(report, weights=weights).SerializeToString(), unused_text(unused) if unused else ""


def _drawn(report: Report, seed: int) -> dict[Key, Array]:
    """The weights that layers ask for when the network runs: only they know the ranges."""
    source = RandomWeights(seed)
    kept = KeptWeights(source)
    for _ in execute(report.network, source.inputs(report.network), kept):
        pass
    return kept.tensors
