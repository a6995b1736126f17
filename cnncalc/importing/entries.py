"""Graph → entries, one for each line of a spec: norms and activations are absorbed, usual settings are defaults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.model import ModelGraph, ModelNode
from cnncalc.importing.passes import uses
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, Weightless
from cnncalc.layers.parameters import ACTIVATIONS, NORMS, Type
from cnncalc.shapes import Shape

Settings = dict[str, Any]

INDIVIDUAL = ("stride", "dilation", "groups", "multiplier", "output_padding")
"""Settings that each convolution states itself, however many have them."""


class ImportedLayer(NamedTuple):
    """One layer, with the norm and the activation that follow it.

    Attributes:
        value: the name of its value.
        kind: a word of the language.
        settings: those of its line, without the defaults of the kind and of `defaults:`.
        inputs: the names of the values that it reads.
        shape: of its value.
        declared: the shape that the file states for it; None if it states none.
        label: its name in the file.
        scope: the modules around it.
        shares: the name of the layer's value whose weights it uses again; empty if it has its own.
        frozen: whether it has weights that are not trained.
    """

    value: str
    kind: str
    settings: Settings
    inputs: tuple[str, ...]
    shape: Shape | None
    declared: Shape | None = None
    label: str = ""
    scope: tuple[str, ...] = ()
    shares: str = ""
    frozen: bool = False


class ImportedLayers(NamedTuple):
    """All entries of a graph.

    Attributes:
        entries: in order.
        defaults: by kind, the settings of most of its lines.
    """

    entries: tuple[ImportedLayer, ...]
    defaults: dict[str, Settings]


def entries_of(graph: ModelGraph) -> ImportedLayers:
    """The entries of a graph."""
    usual = {kind: _usual(kind, graph.nodes) for kind in (*NORMS, *ACTIVATIONS) if not LAYERS[kind].required}
    entries = _absorbed(graph, usual)
    entries = [entry._replace(settings=_written(entry)) for entry in entries]
    _use_half(entries)
    defaults = {kind: settings for kind, settings in usual.items() if settings}
    for kind in dict.fromkeys(entry.kind for entry in entries):
        if kind not in usual:
            majority = _majority(kind, [entry for entry in entries if entry.kind == kind])
            if majority:
                defaults[kind] = majority
    entries = [entry._replace(settings=_beside(entry, defaults.get(entry.kind, {}))) for entry in entries]
    order = [kind for kind in LAYERS if kind in defaults]
    return ImportedLayers(tuple(entries), {kind: defaults[kind] for kind in order})


def default_of(layer: type[Layer], name: str, settings: Mapping[str, Any]) -> Any:
    """The value of a parameter that a line does not give."""
    if name in layer.followers:
        return "none"
    source = layer.parameters[name].default_from
    known = settings if not source or source in settings else {**settings, source: layer.parameters[source].default}
    return layer.parameters[name].usual(known)


def joins(kind: str) -> bool:
    """Whether a kind lists the values that it reads."""
    return "inputs" in LAYERS[kind].operands


def _usual(kind: str, nodes: Iterable[ModelNode]) -> Settings:
    """The settings that most nodes of a kind have, without shapes, which hold for one place only."""
    found = Counter(tuple(sorted(_short(kind, node.settings).items())) for node in nodes if node.kind == kind)
    most = dict(found.most_common(1)[0][0]) if found else {}
    return {name: value for name, value in most.items() if not isinstance(value, Shape)}


def _absorbed(graph: ModelGraph, usual: Mapping[str, Settings]) -> list[ImportedLayer]:
    """A node with the only nodes that follow it, for kinds that may have followers."""
    times = uses(graph)
    readers = {name: node for node in graph.nodes for name in node.inputs}
    taken: set[str] = set()
    # A wrong statement of a table is about the layer alone, without a norm.
    alone_stated = {claim.value for claim in graph.claims if claim.figure == "params" and not claim.holds}
    shared = {name for node in graph.nodes if node.shares for name in (node.name, node.shares)}
    entries = []
    for node in graph.nodes:
        if node.name in taken:
            continue
        last, settings = node, dict(node.settings)
        for word, kinds in (("norm", NORMS), ("activation", ACTIVATIONS)):
            after = readers.get(last.name)
            alone = times[last.name] == 1 and last.name not in shared and last.name not in alone_stated
            if (
                alone and word in LAYERS[node.kind].followers and after is not None and after.kind in kinds
                and after.kind in usual
                and after.name not in shared and after.inputs == (last.name,)
                and (after.frozen == node.frozen or issubclass(LAYERS[after.kind], Weightless))
                and _short(after.kind, after.settings) == usual[after.kind]
            ):  # fmt: skip
                settings[word] = after.kind
                taken.add(after.name)
                last = after
        entries.append(
            ImportedLayer(
                last.name,
                node.kind,
                settings,
                node.inputs,
                last.shape,
                last.declared,
                node.label,
                node.scope,
                node.shares,
                node.frozen,
            )
        )
    return entries


def _short(kind: str, settings: Mapping[str, Any]) -> Settings:
    """Settings as a person writes them, without the defaults of the kind."""
    layer = LAYERS[kind]
    short = {name: value if name in layer.followers else _plain(layer, name, value) for name, value in settings.items()}
    return {name: value for name, value in short.items() if value != default_of(layer, name, short)}


def _written(entry: ImportedLayer) -> Settings:
    return _short(entry.kind, entry.settings)


def _plain(layer: type[Layer], name: str, value: Any) -> Any:
    """A size that is the same on each axis as one number, and so padding on each side."""
    type_ = layer.parameters[name].type
    if type_ is Type.FACTOR and isinstance(value, tuple):
        value = tuple(int(one) if float(one).is_integer() else one for one in value)
    if type_ in (Type.SIZE, Type.FACTOR) and isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    if type_ is Type.PADDING and isinstance(value, tuple) and value:
        pairs = tuple(pair if isinstance(pair, tuple) else (pair, pair) for pair in value)
        sides = {side for pair in pairs for side in pair}
        return sides.pop() if len(sides) == 1 else pairs
    return value


def _half(entry: ImportedLayer) -> bool:
    """Whether the padding of a window is what `half` means."""
    kernel, padding, dilation = (
        entry.settings.get("kernel"),
        entry.settings.get("padding", 0),
        entry.settings.get("dilation", 1),
    )
    kernels = kernel if isinstance(kernel, tuple) else (kernel,)
    if isinstance(padding, str) or not all(type(k) is int for k in kernels):
        return False
    dilations = dilation if isinstance(dilation, tuple) else (dilation,) * len(kernels)
    wanted = [d * (k - 1) // 2 for k, d in zip(kernels, dilations, strict=False)]
    pads = padding if isinstance(padding, tuple) else ((padding, padding),) * len(kernels)
    if len(pads) != len(kernels):
        return len(set(wanted)) == 1 and all(pair == (wanted[0], wanted[0]) for pair in pads)
    return all(pair == (n, n) for pair, n in zip(pads, wanted, strict=True))


def _is_pixel(entry: ImportedLayer) -> bool:
    """Whether a window is one pixel without padding, for which `same` means the same."""
    return entry.settings.get("kernel") == 1 and not entry.settings.get("padding")


def _use_half(entries: list[ImportedLayer]) -> None:
    """Write `padding: half`, or `same`, if most windows of a kind have it, and one of them is larger than a pixel."""
    for kind in ("conv", "depthwise"):
        those = [(index, entry) for index, entry in enumerate(entries) if entry.kind == kind]
        halves = [(index, entry) for index, entry in those if _half(entry)]
        if 2 * len(halves) > len(those) and any(entry.settings.get("padding") for _, entry in halves):
            for index, entry in halves:
                entries[index] = entry._replace(settings={**entry.settings, "padding": "half"})
        same = [(index, entry) for index, entry in those if _is_pixel(entry) or entry.settings.get("padding") == "same"]
        if 2 * len(same) > len(those) and any(entry.settings.get("padding") for _, entry in same):
            for index, entry in same:
                entries[index] = entry._replace(settings={**entry.settings, "padding": "same"})


def _majority(kind: str, entries: list[ImportedLayer]) -> Settings:
    """The settings that more than half of the lines of a kind have."""
    layer, majority = LAYERS[kind], Settings()
    if joins(kind):  # a residual or branches would not have them
        return majority
    for name in (*layer.parameters, *layer.followers):
        if (
            name in layer.required
            or (layer.followers and name in INDIVIDUAL)
            or (name in layer.parameters and layer.parameters[name].type in (Type.RANGE, Type.SHAPE))
        ):
            continue
        found = Counter(entry.settings[name] for entry in entries if name in entry.settings)
        value, count = found.most_common(1)[0] if found else (None, 0)
        if layer.copies or (name == "stride" and value == 1) or (name == "padding" and not layer.followers):
            continue
        if count > 1 and 2 * count > len(entries):
            majority[name] = value
    return majority


def _beside(entry: ImportedLayer, defaults: Settings) -> Settings:
    """The settings of a line besides the defaults of its kind."""
    layer, settings = LAYERS[entry.kind], dict(entry.settings)
    for name, value in defaults.items():
        if name not in settings:
            usual = default_of(layer, name, entry.settings)
            settings |= {name: usual} if usual != value else {}
        elif settings[name] == value:
            del settings[name]
    return settings
