"""What steps are in a framework, and how values are written in Python."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, final

from cnncalc.errors import ShapeError
from cnncalc.layers.windows import Window
from cnncalc.shapes import Shape


@final
class Code(str):
    """A value that is written as it is: the name of a class or parameter, an expression of them."""

    __slots__ = ()


RESERVED = ("self", "super", "torch", "nn", "F", "keras", "layers", "inputs", "range", "zip", "len", "type", "int",
            "float", "bool", "tuple", "i", "in_channels")  # fmt: skip
"""Names that the code needs itself."""


WIDTH = 100
"""Characters of a line of code."""


class CodePiece(NamedTuple):
    """What a layer is in a framework.

    Attributes:
        make: the class that is called with the arguments; empty if nothing is made before it is used.
        arguments: by name, those included that are defaults.
        form: how it is used: `{made}` is what is made, `{0}` and so on are the values read, the rest arguments.
        function: the form of a function for the same, if there is one.
        weights: what is made of the arguments beside `make`, by name.
        times: how often it is made, each called with what the one before gives.
    """

    make: str = ""
    arguments: Mapping[str, Any] = {}
    form: str = "{made}({0})"
    function: str = ""
    weights: Mapping[str, str] = {}
    times: Any = 1


class CodePart(NamedTuple):
    """A piece in its place.

    Attributes:
        name: its name within the body that it is a part of.
        line: the name of the line that it comes from.
        reads: the names of the parts, or `entry0` and so on, that it reads.
        piece: what it is.
        shape: of its value.
        shares: the part that it is, called once more; empty if it is made itself.
        frozen: whether none of its weights are trained, or all; None if it has some of both, or none.
    """

    name: str
    line: str
    reads: tuple[str, ...]
    piece: CodePiece
    shape: Shape
    shares: str = ""
    frozen: bool | None = None

    @property
    def row(self) -> str:
        """The line at the top that it comes from."""
        return self.line.partition("/")[0].partition(".")[0]

    @property
    def word(self) -> str:
        """The name of its own line."""
        return self.line.rpartition("/")[2].partition(".")[0]

    @property
    def branch(self) -> str:
        """The number of the innermost branch around it; empty if there is none."""
        return next((word for word in reversed(self.line.split("/")[:-1]) if word.isdigit()), "")

    @property
    def is_module(self) -> bool:
        """Whether it is made, and then called with one value."""
        return bool(self.piece.make) and self.piece.form == CodePiece().form and len(self.reads) == 1


def fitting(window: Window) -> int:
    """How many windows there are; 0 if not one fits."""
    try:
        return window.outputs()
    except ShapeError:
        return 0


def short_sizes(sizes: Any) -> Any:
    """One number if all axes have the same, else a tuple."""
    return sizes[0] if len({*sizes}) == 1 else tuple(sizes)


def text_of(value: Any) -> str:
    """A value as Python has it."""
    if isinstance(value, tuple):
        inner = ", ".join(map(text_of, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return f"{int(value)}.0"
    assert value is None or isinstance(value, bool | int | float | str)
    return repr(value) if not isinstance(value, str) else '"' + re.sub(r"[^\w]", "", value, flags=re.ASCII) + '"'


def call_text(class_: str, arguments: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """A call, without the arguments that are defaults; those that have none, and a real first one, have no name."""
    given: list[str] = []
    for place, (name, value) in enumerate(arguments.items()):
        default = defaults.get(name, ...)
        first = not place and name != "epsilon" and type(default) is type(value) is float
        if default is ... or (first and value != default):
            given.append(text_of(value) if defaults else f"{name}={text_of(value)}")
        elif type(value) is not type(default) or value != default:
            given.append(f"{name}={text_of(value)}")
    return f"{class_}({', '.join(given)})"


def broken(head: str, text: str, end: str, indent: str, width: int) -> list[str]:
    """A text between its head and its end on one line, or on several, broken in its outermost brackets."""
    if len(indent + head + text + end) <= width:
        return [indent + head + text + end]
    start, stop = _brackets(text)
    if stop < start + 2:
        return [indent + head + text + end]
    lines, inner, line = [f"{indent}{head}{text[: start + 1]}"], f"{indent}    ", ""
    for item in _items(text[start + 1 : stop]):
        if line and len(inner) + len(line) + len(item) + 3 > width:
            lines.append(f"{inner}{line},")
            line = ""
        if len(inner) + len(item) + 1 > width:
            lines += broken("", item, ",", inner, width)
        else:
            line = f"{line}, {item}" if line else item
    lines += [f"{inner}{line},"] if line else []
    return [*lines, f"{indent}{text[stop:]}{end}"]


def _brackets(text: str) -> tuple[int, int]:
    """The places of the first bracket and of the one that closes it; the same twice if there is none."""
    depth, start = 0, 0
    for place, letter in enumerate(text):
        if letter in "([":
            start = start if depth else place
            depth += 1
        elif letter in ")]" and depth:
            depth -= 1
            if not depth:
                return start, place
    return 0, 0


def _items(text: str) -> list[str]:
    """The parts of a text between its outermost commas."""
    items, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items]


def unused(held: Collection[str]) -> str:
    """The first of x, y, z, y2, y3 and so on that is not held."""
    return next(name for name in ("x", "y", "z", *(f"y{i}" for i in range(2, len(held) + 3))) if name not in held)


def identifier(text: str, taken: Collection[str] = (), start: str = "layer") -> str:
    """A name of Python for any text, which none of those taken is."""
    word = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or start
    word = f"{start}{word}" if word[0].isdigit() else word
    word = f"{word}_" if keyword.iskeyword(word) or keyword.issoftkeyword(word) else word
    found, number = word, 2
    while found in taken:
        found, number = f"{word}_" if number == 2 else f"{word}{number - 1}", number + 1
    return found


def class_name(text: str, taken: Collection[str] = (), start: str = "Block") -> str:
    """The name of a class for any text: `SqueezeExcite` for squeeze_excite."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    joined = "".join(word[0].upper() + word[1:] for word in words) or start
    found, number = identifier(joined, (), start), 2
    while found in taken:
        found, number = f"{identifier(joined, (), start)}{number}", number + 1
    return found


def plain_title(text: str) -> str:
    """A text of a spec as a comment can hold it: without quotes, backslashes, line ends and what is not printed."""
    kept = "".join(letter if letter.isalnum() or letter in " .,:;()/+&%@=-×'" else " " for letter in text[:200])
    return " ".join(kept.split())
