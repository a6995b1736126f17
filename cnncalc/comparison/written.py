"""The lines of a spec in canonical words: the side of a spec that its writer edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cnncalc.language.model import Block, Line, Spec
from cnncalc.language.nodes import Node, ScalarNode, in_braces, one_line
from cnncalc.language.problems import Problems
from cnncalc.layers.parameters import Type
from cnncalc.network.plans import Plan, Planner
from cnncalc.network.settings import Settings
from cnncalc.network.vocabulary import kind_of

NOTHING = "none"


class WrittenLine(NamedTuple):
    """One line of a list of layers.

    Attributes:
        line: where it is, from 1.
        name: its explicit name; empty if it has none.
        word: the kind or block.
        leading: the parameter after it without a name; empty if there is none.
        settings: its own parameters as text, by canonical name.
        others: the default of every other parameter, by `defaults:` of the spec, too.
        flow: the universal keys that are there, as text, without the name.
        bodies: the lists of lines inside of it.
    """

    line: int
    name: str
    word: str
    leading: str
    settings: Mapping[str, str]
    others: Mapping[str, str]
    flow: Mapping[str, str]
    bodies: tuple[Lines, ...]

    @property
    def text(self) -> str:
        """The line in words: `conv 64, kernel 3`."""
        written = (*self.settings.items(), *self.flow.items())
        parts = [value if name == self.leading else f"{name} {value}" for name, value in written]
        return f"{self.word} {', '.join(parts)}".strip()

    def key(self) -> object:
        """A key that is equal for two lines that differ only in their names."""
        bodies = tuple(tuple(line.key() for line in body) for body in self.bodies)
        return self.word, tuple(sorted(self.settings.items())), tuple(sorted(self.flow.items())), bodies

    def value(self, setting: str) -> str:
        """A parameter as written, or its default; `none` for one that is not there."""
        return self.settings.get(setting) or self.flow.get(setting) or self.others.get(setting) or NOTHING


FLOW = {"from": "prev", "weights": "its own", "repeat": "1", "first": NOTHING, "shared": "false", "frozen": "false"}
"""The keys for the use of a line, with the values that hold if they are not written."""


Lines = Sequence[WrittenLine]

Blocks = Mapping[str, tuple[str, Lines]]
"""The signature and the lines of every block."""


class WrittenSpec(NamedTuple):
    """A spec as it is written.

    Attributes:
        layers: the lines of `layers:`.
        blocks: those of `blocks:`.
        variables: `vars:`, as `vars.width`.
        defaults: `defaults:`, as `defaults.conv.norm`.
    """

    layers: Lines
    blocks: Blocks
    variables: Mapping[str, str]
    defaults: Mapping[str, str]


def read_written(spec: Spec) -> WrittenSpec:
    """The written form of a spec without problems."""
    reader = _LineReader(Planner(spec, Problems(spec.file, spec.text)))
    return WrittenSpec(
        layers=reader.lines(spec.layers),
        blocks={name: (_signature(block), reader.lines(block.body)) for name, block in spec.blocks.items()},
        variables={f"vars.{name}": node.text for name, node in spec.variables.items()},
        defaults=reader.defaults(spec),
    )


def without_default(name: str) -> str:
    """The value of `defaults.conv.norm` in a spec that does not have it."""
    _, kind, parameter = name.split(".")
    return kind_of(kind).parameters[parameter].default_text


def _signature(block: Block) -> str:
    """`bottleneck(c, stride=1)`, in one spacing."""
    parameters = [name if default is None else f"{name}={default.text}" for name, default in block.parameters.items()]
    return f"{block.name}({', '.join(parameters)})" if parameters else block.name


class _LineReader:
    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def lines(self, lines: tuple[Line, ...]) -> Lines:
        """The written lines of a list."""
        return tuple(self._line(line, plan) for line in lines if (plan := self._planner.plan(line)) is not None)

    def _line(self, line: Line, plan: Plan) -> WrittenLine:
        defaults = self._planner.defaults(plan.name) if plan.kind is not None else {}
        settings = plan.settings_of(line)
        own = {name: setting for name, setting in settings.items() if defaults.get(name) is not setting}
        leading, others = _unwritten(plan, settings, defaults)
        flow = {word: one_line(node) for word, node in line.usage.items() if word in FLOW}
        if plan.first:
            flow["first"] = in_braces({name: one_line(setting.value) for name, setting in plan.first.items()})
        return WrittenLine(
            line=line.line + 1,
            name=line.name.text if line.name is not None else "",
            word=plan.name,
            leading=leading,
            settings=dict(self._settings(plan, own)),
            others=others | FLOW,
            flow=flow,
            bodies=tuple(map(self.lines, (*plan.bodies, *([plan.shortcut] if plan.shortcut is not None else [])))),
        )

    def _settings(self, plan: Plan, own: Settings) -> Iterator[tuple[str, str]]:
        """The parameters of a line as text, without lists of layers, which are compared line by line."""
        for name, setting in own.items():
            type_ = plan.kind.parameters[name].type if plan.kind is not None else None
            if type_ is Type.SHORTCUT and not isinstance(setting.value, ScalarNode):
                yield name, "layers"
            elif type_ not in (Type.LAYERS, Type.PATHS):
                yield name, one_line(setting.value)

    def defaults(self, spec: Spec) -> dict[str, str]:
        """`defaults:` by kind and parameter."""
        kinds = dict.fromkeys(kind_of(word).word for word in spec.defaults)
        return {
            f"defaults.{kind}.{name}": one_line(setting.value)
            for kind in kinds
            for name, setting in self._planner.defaults(kind).items()
        }


def _said(value: Node) -> str | bool:
    """A flag as it is, and any other value in its words."""
    text = one_line(value)
    return {"true": True, "false": False}.get(text.lower(), text)


def _unwritten(plan: Plan, settings: Settings, defaults: Settings) -> tuple[str, dict[str, str]]:
    """The parameter that needs no name, and the value of every one that a line need not write."""
    if plan.kind is None:
        assert plan.block is not None
        parameters = plan.block.parameters
        given = {name: NOTHING if default is None else default.text for name, default in parameters.items()}
        return next(iter(parameters), ""), given
    plain = {name: parameter.default_text for name, parameter in plan.kind.parameters.items()}
    from_others = {
        name: str(parameter.usual({parameter.default_from: _said(settings[parameter.default_from].value)}))
        for name, parameter in plan.kind.parameters.items()
        if parameter.default_from in settings
    }
    given = {name: one_line(setting.value) for name, setting in defaults.items()}
    return plan.kind.first, plain | from_others | given
