"""Networks of layers that somebody has written with numpy: which objects are layers, and their graph."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.source.array_tensors import ArrayTensor
from cnncalc.importing.source.arrays import Arrays
from cnncalc.importing.source.axes import order_in
from cnncalc.importing.source.homework_calls import FORWARD, LIST, HomeworkCalls
from cnncalc.importing.source.values import (
    Function,
    Instance,
    Names,
    Stuck,
    Unknown,
    unknown_in,
)


@final
class Homework(HomeworkCalls):
    """Reads the networks of a source that has written its own layers.

    Attributes:
        builder, outputs, refused: of the network that was followed last.
    """

    def __init__(self, arrays: Arrays) -> None:
        super().__init__(arrays)
        self.outputs: list[str] = []
        self.builder = GraphBuilder("Python")
        self.refused: list[Stuck] = []

    def look(self, tree: ast.AST) -> None:
        """Find out the order of axes of a source's maps."""
        self.order = order_in(tree)

    def without_class(self, names: Names) -> Iterator[tuple[str, Instance]]:
        """Calculations layer by layer, and lists of layers: each as a model with a name."""
        chains = [chain for chain in self.arrays.chains.values() if chain.layers > 1]
        for chain in chains:
            made = Instance(LIST, chain.line)
            made.attributes["$last"] = chain.last
            yield str(chain.line), made
        lists = [(name, one) for name, one in names.names.items() if isinstance(one, list) and self._are_layers(one)]
        for name, layers in lists:
            made = Instance(LIST, layers[0].line)
            made.attributes["layers"] = layers
            yield name, made
        for name, one in names.names.items():
            if isinstance(one, Function) and name in FORWARD and not (lists or chains):
                made = Instance(LIST, one.node.lineno)
                made.attributes["$function"] = one
                yield name, made

    def _are_layers(self, values: list[Any]) -> bool:
        """Whether the objects of a list are layers of the source, or some are and the others are like them."""
        own = [one for one in values if isinstance(one, Instance) and one.native is None and self.forward_of(one)]
        return len(own) == len(values) > 1 and any(map(self.is_layer, own))

    def input_of(self, model: Instance) -> tuple[int, ...]:
        """The sizes of a model's input, if the source gives them."""
        last = model.attributes.get("$last")
        if isinstance(last, ArrayTensor):
            return next(iter(last.builder.graph_inputs.values())).sizes(last.builder.layout)
        seen = [dims for one, dims in self.seen if one is model]
        seen = seen or [dims for one, dims in self.seen if one.class_ is model.class_]
        held = model.attributes.get("layers")
        first = next(iter(held if isinstance(held, list) else self.layers_in(model)), None)
        said = first.attributes.get("$arguments", {}).get("input_shape") if isinstance(first, Instance) else None
        if isinstance(said, tuple) and all(type(one) is int for one in said):
            return said
        sizes = dict.fromkeys(seen or self.arrays.pictures)
        return next(iter(sizes)) if len(sizes) == 1 else ()

    def trace(self, model: Instance, sizes: Sequence[Sequence[int]]) -> GraphBuilder:
        """The graph of a model."""
        last = model.attributes.get("$last")
        if isinstance(last, ArrayTensor):
            self.outputs, self.builder = [last.name], last.builder
            return last.builder
        dims = tuple(sizes[0])
        if len(dims) == 3 and len(self.order) == 4:
            dims = (1, *dims)
        self.lacking = 0
        x = self.entering(dims, model.line, model.class_name)
        result = self._followed(model, x)
        if not isinstance(result, ArrayTensor):
            why = unknown_in(result)
            raise Stuck(why.line if why else model.line, why.words() if why else "the model gives no array")
        self.outputs, self.builder = [result.name], result.builder
        self._sum_up(result.builder)
        return result.builder

    def name_of(self, value: Any) -> str:
        """The name of a value in the graph; empty if it is not there."""
        return value.name if isinstance(value, ArrayTensor) and value.builder is self.builder else ""

    def _sum_up(self, builder: GraphBuilder) -> None:
        """Note how many values the network would learn if its kernels had depth and bias."""
        if self.lacking:
            builder.note(f"with depth and bias in every kernel {self.lacking:,} more values would be learned")

    def _followed(self, model: Instance, x: ArrayTensor) -> Any:
        if isinstance(function := model.attributes.get("$function"), Function):
            return self._run(function, [x], model.line)
        if (forward := self.forward_of(model)) is not None:
            return self._run(forward, [model, x], model.line)
        value: Any = x
        for layer in model.attributes.get("layers", self.layers_in(model)):
            value = self.first(self.evaluator.call(layer, [value], {}, ast.Pass(lineno=layer.line)))
        return value

    def _run(self, forward: Function, args: list[Any], line: int) -> Any:
        """The result of a function for a value of the network; its other arguments are not known."""
        missing = len(forward.node.args.args) - len(forward.defaults) - len(args)
        others = [Unknown(line, f"an argument of {forward.name}")] * missing
        return self.first(self.evaluator.run(forward, [*args, *others], {}, line))

    def apply(self, instance: Instance, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of calling an object of the source."""
        forward = self.forward_of(instance)
        if forward is None:
            return Unknown(getattr(node, "lineno", 1), f"what {instance.class_name} gives")
        result = self.own(instance, forward, args, named, node)
        if result is not NotImplemented:
            return result
        return self.evaluator.run(forward, [instance, *args], named, getattr(node, "lineno", 1))

    def attribute(self, value: Any, name: str, node: ast.AST) -> Any:
        """An attribute of an object: it has only those that the source gives it."""
        return NotImplemented

    def method(self, value: Any, name: str, args: list[Any], named: Mapping[str, Any], node: ast.AST) -> Any:
        """The result of a method: an object has only those of the source."""
        return NotImplemented

    def item(self, value: Any, key: Any, node: ast.AST) -> Any:
        """A part of an object: there is none."""
        return NotImplemented

    def items(self, value: Any) -> Sequence[Any] | None:
        """The contents of an object as a container: it is not one."""
        return None
