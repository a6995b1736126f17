"""PyTorch's classes and functions: their parameters in order, and the operation that each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.language.problems import suggestion

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
CREATED = ("randn", "rand", "zeros", "ones", "empty", "randint", "FloatTensor", "Tensor", "full")
KEPT = ("contiguous", "clone", "detach", "to", "cuda", "cpu", "float", "half", "type", "type_as", "requires_grad_")
FLUENT = ("eval", "train", "to", "cuda", "cpu", "float", "half", "apply", "requires_grad_", "double")
WRAPPERS = ("Parameter", "DataParallel", "DistributedDataParallel", "compile", "script", "convert_sync_batchnorm",
            "manual_seed", "Variable")  # fmt: skip
"""Functions that return their argument."""

SEQUENCES = ("attention", "lstm", "gru", "rnn_tanh", "rnn_relu")
"""Operations of modules with more than one result."""

TUPLES = frozenset(("kernel_size", "stride", "padding", "dilation", "output_padding", "normalized_shape"))
"""Arguments that a convolution and a norm keep as tuples."""

SIGNS = {"Sub": "-", "Div": "/", "FloorDiv": "//", "Pow": "**", "MatMult": "@", "Mod": "%", "Lt": "<", "LtE": "<=",
         "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}  # fmt: skip

_CONV: Mapping[str, Any] = {
    "in_channels": ..., "out_channels": ..., "kernel_size": ..., "stride": 1, "padding": 0, "dilation": 1, "groups": 1,
    "bias": True, "padding_mode": "zeros",
}  # fmt: skip
_DECONV: Mapping[str, Any] = {
    "in_channels": ..., "out_channels": ..., "kernel_size": ..., "stride": 1, "padding": 0, "output_padding": 0,
    "groups": 1, "bias": True, "dilation": 1, "padding_mode": "zeros",
}  # fmt: skip
_BN: Mapping[str, Any] = {
    "num_features": ..., "eps": 1e-5, "momentum": 0.1, "affine": True, "track_running_stats": True, "bias": True,
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

_RECURRENT: Mapping[str, Any] = {
    "input_size": ..., "hidden_size": ..., "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0,
    "bidirectional": False,
}  # fmt: skip

OPERATIONS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    **{f"Conv{n}d": (f"conv{n}d", _CONV) for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": (f"conv_transpose{n}d", _DECONV) for n in (1, 2, 3)},
    "Linear": ("linear", {"in_features": ..., "out_features": ..., "bias": True}),
    **{f"BatchNorm{n}d": ("batch_norm", _BN) for n in (1, 2, 3)}, "SyncBatchNorm": ("batch_norm", _BN),
    "_BatchNorm": ("batch_norm", _BN),
    **{f"InstanceNorm{n}d": ("instance_norm", {**_BN, "affine": False}) for n in (1, 2, 3)},
    "GroupNorm": ("group_norm", {
        "num_groups": ..., "num_channels": ..., "eps": 1e-5, "affine": True, "bias": True}),
    "LayerNorm": ("layer_norm", {"normalized_shape": ..., "eps": 1e-5, "elementwise_affine": True, "bias": True}),
    "RMSNorm": ("rms_norm", {"normalized_shape": ..., "eps": None, "elementwise_affine": True}),
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
    **{f"ZeroPad{n}d": ("pad", {"padding": ..., "$rank": n}) for n in (1, 2, 3)},
    **{f"ConstantPad{n}d": ("pad", {"padding": ..., "value": ..., "$rank": n}) for n in (1, 2, 3)},
    **{f"{word}Pad{n}d": ("pad", {"padding": ..., "mode": mode, "$rank": n}) for n in (1, 2, 3)
       for word, mode in (("Reflection", "reflect"), ("Replication", "replicate"), ("Circular", "circular"))},
    "Upsample": ("interpolate", _UPSAMPLE),
    "UpsamplingNearest2d": ("interpolate", _UPSAMPLE),
    "UpsamplingBilinear2d": ("interpolate", {**_UPSAMPLE, "mode": "bilinear", "align_corners": True}),
    "PixelShuffle": ("pixel_shuffle", {"upscale_factor": ...}),
    "PixelUnshuffle": ("pixel_unshuffle", {"downscale_factor": ...}),
    "Unflatten": ("unflatten", {"dim": ..., "unflattened_size": ...}),
    "ChannelShuffle": ("channel_shuffle", {"groups": ...}),
    "MultiheadAttention": ("attention", {
        "embed_dim": ..., "num_heads": ..., "dropout": 0.0, "bias": True, "add_bias_kv": False, "add_zero_attn": False,
        "kdim": None, "vdim": None, "batch_first": False}),
    "LSTM": ("lstm", {**_RECURRENT, "proj_size": 0}), "GRU": ("gru", _RECURRENT),
    "RNN": ("rnn", {**_RECURRENT, "nonlinearity": "tanh"}),
    "Embedding": ("embedding", {
        "num_embeddings": ..., "embedding_dim": ..., "padding_idx": None, "max_norm": None, "norm_type": 2.0,
        "scale_grad_by_freq": False, "sparse": False}),
    "LocalResponseNorm": ("local_response_norm", {"size": ..., "alpha": 1e-4, "beta": 0.75, "k": 1.0}),
}  # fmt: skip
"""Class → operation, and its parameters with their defaults; `...` for one without a default."""

WEIGHED = tuple(name for name in OPERATIONS if name.startswith(("Conv", "Linear", "BatchNorm")))
"""Classes whose weights count."""

MODULES: Mapping[str, Mapping[str, Any]] = {name: parameters for name, (_, parameters) in OPERATIONS.items()}

_INPUT = ("input",)
FUNCTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{name: (name, ("input", "inplace")) for name in
       ("relu", "relu6", "sigmoid", "tanh", "silu", "hardswish", "hardsigmoid", "mish", "selu", "softsign", "exp",
        "log", "abs", "sqrt", "rsqrt", "reciprocal", "square", "neg")},
    "logsigmoid": ("log_sigmoid", _INPUT), "softplus": ("softplus", ("input", "beta", "threshold")),
    "gelu": ("gelu", ("input", "approximate")),
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
    **dict.fromkeys(("interpolate", "upsample"),
                    ("interpolate", ("input", "size", "scale_factor", "mode", "align_corners"))),
    "flatten": ("flatten", ("input", "start_dim", "end_dim")), "view": ("view", ("input", "size")),
    "reshape": ("view", ("input", "size")), "permute": ("permute", ("input", "dims")),
    "transpose": ("transpose", ("input", "dim0", "dim1")), "mean": ("mean", ("input", "dim", "keepdim")),
    "chunk": ("chunk", ("input", "chunks", "dim")), "split": ("split", ("input", "split_size", "dim")),
    "sum": ("sum", ("input", "dim", "keepdim")), "max": ("max", ("input", "dim", "keepdim")),
    "amax": ("amax", ("input", "dim", "keepdim")), "stack": ("stack", ("tensors", "dim")),
    "unbind": ("unbind", ("input", "dim")), "expand": ("expand", ("input", "size")),
    "repeat": ("repeat", ("input", "size")),
    "rearrange": ("rearrange", ("input", "pattern")), "reduce": ("reduce", ("input", "pattern", "reduction")),
    "swapaxes": ("transpose", ("input", "dim0", "dim1")),
    "squeeze": ("squeeze", ("input", "dim")), "unsqueeze": ("unsqueeze", ("input", "dim")),
    "cat": ("cat", ("tensors", "dim")), "concat": ("cat", ("tensors", "dim")),
    "add": ("add", ("self", "other")), "mul": ("mul", ("self", "other")), "multiply": ("mul", ("self", "other")),
    **{f"conv{n}d": (f"conv{n}d", ("input", "weight", "bias", "stride", "padding", "dilation", "groups"))
       for n in (1, 2, 3)},
    "linear": ("linear", ("input", "weight", "bias")),
    "layer_norm": ("layer_norm", ("input", "normalized_shape", "weight", "bias", "eps")),
    "rms_norm": ("rms_norm", ("input", "normalized_shape", "weight", "eps")),
    "group_norm": ("group_norm", ("input", "num_groups", "weight", "bias", "eps")),
    "batch_norm": ("batch_norm", ("input", "running_mean", "running_var", "weight", "bias", "training")),
    "prelu": ("prelu", ("input", "weight")),
    "local_response_norm": ("local_response_norm", ("input", "size", "alpha", "beta", "k")),
    "narrow": ("narrow", ("input", "dim", "start", "length")),
    "unflatten": ("unflatten", ("input", "dim", "unflattened_size")),
    "matmul": ("matmul", ("input", "other")), "bmm": ("bmm", ("input", "mat2")),
    "maximum": ("maximum", ("input", "other")), "minimum": ("minimum", ("input", "other")),
    **{name: (target, ("self", "other")) for name, target in
       (("sub", "sub"), ("subtract", "sub"), ("div", "div"), ("divide", "div"), ("true_divide", "div"))},
    "pow": ("pow", ("self", "exponent")), "absolute": ("abs", _INPUT), "negative": ("neg", _INPUT),
    "randn_like": ("randn_like", _INPUT), "rand_like": ("rand_like", _INPUT),
    "normal_": ("randn_like", ("input", "mean", "std")), "uniform_": ("rand_like", ("input", "from", "to")),
    "normal": ("normal", ("mean", "std", "size")), "empty_like": ("empty_like", _INPUT),
    "zeros_like": ("zeros_like", _INPUT), "ones_like": ("ones_like", _INPUT),
    **dict.fromkeys(("new", "new_empty"), ("new", ("input", "size"))),
    "pixel_shuffle": ("pixel_shuffle", ("input", "upscale_factor")),
    "channel_shuffle": ("channel_shuffle", ("input", "groups")),
    "contiguous": ("identity", _INPUT), "clone": ("identity", _INPUT), "detach": ("identity", _INPUT),
}  # fmt: skip
"""Function or method → operation, and its parameters in order."""

LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy", "kl_div",
          "binary_cross_entropy_with_logits")  # fmt: skip
"""Functions that give one number, which is not a value of the network."""

NUMBERS = (*LOSSES, "the mean of all", "the maximum of all", "the sum of all")
"""Beginnings of the words for such numbers."""

VARIADIC = ("view", "reshape", "permute", "expand", "repeat", "new", "new_empty")
"""Methods that also take their sizes one by one."""


def is_torch(name: str) -> bool:
    """Whether a name is one of PyTorch."""
    return name.startswith(("torch.", "einops.")) and not name.startswith(("torch.utils", "torch.optim"))


def meant(class_: str) -> str:
    """`; did you mean 'ReLU'?` for a slip in the name of a class; empty if none is near."""
    known = (*MODULES, *CONTAINERS)
    same = [name for name in known if name.lower() == class_.lower()]
    return suggestion(same[0] if same else class_, known)
