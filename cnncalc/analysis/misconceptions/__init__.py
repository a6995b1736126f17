"""What goes wrong in reckoning a network by hand, as data, and which of it gives a number.

A misconception is an entry of a table: an id, a sentence, a hint and a wrong formula. The formula is
the right one with some of its terms changed, so that a mistake in a size also shows in what follows
from it, and two mistakes can be made at once. To add one: write its entry in the file of its family.
"""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.rows import explain_value
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, MISTAKES

__all__ = [
    "MISCONCEPTIONS", "MISTAKES", "Explanation", "explain_value",
]  # fmt: skip
