"""The parts of code: the protocol of a framework, and the definitions of a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.parts import Code, CodePart, CodePiece, short_sizes


class Refused(Exception):
    """A framework has no equivalent for a layer; the message is the reason."""


def connections_of(layer: LayerReport) -> dict[str, Any]:
    """The maps that each filter of a convolution sees, and the size of its kernel, as arguments.

    Raises:
        Refused: the code has no definition for it.
    """
    conv: Any = layer.layer
    plain = conv.bias and set(conv.stride) == set(conv.dilation) == {1} and conv.padding == ((0, 0), (0, 0))
    if not plain or len(conv.kernel) != 2:
        raise Refused("connections are written for images, with bias and without stride, padding and dilation")
    maps = Code(f"[{', '.join(str(list(maps)) for maps in conv.connections)}]")
    return {"connections": maps, "kernel_size": short_sizes(conv.kernel)}


class CodeFramework(Protocol):
    """A framework, as the writers of code ask it.

    Attributes:
        display: the texts of parameters that a definition need not take, because they are known from its value.
        shares: whether a layer that is made once can be called again.
    """

    display: Mapping[str, str]
    shares: bool

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """The pieces of a layer, one after another.

        Raises:
            Refused: the framework has nothing for it.
        """

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """The piece that brings an input into a layer's order of axes; None if it has that order."""

    def word(self, text: str) -> Any:
        """The value of a word of a spec, as relu, as an argument; None if it has none."""

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a definition."""


class Definition(NamedTuple):
    """One definition.

    Attributes:
        name: of the class or function.
        parts: of its body; their arguments are values, or expressions of the parameters.
        conditions: of parts that are not always there, by their names.
        entries: the names of the values that it takes.
        result: the part with its value.
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
        refused: the layers that have no equivalent in the framework, with the reason.
    """

    definitions: tuple[Definition, ...]
    parts: tuple[CodePart, ...]
    results: tuple[str, ...]
    refused: tuple[tuple[LayerReport, str], ...]
