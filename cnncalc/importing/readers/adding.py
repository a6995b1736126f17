"""The meaning of operations, for torch and ONNX alike: each reader brings its own spelling to these methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from cnncalc.importing.axes import CHANNELS, identity
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel, StoredTensor
from cnncalc.importing.views import Viewed, Views
from cnncalc.layers.parameters import PADDING_MODES
from cnncalc.shapes import Shape, by_axis

MODES: Mapping[str, str] = {
    "constant": "zeros", "reflect": "reflect", "edge": "replicate", "replicate": "replicate", "wrap": "circular",
    "circular": "circular", "linear": "bilinear", "bilinear": "bilinear", "trilinear": "bilinear", "cubic": "bicubic",
    "bicubic": "bicubic", "nearest": "nearest",
}  # fmt: skip
"""The words for modes of borders and sizes."""


def learned_parts(scale: bool, center: bool) -> dict[str, Any]:
    """The settings for the parts that a norm does not learn."""
    if not (scale or center):
        return {"affine": False}
    return {name: False for name, given in (("scale", scale), ("center", center)) if not given}


Where = dict[str, Any]
"""Place, scope, label, declared shape and tensors of a node."""


class Attended(NamedTuple):
    """Attention that only lacks the dense layer after it.

    Attributes:
        x, memory: the values that queries, and keys and values, are dense layers of.
        settings, tensors: of the layer.
        nodes: those that it replaces.
        notes: about values that differ from the file's.
    """

    x: str
    memory: str
    settings: dict[str, Any]
    tensors: dict[str, StoredTensor]
    nodes: tuple[str, ...]
    notes: tuple[str, ...]


class Adding:
    """Adds layers to a graph.

    Args:
        builder: of the graph.
        sharing: whether a weight that several layers read counts once.

    Attributes:
        builder: of the graph.
        views: of the graph's values.
        seen: the tensors that are weights of layers so far.
        promised: value → the attention that gives it, if a dense layer follows.
        spelt: scores of attention → their value, if something else reads them.
        counts_twice: whether several layers read a weight, and each counts it.
    """

    def __init__(self, builder: GraphBuilder, sharing: bool) -> None:
        self.builder = builder
        self.views = Views(builder)
        self.seen: set[StoredTensor] = set()
        self.promised: dict[str, Attended] = {}
        self.spelt: dict[object, Viewed | None] = {}
        self.counts_twice = False
        self._sharing = sharing
        self._first: dict[tuple[object, ...], str] = {}

    def layer(self, kind: str, x: Viewed | Sequence[Viewed], settings: dict[str, Any], where: Where) -> Viewed:
        """The value of a layer that needs its input in the order of the graph."""
        where = self.shared(kind, where)
        value = self.views.add(kind, [x] if isinstance(x, Viewed) else x, settings, **where)
        self._first.setdefault((kind, *where["tensors"].items()), value.node)
        return value

    def alike(self, kind: str, x: Viewed, settings: dict[str, Any], where: Where) -> Viewed:
        """The value of a layer that treats each value, or the channels at each place, alike."""
        where = self.shared(kind, where)
        block = self.views.columns_first.get(x.node)
        if block is not None and kind in ("layernorm", "scale", "conv"):
            where["tensors"] = self._rows_first(kind, x, block, where["tensors"])
        elif where["tensors"]:
            x = self.views.columns_last(x, where["at"])
        value = self.views.elementwise(kind, x, settings, **where)
        self._first.setdefault((kind, *where["tensors"].items()), value.node)
        return value

    def shared(self, kind: str, where: Where) -> Where:
        """The place, with the node that already has the weights."""
        tensors = {word: one for word, one in where.get("tensors", {}).items() if one is not None}
        if not self._sharing:
            return where | {"tensors": tensors}
        shares = self._first.get((kind, *tensors.items()), "") if tensors else ""
        again = [one.name for one in tensors.values() if one in self.seen] if not shares else []
        if again and not self.counts_twice:
            words = "is read by several layers and counted for each; others may be, too"
            self.builder.note(f"the weight {again[0]} {words}", where["at"])
            self.counts_twice = True
        self.seen.update(tensors.values())
        return where | {"tensors": tensors, "shares": shares}

    def _rows_first(
        self, kind: str, x: Viewed, block: tuple[int, ...], tensors: dict[str, StoredTensor]
    ) -> dict[str, StoredTensor]:
        """The weights of a layer on neighbours as channels, with those beside one another first."""
        rows, columns = block
        view = (columns, rows, (self.builder.channels(x.node) or 0) // (rows * columns))
        if kind != "conv":
            return {word: one._replace(view=view, axes=(1, 0, 2)) for word, one in tensors.items()}
        return {**tensors, "weight": tensors["weight"]._replace(view=(-1, *view), axes=(0, 2, 1, 3))}

    def along(self, x: Viewed, dim: int, at: ModelPlace) -> Viewed | None:
        """A value whose channels are this axis of the file, in the file's order."""
        if x.dims is None or x.rolled or x.cut:
            return x if x.dims is None or x.axis(dim) == CHANNELS else None
        dim %= len(x.dims)
        if x.axis(dim) == CHANNELS:
            return x
        others = [i for i in range(1, len(x.dims)) if i != dim]
        first = self.views.permute(x, (0, dim, *others), at) if dim else None
        if first is None or len(x.dims) > 5 or (first.order and first.order[0] != identity(first.base)[0]):
            return None
        value = self.views.of(self.views.plain(first, at), x.dims[0])
        if value.dims is None:
            return None
        return self.views.permute(
            value, [0, *(1 if i == dim else 2 + others.index(i) for i in range(1, len(x.dims)))], at
        )

    def fits(self, x: Viewed, dims: Sequence[int], entering: int, found: int | None, at: ModelPlace) -> None:
        """Raise RefusedModel if a weight of these dims is for another number of channels."""
        if x.dims is not None and found is not None and found != entering:
            raise RefusedModel((at, f"the weight {by_axis(dims)} is for {entering} channels, but {found} enter"))

    def dense(self, x: Viewed, features: int, bias: bool, where: Where) -> Viewed | None:
        """A dense layer on the last axis: fc, or a convolution with a kernel of 1 at each place of a map."""
        value = self.along(x, -1, where["at"])
        if value is None or value.dims is None:
            return value
        if self.builder.rank(value.node) < 2:
            made = self.alike("fc", value, {"features": features, "bias": bias}, where)
        else:
            made = self.alike("conv", value, {"filters": features, "kernel": 1, "bias": bias}, where)
        return made if made.dims is None else self.views.channelled(made, made.node)

    def norm(self, kind: str, x: Viewed, sizes: Sequence[int], settings: dict[str, Any], where: Where) -> Viewed | None:
        """A norm over the last axes: over the channels at each place, over all of a map, or over axes as one axis."""
        dims, sizes, at = x.dims or (), tuple(sizes), where["at"]
        if dims and (not sizes or sizes != dims[-len(sizes) :]):
            words = f"{by_axis(sizes) or 'no axis'}, but {by_axis(dims[1:])} enters"
            raise RefusedModel((at, f"the norm is over {words}: its sizes have to be the last ones of its input"))
        if len(sizes) == 1:
            value = self.along(x, -1, at)
            return None if value is None else self.alike(kind, value, settings, where)
        if len(sizes) + 1 == len(dims):
            return self.layer(kind, x, settings | {"over": Shape.of(sizes)}, where)
        row = prod(sizes)
        tensors = {word: one and one._replace(view=(row,)) for word, one in where.get("tensors", {}).items()}
        flat = self.views.view(x, (*dims[: -len(sizes)], row), at)
        made = self.norm(kind, flat, (row,), settings, where | {"declared": None, "tensors": tensors})
        return None if made is None else self.views.view(made, dims, at)

    def softmax(self, x: Viewed, dim: int, where: Where, kind: str = "softmax") -> Viewed | None:
        """A softmax over one axis."""
        value = self.along(x, dim, where["at"])
        return None if value is None else self.alike(kind, value, {}, where | {"declared": None})

    def mean(self, kind: str, x: Viewed, over: Iterable[int], kept: bool, where: Where) -> Viewed | None:
        """A global pool: one number for all places of a channel."""
        dims, where = x.dims or (), where | {"declared": None}
        places = sorted({axis % len(dims) for axis in over} if dims else ())
        if not places or x.rolled or x.cut:
            return None
        atoms = [atom for i in places for atom in x.order[i]]
        spatial = [atom for atoms_ in identity(x.base)[2:] for atom in atoms_]
        if sorted(atoms) != spatial or (not spatial and len(places) != len(x.base) - 2):
            value = self._turned(x, places, where["at"])
            return None if value is None else self.mean(kind, value, places, kept, where)
        node = self.builder.add(kind, [self.views.columns_last(x, where["at"]).node], {}, **where)
        left = [i for i in range(len(dims)) if i not in places]
        value = self.views.of(node, dims[0])
        order = tuple(() if i in places else x.order[i] for i in range(len(dims)))
        seen = value._replace(dims=tuple(1 if i in places else n for i, n in enumerate(dims)), order=order)
        if kept:
            return seen
        if len(left) == 2 and order[left[1]] == identity(value.base)[1]:
            return self.views.of(self.builder.vector(node, where["at"]), dims[0])
        return seen._replace(dims=tuple(dims[i] for i in left), order=tuple(order[i] for i in left))

    def _turned(self, x: Viewed, places: list[int], at: ModelPlace) -> Viewed | None:
        """A value whose places are the named axes of the file, if the rest is one axis."""
        left = [i for i in range(1, len(x.dims or ())) if i not in places]
        if len(left) != 1 or places[0] == 0 or x.axis(left[0]) == CHANNELS:
            return None
        return self.along(x, left[0], at)

    def part(self, x: Viewed, dim: int, start: int, stop: int, where: Where) -> Viewed | None:
        """Some places along an axis."""
        return self.views.taken(x, dim, start, stop, **where)

    def chosen(self, x: Viewed, dim: int, index: int, where: Where) -> Viewed | None:
        """One place along an axis, without that axis."""
        dims = x.dims or ()
        dim %= len(dims)
        index %= max(dims[dim], 1)
        value = self.part(x, dim, index, index + 1, where | {"declared": None})
        if value is None or value.dims is None:
            return value
        sizes = (*value.dims[:dim], *value.dims[dim + 1 :])
        if len(sizes) == 2 and value.cut is None and sizes[1] == value.base[1]:
            return self.views.view(value, sizes, where["at"])
        return value._replace(dims=sizes, order=(*value.order[:dim], *value.order[dim + 1 :]))

    def padded(self, x: Viewed, pairs: Sequence[tuple[int, int]], mode: str, where: Where) -> Viewed | None:
        """A value with a border: `pairs` for each axis of the file."""
        if not any(map(any, pairs)):
            return x
        if x.dims is None or x.rolled or x.cut or mode not in MODES or MODES[mode] not in PADDING_MODES:
            return None
        axes = {x.axis(i): pair for i, pair in enumerate(pairs) if any(pair)}
        if None in axes or 0 in axes:
            return None
        if CHANNELS in axes:
            if len(axes) > 1 or min(axes[CHANNELS]) < 0 or mode != "constant":
                return None
            made = self.builder.add("pad_channels", [x.node], {"zeros": axes[CHANNELS]}, **where)
        else:
            padding = tuple(axes.get(axis, (0, 0)) for axis in range(2, len(x.base)))
            settings = {"padding": padding} | ({"mode": MODES[mode]} if mode != "constant" else {})
            where = where | {"declared": None} if x.moved else where
            made = self.builder.add("zeropad", [x.node], settings, **where)
        return self._resized(x, made)

    def _resized(self, x: Viewed, node: str) -> Viewed:
        """A value with other sizes, in the order of the file."""
        base = self.views.of(node, x.base[0]).base
        found = [x.axis(i) for i in range(len(x.order))]
        dims = tuple(n if axis is None else base[axis] for n, axis in zip(x.dims or (), found, strict=True))
        plain = identity(base)
        order = tuple(one if axis is None else plain[axis] for one, axis in zip(x.order, found, strict=True))
        return x._replace(node=node, dims=dims, base=base, order=order)

    def resized(self, x: Viewed, size: Sequence[int], mode: str, where: Where, **more: Any) -> Viewed | None:
        """A map of another size: whole factors repeat each value; `factor` in `more` is another one of the file."""
        dims, size = x.dims or (), tuple(size)
        spatial = dims[2:]
        if x.rolled or x.cut or not spatial or len(size) != len(spatial) or mode not in MODES or min(size) < 1:
            return None
        corners = {"align_corners": True} if more.get("align_corners", False) and MODES[mode] != "nearest" else {}
        if MODES[mode] == "nearest" and not any(m % n for n, m in zip(spatial, size, strict=True)):
            factor = tuple(m // n for n, m in zip(spatial, size, strict=True))
            return self.layer("upsample", x, {"factor": factor}, where)
        target = {"factor": more["factor"]} if more.get("factor") else {"size": size}
        return self.layer("resize", x, target | {"mode": MODES[mode]} | corners, where)
