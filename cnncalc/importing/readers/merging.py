"""Sums, products and concatenations of values and of learned tensors, for torch and ONNX alike."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from cnncalc.importing.axes import BATCH, CHANNELS, is_view, whole
from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.adding import Adding, Where
from cnncalc.importing.views import Viewed, declared
from cnncalc.shapes import Shape


class Learned(NamedTuple):
    """A weight that is added, multiplied or put before values.

    Attributes:
        dims: its shape here.
        tensor: the tensor with its values; None if they are computed.
        table: the shape of the tensor that they are taken from.
    """

    dims: tuple[int, ...]
    tensor: StoredTensor | None
    table: tuple[int, ...] = ()


def concatenated(adding: Adding, values: Sequence[Viewed], dim: int, where: Where) -> Viewed | None:
    """Values one after another along an axis."""
    if len(values) == 1:
        return values[0]
    first, count = values[0], len(values[0].dims or ())
    if not count or any(len(value.dims or ()) != count for value in values) or not -count <= dim < count:
        return None
    dim %= count
    if first.moved and all(value.axis(dim) == CHANNELS and _same_axes(first, value) for value in values):
        node = adding.builder.add("concat", [value.node for value in values], {}, **where | {"declared": None})
        channels = adding.builder.channels(node) or 1
        sizes = (*(first.dims or ())[:dim], channels, *(first.dims or ())[dim + 1 :])
        order = (*first.order[:dim], whole(CHANNELS, channels), *first.order[dim + 1 :])
        return first._replace(node=node, dims=sizes, base=(first.base[0], channels, *first.base[2:]), order=order)
    if (turned_round := _rolled(adding, values, dim)) is not None:
        return turned_round
    places = [0, dim, *(i for i in range(1, count) if i != dim)]
    turned = [adding.views.permute(value, places, where["at"]) if dim > 1 else value for value in values]
    if dim == 0 or any(value.order[0] != whole(BATCH, value.base[0]) for value in turned):
        return None
    made = adding.layer("concat", turned, {}, where if dim == 1 else where | {"declared": None})
    return adding.views.permute(made, [places.index(i) for i in range(count)], where["at"]) if dim > 1 else made


def _rolled(adding: Adding, values: Sequence[Viewed], dim: int) -> Viewed | None:
    """A value that is rolled (torch.roll), if its second part comes before its first one; else None."""
    parts = [adding.builder.node(value.node) for value in values]
    known = [part for part in parts if part is not None and part.kind == "slice" and len(part.settings) == 1]
    axis = values[0].axis(dim)
    if len(known) != 2 or len(values) != 2 or known[0].inputs != known[1].inputs or axis is None or axis < 2:
        return None
    (start, end), (first, last) = (next(iter(part.settings.values())) for part in known)
    source = adding.builder.shapes[known[0].inputs[0]]
    if known[0].settings.keys() != known[1].settings.keys() or (first, last) != (0, start) or source is None:
        return None
    base = (values[0].base[0], *source.sizes())
    if end != base[axis]:
        return None
    for part in known:
        adding.builder.retract(part.name, part.inputs)
    dims = tuple(base[axis] if i == dim else n for i, n in enumerate(values[0].dims or ()))
    order = tuple(whole(axis, base[axis]) if i == dim else atoms for i, atoms in enumerate(values[0].order))
    rolled = dict(values[0].rolled)
    rolled[axis] = (rolled.get(axis, 0) + start) % base[axis]
    kept = tuple((place, shift) for place, shift in sorted(rolled.items()) if shift)
    return values[0]._replace(node=known[0].inputs[0], dims=dims, base=base, order=order, rolled=kept)


def _same_axes(one: Viewed, other: Viewed) -> bool:
    """Whether two values have their axes in the same places, whatever the sizes of the channels."""
    places = [value.order[: len(value.order)] for value in (one, other)]
    axes = [[[atom.axis for atom in atoms] for atoms in place] for place in places]
    free = [[a for a in axis if a != [CHANNELS]] for axis in axes]
    return free[0] == free[1] and one.rolled == other.rolled and not one.cut and not other.cut


def merged(adding: Adding, kind: str, values: Sequence[Viewed], where: Where) -> Viewed | None:
    """Values joined place by place; one with a size of 1 is repeated."""
    first = max(values, key=lambda value: (prod(value.base), len(value.base)))
    if any(value.rolled != first.rolled or value.cut for value in values):
        return None
    alike = [value if value is first else _beside(adding, value, first, where) for value in values]
    found = [value for value in alike if value is not None]
    where = where | {"declared": None} if first.moved else where
    if len(found) < len(values):
        return _turned(adding, kind, values, where)
    if kind == "add" and any(value.dims != first.dims for value in found):
        kind, found = "subtract", [first, *(_negative(adding, one, where) for one in found if one is not first)]
    return adding.views.renewed(first, adding.builder.add(kind, [value.node for value in found], {}, **where))


def _negative(adding: Adding, value: Viewed, where: Where) -> Viewed:
    """The negative of a value to be subtracted: only `subtract` repeats a size of 1."""
    return value._replace(node=adding.builder.add("rescale", [value.node], {"factor": -1}, at=where["at"]))


def _turned(adding: Adding, kind: str, values: Sequence[Viewed], where: Where) -> Viewed | None:
    """Values of one shape whose axes have another order in the graph, after they are turned."""
    dims, rank = values[0].dims or (), len(values[0].dims or ())
    channels = [i for i in range(rank) if values[0].axis(i) == CHANNELS]
    if any(value.dims != dims for value in values) or declared(dims) is None:
        return None
    place = channels[0] if channels and channels[0] else 1
    order = [0, place, *(i for i in range(1, rank) if i != place)]
    turned = [adding.views.permute(value, order, where["at"]) for value in values]
    if any(value.order and value.order[0] != whole(BATCH, dims[0]) for value in turned):
        return None
    made = adding.layer(kind, turned, {}, where | {"declared": None})
    return adding.views.permute(made, [order.index(i) for i in range(rank)], where["at"])


def _beside(adding: Adding, value: Viewed, first: Viewed, where: Where) -> Viewed | None:
    """A value in the axes of a larger one: all but those of size 1 are the same; None if it does not fit."""
    wide, base = first.dims or (), first.base
    missing = len(wide) - len(value.order)
    order = (*((),) * missing, *value.order)
    dims = tuple(prod(atom.size for atom in atoms) for atoms in order)
    value = value._replace(dims=dims, order=order)
    if missing < 0 or any(n not in (1, m) for n, m in zip(dims, wide, strict=True)):
        return None
    if len(value.base) == 3 < len(base) and (value.base[1], value.base[2]) == (base[1], prod(base[2:])):
        # Positions in one row; the other value still has their map.
        row = tuple(atom for axis in range(2, len(base)) for atom in whole(axis, base[axis]))
        order = tuple(row if atoms == whole(2, value.base[2]) else atoms for atoms in order)
        if order == first.order:
            return first._replace(node=_reshaped(adding, value.node, base, where), dims=dims)
        order = value.order
    if all(one in ((), other) for one, other in zip(order, first.order, strict=True)):
        known = {atom.axis for atoms in order for atom in atoms}
        sizes = tuple(n if axis in known else 1 for axis, n in enumerate(base))
        if all(value.base[axis] == base[axis] for axis in known if axis < len(value.base)):
            return first._replace(node=_reshaped(adding, value.node, sizes, where), dims=dims)
    if is_view(first.order, base) and declared(value.dims) is not None and order[0] == first.order[0]:
        kept = {atom.axis for n, atoms in zip(dims, first.order, strict=True) if n > 1 for atom in atoms}
        full = all(
            n == m or atoms[0].axis not in kept for n, m, atoms in zip(dims, wide, first.order, strict=True) if atoms
        )
        sizes = tuple(n if axis in kept else 1 for axis, n in enumerate(base))
        node = adding.views.plain(value, where["at"])
        return first._replace(node=_reshaped(adding, node, sizes, where), dims=dims) if full else None
    axes = [first.axis(i) for i in range(len(wide))]
    if sorted(-1 if axis is None else axis for axis in axes) != list(range(len(base))):
        return None
    places = [axes.index(axis) for axis in range(len(axes))]
    node = adding.views.plain(adding.views.permute(value, places, where["at"]), where["at"])
    return first._replace(node=_reshaped(adding, node, tuple(dims[place] for place in places), where), dims=dims)


def _reshaped(adding: Adding, node: str, dims: tuple[int, ...], where: Where) -> str:
    """A value with these dims; those that are repeated are 1."""
    shape = Shape.of(dims[1:])
    if adding.builder.shapes[node] in (shape, None):
        return node
    return adding.builder.add("reshape", [node], {"size": shape}, at=where["at"])


def with_learned(
    adding: Adding, kind: str, x: Viewed, learned: Learned, where: Where, *, before: bool = False, dim: int = 1
) -> Viewed | None:
    """A value with a learned tensor: a factor for each channel, tokens before positions, an offset on positions."""
    dims, rank = x.dims or (), len(x.dims or ())
    tensor = learned.tensor or StoredTensor("")
    shape = (*(1,) * (rank - len(learned.dims)), *learned.dims)
    where = where | {"tensors": {"weight": tensor}}
    if not dims or x.rolled or x.cut or len(shape) != rank:
        return None
    if kind == "concat":
        value = adding.along(x, -1, where["at"])
        if not before or dim % rank != 1 or rank != 3 or value is None or learned.dims[2] != dims[2]:
            return None
        turned = adding.views.permute(value, (0, 2, 1), where["at"])
        flat = adding.views.last(adding.views.plain(turned, where["at"]), dims[0])
        made = adding.alike("tokens", flat, {"number": shape[1]}, where)
        return adding.views.last(made.node, dims[0])
    axis = next((i for i, n in enumerate(shape) if n > 1), rank - 1)
    if kind == "mul" and sum(n > 1 for n in shape) <= 1 and shape[axis] == dims[axis]:
        value = adding.along(x, axis, where["at"])
        return None if value is None else adding.alike("scale", value, {"bias": False}, where)
    if kind == "add" and sum(n > 1 for n in shape) == 1 and x.axis(axis) == CHANNELS and shape[axis] == dims[axis]:
        offsets = tensor._replace(view=(dims[axis],)) if len(learned.dims) > 1 else tensor
        return x if adding.builder.give_bias(x.node, offsets) else None
    if kind == "add" and shape[0] == 1 and shape[1:] == dims[1:]:
        value = x if x.axis(1) == CHANNELS else adding.along(x, -1, where["at"])
        if value is not None and value.axis(1) == CHANNELS:
            axes = (0, *range(2, rank), 1)
            where["tensors"] = {"weight": tensor._replace(axes=axes) if not tensor.axes else StoredTensor("")}
        return None if value is None else adding.alike("positions", value, {}, where)
    return None
