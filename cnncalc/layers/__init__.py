"""The layer kinds: the parameters of each, and the arithmetic of its shapes, weights and MACs.

`cnncalc guide design` says how to add a kind.
"""

from __future__ import annotations

from collections.abc import Callable
from types import BuiltinFunctionType, ModuleType
from typing import Any

from cnncalc.layers.activation import (
    Dropout,
    Elu,
    Gelu,
    Glu,
    HardSigmoid,
    HardSwish,
    LeakyRelu,
    LogSoftmax,
    PRelu,
    Relu,
    Relu6,
    Sigmoid,
    Silu,
    Softmax,
    Tanh,
    Zeros,
)
from cnncalc.layers.attention import Attention
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import DepthToSpace, PadChannels, SpaceToDepth
from cnncalc.layers.convolution import Conv, Depthwise, LocallyConnected
from cnncalc.layers.curves import (
    Celu,
    Exponential,
    HardShrink,
    HardTanh,
    Identity,
    LogSigmoid,
    Mish,
    Selu,
    Softplus,
    SoftShrink,
    Softsign,
    SparsePlus,
    SparseSigmoid,
    Squareplus,
    TanhShrink,
    Threshold,
)
from cnncalc.layers.learned import Embedding, Positions, Tokens
from cnncalc.layers.linear import FullyConnected
from cnncalc.layers.merging import Add, Average, Concat, Divide, MatMul, Maximum, Minimum, Mul, Subtract
from cnncalc.layers.normalization import (
    BatchNorm,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    RmsNorm,
)
from cnncalc.layers.opaque import Opaque
from cnncalc.layers.pooling import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    MaxPool,
)
from cnncalc.layers.rearrangement import Crop, Flatten, Permute, Reshape, Shuffle, Slice, ZeroPad
from cnncalc.layers.recurrent import Gru, Lstm, Rnn
from cnncalc.layers.resizing import Resize, Upsample
from cnncalc.layers.scaling import Absolute, L2Norm, LocalResponseNorm, Log, Noise, Power, Rescale, Scale
from cnncalc.layers.transposed import Deconv
from cnncalc.layers.unpooling import Unpool

LAYERS: dict[str, type[Layer]] = {
    "conv": Conv,
    "deconv": Deconv,
    "depthwise": Depthwise,
    "local": LocallyConnected,
    "maxpool": MaxPool,
    "avgpool": AvgPool,
    "global_avgpool": GlobalAvgPool,
    "global_maxpool": GlobalMaxPool,
    "adaptive_avgpool": AdaptiveAvgPool,
    "adaptive_maxpool": AdaptiveMaxPool,
    "unpool": Unpool,
    "flatten": Flatten,
    "fc": FullyConnected,
    "rnn": Rnn,
    "lstm": Lstm,
    "gru": Gru,
    "attention": Attention,
    "tokens": Tokens,
    "positions": Positions,
    "embedding": Embedding,
    "bn": BatchNorm,
    "lrn": LocalResponseNorm,
    "layernorm": LayerNorm,
    "groupnorm": GroupNorm,
    "instancenorm": InstanceNorm,
    "rmsnorm": RmsNorm,
    "l2norm": L2Norm,
    "scale": Scale,
    "rescale": Rescale,
    "dropout": Dropout,
    "relu": Relu,
    "relu6": Relu6,
    "leaky_relu": LeakyRelu,
    "prelu": PRelu,
    "elu": Elu,
    "gelu": Gelu,
    "silu": Silu,
    "hardswish": HardSwish,
    "hardsigmoid": HardSigmoid,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "softmax": Softmax,
    "log_softmax": LogSoftmax,
    "selu": Selu,
    "celu": Celu,
    "mish": Mish,
    "softplus": Softplus,
    "squareplus": Squareplus,
    "softsign": Softsign,
    "logsigmoid": LogSigmoid,
    "tanhshrink": TanhShrink,
    "exponential": Exponential,
    "log": Log,
    "power": Power,
    "abs": Absolute,
    "hardtanh": HardTanh,
    "hardshrink": HardShrink,
    "softshrink": SoftShrink,
    "threshold": Threshold,
    "sparse_plus": SparsePlus,
    "sparse_sigmoid": SparseSigmoid,
    "identity": Identity,
    "glu": Glu,
    "zeros": Zeros,
    "noise": Noise,
    "upsample": Upsample,
    "resize": Resize,
    "zeropad": ZeroPad,
    "crop": Crop,
    "slice": Slice,
    "shuffle": Shuffle,
    "space_to_depth": SpaceToDepth,
    "depth_to_space": DepthToSpace,
    "pad_channels": PadChannels,
    "reshape": Reshape,
    "permute": Permute,
    "add": Add,
    "mul": Mul,
    "concat": Concat,
    "subtract": Subtract,
    "divide": Divide,
    "maximum": Maximum,
    "minimum": Minimum,
    "average": Average,
    "matmul": MatMul,
    "opaque": Opaque,
}


def implementations(*modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """The function of each kind in some modules: it has the kind's name, and a `_` if Python has that name."""
    named = {
        name.removesuffix("_"): thing
        for module in modules
        for name, thing in vars(module).items()
        if not isinstance(thing, BuiltinFunctionType)  # of math, which has names of kinds
    }
    return {kind: named[kind] for kind in LAYERS if callable(named.get(kind))}
