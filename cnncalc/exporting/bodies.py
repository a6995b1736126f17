"""The body of one use of a block, compared with those of other uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from cnncalc.exporting.parts import CodePart, CodePiece, identifier
from cnncalc.exporting.steps import PlacedSteps
from cnncalc.network.scope import Word
from cnncalc.shapes import Shape


class CodeBody(NamedTuple):
    """The body of one use.

    Attributes:
        placed: the steps of the use.
        parts: of the body.
        result: the part with its value.
        shape: of the first value that enters.
    """

    placed: PlacedSteps
    parts: tuple[CodePart, ...]
    result: str
    shape: Shape


def fits(template: CodeBody, body: CodeBody) -> bool:
    """Whether a body is the template without some of its parts."""
    held, alias = {part.name: part for part in body.parts}, dict[str, str]()
    if len(template.placed.entries) != len(body.placed.entries):
        return False
    for part in template.parts:
        reads = tuple(alias.get(read, read) for read in part.reads)
        one = held.pop(part.name, None)
        if one is None:
            alias[part.name] = alias.get(kept := passed(part), kept)
        elif one.reads != reads or not _alike(one.piece, part.piece):
            return False
    return not held and alias.get(template.result, template.result) == body.result


def passed(part: CodePart) -> str:
    """The value that is handed on if a part is not there."""
    return next((read for read in part.reads if not read.startswith("entry")), part.reads[0])


def _alike(one: CodePiece, other: CodePiece) -> bool:
    """Whether two pieces differ only in arguments, or in the class of an activation."""
    same = (one.form, one.weights) == (other.form, other.weights)
    plain = bool(one.make) and bool(other.make) and not one.arguments and not other.arguments
    return same and one.arguments.keys() == other.arguments.keys() and (one.make == other.make or plain)


def width_of(body: CodeBody) -> int:
    """The channels of a body's value."""
    return next((part.shape.channels for part in body.parts if part.name == body.result), body.shape.channels)


def default_of(name: str, values: Sequence[Any], bodies: Sequence[CodeBody]) -> Any:
    """The default of a parameter of the block that is not always given."""
    left = [
        value
        for value, body in zip(values, bodies, strict=True)
        if name in dict(body.placed.use.arguments) and name not in body.placed.use.given
    ]
    return left[0] if left and all(value == left[0] for value in left) else ...


def entry_names(bodies: Sequence[CodeBody], taken: set[str]) -> tuple[str, ...]:
    """The names of the values that a definition takes: x, and those of a block's parameters."""
    names: list[str] = []
    for place in range(len(bodies[0].placed.entries)):
        passed_on = {
            name
            for body in bodies
            for name, value in body.placed.use.arguments
            if isinstance(value, Word) and value.path == body.placed.entries[place]
        }
        name = identifier(passed_on.pop()) if place and len(passed_on) == 1 else ("x", "y", "z")[min(place, 2)]
        names.append(identifier(name, {*taken, *names}))
    return tuple(names)


def is_again(last: CodePart, part: CodePart) -> bool:
    """Whether a part is the next copy of a line, and reads the value of the copy before."""
    stems = [one.name.rpartition(".") for one in (last, part)]
    copied = stems[0][0] == stems[1][0] != "" and stems[1][2].isdigit()
    return copied and part.reads == (last.name,) and last.piece == part.piece._replace(times=last.piece.times)
