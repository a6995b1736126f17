"""A spec → the same spec in canonical names and layout."""

from __future__ import annotations

from cnncalc.errors import RewritingError
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.language.tree import read_tree
from cnncalc.network.build import build_network
from cnncalc.rewriting.canonical import canonicalize
from cnncalc.rewriting.edits import line_end
from cnncalc.rewriting.meaning import claims, meaning, network_of
from cnncalc.rewriting.printer import print_tree


def format_spec(source: Source) -> str:
    """The text of a spec in canonical names and layout, with its own ends of lines.

    Raises:
        SpecError: it has problems; a formatter leaves such a spec alone.
        RewritingError: the new text would say something else; that is a mistake of this program.
    """
    spec = read_spec(source)
    network = build_network(spec)
    tree = read_tree(source.text)
    canonicalize(tree, spec)
    text = print_tree(tree)
    if text != tree.text:
        changed = network_of(text, spec)
        if changed is None or (meaning(changed), claims(changed)) != (meaning(network), claims(network)):
            raise RewritingError(f"{source.file}: left as it is, because cnncalc would change what it says")
    return text.replace("\n", line_end(source.text))
