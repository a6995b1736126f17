"""The network: typed layers, their names and edges in order. It holds no shape but those of its inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.language.model import Claim
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.composites import COMPOSITES
from cnncalc.shapes import Layout, Shape


class Node(NamedTuple):
    """One layer in its place.

    Attributes:
        path: its unique name: `conv3.2/residual/conv1`.
        layer: its kind with its settings.
        inputs: the paths of the nodes, or names of the network's inputs, that it reads.
        line, column: the place in the spec that it comes from, from 1.
        weights: the path of the node whose weights it uses; empty if it has its own.
        frozen: whether its weights are not trained.
    """

    path: str
    layer: Layer
    inputs: tuple[str, ...]
    line: int
    column: int = 1
    weights: str = ""
    frozen: bool = False

    @property
    def owner(self) -> str:
        """The path of the node that has its weights."""
        return self.weights or self.path


class Use(NamedTuple):
    """One use of a block.

    Attributes:
        block: its name.
        arguments: each parameter with its value here: a number, a size, or a word and perhaps the path of a
            value.
        given: the parameters that the line gives; all others have their defaults.
    """

    block: str
    arguments: tuple[tuple[str, Any], ...]
    given: frozenset[str]


class Row(NamedTuple):
    """One line of the spec with everything that it stands for, as a table folds it.

    Attributes:
        path: the line's name: `conv3`; copies and the lines of blocks are rows below it.
        label: its words, for a block, a composite kind or a repeated line: `bottleneck 128 ×4`.
        line: the line of the spec, from 1.
        start, stop: its nodes are `network.nodes[start:stop]`.
        output: the path of the value that it hands on.
        children: the rows that it unfolds to; empty for a single layer.
        use: of the block that it is a use of.
    """

    path: str
    label: str
    line: int
    start: int
    stop: int
    output: str
    children: tuple[Row, ...] = ()
    use: Use | None = None


class Network(NamedTuple):
    """A whole network, ready for analysis or execution.

    Attributes:
        name: the title; the file's name if the spec has none.
        source, notes: free text of the spec.
        bundled: whether the spec comes with cnncalc.
        layout: the order in which shapes are written.
        inputs: shape of each input.
        nodes: the layers in execution order: an edge always points to an earlier node.
        rows: the lines of `layers:`.
        outputs: the path of the value of each output, by its name.
        claims: every claim, about the network or about a row by its path.
        family: what people call networks of this kind; empty if the spec does not say.
    """

    name: str
    source: str
    notes: str
    bundled: bool
    layout: Layout
    inputs: Mapping[str, Shape]
    nodes: tuple[Node, ...]
    rows: tuple[Row, ...]
    outputs: Mapping[str, str]
    claims: tuple[Claim, ...] = ()
    family: str = ""


def find_row(rows: tuple[Row, ...], path: str) -> Row | None:
    """The row with this path, at any depth; None if there is none.

    `conv1` also finds `conv`, the automatic name of the only conv in its body; `relu6_1` finds `relu6`.
    """
    row = _exact_row(rows, path)
    if row is not None:
        return row
    body, slash, name = path.rpartition("/")
    word = name.removesuffix("1").removesuffix("_")
    is_first = (word in LAYERS or word in COMPOSITES) and name == numbered(word, 1)
    return _exact_row(rows, f"{body}{slash}{word}") if is_first else None


def _exact_row(rows: tuple[Row, ...], path: str) -> Row | None:
    for row in rows:
        if path == row.path:
            return row
        if path.startswith((f"{row.path}/", f"{row.path}.")):
            found = _exact_row(row.children, path)
            if found is not None:
                return found
    return None


def numbered(word: str, number: int) -> str:
    """A word with a number after it: `conv2`, and `relu6_2`, so that no digit of the word is taken for one of it."""
    return f"{word}_{number}" if word[-1:].isdigit() else f"{word}{number}"


def automatic_names(lines: Sequence[tuple[str | None, str]], reserved: Iterable[str] = ()) -> list[str]:
    """A unique name for each line of one body.

    Lines count per kind or block, named ones included: the second conv is `conv2`, even where the
    first has a name of its own. The only one of its kind has no number: `flatten`, `residual`.
    After a digit the number has a `_`: `mbconv6_2`.

    Args:
        lines: the explicit name, or None, and the kind or block of each line.
        reserved: names that no line may get: those of the network's inputs.
    """
    totals = Counter([word for _, word in lines])
    taken = {name for name, _ in lines if name is not None}.union(reserved)
    counts = dict.fromkeys(totals, 0)
    names = []
    for explicit, word in lines:
        counts[word] += 1
        if explicit is not None:
            names.append(explicit)
            continue
        name = word if totals[word] == 1 and word not in taken else numbered(word, counts[word])
        while name in taken:
            counts[word] += 1
            name = numbered(word, counts[word])
        taken.add(name)
        names.append(name)
    return names
