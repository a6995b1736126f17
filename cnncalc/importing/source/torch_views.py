"""Views and parts of tensors: other shapes, other orders of axes, slices."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.importing.source.einops import EinopsOrder
from cnncalc.importing.source.torch_adding import TorchAdding
from cnncalc.importing.source.torch_tensors import TorchTensor, place
from cnncalc.importing.source.values import Stuck, is_tuple, unknown_in
from cnncalc.importing.views import unmoved
from cnncalc.shapes import letters_of

MAX_PARTS = 100
"""The most places of an axis that are taken apart."""


class TorchViews(TorchAdding):
    """Makes views."""

    def _do_view(self, given: dict[str, Any], node: ast.AST) -> Any:
        size = given.get("size", ())
        size = list(size) if isinstance(size, list | tuple) else [size]
        unknown = unknown_in(size)
        if unknown is not None:
            raise Stuck(getattr(node, "lineno", 1), f"view: {unknown.words()}")
        x = given["input"]
        known = prod(one for one in size if one != -1)
        total = prod(x.dims)
        if x.dims and (known == 0 or total % known if -1 in size else known != total):
            text = "x".join(map(str, x.dims))
            raise Stuck(
                getattr(node, "lineno", 1), f"view to {tuple(size)} does not hold the {total:,} values of {text}"
            )
        result = self._viewed(x, size, node)
        if len(result.dims) == 2 and x.dims and result.dims[0] != x.dims[0]:
            text = "x".join(map(str, x.dims[1:]))
            message = f"view makes {result.dims[0]} images of {x.dims[0]}: a map of {text} has {total:,} values"
            raise Stuck(getattr(node, "lineno", 1), f"{message}, not {result.dims[1]:,}")
        return result

    def _viewed(self, x: TorchTensor, size: list[int] | tuple[int, ...], node: ast.AST) -> Any:
        """A tensor under another shape; a permutation before it that is not undone by it becomes a layer."""
        return self._in_a_row(self.run("view", {"input": x, "size": size}, node), node)

    def _in_a_row(self, x: Any, node: ast.AST) -> Any:
        """A tensor after the layer that puts its positions in one row."""
        row = x.viewed.dims is not None and len(x.dims) == 3 < len(x.viewed.base)
        return self.materialised(x, node) if row and x.viewed.axis(1) == 1 else x

    def _do_flatten(self, given: dict[str, Any], node: ast.AST) -> Any:
        x = given["input"]
        if x.dims and given.get("start_dim", 0) == 0 and x.dims[0] == 1:
            raise Stuck(getattr(node, "lineno", 1), "flatten from dimension 0 mixes the images; write flatten(x, 1)")
        if not x.viewed.moved:
            return self._in_a_row(self.run("flatten", given, node), node)
        rank = len(x.dims)
        start, end = given.get("start_dim", 0) % rank, given.get("end_dim", -1) % rank
        return self._viewed(x, (*x.dims[:start], prod(x.dims[start : end + 1]), *x.dims[end + 1 :]), node)

    def _do_chunk(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis, count = given["input"], given.get("dim", 0), given.get("chunks", 1)
        if not x.dims:
            return [self.no_kind("chunk", [x], node)] * min(count, MAX_PARTS)
        each = -(-x.dims[axis] // count)
        return self._parts(x, [min(each, x.dims[axis] - i) for i in range(0, x.dims[axis], each)], axis, node)

    def _do_split(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis, sizes = given["input"], given.get("dim", 0), given.get("split_size", 1)
        if isinstance(sizes, int):
            sizes = [min(sizes, x.dims[axis] - i) for i in range(0, x.dims[axis], sizes)]
        return self._parts(x, list(sizes), axis, node)

    def _parts(self, x: TorchTensor, sizes: list[int], axis: int, node: ast.AST) -> Any:
        axis = place(axis, len(x.dims), node)
        if sum(sizes) != x.dims[axis]:
            words = f"parts of {', '.join(map(str, sizes)):.40} are not the {x.dims[axis]} places of the axis"
            raise Stuck(getattr(node, "lineno", 1), words)
        if len(sizes) == 1:
            return [x]
        if axis == 1 and not x.viewed.moved:
            dims = [(*x.dims[:axis], size, *x.dims[axis + 1 :]) for size in sizes]
            return self.run("chunk", {"input": x, "dim": axis}, node, dims)
        starts = [sum(sizes[:number]) for number in range(len(sizes))]
        return [self._cut(x, {axis: range(a, a + n)}, node) for a, n in zip(starts, sizes, strict=True)]

    def _do_unbind(self, given: dict[str, Any], node: ast.AST) -> Any:
        x = given["input"]
        axis = place(given.get("dim", 0), len(x.dims), node)
        if x.dims[axis] > MAX_PARTS:
            return self.no_kind(f"an axis of more than {MAX_PARTS} places that is taken apart", [x], node)
        return [self._selected(x, axis, i, node) for i in range(x.dims[axis])]

    def _do_squeeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim")
        axes = [place(axis, len(x.dims), node)] if isinstance(axis, int) else list(range(1, len(x.dims)))
        return self._viewed(x, tuple(n for i, n in enumerate(x.dims) if not (i in axes and n == 1)), node)

    def _do_unsqueeze(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], given.get("dim", 0)
        axis = place(axis, len(x.dims) + 1, node)
        return self._viewed(x, (*x.dims[:axis], 1, *x.dims[axis:]), node)

    def _do_rearrange(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, pattern = given["input"], given.get("pattern")
        sizes = {key: one for key, one in given.items() if type(one) is int}
        order = EinopsOrder.of(pattern, x.dims, sizes) if isinstance(pattern, str) else None
        if order is None:
            return self.no_kind(f"rearrange {pattern!s:.60}", [x], node)
        x = self._viewed(x, order.atoms, node) if order.atoms != x.dims else x
        x = self.permuted(x, order.axes, node)
        return self._viewed(x, order.sizes, node) if order.sizes != x.dims else x

    def _do_narrow(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, start = given["input"], given["start"]
        keys = (*[slice(None)] * place(given["dim"], len(x.dims), node), slice(start, start + given["length"]))
        return self.sliced(x, keys, node)

    def _do_unflatten(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axis = given["input"], place(given["dim"], len(given["input"].dims), node)
        return self.run(
            "view", {"input": x, "size": (*x.dims[:axis], *given["unflattened_size"], *x.dims[axis + 1 :])}, node
        )

    def _do_channel_shuffle(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, groups = given["input"], given.get("groups", 1)
        n, c, *rest = x.dims
        x = self.run("view", {"input": x, "size": (n, groups, c // groups, *rest)}, node)
        x = self.run("transpose", {"input": x, "dim0": 1, "dim1": 2}, node)
        return self.run("view", {"input": x, "size": (n, c, *rest)}, node)

    def sliced(self, value: TorchTensor, key: Any, node: ast.AST) -> Any:
        """A part of a tensor."""
        keys = list(key) if is_tuple(key) else [key]
        if ... in keys:
            at = keys.index(...)
            keys[at : at + 1] = [slice(None)] * (len(value.dims) - len(keys) + 1)
        if None in keys:
            value = self.sliced(value, tuple(one for one in keys if one is not None), node)
            kept = [one for one in keys if type(one) is not int]
            for axis in [axis for axis, one in enumerate(kept) if one is None] if value.dims else []:
                value = self._do_unsqueeze({"input": value, "dim": axis}, node)
            return value
        known = all(type(one) is int or isinstance(one, slice) and not unknown_in(_ends(one)) for one in keys)
        if not value.dims or not known or len(keys) > len(value.dims):
            return self.no_kind("an index of a tensor", [value], node)
        ranges = {a: range(*one.indices(value.dims[a])) for a, one in enumerate(keys) if isinstance(one, slice)}
        cut = {axis: kept for axis, kept in ranges.items() if kept != range(value.dims[axis])}
        if cut:
            value = self._cut(value, cut, node)
        for axis in reversed([axis for axis, one in enumerate(keys) if type(one) is int]):
            value = self._selected(value, axis, keys[axis], node)
        return value

    def _before(self, x: TorchTensor) -> tuple[TorchTensor, tuple[int, ...]] | None:
        """A tensor before its last permutation, and the order of that; None if its last operation is not one."""
        axes = [x.viewed.axis(dim) for dim in range(len(x.dims))] if x.viewed.moved else []
        known = tuple(axis for axis in axes if axis is not None)
        if not axes or len(known) < len(x.viewed.base) or len(known) != len(axes):
            return None
        return TorchTensor(unmoved(x.viewed.node, x.viewed.base)), known

    def _selected(self, x: TorchTensor, axis: int, index: int, node: ast.AST) -> Any:
        """One place along an axis."""
        if x.viewed.dims is None or not -x.dims[axis] <= index < x.dims[axis]:
            return self.no_kind("an index of a tensor", [x], node)
        dims = (*x.dims[:axis], *x.dims[axis + 1 :])
        if x.viewed.channels_last and len(x.dims) == 3 and axis == 1:
            return self.run("select", {"input": x, "dim": axis, "index": index}, node, [dims])
        if x.viewed.moved and x.viewed.order[axis] and x.viewed.axis(axis) is None:  # heads, or queries and keys
            return self.run("select", {"input": x, "dim": axis, "index": index}, node, [dims])
        if (before := self._before(x)) is not None:
            base, axes = before
            gone = axes[axis]
            part = self._selected(base, gone, index, node)
            kept = [one - (one > gone) for one in axes if one != gone]
            return part if part.viewed.dims is None else self.permuted(part, kept, node)
        if axis == 0:
            return self.no_kind("an index of the batch", [x], node)
        index %= x.dims[axis]
        part = self._cut(x, {axis: range(index, index + 1)}, node) if x.dims[axis] > 1 else x
        return part if part.viewed.dims is None else self._viewed(part, dims, node)

    def _cut(self, x: TorchTensor, cut: Mapping[int, range], node: ast.AST) -> Any:
        """A part of each of some axes."""
        if x.viewed.dims is None or not all(cut.values()):
            return self.no_kind("an index of a tensor", [x], node)
        if (before := self._before(x)) is not None:
            base, axes = before
            part = self._cut(base, {axes[axis]: kept for axis, kept in cut.items()}, node)
            return part if part.viewed.dims is None else self.permuted(part, axes, node)
        plain = self.materialised(x, node)
        shape = self._builder.shapes[plain.viewed.node] if plain.viewed.dims is not None else None
        if 0 in cut or shape is None or any(one.step < 1 for one in cut.values()) or cut.get(1, range(1)).step != 1:
            return self.no_kind("an index of a tensor", [x], node)
        settings = {}
        for axis, kept in cut.items():
            letter = letters_of(shape.rank)[axis - 1]
            if kept.start or kept[-1] + kept.step < x.dims[axis]:
                settings["channels" if letter == "C" else letter] = (kept.start, kept[-1] + 1)
        part = self.added("slice", [plain], settings, node) if settings else plain
        strides = tuple(cut[axis].step if axis in cut else 1 for axis in range(2, len(x.dims)))
        if all(stride == 1 for stride in strides):
            return part
        return self.added("maxpool", [part], {"kernel": (1,) * len(strides), "stride": strides}, node)


def _ends(key: slice) -> tuple[Any, ...]:
    return key.start, key.stop, key.step
