"""What is looked for, the same for every file of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.analysis.report import DEFAULT_PROFILE
from cnncalc.check.expectations import Key
from cnncalc.check.rulebook import chosen_rules
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim
from cnncalc.targets import Ignored


class Overrides(NamedTuple):
    """What the figures are for: what a command line gives beside a spec.

    Attributes:
        inputs, variables: what replaces the spec's own.
        batch, dtype, optimizer, profile: as for `analyze`.
    """

    inputs: tuple[str, ...] = ()
    variables: Mapping[str, str | Number] = {}
    batch: int = 1
    dtype: str = "fp32"
    optimizer: str = "sgd"
    profile: str = DEFAULT_PROFILE


class Settings(NamedTuple):
    """What is looked for, the same for every file of a run.

    Attributes:
        rules: the ids that are on, of all that can be ignored.
        limits: what no total may exceed.
        key: what else is expected of every spec.
        strict: whether an unknown figure is an error.
        ignored: the ids that are off for some files.
        overrides: what the figures are for.
    """

    rules: frozenset[str] = chosen_rules()
    limits: tuple[Claim, ...] = ()
    key: Key | None = None
    strict: bool = False
    ignored: Ignored = Ignored()
    overrides: Overrides = Overrides()

    def rules_for(self, file: str) -> frozenset[str]:
        """The ids that are on for one file and can be found in this run."""
        asked = {"budget": bool(self.limits), "expect": self.key is not None, "incomplete": self.strict}
        off = {id_ for id_, wanted in asked.items() if not wanted}
        return self.rules - off - self.ignored.ids(file)
