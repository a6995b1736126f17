"""The JSON Schema of the language, from the descriptors of its kinds; editors check and complete specs with it.

Draft 7: the newest that the YAML language server of today's editors supports whole.
"""

from __future__ import annotations

from cnncalc.figures import CLAIMABLE
from cnncalc.language.grammar import FORMAT_VERSION, KEYS
from cnncalc.language.lines import RESERVED, UNIVERSAL
from cnncalc.network.vocabulary import WORDS, all_parameter_words, kind_of
from cnncalc.render.schema_lines import line_definitions
from cnncalc.render.schema_values import (
    BLOCK_LAYERS,
    IDENTIFIER,
    LAYER_NAME,
    LAYERS,
    REFERENCE,
    TEXT,
    Schema,
    any_of,
    claims,
    defined,
    described,
    input_shape,
    list_of,
    object_of,
    whole_number,
)

DRAFT = "http://json-schema.org/draft-07/schema#"

_NOT_A_BLOCK = "|".join(sorted({*RESERVED, *UNIVERSAL, *WORDS, *all_parameter_words()}))
SIGNATURE = rf"^\s*(?!({_NOT_A_BLOCK})\b){IDENTIFIER}\s*(\(.*\)\s*)?$"
"""`bottleneck(c, stride=1)`; the name is not a word of the language."""

VARIABLE = rf"^(?!({'|'.join(RESERVED)})$){IDENTIFIER}$"


def schema_document() -> Schema:
    """The whole schema."""
    keys = _top_level()
    return {
        "$schema": DRAFT,
        "title": "cnncalc spec",
        "description": "An architecture for cnncalc. 'cnncalc layers' prints the reference of its layer kinds.",
        "type": "object",
        "properties": {key: keys[key] for key in KEYS},
        "required": ["layers"],
        "oneOf": [{"required": ["input"]}, {"required": ["inputs"]}],
        "additionalProperties": False,
        "if": {"not": {"required": ["blocks"]}},
        "then": {"properties": {"layers": {"items": defined("line of a kind")}}},
        "definitions": {"claims": object_of(claims()), **line_definitions()},
    }


def _named(names: str, values: Schema, description: str) -> Schema:
    """A mapping whose keys are names of the writer's."""
    return described(
        description, {"type": "object", "patternProperties": {names: values}, "additionalProperties": False}
    )


def _top_level() -> dict[str, Schema]:
    """The keys of a spec."""
    by_layer = {"type": "object", "additionalProperties": defined("claims")}
    text = any_of(TEXT, list_of(TEXT))
    return {
        "cnncalc": described("version of the format", {"enum": [int(FORMAT_VERSION), FORMAT_VERSION]}),
        "name": described("title of the network", text),
        "family": described("title of the networks that it belongs to, as 'ResNet'", text),
        "source": described("where the network is published", text),
        "notes": described("what a reader should know", text),
        "layout": described("order of every shape that is a list, here and in reports", {"enum": ["CHW", "HWC"]}),
        "input": described("shape that enters: {C: 3, H: 224, W: 224} or 3x224x224", input_shape()),
        "inputs": _named(LAYER_NAME["pattern"], input_shape(), "shapes that enter, by name") | {"minProperties": 1},
        "vars": _named(VARIABLE, any_of(*whole_number(None)["anyOf"], {"type": "number"}), "numbers with names"),
        "defaults": described("parameters of every layer of a kind; a layer's own value wins", object_of(_defaults())),
        "blocks": _named(SIGNATURE, BLOCK_LAYERS, "your own kinds: signature and layers, as 'double(c): [...]'"),
        "layers": described("the network, a line for each layer", {"allOf": [LAYERS], "minItems": 1}),
        "outputs": described("layers whose outputs are the network's", any_of(REFERENCE, list_of(REFERENCE, 1))),
        "expect": described(
            "what should come out",
            object_of({**{figure: defined("claims", figure) for figure in CLAIMABLE}, "layers": by_layer}),
        ),
    }


def _defaults() -> dict[str, Schema]:
    return {word: defined(kind_of(word).word) for word in WORDS}
