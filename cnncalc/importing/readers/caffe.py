"""Caffe: prototxt files with V1 and V2 layers, also mixed, for training and for use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel
from cnncalc.importing.readers.caffe_text import Message, read_message

V1_NAMES = {
    "bnll": "bnll", "inner_product": "innerproduct", "softmax_loss": "softmaxwithloss", "hdf5_data": "hdf5data",
    "image_data": "imagedata", "window_data": "windowdata", "memory_data": "memorydata", "tanh": "tanh",
}  # fmt: skip
"""The names of version 1 that are more than a name of version 2 in capitals."""

LOSSES = ("loss", "accuracy", "silence")
"""What the type of a layer ends in that is for training only."""

DATA = ("data", "imagedata", "hdf5data", "memorydata", "windowdata", "lmdb", "annotateddata", "dummydata")

DATA_SETS = {"mnist": (1, 28, 28), "cifar": (3, 32, 32)}
"""The shape that a database has by its name."""

ACTIVATIONS = {"sigmoid": "sigmoid", "tanh": "tanh", "relu6": "relu6", "swish": "silu"}


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a prototxt file."""
    return _Caffe(read_message(content.decode("utf-8", "replace")), given).graph()


def _type(layer: Message) -> str:
    """The type in lower case without underscores, the same for both versions."""
    word = layer.text("type").lower()
    return V1_NAMES.get(word, word).replace("_", "")


def _is_wanted(layer: Message) -> bool:
    """Whether a layer is there when the network is used."""
    included = layer.messages("include")
    phases = [rule.text("phase").upper() for rule in included if "phase" in rule.fields]
    excluded = [rule.text("phase").upper() for rule in layer.messages("exclude") if len(rule.fields) == 1]
    return ("TEST" in phases or not phases) and "TEST" not in excluded


