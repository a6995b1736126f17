"""The calculator from Python: a spec goes in, its report comes out."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike, fspath

from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.errors import OverrideError
from cnncalc.network.build import build_network
from cnncalc.spec.grammar import read_spec
from cnncalc.spec.source import Source, read_source


def analyze(
    spec: str | PathLike[str] | None = None,
    *,
    text: str | None = None,
    input: str | Sequence[str] = (),  # noqa: A002 - the option's and the spec's word for it
    set: Mapping[str, object] | None = None,  # noqa: A002
    batch: int = 1,
    profile: str = DEFAULT_PROFILE,
) -> Report:
    """The report on an architecture.

    Args:
        spec: a path, or the name of a bundled architecture (`"alexnet"`).
        text: the spec itself, instead of `spec`.
        input: a shape or size that replaces that of the spec: `"3x160x160"`, `"H=160"`, or several.
        set: values for the spec's `vars:`.
        batch: the number of inputs at once; multiplies elements, MACs and FLOPs.
        profile: whose way of counting `flops` follow: `"thop"`; the default is 2 · macs.

    Returns:
        Every figure; `report["conv1"].params`, `report.totals.macs`.

    Raises:
        SpecError: the spec is wrong; it carries every problem with its place.
        ArchitectureNotFound: there is no such file or bundled architecture.
        OverrideError: `input`, `set`, `batch` or `profile` does not fit.
        TypeError: neither or both of `spec` and `text` are given.

    Example:
        >>> analyze("lenet5").totals.params
        60000
    """
    if (spec is None) == (text is None):
        raise TypeError("analyze() takes a spec or text=, one of the two")
    source = Source("<text>", text) if text is not None else read_source(fspath(spec or ""))
    inputs = (input,) if isinstance(input, str) else tuple(input)
    variables = {k: str(v) for k, v in (set or {}).items()}
    return analyze_source(source, inputs=inputs, variables=variables, batch=batch, profile=profile)


def analyze_source(
    source: Source,
    *,
    inputs: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    batch: int = 1,
    profile: str = DEFAULT_PROFILE,
) -> Report:
    """The report on a text that is already read: the whole calculation, spec to report.

    Args:
        source: the text with the name that its problems carry.
        inputs: shapes or sizes that replace those of the spec.
        variables: values that replace those of `vars:`, as text.
        batch: the number of inputs at once.
        profile: the counting profile of `flops`.

    Raises:
        SpecError, OverrideError: as `analyze`.
    """
    if type(batch) is not int or batch < 1:
        raise OverrideError(f"batch is {batch!r}; a whole number of at least 1 is expected")
    with _garbage_collection_paused():
        network = build_network(read_spec(source), inputs=inputs, variables=variables)
        report = analyze_network(network, batch=batch)
    if profile == DEFAULT_PROFILE:
        return report
    from cnncalc.analysis.counting import under_profile

    return under_profile(report, profile)


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Reading makes many small objects and hardly a cycle; looking for cycles costs half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
