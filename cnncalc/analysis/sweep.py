"""Many variants of one spec: the figures of each, and the smallest input that a network can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, product
from math import inf
from time import monotonic
from typing import NamedTuple

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.choices import Choice, Swept, square_axes
from cnncalc.errors import SpecError
from cnncalc.figures import FIGURES, NUMBERS, plain_numbers
from cnncalc.language.model import Spec
from cnncalc.network.build import Built, build, build_network, plan_spec
from cnncalc.network.inputs import open_sizes
from cnncalc.network.plans import Planner
from cnncalc.processes import in_order
from cnncalc.shapes import AXES

SIZE_RULES = ("shape", "not-whole", "range")
"""The rules that a network may break at one size of its input and keep at another."""

ALL_FIGURES = tuple(figure.name for figure in NUMBERS)

WORTHWHILE = 200
"""The fewest variants for which starting processes costs less than it saves."""


LARGEST = 10**17
"""The size up to which doublings are tried: a tenth of the largest number that a spec can hold."""


class Combination(NamedTuple):
    """One variant.

    Attributes:
        labels: the value of each thing swept.
        outputs: sizes of each output, in the spec's layout; empty if the variant is not valid.
        totals: the figures asked for by name; None if it is not valid.
        problems: the reasons why it is not valid, each as `line 7: conv: window 5 is larger than the input 3`.
    """

    labels: tuple[str, ...]
    outputs: Mapping[str, tuple[int, ...]]
    totals: Mapping[str, int | float | dict[str, int]] | None
    problems: tuple[str, ...] = ()


class Smallest(NamedTuple):
    """The smallest input that a network can take on some axes.

    Attributes:
        axes: the axes that have this size; the others are as the spec has them.
        size: the size; None if no size up to `tried` is valid.
        tried: the size up to which every one was tried; the size itself if there is one.
    """

    axes: tuple[str, ...]
    size: int | None
    tried: int


def run_sweep(
    spec: Spec, swept: Sequence[Swept], figures: Sequence[str] = ALL_FIGURES, jobs: int | None = 1
) -> Iterator[Combination]:
    """Every combination of the choices; the last thing swept changes fastest.

    The lines of the spec are planned once for all, and a network is built once for all of its batches if these
    follow one another.

    Args:
        spec: the spec.
        swept: the things that change.
        figures: the names of the totals that are wanted.
        jobs: processes at once; None for one for each processor if there are many variants.

    Raises:
        OverrideError: a choice does not fit the spec.
    """
    choices = list(product(*(thing.choices for thing in swept)))
    yield from in_order(_Variants(spec, figures).variant, choices, jobs, WORTHWHILE)


class _Variants:
    """Makes variants of one spec, with some figures of each."""

    def __init__(self, spec: Spec, figures: Sequence[str]) -> None:
        self._spec = spec
        self._figures = figures
        self._last: tuple[tuple[Choice, ...], Built | tuple[str, ...]] | None = None

    @cached_property
    def _planner(self) -> Planner | None:
        return plan_spec(self._spec)

    def variant(self, choices: tuple[Choice, ...]) -> Combination:
        """The variant of these choices, as a row of a table has it."""
        labels = tuple(choice.label for choice in choices)
        built = self._built(tuple(choice for choice in choices if not choice.batch))
        if not isinstance(built, Built):
            return Combination(labels, {}, None, built)
        batch = max((choice.batch for choice in choices), default=0) or 1
        report = analyze_network(built.network, batch=batch, facts=built.facts)
        return Combination(
            labels, report.output_shapes, plain_numbers(report.totals, [FIGURES[name] for name in self._figures])
        )

    def _built(self, choices: tuple[Choice, ...]) -> Built | tuple[str, ...]:
        """The network, or the problems that it has; the last one is kept."""
        if self._last is None or self._last[0] != choices:
            try:
                made: Built | tuple[str, ...] = _built(self._spec, choices, self._planner)
            except SpecError as error:
                made = tuple(f"line {p.line}: {p.message}" for p in error.problems)
            self._last = choices, made
        return self._last[1]


def _built(spec: Spec, choices: Sequence[Choice], planner: Planner | None = None) -> Built:
    inputs = [text for choice in choices for text in choice.inputs]
    return build(spec, inputs=inputs, variables=_variables(choices), planner=planner)


def _variables(choices: Sequence[Choice]) -> dict[str, str]:
    return dict(pair for choice in choices for pair in choice.variables)


def sweep_smallest(
    spec: Spec, swept: Sequence[Swept], most: int, figures: Sequence[str] = ALL_FIGURES, jobs: int | None = 1
) -> Iterator[Combination]:
    """Every combination of the choices at the smallest valid input, whose shape is the first label.

    Args:
        spec: the spec.
        swept: the things that change.
        most: the largest size to try.
        figures: as for `run_sweep`.
        jobs: as for `run_sweep`.

    Raises:
        SpecError, OverrideError: as `smallest_inputs`.
    """
    variables = [thing.choices for thing in swept if not thing.choices[0].batch]
    batches = [thing for thing in swept if thing.choices[0].batch]
    work = partial(_at_smallest, spec, batches, most, figures)
    yield from chain.from_iterable(in_order(work, list(product(*variables)), jobs, WORTHWHILE))


def _at_smallest(
    spec: Spec, batches: Sequence[Swept], most: int, figures: Sequence[str], choices: Sequence[Choice]
) -> list[Combination]:
    """The variants of some variables at the smallest valid inputs."""
    fixed, made = [Swept("", (choice,)) for choice in choices], []
    for found in smallest_inputs(spec, _variables(choices), most):
        if found.size is None:
            reason = f"no {'x'.join(found.axes)} up to {found.tried} is valid"
            made += [Combination(("", *labels), {}, None, (reason,)) for labels in _labels([*fixed, *batches])]
            continue
        inputs = tuple(f"{axis}={found.size}" for axis in found.axes)
        network = _built(spec, (Choice("", inputs), *choices)).network
        label = ", ".join(shape.text(network.layout) for shape in network.inputs.values())
        made += run_sweep(spec, [Swept("input", (Choice(label, inputs),)), *fixed, *batches], figures)
    return made


def _labels(swept: Sequence[Swept]) -> Iterator[tuple[str, ...]]:
    for choices in product(*(thing.choices for thing in swept)):
        yield tuple(choice.label for choice in choices)


def smallest_inputs(spec: Spec, variables: Mapping[str, str], most: int, seconds: float = inf) -> tuple[Smallest, ...]:
    """The smallest valid size of height and width together, or of the length; for 3-D also of the depth.

    Sizes are tried from 1 upwards through `build_network`, up to the first that is valid. Bisection
    would be wrong: with a stride, `same`, a crop or a merge a network may take 4 and 6 but not 5.
    Small sizes are quick, since a network that cannot take them fails early. If all up to `most` fail, a window is
    larger than that: then the size is doubled until it fits, and the least one is found by bisection after all.

    Args:
        spec: the spec.
        variables: values that replace those of `vars:`.
        most: up to which every size is tried.
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
    def fits(size: int) -> bool:
        try:
            build_network(spec, inputs=[f"{axis}={size}" for axis in axes], variables=variables, advise=False)
        except SpecError:
            return False
        return True

    for size in range(1, most + 1):
        if fits(size):
            return Smallest(axes, size, size)
        if monotonic() > until:
            return Smallest(axes, None, size)
    size_ = _beyond(most, fits)
    return Smallest(axes, size_, size_ or most)


def _beyond(most: int, fits: Callable[[int], bool]) -> int | None:
    """The least size past `most` that fits, if what is too large is a window; None if no doubling fits."""
    low, high = most, 2 * most
    while not fits(high):
        if high > LARGEST:
            return None
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high
