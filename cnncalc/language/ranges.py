"""Lists of values on a command line: `0.5,0.75,1.0`, `160..320/32`."""

from __future__ import annotations

from cnncalc.language.expressions import ExpressionError, decimal_text, literal

MAX_VALUES = 10_000


def read_values(text: str) -> tuple[str, ...]:
    """The values of a comma list, each a text of its own or a range.

    >>> read_values("96,160..320/64")
    ('96', '160', '224', '288')

    Raises:
        ExpressionError: a value is missing, or a range is wrong or has more than `MAX_VALUES` values.
    """
    values: list[str] = []
    for part in text.split(","):
        if not part.strip():
            raise ExpressionError(f"a value is missing in '{text}'")
        values += _range(part.strip()) if ".." in part else [part.strip()]
    return tuple(values)


def _range(text: str) -> list[str]:
    """`from..to/step` with both ends, the last one only if the steps meet it; step 1 by default."""
    start, _, rest = text.partition("..")
    stop, slash, step = rest.partition("/")
    try:
        first, last, width = literal(start.strip()), literal(stop.strip()), literal(step.strip() if slash else "1")
    except ExpressionError as error:
        raise ExpressionError(f"'{text}' is not a range: {error}; write from..to/step, as 160..320/32") from None
    if width <= 0 or last < first:
        raise ExpressionError(
            f"'{text}' is an empty range; it counts from a smaller to a larger number, as 160..320/32"
        )
    count = int((last - first) / width) + 1
    if count > MAX_VALUES:
        raise ExpressionError(f"'{text}' has {count:,} values; at most {MAX_VALUES:,} are allowed, take a larger step")
    return [decimal_text(first + i * width) for i in range(count)]
