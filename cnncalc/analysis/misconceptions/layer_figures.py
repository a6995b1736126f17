"""The figures of one layer from its rules, right or with some formulas edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cached_property
from math import prod

from cnncalc import formula
from cnncalc.analysis.misconceptions.layer_formulas import (
    COUNTED,
    OF_AXES,
    RIGHT,
    Candidate,
    Counted,
    Edited,
    Formulas,
    formulas_of,
    indexed,
)
from cnncalc.analysis.misconceptions.misconception import Misconception
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.figures import FIGURES
from cnncalc.formula import Constant, Formula, Number, Symbol
from cnncalc.layers.base import Layer, Rule
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.facts import Facts
from cnncalc.layers.merging import Merge
from cnncalc.shapes import AXES, Shape

Context = Mapping[str, int | tuple[int, ...]]
"""Numbers by symbol; a tuple has one for each axis."""


class LayerFigures:
    """The figures of a layer in its place.

    Args:
        layer: the layer.
        inputs: the shapes that enter it.
        context: the bytes of a value, and, if a mistake is looked for, the numbers around it that one may take.
        answer: the output's shape, if it was already answered.
        batch: the number of inputs at once.
    """

    def __init__(
        self,
        layer: Layer,
        inputs: tuple[Shape, ...],
        context: Callable[[], Context],
        answer: Shape | None = None,
        batch: int = 1,
    ) -> None:
        self._layer, self._inputs, self._context, self._answer = layer, inputs, context, answer
        self._batch = batch

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self._layer, self._inputs)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return self._layer.rules(*self._inputs)

    @cached_property
    def given(self) -> frozenset[str]:
        """The symbols that its rules give."""
        return frozenset(rule.symbol for rule in self._rules)

    @property
    def is_plain(self) -> bool:
        """Whether it has no window or weights, and neither flattens nor joins."""
        return self.given.isdisjoint(("taps", "params", "features", "joined"))

    @cached_property
    def _numbers(self) -> dict[str, Number]:
        x = self._inputs[0]
        context = dict(self._context())
        if "features" in self.given:
            context |= {"map": x.spatial, "map_positions": prod(x.spatial)}
        if "joined" in self.given:
            context |= {"largest": tuple(map(max, zip(*(one.spatial for one in self._inputs), strict=True)))}
        numbers = _numbers(self._layer.kind, x, self._facts.output, self._rules, context)
        return numbers | (_answered(self._answer, numbers, self.given) if self._answer else {})

    @cached_property
    def _formulas(self) -> Formulas:
        layer, entering, leaving = self._layer, self._inputs[0], self._facts.output
        kept = entering.spatial == leaving.spatial and not (layer.sees_everything or "taps" in self.given)
        moving = isinstance(layer, Sliding) or (kept and not isinstance(layer, Merge))
        return formulas_of(
            tuple((rule.axis, rule.symbol, rule.formula, rule.shown) for rule in self._rules),
            frozenset(name for rule in self._rules if rule.axis for name in rule.values),
            AXES[entering.rank],
            AXES[leaving.rank],
            tuple(letter for letter in ("D", "H", "W", "L") if indexed("map", letter) in self._numbers),
            moving and any(indexed("r_in", letter) in self._numbers for letter in AXES[entering.rank]),
            self._answer is not None,
        )

    @cached_property
    def _scope(self) -> dict[str, Number]:
        """The right value of everything that has a name."""
        scope = dict(self._numbers)
        for key, evaluation in self._formulas.order:
            scope[key] = evaluation(scope)
        return scope

    def value(self, figure: str, edited: Edited = RIGHT) -> Value | None:
        """A figure after edits; None if it cannot be calculated or is not a whole number."""
        if figure == "out" and self._answer is not None:
            return self._answer
        if edited is RIGHT and self._answer is None:
            if figure == "out":
                return self._facts.output
            if figure in COUNTED:
                return COUNTED[figure](Counted(self._facts, self._facts.output, self._batch))
        targets, scope = self._formulas.targets(figure), self._scope_after(edited, figure)
        for key in self._formulas.recalculation(edited, figure).sizes:
            if scope[key].denominator > 1 or scope[key] < 1:
                return None
        values = tuple([int(scope[key]) for key in targets if scope[key].denominator == 1])
        if len(values) < len(targets) or not targets:
            return None
        if figure == "out":
            return Shape.of(tuple(filter(None, values)))
        return values if figure in OF_AXES else values[0] * (1 if FIGURES[figure].stored else self._batch)

    def _scope_after(self, edited: Edited, figure: str) -> Mapping[str, Number]:
        recalculation = self._formulas.recalculation(edited, figure)
        scope = dict(self._scope) if recalculation.steps else self._scope
        for key, evaluation in recalculation.steps:
            scope[key] = evaluation(scope)
        return scope

    def candidates(self, figure: str, borrowed: str = "") -> Iterator[Candidate]:
        """The single misconceptions that can be made here and show in a figure or in the output."""
        return (one for one in self._formulas.of_figure(figure, borrowed) if self._holds(one.edited))

    def with_setting(self, borrowed: str, setting: int | tuple[int, ...]) -> LayerFigures:
        """The layer beside another, whose setting may be taken for its own."""
        letters, sizes = AXES[self._inputs[0].rank], _by_axis(setting)
        names = [indexed(borrowed, letter) for letter in letters] if sizes else [borrowed]
        layer = copy(self)
        vars(layer)["_scope"] = self._scope | dict(zip(names, sizes or (setting,), strict=True))
        return layer

    def with_another(self, first: Candidate, ids: set[str], figure: str) -> Iterator[tuple[Misconception, Edited]]:
        """The misconceptions of some ids that can be made together with one, with the edits of both."""
        for second in self._formulas.of_figure(figure):
            if second.misconception.id in ids:
                edited = self._formulas.both(first, second)
                if edited is not None and self._holds(edited):
                    yield second.misconception, edited

    def _holds(self, edited: Edited) -> bool:
        scope = self._scope
        if not edited.needs <= scope.keys():
            return False
        return not edited.conditions or all(holds(scope) for holds in edited.conditions)

    def changes_output(self, edited: Edited) -> bool:
        """Whether edits change the calculation of the output."""
        return bool(self._formulas.recalculation(edited, "out").steps)

    def calculation(self, figure: str, edited: Edited) -> Formula | None:
        """The calculation of a figure after edits, with the numbers put in; for sizes the first axis.

        None if it is not calculated.
        """
        targets = self._targets(figure)
        if not targets:
            return None
        scope = self._scope_after(edited, figure)
        sized = len(targets) > 1 and scope[targets[1]]
        return self._calculated(targets[1] if figure == "out" and sized else targets[0], edited, scope)

    def changed_calculations(self, figure: str, edited: Edited) -> Iterator[Formula]:
        """The calculations that edits change: of the channels, each axis, the count."""
        scope = self._scope_after(edited, figure)
        for target in self._targets(figure):
            if scope[target] != self._scope[target]:
                yield self._calculated(target, edited, scope)

    def _targets(self, figure: str) -> tuple[str, ...]:
        """The symbols to be calculated for a figure; none for an output that was answered."""
        return () if figure == "out" and self._answer is not None else self._formulas.targets(figure)

    def _calculated(self, target: str, edited: Edited, scope: Mapping[str, Number]) -> Formula:
        """The formula of a target after edits, with the numbers put in."""
        right, aside = self._formulas.right, {target, *self._formulas.aside}
        made: Formula = Symbol(target)
        while parts := aside.intersection(formula.symbols(made)):
            made = formula.substitute(made, {name: edited.changed.get(name) or right[name] for name in parts})
        return formula.substitute(made, {name: Constant(scope[name]) for name in formula.symbols(made)})


def _by_axis(number: int | tuple[int, ...]) -> tuple[int, ...]:
    return number if isinstance(number, tuple) else ()


def _numbers(kind: str, x: Shape, output: Shape, rules: tuple[Rule, ...], context: Context) -> dict[str, Number]:
    """The numbers of the symbols of a layer."""
    letters = AXES[x.rank]
    numbers: dict[str, Number] = {kind: 1, "C": x.channels, "C_in": x.channels}
    numbers |= {"places": prod(x.spatial)} | ({"n_last": x.spatial[-1]} if x.rank else {})
    numbers |= {"axes": output.rank} if output.rank else {}
    axes: dict[str, dict[str, int]] = {
        letter: {"n": n, "n_before": before, "S": 1}
        for letter, n, before in zip(letters, x.spatial, x.sizes(), strict=False)
    }
    for rule in rules:
        axes.setdefault(rule.axis, {}).update(rule.values)
    for name, number in context.items():
        sizes = _by_axis(number)
        for letter, size in zip(AXES[len(sizes)], sizes, strict=True) if name == "map" or len(sizes) == x.rank else ():
            axes.setdefault(letter, {})[name] = size
    numbers |= axes.pop("", {}) | {name: number for name, number in context.items() if isinstance(number, int)}
    # The last two axes may have their numbers swapped; any other keeps its own.
    others = dict(zip(letters, (*letters[:-2], *reversed(letters[-2:])), strict=True)) if x.rank > 1 else {}
    for letter, own in axes.items():
        swapped = axes[others[letter]] if letter in others else {}
        numbers |= {indexed(name, letter): number for name, number in own.items()}
        numbers |= {indexed(f"{name}_x", letter): number for name, number in swapped.items()}
    return numbers


def _answered(answer: Shape, numbers: Mapping[str, Number], given: frozenset[str]) -> dict[str, Number]:
    """The numbers of an answered shape; filters that the groups do not divide are not taken from it."""
    groups, filters = numbers.get("groups", 1), numbers.get("filters", answer.channels)
    return {
        "C": numbers["C"] if "taps" in given else answer.channels,
        "answered_channels": answer.channels,
        "answered_positions": prod(answer.spatial),
        "answered_filters": filters if answer.channels % groups else answer.channels,
    }
