"""Report + execution → verdicts: every claim of the formulas beside what numpy did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError
from cnncalc.executor.execute import Observation, execute
from cnncalc.executor.memory import require_memory
from cnncalc.executor.weights import RandomWeights
from cnncalc.shapes import Layout
from cnncalc.verification.verdicts import Mismatch, Verdict

VALUE_BYTES = 4
"""The executor computes in fp32."""


def verify_layers(report: Report, *, seed: int = 0) -> Iterator[Verdict]:
    """Execute a network with random input and weights, and compare each layer with its claims.

    Args:
        report: the claims.
        seed: of input and weights; equal seeds give equal values.

    Yields:
        A verdict for each layer in execution order. Where numpy cannot execute one, it and all that
        come after it are mismatches.

    Raises:
        ExecutionError: the network needs more memory than this machine has.
    """
    require_memory(needed_memory(report))
    weights = RandomWeights(seed)
    inputs = {name: weights.input(name, shape) for name, shape in report.network.inputs.items()}
    observations = execute(report.network, inputs, weights)
    claims = iter(report.layers)
    for claim in claims:
        try:
            yield _verdict(claim, next(observations), report.network.layout)
        except ExecutionError as error:
            yield _not_executed(claim, str(error))
            break
    yield from (_not_executed(claim, "nothing, as a layer before it failed") for claim in claims)


def needed_memory(report: Report) -> int:
    """Bytes that verifying a network holds at once: its activations, and what its largest layer works with."""
    values = report.totals.peak_memory // (report.batch * report.value_bytes)
    values += max((_working_values(layer) for layer in report.layers), default=0)
    return values * VALUE_BYTES


def _working_values(layer: LayerReport) -> int:
    """What a layer needs beside its input and output: its weights, and its input once more with padding."""
    padded = 0
    if "padding" in layer.layer.parameters:
        pairs, shape = layer.layer.padding_pairs(*layer.inputs) or (), layer.inputs[-1]
        padded = shape.channels * prod(n + max(sum(pair), 0) for n, pair in zip(shape.spatial, pairs, strict=True))
    weights = 0 if layer.kind == "fc" else layer.params  # those of fc are made some rows at a time
    return weights + padded


def _verdict(claim: LayerReport, observation: Observation, layout: Layout) -> Verdict:
    claimed, observed = claim.facts.output, observation.shape
    differences = (
        ("output", claimed.text(layout), observed.text(layout)),
        ("weights", tensors_text(claim.weight_shapes), tensors_text(observation.weights)),
        ("macs", f"{claim.facts.macs:,}", f"{observation.macs:,}"),
    )
    mismatches = tuple(Mismatch(claim.path, *texts) for texts in differences if texts[1] != texts[2])
    return Verdict(claim, observed, dict(observation.weights), observation.macs, mismatches)


def tensors_text(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Stored tensors in one line: `bias 96, weight 96x3x11x11`."""
    named = (f"{name} {'x'.join(map(str, shape))}" for name, shape in sorted(shapes.items()))
    return ", ".join(named) or "none"


def _not_executed(claim: LayerReport, reason: str) -> Verdict:
    layout = claim.layout
    return Verdict(claim, None, {}, 0, (Mismatch(claim.path, "execution", claim.facts.output.text(layout), reason),))
