"""Many files, over several processes if that pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from cnncalc.check.engine import check_source, unchecked, unsound
from cnncalc.check.results import Checked, together
from cnncalc.check.settings import Settings
from cnncalc.errors import ArchitectureNotFound, MissingExtra, ModelChoiceError, SpecError, own_mistake
from cnncalc.importing.sources import read_named
from cnncalc.processes import in_order
from cnncalc.targets import Target

WORTHWHILE = 60
"""The fewest files for which starting processes costs less than it saves."""


def check_targets(targets: Sequence[Target], settings: Settings, jobs: int | None = None) -> Iterator[Checked | None]:
    """The results of each file, in the order of the files; None for one that is not a spec.

    Args:
        targets: the files.
        settings: those of the check.
        jobs: processes at once; None for one for each processor if there are many files.
    """
    check = partial(check_target, settings=settings)
    # Only this process can read its standard input.
    if any(target.file == "-" for target in targets):
        jobs = 1
    yield from in_order(check, targets, jobs, WORTHWHILE)


def check_target(target: Target, settings: Settings) -> Checked | None:
    """The results of one file; None if it is not a spec. A mistake of cnncalc in one file spares the others."""
    try:
        source = read_named(target, settings.overrides.inputs)
    except ModelChoiceError as error:
        parts = [target._replace(file=f"{target.file}:{model}", found=False) for model in error.models]
        found = [one for part in parts if (one := check_target(part, settings)) is not None]
        return together(target.file, error.models, found) if found else unsound(error)
    except SpecError as error:
        return unsound(error)
    except (ArchitectureNotFound, MissingExtra) as error:  # it does not exist any more
        return unchecked(target.file, str(error), "unreadable")
    if source is None:
        return None
    try:
        return check_source(source, settings)
    except Exception as error:  # the other files are checked all the same
        return unchecked(source.file, own_mistake(error, of="spec"), "internal-error")
