"""Formulas of an output size, in prose and in code: do they compute ⌊(W − K + 2P)/S⌋ + 1?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Final

from cnncalc.formula import Constant, Formula, FormulaError, Number, Operation, evaluate, symbols

ROLES: Final = (
    ("stride", r"strides?|^s[hw]?$|^s_[hw]$"),
    ("padding", r"pad|^p[hw]?$"),
    ("kernel", r"kernel|filter|pool|window|field|^[kf]s?(_?[hwxy\d])?$|^(hh|ww)$"),
    (
        "size",
        r"^(?:in_?|input_?|n_|prev_)?[whnild](?:_?(?:in|prev|i|\d))?$|input|height|width|size|shape|^n_[hwc]_prev$",
    ),
)
"""Meanings of a name: the first pattern that fits."""

POINTS: Final[tuple[Mapping[str, int], ...]] = tuple(
    {"size": size, "kernel": kernel, "padding": padding, "stride": stride}
    for size, kernel, padding, stride in ((227, 11, 0, 4), (13, 3, 1, 1), (29, 5, 2, 3), (31, 4, 1, 2), (64, 7, 3, 2))
)
"""Values at which two formulas are compared."""


def role_of(name: str) -> str:
    """size, kernel, padding or stride; empty for a name that means none of these."""
    word = re.sub(r"^self[._]", "", name).replace(".", "_").lower()
    return next((role for role, pattern in ROLES if re.search(pattern, word)), "")


def slip_of(formula: Formula, stride: Number | None = None) -> str:
    """The slip in a formula of an output size, in words; empty if there is none, or it is another formula.

    Args:
        formula: with the names that its author chose.
        stride: the number by which the same formula divides once numbers are put in; None if that is not known.
    """
    roles = {name: role_of(name) for name in symbols(formula)}
    said = [role for role in roles.values() if role]
    if len(said) > len(set(said)):
        return ""  # two names for one thing: sides of a padding, a dilation, other axes
    if not {"size", "kernel"} <= set(roles.values()) or "" in roles.values() or not isinstance(formula, Operation):
        return ""
    divisor = _divisor(formula)
    if "stride" not in roles.values() and divisor is not None and stride is not None and divisor != stride:
        return f"divides by {divisor}, and by {stride} once the numbers are put in; the stride is meant"
    if divisor is None and "stride" not in roles.values() and not _is_difference(formula):
        return ""
    if _fits(formula, roles, divisor):
        return ""
    return f"is not the size of an output: {_right(roles)} is"


def _fits(formula: Formula, roles: Mapping[str, str], divisor: Number | None) -> bool:
    """Whether it gives an output size: of a convolution, rounded down or up, transposed or full."""
    fits = [True] * 4
    for point in POINTS:
        said = {role: point[role] if role in roles.values() else 0 for role in ("size", "kernel", "padding")}
        stride = point["stride"] if "stride" in roles.values() else int(divisor or 1)
        try:
            value = evaluate(formula, {name: point[role] for name, role in roles.items()})
        except FormulaError:
            return False
        size, kernel, padding = said["size"], said["kernel"], said["padding"]
        exact = Fraction(size - kernel + 2 * padding, stride) + 1
        meant = (
            (exact, floor(exact)),
            (ceil(exact),),
            ((size - 1) * stride + kernel - 2 * padding,),
            (size + kernel - 1,),
        )
        fits = [fit and value in values for fit, values in zip(fits, meant, strict=True)]
    return any(fits)


def _divisor(formula: Formula) -> Number | None:
    """The number that a part of the formula is divided by; None if there is none, or it has a name."""
    if isinstance(formula, Operation):
        for sign, operand in zip(formula.signs, formula.operands[1:], strict=True):
            if sign in ("/", "//") and isinstance(operand, Constant):
                return operand.number
    parts = formula.operands if isinstance(formula, Operation) else getattr(formula, "arguments", ())
    return next((found for part in parts if (found := _divisor(part)) is not None), None)


def _is_difference(formula: Operation) -> bool:
    """Whether it is a plain sum that takes a kernel from a size, as W - K + 1."""
    return (
        formula.is_sum
        and "-" in formula.signs
        and all(isinstance(one, Constant) or symbols(one) for one in formula.operands)
    )


def _right(roles: Mapping[str, str]) -> str:
    """The right formula in its author's names."""
    names = {role: name for name, role in roles.items()}
    padded = f" + 2·{names['padding']}" if "padding" in names else ""
    above = f"({names['size']}{padded} − {names['kernel']})"
    return f"⌊{above}/{names['stride']}⌋ + 1" if "stride" in names else f"{above} + 1"
