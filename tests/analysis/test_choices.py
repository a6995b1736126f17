"""What a sweep goes over, as text of the command line."""

import pytest

from cnncalc.analysis.choices import Choice, Swept, read_swept
from cnncalc.errors import OverrideError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source

TWO_INPUTS = "inputs: {left: {C: 3, H: 8, W: 8}, right: {C: 4}}\nlayers: [{fc: 4, from: right}]\n"


def spec(shape: str = "{C: 3, H: 32, W: 32}") -> Spec:
    return read_spec(Source("net.yaml", f"input: {shape}\nvars: {{width: 1}}\nlayers: [relu]\n"))


@pytest.mark.parametrize(
    ("shape", "label", "overrides"),
    [
        pytest.param("{C: 3, H: 32, W: 32}", "16x16", ("H=16", "W=16"), id="height and width of an image"),
        pytest.param("{C: 3, D: 8, H: 32, W: 32}", "16x16", ("H=16", "W=16"), id="not the depth of a volume"),
        pytest.param("{C: 1, L: 16000}", "16", ("L=16",), id="the length of a sequence"),
        pytest.param("{C: 784}", "16", ("C=16",), id="the length of a vector"),
    ],
)
def test_one_size_is_for_all_axes_of_a_square(shape: str, label: str, overrides: tuple[str, ...]) -> None:
    assert read_swept(spec(shape), ["16"], [], []) == (Swept("input", (Choice(label, overrides),)),)


def test_each_thing_swept_has_its_values_in_order() -> None:
    swept = read_swept(spec(), ["H=8..10", "W=4"], ["width=0.5,1.0"], ["1,8"])
    assert [(thing.name, [choice.label for choice in thing.choices]) for thing in swept] == [
        ("H", ["8", "9", "10"]),
        ("W", ["4"]),
        ("width", ["0.5", "1.0"]),
        ("batch", ["1", "8"]),
    ]


def test_the_same_thing_given_twice_is_one_list_without_doubles() -> None:
    (thing,) = read_swept(spec(), ["16,32", "32,64"], [], [])
    assert [choice.label for choice in thing.choices] == ["16x16", "32x32", "64x64"]


def test_a_name_in_a_list_starts_the_next_one() -> None:
    swept = read_swept(spec(), ["H=8,9,W=4,5"], [], [])
    assert [(thing.name, len(thing.choices)) for thing in swept] == [("H", 2), ("W", 2)]


def test_whole_shapes_are_kept() -> None:
    (thing,) = read_swept(spec(), ["1x28x28,3x32x32"], [], [])
    assert [choice.inputs for choice in thing.choices] == [("1x28x28",), ("3x32x32",)]


@pytest.mark.parametrize(
    ("inputs", "variables", "batches", "message"),
    [
        (["160", "H=192"], [], [], "input 160 and H=192 set the same size; keep one"),
        (["H="], [], [], "input H=: a value is missing"),
        ([], ["0.5"], [], "set 0.5: write NAME=VALUE,..., as width=0.5,1.0"),
        ([], [], ["0"], "batch is 0; a whole number from 1 to 1,000,000,000 is expected"),
        ([], [], ["1.5"], "batch 1.5: '1.5' is not a whole number"),
        (["1..1000"], [], ["1..1000"],
         "1,000,000 variants; at most 10,000 are allowed, take fewer values or larger steps"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused(
    inputs: list[str], variables: list[str], batches: list[str], message: str
) -> None:
    with pytest.raises(OverrideError) as caught:
        read_swept(spec(), inputs, variables, batches)
    assert str(caught.value) == message


def test_inputs_with_different_axes_need_a_name() -> None:
    with pytest.raises(OverrideError, match=r"the inputs left, right have different axes; .* as left.W=160"):
        read_swept(read_spec(Source("net.yaml", TWO_INPUTS)), ["16"], [], [])
