"""The figures of one layer from its rules, right or with some formulas edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from math import prod
from typing import NamedTuple, TypeVar

from cnncalc import formula
from cnncalc.analysis.misconceptions.edits import Change, Condition, parse_edit
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, Misconception
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.formula import Constant, Evaluation, Formula, Number, Symbol
from cnncalc.layers.base import Layer, Rule
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.merging import Merge
from cnncalc.shapes import AXES, Shape

VALUE_BYTES = 4

FORMULAS = {
    "channels": "C",
    "params": "0",
    "buffers": "0",
    "macs": "0",
    "out": "channels*positions",
    "elements": "channels*positions",
    "weights": "params + buffers",
    "flops": "2*macs",
    "weights_memory": "(params + buffers)*bytes",
    "output_memory": "elements*bytes",
}
"""What holds for every layer that has no rule of its own."""

OF_AXES = {"receptive_field": "r_in + (E - 1)*j_in", "jump": "j_in*S"}
"""What follows on each axis where it follows from the layer's window alone."""

SUMMED = ("elements", "params", "buffers", "weights", "macs", "flops", "weights_memory", "output_memory")
"""The figures that add up over layers."""

FIGURES = ("out", *SUMMED, *OF_AXES)
"""The figures that mistakes are known for; `weights` are all stored values, params and buffers."""

CALCULATED = ("out", "params", "macs", "flops", "receptive_field")
"""The figures whose calculation is shown."""


class Edited:
    """The formulas of a form after edits.

    Attributes:
        changed: the formulas that are not the right ones, by what they give.
        axes: `swapped` for the last two axes in the other order, `map` for those of the map before a flatten.
        needs: the symbols that came in and that not every layer of the form knows.
        conditions: what must hold of the layer.
        plans: by figure, what is calculated anew and how, in order.
    """

    def __init__(
        self,
        changed: Mapping[str, Formula] = {},
        axes: str = "",
        needs: frozenset[str] = frozenset(),
        conditions: tuple[Callable[[Mapping[str, Number]], bool], ...] = (),
    ) -> None:
        self.changed = changed
        self.axes = axes
        self.needs = needs
        self.conditions = conditions
        self.plans: dict[str, tuple[tuple[str, Evaluation], ...]] = {}

    def does_as(self, other: Edited) -> bool:
        """Whether the formulas are the same as after other edits."""
        return self.changed == other.changed and self.axes == other.axes


RIGHT = Edited()


class Reading(NamedTuple):
    """One way to make a misconception, in the formulas of a form.

    Attributes:
        misconception: which.
        edit: what it does, as text.
        edited: the formulas after it.
    """

    misconception: Misconception
    edit: str
    edited: Edited


class Form(NamedTuple):
    """What layers have in common that differ in their numbers only.

    Attributes:
        rules: axis, symbol, formula, symbols with a number, and whether it is shown, of each rule.
        entering, leaving: the letters of the axes before and after the layer.
        unflattened: those of the map before a flatten, where there is one.
        moving: whether the receptive field follows from the window alone.
        answered: whether the output is an answer, not to be calculated.
    """

    rules: tuple[tuple[str, str, str, tuple[str, ...], bool], ...]
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    unflattened: tuple[str, ...]
    moving: bool
    answered: bool


def indexed(name: str, letter: str) -> str:
    """What a symbol of one axis is called among those of the layer: `K_h`."""
    return letter if name in ("n", letter) else f"{name}_{letter.lower()}"


def size_of(letter: str) -> str:
    """What the size of an axis after the layer is called; no formula has such a symbol."""
    return f"size of {letter}"


KNOWN = ("C", "C_in", "places", "bytes")
"""The symbols that every layer has."""

BY_AXIS = (
    *("n", "n_before", "r_in", "j_in", "E", "S", "K_above", "S_above", "K_below", "S_below"),
    *("K_x", "P_x", "P_before_x", "P_after_x"),
)
"""The symbols that each axis has its own of, where no rule says so."""

GIVEN = ("P", "P_before")
"""Symbols whose numbers are taken as they are: who misreads a kernel seldom changes the padding of `half` with it."""

names_in = lru_cache(maxsize=2048)(formula.symbols)

P = TypeVar("P", Change, Condition)


