"""The text of exported code."""

import ast
from contextlib import suppress

import pytest
from every import for_every
from layers.cases import CASES, Case
from networks import of_one_layer

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.errors import ExportError, SpecError
from cnncalc.exporting.export import exported
from cnncalc.importing.files import import_model

SPEC = """
name: Small net
input: 3x32x32
defaults:
  conv: {padding: half, bias: false, norm: bn, activation: relu}
blocks:
  bottleneck(c, stride=1):
  - residual: [{conv: c, kernel: 1}, {conv: c, kernel: 3, stride: stride}, {conv: 4*c, kernel: 1, activation: none}]
    shortcut: project
    activation: relu
layers:
- {name: stem, conv: 16, kernel: 3}
- {name: stage1, bottleneck: 8, repeat: 3}
- {name: stage2, bottleneck: 16, repeat: 3, first: {stride: 2}}
- global_avgpool
- flatten
- {fc: 10}
"""

PYTORCH = '''import torch
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    def __init__(self, in_channels: int, c: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, c, 1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, c, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            nn.Conv2d(c, 4 * c, 1, bias=False), nn.BatchNorm2d(4 * c),
        )
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != 4 * c:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, 4 * c, 1, stride=stride, bias=False), nn.BatchNorm2d(4 * c),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class SmallNet(nn.Module):
    """Small net.

    Input: 3x32x32.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        )
        self.stage1 = nn.Sequential(Bottleneck(16, 8), *[Bottleneck(32, 8) for _ in range(2)])
        self.stage2 = nn.Sequential(
            Bottleneck(32, 16, stride=2),
            *[Bottleneck(64, 16) for _ in range(2)],
        )
        self.global_avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)  # 16x32x32
        x = self.stage1(x)  # 32x32x32
        x = self.stage2(x)  # 64x16x16
        x = self.global_avgpool(x)  # 64x1x1
        x = torch.flatten(x, 1)  # 64
        return self.fc(x)  # 10
'''

KERAS = '''import keras
from keras import layers


def bottleneck(x, c, stride=1):
    in_channels = x.shape[-1]
    y = layers.Conv2D(c, 1, use_bias=False)(x)
    y = layers.BatchNormalization(epsilon=1e-05)(y)
    y = layers.Activation("relu")(y)
    if stride != 1:
        y = layers.ZeroPadding2D(1)(y)
    y = layers.Conv2D(
        c, 3, strides=stride, padding="same" if stride == 1 else "valid", use_bias=False,
    )(y)
    y = layers.BatchNormalization(epsilon=1e-05)(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(4 * c, 1, use_bias=False)(y)
    y = layers.BatchNormalization(epsilon=1e-05)(y)
    if stride != 1 or in_channels != 4 * c:
        x = layers.Conv2D(4 * c, 1, strides=stride, use_bias=False)(x)
        x = layers.BatchNormalization(epsilon=1e-05)(x)
    x = layers.add([y, x])
    return layers.Activation("relu")(x)


def small_net() -> keras.Model:
    """Small net."""
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False, name="stem")(inputs)
    x = layers.BatchNormalization(epsilon=1e-05)(x)
    x = layers.Activation("relu")(x)  # 32x32x16
    for _ in range(3):
        x = bottleneck(x, 8)  # stage1: 32x32x32
    x = bottleneck(x, 16, stride=2)  # stage2: 16x16x64
    for _ in range(2):
        x = bottleneck(x, 16)  # stage2: 16x16x64
    x = layers.GlobalAveragePooling2D()(x)  # 64
    x = layers.Dense(10)(x)  # 10
    return keras.Model(inputs, x, name="small_net")
'''

