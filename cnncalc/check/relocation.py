"""Findings in an imported text as findings in the file that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.check.findings import Finding
from cnncalc.language.origins import Origins
from cnncalc.language.source import Source


def by_file(source: Source, findings: Iterable[Finding]) -> Iterator[tuple[str, str, list[Finding]]]:
    """Each file with its text, and the findings in it at their places."""
    if source.origins is None:
        yield source.file, source.text, [*findings]
        return
    found: dict[str, list[Finding]] = {file: [] for file in source.origins.texts}
    for finding in findings:
        file, moved = _moved(source.file, source.origins, finding)
        found[file].append(moved)
    yield from ((file, source.origins.texts[file], inside) for file, inside in found.items())


def _moved(main: str, origins: Origins, finding: Finding) -> tuple[str, Finding]:
    at = origins.lines.get(finding.line) or origins.layers.get(finding.layer)
    if at is None:
        return main, finding._replace(line=1, column=1)
    message = at.message(origins.message(finding.message))
    return at.file, finding._replace(line=at.line, column=at.column, length=at.length, message=message)
