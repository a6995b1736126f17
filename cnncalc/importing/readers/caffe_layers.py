"""The layers of Caffe in the words of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import RefusedModel
from cnncalc.importing.readers.caffe_text import Message
from cnncalc.shapes import Shape

V1_NAMES = {
    "bnll": "bnll", "inner_product": "innerproduct", "softmax_loss": "softmaxwithloss", "hdf5_data": "hdf5data",
    "image_data": "imagedata", "window_data": "windowdata", "memory_data": "memorydata", "tanh": "tanh",
}  # fmt: skip
"""The names of version 1 that are more than a name of version 2 in capitals."""

ACTIVATIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu6": "relu6", "swish": "silu"}


class CaffeLayers:
    """Adds layers to a graph, and keeps those whose weights have names."""

    def __init__(self, builder: GraphBuilder) -> None:
        self.builder = builder
        self._shared: dict[tuple[str, ...], str] = {}

    def values(self, layer: Message, inputs: list[str], count: int) -> list[str]:
        """The values that a layer gives."""
        word = type_of(layer)
        if word in ACTIVATIONS:
            return [self.add(ACTIVATIONS[word], layer, inputs)]
        reader = READERS.get(word)
        return (
            reader(self, layer, inputs)
            if reader is not None
            else [self.builder.unknown(layer.text("type"), inputs, layer.at)] * count
        )

    def add(self, kind: str, layer: Message, inputs: Sequence[str], **settings: object) -> str:
        """The values of a layer that shares no weights."""
        return self.builder.add(kind, inputs, settings, at=layer.at, label=layer.text("name"))

    def _shares(self, layer: Message) -> str:
        """The value of the layer whose weights a layer uses again: both have one name for them."""
        names = tuple(filter(None, (param.text("name") for param in layer.messages("param"))))
        return self._shared.get(names, "") if names else ""

    def weighty(self, kind: str, layer: Message, inputs: Sequence[str], **settings: object) -> str:
        """The values of a layer whose weights may have names."""
        shares = self._shares(layer)
        value = self.builder.add(kind, inputs, settings, at=layer.at, label=layer.text("name"), shares=shares)
        names = tuple(filter(None, (param.text("name") for param in layer.messages("param"))))
        self._shared.setdefault(names, value)
        return value


Reader = Callable[[CaffeLayers, Message, list[str]], list[str]]
"""A reader that gives the values of a layer."""


def type_of(layer: Message) -> str:
    """The type in lower case without underscores, the same for both versions."""
    word = layer.text("type").lower()
    return V1_NAMES.get(word, word).replace("_", "")


def _window(caffe: CaffeLayers, param: Message, rank: int) -> dict[str, object]:
    """Kernel, stride and padding of a window."""
    window: dict[str, object] = {}
    for name, word, default in (("kernel", "kernel_size", None), ("stride", "stride", 1), ("padding", "pad", 0)):
        short = word.partition("_")[0]
        sizes = param.numbers(word)
        if f"{short}_h" in param.fields or f"{short}_w" in param.fields:
            sizes = [param.number(f"{short}_h", default), param.number(f"{short}_w", default)]
        if not sizes and default is None:
            raise RefusedModel((param.at, "kernel_size is missing"))
        window[name] = tuple(sizes or [default]) * (rank if len(sizes) < 2 else 1)
    return window


def _convolution(caffe: CaffeLayers, layer: Message, inputs: list[str], kind: str = "conv") -> list[str]:
    param, rank = layer.inner("convolution_param"), caffe.builder.rank(inputs[0])
    window = _window(caffe, param, rank)
    dilation = tuple(param.numbers("dilation") or [1])
    groups = param.number("group", 1)
    if type_of(layer).endswith("depthwiseconvolution") or type_of(layer) == "convolutiondepthwise":
        groups = caffe.builder.channels(inputs[0]) or 1
    return [caffe.weighty(
        kind, layer, inputs[:1], filters=param.number("num_output"), **window, groups=groups,
        dilation=dilation * (rank if len(dilation) == 1 else 1), bias=param.flag("bias_term", True),
    )]  # fmt: skip


def _deconvolution(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return _convolution(caffe, layer, inputs, "deconv")


def _pooling(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("pooling_param")
    method = param.text("pool", "MAX").upper()
    kind = {"MAX": "maxpool", "0": "maxpool", "AVE": "avgpool", "1": "avgpool"}.get(method)
    if kind is None:
        return [caffe.builder.unknown(f"pool: {method}", inputs, layer.at)]
    if param.flag("global_pooling", False):
        return [caffe.add(f"global_{kind}", layer, inputs)]
    window = _window(caffe, param, caffe.builder.rank(inputs[0]))
    floor = not param.flag("ceil_mode", True) or param.text("round_mode", "CEIL").upper() in ("FLOOR", "1")
    if not floor:
        window["rounding"] = "ceil"
    return [caffe.add(kind, layer, inputs, **window)]


def _innerproduct(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("inner_product_param")
    vector = caffe.builder.vector(inputs[0], layer.at)
    features, bias = param.number("num_output"), param.flag("bias_term", True)
    return [caffe.weighty("fc", layer, [vector], features=features, bias=bias)]


def _relu(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    slope = layer.inner("relu_param").real("negative_slope", 0)
    return [caffe.add("leaky_relu", layer, inputs, slope=slope) if slope else caffe.add("relu", layer, inputs)]


def _prelu(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    if layer.inner("prelu_param").flag("channel_shared", False):
        return [caffe.add("prelu", layer, inputs, slopes="one")]
    return [caffe.add("prelu", layer, inputs)]


def _elu(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("elu", layer, inputs, alpha=layer.inner("elu_param").real("alpha", 1))]


def _lrn(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("lrn_param")
    size = param.number("local_size", 5)
    if param.text("norm_region").upper() in ("WITHIN_CHANNEL", "1"):
        caffe.builder.note("LRN within a channel is written as LRN across channels", layer.at)
    alpha = param.real("alpha", 1) / max(size, 1)
    return [
        caffe.add("lrn", layer, inputs, size=size, alpha=alpha, beta=param.real("beta", 0.75), k=param.real("k", 1))
    ]


def _batchnorm(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("bn", layer, inputs, affine=False, eps=layer.inner("batch_norm_param").real("eps", 1e-5))]


def _bn(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("bn", layer, inputs)]


def _scale(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    if len(inputs) > 1:
        return [_product(caffe, layer, inputs)]
    return [caffe.add("scale", layer, inputs, bias=layer.inner("scale_param").flag("bias_term", False))]


def _axpy(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    gated = caffe.builder.add("mul", [inputs[1], inputs[0]], at=layer.at)
    return [caffe.add("add", layer, [gated, inputs[2]])]


def _eltwise(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    """Values joined place by place, each times its coefficient if they are added."""
    param = layer.inner("eltwise_param")
    word = param.text("operation", "SUM").upper()
    kind = {"SUM": "add", "1": "add", "PROD": "mul", "0": "mul", "MAX": "maximum", "2": "maximum"}.get(word)
    if kind is None:
        return [caffe.builder.unknown(f"Eltwise {word}", inputs, layer.at)]
    factors = param.reals("coeff") if kind == "add" else []
    if factors and len(factors) != len(inputs):
        raise RefusedModel((param.at, f"{len(factors)} values of coeff for {len(inputs)} inputs"))
    scaled = [
        value if factor == 1 else caffe.builder.add("rescale", [value], {"factor": factor}, at=layer.at)
        for value, factor in zip(inputs, factors or [1.0] * len(inputs), strict=True)
    ]
    return [caffe.add(kind, layer, scaled)]


def _power(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("power_param")
    if param.real("power", 1) != 1:
        return [caffe.builder.unknown("Power with another power than 1", inputs, layer.at)]
    factor, offset = param.real("scale", 1), param.real("shift", 0)
    return [caffe.add("rescale", layer, inputs, factor=factor, offset=offset)]


def _bnll(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("softplus", layer, inputs)]


def _clip(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("clip_param")
    low, high = param.real("min", 0), param.real("max", 0)
    if (low, high) == (0, 6):
        return [caffe.add("relu6", layer, inputs)]
    return [caffe.add("hardtanh", layer, inputs, low=low, high=high)]


def _shufflechannel(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("shuffle", layer, inputs, groups=layer.inner("shuffle_channel_param").number("group", 1))]


def _concat(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param = layer.inner("concat_param")
    axis = param.number("axis", param.number("concat_dim", 1))
    if axis != 1:
        return [caffe.builder.unknown(f"Concat on axis {axis}", inputs, layer.at)]
    return [caffe.add("concat", layer, inputs) if len(inputs) > 1 else inputs[0]]


def _slice(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    param, tops = layer.inner("slice_param"), layer.texts("top")
    channels = caffe.builder.channels(inputs[0])
    if param.number("axis", param.number("slice_dim", 1)) != 1 or channels is None:
        return [caffe.builder.unknown("Slice", inputs, layer.at)] * len(tops)
    points = param.numbers("slice_point") or [channels * i // len(tops) for i in range(1, len(tops))]
    ranges = zip([0, *points], [*points, channels], strict=True)
    return [caffe.add("slice", layer, inputs, channels=pair) for pair in ranges]


def _dropout(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("dropout", layer, inputs, rate=layer.inner("dropout_param").real("dropout_ratio", 0.5))]


def _softmax(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.add("softmax", layer, inputs)]


def _flatten(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return [caffe.builder.vector(inputs[0], layer.at)]


def _split(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    return inputs[:1] * len(layer.texts("top"))


def _reshape(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> list[str]:
    dims = layer.inner("reshape_param").inner("shape").numbers("dim")
    shape = caffe.builder.shapes[inputs[0]]
    if shape is None or len(dims) < 2 or dims[0] not in (0, -1, 1):
        return [caffe.builder.unknown("Reshape", inputs, layer.at)]
    given = (0, *shape.sizes())
    sizes = [given[i] if size == 0 and i < len(given) else size for i, size in enumerate(dims)][1:]
    known = 1
    for size in sizes:
        known *= size if size > 0 else 1
    sizes = [size if size > 0 else shape.elements // max(known, 1) for size in sizes]
    return [caffe.add("reshape", layer, inputs, size=Shape.of(tuple(sizes)))]


def _product(caffe: CaffeLayers, layer: Message, inputs: list[str]) -> str:
    """A map times a gate that may have lost its axes."""
    gate = caffe.builder.shapes[inputs[1]]
    rank = caffe.builder.rank(inputs[0])
    if gate is not None and not gate.spatial and rank:
        size = Shape(gate.channels, (1,) * rank)
        inputs = [inputs[0], caffe.builder.add("reshape", inputs[1:2], {"size": size}, at=layer.at)]
    return caffe.add("mul", layer, inputs)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("convolution", "depthwiseconvolution", "convolutiondepthwise"), _convolution),
    "deconvolution": _deconvolution,
    "pooling": _pooling,
    "innerproduct": _innerproduct,
    "relu": _relu,
    "prelu": _prelu,
    "elu": _elu,
    "lrn": _lrn,
    "batchnorm": _batchnorm,
    "bn": _bn,
    "scale": _scale,
    "axpy": _axpy,
    "eltwise": _eltwise,
    "power": _power,
    "bnll": _bnll,
    "clip": _clip,
    "shufflechannel": _shufflechannel,
    "concat": _concat,
    "slice": _slice,
    "dropout": _dropout,
    "softmax": _softmax,
    "flatten": _flatten,
    "split": _split,
    "reshape": _reshape,
}
"""The reader of each type of layer."""
