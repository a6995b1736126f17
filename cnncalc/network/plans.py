"""Lines → plans: which kind or block a line means and which value each parameter has, as written.

Everything that is known without evaluating a number is decided here, once for each line, however
often a block is used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from cnncalc.language.expressions import is_name
from cnncalc.language.lines import read_lines
from cnncalc.language.model import Block, Line, Spec
from cnncalc.language.nodes import NOTHING, ListNode, MapNode, Node, ScalarNode, is_nothing
from cnncalc.language.problems import Problems
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.parameters import ACTIVATIONS, Type
from cnncalc.network.settings import Setting, Settings, SettingsReader, colon_hint
from cnncalc.network.values import NUMBERS, is_word
from cnncalc.network.vocabulary import (
    WORDS,
    Kind,
    all_parameter_words,
    block_kind,
    foreign,
    kind_of,
    kind_suggestion,
    kind_words,
    resolved,
    spelled,
    takes,
)

Lines = tuple[Line, ...]


class PlainForm(NamedTuple):
    """The values of lines of one form, if they are digits, words and names of numbers.

    Attributes:
        words: the parameters that are words, with their values.
        hidden_by: the names that would hide one of these words, or of those in `defaults:`.
        numbers: the parameters that are digits, and then those that are names, with the smallest value of each.
        keys: the keys of the line that give the digits.
        names: the names.
    """

    words: Mapping[str, str | bool]
    hidden_by: frozenset[str]
    numbers: Mapping[str, int]
    keys: tuple[str, ...]
    names: tuple[str, ...]


class Plan(NamedTuple):
    """The meaning of a line, or of lines of one form, which differ in their places and numbers.

    Attributes:
        word: the kind or block as the spec writes it.
        kind: the kind; None for a block.
        block: the block; None for a kind.
        settings: by canonical parameter name, with the kind's defaults; of the first line of the form.
        first: the settings that `first:` gives.
        first_copy: the plan of the first copy, if `first:` changes it.
        sound: whether nothing is wrong so far; if not, only its values are checked.
        bodies: the lines of a composite's lists, one list for each path.
        shortcut: the lines of a residual's shortcut, if it is a list.
        rank: the rank that an alias such as `conv2d` asserts.
        given: the keys of the settings that each line of the form gives, by canonical name; the others are defaults.
        plain: the values of all its lines, if the form says what they are.
    """

    word: str
    kind: Kind | None
    block: Block | None
    settings: Settings
    first: Settings
    bodies: tuple[Lines, ...]
    shortcut: Lines | None
    rank: int | None
    first_copy: Plan | None = None
    sound: bool = True
    given: Mapping[str, str] = {}
    plain: PlainForm | None = None

    def at(self, line: Line) -> ScalarNode:
        """The key of the kind or block of a line, for the place of a problem."""
        return line.keys[self.word]

    def setting(self, name: str, line: Line) -> Setting:
        """The setting of a line for a parameter, or its default."""
        key = self.given.get(name)
        return self.settings[name] if key is None else Setting(line.keys[key], line.settings[key])  # type: ignore[arg-type]  # a value

    def settings_of(self, line: Line) -> Settings:
        """All settings of a line."""
        return {name: self.setting(name, line) for name in self.settings} if self.given else self.settings

    @property
    def name(self) -> str:
        """The canonical word, which automatic names count."""
        return self.kind.word if self.kind is not None else self.word

    @property
    def layer(self) -> type[Layer] | None:
        """The class of a layer with arithmetic of its own; None for a kind that holds other lines."""
        return self.kind.layer if self.kind is not None else None


Form = tuple[str | int | None, ...]
"""The words of a line with their values: a text, 0 for any whole number, None for nothing."""


def _form(line: Line) -> Form | None:
    """The form of a line; None if its plan depends on more than that."""
    if line.first is not None:
        return None
    form: list[str | int | None] = []
    for word, value in line.settings.items():
        if value is None:
            form += word, None
        elif type(value) is ScalarNode and value.text not in NOTHING:
            form += word, 0 if value.text.isdecimal() else value.text
        else:
            return None
    form += line.claimed  # the settings of some kinds
    return tuple(form)


_plans: dict[tuple[object, Form], Plan] = {}
"""Plans of forms, kept for further specs: with the same `defaults:` a form without blocks means the same in all."""

MOST_PLANS = 2048
"""The most plans that are kept."""


def _common(spec: Spec) -> tuple[str, ...] | None:
    """The words of `defaults:`, the same in specs that mean the same by them; None if a value has to be computed."""
    words: list[str] = []
    for kind, (_, parameters) in spec.defaults.items():
        words += kind, "{"
        for name, value in parameters.values.items():
            text = value.text if isinstance(value, ScalarNode) else ""
            if text in (*NOTHING, "in") or not (is_name(text) or text.isdecimal()):
                return None
            words += name, text
    return tuple(words)


def _plain(plan: Plan, defaults: Collection[str]) -> PlainForm | None:
    """The values of the lines of a form; None if one of them is something else."""
    kind = plan.kind
    if kind is None or kind.layer is None or kind.layer.declared or kind.layer.copies:
        return None
    words: dict[str, str | bool] = {}
    hidden_by, digits, names = {*defaults}, {}, {}
    for name, setting in plan.settings.items():
        parameter, text = kind.parameters[name], getattr(setting.value, "text", "")
        if is_word(text, parameter) or (parameter.type is Type.FLAG and text in ("true", "false")):
            words[name] = text == "true" if parameter.type is Type.FLAG else text
            hidden_by.add(text)
        elif name not in plan.given or parameter.type not in NUMBERS:
            return None  # a number in `defaults:` has a place of its own if it is wrong
        elif text.isdecimal():
            digits[name] = plan.given[name]
        elif is_name(text):
            names[name] = text
        else:
            return None
    least = {name: kind.parameters[name].minimum or 0 for name in (*digits, *names)}
    return PlainForm(words, frozenset(hidden_by), least, tuple(digits.values()), tuple(names.values()))


class Noted:
    """Notes problems, and keeps whether something is wrong with the line that is planned.

    It is shared with the reader of settings: if that knew the planner, the two would know each other, and all plans
    would wait for the garbage collector.

    Attributes:
        failed: whether anything is wrong, even if that is not a new problem.
        mistyped: whether a key is not a parameter.
    """

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self.failed = self.mistyped = False

    def note(self, at: ScalarNode | Line | Node, message: str, rule: str) -> None:
        """Note a problem of the line."""
        self.failed = True
        self.mistyped = self.mistyped or rule == "unknown-parameter"
        self._problems.add(at, message, rule)


class Planner:
    """Plans the lines of one spec, each once."""

    def __init__(self, spec: Spec, problems: Problems) -> None:
        self._problems = problems
        self._blocks = spec.blocks
        self._noted = Noted(problems)
        self._plans: dict[int, tuple[Line, Plan | None]] = {}
        self._forms: dict[Form, Plan] = {}
        self._common = _common(spec)
        self._check_block_names()
        self._settings = SettingsReader(spec, self._noted.note)

    def plan(self, line: Line, where: str = "") -> Plan | None:
        """The plan of a line; None if its problems leave nothing to go on with.

        Its problems end in `where`, which names the uses of the blocks around the line.
        """
        known = self._plans.get(id(line))
        if known is None:
            self._problems.where = where
            form = _form(line)
            plan = self._forms.get(form) if form is not None else None
            if plan is None:
                plan = self._of_form(form, line) if form is not None else self._make(line)
            # The line is kept beside its plan: while it lives, no other line has its id.
            known = self._plans[id(line)] = line, plan
            self._problems.where = ""
        return known[1]

    def _of_form(self, form: Form, line: Line) -> Plan | None:
        """The plan of a line whose form is new in this spec; another spec may have had it."""
        common = self._common is not None and self._blocks.keys().isdisjoint(line.settings)
        key = (self._common, form)
        if common and (known := _plans.get(key)) is not None:
            plan = self._forms[form] = known._replace(settings={**known.settings, **self.defaults(known.name)})
            return plan
        made = self._make(line)
        given = self._given(line, made) if made is not None else None
        if made is None or given is None:
            return made
        plan = self._forms[form] = made._replace(given=given)
        if common:
            plan = self._forms[form] = plan._replace(plain=_plain(plan, self._common or ()))
            if len(_plans) >= MOST_PLANS:
                _plans.clear()
            _plans[key] = plan
        return plan

    def _given(self, line: Line, plan: Plan) -> dict[str, str] | None:
        """The key of each setting of a line, if all that its plan has are its own values and defaults; else None."""
        if not plan.sound or plan.bodies or plan.shortcut is not None or self.entering(line):
            return None
        words = {id(value): word for word, value in line.settings.items() if value is not None}
        defaults = self.defaults(plan.name)
        given = {name: words[id(one.value)] for name, one in plan.settings.items() if id(one.value) in words}
        shared = all(name in given or one is defaults.get(name) for name, one in plan.settings.items())
        return given if shared else None

    def plan_all(self, lines: Lines) -> None:
        """Plan lines and everything inside them, for their problems alone."""
        for line in lines:
            plan = self.plan(line)
            if plan is not None:
                self._plan_inside(plan)

    def _plan_inside(self, plan: Plan) -> None:
        for body in (*plan.bodies, plan.shortcut or ()):
            self.plan_all(body)

    @property
    def frozen(self) -> set[str]:
        """The kinds whose weights are not trained by `defaults:`."""
        return self._settings.frozen

    def entering(self, line: Line) -> list[Setting]:
        """The settings of a line that state its input, as `in_features: 1568`."""
        return self._settings.entering.get(id(line), [])

    def defaults(self, kind: str) -> Settings:
        """The settings in `defaults:` for a kind, by parameter."""
        return self._settings.defaults.get(kind, {})

    def follower(self, value: str | MapNode) -> tuple[str, Settings]:
        """The kind that `norm:` or `activation:` adds, with its settings."""
        return self._settings.follower(value)

    def _check_block_names(self) -> None:
        for block in self._blocks.values():
            if block.name in WORDS:
                self._noted.note(block.at, f"block '{block.name}' has the name of a kind; take another", "block")
            elif block.name in all_parameter_words():
                self._noted.note(block.at, f"block '{block.name}' has the name of a parameter; take another", "block")
            for name in block.parameters:
                if name in WORDS or name in self._blocks:
                    self._noted.note(
                        block.at, f"parameter '{name}' has the name of a kind or block; take another", "block"
                    )

    def _make(self, line: Line) -> Plan | None:
        words = self._kinds(line)
        if len(words) > 1:
            # `{bn, scale: false}`: scale is a parameter of bn, and bn none of scale.
            words = [word for word in words if self._takes(word, words)] or words
        if len(words) > 1:
            # `{lstm: 4, dropout: 0.2}`: frameworks have it as a parameter.
            known = [word for word in words if word not in self._blocks]
            words = [word for word in known if all(takes(word, key) for key in words if key != word)] or words
        if len(words) != 1:
            self._note_kind_problem(line, words)
            return None
        before, self._noted.failed, self._noted.mistyped = len(self._problems), False, False
        plan = self._plan(line, words[0])
        if len(self._problems) == before and not self._noted.failed:
            return plan
        if plan.layer is not None and not plan.first:
            return plan._replace(sound=False)
        # To go on with half a line would report problems that only follow from its mistake.
        self._plan_inside(plan)
        return None

    def _takes(self, word: str, words: list[str]) -> bool:
        """Whether a word is a kind that has all others as parameters."""
        return word in WORDS and {*words} - {word} <= kind_of(word).spellings.keys()

    def _kinds(self, line: Line) -> list[str]:
        """The words of a line that name a kind or block, without the norm and activation that follow the first."""
        first, *others = kind_words(line.settings, self._blocks) or [""]
        if not others or first in self._blocks:
            return [word for word in (first, *others) if word]
        followers, places = kind_of(first).followers, []
        for word in others:
            names = [name for name, parameter in followers.items() if spelled(word, parameter) in parameter.words]
            value = line.settings[word]
            if not names or not (value is None or is_nothing(value)):
                return [first, *others]
            places.append([*followers].index(names[0]))
        return [first] if places == sorted({*places}) else [first, *others]

    def _plan(self, line: Line, word: str) -> Plan:
        block, at = self._blocks.get(word), line.keys[word]
        kind = block_kind(block) if block is not None else kind_of(word)
        settings = self._settings.of(line, word, kind)
        self._note_missing(at, word, kind.missing(settings), block)
        first = self._settings.first(line, kind)
        bodies, shortcut = self._bodies(kind, settings)
        known, rank = (kind, resolved(word)[1]) if block is None else (None, None)
        plan = Plan(word, known, block, settings, first, bodies, shortcut, rank)
        if not first:
            return plan
        settings = {**settings, **first}
        bodies, shortcut = self._bodies(kind, settings)
        return plan._replace(first_copy=plan._replace(settings=settings, bodies=bodies, shortcut=shortcut))

    def _note_missing(self, at: ScalarNode, word: str, missing: list[str], block: Block | None) -> None:
        """Note parameters that are missing, unless a wrong word on the line may be meant for one."""
        self._noted.failed = self._noted.failed or bool(missing)
        if missing and not self._noted.mistyped:
            declared = LAYERS[word].declared if word in LAYERS else {}
            missing = [next((figure for figure, field in declared.items() if field == name), name) for name in missing]
            names, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
            advice = f"'cnncalc layers {word}' says what it takes"
            if block is not None:
                advice = f"the block is {block.at.text} on line {block.at.line + 1}"
            self._noted.note(at, f"{word}: {names} {verb} missing; {advice}", "missing-parameter")

    def _note_kind_problem(self, line: Line, words: list[str]) -> None:
        if words:
            first, second = words[:2]
            advice = f"'activation: {second}'" if second in ACTIVATIONS else "a line of its own"
            message = f"two kinds on one line, '{first}' and '{second}'; give the second {advice}"
            self._noted.note(line.keys[second], message, "two-kinds")
            return
        unknown = [w for w in line.settings if w not in all_parameter_words()]
        if not unknown:
            message = f"no layer kind on this line, only {', '.join(line.settings or line.keys)}"
            if not line.settings:
                message += "; add a kind or block, without a value if it needs none, as {name: 7b, relu}"
            self._noted.note(line, message, "unknown-kind")
            return
        word = next((word for word in unknown if foreign(word)), unknown[0])
        if (known := foreign(word.partition("(")[0])) and known.reason:
            self._noted.note(line.keys[word], f"no layer kind '{word}': {known.reason}", "unknown-kind")
            return
        head, call, _ = word.partition("(")
        if call and kind_words([head], self._blocks):
            message = f"'{word:.60}' is a call; 'cnncalc layers {head}' says how the values are written"
            self._noted.note(line.keys[word], message, "unknown-kind")
            return
        candidates = (*self._blocks, *WORDS)
        hint = colon_hint(word, candidates) or kind_suggestion(word, candidates)
        hint = hint or "; 'cnncalc layers' lists the kinds"
        self._noted.note(line.keys[word], f"unknown layer kind '{word}'{hint}", "unknown-kind")

    def _bodies(self, kind: Kind, settings: Settings) -> tuple[tuple[Lines, ...], Lines | None]:
        """The lines of a composite's lists, and those of a residual's shortcut if it has a list."""
        if kind.layer is not None or kind.several:
            return (), None
        bodies: list[Lines] = []
        shortcut = None
        for name, setting in settings.items():
            match kind.parameters[name].type:
                case Type.LAYERS:
                    bodies.append(read_lines(setting.value, self._problems))
                case Type.PATHS:
                    bodies += self._paths(setting)
                case Type.SHORTCUT if isinstance(setting.value, ListNode):
                    shortcut = read_lines(setting.value, self._problems)
        return tuple(bodies), shortcut

    def _paths(self, setting: Setting) -> list[Lines]:
        paths = setting.value.items if isinstance(setting.value, ListNode) else []
        if not paths or not all(isinstance(path, ListNode) for path in paths):
            expected = "a list of lists is expected, a list of layers for each path; [] is the identity"
            self._noted.note(setting.value, f"{setting.key.text}: {expected}", "grammar")
            return []
        return [read_lines(path, self._problems) for path in paths]
