"""Claims: the results that the writer expects. They are read and kept here; `check` compares them."""

from __future__ import annotations

import re
from fractions import Fraction

from cnncalc.figures import CLAIMABLE
from cnncalc.language.expressions import ExpressionError, Number, integer
from cnncalc.language.model import Claim
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems, suggestion
from cnncalc.language.values import sizes

BOUNDS = ("min", "max")

COUNT_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
BYTE_UNITS = {"": 1, "B": 1} | {
    f"{letter}{infix}B": base**power
    for power, letter in enumerate("KMGT", start=1)
    for infix, base in (("", 1000), ("i", 1024))
}

_QUANTITY = r"(?P<digits>\d[\d_,]*)(?:\.(?P<fraction>\d+))? ?(?P<unit>[A-Za-z]*)"
_THOUSANDS = r"\d{1,3}(,\d{3})+"


def read_expectations(node: Node, problems: Problems) -> tuple[Claim, ...]:
    """The claims of an `expect:` mapping."""
    if not isinstance(node, MapNode):
        problems.add(node, "expect: needs figures with their values, as {params: 60965224}", "claim")
        return ()
    claims: list[Claim] = []
    for word, value in node.values.items():
        if word == "layers":
            claims += _layer_claims(value, problems)
        else:
            claims += read_claims(node.keys[word], value, "", problems)
    return tuple(claims)


def _layer_claims(node: Node, problems: Problems) -> list[Claim]:
    claims: list[Claim] = []
    if not isinstance(node, MapNode):
        problems.add(node, "layers: needs names with their claims, as {conv1: {out: 96x55x55}}", "claim")
        return claims
    for path, figures in node.values.items():
        if not isinstance(figures, MapNode):
            problems.add(figures, f"{path}: needs figures with their values, as {{out: 96x55x55}}", "claim")
            continue
        for word, value in figures.values.items():
            claims += read_claims(figures.keys[word], value, path, problems)
    return claims


def read_claims(key: ScalarNode, node: Node, layer: str, problems: Problems) -> list[Claim]:
    """The claims that one figure's value makes: one, or two if it has `min` and `max`."""
    figure = key.text
    if figure not in CLAIMABLE:
        near = suggestion(figure, CLAIMABLE) or f"; figures are {', '.join(CLAIMABLE)}"
        problems.add(key, split_number_hint(figure, node) or f"there is no figure '{figure}'{near}", "claim")
        return []
    if not isinstance(node, MapNode):
        return _one(node, figure, layer, "exact", problems)
    claims: list[Claim] = []
    if not node.values:
        problems.add(node, f"{figure}: a value is expected, or {{max: ...}} or {{min: ...}}", "claim")
    if CLAIMABLE[figure].unit in ("shape", "sizes"):
        problems.add(node, f"{figure}: a shape or size is claimed exactly; max and min are for numbers", "claim")
        return []
    for bound, value in node.values.items():
        if bound in BOUNDS:
            claims += _one(value, figure, layer, bound, problems)
        else:
            problems.add(node.keys[bound], f"{figure}: a bound is max or min, not '{bound}'", "claim")
    return claims


def _one(node: Node, figure: str, layer: str, bound: str, problems: Problems) -> list[Claim]:
    try:
        value, tolerance = _value(node, figure)
    except ExpressionError as error:
        problems.add(node, f"{figure}: {error}", "claim")
        return []
    at = node if isinstance(node, ScalarNode) else ScalarNode("", node.line, node.column)
    # A budget is kept to the last digit, however it is written.
    return [Claim(at, figure, layer, bound, value, tolerance if bound == "exact" else Fraction(0))]


def _value(node: Node, figure: str) -> tuple[Number | tuple[int, ...], Fraction]:
    unit = CLAIMABLE[figure].unit
    if unit in ("shape", "sizes"):
        return sizes(node, signed=figure == "start"), Fraction(0)
    if isinstance(node, ListNode):
        parts = [item.text if isinstance(item, ScalarNode) else "?" for item in node.items]
        raise ExpressionError(
            f"[{', '.join(parts)}] is a list in YAML, not a number; write {''.join(parts)} or '{','.join(parts)}'"
        )
    if not isinstance(node, ScalarNode):
        raise ExpressionError("a number is expected, as 62378344, 62.4M or {max: 65M}")
    return quantity(node.text, BYTE_UNITS if unit == "bytes" else COUNT_UNITS)


def quantity(text: str, units: dict[str, int], example: str = "{max: 65M}") -> tuple[Number, Fraction]:
    """A number with an optional suffix, and half a unit of its last digit.

    `60.97M` is (60970000, 5000); plain digits are exact, so `62378344` is (62378344, 0).

    Raises:
        ExpressionError: it is not a number, or the suffix is not one of `units`.
    """
    if text.isascii() and text.isdigit():
        return integer(text), Fraction(0)
    match = re.fullmatch(_QUANTITY, text, re.ASCII)
    if match is None or len(text) > 60:
        raise ExpressionError(f"'{text:.60}' is not a number; write it as 62378344, 62.4M or {example}")
    digits, fraction, unit = match["digits"], match["fraction"] or "", match["unit"]
    if unit not in units:
        known = ", ".join(u for u in units if u)
        same = next((f"; did you mean {text.removesuffix(unit)}{u}?" for u in units if u.lower() == unit.lower()), "")
        raise ExpressionError(f"'{unit}' is not a unit here{same or f'; use {known}'}")
    if "," in digits and not re.fullmatch(_THOUSANDS, digits, re.ASCII):
        plain = digits.replace(",", "") + (f".{fraction}" if fraction else "") + unit
        raise ExpressionError(f"'{text}' has its commas in odd places; write {plain}")
    whole = integer(digits.replace(",", ""))
    value = (whole + Fraction(int(fraction or "0"), 10 ** len(fraction))) * units[unit]
    exact = not unit and not fraction
    tolerance = Fraction(0) if exact else Fraction(units[unit], 2 * 10 ** len(fraction))
    return (value.numerator if value.denominator == 1 else value), tolerance


def split_number_hint(word: str, value: Node | None) -> str:
    """The hint if `{params: 62,378,344}` made a key of the digits after a comma; empty for other words."""
    if len(word) == 3 and word.isdigit() and isinstance(value, ScalarNode) and not value.text:
        return f"',{word}' is read as a new key; write a number without commas, with _ or in quotes"
    return ""
