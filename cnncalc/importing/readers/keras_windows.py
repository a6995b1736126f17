"""Keras: convolutions, pools, and other layers that slide a window over a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.keras_call import KerasCall, KerasReader


def _window(call: KerasCall, kernel: str) -> dict[str, Any]:
    rank, config = call.rank, call.config
    window: dict[str, Any] = {"kernel": config.sizes(kernel, rank)}
    padding = config.data.get("padding", config.data.get("border_mode", "valid"))
    if padding not in ("valid", "same", "causal"):
        raise call.refused(f"padding {str(padding):.40} is not known")
    default = window["kernel"] if kernel == "pool_size" else (1,) * rank
    given = config.data.get("strides", config.data.get("subsample")) is not None
    window["stride"] = call.sizes("strides") if given else default
    return {**window, **({} if padding == "valid" else {"padding": padding})}


def _conv(call: KerasCall, kind: str = "conv") -> str:
    settings, config, rank = _window(call, "kernel_size"), call.config, call.rank
    settings |= {"filters": config.number("filters"), "bias": call.flag("use_bias")}
    settings |= {"dilation": call.sizes("dilation_rate")}
    groups = call.number("groups")
    if groups > 1:
        settings["groups"] = groups
    if kind == "deconv" and config.data.get("output_padding") is not None:
        settings["output_padding"] = config.sizes("output_padding", rank)
    elif kind == "deconv" and any(k < s for k, s in zip(settings["kernel"], settings["stride"], strict=False)):
        settings.setdefault("padding", "valid")
    tensors = call.kept("bias", weight=(rank + 1, rank, *range(rank)))
    return call.activated(call.add(kind, tensors, **settings))


def _transpose(call: KerasCall) -> str:
    return _conv(call, "deconv")


def _depthwise(call: KerasCall) -> str:
    return call.activated(_channelwise(call, bias=call.flag("use_bias")))


def _channelwise(call: KerasCall, *, bias: bool, part: str = "") -> str:
    settings, rank = _window(call, "kernel_size"), call.rank
    settings |= {"multiplier": call.number("depth_multiplier"), "bias": bias}
    settings |= {"dilation": call.sizes("dilation_rate")}
    return call.add("depthwise", call.kept("bias", weight=(rank, rank + 1, *range(rank))), part=part, **settings)


def _separable(call: KerasCall) -> str:
    inner, rank = _channelwise(call, bias=False, part="_depthwise"), call.rank
    settings: dict[str, Any] = {"filters": call.config.number("filters"), "kernel": 1}
    settings |= {"bias": call.flag("use_bias")}
    kept = call.kept("bias", depthwise=(), weight=(rank + 1, rank, *range(rank)))
    tensors = {"weight": kept["weight"], "bias": kept["bias"]}
    return call.activated(call.add("conv", tensors, values=[inner], **settings))


def _locally_connected(call: KerasCall) -> str:
    settings = _window(call, "kernel_size")
    settings |= {"filters": call.config.number("filters"), "bias": call.flag("use_bias")}
    return call.activated(call.add("local", **settings))


def _max_pooling(call: KerasCall) -> str:
    return call.add("maxpool", **_window(call, "pool_size"))


def _average_pooling(call: KerasCall) -> str:
    settings = _window(call, "pool_size")
    settings |= {"count_padding": False} if "padding" in settings else {}
    return call.add("avgpool", **settings)


def _global_pooling(kind: str) -> KerasReader:
    """The reader of a pool over all of a map."""

    def read(call: KerasCall) -> str:
        value = call.add(kind)
        return value if call.flag("keepdims") else call.builder.vector(value, call.at)

    return read


def _adaptive_pooling(kind: str) -> KerasReader:
    """The reader of a pool to a size."""
    return lambda call: call.add(kind, size=call.config.sizes("output_size", call.rank))


READERS: Mapping[str, KerasReader] = {
    "Conv": _conv, "Convolution": _conv, "ConvTranspose": _transpose, "Deconvolution": _transpose,
    "DepthwiseConv": _depthwise, "SeparableConv": _separable, "LocallyConnected": _locally_connected,
    "MaxPooling": _max_pooling, "AveragePooling": _average_pooling,
    "GlobalAveragePooling": _global_pooling("global_avgpool"), "GlobalMaxPooling": _global_pooling("global_maxpool"),
    "AdaptiveAveragePooling": _adaptive_pooling("adaptive_avgpool"),
    "AdaptiveMaxPooling": _adaptive_pooling("adaptive_maxpool"),
}  # fmt: skip
