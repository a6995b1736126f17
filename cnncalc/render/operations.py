"""The operation of a layer in a few words: `conv 96, 11×11, stride 4, relu`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import RowReport
from cnncalc.layers.base import Layer
from cnncalc.layers.parameters import Parameter, Type
from cnncalc.render.numbers import by, padding_text, size_text
from cnncalc.shapes import Layout, letters_of

ALWAYS_BY_AXIS = ("kernel", "size")
"""Sizes that are written out (`3×3`) and need no name."""


def row_operation(row: RowReport, layout: Layout) -> str:
    """The operation of a table row: as written for a block, else its layer with its followers."""
    if not row.row.label.startswith("×"):
        operation = row.row.label or _layers_operation(row.layers, layout)
        return ", ".join(filter(None, (operation, weights_words(row))))
    first = row.row.children[0]
    copy = row.layers[: first.stop - first.start]
    return ", ".join(filter(None, (f"{_layers_operation(copy, layout)} {row.row.label}", weights_words(row))))


def weights_words(row: RowReport) -> str:
    """The words for unusual weights of a row; empty if they are usual."""
    weighted = [layer.node for layer in row.layers if layer.facts.weights]
    shared = [node.weights for node in weighted if node.weights]
    own = {node.path for node in weighted if not node.weights}
    words = []
    if shared and own.issuperset(shared):
        words.append("shared weights")
    elif shared and not own:
        words.append(f"weights of {shared[0]}")
    elif shared:
        words.append("some shared weights")
    if weighted and all(node.frozen for node in weighted):
        words.append("frozen")
    return ", ".join(words)


def _layers_operation(layers: tuple[LayerReport, ...], layout: Layout) -> str:
    """One layer with its settings, and the kinds of those that follow it."""
    if not layers:
        return ""
    first, *followers = (report.layer for report in layers)
    return ", ".join((layer_operation(first, layout), *(_follower(layer, layout) for layer in followers)))


def _follower(layer: Layer, layout: Layout) -> str:
    """The kind of a follower, with settings in which frameworks differ."""
    differing = ((name, parameter) for name, parameter in layer.parameters.items() if parameter.differs)
    words = (_words(layer, name, parameter, layout, always=True) for name, parameter in differing)
    return " ".join((layer.kind, *words))


@lru_cache(maxsize=1024)
def layer_operation(layer: Layer, layout: Layout, *, spoken: bool = False) -> str:
    """One layer with its leading setting and those that are not the kind's defaults.

    Args:
        layer: the layer.
        layout: the order of shapes.
        spoken: in the words of a heading: `conv 96 filters`, always with stride and padding.
    """
    leading = leading_parameter(type(layer))
    if leading and getattr(layer, leading) in (None, "all"):  # these need no words
        leading = ""
    words = [layer.kind]
    if leading:
        value = getattr(layer, leading)
        words[0] += f" {setting_text(leading, layer.parameters[leading], value, layout)}"
        if spoken and leading in NOUNS:
            words[0] += f" {leading if value != 1 else NOUNS[leading]}"
    for name, parameter in layer.parameters.items():
        if name != leading and name not in layer.declared.values():
            always = parameter.differs or (spoken and name in ("stride", "padding"))
            words.append(_words(layer, name, parameter, layout, always=always))
    return ", ".join(filter(None, words))


NOUNS = {"filters": "filter", "features": "feature", "groups": "group"}
"""Leading settings that a heading names, with their singular."""


@cache
def leading_parameter(kind: type[Layer]) -> str:
    """The parameter after a kind without a name; empty if there is none."""
    name, parameter = next(iter(kind.parameters.items()), ("", None))
    after_the_kind = name if kind.copies else next(iter(kind.written()), "")
    if parameter is None or name != after_the_kind or parameter.type in (Type.FLAG, Type.CHOICE):
        return ""
    return name


def _words(layer: Layer, name: str, parameter: Parameter, layout: Layout, *, always: bool) -> str:
    """One setting with its name; empty if it is the default, unless it is wanted `always`."""
    value = getattr(layer, name)
    default = parameter.usual(vars(layer))
    if value is None or (value == default and not always):
        return ""
    if parameter.type is Type.FLAG:
        return name if value else f"no {name}"
    text = setting_text(name, parameter, value, layout)
    if text == str(default) and name != "kernel" and not always:
        return ""
    unnamed = parameter.type is Type.LINKS or (name == "kernel" and "×" in text)
    return text if unnamed else f"{name} {text}"


def setting_text(name: str, parameter: Parameter, value: Any, layout: Layout) -> str:  # noqa: C901
    """The value of a setting as a spec would say it; a kernel always axis by axis."""
    match parameter.type:
        case Type.SIZE:
            return by(value) if name in ALWAYS_BY_AXIS else size_text(value)
        case Type.FACTOR:
            return size_text(value)
        case Type.CROP if not isinstance(value[0], int):
            return padding_text(value)
        case Type.TARGET | Type.CROP:
            return by(value)
        case Type.PADDING:
            return padding_text(value)
        case Type.SHAPE:
            return by(value.sizes(layout))
        case Type.PAIR:
            return f"{value[0]}+{value[1]}"
        case Type.RANGE:
            return f"{value[0]}..{value[1]}"
        case Type.ORDER:
            places = dict(zip(letters_of(len(value) - 1), value, strict=True))
            return ", ".join(places[letter] for letter in letters_of(len(value) - 1, layout))
        case Type.LINKS:
            return str(value) if value is None else f"{sum(map(len, value))} links"
        case Type.REAL:
            return f"{value:g}"
        case _:
            return str(value)
