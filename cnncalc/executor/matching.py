"""Which stored tensor is which weight: by name and shape, and everything that does not fit told at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

from cnncalc.errors import ExecutionError
from cnncalc.language.problems import one_line, suggestion

Sizes = tuple[int, ...]

Key = tuple[str, str]
"""A layer's path and the name of one of its tensors: ("conv3.2/residual/conv1", "weight")."""

MAX_HINTS = 50
"""Missing tensors for which a similar name is looked for; each search takes milliseconds."""

MAX_NAMED = 5
"""Unused tensors that are named where all others fit."""

MAX_UNUSED = 100
"""Unused tensors that are listed where others do not fit."""


class Match(NamedTuple):
    """Where each weight is stored.

    Attributes:
        names: the stored name of each weight.
        unused: stored names that no layer asks for.
    """

    names: Mapping[Key, str]
    unused: tuple[str, ...]


def match_tensors(expected: Mapping[Key, Sizes], stored: Mapping[str, Sizes], where: str) -> Match:
    """The stored tensor of each weight: `conv1/weight`, or `conv1.weight`.

    Args:
        expected: the shape of every weight of the network.
        stored: the shape of every tensor at hand.
        where: what a message calls the place where they are stored.

    Raises:
        ExecutionError: tensors are missing, there twice or of another shape; a line for each of them,
            and for each that is not used.
    """
    names = {key: [name for name in ("/".join(key), ".".join(key)) if name in stored] for key in expected}
    used = {name for found in names.values() for name in found}
    unused = tuple(name for name in stored if name not in used)
    lines = _missing({key: expected[key] for key, found in names.items() if not found}, stored, unused)
    for found, shape in zip(names.values(), expected.values(), strict=True):
        if len(found) > 1:
            lines.append(f"{found[0]}: there twice, as {found[1]} too; keep one")
        elif found and stored[found[0]] != shape:
            lines.append(f"{found[0]}: {_misshapen(stored[found[0]], shape)}")
    if lines:
        lines += [f"{name}: not used by the network" for name in unused[:MAX_UNUSED]]
        lines += [f"{len(unused) - MAX_UNUSED:,} more are not used"] if len(unused) > MAX_UNUSED else []
        raise ExecutionError("\n  ".join((f"{where} does not fit the network:", *map(one_line, lines))))
    return Match({key: name for key, (name,) in names.items()}, unused)


def unused_text(names: tuple[str, ...]) -> str:
    """That no layer uses these tensors, in one line."""
    more = f" and {len(names) - MAX_NAMED:,} more" if len(names) > MAX_NAMED else ""
    return f"no layer uses the tensors {one_line(', '.join(names[:MAX_NAMED]))}{more}"


def _missing(missing: Mapping[Key, Sizes], stored: Mapping[str, Sizes], unused: tuple[str, ...]) -> list[str]:
    """A line for each missing tensor, with the one that may be meant."""
    of_size: dict[int, list[str]] = {}
    for name in unused:
        of_size.setdefault(prod(stored[name]), []).append(name)
    lines = []
    for number, (key, shape) in enumerate(missing.items()):
        hint = _hint("/".join(key), of_size.get(prod(shape), [])) if number < MAX_HINTS else ""
        lines.append(f"{'/'.join(key)}: missing, {_by(shape)} expected{hint}")
    return lines


def _hint(name: str, alike: list[str]) -> str:
    """Which of the unused tensors with as many values may be the missing one."""
    alone = f"; '{alike[0]}' has as many values" if len(alike) == 1 else ""
    return suggestion(name, alike) or alone


def _misshapen(found: Sizes, expected: Sizes) -> str:
    return f"{_by(found)} found, {_by(expected)} expected{_turned(found, expected)}"


def _turned(found: Sizes, expected: Sizes) -> str:
    """How the axes have to be turned where another framework's order is stored."""
    axes = len(expected)
    if axes != len(found) or axes < 2:
        return ""
    keras = (axes - 1, axes - 2, *range(axes - 2))
    swapped = (1, 0, *range(2, axes))
    for order, whose in ((keras, " (Keras has this order)" if axes > 2 else ""), (swapped, "")):
        if tuple(found[axis] for axis in order) == expected:
            return f"; transpose it with axes {list(order)}{whose}"
    return ""


def _by(sizes: Sizes) -> str:
    return "x".join(map(str, sizes)) or "a single number"
