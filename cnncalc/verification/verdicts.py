"""The results of a verification: a verdict for each layer, the mismatches, and the executed totals."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, prod
from typing import NamedTuple

from cnncalc.analysis.claims import Comparison, compare_claims
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.shapes import Layout, Shape
from cnncalc.tracing.network import ROUNDED


class Judge(NamedTuple):
    """A judge computes every layer a second time, from its input in the executor.

    Attributes:
        name: for people.
        key: its name in data.
        tolerance: the largest relative difference that rounding explains.
    """

    name: str
    key: str
    tolerance: float


ONNX_RUNTIME = Judge("ONNX Runtime", "onnxruntime", 2e-5)
"""Relative to the largest value of the layer there."""
LOOPS = Judge("plain loops", "loops", ROUNDED)
"""Relative to the size of a value's sum."""


class Mismatch(NamedTuple):
    """A claim that the execution does not confirm.

    Attributes:
        path: the layer's unique name.
        figure: the claimed one: output, weights, macs, receptive_field, or execution if there was none.
        claim: the value by the formulas.
        observation: the value in numpy's execution.
    """

    path: str
    figure: str
    claim: str
    observation: str

    def __str__(self) -> str:
        return f"{self.path}: {self.figure} claimed {self.claim}, executed {self.observation}"


class Fields(NamedTuple):
    """The results about receptive fields, counted by layer and input of the network.

    Attributes:
        mismatches: claims that a pixel contradicts.
        confirmed: fields of which an output was reached from the first pixel, one from the last, and none from beyond.
        undecided: fields that the pixels could not decide: the whole input, unknown, wider than an input that memory
            or time allow, or of values that are not finite anyway.
    """

    mismatches: tuple[Mismatch, ...]
    confirmed: int
    undecided: int


class LayerVerdict(NamedTuple):
    """One layer: its claims, and its execution.

    Attributes:
        claim: every figure by formula.
        shape: of the output; None if the layer was not executed.
        weights: the shape of each stored tensor that was used, by name.
        macs: multiply–accumulates performed.
        mismatches: the differences of the two.
    """

    claim: LayerReport
    shape: Shape | None
    weights: Mapping[str, tuple[int, ...]]
    macs: int
    mismatches: tuple[Mismatch, ...]

    @property
    def values_used(self) -> int:
        """The number of stored values in the tensors used; 0 for those of another layer, which are counted there."""
        return 0 if self.claim.node.weights else sum(prod(shape) for shape in self.weights.values())


class Difference(NamedTuple):
    """The difference of the executor and a judge in the value of one node.

    Attributes:
        path: the node's name.
        shape_here: the shape that the executor found.
        shape_there: the shape that the judge found.
        absolute: the largest difference of two values; infinite if the shapes differ, and if
            only one of two values is a number.
        relative: that over the size of the values there.
        compared: whether there is a finite value to compare.
    """

    path: str
    shape_here: Shape
    shape_there: Shape
    absolute: float
    relative: float
    compared: bool = True

    @classmethod
    def of_shapes(cls, path: str, here: Shape, there: Shape) -> Difference:
        """The difference of values that have different shapes."""
        return cls(path, here, there, inf, inf)

    def agrees(self, judge: Judge) -> bool:
        """Whether the shapes are equal, and the values, apart from rounding."""
        return self.shape_here == self.shape_there and self.relative <= judge.tolerance

    def mismatch(self, judge: Judge, layout: Layout) -> Mismatch:
        """The mismatch of values that do not agree."""
        if self.shape_here != self.shape_there:
            there = f"{self.shape_there.text(layout)} by {judge.name}"
            return Mismatch(self.path, "output", there, self.shape_here.text(layout))
        gap = f"values up to {self.absolute:.1e} away, {self.relative:.1e} relative"
        return Mismatch(self.path, "values", f"those of {judge.name}", gap)


class Judgement(NamedTuple):
    """The results of a judge.

    Attributes:
        judge: the judge.
        inputs: the network's inputs in the comparison.
        differences: those of the values of each layer.
    """

    judge: Judge
    inputs: Mapping[str, Shape]
    differences: tuple[Difference, ...]

    @property
    def differing(self) -> tuple[Difference, ...]:
        """The layers with values that differ, in execution order."""
        return tuple(one for one in self.differences if not one.agrees(self.judge))


class Verification(NamedTuple):
    """A whole network, claimed and executed.

    Attributes:
        report: the claims.
        seed: that of input and weights.
        verdicts: one for each layer, in execution order.
        fields: the results about receptive fields; None if they were not looked at.
        pixels: the number of pixels from which receptive fields were observed.
        judgement: that of ONNX Runtime or plain loops; None if they were not asked.
    """

    report: Report
    seed: int
    verdicts: tuple[LayerVerdict, ...]
    fields: Fields | None = None
    pixels: int = 0
    judgement: Judgement | None = None

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """Everything that differs, in execution order: claims, then receptive fields, then values."""
        layers = tuple(mismatch for verdict in self.verdicts for mismatch in verdict.mismatches)
        fields = self.fields.mismatches if self.fields else ()
        layout = self.report.network.layout
        found = self.judgement
        values = tuple(d.mismatch(found.judge, layout) for d in found.differing) if found else ()
        return layers + fields + values

    @property
    def failed_claims(self) -> tuple[Comparison, ...]:
        """The claims of the spec itself that the formulas do not give; the execution is compared with the formulas."""
        return tuple(compared for compared in compare_claims(self.report) if not compared.holds)

    @property
    def shapes(self) -> int:
        """Outputs that were observed."""
        return sum(verdict.shape is not None for verdict in self.verdicts)

    @property
    def stopped_at(self) -> str:
        """The path of the opaque operation at which the execution stopped; empty if it came to the end."""
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
