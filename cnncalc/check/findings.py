"""What a check finds, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.check.axes import AxisWindows, windows
from cnncalc.check.places import Places
from cnncalc.language.model import Spec
from cnncalc.language.nodes import ScalarNode
from cnncalc.network.model import Node

Severity = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The most severe first."""


class Finding(NamedTuple):
    """One thing that a check has to say about a spec, with its place.

    Attributes:
        line, column: where, from 1.
        message: what was found with which values, and what to do.
        rule: the id of the rule.
        severity: how much it matters.
        length: the characters that it covers on its line, for the caret excerpt.
        layer: the path of the layer that it is about; empty for the whole network.
        key: what else it is known by in a baseline than its rule and what its line says.
    """

    line: int
    column: int
    message: str
    rule: str
    severity: Severity
    length: int = 1
    layer: str = ""
    key: str = ""


@dataclass(frozen=True)
class Subject:
    """What a rule looks at: a spec that is valid, as it was written and with every figure.

    Attributes:
        spec: as it was written.
        report: its figures; also those of the network, node by node.
    """

    spec: Spec
    report: Report

    @cached_property
    def places(self) -> Places:
        """Where the words of the spec stand."""
        return Places(self.spec)

    @cached_property
    def layers(self) -> Mapping[str, LayerReport]:
        """The layers by path; the network's inputs are not among them."""
        return {layer.path: layer for layer in self.report.layers}

    @cached_property
    def readers(self) -> Mapping[str, tuple[LayerReport, ...]]:
        """The layers that read a value, by its path; a value that nothing reads is missing."""
        readers: dict[str, list[LayerReport]] = {}
        for layer in self.report.layers:
            for path in dict.fromkeys(layer.node.inputs):
                readers.setdefault(path, []).append(layer)
        return {path: tuple(layers) for path, layers in readers.items()}

    @cached_property
    def windows(self) -> Mapping[str, AxisWindows]:
        """The sliding windows of every layer, by its path; a layer without them is missing."""
        found = {layer.path: windows(layer) for layer in self.report.layers}
        return {path: axes for path, axes in found.items() if axes}

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The paths of the values that the network gives."""
        return frozenset(self.report.network.outputs.values())

    def only_reader(self, path: str) -> LayerReport | None:
        """The layer that alone reads a value; None where there are several or none, or it is an output."""
        readers = self.readers.get(path, ())
        return readers[0] if len(readers) == 1 and path not in self.outputs else None


class Remark(NamedTuple):
    """What a rule has to say about one layer, or about something else in the spec.

    Attributes:
        node: the layer; None where it is about no layer.
        message: what was found with which values, and what to do.
        parameter: the parameter of the layer to point at; where its line does not give it, and where
            this is empty, the finding points at the layer's kind.
        inherited: whether to point into `defaults:` where these give the parameter. All layers that
            take it from there are one finding then.
        at: the word to point at where `node` is None; the first line of the spec where both are.
        severity: how much it matters, where that is less than usual for the rule.
    """

    node: Node | None
    message: str
    parameter: str = ""
    inherited: bool = False
    at: ScalarNode | None = None
    severity: Severity | None = None


class Rule(NamedTuple):
    """A lint rule: one module of `check/rules/` declares one.

    Attributes:
        id: its name in `--select`, in comments and in reports.
        severity: how much a finding of it matters.
        summary: one sentence that says what it finds.
        reason: a paragraph: why it matters, and when it does not.
        bad: a spec in which it finds something.
        good: the same spec, mended.
        find: looks at a spec and yields what it has to say, in the order of the layers.
        by_default: whether it is on where nothing is selected.
    """

    id: str
    severity: Severity
    summary: str
    reason: str
    bad: str
    good: str
    find: Callable[[Subject], Iterator[Remark]]
    by_default: bool = True
