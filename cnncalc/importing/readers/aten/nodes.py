"""One operation of a graph of torch with its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.views import Viewed


class Weighed(NamedTuple):
    """A weight as an argument.

    Attributes:
        name: in the graph.
        dims: its shape here.
        turned: whether rows and columns are exchanged.
        table: its shape in the file, if that is another one or it is a part.
        altered: whether its values differ from the file's.
        gain: the factor of each of its filters, after these were brought to one mean and variance.
    """

    name: str
    dims: tuple[int, ...] | None
    turned: bool = False
    table: tuple[int, ...] = ()
    altered: bool = False
    gain: Weighed | None = None

    def transposed(self) -> Weighed:
        """The same weight with rows and columns exchanged."""
        return self._replace(dims=self.dims[::-1] if self.dims else None, turned=not self.turned)


class Made(NamedTuple):
    """A tensor that a function makes of nothing, as an argument: `torch.randn(8, 20)`.

    Attributes:
        word: the function.
        dims: its shape.
    """

    word: str
    dims: tuple[int, ...]


class Named(NamedTuple):
    """A tensor as an argument, before its value is known: its name and dims, and whether it is a weight."""

    name: str
    dims: tuple[int, ...] | None
    weighed: bool


class AtenNode(NamedTuple):
    """One node of a file.

    Attributes:
        target: `conv2d.default`.
        arguments: name → a value, a weight as (name, dims), a number or list, None.
        at: its place.
        scope: the path of its module.
        dims: of each output.
    """

    target: str
    arguments: Mapping[str, Any]
    at: ModelPlace
    scope: tuple[str, ...]
    dims: list[tuple[int, ...] | None]

    @property
    def word(self) -> str:
        """The operation without overload, and without the _ of one that works in place."""
        word = self.target.partition(".")[0]
        return word.removesuffix("_") if not word.startswith("_") else word

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or the default if it is left out."""
        value = self.arguments.get(name)
        return default if value is None else value

    def axis(self, name: str, rank: int, default: int = 0) -> int:
        """An argument that is an axis, counted from the front."""
        axis = self.get(name, default)
        if type(axis) is not int or not -rank <= axis < rank:
            raise RefusedModel((self.at, f"{self.word}: {name} {axis!s:.20} is not one of its input's {rank} axes"))
        return axis % rank

    def value(self, *names: str) -> Viewed | None:
        """The first of these arguments that is a value of the graph."""
        return next((self.arguments[n] for n in names if isinstance(self.arguments.get(n), Viewed)), None)

    def tensors(self) -> Iterator[Named]:
        """All tensors that it reads, before their values are known."""
        for argument in self.arguments.values():
            yield from (
                one for one in (argument if isinstance(argument, list) else [argument]) if isinstance(one, Named)
            )


TorchNode = tuple[AtenNode, list[str]]
"""A node, and the names of its outputs."""
