"""Values that the file sees in another order: views, permutations, and the layers that they become.

torch and ONNX write a channel shuffle as reshape, transpose, reshape, and a norm over channels as a transpose
around it. Nothing moves until the meaning is clear: a `Viewed` is a value with the order in which it is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, final

from cnncalc.importing.axes import (
    BATCH,
    CHANNELS,
    Atom,
    Order,
    axis_of,
    channels_last,
    flat,
    identity,
    is_view,
    merged,
    permutation,
    viewed,
    whole,
)
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.rearrangements import rearranged
from cnncalc.shapes import MAX_RANK, Shape, by_axis, letters_of


class Cut(NamedTuple):
    """Some steps of a part of the channels; the graph's value has all of them."""

    atom: Atom
    start: int
    stop: int


class Viewed(NamedTuple):
    """A value as an operation of the file sees it.

    Attributes:
        node: the name of the value in the graph.
        dims: its sizes in the file, with the batch; None if they are not known.
        base: the dims of the graph's value.
        order: the part of them at each place.
        rolled: the number of places by which each axis of the graph's value is moved.
        cut: the channels that are left.
    """

    node: str
    dims: tuple[int, ...] | None
    base: tuple[int, ...] = ()
    order: Order = ()
    rolled: tuple[tuple[int, int], ...] = ()
    cut: Cut | None = None

    @property
    def moved(self) -> bool:
        """Whether the file sees the value in another order than the graph."""
        return self.dims != self.base or self.order != identity(self.base) or bool(self.rolled or self.cut)

    @property
    def channels_last(self) -> bool:
        """Whether the last axis is the channels, all of them, unlike in the graph."""
        last = self.order[-1:] == (whole(CHANNELS, self.base[1]),) if len(self.base) > 1 else False
        return last and self.moved and self.cut is None

    def axis(self, dim: int) -> int | None:
        """The axis of the graph's value that an axis of the file is."""
        return axis_of(self.order, dim % max(len(self.order), 1), self.base) if self.order else None


def unmoved(node: str, dims: Sequence[int] | None) -> Viewed:
    """A value that the file sees in the order of the graph."""
    if dims is None:
        return Viewed(node, None)
    dims = tuple(dims)
    return Viewed(node, dims, dims, identity(dims))


def declared(dims: Sequence[int] | None) -> Shape | None:
    """The shape of a value with these dims, the batch first."""
    if dims is None or not 2 <= len(dims) <= MAX_RANK + 2 or any(type(n) is not int or n < 1 for n in dims):
        return None
    return Shape(dims[1], tuple(dims[2:]))


