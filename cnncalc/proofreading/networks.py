"""The networks that the code of a write-up describes, and what its own reader says is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cnncalc.analysis.analyze import analyze_spec
from cnncalc.analysis.report import Report
from cnncalc.check.findings import Finding
from cnncalc.check.run import check_target
from cnncalc.check.settings import Settings
from cnncalc.errors import CnnCalcError, ModelChoiceError, Problem
from cnncalc.importing.sources import read_any
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.proofreading.document import WriteUp
from cnncalc.targets import Target

CLAIMS = Settings(rules=frozenset({"claim"}))
_FROZEN = re.compile(r"trainable params", re.IGNORECASE)
"""The line of a printed table about frozen layers; code may freeze them anywhere."""

_CELL = re.compile(r"(cell \d+) (line \d+): ")


def networks_of(path: str) -> Iterator[tuple[Source, Report]]:
    """Each network that the code of a document describes; none if there is no code that can be read."""
    try:
        sources = [read_any(path)]
    except ModelChoiceError as choice:
        sources = [source for model in choice.models for source in _read(f"{path}:{model}")]
    except CnnCalcError:
        return
    for source in sources:
        if source.origins is not None or path.lower().endswith(".ipynb"):
            try:
                yield source, analyze_spec(read_spec(source))
            except CnnCalcError:
                continue


def _read(name: str) -> Iterator[Source]:
    try:
        yield read_any(name)
    except CnnCalcError:
        return


def judge_code_itself(document: WriteUp, networks: list[tuple[Source, Report]]) -> Iterator[Finding]:
    """The findings in the networks themselves: wrong comments and printed tables, settings that do nothing."""
    slips = {slip.line: slip for source, _ in reversed(networks) for slip in reversed(source.slips)}
    for slip in slips.values():
        yield Finding(_line_of(slip, document), slip.column, slip.message, slip.rule, "note")
    lines = [*document.text.splitlines(), ""]
    checked = check_target(Target(document.file), CLAIMS) if networks else None
    for located in checked.findings if checked is not None else ():
        if located.finding.rule == "claim" and not _FROZEN.search(lines[located.finding.line - 1]):
            yield located.finding


def _line_of(slip: Problem, document: WriteUp) -> int:
    """The line of a document that a place of its code is in; that of a notebook has cells."""
    cell = _CELL.match(slip.message)
    named = f"{cell[1]}, {cell[2]}" if cell is not None else ""
    found = [number for number, place in enumerate(document.places, 1) if place == named]
    return found[-1] if found else slip.line
