"""The traced value, its trace, and the texts of sums and products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import fsum
from operator import mul
from typing import Any, NamedTuple, Protocol, TypeVar

from cnncalc.shapes import Layout, Shape

MOST_TERMS = 9
"""How many items are written; of more, the first and the last."""
FIRST_TERMS = 3

LONE_NEGATIVE = r"\(−([^()]+)\)(?=$| \()"
"""A pattern for a term that is a negative number, perhaps with a remark."""

DRAWN = "drawn"
"""The name among a layer's tensors of its output, if that is drawn at random."""

Place = tuple[int, ...]
"""The index of a value, channels first."""


class Indexed(Protocol):
    """An array, channels first."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of each axis."""

    def __getitem__(self, place: Any, /) -> Any:
        """The value at a place."""

    def tolist(self) -> Any:
        """All values as lists."""


class OneValue(NamedTuple):
    """One value of a layer's output.

    Attributes:
        layer: the layer.
        names: the name of each of its inputs.
        inputs: their values.
        tensors: its weights by name.
        place: of the value.
        layout: the order in which places are written.
        known: results for other values of the layer, if they are computed together.
    """

    layer: Any
    names: tuple[str, ...]
    inputs: tuple[Indexed, ...]
    tensors: Mapping[str, Indexed]
    place: Place
    layout: Layout
    known: dict[Any, Any]

    @property
    def input_shape(self) -> Shape:
        """The shape of the first input."""
        return Shape.of(tuple(self.inputs[0].shape))

    def read(self, place: Place, number: int = 0) -> float:
        """A value of an input."""
        return float(self.inputs[number][place])

    def weight(self, name: str, *place: int) -> float:
        """A value of a stored tensor."""
        return float(self.tensors[name][place])

    def drawn(self) -> float:
        """The value itself, if it was drawn at random."""
        return float(self.tensors[DRAWN][self.place])

    def numbers(self, name: str) -> Any:
        """All values of a stored tensor as lists; an empty one if there is no such tensor."""
        if ("numbers", name) not in self.known:
            self.known["numbers", name] = self.tensors[name].tolist() if name in self.tensors else []
        return self.known["numbers", name]

    def named(self, place: Place, number: int = 0) -> str:
        """The name of a value of an input: `conv1[0, 2, 2]`."""
        return f"{self.names[number]}{place_text(place, self.layout)}"


class Trace(NamedTuple):
    """The arithmetic of one value.

    Attributes:
        value: the value.
        lines: its steps, each with a label; the last one ends with the value.
        size: the sum of everything that was added, without signs, by which rounding is judged.
    """

    value: float
    lines: tuple[tuple[str, str], ...]
    size: float


def in_order(place: Place, layout: Layout) -> Place:
    """A place in the order of the layout."""
    return (*place[1:], place[0]) if layout == "HWC" else place


def place_text(place: Place, layout: Layout) -> str:
    """A place in the order of the layout: `[0, 2, 2]`."""
    return f"[{', '.join(map(str, in_order(place, layout)))}]"


def number(value: float) -> str:
    """A value with six digits."""
    return f"{value:z.6g}".replace("-", "−")


def inner(value: float) -> str:
    """A value within a product or sum: a negative one is in parentheses."""
    return f"({number(value)})" if value < 0 else number(value)


def power(value: float) -> str:
    """e to a value."""
    return f"e^{inner(value)}"


def square(value: float) -> str:
    """A value squared."""
    return f"{inner(value)}²"


Item = TypeVar("Item")


def sum_of(items: Sequence[Item], written: Callable[[Item], str]) -> str:
    """The sum of things that a function writes; of many the first, the last and their number."""
    texts, count = _few(items, written)
    return sum_text(texts or ["0"]) + (f" [{count:,} terms]" if count else "")


def sum_text(terms: Sequence[str]) -> str:
    """Terms with a sign between each two."""
    first = re.sub(rf"^{LONE_NEGATIVE}", r"−\1", terms[0])
    return first + "".join(re.sub(rf"^ \+ {LONE_NEGATIVE}", r" − \1", f" + {term}") for term in terms[1:])


def list_text(values: Sequence[float]) -> str:
    """Values with commas; of many the first, the last and their number."""
    texts, count = _few(values, number)
    return ", ".join(texts) + (f" [{count:,} values]" if count else "")


def _few(items: Sequence[Item], written: Callable[[Item], str]) -> tuple[list[str], int]:
    """The texts of things; of too many the first and the last, and their number."""
    if len(items) <= MOST_TERMS:
        return [written(item) for item in items], 0
    return [*map(written, items[:FIRST_TERMS]), "…", written(items[-1])], len(items)


def dot(factors: Sequence[float], others: Sequence[float]) -> float:
    """The sum of the products of two rows, which are of one length."""
    return fsum(map(mul, factors, others))


Product = tuple[float, float]


def product_text(product: Product) -> str:
    """Two factors with a sign between them."""
    return f"{inner(product[0])}·{inner(product[1])}"


Part = tuple[str, Sequence[Product]]
"""A part of a weighted sum, as the products of one channel, with its name."""


def weighted(parts: Sequence[Part], bias: float | None, about: Iterable[tuple[str, str]] = ()) -> Trace:
    """The trace of a sum of products: those of each part, then the parts and the bias."""
    if all(len(products) == 1 for _, products in parts):
        parts = [("", [product for _, products in parts for product in products])]
    sums = [fsum(a * b for a, b in products) for _, products in parts]
    offsets = [] if bias is None else [f"{inner(bias)} (bias)"]
    value = fsum((*sums, bias or 0.0))
    size = fsum(abs(a * b) for _, products in parts for a, b in products) + abs(bias or 0.0)
    if len(parts) == 1:
        total = sum_text([sum_of(parts[0][1], product_text), *offsets])
        return Trace(value, (*about, ("value", f"{total} = {number(value)}")), size)
    total = sum_text([sum_of(sums, inner), *offsets])
    return Trace(value, (*about, *_parts(parts, sums), ("value", f"{total} = {number(value)}")), size)


def _parts(parts: Sequence[Part], sums: Sequence[float]) -> Iterator[tuple[str, str]]:
    """A line for each part; of many for the first and the last."""
    left_out = range(FIRST_TERMS, len(parts) - 1) if len(parts) > MOST_TERMS else range(0)
    for index, ((label, products), total) in enumerate(zip(parts, sums, strict=True)):
        if index not in left_out:
            yield label, f"{sum_of(products, product_text)} = {number(total)}"
        elif index == left_out[0]:
            yield "…", f"{len(left_out):,} more in the same way"


def formula(text: str, value: float, size: float | None = None, about: Iterable[tuple[str, str]] = ()) -> Trace:
    """The trace of a value whose formula is one line."""
    written = text if text == number(value) else f"{text} = {number(value)}"
    return Trace(value, (*about, ("value", written)), abs(value) if size is None else size)