class Formulas:
    """The formulas of a form, and the misconceptions in them.

    Attributes:
        right: the right formulas, by what they give.
        order: what they give and how, each after what it follows from.
        aside: those that are put into others where a calculation is shown.
        readings: the ways to make single misconceptions.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._targets: dict[tuple[str, str], tuple[str, ...]] = {}
        self._by_axis = {*BY_AXIS, *OF_AXES, "size"}
        self.right: dict[str, Formula] = {name: formula.parse(text) for name, text in FORMULAS.items()}
        self.right |= {size_of(letter): Symbol(letter) for letter in form.leaving}
        for axis, symbol, text, numbered, _ in form.rules:
            if symbol in GIVEN:
                continue
            self._by_axis |= {symbol, *numbered} - {"", axis} if axis else set()
            key = (indexed(symbol, axis) if symbol else size_of(axis)) if axis else symbol
            self.right[key] = self._on_axis(text, axis)
        for letter in form.entering if form.moving else ():
            self.right |= {indexed(name, letter): self._on_axis(text, letter) for name, text in OF_AXES.items()}
            if indexed("E", letter) not in self.right:  # a layer without a window sees what its input sees
                self.right |= {indexed(name, letter): Constant(1) for name in ("E", "S")}
        sizes: list[Formula] = [Symbol(size_of(letter)) for letter in form.leaving] or [Constant(1)]
        self.right["positions"] = formula.chained("*" * (len(sizes) - 1), sizes)
        if form.answered:
            self.right |= {name: Symbol(f"answered_{name}") for name in ("channels", "positions", "filters")}
        self.aside = {"channels", "out", "elements", "positions", "features", "macs", *self._aside()}
        self.order = self._anew(Edited(self.right), self.right)
        self._known = {*self.right, *KNOWN, *form.entering}
        for axis, _, _, numbered, _ in form.rules:
            self._known |= {indexed(name, axis) if axis else name for name in numbered}
        self.readings = tuple(self._readings())
        self._of_figure: dict[str, tuple[Reading, ...]] = {}
        self._both: dict[tuple[str, str], Edited | None] = {}

    def _on_axis(self, text: str, letter: str) -> Formula:
        parsed = formula.parse(text)
        names = formula.symbols(parsed) if letter else ()
        return formula.substitute(parsed, {name: Symbol(indexed(name, letter)) for name in names})

    def _aside(self) -> Iterator[str]:
        """What rules give that are not shown, and that no other has a number for."""
        for axis, symbol, _, _, shown in self._form.rules:
            numbered = (names for other, _, _, names, is_shown in self._form.rules if is_shown and other == axis)
            if symbol and not shown and not any(symbol in names for names in numbered):
                yield indexed(symbol, axis) if axis else symbol

    def _readings(self) -> Iterator[Reading]:
        for misconception in MISCONCEPTIONS:
            for edit in misconception.edits.split(" | "):
                edited = self.edited(edit)
                if edited is not None:
                    yield Reading(misconception, edit, edited)

    def edited(self, *texts: str) -> Edited | None:
        """The formulas after edits; None where they change nothing."""
        edits = [parse_edit(text) for text in texts]
        changed, axes, needs = dict[str, Formula](), "", set[str]()
        # What is done to one formula comes first: it names symbols that are replaced everywhere later.
        for change in sorted(
            (change for edit in edits for change in edit.changes), key=lambda change: not change.within
        ):
            if change.pattern == Symbol("axes") and not self._form.answered:
                (axes,) = formula.symbols(change.replacement)
                new: dict[str, Formula] = {"positions": Symbol("map_positions")} if axes == "map" else {}
            else:
                new = self._new(change, changed)
            changed |= new
            needs |= {name for parsed in new.values() for name in names_in(parsed)}
        swaps = axes == "swapped" and len(self._form.leaving) < 2
        if swaps or not (changed or axes):
            return None
        conditions = [one.test() for edit in edits for condition in edit.conditions for one in self._on_axes(condition)]
        return Edited(changed, axes, frozenset(needs - self._known), tuple(conditions))

    def _new(self, change: Change, changed: Mapping[str, Formula]) -> dict[str, Formula]:
        """The formulas that a change changes."""
        new: dict[str, Formula] = {}
        for one in self._on_axes(change):
            wanted = one.wanted
            for key in (one.within,) if one.within else self.right:
                if self._form.answered and key in ("channels", "positions"):
                    continue
                now = new.get(key) or changed.get(key) or self.right.get(key)
                if now is not None and wanted.issubset(names_in(now)):
                    new[key] = one.applied(now)
        return {key: after for key, after in new.items() if after != (changed.get(key) or self.right[key])}

    def _on_axes(self, part: P) -> list[P]:
        """A change or condition for each axis, where it is about one."""
        if part.names.isdisjoint(self._by_axis):
            return [part]
        return [part.renamed(partial(self._name, letter)) for letter in self._form.entering]

    def _name(self, letter: str, name: str) -> str:
        if name == "size":
            return size_of(letter)
        return indexed(name, letter) if name in self._by_axis else name

    def both(self, first: Reading, second: Reading) -> Edited | None:
        """The formulas after two misconceptions; None where one of them changes nothing more."""
        key = first.edit, second.edit
        if key not in self._both:
            edited = self.edited(*key)
            alike = edited is None or any(edited.does_as(one.edited) for one in (first, second))
            self._both[key] = None if alike else edited
        return self._both[key]

    def of_figure(self, figure: str) -> tuple[Reading, ...]:
        """The misconceptions that show in a figure, or in the output."""
        if figure not in self._of_figure:
            self._of_figure[figure] = tuple(
                one for one in self.readings if self.shows(one.edited, figure) or self.shows(one.edited, "out")
            )
        return self._of_figure[figure]

    def shows(self, edited: Edited, figure: str) -> bool:
        """Whether a figure is calculated otherwise after an edit."""
        return bool(self.plan(edited, figure)) or (bool(edited.axes) and figure in ("out", *OF_AXES))

    def plan(self, edited: Edited, figure: str) -> tuple[tuple[str, Evaluation], ...]:
        """What has to be calculated anew for a figure and how, each after what it follows from."""
        if figure not in edited.plans:
            edited.plans[figure] = tuple(self._anew(edited, self.targets(figure, edited.axes)))
        return edited.plans[figure]

    def targets(self, figure: str, axes: str = "") -> tuple[str, ...]:
        """What the formulas of a figure give: of a shape the channels first.

        Args:
            figure: the figure.
            axes: as of `Edited`.
        """
        if (figure, axes) not in self._targets:
            self._targets[figure, axes] = self._targets_of(figure, axes)
        return self._targets[figure, axes]

    def _targets_of(self, figure: str, axes: str) -> tuple[str, ...]:
        if figure not in ("out", *OF_AXES):
            return (figure,)
        form = self._form
        if figure == "out" and axes == "map":
            return "channels", *(indexed("map", letter) for letter in form.unflattened)
        letters = form.leaving if figure == "out" else form.entering if form.moving else ()
        letters = (*letters[:-2], *reversed(letters[-2:])) if axes == "swapped" else letters
        if figure == "out":
            return "channels", *map(size_of, letters)
        return tuple(indexed(figure, letter) for letter in letters)

    def _anew(self, edited: Edited, targets: Iterable[str]) -> list[tuple[str, Evaluation]]:
        order: list[tuple[str, Evaluation]] = []
        seen: dict[str, bool] = {}

        def visit(key: str) -> bool:
            parsed = edited.changed.get(key) or self.right.get(key)
            if key in seen or parsed is None:
                return seen.get(key, False)
            seen[key] = False
            inner = [visit(name) for name in names_in(parsed)]
            seen[key] = any(inner) or key in edited.changed
            if seen[key]:
                order.append((key, formula.compiled(parsed)))
            return seen[key]

        for target in targets:
            visit(target)
        return order


@lru_cache(maxsize=64)
def formulas_of(form: Form) -> Formulas:
    """The formulas of a form; the last ones are kept, with what goes wrong in them."""
    return Formulas(form)


class LayerFigures:
    """The figures of a layer in its place.

    Args:
        layer: the layer.
        inputs: the shapes that enter it.
        output: the shape that it makes of them.
        context: the numbers around it that a mistake may take.
        answer: the output's shape, where somebody has answered it already.
    """

    def __init__(
        self,
        layer: Layer,
        inputs: tuple[Shape, ...],
        output: Shape,
        context: Mapping[str, int],
        answer: Shape | None = None,
    ) -> None:
        x, rules = inputs[0], layer.rules(*inputs)
        symbols = {rule.symbol for rule in rules}
        self._answer = answer
        self._numbers = _numbers(layer.kind, x, output, rules) | dict(context)
        if answer is not None:
            self._numbers |= _answered(answer, self._numbers)
            self._numbers |= {} if "taps" in symbols else {"C": answer.channels}
        kept = x.spatial == output.spatial and not (layer.sees_everything or "taps" in symbols)
        is_seen = any(indexed("r_in", letter) in context for letter in AXES[x.rank])
        moving = is_seen and (isinstance(layer, Sliding) or (kept and not isinstance(layer, Merge)))
        listed = tuple((r.axis, r.symbol, r.formula, tuple(r.values), r.shown) for r in rules)
        unflattened = tuple(letter for letter in "DHWL" if indexed("map", letter) in self._numbers)
        self._formulas = formulas_of(
            Form(listed, AXES[x.rank], AXES[output.rank], unflattened, moving, answer is not None)
        )
        self.is_plain = symbols.isdisjoint(("taps", "params", "features", "joined"))
        self.has_window = "taps" in symbols
        self.has_weights = "params" in symbols

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
        targets, scope = self._formulas.targets(figure, edited.axes), self._scope_after(edited, figure)
        sizes = self._formulas.targets("out")
        anew = [scope[key] for key, _ in self._formulas.plan(edited, figure) if key in sizes]
        if any(number.denominator > 1 or number < 1 for number in anew):
            return None
        values = tuple(int(scope[key]) for key in targets if scope[key].denominator == 1)
        if len(values) < len(targets) or not targets:
            return None
        return Shape.of(values) if figure == "out" else values if figure in OF_AXES else values[0]

    def _scope_after(self, edited: Edited, figure: str) -> Mapping[str, Number]:
        plan = self._formulas.plan(edited, figure)
        scope = dict(self._scope) if plan else self._scope
        for key, evaluation in plan:
            scope[key] = evaluation(scope)
        return scope

    def readings(self, figure: str) -> Iterator[Reading]:
        """The single misconceptions that can be made here and show in a figure or in the output."""
        return (reading for reading in self._formulas.of_figure(figure) if self.holds(reading.edited))

    def all_readings(self, figure: str) -> tuple[Reading, ...]:
        """Those of any layer of this form."""
        return self._formulas.of_figure(figure)

    def holds(self, edited: Edited) -> bool:
        """Whether edits can be made in this layer."""
        scope = self._scope
        return edited.needs <= scope.keys() and all(holds(scope) for holds in edited.conditions)

    def both(self, first: Reading, second: Reading) -> Edited | None:
        """The edits of two misconceptions; None where the second changes nothing or cannot be made here."""
        edited = self._formulas.both(first, second)
        return edited if edited is not None and self.holds(edited) else None

    def shows(self, edited: Edited, figure: str) -> bool:
        """Whether a figure is calculated otherwise after edits."""
        return self._formulas.shows(edited, figure)

    def calculation(self, figure: str, edited: Edited) -> Formula | None:
        """How a figure is calculated after edits, with the numbers put in; of sizes the first axis.

        None for a figure whose calculation says nothing, or where it is an answer.
        """
        formulas, answered = self._formulas, self._answer is not None and figure == "out"
        targets = formulas.targets(figure, edited.axes) if figure in CALCULATED and not answered else ()
        if not targets:
            return None
        scope = self._scope_after(edited, figure)
        shown: Formula = Symbol(targets[1] if figure == "out" and len(targets) > 1 else targets[0])
        put_in = {*formulas.aside, *targets} & formulas.right.keys()
        while parts := put_in.intersection(formula.symbols(shown)):
            known = {name: edited.changed.get(name) or formulas.right[name] for name in parts}
            shown = formula.substitute(shown, known)
        return formula.substitute(shown, {name: Constant(scope[name]) for name in formula.symbols(shown)})


def _numbers(kind: str, x: Shape, output: Shape, rules: tuple[Rule, ...]) -> dict[str, Number]:
    """The numbers behind the symbols of a layer."""
    letters = AXES[x.rank]
    numbers: dict[str, Number] = {kind: 1, "C": x.channels, "C_in": x.channels, "bytes": VALUE_BYTES}
    numbers |= {"places": prod(x.spatial)} | ({"axes": output.rank} if output.rank else {})
    numbers |= dict(zip(letters, x.spatial, strict=True))
    numbers |= {indexed("n_before", letter): n for letter, n in zip(letters, x.sizes(), strict=False)}
    numbers |= {"n_last": x.spatial[-1]} if x.rank else {}
    for rule in rules:
        numbers |= {indexed(name, rule.axis) if rule.axis else name: n for name, n in rule.values.items()}
    if kind == "flatten":
        numbers |= {indexed("map", letter): n for letter, n in zip(letters, x.spatial, strict=True)}
        numbers["map_positions"] = numbers["places"]
    # What the last two axes have of one another; any other has its own.
    swapped = dict(zip(letters, (*letters[:-2], *reversed(letters[-2:])), strict=True))
    for name in ("K", "P", "P_before", "P_after") if x.rank > 1 else ():
        for letter, other in swapped.items():
            if indexed(name, other) in numbers:
                numbers[indexed(f"{name}_x", letter)] = numbers[indexed(name, other)]
    return numbers


def _answered(answer: Shape, numbers: Mapping[str, Number]) -> dict[str, Number]:
    """The numbers that an answered shape gives; filters that the groups do not divide are not those that it has."""
    groups, filters = numbers.get("groups", 1), numbers.get("filters", answer.channels)
    return {
        "answered_channels": answer.channels,
        "answered_positions": prod(answer.spatial),
        "answered_filters": filters if answer.channels % groups else answer.channels,
    }
