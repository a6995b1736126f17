"""The outputs of every operation of a graph of torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, final

from cnncalc.importing.readers.aten import activations, convolution, merging, norms, pooling, sequences, shapes
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.merging import joined
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS

SAME = ("contiguous", "clone", "alias", "detach", "detach_", "lift_fresh_copy", "_to_copy", "to", "type_as", "identity")
"""Operations that hand on what they get."""

PLAIN = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "silu": "silu", "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid", "gelu": "gelu", "mish": "mish", "selu": "selu", "softplus": "softplus",
    "softsign": "softsign", "log_sigmoid": "logsigmoid", "exp": "exponential", "celu": "celu",
}  # fmt: skip
"""Operations on single values without settings."""

ZEROS = ("zeros", "zeros_like", "new_zeros")
"""What recurrent layers begin with; nothing else may read it."""

READERS: Mapping[str, Reader] = {
    **convolution.READERS, **norms.READERS, **activations.READERS, **pooling.READERS, **shapes.READERS,
    **merging.READERS, **sequences.READERS,
}  # fmt: skip


@final
class Aten(AtenAdding):
    """Adds operations to a graph."""

    def run(self, operation: AtenNode) -> list[Any]:
        """The outputs of an operation."""
        x = operation.value("input", "self", "mat1", "indices")
        word = operation.word
        if x is None and isinstance(weight := operation.get("self"), Weighed):
            handed = self._handed(operation, weight)
            if handed is not None:
                return [handed]
        reader = READERS.get(word)
        known = reader is not None or word in SAME or word in PLAIN or word in ("add", "mul", "cat", "concat")
        if x is None and word in ZEROS:
            return [None]
        if x is not None and x.dims is None and known:
            return [self._blind(operation, x)] * max(len(operation.dims), 1)
        if x is not None and word in SAME:
            return [x]
        if x is not None and word in PLAIN and PLAIN[word] in LAYERS:
            return [self.elementwise(PLAIN[word], operation, x)]
        if word in ("add", "mul", "cat", "concat"):
            return [joined(self, operation)]
        result = reader(self, operation, x) if reader is not None and x is not None else None
        if result is None:
            return [self.unknown(operation)] * max(len(operation.dims), 1)
        return result if isinstance(result, list) else [result]

    def _blind(self, operation: AtenNode, x: Viewed) -> Viewed:
        """An output after something unknown."""
        return Viewed(self.builder.add("", [x.node], {}, at=operation.at), None)

    def _handed(self, operation: AtenNode, weight: Weighed) -> Weighed | None:
        """A weight as an operation hands it on; None if it computes something."""
        axes = operation.get("dims", [operation.get("dim0", 0), operation.get("dim1", 1)])
        if operation.word in ("t", "permute", "transpose") and len(weight.dims or ()) == 2 and len(axes) == 2:
            return weight.transposed() if axes[0] % 2 != 0 or operation.word != "permute" else weight
        return weight if operation.word in ("expand", *SAME) and operation.dims[0] == weight.dims else None
