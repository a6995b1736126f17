"""Plans → layers: the values of a line are read, and its layer is made with what follows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cnncalc.errors import ShapeError
from cnncalc.language.model import Line
from cnncalc.language.nodes import ScalarNode
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.layers.parameters import Parameter
from cnncalc.network.assembly import Assembly
from cnncalc.network.numbers import Context, ValueProblem
from cnncalc.network.plans import Plan, Planner
from cnncalc.network.scope import NotComputed, Scope
from cnncalc.network.settings import Setting
from cnncalc.network.values import read_value
from cnncalc.network.vocabulary import kind_of
from cnncalc.shapes import Shape

T = TypeVar("T")

Recipe = tuple[Layer, tuple[Layer, ...]]
"""A layer and its followers (norm, activation)."""


class Recipes:
    """Makes the layers of one network; notes every value that is wrong.

    Args:
        planner: knows `defaults:`.
        assembly: knows the shapes so far.
        scope: the names at the top of the spec, which `defaults:` may use.
    """

    def __init__(self, planner: Planner, assembly: Assembly, scope: Scope) -> None:
        self._planner = planner
        self._assembly = assembly
        self._scope = scope
        self._known: dict[object, Recipe] = {}

    def recipe(self, line: Line, plan: Plan, scope: Scope, operand: str) -> Recipe | None:
        """The layer of a line; the same object for lines of the same words at the same input.

        Args:
            line: the line.
            plan: what it means.
            scope: the names that it sees.
            operand: the value that enters.

        Returns:
            None where a value is wrong or depends on something unknown.
        """
        plain = scope is self._scope and not plan.first
        key = _key(line, self._assembly.shapes[operand]) if plain else None
        if key is not None and key in self._known:
            return self._known[key]
        before = len(self._assembly.problems)
        recipe = self._make(plan, scope, operand)
        if recipe is not None and key is not None and len(self._assembly.problems) == before:
            self._known[key] = recipe
        return recipe

    def _make(self, plan: Plan, scope: Scope, operand: str) -> Recipe | None:
        kind, shape = plan.kind, self._assembly.shapes[operand]
        assert kind is not None
        assert kind.layer is not None
        context = self._assembly.context(scope, operand)
        defaults = self._planner.defaults(kind.word)
        top = context._replace(scope=self._scope) if defaults else context
        values = {
            name: self.read(
                setting, name, kind.parameters[name], top if defaults.get(name) is setting else context, scope
            )
            for name, setting in plan.settings.items()
            if name != "inputs"
        }
        if shape is None or not plan.sound or any(value is None for value in values.values()):
            return None
        layout = self._assembly.layout
        if plan.rank is not None and plan.rank != shape.rank:
            message = f"{plan.word} is for {plan.rank}-D maps but its input is {shape.text(layout)}"
            self._assembly.note(plan.at, message, "rank", scope)
            return None
        words = [str(values.pop(name, parameter.default)) for name, parameter in kind.followers.items()]
        try:
            layer = make(kind.layer, shape.rank, **values)
            return layer, self._followers(words, layer, shape)
        except ShapeError as error:
            self._assembly.note(plan.at, error.about(plan.word, layout), "shape", scope)
            return None

    def _followers(self, words: list[str], layer: Layer, x: Shape) -> tuple[Layer, ...]:
        """The layers that `norm:` and `activation:` add behind a layer."""
        if all(word == "none" for word in words):
            return ()
        channels = None
        if any(self._planner.defaults(word) for word in words):
            channels = x.channels if layer.operands else layer.output_shape(x).channels
        return tuple(self.follower(word, x.rank, channels) for word in words if word != "none")

    def follower(self, word: str, rank: int, channels: int | None) -> Layer:
        """The layer that `norm: word` or `activation: word` adds, with the defaults of its kind.

        Args:
            word: the kind.
            rank: the number of spatial axes of its input.
            channels: of its input; None where that is not known.
        """
        given = {name: self.default(word, name, channels) for name in self._planner.defaults(word)}
        return make(LAYERS[word], rank, **given)

    def default(self, kind: str, name: str, channels: int | None) -> object:
        """The value of a kind's parameter on a line that does not give it, where `channels` enter."""
        parameter, setting = kind_of(kind).parameters[name], self._planner.defaults(kind).get(name)
        if setting is None:
            return parameter.default
        return self.read(setting, name, parameter, Context(self._scope, channels, self._assembly.layout), self._scope)

    def read(self, setting: Setting, name: str, parameter: Parameter, context: Context, scope: Scope) -> object:
        """A parameter's value; None where it is wrong or unknown."""
        try:
            return read_value(setting.value, name, parameter, context)
        except (ValueProblem, NotComputed) as reason:
            self._note(reason, scope)
            return None

    def _note(self, reason: ValueProblem | NotComputed, scope: Scope) -> None:
        """Note a wrong value; one that depends on something unknown was noted where that is."""
        if isinstance(reason, ValueProblem):
            self._assembly.problems.add(reason.at, str(reason), reason.rule, scope.where)

    def attempt(self, read: Callable[[], T], scope: Scope) -> T | None:
        """What `read` gives; None where the value is wrong, which is noted, or unknown."""
        try:
            return read()
        except (ValueProblem, NotComputed) as reason:
            self._note(reason, scope)
            return None


def _key(line: Line, shape: Shape | None) -> object:
    """What a layer's settings depend on outside blocks; None where they can't be compared cheaply."""
    if shape is None:
        return None
    words = []
    for value in line.settings.values():
        if value is None:
            words.append("")
        elif type(value) is ScalarNode:
            words.append(value.text)
        else:
            return None
    return (shape.rank, shape.channels, *line.settings, *words)
