"""Old findings that are known and accepted: `--baseline FILE`."""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.check.findings import Finding
from cnncalc.check.results import Checked, Located, Results, locate
from cnncalc.check.rulebook import ignorable
from cnncalc.check.rules import RULES
from cnncalc.check.settings import Settings
from cnncalc.errors import ConfigurationError
from cnncalc.files import read_regular

VERSION = 1
MAX_BYTES = 50_000_000

_HEAD = 1_000
_START = re.compile(rb'\s*+\{\s*+"cnncalc"\s*+:\s*+\d++\s*+,\s*+"findings"\s*+:')


class Known(NamedTuple):
    """A finding that a baseline holds.

    Attributes:
        file: the path of its file, relative to the baseline's folder, with `/` between folders.
        rule: the id of its rule.
        fingerprint: a text that no other finding of its file has.
        message: the one of the finding, for people who read the baseline.
    """

    file: str
    rule: str
    fingerprint: str
    message: str

    @property
    def key(self) -> tuple[str, str]:
        """A key that no other finding has."""
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
        """The path of a file, as in the baseline."""
        return os.path.relpath(file, self.folder).replace(os.sep, "/")

    def held(self, located: Located) -> Known | None:
        """A finding in the form of a baseline; None for a finding that it may not hold."""
        finding = located.finding
        if finding.rule not in RULES and finding.rule not in ACCEPTABLE:
            return None
        return Known(self.relative(located.file), finding.rule, located.fingerprint, finding.message)


ACCEPTABLE = ("claim", "unused-ignore")
"""The findings of a baseline besides lint; others are asked for today, or keep a spec from being checked at all."""


def read_baseline(file: str) -> Baseline:
    """The baseline in a file.

    Raises:
        ConfigurationError: it can't be read, or was not written by `--write-baseline`.
    """
    try:
        text = read_regular(file, MAX_BYTES).decode()
        document = json.loads(text)
        if document["cnncalc"] != VERSION:
            raise ConfigurationError(f"{file}: version {document['cnncalc']!r:.20} is not known; write it again")
        known = tuple(Known(*(str(entry[field]) for field in Known._fields)) for entry in document["findings"])
    except FileNotFoundError:
        raise ConfigurationError(f"{file}: there is no such baseline; --write-baseline makes one") from None
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigurationError(f"{file}: is not a baseline; --write-baseline makes one") from None
    return Baseline(file, text, known)


def is_baseline(file: str) -> bool:
    """Whether a file begins as a baseline does; False if it cannot be read."""
    try:
        with open(file, "rb") as stream:
            return _START.match(stream.read(_HEAD)) is not None
    except OSError:
        return False


def baseline_text(known: Iterable[Known]) -> str:
    """The text of a baseline: JSON with a finding on each line, so that two versions can be compared."""
    body = ",\n".join(map(_line, sorted(known)))
    return f'{{"cnncalc": {VERSION}, "findings": [\n{body}\n]}}\n'


def _line(entry: Known) -> str:
    return json.dumps(entry._asdict())


def known_now(baseline: Baseline, results: Results, settings: Settings) -> tuple[Known, ...]:
    """The findings of a new baseline: today's, and old ones that were not looked for and may still be there.

    Args:
        baseline: the old one.
        results: today's findings.
        settings: what was looked for.
    """
    today = set(filter(None, map(baseline.held, results.findings)))
    gone = set(_gone(baseline, results, settings))
    found = {entry.key for entry in today}
    return (*today, *(entry for entry in baseline.known if entry.key not in found and entry not in gone))


def _gone(baseline: Baseline, results: Results, settings: Settings) -> list[Known]:
    """The known findings that are gone; those of a file that no longer exists are gone, too.

    Findings that were not looked for are not gone.
    """
    found = {entry.key for entry in map(baseline.held, results.findings) if entry}
    checked = {baseline.relative(file.file): file for file in results.files}

    def is_gone(entry: Known) -> bool:
        file = checked.get(entry.file)
        if file is None:
            return not os.path.lexists(os.path.join(baseline.folder, entry.file))
        # Problems of the language are always looked for, the rest in a valid spec.
        return entry.rule not in ignorable() or (file.complete and entry.rule in settings.rules_for(file.file))

    return [entry for entry in baseline.known if entry.key not in found and is_gone(entry)]


def beyond(baseline: Baseline, results: Results, settings: Settings) -> Results:
    """The results without findings of the baseline, and with those of its entries that are gone.

    Args:
        baseline: the findings that are accepted.
        results: all findings.
        settings: those of the check; findings that it did not look for are not gone.
    """
    known = {entry.key for entry in baseline.known}

    def is_new(located: Located) -> bool:
        held = baseline.held(located)
        return held is None or held.key not in known

    files = tuple(checked._replace(findings=tuple(filter(is_new, checked.findings))) for checked in results.files)
    accepted = sum(len(old.findings) - len(new.findings) for old, new in zip(results.files, files, strict=True))
    gone = _gone(baseline, results, settings) if "stale-baseline" in settings.rules else []
    others = (*results.others, *([_stale(baseline, gone)] if gone else ()))
    return results._replace(files=files, others=others, known=accepted)


def _stale(baseline: Baseline, gone: Iterable[Known]) -> Checked:
    """The findings that are gone, at their lines of the baseline."""
    places = {line.rstrip(","): number for number, line in enumerate(baseline.text.splitlines(), start=1)}
    findings = []
    for entry in gone:
        message = f"{entry.file} has no such {entry.rule} any more; write the baseline again with --write-baseline"
        # If the file was laid out by hand the place is not known.
        findings.append(Finding(places.get(_line(entry), 1), 1, message, "stale-baseline", "warning"))
    return Checked(baseline.file, locate(baseline.file, baseline.text, findings))
