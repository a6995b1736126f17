"""Items → a skeleton that they share with others, and the numbers in which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.entries import ImportedLayer, Settings, default_of, joins
from cnncalc.importing.folding.tree import Item, Items, Leaf, Residual, Split
from cnncalc.importing.writing import Row, frozen_row, real_text, setting_texts
from cnncalc.layers import LAYERS
from cnncalc.layers.parameters import Type
from cnncalc.shapes import Layout

NUMBERS = (Type.COUNT, Type.SIZE, Type.REAL)
WIDTHS = ("filters", "features", "groups", "channels", "from", "to")
"""Numbers that may follow from one another, or from the channels that enter."""


class Slot(NamedTuple):
    """One number of an item.

    Attributes:
        name: of the parameter.
        value: a number, or one for each axis.
        default: its value if it is not written.
        entering: the channels that enter its line.
    """

    name: str
    value: Any
    default: Any
    entering: int


class Skeleton(NamedTuple):
    """An item without its numbers: equal for items that can be one block."""

    key: tuple[Any, ...]
    slots: tuple[Slot, ...]


class Describer:
    """Describes items, and writes them with other texts for their numbers.

    Args:
        defaults: by kind, as the spec will have them.
        layout: of the spec.
    """

    def __init__(self, defaults: Mapping[str, Settings], layout: Layout) -> None:
        self._defaults = defaults
        self._layout: Layout = layout

    def skeleton(self, items: Items) -> Skeleton:
        """The skeleton of items, and their numbers in order."""
        slots: list[Slot] = []
        return Skeleton(tuple(self._key(item, slots) for item in items), tuple(slots))

    def rows(self, items: Items, texts: Iterator[str], shortcut: str = "") -> list[Row]:
        """The rows of items; `texts` has one text for each slot, in order.

        Args:
            items: those to be written.
            texts: taken one after another.
            shortcut: the one of a residual among them; its own if empty.
        """
        return [self._row(item, texts, shortcut) for item in items]

    def literal(self, items: Items) -> list[Row]:
        """The rows of items with their own numbers."""
        return self.rows(items, iter([slot_text(slot.value) for slot in self.skeleton(items).slots]))

    def _key(self, item: Item, slots: list[Slot]) -> tuple[Any, ...]:
        if isinstance(item, Leaf):
            slots += self._slots(item)
            if item.linked:
                return "linked", item.layer.value
            return self._fixed(item.layer)
        merge = self._fixed(item.merge)
        if isinstance(item, Residual):
            # A body without a shortcut is the same block as one with a shortcut, if that is `if_same`.
            merge = merge if item.shortcut != "none" else ("add",)
            return "residual", tuple(self._key(inside, slots) for inside in item.body), merge
        return "split", tuple(tuple(self._key(inside, slots) for inside in path) for path in item.paths), merge

    def _fixed(self, layer: ImportedLayer) -> tuple[Any, ...]:
        """The kind and the settings that are not numbers."""
        numbers = {name for name in layer.settings if self._is_number(layer.kind, name)}
        # Convolutions of one pixel and of several are not one line with a parameter.
        pixel = ("pixel",) if layer.kind == "conv" and layer.settings.get("kernel") == 1 else ()
        ranges = [
            name for name, value in layer.settings.items() if value is not None and self._is_range(layer.kind, name)
        ]
        return (
            layer.kind,
            *pixel,
            *frozen_row(layer),
            *ranges,
            *sorted((name, str(value)) for name, value in layer.settings.items() if name not in numbers),
        )

    def _is_range(self, kind: str, name: str) -> bool:
        parameter = LAYERS[kind].parameters.get(name)
        return parameter is not None and parameter.type is Type.RANGE

    def _is_number(self, kind: str, name: str) -> bool:
        parameter = LAYERS[kind].parameters.get(name)
        return parameter is not None and (parameter.type in NUMBERS or self._is_range(kind, name))

    def _slots(self, leaf: Leaf) -> Iterator[Slot]:
        layer, kind = leaf.layer, LAYERS[leaf.layer.kind]
        entering = leaf.entering.channels if leaf.entering else 0
        if joins(layer.kind):
            return
        for name, parameter in kind.parameters.items():
            if parameter.type in NUMBERS:
                default = self._default(layer, name)
                yield Slot(name, layer.settings.get(name, default), default, entering)
            elif parameter.type is Type.RANGE and layer.settings.get(name) is not None:
                start, stop = layer.settings[name]
                yield from (Slot("from", start, None, entering), Slot("to", stop, None, entering))

    def _default(self, layer: ImportedLayer, name: str) -> Any:
        given = self._defaults.get(layer.kind, {})
        settings = {**given, **layer.settings}
        return given[name] if name in given else default_of(LAYERS[layer.kind], name, settings)

    def _row(self, item: Item, texts: Iterator[str], shortcut: str) -> Row:
        if isinstance(item, Leaf):
            return self._leaf_row(item, texts)
        alone = isinstance(item, Residual) and item.shortcut == "none"
        rest = {} if alone else setting_texts(item.merge.kind, item.merge.settings, self._layout)
        if isinstance(item, Split):
            paths = [self.rows(path, texts) for path in item.paths]
            return {"branches": paths, "merge": item.merge.kind, **rest}
        body = self.rows(item.body, texts)
        word = shortcut or item.shortcut.replace("none", "if_same")
        row: Row = {"residual": body, **({"shortcut": word} if word != "identity" else {})}
        return {**row, **({"merge": item.merge.kind} if not alone and item.merge.kind != "add" else {}), **rest}

    def _leaf_row(self, leaf: Leaf, texts: Iterator[str]) -> Row:
        layer, kind = leaf.layer, LAYERS[leaf.layer.kind]
        settings = {name: value for name, value in layer.settings.items() if not self._is_number(layer.kind, name)}
        written = setting_texts(layer.kind, settings, self._layout)
        for name, parameter in kind.parameters.items() if not joins(layer.kind) else ():
            if parameter.type in NUMBERS:
                text = next(texts)
                if text != slot_text(self._default(layer, name)) or name in kind.required:
                    written[name] = text
            elif parameter.type is Type.RANGE and layer.settings.get(name) is not None:
                written[name] = f"{next(texts)}..{next(texts)}"
        order = [*kind.parameters, *kind.followers]
        ordered = {name: written[name] for name in sorted(written, key=order.index)}
        first = next(iter(kind.written()), "")
        is_flag = first in kind.parameters and kind.parameters[first].type is Type.FLAG
        return {
            layer.kind: "" if is_flag or first not in ordered else ordered.pop(first),
            **ordered,
            **frozen_row(layer),
        }


def slot_text(value: Any) -> str:
    """A number as a spec has it."""
    if isinstance(value, tuple):
        return "x".join(map(str, value)) if 0 not in value else f"[{', '.join(map(str, value))}]"
    return real_text(value) if isinstance(value, float) else str(value)
