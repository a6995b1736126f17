"""The neutral graph: what a model file says, in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from cnncalc.errors import CnnCalcError
from cnncalc.shapes import Layout, Shape


class ModelPlace(NamedTuple):
    """Where something stands in a model file.

    Attributes:
        line, column: from 1; 1 and 1 in a file that has no lines.
        text: what it is called there, as `node /conv1/Conv`; empty if the line says it all.
        file: the file, if it is another one that the model's file names.
    """

    line: int = 1
    column: int = 1
    text: str = ""
    file: str = ""

    def words(self) -> str:
        """The place as a note names it."""
        return self.text or f"line {self.line}"


START = ModelPlace()


class RefusedModel(CnnCalcError):
    """A model file cannot be imported. Carries each reason with its place.

    Attributes:
        partial: the graph with what is not known as `opaque`, if that is the reason and their shapes are known.
        models: the names of those that the file has, if the reason is that they are several, or none.
    """

    partial: ModelGraph | None = None
    models: tuple[str, ...] | None = None

    def __init__(self, *reasons: tuple[ModelPlace, str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(message for _, message in reasons))


NONSENSE = (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
"""What an operation on values may raise that a file from a stranger has."""


@contextmanager
def sensible(at: ModelPlace) -> Iterator[None]:
    """Refuse what makes no sense, with its place, if nothing more is known of it."""
    try:
        yield
    except NONSENSE as error:
        raise RefusedModel((at, f"values that make no sense ({type(error).__name__})")) from None


class StoredTensor(NamedTuple):
    """A tensor of the file that a layer has as a weight: its values row by row, after these steps.

    Attributes:
        name: what the file calls it; empty for one whose values cannot be had.
        axes: the order into which its axes are brought first; empty for their own.
        view: the dims under which these are its axes; empty for its own.
        parts: how many equal parts its rows are then cut into.
        taken: which of them are kept, in this order; empty for all.
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
        shape: of its value; None if an operation that is not known stands before it.
        declared: the shape that the file gives its value; None if it gives none.
        label: what the file calls it; may be empty.
        scope: the modules around it, outermost first.
        at: its place.
        shares: the name of the node whose weights it uses again; empty for one with its own.
        tensors: weight of the layer → what it is in the file, if that is known.
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
    """What a file states of a value beside the layers, in a comment or in a printed table.

    Attributes:
        value: the name of the value; empty for the whole network.
        figure: a word of the figures: `out`, `params`.
        stated: what it says.
        holds: whether that is what comes out, as far as the reader can see.
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
    """A network as its file has it.

    Attributes:
        title: its name; may be empty.
        format: what kind of file it is from, for people.
        inputs: name → shape.
        nodes: each after what it reads.
        outputs: the names of the values that the network gives.
        notes: what was dropped, folded or assumed, with the place.
        totals: figure → number, as the file itself says.
        layout: the order in which its users write shapes.
        classes: path of a module → its class, if the file has it.
        inexact: the notes of what computes other values than the file says.
        open: the letters of the input's axes whose size the file leaves open, and no layer needs.
        claims: what the file states beside the layers.
        slips: what code does otherwise than its author means, with the place.
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
