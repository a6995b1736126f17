"""What a name means: variables, block parameters, `in`, and layers, at each place of a spec."""

import pytest
from networks import problems_of

import cnncalc


def shapes(text: str, **options: object) -> dict[str, tuple[int, ...]]:
    """Output of every layer by path."""
    report = cnncalc.analyze(text=text, **options)  # type: ignore[arg-type]
    return {layer.path: layer.output_shape for layer in report.layers}


@pytest.mark.parametrize(
    ("line", "filters"),
    [
        ("{conv: in, kernel: 1}", 6),
        ("{conv: in*2, kernel: 1, from: input}", 6),
        ("{conv: in*2, kernel: 1, from: wide}", 20),
        ("{double: , from: wide}", 20),
        ("{sequence: [{conv: in + 1, kernel: 1}, {conv: in + 1, kernel: 1}]}", 8),
        ("{conv: in + 1, kernel: 1, repeat: 3}", 9),
        ("{repeat: in - 4, conv: 5, kernel: 1}", 5),
        ("{conv: 7, kernel: in - 5}", 7),
        ("{branches: [[{conv: in, kernel: 1}], [{conv: 2*in, kernel: 1}]]}", 18),
        ("{concat: [wide, input], }", 13),
    ],
)
def test_in_is_the_channels_that_enter_the_layer(line: str, filters: int) -> None:
    text = (
        "input: 3x8x8\nblocks: {double: [{conv: 2*in, kernel: 1}]}\nlayers:\n"
        f"- {{name: wide, conv: 10, kernel: 1}}\n- {{conv: 6, kernel: 1}}\n- {line}\n"
    )
    assert list(shapes(text).values())[-1][0] == filters


def test_in_of_a_vector_is_its_length() -> None:
    assert shapes("input: 3x8x8\nlayers:\n- flatten\n- {fc: in/2}\n")["fc"] == (96,)


def test_in_is_the_channels_in_either_layout() -> None:
    assert shapes("layout: HWC\ninput: 8x9x3\nlayers:\n- {conv: in*2, kernel: 1}\n")["conv"] == (8, 9, 6)


def test_a_default_of_a_block_sees_the_blocks_input() -> None:
    text = (
        "input: 8x8x8\nblocks:\n  b(c, t=6, r=in/4):\n  - {conv: c, kernel: 1}\n  - {conv: r*t, kernel: 1}\n"
        "layers:\n- {b: 20}\n- {b: 4, t: 1}\n- {b: 4, from: input}\n"
    )
    assert [shape[0] for shape in shapes(text).values()] == [20, 12, 4, 3, 4, 12]


def test_an_argument_is_evaluated_where_the_block_is_used() -> None:
    text = (
        "input: 8x8x8\nblocks:\n  b(c):\n  - {conv: 2, kernel: 1}\n  - {conv: c, kernel: 1}\n"
        "layers:\n- {b: in + 1}\n- {b: in + 1}\n"
    )
    assert [shape[0] for shape in shapes(text).values()] == [2, 9, 2, 10]


def test_a_default_sees_the_parameters_before_it() -> None:
    text = (
        "input: 1x8x8\nblocks:\n  b(a, b_=2*a, c=a + b_): [{conv: c, kernel: 1}]\nlayers:\n- {b: 2}\n- {b: [2, 10]}\n"
    )
    assert [shape[0] for shape in shapes(text).values()] == [6, 12]


def test_a_parameter_hides_a_variable_inside_its_block_only() -> None:
    text = (
        "input: 1x8x8\nvars: {c: 3}\nblocks:\n  b(c): [{conv: c, kernel: 1}, inner]\n  inner: [{conv: c, kernel: 1}]\n"
        "layers:\n- {b: 7}\n- {conv: c, kernel: 1}\n"
    )
    assert [shape[0] for shape in shapes(text).values()] == [7, 3, 3]


def test_the_parameters_of_a_block_are_not_those_of_the_blocks_inside() -> None:
    text = "input: 1x8x8\nblocks:\n  outer(c): [inner]\n  inner: [{conv: c, kernel: 1}]\nlayers:\n- {outer: 7}\n"
    assert problems_of(text) == [
        "4:18: filters: a whole number is expected; 'c' is not known; known here: in "
        "(in block 'inner' used on line 3, in block 'outer' used on line 6)"
    ]


