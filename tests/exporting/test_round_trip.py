"""Exported code, read back from its source: the same network."""

import re

import pytest
from bundled import NAMES, ONE_OF_EACH, report_of

import cnncalc
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.errors import ExportError
from cnncalc.exporting.export import exported
from cnncalc.importing.files import ImportOptions, import_model

MOVING = ("zeropad", "slice", "crop", "permute", "flatten", "shuffle", "reshape", "avgpool", "adaptive_avgpool")
"""Kinds that only move values, or stand for a pool of one value: a framework may need others for the same."""

WINDOWS = ("maxvit_t", "swin_b", "swin_s", "swin_t", "swin_v2_b", "swin_v2_s", "swin_v2_t")
REFUSED = {"pytorch": WINDOWS, "keras": (*WINDOWS, "segnet", "vgg_s")}
"""Architectures that a framework has no layers for: windowed attention, unpooling, a pool that rounds up."""

UNREAD = {
    "pytorch": ("segnet",),  # the places of maxima
    "keras": (),
}
"""Architectures whose code does what import has no reader for."""


def layers_of(report: cnncalc.Report) -> list[tuple[str, tuple[int, ...], int, int, int]]:
    """Kind, output, params, buffers and MACs of all layers but those that move values, in one order."""
    found = [
        (_kind(layer), layer.output.sizes(), layer.params, layer.buffers, layer.macs)
        for layer in report.layers
        if layer.kind not in MOVING
    ]
    return sorted(found)


def _kind(layer: LayerReport) -> str:
    """The kind of a layer; a dense layer on the places of a sequence is a convolution of one to Keras' reader."""
    return "fc" if getattr(layer.layer, "kernel", ()) == (1,) and layer.kind == "conv" else layer.kind


def read_back(name: str, to: str) -> cnncalc.Report:
    """The report on the code of an architecture."""
    report = report_of(name)
    code = exported(report, to).text
    made = re.findall(r"^(?:class|def) (\w+)", code, re.MULTILINE)[-1]
    (shape,) = report.network.inputs.values()
    options = ImportOptions(model=made, input=shape.sizes()) if to == "pytorch" else ImportOptions(model=f"{made}()")
    return cnncalc.analyze(text=import_model(f"{name}.py", code.encode(), options).text)


@pytest.mark.parametrize(
    ("to", "name"),
    [pytest.param(to, name, marks=() if name in ONE_OF_EACH else pytest.mark.slow) for to in REFUSED for name in NAMES],
)
def test_code_is_read_back_as_the_same_network(to: str, name: str) -> None:
    if name in REFUSED[to]:
        with pytest.raises(ExportError):
            exported(report_of(name), to)
        return
    if name in UNREAD[to]:
        assert exported(report_of(name), to).text
        return
    found, expected = read_back(name, to), report_of(name)
    assert layers_of(found) == layers_of(expected)
