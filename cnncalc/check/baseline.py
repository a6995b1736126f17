"""Findings of old that are known and accepted: `--baseline FILE`."""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.check.results import Checked, Located, Results, locate
from cnncalc.check.rulebook import ignorable
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.errors import ConfigurationError

VERSION = 1


class Known(NamedTuple):
    """A finding that a baseline holds.

    Attributes:
        file: the path of its file, relative to the baseline's folder, with `/` between folders.
        rule: the id of its rule.
        fingerprint: what tells it from the others of its file.
        message: what was said, for people who read the baseline.
    """

    file: str
    rule: str
    fingerprint: str
    message: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.file, self.fingerprint


class Baseline(NamedTuple):
    """The findings that were known when it was written.

    Attributes:
        file: its path.
        text: all of it, for the places of findings about it.
        known: the findings.
    """

    file: str
    text: str = ""
    known: tuple[Known, ...] = ()

    @property
    def folder(self) -> str:
        """The folder that paths in it are relative to."""
        return os.path.dirname(os.path.abspath(self.file))

    def relative(self, file: str) -> str:
        """The path of a file as the baseline has it."""
        return os.path.relpath(file, self.folder).replace(os.sep, "/")


ACCEPTABLE = ("claim", "unused-ignore")
"""What a baseline may hold beside lint; the rest is asked for today, or keeps a spec from being checked at all."""


def can_be_known(located: Located) -> bool:
    """Whether a baseline may hold a finding."""
    return located.finding.rule in RULES or located.finding.rule in ACCEPTABLE


def read_baseline(file: str) -> Baseline:
    """The baseline in a file.

    Raises:
        ConfigurationError: it can't be read, or was not written by `--write-baseline`.
    """
    try:
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
        document = json.loads(text)
        if document["cnncalc"] != VERSION:
            raise ConfigurationError(f"{file}: version {document['cnncalc']!r:.20} is not known; write it anew")
        fields = Known._fields
        known = tuple(Known(*(str(entry[field]) for field in fields)) for entry in document["findings"])
    except FileNotFoundError:
        raise ConfigurationError(f"{file}: there is no such baseline; --write-baseline makes one") from None
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigurationError(f"{file}: is no baseline; --write-baseline makes one") from None
    return Baseline(file, text, known)


def baseline_text(known: Iterable[Known]) -> str:
    """A baseline as it is kept: JSON with a finding a line, so that two versions can be compared."""
    body = ",\n".join(map(_line, sorted(known)))
    return f'{{"cnncalc": {VERSION}, "findings": [\n{body}\n]}}\n'


def _line(entry: Known) -> str:
    return json.dumps(entry._asdict())


def known_now(baseline: Baseline, results: Results, settings: Settings) -> tuple[Known, ...]:
    """What a new baseline holds: today's findings, and those of old that were not looked for and may be there still.

    Args:
        baseline: the one that it takes the place of.
        results: today's findings.
        settings: what was looked for.
    """
    today = {
        Known(baseline.relative(located.file), located.finding.rule, located.fingerprint, located.finding.message)
        for located in results.findings
        if can_be_known(located)
    }
    found = {entry.key for entry in today}
    checked = _by_file(baseline, results)
    kept = (e for e in baseline.known if e.key not in found and not _is_gone(baseline, e, checked, settings))
    return (*today, *kept)


def _by_file(baseline: Baseline, results: Results) -> dict[str, Checked]:
    """What was checked, by its path in the baseline."""
    return {baseline.relative(checked.file): checked for checked in results.files}


def _is_gone(baseline: Baseline, entry: Known, checked: Mapping[str, Checked], settings: Settings) -> bool:
    """Whether a finding that was not found would have been; that of a file that is no more is gone, too."""
    if entry.file in checked:
        return _was_looked_for(entry.rule, checked[entry.file], settings)
    return not os.path.lexists(os.path.join(baseline.folder, entry.file))


def beyond(baseline: Baseline, results: Results, settings: Settings) -> Results:
    """The results without what the baseline holds, and with what it holds for nothing.

    Args:
        baseline: the findings that are accepted.
        results: all findings.
        settings: what was looked for; what was not is not gone.
    """
    known = {entry.key for entry in baseline.known}
    found: set[tuple[str, str]] = set()
    files: list[Checked] = []
    for checked in results.files:
        new = []
        for located in checked.findings:
            key = (baseline.relative(located.file), located.fingerprint)
            if key in known and can_be_known(located):
                found.add(key)
            else:
                new.append(located)
        files.append(checked._replace(findings=tuple(new)))
    stale = _stale(baseline, results, found, settings)
    accepted = len(results.findings) - sum(len(checked.findings) for checked in (*files, *results.others))
    return results._replace(files=tuple(files), others=(*results.others, *stale), known=accepted)


def _stale(
    baseline: Baseline, results: Results, found: set[tuple[str, str]], settings: Settings
) -> tuple[Checked, ...]:
    """The findings that are gone, at their lines of the baseline."""
    if "stale-baseline" not in settings.rules:
        return ()
    checked = _by_file(baseline, results)
    places = {line.rstrip(","): number for number, line in enumerate(baseline.text.splitlines(), start=1)}
    findings = []
    for entry in baseline.known:
        if entry.key not in found and _is_gone(baseline, entry, checked, settings):
            message = f"{entry.file} has no such {entry.rule} any more; write the baseline anew with --write-baseline"
            # Where the file was laid out by hand the place is not known.
            line = places.get(_line(entry), 1)
            findings.append(Finding(line, 1, message, "stale-baseline", "warning"))
    return (Checked(baseline.file, locate(baseline.file, baseline.text, findings)),) if findings else ()


def _was_looked_for(rule: str, checked: Checked, settings: Settings) -> bool:
    """Whether a rule could have been found in a file: problems of the language always, the rest in a valid spec."""
    return rule not in ignorable() or (checked.complete and rule in settings.rules_for(checked.file))
