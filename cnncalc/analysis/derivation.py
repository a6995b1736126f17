"""Derivations: the figures of one layer with the arithmetic that gives them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.layers.base import Step
from cnncalc.shapes import AXES


@dataclass(frozen=True)
class Derivation:
    """One layer's figures, each with its arithmetic.

    Attributes:
        layer: the layer in its place.
        steps: shape, then `out`, `params`, `buffers` if any, `macs`, `flops`.
    """

    layer: LayerReport
    steps: tuple[Step, ...]


def derive(layer: LayerReport) -> Derivation:
    """The derivation of every figure of a layer. Batch 1 unless the report's batch is larger."""
    given = layer.layer.explain(*layer.inputs)
    counted = {step.label: step for step in given if step.label in ("params", "buffers", "macs")}
    shape = tuple(step for step in given if step.label not in counted)
    steps = (
        *shape,
        _output(layer),
        counted.get("params", Step(label="params", result=0, note="nothing is learned")),
        *((counted["buffers"],) if "buffers" in counted else ()),
        *_operations(layer, counted.get("macs")),
    )
    return Derivation(layer, steps)


def _output(layer: LayerReport) -> Step:
    """The number of values in the output."""
    output = layer.facts.output
    letters = AXES[output.rank]
    named = {"C": output.channels} | dict(zip(letters, output.spatial, strict=True))
    if layer.layout == "HWC":
        named = {letter: named[letter] for letter in (*letters, "C")}
    note = "the shape is unchanged" if layer.inputs == (output,) else ""
    if layer.batch > 1:
        named["batch"] = layer.batch
    return Step(label="out", formula="*".join(named), values=named, result=layer.elements, note=note)


def _operations(layer: LayerReport, macs: Step | None) -> tuple[Step, ...]:
    """The steps of macs and flops."""
    if macs is None:
        return (
            Step(label="macs", result=0, note=f"{layer.kind} multiplies no weights, so none by definition; flops 0"),
        )
    if layer.batch > 1:
        values = {"per_input": macs.result, "batch": layer.batch}
        per_input = replace(macs, label="macs of one input")
        macs = Step(label="macs", formula="per_input*batch", values=values, result=layer.macs)
        return per_input, macs, _flops(layer)
    return macs, _flops(layer)


def _flops(layer: LayerReport) -> Step:
    return Step(label="flops", formula="2*macs", values={"macs": layer.macs}, result=layer.flops)
