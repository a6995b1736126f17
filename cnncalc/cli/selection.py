"""The filters of `cnncalc list`: which bundled architectures are wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Any, NamedTuple

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.options import parse_list, together
from cnncalc.language.claims import COUNT_UNITS, quantity
from cnncalc.language.expressions import ExpressionError, Number
from cnncalc.language.model import Spec
from cnncalc.language.problems import nearest, quoted, suggestion
from cnncalc.language.ranges import read_values


class Selection(NamedTuple):
    """The wanted architectures: all conditions hold at once.

    Attributes:
        words: parts of the name, title or family.
        families: any of these; empty for all.
        years: any of these; empty for all.
        min_params, max_params, min_macs, max_macs: bounds of the totals, which they may meet.
    """

    words: tuple[str, ...]
    families: tuple[str, ...]
    years: frozenset[int]
    min_params: Number
    max_params: Number | float
    min_macs: Number
    max_macs: Number | float

    def matching(self, specs: Mapping[str, Spec]) -> list[str]:
        """The names whose specs fit, words at the beginning of words; anywhere if none has them there."""
        beginning = [name for name, spec in specs.items() if self._matches(name, spec, r"(?<![^\W_])")]
        return beginning or [name for name, spec in specs.items() if self._matches(name, spec, "")]

    def _matches(self, name: str, spec: Spec, before: str) -> bool:
        """Whether the words, the family and the year fit, which follows from the spec alone."""
        text = f"{name}\n{spec.name}\n{spec.family}".casefold()
        return (
            all(re.search(before + re.escape(word.casefold()), text) for word in self.words)
            and (not self.families or family_key(spec.family) in map(family_key, self.families))
            and (not self.years or spec.year in self.years)
        )

    def near(self, specs: Mapping[str, Spec]) -> str:
        """`; did you mean 'lenet5'?` if a word fits no name, but nearly does."""
        word = next((word for word in self.words if not self._replace(words=(word,)).matching(specs)), "")
        return suggestion(word, specs) if word else ""

    def admits(self, report: Report) -> bool:
        """Whether the totals are within the bounds."""
        params, macs = report.totals.params, report.totals.macs
        return self.min_params <= params <= self.max_params and self.min_macs <= macs <= self.max_macs

    def check_families(self, known: Iterable[str]) -> None:
        """Refuse a family that no architecture has.

        Raises:
            click.UsageError: it names the nearest families.
        """
        families = {family_key(family): family for family in known if family}
        for family in self.families:
            if family_key(family) not in families:
                near = [families[key] for key in nearest(family_key(family), families)]
                all_of_them = f"families are {', '.join(sorted(families.values(), key=family_key))}"
                hint = f"did you mean {quoted(near)}?" if near else all_of_them
                raise click.UsageError(f"there is no family '{family}'; {hint}")


def family_key(family: str) -> str:
    """A family without case and signs: Wide ResNet, wide-resnet and WideResNet are one."""
    return "".join(filter(str.isalnum, family.casefold()))


def _read_years(ctx: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[int]:
    try:
        years = [int(year) for year in read_values(value)] if value is not None else []
    except (ExpressionError, ValueError):
        raise click.BadParameter(f"'{value}' is not a year; write 2015, 2014..2016 or 2012,2015") from None
    return frozenset(years)


def _read_bound(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Number | float:
    """A count; by default a bound that everything meets."""
    if value is None:
        return inf if str(parameter.name).startswith("max") else 0
    try:
        return quantity(value.strip(), COUNT_UNITS)[0]
    except ExpressionError:
        raise click.BadParameter(f"'{value}' is not a number; write 2500000 or 2.5M, with K, M, G or T") from None


def _bound(bound: str, words: str, figure: str, what: str) -> Callable[[Any], Any]:
    return click.option(f"--{bound}-{figure}", metavar="NUMBER", callback=_read_bound, help=f"{words} so many {what}.")


selection_options = together(
    click.argument("words", nargs=-1, metavar="[WORD]..."),
    click.option(
        "--family", "families", multiple=True, metavar="NAME", callback=parse_list,
        help="Of this family, as ResNet or 'Wide ResNet'; may be given several times.",
    ),
    click.option(
        "--year", "years", metavar="YEARS", callback=_read_years,
        help="Published then: 2015, 2014..2016 or 2012,2015.",
    ),
    *(
        _bound(bound, words, figure, what)
        for figure, what in (("params", "parameters, as 2.5M"), ("macs", "multiply-accumulates, as 600M"))
        for bound, words in (("min", "At least"), ("max", "At most"))
    ),
)  # fmt: skip
"""The words and options for the wanted architectures: the fields of `Selection`."""
