"""Frozen figures → the text of their spec, with every other byte unchanged."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.analysis.claim_wording import Amount, actual_text, amount_text, sayable
from cnncalc.analysis.claims import Comparison, compare_claims
from cnncalc.analysis.open_sizes import build_with_any_sizes
from cnncalc.analysis.report import Report
from cnncalc.errors import RewritingError
from cnncalc.language.model import Claim, Spec
from cnncalc.language.tree import read_tree
from cnncalc.rewriting.edits import Edits
from cnncalc.rewriting.expect_writer import ExpectWriter, Keys
from cnncalc.rewriting.frozen import Frozen
from cnncalc.rewriting.meaning import require_same_meaning


def with_expectations(spec: Spec, report: Report, frozen: Frozen, *, force: bool = False) -> str:
    """The text of a spec with all of the frozen figures in its `expect:`.

    A claim that holds stays as it is written (`724M`), and so do budgets; figures that are not claimed yet
    are added.

    Args:
        spec: the spec.
        report: on the same spec.
        frozen: the figures to be claimed.
        force: whether a claim that does not hold is replaced, in `expect:` or on a layer's line.

    Raises:
        RewritingError: a claim does not hold, and there is no `force`; it stands for layers that differ; the
            layout leaves no room for layers; or the new text would say something else, which is a mistake of
            this program.
    """
    wrong = [comparison for comparison in compare_claims(report) if _is_wrong(comparison)]
    refused = [comparison for comparison in wrong if not force or _amount(comparison) is None]
    if refused:
        raise RewritingError("\n".join(_refusal(spec, comparison) for comparison in refused))
    tree = read_tree(spec.text)
    edits = Edits(spec.text)
    expected = set(map(id, spec.claims))
    writer = ExpectWriter(spec.file, tree, edits, frozen)
    for comparisons in _by_place(c for c in wrong if id(c.claim) not in expected):
        writer.replace_claim(comparisons[0].claim.at, _amount_for_all(spec, comparisons))
    writer.complete({_keys(c.claim) for c in wrong if id(c.claim) in expected})
    text = edits.applied()
    require_same_meaning(spec, build_with_any_sizes(spec), text, claims=False)
    return text


def _keys(claim: Claim) -> Keys:
    return ("layers", claim.layer, claim.figure) if claim.layer else (claim.figure,)


def _is_wrong(comparison: Comparison) -> bool:
    """Whether a claim is to be replaced: it does not hold, and is not a budget."""
    return not comparison.holds and comparison.claim.bound == "exact"


def _amount(comparison: Comparison) -> Amount | None:
    return None if comparison.actual is None else sayable(comparison.actual)


def _by_place(comparisons: Iterable[Comparison]) -> list[list[Comparison]]:
    """The comparisons of each claim as it is written; a claim on a block's line is about every copy."""
    places: dict[tuple[int, int], list[Comparison]] = {}
    for comparison in comparisons:
        places.setdefault((comparison.line, comparison.column), []).append(comparison)
    return list(places.values())


def _amount_for_all(spec: Spec, comparisons: list[Comparison]) -> Amount:
    """The amount that a claim has to state for all layers that it is about."""
    amounts = {amount for comparison in comparisons if (amount := _amount(comparison)) is not None}
    if len(amounts) == 1:
        return amounts.pop()
    claim, texts = comparisons[0].claim, ", ".join(sorted(map(amount_text, amounts)))
    message = f"{claim.figure} stands for layers that differ ({texts}); take the claim out"
    raise RewritingError(f"{_place(spec, comparisons[0])}: {message}")


def _refusal(spec: Spec, comparison: Comparison) -> str:
    claim, amount = comparison.claim, _amount(comparison)
    about = f"{_place(spec, comparison)}: {f'{claim.layer}: ' if claim.layer else ''}{claim.figure}"
    said = claim.at.text or amount_text(claim.value)
    if amount is None:
        why = comparison.reason or f"it is {actual_text(comparison)} today"
        return f"{about}: there is nothing to write for {said}: {why}; take the claim out"
    return f"{about} is {amount_text(amount)} today, not {said}; --force replaces the claim"


def _place(spec: Spec, comparison: Comparison) -> str:
    return f"{spec.file}:{comparison.line}:{comparison.column}"
