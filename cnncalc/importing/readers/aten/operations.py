"""The outputs of every operation of a graph of torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.importing.readers.aten import (
    activations,
    convolution,
    drawing,
    merging,
    norms,
    pooling,
    products,
    sequences,
    shapes,
)
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode, Made, Weighed
from cnncalc.importing.readers.aten.products import on_scores, plainly
from cnncalc.importing.readers.attention import Scores
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS

SAME = ("contiguous", "clone", "alias", "detach", "detach_", "lift_fresh_copy", "_to_copy", "to", "type_as", "identity")
"""Operations that return their input."""

PLAIN = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "silu": "silu", "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid", "gelu": "gelu", "mish": "mish", "selu": "selu",
    "softsign": "softsign", "log_sigmoid": "logsigmoid", "exp": "exponential", "log": "log", "abs": "abs",
}  # fmt: skip
"""Operations on single values without settings."""

ZEROS = ("zeros", "zeros_like", "new_zeros")
"""Beginnings of recurrent layers' states; nothing else may read them."""

SILENT = ("_assert_tensor_metadata", "_assert_scalar", "sym_constrain_range_for_size", "sym_size")
"""Operations that only look at their input."""

VIEWS = ("view", "reshape", "reshape_as", "unsqueeze", "squeeze", "flatten")
"""Operations that return a weight under other dims."""

FIRST = ("input", "self", "mat1", "indices", "query")
"""The names of an operation's main argument."""

READERS: Mapping[str, Reader] = {
    **convolution.READERS, **norms.READERS, **activations.READERS, **pooling.READERS, **shapes.READERS,
    **merging.READERS, **drawing.READERS, **products.READERS, **sequences.READERS,
    "stochastic_depth": lambda aten, operation, x: x,
}  # fmt: skip


@final
class Aten(AtenAdding):
    """Adds operations to a graph."""

    def run(self, operation: AtenNode) -> list[Any]:
        """The outputs of an operation."""
        read = [one for a in operation.arguments.values() for one in (a if isinstance(a, list) else [a])]
        found = next((one for one in read if isinstance(one, Scores)), None)
        if found is not None:
            made = on_scores(self, operation, found)
            given = plainly(self, operation) if made is None else operation
            if made is not None or given is None:
                words = "a learned offset of scores" if made is None else ""
                return [made or self.unknown(operation, words)] * max(len(operation.dims), 1)
            operation = given
        if operation.word in (*ZEROS, *SILENT):
            return [None]
        results = self._read(operation)
        return results if isinstance(results, list) else [results] * max(len(operation.dims), 1)

    def _read(self, operation: AtenNode) -> Any:
        """The output of an operation that reads no scores, or a list of several."""
        given = [one for a in operation.arguments.values() for one in (a if isinstance(a, list) else [a])]
        x = operation.value(*FIRST) or next((one for one in given if isinstance(one, Viewed)), None)
        word, weight = operation.word, operation.get("self", operation.get("input"))
        if x is None and word in drawing.DISTRIBUTIONS and operation.dims and operation.dims[0]:
            return Made(word, operation.dims[0])
        if x is None:
            handed = self._handed(operation, weight) if isinstance(weight, Weighed) else None
            return handed or self.unknown(operation)
        reader, plain = READERS.get(word), PLAIN.get(word)
        if any(isinstance(one, Viewed) and one.dims is None for one in given) and (reader or plain or word in SAME):
            return self._blind(operation, [one.node for one in given if isinstance(one, Viewed)])
        if word in SAME:
            return x
        if plain in LAYERS:
            return self.elementwise(str(plain), operation, x)
        result = reader(self, operation, x) if reader is not None else None
        return self.unknown(operation) if result is None else result

    def _blind(self, operation: AtenNode, nodes: list[str]) -> Viewed:
        """An output of unknown value, with its dims."""
        return Viewed(self.builder.add("", nodes, {}, at=operation.at), None)

    def _handed(self, operation: AtenNode, weight: Weighed) -> Weighed | None:
        """A weight after an operation; None if its effect on weights is not known."""
        axes, dims = operation.get("dims", [operation.get("dim0", 0), operation.get("dim1", 1)]), operation.dims[0]
        if operation.word in ("t", "permute", "transpose") and len(weight.dims or ()) == 2 and len(axes) == 2:
            return weight.transposed() if axes[0] % 2 != 0 or operation.word != "permute" else weight
        if operation.word in (*SAME, "expand") and (dims or ())[1:] == (weight.dims or ())[1:]:
            return weight
        if operation.word in VIEWS:
            table = weight.table or weight.dims or ()
            return weight._replace(dims=dims, table=() if dims == table and not weight.turned else table)
        if operation.word in ("index", "permute", "transpose"):
            return weight._replace(dims=dims, table=weight.table or weight.dims or (), altered=True)
        if operation.word == "batch_norm" and operation.get("running_mean") is None:
            gain = operation.get("weight")
            return weight._replace(altered=True, gain=gain if isinstance(gain, Weighed) else None)
        number = operation.get("other")
        return weight._replace(altered=True) if operation.word == "mul" and isinstance(number, int | float) else None
