"""The limits of a network: how many layers, how deep, how large."""

from unittest.mock import patch

import pytest
from networks import problems_of

import cnncalc
from cnncalc.network.build import Builder


@pytest.mark.slow
def test_100_000_layers_are_allowed_and_one_more_is_not() -> None:
    assert len(cnncalc.analyze(text="input: 3x8x8\nlayers: [{relu: , repeat: 100000}]\n")) == 100_000
    assert problems_of("input: 3x8x8\nlayers: [{relu: , repeat: 100000},\n  tanh]\n") == [
        "3:3: more than 100,000 layers after expansion"
    ]


@pytest.mark.slow
def test_the_layers_behind_norm_and_activation_count() -> None:
    text = "input: 3x8x8\nlayers: [{conv: 3, kernel: 1, norm: bn, activation: relu, repeat: COPIES}]\n"
    assert len(cnncalc.analyze(text=text.replace("COPIES", "33333"))) == 99_999
    assert problems_of(text.replace("COPIES", "33334")) == ["2:11: more than 100,000 layers after expansion"]


# Their limit is that of bad/too_many_lines.yaml.
@pytest.mark.parametrize("body", ["sequence: []", "nothing: "])
def test_copies_without_layers_are_allowed(body: str) -> None:
    text = f"input: 3x8x8\nblocks: {{nothing: []}}\nlayers:\n- repeat: 100\n  sequence: [{{{body}, repeat: 20}}]\n"
    assert len(cnncalc.analyze(text=text)) == 0


@pytest.mark.parametrize(
    ("line", "problem"),
    [("{conv: x, kernel: 1}", "4:12: filters: a whole number is expected; 'x' is not known"),
     ("{maxpool: 2, stride: 1}", "4:6: maxpool: window 2 is larger than the input 1")],
)  # fmt: skip
def test_a_wrong_block_is_not_built_for_every_copy(line: str, problem: str) -> None:
    text = f"input: 3x8x8\nblocks:\n  b:\n  - {line}\n  - relu\nlayers:\n- {{b, repeat: 30000}}\n"
    with patch.object(Builder, "_copy", autospec=True, side_effect=Builder._copy) as built:
        (found,) = problems_of(text)
    assert found.startswith(problem)
    assert built.call_count < 40  # nine windows fit, or two copies are tried, with three lines each


def chain(length: int) -> str:
    """Blocks that use one another in a row."""
    blocks = "".join(f"  b{i}: [b{i + 1}]\n" for i in range(length - 1))
    return f"input: 3x8x8\nblocks:\n{blocks}  b{length - 1}: [relu]\nlayers: [b0]\n"


def test_blocks_stand_40_levels_inside_one_another_and_no_more() -> None:
    (layer,) = cnncalc.analyze(text=chain(40)).layers
    assert layer.path == "/".join([f"b{i}" for i in range(40)] + ["relu"])
    assert problems_of(chain(41)) == ["42:9: more than 40 nested levels of blocks and bodies"]


def test_a_chain_of_blocks_that_is_not_used_is_no_problem() -> None:
    assert len(cnncalc.analyze(text=chain(300).replace("layers: [b0]", "layers: [b299]"))) == 1


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ("  a: [a]", "3:7: block 'a' uses itself (a -> a)"),
        ("  a: [relu, {sequence: [a]}]", "3:25: block 'a' uses itself (a -> a)"),
        ("  a: [b]\n  b: [a]", "4:7: block 'a' uses itself (a -> b -> a)"),
        ("  a: [{residual: [b], shortcut: [c]}]\n  b: [relu]\n  c: [a]", "5:7: block 'a' uses itself (a -> c -> a)"),
        ("  a: [b]\n  b: [c]\n  c: [b]", "5:7: block 'b' uses itself (b -> c -> b)"),
        ("  a: [{branches: [[relu], [{a: , repeat: 5}]]}]", "3:29: block 'a' uses itself (a -> a)"),
    ],
)
def test_a_block_cannot_use_itself(blocks: str, problem: str) -> None:
    assert problems_of(f"input: 3x8x8\nblocks:\n{blocks}\nlayers: [a]\n") == [f"{problem}; a block cannot be recursive"]


def test_a_block_may_be_used_twice_inside_another() -> None:
    text = "input: 3x8x8\nblocks: {a: [relu], b: [a, a], c: [b, a]}\nlayers: [c]\n"
    assert [layer.path for layer in cnncalc.analyze(text=text).layers] == [
        "c/b/a1/relu", "c/b/a2/relu", "c/a/relu",
    ]  # fmt: skip


# 10^18 is the largest number of an expression; a size that grows past it layer by layer is refused, too.
@pytest.mark.parametrize(
    "layers",
    [
        "- {upsample: 1000000000000000000, repeat: 300}\n",
        "- {upsample: 1000000000000000000, repeat: 300}\n- {fc: 10}\n",
        "- {upsample: 1000000000000000000, repeat: 300}\n- {residual: [{conv: 1, kernel: 1}]}\n",
        "- {concat: [prev, prev], repeat: 20000}\n",
        "- {branches: [[], []], repeat: 20000}\n",
    ],
)
def test_a_size_past_every_limit_can_be_told(layers: str) -> None:
    assert problems_of(f"input: 3x8x8\nlayers:\n{layers}")


def test_a_depth_of_40_is_read_in_a_spec() -> None:
    inner = "relu"
    for _ in range(18):
        inner = f"{{sequence: [{inner}]}}"
    assert len(cnncalc.analyze(text=f"input: 3x8x8\nlayers: [{inner}]\n")) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "input: 3x8x8\nlayers: [{relu: , name: WORD}]\n",
            "2:25: a name of 101 characters; 100 are allowed",
        ),
        (
            "inputs: {WORD: 3x8x8}\nlayers: [relu]\n",
            "1:10: a name of 101 characters; 100 are allowed",
        ),
    ],
)
def test_a_name_has_at_most_100_characters(text: str, problem: str) -> None:
    assert len(cnncalc.analyze(text=text.replace("WORD", "n" * 100))) == 1
    assert problems_of(text.replace("WORD", "n" * 101)) == [problem]


def test_a_key_has_at_most_1000_characters() -> None:
    text = "? WORD\n: 1\ninput: 3x8x8\nlayers: [relu]\n"
    assert problems_of(text.replace("WORD", "k" * 1001)) == ["1:3: a key of 1,001 characters; 1000 are allowed"]
    (problem,) = problems_of(text.replace("WORD", "k" * 1000))
    assert problem.startswith("1:3: a spec has no key 'kkk")


def test_a_value_passed_to_a_block_has_at_most_200_characters() -> None:
    text = "input: 3x8x8\nblocks: {b(w): [relu]}\nlayers: [{b: WORD}]\n"
    assert len(cnncalc.analyze(text=text.replace("WORD", "w" * 200))) == 1
    assert problems_of(text.replace("WORD", "w" * 201)) == ["3:14: a value of 201 characters; 200 are allowed"]


def test_a_message_does_not_repeat_a_long_word_in_full() -> None:
    (problem,) = problems_of(f"? {'k' * 900}\n: 1\ninput: 3x8x8\nlayers: [relu]\n")
    assert problem.startswith("1:3: a spec has no key 'kkkk")
    assert problem.endswith("blocks, layers, outputs, expect")
    assert len(problem) < 600


def test_a_layer_that_is_a_long_text_is_not_repeated() -> None:
    assert problems_of(f"input: 3x8x8\nlayers: [{{relu: }}, {'k' * 900}]\n") == [
        "2:20: a layer is expected here, as 'relu' or '{conv: 8, kernel: 3}', not 900 characters"
    ]
