"""Specs whose input leaves sizes open: they are analysed with two sizes, and figures that differ depend on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cnncalc.analysis.report import Report
from cnncalc.errors import SpecError
from cnncalc.language.model import Spec
from cnncalc.network.build import build_network
from cnncalc.network.inputs import open_sizes
from cnncalc.network.model import Network

PROBES = ((224, 256), (256, 320), (32, 64), (28, 36), (512, 640), (299, 331), (16_000, 24_000), (8, 12))
"""Sizes to try, two at a time: the usual ones of networks first."""


def analyze_with_open_sizes(names: tuple[str, ...], analyze: Callable[[list[str]], Report]) -> Report:
    """The report on a network with two sizes at once.

    Args:
        names: the sizes that are left open, as overrides name them.
        analyze: gives the report with some overrides of the input.

    Raises:
        SpecError: the network cannot be built with any of the sizes; the problems are those of the first.
    """
    problems: SpecError | None = None
    for pair in PROBES:
        try:
            report, other = (analyze([f"{name}={size}" for name in names]) for size in pair)
        except SpecError as error:
            problems = problems or error
            continue
        if [(layer.path, layer.kind) for layer in report] == [(layer.path, layer.kind) for layer in other]:
            return replace(report, other=other, open_sizes=names)
    assert problems is not None
    raise problems


def build_with_any_sizes(spec: Spec) -> Network:
    """The network that a spec describes, with sizes that it can be built with for those that it leaves open.

    Raises:
        SpecError: something in the spec is wrong; the problems are those of the first size.
    """
    names = open_sizes(spec)
    problems: SpecError | None = None
    for size, _ in PROBES:
        try:
            return build_network(spec, inputs=[f"{name}={size}" for name in names])
        except SpecError as error:
            problems = problems or error
        if not names:
            break
    assert problems is not None
    raise problems
