"""Names of files of which no two are the same, so that nothing is written over anything else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence


def unused(stem: str, taken: set[str]) -> str:
    """A name that is not taken yet, numbered where it must be; capitals make no other file everywhere."""
    number, name = 2, stem
    while name.casefold() in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name.casefold())
    return name


def distinct_stems(paths: Sequence[str]) -> list[str]:
    """A name without suffix for each path: that of its file, behind as many of its folders as tell it apart."""
    all_parts = [_parts(path) for path in paths]
    deepest = max(map(len, all_parts), default=0)
    counts = [Counter(_joined(parts, depth) for parts in all_parts) for depth in range(deepest + 1)]
    taken: set[str] = set()
    stems = []
    for parts in all_parts:
        depth = next((depth for depth in range(1, len(parts) + 1) if counts[depth][_joined(parts, depth)] == 1), 1)
        stems.append(unused("_".join(parts[-depth:]), taken))
    return stems


def _parts(path: str) -> list[str]:
    """The folders of a path and its file's name without suffix."""
    parts = os.path.splitext(os.path.normpath(path))[0].split(os.sep)
    return [part for part in parts if part not in ("", os.pardir)] or ["sheet"]


def _joined(parts: Sequence[str], depth: int) -> str:
    """The last parts as one name, as it is compared."""
    return "_".join(parts[-depth:]).casefold() if depth else ""
