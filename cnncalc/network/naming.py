"""Names of lines: the explicit ones, and the automatic ones for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def numbered(word: str, number: int) -> str:
    """A word with a number behind it: `conv2`, and `relu6_2`, so that no digit of the word is taken for one of it."""
    return f"{word}_{number}" if word[-1:].isdigit() else f"{word}{number}"


def automatic_names(lines: Sequence[tuple[str | None, str]], reserved: Iterable[str] = ()) -> list[str]:
    """A unique name for each line of one body.

    Lines count per kind or block, named ones included: the second conv is `conv2`, even where the
    first has a name of its own. The only one of its kind has no number: `flatten`, `residual`.
    Behind a digit the number has a `_`: `mbconv6_2`.

    Args:
        lines: the explicit name, or None, and the kind or block of each line.
        reserved: names that no line may get: those of the network's inputs.
    """
    totals = Counter(word for _, word in lines)
    taken = {name for name, _ in lines if name is not None}.union(reserved)
    counts: Counter[str] = Counter()
    names = []
    for explicit, word in lines:
        counts[word] += 1
        if explicit is not None:
            names.append(explicit)
            continue
        name = word if totals[word] == 1 and word not in taken else numbered(word, counts[word])
        while name in taken:
            counts[word] += 1
            name = numbered(word, counts[word])
        taken.add(name)
        names.append(name)
    return names
