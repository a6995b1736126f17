"""Explanations of the word at a place: a kind, a parameter, an expression, a block, or the layer of the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.derivation import derive
from cnncalc.analysis.report import Report
from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.lines import LayerLine, UsedRow, line_at, rows_of
from cnncalc.editing.names import WORD
from cnncalc.editing.places import TextPlace, TextRange, path_to, range_of
from cnncalc.language.expressions import ExpressionError, Number, UnknownName, decimal_text, evaluate
from cnncalc.language.nodes import KeyedNode, Node, ScalarNode
from cnncalc.language.problems import Problems
from cnncalc.language.tree import Tree
from cnncalc.network.inputs import read_variables
from cnncalc.network.model import Row
from cnncalc.network.scope import Word
from cnncalc.network.vocabulary import kind_of
from cnncalc.notation import several
from cnncalc.render.explanations import explanation_markdown
from cnncalc.render.numbers import by
from cnncalc.render.reference import parameter_text, reference_text, references

MAX_SHOWN = 8
"""The most layers and uses that one hover names."""


class Hover(NamedTuple):
    """An explanation in Markdown, and the part of the text that it is about."""

    text: str
    range: TextRange


def hover(edited: EditedText, place: TextPlace) -> Hover | None:
    """The explanation of the word at a place; in a broken text that of the last good one, if the line is unchanged."""
    good, line = edited.good, edited.then(place.line)
    if good is None or line is None or good.report is None or good.tree is None:
        return None
    offset = good.tree.offset(line, place.column)
    said = _Hovering(good, good.report, good.tree, offset).said()
    if said is None:
        return None
    text, word = said
    start, stop = range_of(good.tree, good.tree.start(word), good.tree.stop(word))
    shift = place.line - line
    return Hover(
        text, TextRange(TextPlace(start.line + shift, start.column), TextPlace(stop.line + shift, stop.column))
    )


class _Hovering:
    def __init__(self, edited: EditedText, report: Report, tree: Tree, offset: int) -> None:
        assert edited.spec is not None
        self._spec = edited.spec
        self._report = report
        self._tree = tree
        self._offset = offset
        self._variables = read_variables(
            self._spec, edited.settings.overrides.variables, Problems(self._spec.file, self._spec.text)
        )

    def said(self) -> tuple[str, Node] | None:
        """The explanation, and its word."""
        path = path_to(self._tree, self._offset)
        if not path:
            return None
        key, value = path[-1]
        word = key if key is not None and self._offset <= self._tree.stop(key) else value
        line = line_at(path, self._spec.blocks)
        if isinstance(word, ScalarNode) and (text := self._of_word(path, word, line)):
            return text, word
        text = self._layer(line) if line is not None else ""
        return (text, line.at) if line is not None and text else None

    def _of_word(self, path: list[KeyedNode], word: ScalarNode, line: LayerLine | None) -> str:
        """The meaning of a single word; empty if it says nothing more than the line."""
        if (block := self._block_at(path, word, line)) is not None:
            return block
        if line is None:
            return self._values(word, [])
        if word is line.at:
            return f"```text\n{reference_text(references()[kind_of(word.text).word])}```"
        if path[-1][0] is word:
            kind = kind_of(line.word) if line.word not in self._spec.blocks else None
            parameter = kind and kind.parameters.get(kind.named(word.text) or "")
            return f"{word.text}: {parameter_text(parameter)}" if parameter else ""
        return self._values(word, rows_of(self._report, self._tree, line))

    def _block_at(self, path: list[KeyedNode], word: ScalarNode, line: LayerLine | None) -> str | None:
        """The explanation of a block, at its signature or at a use; None for any other word."""
        is_use = line is not None and word is line.at and word.text in self._spec.blocks
        is_signature = len(path) == 2 and path[0][0] is not None and path[0][0].text == "blocks" and path[1][0] is word
        if not is_use and not is_signature:
            return None
        found = [one for one in self._spec.blocks.values() if word.text in (one.name, one.at.text)]
        uses = [row for row in _all_rows(self._report.network.rows) if row.use and row.use.block == found[0].name]
        shown = [
            f"- {row.path}: {', '.join(f'{name} = {_text(value)}' for name, value in row.use.arguments)}"
            for row in uses[:MAX_SHOWN]
            if row.use
        ]
        return "\n".join((f"block `{found[0].at.text}`: {several(len(uses), 'use')}", "", *shown))

    def _values(self, word: ScalarNode, rows: list[UsedRow]) -> str:
        """The values of an expression at each use of its line; empty for a plain number or a word."""
        if not WORD.search(word.text):
            return ""
        values: dict[str, list[str]] = {}
        places: list[UsedRow | None] = [*rows] or [None]
        for one in places:
            try:
                value = self._value(word.text, one)
            except ExpressionError:
                return ""
            values.setdefault(value, []).append(one.row.path if one is not None else "")
        if len(values) == 1:
            return f"`{word.text}` = {next(iter(values))}"
        shown = [f"- {', '.join(paths[:MAX_SHOWN])}: {value}" for value, paths in values.items()]
        return "\n".join((f"`{word.text}`", "", *shown[:MAX_SHOWN]))

    def _value(self, text: str, used: UsedRow | None) -> str:
        arguments = dict(used.use.arguments) if used is not None and used.use is not None else {}
        if text in arguments:
            return _text(arguments[text])

        def number(name: str) -> Number:
            value = arguments.get(name, self._variables.get(name))
            if name == "in" and used is not None and (layers := self._report.row_report(used.row).layers):
                return layers[0].inputs[0].channels
            if isinstance(value, int | Fraction):
                return value
            raise UnknownName(name)

        return decimal_text(evaluate(text, number))

    def _layer(self, line: LayerLine) -> str:
        """The arithmetic of a line; of a line in a block that of its first use."""
        rows = rows_of(self._report, self._tree, line)
        if not rows:
            return ""
        layers = self._report.row_report(rows[0].row).layers
        made = [derive(self._report, layer) for layer in layers[:MAX_SHOWN]]
        more = f"\n{len(layers) - MAX_SHOWN:,} more layers" if len(layers) > MAX_SHOWN else ""
        uses = f"\nthe first of {len(rows):,} uses" if len(rows) > 1 else ""
        return explanation_markdown(made) + more + uses


def _all_rows(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _all_rows(row.children)


def _text(value: object) -> str:
    """The text of a block's argument: a number, a size or a word."""
    if isinstance(value, Word):
        return value.text
    if isinstance(value, int | Fraction):
        return decimal_text(value)
    return by(value) if isinstance(value, tuple) else "?"
