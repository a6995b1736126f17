"""Chains → units: parts that occur often become blocks, greedily by the lines that these save."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple, final

from cnncalc.importing.entries import ImportedLayer
from cnncalc.importing.folding.relations import Signature, signature_of
from cnncalc.importing.folding.slots import Describer, Skeleton
from cnncalc.importing.folding.tree import Item, Items, Leaf, Residual, Split, leaves
from cnncalc.importing.writing import Row
from cnncalc.language.expressions import is_name
from cnncalc.language.lines import RESERVED, UNIVERSAL
from cnncalc.network.vocabulary import WORDS

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
"""Classes whose names say nothing about their contents."""

TAKEN = {*WORDS, *RESERVED, *UNIVERSAL}
"""Words that cannot be names of blocks."""

MAX_DEEP = 2
"""The most residuals and branches in one block: an attention and its MLP are one block, two of a kind are two."""

MAX_PERIOD, MIN_PERIODS = 4, 3
"""The most rows that take turns in one sequence, and how often they have to."""

MAX_WINDOW = 8
MAX_BLOCKS = 20


class Unit(NamedTuple):
    """One row of the spec, before it is written.

    Attributes:
        items: its items, in order.
        block: the name of its block; empty if it is written out.
        arguments: by parameter, without defaults.
        repeat: how often it occurs there.
        first: the arguments of the first copy that differ.
        parts: the units of one copy, if it is a sequence of several.
    """

    items: Items
    block: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    repeat: int = 1
    first: tuple[tuple[str, str], ...] = ()
    parts: tuple[Unit, ...] = ()


class UnitWindow(NamedTuple):
    """One place where a block would be: a chain, and the units from start to stop."""

    chain: int
    start: int
    stop: int


def _is_deep(unit: Unit) -> bool:
    return not isinstance(unit.items[0], Leaf)


@final
class Blocks:
    """Finds blocks in chains of units.

    Args:
        chains: of units; changed in place.
        describer: of their items.
        classes: path of a module → its class.

    Attributes:
        blocks: signature → rows.
    """

    def __init__(self, chains: list[list[Unit]], describer: Describer, classes: Mapping[str, str]) -> None:
        self._classes = classes
        self.blocks: dict[str, list[Row]] = {}
        self._chains = chains
        self._describer = describer
        self._skeletons: dict[int, Skeleton] = {}
        self._names: set[str] = set()

    def find(self) -> None:
        """Make blocks as long as a block saves lines."""
        refused: set[tuple[Any, ...]] = set()
        while len(self.blocks) < MAX_BLOCKS:
            candidates = self._candidates(refused)
            if not candidates:
                return
            key = max(candidates, key=lambda key: self._preference(candidates[key]))
            if self._saving(candidates[key]) <= 0:
                return
            if not self._make(candidates[key]):
                refused.add(key)

    def _candidates(self, refused: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], list[UnitWindow]]:
        """Windows by the things that they share; those of one kind do not overlap."""
        found: dict[tuple[Any, ...], list[UnitWindow]] = {}
        for number, units in enumerate(self._chains):
            keys = [self._key(unit) for unit in units]
            for start in range(len(units)):
                for stop in range(start + 1, min(start + MAX_WINDOW, len(units)) + 1):
                    if keys[stop - 1] is None:
                        break
                    window = units[start:stop]
                    deep = [key for key, unit in zip(keys[start:stop], window, strict=True) if _is_deep(unit)]
                    if len(deep) > MAX_DEEP or len(set(deep)) < len(deep):
                        break
                    key = tuple(keys[start:stop])
                    if key in refused:  # the numbers have too little in common: only equal copies are one block
                        key = (*key, *self._numbers(window))
                    places = found.setdefault(key, [])
                    if key not in refused and not (places and places[-1].chain == number and places[-1].stop > start):
                        places.append(UnitWindow(number, start, stop))
        return {key: windows for key, windows in found.items() if len(windows) > 1}

    def _key(self, unit: Unit) -> Any:
        """A key that is equal for units of one block; None for a unit that cannot be in a block."""
        if unit.block or (isinstance(unit.items[0], Leaf) and unit.items[0].linked):
            return None
        return self._skeleton(unit).key, unit.repeat

    def _skeleton(self, unit: Unit) -> Skeleton:
        if id(unit.items) not in self._skeletons:
            self._skeletons[id(unit.items)] = self._describer.skeleton(unit.items)
        return self._skeletons[id(unit.items)]

    def _numbers(self, units: Sequence[Unit]) -> Iterator[Any]:
        """The numbers of some units."""
        return (slot[:2] for unit in units for slot in self._skeleton(unit).slots)

    def _units(self, window: UnitWindow) -> list[Unit]:
        return self._chains[window.chain][window.start : window.stop]

    def _saving(self, windows: Sequence[UnitWindow]) -> int:
        """The lines that a block saves: those of all copies but one, minus the calls and the signature."""
        lines = sum(len(leaves(unit.items)) for unit in self._units(windows[0]))
        return (len(windows) - 1) * lines - len(windows) - 1

    def _preference(self, windows: Sequence[UnitWindow]) -> tuple[int, bool, int]:
        """The rank of a possible block: the lines that it saves, then whether it starts with its main layer."""
        units = self._units(windows[0])
        return self._saving(windows), not isinstance(units[0].items[0], Leaf), -len(units)

    def _make(self, windows: list[UnitWindow]) -> bool:
        """Whether a block was made of these windows."""
        skeletons = [[self._skeleton(unit) for unit in self._units(window)] for window in windows]
        signature = signature_of([[slot for one in group for slot in one.slots] for group in skeletons])
        shortcut = self._shortcut([item for window in windows for unit in self._units(window) for item in unit.items])
        if signature is None or shortcut is None:
            return False
        name = self._name(windows)
        texts, rows = iter(signature.texts), []
        for unit in self._units(windows[0]):
            (row,) = self._describer.rows(unit.items, texts, shortcut)
            rows.append({**row, **({"repeat": str(unit.repeat)} if unit.repeat > 1 else {})})
        parameters = [f"{word}={usual}" if usual else word for word, usual in signature.parameters.items()]
        self.blocks[f"{name}({', '.join(parameters)})" if parameters else name] = rows
        self._replace(windows, name, signature)
        return True

    def _replace(self, windows: list[UnitWindow], name: str, signature: Signature) -> None:
        for window, arguments in reversed(list(zip(windows, signature.arguments, strict=True))):
            items = tuple(item for unit in self._units(window) for item in unit.items for _ in range(unit.repeat))
            given = tuple((word, text) for word, text in arguments.items() if text != signature.parameters[word])
            self._chains[window.chain][window.start : window.stop] = [Unit(items, name, given)]

    def _shortcut(self, items: Sequence[Item]) -> str | None:
        """The word that gives each residual of a block its shortcut; None if there is none."""
        words = {item.shortcut for item in items if isinstance(item, Residual)}
        if words <= {"identity"}:
            return "identity"
        if "none" not in words:
            return "project"
        return "if_same" if words == {"none", "identity"} else None

    def _name(self, windows: list[UnitWindow]) -> str:
        """A word for a block: the class of its module, or a word for its items."""
        units = self._units(windows[0])
        base = self._class(windows) or _kind_of_block([item for unit in units for item in unit.items])
        number = 1
        while (name := base if number == 1 else f"{base}_{number}") in self._names or name in TAKEN:
            number += 1
        self._names.add(name)
        return name

    def _class(self, windows: Sequence[UnitWindow]) -> str:
        """The class of the module of each copy of a block, as a name of the language; empty if none is known."""
        holders = [[layer for unit in self._units(window) for layer in leaves(unit.items)] for window in windows]
        paths = [common_scope(layers) for layers in holders]
        # Copies with one module around them are parts of it.
        word = self._classes.get(".".join(paths[0]), "") if len(set(paths)) == len(paths) else ""
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word).lower().strip("_")
        return name if is_name(name) and word not in CONTAINERS else ""


def common_scope(layers: Sequence[ImportedLayer]) -> tuple[str, ...]:
    """The path of the innermost module around all of some layers."""
    scopes = [layer.scope for layer in layers if layer.scope]
    depth = 0
    while scopes and all(len(scope) > depth and scope[depth] == scopes[0][depth] for scope in scopes):
        depth += 1
    return scopes[0][:depth] if scopes else ()


def _kind_of_block(items: Sequence[Item]) -> str:
    """A word for some items."""
    deep = next((item for item in items if not isinstance(item, Leaf)), None)
    kinds = [layer.kind for layer in leaves(tuple(items))]
    if isinstance(deep, Residual):
        if any(isinstance(item, Split) for item in deep.body):
            return "cross_stage" if deep.merge.kind == "concat" else "inception_residual"
        if deep.merge.kind in ("concat", "mul"):
            return "dense_layer" if deep.merge.kind == "concat" else "gated"
        if "depthwise" in kinds:
            return "inverted_residual" if _expands(leaves(tuple(items))) else "separable_residual"
        return "bottleneck" if kinds.count("conv") > 2 else "basic"
    if deep is not None:
        return "inception" if len(deep.paths) > 2 else "branched"
    return (
        "separable"
        if "depthwise" in kinds
        else "transition"
        if "avgpool" in kinds
        else "double"
        if len(set(kinds)) == 1
        else "stage"
    )


def _expands(layers: Sequence[ImportedLayer]) -> bool:
    """Whether a conv of 1×1 comes before the first depthwise one, as MobileNetV2 widens its input."""
    before = takewhile(lambda layer: layer.kind != "depthwise", layers)
    return any(layer.kind == "conv" and layer.settings.get("kernel") == 1 for layer in before)


def repeated(units: Sequence[Unit]) -> Iterator[Unit]:
    """Units, with equal ones in a row as one; the first copy may differ a little."""
    place = 0
    while place < len(units):
        unit, run = units[place], _run(units, place)
        if run > 1:
            yield unit._replace(items=_all_items(units[place : place + run]), repeat=run)
            place += run
            continue
        period, times = _turns(units, place)
        if times >= MIN_PERIODS:
            parts = tuple(units[place : place + period])
            yield Unit(_all_items(units[place : place + period * times]), repeat=times, parts=parts)
            place += period * times
            continue
        after = _run(units, place + 1) if place + 1 < len(units) else 0
        first = _first(unit, units[place + 1]) if after else None
        if first:
            whole = units[place + 1]._replace(
                items=_all_items(units[place : place + 1 + after]), repeat=after + 1, first=first
            )
            yield whole
            place += after + 1
        else:
            yield unit
            place += 1


def _all_items(units: Sequence[Unit]) -> Items:
    return tuple(item for unit in units for item in unit.items)


def _run(units: Sequence[Unit], start: int) -> int:
    """The number of units in a row, from one on, that call one block with the same arguments."""
    stop = start + 1
    while stop < len(units) and units[start].block and _call(units[stop]) == _call(units[start]):
        stop += 1
    return stop - start


def _turns(units: Sequence[Unit], start: int) -> tuple[int, int]:
    """The number of block calls that take turns, from one on, and how often they do."""
    for period in range(2, MAX_PERIOD + 1):
        calls, times = [_call(unit) for unit in units[start : start + period]], 1
        while calls == [_call(unit) for unit in units[start + period * times : start + period * (times + 1)]]:
            times += 1
        if times >= MIN_PERIODS and all(block for block, _ in calls):
            return period, times
    return 1, 1


def _call(unit: Unit) -> tuple[Any, ...]:
    return unit.block, unit.arguments


def _first(unit: Unit, other: Unit) -> tuple[tuple[str, str], ...] | None:
    """The arguments in which a first copy differs from the others, if they are few and have defaults."""
    if not unit.block or unit.block != other.block:
        return None
    mine, theirs = dict(unit.arguments), dict(other.arguments)
    changed = tuple((word, text) for word, text in mine.items() if theirs.get(word) != text)
    main = next(iter(theirs), "stride")  # the main number of a block does not change within a run
    few = 0 < len(changed) <= 2 and theirs.keys() <= mine.keys()
    return changed if few and (main.startswith("stride") or mine[main] == theirs[main]) else None
