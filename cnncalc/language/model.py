"""A spec as it was written, before `network` reads it. No kind is known here, and no shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple, final

from cnncalc.errors import Problem
from cnncalc.language.expressions import Number
from cnncalc.language.nodes import MapNode, Node, ScalarNode
from cnncalc.shapes import Layout

_YEAR = re.compile(r"\b(19|20)\d\d\b(?!\.\d)", re.ASCII)
"""A year of these centuries, but not the start of an arXiv number, as 2003.13678."""


class Claim(NamedTuple):
    """A result that the writer expects.

    Attributes:
        at: the value's place in the spec.
        figure: a word of figures: `params`, `out`, `peak_memory`.
        layer: the path of the layer that it is about; empty for the whole network.
        bound: `exact`, or `max` and `min` for a budget.
        value: a number, or the sizes of a shape in the order of the spec's layout.
        tolerance: half a unit of the last digit written; 0 if every digit is exact.
    """

    at: ScalarNode
    figure: str
    layer: str
    bound: str
    value: Number | tuple[int, ...]
    tolerance: Fraction = Fraction(0)


@final
class Line:
    """One line of a layer list: its universal keys, and the rest for `network` to make sense of.

    Attributes:
        keys: the key of each setting, for its place.
        settings: kind or block, and parameters; a bare word has the value None.
        name, source, weights: the `name:`, `from:` and `weights:` given, if any.
        repeat, first, shared, frozen: the same of these keys.
        claims: those of `out:`, `params:` and `macs:`.
        claimed: the same as written, by figure.
    """

    __slots__ = (
        "keys", "settings", "name", "source", "weights", "repeat", "first", "shared", "frozen", "claims", "claimed",
        "line", "column",
    )  # fmt: skip

    def __init__(
        self, keys: Mapping[str, ScalarNode], settings: Mapping[str, Node | None], line: int, column: int
    ) -> None:
        self.keys = keys
        self.settings = settings
        self.line = line
        self.column = column
        self.name: ScalarNode | None = None
        self.source: ScalarNode | None = None
        self.weights: ScalarNode | None = None
        self.repeat: ScalarNode | None = None
        self.first: MapNode | None = None
        self.shared: ScalarNode | None = None
        self.frozen: ScalarNode | None = None
        self.claims: tuple[Claim, ...] = ()
        self.claimed: Mapping[str, Node] = {}

    @property
    def usage(self) -> dict[str, Node]:
        """Its universal keys without the claims, if they are there: they say how the line is used."""
        given = {word: getattr(self, ATTRIBUTES.get(word, word)) for word in USAGE}
        return {word: value for word, value in given.items() if value is not None}

    def with_settings(self, settings: Mapping[str, Node | None]) -> Line:
        """The same line with other settings, and without its claims."""
        copy = Line(self.keys, settings, self.line, self.column)
        for word, value in self.usage.items():
            setattr(copy, ATTRIBUTES.get(word, word), value)
        return copy


USAGE = ("name", "from", "weights", "repeat", "first", "shared", "frozen")

ATTRIBUTES = {"from": "source"}
"""The attributes of a line for keys that are words of Python."""


class Block(NamedTuple):
    """A user's own kind: `name(param, param=default): [layers]`."""

    name: str
    at: ScalarNode
    parameters: Mapping[str, ScalarNode | None]
    body: tuple[Line, ...]


class Spec(NamedTuple):
    """A whole file.

    Attributes:
        file: the name in its problems.
        text: the text, for excerpts.
        bundled: whether it comes with cnncalc.
        inputs: `input:` (called `input`) or `inputs:` by name, as written.
        variables: `vars:` in order, as written.
        defaults: `defaults:` by kind, as written.
        layers: the lines of `layers:`.
        outputs: names given as `outputs:`; empty for the last layer.
        claims: of `expect:`; those of a layer line are in its Line.
        problems: those of the grammar; `network` adds the rest and raises.
        family: the common name of networks of this kind: `ResNet`; empty if the spec has none.
    """

    file: str
    text: str
    bundled: bool
    name: str
    source: str
    notes: str
    layout: Layout
    inputs: Mapping[str, tuple[ScalarNode, Node]]
    variables: Mapping[str, ScalarNode]
    defaults: Mapping[str, tuple[ScalarNode, MapNode]]
    blocks: Mapping[str, Block]
    layers: tuple[Line, ...]
    outputs: tuple[ScalarNode, ...]
    claims: tuple[Claim, ...]
    problems: tuple[Problem, ...] = ()
    family: str = ""

    @property
    def year(self) -> int | None:
        """The first year in `source:`, that of the publication; None if there is none."""
        found = _YEAR.search(self.source)
        return int(found[0]) if found else None
