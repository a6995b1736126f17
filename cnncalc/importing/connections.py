"""Filters that see some of the maps, as in the third layer of LeNet-5: a convolution for each filter, joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnncalc.importing.model import ModelNode


def connected(
    node: ModelNode, nodes: Mapping[str, ModelNode], uses: Mapping[str, int]
) -> tuple[ModelNode, tuple[str, ...]] | None:
    """A convolution with connections in place of a concatenation, and the removed nodes; None for any other.

    Args:
        node: it may be such a concatenation.
        nodes: all before it, by name.
        uses: how often each value is read.
    """
    filters = [nodes[name] for name in node.inputs if name in nodes] if node.kind == "concat" else []
    if not filters or len(filters) < len(node.inputs) or not all(_is_filter(one, filters[0], uses) for one in filters):
        return None
    seen = [_maps(one.inputs[0], nodes, uses) for one in filters]
    found = [maps for maps in seen if maps is not None]
    sources = {source for source, _, _ in found}
    if len(found) < len(seen) or len(sources) != 1 or any(len({*maps}) < len(maps) for _, maps, _ in found):
        return None
    links = tuple(tuple(maps) for _, maps, _ in found)
    gone = (*(one.name for one in filters), *(name for _, _, names in found for name in names))
    settings = {**filters[0].settings, "filters": len(filters), "connections": links}
    return node._replace(kind="conv", inputs=(*sources,), settings=settings, at=filters[0].at), gone


def _is_filter(one: ModelNode, first: ModelNode, uses: Mapping[str, int]) -> bool:
    """Whether a node is a convolution of one filter with the settings of the first, whose value is read once."""
    alone = uses[one.name] == 1 and not one.shares and one.frozen == first.frozen
    return alone and one.kind == "conv" and one.settings == first.settings and one.settings["filters"] == 1


def _maps(
    name: str, nodes: Mapping[str, ModelNode], uses: Mapping[str, int]
) -> tuple[str, list[int], tuple[str, ...]] | None:
    """The value of which maps are taken, their numbers, and the nodes that take them; None for anything else."""
    joined = nodes.get(name)
    parts = list(_parts(joined, nodes)) if joined is not None and joined.kind in ("slice", "concat") else []
    sources = {part.inputs[0] for part in parts}
    if joined is None or not parts or len(sources) != 1 or any(uses[one.name] != 1 for one in (*parts, joined)):
        return None
    ranges = [part.settings.get("channels") for part in parts if len(part.settings) == 1]
    if len(ranges) < len(parts) or not all(isinstance(one, tuple) for one in ranges):
        return None
    maps = [number for first, stop in filter(None, ranges) for number in range(first, stop)]
    return sources.pop(), maps, tuple({joined.name, *(part.name for part in parts)})


def _parts(joined: ModelNode, nodes: Mapping[str, ModelNode]) -> Iterator[ModelNode]:
    """The parts that are joined: one, or several."""
    if joined.kind == "slice":
        yield joined
        return
    parts = [nodes[name] for name in joined.inputs if name in nodes]
    if len(parts) == len(joined.inputs) and all(part.kind == "slice" for part in parts):
        yield from parts
