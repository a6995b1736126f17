"""The numbers of all uses of a block → a text for each: a constant, an expression, or a parameter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.importing.folding.slots import WIDTHS, Slot, slot_text

MAX_PARAMETERS = 6
NAMES = {"filters": "c", "features": "n", "kernel": "k", "stride": "stride", "groups": "g", "channels": "c"}
"""The name of the parameter for each setting."""


class Signature(NamedTuple):
    """A block's numbers.

    Attributes:
        texts: one for each slot.
        parameters: name → default; empty for one without.
        arguments: of each use, by parameter.
    """

    texts: tuple[str, ...]
    parameters: dict[str, str]
    arguments: tuple[dict[str, str], ...]


def signature_of(uses: Sequence[Sequence[Slot]]) -> Signature | None:
    """The signature of a block with these uses; None if it would have too many parameters."""
    texts: list[str] = []
    columns: dict[str, tuple[Any, ...]] = {}
    derived: dict[str, str] = {}
    whole = [slots[0].entering if slots else 0 for slots in uses]
    for slots in zip(*uses, strict=True):
        values = tuple(slot.value for slot in slots)
        text = _constant(values) or _followed(slots, values, columns)
        if text is None:
            text = _free_name(slots[0].name, columns)
            columns[text] = values
            if slots[0].name in WIDTHS and (default := _ratio("in", whole, values)) is not None:
                derived[text] = default
            if len(columns) > MAX_PARAMETERS:
                return None
        texts.append(text)
    new = _in_order(columns, derived)
    texts = [re.sub(r"[a-z_]+\d*", lambda word: new.get(word[0], word[0]), text) for text in texts]
    columns, derived = {new[one]: columns[one] for one in columns}, {new[one]: text for one, text in derived.items()}
    usual = {name: derived.get(name) or _usual(name, values) for name, values in columns.items()}
    ordered = {name: usual[name] for name in sorted(usual, key=lambda name: bool(usual[name]))}
    given = [name for name in ordered if name not in derived]
    arguments = tuple({name: slot_text(columns[name][use]) for name in given} for use in range(len(uses)))
    return Signature(tuple(texts), ordered, arguments)


def _in_order(names: Iterable[str], derived: Mapping[str, str]) -> dict[str, str]:
    """New names for parameters: those that a use gives are numbered before those that follow from the input."""
    new: dict[str, str] = {}
    for name in sorted(names, key=lambda name: name in derived):
        new[name] = _free_name(name.rstrip("0123456789"), new.values())
    return new


def _constant(values: tuple[Any, ...]) -> str | None:
    return slot_text(values[0]) if len(set(values)) == 1 else None


def _followed(slots: Sequence[Slot], values: tuple[Any, ...], columns: dict[str, tuple[Any, ...]]) -> str | None:
    """An expression that gives every value, from an earlier parameter or from the channels that enter."""
    name = slots[0].name
    for parameter, others in columns.items():
        if others == values and (parameter.rstrip("0123456789") == NAMES.get(name) or name in WIDTHS):
            return parameter
    if name not in WIDTHS:
        return None
    known = {parameter: others for parameter, others in columns.items() if parameter[0] in "cng"}
    for base, others in (*known.items(), ("in", tuple(slot.entering for slot in slots))):
        if (text := _ratio(base, others, values)) is not None:
            return text
    return None


def _ratio(base: str, others: Sequence[Any], values: Sequence[Any]) -> str | None:
    """`4*c` or `c/4`, if it gives every value."""
    if not all(type(one) is int and one > 0 for one in (*others, *values)):
        return None
    pairs = list(zip(others, values, strict=True))
    if all(value == other for other, value in pairs):
        return base
    if all(value * pairs[0][0] == pairs[0][1] * other for other, value in pairs):
        if all(value % other == 0 for other, value in pairs):
            return f"{pairs[0][1] // pairs[0][0]}*{base}"
        if all(other % value == 0 for other, value in pairs):
            return f"{base}/{pairs[0][0] // pairs[0][1]}"
    return None


def _free_name(name: str, taken: Iterable[str]) -> str:
    base = NAMES.get(name, name if name not in ("from", "to") else "c")
    number = 1
    while (free := base if number == 1 else f"{base}{number}") in taken:
        number += 1
    return free


def _usual(name: str, values: tuple[Any, ...]) -> str:
    """The default of a stride, which most uses do not change; empty for other parameters."""
    if name.rstrip("0123456789") != "stride":
        return ""
    return slot_text(Counter(values).most_common(1)[0][0])
