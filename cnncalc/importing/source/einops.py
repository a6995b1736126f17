"""The patterns of einops: `b c h w -> b (h w) c` as a view, an order of axes, and a view."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple


class EinopsOrder(NamedTuple):
    """The steps of a pattern.

    Attributes:
        atoms: the sizes of the single axes on its left.
        axes: their order on its right.
        sizes: those of the axes on its right.
    """

    atoms: tuple[int, ...]
    axes: tuple[int, ...]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, pattern: str, dims: Sequence[int], given: Mapping[str, int]) -> EinopsOrder | None:
        """The steps of a pattern for a tensor of these dims; None if it does not fit, or is more than an order."""
        left, arrow, right = pattern.partition("->")
        groups, wanted = _groups(left), _groups(right)
        if not arrow or len(groups) != len(dims):
            return None
        sizes: dict[str, int] = {}
        for group, size in zip(groups, dims, strict=True):
            known = {name: 1 if name == "1" else given[name] for name in group if name in given or name == "1"}
            rest, (whole, left_over) = [n for n in group if n not in known], divmod(size, prod(known.values()) or 1)
            if left_over or len(rest) > 1 or (not rest and whole != 1):
                return None
            sizes |= known | dict.fromkeys(rest, whole)
        atoms = [name for group in groups for name in group if name != "1"]
        order = [name for group in wanted for name in group if name != "1"]
        if sorted(atoms) != sorted(order) or len(set(atoms)) != len(atoms):
            return None
        ends = tuple(prod(sizes.get(name, 1) for name in group) for group in wanted)
        return cls(tuple(sizes[name] for name in atoms), tuple(map(atoms.index, order)), ends)


def repeated(pattern: str, dims: Sequence[int], given: Mapping[str, int]) -> tuple[int, ...] | None:
    """The sizes of a tensor that is repeated along new axes; None for a pattern that is not understood."""
    names, ends = (["/".join(group) for group in side] for side in _sides(pattern, len(dims)))
    sizes = {**dict(zip(names, dims, strict=False)), **given}
    if len(names) != len(dims) or not all(type(sizes.get(name)) is int for name in ends):
        return None
    return tuple(sizes[name] for name in ends)


def reduced(pattern: str, rank: int) -> list[int] | None:
    """The axes of a tensor that a pattern leaves out; None if it does more than that."""
    names, kept = _sides(pattern, rank)
    is_plain = len(names) == rank and all(len(group) == 1 for group in (*names, *kept))
    if not is_plain or [name for name in names if name in kept] != kept:
        return None
    return [axis for axis, name in enumerate(names) if name not in kept]


def _sides(pattern: str, rank: int) -> list[list[list[str]]]:
    """The groups of both sides, with a name for each axis that `...` stands for."""
    left, _, right = pattern.partition("->")
    sides = _groups(left), _groups(right)
    more = [[f"_{i}"] for i in range(rank - len(sides[0]) + 1)]
    return [[one for group in side for one in (more if group == ["..."] else [group])] for side in sides]


def _groups(side: str) -> list[list[str]]:
    return [re.findall(r"\w+|\.\.\.", one) for one in re.findall(r"\([^()]*\)|\w+|\.\.\.", side)]
