"""Layers in a row with links between them → chains of items: a layer, a residual, or branches.

One pass in the order of the file contracts series-parallel parts: a layer that alone reads a value joins the chain
of that value; a merge whose inputs all come from one value by chains of their own becomes one item. The result
are chains that refer to each other by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, final

from cnncalc.importing.entries import ImportedLayer, Settings, default_of
from cnncalc.importing.model import ModelGraph
from cnncalc.layers import LAYERS
from cnncalc.shapes import Shape

OPAQUE = "opaque"
MERGES = ("add", "concat", "mul")
UPWARDS = ("upsample", "deconv", "resize", "unpool")
"""Layers that enlarge a map: a shortcut around one of them is a long skip, which has a name."""

MAX_INSIDE = 60
"""The most layers within one merge."""


class Leaf(NamedTuple):
    """A layer; `entering` is the shape of the first value that it reads. A `linked` one refers to others by name."""

    layer: ImportedLayer
    entering: Shape | None
    linked: bool = False


class Split(NamedTuple):
    """Branches from one value, and the layer that merges them."""

    paths: tuple[Items, ...]
    merge: ImportedLayer


class Residual(NamedTuple):
    """A body with a shortcut around it.

    Attributes:
        body: its items.
        shortcut: `identity`, `project`, or `none` for a body without a shortcut.
        merge: the layer that joins the two; the last of the body if there is no shortcut.
    """

    body: Items
    shortcut: str
    merge: ImportedLayer


Item = Leaf | Split | Residual
Items = tuple[Item, ...]


class LayerChain(NamedTuple):
    """Items one after another; `source` is the value that enters the first of them."""

    source: str
    items: list[Item]


def chains_of(graph: ModelGraph, layers: Sequence[ImportedLayer], defaults: Mapping[str, Settings]) -> list[LayerChain]:
    """The chains of a network, each after those that it refers to."""
    return _Contraction(graph, layers, defaults).chains()


def last_layer(item: Item) -> ImportedLayer:
    """The layer whose value an item hands on."""
    return item.layer if isinstance(item, Leaf) else item.merge


def leaves(items: Items) -> list[ImportedLayer]:
    """All layers of some items, merges too."""
    found: list[ImportedLayer] = []
    for item in items:
        if isinstance(item, Split):
            found += [layer for path in item.paths for layer in leaves(path)]
        elif isinstance(item, Residual):
            found += leaves(item.body)
        if isinstance(item, Leaf | Split) or item.shortcut != "none":
            found.append(last_layer(item))
    return found


@final
class _Contraction:
    def __init__(self, graph: ModelGraph, layers: Sequence[ImportedLayer], defaults: Mapping[str, Settings]) -> None:
        self._layers = layers
        self._defaults = defaults
        self._shapes: dict[str, Shape | None] = {**graph.inputs, **{layer.value: layer.shape for layer in layers}}
        self._uses = Counter(value for layer in layers for value in layer.inputs) + Counter(graph.outputs)
        self._ends: dict[str, LayerChain] = {}
        self._shared = {value for layer in layers if layer.shares for value in (layer.value, layer.shares)}

    def chains(self) -> list[LayerChain]:
        """The chains that are left after all contractions."""
        for layer in self._layers:
            if layer.kind in MERGES:
                self._merge(layer)
            else:
                self._append(
                    layer.inputs[0],
                    self._leaf(layer),
                )
        return list(self._ends.values())

    def _leaf(self, layer: ImportedLayer) -> Leaf:
        return Leaf(
            layer,
            self._shapes[layer.inputs[0]],
            len(layer.inputs) > 1 or layer.kind == OPAQUE or layer.value in self._shared,
        )

    def _append(self, source: str, item: Item) -> None:
        """Join an item that reads one value to its chain, if nothing else reads that."""
        alone = self._uses[source] == 1 and not (isinstance(item, Leaf) and item.linked)
        chain = self._ends.pop(source, None) if alone else None
        if chain is None:
            chain = LayerChain(source, [])
        chain.items.append(item)
        self._ends[last_layer(item).value] = chain

    def _merge(self, merge: ImportedLayer) -> None:
        source = self._common(merge)
        paths = None if source is None else [self._path(value, source) for value in merge.inputs]
        if source is None or paths is None or not self._is_near(paths) or merge.settings.keys() - {"activation"}:
            self._append(merge.inputs[0], Leaf(merge, self._shapes[merge.inputs[0]], linked=True))
            return
        for value in merge.inputs:
            if value != source:
                del self._ends[value]
        self._uses[source] -= len(merge.inputs) - 1
        self._append(source, self._item(merge, paths, self._shapes[source]))

    def _common(self, merge: ImportedLayer) -> str | None:
        """The one value that all paths into a merge come from; None if there is none."""
        starts = {
            value if self._uses[value] > 1 or value not in self._ends else self._ends[value].source
            for value in merge.inputs
        }
        return starts.pop() if len(starts) == 1 else None

    def _path(self, value: str, source: str) -> Items:
        return () if value == source else tuple(self._ends[value].items)

    def _is_near(self, paths: list[Items]) -> bool:
        """Whether paths are those of one block, not of half a network."""
        inside = [layer for path in paths for layer in leaves(path)]
        is_linked = any(isinstance(item, Leaf) and item.linked for path in paths for item in path)
        around = () in paths and any(layer.kind in UPWARDS for layer in inside)
        return not (is_linked or around) and len(inside) <= MAX_INSIDE and sum(not path for path in paths) < 2

    def _item(self, merge: ImportedLayer, paths: list[Items], entering: Shape | None) -> Item:
        """A residual if it is one, else branches."""
        if len(paths) == 2:
            body, around = paths if not paths[1] or self._projects(paths[1], paths[0], entering) else paths[::-1]
            in_order = merge.kind != "concat" or paths[0] == ()
            if body and not around and in_order and (merge.kind != "add" or merge.shape == entering):
                return Residual(body, "identity", merge)
            if merge.kind == "add" and body and self._projects(around, body, entering):
                return Residual(body, "project", merge)
        return Split(tuple(paths), merge)

    def _projects(self, path: Items, other: Items, entering: Shape | None) -> bool:
        """Whether a path is the 1x1 convolution that `shortcut: project` writes."""
        if len(path) != 1 or len(leaves(other)) < 2 or entering is None or not isinstance(path[0], Leaf):
            return False
        layer = path[0].layer
        if layer.kind != "conv" or layer.shape is None or layer.shape == entering:
            return False
        stride = tuple(-(-n // m) for n, m in zip(entering.spatial, layer.shape.spatial, strict=True))
        wanted: Settings = {"kernel": 1, "stride": stride, "activation": "none", "groups": 1, "dilation": 1}
        wanted |= {name: self._default("conv", name) for name in ("bias", "norm")}
        return all(_same(self._value(layer, name), value) for name, value in wanted.items()) and _same(
            self._value(layer, "padding"), 0
        )

    def _default(self, kind: str, name: str) -> object:
        return self._defaults.get(kind, {}).get(name, default_of(LAYERS[kind], name, {}))

    def _value(self, layer: ImportedLayer, name: str) -> object:
        return layer.settings.get(name, self._default(layer.kind, name))


def _same(value: object, wanted: object) -> bool:
    """Whether a setting is as wanted; `half` and `same` of a kernel of one pixel are not padding."""
    if isinstance(wanted, tuple):
        return value == wanted or (len(set(wanted)) == 1 and value == wanted[0])
    return value == wanted or (wanted == 0 and value in ("half", "same"))
