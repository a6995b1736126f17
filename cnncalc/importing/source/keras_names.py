"""Keras' classes and functions: their parameters in order, and how they are called today."""

from __future__ import annotations

from collections.abc import Mapping

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation",
         "use_bias")  # fmt: skip
_POOL = ("pool_size", "strides", "padding")
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "Conv": _CONV, "Convolution": _CONV, "ConvTranspose": (*_CONV[:4], "output_padding", "data_format"),
    "SeparableConv": (*_CONV[:6], "depth_multiplier", "activation", "use_bias"),
    "DepthwiseConv": ("kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate",
                      "activation", "use_bias"),
    "Dense": ("units", "activation", "use_bias"), "MaxPooling": _POOL, "AveragePooling": _POOL, "MaxPool": _POOL,
    "AvgPool": _POOL, "Dropout": ("rate",), "SpatialDropout": ("rate",), "Activation": ("activation",),
    "BatchNormalization": ("axis", "momentum", "epsilon"), "LeakyReLU": ("negative_slope",), "ELU": ("alpha",),
    "ReLU": ("max_value", "negative_slope", "threshold"), "ZeroPadding": ("padding",), "Cropping": ("cropping",),
    "UpSampling": ("size", "data_format", "interpolation"), "Reshape": ("target_shape",),
    "Permute": ("dims",), "Concatenate": ("axis",),
    "Bidirectional": ("layer",), "TimeDistributed": ("layer",), "LSTM": ("units",), "GRU": ("units",),
    "SimpleRNN": ("units",), "Softmax": ("axis",),
}  # fmt: skip
"""The arguments of a layer that may be given by their places."""

RENAMED = {"MaxPool": "MaxPooling", "AvgPool": "AveragePooling", "GlobalAvgPool": "GlobalAveragePooling",
           "GlobalMaxPool": "GlobalMaxPooling"}  # fmt: skip
MODELS = ("Sequential", "Model", "Functional")
MERGES = {"add": "Add", "concatenate": "Concatenate", "multiply": "Multiply", "concat": "Concatenate"}
FUNCTIONS = ("relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "swish", "selu", "softplus")


def is_keras(name: str) -> bool:
    """Whether a name is one of Keras or TensorFlow."""
    return name.startswith(("keras.", "tensorflow.", "tf_keras."))
