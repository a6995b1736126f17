"""The JSON document of `show`, version 1. Keys are added within a version, never changed."""

from __future__ import annotations

import json
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.figures import NUMBERS, plain_numbers
from cnncalc.layers.parameters import Type
from cnncalc.render.views import view_document

VERSION = 1

OF_LAYERS = tuple(figure for figure in NUMBERS if not figure.only_network)
BY_PROFILE = tuple(figure.name for figure in OF_LAYERS if figure.by_profile)


def report_document(report: Report) -> dict[str, Any]:
    """A report as plain data: every layer in execution order, whatever a table folds."""
    network = report.network
    return {
        "cnncalc": VERSION,
        "name": network.name,
        "family": network.family,
        "layout": network.layout,
        "inputs": {name: list(shape.sizes(network.layout)) for name, shape in network.inputs.items()},
        "outputs": list(network.outputs),
        "profile": report.profile,
        "unit": report.unit,
        "batch": report.batch,
        "dtype": report.dtype,
        "complete": report.complete,
        **({"incomplete": list(report.incomplete)} if report.incomplete else {}),
        "layers": [_layer(report, layer) for layer in report.layers],
        "totals": report.totals.values(),
        "outputs_shapes": {name: list(shape) for name, shape in report.output_shapes.items()},
    }


def document_line(report: Report, *, ascii_only: bool = False) -> str:
    """The document on one line, for JSON Lines; signs beyond ASCII escaped where they must be."""
    return json.dumps(report_document(report), ensure_ascii=ascii_only)


def document_text(report: Report, *, ascii_only: bool = False) -> str:
    """The document with a line for each key and each layer, so that people and diffs can read it."""
    document = report_document(report)
    layers = ",\n".join(f"    {json.dumps(layer, ensure_ascii=ascii_only)}" for layer in document["layers"])
    lines = {key: json.dumps(value, ensure_ascii=ascii_only) for key, value in document.items()}
    lines["layers"] = f"[\n{layers}\n  ]" if layers else "[]"
    return "{\n" + ",\n".join(f'  "{key}": {value}' for key, value in lines.items()) + "\n}"


def _layer(whole: Report, report: LayerReport) -> dict[str, Any]:
    unknown = dict.fromkeys(BY_PROFILE) if report.unknown else {}
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
        **unknown,
        **view_document(whole.views[report.path], dict(whole.network.inputs)),
    }


def _settings(report: LayerReport) -> dict[str, Any]:
    """The layer's settings; a padding in numbers, whatever word the spec uses for it."""
    layer, settings = report.layer, {}
    for name, parameter in layer.parameters.items():
        value = getattr(layer, name)
        if parameter.type is Type.PADDING:
            value = layer.padding_pairs(*report.inputs)
        elif parameter.type is Type.SHAPE:
            value = value.sizes(report.layout)
        if value is not None:
            settings[name] = _plain(value)
    return settings


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
