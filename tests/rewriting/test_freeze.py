"""Today's figures in `expect:`: which ones, how they are written, and what stays."""

import pytest

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.claims import compare_claims
from cnncalc.analysis.report import Report
from cnncalc.errors import IncompleteFigures, RewritingError
from cnncalc.figures import CLAIMABLE as FIGURES
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import text_source
from cnncalc.network.build import build_network
from cnncalc.rewriting import expect_writer
from cnncalc.rewriting.expectations import with_expectations
from cnncalc.rewriting.frozen import Frozen, expect_block, freeze

NET = """\
input: 3x8x8
layers:
- {name: stem, conv: 4, kernel: 3, norm: bn}
- relu
- flatten
- {fc: 2}
"""
# stem: 4*3*3*3 + 4 = 112 and 2*4 = 8 of bn, 8 buffers; 4x6x6, 144*27 = 3,888 MACs
# fc: 144*2 + 2 = 290, 288 MACs; together 112 + 8 + 290 = 410 and 4,176


def read(text: str) -> Spec:
    return read_spec(text_source(text))


def report_on(text: str) -> Report:
    return analyze_network(build_network(read(text)))


def frozen(text: str, *figures: str, layers: bool = False) -> Frozen:
    return freeze(read(text), report_on(text), figures, layers=layers)


def block(text: str, *figures: str, layers: bool = False) -> str:
    return expect_block(frozen(text, *figures, layers=layers), read(text).claims)


def written(text: str, *figures: str, layers: bool = False, force: bool = False) -> str:
    """The text with its figures frozen; doing that again changes nothing."""
    once = with_expectations(read(text), report_on(text), frozen(text, *figures, layers=layers), force=force)
    assert with_expectations(read(once), report_on(once), frozen(once, *figures, layers=layers)) == once
    return once


def test_the_usual_figures_are_on_one_line() -> None:
    assert block(NET) == "expect: {params: 410, buffers: 8, macs: 4176, out: 2}"


def test_a_count_of_0_is_left_out_unless_it_is_asked_for() -> None:
    assert block("input: 3x8x8\nlayers: [relu]\n") == "expect: {out: 3x8x8}"
    assert block("input: 3x8x8\nlayers: [relu]\n", "params", "macs") == "expect: {params: 0, macs: 0}"


def test_every_row_has_its_figures() -> None:
    assert (
        block(NET, layers=True)
        == """\
expect:
  params: 410
  buffers: 8
  macs: 4176
  out: 2
  layers:
    stem: {out: 4x6x6, params: 120, macs: 3888}
    relu: {out: 4x6x6}
    flatten: {out: 144}
    fc: {out: 2, params: 290, macs: 288}"""
    )


def test_every_figure_that_there_is() -> None:
    sums = ["params", "buffers", "macs", "flops", "ops", "connections", "weights_memory"]
    memory = ["output_memory", "peak_memory", "training_memory", "intensity", "elements"]
    # Values of stem, bn, relu, flatten, fc: 4 * 144 + 2 = 578. In fp32: 418*4 stored; 578*4 in outputs;
    # peak 192 + 144 values at stem; training 418*4 + 410*4 + 578*4.
    # Operations: conv 3888 macs (two each) and 144 adds, bn 2 for each of 144, relu 144, fc 288 macs and 2 adds.
    # Bytes moved: (192+144+112 + 144+144+16 + 144+144 + 144+144 + 144+2+290)*4 = 1764*4; 8352/7056 = 1.1837.
    assert block(NET, *sums) == (
        "expect: {params: 410, buffers: 8, macs: 4176, flops: 8352, ops: 8930, connections: 4322, weights_memory: 1672}"
    )
    assert block(NET, *memory) == (
        "expect: {output_memory: 2312, peak_memory: 1344, training_memory: 5624, intensity: 1.1837, elements: 578}"
    )
    assert block(NET, "receptive_field") == "expect: {receptive_field: 8x8}"


def test_sizes_of_a_row() -> None:
    text = "input: {C: 1, H: 9, W: 9}\nlayers:\n- {conv: 2, kernel: 3, stride: 2, padding: 1}\n"
    expected = "    conv: {receptive_field: 3x3, jump: 2x2, start: -1x-1}"
    assert block(text, "receptive_field", "jump", "start", layers=True).splitlines()[-1] == expected


def test_a_line_that_would_be_too_long_is_several() -> None:
    figures = ["params", "buffers", "macs", "flops", "ops", "connections", "weights_memory", "output_memory"]
    lines = block(NET, *figures).splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("expect:", "  params: 410", "  output_memory: 2312")


def test_a_figure_that_no_network_has_is_told() -> None:
    text = "input: 3x8x8\nlayers: [{fc: 2}]\n".replace("3x8x8", "12")
    with pytest.raises(IncompleteFigures, match="<text>: the network as a whole has no jump and no start that a claim"):
        block(text, "params", "jump", "start")


