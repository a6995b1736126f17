"""Lint rules for tests of what runs and reports them, so that these do not depend on the real ones."""

from collections.abc import Iterator

from cnncalc.check.findings import Remark, Rule, Subject


def find_sevens(subject: Subject) -> Iterator[Remark]:
    for node in subject.report.network.nodes:
        if getattr(node.layer, "filters", None) == 7:
            yield Remark(node, f"{node.path}: 7 filters, as [x](y) | `z` <b> & 100 %: a, b")


def find_no_source(subject: Subject) -> Iterator[Remark]:
    if not subject.spec.source:
        yield Remark(None, "the spec names no source")


SEVENS = Rule(
    id="seven-filters",
    severity="warning",
    summary="A convolution has 7 filters.",
    reason="Seven is planted. It does not matter.",
    bad="input: 3x8x8\nlayers:\n- {conv: 7, kernel: 1}\n",
    good="input: 3x8x8\nlayers:\n- {conv: 8, kernel: 1}\n",
    find=find_sevens,
)

NO_SOURCE = Rule(
    id="no-source",
    severity="note",
    summary="The spec has no source.",
    reason="A reader wants to know. It is off unless selected.",
    bad="input: 3x8x8\nlayers: [relu]\n",
    good="source: me\ninput: 3x8x8\nlayers: [relu]\n",
    find=find_no_source,
    by_default=False,
)

PLANTED = {rule.id: rule for rule in (SEVENS, NO_SOURCE)}
