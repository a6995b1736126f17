"""The answers so far, row by row, right or not, and what follows from them: errors are carried forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from cnncalc.analysis.misconceptions.explain import Explainer
from cnncalc.analysis.misconceptions.surroundings import Seen
from cnncalc.analysis.misconceptions.values import Value
from cnncalc.errors import ShapeError
from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.explaining.statement import Statement
from cnncalc.explaining.unanswered import Unanswered
from cnncalc.explaining.verdict import Verdict
from cnncalc.figures import FIGURES, attribute_of
from cnncalc.formula import evaluate, parse, symbols
from cnncalc.shapes import Shape


class Entered(NamedTuple):
    """One count of a column: its row, the right value, what was read, and the value that it stands for."""

    layer: str
    right: int
    read: int
    meant: int


class Expected(NamedTuple):
    """A value that may be stated.

    Attributes:
        value: the value.
        explainer: how it is calculated; None for what follows without a formula of the layer.
        own: whether it follows from answers in other rows.
    """

    value: Value
    explainer: Explainer | None = None
    own: bool = False


class Case(NamedTuple):
    """A figure of a row or of the whole network: its right value, and the values that follow from earlier answers.

    Attributes:
        layer: the path of the row; empty for the whole network.
        figure: the figure.
        right: its right value.
        explainer: the row with its right inputs.
        own: the row with the earlier answers, if they are others; the most plausible way to go on first.
        carried: what follows from other answers for the same row, or for the whole network.
        column: for the whole network, the answers in the rows.
        below: the outputs of the next rows, by their names.
        unanswered: the rows before it without an answer; None if there are none.
    """

    layer: str
    figure: str
    right: Value
    explainer: Explainer
    own: Sequence[Explainer] = ()
    carried: Sequence[Value] = ()
    column: Sequence[Entered] = ()
    below: Sequence[tuple[str, Shape]] = ()
    unanswered: Unanswered | None = None

    @property
    def expected(self) -> Iterator[Expected]:
        """The right value and those that follow from the answers."""
        yield Expected(self.right, self.explainer)
        for explainer in self.own:
            value = explainer.row.value(self.figure)
            if value is not None:
                yield Expected(value, explainer, own=True)
        yield from (Expected(value, own=True) for value in _sums(self.column, self.right))
        yield from map(Expected, self.carried)


def case_alone(exercise: Exercise, statement: Statement) -> Case | None:
    """The case of a statement, if nothing was said before it; None if no mistakes are known for its figure."""
    layer, figure = statement.layer, statement.figure
    if not layer:
        sum_ = exercise.right_total(figure)
        return None if sum_ is None else _case(layer, figure, sum_, exercise.total_explainer)
    item = exercise.item(layer)
    right = exercise.value(item, figure) if item else None
    return None if item is None or right is None else _case(layer, figure, right, exercise.explainer(item))


def _case(layer: str, figure: str, right: Value, explainer: Explainer) -> Case | None:
    """The case of a figure; None if it is counted by the rules of another tool."""
    return Case(layer, figure, right, explainer) if explainer.row.value(figure) in (right, None) else None


class Answers:
    """The answers so far, and what follows from them for every value of the network.

    The previous rows of a row are those whose values its layers read. If such a row was answered,
    its answer is taken; if it was left blank or cannot be read, what follows from the answers
    before it; if those cannot be (a window larger than its input), the right shape.

    Attributes:
        exercise: what they are about.
        shapes: the shape of each value by path.
        seen: what it sees of the network's input.
        searches: statements for which two mistakes at once were looked for.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.searches = 0
        self.shapes: dict[str, Shape] = dict(exercise.report.network.inputs)
        self.seen: dict[str, Seen | None] = {path: exercise.seen[path] for path in self.shapes}
        self._blank: dict[str, Item] = {}
        self._coming = iter(exercise.items)
        self._row: _OwnRow | None = None
        self._columns: dict[str, list[Entered]] = {}
        self._totals: dict[str, Value] = {}

    def case(self, statement: Statement) -> Case | None:
        """The case of a statement, by all that was said before; None as in `case_alone`.

        Statements come in the order of the rows, those about the whole network last.
        """
        layer, figure, row = statement.layer, statement.figure, self._row_of(statement.layer)
        if row is None:
            alone = case_alone(self.exercise, statement)
            return alone if layer or alone is None else self._of_column(alone)
        right = self.exercise.value(row.item, figure)
        case = None if right is None else _case(layer, figure, right, row.right)
        if case is None:
            return None
        carried = self._carried(figure, row.said, row.own or row.right)
        unanswered = Unanswered(self.exercise, row.item, self.shapes, self.seen, self._blank)
        below = self.exercise.outputs_below(layer) if figure == "out" else ()
        return case._replace(own=row.explainers(figure), carried=carried, below=below, unanswered=unanswered)

    def _of_column(self, case: Case) -> Case:
        """A total, by the answers in the rows and for other totals."""
        column = self._columns.get(case.figure, [])
        carried = self._carried(case.figure, self._totals, case.explainer)
        return case._replace(column=column, carried=carried)

    def keep(self, statement: Statement, verdict: Verdict) -> None:
        """Keep what a statement stands for, for the statements after it."""
        figure, reading, meant = statement.figure, verdict.reading, verdict.meant
        row = self._row_of(statement.layer)
        if reading is None or meant is None:
            return
        if row is not None:
            row.answer(figure, reading.partial, meant)
            self.searches += verdict.state == "wrong" and not verdict.is_single
            right = self.exercise.value(row.item, figure)
            if isinstance(right, int) and isinstance(reading.value, int) and isinstance(meant, int):
                self._columns.setdefault(figure, []).append(Entered(row.item.name, right, reading.value, meant))
        elif not statement.layer:
            self._totals[figure] = meant

    def _row_of(self, layer: str) -> _OwnRow | None:
        """The row that a statement is about, once all rows above it are done; None if it is not a row of its own."""
        if layer not in self.exercise:
            return None
        while self._row is None or self._row.item.name != layer:
            if self._row is not None:
                self._leave(self._row)
            item = next(self._coming, None)
            if item is None:
                return None
            self._row = _OwnRow(self, item)
        return self._row

    def _leave(self, row: _OwnRow) -> None:
        """Note that a row is done: the value that it hands on is known now."""
        exercise, output = self.exercise, row.item.row.output
        figures = (row.own or row.right).row
        for node in row.item.nodes:
            path = node.path
            self.shapes[path] = figures.shapes[path]
            # After a merge or a repeating pattern only the right row knows what is seen.
            self.seen[path] = (figures.seen.get(path) if row.own else None) or exercise.seen[path]
        self.shapes[output] = row.out or self.shapes[output]
        if row.out is None:
            self._blank[output] = row.item
        seen = self.seen[output]
        if seen is not None:
            self.seen[output] = Seen(row.sizes("receptive_field") or seen.field, row.sizes("jump") or seen.jump)

    def _carried(self, figure: str, said: Mapping[str, Value], explainer: Explainer) -> list[int]:
        """The values of a figure that follow from other answers of its row: FLOPs from MACs, bytes from values.

        Args:
            figure: the figure.
            said: the answers in the row so far, by figure.
            explainer: the row, for figures without an answer.
        """
        formula = parse(FIGURES[figure].formula) if figure in FIGURES and FIGURES[figure].formula else None
        if formula is None:
            return []
        names = {symbol: attribute_of(symbol) for symbol in symbols(formula)}
        leading = {name: [*_whole(said.get(name)), *self._carried(name, said, explainer)] for name in names.values()}
        if not any(leading.values()):
            return []
        right = {"value_bytes": self.exercise.report.value_bytes}
        choices = [leading[name] or _whole(right.get(name) or explainer.row.value(name)) for name in names.values()]
        chosen = (dict(zip(names, values, strict=True)) for values in product(*choices))
        return [int(evaluate(formula, values)) for values in chosen]


