"""The receptive field: the input pixels that can influence one output, through the union of all paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import gcd, inf, lcm, prod
from typing import NamedTuple

from cnncalc.layers.facts import Facts
from cnncalc.layers.reach import MAX_PERIOD, SAME_PLACE, Reach
from cnncalc.network.model import Network, Node
from cnncalc.shapes import Shape

Interval = tuple[int, int] | None


class Field(NamedTuple):
    """The input pixels that the elements of one value see along one axis.

    Element o, with q the number of intervals, sees the pixels first + advance·(o//q) to
    last + advance·(o//q) of the network's input, where (first, last) = intervals[o % q].

    Attributes:
        intervals: of the first elements, until they repeat.
        advance: the number of pixels by which each repetition moves on.
        size: the number of elements that there are, if not all of them see equally much.
    """

    intervals: tuple[Interval, ...]
    advance: int
    size: int | None = None

    @property
    def extent(self) -> int:
        """The receptive field: the largest number of pixels that one element spans, of those that exist."""
        existing = self.intervals[: self.size] if self.size is not None else self.intervals
        return max([seen[1] - seen[0] + 1 for seen in existing if seen is not None], default=0)

    @property
    def jump(self) -> Fraction:
        """The distance in input pixels between neighbouring elements, on average."""
        return Fraction(self.advance, len(self.intervals))

    @property
    def start(self) -> int:
        """The first pixel that the first element sees; negative in the padding."""
        return next((interval[0] for interval in self.intervals if interval is not None), 0)

    def at(self, element: int) -> Interval:
        """The pixels that one element sees."""
        turn, place = divmod(element, len(self.intervals))
        interval = self.intervals[place]
        return None if interval is None else (interval[0] + turn * self.advance, interval[1] + turn * self.advance)


class View(NamedTuple):
    """The part of one input of the network that one value sees.

    Attributes:
        input: the input's name.
        axes: the field along each axis; empty if `everything` or unknown.
        everything: whether every element sees the whole input.
        unknown: says why the field is not known; empty if it is.
    """

    input: str
    axes: tuple[Field, ...] = ()
    everything: bool = False
    unknown: str = ""


Views = tuple[View, ...]
"""One view for each input that a value depends on."""

Join = Callable[[list[View]], Views]
"""The views of a value through several paths, from those through each: `united` or `narrowest`."""

ONE_PIXEL = Field(((0, 0),), 1)


def united(views: list[View]) -> Views:
    """The union of what several values see, input by input."""
    return _by_input(views, _union)


def narrowest(views: list[View]) -> Views:
    """The view with the fewest pixels among those of several values, input by input."""
    return _by_input(views, lambda known, view: min(known, view, key=_pixels))


def receptive_fields(network: Network, facts: Iterable[Facts], join: Join = united) -> dict[str, Views]:
    """The views of every value of a network, in one pass.

    Args:
        network: the network.
        facts: those of each node.
        join: joins the views of several paths to one value.

    Returns:
        By the path of the value, with the inputs.
    """
    views: dict[str, Views] = {
        name: (View(name, (ONE_PIXEL,) * shape.rank, everything=not shape.rank),)
        for name, shape in network.inputs.items()
    }
    for node, known in zip(network.nodes, facts, strict=True):
        if known.keeps_places:  # as most layers do
            views[node.path] = views[node.inputs[0]]
        else:
            seen = _node_views(node, known, [views[path] for path in node.inputs], join)
            views[node.path] = tuple([_sized(view, known.output) for view in seen])
    return views


def _sized(view: View, shape: Shape) -> View:
    """The view with the number of elements along each axis, if not all of them see equally much."""
    if not any(len(field.intervals) > 1 for field in view.axes):
        return view
    axes = zip(view.axes, shape.spatial, strict=True)
    return view._replace(axes=tuple(field._replace(size=size) for field, size in axes))


def _node_views(node: Node, facts: Facts, inputs: list[Views], join: Join) -> Views:
    layer = node.layer
    if not layer.executed:
        why = f"it is not known what {node.path} reads"
        return united([View(view.input, unknown=why) for views in inputs for view in views])
    if layer.sees_everything:
        all_views = [View(view.input, everything=True, unknown=view.unknown) for views in inputs for view in views]
        return join(all_views) if len(inputs) > 1 else tuple(all_views)
    seen = [_through(views, reach) for views, reach in zip(inputs, facts.reaches, strict=True)]
    return seen[0] if len(seen) == 1 else join([view for views in seen for view in views])


def _through(views: Views, reaches: tuple[Reach, ...]) -> Views:
    """The views of a layer's outputs, through those of its input."""
    if reaches == (SAME_PLACE,) * len(reaches):
        return views
    return tuple([_view_through(view, reaches) for view in views])


def _view_through(view: View, reaches: tuple[Reach, ...]) -> View:
    if view.everything or view.unknown:
        return view
    # Most maps are square, and so are windows: what is seen along one axis is seen along the others.
    pairs = [*zip(view.axes, reaches, strict=True)]
    alike = pairs == pairs[:1] * len(pairs)
    axes = [composed(*pairs[0])] * len(pairs) if alike else [composed(*pair) for pair in pairs]
    known = tuple(field for field in axes if field is not None)
    if len(known) < len(axes):
        return View(view.input, unknown=f"its pattern repeats only after more than {MAX_PERIOD} outputs")
    return View(view.input, known)


def composed(field: Field, reach: Reach) -> Field | None:
    """The field after a layer; None if the pattern gets too long to list."""
    if not reach.ranges:
        return None
    elements, outputs = len(field.intervals), len(reach.ranges)
    if elements == outputs == 1 and field.intervals[0] and reach.ranges[0]:
        (first, last), (near, far) = field.intervals[0], reach.ranges[0]  # as for nearly all layers
        return Field(((first + near * field.advance, last + far * field.advance),), field.advance * reach.advance)
    turns = elements // gcd(reach.advance, elements)
    period = outputs * turns
    if period > MAX_PERIOD:
        return None
    intervals = []
    for output in range(period):
        turn, place = divmod(output, outputs)
        seen = reach.ranges[place]
        shift = turn * reach.advance
        intervals.append(None if seen is None else _spanned(field, seen[0] + shift, seen[1] + shift))
    return _shortest(intervals, field.advance * turns * reach.advance // elements)


def _spanned(field: Field, first: int, last: int) -> Interval:
    """The pixels that the elements first to last see together.

    After a transposed convolution neighbours can see nothing, or with dilation earlier pixels than
    the element before; this pattern repeats further on, so that one repetition at each end decides.
    """
    near = min(last - first + 1, len(field.intervals))
    starts = [seen[0] for seen in map(field.at, range(first, first + near)) if seen is not None]
    stops = [seen[1] for seen in map(field.at, range(last - near + 1, last + 1)) if seen is not None]
    return (min(starts), max(stops)) if starts else None


def _shortest(intervals: list[Interval], advance: int) -> Field:
    """The field with the fewest intervals: pooling by 2 after upsampling by 2 has one again."""
    count = len(intervals)
    for period in range(1, count + 1):
        if count % period or advance % (count // period):
            continue
        step = advance * period // count
        if all(intervals[i] == _moved(intervals[i - period], step) for i in range(period, count)):
            return Field(tuple(intervals[:period]), step)
    return Field(tuple(intervals), advance)


def _moved(interval: Interval, by: int) -> Interval:
    return None if interval is None else (interval[0] + by, interval[1] + by)


def _by_input(views: list[View], join: Callable[[View, View], View]) -> Views:
    joined: dict[str, View] = {}
    for view in views:
        known = joined.get(view.input)
        joined[view.input] = view if known is None else join(known, view)
    return tuple(joined.values())


def _pixels(view: View) -> float:
    """The pixels in the field of one element; infinite if it is not known."""
    return prod(field.extent for field in view.axes) if view.axes else inf


def _union(a: View, b: View) -> View:
    if a.everything or b.everything:
        return View(a.input, everything=True)
    if a.unknown or b.unknown:
        return View(a.input, unknown=a.unknown or b.unknown)
    axes = [_field_union(one, other) for one, other in zip(a.axes, b.axes, strict=True)]
    known = tuple(field for field in axes if field is not None)
    if len(known) < len(axes):
        return View(a.input, unknown="paths of different jump meet here")
    return View(a.input, known)


def _field_union(a: Field, b: Field) -> Field | None:
    """The field of both; None if their elements drift apart."""
    if a == b:
        return a
    period = lcm(len(a.intervals), len(b.intervals))
    advances = {field.advance * (period // len(field.intervals)) for field in (a, b)}
    if len(advances) > 1 or period > MAX_PERIOD:
        return None
    intervals = [_joined(a.at(element), b.at(element)) for element in range(period)]
    return _shortest(intervals, advances.pop())


def _joined(a: Interval, b: Interval) -> Interval:
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), max(a[1], b[1])
