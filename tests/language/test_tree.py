"""The places of nodes in their text, to the character."""

from pathlib import Path

import pytest
import yaml
from bundled import CORNERS, FOLDER
from every import for_every

from cnncalc.language.nodes import MapNode, Node, ScalarNode, one_line
from cnncalc.language.problems import Problems
from cnncalc.language.reader import read_nodes
from cnncalc.language.tree import Tree, read_tree

TEXT = """\
notes: |+  # kept
  a

  b

name: "\\ud83d\\ude00"  # a pair of escapes is one sign
source: >-
  folded

input: 3x8x8
empty:   # nothing
? odd
: [a: b, {c, d: [1,
    2]}, 'e f' ]
layers:
-   fc: 2
    bias: yes  # behind
- - x
-
  y
"""

WRITTEN = {
    "notes": "|+  # kept\n  a\n\n  b\n",  # less its last end of line, which belongs to no word
    "name": '"\\ud83d\\ude00"',
    "source": ">-\n  folded",
    "input": "3x8x8",
    "empty": "",
    "odd": "[a: b, {c, d: [1,\n    2]}, 'e f' ]",
    "layers": "-   fc: 2\n    bias: yes  # behind\n- - x\n-\n  y",
}


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["with C", "without"])
def tree(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setattr("cnncalc.language.reader.EventLoader", request.param)
    return read_tree(TEXT.replace("\n", "\r\n"))


def test_each_value_has_its_part_of_the_text(tree: Tree) -> None:
    assert {word: tree.written(value) for word, value in tree.root.values.items()} == WRITTEN
    assert [key.text for key in tree.root.keys.values()] == [tree.written(key) for key in tree.root.keys.values()]
    assert tree.root.values["name"].text == "\U0001f600"  # type: ignore[union-attr]


def test_brackets_are_known_and_so_are_collections_on_one_line(tree: Tree) -> None:
    collections = [node for node in tree.spans if not isinstance(node, ScalarNode)]
    # A collection comes after its contents.
    assert [(one_line(node), tree.is_block(node), tree.is_one_line(node)) for node in collections[:-1]] == [
        ("{a: b}", False, True),
        ("[1, 2]", False, False),
        ("{c: , d: [1, 2]}", False, False),
        ("[{a: b}, {c: , d: [1, 2]}, e f]", False, False),
        ("{fc: 2, bias: yes}", True, False),
        ("[x]", True, True),
        ("[{fc: 2, bias: yes}, [x], y]", True, False),
    ]


def test_a_value_is_found_by_its_place(tree: Tree) -> None:
    assert one_line(tree.value_at(9, 7)) == "3x8x8"
    with pytest.raises(LookupError):
        tree.value_at(9, 0)


@for_every([*CORNERS, *FOLDER.glob("*.yaml")])
def test_what_a_node_takes_reads_as_the_node(path: Path) -> None:
    tree = read_tree(path.read_text("utf-8"))
    nodes = [node for node in tree.spans if tree.written(node)]
    assert len(nodes) > 3
    for node in nodes:
        # After blanks, so that further lines are indented as they are.
        text = " " * tree.column(tree.start(node)) + tree.written(node)
        again = read_nodes(text, Problems("", text))
        assert again is not None
        assert _plain(again) == _plain(node), text


def _plain(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return node.text.rstrip("\n")  # an end of line after a block of text belongs to no node
    if isinstance(node, MapNode):
        return {word: _plain(value) for word, value in node.values.items()}
    return [_plain(item) for item in node.items]
