"""Values that are seen in another order: views, permutations, and what they come to.

torch and ONNX write a channel shuffle as reshape, transpose, reshape, and a norm over channels as a transpose
around it. Nothing moves until it is clear what is meant: a `Viewed` is a value with the steps that wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.shapes import Shape, letters_of

Steps = tuple[tuple[str, tuple[int, ...]], ...]


class Viewed(NamedTuple):
    """A value as an operation of the file sees it.

    Attributes:
        node: the name of the value in the graph.
        dims: how the file sees it, with the batch; None if that is not known.
        steps: `view` with the dims, or `permute` with the axes, that wait.
    """

    node: str
    dims: tuple[int, ...] | None
    steps: Steps = ()

    @property
    def channels_last(self) -> bool:
        """Whether the channels stand last, and all else is as it was."""
        if len(self.steps) != 1 or self.steps[0][0] != "permute":
            return False
        axes = self.steps[0][1]
        return axes == (0, *range(2, len(axes)), 1)


def declared(dims: Sequence[int] | None) -> Shape | None:
    """The shape of a value with these dims, the batch first."""
    if dims is None or not 2 <= len(dims) <= 5 or any(type(n) is not int or n < 1 for n in dims):
        return None
    return Shape(dims[1], tuple(dims[2:]))


def last_of(value: Viewed, base: Shape) -> tuple[int, ...]:
    """The dims of a value that has its channels last, whose rows may have been put below one another."""
    channels = (value.dims or (0,))[-1]
    return (prod(value.dims or ()) // max(channels * prod(base.spatial), 1), *base.spatial, channels)


@final
class Views:
    """What views and permutations come to, as nodes of a graph.

    Args:
        builder: of the graph.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder = builder

    def of(self, node: str, batch: int = 1) -> Viewed:
        """A value as it is in the graph."""
        shape = self._builder.shapes[node]
        return Viewed(node, None if shape is None else (batch, *shape.sizes()))

    def add(self, kind: str, values: Sequence[Viewed], settings: dict[str, Any], **where: Any) -> Viewed:
        """A node that needs its inputs as they are in the graph."""
        nodes = [self.plain(value, where["at"]) for value in values]
        batch = (values[0].dims or (1,))[0]
        return self.of(self._builder.add(kind, nodes, settings, **where), batch)

    def elementwise(self, kind: str, value: Viewed, settings: dict[str, Any], **where: Any) -> Viewed:
        """A node that treats every value alike, whatever the order in which the file sees them."""
        where["declared"] = where.get("declared") if not value.steps else None
        return value._replace(node=self._builder.add(kind, [value.node], settings, **where))

    def view(self, value: Viewed, dims: Sequence[int], at: ModelPlace) -> Viewed:
        """A value under other dims; one of them may be -1."""
        if value.dims is None:
            return self._lost("reshape", value, at)
        sizes = self._whole(value.dims, dims)
        base, steps = self._builder.shapes[value.node], (*value.steps, ("view", sizes))
        if base is None or prod(sizes) != prod(value.dims):
            return self._lost("reshape", value, at)
        plain = (value.dims[0], *base.sizes())
        known = self._plain_view(value, base, sizes, steps, at)
        if known is not None:
            return known
        if value.channels_last and sizes in ((prod(sizes) // value.dims[-1], value.dims[-1]), last_of(value, base)):
            return Viewed(value.node, sizes, value.steps)
        if value.channels_last and len(sizes) == 2 and sizes[0] == plain[0]:
            if prod(base.spatial) > 1:
                words = "assumed: values of a vector in the order of a map with channels first"
                self._builder.note(words, at, inexact=True)
            return Viewed(self._builder.vector(value.node, at), sizes)
        if all(step == "view" for step, _ in steps):
            steps = (("view", sizes),)
        return Viewed(value.node, sizes, steps)

    def _plain_view(
        self, value: Viewed, base: Shape, sizes: tuple[int, ...], steps: Steps, at: ModelPlace
    ) -> Viewed | None:
        """A value that is in the order of the graph again, or flattened, or shuffled; None if it is none of these."""
        plain = ((value.dims or (1,))[0], *base.sizes())
        match steps:
            case (("view", _),) if base.rank > 1 and sizes == (*plain[:2], prod(base.spatial)):
                return self.of(self._builder.add("flatten", [value.node], {"axes": "spatial"}, at=at), sizes[0])
            case (("view", _),) | (("view", _), ("view", _)) if sizes == plain:
                return Viewed(value.node, sizes)
            case (*_, ("view", _)) if (
                all(step == "view" for step, _ in steps) and len(sizes) == 2 and sizes[0] == plain[0]
            ):
                return Viewed(self._builder.vector(value.node, at), sizes)
            case (("view", before), ("permute", axes), ("view", _)) if sizes == plain and len(before) == len(plain) + 1:
                swap = (0, 2, 1, *range(3, len(before)))
                if axes == swap and before[1] * before[2] == base.channels and before[3:] == plain[2:]:
                    return Viewed(self._builder.add("shuffle", [value.node], {"groups": before[1]}, at=at), sizes)
        return None

    def permute(self, value: Viewed, axes: Sequence[int], at: ModelPlace) -> Viewed:
        """A value with its axes in another order."""
        if value.dims is None or sorted(axis % len(value.dims) for axis in axes) != list(range(len(value.dims))):
            return self._lost("permute", value, at)
        order = tuple(axis % len(value.dims) for axis in axes)
        if value.steps and value.steps[-1][0] == "permute":
            before = value.steps[-1][1]
            order, value = tuple(before[axis] for axis in order), self._without(value)
        elif value.steps and not self._may_shuffle(value):
            value = self.of(self.plain(value, at), (value.dims or (1,))[0])
        dims = tuple((value.dims or ())[axis] for axis in order)
        steps = value.steps if order == tuple(range(len(order))) else (*value.steps, ("permute", order))
        return Viewed(value.node, dims, steps)

    def plain(self, value: Viewed, at: ModelPlace) -> str:
        """The name of a value in the order that it has in the graph; a view that waits becomes a layer."""
        if not value.steps:
            return value.node
        shape = declared(value.dims)
        if len(value.steps) == 1 and value.steps[0][0] == "view" and shape is not None:
            if self._builder.shapes[value.node] == shape:
                return value.node
            return self._builder.add("reshape", [value.node], {"size": shape}, at=at)
        base = self._builder.shapes[value.node]
        (step, axes), *others = value.steps
        if step == "permute" and not others and axes[0] == 0 and base is not None:
            letters = letters_of(base.rank)
            order = tuple(letters[axis - 1] for axis in axes[1:])
            return self._builder.add("permute", [value.node], {"order": order}, at=at)
        return self._builder.unknown("permute", [value.node], at, shape)

    def _lost(self, what: str, value: Viewed, at: ModelPlace) -> Viewed:
        if value.dims is None and self._builder.shapes[value.node] is None:
            return value
        return Viewed(self._builder.unknown(what, [value.node], at), None)

    def _may_shuffle(self, value: Viewed) -> bool:
        base = self._builder.shapes[value.node]
        return base is not None and value.dims is not None and len(value.dims) == base.rank + 3

    def _without(self, value: Viewed) -> Viewed:
        """A value without its last permutation."""
        axes = value.steps[-1][1]
        dims = tuple((value.dims or ())[axes.index(axis)] for axis in range(len(axes)))
        return Viewed(value.node, dims, value.steps[:-1])

    def _whole(self, dims: tuple[int, ...], wanted: Sequence[int]) -> tuple[int, ...]:
        """Dims without -1."""
        known = prod(n for n in wanted if n != -1)
        return tuple(prod(dims) // max(known, 1) if n == -1 else n for n in wanted)
