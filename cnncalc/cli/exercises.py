"""The exercise that a SPEC gives, or a variant of it: made once for each variant."""

from __future__ import annotations

from functools import cached_property

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import Report
from cnncalc.cli.common import load_report, usage_errors
from cnncalc.errors import OverrideError
from cnncalc.homework.exercise import Exercise
from cnncalc.homework.variants import Variant, Variants
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_source


class Exercises:
    """Makes the exercises of one SPEC.

    Args:
        spec: as on the command line.
        depth: how far rows are unfolded; None for every layer.
        inputs, variables: what replaces sizes and vars of the spec, for the exercise without a seed.
    """

    def __init__(self, spec: str, depth: int | None, inputs: tuple[str, ...], variables: dict[str, str]) -> None:
        self.name = spec
        self._depth = depth
        self._inputs = inputs
        self._variables = variables
        self._made: dict[tuple[Variant | None, frozenset[str]], Exercise] = {}

    @cached_property
    def _variants(self) -> Variants:
        return Variants(read_spec(read_source(self.name)))

    def exercise(self, variant: Variant | None = None, also: frozenset[str] = frozenset()) -> Exercise:
        """The exercise with the spec's own numbers, or with those of a variant.

        Args:
            variant: which variant; None for the spec's own numbers.
            also: blocks and repeated lines that are rows of their own.

        Raises:
            SpecError: the spec is wrong.
            NoVariant: there is no such variant.
            click.UsageError: there is no such spec, or the options do not fit it.
        """
        if (variant, also) not in self._made:
            self._made[variant, also] = Exercise(self._report(variant), self._depth, also)
        return self._made[variant, also]

    def _report(self, variant: Variant | None) -> Report:
        if variant is None:
            return load_report(self.name, inputs=self._inputs, variables=self._variables)
        with usage_errors():
            if self._inputs or self._variables:
                raise OverrideError("a variant chooses its own numbers; leave out --input and --set, or the seed")
            return analyze_network(self._variants.network(variant))
