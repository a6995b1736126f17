"""Values of torch's graphs that are drawn at random."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode, Made
from cnncalc.importing.views import Viewed

DISTRIBUTIONS: Mapping[str, str] = {
    **dict.fromkeys(("randn", "randn_like", "normal", "normal_functional"), "normal"),
    **dict.fromkeys(("rand", "rand_like", "uniform"), "uniform"),
}
"""Operation → distribution of the kind noise."""

FROM = {"normal": ("mean", "std"), "uniform": ("from", "to")}
"""The limits of a distribution."""


def alike(aten: AtenAdding, operation: AtenNode, x: Viewed, made: Made) -> Viewed | None:
    """A made tensor in the shape of a value; None if its shape is another one, but for the batch, or it has no kind."""
    if x.dims is None or len(made.dims) != len(x.dims) or made.dims[1:] != x.dims[1:]:
        return None
    operation = operation._replace(dims=[])
    if made.word in ("zeros", "ones"):
        value = aten.elementwise("zeros", operation, x)
        return value if made.word == "zeros" else aten.elementwise("rescale", operation, value, factor=1, offset=1)
    word = DISTRIBUTIONS.get(made.word)
    return None if word is None else aten.elementwise("noise", operation, x, **settings(word))


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
