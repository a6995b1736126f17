"""The collector of all problems in one spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from cnncalc.errors import Problem, SpecError

MAX_PROBLEMS = 100
"""The most problems: a file with more is not a spec with mistakes but something else."""

MAX_MESSAGE = 500
"""The most characters of a message; a spec may have words of any length."""

MAX_CANDIDATES = 200
"""The most words that one mistyped word is compared with."""

MAX_SUGGESTIONS = 5
"""The most words that are suggested for one, if several are equally near."""

MAX_DIFFERENCE = 8
"""The most letters by which a word may be longer or shorter than the intended one."""


class Positioned(Protocol):
    """Anything with a place in the text; line and column count from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class TooManyProblems(Exception):
    """Raised to end the reading of a file once `MAX_PROBLEMS` are collected."""


class Problems:
    """Collects the problems of one file. Reading goes on after a problem wherever it can.

    Attributes:
        where: the words for the way to the place that is being read, if a call of `add` has none.
    """

    def __init__(self, file: str, text: str, found: Iterable[Problem] = ()) -> None:
        self.file = file
        self.text = text
        self.where = ""
        self._found = {(p.line, p.column, p.message): p for p in found}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, at: Positioned, message: str, rule: str, where: str = "") -> None:
        """Note a problem at the start of `at`.

        Args:
            at: the wrong node or line.
            message: says what is wrong, what was expected and what to do.
            rule: the id of the rule that it breaks.
            where: the words for the way to a place in a block; a problem of a block is noted for the
                first use only.
        """
        line, column, message = at.line + 1, at.column + 1, one_line(message)
        if (line, column, message) not in self._found:
            length = max(len(getattr(at, "text", "")), 1)
            self._found[line, column, message] = Problem(line, column, message + (where or self.where), rule, length)
        if len(self._found) >= MAX_PROBLEMS - 1:
            self._found[line, column, ""] = Problem(
                line, column + 1, f"{MAX_PROBLEMS - 1} problems or more; reading stopped here", "too-many"
            )
            raise TooManyProblems

    def advise(self, advice: str) -> None:
        """Add to the message of the only problem."""
        ((place, problem),) = self._found.items()
        self._found[place] = problem._replace(message=f"{problem.message}{advice}")

    @property
    def found(self) -> tuple[Problem, ...]:
        """All problems so far."""
        return tuple(self._found.values())

    def error(self) -> SpecError:
        """The error that carries all problems."""
        return SpecError(self.file, self.found, self.text)

    def raise_if_any(self) -> None:
        """Raise SpecError if there are problems."""
        if self._found:
            raise self.error()


def one_line(message: str) -> str:
    """A message without line breaks, cut in the middle if a spec filled it."""
    if len(message) > MAX_MESSAGE:
        message = f"{message[: MAX_MESSAGE - 120]} ... {message[-100:]}"
    return message if message.isprintable() else "".join(c if c.isprintable() else " " for c in message)


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'kernel'?` if a known word is near, else the empty string."""
    near = nearest(word, known)
    return f"; did you mean {quoted(near)}?" if near else ""


def suggested(problem: Problem, line: str) -> Iterator[tuple[int, int, str]]:
    """The suggestions of a problem: column (from 1) and length of the mistyped word, and one to write.

    Args:
        problem: its message has a result of `suggestion`.
        line: the line that it is on.
    """
    found = _SUGGESTED.search(problem.message)
    start = problem.column - 1
    typed = [*_TYPED.finditer(line, start, start + problem.length + 1)]  # a quote is not part of the length
    for known in re.findall("'([^']*)'", found[1]) if found else ():
        word = next((word for word in typed if known in nearest(word[0], [known]) and word[0] != known), None)
        if word is not None:
            yield word.start() + 1, len(word[0]), known


_SUGGESTED = re.compile(r"; did you mean ((?:'[^']*'(?:, | or )?)+)\?")
_TYPED = re.compile(r"[\w/.-]+")


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words that a mistyped one may stand for: the nearest, and all that are equally near.

    The nearest words share most letters in their order; of these, those with the fewest slips.

    >>> nearest("vgg61", ["vgg11", "vgg13", "vgg16", "vgg16_bn"])
    ['vgg11', 'vgg16']
    """
    from difflib import SequenceMatcher, get_close_matches

    if len(word) > 40:
        return []
    known = [other for other in known if abs(len(other) - len(word)) <= MAX_DIFFERENCE]
    if word.lower() in known:
        return [word.lower()]
    if len(known) > MAX_CANDIDATES:
        known = [other for other in known if other[:1] == word[:1]][:MAX_CANDIDATES]
    near = get_close_matches(word, dict.fromkeys(known), n=MAX_SUGGESTIONS, cutoff=0.6)
    # `stack` shares most letters with `subtract`, but nobody mistypes every other one.
    near = [other for other in near if 2 * slips(word, other) <= len(word) + 1]
    # get_close_matches gives one order to words that are equally near: the alphabet's, backwards.
    nearness = {other: (-SequenceMatcher(None, other, word).ratio(), slips(word, other)) for other in near}
    return sorted(other for other in near if nearness[other] == min(nearness.values()))


def slips(typed: str, meant: str) -> int:
    """The number of letters that were inserted, left out, mistaken, or swapped with their neighbour."""
    before: list[int] = []
    above = list(range(len(meant) + 1))
    for i, letter in enumerate(typed):
        row = [i + 1]
        for j, other in enumerate(meant):
            row.append(min(above[j + 1] + 1, row[j] + 1, above[j] + (letter != other)))
            if i and j and (letter, typed[i - 1]) == (meant[j - 1], other):
                row[-1] = min(row[-1], before[j - 1] + 1)
        before, above = above, row
    return above[-1]


def quoted(words: Sequence[str]) -> str:
    """Words to choose from, as a sentence has them: `'vgg11', 'vgg13' or 'vgg16'`."""
    *others, last = [f"'{word}'" for word in words]
    return f"{', '.join(others)} or {last}" if others else last
