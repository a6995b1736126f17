"""The order of the axes of an array: by the names that the source gives its sizes, else by the sizes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

ORDERS = ("HWC", "CHW", "NHWC", "NCHW")

COLOURS = (1, 3, 4)
"""The possible channels of pictures."""


def order_in(tree: ast.AST) -> str:
    """The order of axes in which a source unpacks shapes, as `c, h, w = x.shape`; empty if it never does."""
    found = dict.fromkeys(_named(node) for node in ast.walk(tree) if isinstance(node, ast.Assign))
    orders = [order for order in found if order in ORDERS]
    return orders[0] if len(orders) == 1 else ""


def _named(node: ast.Assign) -> str:
    target, value = node.targets[0], node.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Attribute) or value.attr != "shape":
        return ""
    return "".join(_axis(ast.unparse(name)) for name in target.elts)


def _axis(name: str) -> str:
    """The letter of the axis that a name is about: `n_H_prev`, `input_c`, `height`, `m`."""
    words = [word for word in re.split(r"[_.\W]+|(?<=[a-z])(?=[A-Z])", name) if word]
    for word in reversed(words):
        bare = word.lower()
        letters = {
            "m": "N",
            "b": "N",
            "n": "N",
            "d": "C",
            "ch": "C",
            "rows": "H",
            "cols": "W",
            "batch": "N",
            "size": "",
        }
        letter = letters.get(bare, bare[0].upper() if bare in ("h", "w", "c") else "")
        letter = letter or next(
            (one for one in ("height", "width", "channels", "depth") if bare.startswith(one[:5])), ""
        )
        if letter:
            return "C" if letter == "depth" else letter[0].upper()
    return "?"


def order_of(sizes: Iterable[int], said: str, *, dense: bool = False) -> str:
    """The order of the axes of an array of these sizes, a letter for each; empty if they do not decide it.

    Args:
        sizes: of the array.
        said: the order of maps that the source states, if any.
        dense: whether a layer with a matrix takes it, so that two axes are those of a list of vectors.
    """
    sizes = tuple(sizes)
    if len(sizes) < 3:
        return "NC"[-len(sizes) :] if dense or len(sizes) == 1 else "HW"
    if len(said) == len(sizes):
        return said
    if said and len(sizes) == 3:
        return said.removeprefix("N")
    *_, first, _, last = sizes
    order = "HWC" if last in COLOURS and first not in COLOURS else "CHW" if first in COLOURS else ""
    order = order or said.removeprefix("N")
    return f"N{order}" if order and len(sizes) == 4 else order if len(sizes) == 3 else ""
