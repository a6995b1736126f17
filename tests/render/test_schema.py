"""The JSON Schema: every good spec is valid, and every bad one invalid whose mistake a schema can see."""

import re
from pathlib import Path
from typing import Any

import networks
import pytest
import yaml
from bundled import CORNERS, every_architecture, text_of
from every import for_every
from jsonschema import Draft7Validator
from render.editors import editor_value

from cnncalc.layers.parameters import Type
from cnncalc.network.vocabulary import WORDS, kind_of
from cnncalc.render.schema import schema_document

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENT = schema_document()
VALIDATOR = Draft7Validator(DOCUMENT)

GOOD = {
    **{f"good/{path.stem}": path.read_text("utf-8") for path in CORNERS},
    "README": re.findall(r"^```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0],
    **{f"networks/{name}": text for name, text in vars(networks).items() if name.isupper()},
}

READ_OTHERWISE = {f"good/{name}" for name in ("words_that_yaml_resolves", "words_of_frameworks", "what_is_left_over")}
"""Names as 1e3 and null, which an editor takes for other values unless they are in quotes; and old words."""

BAD = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "tests/language/bad").glob("*.yaml"))}

NO_YAML = "no YAML, so that the editor says it"

BEYOND = {
    NO_YAML: """
        braces_are_missing
        a_directive_of_another_yaml a_document_too_many a_key_is_a_list a_tab_as_indentation a_tag an_alias not_yaml
    """,
    "YAML that another reader accepts: an anchor, a tag, a key that stands twice": """
        a_key_stands_twice a_tag_of_yaml a_top_level_key_stands_twice an_anchor
    """,
    "arithmetic of shapes": """
        a_map_is_needed a_padded_shortcut_cannot_reach_the_shape a_padding_word_has_no_window
        a_problem_in_nested_blocks a_projection_cannot_reach_the_shape
        a_projection_of_a_vector a_residual_changes_the_shape a_residual_changes_the_shape_in_hwc a_shape_in_a_block
        a_size_has_another_number_of_axes a_window_is_larger_than_the_input
        a_window_is_larger_than_the_input_without_padding an_alias_asserts_another_rank an_input_looks_like_chw_in_hwc
        an_input_lacks_its_channels an_input_looks_like_dhwc an_input_looks_like_hwc
        an_input_looks_like_hwc_in_x_form an_input_looks_like_lc
        fc_needs_a_vector fc_needs_a_vector_in_hwc groups_do_not_divide_the_channels shapes_of_a_merge_differ
        two_problems_of_reading_and_one_of_building
    """,
    "names of layers and inputs": """
        a_claim_about_no_layer a_name_is_that_of_an_input a_name_is_used_twice a_reference_downwards
        a_reference_to_an_automatic_name a_reference_to_nothing several_inputs_and_no_entry
        several_inputs_and_no_entry_for_a_block several_inputs_and_no_entry_for_a_composite
    """,
    "names in an expression, which may be variables": """
        a_number_has_an_unknown_name a_problem_is_not_repeated_by_what_depends_on_it a_range_in_quotes
        a_variable_comes_from_below a_variable_depends_on_a_layer an_input_depends_on_a_layer
        defaults_have_a_wrong_value
    """,
    "the writer's own blocks, whose signatures are text": """
        a_block_gets_an_unknown_parameter a_block_gets_too_many_values a_block_is_defined_twice
        a_block_lacks_a_parameter a_block_uses_itself a_default_is_wrong a_parameter_has_a_wrong_name
        a_parameter_has_no_default_behind_its_sign a_parameter_has_the_name_of_a_kind_or_block
        a_parameter_in_a_quoted_signature a_parameter_stands_twice_in_a_signature
        a_problem_in_a_default_of_a_block_used_twice blocks_use_one_another
    """,
    "a parameter that is missing on the line may stand in defaults:": "a_parameter_is_missing operands_are_missing",
    "limits of what is expanded": "more_than_40_nested_levels_of_blocks too_many_layers too_many_lines",
}
"""The bad specs whose mistakes a schema cannot see, by the reason."""


