"""The wanted model of a source: `net.py:ResNet18@3x32x32`."""

from __future__ import annotations

import os.path
import re
from typing import NamedTuple

from cnncalc.targets import MODEL_OF_FILE

_SIZES = re.compile(r"\d{1,9}(?:x\d{1,9}){0,3}")


class Wanted(NamedTuple):
    """The model that a user asks for.

    Attributes:
        file: the path; empty for standard input.
        model: an expression, as `ResNet18` or `VGG("VGG16")`; empty for the only model.
        input: the input's sizes without the batch; empty if the source gives them.
        others: those of further inputs; empty if they are the same.
    """

    file: str = ""
    model: str = ""
    input: tuple[int, ...] = ()
    others: tuple[tuple[int, ...], ...] = ()

    @property
    def word(self) -> str:
        """The file as a message names it."""
        return os.path.basename(self.file) or "FILE.py"


def wanted_of(spec: str) -> Wanted:
    """The model that a word of the command line asks for; a word that names no model is the name of a file."""
    found = None if os.path.isfile(spec) else MODEL_OF_FILE.fullmatch(spec)
    if found is None or not os.path.isfile(found[1]):
        return Wanted(spec)
    first, *others = map(sizes_of, (found[3] or "").split(","))
    return Wanted(found[1], (found[2] or "").strip(), first, tuple(others))


def sizes_of(text: str) -> tuple[int, ...]:
    """The sizes in `3x32x32`; none in any other text."""
    return tuple(map(int, text.split("x"))) if _SIZES.fullmatch(text) else ()
