"""Keras: each class of layer in the words of the language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, final

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import RefusedModel, StoredTensor
from cnncalc.layers import LAYERS
from cnncalc.shapes import Shape

ACTIVATIONS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "swish": ("silu", {}), "hard_sigmoid": ("hardsigmoid", {}), "hard_swish": ("hardswish", {}),
    "hard_silu": ("hardswish", {}), "leaky_relu": ("leaky_relu", {"slope": 0.2}),
    **{word: (word, {}) for word in (
        "relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "mish", "selu", "softplus", "softsign",
        "exponential", "log_softmax",
    )},
}  # fmt: skip
"""Kind and settings of each activation; `linear` is none."""

LEARNING = ("conv", "depthwise", "deconv", "fc", "bn", "layernorm", "groupnorm", "prelu", "scale", "embedding", "lstm",
            "gru", "rnn")  # fmt: skip
"""Kinds with weights, which may be used again."""

DROPPED = ("Activity", "ActivityRegularization", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Masking")
"""Layers that do nothing once a network is trained."""

PREPARED = ("Rescaling", "Normalization", "Resizing", "CenterCrop")
"""Layers that prepare an image, and have no weights that count as parameters."""

DROPOUTS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")


RESET_FIRST: Mapping[str, Any] = {"parts": 3, "taken": (1, 0, 2)}
"""The gates of a gru as this language has them, of update, reset and new."""


def stored_names(layers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The name of each layer, and what Keras 3 calls it in a file of weights: its class, numbered from the second."""
    times: dict[str, int] = {}
    for name, class_ in layers:
        word = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_)
        word = re.sub(r"([a-z])([A-Z])", r"\1_\2", word).lower()
        number = times[word] = times.get(word, -1) + 1
        yield name, f"{word}_{number}" if number else word


