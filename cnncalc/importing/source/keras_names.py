"""Keras' classes and functions: their parameters in order, and how they are called today."""

from __future__ import annotations

from collections.abc import Mapping

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation",
         "use_bias")  # fmt: skip
_POOL = ("pool_size", "strides", "padding")
_DENSE = ("units", "activation", "use_bias")
_GATED = ("units", "activation", "recurrent_activation", "use_bias")
_NORM = ("axis", "epsilon", "center", "scale")
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "Conv": _CONV, "Convolution": _CONV, "ConvTranspose": (*_CONV[:4], "output_padding", "data_format"),
    "SeparableConv": (*_CONV[:6], "depth_multiplier", "activation", "use_bias"),
    "DepthwiseConv": ("kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate",
                      "activation", "use_bias"),
    "Dense": _DENSE, "MaxPooling": _POOL, "AveragePooling": _POOL, "MaxPool": _POOL,
    "AvgPool": _POOL, "Dropout": ("rate",), "SpatialDropout": ("rate",), "Activation": ("activation",),
    "BatchNormalization": ("axis", "momentum", *_NORM[1:]), "LeakyReLU": ("negative_slope",), "ELU": ("alpha",),
    "ReLU": ("max_value", "negative_slope", "threshold"), "ZeroPadding": ("padding",), "Cropping": ("cropping",),
    "UpSampling": ("size", "data_format", "interpolation"), "Reshape": ("target_shape",),
    "Permute": ("dims",), "Concatenate": ("axis",), "LSTM": _GATED, "GRU": _GATED, "SimpleRNN": _DENSE,
    "Softmax": ("axis",), "Embedding": ("input_dim", "output_dim"), "RepeatVector": ("n",),
    "Bidirectional": ("layer", "merge_mode"), "TimeDistributed": ("layer",), "SpectralNormalization": ("layer",),
    "MultiHeadAttention": ("num_heads", "key_dim", "value_dim", "dropout", "use_bias", "output_shape",
                           "attention_axes"), "Attention": ("use_scale", "score_mode"),
    "EinsumDense": ("equation", "output_shape", "activation", "bias_axes"),
    "LocallyConnected": (*_CONV[:5], "activation", "use_bias"), "GroupNormalization": ("groups", *_NORM),
    "LayerNormalization": _NORM, "RMSNormalization": _NORM, "UnitNormalization": ("axis",),
    "Normalization": ("axis", "mean", "variance", "invert"), "Rescaling": ("scale", "offset"),
    "Resizing": ("height", "width", "interpolation"), "CenterCrop": ("height", "width"),
    "RandomCrop": ("height", "width"), "AdaptiveAveragePooling": ("output_size",),
    "AdaptiveMaxPooling": ("output_size",), "PReLU": (*("",) * 3, "shared_axes"),
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
