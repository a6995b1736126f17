"""What was edited between two specs, and what only follows: literal rows."""

import pytest

from cnncalc.analysis.analyze import analyze_network
from cnncalc.comparison.changes import LineChange
from cnncalc.comparison.compare import Differences, Side, compare
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source, read_bundled
from cnncalc.network.build import build_network


def side(text: str, file: str = "net.yaml") -> Side:
    spec = read_spec(Source(file, text))
    return Side(spec, analyze_network(build_network(spec)))


def compared(old: str, new: str) -> Differences:
    return compare(side(old), side(new))


def told(differences: Differences) -> list[str]:
    """Every change, a line each, as `conv1 edited: stride 4 > 2`."""
    lines = [f"{edit.setting}: {edit.old} > {edit.new}" for edit in differences.edits]
    for block in differences.blocks:
        lines.append(f"block {block.name} {block.change}" + words(block))
        lines += [inner for line in block.lines for inner in line_told(line, "  ")]
    for row in differences.rows:
        twin = row.new or row.old
        assert twin is not None
        lines.append(f"{twin.path} {row.change}" + words(row.line))
        lines += [inner for line in row.line.inside for inner in line_told(line, "  ") if row.change == "edited"]
    return lines


def words(change: object) -> str:
    edits = getattr(change, "edits", ())
    return f": {', '.join(f'{edit.setting} {edit.old} > {edit.new}' for edit in edits)}" if edits else ""


def line_told(change: LineChange, indent: str) -> list[str]:
    line = change.new or change.old
    assert line is not None
    first = f"{indent}{line.line} {line.text} {change.change}{words(change)}"
    return [first, *(inner for one in change.inside for inner in line_told(one, f"{indent}  "))]


NET = """\
input: 3x32x32
layers:
- {conv: 8, kernel: 3, padding: 1}
- relu
- {maxpool: 2}
- {conv: 16, kernel: 3, padding: 1}
- relu
- {maxpool: 2}
- flatten
- {fc: 10}
"""


def test_a_spec_and_itself_do_not_differ() -> None:
    differences = compared(NET, NET)
    assert not differences.exist
    assert [row.change for row in differences.rows] == ["unchanged"] * 8


@pytest.mark.parametrize(
    "new",
    [
        NET.replace("kernel: 3", "kernel: 3x3"),
        NET.replace("padding: 1", "padding: half"),
        NET.replace("conv: 8, kernel: 3", "conv: {filters: 8, kernel: [3, 3]}"),
        NET.replace("conv: ", "conv2d: ").replace("{fc: 10}", "{dense: , units: 10}"),
        NET.replace("- flatten", "- flatten  # a comment\n").replace("maxpool: 2", "maxpool: 2, stride: 2"),
        NET + "expect: {params: 1}\nnotes: another\n",
        NET.replace("conv: 16", "conv: 2*in"),
    ],
    ids=["a size", "a padding", "the long form", "aliases", "layout", "claims", "an expression"],
)
def test_the_same_in_other_words_does_not_differ(new: str) -> None:
    assert not compared(NET, new).exist


def test_a_width_at_the_top_is_one_edit_and_the_rest_follows() -> None:
    assert told(compared(NET, NET.replace("conv: 8", "conv: 12"))) == [
        "conv1 edited: filters 8 > 12",
        "relu1 follows",
        "maxpool1 follows",
        "conv2 follows",  # its weights see 12 maps
        "relu2 unchanged",
        "maxpool2 unchanged",
        "flatten unchanged",
        "fc unchanged",
    ]


def test_a_layer_in_the_middle_leaves_the_others_alone() -> None:
    text = NET.replace("- {maxpool: 2}\n- {conv: 16", "- {maxpool: 2}\n- {conv: 8, kernel: 1}\n- relu\n- {conv: 16")
    assert told(compared(NET, text)) == [
        "conv1 unchanged",
        "relu1 unchanged",
        "maxpool1 unchanged",
        "conv2 added",
        "relu2 added",
        "conv3 unchanged",
        "relu3 unchanged",
        "maxpool2 unchanged",
        "flatten unchanged",
        "fc unchanged",
    ]
    assert [line.split()[1] for line in told(compared(text, NET))].count("removed") == 2


def test_layers_of_one_kind_are_paired_by_what_they_say() -> None:
    old = "input: 3x9x9\nlayers:\n- {conv: 4, kernel: 3}\n- relu\n- {conv: 8, kernel: 1}\n"
    new = "input: 3x9x9\nlayers:\n- {conv: 4, kernel: 5}\n- gelu\n- {conv: 4, kernel: 3}\n- {conv: 8, kernel: 1}\n"
    assert told(compared(old, new)) == [
        "conv1 added",
        "gelu added",
        "conv2 follows",  # 4 maps enter, not 3
        "relu removed",
        "conv3 follows",  # a map of 3x3, not 7x7
    ]


