"""The text format of protocol buffers, as prototxt files have it: text → messages with places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import final

from cnncalc.importing.model import ModelPlace, RefusedModel

MAX_DEPTH = 50
MAX_TOKENS = 400_000

_TOKEN = re.compile(
    r"""(?P<blank>[\s,;]++|\#[^\n]*)|(?P<string>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+')"""
    r"""|(?P<sign>[{}<>:\[\]])|(?P<word>[^\s{}<>:\[\],;\#"']+)"""
)


@final
class Message:
    """Fields with all their values, in order.

    Attributes:
        fields: name → values, each a text or a message, with its place.
        at: its place.
    """

    def __init__(self, at: ModelPlace) -> None:
        self.fields: dict[str, list[tuple[str | Message, ModelPlace]]] = {}
        self.at = at

    def texts(self, name: str) -> list[str]:
        """All values of a field that are texts."""
        return [value for value, _ in self.fields.get(name, ()) if isinstance(value, str)]

    def text(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        return ([default] + self.texts(name))[-1]

    def messages(self, name: str) -> list[Message]:
        """All values of a field that are messages."""
        return [value for value, _ in self.fields.get(name, ()) if isinstance(value, Message)]

    def inner(self, name: str) -> Message:
        """The last message of a field; an empty one if there is none."""
        return ([Message(self.at)] + self.messages(name))[-1]

    def numbers(self, *names: str) -> list[int]:
        """The whole numbers of the first field that is there."""
        for name in names:
            for value, at in self.fields.get(name, ()):
                if not (isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value)):
                    raise RefusedModel((at, f"{name}: a whole number is expected, not {str(value)[:40]!r}"))
            if name in self.fields:
                return [int(text) for text in self.texts(name)]
        return []

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number.

        Raises:
            RefusedModel: there is none, and no default.
        """
        numbers = self.numbers(name)
        if not numbers and default is None:
            raise RefusedModel((self.at, f"{name} is missing"))
        return numbers[-1] if numbers else default or 0

    def real(self, name: str, default: float) -> float:
        """A number."""
        return ([default] + self.reals(name))[-1]

    def reals(self, name: str) -> list[float]:
        """All values of a field, which are numbers."""
        try:
            return [float(text) for text in self.texts(name)]
        except ValueError:
            raise RefusedModel((self.at, f"{name}: a number is expected, not '{self.text(name):.40}'")) from None

    def flag(self, name: str, default: bool) -> bool:
        """A truth value."""
        return self.text(name, str(default)).lower() in ("true", "1", "t")


def read_message(text: str) -> Message:
    """The message of a whole text.

    Raises:
        RefusedModel: it is not one.
    """
    root = Message(ModelPlace())
    open_: list[Message] = [root]
    name: tuple[str, ModelPlace] | None = None
    for sign, word, at in _tokens(text):
        top = open_[-1]
        if sign == "string" or (sign == "word" and name is not None):
            if name is None:
                raise RefusedModel((at, f"{word[:40]} has no name before it"))
            top.fields.setdefault(name[0], []).append((word.strip("\"'") if sign == "string" else word, at))
            name = None
        elif sign == "word":
            name = word, at
        elif word in "{<" and name is not None:
            message = Message(name[1])
            top.fields.setdefault(name[0], []).append((message, name[1]))
            open_.append(message)
            name = None
            if len(open_) > MAX_DEPTH:
                raise RefusedModel((at, f"more than {MAX_DEPTH} nested braces"))
        elif word in "}>" and name is None and len(open_) > 1:
            open_.pop()
        elif word not in ":[]" or (word == ":" and name is None):
            raise RefusedModel((at, f"'{word}' is not expected here"))
    if name or len(open_) > 1:
        raise RefusedModel((name[1] if name else open_[-1].at, "what starts here has no end"))
    return root


def _tokens(text: str) -> Iterator[tuple[str, str, ModelPlace]]:
    """Sort, text and place of each token."""
    line, start, end, count = 1, 0, 0, 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        at = ModelPlace(line, end - start + 1)
        if (count := count + 1) > MAX_TOKENS:
            raise RefusedModel((at, f"more than {MAX_TOKENS:,} words and blanks; a network has fewer"))
        if match is None:
            raise RefusedModel((at, f"{text[end]!r} is not expected here"))
        sort, word, end = match.lastgroup or "", match[0], match.end()
        if sort != "blank":
            yield sort, word, at
        if "\n" in word:
            line += word.count("\n")
            start = match.start() + word.rindex("\n") + 1
