"""A spec → the same spec in canonical names and layout."""

from __future__ import annotations

from cnncalc.analysis.open_sizes import build_with_any_sizes
from cnncalc.language.grammar import read_spec
from cnncalc.language.reader import joined_surrogates
from cnncalc.language.source import Source
from cnncalc.language.tree import read_tree
from cnncalc.rewriting.canonical import Canonical
from cnncalc.rewriting.edits import line_end
from cnncalc.rewriting.meaning import require_same_meaning
from cnncalc.rewriting.printer import print_tree


def format_spec(source: Source) -> str:
    """The text of a spec in canonical names and layout, with its own ends of lines.

    Raises:
        SpecError: it has problems; a formatter leaves such a spec alone.
        RewritingError: the new text would say something else; that is a mistake of this program.
    """
    spec = read_spec(source)
    network = build_with_any_sizes(spec)
    tree = read_tree(joined_surrogates(source.text))
    text = print_tree(Canonical(tree, spec))
    if text != tree.text:
        require_same_meaning(spec, network, text, claims=True)
    return text.replace("\n", line_end(source.text))
