"""The pairs of lines of two lists: by name, then by their words.

A line that was inserted or removed does not change the pairs around it, and no pair crosses another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from cnncalc.comparison.written import Lines, WrittenLine
from cnncalc.layers import LAYERS

Pair = tuple[WrittenLine | None, WrittenLine | None]
"""An old line with its new one; None for one that was removed or added."""

MAX_PRODUCT = 100_000
"""Above this number of possible pairs, equal lines are paired first, and only lines between them by likeness."""


def align(old: Lines, new: Lines) -> list[Pair]:
    """The lines of both lists in order, in pairs."""
    pairs: list[Pair] = []
    for before, after, named in _between_names(old, new):
        pairs += _by_words(before, after)
        pairs += [named] if named != (None, None) else []
    return pairs


def _between_names(old: Lines, new: Lines) -> Iterator[tuple[Lines, Lines, Pair]]:
    """The lists cut at the names that both have in the same order: the lines before each of them, and its pair."""
    known = {line.name for line in old if line.name} & {line.name for line in new if line.name}
    olds, news = ([index for index, line in enumerate(lines) if line.name in known] for lines in (old, new))
    matcher = SequenceMatcher(None, [old[i].name for i in olds], [new[j].name for j in news], autojunk=False)
    done = 0, 0
    for a, b, size in matcher.get_matching_blocks():
        for i, j in zip(olds[a : a + size], news[b : b + size], strict=True):
            yield old[done[0] : i], new[done[1] : j], (old[i], new[j])
            done = i + 1, j + 1
    yield old[done[0] :], new[done[1] :], (None, None)


def _by_words(old: Lines, new: Lines) -> Iterator[Pair]:
    """Pairs of lines that are the same or alike; the same ones at both ends are found at once."""
    keys, others = [line.key() for line in old], [line.key() for line in new]
    head = _shared(keys, others)
    tail = _shared(keys[head:][::-1], others[head:][::-1])
    stop, end = len(old) - tail, len(new) - tail
    yield from zip(old[:head], new[:head], strict=True)
    if (stop - head) * (end - head) <= MAX_PRODUCT:
        yield from _by_likeness(old[head:stop], new[head:end])
    else:
        matcher = SequenceMatcher(None, keys[head:stop], others[head:end], autojunk=False)
        for word, i, i_stop, j, j_stop in matcher.get_opcodes():
            before, after = old[head + i : head + i_stop], new[head + j : head + j_stop]
            yield from zip(before, after, strict=True) if word == "equal" else _in_gap(before, after)
    yield from zip(old[stop:], new[end:], strict=True)


def _shared(keys: Sequence[object], others: Sequence[object]) -> int:
    """The number of items that two lists begin with."""
    pairs = enumerate(zip(keys, others, strict=False))
    return next((index for index, (key, other) in pairs if key != other), min(len(keys), len(others)))


def _in_gap(old: Lines, new: Lines) -> Iterator[Pair]:
    """The pairs of lines between equal ones; if there are too many, they are not compared with each other."""
    if len(old) * len(new) <= MAX_PRODUCT:
        yield from _by_likeness(old, new)
    else:
        yield from ((line, None) for line in old)
        yield from ((None, line) for line in new)


def _by_likeness(old: Lines, new: Lines) -> Iterator[Pair]:
    """The pairs of the greatest likeness together, without crossing."""
    alike = _likenesses(old, new)
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], alike[i][j] + best[i + 1][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1
    yield from ((line, None) for line in old[i:])
    yield from ((None, line) for line in new[j:])


def _likenesses(old: Lines, new: Lines) -> list[list[float]]:
    """The likeness of every pair; most lines of a network are equal to another one, and are compared once."""
    known: dict[tuple[object, str], list[float]] = {}
    rows = []
    for line in old:
        key = line.key(), line.name
        if key not in known:
            known[key] = [likeness(line, other) for other in new]
        rows.append(known[key])
    return rows


def likeness(a: WrittenLine, b: WrittenLine) -> float:
    """The likeness of two lines: 0 for those with nothing in common, at most 1."""
    if a.name and b.name and a.name != b.name and a.word != b.word:
        return 0.0
    said, others = a.settings.items(), b.settings.items()
    shared = len(said & others) / len(said | others) if said or others else 1.0
    if a.word == b.word:
        return (1 + shared) / 2
    return (1 + shared) / 8 if _family(a.word) == _family(b.word) else 0.0


CONTINUED = {"curves": "activation", "scaling": "normalization"}
"""Files of `layers/` that go on with the kinds of another."""


def _family(word: str) -> str:
    """The kinds of one file of `layers/`: all activations, all pools; blocks are one family."""
    file = LAYERS[word].__module__.rpartition(".")[2] if word in LAYERS else ""
    return CONTINUED.get(file, file)
