"""The other files of a folder, as modules that a source imports."""

from __future__ import annotations

import ast
import os.path
from typing import final

from cnncalc.importing.model import START, RefusedModel
from cnncalc.importing.source.evaluator import Evaluator
from cnncalc.importing.source.values import Names, Stuck

MAX_SOURCE = 500_000
MAX_FILES = 20


def text_of(content: bytes) -> str:
    """The text of a file.

    Raises:
        RefusedModel: it is too large, or no UTF-8.
    """
    if len(content) > MAX_SOURCE:
        raise RefusedModel((START, f"the source is larger than {MAX_SOURCE // 1000} kB; that of a model is smaller"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedModel((START, "the text is not UTF-8")) from None


def parsed(text: str, file: str = "") -> ast.Module:
    """The tree of a source.

    Raises:
        Stuck: it is none of Python.
    """
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Stuck(error.lineno or 1, f"this is no Python: {error.msg}", max(error.offset or 1, 1), file) from None
    except ValueError as error:
        raise Stuck(1, f"this is no Python: {error}", 1, file) from None


@final
class Files:
    """The other files of a folder, which are read if they are imported."""

    def __init__(self, file: str) -> None:
        self._folder = os.path.dirname(os.path.realpath(file)) if file else ""
        self._read: dict[str, Names | None] = {}
        self.evaluator: Evaluator

    def module(self, name: str, level: int) -> Names | None:
        """The names of a module in the folder or below; None if there is none."""
        parts = name.split(".")
        if not self._folder or level > 1 or not all(part.isidentifier() for part in parts):
            return None
        path = os.path.join(self._folder, *parts) + ".py"
        if path not in self._read:
            self._read[path] = None
            if len(self._read) <= MAX_FILES and os.path.isfile(path) and os.path.realpath(path) == path:
                self._read[path] = self._scope(path)
        return self._read[path]

    def _scope(self, path: str) -> Names | None:
        try:
            with open(path, "rb") as file:
                text = text_of(file.read(MAX_SOURCE + 1))
        except (OSError, RefusedModel):
            return None
        name = os.path.relpath(path, self._folder)
        scope = Names(None, name)
        scope.names["__name__"] = name
        self.evaluator.body(parsed(text, name).body, scope, tolerant=True)
        return scope
