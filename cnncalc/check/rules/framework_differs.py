"""framework-differs: another framework would give this pool another size, or another mean."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.axes import by_axis, is_cut
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.errors import ShapeError
from cnncalc.layers.pooling import AvgPool, MaxPool

Sliding = AvgPool | MaxPool

HABITS = {
    "floor": {"ceil_caffe": "Caffe rounds pools up"},
    "ceil": {
        "floor": "TensorFlow and Keras can only round down",
        "ceil_caffe": "Caffe keeps the window that starts behind the input",
    },
    "ceil_caffe": {
        "floor": "TensorFlow and Keras can only round down",
        "ceil": "PyTorch's ceil_mode and ONNX drop the window that starts behind the input",
    },
}
"""By the rounding that the spec says, what other frameworks do, by the word for it here."""

MEAN = (
    "the mean counts the zeros of the padding, as in PyTorch and Caffe; TensorFlow, and ONNX by default, divide by the "
    "number of values on the map, as 'count_padding: false' does here"
)


def find(subject: Subject) -> Iterator[Remark]:
    """Report pools whose size depends on the rounding, and means that count the padding's zeros.

    A pool that rounds down is compared only where it leaves values of the map unread: where it
    leaves padding, as ResNet's does, Caffe's one window more would read next to nothing.
    """
    for path, axes in subject.windows.items():
        layer, pool = subject.layers[path], subject.layers[path].layer
        if not isinstance(pool, Sliding):
            continue
        is_padded = any(window.before or window.after for _, window in axes)
        matters = pool.rounding != "floor" or any(is_cut(window) for _, window in axes)
        elsewhere = _other_sizes(layer, pool) if matters else []
        if elsewhere:
            here = by_axis(layer.facts.output.spatial)
            rounded = "rounded down" if pool.rounding == "floor" else "rounded up"
            message = f"{pool.kind} gives {here}, {rounded}; {'; '.join(elsewhere)}; compare the sizes when you port it"
            yield Remark(layer.node, message, "rounding", inherited=True)
        elif isinstance(pool, AvgPool) and pool.count_padding and is_padded:
            yield Remark(layer.node, MEAN, "padding", inherited=True)


def _other_sizes(layer: LayerReport, pool: Sliding) -> list[str]:
    """What other frameworks make of the pool, where that is another size."""
    sizes = {habit: _rounded(layer, pool, rounding) for rounding, habit in HABITS[pool.rounding].items()}
    return [f"{habit}: {size}" for habit, size in sizes.items() if size != by_axis(layer.facts.output.spatial)]


def _rounded(layer: LayerReport, pool: Sliding, rounding: str) -> str:
    """The output's size with another rounding."""
    try:
        return by_axis(type(pool)(**vars(pool) | {"rounding": rounding}).output_shape(layer.inputs[0]).spatial)
    except ShapeError:
        return "no window fits"


RULE = Rule(
    id="framework-differs",
    severity="note",
    summary="Another framework would give this pool another size, or another mean.",
    reason=(
        "Frameworks agree on convolutions with numbers for padding, but not on pools whose stride does not divide. "
        "Caffe rounds them up, TensorFlow and Keras down, PyTorch and ONNX as they are told, and PyTorch drops a last "
        "window that Caffe keeps. A network that is ported without looking comes out one pixel smaller, or its flatten "
        "thousands of features larger. A mean over a padded window is divided by the whole window in PyTorch and "
        "Caffe, by the values on the map in TensorFlow, so that the borders differ. The sizes here are right for the "
        "rounding that the spec says. Source: BVLC/caffe issue 1318; PyTorch's MaxPool2d and AvgPool2d; ONNX opset 22."
    ),
    bad="input: {C: 64, H: 112, W: 112}\nlayers:\n- {maxpool: 3, stride: 2, rounding: ceil}\n",
    good="input: {C: 64, H: 113, W: 113}\nlayers:\n- {maxpool: 3, stride: 2, rounding: ceil}\n",
    find=find,
)
