"""Adding of layers, for the readers of ONNX's operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, StoredTensor
from cnncalc.importing.readers.adding import Adding, Where
from cnncalc.importing.readers.merging import Learned
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed, declared, unmoved

WEIGHTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("Conv", "ConvTranspose", "Gemm", "MatMul"), ("weight", "bias")),
    **dict.fromkeys(("InstanceNormalization", "GroupNormalization", "LayerNormalization"), ("weight", "bias")),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"), "PRelu": ("weight",),
}  # fmt: skip
"""The weights of a layer, in the order in which an operator reads them after its value."""

NEUTRAL = {"weight": 1.0, "bias": 0.0}
"""The factor and the offset that change nothing: an exporter makes them for norms that learn none."""

STATISTICS = ("running_mean", "running_var")
"""The ends of the names of statistics, which an exporter takes for other constants with the same values."""


class OnnxAdding(Adding):
    """Adds layers to a graph."""

    def __init__(self, builder: GraphBuilder) -> None:
        super().__init__(builder, sharing=False)
        self._used: dict[str, ModelPlace] = {}

    def unknown(self, operator: OnnxNode, values: list[Viewed], words: str) -> Viewed:
        """The output of an operator that the language does not know."""
        dims = operator.shapes[0] if operator.shapes else None
        shape = declared(dims)
        nodes = [value.node for value in values]
        return unmoved(self.builder.unknown(words, nodes, operator.at, shape), dims if shape else None)

    def where(self, operator: OnnxNode) -> Where:
        """The place of an operator, with its weights."""
        label = ".".join(operator.scope) or operator.at.text.removeprefix("node ")
        dims = operator.shapes[0] if operator.shapes else None
        where = {"at": operator.at, "scope": operator.scope, "label": label, "declared": declared(dims)}
        return where | {"tensors": self.tensors(operator)}

    def add(self, kind: str, operator: OnnxNode, *values: Viewed, **settings: Any) -> Viewed:
        """The value of a layer that needs its inputs in the order of the graph."""
        return self.layer(kind, values, settings, self.where(operator))

    def elementwise(self, kind: str, operator: OnnxNode, x: Viewed, **settings: Any) -> Viewed:
        """The value of a layer that treats each value, or the channels at each place, alike."""
        return self.alike(kind, x, settings, self.where(operator))

    def learned(self, operator: OnnxNode, index: int) -> Learned:
        """A constant that is added or multiplied."""
        return Learned(self.weight(operator, index) or (), self.tensor(operator, index))

    def tensors(self, operator: OnnxNode) -> dict[str, StoredTensor]:
        """The weights of a layer: constants of its operator in the order of its inputs."""
        words = WEIGHTS.get(operator.word, ())
        found = {word: self.tensor(operator, number) for number, word in enumerate(words, start=1)}
        tensors = {word: tensor for word, tensor in found.items() if tensor is not None}
        if operator.word.endswith("Normalization"):
            tensors = {word: tensor for word, tensor in tensors.items() if not self._is_made(operator, word)}
        if operator.word == "MatMul" or (operator.word == "Gemm" and not operator.attributes.get("transB", 0)):
            tensors |= {"weight": self.tensor(operator, 1, (1, 0)) or StoredTensor("")}
        scaled = any(operator.attributes.get(name, 1) != 1 for name in ("alpha", "beta"))
        return dict.fromkeys(tensors, StoredTensor("")) if operator.word == "Gemm" and scaled else tensors

    def _is_made(self, operator: OnnxNode, word: str) -> bool:
        """Whether a factor or an offset of a norm is made by the exporter, not a weight of the model."""
        constant = operator.constant(WEIGHTS[operator.word].index(word) + 1)
        if constant is None or word not in NEUTRAL:
            return False
        return constant.filling == NEUTRAL[word] or constant.name.endswith(STATISTICS)

    def tensor(self, operator: OnnxNode, index: int, axes: tuple[int, ...] = ()) -> StoredTensor | None:
        """An input that is a constant, with its axes in another order."""
        constant = operator.constant(index)
        if constant is None:
            return None
        order = tuple(constant.axes[axis] for axis in axes) if constant.axes and axes else constant.axes or axes
        return StoredTensor(constant.name if constant.kept else "", order, constant.view or constant.dims)

    def weight(self, operator: OnnxNode, index: int) -> tuple[int, ...] | None:
        """The dims of a weight; a note is made if another node reads it, too."""
        constant = operator.constant(index)
        if constant is None:
            return None
        first = self._used.setdefault(constant.name, operator.at)
        if first != operator.at and len(constant.dims) > 1:
            self.builder.note(
                "a tensor that several nodes read is counted for each: shared weights look the same as equal ones",
                operator.at,
            )
        return constant.dims

    def window(self, operator: OnnxNode, kernel: list[int], rank: int) -> dict[str, Any]:
        """Kernel, stride, padding and dilation."""
        strides, dilations = operator.numbers("strides") or [1] * rank, operator.numbers("dilations") or ()
        window: dict[str, Any] = {"kernel": tuple(kernel), "stride": tuple(strides)}
        auto = operator.attributes.get("auto_pad", "NOTSET")
        pads = operator.numbers("pads") or [0] * (2 * rank)
        if auto in ("SAME_UPPER", "SAME_LOWER"):
            window["padding"] = "same" if auto == "SAME_UPPER" else "same_lower"
        elif auto != "VALID":
            window["padding"] = tuple(zip(pads[:rank], pads[rank:], strict=False))
        if any(n != 1 for n in dilations):
            window["dilation"] = tuple(dilations)
        return window


Reader = Callable[[OnnxAdding, OnnxNode, Viewed], Any]
"""A reader: the output of an operator, a list of several, or None if the language has no kind for it."""


def short(value: Any) -> float:
    """A number as it was before it was stored in 32 bits: 0.001, not 0.0010000000474974513."""
    return float(f"{value:.6g}") if isinstance(value, int | float) else 0.0