def test_a_body_inside_a_block_sees_the_blocks_parameters() -> None:
    text = (
        "input: 1x8x8\nblocks:\n  b(c, n):\n  - residual: [{branches: [[{conv: c, kernel: 1, repeat: n}]]}]\n"
        "    shortcut: [{conv: c, kernel: 1}]\nlayers:\n- {b: [7, 2]}\n"
    )
    assert list(shapes(text)) == [
        "b/residual/branches/1/conv.1",
        "b/residual/branches/1/conv.2",
        "b/residual/branches/concat",
        "b/residual/shortcut/conv",
        "b/residual/add",
    ]


def test_the_defaults_of_a_kind_do_not_see_a_blocks_parameters() -> None:
    text = (
        "input: 1x8x8\nvars: {k: 3}\ndefaults: {conv: {kernel: k}}\nblocks:\n  b(k): [{conv: k}]\nlayers:\n- {b: 5}\n"
    )
    assert shapes(text) == {"b/conv": (5, 6, 6)}


@pytest.mark.parametrize(
    ("argument", "parameter"),
    [
        ("half", "padding: x"), ("1", "padding: x"), ("0x1", "padding: x"), ("[1, 2]", "padding: x"),
        ("in - 2", "padding: x"), ("relu", "activation: x"), ("none", "activation: x"), ("bn", "norm: x"),
        ("true", "bias: x"), ("false", "bias: x"), ("3x5", "kernel: x"), ("[3, 5]", "kernel: x"), ("1", "repeat: x"),
    ],
)  # fmt: skip
def test_a_parameter_can_carry_what_the_layer_takes(argument: str, parameter: str) -> None:
    kernel = "" if parameter.startswith("kernel") else "kernel: 3, "
    inside = f"blocks:\n  b(x): [{{conv: 8, {kernel}{parameter}}}]\nlayers:\n- b: [{argument}]\n"
    direct = f"layers:\n- sequence: [{{conv: 8, {kernel}{parameter.replace('x', argument)}}}]\n"
    head = "input: 3x9x9\n"
    assert list(shapes(head + inside).values()) == list(shapes(head + direct).values())


@pytest.mark.parametrize(("argument", "named"), [("half", "the word 'half'"), ("1x7", "the size 1x7")])
def test_what_stands_where_a_number_is_needed_is_named(argument: str, named: str) -> None:
    text = f"input: 1x8x8\nblocks:\n  b(c): [{{conv: 2*c, kernel: 1}}]\nlayers:\n- {{b: {argument}}}\n"
    assert problems_of(text) == [f"3:17: '2*c': 'c' is {named} here, not a number (in block 'b' used on line 5)"]


def test_a_misspelt_variable_given_to_a_block_is_suggested() -> None:
    text = "input: 1x8x8\nvars: {width: 2}\nblocks:\n  b(c): [{conv: c, kernel: 1}]\nlayers:\n- {b: widht}\n"
    (problem,) = problems_of(text)
    assert "widht" in problem
    assert "did you mean 'width'?" in problem


def test_a_variable_that_is_wrong_is_the_only_problem() -> None:
    text = (
        "input: {C: width, H: 8, W: 8}\nvars: {a: 1, width: 2*}\nblocks: {'b(c, d=c)': [{conv: d, kernel: 1}]}\n"
        "layers:\n- {conv: width, kernel: 1}\n- {b: width}\n- {b: 2*width}\n- {relu: , repeat: width}\n"
    )
    assert problems_of(text) == ["2:21: '2*': a number is expected, not the end"]


# `in` is the channels that enter a layer; in front of all layers nothing enters.
@pytest.mark.parametrize(
    "text",
    [
        "vars: {x: in}\ninput: 3x8x8\nlayers: [relu]\n",
        "vars: {x: in}\ninput: 3x8x8\nlayers: [{conv: x, kernel: 1}]\n",
        "input: {C: in, H: 8, W: 8}\nlayers: [relu]\n",
        "input: [in, 8, 8]\nlayers: [relu]\n",
        "input: in\nlayers: [relu]\n",
    ],
)
def test_in_means_nothing_in_front_of_the_layers(text: str) -> None:
    assert any("'in'" in problem for problem in problems_of(text))


