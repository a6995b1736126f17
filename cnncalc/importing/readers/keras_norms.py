"""Keras: norms, and factors that are learned."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.adding import learned_parts
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader


def _axes(call: KerasCall) -> str:
    """The axes of a norm in words: the channels, all, or other axes."""
    axis, shape = call.config.data.get("axis"), call.shape
    axes = axis if isinstance(axis, list) else [axis]
    count = shape.rank + 2 if shape else 1
    found = sorted(one % count for one in axes if type(one) is int)
    if shape is None or not found or found == [1 if call.has_channels_first else count - 1]:
        return "channels"
    return "all" if found == list(range(1, count)) else f"axis {', '.join(map(str, axes))}"


def _batch(call: KerasCall) -> str:
    if (over := _axes(call)) != "channels":
        return call.unknown(f"BatchNormalization over {over}")
    scale, center = call.flag("scale"), call.flag("center")
    tensors = call.kept(*("weight",) * scale, *("bias",) * center, "running_mean", "running_var")
    return call.add("bn", tensors, eps=call.real("epsilon"), **learned_parts(scale, center))


def _layer(call: KerasCall) -> str:
    over, rank, is_rms = _axes(call), call.rank, call.config.flag("rms_scaling", False)
    scale, center = call.flag("scale") or is_rms, call.flag("center") and not is_rms
    if is_rms:
        call.note("with rms_scaling the mean stays in the values; layernorm subtracts it", inexact=True)
    if over not in ("channels", "all"):
        return call.unknown(f"LayerNormalization over {over}")
    settings, words = (
        {"eps": call.real("epsilon"), **learned_parts(scale, center)},
        ("weight",) * scale + ("bias",) * center,
    )
    if over == "all":
        axes = () if call.has_channels_first else (rank, *range(rank))
        return call.add("layernorm", call.kept(**dict.fromkeys(words, axes)), over=call.shape, **settings)
    return call.add("layernorm", call.kept(*words), **settings)


def _group(call: KerasCall) -> str:
    if (over := _axes(call)) != "channels":
        return call.unknown(f"GroupNormalization over {over}")
    scale, center = call.flag("scale"), call.flag("center")
    groups = call.config.number("groups", 32)
    groups = groups if groups > 0 else call.builder.channels(call.values[0]) or 1
    tensors, eps = call.kept(*("weight",) * scale, *("bias",) * center), call.real("epsilon")
    return call.add("groupnorm", tensors, groups=groups, eps=eps, **learned_parts(scale, center))


def _root_mean_square(call: KerasCall) -> str:
    if (over := _axes(call)) != "channels":
        return call.unknown(f"RMSNormalization over {over}")
    return call.add("rmsnorm", call.kept("weight"), eps=call.config.real("epsilon", 1e-6))


def _unit(call: KerasCall) -> str:
    if (over := _axes(call)) != "channels":
        return call.unknown(f"UnitNormalization over {over}")
    return call.add("l2norm")


def _spectral(call: KerasCall) -> str:
    inner = call.config.inner("layer")
    call.note("the vector of SpectralNormalization, which is not trained, is left out", inexact=True)
    return call.read(
        inner.text("class_name"), call._replace(config=inner.inner("config"), stored=f"{call.stored}layer/")
    )


def _layer_scale(call: KerasCall) -> str:
    return call.add("scale", call.kept("weight"), bias=False)


def _local_response(call: KerasCall) -> str:
    config = call.config
    alpha, beta, k = config.real("alpha", 1e-4), config.real("beta", 0.75), config.real("k", 2)
    return call.add("lrn", size=config.number("size", 5), alpha=alpha, beta=beta, k=k)


READERS: Mapping[str, KerasReader] = {
    "BatchNormalization": _batch, "LayerNormalization": _layer, "GroupNormalization": _group,
    "LayerScale": _layer_scale, "RMSNormalization": _root_mean_square, "UnitNormalization": _unit,
    "SpectralNormalization": _spectral, "SyncBatchNormalization": _batch, "BatchNormalizationV1": _batch,
    "BatchNormalizationV2": _batch, "LocalResponseNormalization": _local_response,
}  # fmt: skip
