"""Report + execution → verdicts: every claim of the formulas compared with numpy's execution."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cnncalc.analysis.execution_memory import execution_memory
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError, OutOfMemory
from cnncalc.executor.execute import Observation, execute
from cnncalc.executor.memory import require_memory
from cnncalc.executor.weights import RandomWeights
from cnncalc.shapes import Layout
from cnncalc.verification.receptive_field import (
    chosen_pixels,
    field_verdicts,
    larger_report,
    look,
    pixels_at_ends,
    summed,
    with_others,
)
from cnncalc.verification.resizing import small_report
from cnncalc.verification.verdicts import LOOPS, ONNX_RUNTIME, Fields, Judgement, LayerVerdict, Mismatch, Verification

Watch = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Hands on what is being made, with its number and its word; a progress bar is one."""


def verified(
    report: Report,
    *,
    seed: int = 0,
    receptive_field: bool = False,
    against: str | None = None,
    values: bool = False,
    watch: Watch = lambda things, total, word: things,
) -> Verification:
    """Everything that can be verified about a network; if a layer differs already, the rest is skipped.

    Args:
        report: the claims.
        seed: of input and weights; equal seeds give equal values.
        receptive_field: whether to look from single pixels, too, for the outputs that they reach.
        against: `onnxruntime` to compare the values of every layer as well.
        values: whether to compare some values of every layer with those of plain loops, on a small input; not with
            `against`.
        watch: sees each thing as it is made.

    Raises:
        ExecutionError: the network needs more memory than this machine has.
        MissingExtra: ONNX Runtime is asked for and not installed.
    """
    count = len(report.layers)
    found = Verification(report, seed, tuple(watch(verify_layers(report, seed=seed), count, "layers")))
    if found.mismatches or found.stopped_at:
        return found
    if receptive_field:
        fields, pixels = _fields(report, seed, watch)
        found = found._replace(fields=fields, pixels=pixels)
    if against:
        from cnncalc.verification.onnx_runtime import compare_with_onnxruntime

        there = watch(compare_with_onnxruntime(report, seed=seed), count, "layers beside ONNX Runtime")
        found = found._replace(judgement=Judgement(ONNX_RUNTIME, report.network.inputs, tuple(there)))
    if values:
        from cnncalc.verification.values import compare_with_loops

        small = small_report(report)
        looped = watch(compare_with_loops(small, seed=seed), count, "layers beside plain loops")
        found = found._replace(judgement=Judgement(LOOPS, small.network.inputs, tuple(looped)))
    return found


def _fields(report: Report, seed: int, watch: Watch) -> tuple[Fields, int]:
    """The results of pixels about receptive fields, and the number of pixels.

    Fields that the network's own input cannot decide, such as those wider than the map, are looked at again in a
    larger one.
    """
    pixels = chosen_pixels(report)
    verdicts = list(field_verdicts(report, watch(look(report, pixels, seed=seed), len(pixels) + 1, "pixels")))
    larger = larger_report(report, verdicts)
    ends = pixels_at_ends(larger, verdicts) if larger else []
    if not larger or not ends or not _fits(larger):
        return summed(verdicts), len(pixels)
    sightings = watch(look(larger, ends, seed=seed), len(ends) + 1, "pixels of a larger input")
    return summed(with_others(verdicts, field_verdicts(larger, sightings))), len(pixels) + len(ends)


def _fits(report: Report) -> bool:
    """Whether this machine has the memory to execute a network."""
    try:
        require_memory(execution_memory(report))
    except ExecutionError:
        return False
    return True


def verify_layers(report: Report, *, seed: int = 0) -> Iterator[LayerVerdict]:
    """Execute a network with random input and weights, and compare each layer with its claims, in execution order.

    If numpy cannot execute a layer, it and all layers after it are mismatches. At an opaque operation it stops: that
    and the layers after it are not executed, and contradict nothing.

    Raises:
        ExecutionError: the network needs more memory than this machine has.
    """
    require_memory(execution_memory(report))
    weights = RandomWeights(seed)
    inputs = weights.inputs(report.network)
    observations = execute(report.network, inputs, weights)
    claims = iter(report.layers)
    for claim in claims:
        if not claim.layer.executed:
            yield LayerVerdict(claim, None, {}, 0, ())
            break
        try:
            yield _verdict(claim, next(observations), report.network.layout)
        except OutOfMemory:
            raise
        except ExecutionError as error:
            yield _not_executed(claim, str(error))
            yield from (_not_executed(later, "nothing, as a layer before it failed") for later in claims)
    yield from (LayerVerdict(later, None, {}, 0, ()) for later in claims)


def _verdict(claim: LayerReport, observation: Observation, layout: Layout) -> LayerVerdict:
    claimed, observed = claim.facts.output, observation.shape
    differences = (
        ("output", claimed.text(layout), observed.text(layout)),
        ("weights", tensors_text(claim.weight_shapes), tensors_text(observation.weights)),
        ("macs", f"{claim.facts.macs:,}", f"{observation.macs:,}"),
    )
    mismatches = tuple(Mismatch(claim.path, *texts) for texts in differences if texts[1] != texts[2])
    return LayerVerdict(claim, observed, dict(observation.weights), observation.macs, mismatches)


def tensors_text(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Stored tensors in one line: `bias 96, weight 96x3x11x11`."""
    named = (f"{name} {'x'.join(map(str, shape))}" for name, shape in sorted(shapes.items()))
    return ", ".join(named) or "none"


def _not_executed(claim: LayerReport, reason: str) -> LayerVerdict:
    mismatch = Mismatch(claim.path, "execution", claim.facts.output.text(claim.layout), reason)
    return LayerVerdict(claim, None, {}, 0, (mismatch,))
