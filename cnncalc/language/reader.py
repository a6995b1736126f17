"""YAML text → nodes with positions, from the parser's event stream.

`load` and `compose` are not used: they lose positions, the text of numbers (`010` becomes 8) and
duplicate keys, and compose with the C loader crashes the interpreter on deeply nested brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unicodedata import category

import yaml
from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems

MAX_DEPTH = 40
MAX_KEY = 1000

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of a text: a comment could make lines look like others."""

EventLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """The text can't be read any further; the problem is already noted."""


def read_nodes(text: str, problems: Problems) -> Node | None:
    """The root node of a YAML document, or None if there is nothing to go on with."""
    if bad := yaml.reader.Reader.NON_PRINTABLE.search(text) or _TURNING.search(text):
        *above, line = f"{text[: bad.start()]}?".splitlines()
        at = ScalarNode("", len(above), len(line) - 1)
        problems.add(at, f"the character U+{ord(bad[0]):04X} is not allowed in a spec", "character")
        return None
    if directive := re.search(r"^%", text, re.MULTILINE):
        at = ScalarNode("", text.count("\n", 0, directive.end()), 0)
        problems.add(at, "directives (%) are not part of the format; remove the line", "yaml")
        return None
    text = joined_surrogates(text)
    try:
        return Composer(problems).read(text)
    except yaml.MarkedYAMLError as error:
        if deep := _too_deep(text, error):
            _note_depth(deep, problems)
        else:
            _note_syntax(error, text, problems)
    except Unreadable:
        pass
    return None


def joined_surrogates(text: str, padding: str = "") -> str:
    """The text with a sign and a padding for each of JSON's pairs of escapes, which YAML does not know."""
    pair = r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})"

    def joined(match: re.Match[str]) -> str:
        high, low = (int(half, 16) for half in match.groups())
        return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00) + padding

    return re.sub(pair, joined, text, flags=re.IGNORECASE) if "\\ud" in text.lower() else text


