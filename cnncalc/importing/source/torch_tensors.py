"""Values of a PyTorch network, and values of a source as arguments of its operations."""

from __future__ import annotations

import ast
from math import prod
from typing import Any, final

from cnncalc.importing.readers.aten.nodes import Made, Weighed
from cnncalc.importing.source.values import Dummy, Instance, Stuck, Unknown, is_tuple
from cnncalc.importing.views import Viewed


@final
class TorchTensor:
    """A value of the network."""

    def __init__(self, viewed: Viewed) -> None:
        self.viewed = viewed

    @property
    def dims(self) -> tuple[int, ...]:
        """Its sizes, the batch first; empty if they are not known."""
        return self.viewed.dims or ()


def place(axis: int, rank: int, node: ast.AST) -> int:
    """An axis, counted from the front.

    Raises:
        Stuck: it is not one of so many axes.
    """
    if not -rank <= axis < rank:
        raise Stuck(getattr(node, "lineno", 1), f"axis {axis} is not one of {rank} axes")
    return axis % rank


def tensors_in(value: Any) -> list[TorchTensor]:
    """The tensors in a value, in order."""
    if isinstance(value, TorchTensor):
        return [value]
    if isinstance(value, Instance) and value.native is None:  # a record
        value = value.attributes
    if isinstance(value, dict):
        value = list(value.values())
    return [one for inner in value for one in tensors_in(inner)] if isinstance(value, list) or is_tuple(value) else []


def as_argument(value: Any) -> Any:
    """An argument as `Aten` takes it."""
    if isinstance(value, TorchTensor):
        return value.viewed
    if isinstance(value, Dummy) and value.made:
        return Made(value.made, value.dims)
    if isinstance(value, Dummy):
        return Weighed(f"d{id(value)}", value.dims)
    if isinstance(value, list) or (is_tuple(value) and any(isinstance(one, TorchTensor) for one in value)):
        return [as_argument(one) for one in value]
    return value


def dummy_part(value: Dummy, key: Any) -> Any:
    """A part of a tensor outside of the network."""
    dims: list[int] = []
    keys = list(key) if is_tuple(key) else [key]
    if ... in keys:
        at = keys.index(...)
        keys[at : at + 1] = [slice(None)] * (len(value.dims) - len(keys) + 1)
    for axis, size in enumerate(value.dims):
        one = keys[axis] if axis < len(keys) else slice(None)
        if isinstance(one, slice):
            dims.append(len(range(*one.indices(size))))
        elif not isinstance(one, int):
            return Unknown(1, "a part of a tensor")
    return value._replace(dims=tuple(dims))


def dummy_method(value: Dummy, name: str, args: list[Any]) -> Any:
    """The result of a method of a tensor outside of the network."""
    dims = value.dims
    sizes = list(args[0]) if len(args) == 1 and isinstance(args[0], list | tuple) else args
    whole = all(type(one) is int for one in sizes)
    if name in ("size", "dim", "numel"):
        return dims[args[0]] if args and whole else {"size": dims, "dim": len(dims), "numel": prod(dims)}[name]
    if name in ("view", "reshape") and whole and sizes:
        known = max(prod(n for n in sizes if n != -1), 1)
        return value._replace(dims=tuple(prod(dims) // known if n == -1 else n for n in sizes))
    if name == "permute" and whole and sorted(sizes) == list(range(len(dims))):
        return value._replace(dims=tuple(dims[axis] for axis in sizes))
    if name in ("transpose", "t") and whole and len(dims) > 1:
        one, other = (sizes[0], sizes[1]) if len(sizes) == 2 else (0, 1)
        turned = list(dims)
        turned[one], turned[other] = turned[other], turned[one]
        return value._replace(dims=tuple(turned))
    if name == "unsqueeze" and whole and sizes:
        axis = sizes[0] % (len(dims) + 1)
        return value._replace(dims=(*dims[:axis], 1, *dims[axis:]))
    return value
