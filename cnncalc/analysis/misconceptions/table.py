"""Every misconception and every slip, by how plausible it is and by id."""

from __future__ import annotations

from cnncalc.analysis.misconceptions.counts import COUNTS, WEIGHTS
from cnncalc.analysis.misconceptions.misconception import Misconception
from cnncalc.analysis.misconceptions.sizes import CHANNELS, SIZES
from cnncalc.analysis.misconceptions.slips import SLIPS, Slip

ANOTHER = "another layer"
"""The words in a phrase and a sentence that are replaced by those for a certain layer."""

MISCONCEPTIONS: tuple[Misconception, ...] = tuple(
    sorted((*SIZES, *CHANNELS, *WEIGHTS, *COUNTS), key=lambda misconception: misconception.rank)
)
"""All of them, most plausible first."""

MISTAKES: dict[str, Misconception | Slip] = {one.id: one for one in MISCONCEPTIONS} | {slip.id: slip for slip in SLIPS}
"""All of them and the slips, by id."""
