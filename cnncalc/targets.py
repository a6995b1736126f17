"""Paths, folders and patterns → their files: which files on disk are specs, and which are left out.

A pattern of a configuration, as `old/*.yaml`, fits several folders with one `*`. A pattern without a slash is
a name anywhere: of a file or of any folder above it. One with a slash is a whole path, or a folder's,
from the folder of the configuration.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from os.path import abspath, exists, isdir, isfile, islink, join, lexists, normpath, relpath, sep
from typing import NamedTuple, Protocol

from cnncalc.errors import ArchitectureNotFound, Problem, SpecError
from cnncalc.language.source import Source, is_bundled, not_found, read_bytes, read_file, read_source

SUFFIXES = (".yaml", ".yml")
INSTALLED = frozenset({"node_modules", "site-packages", "__pycache__"})
SOURCES = (".py", ".ipynb")

MODEL_OF_FILE = re.compile(r"(.+?\.(?:py|ipynb|md|txt))(?:::?([^@]+))?(?:@(\d[\dx,]*))?", re.DOTALL)
"""A model of a source: `net.py:Net@3x32x32`, or `net.py:Net@3x32x32,100` for two inputs."""


_SEVERAL = re.compile(r"(?<![^/])(?:\*\*/){2,}")
"""Folders of any depth in folders of any depth: the same as one `**`, but glob takes far longer for it."""


class Excludes(Protocol):
    """A protocol for the files that are left out."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of these files."""

    def holds(self, file: str) -> bool:
        """Whether a file or folder is left out."""


class Target(NamedTuple):
    """A file to read.

    Attributes:
        file: its path, `-`, or the name of a bundled architecture.
        found: whether it was found in a folder, in which not every YAML file is a spec.
        problem: the reason why it cannot be read, if that is already known.
        bundled: whether it is the name of a bundled architecture.
    """

    file: str
    found: bool = False
    problem: str = ""
    bundled: bool = False


def find_targets(
    paths: Iterable[str], excluded: Excludes, *, as_found: bool = False, suffixes: tuple[str, ...] = SUFFIXES
) -> list[Target]:
    """The files of paths, each once: those of a folder sorted, the paths in their order.

    Args:
        paths: files, folders, patterns as `models/**/*.yaml`, `-`, or names of bundled architectures.
        excluded: the files that are left out of folders and patterns.
        as_found: whether a named file is treated like one of a folder: left out if it is excluded,
            and skipped if it is not a spec.
        suffixes: those of the files that folders are searched for.

    Raises:
        ArchitectureNotFound: there is no such file, or a pattern fits none.
    """
    targets: dict[str, Target] = {}
    for path in paths:
        for target in _targets(path, excluded, as_found, suffixes):
            targets.setdefault(abspath(target.file), target)
    return list(targets.values())


def read_target(target: Target) -> Source | None:
    """The text of a file; None for one of a folder that is not a spec.

    Raises:
        ArchitectureNotFound: it does not exist any more.
        SpecError: it can't be read.
    """
    if target.problem:
        raise SpecError(target.file, [Problem(1, 1, target.problem, "unreadable")])
    if not target.found:
        return read_source(target.file)
    content = read_file(target.file)
    return read_bytes(target.file, content) if is_spec(content) else None


def _targets(path: str, excluded: Excludes, as_found: bool, suffixes: tuple[str, ...]) -> Iterator[Target]:
    if lexists(path):
        yield from _below(path, excluded, suffixes) if isdir(path) else _file(path, excluded, as_found)
    elif (model := MODEL_OF_FILE.fullmatch(path)) is not None and isfile(model[1]):
        yield Target(path)
    elif path == "-" or is_bundled(path):
        yield Target(path, bundled=path != "-")
    elif glob.has_magic(path):
        matching = sorted(glob.glob(_SEVERAL.sub("**/", path), recursive=True), key=_parts)
        if not matching:
            raise ArchitectureNotFound(f"no file fits the pattern '{path:.100}'")
        for match in matching:
            if not _is_own_below(match, _parts(path)):
                continue
            if isdir(match):
                yield from _below(match, excluded, suffixes)
            elif _may_be_spec(match):
                yield from _file(match, excluded, True)
    else:
        raise not_found(path)


def is_yaml(file: str) -> bool:
    """Whether a file is YAML by its name."""
    return file.lower().endswith(SUFFIXES)


def file_of(spec: str) -> str:
    """The file that a SPEC is read from if it names no bundled architecture: of `net.py:Net` it is `net.py`."""
    model = None if lexists(spec) else MODEL_OF_FILE.fullmatch(spec)
    return spec if model is None else model[1]


def _is_own(place: str, name: str) -> bool:
    """Whether a folder may have specs of the project's own; folders of package managers do not."""
    return not name.startswith(".") and name not in INSTALLED and not isfile(join(place, name, "pyvenv.cfg"))


def _is_own_below(path: str, named: Collection[str]) -> bool:
    """Whether all folders of a path, except the named ones, may have specs of the project's own."""
    parts = _parts(path)[:-1]
    return all(part in named or _is_own(sep.join([*parts[:n], ""]), part) for n, part in enumerate(parts))


def _file(path: str, excluded: Excludes, found: bool) -> Iterator[Target]:
    if not found or not excluded.holds(path):
        yield Target(path, found)


