"""Plans, layers and facts are kept for further specs: the same line in another spec still has its own meaning."""

import pytest

import cnncalc
from cnncalc.errors import SpecError


def params(text: str) -> int:
    return cnncalc.analyze(text=f"input: 3x8x8\n{text}").totals.params


def test_a_name_has_the_number_of_its_spec() -> None:
    line = "layers: [{conv: c, kernel: k}]"
    assert params(f"vars: {{c: 4, k: 3}}\n{line}") == 112  # 4*3*9 + 4
    assert params(f"vars: {{c: 5, k: 1}}\n{line}") == 20  # 5*3 + 5


def test_defaults_are_those_of_the_spec() -> None:
    line = "layers: [{conv: 4, kernel: 1}]"
    assert params(line) == 16  # 4*3 + 4
    assert params(f"defaults: {{conv: {{bias: false}}}}\n{line}") == 12
    assert params(f"defaults: {{conv: {{norm: bn, bias: false}}}}\n{line}") == 20  # and 4 scales, 4 offsets
    assert params(line) == 16


def test_a_name_in_defaults_of_a_norm_has_the_number_of_its_spec() -> None:
    for eps in (0.5, 0.25):
        head = f"input: 3x8x8\nvars: {{e: {eps}}}\ndefaults: {{bn: {{eps: e}}}}\n"
        report = cnncalc.analyze(text=f"{head}layers: [{{conv: 4, kernel: 1, norm: bn}}]")
        assert report.layers[1].layer.eps == eps  # type: ignore[attr-defined]  # of a bn


def test_a_block_is_that_of_the_spec() -> None:
    line = "layers: [{pair: 4}]"
    assert params(f"blocks: {{pair(c): [{{conv: c, kernel: 1}}]}}\n{line}") == 16
    assert params(f"blocks: {{pair(c): [{{conv: c, kernel: 1, bias: false}}]}}\n{line}") == 12


@pytest.mark.parametrize(("above", "line"), [("", 2), ("# a comment\n", 3)])
def test_what_is_wrong_in_defaults_is_found_at_its_own_place(above: str, line: int) -> None:
    text = f"input: 3x8x8\n{above}defaults: {{conv: {{stride: 0}}}}\nlayers: [{{conv: 4, kernel: 1}}]"
    with pytest.raises(SpecError) as raised:
        cnncalc.analyze(text=text)
    assert [(problem.line, problem.column) for problem in raised.value.problems] == [(line, 27)]


def test_a_claim_of_an_opaque_layer_is_that_of_its_line() -> None:
    line = "layers: [{{opaque: mine, out: 4x2x2, params: {}}}]"
    assert [params(line.format(count)) for count in (7, 8)] == [7, 8]