def problems(text: str) -> list[str]:
    """What the schema says about a spec: `layers/0/kernal: ...` for each problem."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in VALIDATOR.iter_errors(editor_value(text))
    ]


def test_it_is_a_schema_of_draft_7() -> None:
    assert DOCUMENT["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(DOCUMENT)


@for_every(GOOD)
def test_a_good_spec_is_valid(name: str) -> None:
    assert bool(problems(GOOD[name])) is (name in READ_OTHERWISE)


@every_architecture
def test_a_bundled_spec_is_valid(name: str) -> None:
    assert problems(text_of(name)) == []


def verdict(text: str) -> str:
    """What an editor with the schema makes of a text."""
    try:
        return "invalid" if problems(text) else "valid"
    except yaml.YAMLError:
        return NO_YAML


@for_every(BAD)
def test_a_bad_spec_is_invalid_if_a_schema_can_see_why(name: str) -> None:
    reasons = [reason for reason, names in BEYOND.items() if name in names.split()]
    expected = "invalid" if not reasons else NO_YAML if reasons == [NO_YAML] else "valid"
    assert verdict(BAD[name]) == expected


def test_every_bad_spec_that_is_named_here_is_there() -> None:
    named = [name for names in BEYOND.values() for name in names.split()]
    assert len(named) == len(set(named))
    assert BAD.keys() >= set(named)
    assert len(BAD) > 2 * len(named)


INPUT = "input: {C: 3, H: 9, W: 9}\n"


@pytest.mark.parametrize(
    "line",
    [
        "{conv: 8, kernel: 3}",
        "{conv: 8, kernel: [1, 3], stride: 2x1, padding: [[0, 1], [1, 1]]}",
        "{conv2d: , out_channels: 8, kernel_size: 3, use_bias: false}",
        "{conv: {filters: 8, kernel: 3}, activation: relu}",
        '{conv: "round_to(8*in, 8)", kernel: in//3}',
        "{maxpool: 2, ceil_mode: true}",
        "{bn: , eps: 1e-5}",
        "{scale: false}",
        "{slice: 0..in/2}",
        "{residual: [{conv: 3, kernel: 1}], shortcut: [{conv: 3, kernel: 1}]}",
        "{branches: [[], [relu, {conv: 3, kernel: 1}]], merge: add}",
        "{relu: {}}",
        "{residual: [{conv: 3, kernel: 1}], shortcut: pad}",
        "{unpool: pool1}",
        "{pad_channels: [0, 2]}",
        "{space_to_depth: 2, repeat: 0}",
        "relu",
        "{name: 3a, from: input, relu: , repeat: 2, out: 3x9x9, params: {max: 1_000}}",
        "{conv: 8, kernel: 3, repeat: 2, first: {stride: 2}}",
    ],
)
def test_a_good_line_is_valid(line: str) -> None:
    assert problems(f"{INPUT}layers:\n- {line}\n") == []


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("{conv: 8, kernal: 3}", "layers/0", "Additional properties are not allowed ('kernal' was unexpected)"),
        ("{conv: 8, kernel: 3, relu: }", "layers/0", "'relu' was unexpected"),
        ("{conv: 0, kernel: 3}", "layers/0/conv", "0 is not valid under any of the given schemas"),
        ("{conv: 8, kernel: 3.5}", "layers/0/kernel", "3.5 is not valid"),
        ("{conv: 8, kernel: 3, stride:4}", "layers/0", "'stride:4' was unexpected"),
        ("{conv: 8, kernel: 3, kernel_size: 3}", "layers/0", "should not be valid under"),
        ("{conv: 8, conv2d: 8, kernel: 3}", "layers/0", "is valid under each of"),
        ("{conv: 8, kernel: 3, activation: rellu}", "layers/0/activation", "'rellu' is not one of ['none', 'relu'"),
        ("{conv: 8, kernel: 3, bias: yes}", "layers/0/bias", "'yes' is not of type 'boolean'"),
        ("{conv: 8, kernel: 3, padding: [1, 1, 1, 1]}", "layers/0/padding", "is not valid"),
        ("{conv: 8, kernel: 3, first: {stride: 2}}", "layers/0", "'repeat' is a dependency of 'first'"),
        ("{dropout: 1}", "layers/0/dropout", "1 is not valid"),
        ("{concat: [a]}", "layers/0/concat", "is not valid"),
        ("{add: [prev, 3]}", "layers/0/add", "is not valid"),
        ("{relu: 0.1}", "layers/0/relu", "0.1 is not valid"),
        ("{name: prev, relu: }", "layers/0/name", "'prev' does not match"),
        ("{relu: , params: 1.2Q}", "layers/0/params", "'1.2Q' is not valid"),
        ("{relu: , out: 3x9x9x9x9}", "layers/0/out", "is not valid"),
        ("rellu", "layers/0", "'rellu' is not one of ['conv', "),
        ("{rellu: }", "layers/0", "is not valid under any of the given schemas"),
        ("{residual: [rellu]}", "layers/0/residual/0", "'rellu' is not one of ['conv', "),
        ("{relu: , repeat: -1}", "layers/0/repeat", "-1 is not valid"),
        ("{pad_channels: [0, 1, 2]}", "layers/0/pad_channels", "is not valid"),
        ("{unpool: [a]}", "layers/0/unpool", "is not of type 'string'"),
        ("{name: x}", "layers/0", "is not valid under any of the given schemas"),
    ],
)
def test_a_bad_line_is_told_at_its_place(line: str, place: str, words: str) -> None:
    found = problems(f"{INPUT}layers:\n- {line}\n")
    assert found
    leaves = [
        leaf for error in VALIDATOR.iter_errors(editor_value(f"{INPUT}layers:\n- {line}\n")) for leaf in _leaves(error)
    ]
    told = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in leaves]
    assert any(one.startswith(f"{place}: ") and words in one for one in told), told


UNEXPECTED = "Additional properties are not allowed ('{}' was unexpected)"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("layers: [{conv: 8, kernal: 3}]", "layers/0", UNEXPECTED.format("kernal")),
        ("layers: [{conv: 8, kernel: 3, bias: maybe}]", "layers/0/bias", "'maybe' is not of type 'boolean'"),
        ("layers: [{bn: , repeat: 2, first: {afine: true}}]", "layers/0/first", UNEXPECTED.format("afine")),
        ("blocks: {b: [{conv: 8, kernal: 3}]}\nlayers: [b]", "blocks/b/0", UNEXPECTED.format("kernal")),
        ("layers: [relu]\nexpect: {parms: 1}", "expect", UNEXPECTED.format("parms")),
    ],
)
def test_an_editor_that_shows_one_message_shows_the_mistake(text: str, place: str, message: str) -> None:
    (error,) = VALIDATOR.iter_errors(editor_value(f"{INPUT}{text}\n"))
    assert ("/".join(map(str, error.absolute_path)), error.message) == (place, message)


def _leaves(error: Any) -> list[Any]:
    """An error, and those of the schemas inside of it."""
    return [error, *(leaf for inner in error.context for leaf in _leaves(inner))]


def test_words_may_be_parameters_inside_a_block_only() -> None:
    line = "{conv: 8, kernel: 3, activation: act, bias: b}"
    blocks = f"{INPUT}blocks:\n  mine(act, b):\n  - {line}\nlayers:\n- {{mine: [relu, true]}}\n"
    assert problems(blocks) == []
    assert problems(f"{INPUT}layers:\n- {line}\n") != []


def test_an_unknown_word_is_a_block_where_there_are_blocks() -> None:
    layers = "layers:\n- mine\n- {mine: 3, c: half}\n"
    assert problems(f"{INPUT}blocks: {{mine: [relu]}}\n{layers}") == []
    assert len(problems(f"{INPUT}{layers}")) == 2


@pytest.mark.parametrize("word", WORDS)
def test_every_kind_and_every_parameter_is_described(word: str) -> None:
    kind = kind_of(word)
    for prefix in ("", "block "):
        described = DOCUMENT["definitions"][f"{prefix}{kind.word}"]["properties"]
        assert described.keys() == {*kind.spellings, "frozen"}
        assert all(schema["description"] for schema in described.values())
        assert word in DOCUMENT["definitions"][f"{prefix}{kind.word} line"]["properties"]


def test_an_editor_suggests_canonical_words_with_what_they_mean() -> None:
    settings = DOCUMENT["definitions"]["conv"]["properties"]
    assert settings["stride"]["default"] == 1
    assert (
        settings["kernel"]["description"] == "kernel size per axis (whole number, or one for each axis: 3, 1x7, [3, 5])"
    )
    assert "doNotSuggest" not in settings["kernel"]
    assert (settings["kernel_size"]["doNotSuggest"], settings["kernel_size"]["description"]) == (
        True,
        "the same as kernel",
    )
    _, _, line = DOCUMENT["definitions"]["layer"]["anyOf"]
    assert line["properties"]["conv"]["description"].startswith("Convolution (cross-correlation, ")


def test_every_type_of_parameter_occurs() -> None:
    types = {parameter.type for word in WORDS for parameter in kind_of(word).parameters.values()}
    assert types == set(Type)
