"""The operations in the rows of a sheet → a network: "conv 96, 11x11, stride 4", "maxpool 3x3/2"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.errors import CnnCalcError
from cnncalc.homework.guessing import (
    KERNELS,
    Window,
    conv_guessed,
    input_guessed,
    map_of,
    map_said,
    pool_guessed,
    pooled,
    sizes_said,
)
from cnncalc.homework.row_kinds import CLASSES, NOT_LAYERS, POOLED, SUMS, kind_said, plain_words
from cnncalc.homework.sheet import Sheet, SheetRow
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.build import build_network
from cnncalc.network.model import Network
from cnncalc.network.oneliner import read_oneliner
from cnncalc.network.vocabulary import kind_of
from cnncalc.shapes import Layout

_PARTS = {
    "padding": r"(?:\bpad(?:ding)?|填充)\W{0,3}(\d+|same|valid)|\bp\s*=?\s*(\d+)\b|\b(same|valid)\b",
    "stride": r"(?:\b(?:strides?|schritt(?:weite)?|pas|paso)|步长)\W{0,3}(?:of\s+)?\(?(\d+)(?:\s*[,x×]\s*\d+\)?)?"
    r"|\bs\s*=?\s*(\d+)\b|/\s*(\d+)\b",
    "bias": r"\b(?:(?:no|without)\s+bias(?:es)?|(?:use_)?bias\s*[=:]\s*(false))\b",
    "groups": r"\bgroups?\W{0,3}(\d+)",
    "kernel": r"(\d+\s*[x×*]\s*\d+)(?:\s*[x×*]\s*\d+)?|\b(?:kernel|window)(?:\s*size)?\W{0,3}(\d+(?:\s*[x×*]\s*\d+)?)"
    r"|\bk\s*=?\s*(\d+)\b|\bf\s*=\s*(\d+)\b",
    "filters": r"(\d+)\s*(?:filters?|kernels|maps|channels|units|neurons|features|nodes|outputs|kanäle|neuronen"
    r"|einheiten|filtres|filtros|neurones|neuronas)\b"
    r"|\bfilters?\W{0,3}(\d+)|(\d+)\s*@|\b(\d+)\b",
}
"""Patterns of settings, in the order in which they are taken out of a text."""

WEIGHTED = ("conv ", "depthwise ", "deconv ", "fc ")
"""Beginnings of the words for layers that may have biases."""

_PLAIN = (("stride", 1), ("padding", 0))

_OWN_NUMBER = re.compile(r"(?<=[^\W\d_])(?<!\dx)[ _-]?\d(?:[._]\d)?(?![\d@]|\s*[x×*]\s*\d|-?d\b)", re.IGNORECASE)
"""The number of a layer in its name, which is not a setting."""


class Guess(NamedTuple):
    """One way to read what a sheet does not say.

    Attributes:
        has_biases: whether layers have biases.
        is_same: whether convolutions that say a kernel and no padding are padded to keep the size.
        is_kept: as for `input_guessed`.
        pool: the window of all pools; None if each has a window that fits its numbers.
        style: how convolutions are padded, a word of `STYLES`.
    """

    has_biases: bool
    is_same: bool
    is_kept: bool
    pool: Window | None
    style: str


def network_said(sheet: Sheet, has_biases: bool, is_same: bool) -> Network | None:
    """The network that the rows of a sheet describe, one after another; None if a row has no operation.

    Args:
        sheet: the sheet.
        has_biases: as for `Guess`.
        is_same: likewise.
    """
    return _built(_input(sheet), [_layer(row, is_same) for row in _rows(sheet)], has_biases)


def network_guessed(sheet: Sheet, guess: Guess) -> Network | None:
    """The network of the rows of a sheet, with usual windows if they have none; None if they say too little."""
    rows = _rows(sheet)
    first = _settings(rows[0], rows[0].operation) if rows else {}
    stride, padding = (int(found) if (found := first.get(word, "")).isdecimal() else usual for word, usual in _PLAIN)
    is_same = first.get("padding") == "same"
    shape = _input(sheet) or input_guessed(rows, stride, None if is_same else padding, guess.is_kept)
    before = map_of(shape)
    layers, usual = [], KERNELS[0]
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        kind = row.kind
        layer = _layer(row, guess.is_same)
        if kind == "conv" and not layer:
            layer = conv_guessed(row, below, before, usual, guess.style)
        elif kind in POOLED and not layer:
            layer = pool_guessed("avgpool" if kind == "avgpool" else "maxpool", row, before, guess.pool)
        usual = int(layer.split()[2]) if kind == "conv" and re.match(r"conv \d+ \d+ ", layer) else usual
        before = (pooled(before, guess.pool) if kind in POOLED else None) or map_said(row) or before
        layers.append(layer)
    return _built(shape, layers, guess.has_biases)


def _rows(sheet: Sheet) -> list[SheetRow]:
    return [row for row in sheet.rows if plain_words(row.name) not in (*NOT_LAYERS, *SUMS)]


def _built(shape: Sequence[int], layers: list[str], has_biases: bool) -> Network | None:
    """The network of the words of a one-liner; None if a layer has none.

    Args:
        shape: of its input, with the channels first or last.
        layers: the words for each of its layers.
        has_biases: whether they have biases.
    """
    if not shape or not layers or not all(layers):
        return None
    for number, (above, layer) in enumerate(pairwise(layers), start=1):
        if re.fullmatch(rf"{above} ({'|'.join(CLASSES)})", layer):  # the activation of the fc above
            layers[number] = layer.split()[-1]
    if not has_biases:
        layers = [
            f"{layer} bias=false" if layer.startswith(WEIGHTED) and "bias=" not in layer else layer for layer in layers
        ]
    first = next((number for number, layer in enumerate(layers) if layer.startswith("fc ")), 0)
    if first and not layers[first - 1].startswith("flatten"):
        layers.insert(first, "flatten")
    layout: Layout = "HWC" if shape[0] > shape[-1] else "CHW"
    try:
        spec = read_oneliner("x".join(map(str, shape)), ", ".join(layers), layout)
        return build_network(spec._replace(name="your network"))
    except CnnCalcError:
        return None


def _input(sheet: Sheet) -> tuple[int, ...]:
    """The sizes of the network's input, as a line above the table or a row says it; none if none does."""
    rows = [row for row in sheet.rows if plain_words(row.name) in NOT_LAYERS]
    texts = [sheet.facts.get("input", ""), *(row.cells["out"].text for row in rows if "out" in row.cells)]
    texts += [*(text for row in rows for text in (row.operation, row.name)), sheet.entering]
    found = next((sizes for text in texts if len(sizes := sizes_said(text)) in (2, 3)), ())
    return (*found, 1) if len(set(found)) == 1 and len(found) == 2 else found


