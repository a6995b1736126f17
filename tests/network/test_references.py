"""References: upwards, to an explicit name; what else was meant is said."""

from __future__ import annotations

import pytest

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
    """What is wrong where the line stands, with its column."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=SPEC.replace("LINE", line))
    return [f"{p.line}:{p.column}: {p.message}" for p in caught.value.problems]


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
    ("line", "problem"),
    [
        ("{relu: , from: lo}", "8:18: there is no layer named 'lo' above; did you mean 'low'?"),
        ("{relu: , from: zzz}", "8:18: there is no layer named 'zzz' above; known here: low, stage, input"),
        ("{relu: , from: later}", "8:18: layer 'later' stands on line 9, below this one; a reference points upwards"),
        ("{relu: , from: conv2}", "8:18: 'conv2' is an automatic name; write 'name: conv2' on line 6 to refer to it"),
        ("{relu: , from: own}", "8:18: there is no layer named 'own' above; did you mean 'low'?"),
        ("{relu: , from: stage.1}", "8:18: there is no layer named 'stage.1' above; did you mean 'stage'?"),
        ("{relu: , from: skip}", "8:18: there is no layer named 'skip' above; known here: low, stage, input"),
        (
            "{relu: , from: 2}",
            "8:18: layers are referred to by name, not by number; give the layer a 'name:' and write that, not 2",
        ),
        (
            "{relu: , from: -2}",
            "8:18: layers are referred to by name, not by number; give the layer a 'name:' and write that, not -2",
        ),
        ("{add: [prev, lo]}", "8:16: there is no layer named 'lo' above; did you mean 'low'?"),
        ("{add: [prev]}", "8:9: a list of two or more names is expected, as [enc4, prev]"),
        ("{add: prev}", "8:9: a list of two or more names is expected, as [enc4, prev]"),
        ("{concat: [[low], prev]}", "8:12: a list of two or more names is expected, as [enc4, prev]"),
    ],
)
def test_a_reference_that_leads_nowhere_says_what_to_write(line: str, problem: str) -> None:
    assert problems_of(line) == [problem]


def test_a_layer_that_reads_itself_is_not_said_to_stand_below() -> None:
    (problem,) = problems_of("{name: here, add: [prev, here]}")
    assert problem.startswith("8:28: ")
    assert "below" not in problem


def test_two_wrong_operands_are_two_problems() -> None:
    assert problems_of("{add: [x, y, low]}") == [
        "8:10: there is no layer named 'x' above; known here: low, stage, input",
        "8:13: there is no layer named 'y' above; known here: low, stage, input",
    ]


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


@pytest.mark.parametrize(
    ("outputs", "problem"),
    [
        ("[a, b]", "4:14: there is no layer named 'b' above; known here: a, input"),
        ("[tanh]", "4:11: 'tanh' is an automatic name; write 'name: tanh' on line 3 to refer to it"),
        ("[0]", "4:11: layers are referred to by name, not by number; give the layer a 'name:' and write that, not 0"),
        ("", "4:9: outputs: needs names of layers, as [mask, score]"),
        ("[a, [a]]", "4:10: outputs: needs names of layers, as [mask, score]"),
    ],
)
def test_an_output_that_is_not_there_is_refused(outputs: str, problem: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"input: 3x8x8\nlayers: [{{name: a, relu: }},\n  tanh]\noutputs: {outputs}\n")
    assert [f"{p.line}:{p.column}: {p.message}" for p in caught.value.problems] == [problem]


# There is no layer above outputs:, so `prev` means nothing there; it must not vanish.
def test_prev_is_no_output() -> None:
    with pytest.raises(cnncalc.SpecError):
        cnncalc.analyze(text="input: 3x8x8\nlayers: [relu]\noutputs: [prev]\n")


def test_the_input_can_be_an_output() -> None:
    report = cnncalc.analyze(text="input: 3x8x8\nlayers: [{name: a, relu: }]\noutputs: [a, input]\n")
    assert report.output_shapes == {"a": (3, 8, 8), "input": (3, 8, 8)}


def test_without_outputs_the_last_line_is_the_output() -> None:
    report = cnncalc.analyze(text="input: 3x8x8\nlayers: [relu, {name: b, maxpool: 2, repeat: 2}]\n")
    assert report.output_shapes == {"b": (3, 2, 2)}
    assert report.network.outputs == {"b": "b.2"}
