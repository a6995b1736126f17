"""Network → Report: the figures of every layer, in one pass over the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from cnncalc.analysis.layer_report import Facts, LayerReport
from cnncalc.analysis.memory import DTYPES
from cnncalc.analysis.report import DEFAULT_PROFILE, Report
from cnncalc.errors import OverrideError
from cnncalc.language.expressions import Number
from cnncalc.language.model import Spec
from cnncalc.layers.base import Layer
from cnncalc.network.build import build
from cnncalc.network.inputs import open_sizes as left_open
from cnncalc.network.model import Network
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
        network, shapes = build(spec, inputs=[*inputs, *sizes], variables=variables, advise=advise)
        report = analyze_network(network, batch=batch, dtype=dtype, optimizer=optimizer, outputs=shapes)
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
    outputs: Mapping[str, Shape | None] = {},
) -> Report:  # fmt: skip
    """The report on a network.

    Args:
        network: as `build_network` gives it, or made by hand.
        batch: the number of inputs at once; multiplies elements, MACs and FLOPs.
        dtype: the number format, for figures in bytes.
        optimizer: the one whose state counts in the memory for training.
        outputs: the shapes that are known already, by path, as `build` gives them.

    Raises:
        ShapeError: a layer cannot take its input; never for a network of `build_network`.
        ValueError: a node of a network made by hand belongs to no row.
    """
    shapes: dict[str, Shape] = dict(network.inputs)
    known: dict[tuple[int, tuple[Shape, ...]], Facts] = {}
    layers: list[LayerReport] = []
    value_bytes = DTYPES[dtype]
    rows = [row.path for row in network.rows for _ in range(row.start, row.stop)]
    for node, row in zip(network.nodes, rows, strict=True):
        inputs = tuple(map(shapes.__getitem__, node.inputs))
        # Equal lines share one layer object, so that most facts are derived once.
        key = (id(node.layer), inputs)
        facts = known.get(key)
        if facts is None:
            facts = known[key] = layer_facts(node.layer, inputs, outputs.get(node.path))
        shapes[node.path] = facts.output
        if node.weights:
            facts = facts._replace(params=0, buffers=0)  # they are counted once, at their first use
        layers.append(LayerReport(node, row, inputs, facts, batch, network.layout, value_bytes))
    return Report(network=network, layers=tuple(layers), shapes=shapes, batch=batch, dtype=dtype, optimizer=optimizer)


def layer_facts(layer: Layer, inputs: tuple[Shape, ...], output: Shape | None = None) -> Facts:
    """The facts that follow from a layer and its input shapes; its output shape may be known already.

    Raises:
        ShapeError: the layer cannot take them.
    """
    if output is None:
        output = layer.output_shape(*inputs)
    weights = layer.weight_shapes(*inputs)
    params = buffers = 0
    for weight in weights.values():
        if weight.learned:
            params += prod(weight.shape)
        else:
            buffers += prod(weight.shape)
    return Facts(output=output, weights=weights, params=params, buffers=buffers, macs=layer.macs(*inputs))
