"""The builder of a graph, by which every reader adds nodes. It knows the shape of every value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Sized
from itertools import starmap
from math import prod
from typing import Any, TypeVar, final

from cnncalc.errors import ShapeError
from cnncalc.importing.model import START, ModelGraph, ModelNode, ModelPlace, RefusedModel, StoredTensor
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Weightless, make
from cnncalc.layers.parameters import MAX_REAL, PADDING_WORDS, Type
from cnncalc.shapes import MAX_RANK, Layout, Shape, by_axis

MAX_DIGITS = 12
"""Digits of a setting that is not a whole number, as 1/3: further ones only show its binary form."""

MAX_NODES = 50_000
MAX_EDGES = 4 * MAX_NODES
MAX_ELEMENTS = 10**15
FORWARD = "what forward() does here"
"""The operation between two layers of a text that does not say it."""

MAX_LISTED = 3
"""How many places are listed for one note, or one unknown operation."""

S = TypeVar("S", bound=Sized)


def one_factor(shape: Shape) -> dict[str, Any]:
    """The settings of a value times one learned number, for which there is no kind: an operation with one weight."""
    return {"operation": "learned factor", "size": shape, "learned": 1, "multiplied": 0}


def bounded(operations: S) -> S:
    """The operations of a file, if there are no more than in a network: a file of millions is refused at once."""
    if len(operations) > MAX_NODES:
        raise RefusedModel((START, f"{len(operations):,} operations; a network has no more than {MAX_NODES:,}"))
    return operations


@final
class GraphBuilder:
    """Collects the nodes of one graph.

    Attributes:
        format: what kind of file it is.
        given: the sizes of the input, if they replace those of the file, or the file has none.
        shapes: of every value so far; None if it is not known.
        notes: what was dropped, folded or assumed; each once.
        totals: the totals that the file itself states.
        classes: path of a module → its class.
        frozen: whether the weights of nodes that are added now are not trained.
    """

    def __init__(self, format_: str, title: str = "", layout: Layout = "CHW", given: Sequence[int] = ()) -> None:
        self.format = format_
        self.given = tuple(given)
        self.title = title
        self.layout: Layout = layout
        self.shapes: dict[str, Shape | None] = {}
        self.notes: dict[str, list[ModelPlace]] = {}
        self.totals: dict[str, int] = {}
        self.classes: dict[str, str] = {}
        self.frozen = False
        self._inputs: dict[str, Shape] = {}
        self._nodes: dict[str, ModelNode] = {}
        self._reads: Counter[str] = Counter()
        self._promised: dict[str, Callable[[], str]] = {}
        self._unknown: dict[str, list[ModelPlace]] = {}
        self._inexact: list[str] = []
        self._slips: dict[str, ModelPlace] = {}
        self._made: dict[object, tuple[str, dict[str, Any], Shape | None]] = {}
        self._edges = 0

    def input(self, name: str, sizes: Sequence[int], at: ModelPlace = START, layout: Layout = "CHW") -> str:
        """Add an input of the network; `sizes` are without the batch."""
        if self.given and self._inputs:
            raise RefusedModel((at, "the network has several inputs; --input gives the shape of one only"))
        sizes = self.given or sizes
        text = f"the shape of input '{name:.40}' is {by_axis(sizes)[:60] or 'nothing'}"
        if not 1 <= len(sizes) <= 4 or not all(type(size) is int and size > 0 for size in sizes):
            raise RefusedModel((at, f"{text}; one to four whole numbers are expected"))
        if prod(sizes) > MAX_ELEMENTS:
            raise RefusedModel((at, f"{text}, which is too large"))
        name = self._free(name)
        self._inputs[name] = self.shapes[name] = Shape.of(tuple(sizes), layout)
        return name

    def add(
        self,
        kind: str,
        inputs: Sequence[str],
        settings: Mapping[str, Any] | None = None,
        *,
        at: ModelPlace = START,
        label: str = "",
        scope: Sequence[str] = (),
        declared: Shape | None = None,
        shares: str = "",
        tensors: Mapping[str, StoredTensor] | None = None,
    ) -> str:
        """The name of the value of a new node."""
        self._edges += len(inputs)
        if len(self._nodes) >= MAX_NODES or self._edges > MAX_EDGES:
            words = f"more than {MAX_NODES:,} operations, or more than {MAX_EDGES:,} values that they read"
            raise RefusedModel((at, f"{words}; a network has fewer"))
        declared = None if self.given else declared  # they are for the input of the file
        inputs = list(map(self.kept, inputs))
        _check(kind, settings or {}, at)
        # Most layers equal one before: results of their settings are found once, and are one object in memory.
        key = (kind, *(settings or {}).items()), tuple(map(self.shapes.__getitem__, inputs))
        if key not in self._made:
            simple = self._simplest(kind, inputs, dict(map(_rounded, (settings or {}).items())))
            self._made[key] = *simple, self._shape(*simple, inputs, at) if kind else None
        kind, settings, shape = self._made[key]
        shape = shape if kind else declared
        name = self._free(label or kind or "value")
        named = tensors or {}
        node = ModelNode(name, kind, settings, tuple(inputs), shape, declared, label, tuple(scope), at, shares, named)
        frozen = self.frozen and kind != "" and not issubclass(LAYERS[kind], Weightless)
        self._nodes[name] = node._replace(frozen=frozen)
        self._reads.update(inputs)
        self.shapes[name] = shape
        return name

    def unknown(self, operation: str, inputs: Sequence[str], at: ModelPlace, declared: Shape | None = None) -> str:
        """The name of the value of an operation that the language does not know."""
        self._unknown.setdefault(operation, []).append(at)
        return self.add("", inputs, {}, at=at, label=operation, declared=declared)

    def declare(self, name: str, shape: Shape | None) -> None:
        """Give the value that was added last, if it has this name, the shape that the file states."""
        if shape is not None and not self.given and next(reversed(self._nodes), "") == name:
            self._nodes[name] = self._nodes[name]._replace(declared=shape)

    def note(self, text: str, at: ModelPlace | None = None, *, inexact: bool = False) -> None:
        """Note that something was dropped, folded or assumed; `inexact` if values differ from the file's."""
        self.notes.setdefault(text, []).extend([at] if at else [])
        self._inexact += [text] * inexact

    def slip(self, text: str, at: ModelPlace) -> None:
        """Keep and note a text about code that does something other than its author means."""
        self._slips.setdefault(text, at)

    def graph(self, outputs: Sequence[str]) -> ModelGraph:
        """The whole graph.

        Raises:
            RefusedModel: there are operations that the language does not know.
        """
        if self._unknown:
            refused = RefusedModel(*(self._missing(*entry) for entry in self._unknown.items()))
            if all(node.kind or (node.inputs and node.shape is not None) for node in self._nodes.values()):
                refused.partial = self._graph(outputs)
            raise refused
        if not self._nodes or not self._inputs:
            raise RefusedModel((START, f"no layers are in this {self.format} file"))
        return self._graph(outputs)

    def _graph(self, outputs: Sequence[str]) -> ModelGraph:
        nodes, notes = tuple(map(_known, self._nodes.values())), tuple(starmap(_said, self.notes.items()))
        return ModelGraph(
            self.title, self.format, self._inputs, nodes, tuple(dict.fromkeys(outputs)), notes,
            self.totals, self.layout, self.classes, tuple(self._inexact),
            slips=tuple(self._slips.items()),
        )  # fmt: skip

    @property
    def graph_inputs(self) -> Mapping[str, Shape]:
        """The inputs of the network so far."""
        return self._inputs

    def channels(self, name: str) -> int | None:
        """The channels of a value, if they are known."""
        shape = self.shapes[name]
        return None if shape is None else shape.channels

    def rank(self, name: str) -> int:
        """The number of spatial axes of a value; 2 if it is not known."""
        shape = self.shapes[name]
        return 2 if shape is None else shape.rank

    def give_bias(self, name: str, tensor: StoredTensor) -> bool:
        """Give this bias to a layer that nothing has read yet, if it has weights without a bias."""
        node = self._nodes.get(name)
        words = {"conv": "bias", "fc": "bias", "depthwise": "bias", "scale": "bias", "attention": "out_bias"}
        if node is None or self._reads[name] or node.kind not in words or node.settings.get("bias"):
            return False
        tensors = {**node.tensors, words[node.kind]: tensor}
        self._nodes[name] = node._replace(settings={**node.settings, "bias": True}, tensors=tensors)
        return True

    def node(self, name: str) -> ModelNode | None:
        """The node that gives a value; None for an input of the network."""
        return self._nodes.get(name)

    def promise(self, shape: Shape, made: Callable[[], str]) -> str:
        """The name of a value whose nodes are added when one reads it, by `made`, which gives its name."""
        name = self._free("promise")
        self.shapes[name] = shape

        def once() -> str:
            self._promised[name] = lambda: real
            real = made()
            return real

        self._promised[name] = once
        return name

    def kept(self, name: str) -> str:
        """The name of a value whose nodes exist; those of a promise are added."""
        return self._promised[name]() if name in self._promised else name

    def retract(self, name: str, kept: Sequence[str]) -> None:
        """Take back the node of a value that no other node reads, and those that only it reads, up to `kept`."""
        node = self._nodes.get(name)
        if node is not None and not self._reads[name] and name not in kept:
            del self._nodes[name]
            for value in node.inputs:
                self._reads[value] -= 1
                self.retract(value, kept)

    def vector(self, name: str, at: ModelPlace) -> str:
        """A value as a vector: flattened if it is a map."""
        shape = self.shapes[name]
        return name if shape is None or not shape.spatial else self.add("flatten", [name], at=at)

    def _missing(self, operation: str, places: list[ModelPlace]) -> tuple[ModelPlace, str]:
        words = f"{operation:.60}" if operation.strip() else "an operation without a name"
        return places[0], _said(f"cnncalc has no kind for {words} ×{len(places)}", places)

    def _free(self, name: str) -> str:
        if name not in self.shapes:
            return name
        number = len(self.shapes)
        while f"{name}#{number}" in self.shapes:
            number += 1
        return f"{name}#{number}"

    def _shape(self, kind: str, settings: Mapping[str, Any], inputs: Sequence[str], at: ModelPlace) -> Shape | None:
        shapes = [self.shapes[name] for name in inputs]
        known = [shape for shape in shapes if shape is not None]
        if len(known) < len(shapes):
            return None
        operands = LAYERS[kind].operands
        if "inputs" not in operands and not 1 <= len(known) <= 1 + len(operands):
            raise RefusedModel((at, f"{kind}: {len(known)} values enter; it reads {1 + len(operands)}"))
        try:
            shape = make(LAYERS[kind], known[0].rank, **settings).output_shape(*known)
        except ShapeError as error:
            raise RefusedModel((at, error.about(kind, self.layout))) from None
        except (TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, OverflowError):
            raise RefusedModel((at, f"{kind}: invalid settings")) from None
        if shape.rank > MAX_RANK or prod(shape.sizes()) > MAX_ELEMENTS:
            raise RefusedModel((at, f"{kind}: an output of {by_axis(shape.sizes())[:60]} is too large"))
        return shape

    def _simplest(self, kind: str, inputs: Sequence[str], settings: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A kind with its settings as a person writes them: depthwise for as many groups as channels, without zeros."""
        shape = self.shapes[inputs[0]] if inputs else None
        if kind == "deconv" and not isinstance(settings.get("padding", 0), str):
            extra = settings.get("output_padding")
            if not (any(extra) if isinstance(extra, tuple) else extra):
                settings.pop("output_padding", None)  # next to numbers, None means 0
        if kind == "conv" and shape is not None and 1 < shape.channels == settings.get("groups", 1):
            multiplier, rest = divmod(settings["filters"], shape.channels)
            if not rest and multiplier:
                del settings["groups"], settings["filters"]
                return "depthwise", {**settings, **({"multiplier": multiplier} if multiplier > 1 else {})}
        return kind, settings


def _said(text: str, places: Sequence[ModelPlace]) -> str:
    """A text with its first places."""
    words = list(dict.fromkeys(place.words() for place in places))
    named = ", ".join(words[:MAX_LISTED])
    more = f" and {len(words) - MAX_LISTED} more" if len(words) > MAX_LISTED else ""
    return f"{text} ({named:.200}{more})" if places else text


def _rounded(setting: tuple[str, Any]) -> tuple[str, Any]:
    """A setting with no more digits than a person writes."""
    name, value = setting
    is_long = isinstance(value, float) and len(repr(value)) > MAX_DIGITS
    return name, float(f"{value:.{MAX_DIGITS - 2}g}") if is_long else value


def _check(kind: str, settings: Mapping[str, Any], at: ModelPlace) -> None:
    """Refuse a number that a spec may not have there."""
    for name, value in settings.items():
        parameter = LAYERS[kind].parameters.get(name)
        if parameter is not None and parameter.type is Type.REAL and not abs(value) <= MAX_REAL:
            raise RefusedModel((at, f"{kind}: {name} is {value}; a number is expected"))
        if parameter is None or parameter.type not in (Type.COUNT, Type.SIZE, Type.PADDING) or value is None:
            continue
        least, sides = parameter.minimum or 0, value if isinstance(value, tuple) else (value,)
        numbers = [n for side in sides for n in (side if isinstance(side, tuple) else (side,))]
        if value not in PADDING_WORDS and not all(type(n) is int and n >= least for n in numbers):
            text = by_axis(numbers) if len(numbers) == len(sides) else ", ".join(map(str, numbers))
            raise RefusedModel((at, f"{kind}: {name} is {text:.40}; whole numbers of {least} or more are expected"))


def _known(node: ModelNode) -> ModelNode:
    """A node; it is opaque if the language does not know its operation."""
    settings = {"operation": node.label, "size": node.shape}
    return node if node.kind else node._replace(kind="opaque", settings=settings, label="")
