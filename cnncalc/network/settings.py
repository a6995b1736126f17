"""Which parameter each key of a line means: aliases, the long form, defaults, and mistyped words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from cnncalc.language.claims import split_number_hint
from cnncalc.language.lines import UNIVERSAL
from cnncalc.language.model import Block, Line
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import suggestion
from cnncalc.network.vocabulary import WORDS, Kind, kind_of

Note = Callable[[Node, str, str], None]
"""Notes a problem: where, what, and the rule that it breaks."""


class Setting(NamedTuple):
    """A parameter as written: the key for its place, and the value."""

    key: ScalarNode
    value: Node


Settings = dict[str, Setting]


IMPLIED = ("in_channels", "in_features", "input_shape", "num_features", "input_dim")
"""What frameworks want to be told and a spec knows."""


class SettingsReader:
    """Sorts the keys of lines into parameters.

    Attributes:
        defaults: what `defaults:` gives, by kind and parameter.
    """

    def __init__(
        self, given: Mapping[str, tuple[ScalarNode, MapNode]], blocks: Mapping[str, Block], note: Note
    ) -> None:
        self._note = note
        self.defaults = self._read_defaults(given, blocks)

    def _read_defaults(
        self, given: Mapping[str, tuple[ScalarNode, MapNode]], blocks: Mapping[str, Block]
    ) -> dict[str, Settings]:
        defaults: dict[str, Settings] = {}
        for word, (key, parameters) in given.items():
            if word not in WORDS:
                hint = suggestion(word, WORDS)
                if word in blocks:
                    hint = "; a block has its defaults in its signature"
                self._note(key, f"defaults: '{word}' is not a layer kind{hint}", "unknown-kind")
                continue
            kind = kind_of(word)
            settings = defaults.setdefault(kind.word, {})
            for name, value in parameters.values.items():
                self._accept(kind, word, parameters.keys[name], value, settings)
        return defaults

    def of_kind(self, line: Line, word: str, kind: Kind) -> Settings:
        """The parameters of a line, with the kind's defaults."""
        settings: Settings = {}
        for name, value in line.settings.items():
            key = line.keys[name]
            if name == word:
                self._first_value(kind, key, value, settings)
            elif value is not None:
                self._accept(kind, word, key, value, settings)
        return {**self.defaults.get(kind.word, {}), **settings}

    def _first_value(self, kind: Kind, key: ScalarNode, value: Node | None, settings: Settings) -> None:
        """What stands behind `kind:`: the first parameter, or all of them in the long form."""
        if value is None or (isinstance(value, ScalarNode) and not value.text):
            return
        if isinstance(value, MapNode):
            for name, long_value in value.values.items():
                self._accept(kind, key.text, value.keys[name], long_value, settings)
        elif kind.first:
            settings[kind.first] = Setting(key, value)
        else:
            self._note(value, f"{key.text} takes no value; write '- {key.text}'", "unknown-parameter")

    def _accept(self, kind: Kind, word: str, key: ScalarNode, value: Node, settings: Settings) -> None:
        """Add one parameter under its canonical name."""
        name = kind.spellings.get(key.text)
        if name is None:
            self._note_unknown_parameter(word, key, value, kind.spellings)
        elif name in settings:
            other = settings[name].key.text
            both = (
                f"'{key.text}' and '{other}' mean the same; keep one"
                if key.text != other
                else f"'{name}' is given twice"
            )
            self._note(key, f"{word}: {both}", "duplicate-key")
        else:
            meanings = kind.parameters[name].alias_words if key.text != name else {}
            if isinstance(value, ScalarNode) and value.text in meanings:
                value = ScalarNode(meanings[value.text], value.line, value.column)
            settings[name] = Setting(key, value)

    def _note_unknown_parameter(self, word: str, key: ScalarNode, value: Node, known: Mapping[str, object]) -> None:
        if key.text in UNIVERSAL:
            self._note(key, f"'{key.text}' stands on the line beside {word}, not in here", "unknown-parameter")
            return
        if key.text in IMPLIED:
            message = f"{word} has no parameter '{key.text}': leave it out, it follows from what enters"
            self._note(key, message, "unknown-parameter")
            return
        candidates = (*known, *UNIVERSAL)
        hint = (
            colon_hint(key.text, candidates)
            or comma_hint(key.text)
            or suggestion(key.text, candidates)
            or f"; it has {', '.join(dict.fromkeys(map(str, known.values()))) or 'none'}"
        )
        message = split_number_hint(key.text, value) or f"{word} has no parameter '{key.text}'{hint}"
        self._note(key, message, "unknown-parameter")

    def of_block(self, line: Line, block: Block) -> Settings:
        """The values that a line gives to a block's parameters."""
        settings: Settings = {}
        for name, value in line.settings.items():
            key = line.keys[name]
            if name == block.name:
                self._block_value(block, key, value, settings)
            elif value is not None:
                self._accept_argument(block, key, value, settings)
        return settings

    def _block_value(self, block: Block, key: ScalarNode, value: Node | None, settings: Settings) -> None:
        """What stands behind `block:`: its first parameters in order, or all in the long form."""
        if value is None or (isinstance(value, ScalarNode) and not value.text):
            return
        if isinstance(value, MapNode):
            for name, long_value in value.values.items():
                self._accept_argument(block, value.keys[name], long_value, settings)
            return
        given = value.items if isinstance(value, ListNode) else [value]
        if not block.parameters:
            self._note(value, f"{block.name} takes no value; write '- {block.name}'", "unknown-parameter")
        elif len(given) > len(block.parameters):
            takes = f"{len(block.parameters)} values ({', '.join(block.parameters)})"
            self._note(value, f"{block.name} takes {takes}, not {len(given)}", "unknown-parameter")
        for name, argument in zip(block.parameters, given, strict=False):
            settings[name] = Setting(key, argument)

    def _accept_argument(self, block: Block, key: ScalarNode, value: Node, settings: Settings) -> None:
        if key.text not in block.parameters:
            known = {name: name for name in block.parameters}
            self._note_unknown_parameter(block.name, key, value, known)
        elif key.text in settings:
            self._note(key, f"{block.name}: '{key.text}' is given twice", "duplicate-key")
        else:
            settings[key.text] = Setting(key, value)

    def first(self, line: Line, kind: Kind | None, block: Block | None) -> Settings:
        """What `first:` says about the first copy of a line."""
        settings: Settings = {}
        if line.first is None:
            return settings
        if line.repeat is None:
            self._note(line.first, "first: is for repeated layers; this line has no repeat:", "first")
        for name, value in line.first.values.items():
            key = line.first.keys[name]
            if kind is not None:
                self._accept(kind, kind.word, key, value, settings)
            elif block is not None:
                self._accept_argument(block, key, value, settings)
        return settings


def colon_hint(word: str, candidates: tuple[str, ...]) -> str:
    """What to say where `stride:4` was read as one word."""
    return " (a space is needed after the colon)" if word.partition(":")[0] in candidates and ":" in word else ""


def comma_hint(word: str) -> str:
    """What to say where the comma of `round_to(32*width, 8)` ended the value."""
    return "; a value with a comma needs quotes, a size is 3x3 or [3, 3]" if word.endswith(")") else ""
