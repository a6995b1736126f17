"""Limits for the totals of every spec that is checked: `--max-params 5M`."""

from __future__ import annotations

from cnncalc.errors import ConfigurationError
from cnncalc.figures import CLAIMABLE
from cnncalc.language.claims import BYTE_UNITS, COUNT_UNITS, quantity
from cnncalc.language.expressions import ExpressionError
from cnncalc.language.model import Claim
from cnncalc.language.nodes import ScalarNode

LIMITS: dict[str, dict[str, int]] = {
    f"max-{figure.name.replace('_', '-')}": BYTE_UNITS if figure.unit == "bytes" else COUNT_UNITS
    for figure in CLAIMABLE.values()
    if figure.unit in ("count", "operations", "bytes")  # a quotient does not grow with the network
}
"""The option of every total that can be limited, with the units that its value may have."""


def read_limit(option: str, text: str) -> Claim:
    """The claim that an option of `LIMITS` makes about a spec.

    Raises:
        ConfigurationError: the value is no number, or its unit is unknown.
    """
    try:
        value, _ = quantity(text.strip(), LIMITS[option], example="62,400,000")
    except ExpressionError as error:
        raise ConfigurationError(f"{option}: {error}") from None
    figure = option.removeprefix("max-").replace("-", "_")
    return Claim(ScalarNode(text.strip(), 0, 0), figure, "", "max", value)