def test_a_name_pairs_lines_whatever_they_say() -> None:
    old = "input: 3x9x9\nlayers:\n- {name: a, conv: 4, kernel: 3}\n- relu\n- {name: b, conv: 4, kernel: 1}\n"
    new = "input: 3x9x9\nlayers:\n- relu\n- {name: a, residual: [relu]}\n- {name: b, conv: 4, kernel: 1, norm: bn}\n"
    assert told(compared(old, new)) == [
        "relu moved",
        "a edited: kind conv > residual, filters 4 > none, kernel 3 > none",
        "  4 relu added",
        "b edited: norm none > bn",
    ]


def test_a_line_in_another_place_is_moved_if_it_says_the_same() -> None:
    old = "input: 3x9x9\nlayers:\n- {name: a, conv: 4, kernel: 3}\n- lrn\n- {name: b, conv: 4, kernel: 1}\n"
    first, middle, last = old.splitlines()[2:]
    head = "input: 3x9x9\nlayers:\n"
    moved = compared(old, f"{head}{first}\n{last}\n{middle}\n")
    assert told(moved) == ["a unchanged", "b unchanged", "lrn moved"]
    assert moved.exist
    assert (moved.rows[2].old, moved.rows[2].new) != (None, None)
    assert told(compared(old, f"{head}{first}\n{last}\n- {{lrn: 3}}\n")) == [
        "a unchanged", "lrn removed", "b unchanged", "lrn added",
    ]  # fmt: skip
    assert told(compared(old, f"{head}{last}\n- relu\n{first}\n- relu\n")) == [
        "b moved", "relu1 added", "a follows", "lrn removed", "relu2 added",
    ]  # fmt: skip


def test_each_line_that_was_removed_is_moved_once() -> None:
    old = "input: 3x9x9\nlayers:\n- lrn\n- {name: a, relu: }\n- {name: b, tanh: }\n"
    new = "input: 3x9x9\nlayers:\n- {name: a, relu: }\n- lrn\n- {name: b, tanh: }\n- lrn\n"
    assert told(compared(old, new)) == ["a unchanged", "lrn1 moved", "b unchanged", "lrn2 added"]


def test_a_row_knows_that_its_name_is_another() -> None:
    rows = compared(NET, NET.replace("- flatten", "- {conv: 16, kernel: 1}\n- flatten\n- relu")).rows
    assert [row.new.path for row in rows if row.is_renamed and row.new] == []
    rows = compared(NET, NET.replace("- {maxpool: 2}\n- {conv: 16", "- {conv: 9, kernel: 5}\n- {conv: 16")).rows
    renamed = [(row.old.path, row.new.path) for row in rows if row.is_renamed and row.old and row.new]
    assert renamed == [("conv2", "conv3"), ("maxpool2", "maxpool")]


def test_a_new_name_is_an_edit() -> None:
    assert told(compared(NET, NET.replace("{fc: 10}", "{name: head, fc: 10}")))[-1] == "head edited: name none > head"


def test_what_stands_around_the_layers_is_edited_once() -> None:
    new = NET.replace("3x32x32", "3x64x64\nvars: {w: 2}\ndefaults: {conv: {norm: bn, bias: false}, bn: {eps: 0.001}}")
    found = told(compared(NET, new))
    assert found[:5] == [
        "input: 3x32x32 > 3x64x64",
        "vars.w: none > 2",
        "defaults.conv.norm: none > bn",
        "defaults.conv.bias: true > false",
        "defaults.bn.eps: 1e-05 > 0.001",
    ]
    assert {line.split()[1] for line in found[5:]} == {"follows"}


def test_a_default_that_moves_to_the_lines_is_its_own_edit_only() -> None:
    new = NET.replace(", padding: 1", "").replace("layers:", "defaults: {conv: {padding: 1}}\nlayers:")
    found = told(compared(NET, new))
    assert found[0] == "defaults.conv.padding: 0 > 1"
    assert {line.split()[1] for line in found[1:]} == {"unchanged"}


def test_layout_inputs_and_outputs() -> None:
    old = "inputs: {a: 3x8x9, b: 3x8x9}\nlayers:\n- {name: sum, add: [a, b]}\n- {name: last, relu: }\n"
    new = "layout: HWC\ninputs: {a: 8x9x3, c: 8x9x3}\nlayers:\n- {name: sum, add: [a, c]}\n- {name: last, relu: }\n"
    assert told(compared(old, new + "outputs: [sum, last]\n")) == [
        "layout: CHW > HWC",
        "inputs.b: 8x9x3 > none",
        "inputs.c: none > 8x9x3",
        "outputs: the last layer > sum, last",
        "sum edited: inputs [a, b] > [a, c]",
        "last unchanged",
    ]


BLOCKS = """\
input: 8x16x16
blocks:
  pair(c): [{conv: c, kernel: 1}, relu]
  deep(c, k=3):
  - residual:
    - {conv: c, kernel: k, padding: half}
    - {pair: c}
layers:
- {name: stage, deep: 8, repeat: 2}
- {pair: 16}
"""


def test_an_edit_in_a_block_is_told_once_and_its_uses_follow() -> None:
    new = BLOCKS.replace("relu]", "gelu]").replace("    - {pair: c}", "    - bn\n    - {pair: c}")
    assert told(compared(BLOCKS, new)) == [
        "block pair edited",
        "  3 gelu edited: kind relu > gelu",
        "block deep edited",
        "  5 residual edited",
        "    7 bn added",
        "stage follows",
        "pair follows",
    ]


