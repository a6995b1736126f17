"""Graph → the same graph in fewer nodes: several that are one operation here become one, unused ones are removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, final

from cnncalc.importing.connections import connected
from cnncalc.importing.model import ModelGraph, ModelNode
from cnncalc.notation import several
from cnncalc.shapes import Shape

GATES = {"sigmoid": "silu", "hardsigmoid": "hardswish"}
"""By the name of f: the activation x * f(x)."""


def simplified(graph: ModelGraph) -> ModelGraph:
    """The graph after all passes."""
    return _nested(_Passes(_live(graph)).graph())


def uses(graph: ModelGraph) -> Counter[str]:
    """The number of readers of each value; an output has one more."""
    return Counter(name for node in graph.nodes for name in node.inputs) + Counter(graph.outputs)


def _live(graph: ModelGraph) -> ModelGraph:
    """The graph without nodes and inputs that no output depends on."""
    wanted = set(graph.outputs)
    for node in reversed(graph.nodes):
        if node.name in wanted:
            wanted.update(node.inputs)
    dead = [node for node in graph.nodes if node.name not in wanted]
    inputs = {name: shape for name, shape in graph.inputs.items() if name in wanted}
    if not dead and len(inputs) == len(graph.inputs):
        return graph
    notes = graph.notes
    if dead:
        gone = several(len(dead), "operation")
        notes = (*notes, f"{gone} left out, on which no output depends, from {dead[0].at.words()}")
    heirs: dict[str, str] = {}
    nodes = tuple(_inherited(node, wanted, heirs) for node in graph.nodes if node.name in wanted)
    return graph._replace(nodes=nodes, inputs=inputs or graph.inputs, notes=notes)


def _inherited(node: ModelNode, kept: Collection[str], heirs: dict[str, str]) -> ModelNode:
    """A node with its own weights, if the node that shares them is removed: the first of several gets them."""
    if not node.shares or node.shares in kept:
        return node
    heir = heirs.setdefault(node.shares, node.name)
    return node._replace(shares="" if heir == node.name else heir)


def _nested(graph: ModelGraph) -> ModelGraph:
    """The graph with branches of branches joined in steps, where exporters join them all at once."""
    nodes, times = {node.name: node for node in graph.nodes}, uses(graph)
    made: list[ModelNode] = []
    for node in graph.nodes:
        starts = [_start(value, nodes, times) for value in node.inputs] if node.kind == "concat" else []
        inputs: list[str] = []
        for start, group in groupby(zip(starts, node.inputs, strict=False), key=itemgetter(0)):
            values = [value for _, value in group]
            if len(set(starts)) > 1 < len(values) == times[start] and start in nodes:
                made.append(_joined(node, values, nodes))
                values = [made[-1].name]
            inputs += values
        made.append(node._replace(inputs=tuple(inputs)) if starts else node)
    return graph._replace(nodes=tuple(made))


def _start(value: str, nodes: Mapping[str, ModelNode], times: Mapping[str, int]) -> str:
    """The value that a chain comes from: the first one, going back, that several nodes read."""
    while times[value] == 1 and value in nodes and len(nodes[value].inputs) == 1:
        (value,) = nodes[value].inputs
    return value


def _joined(node: ModelNode, values: list[str], nodes: Mapping[str, ModelNode]) -> ModelNode:
    """A concatenation of some inputs of another one."""
    shapes = [nodes[value].shape for value in values]
    known = [shape for shape in shapes if shape is not None]
    whole = Shape(sum(shape.channels for shape in known), known[0].spatial) if len(known) == len(values) else None
    return node._replace(name=f"{values[0]}|{values[-1]}", inputs=tuple(values), shape=whole, declared=None, label="")


class _Change(NamedTuple):
    """A node in place of several: `gone` are left out, `node` takes the place of the last of them."""

    node: ModelNode | None
    gone: tuple[str, ...]


@final
class _Passes:
    def __init__(self, graph: ModelGraph) -> None:
        self._graph = graph
        self._nodes = {node.name: node for node in graph.nodes}
        self._uses = uses(graph)

    def graph(self) -> ModelGraph:
        """The graph with every idiom as one node."""
        gone: set[str] = set()
        joined: dict[tuple[str, ...], str] = {}
        same: dict[str, str] = {}
        kept: dict[str, ModelNode] = {}
        for one in self._graph.nodes:
            node = one._replace(inputs=tuple(same.get(name, name) for name in one.inputs))
            self._nodes[node.name] = node
            if (whole := self._whole(node)) is not None:
                gone.update(whole.gone)
                kept[node.name] = self._nodes[node.name] = whole.node or node
            elif (before := self._undone(node)) is not None:
                same[node.name] = before
                gone.update((node.name, *(name for name in node.inputs if self._uses[name] == 1)))
                self._uses[before] += self._uses[node.name] - 1
            else:
                kept[node.name] = self._growing(node, joined)
        outputs = tuple(same.get(name, name) for name in self._graph.outputs)
        nodes = tuple(node for name, node in kept.items() if name not in gone)
        return _live(self._graph._replace(nodes=nodes, outputs=outputs))

    def _whole(self, node: ModelNode) -> _Change | None:
        """The idiom that a node is the last one of."""
        if (links := connected(node, self._nodes, self._uses)) is not None:
            return _Change(*links)
        return self._gate(node) or self._hard(node) or self._scaled(node) or self._trimmed(node)

    def _growing(self, node: ModelNode, joined: dict[tuple[str, ...], str]) -> ModelNode:
        """Let a concatenation that repeats the inputs of another one, and adds one, read that one (DenseNet)."""
        if node.kind != "concat":
            return node
        for count in (len(node.inputs) - 1, len(node.inputs)):
            before = joined.get(node.inputs[:count])
            if before is not None and count < len(node.inputs):
                joined[node.inputs] = node.name
                return node._replace(inputs=(before, *node.inputs[count:]))
        joined[node.inputs] = node.name
        return node

    def _only(self, name: str, kind: str) -> ModelNode | None:
        """The node of a value that nothing else reads, if it is of this kind."""
        node = self._nodes.get(name)
        return node if node is not None and node.kind == kind and self._uses[name] == 1 else None

    def _trimmed(self, node: ModelNode) -> _Change | None:
        """A transposed convolution whose border is cut off has that much more padding."""
        deconv = self._only(node.inputs[0], "deconv") if node.kind in ("crop", "zeropad") and node.inputs else None
        cut = _cut(node)
        if deconv is None or cut is None:
            return None
        said = deconv.settings.get("padding", 0)
        padding = ((said, said),) * len(cut) if isinstance(said, int) else said
        if isinstance(padding, str) or len(padding) != len(cut):
            return None
        pairs = [one if isinstance(one, tuple) else (one, one) for one in padding]
        wider = tuple((a + c, b + d) for (a, b), (c, d) in zip(pairs, cut, strict=True))
        settings = {**deconv.settings, "padding": wider}
        whole = deconv._replace(name=node.name, settings=settings, shape=node.shape, declared=node.declared)
        return _Change(whole, (deconv.name,))

    def _gate(self, node: ModelNode) -> _Change | None:
        """x * sigmoid(x) is silu(x)."""
        if node.kind != "mul" or len(node.inputs) != 2:
            return None
        for x, gate in (node.inputs, node.inputs[::-1]):
            for kind, whole in GATES.items():
                if (found := self._only(gate, kind)) is not None and found.inputs == (x,):
                    self._uses[x] -= 1
                    return _Change(node._replace(kind=whole, inputs=(x,), settings={}), (gate,))
        return None

    def _hard(self, node: ModelNode) -> _Change | None:
        """relu6(x + 3) / 6 is hardsigmoid(x), and x times that hardswish(x)."""
        if node.kind != "rescale" or abs(node.settings["factor"] * 6 - 1) > 1e-5 or node.settings.get("offset", 0) != 0:
            return None
        product = self._only(node.inputs[0], "mul")
        for gate in product.inputs if product is not None else node.inputs:
            relu = self._only(gate, "relu6")
            moved = self._only(relu.inputs[0], "rescale") if relu is not None else None
            if relu is None or moved is None or (moved.settings["factor"], moved.settings.get("offset")) != (1, 3):
                continue
            if product is None:
                return _Change(node._replace(kind="hardsigmoid", inputs=moved.inputs, settings={}), (gate, moved.name))
            if sorted(product.inputs) == sorted((gate, *moved.inputs)):
                self._uses[moved.inputs[0]] -= 1
                whole = node._replace(kind="hardswish", inputs=moved.inputs, settings={})
                return _Change(whole, (gate, moved.name, product.name))
        return None

    def _scaled(self, node: ModelNode) -> _Change | None:
        """A bn without factors, then factor and offset, is a bn with both."""
        if node.kind != "scale" or not node.settings.get("bias", True):
            return None
        bn = self._only(node.inputs[0], "bn")
        if bn is None or bn.settings.get("affine", True):
            return None
        settings = {name: value for name, value in bn.settings.items() if name != "affine"}
        tensors = {**bn.tensors, **node.tensors}
        whole = bn._replace(name=node.name, settings=settings, declared=node.declared, tensors=tensors)
        return _Change(whole, (bn.name,))

    def _undone(self, node: ModelNode) -> str | None:
        """The name of the value whose shape a reshape restores after a flatten; None for any other node."""
        before = self._nodes.get(node.inputs[0]) if node.kind == "reshape" else None
        if before is None or before.kind != "flatten":
            return None
        source = before.inputs[0]
        shape = self._nodes[source].shape if source in self._nodes else self._graph.inputs.get(source)
        return source if shape is not None and shape == node.shape else None


def _cut(node: ModelNode) -> tuple[tuple[int, int], ...] | None:
    """The numbers that a node cuts off before and after each axis; None if it does something else."""
    said = node.settings.get("size" if node.kind == "crop" else "padding")
    if not isinstance(said, tuple) or not all(isinstance(pair, tuple) for pair in said):
        return None
    sign = 1 if node.kind == "crop" else -1
    cut = tuple((sign * a, sign * b) for a, b in said)
    is_plain = node.settings.get("mode", "zeros") == "zeros"
    return cut if is_plain and all(n >= 0 for pair in cut for n in pair) else None
