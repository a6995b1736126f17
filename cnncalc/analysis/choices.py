"""The choices of a sweep, as text of the command line: `--input 160..320/32`, `--set width=0.5,1.0`."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import NamedTuple

from cnncalc.analysis.analyze import checked_batch
from cnncalc.errors import OverrideError
from cnncalc.language.expressions import ExpressionError, integer
from cnncalc.language.model import Spec
from cnncalc.language.problems import Problems
from cnncalc.language.ranges import MAX_VALUES, read_values
from cnncalc.network.inputs import given_shapes, read_variables
from cnncalc.shapes import AXES

MAX_VARIANTS = MAX_VALUES


class Choice(NamedTuple):
    """One value of something swept.

    Attributes:
        label: its text in the table: `160x160`, `0.5`.
        inputs: the overrides of the input that it stands for.
        variables: the values of `vars:` that it stands for.
        batch: the batch that it stands for; 0 for none.
    """

    label: str
    inputs: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    batch: int = 0


class Swept(NamedTuple):
    """One thing that is swept: `input`, `H`, a variable or `batch`, with its choices in order."""

    name: str
    choices: tuple[Choice, ...]


def read_swept(
    spec: Spec, inputs: Iterable[str], variables: Iterable[str], batches: Iterable[str]
) -> tuple[Swept, ...]:
    """Everything that is swept, in the order of the columns.

    Args:
        spec: the spec.
        inputs: sizes (`160..320/32`, for height and width), shapes (`3x160x160`) or one axis (`H=160,192`).
        variables: `width=0.5,1.0`.
        batches: `1,8`.

    Raises:
        OverrideError: a text can't be read, or there are more than `MAX_VARIANTS` variants.
    """
    by_input, by_variable = _assigned("input", inputs), _assigned("set", variables)
    if "" in by_input and len(by_input) > 1:
        other = next(name for name in by_input if name)
        raise OverrideError(f"input {by_input[''][0]} and {other}={by_input[other][0]} set the same size; keep one")
    if "" in by_variable:
        raise OverrideError(f"set {by_variable[''][0]}: write NAME=VALUE,..., as width=0.5,1.0")
    swept = [
        Swept(name or "input", tuple(_input(spec, name, text) for text in texts)) for name, texts in by_input.items()
    ]
    for name, texts in by_variable.items():
        swept.append(Swept(name, tuple(Choice(text, variables=((name, text),)) for text in texts)))
    sizes = [text for given in batches for text in _values("batch", given, given)]
    if sizes:
        swept.append(Swept("batch", tuple(Choice(text, batch=_batch(text)) for text in dict.fromkeys(sizes))))
    count = prod(len(thing.choices) for thing in swept)
    if count > MAX_VARIANTS:
        raise OverrideError(
            f"{count:,} variants; at most {MAX_VARIANTS:,} are allowed, take fewer values or larger steps"
        )
    return tuple(swept)


def _assigned(option: str, texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`H=160,192,W=64` → values by name, each once; the name is empty if none is given."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name = ""
        for part in text.split(","):
            before, equals, value = part.rpartition("=")
            name = before.strip() if equals else name
            found.setdefault(name, []).extend(_values(option, value, part))
    return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _values(option: str, text: str, written: str) -> tuple[str, ...]:
    if not text.strip():
        raise OverrideError(f"{option} {written or 'is empty'}: a value is missing")
    try:
        return read_values(text)
    except ExpressionError as error:
        raise OverrideError(f"{option} {written}: {error}") from None


def _batch(text: str) -> int:
    try:
        return checked_batch(integer(text))
    except ExpressionError as error:
        raise OverrideError(f"batch {text}: {error}") from None


def _input(spec: Spec, name: str, text: str) -> Choice:
    if name:
        return Choice(text, (f"{name}={text}",))
    if not text.isdigit():
        return Choice(text.replace("×", "x"), (text,))
    axes = square_axes(spec)
    return Choice("x".join([text] * len(axes)), tuple(f"{axis}={text}" for axis in axes))


def square_axes(spec: Spec) -> tuple[str, ...]:
    """The axes that one size is for: height and width, the length, or the channels of a vector.

    Raises:
        OverrideError: the spec has inputs with different axes.
    """
    problems = Problems(spec.file, spec.text)
    shapes = given_shapes(spec, read_variables(spec, {}, problems), (), problems)
    ranks = {shape.rank for shape in shapes.values()} or {2}
    if len(ranks) > 1:
        name, shape = next(iter(shapes.items()))
        example = f"{name}.{(AXES[shape.rank] or ('C',))[-1]}=160"
        raise OverrideError(f"the inputs {', '.join(shapes)} have different axes; name the one to set, as {example}")
    return AXES[ranks.pop()][-2:] or ("C",)
