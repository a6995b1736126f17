"""What a spec says, wherever it stands in the text: the proof that a new text says the same."""

from __future__ import annotations

from cnncalc.errors import SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source
from cnncalc.network.build import build_network
from cnncalc.network.model import Network, Row

Meaning = tuple[object, ...]


def meaning(network: Network) -> Meaning:
    """All that a network is, less its claims and the places of its layers in the text."""
    return (
        *(text.split() for text in (network.name, network.source, network.notes)),
        network.layout,
        network.inputs,
        [(node.path, node.layer, node.inputs) for node in network.nodes],
        [_row(row) for row in network.rows],
        network.outputs,
    )


def claims(network: Network) -> Meaning:
    """All that is claimed, in no order."""
    return tuple(
        sorted((claim.layer, claim.figure, claim.bound, str(claim.value), claim.tolerance) for claim in network.claims)
    )


def network_of(text: str, spec: Spec) -> Network | None:
    """The network of a text that is to take the place of a spec's; None where it has problems."""
    try:
        return build_network(read_spec(Source(spec.file, text, spec.bundled)))
    except SpecError:
        return None


def _row(row: Row) -> tuple[object, ...]:
    return row.path, row.start, row.stop, row.output, tuple(map(_row, row.children))
