"""The parameter that each key of a line means: aliases, the long form, defaults, and mistyped words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cnncalc.language.claims import split_number_hint
from cnncalc.language.lines import UNIVERSAL
from cnncalc.language.model import Line, Spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode, is_nothing
from cnncalc.language.problems import suggestion
from cnncalc.layers.parameters import USUAL
from cnncalc.network.vocabulary import (
    WORDS,
    Kind,
    advice,
    customs,
    implied_follower,
    kind_of,
    kind_words,
    preset,
    resolved,
)


class Setting(NamedTuple):
    """A parameter as written: the key for its place, and the value."""

    key: ScalarNode
    value: Node


Settings = dict[str, Setting]

IMPLIED = (
    "in_channels", "in_features", "input_shape", "num_features", "num_channels", "input_dim", "input_size", "embed_dim",
    "batch_first", "axis", "dim",
)  # fmt: skip
"""Parameters that frameworks require and a spec knows: they are compared with the input."""


class SettingsReader:
    """Sorts the keys of lines into parameters.

    Args:
        spec: the one whose `defaults:` hold for its lines.
        note: notes a problem: its place, its message, and the rule that it breaks.

    Attributes:
        defaults: those of `defaults:`, by kind and parameter.
        frozen: the kinds whose weights are not trained by default.
        entering: the settings of lines about their input, by the id of the line.
    """

    _followers: dict[int, tuple[str, Settings]]
    """The kind and settings of each `norm: {groupnorm: 8}`, by the id of the mapping."""

    def __init__(self, spec: Spec, note: Callable[[Node, str, str], None]) -> None:
        self._note = note
        self._blocks = spec.blocks
        self._followers = {}
        self._entering: list[Setting] = []
        self.entering: dict[int, list[Setting]] = {}
        self.defaults: dict[str, Settings] = {}
        self.frozen: set[str] = set()
        for word, (key, parameters) in spec.defaults.items():
            if kind_words([word]):
                kind = kind_of(word)
                self._accept_all(kind, word, self._trained(kind, parameters), self.defaults.setdefault(kind.word, {}))
                continue
            hint = "; a block has its defaults in its signature" if word in spec.blocks else suggestion(word, WORDS)
            note(key, f"defaults: '{word}' is not a layer kind{hint}", "unknown-kind")

    def _trained(self, kind: Kind, parameters: MapNode) -> MapNode:
        """The parameters of a kind without `frozen:`, which is kept apart."""
        value = parameters.values.get("frozen")
        if value is None:
            return parameters
        if isinstance(value, ScalarNode) and value.text in ("true", "false"):
            self.frozen |= {kind.word} if value.text == "true" else set()
        else:
            self._note(value, "frozen: true or false is expected", "value")
        rest = MapNode(parameters.line, parameters.column)
        rest.values = {word: node for word, node in parameters.values.items() if word != "frozen"}
        rest.keys = {word: key for word, key in parameters.keys.items() if word != "frozen"}
        return rest

    def of(self, line: Line, word: str, kind: Kind) -> Settings:
        """The parameters of a line, with the kind's defaults; `word` is the line's word for the kind."""
        settings: Settings = {}
        self._entering = self.entering[id(line)] = []
        for name, value in self._whole(line.settings):
            if name == word:
                self._values(kind, line.keys[name], value, settings)
            elif value is not None:
                self._accept(kind, word, line.keys[name], value, settings)
        for figure, name in kind.layer.declared.items() if kind.layer is not None else ():
            if figure in line.claimed:
                settings[name] = Setting(line.keys[figure], line.claimed[figure])
        key, defaults = line.keys[word], self.defaults.get(kind.word, {})
        keys = [setting.key.text for setting in (*self._entering, *settings.values())]
        others = customs(word, keys) if word not in self._blocks else {}
        custom = self._custom(key, others, {**defaults, **settings}) if others else {}
        return {**_settings(key, custom), **defaults, **_settings(key, preset(word)), **settings}

    def _custom(self, key: ScalarNode, others: Mapping[str, Mapping[str, str]], given: Settings) -> Mapping[str, str]:
        """The defaults of the framework that a line is written for; a problem if these differ, and it is not clear."""
        ways = [
            f"'{name}: {text}' is the default of {framework}"
            for framework, defaults in others.items()
            for name, text in defaults.items()
            if name not in given
        ]
        if len(ways) > 1:
            message = f"{key.text}: frameworks differ, {' and '.join(ways)}; write the one that is meant"
            self._note(key, message, "missing-parameter")
        return next(iter(others.values()), {})

    def follower(self, value: str | MapNode) -> tuple[str, Settings]:
        """The kind that `norm:` or `activation:` adds, with its settings: `bn`, or `{groupnorm: 8}`."""
        return (value, {}) if isinstance(value, str) else self._followers[id(value)]

    def first(self, line: Line, kind: Kind) -> Settings:
        """The settings in `first:` for the first copy of a line."""
        settings: Settings = {}
        if line.first is None:
            return settings
        if line.repeat is None:
            self._note(line.first, "first: is for repeated layers; this line has no repeat:", "first")
        self._accept_all(kind, kind.word, line.first, settings)
        return settings

    def _values(self, kind: Kind, key: ScalarNode, value: Node | None, settings: Settings) -> None:
        """The values after the kind or block: its first parameters, or all of them in the long form."""
        if value is None or is_nothing(value):
            return
        if isinstance(value, MapNode):
            self._accept_all(kind, key.text, value, settings)
        elif not kind.first:
            self._note(value, f"{key.text} takes no value; write '- {key.text}'", "unknown-parameter")
        elif kind.several and isinstance(value, ListNode):
            if len(value.items) > len(kind.spellings):
                takes = f"{len(kind.spellings)} values ({', '.join(kind.spellings)})"
                self._note(value, f"{key.text} takes {takes}, not {len(value.items)}", "unknown-parameter")
            for name, item in zip(kind.spellings, value.items, strict=False):
                settings[name] = Setting(key, item)
        elif kind.leading(value) == "affine" and isinstance(value, ScalarNode) and value.text.isdecimal():
            # BatchNorm2d(64) has the number of input channels
            self._entering.append(Setting(ScalarNode("num_features", key.line, key.column), value))
        else:
            settings[kind.leading(value)] = Setting(key, value)

    def _accept_all(self, kind: Kind, word: str, given: MapNode, settings: Settings) -> None:
        for name, value in self._whole(given.values):
            if value is not None:
                self._accept(kind, word, given.keys[name], value, settings)

    def _whole(self, values: Mapping[str, Node | None]) -> Iterator[tuple[str, Node | None]]:
        """The entries; those that YAML reads for `(3, 3)` between braces are one list, and one problem."""
        if ")" not in "".join(values):
            yield from values.items()
            return
        names = [*values]
        end = 0
        for number, (name, value) in enumerate(values.items(), start=1):
            if number <= end:
                continue
            end = next((place for place, other in enumerate(names[number:], number + 1) if other.endswith(")")), 0)
            if end and isinstance(value, ScalarNode) and re.fullmatch(r"\(\d+", value.text):
                parts = [value.text[1:], *(part.removesuffix(")") for part in names[number:end])]
                text = ", ".join(parts)
                self._note(value, f"{name}: ({text}) is written [{text}]", "number")
                items = ListNode(value.line, value.column)
                items.items += [ScalarNode(part, value.line, value.column) for part in parts]
                yield name, items
            else:
                end = 0
                yield name, value

    def _accept(self, kind: Kind, word: str, key: ScalarNode, value: Node, settings: Settings) -> None:
        """Add one parameter under its canonical name."""
        name = kind.named(key.text)
        if name is None and key.text in IMPLIED and kind.layer is not None:
            self._entering.append(Setting(key, value))
            return
        if name is None and (follower := implied_follower(kind, key.text, value)):
            name, value = follower, key
        if name is None:
            self._note(key, _unknown_parameter(word, key.text, value, kind.spellings), "unknown-parameter")
        elif name in settings:
            other = settings[name].key.text
            twice = kind.several or key.text == other
            message = f"'{name}' is given twice" if twice else f"'{key.text}' and '{other}' mean the same; keep one"
            self._note(key, f"{word}: {message}", "duplicate-key")
        else:
            meanings = kind.parameters[name].alias_words if key.text != name else {}
            if isinstance(value, ScalarNode) and value.text.lower() in meanings:
                value = ScalarNode(meanings[value.text.lower()], value.line, value.column)
                if value.text == USUAL:
                    return
            if name in kind.followers and isinstance(value, MapNode):
                self._followers[id(value)] = self._follower(name, value, kind.parameters[name].words)
            settings[name] = Setting(key, value)

    def _follower(self, name: str, value: MapNode, known: tuple[str, ...]) -> tuple[str, Settings]:
        """The kind of `{groupnorm: 8}` with its settings; `none` if something is wrong with them."""
        word, *others = [*value.values] or [""]
        if others or not kind_words([word]) or kind_of(word).word not in known:
            expected = "one kind with its settings is expected, as {layernorm: {eps: 1e-6}} or {leaky_relu: 0.2}"
            self._note(value, f"{name}: {expected}; kinds are {', '.join(known[1:])}", "value")
            return "none", {}
        kind, settings = kind_of(word), Settings()
        self._values(kind, value.keys[word], value.values[word], settings)
        missing = kind.missing({**self.defaults.get(kind.word, {}), **settings})
        if missing:
            self._note(value.keys[word], f"{name}: {word} needs {' and '.join(missing)}", "missing-parameter")
        return ("none", {}) if missing else (kind.word, settings)


def _settings(key: ScalarNode, texts: Mapping[str, str]) -> Settings:
    """The settings that a word means besides the kind, as if they were written at its place."""
    return {name: Setting(key, ScalarNode(text, key.line, key.column)) for name, text in texts.items()}


def _unknown_parameter(word: str, key: str, value: Node, known: Mapping[str, str]) -> str:
    """The message about a key that is not a parameter."""
    if key in UNIVERSAL:
        return f"'{key}' belongs on the line, beside {word}, not in here"
    if key in IMPLIED:
        return f"{word} has no parameter '{key}': leave it out, it follows from what enters"
    if said := advice(resolved(word)[0], key):
        return f"{word} has no parameter '{key}': {said}"
    if split := split_number_hint(key, value):
        return split
    candidates = (*known, *UNIVERSAL)
    # The comma of `round_to(32*width, 8)` ends a value that has no quotes.
    comma = "; a value with a comma needs quotes, a size is 3x3 or [3, 3]" if key.endswith(")") else ""
    hint = colon_hint(key, candidates) or comma or suggestion(key, candidates)
    hint = hint or f"; it has {', '.join(dict.fromkeys(known.values())) or 'none'}"
    return f"{word} has no parameter '{key}'{hint}"


def colon_hint(word: str, candidates: tuple[str, ...]) -> str:
    """The hint if `stride:4` was read as one word; empty for other words."""
    return " (a space is needed after the colon)" if word.partition(":")[0] in candidates and ":" in word else ""
