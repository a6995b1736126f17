"""Many variants of one spec: the figures of each, and the smallest input that a network can take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import product
from math import inf
from time import monotonic
from typing import NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.choices import Choice, Swept, square_axes
from cnncalc.errors import SpecError
from cnncalc.language.model import Spec
from cnncalc.network.build import build_network
from cnncalc.network.inputs import open_sizes
from cnncalc.network.model import Network
from cnncalc.shapes import AXES

SIZE_RULES = ("shape", "not-whole", "range")
"""The rules that a network may break at one size of its input and keep at another."""


class Combination(NamedTuple):
    """One variant.

    Attributes:
        labels: the value of each thing swept.
        outputs: sizes of each output, in the spec's layout; empty where the variant is not valid.
        totals: its figures by name; None where it is not valid.
        problems: why it is not valid, each as `line 7: conv: window 5 is larger than the input 3`.
    """

    labels: tuple[str, ...]
    outputs: Mapping[str, tuple[int, ...]]
    totals: Mapping[str, int | float | dict[str, int]] | None
    problems: tuple[str, ...] = ()


class Smallest(NamedTuple):
    """The smallest input that a network can take on some axes.

    Attributes:
        axes: the axes that have this size; the others are as the spec has them.
        size: the size; None where no size up to `tried` is valid.
        tried: the largest size that was tried.
    """

    axes: tuple[str, ...]
    size: int | None
    tried: int


def run_sweep(spec: Spec, swept: Sequence[Swept]) -> Iterator[Combination]:
    """Every combination of the choices; the last thing swept changes fastest.

    A network is built once for all of its batches if these follow one another.

    Raises:
        OverrideError: a choice does not fit the spec.
    """
    built = lru_cache(maxsize=1)(partial(_built, spec))
    for choices in product(*(thing.choices for thing in swept)):
        labels = tuple(choice.label for choice in choices)
        network = built(tuple(choice for choice in choices if not choice.batch))
        if isinstance(network, Network):
            report = analyze_network(network, batch=max((choice.batch for choice in choices), default=0) or 1)
            yield Combination(labels, report.output_shapes, report.totals.values())
        else:
            yield Combination(labels, {}, None, network)


def _built(spec: Spec, choices: tuple[Choice, ...]) -> Network | tuple[str, ...]:
    """The network, or the problems that it has."""
    try:
        return _network(spec, choices)
    except SpecError as error:
        return tuple(f"line {p.line}: {p.message}" for p in error.problems)


def _network(spec: Spec, choices: Sequence[Choice]) -> Network:
    inputs = [text for choice in choices for text in choice.inputs]
    return build_network(spec, inputs=inputs, variables=_variables(choices))


def _variables(choices: Sequence[Choice]) -> dict[str, str]:
    return dict(pair for choice in choices for pair in choice.variables)


def sweep_smallest(spec: Spec, swept: Sequence[Swept], most: int) -> Iterator[Combination]:
    """Every combination of the choices at the smallest valid input, whose shape is the first label.

    Raises:
        SpecError, OverrideError: as `smallest_inputs`.
    """
    variables = [thing.choices for thing in swept if not thing.choices[0].batch]
    batches = [thing for thing in swept if thing.choices[0].batch]
    for choices in product(*variables):
        fixed = [Swept("", (choice,)) for choice in choices]
        for found in smallest_inputs(spec, _variables(choices), most):
            if found.size is None:
                reason = f"no {'x'.join(found.axes)} up to {found.tried} is valid"
                yield from (Combination(("", *labels), {}, None, (reason,)) for labels in _labels([*fixed, *batches]))
                continue
            inputs = tuple(f"{axis}={found.size}" for axis in found.axes)
            network = _network(spec, (Choice("", inputs), *choices))
            label = ", ".join(shape.text(network.layout) for shape in network.inputs.values())
            yield from run_sweep(spec, [Swept("input", (Choice(label, inputs),)), *fixed, *batches])


def _labels(swept: Sequence[Swept]) -> Iterator[tuple[str, ...]]:
    for choices in product(*(thing.choices for thing in swept)):
        yield tuple(choice.label for choice in choices)


def smallest_inputs(spec: Spec, variables: Mapping[str, str], most: int, seconds: float = inf) -> tuple[Smallest, ...]:
    """The smallest valid size of height and width together, or of the length; for 3-D also of the depth.

    Sizes are tried from 1 upwards through `build_network`, up to the first that is valid. Bisection
    would be wrong: with a stride, `same`, a crop or a merge a network may take 4 and 6 but not 5.
    Small sizes are quick, since a network that cannot take them fails early.

    Args:
        spec: the spec.
        variables: values that replace those of `vars:`.
        most: the largest size to try.
        seconds: the longest time to try, for each axis.

    Raises:
        SpecError: something else than a size is wrong in the spec.
        OverrideError: `variables` do not fit, or the spec's inputs have different axes.
    """
    axes = [square_axes(spec)]
    try:
        # A size that is left open is tried like any other; to begin with it needs a value.
        network = build_network(spec, inputs=[f"{name}=224" for name in open_sizes(spec)], variables=variables)
        axes += [(axis,) for axis in AXES[max(shape.rank for shape in network.inputs.values())][:-2]]
    except SpecError as error:
        if any(problem.rule not in SIZE_RULES for problem in error.problems):
            raise
    return tuple(_smallest(spec, some, variables, most, monotonic() + seconds) for some in axes)


def _smallest(spec: Spec, axes: tuple[str, ...], variables: Mapping[str, str], most: int, until: float) -> Smallest:
    for size in range(1, most + 1):
        try:
            build_network(spec, inputs=[f"{axis}={size}" for axis in axes], variables=variables)
        except SpecError:
            if monotonic() > until:
                return Smallest(axes, None, size)
            continue
        return Smallest(axes, size, size)
    return Smallest(axes, None, most)
