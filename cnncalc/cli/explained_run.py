"""The values that `run --explain` shows, and the parts of a run that are kept for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import click

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.cli.explain_command import chosen_layers
from cnncalc.executor.base import Array, Key
from cnncalc.executor.execute import Observation
from cnncalc.executor.inputs import Input
from cnncalc.executor.run import Step, summarize
from cnncalc.render.outputs import Output
from cnncalc.render.traces import Explained
from cnncalc.shapes import Layout, by_axis, letters_of
from cnncalc.tracing.moving import unraveled
from cnncalc.tracing.network import traced
from cnncalc.tracing.trace import Place

LARGEST = "max"

Asked = Mapping[str, Place | None]
"""The place asked for in each layer, channels first, by the layer's path; None for the largest value."""


def asked_values(report: Report, texts: Iterable[str]) -> Asked:
    """The values that the option asks for: `conv1@0,2,2`, `conv1@max`, `conv1`, or nothing for every layer.

    Raises:
        click.UsageError: there is no such layer, or no such place in its output.
    """
    asked: dict[str, Place | None] = {}
    for text in texts:
        name, at, place = text.partition("@")
        for layer in chosen_layers(report, (name,) if text else ()):
            asked[layer.path] = _place(layer, place if at else None)
    return asked


def _place(layer: LayerReport, text: str | None) -> Place | None:
    """A place in the output of a layer, channels first; the first one if none is given."""
    sizes = layer.output_shape
    if text is None:
        return (0,) * len(sizes)
    if text.strip() == LARGEST:
        return None
    said = f"--explain {layer.path}@{text}: the output of {layer.path} is {by_axis(sizes)}"
    letters = ",".join(letters_of(layer.output.rank, layer.layout))
    if not re.fullmatch(r"\s*\d{1,9}(\s*,\s*\d{1,9})*\s*", text) or text.count(",") + 1 != len(sizes):
        example = ",".join("0" * len(sizes))
        shown = f"{layer.path}@{example}, or {layer.path}@{LARGEST}"
        raise click.UsageError(f"{said}; write its place {letters} as {shown}")
    place = tuple(map(int, text.split(",")))
    if any(index >= n for index, n in zip(place, sizes, strict=True)):
        last = ",".join(str(n - 1) for n in sizes)
        raise click.UsageError(f"{said}; its places {letters} are from {','.join('0' * len(sizes))} to {last}")
    return (place[-1], *place[:-1]) if layer.layout == "HWC" else place


class TraceKeeper:
    """Keeps the parts of a run that the explanations of its first input need.

    Args:
        report: the report on the network.
        asked: the values that are explained.
        inputs: those of the network.
        weights: the weights that were used so far, which grow while it runs.
    """

    def __init__(
        self, report: Report, asked: Asked, inputs: Mapping[str, Input], weights: Mapping[Key, Array]
    ) -> None:  # fmt: skip
        self.found: list[Explained] = []
        self._layers = {layer.path: layer for layer in report.layers}
        self._layout = report.network.layout
        self._asked = asked
        self._weights = weights
        self._kept = {name: given.array[0] for name, given in inputs.items()}
        self._readers = Counter(path for name in asked for path in self._layers[name].node.inputs)

    def watched(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The steps of a run, as they are."""
        for number, step in steps:
            if not number:
                self._see(step)
            yield number, step

    def _see(self, step: Observation) -> None:
        if step.path in self._asked:
            self.found.append(self._explained(step, self._asked[step.path]))
            self._readers.subtract(step.node.inputs)
            self._kept = {path: array for path, array in self._kept.items() if self._readers[path] > 0}
        if self._readers[step.path] > 0:
            self._kept[step.path] = step.output.copy()

    def _explained(self, step: Observation, place: Place | None) -> Explained:
        output = step.output.copy()
        if place is None:
            place = unraveled(int(output.argmax()), output.shape)
        inputs = tuple(self._kept[path] for path in step.node.inputs)
        tensors = {name: self._weights[step.node.owner, name] for name in step.weights}
        found = traced(step.node, inputs, output, tensors, place, self._layout)
        return Explained(self._layers[step.path], found, _map(step.path, output, self._layout))


def input_maps(report: Report, inputs: Mapping[str, Input]) -> Sequence[Output]:
    """The first of each of the network's inputs, as the maps after the layers are shown."""
    return [_map(name, given.array[0], report.network.layout) for name, given in inputs.items()]


def _map(name: str, values: Array, layout: Layout) -> Output:
    return Output(name, "value", summarize(values[None], 1, layout))
