"""The forms of values as JSON Schema: one entry for each type of parameter, and for claims and shapes.

Numbers may be expressions, which a schema sees as text: it can check their signs, not their grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cnncalc.figures import CLAIMABLE
from cnncalc.language.claims import BOUNDS
from cnncalc.language.expressions import MAX_MAGNITUDE
from cnncalc.language.lines import MAX_NAME, RESERVED
from cnncalc.language.nodes import ScalarNode
from cnncalc.layers.parameters import PADDING_WORDS, Parameter, Type
from cnncalc.network.vocabulary import Kind, kind_of
from cnncalc.shapes import AXES, AXIS_NAMES, MAX_RANK

Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
"""Any word; what a reader of YAML resolves is text all the same."""

EXPRESSION: Schema = {"type": "string", "pattern": r"^[A-Za-z0-9_(]([A-Za-z0-9_.+*/%(), -]*[A-Za-z0-9_)])?$"}
"""Names, digits and operators, with an operand at both ends."""

INTEGER = r"(0|[1-9][\d_]*)"

SIZES: Schema = {"type": "string", "pattern": rf"^{INTEGER}([x×]{INTEGER}){{1,3}}$"}
"""`3x3`, `3x224x224`."""

IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
"""A name in place of a value inside an expression."""

BLOCK_PARAMETER: Schema = {"type": "string", "pattern": f"^{IDENTIFIER}$"}
"""A word that a block is given: a parameter of this name carries it."""

LAYER_NAME: Schema = {
    "type": "string",
    "pattern": rf"^(?!({'|'.join(RESERVED)})$)[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$",
    "maxLength": MAX_NAME,
}
REFERENCE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$"}


def any_of(*schemas: Schema) -> Schema:
    """A value of one of several forms."""
    return {"anyOf": list(schemas)}


def object_of(properties: Mapping[str, Any]) -> Schema:
    """A mapping with these keys and no others."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def described(description: str, schema: Schema) -> Schema:
    """A value with its explanation, which editors show."""
    return {"description": description, **schema}


def defined(definition: str, parameter: str = "") -> Schema:
    """The schema that refers to a definition, or to one of its properties."""
    below = f"/properties/{parameter}" if parameter else ""
    return {"$ref": f"#/definitions/{definition}{below}".replace(" ", "%20")}


def integer(minimum: int | None) -> Schema:
    """A whole number within the limits of the language."""
    return {"type": "integer", "minimum": -MAX_MAGNITUDE if minimum is None else minimum, "maximum": MAX_MAGNITUDE}


def whole_number(minimum: int | None) -> Schema:
    """A whole number, or an expression for one."""
    return any_of(integer(minimum), EXPRESSION)


def list_of(items: Schema, least: int = 0, most: int | None = None) -> Schema:
    """A list with bounds on its length."""
    return {"type": "array", "items": items, "minItems": least} | ({} if most is None else {"maxItems": most})


def size(minimum: int | None, most: int = MAX_RANK) -> Schema:
    """One number, or one for each axis as `1x7` or `[1, 7]`."""
    number = whole_number(minimum)
    return any_of(*number["anyOf"], SIZES, list_of(number, 1, most))


def behind(kind: Kind, prefix: str = "") -> list[Schema]:
    """The schemas after a kind: its settings, or the value of one."""
    leading = {kind.first, kind.leading(ScalarNode("true", 0, 0))} if kind.first else set()
    return [defined(prefix + kind.word), *(defined(prefix + kind.word, name) for name in sorted(leading))]


LAYERS = defined("layers")
BLOCK_LAYERS = defined("block layers")


def parameter_value(parameter: Parameter, in_block: bool) -> Schema:
    """The values that a parameter takes, described.

    Args:
        parameter: its declaration.
        in_block: whether the line is in a block, whose parameters can carry words.
    """
    schema = _VALUES[parameter.type](parameter)
    if in_block and parameter.type in _CARRIED:
        schema = any_of(schema, BLOCK_PARAMETER)
    if in_block and parameter.type in _LISTS:
        schema = _LISTS[parameter.type](BLOCK_LAYERS, parameter)
    default = {} if parameter.default is None else {"default": parameter.default}
    return described(f"{parameter.doc} ({parameter.type.value})", default | schema)


def _padding(parameter: Parameter) -> Schema:
    sizes = size(parameter.minimum)["anyOf"]
    return any_of({"enum": list(PADDING_WORDS)}, *sizes, _pairs(parameter.minimum))


def _pairs(minimum: int | None) -> Schema:
    """[before, after] for each axis."""
    return list_of(list_of(whole_number(minimum), 2, 2), 1, MAX_RANK)


def _real(parameter: Parameter) -> Schema:
    bounds = {} if parameter.minimum is None else {"minimum": parameter.minimum}
    below = {} if parameter.below is None else {"exclusiveMaximum": parameter.below}
    return any_of({"type": "number", **bounds, **below}, EXPRESSION)


def _words(parameter: Parameter) -> Schema:
    return {"enum": list(parameter.words)} if parameter.words else TEXT


