"""The words of `cnncalc --version`: the release, and the libraries that it runs with."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import cnncalc

PACKAGE = "cnncalc"

FOR_WORK = ("dev", "test")
"""Extras for working on cnncalc."""

_REQUIREMENT = re.compile(r"(?P<package>[\w.-]+)[^;]*(?:;.*extra == [\"'](?P<extra>[\w-]+)[\"'])?")


def version_text() -> str:
    """The release, then a line for each thing that it runs with; no package is imported."""
    lines = [f"{PACKAGE} {cnncalc.__version__}", f"Python {platform.python_version()}"]
    by_extra = _requirements()
    lines += [f"{package} {_installed(package) or 'missing'}" for package in by_extra.pop("", ())]
    return "\n".join([*lines, *_extras(by_extra)])


def _extras(by_extra: dict[str, list[str]]) -> Iterator[str]:
    """A line for each extra that people choose."""
    for extra, packages in by_extra.items():
        if extra not in FOR_WORK:
            found = {package: _installed(package) for package in packages}
            missing = [package for package, release in found.items() if release is None]
            there = ", ".join(f"{package} {release}" for package, release in found.items())
            yield f"[{extra}] " + (f"not installed: {', '.join(missing)}" if missing else there)


def _requirements() -> dict[str, list[str]]:
    """The packages that are needed, by the extra that needs them; nothing if only the sources are here."""
    try:
        lines = requires(PACKAGE) or []
    except PackageNotFoundError:
        lines = []
    by_extra: dict[str, list[str]] = {}
    for requirement in filter(None, map(_REQUIREMENT.match, lines)):
        by_extra.setdefault(requirement["extra"] or "", []).append(requirement["package"])
    return by_extra


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
