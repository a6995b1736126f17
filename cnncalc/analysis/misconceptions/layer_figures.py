"""The figures of one layer from its rules, right or with some formulas edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property, lru_cache, partial
from math import prod
from typing import NamedTuple, TypeVar

from cnncalc import formula
from cnncalc.analysis.analyze import layer_facts
from cnncalc.analysis.layer_report import Facts
from cnncalc.analysis.misconceptions.edits import Change, Condition, Edit, parse_edit
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, Misconception
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.figures import FIGURES, SEEN
from cnncalc.formula import Constant, Evaluation, Formula, Number, Symbol
from cnncalc.layers.base import Layer, Rule
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.merging import Merge
from cnncalc.shapes import AXES, Shape

COUNTED: dict[str, Callable[[Counted], int]] = {
    name: figure.value
    for name, figure in FIGURES.items()
    if figure.heads and figure.unit == "count" and not figure.formula
}
"""The figures that are counted without formulas where nothing is edited."""

OF_VALUES = ("out", "elements")
"""What is known of the values that a layer hands on."""

FORMULAS = {
    "channels": "C",
    **dict.fromkeys(COUNTED, "0"),
    **dict.fromkeys(OF_VALUES, "channels*positions"),
    **{name: figure.formula for name, figure in FIGURES.items() if figure.formula and figure.heads},
}
"""What holds for every layer that has no rule of its own."""

OF_AXES = {figure.name: figure.along_axis for figure in SEEN if figure.heads}
"""What follows on each axis where it follows from the layer's window alone."""

GIVEN = ("P", "P_before")
"""Symbols whose numbers are taken as they are: who misreads a kernel seldom changes the padding of `half` with it."""

BORROWED = ("K_other", "S_other", "P_other", "d_other", "filters_other", "C_other", "groups_other")
"""Symbols of the settings of some other layer: known only if one is put in for them."""

BY_AXIS = (
    *("n", "n_before", "largest", "map", "r_in", "j_in", "E", "S", "K_above", "S_above", "K_below", "S_below"),
    *("K_other", "S_other", "P_other", "d_other"),
)
"""The symbols that each axis has its own of, where no rule says so."""

Context = Mapping[str, int | tuple[int, ...]]
"""Numbers by symbol; a tuple has one for each axis."""

Part = TypeVar("Part", Change, Condition)

names_in = lru_cache(maxsize=2048)(formula.symbols)
compiled = lru_cache(maxsize=2048)(formula.compiled)


class Counted(NamedTuple):
    """What figures are counted of: the facts of a layer, for a batch."""

    facts: Facts
    output: Shape
    batch: int


class Recalculation(NamedTuple):
    """What has to be calculated anew for a figure.

    Attributes:
        steps: what it is and how, each after what it follows from.
        sizes: the channels and sizes of the output among it.
    """

    steps: tuple[tuple[str, Evaluation], ...]
    sizes: tuple[str, ...]


class Edited:
    """Formulas after edits.

    Attributes:
        changed: the formulas that are not the right ones, by what they give.
        needs: the symbols that must be known: those that came in, and those of conditions.
        conditions: what must hold of their numbers.
        recalculations: by figure, what is calculated anew and how, in order.
    """

    def __init__(
        self,
        changed: Mapping[str, Formula] = {},
        needs: frozenset[str] = frozenset(),
        conditions: tuple[Callable[[Mapping[str, Number]], bool], ...] = (),
    ) -> None:
        self.changed = changed
        self.needs = needs
        self.conditions = conditions
        self.recalculations: dict[str, Recalculation] = {}


RIGHT = Edited()


class Candidate(NamedTuple):
    """One way to make a misconception.

    Attributes:
        misconception: what goes wrong.
        edit: what it does, as text.
        edited: the formulas after it.
        borrowed: which of the symbols `BORROWED` it takes; empty for none.
    """

    misconception: Misconception
    edit: str
    edited: Edited
    borrowed: str = ""


def indexed(name: str, letter: str) -> str:
    """What a symbol of one axis is called among those of the layer: `K_h`; the size of the input is the letter."""
    return letter if name in ("n", letter) else f"{name}_{letter.lower()}"


def size_of(letter: str) -> str:
    """What the size of an axis after the layer is called; no formula has such a symbol."""
    return f"size of {letter}"


