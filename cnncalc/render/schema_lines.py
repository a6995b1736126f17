"""The lines of `layers:` and of blocks as JSON Schema: the settings of every kind, and of blocks.

A line is checked by `if` and `then`, so that an editor reports what is wrong with a conv, not that the line is
none of all kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from cnncalc.figures import FIGURES, ON_LINES
from cnncalc.language.lines import UNIVERSAL
from cnncalc.layers.composites import COMPOSITES
from cnncalc.layers.parameters import FROZEN, Parameter, Type
from cnncalc.network.vocabulary import ALIASES, WORDS, Kind, all_parameter_words, kind_of
from cnncalc.render.reference import KindReference, references
from cnncalc.render.schema_values import (
    IDENTIFIER,
    LAYER_NAME,
    REFERENCE,
    TEXT,
    Schema,
    any_of,
    behind,
    defined,
    described,
    list_of,
    object_of,
    parameter_value,
    whole_number,
)

NOTHING: Schema = {"type": "null"}


def line_definitions() -> dict[str, Schema]:
    """Every definition that lines need."""
    kinds = references()
    return {
        "line of a kind": _line_of_a_kind(),
        **_layer_definitions(kinds, in_block=False),
        **_layer_definitions(kinds, in_block=True),
    }


def _layer_definitions(kinds: Mapping[str, KindReference], *, in_block: bool) -> dict[str, Schema]:
    """The definitions of a list of layers, of a line, and of every kind: its parameters, and its line.

    Inside a block a word may be the block's parameter, which a schema can't distinguish from a misspelt word.
    """
    prefix = "block " if in_block else ""
    definitions: dict[str, Schema] = {
        f"{prefix}layers": list_of(defined(f"{prefix}layer")),
        f"{prefix}layer": _layer(kinds, prefix),
    }
    for kind in map(kind_of, kinds):
        definitions[f"{prefix}{kind.word}"] = _settings(kind, in_block)
        definitions[f"{prefix}{kind.word} line"] = _kind_line(kind, prefix)
    return definitions


def _line_of_a_kind() -> Schema:
    """A line that uses no block, and neither do the lines inside it."""
    lines: Schema = {"items": defined("line of a kind")}
    lists = {Type.LAYERS: lines, Type.PATHS: {"items": lines}, Type.SHORTCUT: lines}
    properties: dict[str, Schema] = {}
    for word, composite in COMPOSITES.items():
        inside = {name: lists[p.type] for name, p in composite.parameters.items() if p.type in lists}
        first = next(iter(composite.parameters))
        properties |= inside | {word: inside[first] | {"properties": inside}}
    unsuggested = {key: _unsuggested(schema) for key, schema in properties.items()}
    line = {"properties": unsuggested, **_has_one_of(WORDS)}
    return {"if": {"type": "object"}, "then": line, "else": {"enum": list(WORDS)}}


def _block_word() -> Schema:
    return described("a block without required parameters", {"type": "string", "pattern": f"^{IDENTIFIER}$"})


def _layer(kinds: Mapping[str, KindReference], prefix: str) -> Schema:
    """A line: a word or settings. What is wrong with settings is reported by itself, not as one of several forms."""
    described = {word: _unsuggested({"description": kind.doc}) for word, kind in kinds.items()}
    settings = {"title": "layer", "type": "object", "properties": described | _universal()}
    words = {"enum": list(WORDS)}
    return any_of(words, _block_word(), settings) | {"if": {"type": "object"}, "then": _line(kinds, prefix)}


def _line(kinds: Mapping[str, KindReference], prefix: str) -> Schema:
    """The rules for settings: the kind decides what may be beside it; without one the line uses a block."""
    checks = [{"if": _names(word), "then": defined(f"{prefix}{word} line")} for word in kinds]
    return {
        "minProperties": 1,
        "allOf": [*checks, {"if": {"not": _has_one_of(WORDS)}, "then": _block_line(kinds)}],
        "dependencies": {"first": ["repeat"], "shared": ["repeat"]},
    }


def _has_one_of(words: Iterable[str]) -> Schema:
    """A mapping with at least one of these keys."""
    return {"anyOf": [{"required": [word]} for word in words]}


def _names(word: str) -> Schema:
    """A mapping that is a line of this kind. The word may be a parameter of another one, as in `{bn, scale: false}`."""
    named = _has_one_of(_spellings(word))
    others = [other for other in WORDS if word in kind_of(other).spellings]
    return {"allOf": [named, {"not": _has_one_of(others)}]} if others else named


def _spellings(word: str) -> list[str]:
    """A kind and its aliases."""
    return [word, *(alias for alias, (canonical, _) in ALIASES.items() if canonical == word)]


def _universal() -> dict[str, Schema]:
    """The keys of every line but `first:`, which depends on the kind."""
    flag = parameter_value(FROZEN, in_block=True)
    return {
        "name": described("name of the layer, for references and reports", LAYER_NAME),
        "from": described("layer above whose output enters, in place of the line before", REFERENCE),
        "weights": described("line above whose weights are used again", LAYER_NAME),
        "repeat": described("copies, each with weights of its own unless shared", whole_number(0)),
        "first": described("parameters of the first copy only", {"type": "object"}),
        "shared": described("whether the copies of repeat have the same weights", flag),
        "frozen": described("whether the weights are not trained", flag),
        **{
            name: described(f"claim: {FIGURES[name].on_lines}", {"allOf": [defined("claims", name)]})
            for name in ON_LINES
        },
    }


def _block_line(kinds: Mapping[str, KindReference]) -> Schema:
    """A line that uses a block: one key at least is not a word of the language. Kinds are here to be suggested."""
    known = sorted({*UNIVERSAL, *all_parameter_words()})
    argument = any_of(TEXT, list_of(TEXT), {"type": "object"})
    suggested = {word: {"description": kind.doc} for word, kind in kinds.items()}
    properties = suggested | dict.fromkeys(UNIVERSAL, True)
    return {"not": {"propertyNames": {"enum": known}}, "properties": properties, "additionalProperties": argument}


def _kind_line(kind: Kind, prefix: str) -> Schema:
    """A line of one kind: the values after it, its parameters, and the keys of every line."""
    settings = prefix + kind.word
    value = any_of(NOTHING, *behind(kind, prefix))
    words = _spellings(kind.word)
    properties = {
        **{word: _alias(value, kind.word) for word in words},
        kind.word: value,
        **{spelling: defined(settings, spelling) for spelling in kind.spellings},
        **dict.fromkeys(UNIVERSAL, True),
        "first": defined(settings),
    }
    exclusive = [{"oneOf": [{"required": [word]} for word in words]}] if len(words) > 1 else []
    return {"title": kind.word} | object_of(properties) | _all_of(exclusive + _given_twice(kind))


def _alias(schema: Schema, name: str) -> Schema:
    """The values after another spelling of a word."""
    return _unsuggested(described(f"the same as {name}", schema))


def _unsuggested(schema: Schema) -> Schema:
    """The values of a key that is accepted, or described, but not for editors to suggest."""
    return schema | {"doNotSuggest": True}


def _settings(kind: Kind, in_block: bool) -> Schema:
    """The parameters of a kind as a mapping: the long form, `first:` and `defaults:`."""
    parameters = {
        spelling: _parameter(kind.parameters[name], spelling, name, in_block)
        for spelling, name in kind.spellings.items()
    }
    # In defaults: only, which have this form, too; on a line it is beside the kind.
    parameters |= {"frozen": described("whether the weights are not trained", parameter_value(FROZEN, in_block))}
    return {"title": kind.word} | object_of(parameters) | _all_of(_given_twice(kind))


def _parameter(parameter: Parameter, spelling: str, name: str, in_block: bool) -> Schema:
    """The values of a parameter; after an alias also the values that only it takes (`ceil_mode: true`)."""
    schema = parameter_value(parameter, in_block)
    if spelling == name:
        return schema
    words = [{"enum": [word == "true" for word in parameter.alias_words]}] if parameter.alias_words else []
    return _alias(any_of(schema, *words), name)


def _given_twice(kind: Kind) -> list[Schema]:
    """The rule that two spellings of one parameter exclude each other."""
    by_name: dict[str, list[str]] = {}
    for spelling, name in kind.spellings.items():
        by_name.setdefault(name, []).append(spelling)
    pairs = [pair for spellings in by_name.values() for pair in combinations(spellings, 2)]
    return [{"not": {"required": list(pair)}} for pair in pairs]


def _all_of(schemas: list[Schema]) -> Schema:
    return {"allOf": schemas} if schemas else {}
