"""Changes of the text: fixes of findings, claims, layout; and its outline."""

import pytest
from bundled import every_architecture, text_of
from editing.texts import NET, changed, opened

from cnncalc.editing.actions import actions
from cnncalc.editing.lens import formatting
from cnncalc.editing.places import TextPlace, TextRange
from cnncalc.editing.symbols import folds, symbols

HEAD = "input: 3x32x32\n"


@pytest.mark.parametrize(
    ("rule", "text", "mended"),
    [
        pytest.param("unknown-parameter", "layers:\n- {conv: 4, kernal: 3}\n",
            "layers:\n- {conv: 4, kernel: 3}\n", id="a parameter"),
        pytest.param("unknown-kind", "layers:\n- rellu\n",
            "layers:\n- relu\n", id="a kind"),
        pytest.param("value", 'layers:\n- {"conv": 4, "kernel": 1, "padding": "haf"}\n',
            'layers:\n- {"conv": 4, "kernel": 1, "padding": "half"}\n', id="a word in quotes"),
        pytest.param("unknown-name", "vars: {width: 4}\nlayers:\n- {conv: 2*widht, kernel: 1}\n",
            "vars: {width: 4}\nlayers:\n- {conv: 2*width, kernel: 1}\n", id="a name in an expression"),
        pytest.param("claim", "layers:\n- {conv: 4, kernel: 1, params: 12}\n",
            "layers:\n- {conv: 4, kernel: 1, params: 16}\n", id="a claim"),
        pytest.param("claim", "layers:\n- {conv: 4, kernel: 1, out: [4, 31, 31]}\n",
            "layers:\n- {conv: 4, kernel: 1, out: 4x32x32}\n", id="a claim in brackets"),
        pytest.param("claim", "layers: [relu]\nexpect: {params: 3}\n",
            "layers: [relu]\nexpect: {params: 0}\n", id="a claim in expect"),
        pytest.param("partial-window", "layers:\n- {maxpool: 3, stride: 2}\n",
            "layers:\n- {maxpool: 3, stride: 2, padding: [[0, 1], [0, 1]]}\n", id="padding"),
        pytest.param("partial-window", "layers:\n- {maxpool: 3, stride: 2, padding: 0, out: 3x15x15}\n",
            "layers:\n- {maxpool: 3, stride: 2, padding: [[0, 1], [0, 1]], out: 3x15x15}\n", id="another padding"),
        pytest.param("partial-window", "layers:\n- maxpool: 3\n  stride: 2\n",
            "layers:\n- maxpool: 3\n  padding: [[0, 1], [0, 1]]\n  stride: 2\n", id="padding on a line of its own"),
        pytest.param("partial-window", "layers:\n- {maxpool: {kernel: 3, padding: 0, stride: 2}}\n",
            "layers:\n- {maxpool: {kernel: 3, padding: [[0, 1], [0, 1]], stride: 2}}\n", id="padding in the long form"),
        pytest.param("unused-definition", "vars: {a: 1}\nlayers: [relu]\n",
            "layers: [relu]\n", id="the only variable"),
        pytest.param("unused-definition", "vars: {a: 1, b: 2}\nlayers: [{conv: b, kernel: 1}]\n",
            "vars: {b: 2}\nlayers: [{conv: b, kernel: 1}]\n", id="the first variable"),
        pytest.param("unused-definition", "vars: {b: 2, a: 1}\nlayers: [{conv: b, kernel: 1}]\n",
            "vars: {b: 2}\nlayers: [{conv: b, kernel: 1}]\n", id="the last variable"),
        pytest.param(
            "unused-definition",
            "blocks:\n  one(c):\n  - {conv: c, kernel: 1}\n  - relu\n  two: [relu]\nlayers: [two]\n",
            "blocks:\n  two: [relu]\nlayers: [two]\n", id="a block",
        ),
        pytest.param("unused-definition", "defaults: {conv: {bias: false}}\nlayers: [relu]\n",
            "layers: [relu]\n", id="defaults"),
        pytest.param("unused-layer", "layers:\n- {name: a, conv: 4, kernel: 1}\n- {from: input, relu}\n",
            "layers:\n- {from: input, relu}\n", id="a layer"),
    ],
)  # fmt: skip
def test_a_fix_mends_what_it_is_for(rule: str, text: str, mended: str) -> None:
    edited = opened(HEAD + text)
    whole = TextRange(TextPlace(0, 0), TextPlace(99, 0))
    fixes = [one for one in actions(edited, whole) if one.finding is not None and one.finding.rule == rule]
    after = [changed(edited.text, fix.changes) for fix in fixes]
    assert HEAD + mended in after
    assert [found.finding.rule for found in opened(HEAD + mended).checked.findings if found.finding.rule == rule] == []


def test_a_fix_is_offered_at_its_line_only() -> None:
    edited = opened(HEAD + "layers:\n- rellu\n- relu\n")
    assert [one.title for one in actions(edited, TextRange(TextPlace(2, 0), TextPlace(2, 0)))] == ["write 'relu'"]
    assert [*actions(edited, TextRange(TextPlace(3, 0), TextPlace(3, 0)))] == []


def test_todays_figures_can_be_claimed() -> None:
    found = {
        one.title: changed(NET, one.changes)
        for one in actions(opened(NET), TextRange(TextPlace(7, 5), TextPlace(7, 5)))
    }
    assert "- {name: stem, conv: width, kernel: 3, stride: 2, out: 8x15x15}\n" in found["claim out: 8x15x15"]
    assert found["claim today's totals in expect:"] == f"{NET}expect: {{params: 1266, macs: 189368, out: 10}}\n"


def test_formatting_changes_the_lines_that_differ() -> None:
    text = HEAD + "layers:\n- {kernel_size: 3,  conv2d: 4}\n- relu\n"
    (change,) = formatting(opened(text))
    assert change.range == TextRange(TextPlace(2, 0), TextPlace(3, 0))
    assert changed(text, [change]) == HEAD + "layers:\n- {conv: 4, kernel: 3}\n- relu\n"
    assert formatting(opened(HEAD + "layers:\n- {conv: 4, kernal: 3}\n")) == []


@every_architecture
def test_an_architecture_needs_no_formatting(name: str) -> None:
    assert formatting(opened(text_of(name))) == []


def test_the_outline() -> None:
    found = symbols(opened(NET))
    assert [(one.name, one.detail, one.sort) for one in found] == [
        ("width", "8", "variable"),
        ("pair", "(c, k=3)", "block"),
        ("stem", "8×15×15 · 224", "layer"),
        ("body", "8×13×13 · 584", "layer"),
        ("pair", "16×13×13 · 144", "layer"),
        ("up", "16×13×13 · 144", "layer"),
        ("global_avgpool", "16×1×1", "layer"),
        ("flatten", "16", "layer"),
        ("fc", "10 · 170", "layer"),
    ]
    assert [one.name for one in found[1].inside] == ["conv", "relu"]
    assert found[2].range == TextRange(TextPlace(7, 2), TextPlace(7, 49))


def test_a_broken_text_keeps_the_outline_of_what_did_not_change() -> None:
    broken = opened(NET.replace("- flatten", "- flatten: ["), opened(NET))
    assert [one.name for one in symbols(broken)][-3:] == ["up", "global_avgpool", "fc"]


def test_folds() -> None:
    assert sorted(folds(opened(NET))) == [(2, 5), (3, 5), (6, 13)]
    assert sorted(folds(opened("layers:\n- conv: 3\n  kernel: 1\n\n# and\n- {\n  relu\n  }\n- ["))) == [
        (0, 8),
        (1, 2),
        (5, 7),
    ]
