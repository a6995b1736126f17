"""Derivations: the figures of one layer with the arithmetic that gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.receptive_field import View
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.figures import CLAIMABLE, FIGURES, SEEN, UNITS, Figure, operation_total
from cnncalc.formula import SOURCE, parse, symbols, write
from cnncalc.layers.base import Step
from cnncalc.shapes import AXES, AXIS_NAMES, letters_of

MOST_EXPLAINED = 7
"""The priority up to which figures are derived by default."""


@dataclass(frozen=True)
class Derivation:
    """One layer's figures, each with its arithmetic.

    Attributes:
        layer: the layer in its place.
        steps: the shape, then each figure.
    """

    layer: LayerReport
    steps: tuple[Step, ...]


def derive(report: Report, layer: LayerReport, figures: tuple[str, ...] | None = None) -> Derivation:
    """The derivation of a layer's figures.

    Args:
        report: the one of the layer.
        layer: the layer.
        figures: words of `EXPLAINED`; `USUALLY_EXPLAINED` if it is None.
    """
    own = layer.layer.explain(*layer.inputs)
    given = {step.label: step for step in reversed(own)}
    shape = tuple(step for step in own if step.label not in FIGURES)
    names = USUALLY_EXPLAINED if figures is None else figures
    return Derivation(layer, (*shape, *(step for name in names for step in _steps(report, layer, name, given))))


def _steps(report: Report, layer: LayerReport, name: str, given: Mapping[str, Step]) -> tuple[Step, ...]:
    """The steps of a figure; `given` are those of the layer itself, by their labels."""
    if name in layer.layer.unknown:
        return (Step(label=name, result=0, note="not known: the spec does not give it"),)
    match name:
        case "out":
            return _output(layer)
        case "params" | "buffers" if layer.node.weights:
            return (Step(label=name, result=0, note=f"the weights of {layer.node.weights}, counted there"),)
        case "params":
            return (given.get(name) or Step(label=name, result=0, note="nothing is learned"),)
        case "buffers":
            return tuple(filter(None, (given.get(name),)))
        case "macs":
            return _macs(layer, given.get(name))
        case "receptive_field":
            return _receptive_field(report, layer)
        case "connections":
            return _connections(layer)
        case "ops":
            return _ops(layer)
        case _:
            return _by_formula(report, layer, FIGURES[name], given)


def _output(layer: LayerReport) -> tuple[Step, ...]:
    output = layer.facts.output
    named = dict(zip(letters_of(output.rank, layer.layout), layer.output_shape, strict=True))
    if layer.batch > 1:
        named["batch"] = layer.batch
    note = "the shape is unchanged" if layer.inputs == (output,) else ""
    return (Step(label="out", formula="*".join(named), values=named, result=layer.elements, note=note),)


def _macs(layer: LayerReport, macs: Step | None) -> tuple[Step, ...]:
    if macs is None:
        return (Step(label="macs", result=0, note=f"{layer.kind} is not counted, by definition"),)
    if layer.batch == 1:
        return (macs,)
    values = {"per_input": int(macs.result), "batch": layer.batch}
    total = Step(label="macs", formula="per_input*batch", values=values, result=layer.macs)
    return replace(macs, label="macs of one input"), total


def _connections(layer: LayerReport) -> tuple[Step, ...]:
    total = layer.connections
    if not total:
        return ()
    has_biases = layer.macs or layer.kind == "scale"
    what = "one for each output value, its bias" if has_biases else "the window of each output value"
    values = {"macs": layer.macs, "others": total - layer.macs}
    return (Step(label="connections", formula="macs + others", values=values, result=total, note=f"others: {what}"),)


def _ops(layer: LayerReport) -> tuple[Step, ...]:
    if not layer.ops:
        return (Step(label="ops", result=0, note="data is moved, nothing is computed"),)
    formula = " + ".join("2*mac" if operation == "mac" else operation for operation in layer.ops)
    return (Step(label="ops", formula=formula, values=layer.ops, result=operation_total(layer.ops)),)


def _by_formula(
    report: Report, layer: LayerReport, figure: Figure[Any], given: Mapping[str, Step]
) -> tuple[Step, ...]:  # fmt: skip
    """The steps of a figure by its formula over others, or by the rule of the report's profile."""
    result = getattr(layer, figure.name)
    if figure.name == "flops":
        if report.profile != DEFAULT_PROFILE:
            note = layer.unknown or f"as {report.profile} counts; 'cnncalc reconcile --rules' has its rule"
            return (Step(label=figure.name, result=result, note=note),)
        if "macs" not in given:
            return ()
    values = {symbol: getattr(layer, name) for symbol, name in figure.symbols.items()}
    formula = write(figure.expanded, SOURCE) if figure.formula else ""
    note = "; ".join(f"{source.name}: {source.what}" for source in figure.sources if not source.claimable)
    return (Step(label=figure.name, formula=formula, values=values, result=result, note=note),)