@final
class _Caffe:
    def __init__(self, root: Message, given: Sequence[int]) -> None:
        self._root = root
        self._builder = GraphBuilder("Caffe", root.text("name"), given=given)
        self._blobs: dict[str, str] = {}
        self._read: set[str] = set()
        self._shared: dict[tuple[str, ...], str] = {}

    def graph(self) -> ModelGraph:
        """The graph of all layers that are there when the network is used."""
        layers = sorted(self._layers(), key=lambda layer: (layer.at.line, layer.at.column))
        self._inputs()
        for layer in layers:
            if _is_wanted(layer):
                self._layer(layer)
        outputs = [value for blob, value in self._blobs.items() if value not in self._read]
        inputs = {value for value in outputs if value in self._builder.graph_inputs}
        return self._builder.graph([value for value in outputs if value not in inputs])

    def _layers(self) -> list[Message]:
        return [*self._root.messages("layer"), *self._root.messages("layers")]

    def _inputs(self) -> None:
        """`input:` with `input_dim:` or `input_shape`."""
        names, dims = self._root.texts("input"), self._root.numbers("input_dim")
        shapes = [shape.numbers("dim") for shape in self._root.messages("input_shape")]
        shapes = shapes or [dims[start : start + 4] for start in range(0, len(dims), 4)]
        for name, shape in zip(names, shapes, strict=False):
            self._input(name, shape, ModelPlace())

    def _input(self, blob: str, shape: Sequence[int], at: ModelPlace) -> None:
        if len(shape) > 1:
            if shape[0] > 1:
                self._builder.note(f"the batch of {shape[0]} in the file is left out", at)
            self._blobs[blob] = self._builder.input(blob, shape[1:], at)

    def _layer(self, layer: Message) -> None:
        word, tops = _type(layer), layer.texts("top")
        if word == "input":
            for number, top in enumerate(tops):
                shapes = layer.inner("input_param").messages("shape")
                self._input(top, shapes[min(number, len(shapes) - 1)].numbers("dim") if shapes else [], layer.at)
        elif word in DATA:
            self._data(layer)
        elif word.endswith(LOSSES):
            self._builder.note(f"{layer.text('type')} is for training and left out", layer.at)
            self._read.update(self._blobs[blob] for blob in layer.texts("bottom") if self._is_label(blob))
        else:
            self._operation(layer, word)

    def _is_label(self, blob: str) -> bool:
        return blob in self._blobs and self._blobs[blob] in self._builder.graph_inputs

    def _data(self, layer: Message) -> None:
        """A data layer: its shape is in the file only as far as it crops."""
        tops = layer.texts("top")
        if not tops or tops[0] in self._blobs:
            return
        crop = max(
            layer.inner(name).number("crop_size", 0) for name in ("transform_param", "data_param", "image_data_param")
        )
        source = " ".join(
            layer.inner(name).text("source") for name in ("data_param", "image_data_param", "hdf5_data_param")
        )
        known = next((shape for word, shape in DATA_SETS.items() if word in source.lower()), None)
        if self._builder.given:
            self._blobs[tops[0]] = self._builder.input(tops[0], (), layer.at)
            return
        if not known and not crop:
            message = "the shape of the data is not in the file; give it as --input CxHxW"
            raise RefusedModel((layer.at, message))
        shape = (known[0] if known else 3, crop, crop) if crop else known
        assert shape is not None
        what = "channels" if crop else "shape"
        self._builder.note(f"assumed: {what} of the input, which the data layer does not say", layer.at)
        self._blobs[tops[0]] = self._builder.input(tops[0], shape, layer.at)

    def _operation(self, layer: Message, word: str) -> None:
        inputs = [self._blob(blob, layer) for blob in layer.texts("bottom")]
        self._read.update(inputs)
        reader: Callable[[Message, list[str]], list[str]] | None = getattr(self, f"_on_{word}", None)
        tops = layer.texts("top") or [layer.text("name")]
        if not inputs:
            raise RefusedModel((layer.at, f"{layer.text('type'):.40} reads nothing: it has no bottom"))
        if reader is not None:
            values = reader(layer, inputs)
        elif word in ACTIVATIONS:
            values = [self._add(ACTIVATIONS[word], layer, inputs)]
        else:
            value = self._builder.unknown(layer.text("type"), inputs, layer.at)
            values = [value] * len(tops)
        self._blobs.update(zip(tops, values, strict=False))

    def _blob(self, blob: str, layer: Message) -> str:
        if blob not in self._blobs:
            raise RefusedModel((layer.at, f"'{blob:.40}' is no top of a layer above"))
        return self._blobs[blob]

    def _add(self, kind: str, layer: Message, inputs: Sequence[str], **settings: object) -> str:
        return self._builder.add(kind, inputs, settings, at=layer.at, label=layer.text("name"))

    def _shares(self, layer: Message) -> str:
        """The value of the layer whose weights a layer uses again: both call them by one name."""
        names = tuple(filter(None, (param.text("name") for param in layer.messages("param"))))
        return self._shared.get(names, "") if names else ""

    def _weighty(self, kind: str, layer: Message, inputs: Sequence[str], **settings: object) -> str:
        """A layer whose weights may have names."""
        shares = self._shares(layer)
        value = self._builder.add(kind, inputs, settings, at=layer.at, label=layer.text("name"), shares=shares)
        names = tuple(filter(None, (param.text("name") for param in layer.messages("param"))))
        self._shared.setdefault(names, value)
        return value

    def _window(self, param: Message, rank: int) -> dict[str, object]:
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

    def _on_convolution(self, layer: Message, inputs: list[str], kind: str = "conv") -> list[str]:
        param, rank = layer.inner("convolution_param"), self._builder.rank(inputs[0])
        window = self._window(param, rank)
        dilation = tuple(param.numbers("dilation") or [1])
        groups = param.number("group", 1)
        if _type(layer).endswith("depthwiseconvolution") or _type(layer) == "convolutiondepthwise":
            groups = self._builder.channels(inputs[0]) or 1
        return [self._weighty(
            kind, layer, inputs[:1], filters=param.number("num_output"), **window, groups=groups,
            dilation=dilation * (rank if len(dilation) == 1 else 1), bias=param.flag("bias_term", True),
        )]  # fmt: skip

    _on_depthwiseconvolution = _on_convolutiondepthwise = _on_convolution

    def _on_deconvolution(self, layer: Message, inputs: list[str]) -> list[str]:
        return self._on_convolution(layer, inputs, "deconv")

    def _on_pooling(self, layer: Message, inputs: list[str]) -> list[str]:
        param = layer.inner("pooling_param")
        method = param.text("pool", "MAX").upper()
        kind = {"MAX": "maxpool", "0": "maxpool", "AVE": "avgpool", "1": "avgpool"}.get(method)
        if kind is None:
            return [self._builder.unknown(f"pool: {method}", inputs, layer.at)]
        if param.flag("global_pooling", False):
            return [self._add(f"global_{kind}", layer, inputs)]
        window = self._window(param, self._builder.rank(inputs[0]))
        floor = not param.flag("ceil_mode", True) or param.text("round_mode", "CEIL").upper() in ("FLOOR", "1")
        if not floor:
            window["rounding"] = "ceil"
        return [self._add(kind, layer, inputs, **window)]

    def _on_innerproduct(self, layer: Message, inputs: list[str]) -> list[str]:
        param = layer.inner("inner_product_param")
        vector = self._builder.vector(inputs[0], layer.at)
        features, bias = param.number("num_output"), param.flag("bias_term", True)
        return [self._weighty("fc", layer, [vector], features=features, bias=bias)]

    def _on_relu(self, layer: Message, inputs: list[str]) -> list[str]:
        slope = layer.inner("relu_param").real("negative_slope", 0)
        return [self._add("leaky_relu", layer, inputs, slope=slope) if slope else self._add("relu", layer, inputs)]

    def _on_prelu(self, layer: Message, inputs: list[str]) -> list[str]:
        if layer.inner("prelu_param").flag("channel_shared", False):
            return [self._add("prelu", layer, inputs, slopes="one")]
        return [self._add("prelu", layer, inputs)]

    def _on_elu(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._add("elu", layer, inputs, alpha=layer.inner("elu_param").real("alpha", 1))]

    def _on_lrn(self, layer: Message, inputs: list[str]) -> list[str]:
        param = layer.inner("lrn_param")
        size = param.number("local_size", 5)
        if param.text("norm_region").upper() in ("WITHIN_CHANNEL", "1"):
            self._builder.note("LRN within a channel is written as LRN across channels", layer.at)
        alpha = param.real("alpha", 1) / max(size, 1)
        return [
            self._add("lrn", layer, inputs, size=size, alpha=alpha, beta=param.real("beta", 0.75), k=param.real("k", 1))
        ]

    def _on_batchnorm(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._add("bn", layer, inputs, affine=False, eps=layer.inner("batch_norm_param").real("eps", 1e-5))]

    def _on_bn(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._add("bn", layer, inputs)]

    def _on_scale(self, layer: Message, inputs: list[str]) -> list[str]:
        if len(inputs) > 1:
            return [self._product(layer, inputs)]
        return [self._add("scale", layer, inputs, bias=layer.inner("scale_param").flag("bias_term", False))]

    def _product(self, layer: Message, inputs: list[str]) -> str:
        """A map times a gate, which may have lost its axes."""
        gate = self._builder.shapes[inputs[1]]
        rank = self._builder.rank(inputs[0])
        if gate is not None and not gate.spatial and rank:
            from cnncalc.shapes import Shape

            size = Shape(gate.channels, (1,) * rank)
            inputs = [inputs[0], self._builder.add("reshape", inputs[1:2], {"size": size}, at=layer.at)]
        return self._add("mul", layer, inputs)

    def _on_axpy(self, layer: Message, inputs: list[str]) -> list[str]:
        gated = self._builder.add("mul", [inputs[1], inputs[0]], at=layer.at)
        return [self._add("add", layer, [gated, inputs[2]])]

    def _on_eltwise(self, layer: Message, inputs: list[str]) -> list[str]:
        param = layer.inner("eltwise_param")
        kind = {"SUM": "add", "1": "add", "PROD": "mul", "0": "mul"}.get(param.text("operation", "SUM").upper())
        if kind is None:
            return [self._builder.unknown(f"Eltwise {param.text('operation')}", inputs, layer.at)]
        if any(float(text) != 1 for text in param.texts("coeff") if text.replace(".", "", 1).isdigit()):
            self._builder.note("the coefficients of a sum are left out", layer.at)
        return [self._add(kind, layer, inputs)]

    def _on_concat(self, layer: Message, inputs: list[str]) -> list[str]:
        param = layer.inner("concat_param")
        axis = param.number("axis", param.number("concat_dim", 1))
        if axis != 1:
            return [self._builder.unknown(f"Concat on axis {axis}", inputs, layer.at)]
        return [self._add("concat", layer, inputs) if len(inputs) > 1 else inputs[0]]

    def _on_slice(self, layer: Message, inputs: list[str]) -> list[str]:
        param, tops = layer.inner("slice_param"), layer.texts("top")
        channels = self._builder.channels(inputs[0])
        if param.number("axis", param.number("slice_dim", 1)) != 1 or channels is None:
            return [self._builder.unknown("Slice", inputs, layer.at)] * len(tops)
        points = param.numbers("slice_point") or [channels * i // len(tops) for i in range(1, len(tops))]
        ranges = zip([0, *points], [*points, channels], strict=True)
        return [self._add("slice", layer, inputs, channels=pair) for pair in ranges]

    def _on_dropout(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._add("dropout", layer, inputs, rate=layer.inner("dropout_param").real("dropout_ratio", 0.5))]

    def _on_softmax(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._add("softmax", layer, inputs)]

    def _on_flatten(self, layer: Message, inputs: list[str]) -> list[str]:
        return [self._builder.vector(inputs[0], layer.at)]

    def _on_split(self, layer: Message, inputs: list[str]) -> list[str]:
        return inputs[:1] * len(layer.texts("top"))

    def _on_reshape(self, layer: Message, inputs: list[str]) -> list[str]:
        from cnncalc.shapes import Shape

        dims = layer.inner("reshape_param").inner("shape").numbers("dim")
        shape = self._builder.shapes[inputs[0]]
        if shape is None or len(dims) < 2 or dims[0] not in (0, -1, 1):
            return [self._builder.unknown("Reshape", inputs, layer.at)]
        given = (0, *shape.sizes())
        sizes = [given[i] if size == 0 and i < len(given) else size for i, size in enumerate(dims)][1:]
        known = 1
        for size in sizes:
            known *= size if size > 0 else 1
        sizes = [size if size > 0 else shape.elements // max(known, 1) for size in sizes]
        return [self._add("reshape", layer, inputs, size=Shape.of(tuple(sizes)))]
