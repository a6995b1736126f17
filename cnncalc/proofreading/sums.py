"""Tables of a write-up whose last row is not a sum of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cnncalc.check.findings import Finding
from cnncalc.explaining.figures import TOTALLED
from cnncalc.homework.row_kinds import SUMS, plain_words
from cnncalc.homework.sheet import column_meaning
from cnncalc.notation import digits
from cnncalc.proofreading.tables import tables

LEAST_ROWS = 3
"""The fewest numbers of a column for which a row below is taken for their sum."""

FARTHEST = Fraction(3, 2)
"""A total is at most so many times the sum: a number farther away is a total of something else."""

_TIMES = re.compile(r"[×x*]\s?\d+\s*$|^\s*\d+\s?[×x]\s")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def judge_sums(lines: Sequence[str]) -> Iterator[Finding]:
    """The findings for stated totals of a column of counts that are wrong.

    Args:
        lines: of the write-up, with English numbers.
    """
    for table in tables(lines):
        start = 0
        for place, cells in enumerate(table.rows):
            if place > start and plain_words(next(filter(None, cells), "")) in SUMS:
                number = table.lines[place]
                yield from _judged(table.rows[start:place], cells, lines[number - 1], number)
                start = place + 1


def _judged(table: Sequence[Sequence[str]], total: Sequence[str], line: str, number: int) -> Iterator[Finding]:
    heads = [column_meaning(head) for head in table[0]]
    rows = [row for row in table[1:] if not set("".join(row)) <= set("-: ")]
    if any(_TIMES.search(row[0]) for row in rows) or any(len(row) != len(total) for row in rows):
        return
    for column, head in enumerate(heads[: len(total)]):
        texts = [row[column] for row in rows]
        counts = [int(text.replace(",", "")) for text in texts if _NUMBER.fullmatch(text)]
        said = int(total[column].replace(",", "")) if _NUMBER.fullmatch(total[column]) else 0
        are_counts = len(counts) + sum(text in ("", "-", "–") for text in texts) == len(texts)
        if head not in TOTALLED or len(counts) < LEAST_ROWS or not are_counts:
            continue
        if said and said != sum(counts) and 1 / FARTHEST < Fraction(sum(counts), said) < FARTHEST:
            message = f"the column of {head} adds up to {digits(sum(counts))}, not {digits(said)}"
            yield Finding(number, line.rfind(total[column]) + 1 or 1, message, "wrong-sum", "error", len(total[column]))
