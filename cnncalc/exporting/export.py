"""Exports of a network: the targets, and the text for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib import import_module
from os.path import splitext
from typing import NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.errors import ExportError


class ExportTarget(NamedTuple):
    """A target of exports.

    Attributes:
        module: has `written(report)`, which gives an `Exported`.
        suffix: of its files.
    """

    module: str
    suffix: str


class Exported(NamedTuple):
    """A network as text.

    Attributes:
        text: the whole file.
        notes: about things that the target cannot express.
        frozen: the paths of the layers that the text marks as not trained.
    """

    text: str
    notes: Sequence[str] = ()
    frozen: Collection[str] = ()


TARGETS = {
    "pytorch": ExportTarget("torch_code", ".py"),
    "keras": ExportTarget("keras_code", ".py"),
    "scale-sim": ExportTarget("scale_sim", ".csv"),
    "timeloop": ExportTarget("timeloop", ".yaml"),
}
"""The targets that are text."""

ONNX = "onnx"

MAX_LISTED = 200


def target_of(path: str) -> str:
    """The target that the name of a file means: the first that has its suffix; empty if none has."""
    suffixes = {**{target.suffix: word for word, target in reversed(TARGETS.items())}, ".onnx": ONNX}
    return suffixes.get(splitext(path)[1].lower(), "")


def exported(report: Report, to: str) -> Exported:
    """A network as text for a target, one of `TARGETS`.

    Raises:
        ExportError: the target has no equivalent for some of its layers; it lists them all.
    """
    made: Exported = import_module(f"cnncalc.exporting.{TARGETS[to].module}").written(report)
    left = [layer.path for layer in report.layers if layer.node.frozen and layer.facts.params]
    frozen = [path for path in left if path not in made.frozen]
    notes = [f"not written: {len(frozen)} layers have frozen weights, first {frozen[0]}"] if frozen else []
    return made._replace(notes=(*made.notes, *notes))


def require_said(title: str, refused: Sequence[tuple[LayerReport, str]]) -> None:
    """Raise ExportError if a target has no equivalent for some layers."""
    if not refused:
        return
    lines = [f"  {layer.path} (line {layer.node.line}): {why}" for layer, why in refused[:MAX_LISTED]]
    more = [f"  and {len(refused) - MAX_LISTED} more"] if len(refused) > MAX_LISTED else []
    layers = "a layer" if len(refused) == 1 else f"{len(refused)} layers"
    raise ExportError("\n".join([f"{title} has no equivalent for {layers}; nothing is written:", *lines, *more]))
