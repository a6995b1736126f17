"""Names of lines: the explicit ones, and the automatic ones for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def automatic_names(lines: Sequence[tuple[str | None, str]], reserved: Iterable[str] = ()) -> list[str]:
    """A unique name for each line of one body.

    Lines count per kind or block, named ones included: the second conv is `conv2`, even where the
    first has a name of its own. The only one of its kind has no number: `flatten`, `residual`.

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
        name = word if totals[word] == 1 and word not in taken else f"{word}{counts[word]}"
        while name in taken:
            counts[word] += 1
            name = f"{word}{counts[word]}"
        taken.add(name)
        names.append(name)
    return names