@final
class KerasLayers:
    """Adds layers to a graph.

    Attributes:
        again: whether what is added now has the weights of what was added under its name before.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self._builder = builder
        self._first: dict[tuple[object, ...], str] = {}
        self.again = False

    def add(
        self, layer: JsonFields, config: JsonFields, values: list[str], name: str, scope: Sequence[str], stored: str
    ) -> str:
        """The value of a layer, whose weights a .keras file has in the folder `stored`."""
        class_ = layer.text("class_name")
        self._name, self._scope, self._at, self._stored = name, scope, layer.at, stored
        word = class_.removesuffix("1D").removesuffix("2D").removesuffix("3D")
        reader: Callable[[JsonFields, list[str]], str] | None = getattr(self, f"_on_{word.lower()}", None)
        if class_ in DROPOUTS:
            return self._add("dropout", values, rate=config.real("rate", 0.5))
        if class_ in DROPPED or class_ in PREPARED or class_.startswith("Random"):
            self._builder.note(f"{class_} is left out", layer.at)
            return values[0]
        if reader is None:
            return self._builder.unknown(class_ or "a layer without class_name", values, layer.at)
        return reader(config, values)

    def _add(
        self, kind: str, values: Sequence[str], tensors: Mapping[str, StoredTensor] | None = None, **settings: Any
    ) -> str:
        key = kind, self._name, tuple(self._scope)
        shares = self._first.get(key, "") if self.again and kind in LEARNING else ""
        value = self._builder.add(
            kind, values, settings, at=self._at, label=self._name, scope=self._scope, shares=shares, tensors=tensors
        )
        self._first.setdefault(key, value)
        return value

    def _kept(self, *words: str, **first: tuple[int, ...]) -> dict[str, StoredTensor]:
        """The weights of a layer in the order in which Keras keeps them; the axes of some in the layer's order."""
        names = (*first, *words)
        return {
            word: StoredTensor(f"{self._stored}vars/{number}", first.get(word, ())) for number, word in enumerate(names)
        }

    def _rank(self, values: Sequence[str]) -> int:
        return self._builder.rank(values[0])

    def _activated(self, config: JsonFields, value: str) -> str:
        word = config.data.get("activation")
        if isinstance(word, dict):
            word = JsonFields(word).text("class_name").lower() or JsonFields(word).inner("config").text("name")
        return self._activation(word if isinstance(word, str) else "linear", value)

    def _activation(self, word: str, value: str) -> str:
        if word == "linear":
            return value
        kind, settings = ACTIVATIONS.get(word, ("", {}))
        if kind not in LAYERS:
            return self._builder.unknown(f"activation {word}", [value], self._at, self._builder.shapes[value])
        return self._builder.add(kind, [value], settings, at=self._at, label=f"{self._name}_{kind}", scope=self._scope)

    def _window(self, config: JsonFields, values: Sequence[str], kernel: str) -> dict[str, Any]:
        rank = self._rank(values)
        window: dict[str, Any] = {"kernel": config.sizes(kernel, rank)}
        padding = config.data.get("padding", config.data.get("border_mode", "valid"))
        if padding not in ("valid", "same", "causal"):
            raise RefusedModel((self._at, f"padding {str(padding):.40} is not known"))
        default = window["kernel"] if kernel == "pool_size" else (1,) * rank
        given = config.data.get("strides", config.data.get("subsample")) is not None
        window["stride"] = config.sizes("strides", rank, 1) if given else default
        return {**window, **({} if padding == "valid" else {"padding": padding})}

    def _on_conv(self, config: JsonFields, values: list[str], kind: str = "conv") -> str:
        settings = self._window(config, values, "kernel_size")
        settings |= {"filters": config.number("filters"), "bias": config.flag("use_bias", True)}
        settings |= {"dilation": config.sizes("dilation_rate", self._rank(values), 1)}
        groups = config.number("groups", 1)
        if groups > 1:
            settings["groups"] = groups
        rank = self._rank(values)
        if kind == "deconv" and config.data.get("output_padding") is not None:
            settings["output_padding"] = config.sizes("output_padding", rank)
        elif kind == "deconv" and any(k < s for k, s in zip(settings["kernel"], settings["stride"], strict=False)):
            settings.setdefault("padding", "valid")
        tensors = self._kept("bias", weight=(rank + 1, rank, *range(rank)))
        return self._activated(config, self._add(kind, values, tensors, **settings))

    _on_convolution = _on_conv

    def _on_conv1dtranspose(self, config: JsonFields, values: list[str]) -> str:
        return self._on_conv(config, values, "deconv")

    _on_conv2dtranspose = _on_conv3dtranspose = _on_conv1dtranspose

    def _on_depthwiseconv(self, config: JsonFields, values: list[str]) -> str:
        return self._activated(config, self._depthwise(config, values, bias=config.flag("use_bias", True)))

    def _depthwise(self, config: JsonFields, values: list[str], *, bias: bool) -> str:
        settings = self._window(config, values, "kernel_size")
        settings |= {"multiplier": config.number("depth_multiplier", 1), "bias": bias}
        settings |= {"dilation": config.sizes("dilation_rate", self._rank(values), 1)}
        rank = self._rank(values)
        return self._add("depthwise", values, self._kept("bias", weight=(rank, rank + 1, *range(rank))), **settings)

    def _on_separableconv(self, config: JsonFields, values: list[str]) -> str:
        inner = self._depthwise(config, values, bias=False)
        settings = {"filters": config.number("filters"), "kernel": 1, "bias": config.flag("use_bias", True)}
        rank = self._rank(values)
        kept = self._kept("bias", depthwise=(), weight=(rank + 1, rank, *range(rank)))
        tensors = {"weight": kept["weight"], "bias": kept["bias"]}
        return self._activated(config, self._builder.add(
            "conv", [inner], settings, at=self._at, label=f"{self._name}_pointwise", scope=self._scope,
            tensors=tensors))  # fmt: skip

    def _on_locallyconnected(self, config: JsonFields, values: list[str]) -> str:
        settings = self._window(config, values, "kernel_size")
        settings |= {"filters": config.number("filters"), "bias": config.flag("use_bias", True)}
        return self._activated(config, self._add("local", values, **settings))

    def _on_dense(self, config: JsonFields, values: list[str]) -> str:
        units, bias = config.number("units", config.number("output_dim", 0)), config.flag("use_bias", True)
        tensors = self._kept("bias", weight=(1, 0))
        if self._rank(values) and self._builder.shapes[values[0]] is not None:
            return self._activated(config, self._add("conv", values, tensors, filters=units, kernel=1, bias=bias))
        return self._activated(config, self._add("fc", values, tensors, features=units, bias=bias))

    def _axes(self, config: JsonFields, values: list[str]) -> str:
        """Over what a norm is: the channels, all, or which axes else."""
        axis, shape = config.data.get("axis"), self._builder.shapes[values[0]]
        axes = axis if isinstance(axis, list) else [axis]
        count = shape.rank + 2 if shape else 1
        found = sorted(one % count for one in axes if type(one) is int)
        if shape is None or not found:
            return "channels"
        if found == [1 if self._builder.layout == "CHW" else count - 1]:
            return "channels"
        return "all" if found == list(range(1, count)) else f"axis {', '.join(map(str, axes))}"

    def _on_batchnormalization(self, config: JsonFields, values: list[str]) -> str:
        if (over := self._axes(config, values)) != "channels":
            return self._builder.unknown(f"BatchNormalization over {over}", values, self._at)
        scale, center = config.flag("scale", True), config.flag("center", True)
        settings: dict[str, Any] = {"eps": config.real("epsilon", 1e-3)}
        tensors = self._kept(*("weight",) * scale, *("bias",) * center, "running_mean", "running_var")
        return self._add("bn", values, tensors, **settings, **_learned(scale, center))

    def _on_layernormalization(self, config: JsonFields, values: list[str]) -> str:
        scale, center, over = config.flag("scale", True), config.flag("center", True), self._axes(config, values)
        if over not in ("channels", "all"):
            return self._builder.unknown(f"LayerNormalization over {over}", values, self._at)
        settings, rank = {"eps": config.real("epsilon", 1e-3), **_learned(scale, center)}, self._rank(values)
        words = (*("weight",) * scale, *("bias",) * center)
        if over == "all":
            settings["over"] = self._builder.shapes[values[0]]
            is_last = self._builder.layout == "HWC"
            return self._add(
                "layernorm",
                values,
                self._kept(**dict.fromkeys(words, (rank, *range(rank)) if is_last else ())),
                **settings,
            )
        return self._add("layernorm", values, self._kept(*words), **settings)

    def _on_groupnormalization(self, config: JsonFields, values: list[str]) -> str:
        if (over := self._axes(config, values)) != "channels":
            return self._builder.unknown(f"GroupNormalization over {over}", values, self._at)
        groups = config.number("groups", 32)
        groups = groups if groups > 0 else self._builder.channels(values[0]) or 1
        tensors, eps = self._kept("weight", "bias"), config.real("epsilon", 1e-3)
        return self._add("groupnorm", values, tensors, groups=groups, eps=eps)

    def _on_activation(self, config: JsonFields, values: list[str]) -> str:
        word = config.data.get("activation")
        text = word if isinstance(word, str) else JsonFields(word, self._at).text("class_name").lower()
        kind, settings = ACTIVATIONS.get(text, ("", {}))
        if kind in LAYERS:
            return self._add(kind, values, **settings)
        return self._activation(text, values[0])

    def _on_relu(self, config: JsonFields, values: list[str]) -> str:
        most, slope = config.data.get("max_value"), config.real("negative_slope", 0)
        if config.real("threshold", 0) or most not in (None, 6, 6.0) or (most and slope):
            return self._builder.unknown(f"ReLU with max_value {most}", values, self._at)
        if slope:
            return self._add("leaky_relu", values, slope=slope)
        return self._add("relu6" if most else "relu", values)

    def _on_leakyrelu(self, config: JsonFields, values: list[str]) -> str:
        return self._add("leaky_relu", values, slope=config.real("negative_slope", config.real("alpha", 0.3)))

    def _on_prelu(self, config: JsonFields, values: list[str]) -> str:
        rank = self._rank(values)
        each = len(config.items("shared_axes")) < rank
        tensors = self._kept(weight=(rank, *range(rank)))
        return self._add("prelu", values, tensors, slopes="value" if each else "channel")

    def _on_lstm(self, config: JsonFields, values: list[str], kind: str = "lstm", **more: Any) -> str:
        settings: dict[str, Any] = {
            "units": config.number("units"),
            "biases": int(config.flag("use_bias", True)),
            **more,
        }
        if config.flag("return_sequences", False):
            settings["steps"] = "all"
        return self._add(kind, values, dict(self._recurrent(kind, settings)), **settings)

    def _recurrent(self, kind: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, StoredTensor]]:
        """The weights of each direction: Keras has one column for each row here, and the gates of a gru as z, r, h."""
        both = (("forward_layer/", "l0"), ("backward_layer/", "l0_reverse"))
        gates = RESET_FIRST if kind == "gru" else {}
        for folder, end in both if settings.get("bidirectional") else (("", "l0"),):
            kept = [StoredTensor(f"{self._stored}{folder}cell/vars/{number}", **gates) for number in range(3)]
            yield f"weight_ih_{end}", kept[0]._replace(axes=(1, 0))
            yield f"weight_hh_{end}", kept[1]._replace(axes=(1, 0))
            if settings["biases"] == 2:
                yield f"bias_ih_{end}", kept[2]._replace(parts=6)
                yield f"bias_hh_{end}", kept[2]._replace(parts=6, taken=(4, 3, 5))
            else:
                yield f"bias_{end}", kept[2]

    def _on_gru(self, config: JsonFields, values: list[str], **more: Any) -> str:
        after = config.flag("reset_after", False)
        biases = (2 if after else 1) if config.flag("use_bias", True) else 0
        return self._on_lstm(config, values, "gru", **{"reset_after": after, **more, "biases": biases})

    def _on_simplernn(self, config: JsonFields, values: list[str], **more: Any) -> str:
        word = config.text("activation", "tanh")
        if word not in ("tanh", "relu"):
            return self._builder.unknown(f"SimpleRNN with {word}", values, self._at)
        return self._on_lstm(config, values, "rnn", **{"nonlinearity": word, **more})

    def _on_bidirectional(self, config: JsonFields, values: list[str]) -> str:
        inner = config.inner("layer")
        reader = {"LSTM": self._on_lstm, "GRU": self._on_gru, "SimpleRNN": self._on_simplernn}.get(
            inner.text("class_name")
        )
        if reader is None or config.text("merge_mode", "concat") != "concat":
            return self._builder.unknown(f"Bidirectional {inner.text('class_name')}", values, self._at)
        return reader(inner.inner("config"), values, bidirectional=True)

    def _on_elu(self, config: JsonFields, values: list[str]) -> str:
        return self._add("elu", values, alpha=config.real("alpha", 1.0))

    def _on_softmax(self, config: JsonFields, values: list[str]) -> str:
        return self._add("softmax", values)

    def _on_maxpooling(self, config: JsonFields, values: list[str]) -> str:
        return self._add("maxpool", values, **self._window(config, values, "pool_size"))

    def _on_averagepooling(self, config: JsonFields, values: list[str]) -> str:
        settings = self._window(config, values, "pool_size")
        settings |= {"count_padding": False} if "padding" in settings else {}
        return self._add("avgpool", values, **settings)

    def _on_globalaveragepooling(self, config: JsonFields, values: list[str], kind: str = "global_avgpool") -> str:
        value = self._add(kind, values)
        kept = config.flag("keepdims", False)
        return value if kept else self._builder.vector(value, self._at)

    def _on_globalmaxpooling(self, config: JsonFields, values: list[str]) -> str:
        return self._on_globalaveragepooling(config, values, "global_maxpool")

    def _on_embedding(self, config: JsonFields, values: list[str]) -> str:
        ids, size = config.number("input_dim"), config.number("output_dim")
        return self._add("embedding", values, self._kept("weight"), ids=ids, size=size)

    def _on_layerscale(self, config: JsonFields, values: list[str]) -> str:
        return self._add("scale", values, self._kept("weight"), bias=False)

    def _on_flatten(self, config: JsonFields, values: list[str]) -> str:
        return self._add("flatten", values) if self._rank(values) else values[0]

    def _on_add(self, config: JsonFields, values: list[str]) -> str:
        return self._add("add", values)

    def _on_multiply(self, config: JsonFields, values: list[str]) -> str:
        return self._add("mul", values)

    def _on_concatenate(self, config: JsonFields, values: list[str]) -> str:
        axis, rank = config.data.get("axis", -1), self._rank(values)
        channels = (1,) if self._builder.layout == "CHW" else (-1, rank + 1)
        if axis not in channels:
            return self._builder.unknown(f"Concatenate on axis {axis}", values, self._at)
        return self._add("concat", values) if len(values) > 1 else values[0]

    _on_merge = _on_concatenate

    def _borders(self, config: JsonFields, key: str, rank: int) -> list[tuple[int, int]]:
        """(before, after) of each axis."""
        value = config.data.get(key, 1)
        items = value if isinstance(value, list) else [value] * rank
        if rank == 1 and len(items) == 2 and not isinstance(items[0], list):
            items = [items]
        pairs = [tuple(item) if isinstance(item, list) else (item, item) for item in items]
        if len(pairs) != rank or not all(len(pair) == 2 and all(type(n) is int for n in pair) for pair in pairs):
            raise RefusedModel((self._at, f"{key} is {str(value):.40}; numbers for {rank} axes are expected"))
        return [(pair[0], pair[1]) for pair in pairs]

    def _on_zeropadding(self, config: JsonFields, values: list[str]) -> str:
        return self._add("zeropad", values, padding=tuple(self._borders(config, "padding", self._rank(values))))

    def _on_cropping(self, config: JsonFields, values: list[str]) -> str:
        borders, shape = self._borders(config, "cropping", self._rank(values)), self._builder.shapes[values[0]]
        if shape is None or any(after - before not in (0, 1) for before, after in borders):
            return self._builder.unknown("Cropping off the centre", values, self._at)
        sizes = tuple(n - before - after for n, (before, after) in zip(shape.spatial, borders, strict=True))
        return self._add("crop", values, size=sizes)

    def _on_upsampling(self, config: JsonFields, values: list[str]) -> str:
        factor, mode = config.sizes("size", self._rank(values), 2), config.text("interpolation", "nearest")
        if mode == "nearest":
            return self._add("upsample", values, factor=factor)
        return self._add("resize", values, factor=factor, mode=mode)

    def _on_reshape(self, config: JsonFields, values: list[str]) -> str:
        shape, target = self._builder.shapes[values[0]], config.items("target_shape")
        if shape is None or not all(type(size) is int for size in target):
            return self._builder.unknown("Reshape", values, self._at)
        known = 1
        for size in target:
            known *= size if size > 0 else 1
        sizes = tuple(size if size > 0 else shape.elements // max(known, 1) for size in target)
        if not 1 <= len(sizes) <= 4:
            return self._builder.unknown(f"Reshape to {len(sizes)} axes", values, self._at)
        if len(sizes) == 1:
            return self._on_flatten(config, values)
        wanted = Shape.of(sizes, self._builder.layout)
        return values[0] if wanted == shape else self._add("reshape", values, size=wanted)


def _learned(scale: bool, center: bool) -> dict[str, Any]:
    """What a norm does not learn."""
    if not (scale or center):
        return {"affine": False}
    return {name: False for name, given in (("scale", scale), ("center", center)) if not given}
