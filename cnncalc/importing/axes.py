"""The order of the parts of axes in a file, after views, permutations and splits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

BATCH, CHANNELS = 0, 1
"""The first axes of a value; those after them are spatial."""


class Atom(NamedTuple):
    """A part of an axis: every `inner`-th of its values, `size` times.

    Attributes:
        axis: 0 for the batch, 1 for the channels, then the spatial axes.
        inner: the length of a step.
        size: the number of steps.
    """

    axis: int
    inner: int
    size: int


Order = tuple[tuple[Atom, ...], ...]
"""For each axis that a file sees, the parts that it is made of, the slowest first."""


def whole(axis: int, size: int, inner: int = 1) -> tuple[Atom, ...]:
    """An axis of one part, or of none if its size is 1."""
    return (Atom(axis, inner, size),) if size > 1 else ()


@lru_cache
def identity(dims: tuple[int, ...]) -> Order:
    """The order in which the graph itself has a value with these dims."""
    return tuple(whole(axis, size) for axis, size in enumerate(dims))


def channels_last(dims: tuple[int, ...]) -> Order:
    """The order of a value with these dims in the graph when its channels come last."""
    plain = identity(dims)
    return (plain[0], *plain[2:], plain[1]) if len(plain) > 1 else plain


def flat(order: Order) -> tuple[Atom, ...]:
    """All parts, one after another."""
    return tuple(atom for atoms in order for atom in atoms)


def merged(atoms: Sequence[Atom]) -> tuple[Atom, ...]:
    """Parts that follow one another in the axis itself, as one part."""
    made: list[Atom] = []
    for atom in atoms:
        last = made[-1] if made else None
        if last is not None and last.axis == atom.axis and last.inner == atom.inner * atom.size:
            made[-1] = Atom(atom.axis, atom.inner, last.size * atom.size)
        else:
            made.append(atom)
    return tuple(made)


def is_view(order: Order, dims: tuple[int, ...]) -> bool:
    """Whether all values are in the order that the graph has, whatever the dims."""
    return merged(flat(order)) == flat(identity(dims))


def viewed(order: Order, dims: Sequence[int]) -> Order | None:
    """The same values under other dims; None if parts do not fit."""
    atoms, made = list(flat(order))[::-1], []
    for size in dims:
        taken: list[Atom] = []
        rest = size
        while rest > 1:
            if not atoms:
                return None
            atom = atoms.pop()
            if rest % atom.size == 0:
                taken.append(atom)
                rest //= atom.size
            elif atom.size % rest == 0:
                left = atom.size // rest
                atoms.append(Atom(atom.axis, atom.inner, left))
                taken.append(Atom(atom.axis, atom.inner * left, rest))
                rest = 1
            else:
                return None
        made.append(merged(taken))
    return None if atoms else tuple(made)


def axis_of(order: Order, dim: int, dims: Sequence[int]) -> int | None:
    """The axis of the graph's value (with these dims) that one axis of the file is; None if it is not a whole one.

    An axis of size 1 is where it would be if nothing moved.
    """
    atoms = order[dim]
    if len(atoms) == 1 and atoms == whole(atoms[0].axis, dims[atoms[0].axis]):
        return atoms[0].axis
    if atoms:
        return None
    taken = {atom.axis for atom in flat(order)}
    free = [axis for axis, size in enumerate(dims) if size == 1 and axis not in taken]
    empty = [place for place, parts in enumerate(order) if not parts]
    return free[empty.index(dim)] if len(order) == len(dims) and len(free) == len(empty) else None


def permutation(order: Order) -> tuple[int, ...] | None:
    """The axes in the order in which their whole parts are; None if an axis is split."""
    axes = [atom.axis for atom in flat(order)]
    return tuple(axes) if len(set(axes)) == len(axes) else None
