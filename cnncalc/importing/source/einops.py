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


def _groups(side: str) -> list[list[str]]:
    return [re.findall(r"\w+", one) for one in re.findall(r"\([^()]*\)|\w+|\.\.\.", side)]
