"""The witness of the receptive field: NaN in one pixel of the input, and the outputs that turn NaN."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil, lcm
from typing import NamedTuple

import numpy as np

from cnncalc.analysis.receptive_field import Field, View
from cnncalc.analysis.report import Report
from cnncalc.executor.base import Array
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.shapes import AXES, AXIS_NAMES, Shape
from cnncalc.verification.resizing import resized
from cnncalc.verification.verdicts import Fields, Mismatch

MOST_PIXELS = 64
"""The most pixels of one input that are looked at."""
MOST_MACS = 200_000_000_000
"""The most MACs for the pixels of a larger input."""


Place = tuple[int, ...]
"""A place on each axis."""

Elements = tuple[frozenset[int], ...]
"""Elements along each axis."""


class Pixel(NamedTuple):
    """A pixel of one input of the network, by its place on each axis."""

    input: str
    place: Place


class Sighting(NamedTuple):
    """The values that one pixel reached.

    Attributes:
        pixel: the pixel; None for the execution without NaN, with which all others are compared.
        reached: by the path of a value, the elements along each axis that are NaN.
    """

    pixel: Pixel | None
    reached: Mapping[str, Elements]


def chosen_pixels(report: Report) -> list[Pixel]:
    """Neighbours along the diagonal, starting at the centre: as many as the largest jump is wide.

    Among so many neighbours are, for every layer, the first pixel that some output sees, and the last.
    """
    chosen = []
    for name, shape in report.network.inputs.items():
        jumps = [field.jump for view in _views(report, name).values() if view for field in view.axes]
        steps = range(min(ceil(max(jumps, default=0)), MOST_PIXELS))
        places = (tuple(min(n // 2 + step, n - 1) for n in shape.spatial) for step in steps)
        chosen += [Pixel(name, place) for place in dict.fromkeys(places)]
    return chosen


def larger_report(report: Report, verdicts: Iterable[FieldVerdict]) -> Report | None:
    """The report on an input that contains the undecided fields; None if nothing would be decided.

    It is larger by a multiple of the distance after which all fields repeat, so that they do not change. Layers
    after the last of these are left out: they may take no other size.
    """
    open_ = [verdict for verdict in verdicts if not verdict.decided and verdict.claimed]
    if not open_:
        return None
    wide, last = [field for verdict in open_ for field in verdict.claimed], {verdict.path for verdict in open_}
    stop = max(number for number, node in enumerate(report.network.nodes, start=1) if node.path in last)
    step = lcm(*(field.advance or 1 for views in report.views.values() for view in views for field in view.axes))
    least = min(n for shape in report.network.inputs.values() for n in shape.spatial)
    more = max(0, -(-(max(field.extent for field in wide) + 2 * step - least) // step)) * step
    inputs = {
        name: Shape(shape.channels, tuple(n + more for n in shape.spatial))
        for name, shape in report.network.inputs.items()
    }
    rows = (report.network.rows[0]._replace(start=0, stop=stop),)
    first = report.network._replace(nodes=report.network.nodes[:stop], rows=rows, outputs={})
    return resized(first, inputs)


def pixels_at_ends(report: Report, verdicts: Iterable[FieldVerdict]) -> list[Pixel]:
    """The first and the last pixel that the middle output of each layer claims to see, if they exist.

    As many as `MOST_MACS` allow, those of the first layers first.
    """
    found: dict[Pixel, None] = {}
    for verdict in verdicts:
        view = _views(report, verdict.input).get(verdict.path)
        if verdict.decided or not view or not view.axes:
            continue
        spatial = report.shapes[verdict.path].spatial
        ends = [field.at(n // 2) or () for field, n in zip(view.axes, spatial, strict=True)]
        for place in zip(*ends, strict=False):
            if all(0 <= p < n for p, n in zip(place, report.network.inputs[verdict.input].spatial, strict=True)):
                found[Pixel(verdict.input, place)] = None
    return [*found][: MOST_MACS // max(report.totals.macs, 1)]


def look(report: Report, pixels: Iterable[Pixel], *, seed: int = 0) -> Iterator[Sighting]:
    """Execute the network without NaN, and then with NaN in one pixel, for one pixel after the other.

    Only the layers whose receptive field is claimed to be smaller than the input are executed.
    """
    source = RandomWeights(seed)
    weights = KeptWeights(source)
    for pixel in (None, *pixels):
        inputs = source.inputs(report.network)
        if pixel is not None:
            np.moveaxis(inputs[pixel.input], 0, -1)[pixel.place] = np.nan
        seen = _decidable(report, [pixel.input] if pixel else list(inputs))
        last = max((i for i, node in enumerate(report.network.nodes) if node.path in seen), default=-1)
        network = report.network._replace(nodes=report.network.nodes[: last + 1])
        observations = execute(network, inputs, weights)
        yield Sighting(pixel, {o.path: _elements(o.output) for o in observations if o.path in seen})


class FieldVerdict(NamedTuple):
    """The verdict of sightings on the receptive field of one layer in one input.

    Attributes:
        path: the layer.
        input: the input.
        claimed: the field along each axis; empty for nothing, everything, or unknown.
        mismatches: the contradictions.
        decided: whether it is confirmed or contradicted.
    """

    path: str
    input: str
    claimed: tuple[Field, ...]
    mismatches: tuple[Mismatch, ...] = ()
    decided: bool = False


def summed(verdicts: Iterable[FieldVerdict]) -> Fields:
    """The verdicts as numbers."""
    found = list(verdicts)
    mismatches = tuple(mismatch for verdict in found for mismatch in verdict.mismatches)
    confirmed = sum(verdict.decided and not verdict.mismatches for verdict in found)
    return Fields(mismatches, confirmed, sum(not verdict.decided for verdict in found))


def with_others(verdicts: Iterable[FieldVerdict], others: Iterable[FieldVerdict]) -> Iterator[FieldVerdict]:
    """The verdicts; an undecided one is replaced by the other, if that is about an equal field."""
    wider = {(other.path, other.input): other for other in others}
    for verdict in verdicts:
        other = wider.get((verdict.path, verdict.input), verdict)
        equal = [field._replace(size=None) for field in verdict.claimed] == [
            field._replace(size=None) for field in other.claimed
        ]
        if verdict.decided or not equal:
            yield verdict
            continue
        said = (one._replace(observation=f"{one.observation}, in a larger input") for one in other.mismatches)
        yield other._replace(mismatches=tuple(said))


def field_verdicts(report: Report, sightings: Iterable[Sighting]) -> Iterator[FieldVerdict]:
    """The verdicts of sightings on the claimed receptive field of each layer in each input.

    An output that a pixel reached must claim to see it. And of the outputs that claim a pixel as their
    first, or as their last, at least one must have been reached from it: `Claimed` says which outputs count.
    After a layer that drops values a field is only an upper bound, and the second rule does not hold.
    """
    (clean, *seen) = sightings
    bounds = _upper_bounds(report)
    for name, shape in report.network.inputs.items():
        views = _views(report, name)
        for layer in report.layers:
            path, view, output = layer.path, views[layer.path], layer.facts.output
            verdict = FieldVerdict(path, name, view.axes if view else ())
            own = [
                (s.pixel.place, s.reached[path])
                for s in seen
                if s.pixel and s.pixel.input == name and path in s.reached
            ]
            if not own or any(clean.reached[path]):
                yield verdict
                continue
            states = list(_states(name, view, shape, output, own, exact=path not in bounds))
            mismatches = tuple(Mismatch(path, *state) for state in states if state)
            yield verdict._replace(mismatches=mismatches, decided=bool(mismatches) or None not in states)


def _decidable(report: Report, inputs: list[str]) -> set[str]:
    """The values whose claims about one of these inputs a pixel could contradict."""
    return {
        path
        for name in inputs
        for path, view in _views(report, name).items()
        if path not in report.network.inputs and (view is None or view.axes)
    }


def _upper_bounds(report: Report) -> set[str]:
    """The values after a layer that drops some: no output that is left may see as far as the claim."""
    bounds: set[str] = set()
    for node in report.network.nodes:
        drops = node.layer.kind in ("slice", "crop", "unpool") or getattr(node.layer, "align", "none") != "none"
        if drops or not bounds.isdisjoint(node.inputs):
            bounds.add(node.path)
    return bounds


def _views(report: Report, name: str) -> dict[str, View | None]:
    """The part of an input that each value claims to see; None for nothing."""
    return {path: next((view for view in views if view.input == name), None) for path, views in report.views.items()}


def _elements(output: Array) -> Elements:
    """The places along each axis where a channels-first array has a NaN in any channel; of a vector, place 0."""
    found = np.atleast_1d(np.isnan(output).any(axis=0))
    return tuple(frozenset(map(int, places)) for places in np.nonzero(found))


def _states(
    name: str, view: View | None, input_: Shape, output: Shape, sightings: list[tuple[Place, Elements]], *, exact: bool
) -> Iterator[tuple[str, ...] | None]:
    """For each axis: () if the claim is confirmed, None if it is not decided, or the contradiction.

    A contradiction is (figure, claim, observation).
    """
    if view is None:
        reached = [place for place, elements in sightings if any(elements)]
        yield ("receptive_field", f"nothing of {name}", f"pixel {reached[0]}") if reached else ()
        return
    claims = [Claimed(field, n, m) for field, n, m in zip(view.axes, input_.spatial, output.spatial, strict=True)]
    for axis, claimed in enumerate(claims):
        others = [other for other in claims if other is not claimed]
        ends = claimed.reached_from(
            (place[axis], elements[axis])
            for place, elements in sightings
            if all(p in other.ends for p, other in zip(place[:axis] + place[axis + 1 :], others, strict=True))
        )
        missed = [end for end, reached in ends.items() if not reached] if exact else []
        observation = claimed.unclaimed((place[axis], elements[axis]) for place, elements in sightings)
        if not observation and missed:
            observation = f"no output depends on its {' or '.join(missed)} pixel"
        if observation:
            field = claimed.field
            claim = f"{field.extent} pixels, jump {field.jump}, start {field.start}"
            yield f"receptive_field ({AXIS_NAMES[AXES[input_.rank][axis]]})", claim, observation
        else:
            yield () if ends == {"first": True, "last": True} else None


class Claimed:
    """The claims of the outputs along one axis.

    Args:
        field: the claim.
        pixels: of the input along the axis.
        elements: of the output.

    Attributes:
        ends: the elements for each pixel that they claim as their first or last. Only elements in the
            middle of the map count, and only fields that lie within the input: a border clips the others.
    """

    def __init__(self, field: Field, pixels: int, elements: int) -> None:
        self.field = field
        self._intervals = [field.at(element) for element in range(elements)]
        self.ends: dict[int, dict[str, list[int]]] = {}
        for element in range(elements // 4, elements - elements // 4):
            first, last = self._intervals[element] or (-1, -1)
            if 0 <= first <= last < pixels:
                self.ends.setdefault(first, {}).setdefault("first", []).append(element)
                self.ends.setdefault(last, {}).setdefault("last", []).append(element)

    def unclaimed(self, sightings: Iterable[tuple[int, frozenset[int]]]) -> str:
        """The words for an output that a pixel reached and that does not claim to see it; empty if there is none."""
        for pixel, reached in sightings:
            for element in sorted(reached):
                first, last = self._intervals[element] or (1, 0)
                if not first <= pixel <= last:
                    return f"output {element} depends on pixel {pixel}"
        return ""

    def reached_from(self, sightings: Iterable[tuple[int, frozenset[int]]]) -> dict[str, bool]:
        """For each end of a field that was looked at, whether an output was reached from it."""
        found: dict[str, bool] = {}
        for pixel, reached in sightings:
            for end, elements in self.ends.get(pixel, {}).items():
                found[end] = found.get(end, False) or not reached.isdisjoint(elements)
        return {end: found[end] for end in ("first", "last") if end in found}