def unpadded(sheet: Sheet) -> int:
    """The number of convolutions that say a kernel larger than 1 and no padding."""
    said = (_layer(row, is_same=True) for row in _rows(sheet))
    return sum(layer.endswith(" padding=same") and " 1x1 " not in layer for layer in said)


def _layer(row: SheetRow, is_same: bool) -> str:
    """The operation of a row in the words of a one-liner; empty if there is none."""
    text = (row.operation or _of_name(row.name)).lower()[:200]
    kind = kind_said(re.split(r"[,;(]|\d", text)[0]) or kind_said(row.name)
    if row.kind == "classes":
        kind, text = "fc", f"{text} {kind}"
    norm = "bn" if "params" in row.cells and row.cells["params"].text.strip("0–- ") else "lrn"  # the one without params
    kind = {"pool": "maxpool", "norm": norm, "activation": "relu"}.get(kind, kind)
    if not kind:
        return ""
    takes = kind_of(kind).spellings
    found = {name: value for name, value in _settings(row, text).items() if name in takes or name == "filters"}
    if kind in ("conv", "deconv", "fc") and (channels := _channels(row)):
        found.setdefault("filters", channels)
    match kind:
        case "conv" | "depthwise" | "deconv":
            filters = [] if kind == "depthwise" else [found.get("filters", "")]
            parts = [*filters, found.pop("kernel", "")]
            found.pop("filters", "")
            padding = ["padding=same"] if is_same and kind == "conv" and "padding" not in found else []
            return " ".join([kind, *parts, *_named(found), *_activation(text), *padding]) if all(parts) else ""
        case "fc":
            size, bias = found.get("filters", ""), ["bias=false"] if "bias" in found else []
            return " ".join([kind, size, *bias, *_activation(text)]) if size else ""
        case "maxpool" | "avgpool":
            size = found.pop("kernel", "") or found.pop("filters", "")
            found.pop("filters", "")
            return " ".join([kind, size, *_named(found)]) if size else ""
        case "adaptive_avgpool" | "adaptive_maxpool":
            size = found.get("kernel", "") or (str(made.size) if (made := map_said(row)) is not None else "")
            return f"{kind} {size}" if size else ""
    return kind


def _settings(row: SheetRow, operation: str) -> dict[str, str]:
    """The settings in the name of a row and in its operation, which counts if both say one."""
    return {**settings_said(_of_name(row.name).lower()[:200]), **settings_said(operation.lower()[:200])}


def _of_name(name: str) -> str:
    """The settings in a name: `Conv 2 (16 filters, 5x5)` and `CONV3-64` have some, `Conv 2` has none."""
    if short := re.fullmatch(r"conv(\d)-(\d{2,4})", name.strip().lower()):  # as VGG's authors write
        return f"conv {short[1]}x{short[1]}, {short[2]} filters, padding {int(short[1]) // 2}"
    _, _, inside = name.partition("(")
    said = inside if re.search(r"\d", inside) else _OWN_NUMBER.sub(" ", name, count=1)
    return f"{kind_said(name)}, {said}"


def _channels(row: SheetRow) -> str:
    """The channels of the map that a row answers, or the length of its vector; empty if there is no answer."""
    found = map_said(row)
    return str(found.channels) if found is not None else ""


def settings_said(text: str) -> dict[str, str]:
    """The settings in a text in lower case, by name."""
    found = {}
    for name, pattern in _PARTS.items():
        match = re.search(pattern, text)
        if match is not None:
            value = next((group for group in match.groups() if group is not None), "false")  # "no bias" is in none
            found[name] = "0" if value == "valid" else re.sub(r"\s*[×*x]\s*", "x", value)
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return found


def _named(settings: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in settings.items()]


def _activation(text: str) -> list[str]:
    return [word for word in re.findall("[a-z_]+", text) if word in ACTIVATIONS and word != "none"][:1]
