"""Orders of axes that are layers of the language: shuffled channels, blocks of a map as channels, the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.importing.axes import CHANNELS, Atom, Order, identity, whole

Dims = tuple[int, ...]


class Rearranged(NamedTuple):
    """A layer of the language that gives an order.

    Attributes:
        kind, settings: of the layer.
        base: the dims of its value.
        order: how the file sees that.
        columns_first: whether neighbours below one another come before those beside.
    """

    kind: str
    settings: dict[str, Any]
    base: Dims
    order: Order
    columns_first: bool = False


def rearranged(base: Dims, order: Order) -> Rearranged | None:
    """The layer that brings a value with these dims into this order; None if there is none."""
    if min(len(order), len(base)) < 3:
        return None
    return _shuffled(base, order) or _unfolded(base, order) or _folded(base, order)


def _shuffled(base: Dims, order: Order) -> Rearranged | None:
    """The layer that shuffles channels of two parts, the second of which goes on faster."""
    channels, plain = order[1], identity(base)
    if len(channels) != 2 or any(atom.axis != CHANNELS for atom in channels) or order[2:] != plain[2:]:
        return None
    return Rearranged("shuffle", {"groups": channels[1].size}, base, plain) if channels[0].inner == 1 else None


def _unfolded(base: Dims, order: Order) -> Rearranged | None:
    """The layer that makes blocks of a map channels, at any place in the file's order."""
    place = next((i for i, atoms in enumerate(order) if len(atoms) == len(base) - 1), 0)
    atoms, axes = order[place], range(2, len(base))
    ends = [n for n, atom in enumerate(atoms) if atom == Atom(CHANNELS, 1, base[1])]
    blocks = {atom.axis: atom.size for atom in atoms if atom.axis > CHANNELS and atom.inner == 1}
    if not place or ends not in ([0], [len(atoms) - 1]) or sorted(blocks) != list(axes):
        return None
    sizes = {axis: base[axis] // blocks[axis] for axis in axes}
    around = {whole(axis, sizes[axis], blocks[axis]): axis for axis in axes}
    seen = _seen(order, place, around, sizes, base[1] * prod(blocks.values()))
    spatial = [atom.axis for atom in atoms if atom.axis != CHANNELS]
    if seen is None or (spatial != sorted(spatial) and (ends == [0] or len(spatial) > 2)):
        return None
    settings: dict[str, Any] = {"block_size": tuple(blocks[axis] for axis in axes)}
    settings |= {"order": "CRD"} if ends == [0] else {}
    made = (base[0], base[1] * prod(blocks.values()), *(sizes[axis] for axis in axes))
    return Rearranged("space_to_depth", settings, made, seen, spatial != sorted(spatial))


def _folded(base: Dims, order: Order) -> Rearranged | None:
    """The layer that makes channels blocks of a map, at any places in the file's order."""
    axes, blocks, around = range(2, len(base)), dict[int, Atom](), dict[tuple[Atom, ...], int]()
    for atoms in order[1:]:
        if len(atoms) == 2 and atoms[0] == Atom(atoms[0].axis, 1, base[atoms[0].axis]) and atoms[1].axis == CHANNELS:
            blocks[atoms[0].axis] = atoms[1]
            around[atoms] = atoms[0].axis
    left = base[1] // max(prod(atom.size for atom in blocks.values()), 1)
    if not left or sorted(blocks) != list(axes) or base[1] % left:
        return None
    inner = [prod(blocks[other].size for other in axes if other > axis) for axis in axes]
    cells = prod(atom.size for atom in blocks.values())
    for word, step, first in (("CRD", 1, cells), ("DCR", left, 1)):
        channels = (Atom(CHANNELS, first, left),) if left > 1 else ()
        if channels in order[1:] and all(blocks[axis].inner == n * step for axis, n in zip(axes, inner, strict=True)):
            sizes = {axis: base[axis] * blocks[axis].size for axis in axes}
            seen = _seen(order, order.index(channels, 1), around, sizes, left)
            settings: dict[str, Any] = {"block_size": tuple(blocks[axis].size for axis in axes)}
            settings |= {"order": "CRD"} if word == "CRD" else {}
            made = (base[0], left, *(sizes[axis] for axis in axes))
            return Rearranged("depth_to_space", settings, made, seen) if seen is not None else None
    return None


def _seen(
    order: Order, place: int, around: dict[tuple[Atom, ...], int], sizes: dict[int, int], channels: int
) -> Order | None:
    """The order in which the file sees the new axes; None if others are between them."""
    seen: list[Sequence[Atom]] = [order[0]]
    found: list[int] = []
    for index, atoms in enumerate(order[1:], start=1):
        parts = [atoms] if atoms in around else [(atom,) for atom in atoms]  # several of them are in one row
        if index == place:
            seen.append(whole(CHANNELS, channels))
        elif all(part in around for part in parts):
            axes = [around[part] for part in parts]
            seen.append([atom for axis in axes for atom in whole(axis, sizes[axis])])
            found += axes
        else:
            return None
    return tuple(map(tuple, seen)) if len(found) == len(sizes) else None
