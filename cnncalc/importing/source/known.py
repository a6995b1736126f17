"""Public classes that sources use and that consist of layers, as a source that is followed."""

from __future__ import annotations

KNOWN_TEXT = """
import torch
from torch import nn

class _ConvNormActivation(nn.Sequential):
    def __init__(self, conv, in_channels, out_channels, kernel_size=3, stride=1, padding=None, groups=1,
                 norm_layer=None, activation_layer=nn.ReLU, dilation=1, inplace=True, bias=None):
        if padding is None:
            if isinstance(kernel_size, int):
                padding = (kernel_size - 1) // 2 * dilation
            else:
                padding = [(k - 1) // 2 * dilation for k in kernel_size]
        layers = [conv(in_channels, out_channels, kernel_size, stride, padding, dilation=dilation, groups=groups,
                       bias=norm_layer is None if bias is None else bias)]
        if norm_layer is not None:
            layers.append(norm_layer(out_channels))
        if activation_layer is not None:
            layers.append(activation_layer())
        super().__init__(*layers)
        self.out_channels = out_channels

class Conv2dNormActivation(_ConvNormActivation):
    def __init__(self, *args, norm_layer=nn.BatchNorm2d, **kwargs):
        super().__init__(nn.Conv2d, *args, norm_layer=norm_layer, **kwargs)

class Conv3dNormActivation(_ConvNormActivation):
    def __init__(self, *args, norm_layer=nn.BatchNorm3d, **kwargs):
        super().__init__(nn.Conv3d, *args, norm_layer=norm_layer, **kwargs)

ConvNormActivation = Conv2dNormActivation

class SqueezeExcitation(nn.Module):
    def __init__(self, input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()
    def forward(self, x):
        return x * self.scale_activation(self.fc2(self.activation(self.fc1(self.avgpool(x)))))

class MLP(nn.Sequential):
    def __init__(self, in_channels, hidden_channels, norm_layer=None, activation_layer=nn.ReLU, inplace=None,
                 bias=True, dropout=0.0):
        layers = []
        for size in hidden_channels[:-1]:
            layers.append(nn.Linear(in_channels, size, bias=bias))
            if norm_layer is not None:
                layers.append(norm_layer(size))
            layers += [activation_layer(), nn.Dropout(dropout)]
            in_channels = size
        super().__init__(*layers, nn.Linear(in_channels, hidden_channels[-1], bias=bias), nn.Dropout(dropout))

class Permute(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.dims = dims
    def forward(self, x):
        return x.permute(*self.dims)

class _Same(nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
    def forward(self, x):
        return x

DropPath = StochasticDepth = DropBlock2d = _Same

def drop_path(x, *args, **kwargs):
    return x

stochastic_depth = drop_block2d = drop_path

def to_2tuple(x):
    return tuple(x) if isinstance(x, (list, tuple)) else (x, x)

_pair = to_2tuple

class Rearrange(nn.Module):
    def __init__(self, pattern, **sizes):
        super().__init__()
        self.pattern = pattern
        self.sizes = sizes
    def forward(self, x):
        return torch.rearrange(x, self.pattern, **self.sizes)

class TransformerEncoderLayer(nn.Module):
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-5,
                 batch_first=False, norm_first=False, bias=True, device=None, dtype=None):
        super().__init__()
        self.norm_first = norm_first
        self.self_attn = nn.MultiheadAttention(d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first)
        self.linear1 = nn.Linear(d_model, dim_feedforward, bias=bias)
        self.dropout = nn.Dropout(dropout)
        self.linear2 = nn.Linear(dim_feedforward, d_model, bias=bias)
        self.norm1 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.norm2 = nn.LayerNorm(d_model, eps=layer_norm_eps, bias=bias)
        self.dropout1 = nn.Dropout(dropout)
        self.dropout2 = nn.Dropout(dropout)
        named = {"relu": nn.functional.relu, "gelu": nn.functional.gelu}
        self.activation = named[activation] if isinstance(activation, str) else activation
    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        x = src
        if self.norm_first:
            x = x + self._attend(self.norm1(x))
            return x + self._feed(self.norm2(x))
        x = self.norm1(x + self._attend(x))
        return self.norm2(x + self._feed(x))
    def _attend(self, x):
        return self.dropout1(self.self_attn(x, x, x)[0])
    def _feed(self, x):
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))

class TransformerEncoder(nn.Module):
    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        super().__init__()
        from copy import deepcopy
        self.layers = nn.ModuleList([deepcopy(encoder_layer) for _ in range(num_layers)])
        self.norm = norm
    def forward(self, src, mask=None, src_key_padding_mask=None, is_causal=None):
        for layer in self.layers:
            src = layer(src)
        return src if self.norm is None else self.norm(src)
"""
"""They are those of torchvision.ops, of timm.layers, and of torch.nn."""

LIBRARIES = ("torch", "torchvision", "timm", "einops", "keras", "tensorflow", "numpy", "math", "typing", "collections",
             "functools")  # fmt: skip
"""Modules that are not files beside a source."""

KNOWN_NAMES = ("ConvNormActivation", "Conv2dNormActivation", "Conv3dNormActivation", "SqueezeExcitation", "MLP",
               "Permute", "DropPath", "StochasticDepth", "DropBlock2d", "drop_path", "stochastic_depth", "drop_block2d",
               "to_2tuple", "_pair", "Rearrange", "TransformerEncoderLayer", "TransformerEncoder")  # fmt: skip


def is_known(name: str) -> bool:
    """Whether a full name is one of them; a name imported from a missing file counts as one, too."""
    first, _, last = name.replace("..", ".").partition(".")[0], "", name.rpartition(".")[2]
    return last in KNOWN_NAMES and first in ("", "torch", "torchvision", "timm", "einops")