def _follower(parameter: Parameter) -> Schema:
    """A kind, or one with its settings."""
    kinds = {word: kind_of(word) for word in parameter.words if word != "none"}
    alone = [word for word in parameter.words if word == "none" or not kinds[word].required]
    settings = {word: any_of(*behind(kind)) for word, kind in kinds.items()}
    return any_of({"enum": alone}, object_of(settings) | {"minProperties": 1, "maxProperties": 1})


def _shortcut(layers: Schema, parameter: Parameter) -> Schema:
    words = [BLOCK_PARAMETER] if layers is BLOCK_LAYERS else []
    return any_of(_words(parameter), *words, layers)


def _links(parameter: Parameter) -> Schema:
    maps = list_of(whole_number(parameter.minimum), 1) | {"uniqueItems": True}
    return list_of(maps, 1)


_FACTOR: Schema = {"type": "number", "exclusiveMinimum": 0}

_LISTS: dict[Type, Callable[[Schema, Parameter], Schema]] = {
    Type.LAYERS: lambda layers, parameter: layers,
    Type.PATHS: lambda layers, parameter: list_of(layers, 1),
    Type.SHORTCUT: _shortcut,
}
"""The types that hold layers, which differ between `layers:` and blocks."""

_VALUES: dict[Type, Callable[[Parameter], Schema]] = {
    Type.COUNT: lambda parameter: whole_number(parameter.minimum),
    Type.SIZE: lambda parameter: size(parameter.minimum),
    Type.FACTOR: lambda parameter: any_of(
        _FACTOR, EXPRESSION, SIZES, list_of(any_of(_FACTOR, EXPRESSION), 1, MAX_RANK)
    ),
    Type.TARGET: lambda parameter: any_of(*size(1)["anyOf"], REFERENCE),
    Type.CROP: lambda parameter: any_of(*size(1)["anyOf"], _pairs(0)),
    Type.PADDING: _padding,
    Type.FLAG: lambda parameter: {"type": "boolean"},
    Type.REAL: _real,
    Type.WORD: _words,
    Type.FOLLOWER: _follower,
    Type.CHOICE: lambda parameter: any_of(_words(parameter), *whole_number(parameter.minimum)["anyOf"]),
    Type.PAIR: lambda parameter: list_of(whole_number(parameter.minimum), 2, 2),
    Type.RANGE: lambda parameter: {"type": "string", "pattern": r"^\s*[\w(].*\.\..*[\w)]\s*$"},
    Type.SHAPE: lambda parameter: size(parameter.minimum, MAX_RANK + 1),
    Type.ORDER: lambda parameter: list_of({"enum": ["C", *AXIS_NAMES, *range(MAX_RANK + 2)]}, 1, MAX_RANK + 2),
    Type.LINKS: _links,
    Type.LAYER: lambda parameter: REFERENCE,
    Type.INPUTS: lambda parameter: list_of(REFERENCE, 2),
    **{type_: partial(form, LAYERS) for type_, form in _LISTS.items()},
}

_CARRIED = (Type.FLAG, Type.WORD, Type.FOLLOWER, Type.CHOICE)
"""The types whose values are words, which a block's parameter can carry; a padding may be any word everywhere."""


_OPEN = any_of(whole_number(1), {"type": "null"})
"""A size of the input, or null for one that is left open."""


def input_shape() -> Schema:
    """A shape that enters the network: named sizes, or a list in the order of the layout."""
    named = [_named_sizes(("L",)), *(_named_sizes(("C", *letters)) for letters in AXES.values())]
    return any_of(*named, *size(1, MAX_RANK + 1)["anyOf"], list_of(_OPEN, 1, MAX_RANK + 1))


def _named_sizes(letters: tuple[str, ...]) -> Schema:
    return object_of(dict.fromkeys(letters, _OPEN)) | {"required": list(letters)}


def claims() -> dict[str, Schema]:
    """Every figure with the values that it can be claimed to have."""
    number = _quantity("[KMGT]?")
    forms = {"bytes": _quantity("([KMGT]i?)?B?"), "shape": _sizes(0), "sizes": _sizes()}
    return {name: forms.get(figure.unit, number) for name, figure in CLAIMABLE.items()}


def _sizes(minimum: int | None = None) -> Schema:
    number = ("-?" if minimum is None else "") + INTEGER
    text = {"type": "string", "pattern": f"^{number}([x×]{number}){{0,3}}$"}
    return any_of(integer(minimum), text, list_of(integer(minimum), 1, MAX_RANK + 1))


def _quantity(unit: str) -> Schema:
    """A number, true to the digits written if it has a suffix; or a bound or two."""
    text = {"type": "string", "pattern": rf"^([1-9]\d{{0,2}}(,\d{{3}})+|{INTEGER})(\.\d+)? ?{unit}$"}
    exact = any_of({"type": "number", "minimum": 0, "maximum": MAX_MAGNITUDE}, text)
    return any_of(*exact["anyOf"], object_of(dict.fromkeys(BOUNDS, exact)) | {"minProperties": 1})
