"""The reference of layer kinds, from their descriptors."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, NamedTuple

from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.composites import COMPOSITES
from cnncalc.layers.parameters import Parameter, Type

VALUE_BY_VALUE = "\n\nShape: unchanged.\nWeights: none.\nMACs: none by definition."
"""What holds for every kind that works value by value."""


class Entry(NamedTuple):
    """What the reference says about one kind."""

    kind: str
    doc: str
    parameters: dict[str, Parameter]
    aliases: tuple[str, ...]
    source: str

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        return self.doc.splitlines()[0].partition(": ")[0].rstrip(".")


def entries() -> dict[str, Entry]:
    """The entry of every kind, in the order of the registry."""
    found = {}
    for kind, layer in LAYERS.items():
        accepted = {**layer.written(), **layer.followers}
        doc = cleandoc(layer.__doc__ or "") + (VALUE_BY_VALUE if "Shape:" not in (layer.__doc__ or "") else "")
        if "Ops:" not in doc:
            doc += f"\nOps: {_operations(layer)}"
        found[kind] = Entry(kind, doc, accepted, tuple(layer.aliases), layer.source)
    for kind, composite in COMPOSITES.items():
        accepted = {**composite.parameters, **composite.followers}
        found[kind] = Entry(kind, composite.doc, accepted, (), composite.source)
    return found


def _operations(layer: type[Layer]) -> str:
    """What a kind counts for each value; none where it only moves data."""
    counts = ", ".join(f"{number} {operation}" for operation, number in layer.per_element.items())
    return f"{counts} for each value." if counts else "none; data is moved, nothing is computed."


def usage(entry: Entry) -> str:
    """How a line of this kind is written: `{conv: filters, kernel: size, …}`."""
    required = [name for name, parameter in entry.parameters.items() if parameter.required]
    leading = next(iter(entry.parameters), "")
    if not required:
        return f"- {entry.kind}"
    others = "".join(f", {name}: ..." for name in required if name != leading)
    return f"- {{{entry.kind}: {leading}{others}}}"


def _beside(entry: Entry) -> str:
    """How a kind that needs no value stands beside other keys."""
    required = any(parameter.required for parameter in entry.parameters.values())
    return "" if required else f", or beside other keys - {{name: ..., {entry.kind}}}"


def reference_text(entry: Entry) -> str:
    """Everything about one kind."""
    lines = [entry.kind, "", entry.doc, "", f"Write  {usage(entry)}{_beside(entry)}"]
    if entry.parameters:
        lines += ["", "Parameters (the first may stand after the kind)"]
        width = max(map(len, entry.parameters))
        for name, parameter in entry.parameters.items():
            lines.append(f"  {name:<{width}}  {parameter.doc}; {_facts(parameter)}")
    if entry.aliases:
        lines += ["", f"Also accepted as  {', '.join(entry.aliases)}"]
    if entry.source:
        lines += ["", f"Source  {entry.source}"]
    return "\n".join(lines) + "\n"


def _facts(parameter: Parameter) -> str:
    """Type, default, limits and aliases of a parameter."""
    kinds = "one of " + ", ".join(parameter.words) if parameter.type is Type.WORD else parameter.type.value
    facts = [kinds]
    if parameter.required:
        facts.append("required")
    else:
        facts.append(f"default {parameter.default_text}")
    if parameter.aliases:
        facts.append(f"also {', '.join(parameter.aliases)}")
    return "; ".join(facts)


def entry_document(entry: Entry) -> dict[str, Any]:
    """The entry as plain data."""
    return {
        "kind": entry.kind,
        "doc": entry.doc,
        "aliases": list(entry.aliases),
        "source": entry.source,
        "parameters": {name: _parameter_document(p) for name, p in entry.parameters.items()},
    }


def _parameter_document(parameter: Parameter) -> dict[str, Any]:
    document: dict[str, Any] = {
        "doc": parameter.doc,
        "type": parameter.type.name.lower(),
        "required": parameter.required,
    }
    if not parameter.required:
        document["default"] = parameter.default_from or parameter.default
    if parameter.words:
        document["words"] = list(parameter.words)
    return document | {"aliases": list(parameter.aliases)}
