"""Texts of earlier revisions, from git."""

from __future__ import annotations

import os
import subprocess

import click

from cnncalc.language.source import Source, read_bytes


def read_revision(revision: str, path: str) -> Source | None:
    """The text that a file had in a revision of its repository; None where that does not have it.

    Args:
        revision: a commit, branch or tag: `HEAD~1`, `main`.
        path: the file as it is called today.

    Raises:
        click.UsageError: git, the repository or the revision is missing.
        SpecError: the text is not UTF-8 or too large.
    """
    folder, name = os.path.split(os.path.realpath(path))
    if revision.startswith("-") or ":" in revision:
        raise click.UsageError(f"'{revision}' is not a revision; write a commit, branch or tag, as HEAD~1 or main")
    if _git(folder, "rev-parse", "--git-dir") is None:
        raise click.UsageError(f"'{path}' is in no git repository; give two files")
    if _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise click.UsageError(f"the repository of '{path}' has no revision '{revision}'")
    content = _git(folder, "cat-file", "blob", f"{revision}:./{name}")
    return None if content is None else read_bytes(f"{revision}:{path}", content)


def _git(folder: str, *arguments: str) -> bytes | None:
    """What git prints; None where it says no."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise click.UsageError("git is not installed; give two files") from None
    return done.stdout if done.returncode == 0 else None