class _OwnRow:
    """One row as it goes on from earlier answers.

    Attributes:
        item: the row.
        right: the row with its right inputs.
        own: the row with the answers before it; None if it cannot be calculated with them.
        said: the values that the answers of this row stand for, by figure.
    """

    def __init__(self, answers: Answers, item: Item) -> None:
        self._answers = answers
        self.item = item
        self.right = answers.exercise.explainer(item)
        self.own = self._explainer(None)
        self.said: dict[str, Value] = {}

    @property
    def out(self) -> Shape | None:
        """The shape that was answered."""
        value = self.said.get("out")
        return value if isinstance(value, Shape) else None

    def sizes(self, figure: str) -> tuple[int, ...] | None:
        """The answered size of each axis."""
        value = self.said.get(figure)
        return value if isinstance(value, tuple) and not isinstance(value, Shape) else None

    def _explainer(self, answer: Shape | None) -> Explainer | None:
        try:
            return self._answers.exercise.explainer(self.item, self._answers.shapes, self._answers.seen, answer)
        except ShapeError:
            return None

    def explainers(self, figure: str) -> list[Explainer]:
        """The ways to go on from the answers, if they are not simply the right row."""
        found = [self.own] if self.own is not None and self.own is not self.right else []
        calculated = self.own.row.output if self.own else None
        if figure != "out" and self.out is not None and self.out != calculated:
            answered = self._explainer(self.out)
            found = [answered, *found] if answered is not None else found
        return found

    def answer(self, figure: str, partial: bool, value: Value) -> None:
        """Keep the value that an answer stands for; sizes without channels get those of the row."""
        if partial and isinstance(value, Shape):
            value = Shape((self.own or self.right).row.output.channels, value.spatial)
        self.said[figure] = value


def _whole(value: Value | None) -> list[int]:
    return [value] if type(value) is int else []


def _sums(column: Sequence[Entered], right: Value) -> list[int]:
    """The sums of a column: of the numbers as they were written, or of the exact values that they stand for.

    A cell without an answer counts as 0 or as its right value.
    """
    sums = [sum(one.read for one in column), sum(one.meant for one in column)]
    omitted = right - sum(one.right for one in column) if isinstance(right, int) else 0
    return [*sums, *(sum_ + omitted for sum_ in sums)] if any(sums) else []
