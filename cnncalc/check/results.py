"""The results of a check, for those who report them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from cnncalc.check.findings import SEVERITIES, Finding, Severity
from cnncalc.language.problems import one_line
from cnncalc.notation import several

if TYPE_CHECKING:
    from _hashlib import HASH

FailOn = Literal["error", "warning", "note", "never"]

FAIL_ON: tuple[FailOn, ...] = get_args(FailOn)
"""The least severity that makes a check fail; the severities, and `never`."""


class Located(NamedTuple):
    """A finding in its file.

    Attributes:
        file: the file that it is in, as it was named.
        finding: the one found, with its place in the file.
        excerpt: the line that it is on; empty if the file could not be read.
        fingerprint: stays the same when lines are added or removed above it.
    """

    file: str
    finding: Finding
    excerpt: str
    fingerprint: str

    @property
    def end_column(self) -> int:
        """The column after what the finding covers, on its line."""
        column = self.finding.column
        return max(column + 1, min(column + self.finding.length, len(self.excerpt) + 1))


class Checked(NamedTuple):
    """The results of one file.

    Attributes:
        file: the file, as it was named.
        findings: sorted by place; those of `--expect` carry the name of their own file.
        claims: how many claims were compared.
        complete: whether there was a report to check, so that every rule was used.
    """

    file: str
    findings: tuple[Located, ...]
    claims: int = 0
    complete: bool = True


class Results(NamedTuple):
    """A whole run.

    Attributes:
        files: every spec that was checked, in order.
        others: the findings in further files: the one of `--expect`, the baseline.
        skipped: the number of YAML files found that are not specs.
        fail_on: the least severity that makes the run fail.
        known: how many findings were left out because a baseline holds them.
        noun: the word for the checked things.
    """

    files: tuple[Checked, ...]
    others: tuple[Checked, ...] = ()
    skipped: int = 0
    fail_on: FailOn = "error"
    known: int = 0
    noun: str = "spec"

    @property
    def findings(self) -> tuple[Located, ...]:
        """Those of all files, in order."""
        return tuple(located for checked in self.files + self.others for located in checked.findings)

    @property
    def claims(self) -> int:
        """The number of compared claims."""
        return sum(checked.claims for checked in self.files)

    @property
    def counts(self) -> dict[Severity, int]:
        """The number of findings of each severity, the most severe first."""
        counted = Counter(located.finding.severity for located in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    @property
    def left_out(self) -> str:
        """How many findings a baseline holds, after what else is said; empty for none."""
        return f"; {several(self.known, 'known finding')} left out" if self.known else ""

    @property
    def found(self) -> str:
        """How many findings there are: `1 error, 2 warnings`."""
        counted = [several(count, severity) for severity, count in self.counts.items() if count]
        return ", ".join(counted) or ("nothing new" if self.known else "nothing found")

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of this severity makes the run fail."""
        return self.fail_on != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(self.fail_on)

    @property
    def failed(self) -> bool:
        """Whether there is a finding that makes the run fail."""
        return any(self.fails(severity) for severity, count in self.counts.items() if count)


OF_WHOLE = ("budget", "unclaimed", "incomplete")
"""Findings about a whole network, which several models of a file do not share."""


def together(file: str, models: Iterable[str], checked: Iterable[Checked]) -> Checked:
    """The results of the models of one file: shared findings once, those of one model with its name."""
    found: dict[Finding, Located] = {}
    parts = list(checked)
    for model, one in zip(models, parts, strict=True):
        for located in one.findings:
            finding = located.finding
            if finding.rule in OF_WHOLE:
                finding = finding._replace(message=f"{model}: {finding.message}")
            found.setdefault(finding._replace(layer=""), located._replace(finding=finding))
    findings = sorted(found.values(), key=lambda one: (one.finding.line, one.finding.column, one.finding.rule))
    return Checked(file, tuple(findings), sum(one.claims for one in parts), all(one.complete for one in parts))


def locate(file: str, text: str, findings: Iterable[Finding]) -> tuple[Located, ...]:
    """Findings of one file with their lines and fingerprints, sorted by place, none twice.

    A message may hold words of a spec: it becomes one line here.
    """
    lines = text.splitlines()

    @cache
    def started(rule: str, line: str) -> HASH:
        return sha256(_encoded(f"{rule}\0{' '.join(line.split())}"))

    seen: Counter[bytes] = Counter()
    located = []
    for found in sorted(dict.fromkeys(findings), key=lambda finding: (finding.line, finding.column, finding.rule)):
        finding = found._replace(message=one_line(found.message))
        excerpt = lines[finding.line - 1] if finding.line <= len(lines) else ""
        like = started(finding.rule, excerpt).copy()  # a long line with many findings is read once
        like.update(_encoded(finding.key))
        seen[like.digest()] += 1
        located.append(Located(file, finding, excerpt, _fingerprint(like, seen[like.digest()])))
    return tuple(located)


def _fingerprint(like: HASH, number: int) -> str:
    """A text that distinguishes a finding from others of its file without its line's number: rule and line.

    The message is not part of it, because it has figures that follow from other lines; only of a failed claim the
    figure that comes out is: who accepts 5 for 4 does not accept 500.
    """
    whole = like.copy()
    whole.update(_encoded(f"\0{number}"))
    return whole.hexdigest()[:16]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
