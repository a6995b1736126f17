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

class Reduce(nn.Module):
    def __init__(self, pattern, reduction, **sizes):
        super().__init__()
        self.pattern, self.reduction = pattern, reduction
    def forward(self, x):
        return torch.reduce(x, self.pattern, self.reduction)

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

class _Unit(nn.Module):
    def __init__(self, entering, width, stride, wide):
        super().__init__()
        leaving = 4 * width if wide else width
        steps = [(1, 1), (3, stride), (1, 1)] if wide else [(3, stride), (3, 1)]
        sizes = [entering] + [width] * (len(steps) - 1) + [leaving]
        for i, (kernel, step) in enumerate(steps):
            setattr(self, f"conv{i + 1}", nn.Conv2d(sizes[i], sizes[i + 1], kernel, step, kernel // 2, bias=False))
            setattr(self, f"bn{i + 1}", nn.BatchNorm2d(sizes[i + 1]))
        self.relu = nn.ReLU()
        self.number = len(steps)
        self.downsample = None
        if stride != 1 or entering != leaving:
            self.downsample = nn.Sequential(nn.Conv2d(entering, leaving, 1, stride, bias=False),
                                            nn.BatchNorm2d(leaving))
    def forward(self, x):
        y = x
        for i in range(1, self.number + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = self.relu(y) if i < self.number else y
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))

class _ResNetParts(nn.Module):
    def __init__(self, counts, wide, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        entering = 64
        for stage, count in enumerate(counts):
            width, units = 64 * 2 ** stage, []
            for i in range(count):
                units.append(_Unit(entering, width, 2 if stage and not i else 1, wide))
                entering = 4 * width if wide else width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(entering, classes)
    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))

class _FeatureParts(nn.Module):
    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))

class _VggParts(_FeatureParts):
    def __init__(self, counts, norm, classes):
        super().__init__()
        layers, entering = [], 3
        for stage, count in enumerate(counts):
            for _ in range(count):
                width = min(64 * 2 ** stage, 512)
                layers += [nn.Conv2d(entering, width, 3, padding=1), *([nn.BatchNorm2d(width)] * norm), nn.ReLU()]
                entering = width
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096),
                                        nn.ReLU(), nn.Dropout(), nn.Linear(4096, classes))

class _AlexNetParts(_FeatureParts):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
            nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(), nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(),
                                        nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes))

def parts_of(name, classes):
    resnets = {"resnet18": ([2, 2, 2, 2], False), "resnet34": ([3, 4, 6, 3], False),
               "resnet50": ([3, 4, 6, 3], True), "resnet101": ([3, 4, 23, 3], True),
               "resnet152": ([3, 8, 36, 3], True)}
    vggs = {"vgg11": [1, 1, 2, 2, 2], "vgg13": [2] * 5, "vgg16": [2, 2, 3, 3, 3], "vgg19": [2, 2, 4, 4, 4]}
    if name in resnets:
        return _ResNetParts(*resnets[name], classes)
    if name == "alexnet":
        return _AlexNetParts(classes)
    bare = name.replace("_bn", "")
    return _VggParts(vggs[bare], bare != name, classes) if bare in vggs else None
"""
"""They are those of torchvision.ops, of timm.layers, and of torch.nn."""

LIBRARIES = ("torch", "torchvision", "timm", "einops", "keras", "tensorflow", "numpy", "math", "typing", "collections",
             "functools")  # fmt: skip
"""Modules that are not files beside a source."""

KNOWN_NAMES = ("ConvNormActivation", "Conv2dNormActivation", "Conv3dNormActivation", "SqueezeExcitation", "MLP",
               "Permute", "DropPath", "StochasticDepth", "DropBlock2d", "drop_path", "stochastic_depth", "drop_block2d",
               "to_2tuple", "_pair", "Rearrange", "Reduce", "TransformerEncoderLayer",
               "TransformerEncoder")  # fmt: skip


def is_known(name: str) -> bool:
    """Whether a full name is one of them; a name imported from a missing file counts as one, too."""
    first, _, last = name.replace("..", ".").partition(".")[0], "", name.rpartition(".")[2]
    return last in KNOWN_NAMES and first in ("", "torch", "torchvision", "timm", "einops")
