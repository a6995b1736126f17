"""Sheets in YAML: answers by layer, or a spec whose lines claim what comes out."""

from __future__ import annotations

import re

from cnncalc.analysis.claim_wording import claimed_text
from cnncalc.errors import Problem
from cnncalc.explaining.exercise import TOTAL
from cnncalc.explaining.figures import ASKED
from cnncalc.homework.sheet import FACTS, Cell, Sheet, SheetRow, column_meaning, problem, unreadable
from cnncalc.language.grammar import read_spec
from cnncalc.language.nodes import ListNode, MapNode, Node, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems
from cnncalc.language.reader import read_nodes
from cnncalc.language.source import Source
from cnncalc.network.build import build_network
from cnncalc.network.model import Network

MAX_LAYERS = 2000
"""The most layers of a spec that is marked by its claims: twice those of the largest bundled architecture."""


def read_yaml_sheet(file: str, text: str) -> Sheet:
    """The sheet in a YAML text: a mapping with `answers:`, or a spec with claims.

    Raises:
        SheetError: it is neither of these.
        SpecError: it is not YAML, or a wrong spec.
    """
    problems = Problems(file, text)
    try:
        root = read_nodes(text, problems)
    except TooManyProblems:
        raise problems.error() from None
    problems.raise_if_any()
    if not isinstance(root, MapNode):
        raise unreadable(file, "a mapping with 'answers:' is expected, with the layers below it")
    if "layers" in root.values:
        return claims_sheet(_small(build_network(read_spec(Source(file, text))), file), file)
    facts = {word: node.text for word, node in root.values.items() if word in FACTS and isinstance(node, ScalarNode)}
    answers = root.values.get("answers")
    if not isinstance(answers, MapNode):
        raise unreadable(file, "there is no 'answers:' with the layers below it")
    rows, noted = _rows(answers, text.splitlines())
    figures = tuple(figure for figure in ASKED if any(figure in row.cells for row in rows))
    return Sheet(file, facts, figures, tuple(rows), tuple(noted))


def _small(network: Network, file: str) -> Network:
    if len(network.nodes) > MAX_LAYERS:
        message = f"{len(network.nodes):,} layers; specs with at most {MAX_LAYERS:,} are marked by their claims"
        raise unreadable(file, message)
    return network


def _rows(answers: MapNode, lines: list[str]) -> tuple[list[SheetRow], list[Problem]]:
    rows: list[SheetRow] = []
    problems: list[Problem] = []
    for name, node in answers.values.items():
        line = answers.keys[name].line + 1
        if isinstance(node, MapNode):
            rows.append(_row(name, line, node, problems)._replace(operation=_comment(lines[line - 1])))
        elif not isinstance(node, ScalarNode) or node.text:
            message = f"{name}: figures with their answers are expected below it, as 'out: 96x55x55'"
            problems.append(problem(line, answers.keys[name].column + 1, message))
            rows.append(SheetRow(name, line, {}))
    return rows, problems


def _comment(line: str) -> str:
    """The operation of a layer, by the comment after its name in a worksheet; the values that it reads follow there."""
    match = re.search(r":[ \t]+#(.*?)(?:, from .*)?$", line)
    return match[1].strip() if match else ""


def _row(name: str, line: int, node: MapNode, problems: list[Problem]) -> SheetRow:
    cells: dict[str, Cell] = {}
    working = None
    for word, value in node.values.items():
        key = node.keys[word]
        cell = Cell(written(value), key.line + 1, key.column + 1)
        meaning = column_meaning(word)
        if meaning == "working":
            working = cell if cell.text else None
        elif meaning in ASKED:
            cells[meaning] = cell
        else:
            message = f"{name}: '{word[:40]}' is not asked for and is left out; figures are {', '.join(ASKED)}"
            problems.append(problem(cell.line, cell.column, message))
    return SheetRow(name, line, cells, working)


def written(node: Node) -> str:
    """A value as text; a list is written as a shape."""
    if isinstance(node, ScalarNode):
        return "" if node.text in ("null", "~") and not node.quote else node.text
    if isinstance(node, ListNode):
        return ", ".join(written(item) for item in node.items)
    return ", ".join(f"{word}={written(value)}" for word, value in node.values.items())


def claims_sheet(network: Network, file: str) -> Sheet:
    """The claims of a spec as a sheet: those that are answers, on its lines and in `expect:`, without budgets."""
    rows: dict[str, dict[str, Cell]] = {}
    for claim in network.claims:
        if claim.bound == "exact" and claim.figure in ASKED:
            cell = Cell(claimed_text(claim), claim.at.line + 1, claim.at.column + 1)
            rows.setdefault(claim.layer or TOTAL, {})[claim.figure] = cell
    sheet_rows = tuple(SheetRow(name, next(iter(cells.values())).line, cells) for name, cells in rows.items())
    figures = tuple(figure for figure in ASKED if any(figure in row.cells for row in sheet_rows))
    return Sheet(file, {"layout": network.layout}, figures, sheet_rows, network=network)
