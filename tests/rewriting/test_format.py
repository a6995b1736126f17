"""Canonical names and layout: literal texts, before and after.

Whole texts are in layouts.txt, each after `===` and its title, and after `--->` the formatted text.
"""

from pathlib import Path

import pytest
import yaml
from bundled import every_architecture, text_of

import cnncalc
from cnncalc.errors import RewritingError
from cnncalc.language.source import text_source
from cnncalc.rewriting import format as format_module
from cnncalc.rewriting import printer
from cnncalc.rewriting.format import format_spec


def formatted(text: str) -> str:
    """The canonical text; formatting that again changes nothing."""
    once = format_spec(text_source(text))
    assert format_spec(text_source(once)) == once
    return once


@every_architecture
def test_bundled_specs_are_as_they_should_be(name: str) -> None:
    assert formatted(text_of(name)) == text_of(name)


LAYOUTS = dict(
    part.split("\n", 1) for part in Path(__file__).with_name("layouts.txt").read_text("utf-8").split("=== ")[1:]
)


@pytest.mark.parametrize("title", LAYOUTS)
def test_a_text_becomes_canonical(title: str) -> None:
    before, after = LAYOUTS[title].split("--->\n")
    assert formatted(before) == after


HEAD = "input: 3x32x32\nlayers:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("conv2d: 8, kernel_size: 3", "conv: 8, kernel: 3", id="a kind and a parameter"),
        pytest.param("conv: , out_channels: 8, kernel: 3, strides: 2, group: 1, dilation_rate: 1, use_bias: true",
                     "conv: , filters: 8, kernel: 3, stride: 2, dilation: 1, groups: 1, bias: true",
                     id="all aliases of a conv"),
        pytest.param("maxpooling2d: , pool_size: 2, ceil_mode: true", "maxpool: , kernel: 2, rounding: ceil",
                     id="a flag for a word"),
        pytest.param("avg_pool: 2, ceil_mode: false", "avgpool: 2, rounding: floor", id="a flag that is off"),
        pytest.param("Conv2DTranspose: 8, kernel_size: 3", "Conv2DTranspose: 8, kernel: 3",
                     id="a class with a default of its framework"),
        pytest.param("Conv2DTranspose: 8, kernel_size: 3, padding: same", "deconv: 8, kernel: 3, padding: same",
                     id="the class if the default is not used"),
        pytest.param("conv2d: {kernel_size: 3, filters: 8}", "conv: {filters: 8, kernel: 3}",
                     id="the long form stays long"),
        pytest.param("conv: 8, kernel: 3, repeat: 2, first: {padding: 1, strides: 2}",
                     "conv: 8, kernel: 3, repeat: 2, first: {stride: 2, padding: 1}", id="the first copy"),
        pytest.param(
            "params: 224, repeat: 1, activation: relu, kernel: 3, padding: 1, conv: 8, name: a, from: input, stride: 1",
            "name: a, from: input, conv: 8, kernel: 3, stride: 1, padding: 1, activation: relu, repeat: 1,"
            "                                                                                            params: 224",
            id="the order of keys",
        ),
        pytest.param("merge: mul, branches: [[], [batch_norm]]", "branches: [[], [bn]], merge: mul", id="inner lines"),
        pytest.param("shortcut: [{use_bias: false, conv2d: 3, kernel: 1}], residual: [relu]",
                     "residual: [relu], shortcut: [{conv: 3, kernel: 1, bias: false}]", id="a shortcut of layers"),
        pytest.param("relu", "relu", id="a kind without a value"),
        pytest.param("relu:   ", "relu: ", id="a kind with nothing behind it"),
        pytest.param(" maxpool :  2 ,stride:  1,  ", "maxpool: 2, stride: 1", id="blanks and a last comma"),
        pytest.param("zeropad: [ [0,1],[ 1,0 ] ]", "zeropad: [[0, 1], [1, 0]]", id="blanks in a list"),
        pytest.param("""'conv': 8, "kernel_size": '3'""", """'conv': 8, "kernel": '3'""", id="quotes stay"),
    ],
)  # fmt: skip
def test_a_line_becomes_canonical(before: str, after: str) -> None:
    claim_column = after.replace(" " * 92, " ")
    assert formatted(f"{HEAD}- {{{before}}}\n") == f"{HEAD}- {{{claim_column}}}\n"


