"""Calls of layers that somebody has written with numpy: which objects they are, and their results."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.source.arguments import arguments_of
from cnncalc.importing.source.array_tensors import ArrayTensor
from cnncalc.importing.source.arrays import Arrays
from cnncalc.importing.source.axes import order_of
from cnncalc.importing.source.expressions import Expressions
from cnncalc.importing.source.homework_layers import HandWritten
from cnncalc.importing.source.homework_names import kind_of
from cnncalc.importing.source.homework_reading import activation_in, arrays_of, gives_several
from cnncalc.importing.source.values import (
    Array,
    Class,
    Exhausted,
    External,
    Function,
    Instance,
    Stuck,
    Unknown,
    is_tuple,
    unknown_in,
)
from cnncalc.shapes import Layout, Shape

FORWARD = (
    "forward", "__call__", "call", "forward_pass", "forward_propagation", "forward_prop", "feedforward",
    "feed_forward", "fprop", "propagate", "apply", "predict", "run",
)  # fmt: skip
"""Names of the function that computes the output of a layer or network."""

LIST = External("numpy.list")
"""The class of a network without a class in the source."""


class HomeworkCalls:
    """Calls the layers of a source that has written its own.

    Args:
        arrays: numpy.

    Attributes:
        evaluator: the one that follows the source; set later.
        seen: the models that the source itself calls, with the sizes of their inputs.
        order: that of the axes of the source's maps; empty if it is not known.
        lacking: the values that the usual layers would learn besides those of the source.
    """

    evaluator: Expressions

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.order, self.lacking = arrays, "", 0
        self.seen: list[tuple[Instance, tuple[int, ...]]] = []
        self._entered: dict[int, ArrayTensor] = {}
        self._kept: list[Any] = []

    def is_layer(self, value: Any) -> bool:
        """Whether a value is a layer that the source writes itself."""
        is_own = isinstance(value, Instance) and value.native is None
        return is_own and bool(kind_of(value.class_name)) and self.forward_of(value) is not None

    def layers_in(self, value: Any) -> list[Instance]:
        """The layers that a model of the source holds, in attributes, lists or dicts; none if it is not a model."""
        if not isinstance(value, Instance) or value.native not in (None, LIST) or self.is_layer(value):
            return []
        inside: list[Any] = []
        for part in value.attributes.values():
            inside += part if isinstance(part, list) else part.values() if isinstance(part, dict) else [part]
        parts = [one for one in inside if isinstance(one, Instance) and one is not value]
        return [one for one in parts if self.is_layer(one) or (one.parent is value and self.layers_in(one))]

    def is_model(self, value: Any) -> bool:
        """Whether an object is a network: layers of the source, or arrays with a function that uses them."""
        if not isinstance(value, Instance) or value.native is not None or self.is_layer(value):
            return False
        if self.layers_in(value):
            return True
        forward = self.forward_of(value)
        return forward is not None and any(len(one.dims) > 1 for one in arrays_of(value, forward).values())

    def forward_of(self, value: Instance) -> Function | None:
        """The function that computes the output of an object."""
        order = value.class_.line_up() if isinstance(value.class_, Class) else []
        found = (one.names[name] for name in FORWARD for one in order if isinstance(one, Class) and name in one.names)
        return next((one for one in found if isinstance(one, Function)), None)

    def first(self, value: Any) -> Any:
        """The value of the network in the result of a function, as in `out, cache`."""
        return next((one for one in value if isinstance(one, ArrayTensor)), value) if is_tuple(value) else value

    def entering(self, dims: tuple[int, ...], line: int, title: str = "", *, dense: bool = False) -> ArrayTensor:
        """The first value of a network for an array of these sizes."""
        order = order_of(dims, self.order, dense=dense)
        if not order:
            words = "x".join(map(str, dims))
            raise Stuck(line, f"nothing says which axis of the input {words} has the channels")
        sizes = dict(zip(order, dims, strict=True))
        layout: Layout = "CHW" if order.endswith("CHW") else "HWC"
        builder = GraphBuilder("Python", title, layout)
        shape = Shape(sizes.get("C", 1), tuple(sizes[letter] for letter in "HW" if letter in sizes))
        try:
            name = builder.input("input", shape.sizes(layout), ModelPlace(line), layout)
        except RefusedModel as refused:
            raise Stuck(line, refused.reasons[0][1]) from None
        return ArrayTensor(builder, name, order, sizes.get("N", 1))

    def own(
        self, owner: Any, function: Function | None, args: list[Any], named: Mapping[str, Any], node: ast.AST
    ) -> Any:
        """The result of a function or layer of the source for values of a network; `NotImplemented` for any other."""
        x = next(iter([*args, *named.values()]), None)
        if function is None or not isinstance(x, Array | ArrayTensor | Unknown):
            return NotImplemented
        is_forward = isinstance(owner, Instance) and function.name in FORWARD
        if isinstance(owner, Instance) and owner.native is not None:
            return NotImplemented
        if is_forward and self.is_layer(owner):
            if isinstance(x, Unknown):
                return x
            return self._several(function, self._layer(owner, function, self._value(x, owner.class_name, node), node))
        if is_forward and isinstance(x, Array) and self.is_model(owner):
            self.seen.append((owner, x.dims))
            return Unknown(getattr(node, "lineno", 1), f"what {owner.class_name} gives")
        enters = isinstance(x, ArrayTensor) or (isinstance(x, Array) and owner is None)
        if not is_forward and enters and kind_of(function.name):
            return self._several(function, self._function(owner, function, args, named, node))
        if is_forward and isinstance(x, ArrayTensor) and not self.layers_in(owner):
            return self._unnamed(owner, function, args, named, node)
        return NotImplemented

    def _several(self, function: Function, value: ArrayTensor) -> Any:
        """The result of a function, with the other values that it gives."""
        count = gives_several(function)
        return (
            (value, *[Unknown(function.node.lineno, f"what {function.name} gives")] * (count - 1)) if count else value
        )

    def _unnamed(
        self, owner: Instance, function: Function, args: list[Any], named: Mapping[str, Any], node: ast.AST
    ) -> Any:
        """The result of a class whose name says no kind: that of its function, if that can be followed."""
        line = owner.class_.node.lineno if isinstance(owner.class_, Class) else owner.line
        what = f"the class {owner.class_name} is not understood: its name is none of Conv2D, MaxPool, Dense, ..."
        try:
            result = self.evaluator.run(function, [owner, *args], named, getattr(node, "lineno", 1))
        except Exhausted:
            raise
        except Stuck as stuck:
            raise Stuck(line, f"{what}, and its {function.name} cannot be followed: {stuck.message}") from None
        if isinstance(self.first(result), ArrayTensor):
            return result
        unknown = unknown_in(result)
        why = f": {unknown.words()}" if unknown else ""
        raise Stuck(line, f"{what}, and what its {function.name} gives is not known{why}")

    def _value(self, x: Array | ArrayTensor, name: str, node: ast.AST) -> ArrayTensor:
        """An array that enters a layer, as a value of a network."""
        if isinstance(x, ArrayTensor):
            return x
        if id(x) not in self._entered:
            dense = kind_of(name) not in ("conv", "pool", "maxpool", "avgpool")
            self._entered[id(x)] = self.entering(x.dims, getattr(node, "lineno", 1), dense=dense)
            self._kept.append(x)  # a deleted array could share its id with another one
        return self._entered[id(x)]

    def _layer(self, owner: Instance, function: Function, x: ArrayTensor, node: ast.AST) -> ArrayTensor:
        arguments = {name: value for name, value in owner.attributes.get("$arguments", {}).items() if name != "self"}
        name, arrays = owner.class_name, arrays_of(owner, function)
        written = HandWritten(f"the class {name}", kind_of(name), arguments, arrays, x.shape, owner.line)
        defined = owner.class_.node.lineno if isinstance(owner.class_, Class) else owner.line
        label, scope = owner.name if owner.parent is not None else "", owner.path()[:-1]
        said = written.activation()
        ending = activation_in(owner.class_) if said is None and isinstance(owner.class_, Class) else said or ""
        return self._added(written, x, ending, defined, label, scope)

    def _function(
        self, owner: Any, function: Function, args: list[Any], named: Mapping[str, Any], node: ast.AST
    ) -> ArrayTensor:
        line = getattr(node, "lineno", 1)
        bound = dict(arguments_of(function, [owner, *args] if isinstance(owner, Instance) else args, dict(named), line))
        entering = next(one for one in bound.values() if isinstance(one, Array | ArrayTensor))
        x = self._value(entering, function.name, node)
        rest = {name: one for name, one in bound.items() if one is not entering and one is not owner}
        arrays = {name: one for name, one in rest.items() if isinstance(one, Array)}
        others = {name: one for name, one in rest.items() if not isinstance(one, Array | ArrayTensor)}
        written = HandWritten(function.name, kind_of(function.name), others, arrays, x.shape, line)
        return self._added(written, x, written.activation() or "", function.node.lineno)

    def _added(
        self,
        written: HandWritten,
        x: ArrayTensor,
        ending: str,
        defined: int,
        label: str = "",
        scope: tuple[str, ...] = (),
    ) -> ArrayTensor:
        """The value after a layer of the source; its class or function is `defined` in a line."""
        builder, at = x.builder, ModelPlace(written.line)
        if written.takes_vector:
            x = x.next(builder.vector(x.name, at))
            written.entering = x.shape
        layer = written.layer()
        if layer.kind == "flatten" and not x.shape.spatial:
            return x
        try:
            name = builder.add(layer.kind, [x.name], layer.settings, at=at, label=label, scope=scope)
            if layer.offsets:
                name = builder.add("positions", [name], {}, at=at)
            for kind in filter(None, dict.fromkeys((layer.activation, ending))):
                name = builder.add(kind, [name], {}, at=at) if kind != layer.kind else name
        except RefusedModel as refused:
            raise Stuck(written.line, refused.reasons[0][1]) from None
        if layer.note:
            builder.note(layer.note)
        if layer.usual:
            builder.slip(layer.note, ModelPlace(defined))
        self.lacking += layer.usual - layer.settings["learned"] if layer.usual else 0
        return self.arrays.followed(x.next(name), written.line)
