"""What each kind is in Keras 3, channels last: a layer with its arguments, or an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any, final

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.definitions import Refused
from cnncalc.exporting.parts import RESERVED, CodePiece, fitting, identifier
from cnncalc.importing.readers.keras_call import ACTIVATIONS
from cnncalc.layers.windows import Window, axis_padding
from cnncalc.network.vocabulary import resolved

WORDS = {kind: word for word, (kind, settings) in reversed([*ACTIVATIONS.items()]) if not settings}
"""What Keras calls the activations without settings."""

DEFAULTS: Mapping[str, Any] = {
    "strides": 1, "padding": "valid", "dilation_rate": 1, "groups": 1, "use_bias": True, "depth_multiplier": 1,
    "epsilon": 1e-3, "scale": True, "center": True, "keepdims": False, "interpolation": "nearest", "axis": -1,
    "return_sequences": False, "reset_after": True, "offset": 0.0, "alpha": 1.0, "shared_axes": None,
}  # fmt: skip
"""The defaults of arguments; all others are given by their places."""

NOT_NEGATIVE = ("relu", "relu6", "sigmoid", "hardsigmoid", "softmax", "exponential", "softplus")
KEEPING_SIGN = ("maxpool", "avgpool", "global_avgpool", "concat", "add", "mul", "dropout", "slice", "shuffle",
                "upsample", "flatten")  # fmt: skip

ORDERLESS = ("dropout", "bn", "relu", "identity", "tanh", "sigmoid")
"""Kinds that leave the order of a vector's values to the fully connected layer after them."""


def defaults_of(make: str) -> Mapping[str, Any]:
    """The defaults of a layer's arguments."""
    if "Pooling" in make:
        return {**DEFAULTS, "strides": None}
    return {**DEFAULTS, "activation": None} if make != "layers.Activation" else DEFAULTS


