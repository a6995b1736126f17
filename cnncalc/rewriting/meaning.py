"""The meaning of a spec, without the places in its text: the proof that a new text says the same."""

from __future__ import annotations

from cnncalc.analysis.open_sizes import build_with_any_sizes
from cnncalc.errors import RewritingError, SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source
from cnncalc.network.model import Network, Row

Meaning = tuple[object, ...]


def require_same_meaning(spec: Spec, network: Network, text: str, *, claims: bool) -> None:
    """Make sure that a new text says the same as a spec.

    Args:
        spec: the spec.
        network: its network.
        text: the new one.
        claims: whether it has to claim the same, too.

    Raises:
        RewritingError: it does not, which is a mistake of this program.
    """
    try:
        changed = build_with_any_sizes(read_spec(Source(spec.file, text, spec.bundled)))
    except SpecError:
        changed = None
    if changed is None or _meaning(changed, claims) != _meaning(network, claims):
        raise RewritingError(f"{spec.file}: left as it is, because cnncalc would change what it says")


def _meaning(network: Network, claims: bool) -> Meaning:
    """Everything about a network, without the places of its layers in the text; claims, if wanted, without order."""
    said = ((one.layer, one.figure, one.bound, str(one.value), one.tolerance) for one in network.claims if claims)
    return (
        *(text.split() for text in (network.name, network.source, network.notes)),
        network.layout,
        network.inputs,
        [(node.path, node.layer, node.inputs) for node in network.nodes],
        [_row(row) for row in network.rows],
        network.outputs,
        sorted(said),
    )


def _row(row: Row) -> Meaning:
    return row.path, row.start, row.stop, row.output, tuple(map(_row, row.children))
