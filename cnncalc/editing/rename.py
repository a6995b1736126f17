"""The places of a name: renaming changes every one of them, and leaves the network as it is."""

from __future__ import annotations

import re

from cnncalc.check.engine import report_on
from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.names import Occurrence, occurrences, same_name
from cnncalc.editing.places import TextChange, TextPlace, TextRange, range_of
from cnncalc.errors import CnnCalcError, RewritingError, SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.network.model import Network

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")


def definition(edited: EditedText, place: TextPlace) -> TextRange | None:
    """The place of the definition of the name at a place; None if there is no name."""
    return next((range_ for one, range_ in _places(edited, place) if one.is_definition), None)


def references(edited: EditedText, place: TextPlace, *, definition: bool = True) -> list[TextRange]:
    """All places of the name at a place, with or without that of its definition."""
    return [range_ for one, range_ in _places(edited, place) if definition or not one.is_definition]


def renamed_range(edited: EditedText, place: TextPlace) -> TextRange | None:
    """The name at a place that can be renamed; None if there is none."""
    inside = (range_ for _, range_ in _places(edited, place) if range_.start <= place <= range_.stop)
    return next(inside, None)


def rename(edited: EditedText, place: TextPlace, name: str) -> list[TextChange]:
    """The changes that give the name at a place another one; none if there is no name.

    Raises:
        RewritingError: the spec has problems, the new name is none, or the network would be another one.
    """
    found = _places(edited, place)
    if not found:
        return []
    if edited.report is None or edited.tree is None:
        raise RewritingError("the spec has problems; names can be changed once they are fixed")
    if not NAME.fullmatch(name):
        raise RewritingError(f"'{name:.40}' cannot be a name: letters, digits, _ and - are allowed")
    text, end = [], 0
    for one, _ in found:
        text += [edited.tree.text[end : one.start], name]
        end = one.stop
    source = edited.source._replace(text="".join((*text, edited.tree.text[end:])))
    try:
        network = report_on(read_spec(source), edited.settings).network
    except SpecError as error:
        raise RewritingError(f"'{name}' cannot be used here: {error.problems[0].message}") from None
    except CnnCalcError as error:
        raise RewritingError(f"'{name}' cannot be used here: {error}") from None
    if _structure(network) != _structure(edited.report.network):
        raise RewritingError(f"'{name}' means something else here; take another name")
    return [TextChange(range_, name) for _, range_ in found]


def _places(edited: EditedText, place: TextPlace) -> list[tuple[Occurrence, TextRange]]:
    """The places of the name at a place."""
    tree, spec = edited.tree, edited.spec
    if tree is None or spec is None:
        return []
    found = same_name(occurrences(tree, spec), tree.offset(*place))
    return [(one, range_of(tree, one.start, one.stop)) for one in found]


def _structure(network: Network) -> object:
    """The structure of a network, without the names of its layers."""
    numbers = {path: number for number, path in enumerate([*network.inputs, *(node.path for node in network.nodes)])}
    nodes = [
        (node.layer, [numbers[path] for path in node.inputs], numbers.get(node.weights), node.frozen)
        for node in network.nodes
    ]
    return nodes, list(network.inputs.values()), [numbers[path] for path in network.outputs.values()]
