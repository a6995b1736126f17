"""The formulas of layers, right or with some of them edited: the changes of a mistake, and their consequences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple, TypeVar

from cnncalc import formula
from cnncalc.analysis.misconceptions.borrowing import BORROWED, OF_WINDOW
from cnncalc.analysis.misconceptions.edits import Change, Condition, Edit, parse_edit
from cnncalc.analysis.misconceptions.misconception import Misconception
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS
from cnncalc.figures import FIGURES, SEEN
from cnncalc.formula import Constant, Evaluation, Formula, Number, Symbol
from cnncalc.layers.facts import Facts
from cnncalc.shapes import Shape

COUNTED: dict[str, Callable[[Counted], int]] = {
    name: figure.value
    for name, figure in FIGURES.items()
    if figure.heads and figure.unit == "count" and not figure.formula
}
"""The figures that are counted without formulas if nothing is edited."""

OF_VALUES = ("out", "elements")
"""The figures of the values that a layer hands on."""

FORMULAS = {
    "channels": "C",
    **dict.fromkeys(COUNTED, "0"),
    **dict.fromkeys(OF_VALUES, "channels*positions"),
    **{name: figure.formula for name, figure in FIGURES.items() if figure.formula and figure.heads},
}
"""The formulas of every layer without a rule of its own."""

OF_AXES = {figure.name: figure.along_axis for figure in SEEN if figure.heads}
"""The figures on each axis that follow from the layer's window alone."""

GIVEN = ("P", "P_before")
"""Symbols with numbers that are taken as they are: with a misread kernel the padding of `half` rarely changes."""

BY_AXIS = (
    *("n", "n_before", "largest", "map", "r_in", "j_in", "E", "S", "K_above", "S_above", "K_below", "S_below"),
    *OF_WINDOW,
)
"""The symbols that each axis has its own of, although no rule says so."""

Part = TypeVar("Part", Change, Condition)

names_in = lru_cache(maxsize=2048)(formula.symbols)
compiled = lru_cache(maxsize=2048)(formula.compiled)


class Counted(NamedTuple):
    """The facts of a layer, for a batch, of which figures are counted."""

    facts: Facts
    output: Shape
    batch: int


class Recalculation(NamedTuple):
    """The calculations to be done again for a figure.

    Attributes:
        steps: each result with its formula, after those that it follows from.
        sizes: the channels and sizes of the output among them.
    """

    steps: tuple[tuple[str, Evaluation], ...]
    sizes: tuple[str, ...]


class Edited:
    """Formulas after edits.

    Attributes:
        changed: the formulas that are not the right ones, by their results.
        needs: the symbols that must be known: new ones, and those of conditions.
        conditions: those on their numbers.
        recalculations: by figure, in order.
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
        misconception: its record.
        edit: its changes, as text.
        edited: the formulas after it.
        borrowed: the symbol of `BORROWED` that it takes; empty for none.
    """

    misconception: Misconception
    edit: str
    edited: Edited
    borrowed: str = ""


def indexed(name: str, letter: str) -> str:
    """The name of a symbol of one axis among those of the layer: `K_h`; the size of the input is the letter."""
    return letter if name in ("n", letter) else f"{name}_{letter.lower()}"


def size_of(letter: str) -> str:
    """The name of the size of an axis after the layer; no formula has such a symbol."""
    return f"size of {letter}"


class Formulas:
    """The formulas of layers that differ only in their numbers, and the misconceptions in them.

    Args:
        rules: axis, symbol, formula and whether it is shown, of each rule.
        by_axis: the symbols that have a number for each axis.
        entering, leaving: the letters of the axes before and after the layer.
        unflattened: those of the map before a flatten, if the output is a vector: its sizes are 0 there.
        moving: whether the receptive field follows from the window alone.
        answered: whether the output is an answer, not to be calculated.

    Attributes:
        right: the right formulas, by their results.
        order: each result with its formula, after those that it follows from.
        aside: those that are put into others if a calculation is shown.
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
        """The formulas after edits; None if they change nothing."""
        edits = [self._by_axis_of(text) for text in texts]
        changed: dict[str, Formula] = {}
        # Changes of one formula come first: they name symbols that are replaced everywhere later.
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
        """A change or condition for each axis, if it is about one."""
        if part.names.isdisjoint(self._by_axis):
            return [part]
        return [part.renamed(partial(self._name, letter)) for letter in self._letters]

    def _name(self, letter: str, name: str) -> str:
        if name == "size":
            return size_of(letter)
        return indexed(name, letter) if name in self._by_axis else name

    def both(self, first: Candidate, second: Candidate) -> Edited | None:
        """The formulas after two misconceptions; None if one of them changes nothing more."""
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
        """The calculations to be done again for a figure after edits."""
        if figure not in edited.recalculations:
            steps, sizes = self._anew(edited, self.targets(figure)), self.targets("out")
            edited.recalculations[figure] = Recalculation(tuple(steps), tuple(key for key, _ in steps if key in sizes))
        return edited.recalculations[figure]

    def targets(self, figure: str) -> tuple[str, ...]:
        """The symbols that the formulas of a figure give: for a shape the channels first."""
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
