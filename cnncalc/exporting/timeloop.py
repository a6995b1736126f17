"""A network as problems of Timeloop: a YAML document for each convolution and fully connected layer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.export import Exported, require_said
from cnncalc.exporting.parts import identifier

SHAPE = """\
  shape:
    name: CNN_Layer
    dimensions: [C, M, R, S, N, P, Q]
    coefficients:
    - {name: Wstride, default: 1}
    - {name: Hstride, default: 1}
    - {name: Wdilation, default: 1}
    - {name: Hdilation, default: 1}
    data-spaces:
    - name: Weights
      projection: [[[C]], [[M]], [[R]], [[S]]]
    - name: Inputs
      projection:
      - [[N]]
      - [[C]]
      - [[R, Wdilation], [P, Wstride]]
      - [[S, Hdilation], [Q, Hstride]]
    - name: Outputs
      projection: [[[N]], [[M]], [[Q]], [[P]]]
      read-write: true
"""

LIMITS = (
    "each document is one problem: give Timeloop one of them at a time",
    "R and P are widths, S and Q heights; the padding is in the sizes of the inputs",
    "of a layer with groups, as a depthwise one, the problem is one group; its comment says how many there are",
)

KINDS = ("conv", "depthwise", "fc")


def written(report: Report) -> Exported:
    """The problems of a network, with notes on their limits."""
    require_said("Timeloop", [(layer, why) for layer in report.layers if (why := _reason(layer))])
    documents = [_problem(layer) for layer in report.layers if layer.kind in KINDS]
    left = Counter(layer.kind for layer in report.layers if layer.kind not in KINDS)
    others = ", ".join(f"{kind} ×{number}" for kind, number in left.items())
    notes = [*LIMITS, *([f"left out, as they are not such a problem: {others}"] if others else [])]
    return Exported("---\n".join(documents), notes)


def _reason(layer: LayerReport) -> str:
    """The reason why a layer that multiplies is not such a problem; empty if it is one, or multiplies nothing."""
    if layer.kind not in KINDS:
        return "" if not layer.facts.macs else f"{layer.kind} is not a convolution"
    settings: Any = layer.layer
    if layer.kind != "fc" and len(settings.kernel) > 2:
        return "the shape has two axes"
    return "the shape has no connections of single maps" if getattr(settings, "connections", None) else ""


def _problem(layer: LayerReport) -> str:
    settings: Any = layer.layer
    x, out, groups = layer.inputs[0], layer.output, 1
    (s, r), (h, w), (dh, dw) = (1, 1), (1, 1), (1, 1)
    if layer.kind != "fc":
        (s, r), (h, w), (dh, dw) = map(_two, (settings.kernel, settings.stride, settings.dilation))
        groups = x.channels if layer.kind == "depthwise" else settings.groups
    q, p = _two(out.spatial)
    sizes = {"C": x.channels // groups, "M": out.channels // groups, "R": r, "S": s, "N": layer.batch, "P": p, "Q": q}
    given = {**sizes, "Wstride": w, "Hstride": h, "Wdilation": dw, "Hdilation": dh}
    comment = f"# {identifier(layer.path)}" + (f": one of {groups} groups" if groups > 1 else "")
    instance = "".join(f"    {name}: {number}\n" for name, number in given.items())
    return f"{comment}\nproblem:\n{SHAPE}  instance:\n{instance}"


def _two(sizes: tuple[int, ...]) -> tuple[int, int]:
    """Sizes for two axes."""
    height, width = (1, 1, *sizes)[-2:]
    return height, width
