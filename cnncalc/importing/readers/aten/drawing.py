"""Values of torch's graphs that are drawn at random."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode, Drawn
from cnncalc.importing.views import Viewed

DISTRIBUTIONS: Mapping[str, str] = {
    **dict.fromkeys(("randn", "randn_like", "normal", "normal_functional"), "normal"),
    **dict.fromkeys(("rand", "rand_like", "uniform"), "uniform"),
}
"""Operation → distribution of the kind noise."""

FROM = {"normal": ("mean", "std"), "uniform": ("from", "to")}
"""The limits of a distribution."""


def alike(aten: AtenAdding, operation: AtenNode, x: Viewed, values: Drawn) -> Viewed | None:
    """Drawn values in the shape of a value; None if theirs is another one, but for the batch."""
    if x.dims is None or len(values.dims) != len(x.dims) or values.dims[1:] != x.dims[1:]:
        return None
    return aten.elementwise("noise", operation._replace(dims=[]), x, **settings(values.distribution))


def settings(distribution: str) -> dict[str, str]:
    """The settings of a noise of a distribution."""
    return {"distribution": distribution} if distribution != "normal" else {}


def _noise(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """Draws, on the scale that the operation gives them."""
    distribution = DISTRIBUTIONS[operation.word]
    first, second = (operation.get(name, usual) for name, usual in zip(FROM[distribution], (0, 1), strict=True))
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        return None
    factor = second - first if distribution == "uniform" else second
    value = aten.elementwise("noise", operation, x, **settings(distribution))
    return (
        value
        if (factor, first) == (1, 0)
        else aten.elementwise("rescale", operation, value, factor=factor, offset=first)
    )


READERS: Mapping[str, Reader] = dict.fromkeys(DISTRIBUTIONS, _noise)
"""The reader of each operation."""