@final
class Views:
    """The nodes of a graph that views and permutations become.

    Attributes:
        columns_first: values whose channels are neighbours of a map, those below one another before those beside → how
            many are below and beside one another.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder = builder
        self.columns_first: dict[str, tuple[int, ...]] = {}

    def of(self, node: str, batch: int = 1) -> Viewed:
        """A value as it is in the graph."""
        shape = self._builder.shapes[node]
        return unmoved(node, None if shape is None else (batch, *shape.sizes()))

    def last(self, node: str, batch: int = 1) -> Viewed:
        """A value of the graph that the file sees with its channels last."""
        value = self.of(node, batch)
        if value.dims is None:
            return value
        return value._replace(dims=(batch, *value.base[2:], value.base[1]), order=channels_last(value.base))

    def add(self, kind: str, values: Sequence[Viewed], settings: dict[str, Any], **where: Any) -> Viewed:
        """A value of a node that needs its inputs in the order of the graph."""
        nodes = [self.plain(value, where["at"]) for value in values]
        return self.of(self._builder.add(kind, nodes, settings, **where), (values[0].dims or (1,))[0])

    def elementwise(self, kind: str, value: Viewed, settings: dict[str, Any], **where: Any) -> Viewed:
        """A value of a node that treats every value alike, in any order of the file."""
        where["declared"] = where.get("declared") if not value.moved else None
        node = self._builder.add(kind, [value.node], settings, **where)
        if value.node in self.columns_first and kind != "conv":
            self.columns_first[node] = self.columns_first[value.node]
        return self.renewed(value, node)

    def renewed(self, value: Viewed, node: str) -> Viewed:
        """A value in the order of the one whose place it takes."""
        shape = self._builder.shapes[node]
        if shape is None or not value.base:
            return value._replace(node=node, dims=None)
        return value._replace(node=node) if shape.sizes() == value.base[1:] else self.channelled(value, node)

    def channelled(self, value: Viewed, node: str) -> Viewed:
        """As `renewed`, for a value with other channels, which are last."""
        channels = self._builder.channels(node) or 1
        base, dims = (value.base[0], channels, *value.base[2:]), (*(value.dims or ())[:-1], channels)
        return value._replace(node=node, dims=dims, base=base, order=(*value.order[:-1], whole(CHANNELS, channels)))

    def view(self, value: Viewed, dims: Sequence[int], at: ModelPlace) -> Viewed:
        """A value under other dims; one of them may be -1."""
        if value.dims is None:
            return self._lost("reshape", value, at)
        sizes = _without_open(value.dims, dims)
        words = f"reshape of {by_axis(value.dims)} to {by_axis(dims) or 'one value'}"
        if prod(sizes) != prod(value.dims):
            return self._lost(words, value, at)
        order = viewed(value.order, sizes)
        if order is None:
            shape, node = declared(sizes), self.plain(value, at)
            if shape is None or sizes[0] != value.dims[0]:
                return self._lost(words, value, at)
            return unmoved(self._builder.add("reshape", [node], {"size": shape}, at=at), sizes)
        seen = value._replace(dims=sizes, order=order)
        if seen.order == identity(seen.base) and sizes == seen.base:
            return seen
        as_written = is_view(order, seen.base) and not (seen.rolled or seen.cut)
        if len(sizes) == 2 and sizes[0] == seen.base[0] and as_written:
            return unmoved(self._builder.vector(self.columns_last(seen, at).node, at), sizes)
        return self.settled(seen, at)

    def settled(self, value: Viewed, at: ModelPlace) -> Viewed:
        """A value after a layer of the language, if its other order is what that layer does."""
        if value.rolled or value.cut or value.order == identity(value.base):
            return value
        found = rearranged(value.base, value.order)
        if found is None:
            return value
        node = self._builder.add(found.kind, [value.node], found.settings, at=at)
        if found.columns_first:
            self.columns_first[node] = found.settings["block_size"]
        return value._replace(node=node, base=found.base, order=found.order)

    def permute(self, value: Viewed, axes: Sequence[int], at: ModelPlace) -> Viewed:
        """A value with its axes in another order."""
        if value.dims is None or sorted(axis % len(value.dims) for axis in axes) != list(range(len(value.dims))):
            return self._lost("permute", value, at)
        places = [axis % len(value.dims) for axis in axes]
        dims, order = tuple(value.dims[i] for i in places), tuple(value.order[i] for i in places)
        return self.settled(value._replace(dims=dims, order=order), at)

    def taken(self, value: Viewed, axis: int, start: int, stop: int, at: ModelPlace, **where: Any) -> Viewed | None:
        """Some places along an axis of the file; None if they are not places along one axis of the graph."""
        dims = value.dims or ()
        if (start, stop) == (0, dims[axis]):
            return value
        atoms = value.order[axis] or (Atom(BATCH, 1, 1),)
        atom, base = atoms[0], value.base
        if len(atoms) > 1 or atom.axis == BATCH or atom.axis in dict(value.rolled) or value.cut:
            return None
        left = (*value.order[:axis], merged((atom._replace(size=stop - start),) * (stop - start > 1)))
        order, sizes = (*left, *value.order[axis + 1 :]), (*dims[:axis], stop - start, *dims[axis + 1 :])
        if atom.inner * atom.size < base[atom.axis]:
            if atom.axis != CHANNELS:
                return None
            return value._replace(dims=sizes, order=order, cut=Cut(atom, start, stop))
        length = (stop - start) * atom.inner
        letter = letters_of(len(base) - 2)[atom.axis - 1]
        kept = {"channels" if letter == "C" else letter: (start * atom.inner, stop * atom.inner)}
        where["declared"] = where.get("declared") if not value.moved else None
        node = self._builder.add("slice", [value.node], kept, at=at, **where)
        base = (*base[: atom.axis], length, *base[atom.axis + 1 :])
        return value._replace(node=node, dims=sizes, base=base, order=tuple(map(merged, order)))

    def uncut(self, value: Viewed, at: ModelPlace) -> Viewed:
        """A value after the layer that cuts its channels."""
        if value.cut is None:
            return value
        atom, start, stop = value.cut
        inside, outside = atom.inner * prod(value.base[2:]), value.base[1] // (atom.inner * atom.size)
        node = self._builder.add("reshape", [value.node], {"size": Shape(outside, (atom.size, inside))}, at=at)
        node = self._builder.add("slice", [node], {"H": (start, stop)}, at=at)
        base = (value.base[0], outside * (stop - start) * atom.inner, *value.base[2:])
        node = self._builder.add("reshape", [node], {"size": Shape.of(base[1:])}, at=at)
        order = tuple(
            tuple(
                one._replace(inner=one.inner // atom.size * (stop - start))
                if one.axis == CHANNELS and one.inner > atom.inner else one
                for one in atoms
            )
            for atoms in value.order
        )  # fmt: skip
        return value._replace(node=node, base=base, order=order, cut=None)

    def columns_last(self, value: Viewed, at: ModelPlace) -> Viewed:
        """A value after the layers that bring its channels into the order of the file, if they are neighbours."""
        block, node = self.columns_first.get(value.node), value.node
        if block is not None:
            node = self._builder.add("depth_to_space", [node], {"block_size": block}, at=at)
            node = self._builder.add("permute", [node], {"order": ("C", "W", "H")}, at=at)
            node = self._builder.add("space_to_depth", [node], {"block_size": block[::-1]}, at=at)
            node = self._builder.add("permute", [node], {"order": ("C", "W", "H")}, at=at)
        return value._replace(node=node)

    def plain(self, value: Viewed, at: ModelPlace) -> str:
        """The name of a value in the order that it has in the graph; a view that waits becomes a layer."""
        value = self.columns_last(value, at)
        if not value.moved or value.dims is None:
            return self._builder.kept(value.node)
        dims, value = value.dims, self.uncut(value, at)
        shape, node = declared(dims), value.node
        batch = whole(BATCH, value.base[0])
        stretched = prod(atom.size for atom in flat(value.order)) != prod(dims)
        if shape is None or value.rolled or stretched or value.order[0] != batch:
            words = "roll" if value.rolled else "expand" if stretched else "permute"
            if not value.rolled and value.order[:1] != (batch,):
                words = f"sizes {by_axis(dims) or 'of one value'}, whose first is not the batch"
            return self._builder.unknown(words, [node], at, shape)
        axes = permutation(value.order)
        return self._arranged(value, axes, shape, at)

    def _arranged(self, value: Viewed, axes: tuple[int, ...] | None, shape: Shape, at: ModelPlace) -> str:
        """The node after a split of axes, a permutation and a view, as far as each is needed."""
        node, rank = value.node, len(value.base) - 2
        atoms = [atom for atom in flat(value.order) if atom.axis != BATCH]
        if axes is None:
            split = sorted(atoms, key=lambda atom: (atom.axis, -atom.inner))
            if len(split) > MAX_RANK + 1:
                return self._builder.unknown("permute", [node], at, shape)
            node = self._builder.add("reshape", [node], {"size": Shape.of(tuple(a.size for a in split))}, at=at)
            rank = len(split) - 1
            order = [split.index(atom) + 1 for atom in atoms]
        else:
            order = [axis for axis in _all_axes(value) if axis != BATCH]
        if order != sorted(order):
            letters = letters_of(rank)
            node = self._builder.add("permute", [node], {"order": tuple(letters[i - 1] for i in order)}, at=at)
        found = self._builder.shapes[node]
        if found == shape or found is None:
            return node
        if not shape.spatial:
            return self._builder.vector(node, at)
        if found.spatial and shape.channels == found.channels and shape.spatial == (prod(found.spatial),):
            return self._builder.add("flatten", [node], {"axes": "spatial"}, at=at)
        return self._builder.add("reshape", [node], {"size": shape}, at=at)

    def _lost(self, what: str, value: Viewed, at: ModelPlace) -> Viewed:
        if value.dims is None and self._builder.shapes[value.node] is None:
            return value
        return Viewed(self._builder.unknown(what, [value.node], at), None)


def _all_axes(value: Viewed) -> list[int]:
    """The axes of the graph's value in the order of the file; one of size 1 has the file's place for it, or is last."""
    found = [value.axis(dim) for dim in range(len(value.order))]
    axes = [axis for axis in found if axis is not None]
    if len(axes) == len(value.base) == len(found):
        return axes
    moved = [atom.axis for atom in flat(value.order)]
    for axis, size in enumerate(value.base):
        if size == 1 and axis not in moved:
            moved.insert(axis, axis)
    return moved


def _without_open(dims: tuple[int, ...], wanted: Sequence[int]) -> tuple[int, ...]:
    """Dims without -1."""
    known = prod(n for n in wanted if n != -1)
    return tuple(prod(dims) // max(known, 1) if n == -1 else n for n in wanted)
