"""A report as plain data, the JSON document of version 1. Keys are added within a version, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report, known_inputs
from cnncalc.figures import NUMBERS, plain_numbers
from cnncalc.layers.parameters import Type
from cnncalc.network.model import Network
from cnncalc.render.views import view_document
from cnncalc.shapes import Shape

VERSION = 1

OF_LAYERS = tuple(figure for figure in NUMBERS if not figure.only_network)


def report_data(report: Report) -> dict[str, Any]:
    """A report as plain data: every layer in execution order, whatever a table folds.

    The layers are made as they are asked for, once: all at once take far more memory than the report.
    """
    if report.other is not None:
        others = _data(report.other) | {key: value for key, value in _data(report).items() if key in SAID}
        return {"open_sizes": list(report.open_sizes), **_known(_data(report), others)}
    return _data(report)


SAID = ("complete", "incomplete", "inputs")
"""Keys that are not compared: they say themselves what is left open."""


def _data(report: Report) -> dict[str, Any]:
    network, incomplete = report.network, list(report.incomplete)
    return {
        "cnncalc": VERSION,
        "name": network.name,
        "family": network.family,
        "layout": network.layout,
        "inputs": {name: list(sizes) for name, sizes in known_inputs(report).items()},
        "outputs": list(network.outputs),
        "profile": report.profile,
        "unit": report.unit,
        "batch": report.batch,
        "dtype": report.dtype,
        "complete": not incomplete,
        **({"incomplete": incomplete} if incomplete else {}),
        "layers": (_layer(report, layer) for layer in report.layers),
        "totals": report.totals.values(),
        "outputs_shapes": {name: list(shape) for name, shape in report.output_shapes.items()},
    }


def _known(one: Any, other: Any) -> Any:
    """Plain data with null in place of what depends on sizes that are left open."""
    if type(one) is not type(other):
        return None
    if isinstance(one, dict):
        return {key: _known(value, other.get(key)) for key, value in one.items()}
    if isinstance(one, Iterator):
        return map(_known, one, other)
    if isinstance(one, list) and len(one) == len(other):
        return [_known(a, b) for a, b in zip(one, other, strict=True)]
    return one if one == other else None


def inputs_data(network: Network) -> dict[str, list[int]]:
    """The sizes of every input, in the spec's layout."""
    return {name: list(shape.sizes(network.layout)) for name, shape in network.inputs.items()}


def _layer(whole: Report, report: LayerReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "row": report.row,
        "kind": report.kind,
        "line": report.node.line,
        "settings": _settings(report),
        "inputs": list(report.node.inputs),
        "input_shapes": [list(shape) for shape in report.input_shapes],
        "output_shape": list(report.output_shape),
        "elements": report.elements,
        "weights": {name: list(shape) for name, shape in report.weight_shapes.items()},
        **plain_numbers(report, OF_LAYERS),
        **({figure.name: None for figure in OF_LAYERS if report.lacks(figure)} if report.lacking else {}),
        **view_document(whole.views[report.path], dict(whole.network.inputs)),
    }


def _settings(report: LayerReport) -> dict[str, Any]:
    """The layer's settings; a padding in numbers, whatever word the spec uses for it."""
    layer, settings = report.layer, {}
    for name, parameter in layer.parameters.items():
        value = getattr(layer, name)
        if parameter.type is Type.PADDING:
            value = layer.padding_pairs(*report.inputs)
        elif isinstance(value, Shape):
            value = value.sizes(report.layout)
        if value is not None:
            settings[name] = _plain(value)
    return settings


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