def test_each_of_several_outputs_has_its_shape() -> None:
    text = "input: 3x8x8\nlayers:\n- {name: a, conv: 4, kernel: 1}\n- {name: b, maxpool: 2}\noutputs: [a, b]\n"
    assert (
        block(text)
        == """\
expect:
  params: 16
  macs: 768
  layers:
    a: {out: 4x8x8}
    b: {out: 4x4x4}"""
    )


def test_what_is_claimed_already_is_frozen_too_and_budgets_stay() -> None:
    text = f"{NET}expect: {{flops: 1, peak_memory: {{max: 1KiB, min: 5B}}, layers: {{stem: {{elements: 5}}}}}}\n"
    assert (
        block(text)
        == """\
expect:
  params: 410
  buffers: 8
  macs: 4176
  flops: 8352
  peak_memory: {max: 1KiB, min: 5B}
  out: 2
  layers:
    stem: {elements: 144}"""
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(NET, f"{NET}expect: {{params: 410, buffers: 8, macs: 4176, out: 2}}\n", id="none yet"),
        pytest.param(NET[:-1], f"{NET}expect: {{params: 410, buffers: 8, macs: 4176, out: 2}}\n",
                     id="no end of the last line"),
        pytest.param(f"# a\n---\n{NET}# b\n... # c\n",
                     f"# a\n---\n{NET}# b\nexpect: {{params: 410, buffers: 8, macs: 4176, out: 2}}\n... # c\n",
                     id="before the end of the document"),
        pytest.param(f"{NET}\nexpect: {{macs:  4.2K, out: [2]}}    # a note\n",
                     f"{NET}\nexpect: {{params: 410, buffers: 8, macs:  4.2K, out: [2]}}    # a note\n",
                     id="claims that hold stay as they are written"),
        pytest.param(
            f"{NET}expect:\n  # limit\n  params: {{max: 500}}  # ours\n  out: 2\n# end\n",
            f"{NET}expect:\n  # limit\n  params: {{max: 500}}  # ours\n  buffers: 8\n  macs: 4176\n  out: 2\n# end\n",
            id="a budget and comments",
        ),
        pytest.param(
            NET.replace("\n", "\r\n") + "expect:\r\n  layers:\r\n    fc: {params: 290}\r\n",
            NET.replace("\n", "\r\n") + "expect:\r\n  params: 410\r\n  buffers: 8\r\n  macs: 4176\r\n  out: 2\r\n"
            "  layers:\r\n    fc: {params: 290}\r\n",
            id="ends of lines, and only layers",
        ),
        pytest.param(f"expect: {{}}\n{NET}", f"expect: {{params: 410, buffers: 8, macs: 4176, out: 2}}\n{NET}",
                     id="an empty one"),
        pytest.param('{"input": "2x4x4", "layers": ["relu"]}',
                     '{"input": "2x4x4", "layers": ["relu"], "expect": {"out": "2x4x4"}}', id="JSON"),
        pytest.param('{"name": "\\ud83d\\ude00", "input": "2x4x4",\r\n "layers": ["relu"]}',
                     '{"name": "\\ud83d\\ude00", "input": "2x4x4",\r\n "layers": ["relu"], "expect": {"out": "2x4x4"}}',
                     id="JSON with a sign as two escapes"),
    ],
)  # fmt: skip
def test_figures_are_put_into_the_text(before: str, after: str) -> None:
    assert written(before) == after


@pytest.mark.parametrize(
    ("expect", "after"),
    [
        pytest.param(
            "expect: {params: 410, out: 2}  # all\n",
            """\
expect:  # all
  params: 410
  out: 2
  buffers: 8
  macs: 4176
  layers:
    stem: {out: 4x6x6, params: 120, macs: 3888}
    relu: {out: 4x6x6}
    flatten: {out: 144}
    fc: {out: 2, params: 290, macs: 288}
""",
            id="in brackets",
        ),
        pytest.param(
            "expect:\n  params: {max: 1K}\n  layers:\n    # a\n    fc:\n      params: 290\n    stem: {params: 120}\n",
            """\
expect:
  params: {max: 1K}
  buffers: 8
  macs: 4176
  out: 2
  layers:
    # a
    fc:
      out: 2
      params: 290
      macs: 288
    stem: {out: 4x6x6, params: 120, macs: 3888}
    relu: {out: 4x6x6}
    flatten: {out: 144}
""",
            id="beside some that are there",
        ),
    ],
)
def test_layers_are_put_into_the_text(expect: str, after: str) -> None:
    assert written(NET + expect, layers=True) == NET + after


def test_layers_are_put_into_json() -> None:
    text = '{"input": "2x4x4", "layers": ["relu"], "expect": {"out": "2x4x4"}}'
    assert written(text, layers=True) == text.replace('"2x4x4"}}', '"2x4x4", "layers": {"relu": {"out": "2x4x4"}}}}')


WRONG = f"{NET}expect:\n  params: 411\n  macs: 4.2K\n  out: 3x1  # ?\n  layers:\n    stem: {{out: 4x6x7}}\n"


