"""The other files of a folder, as modules that a source imports."""

from __future__ import annotations

import ast
import os.path
from collections.abc import Iterator
from typing import final

from cnncalc.importing.model import START, RefusedModel
from cnncalc.importing.source.cleaning import tree_of
from cnncalc.importing.source.evaluator import Evaluator
from cnncalc.importing.source.known import KNOWN_TEXT, LIBRARIES
from cnncalc.importing.source.line_names import BesideFile, LineNames
from cnncalc.importing.source.values import Names, Stuck

MAX_SOURCE = 500_000
MAX_FILES = 40
KNOWN = "a class of a library"


def text_of(content: bytes, most: int = MAX_SOURCE) -> str:
    """The text of a file with at most this number of bytes.

    Raises:
        RefusedModel: it is too large, or not UTF-8.
    """
    if len(content) > most:
        raise RefusedModel((START, f"the source is larger than {most // 1000} kB; that of a model is smaller"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedModel((START, "the text is not UTF-8")) from None


def parsed(text: str, before: int = 0) -> ast.Module:
    """The tree of a source, its lines numbered after `before`.

    Raises:
        Stuck: it is not Python.
    """
    try:
        return tree_of("\n" * before + text)
    except SyntaxError as error:
        raise Stuck(error.lineno or 1, f"this is not Python: {error.msg}", max(error.offset or 1, 1)) from None
    except ValueError as error:
        raise Stuck(before + 1, f"this is not Python: {error}") from None


@final
class Files:
    """The other files of a folder, which are read if they are imported."""

    def __init__(self, file: str, line_names: LineNames) -> None:
        self._line_names, self._named = line_names, os.path.dirname(file)
        self._folder = os.path.dirname(os.path.realpath(file)) if file else ""
        self._top = _package(self._folder) if file else ""
        self._read: dict[str, Names | None] = {}
        self._found: dict[tuple[str, int, str], str] = {}
        self.evaluator: Evaluator

    def module(self, name: str, level: int, file: str) -> Names | None:
        """The names of a module as a file imports it; None if there is none."""
        if not self._folder or (level == 0 and name.partition(".")[0] in LIBRARIES):
            return None
        key = name, level, os.path.dirname(file) if level else ""
        if key not in self._found:
            self._found[key] = next((path for path in self._paths(*key) if os.path.isfile(path)), "")
        path = self._found[key]
        if path and path not in self._read:
            self._read[path] = None
            if len(self._read) <= MAX_FILES and os.path.realpath(path) == path:
                self._read[path] = self._scope(path)
        return self._read[path] if path else None

    def known(self) -> Names:
        """The known classes of libraries, which have a source here."""
        if KNOWN not in self._read:
            self._read[KNOWN] = scope = Names(None, KNOWN)
            tree = parsed(KNOWN_TEXT, self._line_names.add(BesideFile("", KNOWN, KNOWN_TEXT)))
            self.evaluator.body(tree.body, scope)
        return self._read[KNOWN] or Names(None)

    def _paths(self, name: str, level: int, folder: str) -> Iterator[str]:
        """The paths at which a module may be: in the folder of the source, in its package, or in a folder beside it."""
        parts = name.split(".") if name else []
        if not all(part.isidentifier() for part in parts):
            return
        here = os.path.normpath(os.path.join(self._folder, folder))
        for _ in range(level - 1):
            if not os.path.isfile(os.path.join(here, "__init__.py")) and here in (self._folder, self._top):
                return
            here = os.path.dirname(here)
        above = os.path.dirname(self._top)
        for start in [here] if level else dict.fromkeys((self._folder, above)):
            if level or parts:
                path = os.path.join(start, *parts)
                yield from (
                    (path + ".py", os.path.join(path, "__init__.py")) if parts else (os.path.join(path, "__init__.py"),)
                )

    def _scope(self, path: str) -> Names | None:
        try:
            with open(path, "rb") as file:
                text = text_of(file.read(MAX_SOURCE + 1))
        except (OSError, RefusedModel):
            return None
        name = os.path.relpath(path, self._folder)
        self._read[path] = scope = Names(None, name)
        scope.names["__name__"] = name
        before = self._line_names.add(BesideFile(os.path.normpath(os.path.join(self._named, name)), name, text))
        tree = parsed(text, before)
        self.evaluator.stated.look(tree, text, before)
        self.evaluator.body(tree.body, scope, tolerant=True)
        return scope


def _package(folder: str) -> str:
    """The outermost folder of the package that a folder is a part of; the folder itself if it is not a package."""
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        above = os.path.dirname(folder)
        if not os.path.isfile(os.path.join(above, "__init__.py")):
            break
        folder = above
    return folder