# With several inputs nothing enters the first line: `in` has no value there, and that must be said.
@pytest.mark.parametrize(
    "layers",
    [
        "[{relu: , repeat: in}]",
        "[{concat: [a, b], repeat: in/3}]",
        "[{b: in}]",
        "[{d: }]",
        "[{relu: , repeat: in}, {relu: , from: a}]",
    ],
)
def test_in_where_nothing_enters_is_a_problem(layers: str) -> None:
    blocks = "blocks: {'b(c)': [{conv: c, kernel: 1, from: a}], 'd(c=in)': [{conv: c, kernel: 1, from: a}]}\n"
    assert problems_of(f"inputs: {{a: 3x8x8, b: 3x8x8}}\n{blocks}layers: {layers}\n")


@pytest.mark.parametrize("layer", ["conv: 4, kernel: 1", "add: [x, x]"])
def test_in_of_a_default_behind_a_layer_is_the_channels_of_that_layer(layer: str) -> None:
    head = "input: 3x8x8\ndefaults: {leaky_relu: {slope: 1/in}}\nlayers:\n- {name: x, conv: 4, kernel: 1}\n"
    *_, last = cnncalc.analyze(text=f"{head}- {{{layer}, activation: leaky_relu}}\n").layers
    assert getattr(last.layer, "slope", None) == 0.25


def test_a_blocks_layers_are_not_seen_from_outside() -> None:
    text = "input: 1x8x8\nblocks: {b: [{name: inside, relu: }]}\nlayers:\n- b\n- {tanh: , from: inside}\n"
    assert problems_of(text) == ["5:18: there is no layer named 'inside' above; known here: input"]


def test_a_path_does_not_see_the_names_of_the_path_beside_it() -> None:
    text = "input: 1x8x8\nlayers:\n- branches: [[{name: one, relu: }], [{tanh: , from: one}]]\n"
    assert problems_of(text) == ["3:53: there is no layer named 'one' above; known here: input"]


def test_a_shortcut_does_not_see_the_names_of_the_body() -> None:
    text = "input: 1x8x8\nlayers:\n- residual: [{name: one, relu: }]\n  shortcut: [{tanh: , from: one}]\n"
    assert problems_of(text) == ["4:29: there is no layer named 'one' above; known here: input"]


def test_a_body_sees_the_names_around_it() -> None:
    text = "input: 1x8x8\nlayers:\n- {name: one, relu: }\n- relu\n- sequence: [{sequence: [{tanh: , from: one}]}]\n"
    nodes = {node.path: node.inputs for node in cnncalc.analyze(text=text).network.nodes}
    assert nodes["sequence/sequence/tanh"] == ("one",)


def test_an_inner_name_hides_the_outer_one_from_its_line_on() -> None:
    text = (
        "input: 1x8x8\nlayers:\n- {name: a, relu: }\n"
        "- sequence: [{elu: , from: a}, {name: a, tanh: }, {gelu: , from: a}]\n- {silu: , from: a}\n"
    )
    nodes = {node.path: node.inputs for node in cnncalc.analyze(text=text).network.nodes}
    assert (nodes["sequence/elu"], nodes["sequence/gelu"], nodes["silu"]) == (("a",), ("sequence/a",), ("a",))


def test_each_use_of_a_block_and_each_copy_has_names_of_its_own() -> None:
    text = "input: 1x8x8\nblocks: {b: [{name: a, relu: }, tanh, {add: [a, prev]}]}\nlayers:\n- {b: , repeat: 2}\n- b\n"
    nodes = {node.path: node.inputs for node in cnncalc.analyze(text=text).network.nodes}
    assert [nodes[f"{use}/add"] for use in ("b1.1", "b1.2", "b2")] == [
        ("b1.1/a", "b1.1/tanh"), ("b1.2/a", "b1.2/tanh"), ("b2/a", "b2/tanh"),
    ]  # fmt: skip


# A block gets what it needs as parameters: `up(c, skip)`. A name of the caller that happens to be the same must
# not be found.
def test_a_block_does_not_see_the_names_of_its_caller() -> None:
    text = "input: 1x8x8\nblocks: {b: [{tanh: , from: outside}]}\nlayers:\n- {name: outside, relu: }\n- b\n"
    assert len(problems_of(text)) == 1
