"""Printouts: the tables of torchinfo, torchsummary, pytorch_model_summary and Keras' summary().

A table has the output and the params of each layer. Only Keras' column 'Connected to' says which layers a row reads;
other rows are taken as a chain. A setting is written if it follows from these figures, or is the usual one of
those that fit; else the row is `opaque`, with its own shape and params.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.importing.bounds import decoded
from cnncalc.importing.building import FORWARD, GraphBuilder, bounded
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel, sensible
from cnncalc.importing.readers.printed_layers import MERGES, Made, full_word, function_of, is_of_all, kernel_of, kind_of
from cnncalc.importing.readers.printed_tables import TOTALS, PrintedRow, keras_rows, torch_rows, whole
from cnncalc.shapes import Layout, Shape

USUAL = {28, 32, 64, 224, 256, 299, 512}
"""Usual sizes of pictures."""

ASSUMED = "assumed: each row reads the one above it; the table does not say more"
MAX_CUT = 5_000
"""The most rows among which a row is searched by a name that was cut."""

CUT = "the text ends before the totals; the table is read up to there"
_PADDLE = re.compile(r"\s*[A-Z]\w*-\d+\s+\[\[\d")
"""A row of Paddle; its total of trained params leaves norms out."""


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a table."""
    lines = decoded(content).splitlines()
    head = next(number for number, line in enumerate(lines) if "Layer (type" in line)
    keras = any("None" in line for line in lines[head:])
    rows = list(keras_rows(lines, head) if keras else _leaves(list(torch_rows(lines, head))))
    if not rows:
        raise RefusedModel((ModelPlace(head + 1), "the table has no rows with a shape and a number of params"))
    for row in rows:
        if 0 in (*row.sizes, *row.entering):
            raise RefusedModel((ModelPlace(row.line), f"{row.word}: a size of its shape is 0; sizes are 1 or more"))
    if "Input Shape" in lines[head] and "Output Shape" not in lines[head]:
        rows = [
            row._replace(sizes=after.sizes)
            for row, after in zip(rows, [*rows[1:], rows[-1]._replace(sizes=())], strict=True)
        ]
    return _Table(rows, keras, given).graph(lines[head + 1 :])


def _leaves(rows: list[PrintedRow]) -> Iterator[PrintedRow]:
    """Rows of layers, without rows that contain the deeper rows below them."""
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        if after is None or after.depth <= row.depth or row.params:
            yield row