class Composer:
    """Builds nodes from events; parts that the format does not allow are noted and skipped."""

    _next: Callable[[], Any]
    """The next event."""

    _last: Any = None
    """The event that ended the last list or mapping."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._refused = False

    def read(self, text: str) -> Node | None:
        """The root of a text; None if there is none, or something is refused."""
        loader = EventLoader(text)
        self._next = loader.get_event
        try:
            return self._document()
        finally:
            loader.dispose()

    def _document(self) -> Node | None:
        self._next()  # stream start
        event = self._next()
        if isinstance(event, StreamEndEvent):
            self._problems.add(_START, "the file is empty; a spec needs input: and layers:", "empty")
            return None
        root = self._node(self._next(), 0)
        self._next()  # document end
        event = self._next()
        if not isinstance(event, StreamEndEvent):
            self._problems.add(_place(event), "a second document starts here; a file holds one spec", "yaml")
        # The value of an alias or a tag is missing: more problems would only follow from that.
        return None if self._refused else root

    def _node(self, event: Any, depth: int) -> Node:
        kind, mark = type(event), event.start_mark
        if kind is AliasEvent or event.anchor is not None or event.tag is not None:
            self._refuse(event)
        if kind is ScalarEvent:
            value = event.value
            text = value if value.isprintable() else self._printable(value, mark)
            return ScalarNode(text, mark.line, mark.column, 1 if event.style else 0)
        if kind is AliasEvent:
            return ScalarNode("", mark.line, mark.column)
        if depth >= MAX_DEPTH:
            _note_depth(_place(event), self._problems)
            raise Unreadable
        if kind is SequenceStartEvent:
            return self._sequence(mark, depth + 1)
        return self._mapping(mark, depth + 1)

    def _printable(self, value: str, mark: Any) -> str:
        """The value with escapes for signs that would steer a terminal; they are noted."""
        steering = [sign for sign in value if category(sign) in ("Cc", "Cf") and sign not in "\n\t"]
        for sign in dict.fromkeys(steering):
            message = f"the character U+{ord(sign):04X} is not allowed in a spec"
            self._problems.add(ScalarNode("", mark.line, mark.column), message, "character")
            value = value.replace(sign, "?")
        return value

    def _refuse(self, event: Any) -> None:
        self._refused = True
        if type(event) is AliasEvent or event.anchor is not None:
            message = "anchors and aliases are not part of the format; use blocks: or vars:"
            self._problems.add(_place(event), message, "anchor")
        else:
            message = f"tags ({event.tag}) are not part of the format; write the value alone"
            self._problems.add(_place(event), message, "tag")

    def _sequence(self, mark: Any, depth: int) -> ListNode:
        sequence = ListNode(mark.line, mark.column)
        items, next_event = sequence.items, self._next
        while type(event := next_event()) is not SequenceEndEvent:
            items.append(self._node(event, depth))
        self._last = event
        return sequence

    def _mapping(self, mark: Any, depth: int) -> MapNode:
        mapping = MapNode(mark.line, mark.column)
        keys, values, next_event, node = mapping.keys, mapping.values, self._next, self._node
        while type(event := next_event()) is not MappingEndEvent:
            key = node(event, depth)
            value = node(next_event(), depth)
            if type(key) is ScalarNode and (text := key.text) not in keys and len(text) <= MAX_KEY:
                keys[text] = key
                values[text] = value
            else:
                self._note_key(key, keys)
        self._last = event
        return mapping

    def _note_key(self, key: Node, keys: dict[str, ScalarNode]) -> None:
        if not isinstance(key, ScalarNode):
            self._problems.add(key, "a key must be a word, not a list or mapping", "key")
        elif key.text in keys:
            first = keys[key.text].line + 1
            self._problems.add(key, f"duplicate key '{key.text}' (first on line {first})", "duplicate-key")
        else:
            self._problems.add(key, f"a key of {len(key.text):,} characters; {MAX_KEY} are allowed", "key")


def _place(event: Any) -> ScalarNode:
    return ScalarNode("", event.start_mark.line, event.start_mark.column)


_START = ScalarNode("", 0, 0)


def _too_deep(text: str, error: yaml.MarkedYAMLError) -> ScalarNode | None:
    """The first place before a syntax error that is nested too deep, or None.

    Parsers have limits of their own, and reach them while they look ahead on the line of a bracket that may
    begin a key: before they hand over any event of that line. The text up to there is within their limits.
    """
    mark, depth = error.problem_mark, 0
    if mark is None:
        return None
    try:
        for event in yaml.parse(text[: mark.index], Loader=EventLoader):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > MAX_DEPTH:
                return _place(event)
    except yaml.MarkedYAMLError:
        pass
    # Brackets at the start of a line that must be a key: not even the first comes as an event.
    return ScalarNode("", mark.line, mark.column) if "nesting depth" in (error.problem or "") else None


def _note_depth(at: ScalarNode, problems: Problems) -> None:
    problems.add(at, f"nested more than {MAX_DEPTH} levels deep; use blocks:", "depth")


def _note_syntax(error: yaml.MarkedYAMLError, text: str, problems: Problems) -> None:
    mark = error.problem_mark or error.context_mark
    at = ScalarNode("", mark.line, mark.column) if mark else _START
    message = error.problem or "cannot be read as YAML"
    hint = next((hint for words, hint in _HINTS.items() if words in message), "")
    if error.context:
        message = f"{message} ({error.context})"
    lines = text.splitlines() or [""]
    if at.line >= len(lines):
        at = ScalarNode("", len(lines) - 1, len(lines[-1]))
    line = lines[at.line]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or line[at.column : at.column + 1] == "\t":
        hint = "; YAML does not allow tabs for indentation, use spaces"
    if layer := re.match(r"\s*- (\w+: [^{}\[\]]+, \w+: [^{}]*)$", line):
        hint = f"; a layer with parameters needs braces: - {{{layer[1].strip()}}}"
    problems.add(at, f"not valid YAML: {message}{hint}", "yaml")


_HINTS = {
    "could not find expected ':'": "; a space is needed after the colon",
    "mapping values are not allowed": "; check the indentation, and put a value with a colon in quotes",
    "did not find expected key": "; check the indentation",
    "did not find expected '-' indicator": "; check the indentation",
}
"""Hints for a beginner, by the words of the parser."""
