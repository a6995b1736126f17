"""framework-differs: another framework would give this pool another size, or another mean."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject, is_cut
from cnncalc.errors import ShapeError
from cnncalc.layers.pooling import AvgPool, MaxPool
from cnncalc.shapes import by_axis

DROPPED = {
    "floor": "TensorFlow and Keras can only round down",
    "ceil": "PyTorch's ceil_mode and ONNX drop the window that starts after the input",
}
HABITS = {
    "floor": {"ceil_caffe": "Caffe rounds pools up"},
    "ceil": {
        "floor": "TensorFlow and Keras can only round down",
        "ceil_caffe": "Caffe keeps the window that starts after the input",
    },
    "ceil_caffe": DROPPED,
    "ceil_full": DROPPED,
}
"""By the rounding of the spec: the roundings of other frameworks, by the word for each here."""

MEAN = (
    "the mean counts the zeros of the padding, as in PyTorch and Caffe; TensorFlow, and ONNX by default, divide by the "
    "number of values on the map, as 'count_padding: false' does here"
)


@rule("note")
def framework_differs(subject: Subject) -> Iterator[Complaint]:
    """Report pools whose size depends on the rounding, and means that count the padding's zeros.

    A pool that rounds down is compared only if it leaves values of the map unread: if it leaves
    padding, as ResNet's does, Caffe's one window more would read next to nothing.
    """
    for layer in subject.layers_of((AvgPool.kind, MaxPool.kind)):
        pool, windows = layer.layer, [window for _, window in layer.facts.windows]
        assert isinstance(pool, AvgPool | MaxPool)
        matters = pool.rounding != "floor" or any(map(is_cut, windows))
        elsewhere = _other_sizes(layer, pool) if matters else []
        if elsewhere:
            rounded = "rounded down" if pool.rounding == "floor" else "rounded up"
            here = f"{pool.kind} gives {by_axis(layer.facts.output.spatial)}, {rounded}"
            message = f"{here}; {'; '.join(elsewhere)}; compare the sizes when you port it"
            yield Complaint(layer.node, message, "rounding", inherited=True)
        elif isinstance(pool, AvgPool) and pool.count_padding and any(w.before or w.after for w in windows):
            yield Complaint(layer.node, MEAN, "padding", inherited=True)


def _other_sizes(layer: LayerReport, pool: AvgPool | MaxPool) -> list[str]:
    """The sizes that other frameworks give the pool, if they differ."""
    sizes = {habit: _rounded(layer, pool, rounding) for rounding, habit in HABITS[pool.rounding].items()}
    return [f"{habit}: {size}" for habit, size in sizes.items() if size != by_axis(layer.facts.output.spatial)]


def _rounded(layer: LayerReport, pool: AvgPool | MaxPool, rounding: str) -> str:
    """The output's size with another rounding."""
    try:
        return by_axis(type(pool)(**vars(pool) | {"rounding": rounding}).output_shape(layer.inputs[0]).spatial)
    except ShapeError:
        return "no window fits"
