"""Names of lines: explicit ones, automatic ones, and what paths are made of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.network.model import automatic_names


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([(None, "conv")], ["conv"]),
        ([(None, "conv"), (None, "conv")], ["conv1", "conv2"]),
        ([(None, "conv"), (None, "relu"), (None, "conv")], ["conv1", "relu", "conv2"]),
        ([("stem", "conv"), (None, "conv")], ["stem", "conv2"]),
        ([(None, "conv"), ("stem", "conv"), (None, "conv")], ["conv1", "stem", "conv3"]),
        ([("stem", "conv"), (None, "relu")], ["stem", "relu"]),
        ([("conv", "relu"), (None, "conv")], ["conv", "conv1"]),
        ([("relu", "conv"), (None, "relu"), (None, "relu")], ["relu", "relu1", "relu2"]),
        ([(None, "conv"), ("conv1", "relu"), (None, "conv")], ["conv2", "conv1", "conv3"]),
        ([("conv2", "relu"), (None, "conv"), (None, "conv")], ["conv2", "conv1", "conv3"]),
        ([(None, "b1"), (None, "b"), (None, "b")], ["b1", "b2", "b3"]),
        ([(None, "mbconv3"), (None, "mbconv3")], ["mbconv3_1", "mbconv3_2"]),
        ([(None, "relu6"), ("a", "relu6"), (None, "relu6")], ["relu6_1", "a", "relu6_3"]),
        ([(None, "relu6")], ["relu6"]),
        ([(None, "b1"), (None, "b1"), (None, "b"), (None, "b")], ["b1_1", "b1_2", "b1", "b2"]),
        ([("b1_1", "relu"), (None, "b1"), (None, "b1")], ["b1_1", "b1_2", "b1_3"]),
        ([], []),
    ],
    ids=lambda lines: (
        " ".join(f"{name or '-'}:{word}" for name, word in lines) if lines and type(lines[0]) is tuple else ""
    ),
)
def test_lines_count_per_kind(lines: list[tuple[str | None, str]], names: list[str]) -> None:
    assert automatic_names(lines) == names


WORDS = st.sampled_from(["conv", "conv1", "relu", "relu1", "relu2", "relu11", "relu1_1", "relu_1", "b"])


@given(st.lists(st.tuples(st.one_of(st.none(), WORDS), WORDS), max_size=12))
@settings(deadline=None, max_examples=300, derandomize=False)
def test_no_two_lines_of_a_body_have_one_name(lines: list[tuple[str | None, str]]) -> None:
    seen: set[str] = set()
    unique = []
    for name, word in lines:
        unique.append((name if name not in seen else None, word))
        seen.add(name or "")
    names = automatic_names(unique)
    assert [name for (name, _) in unique if name] == [n for n, (name, _) in zip(names, unique, strict=True) if name]
    assert len(set(names)) == len(names)


def paths(layers: str, head: str = "input: 3x8x8\n") -> list[str]:
    """The paths of all layers."""
    return [node.path for node in cnncalc.analyze(text=f"{head}layers:\n{layers}").network.nodes]


def test_a_path_says_block_copy_and_body() -> None:
    head = "input: 3x8x8\nblocks:\n  b: [{residual: [{conv: 3, kernel: 1, norm: bn}], repeat: 2}]\n"
    assert paths("- {name: stage, b: , repeat: 2}\n", head) == [
        "stage.1/residual.1/conv",
        "stage.1/residual.1/conv/bn",
        "stage.1/residual.1/add",
        "stage.1/residual.2/conv",
        "stage.1/residual.2/conv/bn",
        "stage.1/residual.2/add",
        "stage.2/residual.1/conv",
        "stage.2/residual.1/conv/bn",
        "stage.2/residual.1/add",
        "stage.2/residual.2/conv",
        "stage.2/residual.2/conv/bn",
        "stage.2/residual.2/add",
    ]


def test_a_single_copy_has_a_number_too() -> None:
    assert paths("- {relu: , repeat: 1}\n") == ["relu.1"]


def test_an_alias_counts_as_its_kind() -> None:
    assert paths("- {conv2d: 3, kernel: 1}\n- {conv: 3, kernel: 1}\n") == ["conv1", "conv2"]


def test_a_layer_behind_another_has_the_name_of_its_kind() -> None:
    layers = "- {conv: 3, kernel: 1, norm: bn, activation: relu}\n- {name: x, add: [prev, prev], activation: tanh}\n"
    assert paths(layers) == [
        "conv", "conv/bn", "conv/relu", "x", "x/tanh",
    ]  # fmt: skip


# YAML reads a word without a colon as a key without a value.
@pytest.mark.parametrize(
    "line",
    [
        "{name: 7b, figure7, out: 3x8x8}",
        "{figure7, name: 7b}",
        "{name: 7b, figure7: }",
        "{name: 7b, figure7: {}}",
        "{name: 7b, figure7, repeat: 1}",
        "\n  name: 7b\n  figure7:",
    ],
)
def test_a_block_that_needs_no_value_stands_alone_beside_other_keys(line: str) -> None:
    head = "input: 3x8x8\nblocks:\n  figure7(c=2): [{conv: c, kernel: 1}, relu]\n"
    copy = "7b.1" if "repeat" in line else "7b"
    assert paths(f"- {line}\n- {{from: 7b, tanh}}\n", head) == [f"{copy}/conv", f"{copy}/relu", "tanh"]


def test_a_kind_that_needs_no_value_stands_alone_beside_other_keys() -> None:
    assert paths("- {name: last, relu, repeat: 2}\n- {bn, name: n}\n") == ["last.1", "last.2", "n"]


@pytest.mark.parametrize("name", ["3a", "conv-1", "_", "A_b-3", "-x", "1-1", "x" * 100])
def test_a_name_is_letters_digits_and_two_signs(name: str) -> None:
    assert paths(f"- {{name: {name}, relu: }}\n- {{from: {name}, tanh: }}\n") == [name, "tanh"]


@pytest.mark.parametrize("name", ["3", "007", "a b", "é", "a:b", "a+b", "a,b", "'a", "²", "٣", "a\u200bb"])
def test_nothing_else_is_a_name(name: str) -> None:
    written = name.replace("'", "''")
    with pytest.raises(cnncalc.SpecError, match="cannot be a name"):
        paths(f"- {{name: '{written}', relu: }}\n")


@pytest.mark.parametrize("name", ["a.b", "a/b", "layer1.0/conv1"])
def test_a_name_in_quotes_has_the_signs_of_other_programs_too(name: str) -> None:
    assert paths(f"- {{name: '{name}', relu: }}\n- {{from: {name}, tanh: }}\n") == [name, "tanh"]
    with pytest.raises(cnncalc.SpecError, match="in quotes also / and [.]"):
        paths(f"- {{name: {name}, relu: }}\n")


@pytest.mark.parametrize("name", ["input", "prev", "in", "min", "max", "round_to", "true", "false", "none"])
def test_a_word_of_the_language_is_no_name(name: str) -> None:
    with pytest.raises(cnncalc.SpecError, match=f"'{name}' has a meaning of its own; take another name"):
        paths(f"- {{name: {name}, relu: }}\n")


def test_one_name_may_stand_in_several_bodies() -> None:
    assert paths("- {name: a, relu: }\n- sequence: [{name: a, relu: }]\n- sequence: [{name: a, tanh: }]\n") == [
        "a", "sequence1/a", "sequence2/a",
    ]  # fmt: skip


# What a row is found by.
@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", "a"),
        ("a1", "a1"),
        ("conv", "conv"),
        ("conv1", "conv"),
        ("sequence", "sequence"),
        ("sequence1", "sequence"),
        ("sequence.2", "sequence.2"),
        ("sequence.2/relu", "sequence.2/relu"),
        ("sequence.2/x", "sequence.2/x"),
        ("sequence.2/x1", "sequence.2/x1"),
        ("relu6_1", "relu6"),
    ],
)
def test_a_row_is_found_by_its_own_name_first(path: str, found: str) -> None:
    text = (
        "input: 3x8x8\nlayers:\n- {name: a, relu: }\n- {name: a1, relu: }\n- {conv: 3, kernel: 1}\n"
        "- {repeat: 2, sequence: [relu, {name: x, tanh: }, {name: x1, elu: }]}\n- relu6\n"
    )
    assert cnncalc.analyze(text=text)[path].path == found


@pytest.mark.parametrize(
    "path",
    [
        *("", "b", "a2", "a/b", "a.1", "conv2", "sequence.3", "sequence/relu", "sequence.2/relu/x", "a11"),
        *("conv_1", "relu61", "relu6_2", "relu6_", "relu61_1", "_1", "1"),
    ],
)
def test_a_row_that_is_not_there_is_a_key_error(path: str) -> None:
    text = (
        "input: 3x8x8\nlayers:\n- {name: a, relu: }\n- {name: a1, relu: }\n- {conv: 3, kernel: 1}\n"
        "- {repeat: 2, sequence: [relu]}\n- relu6\n"
    )
    with pytest.raises(KeyError):
        cnncalc.analyze(text=text)[path]


# `name: enc` is the writer's own: `enc1` is another layer, which does not exist.
def test_the_number_1_is_only_left_out_of_automatic_names() -> None:
    with pytest.raises(KeyError):
        cnncalc.analyze(text="input: 3x8x8\nlayers:\n- {name: enc, relu: }\n")["enc1"]
