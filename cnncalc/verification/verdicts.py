"""What came of a verification: a verdict for each layer, the mismatches, and the totals of what was executed."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.shapes import Shape


class Mismatch(NamedTuple):
    """A claim that the execution does not confirm.

    Attributes:
        path: the layer's unique name.
        figure: what is claimed: output, weights, macs, receptive_field, or execution where there was none.
        claim: what the formulas say.
        observation: what numpy's execution showed.
    """

    path: str
    figure: str
    claim: str
    observation: str

    def __str__(self) -> str:
        return f"{self.path}: {self.figure} claimed {self.claim}, executed {self.observation}"


class Verdict(NamedTuple):
    """One layer: its claims, and what its execution showed.

    Attributes:
        claim: every figure by formula.
        shape: of the output; None where the layer was not executed.
        weights: the shape of each stored tensor that was used, by name.
        macs: multiply–accumulates performed.
        mismatches: where the two differ.
    """

    claim: LayerReport
    shape: Shape | None
    weights: Mapping[str, tuple[int, ...]]
    macs: int
    mismatches: tuple[Mismatch, ...]

    @property
    def values_used(self) -> int:
        """Stored values in the tensors that were used."""
        return sum(prod(shape) for shape in self.weights.values())


class Verification(NamedTuple):
    """A whole network, claimed and executed.

    Attributes:
        report: the claims.
        seed: that of input and weights.
        verdicts: one for each layer, in execution order.
        fields: mismatches of receptive fields; None where they were not looked at.
        pixels: how many pixels the receptive fields were observed from.
    """

    report: Report
    seed: int
    verdicts: tuple[Verdict, ...]
    fields: tuple[Mismatch, ...] | None = None
    pixels: int = 0

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Everything that differs, in execution order; receptive fields last."""
        return tuple(m for verdict in self.verdicts for m in verdict.mismatches) + (self.fields or ())

    @property
    def shapes(self) -> int:
        """Outputs that were observed."""
        return sum(verdict.shape is not None for verdict in self.verdicts)

    @property
    def tensors(self) -> int:
        """Weight tensors that were used."""
        return sum(len(verdict.weights) for verdict in self.verdicts)

    @property
    def macs(self) -> int:
        """Multiply–accumulates performed."""
        return sum(verdict.macs for verdict in self.verdicts)
