"""What came of a verification: a verdict for each layer, the mismatches, and the totals of what was executed."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

from cnncalc.analysis.claims import Comparison, compare_claims
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.shapes import Layout, Shape

TOLERANCE = 1e-4
"""The largest relative difference that rounding explains.

In a hundred architectures, at full size and reduced, no layer differs by more than 1.3e-5: the tanh of a
WaveNet's tenth gate by 1.2e-5, means of 90,000 pixels in EfficientNet-B7 by 1.1e-5, others by less than 8e-6.
"""


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


class Fields(NamedTuple):
    """What was found about the receptive fields, counted by layer and input of the network.

    Attributes:
        mismatches: claims that a pixel contradicts.
        confirmed: fields of which an output was reached from the first pixel, one from the last, and none from beyond.
        undecided: fields that the pixels could not decide: wider than what a border leaves, the whole input,
            unknown, or of values that are not finite anyway.
    """

    mismatches: tuple[Mismatch, ...]
    confirmed: int
    undecided: int


class LayerVerdict(NamedTuple):
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
        """Stored values in the tensors that were used; 0 for those of another layer, which are counted there."""
        return 0 if self.claim.node.weights else sum(prod(shape) for shape in self.weights.values())


class Difference(NamedTuple):
    """How the executor and ONNX Runtime differ in the value of one node.

    Attributes:
        path: the node's name.
        shape_here: the shape that the executor found.
        shape_there: the shape that ONNX Runtime found.
        absolute: the largest difference of two values; infinite where the shapes differ, and where
            only one of two values is a number.
        relative: that over the largest value there.
    """

    path: str
    shape_here: Shape
    shape_there: Shape
    absolute: float
    relative: float

    @property
    def agrees(self) -> bool:
        """Whether the shapes are equal, and the values but for rounding."""
        return self.shape_here == self.shape_there and self.relative <= TOLERANCE

    def mismatch(self, layout: Layout) -> Mismatch:
        """What to say where it does not agree."""
        if self.shape_here != self.shape_there:
            there = f"{self.shape_there.text(layout)} by ONNX Runtime"
            return Mismatch(self.path, "output", there, self.shape_here.text(layout))
        gap = f"values up to {self.absolute:.1e} away, {self.relative:.1e} of the largest"
        return Mismatch(self.path, "values", "as ONNX Runtime computes them", gap)


class Verification(NamedTuple):
    """A whole network, claimed and executed.

    Attributes:
        report: the claims.
        seed: that of input and weights.
        verdicts: one for each layer, in execution order.
        fields: what was found about receptive fields; None where they were not looked at.
        pixels: how many pixels the receptive fields were observed from.
        differences: how the values of each layer differ from ONNX Runtime's; None where it was not asked.
    """

    report: Report
    seed: int
    verdicts: tuple[LayerVerdict, ...]
    fields: Fields | None = None
    pixels: int = 0
    differences: tuple[Difference, ...] | None = None

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Everything that differs, in execution order: claims, then receptive fields, then values."""
        layers = tuple(mismatch for verdict in self.verdicts for mismatch in verdict.mismatches)
        fields = self.fields.mismatches if self.fields else ()
        layout = self.report.network.layout
        values = tuple(d.mismatch(layout) for d in self.differences or () if not d.agrees)
        return layers + fields + values

    @property
    def failed_claims(self) -> tuple[Comparison, ...]:
        """The claims of the spec itself that the formulas, which are executed here, do not give."""
        return tuple(compared for compared in compare_claims(self.report) if not compared.holds)

    @property
    def shapes(self) -> int:
        """Outputs that were observed."""
        return sum(verdict.shape is not None for verdict in self.verdicts)

    @property
    def stopped_at(self) -> str:
        """The path of the opaque operation before which the execution stopped; empty if it came to the end."""
        opaque = (verdict.claim for verdict in self.verdicts if not verdict.claim.layer.executed)
        return next((claim.path for claim in opaque), "")

    @property
    def tensors(self) -> int:
        """Weight tensors that were used."""
        return sum(len(verdict.weights) for verdict in self.verdicts)

    @property
    def macs(self) -> int:
        """Multiply–accumulates performed."""
        return sum(verdict.macs for verdict in self.verdicts)