def test_a_bare_word_becomes_canonical() -> None:
    assert formatted(f"{HEAD}- batchnorm\n- gap  # the last\n") == f"{HEAD}- bn\n- global_avgpool  # the last\n"


def test_what_heads_a_file_stays_at_its_head() -> None:
    text = "# yaml-language-server: $schema=cnncalc.schema.json\nlayers: [relu]\ninput: 3x8x8\n"
    head, *_ = formatted(text).splitlines()
    assert head == "# yaml-language-server: $schema=cnncalc.schema.json"


WIDE = "- {conv: 8, kernel: 3, padding: 1, out: 8x32x32, params: 896}"
WIDER = f"- {{conv: 8, kernel: 3, padding: 1,{' ' * 37}out: 8x32x32, params: 896}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(["- conv2d: 32                # filters", "  kernel_size: 3", "  strides: 2        # stride"],
                     ["- conv: 32  # filters", "  kernel: 3", "  stride: 2  # stride"], id="each at its own column"),
        pytest.param(["- conv2d: 32      # filters", "  kernel_size: 3", "  strides: 2      # stride"],
                     ["- conv: 32   # filters", "  kernel: 3", "  stride: 2  # stride"],
                     id="one below the other, with a line between"),
        pytest.param(["- tanh     # a", "", "- sigmoid  # b"], ["- tanh  # a", "", "- sigmoid  # b"],
                     id="a blank line between"),
        pytest.param(["- gelu     # a", "- tanh   # b", "- sigmoid  # c"],
                     ["- gelu  # a", "- tanh  # b", "- sigmoid  # c"], id="another column between"),
        pytest.param(["- flatten" + " " * 60 + "# 3072"], ["- flatten" + " " * 60 + "# 3072"], id="below the claims"),
        pytest.param(["- flatten" + " " * 59 + "# 3072"], ["- flatten  # 3072"],
                     id="a column before those below the claims"),
        pytest.param([f"{WIDE}  # {'a' * 40}", "- tanh" + " " * 57 + "# b"],
                     [f"{WIDER}  # {'a' * 40}", "- tanh" + " " * 93 + "# b"],
                     id="a long one leaves its neighbour where it is"),
        pytest.param([f"{WIDE}  # b", f"- tanh{' ' * 57}# {'a' * 20}"], [f"{WIDER}  # b", f"- tanh  # {'a' * 20}"],
                     id="none is moved beyond column 120"),
    ],
)  # fmt: skip
def test_comments_behind_lines(before: list[str], after: list[str]) -> None:
    assert formatted(HEAD + "\n".join(before) + "\n").removeprefix(HEAD).splitlines() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("{fc: {features: 10}}  # ten", "{fc: 10}  # ten", id="in braces"),
        pytest.param("{dense: {units: 10}, out: 10}", "{fc: 10," + " " * 61 + "out: 10}", id="by another name"),
        pytest.param('{"fc": {"features": "10"}}', '{"fc": "10"}', id="in quotes"),
        pytest.param("fc: {features: 10}  # ten", "fc: 10  # ten", id="half in braces"),
        pytest.param("fc:  # a\n    features: 10  # ten\n  bias: true", "fc: 10  # ten\n  bias: true", id="without"),
        pytest.param("{pair: {k: 10}}", "{pair: 10}", id="a block"),
        pytest.param("{pair: {j: 10}}", "{pair: {j: 10}}", id="another parameter of a block"),
        pytest.param("{bn: {affine: false}}", "{bn: {affine: false}}", id="a flag, which says little without its name"),
        pytest.param("{pair: {k: [10, 10]}}", "{pair: {k: [10, 10]}}", id="a list for a block"),
        pytest.param("{fc: {features: 10  # ten\n  }}", "{fc: {features: 10  # ten\n  }}", id="with a comment inside"),
        pytest.param("{fc: {features: 10},\n   bias: true}", "{fc: 10,\n   bias: true}", id="over several lines"),
        pytest.param("fc:\n    features:\n      10", "fc: 10", id="with the number on a line of its own"),
        pytest.param("{fc:\n   {features: 10}}", "{fc:\n   10}", id="on another line"),
    ],
)
def test_the_long_form_of_one_parameter_becomes_short(before: str, after: str) -> None:
    head = "input: {C: 30}\nblocks: {'pair(k=8, j=8)': [{fc: j}]}\nlayers:\n- relu\n"
    moved = "# a\n" if "# a" in before else ""
    assert formatted(f"{head}- {before}\n") == f"{head}{moved}- {after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("layers: [relu]\r\ninput: 3x8x8\r\n", "input: 3x8x8\r\nlayers: [relu]\r\n", id="of Windows"),
        pytest.param("layers: [relu]\rinput: 3x8x8\r", "input: 3x8x8\rlayers: [relu]\r", id="of old Macs"),
        pytest.param("input: 3x8x8\nlayers: [relu]", "input: 3x8x8\nlayers: [relu]\n", id="none at the end"),
        pytest.param("\n\ninput: 3x8x8\nlayers: [relu] \n\n\n", "input: 3x8x8\nlayers: [relu]\n", id="too many"),
        pytest.param(
            "input: 3x8x8\r\nlayers: [relu]\nname: x\n", "name: x\ninput: 3x8x8\nlayers: [relu]\n", id="mixed"
        ),
    ],
)
def test_ends_of_lines_are_those_of_the_text(before: str, after: str) -> None:
    assert formatted(before) == after


