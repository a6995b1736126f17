"""Actions at a place: the fixes of findings, and claims of today's figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.analysis.claim_wording import amount_of, amount_text
from cnncalc.check.findings import Finding, Fix
from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.lines import LayerLine, line_at, rows_of
from cnncalc.editing.places import TextChange, TextPlace, TextRange, path_to, range_of
from cnncalc.errors import CnnCalcError
from cnncalc.figures import ON_LINES
from cnncalc.language.comments import end_of_line
from cnncalc.language.nodes import KeyedNode, ListNode, MapNode, Node, ScalarNode, entries
from cnncalc.language.tree import Tree
from cnncalc.network.vocabulary import kind_of
from cnncalc.rewriting.expectations import with_expectations
from cnncalc.rewriting.frozen import freeze


class Action(NamedTuple):
    """One action.

    Attributes:
        title: its words, as a command.
        changes: of the text.
        sort: whether it fixes a finding, or writes something new.
        finding: the finding that is gone then; None for none.
    """

    title: str
    changes: tuple[TextChange, ...]
    sort: Literal["fix", "rewrite"]
    finding: Finding | None = None


def actions(edited: EditedText, range_: TextRange) -> Iterator[Action]:
    """The actions in a range of the text: first the fixes of findings on its lines."""
    for located in edited.checked.findings:
        finding = located.finding
        if located.file == edited.source.file and range_.start.line <= finding.line - 1 <= range_.stop.line:
            for fix in finding.fixes:
                if change := fixed(edited, fix):
                    yield Action(fix.title, (change,), "fix", finding)
    yield from _claims(edited, range_.start)


def fixed(edited: EditedText, fix: Fix) -> TextChange | None:
    """The change of the text for a fix; None if the text does not have the place any more."""
    start = TextPlace(fix.line - 1, fix.column - 1)
    if fix.length and fix.text is not None:
        return TextChange(TextRange(start, TextPlace(start.line, start.column + fix.length)), fix.text)
    tree, spec = edited.tree, edited.spec
    if tree is None or spec is None:
        return None
    path = path_to(tree, tree.offset(*start))
    if not path:
        return None
    line = line_at(path, spec.blocks)
    if fix.text is None:
        items = [number for number, (_, node) in enumerate(path, start=1) if line is not None and node is line.node]
        return _without(tree, path[: items[-1]] if items else path)
    if not fix.key:
        return TextChange(range_of(tree, tree.start(path[-1][1]), tree.stop(path[-1][1])), fix.text)
    return _with_setting(tree, line, fix.key, fix.text) if line is not None else None


def _with_setting(tree: Tree, line: LayerLine, name: str, text: str) -> TextChange | None:
    """The change that gives a parameter of a line a value: the one it has, or a new key at the end of its mapping."""
    if not isinstance(line.node, MapNode):
        return TextChange(range_of(tree, tree.start(line.at), tree.stop(line.at)), f"{{{line.word}, {name}: {text}}}")
    value = line.node.values[line.word]
    kind = kind_of(line.word)
    for mapping in (line.node, value):
        for key, given in mapping.values.items() if isinstance(mapping, MapNode) else ():
            if kind.named(key) == name and key != line.word:
                return TextChange(range_of(tree, tree.start(given), tree.stop(given)), text)
    return _with_key(tree, line.node, line.word, name, text)


def _with_key(tree: Tree, line: MapNode, after: str, name: str, text: str) -> TextChange:
    """The change that adds a key to a line, at its end, or below its kind if each key has a line of its own."""
    if tree.is_block(line):
        stop = end_of_line(tree, max(tree.stop(line.keys[after]), tree.stop(line.values[after])))
        return TextChange(range_of(tree, stop, stop), f"\n{' ' * tree.column(tree.start(line))}{name}: {text}")
    claims = [key for word, key in line.keys.items() if word in ON_LINES]
    last_key, last = entries(line)[-1]
    at = tree.stop(last) if last_key is None else max(tree.stop(last), tree.stop(last_key))
    if claims and name not in ON_LINES:
        start = tree.start(claims[0])
        return TextChange(range_of(tree, start, start), f"{name}: {text}, ")
    return TextChange(range_of(tree, at, at), f", {name}: {text}")


def _without(tree: Tree, path: list[KeyedNode]) -> TextChange:
    """The change that removes an entry, and the collections that hold nothing else."""
    while len(path) > 1 and len(entries(_collection(path[-2][1]))) == 1:
        path = path[:-1]
    parent = _collection(path[-2][1]) if len(path) > 1 else tree.root
    siblings = entries(parent)
    number = siblings.index(path[-1])
    start, stop = _extent(tree, path[-1])
    if tree.is_block(parent):
        return TextChange(
            TextRange(TextPlace(tree.line(start), 0), TextPlace(tree.line(max(stop - 1, start)) + 1, 0)), ""
        )
    if number + 1 < len(siblings):
        return TextChange(range_of(tree, start, _extent(tree, siblings[number + 1])[0]), "")
    return TextChange(range_of(tree, _extent(tree, siblings[number - 1])[1] if number else start, stop), "")


def _collection(node: Node) -> ListNode | MapNode:
    assert not isinstance(node, ScalarNode)
    return node


def _extent(tree: Tree, entry: KeyedNode) -> tuple[int, int]:
    key, value = entry
    start = tree.start(value if key is None else key)
    return start, tree.stop(value) if key is None else max(tree.stop(key), tree.stop(value))


def _claims(edited: EditedText, place: TextPlace) -> Iterator[Action]:
    """Actions that claim the output of a line, and the figures of the whole network."""
    report, spec, tree = edited.report, edited.spec, edited.tree
    if report is None or spec is None or tree is None:
        return
    line = line_at(path_to(tree, tree.offset(*place)), spec.blocks)
    rows = rows_of(report, tree, line) if line is not None else []
    amounts = {amount_of(report, one.row.path, "out") for one in rows}
    if line is not None and isinstance(line.node, MapNode) and len(amounts) == 1 and "out" not in line.node.values:
        amount = amounts.pop()
        if amount is not None:
            text = amount_text(amount)
            yield Action(f"claim out: {text}", (_with_key(tree, line.node, line.word, "out", text),), "rewrite")
    try:
        text = with_expectations(spec, report, freeze(spec, report))
    except CnnCalcError:
        return
    if text != edited.text:
        whole = TextRange(TextPlace(0, 0), TextPlace(len(edited.lines), 0))
        yield Action("claim today's totals in expect:", (TextChange(whole, text),), "rewrite")
