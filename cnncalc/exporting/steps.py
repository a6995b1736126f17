"""A report as the steps of a program: layers, and uses of definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.model import Row, Use


class CodeStep(NamedTuple):
    """One step.

    Attributes:
        name: its name within the body that it is a step of, as `residual/conv1/bn`.
        line: the name of the line that it comes from, as `residual/conv1`.
        reads: the paths of the values that it reads.
        output: the path of its value.
        what: the layer, or the use.
    """

    name: str
    line: str
    reads: tuple[str, ...]
    output: str
    what: LayerReport | PlacedSteps


class PlacedSteps(NamedTuple):
    """One use of a definition: a block, or a repeated line that is several layers.

    Attributes:
        key: equal for all uses of one definition.
        use: its name and its arguments.
        path: the path of its row.
        steps: its own.
        entries: the values from outside that it reads, in the order of the first reading.
    """

    key: object
    use: Use
    path: str
    steps: tuple[CodeStep, ...]
    entries: tuple[str, ...]


def program(report: Report) -> tuple[CodeStep, ...]:
    """The steps of a whole network; equal lines of a block are uses of one definition."""
    return tuple(step for row in report.network.rows for step in _steps(report, row, ""))


def used(steps: Sequence[CodeStep]) -> Iterator[PlacedSteps]:
    """All uses within steps, the inner ones first."""
    for step in steps:
        if isinstance(step.what, PlacedSteps):
            yield from used(step.what.steps)
            yield step.what


def is_chain(steps: Sequence[CodeStep]) -> bool:
    """Whether each step reads only the value of the one before."""
    pairs = zip(steps, steps[1:], strict=False)
    return all(len(step.reads) == 1 for step in steps) and all(b.reads == (a.output,) for a, b in pairs)


def _steps(report: Report, row: Row, prefix: str, line: str = "") -> Iterator[CodeStep]:
    """The steps of a row, whose names begin after the prefix; the line, if it is one of several layers."""
    if row.start == row.stop:
        return
    name = row.path.removeprefix(prefix)
    if not row.children:
        layer = report.layers[row.start]
        if line and layer.kind in ACTIVATIONS:  # one name for all, so that uses with other names are equal
            name = f"{line}/activation"
        yield CodeStep(name, line or name, layer.node.inputs, row.output, layer)
        return
    copied = row.children[0].path == f"{row.path}.1"
    line = name if row.children[0].path == row.path else ""
    if row.use is not None:
        inside = (step for child in row.children for step in _steps(report, child, f"{row.path}/"))
        yield from _placed(row, prefix, row.use.block, row.use, tuple(inside))
        return
    for child in row.children:
        steps = tuple(_steps(report, child, prefix, line))
        if copied and not is_chain(steps):
            yield from _placed(child, prefix, row.line, Use(name, (), frozenset()), steps)
        else:
            yield from steps


def _placed(row: Row, prefix: str, key: object, use: Use, steps: tuple[CodeStep, ...]) -> Iterator[CodeStep]:
    """A use of a definition in place of these steps, unless the row hands on a value that they did not make."""
    made = {step.output for step in steps}
    if row.output not in made:
        yield from steps
        return
    name = row.path.removeprefix(prefix)
    steps = tuple(
        step._replace(name=step.name.removeprefix(f"{name}/"), line=step.line.removeprefix(f"{name}/"))
        for step in steps
    )
    entries = tuple(dict.fromkeys(value for step in steps for value in step.reads if value not in made))
    yield CodeStep(name, name, entries, row.output, PlacedSteps(key, use, row.path, steps, entries))
