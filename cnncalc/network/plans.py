"""Lines → plans: which kind or block a line means and which value each parameter has, as written.

Everything that can be said without evaluating a number is said here, once for each line, however
often a block is used.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import NamedTuple

from cnncalc.layers.parameters import Type
from cnncalc.network.vocabulary import ALIASES, WORDS, Kind, all_parameter_words, kind_of
from cnncalc.spec.claims import split_number_hint
from cnncalc.spec.grammar import UNIVERSAL, read_lines
from cnncalc.spec.model import Block, Line, Spec
from cnncalc.spec.nodes import Mapping, Node, Scalar, Sequence
from cnncalc.spec.problems import Problems, suggestion


class Setting(NamedTuple):
    """A parameter as written: the key for its place, and the value."""

    key: Scalar
    value: Node


Settings = dict[str, Setting]


class Plan(NamedTuple):
    """What a line means.

    Attributes:
        at: the key of the kind or block, for the place of a problem.
        word: the kind or block as the spec calls it.
        kind: the kind; None for a block.
        block: the block; None for a kind.
        settings: by canonical parameter name, with the kind's defaults.
        first: the settings that `first:` replaces in the first copy.
        bodies: the lines of a composite's lists, one list for each path.
        rank: the rank that an alias such as `conv2d` asserts.
    """

    at: Scalar
    word: str
    kind: Kind | None
    block: Block | None
    settings: Settings
    first: Settings
    bodies: tuple[tuple[Line, ...], ...]
    shortcut: tuple[Line, ...] | None
    rank: int | None

    @property
    def name(self) -> str:
        """The canonical word, which automatic names count."""
        return self.kind.word if self.kind is not None else self.word

    @property
    def is_leaf(self) -> bool:
        """Whether the line is a layer with arithmetic of its own."""
        return self.kind is not None and self.kind.layer is not None


class Planner:
    """Plans the lines of one spec, each once."""

    def __init__(self, spec: Spec, problems: Problems) -> None:
        self._problems = problems
        self._blocks = spec.blocks
        self._plans: dict[int, Plan | None] = {}
        self._where = ""
        self._check_block_names()
        self._defaults = self._read_defaults(spec)

    def plan(self, line: Line, where: str = "") -> Plan | None:
        """The plan of a line; None where its problems leave nothing to go on with.

        Args:
            line: the line.
            where: how a problem names the uses of the blocks around the line.
        """
        key = id(line)
        if key not in self._plans:
            self._where = where
            self._plans[key] = self._make(line)
        return self._plans[key]

    def plan_all(self, lines: tuple[Line, ...]) -> None:
        """Plan lines and everything inside them, for their problems alone."""
        for line in lines:
            plan = self.plan(line)
            if plan is not None:
                for body in plan.bodies:
                    self.plan_all(body)
                self.plan_all(plan.shortcut or ())

    def defaults(self, kind: str) -> Settings:
        """What `defaults:` gives for a kind, by parameter."""
        return self._defaults.get(kind, {})

    def _note(self, at: Scalar | Line | Node, message: str, rule: str) -> None:
        self._problems.add(at, message, rule, self._where)

    def _check_block_names(self) -> None:
        for block in self._blocks.values():
            if block.name in WORDS:
                self._note(block.at, f"block '{block.name}' has the name of a kind; take another", "block")
            for name in block.parameters:
                if name in WORDS or name in self._blocks:
                    self._note(block.at, f"parameter '{name}' has the name of a kind or block; take another", "block")

    def _read_defaults(self, spec: Spec) -> dict[str, Settings]:
        defaults: dict[str, Settings] = {}
        for word, (key, parameters) in spec.defaults.items():
            if word not in WORDS:
                hint = suggestion(word, WORDS)
                if word in self._blocks:
                    hint = "; a block has its defaults in its signature"
                self._note(key, f"defaults: '{word}' is not a layer kind{hint}", "unknown-kind")
                continue
            kind = kind_of(word)
            settings: Settings = {}
            for name, value in parameters.values.items():
                self._accept(kind, word, parameters.keys[name], value, settings)
            defaults[kind.word] = settings
        return defaults

    def _make(self, line: Line) -> Plan | None:
        words = [word for word in line.settings if word in self._blocks or word in WORDS]
        if len(words) != 1:
            self._note_kind_problem(line, words)
            return None
        before = len(self._problems)
        plan = self._block_plan(line, words[0]) if words[0] in self._blocks else self._kind_plan(line, words[0])
        if len(self._problems) == before:
            return plan
        # Going on with half a line would report what only follows from its mistake.
        for body in (*plan.bodies, plan.shortcut or ()):
            self.plan_all(body)
        return None

    def _block_plan(self, line: Line, word: str) -> Plan:
        block, at = self._blocks[word], line.keys[word]
        settings = self._block_settings(line, block)
        missing = [name for name, default in block.parameters.items() if default is None and name not in settings]
        self._note_missing(at, word, missing, f"the block is {block.at.text} on line {block.at.line + 1}")
        return Plan(at, word, None, block, settings, self._first(line, None, block), (), None, None)

    def _kind_plan(self, line: Line, word: str) -> Plan:
        kind, at = kind_of(word), line.keys[word]
        settings = self._kind_settings(line, word, kind)
        missing = [name for name in kind.required if name not in settings]
        self._note_missing(at, word, missing, f"'cnncalc layers {word}' says what it takes")
        bodies, shortcut = self._bodies(kind, settings) if kind.layer is None else ((), None)
        rank = ALIASES[word][1] if word in ALIASES else None
        return Plan(at, word, kind, None, settings, self._first(line, kind, None), bodies, shortcut, rank)

    def _note_missing(self, at: Scalar, word: str, missing: list[str], where_to_look: str) -> None:
        """Note parameters that are missing, unless a wrong word on the line may be meant for one."""
        unknown = any(p.rule == "unknown-parameter" and p.line == at.line + 1 for p in self._problems.found)
        if missing and not unknown:
            names, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
            self._note(at, f"{word}: {names} {verb} missing; {where_to_look}", "missing-parameter")

    def _note_kind_problem(self, line: Line, words: list[str]) -> None:
        if words:
            first, second = words[:2]
            advice = f"'activation: {second}'" if second in kind_words("activation") else "a line of its own"
            message = f"two kinds on one line, '{first}' and '{second}'; give the second {advice}"
            self._note(line.keys[second], message, "two-kinds")
            return
        unknown = [w for w in line.settings if w not in all_parameter_words()]
        if not unknown:
            message = f"no layer kind on this line, only {', '.join(line.settings) or 'name, from or repeat'}"
            self._note(line, message, "unknown-kind")
            return
        word = unknown[0]
        candidates = (*self._blocks, *WORDS)
        hint = colon_hint(word, candidates) or suggestion(word, candidates)
        hint = hint or "; 'cnncalc layers' lists the kinds"
        self._note(line.keys[word], f"unknown layer kind '{word}'{hint}", "unknown-kind")

    def _kind_settings(self, line: Line, word: str, kind: Kind) -> Settings:
        settings: Settings = {}
        for name, value in line.settings.items():
            key = line.keys[name]
            if name == word:
                self._first_value(kind, key, value, settings)
            elif value is not None:
                self._accept(kind, word, key, value, settings)
        return {**self._defaults.get(kind.word, {}), **settings}

    def _first_value(self, kind: Kind, key: Scalar, value: Node | None, settings: Settings) -> None:
        """What stands behind `kind:`: the first parameter, or all of them in the long form."""
        if value is None or (isinstance(value, Scalar) and not value.text):
            return
        if isinstance(value, Mapping):
            for name, long_value in value.values.items():
                self._accept(kind, key.text, value.keys[name], long_value, settings)
        elif kind.first:
            settings[kind.first] = Setting(key, value)
        else:
            self._note(value, f"{key.text} takes no value; write '- {key.text}'", "unknown-parameter")

    def _accept(self, kind: Kind, word: str, key: Scalar, value: Node, settings: Settings) -> None:
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
            settings[name] = Setting(key, value)

    def _note_unknown_parameter(self, word: str, key: Scalar, value: Node, known: MappingOf[str, object]) -> None:
        candidates = (*known, *UNIVERSAL)
        hint = (
            colon_hint(key.text, candidates)
            or comma_hint(key.text)
            or suggestion(key.text, candidates)
            or f"; it has {', '.join(dict.fromkeys(map(str, known.values()))) or 'none'}"
        )
        message = split_number_hint(key.text, value) or f"{word} has no parameter '{key.text}'{hint}"
        self._note(key, message, "unknown-parameter")

    def _block_settings(self, line: Line, block: Block) -> Settings:
        settings: Settings = {}
        for name, value in line.settings.items():
            key = line.keys[name]
            if name == block.name:
                self._block_value(block, key, value, settings)
            elif value is not None:
                self._accept_argument(block, key, value, settings)
        return settings

    def _block_value(self, block: Block, key: Scalar, value: Node | None, settings: Settings) -> None:
        """What stands behind `block:`: its first parameters in order, or all in the long form."""
        if value is None or (isinstance(value, Scalar) and not value.text):
            return
        if isinstance(value, Mapping):
            for name, long_value in value.values.items():
                self._accept_argument(block, value.keys[name], long_value, settings)
            return
        given = value.items if isinstance(value, Sequence) else [value]
        if len(given) > len(block.parameters):
            takes = (
                f"{len(block.parameters)} values ({', '.join(block.parameters)})" if block.parameters else "no value"
            )
            self._note(value, f"{block.name} takes {takes}, not {len(given)}", "unknown-parameter")
        for name, argument in zip(block.parameters, given, strict=False):
            settings[name] = Setting(key, argument)

    def _accept_argument(self, block: Block, key: Scalar, value: Node, settings: Settings) -> None:
        if key.text not in block.parameters:
            known = {name: name for name in block.parameters}
            self._note_unknown_parameter(block.name, key, value, known)
        elif key.text in settings:
            self._note(key, f"{block.name}: '{key.text}' is given twice", "duplicate-key")
        else:
            settings[key.text] = Setting(key, value)

    def _first(self, line: Line, kind: Kind | None, block: Block | None) -> Settings:
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

    def _bodies(self, kind: Kind, settings: Settings) -> tuple[tuple[tuple[Line, ...], ...], tuple[Line, ...] | None]:
        """The lines of a composite's lists, and those of a residual's shortcut if it has a list."""
        bodies: list[tuple[Line, ...]] = []
        shortcut = None
        for name, setting in settings.items():
            match kind.parameters[name].type:
                case Type.LAYERS:
                    bodies.append(read_lines(setting.value, self._problems))
                case Type.PATHS:
                    bodies += self._paths(setting)
                case Type.SHORTCUT if isinstance(setting.value, Sequence):
                    shortcut = read_lines(setting.value, self._problems)
        return tuple(bodies), shortcut

    def _paths(self, setting: Setting) -> list[tuple[Line, ...]]:
        paths = setting.value.items if isinstance(setting.value, Sequence) else []
        if not paths or not all(isinstance(path, Sequence) for path in paths):
            message = (
                f"{setting.key.text}: a list of lists is expected, a list of layers for each path; [] is the identity"
            )
            self._note(setting.value, message, "grammar")
            return []
        return [read_lines(path, self._problems) for path in paths]


def kind_words(follower: str) -> tuple[str, ...]:
    """The kinds that `norm:` or `activation:` can name."""
    return kind_of("conv").parameters[follower].words


def colon_hint(word: str, candidates: tuple[str, ...]) -> str:
    """What to say where `stride:4` was read as one word."""
    return " (a space is needed after the colon)" if word.partition(":")[0] in candidates and ":" in word else ""


def comma_hint(word: str) -> str:
    """What to say where the comma of `round_to(32*width, 8)` ended the value."""
    return "; a value with a comma needs quotes" if word.endswith(")") else ""
