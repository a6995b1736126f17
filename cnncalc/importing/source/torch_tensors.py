"""Values of a PyTorch network, and values of a source as arguments of its operations."""

from __future__ import annotations

from typing import Any, final

from cnncalc.importing.readers.aten import Weighed
from cnncalc.importing.source.values import Dummy, is_tuple
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


def tensors_in(value: Any) -> list[TorchTensor]:
    """The tensors in a value, in order."""
    if isinstance(value, TorchTensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [one for inner in value for one in tensors_in(inner)] if isinstance(value, list) or is_tuple(value) else []


def as_argument(value: Any) -> Any:
    """An argument as `Aten` takes it."""
    if isinstance(value, TorchTensor):
        return value.viewed
    if isinstance(value, Dummy):
        return Weighed(f"d{id(value)}", value.dims)
    if isinstance(value, list) or (is_tuple(value) and any(isinstance(one, TorchTensor) for one in value)):
        return [as_argument(one) for one in value]
    return value
