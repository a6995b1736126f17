"""Parts of several reports: the totals of a run, names of files."""

from __future__ import annotations

import os.path
from urllib.parse import quote

from cnncalc.check.results import Results
from cnncalc.notation import several


def summary(results: Results) -> str:
    """One line: `2 specs, 5 claims: 1 error, 2 warnings; 3 other YAML files skipped`."""
    checked = [several(len(results.files), results.noun)]
    if results.claims:
        checked.append(several(results.claims, "claim"))
    others = f"; {several(results.skipped, 'other YAML file')} skipped" if results.skipped else ""
    return f"{', '.join(checked)}: {results.found}{results.left_out}{others}"


def relative_path(file: str, root: str) -> str:
    """The path of a file from the root of its repository, with `/` between folders; absolute outside of it."""
    relative = os.path.relpath(file, root)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return (os.path.abspath(file) if outside else relative).replace(os.sep, "/")


def relative_uri(file: str, root: str) -> str:
    """`relative_path` as the reference of RFC 3986; a file outside of the root by its own scheme."""
    path = relative_path(file, root)
    scheme = "file://" if os.path.isabs(path) else ""
    return scheme + quote(os.fsencode(path), safe="/")
