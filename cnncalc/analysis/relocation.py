"""A report whose layers, rows and claims are at the places of the file that an imported text was made of."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.analysis.report import Report
from cnncalc.language.model import Claim
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.origins import Origins
from cnncalc.network.model import Node, Row


def relocated(report: Report, origins: Origins) -> Report:
    """The same report with the places of the file."""
    network = report.network
    moved = {node.path: _node(node, origins) for node in network.nodes}
    claims = tuple(_claim(claim, origins) for claim in network.claims)
    rows = tuple(_row(row, origins) for row in network.rows)
    return replace(
        report,
        network=network._replace(nodes=tuple(moved.values()), rows=rows, claims=claims),
        layers=tuple(layer._replace(node=moved[layer.path]) for layer in report.layers),
    )


def _node(node: Node, origins: Origins) -> Node:
    at = origins.layers.get(node.path) or origins.lines.get(node.line)
    return node._replace(line=at.line, column=at.column) if at is not None else node


def _row(row: Row, origins: Origins) -> Row:
    at = origins.layers.get(row.path) or origins.lines.get(row.line)
    children = tuple(_row(child, origins) for child in row.children)
    return row._replace(line=at.line if at is not None else row.line, children=children)


def _claim(claim: Claim, origins: Origins) -> Claim:
    at = origins.lines.get(claim.at.line + 1)
    return claim._replace(at=ScalarNode(claim.at.text, at.line - 1, at.column - 1)) if at is not None else claim
