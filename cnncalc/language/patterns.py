"""Patterns of file names, as `old/*.yaml`; a `*` also stands for several folders.

A pattern without a slash is that of a name anywhere: of a file or of any folder above it. One with a slash
is that of a whole path, or of a folder's, from the folder of the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch
from os.path import normpath, relpath, sep
from typing import NamedTuple


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern is that of a path, of its name, or of a folder above it.

    >>> fits("old/*.yaml", "old/a/b.yaml"), fits("old/", "old/a.yaml"), fits("b.yaml", "a/b.yaml")
    (True, True, True)
    >>> fits("drafts", "models/drafts/a.yaml"), fits("models/**/a.yaml", "models/a.yaml"), fits("a/b", "c/a/b")
    (True, True, False)
    """
    pattern = normpath(pattern).replace(sep, "/")
    if "/" not in pattern:
        return any(fnmatch(name, pattern) for name in path.split("/"))
    # `**/` may stand for no folder at all.
    return any(fnmatch(path, one) or fnmatch(path, f"{one}/*") for one in {pattern, pattern.replace("**/", "")})


def _from(folder: str, file: str) -> str:
    return relpath(file, folder).replace(sep, "/")


class Excluded(NamedTuple):
    """The files that are left out.

    Attributes:
        folder: what the patterns are relative to.
        patterns: those of the files.
    """

    folder: str = "."
    patterns: tuple[str, ...] = ()

    def holds(self, file: str) -> bool:
        """Whether a file or folder is left out."""
        path = _from(self.folder, file) if self.patterns else ""
        return any(fits(pattern, path) for pattern in self.patterns)


class Ignored(NamedTuple):
    """The ids that are off for some files.

    Attributes:
        folder: what the patterns are relative to.
        patterns: those of the files, each with its ids.
    """

    folder: str = "."
    patterns: Mapping[str, frozenset[str]] = {}

    def ids(self, file: str) -> frozenset[str]:
        """The ids that are off for a file."""
        if not self.patterns:
            return frozenset()
        path = _from(self.folder, file)
        return frozenset().union(*(ids for pattern, ids in self.patterns.items() if fits(pattern, path)))