HOSTILE = """
name: 'x\"\"\"; import os; os.system("touch pwned") #'
source: "a\\n\\"\\"\\"\\nimport os # \\\\"
input: 3x32x32
blocks:
  nn(range, self, F=1):
  - {conv: range, kernel: 3, padding: 1, stride: F}
  - {conv: self, kernel: 1, name: forward}
  - residual: [{conv: self, kernel: 1}]
  class(in_channels): [{conv: in_channels, kernel: 1}, relu, {conv: 2*in_channels, kernel: 1}]
layers:
- {name: F, nn: [8, 16]}
- {name: "a/b.c", nn: [16, 24], F: 2}
- {name: train, class: 4}
- {name: import, class: 8}
- {name: torch, conv: 7, kernel: 1}
- {name: self, conv: 7, kernel: 1}
- {add: [self, torch]}
- {name: __class__, conv: 3, kernel: 1}
"""

KNOWN = {
    "torch", "nn", "F", "keras", "layers", "self", "super", "range", "int", "x", "y", "inputs", "_", "in_channels",
    "range_", "self_", "F_", "in_channels_", "Nn", "Class", "nn_", "class_", "a_b_c", "train_", "import_", "torch_",
    "padding", "has_conv1", "XImportOsOsSystemTouchPwned", "x_import_os_os_system_touch_pwned",
}  # fmt: skip
"""Every name that the code of `HOSTILE` may have."""


def code(text: str, to: str) -> str:
    return cnncalc.export(text=text, to=to)


@pytest.mark.parametrize(("to", "expected"), [("pytorch", PYTORCH), ("keras", KERAS)])
def test_a_network_as_its_framework_writes_it(to: str, expected: str) -> None:
    assert code(SPEC, to) == expected


@pytest.mark.parametrize("to", ["pytorch", "keras"])
def test_no_text_of_a_spec_becomes_code(to: str) -> None:
    tree = ast.parse(code(HOSTILE, to))
    assert {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} <= KNOWN
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert names == ["torch" if to == "pytorch" else "keras"]
    assert all(isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef) for node in tree.body)


UNREAD = (
    "padding_mode", "method long", "normalize", "GLU", "zeros_like", "subtract()", "maximum()", "minimum()",
    "average()", "cannot be iterated over", "kind for mul",
)  # fmt: skip
"""Words of the messages on what import has no reader for, as the places of maxima and a column times a row."""


def read_back(text: str) -> cnncalc.Report | None:
    """The report on code; None if import has no reader for it."""
    try:
        return cnncalc.analyze(text=import_model("net.py", text.encode()).text)
    except SpecError as error:
        if any(word in str(error) for word in UNREAD):
            return None
        raise


@for_every(CASES, lambda case: case.sentence)
def test_each_kind_is_refused_or_read_back_with_its_figures(case: Case) -> None:
    network = of_one_layer(case.make(), *case.inputs)
    sizes = ", ".join(f"torch.randn{(1, *x.sizes())}" for x in case.inputs)
    for to, call in (("pytorch", f"OneLayer()({sizes})"), ("keras", "one_layer()")):
        with suppress(ExportError):  # which the round trip of architectures knows
            report = read_back(f"{exported(analyze_network(network), to).text}\n{call}\n")
            if report is not None:
                # A sequence that leaves PyTorch's code has its channels last.
                assert sorted(report.layers[-1].output.sizes()) == sorted(case.output.sizes())
                found = report.totals.params, report.totals.buffers, report.totals.macs
                assert found == (case.params, case.buffers, case.macs)


