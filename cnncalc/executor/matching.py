"""Which stored tensor is which weight: by name and shape, and everything that does not fit told at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Key, Sizes, by
from cnncalc.language.problems import one_line, suggestion

MAX_HINTS = 50
"""Missing tensors for which a similar name is looked for; each search takes milliseconds."""

MAX_NAMED = 5
"""Unused tensors that are named where all others fit."""

MAX_UNUSED = 100
"""Unused tensors that are listed where others do not fit."""


def match_tensors(
    expected: Mapping[Key, Sizes], stored: Mapping[str, Sizes], where: str
) -> tuple[dict[Key, str], tuple[str, ...]]:
    """The stored name of each weight, as `conv1/weight` or `conv1.weight`; and the names that no layer asks for.

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
            turned = _turned(stored[found[0]], shape)
            lines.append(f"{found[0]}: {by(stored[found[0]])} found, {by(shape)} expected{turned}")
    if lines:
        lines += [f"{name}: not used by the network" for name in unused[:MAX_UNUSED]]
        lines += [f"{len(unused) - MAX_UNUSED:,} more are not used"] if len(unused) > MAX_UNUSED else []
        raise ExecutionError("\n  ".join((f"{where} does not fit the network:", *map(one_line, lines))))
    return {key: name for key, (name,) in names.items()}, unused


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
        name, alike = "/".join(key), of_size.get(prod(shape), [])
        alone = f"; '{alike[0]}' has as many values" if len(alike) == 1 else ""
        hint = suggestion(name, alike) or alone if number < MAX_HINTS else ""
        lines.append(f"{name}: missing, {by(shape)} expected{hint}")
    return lines


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
