"""The reference of layer kinds, from their descriptors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, NamedTuple

from cnncalc.language.lines import UNIVERSAL
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.composites import COMPOSITES
from cnncalc.layers.parameters import Parameter, Type
from cnncalc.render.document import Document
from cnncalc.render.folding import folded
from cnncalc.render.grid import Grid, Header

VALUE_BY_VALUE = "\n\nShape: unchanged.\nWeights: none.\nMACs: none by definition."
"""The end of the text for every kind that works value by value."""

PAGE_WIDTH = 76
"""The longest line of a text in the manual, which a terminal of 80 columns indents."""

KINDS = (
    Header("kind", "kind"),
    Header("usage", "write", folds=True),
    Header("summary", "what it is", priority=1, folds=True),
)
PARAMETERS = (
    Header("parameter", "parameter"), Header("type", "type"), Header("default", "default"),
    Header("aliases", "also"), Header("doc", "what it is"),
)  # fmt: skip

NOTES = (
    f"'cnncalc layers KIND' says more. Every line may have {', '.join(UNIVERSAL[:-1])} and {UNIVERSAL[-1]}; "
    "beside them, a kind that needs no value has none: {name: last, relu, repeat: 2}",
)


class KindReference(NamedTuple):
    """The reference of one kind."""

    kind: str
    doc: str
    parameters: dict[str, Parameter]
    aliases: tuple[str, ...]
    source: str

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        return self.doc.splitlines()[0].partition(": ")[0].rstrip(".")

    @property
    def usage(self) -> str:
        """How a line of this kind is written: `{conv: filters, kernel: size, …}`."""
        required = [name for name, parameter in self.parameters.items() if parameter.required]
        leading = next(iter(self.parameters), "")
        if not required:
            return f"- {self.kind}"
        others = "".join(f", {name}: ..." for name in required if name != leading)
        return f"- {{{self.kind}: {leading}{others}}}"


def references() -> dict[str, KindReference]:
    """The reference of every kind, in the order of the registry."""
    found = {}
    for kind, layer in LAYERS.items():
        declared = {figure: layer.parameters[name] for figure, name in layer.declared.items()}
        accepted = {**layer.written(), **declared, **layer.followers}
        doc = unwrapped(layer.__doc__ or "") + (VALUE_BY_VALUE if "Shape:" not in (layer.__doc__ or "") else "")
        if "Ops:" not in doc:
            doc += f"\nOps: {_operations(layer)}"
        found[kind] = KindReference(kind, doc, accepted, (*layer.aliases, *layer.presets), layer.source)
    for kind, composite in COMPOSITES.items():
        accepted = {**composite.parameters, **composite.followers}
        found[kind] = KindReference(kind, unwrapped(composite.doc), accepted, (), composite.source)
    return found


def unwrapped(doc: str) -> str:
    """A docstring with a line for each paragraph, section and item of a list after a colon: terminals fold them."""
    lines: list[str] = []
    is_list = False
    for line in cleandoc(doc).splitlines():
        if not line or not lines or not lines[-1] or re.match(r"[A-Z]\w+: ", line):
            lines.append(line)
            is_list = False
        elif re.match(r" {4}\S", line) and (is_list or lines[-1].endswith(":")):
            lines.append(line)
            is_list = True
        else:
            lines[-1] += f" {line.lstrip()}"
    return "\n".join(lines)


def _operations(layer: type[Layer]) -> str:
    """The operations of a kind for each value; none if it only moves data."""
    counts = ", ".join(f"{number} {operation}" for operation, number in layer.per_element.items())
    return f"{counts} for each value." if counts else "none; data is moved, nothing is computed."


def kinds_document(kinds: Sequence[KindReference]) -> Document:
    """Every kind with how it is written."""
    rows = tuple((each.kind, each.usage, each.summary) for each in kinds)
    grid = Grid(f"{len(rows)} layer kinds", KINDS, rows, notes=NOTES, choice=" (--format json has all)")
    return Document(lambda: [grid], lambda: list(map(_data, kinds)))


def kind_document(kind: KindReference) -> Document:
    """Everything about one kind."""
    return Document(
        blocks=lambda: [_parameters_grid(kind)],
        data=lambda: [_data(kind)],
        screen=lambda width: [reference_text(kind)],
    )


def _parameters_grid(kind: KindReference) -> Grid:
    """The parameters of a kind, and below them all else."""
    rows = tuple(
        (name, _type(each), "required" if each.required else each.default_text, ", ".join(each.aliases), each.doc)
        for name, each in kind.parameters.items()
    )
    about = (*kind.doc.splitlines(), *_more(kind))
    return Grid(kind.kind, PARAMETERS, rows, notes=tuple(filter(None, about)))


def reference_text(kind: KindReference) -> str:
    """Everything about one kind."""
    usage, *more = _more(kind)
    lines = [kind.kind, "", kind.doc, "", usage]
    if kind.parameters:
        lines += ["", "Parameters (the first may be written after the kind)"]
        width = max(map(len, kind.parameters))
        lines += [f"  {name:<{width}}  {parameter_text(each)}" for name, each in kind.parameters.items()]
    return "\n".join((*lines, *(f"\n{line}" for line in more))) + "\n"


def page() -> str:
    """The reference of every kind as a page of the manual."""
    kinds = "".join(f"\n## {kind}\n\n```text\n{_below_title(each)}```\n" for kind, each in references().items())
    return f"# Kinds\n\nEvery kind of layer, as `cnncalc layers KIND` prints it.\n{kinds}"


def _below_title(kind: KindReference) -> str:
    return folded(reference_text(kind).partition("\n\n")[2], PAGE_WIDTH)


def _more(kind: KindReference) -> list[str]:
    """The form of a kind, its names, and its publication."""
    required = any(parameter.required for parameter in kind.parameters.values())
    beside = "" if required else f", or beside other keys - {{name: ..., {kind.kind}}}"
    lines = [f"Write  {kind.usage}{beside}"]
    lines += [f"Also accepted as  {', '.join(kind.aliases)}"] if kind.aliases else []
    return lines + ([f"Source  {kind.source}"] if kind.source else [])


def _type(parameter: Parameter) -> str:
    others = {Type.FOLLOWER: ", or {word: settings}", Type.CHOICE: ", or a whole number"}
    words = f"one of {', '.join(parameter.words)}"
    return words + others.get(parameter.type, "") if parameter.words else parameter.type.value


def parameter_text(parameter: Parameter) -> str:
    """The text of a parameter, with its type, default and aliases."""
    return f"{parameter.doc}; {_facts(parameter)}"


def _facts(parameter: Parameter) -> str:
    """Type, default, limits and aliases of a parameter."""
    default = "required" if parameter.required else f"default {parameter.default_text}"
    aliases = [f"also {', '.join(parameter.aliases)}"] if parameter.aliases else []
    return "; ".join((_type(parameter), default, *aliases))


def _data(kind: KindReference) -> dict[str, Any]:
    """A kind as plain data."""
    return {
        "kind": kind.kind,
        "doc": kind.doc,
        "aliases": list(kind.aliases),
        "source": kind.source,
        "parameters": {name: _parameter_data(each) for name, each in kind.parameters.items()},
    }


def _parameter_data(parameter: Parameter) -> dict[str, Any]:
    return {
        "doc": parameter.doc,
        "type": parameter.type.name.lower(),
        "required": parameter.required,
        **({} if parameter.required else {"default": parameter.default_from or parameter.default}),
        **({"words": list(parameter.words)} if parameter.words else {}),
        "aliases": list(parameter.aliases),
    }
