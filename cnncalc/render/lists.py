"""The tables in pages of the manual that are made of what owns their facts; a test holds the pages to them."""

from __future__ import annotations

from cnncalc.analysis.profiles import PROFILES
from cnncalc.figures import CLAIMABLE


def figures_markdown() -> str:
    """The meaning of each figure that can be claimed."""
    cells = [(figure.name, figure.what, figure.omits) for figure in CLAIMABLE.values()]
    head = "| figure | what it is | not in it |\n|---|---|---|\n"
    return head + "".join(f"| {name} | {what} |{f' {omits} ' if omits else ' '}|\n" for name, what, omits in cells)


def profiles_markdown() -> str:
    """The counts of each counting profile, with its tool and version."""
    rows = [f"| {each.name} | {each.units} | {each.source} |\n" for each in PROFILES.values()]
    return "".join(("| profile | counts | as |\n|---|---|---|\n", *rows))
