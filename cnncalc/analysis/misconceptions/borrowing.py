"""Settings of other layers that are taken for a layer's own, with the words for their owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from cnncalc.analysis.profiles import CONVS, POOLS
from cnncalc.analysis.report import Report
from cnncalc.network.model import Node

Setting = int | tuple[int, ...]
"""A number, or one for each axis."""

FAMILIES = {"fc": "fc layers"} | dict.fromkeys(CONVS.split(), "convolutions") | dict.fromkeys(POOLS.split(), "pools")
"""Kinds that are alike, with the word for several of them."""

OF_ALL, OF_ONE, OF_OTHERS = -4, 1, 12
"""How unlikely a setting is: one that most layers of the family have, that one has, that another family has."""

OF_WINDOW = ("K_other", "S_other", "P_other", "d_other")
"""Symbols with a number for each axis. They are taken from another family, too: filters of a pool are none."""

BORROWED = (*OF_WINDOW, "filters_other", "C_other", "groups_other")
"""Symbols of the settings of some other layer: known only if one is put in for them."""


class Borrowing(NamedTuple):
    """A setting of another layer.

    Attributes:
        symbol: its name in edits.
        setting: its value.
        owner: the words for its owner.
        rank: how much less likely it is than one of any other layer.
    """

    symbol: str
    setting: Setting
    owner: str
    rank: int

    @property
    def is_far(self) -> bool:
        """Whether it belongs to a layer of another family."""
        return self.rank == OF_OTHERS


class LayerSettings(NamedTuple):
    """The settings of one layer that another may take, by the symbols of edits."""

    path: str
    family: str
    values: Mapping[str, Setting]


class Others:
    """The settings of all layers of a network, read when the first wrong number asks for them."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._borrowings: dict[str, tuple[Borrowing, ...]] = {}

    @cached_property
    def _settings(self) -> dict[str, LayerSettings]:
        shapes = self._report.shapes
        found = (_settings(node, shapes[node.inputs[0]].channels) for node in self._report.network.nodes)
        return {one.path: one for one in found if one.values}

    def borrowings(self, path: str) -> tuple[Borrowing, ...]:
        """Settings that a layer may take from others, each value once: common ones of its family, then the nearest."""
        if path not in self._borrowings:
            self._borrowings[path] = tuple(self._found(path)) if path in self._settings else ()
        return self._borrowings[path]

    def _found(self, path: str) -> Iterator[Borrowing]:
        own, place = self._settings[path], list(self._settings).index(path)
        away = {one: abs(number - place) for number, one in enumerate(self._settings)}
        others = [one for one in self._settings.values() if one is not own]
        others.sort(key=lambda one: (one.family != own.family, away[one.path]))
        for symbol in own.values:
            yield from _of_symbol(symbol, own, others)


def _axes(setting: Setting) -> tuple[int, ...]:
    return setting if isinstance(setting, tuple) else ()


def _settings(node: Node, channels: int) -> LayerSettings:
    layer: Any = node.layer
    family = FAMILIES.get(layer.kind, f"{layer.kind} layers")
    values: dict[str, Setting] = {}
    if hasattr(layer, "kernel") and hasattr(layer, "stride"):
        values |= {"K_other": layer.kernel, "S_other": layer.stride}
        values |= {"d_other": layer.dilation} if hasattr(layer, "dilation") else {}
        padding = getattr(layer, "padding", "")
        if not isinstance(padding, str) and all(before == after for before, after in padding):
            values["P_other"] = tuple(before for before, _ in padding)
    made = getattr(layer, "filters", None) or getattr(layer, "features", None)
    if made:
        values |= {"filters_other": made, "C_other": channels, "groups_other": getattr(layer, "groups", 1)}
    return LayerSettings(node.path, family, values)


def _of_symbol(symbol: str, own: LayerSettings, others: list[LayerSettings]) -> Iterator[Borrowing]:
    """The values of a setting that is not the layer's own, those of its family first."""
    alike = [one.values[symbol] for one in others if one.family == own.family and symbol in one.values]
    seen = {own.values[symbol]}
    for one in others:
        setting = one.values.get(symbol)
        if setting is None or setting in seen or (one.family != own.family and symbol not in OF_WINDOW):
            continue
        if isinstance(setting, tuple) and len(setting) != len(_axes(own.values[symbol])):
            continue
        seen.add(setting)
        times = alike.count(setting)
        if times > 1 and 2 * times > len(alike):
            yield Borrowing(symbol, setting, f"your other {own.family}", OF_ALL)
        else:
            yield Borrowing(symbol, setting, one.path, OF_ONE if times else OF_OTHERS)
