"""What a layer does, in a few words: `conv 96, 11×11, stride 4, relu`."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.figures import RowReport
from cnncalc.layers.base import Layer
from cnncalc.layers.parameters import Parameter, Type
from cnncalc.render.numbers import by, padding_text, size_text
from cnncalc.shapes import Layout

ALWAYS_BY_AXIS = ("kernel", "size")
"""Sizes that are written out (`3×3`) and need no name."""


def row_operation(row: RowReport, layout: Layout) -> str:
    """The operation of a table row: as written for a block, else its layer and what follows it."""
    if row.row.label or not row.layers:
        return row.row.label
    first, *followers = (report.layer for report in row.layers)
    return ", ".join((layer_operation(first, layout), *(layer.kind for layer in followers)))


def layer_operation(layer: Layer, layout: Layout) -> str:
    """One layer with its first setting and those that are not the kind's defaults."""
    first, *others = [_words(layer, name, p, layout) for name, p in layer.parameters.items()] or [""]
    return ", ".join((f"{layer.kind} {first}".strip(), *filter(None, others)))


def _words(layer: Layer, name: str, parameter: Parameter, layout: Layout) -> str:
    """One setting; empty where it is the default and not what the kind is named with."""
    value = getattr(layer, name)
    leading = next(iter(layer.parameters)) == name
    if parameter.type is Type.FLAG:
        return "" if value == parameter.default else name if value else f"no {name}"
    text = setting_text(parameter, value, layout)
    if name in ALWAYS_BY_AXIS and isinstance(value, tuple):
        return by(value)
    if leading:
        return text
    default = getattr(layer, parameter.default_from) if parameter.default_from else parameter.default
    if value == default or text == str(default):
        return ""
    return f"{name} {text}"


def setting_text(parameter: Parameter, value: Any, layout: Layout) -> str:
    """The value of a setting as a spec would say it."""
    match parameter.type:
        case Type.SIZE:
            return size_text(value)
        case Type.PADDING:
            return padding_text(value)
        case Type.SHAPE:
            return by(value.sizes(layout))
        case Type.RANGE:
            return f"{value[0]}..{value[1]}"
        case Type.LINKS:
            return str(value) if value is None else f"of {sum(map(len, value))} links"
        case Type.REAL:
            return f"{value:g}"
        case _:
            return str(value)
