"""Numbers and settings as people read them."""

from __future__ import annotations

from typing import Literal

Units = Literal["exact", "human"]

_SUFFIXES = ("", "K", "M", "G", "T", "P", "E")


def number_text(value: int, units: Units = "exact") -> str:
    """A count: `105,415,200`, or `105.4M` (four significant digits, 1K = 1,000) for human."""
    if units == "exact" or abs(value) < 1000:
        return f"{value:,}"
    power = (len(str(abs(value))) - 1) // 3
    text = _scaled(value, power)
    if text in ("1000", "-1000") and power < len(_SUFFIXES) - 1:
        power += 1
        text = _scaled(value, power)
    if power >= len(_SUFFIXES):
        return f"{value:.3e}"
    return f"{text}{_SUFFIXES[power]}"


def _scaled(value: int, power: int) -> str:
    """The value over 1000^power with four significant digits; the last one rounded, not cut."""
    return f"{value / 1000**power:#.4g}".rstrip(".")


def by(sizes: tuple[int, ...]) -> str:
    """Sizes with a sign between them: `11×11`."""
    return "×".join(map(str, sizes))


def size_text(sizes: tuple[int, ...]) -> str:
    """A size per axis, as one number where all axes agree: `4`, `1×7`."""
    return str(sizes[0]) if len(set(sizes)) == 1 else by(sizes)


def padding_text(padding: str | tuple[tuple[int, int], ...]) -> str:
    """A padding as a spec would say it: `same`, `2`, `0×3`, `[[0, 1], [0, 1]]`."""
    if isinstance(padding, str):
        return padding
    if all(before == after for before, after in padding):
        return size_text(tuple(before for before, _ in padding))
    return str([list(pair) for pair in padding])
