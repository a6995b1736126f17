"""The results of a check in the forms that people and machines read: a module for each format.

Each has `report`, which makes the text of `Results`; that of `text` has colours, and so prints it itself.
"""

from __future__ import annotations

from typing import NamedTuple

FORMATS = ("text", "concise", "json", "github", "gitlab", "sarif", "junit", "markdown")
"""The formats; the module of one has its name with `_view` after it, and is loaded when it is used."""


class Surroundings(NamedTuple):
    """The things that a report depends on besides the results.

    Attributes:
        root: the folder of the repository's checkout, which paths are relative to.
        version: cnncalc's.
        ascii_only: whether the output has no other signs.
    """

    root: str
    version: str
    ascii_only: bool
