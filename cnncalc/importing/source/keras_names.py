"""Keras' classes and functions: their parameters in order, and their names of today."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cnncalc.language.problems import suggestion

_CONV = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups", "activation",
         "use_bias")  # fmt: skip
_POOL = ("pool_size", "strides", "padding", "data_format")
_GLOBAL = ("data_format", "keepdims")
_RECURRENT = ("units", "activation", "recurrent_activation", "use_bias", "dropout", "recurrent_dropout",
              "return_sequences", "return_state", "go_backwards", "stateful", "unroll", "reset_after", "use_cudnn",
              "unit_forget_bias", "seed", "implementation", "time_major")  # fmt: skip
_SIMPLE = (*_RECURRENT[:2], *_RECURRENT[3:])
ALL_PARAMETERS: dict[str, tuple[str, ...]] = {
    "Conv": _CONV, "Convolution": _CONV,
    "ConvTranspose": (*_CONV[:4], "output_padding", *_CONV[4:6], "activation", "use_bias"),
    "SeparableConv": (*_CONV[:6], "depth_multiplier", "activation", "use_bias"),
    "DepthwiseConv": ("kernel_size", "strides", "padding", "depth_multiplier", "data_format", "dilation_rate",
                      "activation", "use_bias"),
    "Dense": ("units", "activation", "use_bias"), **dict.fromkeys(("MaxPooling", "AveragePooling"), _POOL),
    **dict.fromkeys(("MaxPool", "AvgPool"), _POOL), "Activation": ("activation",), "Flatten": ("data_format",),
    **dict.fromkeys(("GlobalAveragePooling", "GlobalMaxPooling", "GlobalAvgPool", "GlobalMaxPool"), _GLOBAL),
    **dict.fromkeys(("Dropout", "SpatialDropout", "AlphaDropout"), ("rate", "noise_shape", "seed")),
    "BatchNormalization": ("axis", "momentum", "epsilon", "center", "scale", "renorm", "renorm_clipping",
                           "renorm_momentum", "synchronized", "fused", "virtual_batch_size"),
    "LayerNormalization": ("axis", "epsilon", "center", "scale", "rms_scaling"),
    "GroupNormalization": ("groups", "axis", "epsilon", "center", "scale"), "Rescaling": ("scale", "offset"),
    "LeakyReLU": ("negative_slope", "alpha"), "ELU": ("alpha",), "PReLU": ("shared_axes",),
    "ReLU": ("max_value", "negative_slope", "threshold"), "ZeroPadding": ("padding", "data_format"),
    "Cropping": ("cropping", "data_format"), "UpSampling": ("size", "data_format", "interpolation"),
    "Reshape": ("target_shape",), "Permute": ("dims",), "Concatenate": ("axis",), "RepeatVector": ("n",),
    "LSTM": _RECURRENT, "GRU": _RECURRENT, "SimpleRNN": _SIMPLE, "Softmax": ("axis",), "TimeDistributed": ("layer",),
    "Embedding": ("input_dim", "output_dim", "mask_zero"), "Bidirectional": ("layer", "merge_mode", "backward_layer"),
    "MultiHeadAttention": ("num_heads", "key_dim", "value_dim", "dropout", "use_bias", "output_shape", "attention_axes",
                           "flash_attention", "seed"),
}  # fmt: skip
"""All arguments of a layer: first, in order, those that may be given by position."""

_NORM = ("axis", "epsilon", "center", "scale")
PARAMETERS: Mapping[str, tuple[str, ...]] = ALL_PARAMETERS | {
    "SpectralNormalization": ("layer",), "Lambda": ("function", "output_shape", "mask", "arguments"),
    "Attention": ("use_scale", "score_mode"),
    "EinsumDense": ("equation", "output_shape", "activation", "bias_axes"),
    "LocallyConnected": (*_CONV[:5], "activation", "use_bias"), "RMSNormalization": _NORM,
    "UnitNormalization": ("axis",), "Normalization": ("axis", "mean", "variance", "invert"),
    "Resizing": ("height", "width", "interpolation"), "CenterCrop": ("height", "width"),
    "RandomCrop": ("height", "width"), "AdaptiveAveragePooling": ("output_size",),
    "AdaptiveMaxPooling": ("output_size",), "PReLU": (*("",) * 3, "shared_axes"),
}  # fmt: skip
"""The arguments of a layer that may be given by position."""

NEEDED = ("filters", "kernel_size", "units", "rate", "target_shape", "dims", "n", "layer", "num_heads",
          "key_dim", "input_dim", "output_dim")  # fmt: skip
"""Arguments without a default."""

_OF_EVERY = ("name", "trainable", "dtype", "dynamic", "autocast", "input_shape", "batch_input_shape", "batch_size",
             "input_dim", "input_length", "weights", "lora_rank", "lora_alpha", "quantization_config")  # fmt: skip
_OF_WEIGHTS = ("_initializer", "_regularizer", "_constraint")

RENAMED = {"MaxPool": "MaxPooling", "AvgPool": "AveragePooling", "GlobalAvgPool": "GlobalAveragePooling",
           "GlobalMaxPool": "GlobalMaxPooling"}  # fmt: skip
MODELS = ("Sequential", "Model", "Functional")
MERGES = {"add": "Add", "concatenate": "Concatenate", "multiply": "Multiply", "concat": "Concatenate",
          "subtract": "Subtract", "maximum": "Maximum", "minimum": "Minimum", "average": "Average"}  # fmt: skip
FUNCTIONS = ("relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "gelu", "silu", "swish", "selu", "softplus")


def is_keras(name: str) -> bool:
    """Whether a name is one of Keras or TensorFlow."""
    return name.startswith(("keras.", "tensorflow.", "tf_keras."))


def misused(class_: str, given: Collection[str]) -> str:
    """The words for a name among a layer's arguments that Keras refuses; empty if there is none, or no such layer."""
    known = ALL_PARAMETERS.get(re.sub("[123]D", "", class_))
    if known is None:
        return ""
    for name in given:
        if name not in (*known, *_OF_EVERY) and not name.endswith(_OF_WEIGHTS):
            return f"{class_} has no parameter {name:.40}{suggestion(name, known)}"
    missing = [name for name in known if name in NEEDED and name not in given]
    return f"{class_} needs a value for {missing[0]}" if missing else ""
