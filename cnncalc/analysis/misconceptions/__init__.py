"""Mistakes in calculating a network by hand, as data, and the search for those that give a number.

A misconception is an entry of a table: an id, a sentence, a hint, and edits of the rules that layers declare. Edits
flow on: a mistake in a size also shows in figures that follow from it, and two mistakes can be made at once.
To add one, write its entry in `sizes.py` or `counts.py`.
"""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, MISTAKES

__all__ = ["MISCONCEPTIONS", "MISTAKES", "Explanation"]
