"""Findings of old that are known and accepted: `--baseline FILE`."""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.check.results import Checked, Located, Results, locate
from cnncalc.check.rulebook import OF_CHECK, rulebook
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


def can_be_known(located: Located) -> bool:
    """Whether a baseline may hold a finding: not what an option asks for today, and no trouble of the check itself."""
    return located.finding.rule == "claim" or located.finding.rule not in OF_CHECK


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


def known_now(baseline: Baseline, results: Results) -> tuple[Known, ...]:
    """What a new baseline holds: today's findings, and those of files that are still there and were not checked."""
    today = {
        Known(baseline.relative(located.file), located.finding.rule, located.fingerprint, located.finding.message)
        for located in results.findings
        if can_be_known(located)
    }
    checked = {baseline.relative(checked.file) for checked in results.files}
    return (*today, *(entry for entry in baseline.known if entry.file not in checked and _is_there(baseline, entry)))


def _is_there(baseline: Baseline, entry: Known) -> bool:
    return os.path.lexists(os.path.join(baseline.folder, entry.file))


def beyond(baseline: Baseline, results: Results, settings: Settings) -> Results:
    """The results without what the baseline holds, and with what it holds for nothing.

    Args:
        baseline: the findings that are accepted.
        results: all findings.
        settings: what was looked for; what was not is not gone.
    """
    known = {(entry.file, entry.fingerprint) for entry in baseline.known}
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
    return results._replace(files=tuple(files), others=(*results.others, *stale))


def _stale(
    baseline: Baseline, results: Results, found: set[tuple[str, str]], settings: Settings
) -> tuple[Checked, ...]:
    """The findings that are gone, at their lines of the baseline."""
    if "stale-baseline" not in settings.rules:
        return ()
    checked = {baseline.relative(checked.file): checked for checked in results.files}
    places = {line.rstrip(","): number for number, line in enumerate(baseline.text.splitlines(), start=1)}
    findings = []
    for entry in baseline.known:
        if (entry.file, entry.fingerprint) in found:
            continue
        file = checked.get(entry.file)
        if _was_looked_for(entry.rule, file, settings) if file else not _is_there(baseline, entry):
            message = f"{entry.file} has no such {entry.rule} any more; write the baseline anew with --write-baseline"
            # Where the file was laid out by hand the place is not known.
            line = places.get(_line(entry), 1)
            findings.append(Finding(line, 1, message, "stale-baseline", "warning"))
    return (Checked(baseline.file, locate(baseline.file, baseline.text, findings)),) if findings else ()


def _was_looked_for(rule: str, checked: Checked, settings: Settings) -> bool:
    """Whether a rule could have been found in a file: problems of the language always, the rest in a valid spec."""
    entry = rulebook().get(rule)
    if entry is None or entry.when == "always":
        return True
    return checked.complete and rule in settings.rules_for(checked.file)
