"""Paths, folders and patterns → the files that they stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from os.path import abspath, exists, isdir, isfile, islink, join, lexists, normpath
from typing import NamedTuple

from cnncalc.errors import ArchitectureNotFound, Problem, SpecError
from cnncalc.language.patterns import Excluded
from cnncalc.language.source import Source, is_bundled, not_found, read_found, read_source

SUFFIXES = (".yaml", ".yml")


class Target(NamedTuple):
    """A file to read.

    Attributes:
        file: its path, `-`, or the name of a bundled architecture.
        found: whether it was come across in a folder, where not every YAML file is a spec.
        problem: why it cannot be read, where that is known already.
        bundled: whether it is the name of a bundled architecture.
    """

    file: str
    found: bool = False
    problem: str = ""
    bundled: bool = False


def find_targets(paths: Iterable[str], excluded: Excluded, *, as_found: bool = False) -> list[Target]:
    """The files that paths stand for, each once: those of a folder sorted, the paths in their order.

    Args:
        paths: files, folders, patterns as `models/**/*.yaml`, `-`, or names of bundled architectures.
        excluded: what is left out of folders and patterns.
        as_found: whether a file that is named is taken as one of a folder: left out where it is excluded,
            and skipped where it is no spec.

    Raises:
        ArchitectureNotFound: there is no such file, or a pattern fits none.
    """
    targets: dict[str, Target] = {}
    for path in paths:
        for target in _targets(path, excluded, as_found):
            targets.setdefault(abspath(target.file), target)
    return list(targets.values())


def read_target(target: Target) -> Source | None:
    """The text of a file; None for one of a folder that is no spec.

    Raises:
        ArchitectureNotFound: it was there a moment ago.
        SpecError: it can't be read.
    """
    if target.problem:
        raise SpecError(target.file, [Problem(1, 1, target.problem, "unreadable")])
    return read_found(target.file) if target.found else read_source(target.file)


def _targets(path: str, excluded: Excluded, as_found: bool) -> Iterator[Target]:
    if lexists(path):
        yield from _below(path, excluded) if isdir(path) else _file(path, excluded, as_found)
    elif path == "-" or is_bundled(path):
        yield Target(path, bundled=path != "-")
    elif glob.has_magic(path):
        matching = sorted(glob.glob(path, recursive=True), key=_parts)
        if not matching:
            raise ArchitectureNotFound(f"no file fits the pattern '{path:.100}'")
        for match in matching:
            if isdir(match):
                yield from _below(match, excluded)
            elif _may_be_spec(match):
                yield from _file(match, excluded, True)
    else:
        raise not_found(path)


def _file(path: str, excluded: Excluded, found: bool) -> Iterator[Target]:
    if not found or not excluded.holds(path):
        yield Target(path, found)


def _below(folder: str, excluded: Excluded) -> Iterator[Target]:
    """The YAML files of a folder and those in it; hidden folders are left out, links to folders not followed."""
    unreadable: list[OSError] = []
    found: list[Target] = []
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".") and not excluded.holds(join(place, name))]
        paths = (normpath(join(place, name)) for name in names if name.endswith(SUFFIXES))
        found += [Target(path, True) for path in paths if _may_be_spec(path) and not excluded.holds(path)]
    for error in unreadable:
        found.append(Target(str(error.filename), True, f"cannot be read: {error.strerror}"))
    yield from sorted(found, key=lambda target: _parts(target.file))


def _parts(path: str) -> list[str]:
    """What paths are sorted by: the files of one folder stand together."""
    return path.split(os.sep)


def _may_be_spec(path: str) -> bool:
    """Whether there is a file to read, or a link to nothing, which is told; a pipe would be waited for."""
    return isfile(path) or (islink(path) and not exists(path))
