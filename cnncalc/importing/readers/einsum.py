"""Products of matrices that are written with letters (einsum), for torch and ONNX alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.readers.adding import Adding, Where
from cnncalc.importing.readers.attention import Scores, attended, product, scores
from cnncalc.importing.views import Viewed


def einsum(adding: Adding, equation: str, values: Sequence[Any], where: Where) -> Viewed | Scores | None:
    """`bhid,bhjd->bhij`, `bhij,bhjd->bhid` and others of their form; None if it is something else."""
    terms, _, out = "".join(equation.split()).partition("->")
    one, _, other = terms.partition(",")
    first, second = values
    if len(out) < 3 or not len(one) == len(other) == len(out) or not one[:-2] == other[:-2] == out[:-2]:
        return None
    if not isinstance(second, Viewed) or second.dims is None or one[-2] != out[-2]:
        return None
    if (one[-1], out[-1]) == (other[-1], other[-2]):
        rank = len(second.dims)
        second = adding.views.permute(second, (*range(rank - 2), rank - 1, rank - 2), where["at"])
    elif (one[-1], out[-1]) != (other[-2], other[-1]):
        return None
    elif isinstance(first, Scores):
        return attended(adding, first, second, where) if first.soft else None
    return scores(first, second) or product(adding, first, second, where) if isinstance(first, Viewed) else None
