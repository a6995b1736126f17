"""Attention that a file writes as products of matrices: one layer if possible, else those products."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose, prod
from typing import Any, NamedTuple

from cnncalc.importing.axes import BATCH, CHANNELS, Atom, flat, identity, whole
from cnncalc.importing.model import ModelNode, StoredTensor
from cnncalc.importing.readers.adding import Adding, Attended, Where
from cnncalc.importing.readers.merging import Learned
from cnncalc.importing.views import Viewed
from cnncalc.shapes import Shape

SCALE = "scores are multiplied by {:.6g}, but here by 1/sqrt(head_size)"
MASK = "a mask or a computed bias that is added to the scores of attention is left out"


class Scores(NamedTuple):
    """Queries times keys, before anything reads them.

    Attributes:
        query, key: as (..., positions, values of a head).
        dims: of the scores.
        scale: their factor.
        learned: the offsets that are added to them.
        masked: whether something is added that is not learned.
        soft: whether they are weights now, after the softmax.
    """

    query: Viewed
    key: Viewed
    dims: tuple[int, ...]
    scale: float = 1.0
    learned: tuple[Learned, ...] = ()
    masked: bool = False
    soft: bool = False


class _Projection(NamedTuple):
    """The origin of queries, keys or values: a dense layer on a value, and the channels of it that they are."""

    node: ModelNode
    x: str
    scale: float
    start: int


def scores(query: Viewed, key: Viewed) -> Scores | None:
    """A product as scores, if it may be of queries and keys, which are (..., values of a head, positions)."""
    dims, other = query.dims or (), key.dims or ()
    if len(dims) < 3 or len(dims) != len(other) or dims[:-2] != other[:-2] or dims[-1] != other[-2]:
        return None
    turned = key._replace(dims=(*other[:-2], other[-1], other[-2]), order=(*key.order[:-2], *key.order[:-3:-1]))
    if any(atom.axis != CHANNELS for atom in query.order[-1]) or turned.order[-1] != query.order[-1]:
        return None
    return Scores(query, turned, (*dims[:-1], other[-1]))


def attended(adding: Adding, found: Scores, value: Viewed, where: Where) -> Viewed | None:
    """The weighted values; written as products if no dense layer with as many channels follows."""
    heads = [atom for atom in flat(found.query.order[:-2]) if atom.axis == CHANNELS]
    dims, size = found.query.dims or (), (value.dims or (0,))[-1]
    if len(heads) > 1 or not value.order or len(value.dims or ()) != len(dims):
        return _spelt_value(adding, found, value, where)
    count = heads[0].size if heads else 1
    base = (found.query.base[0], count * size, *found.query.base[2:])
    order = [
        tuple(Atom(CHANNELS, size, count) if atom.axis == CHANNELS else atom for atom in atoms)
        for atoms in found.query.order[:-1]
    ]
    known = _settings(adding, found, value, count)
    if known is None:
        return _spelt_value(adding, found, value, where)

    def spelt() -> str:
        made = _spelt_value(adding, found, value, where)
        if made is None:
            return adding.builder.unknown(
                "attention in windows without a layer after it", [value.node], where["at"], Shape.of(base[1:])
            )
        axes = (0, *([1, 3, 2] if len(made.dims or ()) == 4 else [2, 1]))
        turned = adding.views.permute(made, axes, where["at"])
        return adding.views.plain(adding.views.view(turned, base, where["at"]), where["at"])

    name = adding.builder.promise(Shape.of(base[1:]), spelt)
    adding.promised[name] = known
    return Viewed(name, (*dims[:-1], size), base, (*order, whole(CHANNELS, size)), found.query.rolled)


def projected(adding: Adding, x: Viewed, features: int, bias: bool, where: Where) -> Viewed | None:
    """A dense layer on weighted values, as one layer with the attention; None on any other value."""
    known = adding.promised.get(x.node)
    shape = adding.builder.shapes[known.x] if known is not None else None
    if known is None or shape is None or features != shape.channels or x.axis(-1) != CHANNELS:
        return None
    tensors = dict(known.tensors)
    tensors |= {f"out_{word}": tensor for word, tensor in where.get("tensors", {}).items()}
    settings = known.settings | {"bias": bias}
    for note in known.notes:
        adding.builder.note(note, where["at"], inexact=True)
    inputs = [known.x] + [known.memory] * (known.memory != known.x)
    for name in known.nodes:
        adding.builder.retract(name, inputs)
    adding.seen.update(tensors.values())
    node = adding.builder.add("attention", inputs, settings, **where | {"declared": None, "tensors": tensors})
    return adding.views.channelled(x, node)


def dense(adding: Adding, x: Viewed, features: int, bias: bool, where: Where) -> Viewed | None:
    """A dense layer on the last axis; with attention before it one layer."""
    return projected(adding, x, features, bias, where) or adding.dense(x, features, bias, where)


def _settings(adding: Adding, found: Scores, value: Viewed, heads: int) -> Attended | None:
    """The settings of attention, if its queries, keys and values are dense layers on one value, or on two."""
    seen = (found.query, found.key, value)
    sources = [_projection(adding, one) for one in seen]
    known = [source for source in sources if source is not None]
    if len(known) < 3 or known[1].x != known[2].x or any(one.rolled != value.rolled for one in seen):
        return None
    window = _window(found.query) if _placed(found.query) == _placed(found.key) == _placed(value) else None
    memory = known[0].x != known[1].x
    if memory:
        plain = [_window(one) for one in seen]
        window = None if any(one is None or any(one["window"]) for one in plain) else {"window": ()}
    shape, size = adding.builder.shapes[known[0].x], (value.dims or (0,))[-1]
    positions = [adding.builder.shapes[one.x] for one in known]
    if window is None or shape is None or any(one is None or not one.spatial for one in positions):
        return None
    if (found.query.dims or (0,))[-1] != size:
        return None
    scale = found.scale * known[0].scale * known[1].scale
    if known[2].scale != 1:
        return None
    biases = [bool(source.node.settings.get("bias", True)) for source in known]
    if len(set(biases)) > 1:
        return None
    settings: dict[str, Any] = {"heads": heads, "qkv_bias": biases[0]}
    settings |= {"head_size": size} if heads * size != shape.channels else {}
    settings |= {word: sizes for word, sizes in window.items() if sizes and (sizes is True or any(sizes))}
    tensors = _tensors(known, seen, heads)
    if found.learned:
        table = _table(found, settings.get("window") or shape.spatial, heads)
        if table is None:
            return None
        settings |= {"relative": "table", "window": settings.get("window") or shape.spatial}
        tensors["relative_table"] = table
    if any(shift for _, shift in value.rolled):
        rolled = dict(value.rolled)
        settings["shift"] = tuple(rolled.get(axis, 0) for axis in range(2, len(value.base)))
    notes = (SCALE.format(scale),) * (not isclose(scale, size**-0.5, rel_tol=1e-3))
    notes += (MASK,) * (found.masked and "shift" not in settings)
    return Attended(known[0].x, known[1].x, settings, tensors, tuple(one.node for one in seen), notes)


def _placed(value: Viewed) -> tuple[Any, ...]:
    """The axes that are the places of a map, and those of the batch."""
    return tuple(tuple(atom for atom in atoms if atom.axis != CHANNELS) for atoms in value.order)


def _window(value: Viewed) -> dict[str, Any] | None:
    """The places that attend to one another: all, blocks of the map, or places spread evenly over it."""
    within = {atom.axis: atom for atom in value.order[-2]}
    around = [atom for atom in flat(value.order[:-2]) if atom.axis > CHANNELS]
    if len(within) != len(value.order[-2]) or BATCH in within or CHANNELS in within:
        return None
    if not around:
        return {"window": ()}
    sizes = tuple(within[axis].size if axis in within else 1 for axis in range(2, len(value.base)))
    inner = [(within[axis].inner, value.base[axis] // within[axis].size) for axis in within]
    if all(step == 1 for step, _ in inner):
        return {"window": sizes}
    return {"window": sizes, "grid": True} if all(step == spread for step, spread in inner) else None


def _projection(adding: Adding, value: Viewed) -> _Projection | None:
    """The dense layer that gives a value, through a factor and a slice."""
    scale, start, node = 1.0, 0, adding.builder.node(value.node)
    while node is not None and node.kind in ("rescale", "slice"):
        if node.kind == "rescale":
            if node.settings.get("offset", 0):
                return None
            scale *= node.settings["factor"]
        elif set(node.settings) == {"channels"}:
            start += node.settings["channels"][0]
        else:
            return None
        node = adding.builder.node(node.inputs[0])
    return _Projection(node, node.inputs[0], scale, start) if node is not None and _is_dense(node) else None


def _is_dense(node: ModelNode) -> bool:
    """Whether a layer is dense at each place of what it reads."""
    usual = {"kernel": {1}, "stride": {1}, "dilation": {1}, "groups": {1}, "padding": {0}}
    given = {word: set(_flat(node.settings.get(word, 1 if word != "padding" else 0))) for word in usual}
    return node.kind == "fc" or (node.kind == "conv" and given == usual)


def _flat(sizes: Any) -> list[Any]:
    return [n for one in sizes for n in _flat(one)] if isinstance(sizes, tuple | list) else [sizes]


def _tensors(known: Sequence[_Projection], seen: Sequence[Viewed], heads: int) -> dict[str, StoredTensor]:
    """The weights of queries, keys and values: those of a dense layer each, or parts of one."""
    tensors: dict[str, StoredTensor] = {}
    for letter, source, value in zip("qkv", known, seen, strict=True):
        rows = heads * (value.dims or (0,))[-1]
        total = source.node.settings.get("features", source.node.settings.get("filters", 0))
        for word, tensor in source.node.tensors.items():
            tensors[f"{letter}_{word}"] = tensor if total == rows else StoredTensor("")
            if total == 3 * rows and not tensor.axes and not tensor.view:
                tensors[f"{letter}_{word}"] = _third(tensor, source.start // rows, value, heads, word == "weight")
    return tensors


def _third(tensor: StoredTensor, part: int, value: Viewed, heads: int, square: bool) -> StoredTensor:
    """The rows of queries, keys or values in a weight with all of them, or with those of each head together."""
    if value.cut is None:
        return tensor._replace(parts=3, taken=(part,))
    size = (value.dims or (0,))[-1]
    view, axes = (heads, 3, size, *(-1,) * square), (1, 0, 2, *(3,) * square)
    return tensor._replace(
        view=view, axes=axes, parts=3, taken=(value.cut.start // max(value.cut.stop - value.cut.start, 1),)
    )


def _table(found: Scores, window: Sequence[int], heads: int) -> StoredTensor | None:
    """The table of relative positions, if nothing else is added."""
    cells = prod(2 * size - 1 for size in window)
    learned = found.learned[0]
    return learned.tensor if len(found.learned) == 1 and learned.table == (cells, heads) else None


def _spelt_value(adding: Adding, found: Scores, value: Viewed, where: Where) -> Viewed | None:
    """The weights times the values, as layers."""
    weights = spelt(adding, found, where)
    return None if weights is None else product(adding, weights, value, where)


def spelt(adding: Adding, found: Scores, where: Where) -> Viewed | None:
    """The scores as layers, once for all that read them; None if the language cannot express what is added to them."""
    if found not in adding.spelt:
        adding.spelt[found] = _spelt(adding, found, where)
    return adding.spelt[found]


def _spelt(adding: Adding, found: Scores, where: Where) -> Viewed | None:
    where = {"at": where["at"], "scope": where.get("scope", ())}
    dims = found.key.dims or ()
    key = adding.views.permute(found.key, (*range(len(dims) - 2), len(dims) - 1, len(dims) - 2), where["at"])
    made = product(adding, found.query, key, where)
    if made is None or found.learned or made.dims is None:
        return None
    if found.masked:
        adding.builder.note(MASK, where["at"], inexact=True)
    if found.scale != 1:
        made = adding.alike("rescale", made, {"factor": found.scale}, where)
    return adding.softmax(made, -1, where) if found.soft else made


def product(adding: Adding, one: Viewed, other: Viewed, where: Where) -> Viewed | None:
    """A product of two matrices for each place before them; None if the dims do not fit."""
    dims, others = one.dims or (), other.dims or ()
    if not 3 <= len(dims) <= 5 or len(dims) != len(others) or dims[:-2] != others[:-2] or dims[-1] != others[-2]:
        return None
    batch = [value.order[0] == identity(value.base)[0] for value in (one, other)]
    return adding.layer("matmul", [one, other], {}, where | {"tensors": {}}) if all(batch) else None
