"""Values of a Keras network: inputs, and results of layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, final

from cnncalc.importing.source.values import is_tuple


@final
class KerasTensor:
    """A value of the network: an input, or the result of a layer for other values."""

    numbers = count()

    def __init__(
        self, class_: str, config: Mapping[str, Any], inputs: Sequence[KerasTensor], line: int, name: str = "",
        scope: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.class_, self.config, self.inputs, self.line, self.name = class_, config, list(inputs), line, name
        self.scope = scope
        self.number = next(KerasTensor.numbers)
        self.stored = f"{self.number}/"


def input_of(sizes: Any, given: tuple[int, ...], line: int, name: Any = None) -> KerasTensor:
    """An input with the sizes that a user gives, or the source; without any if neither does."""
    known = isinstance(sizes, list | tuple) and all(type(one) is int for one in sizes)
    shape = given or (tuple(sizes) if known else ())
    return KerasTensor("Input", {"shape": shape}, [], line, name if isinstance(name, str) else "")


def reached(ends: Sequence[KerasTensor]) -> list[KerasTensor]:
    """The values that some values depend on, in the order of the source."""
    found: dict[int, KerasTensor] = {}
    waiting = list(ends)
    while waiting:
        one = waiting.pop()
        if one.number not in found:
            found[one.number] = one
            waiting += one.inputs
    return [found[number] for number in sorted(found)]


def shape_of(class_: str, config: Mapping[str, Any]) -> tuple[int, ...]:
    """The sizes of the input in the first layer of a model."""
    for name, skipped in (("input_shape", 0), ("shape", 0), ("batch_input_shape", 1), ("batch_shape", 1)):
        sizes = config.get(name)
        if isinstance(sizes, list | tuple) and all(type(one) is int for one in sizes[skipped:]):
            return tuple(sizes[skipped:])
    # The input_dim of an Embedding is the number of ids.
    axes = ("input_length",) if class_ == "Embedding" else ("input_length", "input_dim")
    return tuple(config[name] for name in axes if type(config.get(name)) is int)


def tensors_in(value: Any) -> list[KerasTensor]:
    """The values of the network in a value, in order."""
    if isinstance(value, KerasTensor):
        return [value]
    return [one for inner in value for one in tensors_in(inner)] if isinstance(value, list) or is_tuple(value) else []