def _receptive_field(report: Report, layer: LayerReport) -> tuple[Step, ...]:
    """Receptive field, jump and start on each axis, from those of the layer's input if there is one."""
    after = report.views[layer.path]
    before = report.views[layer.node.inputs[0]]
    if len(after) != 1 or len(layer.inputs) > 1 or len(before) != 1:
        return tuple(step for view in after for step in _stated(report, view, len(after) > 1))
    view, source = after[0], before[0]
    if view.everything or view.unknown or view.axes == source.axes:
        return _stated(report, view, False, "unchanged" if view.axes and view.axes == source.axes else "")
    reaches = layer.layer.reach(layer.inputs[0])
    if any(len(reach.ranges) != 1 for reach in reaches) or any(len(field.intervals) != 1 for field in source.axes):
        return _stated(report, view, False)
    steps: list[Step] = []
    for name, field, origin, reach in zip(_axis_names(view), view.axes, source.axes, reaches, strict=True):
        first, last = reach.ranges[0] or (0, 0)
        values = {"r_in": origin.extent, "E": last - first + 1, "j_in": int(origin.jump)}
        values |= {"S": reach.advance, "start_in": origin.start, "P": -first}
        for figure in SEEN:
            used = {symbol: values[symbol] for symbol in symbols(parse(figure.along_axis))}
            label = f"{name}, {figure.name.replace('_', ' ')}"
            steps.append(Step(label=label, formula=figure.along_axis, values=used, result=figure.value(field)))
    return tuple(steps)


def _axis_names(view: View) -> tuple[str, ...]:
    return tuple(AXIS_NAMES[letter] for letter in AXES[len(view.axes)])


def _stated(report: Report, view: View, several: bool, why: str = "") -> tuple[Step, ...]:
    """The step of a view whose arithmetic is not one line: its value, and the reason."""
    of = f" in {view.input}" if several else ""
    shape = report.network.inputs[view.input]
    if view.unknown:
        return (Step(label=f"receptive field{of}", result=0, note=f"unknown: {view.unknown}"),)
    if view.everything:
        if not shape.rank:
            return ()
        letters = AXES[shape.rank]
        return tuple(
            Step(label=f"{AXIS_NAMES[letter]}, receptive field{of}", result=n, note="the whole input")
            for letter, n in zip(letters, shape.spatial, strict=True)
        )
    fields = zip(_axis_names(view), view.axes, strict=True)
    notes = f"jump {{0.jump}}, start {{0.start}}; {why or 'the union of all paths'}"
    return tuple(
        Step(label=f"{name}, receptive field{of}", result=field.extent, note=notes.format(field))
        for name, field in fields
    )


EXPLAINED = tuple(
    sorted(
        (name for name, figure in CLAIMABLE.items() if not figure.derived_with and not figure.only_network),
        key=lambda name: (FIGURES[name].priority > MOST_EXPLAINED, UNITS.index(FIGURES[name].unit)),
    )
)
"""Every figure that has a derivation, in the order to read them: the usual ones, then by their units."""

USUALLY_EXPLAINED = tuple(
    name for name in EXPLAINED if FIGURES[name].priority <= MOST_EXPLAINED and not FIGURES[name].along_axis
)

WITH_FIELD = (*USUALLY_EXPLAINED, "receptive_field")

OTHER_SYMBOLS = {
    "per_input": "MACs of one input",
    "batch": "inputs at once",
    "r_in": "receptive field of the layer's input",
    "j_in": "jump of the layer's input: pixels from one value to the next",
    "start_in": "first pixel that the layer's input sees",
    "moved": FIGURES["moved"].what,
    "bytes": "bytes of one value",
}
"""The meanings of symbols that no layer has."""
