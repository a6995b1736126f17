"""Sizes as text: `3`, `1x7`, `3x227x227`, `[3, 227, 227]`, `(3, 227, 227)`."""

from __future__ import annotations

import re

from cnncalc.language.expressions import ExpressionError, integer
from cnncalc.language.nodes import ListNode, Node, ScalarNode

MAX_SIZES = 4
"""A shape has a channel count and at most three axes."""


def size_texts(text: str) -> list[str]:
    """The sizes in a text, as they are written; Python's tuples and lists are read, too.

    >>> size_texts("3x227x227"), size_texts("(3, 227, 227)"), size_texts("(100,)")
    (['3', '227', '227'], ['3', '227', '227'], ['100'])
    """
    opened = text[:1] + text[-1:] in ("()", "[]")
    inside = text[1:-1].strip().removesuffix(",") if opened else text
    return [part.strip() for part in re.split("," if "," in inside else "[x×]", inside)]


def are_sizes(text: str) -> bool:
    """Whether a text is several sizes, as `3x227x227` or `1×7`, or one in brackets."""
    if text[:1].isalpha():
        return False  # most values are words
    parts = size_texts(text)
    return (len(parts) > 1 or "," in text) and all(part.isascii() and part.isdigit() for part in parts)


def sizes(node: Node, signed: bool = False, most: int = MAX_SIZES) -> tuple[int, ...]:
    """The numbers of a literal shape or size.

    Args:
        node: `96x55x55`, `1000` or a list.
        signed: whether a number may have a minus sign.
        most: the most numbers that are allowed.

    Raises:
        ExpressionError: it is not a shape or size.
    """
    if isinstance(node, ScalarNode):
        texts = size_texts(node.text)
    elif isinstance(node, ListNode) and all(isinstance(item, ScalarNode) for item in node.items):
        texts = [item.text for item in node.items if isinstance(item, ScalarNode)]
    else:
        texts = []
    if not 1 <= len(texts) <= most:
        raise ExpressionError("a shape is expected, as 96x55x55 or [96, 55, 55]")
    return tuple(_signed(text.strip()) if signed else integer(text.strip()) for text in texts)


def _signed(text: str) -> int:
    return -integer(text[1:]) if text.startswith("-") else integer(text)