@final
class KerasWords:
    """Keras, for the network of a report."""

    display: Mapping[str, str] = {"in_channels": "in_channels"}

    def __init__(self, report: Report) -> None:
        self._layers = {layer.path: layer for layer in report.layers}
        self._readers: dict[str, list[LayerReport]] = {}
        for layer in report.layers:
            for path in layer.node.inputs:
                self._readers.setdefault(path, []).append(layer)
        self._outputs = {*report.network.outputs.values()}

    def word(self, text: str) -> Any:
        """The word of an activation."""
        return WORDS.get(resolved(text)[0])

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a function."""
        return identifier(word.lower(), {*taken, *RESERVED}, "block")

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """What crops a map that is joined to a smaller one."""
        if getattr(layer.layer, "align", "none") != "center" or layer.inputs[place].spatial == layer.output.spatial:
            return None
        borders = [n - m for n, m in zip(layer.inputs[place].spatial, layer.output.spatial, strict=True)]
        return _cropped([(border // 2, border - border // 2) for border in borders])

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """What a layer is, one after the other."""
        writer: Callable[[LayerReport], list[CodePiece]] | None = getattr(self, f"_on_{layer.kind}", None)
        if writer is not None:
            return writer(layer)
        usual = all(getattr(layer.layer, name) == one.default for name, one in layer.layer.parameters.items())
        if layer.kind in WORDS and usual:
            return [CodePiece("layers.Activation", {"activation": WORDS[layer.kind]})]
        raise Refused(f"no layer of keras.layers is the same as {layer.kind}")

    def _window(self, layer: LayerReport, kernel: str) -> tuple[list[CodePiece], dict[str, Any]]:
        """What pads a map, and the arguments of a window."""
        settings: Any = layer.layer
        x, windows = layer.inputs[0], settings.windows(layer.inputs[0])
        stride, size = _one(settings.stride), _one(settings.kernel)
        given = {kernel: size, "strides": stride}
        if settings.padding == "causal" and x.rank == 1:
            return [], {**given, "padding": "causal"}
        if not any(w.before or w.after for w in windows) and _floored(windows):
            return [], given
        if _is_same(windows):
            return [], {**given, "padding": "same"}
        return self._border(layer, windows), given

    def _border(self, layer: LayerReport, windows: tuple[Window, ...]) -> list[CodePiece]:
        if getattr(layer.layer, "padding_mode", "zeros") != "zeros":
            raise Refused("ZeroPadding adds zeros only")
        if not _floored(windows):
            raise Refused("a pool of Keras rounds down, or is padded as 'same'")
        if layer.kind == "maxpool" and not self._not_negative(layer.node.inputs[0]):
            raise Refused("a max pool of Keras is padded as 'same' or not at all; zeros could be its largest values")
        if layer.kind == "avgpool" and not vars(layer.layer)["count_padding"]:
            raise Refused("an average pool of Keras leaves out a padding of 'same' only")
        return [_zeros([(w.before, w.after) for w in windows])]

    def _not_negative(self, path: str, depth: int = 0) -> bool:
        layer = self._layers.get(path)
        if layer is None or depth > 40:
            return False
        kept = layer.kind in KEEPING_SIGN and all(self._not_negative(one, depth + 1) for one in layer.node.inputs)
        return layer.kind in NOT_NEGATIVE or kept

    def _on_conv(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        if conv.connections is not None:
            raise Refused("a convolution of Keras has no connections of single maps")
        return self._convolution(layer, f"layers.Conv{len(conv.kernel)}D", {"filters": conv.filters})

    def _convolution(self, layer: LayerReport, make: str, first: dict[str, Any]) -> list[CodePiece]:
        conv: Any = layer.layer
        if max(conv.stride) > 1 and max(conv.dilation) > 1:
            raise Refused("Keras has no stride beside a dilation")
        before, window = self._window(layer, "kernel_size")
        given = {**first, **window, "padding": window.get("padding", "valid"), "dilation_rate": _one(conv.dilation)}
        if layer.kind == "conv":
            given["groups"] = conv.groups
        return [*before, CodePiece(make, {**given, "use_bias": conv.bias})]

    def _on_depthwise(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        if len(conv.kernel) > 2 or len({*conv.stride}) > 1:
            raise Refused("DepthwiseConv2D has one stride, and two axes at most")
        pieces = self._convolution(layer, f"layers.DepthwiseConv{len(conv.kernel)}D", {})
        last = pieces[-1]
        return [*pieces[:-1], last._replace(arguments={**last.arguments, "depth_multiplier": conv.multiplier})]

    def _on_deconv(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        if conv.groups > 1:
            raise Refused("Conv2DTranspose has no groups")
        rank, x = len(conv.kernel), layer.inputs[0]
        effective = [d * (k - 1) + 1 for k, d in zip(conv.kernel, conv.dilation, strict=True)]
        # Keras' valid makes n*stride of a kernel that is smaller than the stride.
        more = [max(s - e, 0) for s, e in zip(conv.stride, effective, strict=True)]
        pads, extras = conv.padding_pairs(x), conv.extras(x)
        cuts = [(before, after - extra + end) for (before, after), extra, end in zip(pads, extras, more, strict=True)]
        if min(n for cut in cuts for n in cut) < 0:
            raise Refused("Conv2DTranspose is cropped, and has no output_padding beyond what it computes")
        given = {"filters": conv.filters, "kernel_size": _one(conv.kernel), "strides": _one(conv.stride),
                 "dilation_rate": _one(conv.dilation), "use_bias": conv.bias}  # fmt: skip
        return [CodePiece(f"layers.Conv{rank}DTranspose", given), *([_cropped(cuts)] if any(map(any, cuts)) else [])]

    def _pool(self, layer: LayerReport, word: str) -> list[CodePiece]:
        pool: Any = layer.layer
        if max(getattr(pool, "dilation", (1,))) > 1:
            raise Refused("a pool of Keras has no dilation")
        before, given = self._window(layer, "pool_size")
        if layer.kind == "avgpool" and given.get("padding") == "same" and pool.count_padding:
            windows = pool.windows(layer.inputs[0])
            if any(w.before or w.after for w in windows):
                before, given = [_zeros([(w.before, w.after) for w in windows])], {**given, "padding": "valid"}
        strides = None if pool.stride == pool.kernel else given["strides"]
        given = {"pool_size": given["pool_size"], "strides": strides, "padding": given.get("padding", "valid")}
        return [*before, CodePiece(f"layers.{word}Pooling{len(pool.kernel)}D", given)]

    def _on_maxpool(self, layer: LayerReport) -> list[CodePiece]:
        return self._pool(layer, "Max")

    def _on_avgpool(self, layer: LayerReport) -> list[CodePiece]:
        return self._pool(layer, "Average")

    def _on_adaptive_avgpool(self, layer: LayerReport) -> list[CodePiece]:
        sizes = list(zip(layer.inputs[0].spatial, layer.output.spatial, strict=True))
        if any(n % m for n, m in sizes):
            raise Refused("Keras pools to a size only if it divides that of the input")
        word = "Average" if layer.kind == "adaptive_avgpool" else "Max"
        size = _one([n // m for n, m in sizes])
        return [CodePiece(f"layers.{word}Pooling{len(sizes)}D", {"pool_size": size, "strides": None})]

    _on_adaptive_maxpool = _on_adaptive_avgpool

    def _on_global_avgpool(self, layer: LayerReport, word: str = "Average") -> list[CodePiece]:
        given = {"keepdims": not self._flattened(layer)}
        return [CodePiece(f"layers.Global{word}Pooling{layer.inputs[0].rank}D", given)]

    def _on_global_maxpool(self, layer: LayerReport) -> list[CodePiece]:
        return self._on_global_avgpool(layer, "Max")

    def _flattened(self, layer: LayerReport) -> bool:
        """Whether a global pool is flattened, and nothing else reads it."""
        readers = self._readers.get(layer.path, [])
        return len(readers) == 1 and readers[0].kind == "flatten" and layer.path not in self._outputs

    def _on_flatten(self, layer: LayerReport) -> list[CodePiece]:
        x = layer.inputs[0]
        before = self._layers.get(layer.node.inputs[0])
        if vars(layer.layer)["axes"] == "spatial":
            return [CodePiece("layers.Reshape", {"target_shape": (prod(x.spatial), x.channels)})]
        if not x.rank or (before is not None and before.kind.startswith("global_") and self._flattened(before)):
            return [CodePiece(form="{0}")]
        free = x.channels == 1 or set(x.spatial) == {1} or self._into_fc(layer)
        turned = [] if free else [CodePiece("layers.Permute", {"dims": (x.rank + 1, *range(1, x.rank + 1))})]
        return [*turned, CodePiece("layers.Flatten")]

    def _into_fc(self, layer: LayerReport) -> bool:
        """Whether only fully connected layers see the order of a vector."""
        readers = self._readers.get(layer.path, [])
        free = all(one.kind == "fc" or (one.kind in ORDERLESS and self._into_fc(one)) for one in readers)
        return bool(readers) and free and layer.path not in self._outputs

    def _on_fc(self, layer: LayerReport) -> list[CodePiece]:
        settings: Any = layer.layer
        return [CodePiece("layers.Dense", {"units": settings.features, "use_bias": settings.bias})]

    def _on_bn(self, layer: LayerReport) -> list[CodePiece]:
        norm: Any = layer.layer
        given = {"epsilon": norm.eps, "center": norm.center, "scale": norm.scale}
        return [CodePiece("layers.BatchNormalization", given)]

    def _on_layernorm(self, layer: LayerReport) -> list[CodePiece]:
        norm: Any = layer.layer
        axis = list(range(1, layer.inputs[0].rank + 2)) if norm.sees_everything else -1
        given = {"axis": tuple(axis) if isinstance(axis, list) else axis, "epsilon": norm.eps}
        return [CodePiece("layers.LayerNormalization", {**given, "center": norm.center, "scale": norm.scale})]

    def _on_groupnorm(self, layer: LayerReport) -> list[CodePiece]:
        norm: Any = layer.layer
        given = {"epsilon": norm.eps, "center": norm.center, "scale": norm.scale}
        return [CodePiece("layers.GroupNormalization", {"number": norm.groups, **given})]

    def _on_dropout(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.Dropout", {"rate": vars(layer.layer)["rate"]})]

    def _on_rescale(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.Rescaling", dict(vars(layer.layer)))]

    def _on_leaky_relu(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.LeakyReLU", {"slope": vars(layer.layer)["slope"]})]

    def _on_elu(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.ELU", {"alpha": vars(layer.layer)["alpha"]})]

    def _on_prelu(self, layer: LayerReport) -> list[CodePiece]:
        slopes: Any = vars(layer.layer)["slopes"]
        if slopes in ("one", 1):
            raise Refused("PReLU has a slope for each value or channel, not one for all")
        axes = tuple(range(1, layer.inputs[0].rank + 1)) if slopes != "value" and layer.inputs[0].rank else None
        return [CodePiece("layers.PReLU", {"shared_axes": axes})]

    def _on_softmax(self, layer: LayerReport) -> list[CodePiece]:
        if vars(layer.layer)["parts"]:
            raise Refused("a softmax over branches has no layer")
        return [CodePiece("layers.Activation", {"activation": WORDS[layer.kind]})]

    _on_log_softmax = _on_softmax

    def _on_identity(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.Identity")]

    def _on_zeropad(self, layer: LayerReport) -> list[CodePiece]:
        pads: Any = layer.layer.padding_pairs(layer.inputs[0])
        if vars(layer.layer)["mode"] != "zeros" or min(n for pair in pads for n in pair) < 0:
            raise Refused("ZeroPadding adds zeros only, and cuts nothing")
        return [_zeros(pads)]

    def _on_crop(self, layer: LayerReport) -> list[CodePiece]:
        crop: Any = layer.layer
        return [_cropped(crop.cuts(layer.inputs[0]))]

    def _on_slice(self, layer: LayerReport) -> list[CodePiece]:
        ranges: Any = layer.layer.ranges(layer.inputs[0])  # type: ignore[attr-defined]  # it is a slice
        if set(ranges) != {"C"}:
            cuts = {"L": 0, "D": 0, "H": layer.inputs[0].rank - 2, "W": layer.inputs[0].rank - 1}
            if "C" in ranges:
                raise Refused("a slice of channels and places at once is written as two")
            pairs = [(0, 0)] * layer.inputs[0].rank
            for letter, (start, stop) in ranges.items():
                pairs[cuts[letter]] = (start, layer.inputs[0].spatial[cuts[letter]] - stop)
            return [_cropped(pairs)]
        start, stop = ranges["C"]
        return [CodePiece("", {"start": start, "stop": stop}, "{0}[..., {start}:{stop}]")]

    def _on_shuffle(self, layer: LayerReport) -> list[CodePiece]:
        x, groups = layer.inputs[0], vars(layer.layer)["groups"]
        axes = tuple(range(1, x.rank + 1))
        return [
            CodePiece("layers.Reshape", {"target_shape": (*x.spatial, groups, x.channels // groups)}),
            CodePiece("layers.Permute", {"dims": (*axes, x.rank + 2, x.rank + 1)}),
            CodePiece("layers.Reshape", {"target_shape": (*x.spatial, x.channels)}),
        ]

    def _on_space_to_depth(self, layer: LayerReport) -> list[CodePiece]:
        settings: Any = layer.layer
        if layer.inputs[0].rank != 2 or settings.order != "DCR":
            raise Refused("blocks are written for images, with the order of Keras and TensorFlow")
        (h, w), (a, b) = layer.inputs[0].spatial, settings.block_size
        return [
            CodePiece("layers.Reshape", {"target_shape": (h // a, a, w // b, b, layer.inputs[0].channels)}),
            CodePiece("layers.Permute", {"dims": (1, 3, 2, 4, 5)}),
            CodePiece("layers.Reshape", {"target_shape": (*layer.output.spatial, layer.output.channels)}),
        ]

    def _on_pad_channels(self, layer: LayerReport) -> list[CodePiece]:
        before, after = vars(layer.layer)["zeros"]
        others = "(0, 0), " * (layer.inputs[0].rank + 1)
        form = f"keras.ops.pad({{0}}, [{others}({{before}}, {{after}})])"
        return [CodePiece("", {"before": before, "after": after}, form)]

    def _on_reshape(self, layer: LayerReport) -> list[CodePiece]:
        """The order of values is that of channels first, in which Keras has them after a Permute."""
        x, out = layer.inputs[0], layer.output
        first = [CodePiece("layers.Permute", {"dims": (x.rank + 1, *range(1, x.rank + 1))})] if x.rank else []
        last = [CodePiece("layers.Permute", {"dims": (*range(2, out.rank + 2), 1)})] if out.rank else []
        return [*first, CodePiece("layers.Reshape", {"target_shape": out.sizes()}), *last]

    def _on_upsample(self, layer: LayerReport) -> list[CodePiece]:
        resized: Any = layer.layer
        sizes = list(zip(layer.inputs[0].spatial, layer.output.spatial, strict=True))
        whole = all(m % n == 0 for n, m in sizes)
        plain = resized.mode == "nearest" or (resized.mode in ("bilinear", "linear") and len(sizes) == 2)
        if not whole or not plain or resized.align_corners:
            raise Refused("UpSampling has whole factors, nearest or bilinear, and does not align corners")
        mode = "nearest" if resized.mode == "nearest" else "bilinear"
        given = {"size": _one([m // n for n, m in sizes])} | ({"interpolation": mode} if len(sizes) == 2 else {})
        return [CodePiece(f"layers.UpSampling{len(sizes)}D", given)]

    _on_resize = _on_upsample

    def _recurrent(self, layer: LayerReport) -> list[CodePiece]:
        cell: Any = layer.layer
        usual = 2 if layer.kind == "gru" and cell.reset_after else 1
        if cell.layers > 1 or cell.biases not in (0, usual) or getattr(cell, "nonlinearity", "tanh") != "tanh":
            raise Refused(f"a recurrent layer of Keras is one layer, has tanh, and {usual} biases of each gate or none")
        word = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[layer.kind]
        given = {"units": cell.units, "use_bias": cell.biases > 0, "return_sequences": cell.steps == "all"}
        given |= {"reset_after": cell.reset_after} if layer.kind == "gru" else {}
        if cell.bidirectional:
            raise Refused("bidirectional layers are not written")
        return [CodePiece(f"layers.{word}", given)]

    _on_rnn = _on_lstm = _on_gru = _recurrent

    def _on_embedding(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("layers.Embedding", {"ids": vars(layer.layer)["ids"], "size_": vars(layer.layer)["size"]})]

    def _on_attention(self, layer: LayerReport) -> list[CodePiece]:
        attention: Any = layer.layer
        others = attention.relative != "none" or attention.cosine or attention.qkv_bias != attention.bias
        if others or any(attention.window) or layer.inputs[0].rank > 1:
            raise Refused("MultiHeadAttention has no windows, relative positions, cosines, or biases of queries alone")
        size = attention.head_size or layer.inputs[0].channels // attention.heads
        last = len(layer.inputs) - 1
        given = {"heads": attention.heads, "key_dim": size, "use_bias": attention.bias}
        return [CodePiece("layers.MultiHeadAttention", given, f"{{made}}({{0}}, {{{last}}})")]

    def _on_opaque(self, layer: LayerReport) -> list[CodePiece]:
        raise Refused("what an opaque operation computes is not known")

    def _joined(self, layer: LayerReport) -> list[CodePiece]:
        word = {"mul": "multiply", "concat": "concatenate"}.get(layer.kind, layer.kind)
        return [CodePiece(form=f"layers.{word}([{', '.join(f'{{{i}}}' for i in range(len(layer.inputs)))}])")]

    _on_add = _on_mul = _on_concat = _on_subtract = _on_maximum = _on_minimum = _on_average = _joined


def _floored(windows: tuple[Window, ...]) -> bool:
    """Whether windows are as many as if rounded down."""
    return all(window.outputs() == fitting(window._replace(rounding="floor")) for window in windows)


def _is_same(windows: tuple[Window, ...]) -> bool:
    """Whether windows lie as a padding of 'same' lays them."""
    for w in windows:
        before, after = axis_padding("same", 0, w.size, w.kernel, w.stride, w.dilation)
        if w.before != before or w.outputs() != fitting(w._replace(before=before, after=after, rounding="floor")):
            return False
    return True


def _one(sizes: Any) -> Any:
    """One number if all axes have the same."""
    return sizes[0] if len({*sizes}) == 1 else tuple(sizes)


def _pairs(pairs: Any) -> Any:
    """Numbers before and after each axis, as short as Keras takes them."""
    if len({*map(tuple, pairs)}) == 1 and len({*pairs[0]}) == 1:
        return pairs[0][0]
    return tuple(pairs[0]) if len(pairs) == 1 else tuple(map(tuple, pairs))


def _zeros(pairs: Any) -> CodePiece:
    return CodePiece(f"layers.ZeroPadding{len(pairs)}D", {"border": _pairs(pairs)})


def _cropped(pairs: Any) -> CodePiece:
    return CodePiece(f"layers.Cropping{len(pairs)}D", {"border": _pairs(pairs)})