class Formulas:
    """The formulas of layers that differ in their numbers only, and the misconceptions in them.

    Args:
        rules: axis, symbol, formula and whether it is shown, of each rule.
        by_axis: the symbols that have a number for each axis.
        entering, leaving: the letters of the axes before and after the layer.
        unflattened: those of the map before a flatten, where the output is a vector: its sizes are 0 there.
        moving: whether the receptive field follows from the window alone.
        answered: whether the output is an answer, not to be calculated.

    Attributes:
        right: the right formulas, by what they give.
        order: what they give and how, each after what it follows from.
        aside: those that are put into others where a calculation is shown.
        candidates: the ways to make single misconceptions.
    """

    def __init__(
        self,
        rules: tuple[tuple[str, str, str, bool], ...],
        by_axis: frozenset[str],
        entering: tuple[str, ...],
        leaving: tuple[str, ...],
        unflattened: tuple[str, ...],
        moving: bool,
        answered: bool,
    ) -> None:
        self._moving = entering if moving else ()
        self._sizes = tuple(size_of(letter) for letter in leaving or unflattened)
        self._letters = dict.fromkeys((*entering, *leaving, *unflattened))
        self._by_axis = {"size", *by_axis, *BY_AXIS, *OF_AXES} | {f"{name}_x" for name in (*by_axis, *BY_AXIS)}
        self._answered = ("channels", "positions") if answered else ()
        self.right: dict[str, Formula] = {name: formula.parse(text) for name, text in FORMULAS.items()}
        self.right |= {size_of(letter): Symbol(letter) if leaving else Constant(0) for letter in leaving or unflattened}
        sizes: list[Formula] = [Symbol(size_of(letter)) for letter in leaving] or [Constant(1)]
        self.right["positions"] = formula.chained("*" * (len(sizes) - 1), sizes)
        for axis, symbol, text, _ in rules:
            if symbol not in GIVEN:
                key = (indexed(symbol, axis) if symbol else size_of(axis)) if axis else symbol
                self.right[key] = self._on_axis(text, axis)
        for letter in self._moving:
            self.right |= {indexed(name, letter): self._on_axis(text, letter) for name, text in OF_AXES.items()}
            self.right.setdefault(indexed("E", letter), Constant(1))  # without a window
        if answered:
            self.right |= {name: Symbol(f"answered_{name}") for name in (*self._answered, "filters")}
        self._edits: dict[str, Edit] = {}
        self._of_figure: dict[tuple[str, str], tuple[Candidate, ...]] = {}
        hidden = {indexed(symbol, axis) if axis else symbol for axis, symbol, _, shown in rules if not shown}
        self.aside = {*FIGURES, "positions", "features", *hidden} & self.right.keys()
        self.order = self._anew(Edited(self.right), self.right)
        self.candidates = tuple(self._candidates())
        self._both: dict[tuple[str, str], Edited | None] = {}

    def _on_axis(self, text: str, letter: str) -> Formula:
        parsed = formula.parse(text)
        names = formula.symbols(parsed) if letter else ()
        return formula.substitute(parsed, {name: Symbol(indexed(name, letter)) for name in names})

    def _candidates(self) -> Iterator[Candidate]:
        for misconception in MISCONCEPTIONS:
            for edit in filter(None, misconception.edits.split(" | ")):
                edited = self.edited(edit)
                if edited is not None:
                    borrowed = next((name for name in BORROWED if name in edit), "")
                    yield Candidate(misconception, edit, edited, borrowed)

    def edited(self, *texts: str) -> Edited | None:
        """The formulas after edits; None where they change nothing."""
        edits = [self._by_axis_of(text) for text in texts]
        changed: dict[str, Formula] = {}
        # What is done to one formula comes first: it names symbols that are replaced everywhere later.
        for change in sorted(
            (change for edit in edits for change in edit.changes), key=lambda change: not change.within
        ):
            for key in (change.within,) if change.within else self.right:
                now = changed.get(key) or self.right.get(key)
                if now is not None and key not in self._answered and change.wanted.issubset(names_in(now)):
                    after = change.applied(now)
                    if after != now:
                        changed[key] = after
        if not changed:
            return None
        conditions = [condition for edit in edits for condition in edit.conditions]
        needs = {name for parsed in changed.values() for name in names_in(parsed)}
        needs |= {name for condition in conditions for name in condition.names}
        return Edited(changed, frozenset(needs), tuple(condition.test for condition in conditions if condition.sign))

    def _by_axis_of(self, text: str) -> Edit:
        """An edit with its changes and conditions for each axis."""
        if text not in self._edits:
            edit = parse_edit(text)
            changes = [one for change in edit.changes for one in self._on_axes(change)]
            conditions = [one for condition in edit.conditions for one in self._on_axes(condition)]
            self._edits[text] = Edit(tuple(changes), tuple(conditions))
        return self._edits[text]

    def _on_axes(self, part: Part) -> list[Part]:
        """A change or condition for each axis, where it is about one."""
        if part.names.isdisjoint(self._by_axis):
            return [part]
        return [part.renamed(partial(self._name, letter)) for letter in self._letters]

    def _name(self, letter: str, name: str) -> str:
        if name == "size":
            return size_of(letter)
        return indexed(name, letter) if name in self._by_axis else name

    def both(self, first: Candidate, second: Candidate) -> Edited | None:
        """The formulas after two misconceptions; None where one of them changes nothing more."""
        key = first.edit, second.edit
        if key not in self._both:
            edited = self.edited(*key)
            alike = edited is None or edited.changed in (first.edited.changed, second.edited.changed)
            self._both[key] = None if alike else edited
        return self._both[key]

    def of_figure(self, figure: str, borrowed: str = "") -> tuple[Candidate, ...]:
        """The misconceptions that take one borrowed symbol, or none, and show in a figure, or in the output."""
        if (figure, borrowed) not in self._of_figure:
            shown = (
                one
                for one in self.candidates
                if one.borrowed == borrowed
                and any(self.recalculation(one.edited, name).steps for name in (figure, "out"))
            )
            self._of_figure[figure, borrowed] = tuple(shown)
        return self._of_figure[figure, borrowed]

    def recalculation(self, edited: Edited, figure: str) -> Recalculation:
        """What has to be calculated anew for a figure after edits."""
        if figure not in edited.recalculations:
            steps, sizes = self._anew(edited, self.targets(figure)), self.targets("out")
            edited.recalculations[figure] = Recalculation(tuple(steps), tuple(key for key, _ in steps if key in sizes))
        return edited.recalculations[figure]

    def targets(self, figure: str) -> tuple[str, ...]:
        """What the formulas of a figure give: of a shape the channels first."""
        if figure == "out":
            return "channels", *self._sizes
        return tuple(indexed(figure, letter) for letter in self._moving) if figure in OF_AXES else (figure,)

    def _anew(self, edited: Edited, targets: Iterable[str]) -> list[tuple[str, Evaluation]]:
        order: list[tuple[str, Evaluation]] = []
        seen: dict[str, bool] = {}

        def visit(key: str) -> bool:
            parsed = edited.changed.get(key) or self.right.get(key)
            if key in seen or parsed is None:
                return seen.get(key, False)
            inner = [visit(name) for name in names_in(parsed)]
            seen[key] = any(inner) or key in edited.changed
            if seen[key]:
                order.append((key, compiled(parsed)))
            return seen[key]

        for target in targets:
            visit(target)
        return order