class _Table:
    def __init__(self, rows: list[PrintedRow], keras: bool, given: Sequence[int]) -> None:
        self._rows, self._keras = [row._replace(word=full_word(row.word)) for row in rows], keras
        functions = {function_of(row.label) for row in rows if row.word == "Activation"} - {""}
        self._function = functions.pop() if len(functions) == 1 else ""
        self._layout: Layout = "HWC" if keras else "CHW"
        self._builder = GraphBuilder("printout", layout=self._layout, given=given)
        self._values: dict[str, str] = {}
        self._read: set[str] = set()

    def graph(self, text: Sequence[str]) -> ModelGraph:
        """The graph of all rows."""
        linked = any(row.read for row in self._rows)
        if not linked:
            self._builder.note(ASSUMED)
        value = ""
        for row in bounded(self._rows):
            with sensible(ModelPlace(row.line)):
                if row.word == "InputLayer" or not value:
                    value = self._input(row)
                if row.word != "InputLayer":
                    value = self._linked(row, value) if linked else self._add(row, [self._entered(value, row)])
            self._values.pop(row.label, None)  # of rows with equally cut names the last one counts
            self._values[row.label] = value
        total = next((match for line in text if (match := re.match(r"\s*Trainable params: ([\d,]+)", line))), None)
        if total is not None and not any(_PADDLE.match(line) for line in text):
            self._builder.totals["params"] = whole(total[1])
        if not any(line.strip().startswith(TOTALS) for line in text):
            self._builder.note(CUT, ModelPlace(self._rows[-1].line))
        ends = [one for row in self._rows if (one := self._values[row.label]) not in self._read] if linked else []
        return self._builder.graph(ends or [value])

    def _input(self, row: PrintedRow) -> str:
        at = ModelPlace(row.line)
        if row.word == "InputLayer" and not row.sizes and not self._builder.given:
            raise RefusedModel((at, "the sizes of the input are not in the text; give them as --input HxWxC"))
        name = row.label if row.word == "InputLayer" and row.label else "input"
        if row.entering or (row.word == "InputLayer" and (row.sizes or self._builder.given)):
            return self._builder.input(name, row.entering or row.sizes, at, self._layout)
        value = self._builder.input("input", self._assumed_input(row), at, self._layout)
        if not self._builder.given:
            weighed = row.params and row.word.startswith(("Conv", "Linear", "Dense"))
            said = "from what the first layer learns" if weighed else "which the text does not say; give it as --input"
            self._builder.note(f"assumed: the input's shape, {said}", at)
        return value

    def _assumed_input(self, row: PrintedRow) -> tuple[int, ...]:
        """The input of a first row: the channels of its weights, and a usual size that gives its output."""
        shape = Shape.of(row.sizes or (1,), self._layout)
        found = kernel_of(shape, row.params, (1, 3, 2, 4, 6)) if shape.spatial else None
        if found is not None:
            channels, kernel, _ = found
            valid = tuple(n + kernel - 1 for n in shape.spatial)
            sizes = (shape.spatial, valid, tuple(2 * n for n in shape.spatial))
            usual = (one for one in sizes if set(one) <= USUAL)
            return Shape(channels, next(usual, valid)).sizes(self._layout)
        inputs = (row.params - shape.channels) // shape.channels if row.params and shape.channels else shape.channels
        return (*row.sizes[:-1], max(inputs, 1)) if not shape.spatial else row.sizes

    def _entered(self, value: str, row: PrintedRow) -> str:
        """The value that enters a row: the one in the table, else that of the row above."""
        shape = Shape.of(row.entering, self._layout) if row.entering else None
        if shape is None or shape == self._builder.shapes[value]:
            return value
        if not shape.spatial:
            before = self._builder.shapes[value]
            if before is not None and before.elements == shape.channels:
                return self._builder.vector(value, ModelPlace(row.line))
        settings = {"operation": FORWARD, "size": shape, "learned": 0}
        return self._builder.add("opaque", [value], settings, at=ModelPlace(row.line))

    def _linked(self, row: PrintedRow, above: str) -> str:
        """The value of a row that says what it reads; a layer with several uses has a value for each."""
        values = [self._named(name, row) for name in row.read or ()] or [above]
        self._read.update(values)
        if row.word in MERGES or len(values) == 1:
            return self._add(row, values)
        first = self._add(row, values[:1]) if self._known(row, values[0]) else ""
        if not first:
            return self._add(row, values)
        for number, value in enumerate(values[1:], start=1):
            self._values[f"{row.label}#{number}"] = self._add(row, [value], first)
        return first

    def _named(self, name: str, row: PrintedRow) -> str:
        """The value of a name; for a name that was cut, that of the last row above that starts like it."""
        at = ModelPlace(row.line)
        whole = name.partition("#")[0]  # the first use of a model has the number 1
        for one in (name, whole):
            if one in self._values:
                return self._values[one]
        if len(self._values) > MAX_CUT:
            raise RefusedModel((at, f"names are cut in a table of more than {MAX_CUT:,} rows"))
        start = whole.rstrip("…")
        found = [one for label, one in self._values.items() if _may_be(label, start)]
        if not found or not name.endswith("…") and not any(label.endswith("…") for label in self._values):
            raise RefusedModel((at, f"'{name:.60}' is not a row above this one"))
        if len(set(found)) > 1:
            self._builder.note(f"assumed: '{name:.60}' is the last row above whose name starts like this", at)
        return found[-1]

    def _known(self, row: PrintedRow, value: str) -> bool:
        before = self._builder.shapes[value]
        return before is not None and kind_of(row, before, self._shape(row, before), keras=self._keras) is not None

    def _made(self, row: PrintedRow, before: Shape, shape: Shape) -> Made | None:
        """The layer of a row; an unnamed activation is the one that the table names elsewhere."""
        if row.word != "Activation" or row.params or before != shape:
            return kind_of(row, before, shape, keras=self._keras)
        if said := function_of(row.label):
            return said, {}, f"assumed: {said} from the name of the layer"
        return (self._function, {}, f"assumed: {self._function}, as elsewhere in the table") if self._function else None

    def _shape(self, row: PrintedRow, before: Shape | None) -> Shape:
        """The output of a row."""
        if row.sizes:
            if min(row.sizes) < 1:
                message = f"the output of {row.word:.40} has a size of {min(row.sizes)}; 1 or more is expected"
                raise RefusedModel((ModelPlace(row.line), message))
            return Shape.of(row.sizes, self._layout)
        # A table of inputs does not have the last output.
        outputs = row.params // (before.channels + 1) if before and not before.spatial else 0
        return Shape(outputs) if outputs else before or Shape(1)

    def _add(self, row: PrintedRow, values: list[str], shares: str = "") -> str:
        """The value of a row."""
        builder, at, before = self._builder, ModelPlace(row.line), self._builder.shapes[values[0]]
        shape, label = self._shape(row, before), row.label.rstrip("…")
        if before is not None and before.spatial and is_of_all(row, before, shape):
            builder.note("assumed: flattened, as the weights of the next layer are for all values", at)
            values, before = [builder.vector(values[0], at)], Shape(before.elements)
        if row.word in MERGES and len(values) > 1 and not row.params:
            return builder.add(MERGES[row.word], values, {}, at=at, label=label, declared=shape)
        made = self._made(row, before, shape) if before is not None and len(values) == 1 else None
        if made is None:
            settings = {"operation": row.word, "size": shape, "learned": row.params}
            settings |= {"multiplied": None if row.params else 0}
            return builder.add("opaque", values, settings, at=at, label=label)
        kind, settings, assumed = made
        if assumed:
            builder.note(assumed, None if kind.endswith("pool") else at)
        value = builder.add(kind, values, settings, at=at, label=label, shares=shares)
        return builder.vector(value, at) if kind.startswith("global") and not shape.spatial else value


def _may_be(label: str, start: str) -> bool:
    """Whether a name may be this one, of which a part may be cut off."""
    return label.startswith(start) or (label.endswith("…") and start.startswith(label.rstrip("…")))
