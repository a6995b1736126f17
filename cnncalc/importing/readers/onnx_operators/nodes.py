"""One node of an ONNX file with its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.importing.model import ModelPlace, RefusedModel
from cnncalc.importing.readers.onnx_constants import OnnxConstant
from cnncalc.shapes import by_axis

REASONS: Mapping[str, str] = {
    "Reshape": "to a shape that is not a constant", "Clip": "with limits that are not constants",
    "Conv": "with a weight that is not a constant", "Gemm": "with such a weight",
}  # fmt: skip
"""Reasons why an operator that has a kind has none here."""


class OnnxNode(NamedTuple):
    """One node of a file.

    Attributes:
        word: its type.
        inputs: values and constants; None for one that is left out.
        attributes: by name.
        at: its place.
        scope: the modules around it.
        shapes: the dims of each output that the file declares.
        outputs: their names.
    """

    word: str
    inputs: list[Any]
    attributes: Mapping[str, Any]
    at: ModelPlace
    scope: tuple[str, ...]
    shapes: list[tuple[int, ...] | None]
    outputs: list[str]

    def constant(self, index: int) -> OnnxConstant | None:
        """An input that is a constant."""
        value = self.inputs[index] if index < len(self.inputs) else None
        return value if isinstance(value, OnnxConstant) else None

    def numbers(self, name: str, index: int | None = None) -> list[Any] | None:
        """An attribute, or the input that newer versions have in its place, if there is one."""
        value = self.attributes.get(name)
        if value is None and index is not None and (constant := self.constant(index)) is not None:
            value = constant.values
        given = value if isinstance(value, list) or value is None else [value]
        for one in given or ():
            if not isinstance(one, (int, float)):
                raise RefusedModel((self.at, f"{self.word}: {name} is {one!r:.20}; a number is expected"))
        return given

    def text(self, name: str, default: str) -> str:
        """An attribute that is a word."""
        value = self.attributes.get(name, default)
        if not isinstance(value, str):
            raise RefusedModel((self.at, f"{self.word}: {name} is {value!r:.20}; a word is expected"))
        return value

    def axis(self, default: int, rank: int) -> int:
        """The attribute `axis`, counted from the front."""
        return self.place(self.attributes.get("axis", default), rank)

    def place(self, axis: Any, rank: int, side: str = "input") -> int:
        """An axis that a file gives, counted from the front."""
        if type(axis) is not int or not -rank <= axis < rank:
            raise RefusedModel((self.at, f"{self.word}: axis {axis!s:.20} is not one of its {side}'s {rank} axes"))
        return axis % rank

    def words(self) -> str:
        """Its words in a message if its type has a kind, but not with these settings."""
        constants = [one for one in self.inputs if isinstance(one, OnnxConstant)]
        if self.word.startswith("Conv") and self.constant(1) is not None:
            return f"{self.word} with a weight of {by_axis(constants[0].dims) or 'one value'}, without a kernel"
        if self.word in REASONS:
            return f"{self.word} {REASONS[self.word]}"
        if self.word in ("Add", "Sum", "Mul") and constants:
            return f"{self.word} with a constant of {by_axis(constants[0].dims) or 'one value'}"
        axis = self.attributes.get("axis")
        return f"{self.word} on axis {axis}" if axis is not None else f"{self.word} with these settings"

    def present(self, index: int) -> bool:
        """Whether an input is given."""
        return index < len(self.inputs) and self.inputs[index] is not None
