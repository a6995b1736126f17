"""The neutral graph: the network of a model file, in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from cnncalc.errors import CnnCalcError
from cnncalc.shapes import Layout, Shape


class ModelPlace(NamedTuple):
    """A place in a model file.

    Attributes:
        line, column: from 1; 1 and 1 in a file that has no lines.
        text: its name there, as `node /conv1/Conv`; empty if the line is enough.
        file: the file, if it is another one that the model's file names.
    """

    line: int = 1
    column: int = 1
    text: str = ""
    file: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a reader can go there: to a line, to another file, or to a cell of a notebook that is one line."""
        return self.line > 1 or bool(self.file) or self.text.startswith("cell ")

    def words(self) -> str:
        """The words for the place in a note."""
        return self.text or f"line {self.line}"


START = ModelPlace()


class RefusedModel(CnnCalcError):
    """A model file cannot be imported. Carries each reason with its place.

    Attributes:
        partial: the graph with unknown operations as `opaque`, if they are the reason, their shapes are known, and each
            reads a value.
        models: the names of the file's models, if the reason is that there are several, or none.
    """

    partial: ModelGraph | None = None
    models: tuple[str, ...] | None = None

    def __init__(self, *reasons: tuple[ModelPlace, str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(message for _, message in reasons))


NONSENSE = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
"""Errors of operations on the values of an untrusted file."""


@contextmanager
def sensible(at: ModelPlace) -> Iterator[None]:
    """Refuse invalid values, with their place, if nothing more is known."""
    try:
        yield
    except NONSENSE as error:
        raise RefusedModel((at, f"invalid values ({type(error).__name__})")) from None


class StoredTensor(NamedTuple):
    """A tensor of the file that a layer has as a weight: its values row by row, after these steps.

    Attributes:
        name: its name in the file; empty if its values are not available.
        axes: the order into which its axes are brought first; empty for their own.
        view: the dims under which these are its axes; empty for its own.
        parts: the number of equal parts into which its rows are then cut.
        taken: the parts that are kept, in this order; empty for all.
    """

    name: str
    axes: tuple[int, ...] = ()
    view: tuple[int, ...] = ()
    parts: int = 1
    taken: tuple[int, ...] = ()


class ModelNode(NamedTuple):
    """One operation.

    Attributes:
        name: of its value, which no other node has.
        kind: a word of the language; empty if it has none for the operation.
        settings: by parameter, as `layers.base.make` takes them.
        inputs: the names of what it reads: of nodes, or of inputs of the graph.
        shape: of its value; None after an unknown operation.
        declared: the shape that the file gives its value; None if it gives none.
        label: what the file calls it; may be empty.
        scope: the modules around it, outermost first.
        at: its place.
        shares: the name of the node whose weights it uses again; empty for one with its own.
        tensors: weight of the layer → its tensor in the file, if that is known.
        frozen: whether it has weights that are not trained.
    """

    name: str
    kind: str
    settings: Mapping[str, Any]
    inputs: tuple[str, ...]
    shape: Shape | None
    declared: Shape | None = None
    label: str = ""
    scope: tuple[str, ...] = ()
    at: ModelPlace = START
    shares: str = ""
    tensors: Mapping[str, StoredTensor] = {}
    frozen: bool = False


class ModelClaim(NamedTuple):
    """A statement of a file about a value, in a comment or in a printed table.

    Attributes:
        value: the name of the value; empty for the whole network.
        figure: a word of the figures: `out`, `params`.
        stated: the stated value.
        holds: whether it is right, as far as the reader can see.
        at: its place.
        length: the characters that it covers.
    """

    value: str
    figure: str
    stated: Shape | int
    holds: bool
    at: ModelPlace
    length: int


class ModelGraph(NamedTuple):
    """The network of a file.

    Attributes:
        title: its name; may be empty.
        format: what kind of file it is from, for people.
        inputs: name → shape.
        nodes: each after those that it reads.
        outputs: the names of the values that the network gives.
        notes: about operations that were dropped, folded or assumed, with the place.
        totals: figure → number, as the file itself states it.
        layout: the order in which its users write shapes.
        classes: path of a module → its class, if the file has it.
        inexact: the notes about operations that compute other values than the file's.
        open: the letters of the input's axes whose size the file leaves open, and no layer needs.
        claims: the statements of the file about values.
        slips: about code that does not do what its author means, with the place.
        texts: the files that its places are in, by name; empty for the file itself.
    """

    title: str
    format: str
    inputs: Mapping[str, Shape]
    nodes: tuple[ModelNode, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...] = ()
    totals: Mapping[str, int] = {}
    layout: Layout = "CHW"
    classes: Mapping[str, str] = {}
    inexact: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    claims: tuple[ModelClaim, ...] = ()
    texts: Mapping[str, str] = {}
    slips: tuple[tuple[str, ModelPlace], ...] = ()