def test_signatures_uses_and_unused_blocks() -> None:
    new = BLOCKS.replace("deep(c, k=3)", "deep(c, k=5)").replace(
        "deep: 8, repeat: 2", "deep: 8, repeat: 3, first: {k: 1}"
    )
    new = new.replace("layers:", "  spare: [relu]\nlayers:")
    assert told(compared(BLOCKS, new)) == [
        "block deep edited: signature deep(c, k=3) > deep(c, k=5)",
        "block spare added",
        "stage edited: repeat 2 > 3, first none > {k: 1}",
        "pair unchanged",
    ]
    assert told(compared(new, BLOCKS))[1] == "block spare removed"


def test_an_argument_of_a_block_is_edited_by_its_name() -> None:
    assert told(compared(BLOCKS, BLOCKS.replace("{pair: 16}", "{pair: {c: 12}}")))[-1] == "pair edited: c 16 > 12"
    assert told(compared(BLOCKS, BLOCKS.replace("deep: 8", "deep: 8, k: 5")))[0] == "stage edited: k 3 > 5"


def test_a_block_written_out_is_the_same_network() -> None:
    new = BLOCKS.replace("- {pair: 16}", "- {sequence: [{conv: 16, kernel: 1}, relu]}")
    assert told(compared(BLOCKS, new)) == ["stage unchanged", "sequence unchanged"]


RESIDUAL = """\
input: 4x8x8
layers:
- residual:
  - {conv: 4, kernel: 3, padding: 1}
  - relu
- branches:
  - []
  - [{conv: 4, kernel: 1}]
  merge: add
"""


def test_edits_inside_a_line_are_told_below_it() -> None:
    new = RESIDUAL.replace("kernel: 3, padding: 1", "kernel: 5, padding: 2").replace("- relu", "- tanh")
    new = new.replace("- []\n", "- [relu]\n  - [gelu]\n").replace("merge: add", "merge: concat")
    assert told(compared(RESIDUAL, new)) == [
        "residual edited",
        "  4 conv 4, kernel 5, padding 2 edited: kernel 3 > 5, padding 1 > 2",
        "  5 tanh edited: kind relu > tanh",
        "branches edited: merge add > concat",
        "  7 relu added",
        "  8 gelu added",
    ]


def test_a_shortcut_of_layers_is_an_edit() -> None:
    new = RESIDUAL.replace("  - relu\n", "  - relu\n  shortcut: [{conv: 4, kernel: 1}]\n")
    assert told(compared(RESIDUAL, new))[:2] == [
        "residual edited: shortcut identity > layers",
        "  6 conv 4, kernel 1 added",
    ]


def test_another_source_is_an_edit() -> None:
    old = "input: 3x8x8\nlayers:\n- {name: a, relu: }\n- {name: b, tanh: }\n- {from: a, gelu: }\n- {mul: [a, prev]}\n"
    new = old.replace("from: a", "from: b").replace("[a, prev]", "[b, prev]")
    assert told(compared(old, new))[2:] == ["gelu edited: from a > b", "mul edited: inputs [a, prev] > [b, prev]"]
    assert told(compared(old, old.replace("from: a, ", "")))[2] == "gelu edited: from a > prev"


def test_figures_of_both_sides_stand_beside_a_change() -> None:
    row = compared(NET, NET.replace("conv: 8", "conv: 12")).rows[3]
    assert row.old is not None
    assert row.new is not None
    assert (row.old.params, row.new.params) == (1168, 1744)  # 16 * (9 * 8 + 1), 16 * (9 * 12 + 1)


def test_bundled_relatives_differ_where_their_papers_do() -> None:
    old, new = (side(read_bundled(name).text) for name in ("resnet18", "resnet50"))
    found = told(compare(old, new))
    assert found[:2] == ["block basic removed", "block bottleneck added"]
    assert found[-8:] == [
        "maxpool unchanged",
        "conv2 edited: kind basic > bottleneck, repeat 2 > 3",
        "conv3 edited: kind basic > bottleneck, repeat 2 > 4",
        "conv4 edited: kind basic > bottleneck, repeat 2 > 6",
        "conv5 edited: kind basic > bottleneck, repeat 2 > 3",
        "global_avgpool follows",
        "flatten follows",
        "fc follows",
    ]


def test_a_line_that_loses_a_variable_is_edited_though_no_figure_changes() -> None:
    old = "input: 3x8x8\nvars: {width: 1}\nlayers:\n- {conv: 8*width, kernel: 3}\n"
    assert told(compared(old, old.replace("8*width", "8"))) == ["conv edited: filters 8*width > 8"]
    assert told(compared(old, old.replace("8*width", "4*2*width"))) == ["conv unchanged"]


def test_an_unpooling_is_compared_with_what_it_reads() -> None:
    segnet = read_bundled("segnet").text
    rows = compared(segnet, segnet).rows
    assert {row.change for row in rows} == {"unchanged"}
