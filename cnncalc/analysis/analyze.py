"""Network → Report: the figures of every layer, in one pass over the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.memory import DTYPES
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.errors import OverrideError
from cnncalc.language.expressions import Number
from cnncalc.language.model import Spec
from cnncalc.layers.facts import Facts, facts_of
from cnncalc.network.build import build
from cnncalc.network.inputs import open_sizes as left_open
from cnncalc.network.model import Network, Node
from cnncalc.shapes import Shape

MAX_BATCH = 10**9
"""The most inputs at once; a larger number is a slip."""


def checked_batch(batch: object) -> int:
    """The number of inputs at once.

    Raises:
        OverrideError: it is not such a number.
    """
    if type(batch) is not int or not 1 <= batch <= MAX_BATCH:
        raise OverrideError(f"batch is {batch!r:.40}; a whole number from 1 to {MAX_BATCH:,} is expected")
    return batch


def analyze_spec(
    spec: Spec,
    *,
    inputs: Sequence[str] = (),
    variables: Mapping[str, str | Number] | None = None,
    batch: int = 1,
    dtype: str = "fp32",
    optimizer: str = "sgd",
    profile: str = DEFAULT_PROFILE,
    open_sizes: bool = False,
    advise: bool = True,
) -> Report:
    """The report on the network that a spec describes.

    Args:
        spec: as `read_spec` gives it.
        inputs: as `build_network` takes them.
        variables: as `build_network` takes them.
        batch: as `analyze_network` takes it.
        dtype: as `analyze_network` takes it.
        optimizer: as `analyze_network` takes it.
        profile: the counting profile of `flops`.
        open_sizes: whether the spec may leave sizes of its inputs open; `other` of the report is another one then.
        advise: as `build_network` takes it.

    Raises:
        SpecError: something in the spec is wrong, or a size is left open.
        OverrideError: `inputs`, `variables` or `profile` do not fit.
    """

    def analyzed(sizes: Sequence[str]) -> Report:
        network, facts = build(spec, inputs=[*inputs, *sizes], variables=variables, advise=advise)
        report = analyze_network(network, batch=batch, dtype=dtype, optimizer=optimizer, facts=facts)
        if profile == DEFAULT_PROFILE:
            return report
        from cnncalc.analysis.counting import under_profile

        return under_profile(report, profile)

    names = left_open(spec, variables, inputs) if open_sizes else ()
    if not names:
        return analyzed(())
    from cnncalc.analysis.open_sizes import analyze_with_open_sizes

    return analyze_with_open_sizes(names, analyzed)


def analyze_network(
    network: Network, *, batch: int = 1, dtype: str = "fp32", optimizer: str = "sgd",
    facts: Iterable[Facts] | None = None,
) -> Report:  # fmt: skip
    """The report on a network.

    Args:
        network: as `build_network` gives it, or made by hand.
        batch: the number of inputs at once; multiplies elements, MACs and FLOPs.
        dtype: the number format, for figures in bytes.
        optimizer: the one whose state counts in the memory for training.
        facts: those of its nodes, as `build` gives them; they are derived if they are not given.

    Raises:
        ShapeError: a layer cannot take its input; never for a network of `build_network`.
        ValueError: a node of a network made by hand belongs to no row.
    """
    shapes: dict[str, Shape] = dict(network.inputs)
    layers: list[LayerReport] = []
    layout, value_bytes = network.layout, DTYPES[dtype]
    rows = [row.path for row in network.rows for _ in range(row.start, row.stop)]
    each = facts if facts is not None else _derived(network.nodes, shapes)
    for node, row, known in zip(network.nodes, rows, each, strict=True):
        shapes[node.path] = known.output
        own = known.without_weights() if node.weights else known
        layers.append(LayerReport(node, row, known.inputs, own, batch, layout, value_bytes))
    return Report(network=network, layers=tuple(layers), shapes=shapes, batch=batch, dtype=dtype, optimizer=optimizer)


def _derived(nodes: Iterable[Node], shapes: Mapping[str, Shape]) -> Iterator[Facts]:
    """The facts of each node; the shapes that enter it are known when its turn comes."""
    for node in nodes:
        yield facts_of(node.layer, tuple(map(shapes.__getitem__, node.inputs)))