def test_blank_lines_at_both_ends_take_no_time() -> None:
    # In linear time it takes a moment; taken off one by one, seconds.
    blank = "\n" * 20_000
    assert formatted(f"{blank}input: 3x8x8\nlayers: [relu]\n{blank}") == "input: 3x8x8\nlayers: [relu]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            '{"layers": [{"kernel_size": 3, "conv2d": 8},\n  {"maxpool2d": 2, "ceil_mode": true}],\n "input": "3x8x8"}',
            '{"input": "3x8x8",\n "layers": [{"conv": 8, "kernel": 3},\n  {"maxpool": 2, "rounding": "ceil"}]}\n',
            id="over several lines",
        ),
        pytest.param(
            '{"layers":["relu"],"name":"\\ud83d\\ude00","input":"3x8x8"}',
            '{"name": "\U0001f600", "input": "3x8x8", "layers": ["relu"]}\n',
            id="with an escaped sign",
        ),
    ],
)
def test_json_stays_json(before: str, after: str) -> None:
    assert formatted(before) == after


def test_marks_of_a_document_and_odd_keys() -> None:
    text = (
        "# a\n--- # b\n? layers\n: [conv: 4, relu]\n? input\n:   # c\n  3x8x8\ndefaults: {conv: {kernel: 1}}\n... # d\n"
    )
    assert formatted(text) == (
        "# a\n--- # b\n# c\ninput: 3x8x8\ndefaults: {conv: {kernel: 1}}\nlayers: [{conv: 4}, relu]\n... # d\n"
    )


def test_a_spec_with_problems_is_left_alone() -> None:
    with pytest.raises(cnncalc.SpecError, match="unknown layer kind 'rellu'"):
        format_spec(text_source("input: 3x8x8\nlayers: [rellu]\n"))


def test_a_mistake_of_the_formatter_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = printer.print_tree
    for wrong in ("input: 3x9x9", "input: [", "params: 1"):
        old = "params: 0" if wrong.startswith("params") else "input: 3x8x8"
        monkeypatch.setattr(
            format_module, "print_tree", lambda tree, old=old, wrong=wrong: right(tree).replace(old, wrong)
        )
        with pytest.raises(RewritingError, match="<text>: left as it is, because cnncalc would change what it says"):
            format_spec(text_source("input: 3x8x8\nlayers: [relu]\nexpect: {params: 0}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "layers: [relu]\nnotes: |+\n  a\n\n\ninput: 3x8x8\nsource:\nname: x  # y\n",
        "layers:\n- {relu:   , name: a,\n   }\n- ? conv2d\n  : 4\n  ? kernel\n  : 1\ninput: 3x8x8\n",
    ],
)
def test_the_parser_without_c_gives_the_same(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    expected = formatted(text)
    monkeypatch.setattr("cnncalc.language.reader.EventLoader", yaml.SafeLoader)
    assert formatted(text) == expected