formulas_of = lru_cache(maxsize=64)(Formulas)


class LayerFigures:
    """The figures of a layer in its place.

    Args:
        layer: the layer.
        inputs: the shapes that enter it.
        context: says the bytes of a value, and the numbers around it that a mistake may take, if one is looked for.
        answer: the output's shape, where somebody has answered it already.
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
        return layer_facts(self._layer, self._inputs)

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return self._layer.rules(*self._inputs)

    @cached_property
    def given(self) -> frozenset[str]:
        """What its rules give."""
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
        """The value of everything that has a name, rightly calculated."""
        scope = dict(self._numbers)
        for key, evaluation in self._formulas.order:
            scope[key] = evaluation(scope)
        return scope

    def value(self, figure: str, edited: Edited = RIGHT) -> Value | None:
        """A figure after edits; None where it cannot be calculated or is no whole number."""
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
        """The misconceptions of some ids that can be made beside one, with the edits of both."""
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
        """Whether the output is calculated otherwise after edits."""
        return bool(self._formulas.recalculation(edited, "out").steps)

    def calculation(self, figure: str, edited: Edited) -> Formula | None:
        """How a figure is calculated after edits, with the numbers put in; of sizes the first axis.

        None if it is not calculated.
        """
        targets = self._targets(figure)
        if not targets:
            return None
        scope = self._scope_after(edited, figure)
        sized = len(targets) > 1 and scope[targets[1]]
        return self._calculated(targets[1] if figure == "out" and sized else targets[0], edited, scope)

    def changed_calculations(self, figure: str, edited: Edited) -> Iterator[Formula]:
        """How that is calculated which edits change: the channels, each axis, the count."""
        scope = self._scope_after(edited, figure)
        for target in self._targets(figure):
            if scope[target] != self._scope[target]:
                yield self._calculated(target, edited, scope)

    def _targets(self, figure: str) -> tuple[str, ...]:
        """What is calculated for a figure; nothing for an output that was answered."""
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
    """The numbers behind the symbols of a layer."""
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
    """The numbers that an answered shape gives; filters that the groups do not divide are not those that it has."""
    groups, filters = numbers.get("groups", 1), numbers.get("filters", answer.channels)
    return {
        "C": numbers["C"] if "taps" in given else answer.channels,
        "answered_channels": answer.channels,
        "answered_positions": prod(answer.spatial),
        "answered_filters": filters if answer.channels % groups else answer.channels,
    }