@pytest.mark.parametrize("setting", ["stride: 2", "dilation: 2", "padding: 1", "bias: false"])
def test_connections_are_written_for_plain_convolutions(setting: str) -> None:
    conv = f"{{conv: 2, kernel: 2, connections: [[0, 1], [2]], {setting}}}"
    for to in ("pytorch", "keras"):
        with pytest.raises(ExportError, match="without stride, padding and dilation"):
            code(f"input: 3x6x6\nlayers: [{conv}]\n", to)


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        # a copy of a block has one argument more than the last: 4, 6, 8 channels enter
        ("- {name: d, grow: 2, repeat: 3}", "*[Grow(4 + 2 * i) for i in range(3)]"),
        # the second use has no activation of its own, and another stride: no relation, so a parameter
        ("- {name: d, grow: 2}\n- {name: e, grow: 3}", "self.e = Grow(6, 3)"),
        # the channels of a part of the input are an attribute, as forward needs them
        ("- {name: d, half: 4}\n- {conv: 6, kernel: 1}\n- {name: e, half: 6}", "return x[:, 0:self.stop]"),
        ("- {maxpool: 3, stride: 2, rounding: ceil}", "nn.MaxPool2d(3, stride=2, ceil_mode=True)"),
        ("- {conv: 4, kernel: 3, stride: 2, padding: same}", "Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d("),
        ("- {conv: 4, kernel: 3, padding: same}", "nn.Conv2d(4, 4, 3, padding=1)"),
        ("- {name: a, conv: 4, kernel: 1}\n- relu\n- {mul: [a, prev]}", "return a * x"),
        # one module, called twice
        ("- {name: a, conv: 4, kernel: 1}\n- relu\n- {name: b, conv: 4, kernel: 1, weights: a}", "return self.a(x)"),
        ("- {name: a, square: 4, repeat: 2, shared: true}", "x = self.a(x)  # 4x8x8\n        return self.a(x)"),
        ("- {name: a, conv: 4, kernel: 1, frozen: true}", "self.a.requires_grad_(False)\n"),
        ("- {relu: , repeat: 0}", "        return x"),
        ("- {flatten, axes: spatial}\n- {fc: 2}\n- flatten", "torch.flatten(self.fc(x).transpose(1, 2), 1)"),
        ("- global_avgpool\n- {flatten, axes: spatial}\n- {fc: 2}\n- flatten", "return torch.flatten(x, 1)"),
        ("- scale", "self.scale_scale = nn.Parameter(torch.ones(4, 1, 1))"),
        ("- {flatten, axes: spatial}\n- {fc: 5}\n- {scale, bias: false}", "torch.ones(5))"),
        # what is done with a sum is done with all of it
        ("- {flatten, axes: spatial}\n- {residual: [{conv: 4, kernel: 1}]}\n- {fc: 2}",
         "x = (self.residual_conv(y) + x.transpose(1, 2)).transpose(1, 2)  # 4x64"),
    ],
)  # fmt: skip
def test_lines_of_pytorch(layers: str, line: str) -> None:
    blocks = "blocks:\n  grow(k): [{residual: [{conv: k, kernel: 1}], merge: concat}]\n  half(c): [{slice: 0..c/2}]"
    blocks += "\n  square(c): [{residual: [{conv: c, kernel: 1}]}]"
    assert line in code(f"input: 4x8x8\n{blocks}\nlayers:\n{layers}\n", "pytorch")


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ("- {lrn: 3, k: 1}", "LocalResponseNormalization(3, k=1.0)(inputs)"),
        ("- {name: a, scale, bias: false}", 'LayerScale(name="a")(inputs)'),
        ("- {conv: 4, kernel: 1, frozen: true}", "layers.Conv2D(4, 1, trainable=False)(inputs)"),
        ("- {shuffle: 2}", "channel_shuffle(inputs, 2)"),
        ("- {slice, channels: 0..2, H: 1..3}", "inputs[:, 1:3, :, 0:2]"),
        ("- {flatten, axes: spatial}\n- {lstm: 2, bidirectional: true}", "Bidirectional(layers.LSTM(2"),
        # Keras' functions for these take two values
        ("- abs\n- {divide: [input, prev, input]}", "x = inputs / x / inputs"),
        ("- abs\n- {subtract: [input, prev, input]}", "x = inputs - x - inputs"),
        ("- abs\n- {subtract: [input, prev]}", "layers.subtract([inputs, x])"),
    ],
)
def test_lines_of_keras(layers: str, line: str) -> None:
    assert line in code(f"input: 4x8x8\nlayers:\n{layers}\n", "keras")
