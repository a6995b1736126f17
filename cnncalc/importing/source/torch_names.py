"""PyTorch's classes and functions: their parameters in order, and the operation that each is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.importing.readers.aten import Weighed
from cnncalc.importing.source.values import Instance

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
CREATED = ("randn", "rand", "zeros", "ones", "empty", "randint", "FloatTensor", "full")
KEPT = ("contiguous", "clone", "detach", "to", "cuda", "cpu", "float", "half", "type", "type_as", "requires_grad_")
FLUENT = ("eval", "train", "to", "cuda", "cpu", "float", "half", "apply", "requires_grad_", "double")
SIGNS = {"Sub": "-", "Div": "/", "FloorDiv": "//", "Pow": "**", "MatMult": "@", "Mod": "%"}

_CONV: Mapping[str, Any] = {
    "in_channels": ..., "out_channels": ..., "kernel_size": ..., "stride": 1, "padding": 0, "dilation": 1, "groups": 1,
    "bias": True, "padding_mode": "zeros",
}  # fmt: skip
_DECONV: Mapping[str, Any] = {
    "in_channels": ..., "out_channels": ..., "kernel_size": ..., "stride": 1, "padding": 0, "output_padding": 0,
    "groups": 1, "bias": True, "dilation": 1, "padding_mode": "zeros",
}  # fmt: skip
_BN: Mapping[str, Any] = {
    "num_features": ..., "eps": 1e-5, "momentum": 0.1, "affine": True, "track_running_stats": True,
}  # fmt: skip
_MAXPOOL: Mapping[str, Any] = {
    "kernel_size": ..., "stride": None, "padding": 0, "dilation": 1, "return_indices": False, "ceil_mode": False,
}  # fmt: skip
_AVGPOOL: Mapping[str, Any] = {
    "kernel_size": ..., "stride": None, "padding": 0, "ceil_mode": False, "count_include_pad": True,
    "divisor_override": None,
}  # fmt: skip
_DROPOUT: Mapping[str, Any] = {"p": 0.5, "inplace": False}
_IN_PLACE: Mapping[str, Any] = {"inplace": False}
_UPSAMPLE: Mapping[str, Any] = {
    "size": None, "scale_factor": None, "mode": "nearest", "align_corners": None, "recompute_scale_factor": None,
}  # fmt: skip

OPERATIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    **{f"Conv{n}d": (f"conv{n}d", _CONV) for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": (f"conv_transpose{n}d", _DECONV) for n in (1, 2, 3)},
    "Linear": ("linear", {"in_features": ..., "out_features": ..., "bias": True}),
    **{f"BatchNorm{n}d": ("batch_norm", _BN) for n in (1, 2, 3)}, "SyncBatchNorm": ("batch_norm", _BN),
    **{f"InstanceNorm{n}d": ("instance_norm", {**_BN, "affine": False}) for n in (1, 2, 3)},
    "GroupNorm": ("group_norm", {"num_groups": ..., "num_channels": ..., "eps": 1e-5, "affine": True}),
    "LayerNorm": ("layer_norm", {"normalized_shape": ..., "eps": 1e-5, "elementwise_affine": True, "bias": True}),
    **{f"MaxPool{n}d": (f"max_pool{n}d", _MAXPOOL) for n in (1, 2, 3)},
    **{f"AvgPool{n}d": (f"avg_pool{n}d", _AVGPOOL) for n in (1, 2, 3)},
    **{f"AdaptiveAvgPool{n}d": (f"adaptive_avg_pool{n}d", {"output_size": ...}) for n in (1, 2, 3)},
    "AdaptiveMaxPool2d": ("adaptive_max_pool2d", {"output_size": ..., "return_indices": False}),
    **dict.fromkeys(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"), ("dropout", _DROPOUT)),
    **{name: (name.lower(), _IN_PLACE) for name in
       ("ReLU", "ReLU6", "SiLU", "Hardswish", "Hardsigmoid", "Mish", "SELU")},
    **{name: (name.lower(), {}) for name in ("Sigmoid", "Tanh", "Softsign")},
    "LogSigmoid": ("log_sigmoid", {}), "Softplus": ("softplus", {"beta": 1.0, "threshold": 20.0}),
    "GELU": ("gelu", {"approximate": "none"}), "CELU": ("celu", {"alpha": 1.0, "inplace": False}),
    "ELU": ("elu", {"alpha": 1.0, "inplace": False}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": 0.01, "inplace": False}),
    "PReLU": ("prelu", {"num_parameters": 1, "init": 0.25}),
    "Hardtanh": ("hardtanh", {"min_val": -1.0, "max_val": 1.0, "inplace": False}),
    "Softmax": ("softmax", {"dim": -1}), "Softmax2d": ("softmax", {"dim": 1}),
    "LogSoftmax": ("log_softmax", {"dim": -1}),
    "Flatten": ("flatten", {"start_dim": 1, "end_dim": -1}), "Identity": ("identity", {}),
    "ZeroPad2d": ("pad", {"padding": ...}), "Upsample": ("interpolate", _UPSAMPLE),
    "UpsamplingNearest2d": ("interpolate", _UPSAMPLE),
    "UpsamplingBilinear2d": ("interpolate", {**_UPSAMPLE, "mode": "bilinear"}),
    "PixelShuffle": ("pixel_shuffle", {"upscale_factor": ...}),
    "PixelUnshuffle": ("pixel_unshuffle", {"downscale_factor": ...}),
    "ChannelShuffle": ("channel_shuffle", {"groups": ...}),
    "LocalResponseNorm": ("local_response_norm", {"size": ..., "alpha": 1e-4, "beta": 0.75, "k": 1.0}),
}  # fmt: skip
"""Class → operation, and its parameters with their defaults; `...` if it has none."""

WEIGHED = tuple(name for name in OPERATIONS if name.startswith(("Conv", "Linear", "BatchNorm")))
"""Classes whose weights count."""

MODULES: Mapping[str, Mapping[str, Any]] = {name: parameters for name, (_, parameters) in OPERATIONS.items()}

_INPUT = ("input",)
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{name: (name, ("input", "inplace")) for name in
       ("relu", "relu6", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid", "mish", "selu", "softsign", "exp")},
    "logsigmoid": ("log_sigmoid", _INPUT), "softplus": ("softplus", _INPUT), "gelu": ("gelu", ("input", "approximate")),
    "elu": ("elu", ("input", "alpha", "inplace")), "celu": ("celu", ("input", "alpha", "inplace")),
    "leaky_relu": ("leaky_relu", ("input", "negative_slope", "inplace")),
    "hardtanh": ("hardtanh", ("input", "min_val", "max_val", "inplace")), "clamp": ("clamp", ("input", "min", "max")),
    "softmax": ("softmax", ("input", "dim")), "log_softmax": ("log_softmax", ("input", "dim")),
    **{f"max_pool{n}d": (f"max_pool{n}d", ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode"))
       for n in (1, 2, 3)},
    **{f"avg_pool{n}d": (
        f"avg_pool{n}d", ("input", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"))
       for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": (f"adaptive_avg_pool{n}d", ("input", "output_size")) for n in (1, 2, 3)},
    "adaptive_max_pool2d": ("adaptive_max_pool2d", ("input", "output_size")),
    **dict.fromkeys(
        ("dropout", "dropout2d", "dropout3d", "alpha_dropout"), ("dropout", ("input", "p", "training", "inplace"))
    ),
    "pad": ("pad", ("input", "pad", "mode", "value")),
    "interpolate": ("interpolate", ("input", "size", "scale_factor", "mode")),
    "upsample": ("interpolate", ("input", "size", "scale_factor", "mode")),
    "flatten": ("flatten", ("input", "start_dim", "end_dim")), "view": ("view", ("input", "size")),
    "reshape": ("view", ("input", "size")), "permute": ("permute", ("input", "dims")),
    "transpose": ("transpose", ("input", "dim0", "dim1")), "mean": ("mean", ("input", "dim", "keepdim")),
    "chunk": ("chunk", ("input", "chunks", "dim")), "split": ("split", ("input", "split_size", "dim")),
    "squeeze": ("squeeze", ("input", "dim")), "unsqueeze": ("unsqueeze", ("input", "dim")),
    "cat": ("cat", ("tensors", "dim")), "concat": ("cat", ("tensors", "dim")),
    "add": ("add", ("self", "other")), "mul": ("mul", ("self", "other")), "multiply": ("mul", ("self", "other")),
    "pixel_shuffle": ("pixel_shuffle", ("input", "upscale_factor")),
    "channel_shuffle": ("channel_shuffle", ("input", "groups")),
    "contiguous": ("identity", _INPUT), "clone": ("identity", _INPUT), "detach": ("identity", _INPUT),
}  # fmt: skip
"""Function or method → operation, and its parameters in order."""

VARIADIC = ("view", "reshape", "permute")
"""Methods that take their sizes one by one, too."""

_WEIGHTS = ("weight", "affine", "elementwise_affine")


def is_torch(name: str) -> bool:
    """Whether a name is one of PyTorch."""
    return name.startswith("torch.") and not name.startswith(("torch.utils", "torch.optim"))


def module_operation(
    class_: str, instance: Instance, dims: tuple[int, ...], fail: Callable[[Instance, str], None]
) -> tuple[str, dict[str, Any]]:
    """The operation that a module is for an input of these sizes, and its arguments."""
    target, parameters = OPERATIONS[class_]
    given = {name: instance.attributes[name] for name in parameters}
    key = f"w{id(instance)}"
    wanted = next((n for n in ("in_channels", "num_features", "in_features", "num_channels") if n in given), "")
    if wanted and dims:
        found = dims[-1] if wanted == "in_features" else dims[1]
        if found != given[wanted]:
            text = "x".join(map(str, dims[1:]))
            fail(instance, f"{class_}: {wanted} is {given[wanted]}, its input is {text}")
    if target.startswith("conv"):
        _whole(instance, given, ("in_channels", "out_channels", "groups"), class_, fail)
        rank = int(target[-2])
        kernel = (
            given["kernel_size"] if isinstance(given["kernel_size"], list | tuple) else (given["kernel_size"],) * rank
        )
        ends = (given["out_channels"], given["in_channels"])
        if given["in_channels"] % given["groups"] or given["out_channels"] % given["groups"]:
            fail(instance, f"{class_}: {ends[1]} and {ends[0]} channels do not divide into {given['groups']} groups")
        if "transpose" in target:
            weight = (ends[1], ends[0] // given["groups"], *kernel)
        else:
            weight = (ends[0], ends[1] // given["groups"], *kernel)
        if given["padding_mode"] != "zeros":
            fail(instance, f"{class_}: padding_mode {given['padding_mode']} is not known")
        return target, {
            **given,
            "weight": Weighed(key, weight),
            "bias": Weighed(f"{key}b", weight[:1]) if given["bias"] else None,
        }
    if target == "linear":
        _whole(instance, given, ("in_features", "out_features"), class_, fail)
        weight = (given["out_features"], given["in_features"])
        return target, {
            "weight": Weighed(key, weight),
            "bias": Weighed(f"{key}b", weight[:1]) if given["bias"] else None,
        }
    if target in ("batch_norm", "instance_norm", "group_norm", "layer_norm"):
        learned = given.get("affine", given.get("elementwise_affine"))
        shape = given.get("normalized_shape", ())
        shape = [shape] if isinstance(shape, int) else list(shape)
        return target, {
            **given,
            "weight": Weighed(key, ()) if learned else None,
            "running_mean": True,
            "normalized_shape": shape,
        }
    return target, _others(target, given, key)


def _others(target: str, given: dict[str, Any], key: str) -> dict[str, Any]:
    if target == "prelu":
        return {"weight": Weighed(key, (given["num_parameters"],))}
    if target == "pad":
        pad = given["padding"]
        return {"pad": [pad] * 4 if isinstance(pad, int) else list(pad)}
    return given


def _whole(
    instance: Instance, given: Mapping[str, Any], names: tuple[str, ...], class_: str,
    fail: Callable[[Instance, str], None],
) -> None:  # fmt: skip
    for name in names:
        if type(given[name]) is not int or given[name] < 1:
            fail(
                instance,
                f"{class_}: {name} is {getattr(given[name], 'name', given[name])!s:.40}; a whole number is expected",
            )
