"""Steps as pieces of a framework, and values as Python writes them."""

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
    """A text that is written as it is: the name of a class or parameter, or an expression."""

    __slots__ = ()


RESERVED = ("self", "super", "torch", "nn", "F", "keras", "layers", "inputs", "range", "zip", "len", "type", "int",
            "float", "bool", "tuple", "i", "in_channels")  # fmt: skip
"""Names that the code itself needs."""


WIDTH = 100
"""The most characters of a line of code."""


class CodePiece(NamedTuple):
    """A layer in a framework, or a part of one.

    Attributes:
        make: the class that is called with the arguments; empty if nothing is made before its use.
        arguments: by name, with the defaults.
        form: its use: `{made}` is the object made, `{0}` and so on are the values read, others are arguments.
        function: the form of a function that does the same, if there is one.
        weights: other things that are made of the arguments, by name.
        times: the number of copies, each called with the value of the one before.
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
        piece: its piece.
        shape: of its value.
        shares: the part that is called again for it; empty if it is made itself.
        frozen: True if none of its weights are trained, False if all are; None if they differ, or there are none.
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
    """The number of windows; 0 if not one fits."""
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
    """A call without arguments that are defaults; those without a default, and a real first one, have no name."""
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
    """A text with its head and its end on one line, or on several, broken in its outermost brackets."""
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
    """The places of the first bracket and of the one that closes it; equal if there is none."""
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
    """The first of x, y, z, y2, y3 and so on that is not in use."""
    return next(name for name in ("x", "y", "z", *(f"y{i}" for i in range(2, len(held) + 3))) if name not in held)


def identifier(text: str, taken: Collection[str] = (), start: str = "layer") -> str:
    """A name of Python for any text, other than those that are taken."""
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
    """A text of a spec that fits into a comment: without quotes, backslashes, line ends and unprintable signs."""
    kept = "".join(letter if letter.isalnum() or letter in " .,:;()/+&%@=-×'" else " " for letter in text[:200])
    return " ".join(kept.split())
