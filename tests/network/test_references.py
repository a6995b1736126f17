"""References: upwards, to an explicit name; what else was meant is said."""

import pytest
from networks import problems_of as problems_of_text

import cnncalc

SPEC = """\
input: 3x8x8
blocks:
  b(skip): [{name: own, relu: }, {add: [skip, prev]}]
layers:
- {name: low, conv: 3, kernel: 1}
- {conv: 3, kernel: 1}
- {name: stage, repeat: 2, residual: [{name: deep, relu: }]}
- LINE
- {name: later, relu: }
"""


def problems_of(line: str) -> list[str]:
    """The problem at the place of the line, with its column."""
    return problems_of_text(SPEC.replace("LINE", line))


def inputs_of(line: str) -> tuple[str, ...]:
    """The paths that the line's layer reads."""
    nodes = cnncalc.analyze(text=SPEC.replace("LINE", line)).network.nodes
    (found,) = (node.inputs for node in nodes if node.path == "here")
    return found


@pytest.mark.parametrize(
    ("line", "inputs"),
    [
        ("{name: here, relu: }", ("stage.2/add",)),
        ("{name: here, relu: , from: prev}", ("stage.2/add",)),
        ("{name: here, relu: , from: low}", ("low",)),
        ("{name: here, relu: , from: stage}", ("stage.2/add",)),
        ("{name: here, relu: , from: input}", ("input",)),
        ("{name: here, add: [low, prev, input]}", ("low", "stage.2/add", "input")),
        ("{name: here, add: [prev, low], from: input}", ("input", "low")),
        ("{name: here, add: [low, low]}", ("low", "low")),
        ("{name: here, add: {inputs: [low, stage]}}", ("low", "stage.2/add")),
    ],
)
def test_a_reference_is_the_value_of_that_name(line: str, inputs: tuple[str, ...]) -> None:
    assert inputs_of(line) == inputs


@pytest.mark.parametrize(
    ("name", "hint"),
    [("own", "did you mean 'low'?"), ("skip", "known here: low, stage, input")],
    ids=["a layer", "a parameter"],
)
def test_what_a_block_has_inside_is_not_seen_beside_it(name: str, hint: str) -> None:
    assert problems_of(f"{{relu: , from: {name}}}") == [f"8:18: there is no layer named '{name}' above; {hint}"]


def test_a_layer_that_reads_itself_is_not_said_to_stand_below() -> None:
    (problem,) = problems_of("{name: here, add: [prev, here]}")
    assert problem.startswith("8:28: ")
    assert "below" not in problem


def test_a_long_list_of_names_is_cut() -> None:
    names = "".join(f"- {{name: layer{i}, relu: }}\n" for i in range(50))
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n{names}- {{relu: , from: q}}\n")
    assert str(caught.value).count("layer") <= 20


def test_a_wrong_argument_is_noted_once_where_it_is_given() -> None:
    (problem,) = problems_of("{b: [[x]]}")
    assert problem.startswith("8:9: size: a whole number is expected; 'x' is not known")


def test_an_unknown_name_given_to_a_block_says_where_it_is_used() -> None:
    (problem,) = problems_of("{b: nowhere}")
    assert problem.startswith("3:41: there is no layer named 'nowhere' above")
    assert problem.endswith("(in block 'b' used on line 8)")


# `own` is a layer inside the block; where the block is used there is none.
def test_a_name_given_to_a_block_is_never_the_blocks_own() -> None:
    (problem,) = problems_of("{b: own}")
    assert "there is no layer named 'own' above" in problem


def test_a_number_where_a_name_is_needed_is_named() -> None:
    (problem,) = problems_of("{b: 7}")
    assert "7" in problem


def test_the_missing_parameter_of_a_block_is_its_only_problem() -> None:
    (problem,) = problems_of("b")
    assert problem.startswith("8:3: b: skip is missing")


# There is no layer above outputs:, so `prev` means nothing there; it must not vanish.
def test_prev_is_no_output() -> None:
    problems = problems_of_text("input: 3x8x8\nlayers: [relu]\noutputs: [prev]\n")
    assert problems == ["3:11: outputs: name the layer; prev has no meaning here"]


def test_the_input_can_be_an_output() -> None:
    report = cnncalc.analyze(text="input: 3x8x8\nlayers: [{name: a, relu: }]\noutputs: [a, input]\n")
    assert report.output_shapes == {"a": (3, 8, 8), "input": (3, 8, 8)}


def test_without_outputs_the_last_line_is_the_output() -> None:
    report = cnncalc.analyze(text="input: 3x8x8\nlayers: [relu, {name: b, maxpool: 2, repeat: 2}]\n")
    assert report.output_shapes == {"b": (3, 2, 2)}
    assert report.network.outputs == {"b": "b.2"}