def _below(folder: str, excluded: Excludes, suffixes: tuple[str, ...]) -> Iterator[Target]:
    """The files with these suffixes in a folder, at any depth; no hidden and installed ones, links are not followed."""
    unreadable: list[OSError] = []
    found: list[Target] = []
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = [name for name in folders if _is_own(place, name) and not excluded.holds(join(place, name))]
        paths = (normpath(join(place, name)) for name in names if name.lower().endswith(suffixes))
        found += [Target(path, True) for path in paths if _may_be_spec(path) and not excluded.holds(path)]
    for error in unreadable:
        found.append(Target(str(error.filename), True, f"cannot be read: {error.strerror}"))
    yield from sorted(found, key=lambda target: _parts(target.file))


def _parts(path: str) -> list[str]:
    """A key for sorting paths: the files of one folder are together."""
    return path.split(os.sep)


def _may_be_spec(path: str) -> bool:
    """Whether there is a file to read, or a link to nothing, which is reported; a pipe would be waited for."""
    return isfile(path) or (islink(path) and not exists(path))


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern fits a path, its name, or a folder above it.

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


def _fitting(patterns: Collection[str], folder: str, file: str) -> list[str]:
    """The patterns, relative to a folder, that fit a file."""
    path = relpath(file, folder).replace(sep, "/") if patterns else ""
    return [pattern for pattern in patterns if fits(pattern, path)]


class Excluded(NamedTuple):
    """The files that are left out.

    Attributes:
        folder: the one that the patterns are relative to.
        patterns: those of the files.
    """

    folder: str = "."
    patterns: tuple[str, ...] = ()

    def holds(self, file: str) -> bool:
        """Whether a file or folder is left out."""
        return bool(_fitting(self.patterns, self.folder, file))


class Ignored(NamedTuple):
    """The ids that are off for some files.

    Attributes:
        folder: the one that the patterns are relative to.
        patterns: those of the files, each with its ids.
    """

    folder: str = "."
    patterns: Mapping[str, frozenset[str]] = {}

    def ids(self, file: str) -> frozenset[str]:
        """The ids that are off for a file."""
        return frozenset().union(*map(self.patterns.__getitem__, _fitting(self.patterns, self.folder, file)))


_KEYS = rb"layers?|cnncalc|inputs?|blocks|expect|findings"
"""The keys by which a spec is recognised: `layers:` or `cnncalc:`, or an input together with another of these.

A baseline of `check` has `cnncalc:` and `findings:`."""

_PREAMBLE = re.compile(rb"(?:[ \t]*(?:[#%][^\r\n]*|---[ \t]*)?(?:\r\n?|\n))*(?:---[ \t]+)?(?P<indent> *)")
"""Comments, blank lines and the mark of a document's start."""

_FLOW_TOKEN = re.compile(
    rb"""(?<![\w-])(?P<word>%b)\s*:|(?P<quote>["'])(?P<quoted>%b)(?P=quote)\s*:"""
    rb"""|(?P<open>[\[{])|(?P<close>[\]}])"""
    rb"""|"(?:[^"\\]|\\[\s\S]?)*"?|'[^']*'?|(?<!\S)\#[^\r\n]*""" % (_KEYS, _KEYS)
)
"""The signs that matter in `{...}`: keys, brackets, and those that may hide one of these. A quote that is
never closed hides all the rest: so the time stays linear in the length."""


def is_spec(content: bytes) -> bool:
    r"""Whether a file's content has the keys of a spec at its top level.

    The content is not parsed, so that a spec with a slip in its YAML, or with `layer:` for `layers:`, is
    taken for one, too.

    >>> is_spec(b"input: 3x8x8\nlayers: [relu]\n"), is_spec(b"services:\n  web: {layers: []}\n")
    (True, False)
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # UTF-16, with a zero next to each letter; such a spec gets the message that it should be UTF-8.
        content = content[2:].replace(b"\0", b"")
    if b"layer" not in content and b"cnncalc" not in content and b"input" not in content:
        return False
    keys = _keys(content.removeprefix(b"\xef\xbb\xbf"))
    named = b"layers" in keys or keys & {b"cnncalc", b"findings"} == {b"cnncalc"}
    return named or not (keys.isdisjoint({b"input", b"inputs"}) or keys.isdisjoint({b"layer", b"blocks", b"expect"}))


def _keys(content: bytes) -> set[bytes]:
    """The keys of `_KEYS` at the top level."""
    preamble = _PREAMBLE.match(content)
    indent, content = (preamble["indent"], content[preamble.end() :]) if preamble else (b"", content)
    if content.startswith(b"{"):
        return _flow_keys(content)
    key = rb"(?:\A|[\r\n]%b)([\"']?)(%b)\1[ \t]*:(?=\s|\Z)" % (indent, _KEYS)
    return {match[2] for match in re.finditer(key, content)}


def _flow_keys(content: bytes) -> set[bytes]:
    """The keys within the outermost braces of a mapping in braces."""
    depth, keys = 0, set()
    for token in _FLOW_TOKEN.finditer(content):
        if depth == 1 and (key := token["word"] or token["quoted"]):
            keys.add(key)
        depth += bool(token["open"]) - bool(token["close"])
    return keys
