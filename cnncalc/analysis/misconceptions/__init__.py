"""What goes wrong in calculating a network by hand, as data, and which of it gives a number.

A misconception is an entry of a table: an id, a sentence, a hint, and edits of the rules that layers declare. What
is edited flows on: a mistake in a size also shows in what follows from it, and two mistakes can be made at once.
To add one, write its entry in `sizes.py` or `counts.py`.
"""

from __future__ import annotations

from cnncalc.analysis.misconceptions.explain import Explanation
from cnncalc.analysis.misconceptions.table import MISCONCEPTIONS, MISTAKES

__all__ = ["MISCONCEPTIONS", "MISTAKES", "Explanation"]
