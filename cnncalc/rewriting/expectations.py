"""Frozen figures → the text of their spec, which stays the same to the byte everywhere else."""

from __future__ import annotations

from cnncalc.analysis.claimable import Amount, amount_text, holds
from cnncalc.errors import RewritingError
from cnncalc.network.build import build_network
from cnncalc.rewriting.edits import Edits
from cnncalc.rewriting.expect_writer import ExpectWriter
from cnncalc.rewriting.frozen import Frozen
from cnncalc.rewriting.meaning import meaning, network_of
from cnncalc.spec.model import Claim, Spec
from cnncalc.spec.tree import read_tree


def with_expectations(spec: Spec, frozen: Frozen, *, force: bool = False) -> str:
    """The text of a spec with all of the frozen figures in its `expect:`.

    A claim that holds stays as it is written (`724M`), and so do budgets; figures that are not claimed yet
    are added.

    Args:
        spec: the spec.
        frozen: what is to be claimed.
        force: whether a claim that does not hold is replaced.

    Raises:
        RewritingError: a claim does not hold, and there is no `force`; the layout leaves no room for layers;
            or the new text would say something else, which is a mistake of this program.
    """
    wrong = [claim for claim in spec.claims if not _can_stay(claim, frozen)]
    if wrong and not force:
        raise RewritingError("\n".join(_refusal(spec, claim, frozen) for claim in wrong))
    tree = read_tree(spec.text)
    edits = Edits(tree, spec.text)
    writer = ExpectWriter(spec.file, tree, edits, {(claim.layer, claim.figure) for claim in wrong})
    expect = tree.root.find("expect")
    if expect is None:
        writer.append(frozen)
    else:
        writer.complete(expect, frozen)
    text = edits.applied()
    changed = network_of(text, spec)
    if changed is None or meaning(changed) != meaning(build_network(spec)):
        raise RewritingError(f"{spec.file}: left as it is, because cnncalc would change what it says")
    return text


def _amount(claim: Claim, frozen: Frozen) -> Amount | None:
    figures = frozen.layers.get(claim.layer, {}) if claim.layer else frozen.network
    return figures.get(claim.figure)


def _can_stay(claim: Claim, frozen: Frozen) -> bool:
    """Whether a claim holds, is a budget, or is about a figure that is not known."""
    amount = _amount(claim, frozen)
    return claim.bound != "exact" or amount is None or holds(claim, amount)


def _refusal(spec: Spec, claim: Claim, frozen: Frozen) -> str:
    amount = _amount(claim, frozen)
    assert amount is not None
    about = f"{claim.layer}: " if claim.layer else ""
    said = claim.at.text or amount_text(claim.value)
    place = f"{spec.file}:{claim.at.line + 1}:{claim.at.column + 1}"
    return f"{place}: {about}{claim.figure} is {amount_text(amount)} today, not {said}; --force replaces the claim"
