"""unclaimed: nothing says what should come out."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.findings import Remark, Rule, Subject


def find(subject: Subject) -> Iterator[Remark]:
    """Report a spec without `expect:`."""
    if not subject.spec.claims:
        totals = subject.report.totals
        figures = f"params: {totals.params}, macs: {totals.macs}"
        yield Remark(None, f"no expect:, so that no check notices a change; today it would be 'expect: {{{figures}}}'")


RULE = Rule(
    id="unclaimed",
    severity="note",
    summary="The spec has no `expect:`, so that no check can notice that its figures change.",
    reason=(
        "A claim is what makes a spec a test: with `expect: {params: 60965224}` a build fails when an edit changes "
        "what the README says. `out:` and `params:` on single lines do not say what the whole comes to. `cnncalc "
        "freeze` prints the block. The rule is off unless it is selected, because a spec that is being written has no "
        "claims yet."
    ),
    bad="input: {C: 3, H: 8, W: 8}\nlayers:\n- {conv: 4, kernel: 3}\n",
    good="input: {C: 3, H: 8, W: 8}\nlayers:\n- {conv: 4, kernel: 3}\nexpect: {params: 112}\n",
    find=find,
    by_default=False,
)