def test_claims_that_do_not_hold_are_refused() -> None:
    with pytest.raises(RewritingError) as caught:
        written(WRONG)
    assert str(caught.value).splitlines() == [
        "<text>:8:11: params is 410 today, not 411; --force replaces the claim",
        "<text>:10:8: out is 2 today, not 3x1; --force replaces the claim",
        "<text>:12:17: stem: out is 4x6x6 today, not 4x6x7; --force replaces the claim",
    ]


def test_claims_that_do_not_hold_are_replaced_by_force() -> None:
    assert written(WRONG, force=True) == WRONG.replace("411", "410\n  buffers: 8").replace("3x1", "2").replace(
        "6x7", "6x6"
    )


def test_a_claim_under_the_other_name_of_a_row_is_that_of_the_row() -> None:
    text = "input: 3x8x8\nlayers:\n- {conv: 4, kernel: 3}\nexpect:\n  layers:\n    conv1: {params: 112}\n"
    assert "    conv1: {out: 4x6x6, params: 112, macs: 3888}\n" in written(text, layers=True)


def test_brackets_over_several_lines_have_no_room_for_layers() -> None:
    text = f"{NET}expect: {{params: 410,\n  macs: 4176}}\n"
    assert written(text) == text.replace("410,\n", "410, buffers: 8,\n").replace("4176}", "4176, out: 2}")
    with pytest.raises(RewritingError, match="write it without brackets to freeze layers"):
        written(text, layers=True)


def test_a_mistake_of_the_writer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expect_writer, "expect_block", lambda frozen: "layers: [relu]")
    with pytest.raises(RewritingError, match="left as it is, because cnncalc would change what it says"):
        written(NET)


ON_LINES = """\
input: 3x8x8
blocks:
  double(c): [{conv: c, kernel: 1, params: 13}, {conv: c, kernel: 1}]
layers:
- {name: stem, conv: 4, kernel: 3, params: [1], out: [4, 6, 7]}
- {double: 4}
"""
# stem: 112 params and 4x6x6; each conv of double 4*4 + 4 = 20


def test_claims_on_lines_are_refused_and_replaced_as_those_of_expect() -> None:
    text = ON_LINES.replace("params: [1]", "params: 111")
    with pytest.raises(RewritingError) as caught:
        written(text)
    assert str(caught.value).splitlines() == [
        "<text>:3:44: double/conv1: params is 20 today, not 13; --force replaces the claim",
        "<text>:5:44: stem: params is 112 today, not 111; --force replaces the claim",
        "<text>:5:54: stem: out is 4x6x6 today, not 4x6x7; --force replaces the claim",
    ]
    frozen_text = text.replace("13", "20").replace("111", "112").replace("[4, 6, 7]", "4x6x6")
    # 112 + 2*20 params, 108*36 + 2*16*36 MACs
    assert written(text, force=True) == frozen_text + "expect: {params: 152, macs: 5040, out: 4x6x6}\n"


def test_a_claim_about_layers_that_differ_is_not_replaced() -> None:
    text = ON_LINES.replace("params: [1], out: [4, 6, 7]", "params: 112") + "- {double: 3}\n"
    with pytest.raises(RewritingError, match=r"^<text>:3:44: params stands for layers that differ \(15, 20\); take"):
        written(text, force=True)


def test_a_claim_for_which_there_is_nothing_to_write_is_told_even_with_force() -> None:
    text = "input: 3x8x8\nlayers: [{upsample: 4}]\nexpect: {jump: 3}\n"
    message = r"^<text>:3:16: jump: there is nothing to write for 3: it is 1/4x1/4 today; take the claim out$"
    with pytest.raises(RewritingError, match=message):
        written(text, force=True)
    layers = "- {name: a, flatten: }\n- {name: b, from: input, relu: }\n"
    text = f"input: 3x8x8\nlayers:\n{layers}outputs: [a, b]\nexpect: {{out: 3}}\n"
    message = r"^<text>:6:15: out: there is nothing to write for 3: the outputs differ \(a 192, b 3x8x8\); claim each"
    with pytest.raises(RewritingError, match=message):
        written(text, force=True)


EVERYTHING = """\
inputs: {l: 3x8x8, r: 3x8x8}
layers:
- {name: cl, from: l, conv: 4, kernel: 3, params: 1}
- {name: cr, from: r, conv: 4, kernel: 3, out: 1}
- {name: both, concat: [cl, cr]}
"""


def test_whatever_is_claimed_wrongly_holds_once_it_is_frozen() -> None:
    """Every figure of the network and of a row, each claimed as 7 in the form that it has."""
    wrong = {figure: "7x7x7" if figure == "out" else "7" for figure in FIGURES}
    of_row = {figure: value for figure, value in wrong.items() if figure not in ("peak_memory", "training_memory")}
    network, row = (", ".join(f"{figure}: {value}" for figure, value in one.items()) for one in (wrong, of_row))
    text = written(f"{EVERYTHING}expect: {{{network}, layers: {{both: {{{row}}}}}}}\n", force=True)
    assert [comparison for comparison in compare_claims(report_on(text)) if not comparison.holds] == []
