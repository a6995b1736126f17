"""What code is made of: what a framework must say for it, and what is defined in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.parts import Code, CodePart, CodePiece, short_sizes


class Refused(Exception):
    """A layer that a framework cannot say; the message is why."""


def connections_of(layer: LayerReport) -> dict[str, Any]:
    """Which maps each filter of a convolution sees, and the size of its kernel, as arguments.

    Raises:
        Refused: it is more than what the code defines.
    """
    conv: Any = layer.layer
    plain = conv.bias and set(conv.stride) == set(conv.dilation) == {1} and conv.padding == ((0, 0), (0, 0))
    if not plain or len(conv.kernel) != 2:
        raise Refused("connections are written for images, with bias and without stride, padding and dilation")
    maps = Code(f"[{', '.join(str(list(maps)) for maps in conv.connections)}]")
    return {"connections": maps, "kernel_size": short_sizes(conv.kernel)}


class CodeFramework(Protocol):
    """What the code of a framework is made of.

    Attributes:
        display: how parameters are written that no definition needs to take, as they are known from its value.
        shares: whether what is made once can be called again.
    """

    display: Mapping[str, str]
    shares: bool

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """What a layer is, one after the other.

        Raises:
            Refused: it is nothing in the framework.
        """

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """What brings an input into the order of axes that a layer reads; None if it is."""

    def word(self, text: str) -> Any:
        """The value that a word of a spec, as relu, is as an argument; None if it is none."""

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a definition."""


class Definition(NamedTuple):
    """What is defined once.

    Attributes:
        name: of the class or function.
        parts: of its body; their arguments are values, or expressions of the parameters.
        conditions: when parts are there that are not always, by their names.
        entries: the names of the values that it takes.
        result: the part whose value it gives.
        parameters: their defaults, by name; `...` for none.
        types: of the parameters.
    """

    name: str
    parts: tuple[CodePart, ...]
    conditions: Mapping[str, Code]
    entries: tuple[str, ...]
    result: str
    parameters: Mapping[str, Any]
    types: Mapping[str, str]


class Program(NamedTuple):
    """A whole program.

    Attributes:
        definitions: in the order in which they are needed.
        parts: of the network itself; `entry0` and so on are its inputs.
        results: the parts that are its outputs.
        refused: the layers that the framework cannot say, with the reason.
    """

    definitions: tuple[Definition, ...]
    parts: tuple[CodePart, ...]
    results: tuple[str, ...]
    refused: tuple[tuple[LayerReport, str], ...]
