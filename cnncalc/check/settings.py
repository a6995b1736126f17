"""Settings of a check, the same for every file of a run."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import abspath, dirname
from typing import NamedTuple

from cnncalc.analysis.report import DEFAULT_PROFILE
from cnncalc.check.expectations import Key
from cnncalc.check.rulebook import chosen_rules
from cnncalc.language.expressions import Number
from cnncalc.language.model import Claim
from cnncalc.targets import Ignored


def folder_of(file: str) -> str:
    """The folder of a file, by which its settings are found."""
    return dirname(abspath(file))


class Overrides(NamedTuple):
    """The values that figures depend on besides a spec, from a command line.

    Attributes:
        inputs, variables: those that replace the spec's own.
        batch, dtype, optimizer, profile: as for `analyze`.
    """

    inputs: tuple[str, ...] = ()
    variables: Mapping[str, str | Number] = {}
    batch: int = 1
    dtype: str = "fp32"
    optimizer: str = "sgd"
    profile: str = DEFAULT_PROFILE


class Settings(NamedTuple):
    """Settings of a check, the same for every file of a run.

    Attributes:
        rules: the ids that are on, of all that can be ignored.
        limits: those of totals.
        key: further figures that are expected of every spec.
        strict: whether an unknown figure is an error.
        ignored: the ids that are off for some files.
        overrides: the values that figures depend on.
        others: the settings for files of folders with another configuration.
    """

    rules: frozenset[str] = chosen_rules()
    limits: tuple[Claim, ...] = ()
    key: Key | None = None
    strict: bool = False
    ignored: Ignored = Ignored()
    overrides: Overrides = Overrides()
    others: Mapping[str, Settings] = {}

    def of(self, file: str) -> Settings:
        """The settings for one file."""
        return self.others.get(folder_of(file), self) if self.others else self

    def rules_for(self, file: str) -> frozenset[str]:
        """The ids that are on for one file and can be found in this run."""
        own = self.of(file)
        asked = {"budget": bool(own.limits), "expect": own.key is not None, "incomplete": own.strict}
        off = {id_ for id_, wanted in asked.items() if not wanted}
        return own.rules - off - own.ignored.ids(file)
