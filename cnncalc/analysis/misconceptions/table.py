"""Every misconception that is known, most plausible first."""

from __future__ import annotations

from cnncalc.analysis.misconceptions.channels import CHANNELS
from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.operations import OPERATIONS
from cnncalc.analysis.misconceptions.sizes import SIZES
from cnncalc.analysis.misconceptions.slips import SLIPS, Slip
from cnncalc.analysis.misconceptions.weights import WEIGHTS

MISCONCEPTIONS: tuple[Misconception, ...] = tuple(
    sorted((*SIZES, *CHANNELS, *WEIGHTS, *OPERATIONS), key=lambda misconception: misconception.rank)
)

MISTAKES: dict[str, Misconception | Slip] = {
    **{misconception.id: misconception for misconception in MISCONCEPTIONS},
    **{slip.id: slip for slip in SLIPS},
}
"""All of them and the slips, by id."""
