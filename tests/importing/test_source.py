"""Python source of models: read, never executed. Figures are published, or by hand."""

import json
import random
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest
from every import for_every
from importing.making import lines_of, said_of
from running import SOON, Run

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.importing.files import ImportOptions, import_model, import_text, import_wanted
from cnncalc.importing.source.wanted import Wanted

SOURCES = Path(__file__).parent / "sources"

MODELS = {
    ("resnet.py", "ResNet18", (3, 224, 224)): (11_689_512, 9_600, 1_814_073_344),  # torchvision
    ("resnet.py", "ResNet50", (3, 224, 224)): (25_557_032, 53_120, 4_089_184_256),  # torchvision
    ("vgg.py", 'VGG("VGG16")', (3, 224, 224)): (138_357_544, 0, 15_470_264_320),  # torchvision
    ("lenet.py", "", ()): (61_706, 0, 416_520),  # 156 + 2,416 + 48,120 + 10,164 + 850
    ("densenet.py", "", ()): (7_978_856, 83_648, 2_834_161_664),  # torchvision's DenseNet-121
    ("inception.py", "", ()): (163_696, 0, 128_049_152),  # GoogLeNet's 3a with biases, 128 M in the paper's table 1
    ("unet.py", "", ()): (31_037_633, 11_776, 3_010_461_696),  # params as printed by torch
    ("mobile.py", "", ()): (1_008, 48, 166_144),  # 448 + 3·(72 + 16 + 18 + 24) + 170
    ("keras_sequential.py", "", ()): (3_702_186, 0, 12_870_656),  # 896 + 9,248 + 3,686,912 + 5,130
    ("keras_residual.py", "", ()): (75_674, 448, 2_548_352),  # 76,122 as Keras counts, with 448 not learned
    ("keras_subclass.py", "", ()): (11_738, 0, 126_720),  # 8·26 + (12·12·8 + 1)·10
    # 12 + 6 + 2·6 + 66·6 + 2·4·(6·4 + 4·4 + 4) + 8·3 + 3, as Keras counts; 66·2·4·(6·4 + 4·4) + 8·3
    ("keras_own.py", "net()", ()): (805, 0, 21_144),
    ("homework_add.py", "", ()): (10_952, 0, 163_920),  # 3·8·25 + 8 + 513·20 + 21·4; 600·256 + 512·20 + 80
    ("homework_functions.py", "", ()): (6_800, 0, 31_096),  # 4·10 + 676·10; 36·676 + 6,760
    ("homework_calls.py", "", (28, 28, 1)): (13_602, 0, 62_192),  # 8·9 + 1,353·10; 72·676 + 13,520
    ("homework_listing.md", "", ()): (5_956, 0, 125_064),  # 6·25 + 4·9 + 577·10; 75·6·196 + 54·4·144 + 5,760
}  # fmt: skip
"""File, model and input → params, buffers and MACs."""


@for_every(MODELS, lambda key: f"{key[0]}:{key[1]}")
def test_figures(key: tuple[str, str, tuple[int, ...]]) -> None:
    name, model, sizes = key
    totals = cnncalc.analyze(text=import_wanted(Wanted(str(SOURCES / name), model, sizes)).text).totals
    assert (totals.params, totals.buffers, totals.macs) == MODELS[key]


def test_kernels_without_depth_are_said_with_the_values_that_they_lack() -> None:
    text = import_wanted(Wanted(str(SOURCES / "homework_listing.md"))).text
    for words in (
        "no depth or bias: 6·5·5 = 150 learned values for all 3 channels; with depth and bias there are 456",
        "no depth or bias: 4·3·3 = 36 learned values for all 6 channels; with depth and bias there are 220",
        "with depth and bias in every kernel 490 more values would be learned",  # 306 + 184
    ):
        assert words in text


PARTS = """import torch, torch.nn as nn
from collections import namedtuple
from torchvision import models
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 4, 1), nn.Linear(5, 4)
    def forward(self, x, z):
        return namedtuple("Out", "joined")(self.a(x) * self.b(z)[:, :, None, None])
class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(*list(models.resnet18().children())[:-1])
        self.head = nn.Linear(512, 2)
    def forward(self, x):
        return self.head(self.body(x).flatten(1))
class Style(nn.Module):
    def __init__(self):
        super().__init__()
        self.vgg = models.vgg19(pretrained=True).features
    def forward(self, x):
        kept = []
        for name, layer in self.vgg._modules.items():
            x = layer(x)
            if name in ("0", "5", "10"):
                kept.append(x)
        return kept
def cifar():
    net = models.resnet18(num_classes=10)
    net.conv1, net.maxpool = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
    return net
def alexnet():
    net = models.alexnet()
    net.classifier[6] = nn.Linear(4096, 7)
    return nn.Sequential(net.features, net.avgpool, nn.Flatten(), net.classifier)
"""

OF_PARTS = {
    "Pair@3x8x8,5": 40,  # 4·4 + 6·4
    "Body@3x64x64": 11_177_538,  # 11,689,512 of torchvision less 513·1000, and 513·2
    "Style@3x64x64": 555_328,  # 28·64 + 577·64 + 577·128 + 1,153·128 + 1,153·256, up to the last one that is kept
    "cifar@3x32x32": 11_173_962,  # 11,689,512 less 513·990 and 64·3·(49 - 9)
    "alexnet@3x224x224": 57_032_519,  # 61,100,840 less 4,097·993
}


@for_every(OF_PARTS)
def test_parts_and_inputs_of_a_model(choice: str) -> None:
    model, _, text = choice.partition("@")
    first, *others = (tuple(map(int, one.split("x"))) for one in text.split(","))
    options = ImportOptions(input=first, model=model, others=tuple(others))
    spec = import_model("net.py", PARTS.encode(), options).text
    assert cnncalc.analyze(text=spec).totals.params == OF_PARTS[choice]


RESNET = """\
# Imported from a Python file.

name: ResNet18
input: {C: 3, H: 32, W: 32}
defaults:
  conv: {padding: half, bias: false, norm: bn}
blocks:
  basic_block(c, stride=1):
  - residual:
    - {conv: c, kernel: 3, stride: stride, activation: relu}
    - {conv: c, kernel: 3}
    shortcut: project
    activation: relu
layers:
- {name: stem_0, conv: 64, kernel: 7, stride: 2, activation: relu}
- {name: stem_3, maxpool: 3, stride: 2, padding: 1}
- {name: layer1, basic_block: 64, repeat: 2}
- {name: layer2, basic_block: 128, repeat: 2, first: {stride: 2}}
- {name: layer3, basic_block: 256, repeat: 2, first: {stride: 2}}
- {name: layer4, basic_block: 512, repeat: 2, first: {stride: 2}}
- global_avgpool
- flatten
- {name: linear, fc: 1000}
"""


def test_classes_and_loops_are_blocks_and_repeats(run: Run) -> None:
    for choice in (["resnet.py:ResNet18@3x32x32"], ["resnet.py::ResNet18", "--input", "3x32x32"]):
        assert run("import", f"{SOURCES}/{choice[0]}", *choice[1:]).stdout == RESNET


TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"
NET = f"""{TORCH}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {{init}}
    def forward(self, {{names}}):
        {{forward}}
torch.randn(1, 3, 8, 8)
{{more}}"""


def net(init: str, forward: str, more: str = "", names: str = "x") -> str:
    return NET.format(init=init, forward=forward, more=more, names=names)


CONV = "self.c = nn.Conv2d(3, 8, 1)"  # 32 params, 3·8·64 = 1,536 MACs at 8x8
SEQUENCE = "x = self.c(x).flatten(2).transpose(1, 2)"

STAR = "import keras\nfrom keras.layers import *\n"

READ = {
    # 3·9·8 + 8 params; 216 MACs for each of 4·4 places; the shortcut is every second place with channels of zeros
    net("self.c = nn.Conv2d(3, 8, 3, stride=2, padding=1)",
        "return self.c(x) + F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 3))"): (224, 3_456, "pad_channels: [2, 3]"),
    net(CONV, "x = self.c(x); return x * F.relu6(x + 3, inplace=True) / 6"): (32, 1_536, "activation: hardswish"),
    net(CONV, "x = self.c(x); return F.relu6(x + 3) / 6 * x"): (32, 1_536, "activation: hardswish"),
    net(CONV, "return self.c(x).mean(3).mean(2)"): (32, 1_536, "global_avgpool"),
    net(CONV, "return self.c(x) * 2 - x[:, :1] / 3"): (32, 1_536, "subtract"),
    # patches of 2·2·3 values: 12·4 + 4 params, at 16 places
    "from einops import rearrange, reduce\n" + net("self.p = nn.Linear(12, 4)",
        """x = rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=2, q=2)
        return reduce(self.p(x), 'b n c -> b c', 'mean')"""): (52, 768, "space_to_depth"),
    "from einops import reduce\n" + net("self.l = nn.Linear(3, 2)",
        "return self.l(reduce(x, 'b c ... -> b c', 'mean'))"): (8, 6, "global_avgpool"),
    # in place: all names of a tensor have the new values, a clone has the old ones
    net(CONV, "y = self.c(x); y.relu_(); return y"): (32, 1_536, "relu"),
    net(CONV, "y = self.c(x); y.clone().relu_(); return y"): (32, 1_536, "{name: c, conv: 8, kernel: 1}"),
    net(CONV, "y = self.c(x); e = torch.empty_like(y); e.normal_(); return y + e"): (32, 1_536, "noise"),
    # 2·(192·4 + 4) + 4·3 + 3 params
    net("self.m = nn.Linear(192, 4); self.v = nn.Linear(192, 4); self.d = nn.Linear(4, 3)",
        """x = x.flatten(1); m, v = self.m(x), self.v(x)
        return self.d(m + torch.randn(v.size(0), 4) * torch.exp(v / 2)), m, v"""): (1_559, 1_548, "noise"),
    # attention: 4·8·8 + 4·8 params; 4·64·8·8 + 2·64·64·8 MACs
    net(f"{CONV}; self.a = nn.MultiheadAttention(8, 2, batch_first=True)",
        f"{SEQUENCE}; return (x + self.a(x, x, x)[0]).mean(1)"): (320, 83_456, "attention"),
    net(f"{CONV}; self.a = nn.MultiheadAttention(8, 2)",
        "x = self.c(x).flatten(2).permute(2, 0, 1); y, _ = self.a(x, x, x); return y.mean(0)"): (320, 83_456, "attent"),
    # the same, written out
    net(f"{CONV}; self.q = nn.Linear(8, 24); self.o = nn.Linear(8, 8)", f"""{SEQUENCE}
        q, k, v = self.q(x).reshape(1, 64, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        a = ((q @ k.transpose(-2, -1)) * 0.5).softmax(dim=-1)
        return self.o((a @ v).transpose(1, 2).reshape(1, 64, 8))"""): (320, 83_456, "matmul"),
    # and in a layer with two norms of 16 and a network of 8·16 + 16 + 16·8 + 8 params and 2·64·128 MACs
    net(f"{CONV}; self.e = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 1)",
        f"{SEQUENCE}; return self.e(x)[:, 0]"): (632, 99_840, "attention"),
    # the maps of SAGAN: 3·2·64 twice, 3·3·64, 64·2·64 and 3·64·64 MACs
    net("self.q, self.k, self.v = nn.Conv2d(3, 2, 1), nn.Conv2d(3, 2, 1), nn.Conv2d(3, 3, 1)",
        """a = torch.bmm(self.q(x).view(1, -1, 64).permute(0, 2, 1), self.k(x).view(1, -1, 64))
        a = F.softmax(a, dim=-1).permute(0, 2, 1)
        return torch.bmm(self.v(x).view(1, -1, 64), a).view(1, 3, 8, 8) + x"""): (28, 21_824, "matmul"),
    # the spatial gate of CBAM: 2·49 weights at 64 places
    net("self.c = nn.Conv2d(2, 1, 7, padding=3, bias=False)",
        """m, _ = torch.max(x, dim=1, keepdim=True)
        return x * torch.sigmoid(self.c(torch.cat([x.mean(1, keepdim=True), m], dim=1)))"""): (98, 6_272, "maxpool"),
    net(f"{CONV}; self.f = nn.Linear(8, 4)",  # 64·8·4 MACs more
        "return self.f(rearrange(self.c(x), 'b c h w -> b (h w) c')).mean(dim=1)",
        "from einops import rearrange\n"): (68, 3_584, "global_avgpool"),
    # 4·(24·5 + 5·5 + 5 + 5) + 12 params; 8·4·5·(24 + 5) + 10 MACs
    net("self.l = nn.LSTM(24, 5, batch_first=True); self.f = nn.Linear(5, 2)",
        "y, (h, c) = self.l(x.permute(0, 2, 1, 3).flatten(2)); return self.f(y[:, -1, :])"): (632, 4_650, "lstm"),
    net("self.c = Conv2dNormActivation(3, 8, 3, stride=2)", "return self.c(x)",  # 27·8 + 16
        "from torchvision.ops import Conv2dNormActivation\n"): (232, 3_456, "norm: bn"),
    net("self.w = nn.Parameter(torch.randn(8, 3, 1, 1))", "return F.conv2d(x, self.w)"): (24, 1_536, "bias: false"),
    net(f"self.g = nn.Parameter(torch.zeros(1)); {CONV}", "return self.g * self.c(x)"): (33, 1_536, "params: 1"),
    net("self.c = nn.Conv2d(6, 8, 1)", "return self.c(torch.cat([x, y], 1))", names="x, y",
        more="Net()(torch.randn(1, 2, 8, 8), torch.randn(1, 4, 8, 8))\n"): (56, 3_072, "inputs"),
    net("""match 'b':
            case 'a': self.c = None
            case 'b' | 'c' as d: self.c = nn.Conv2d(3, 8, 1)""", "return self.c(x)"): (32, 1_536, "conv: 8"),
    net("""try:
            from apex import Fast as Conv
        except ImportError:
            Conv = nn.Conv2d
        self.c = Conv(3, 8, 1)""", "return self.c(x)"): (32, 1_536, "conv: 8"),
    net("self.c = nn.ModuleDict({'a': nn.Conv2d(3, C.w, 1)}); self.c.add_module(name='b', module=nn.Conv2d(8, 8, 1))",
        "return self.c['b'](self.c['a'](x))", """from dataclasses import dataclass, field
@dataclass
class A:
    w: int
@dataclass
class B(A):
    n: list = field(default_factory=list)
C = B(w=int(torch.linspace(0, 8, 3)[-1].item()))
"""): (104, 5_632, "conv: 8"),
    # 20 ids of 50 words; 50·8 values, a gru of 3·(8·8 + 8·8 + 2·8), read once or in both ways, and a linear layer
    STAR + "m = keras.Sequential([Embedding(50, 8, input_length=20), GRU(8), Dense(2)])": (850, 7_696, "embedding: 50"),
    STAR + "m = keras.Sequential([Input((20,)), Embedding(50, 8), Bidirectional(GRU(8)), Dense(2)])": (
        1_298, 15_392, "bidirectional: true"
    ),
    # 4·10 + 10 of a product that is written out, and 1; Keras' patches and their table of positions: 12·4 + 4 + 16·4
    STAR + """class Dot(Layer):
    def build(self, shape):
        self.w, self.b = self.add_weight(shape=(shape[-1], 10)), self.add_weight(shape=(10,))
        self.gain = self.add_weight(shape=(1,))
    def call(self, x):
        return self.gain * (keras.ops.matmul(x, self.w) + self.b)
m = keras.Sequential([Input((4,)), Dot()])""": (51, 40, "opaque"),
    STAR + """class Patches(Layer):
    def __init__(self):
        super().__init__()
        self.project, self.places = Dense(4), Embedding(16, 4)
    def call(self, x):
        x = keras.ops.reshape(keras.ops.image.extract_patches(x, size=2), (keras.ops.shape(x)[0], 16, 12))
        return self.project(x) + self.places(keras.ops.expand_dims(keras.ops.arange(start=0, stop=16, step=1), axis=0))
a = Input((8, 8, 3))
m = keras.Model(a, Patches()(a))""": (116, 768, "positions"),
    STAR + """class Noise(Layer):
    def call(self, x):
        return keras.random.normal(keras.ops.shape(x))
m = keras.Sequential([Input((4,)), Noise(), Dense(2)])""": (10, 8, "noise"),
    STAR + "a = Input((8, 8, 4))\nm = keras.Model(a, add([GroupNormalization(2)(a), Rescaling(1. / 4)(a)]))": (
        8, 0, "groupnorm: 2"
    ),
    # 72 + 54 params before attention of 8·8·2 + 6·8·2 + 4·8; 5·64 + 5·48 MACs before 2·5·64 + 2·5·48 + 2·5·5·8
    STAR + "a = Input((5, 8))\nq, k = Dense(8)(a), Dense(6)(a)\nm = keras.Model(a, MultiHeadAttention(2, 4)(q, k))": (
        382, 2_080, "from: dense, attention: 2, memory: dense_1"
    ),
    # 50·8 values, and the 4·(8·8 + 8·8 + 2·8) of an lstm at each of 20 steps: 20·512 MACs
    f"""{TORCH}class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.r = nn.Embedding(50, 8, padding_idx=0), nn.LSTM(8, 8, batch_first=True)
    def forward(self, x):
        return self.r(self.e(x))[0][:, -1]
n = Net()
n(torch.randint(0, 50, (4, 20)))""": (976, 10_240, "embedding: 50"),
}  # fmt: skip
"""Source → params, MACs, and a part of the spec."""


@for_every(READ, lambda text: text[90:])
def test_what_is_read(text: str) -> None:
    for flat in (False, True):
        spec = import_text("net.py", text.encode(), flat=flat)
        totals = cnncalc.analyze(text=spec).totals
        assert (totals.params, totals.macs) == READ[text][:2]
        assert READ[text][2] in spec


TORCH_LINES = lines_of("torch.txt")


@for_every(TORCH_LINES)
def test_what_a_module_or_an_expression_of_torch_is(code: str) -> None:
    is_module = code.startswith("nn.")
    text = net(f"self.m = {code}", "return self.m(x)") if is_module else net("pass", f"return {code}")
    content = text.replace("3, 8, 8", "8, 4, 4").encode()
    assert said_of(lambda: import_text("net.py", content)) == TORCH_LINES[code]


KERAS_LINES = lines_of("keras_source.txt")
OWN = """import keras
import tensorflow as tf
from keras import layers, ops
class Own(layers.Layer):
    def call(self, x):
        return {}
a = keras.Input((4, 4, 8))
m = keras.Model(a, Own()(a))
"""


@for_every(KERAS_LINES)
def test_what_an_expression_of_keras_is(code: str) -> None:
    assert said_of(lambda: import_text("net.py", OWN.format(code).encode())) == KERAS_LINES[code]


TWOS = [
    "torch.arange(3).tolist()[2]", "torch.arange(1, 3)[-1]", "torch.arange(0, 5, 2)[1]",
    "int(torch.linspace(0, 4, 3)[1])", "torch.tensor([1, 2]).max()", "torch.tensor([1, 2, 3]).sum() // 3",
    "torch.tensor([2, 4]).prod() // 4", "torch.tensor([1, 1]).cumsum(0)[1]", "torch.tensor([3, 5]).diff()[0]",
    "(torch.tensor([1, 2]) * 2)[0]", "(torch.tensor([1, 2]) + torch.tensor([1, 1]))[0]",
    "torch.pow(torch.tensor([2]), 1)[0]", "torch.tensor([2.7]).floor()[0]", "torch.tensor([1.2]).ceil().int()[0]",
    "len(torch.arange(2))", "torch.tensor([2]).numel() + 1", "torch.tensor([2.9]).to(int)[0]", "sum([1, 1])",
    "max(1, 2)", "min([2, 3])", "[i for i in range(5) if i % 2 == 0][1]", "{'a': 2}['a']", "'ab'.count('b') + 1",
    "len('ab')", "2 if x.dim() == 4 else 3", "(lambda a, b=2: b)(1)", "int('2')", "x.size(2) // 4",
    "x.shape[-1] // 4", "x.shape[2] >> 2", "1 << 1", "~-3", "5 % 3", "2 ** 1", "-(-3 // 2)", "not 0 and 2", "0 or 2",
    "(1, 2)[1]", "[1, 2, 3][-2]", "list(range(3))[::-1][0]", "dict(a=2).get('a')", "{}.get('b', 2)",
    "[*range(3)][2]", "sorted([3, 2])[0]", "list(zip([1], [2]))[0][1]", "list(enumerate([5, 5, 5]))[2][0]",
    "list(map(int, ['1', '2']))[1]", "any([0, 2]) + 1", "all([1, 0]) + 2", "abs(-2)", "round(2.4)",
    "divmod(5, 2)[0]", "isinstance(2, int) + 1", "math.ceil(1.5)", "math.floor(2.5)", "int(math.log2(4))",
    "int(math.sqrt(4))", "next(iter([2, 3]))", "f'{2}' and 2", "str(2).isdigit() + 1", "2 in [1, 2] and 2",
    "3 if 2 not in [2] else 2", "1 < 2 < 3 and 2", "(1 == 1.0) + 1", "(None is None) + 1", "(a := 2)",
    "list(filter(None, [0, 2]))[0]", "list(filter(lambda i: i > 1, [1, 2, 3]))[0]", "next(iter([]), 2)",
    "reduce(lambda a, b: 2 * a + b, [1, 0])", "reduce(lambda a, b: a - b, [1, 2], 5)", "typing.cast(int, 2)",
    "list(map(lambda a, b: a - b, [5, 3], [1, 1]))[1]", "copy.copy([1, 2])[1]", "copy.deepcopy([[2]])[0][0]",
    "partial(max, 2)(1)", "OrderedDict([('a', 2)], b=1)['a']", "OrderedDict(a=2)['a']", "callable(max) + 1",
    "2 - callable(2)", "isinstance(2, (str, int)) + 1", "2 - isinstance(2, str)", "isinstance((1,), tuple) + 1",
    "2 - isinstance((1,), list)", "2 - isinstance(2, torch.Tensor)", "isinstance(x, torch.Tensor) + 1",
    "isinstance(nn.ReLU(), nn.ReLU) + 1", "2 - isinstance(nn.ReLU(), nn.Conv2d)",
    "isinstance(nn.ReLU(), nn.Module) + 1",
    "(torch.float32 == torch.float32) + 1", "int(torch.tensor([2.5]).to('cpu')[0] * 0.8)", "('a' + 'b' is 'ab') + 1",
]  # fmt: skip
"""Expressions of Python, torch and numpy that are 2."""

BODIES = [
    "n = 0\nwhile n < 2:\n    n += 1\nreturn n", "for i in range(9):\n    if i == 2:\n        break\nreturn i",
    "n = 0\nfor i in range(4):\n    if i % 2:\n        continue\n    n += 1\nreturn n",
    "for i in []:\n    pass\nelse:\n    return 2", "try:\n    raise ValueError(1)\nexcept ValueError:\n    return 2",
    "try:\n    n = 1\nfinally:\n    n = 2\nreturn n", "assert 2 > 1\nreturn 2",
    "with torch.no_grad():\n    n = 2\nreturn n",
    "if n == 1:\n    return 3\nelif n == 0:\n    return 2\nelse:\n    return 4", "n = 3\nn -= 1\nreturn n",
    "a, (b, *c) = 1, (2, 3)\nreturn b", "def g(a, *b, **c):\n    return b[0] + c['d']\nreturn g(0, 1, d=1)",
    "class A:\n    n = 2\nreturn A.n",
    "class A:\n    def __init__(self, n=2):\n        self.n = n\n    @property\n    def m(self):\n"
    "        return self.n\nreturn A().m",
    "class A:\n    @staticmethod\n    def m(n):\n        return n + 1\nclass B(A):\n    def k(self):\n"
    "        return super().m(1)\nreturn B().k()",
    "while True:\n    break\nreturn 2", "n = {'a': 1}\nn.update(b=2)\nreturn n.pop('b')",
    "n = [1, 2]\ndel n[0]\nreturn n[0]",
    "n = [1]\nn.append(2)\nn.insert(0, 5)\nreturn n[2]",
    "c = 1\ndef g():\n    nonlocal c\n    c += 1\ng()\nreturn c",
    "global c\nc = 1\ndef g():\n    global c\n    c += 1\ng()\nreturn c",
    "def g():\n    global c\n    def c():\n        return 2\nc = g\ng()\nreturn c.__name__ == 'g' and 2",
    "class A:\n    n = 2\na = A()\nb = copy.deepcopy(a)\nb.n = 3\nreturn a.n",
    "class A:\n    n = 1\na = A()\na.n = 2\nb = copy.copy(a)\na.n = 3\nreturn b.n",
    "@dataclass\nclass A:\n    n: int = 1\nreturn replace(A(), n=2).n",
    "class A:\n    pass\nclass B(A):\n    pass\nreturn isinstance(B(), A) + 1 - isinstance(A(), B)",
    "class A:\n    pass\nreturn (type(A()) is A) + 1",
    "class A:\n    n = 2\nreturn getattr(A(), 'n')", "class A:\n    pass\nreturn getattr(A(), 'n', 2)",
    "class A:\n    n = 2\na = A()\nsetattr(a, 'm', 1)\nreturn hasattr(a, 'n') + hasattr(a, 'm') + hasattr(a, 'k')",
]  # fmt: skip
"""Functions of `n`, which is 0, that give 2."""


LIBRARY = """import copy, math, typing
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial, reduce
import numpy as np
"""


@for_every([*TWOS, *BODIES])
def test_settings_are_computed_as_python_does(code: str) -> None:
    body = code if "\n" in code else f"return {code}"
    function = "def two(x, n=0):\n" + textwrap.indent(body, "    ")
    text = net("pass", "return F.max_pool2d(x, two(x))", more=function)
    assert import_text("net.py", f"{LIBRARY}{text}".encode()).endswith("- {maxpool: 2}\n")


KERAS = """import keras
from keras import layers
"""
TAIL = "x = base.output\nx = layers.GlobalAveragePooling2D()(x)\nm = keras.Model(base.input, layers.Dense(3)(x))\n"

KERAS_FUNCTIONS = lines_of("keras_functions.txt")
KERAS_SOURCE = """import keras
import tensorflow as tf
from keras import layers, ops
class Offset(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(1, *shape[1:]))
    def call(self, x):
        return x + self.w
class Bias(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1],))
    def call(self, x):
        return x + self.w
x = keras.Input((8, 6, 4))
y = {}
m = keras.Model(x, y)
"""


@for_every(KERAS_FUNCTIONS)
def test_what_a_function_of_keras_is(code: str) -> None:
    assert said_of(lambda: import_text("net.py", KERAS_SOURCE.format(code).encode())) == KERAS_FUNCTIONS[code]


READY = {
    # keras.applications: the totals of its documentation, for 1,000 classes
    f"{KERAS}m = keras.applications.VGG16(weights=None)": 138_357_544,
    "from tensorflow.keras.applications.mobilenet_v2 import MobileNetV2\nm = MobileNetV2()": 3_538_984,
    # 1,024 fewer inputs of a Dense for each of 990 classes, and their biases
    f"{KERAS}m = keras.applications.DenseNet121(weights=None, input_shape=(64, 64, 3), classes=10)": 8_062_504
    - 990 * 1_025,
    # without the top 20,861,480 (Keras' own figure), and 2,048·3 + 3
    f"{KERAS}base = keras.applications.Xception(include_top=False, input_shape=(99, 99, 3))\n{TAIL}": 20_867_627,
    # without the top 14,714,688 (Keras' own figure), 2·2·512·4 + 4 and 4·1 + 1
    f"""{KERAS}base = keras.applications.VGG16(weights='imagenet', include_top=False, input_shape=(64, 64, 3))
base.trainable = False
m = keras.Sequential([base, layers.Flatten(), layers.Dense(4, activation='relu'), layers.Dense(1)])""": 14_722_889,
    # without the top 2,257,984 (Keras' own figure), and 1,280·5 + 5
    f"""{KERAS}base = keras.applications.MobileNetV2(include_top=False, pooling='avg', input_shape=(96, 96, 3))
x = keras.Input((96, 96, 3))
y = base(keras.applications.mobilenet_v2.preprocess_input(x), training=False)
model = keras.Model(x, layers.Dense(5)(layers.Dropout(0.2)(y)))""": 2_264_389,
}  # fmt: skip
"""Networks of keras.applications → params and buffers."""


@for_every(READY, lambda text: text[40:])
def test_networks_that_keras_has_ready_made(text: str) -> None:
    totals = cnncalc.analyze(text=import_text("net.py", text.encode())).totals
    assert totals.params + totals.buffers == READY[text]


MODELS_OF = f"{TORCH}from torchvision import models\n"

HEADS = {
    # torchvision's figures for 1,000 classes, with 10 in the place of 1,000
    "m = models.resnet18(weights=None)\nm.fc = nn.Linear(m.fc.in_features, 10)": 11_689_512 - 990 * 513,
    "m = models.densenet121(num_classes=10)": 7_978_856 - 990 * 1_025,
    "m = models.vgg16(pretrained=True)\nm.classifier[-1] = nn.Linear(m.classifier[6].in_features, 10)": 138_357_544
    - 990 * 4_097,
    "m = models.vit_b_16()\nm.heads.head = nn.Linear(768, 10)": 86_567_656 - 990 * 769,
    # 14,714,688 before the classifier, and 25,088·2 + 2
    "m = models.vgg16()\nm.classifier = nn.Linear(25088, 2)": 14_764_866,
    "m = torch.hub.load('pytorch/vision:v0.10.0', 'mobilenet_v2')\nm.classifier[1] = nn.Identity()": 3_504_872
    - 1_281_000,
}  # fmt: skip
"""Networks of torchvision whose last layer is replaced → params."""


@for_every(HEADS)
def test_networks_that_torchvision_has_ready_made(text: str) -> None:
    source = f"{MODELS_OF}{text}\nm(torch.randn(1, 3, 224, 224))\n"
    assert cnncalc.analyze(text=import_text("net.py", source.encode())).totals.params == HEADS[text]


def test_the_input_of_a_functional_model_may_be_said_by_the_user(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(f"{KERAS}x = keras.Input((SIZE, SIZE, 3))\nm = keras.Model(x, layers.Conv2D(4, 3)(x))\n")
    assert cnncalc.analyze(text=import_wanted(Wanted(str(file), "", (8, 8, 3))).text).totals.macs == 6 * 6 * 4 * 27
    with pytest.raises(SpecError, match="the size of the input is not in the source; write it after @, as net.py@"):
        import_wanted(Wanted(str(file)))


NUMPY = """import numpy as np
class Conv:
    def __init__(self, {arguments}):
        self.k = np.ones((2, 2, 2))
    def forward(self, x):
        return np.sum(self.k * x)
class Blur:
    def forward(self, x):
        return np.zeros(x.shape)
class Net:
    def __init__(self):
        self.a, self.b = Conv({given}), Blur()
    def forward(self, x):
        return {forward}
Net().forward(np.random.randn(8, 8, 3))
"""


def homework(arguments: str, given: str, forward: str = "self.a.forward(x)") -> str:
    return NUMPY.format(arguments=arguments, given=given, forward=forward)


FC = "- flatten - {fc: 5, bias: false"
UNKNOWN = "of the network is not understood"

ARRAYS = {
    "np.dot(x.reshape(-1), self.w) + self.b": "- flatten - {fc: 5}",
    "np.reshape(x, (1, 24)).dot(self.w) + self.b.ravel()": "- flatten - {fc: 5}",
    "np.ravel(x) @ np.abs(self.w)": f"{FC}}}",
    "np.array(x.copy()).reshape(-1, 24) @ np.zeros_like(self.w)": f"{FC}}}",
    "x.flatten() @ self.w.reshape(-1, 5)": f"{FC}}}",
    "np.tanh(x.reshape(24) @ (self.w * 0.1))": f"{FC}, activation: tanh}}",
    "np.maximum(x.ravel() * 2 @ self.w, 0)": f"{FC}, activation: relu}}",
    "x.ravel() @ self.w + x.ravel() @ np.ones((24, 5))": (
        "defaults: fc: {bias: false} layers: - {branches: [[flatten, {fc: 5}], [flatten, {fc: 5}]], merge: add}"
    ),
    "(x * np.random.rand(*x.shape)).ravel() @ self.w": (
        f"# a product with values that are not known, as of dropout, is left out (line 6) {FC}}}"
    ),
    "x.ravel() @ self.w - x.max()": f"6:1: what this does to the value {UNKNOWN}",
    "x.ravel() @ self.w[0]": f"6:1: what this does to the value {UNKNOWN}",
    "x.ravel() @ self.w + np.ones(3)": (
        "6:1: what this array is to the value that it is added to is not understood"
    ),
    "x.reshape(4, 6) @ self.w": f"6:1: what reshape does to a value {UNKNOWN}",
    "np.exp(x.ravel() @ self.w)": f"6:1: what numpy's exp does to a value {UNKNOWN}",
    "x.ravel() @ self.w.reshape(1, 24, 5)[0]": f"{FC}}}",
    "x.ravel() @ self.w.reshape(24, 5, 1)[1]": f"6:1: what this does to the value {UNKNOWN}",
    "x.ravel() @ self.w + np.ones(5)[0]": f"6:1: what this does to the value {UNKNOWN}",
    "x.ravel() @ self.w.reshape(6, 20)": (
        "6:1: a matrix of 6x20 does not fit the 24 values that it is multiplied with"
    ),
}  # fmt: skip
"""What a class of numpy computes of a value of 2x3x4, and what is imported of it."""


@for_every(ARRAYS)
def test_what_an_expression_of_numpy_is(code: str) -> None:
    made = "self.w, self.b = np.random.randn(24, 5), np.zeros((1, 5))"
    text = f"import numpy as np\nclass Net:\n    def __init__(self):\n        {made}\n    def forward(self, x):\n"
    text += f"        return {code}\nNet().forward(np.random.rand(2, 3, 4))\n"
    found = said_of(lambda: import_text("net.py", text.encode()))
    assert found.replace("# the input 2x3x4 is that of a call in the source ", "") == ARRAYS[code]


MESSAGES = {
    f"{KERAS}m = keras.applications.ResNet50()": "3:1: cnncalc has no spec of ResNet50; of keras.applications it has "
    "VGG16, VGG19, Xception, MobileNet, MobileNetV2, DenseNet121, DenseNet169, DenseNet201, EfficientNetB0, "
    "EfficientNetB1, EfficientNetB2, EfficientNetB3, EfficientNetB4, EfficientNetB5, EfficientNetB6, EfficientNetB7, "
    "EfficientNetV2S, EfficientNetV2M, EfficientNetV2L",
    homework("filters, rings", "2, 5"): (
        "12:1: the class Conv is not understood: the meaning of its argument rings=5 is not known"
    ),
    homework("filters, num_kernels, k", "2, 2, 2"): (
        "12:1: the class Conv is not understood: two of its arguments could be its filters"
    ),
    homework("k, in_channels", "2, 4"): "12:1: the class Conv is for 4 channels, and gets 3",
    homework("filters, k", "5, 3"): (
        "12:1: the class Conv is not understood: its arrays hold 8 values; a convolution of its sizes has 140"
    ),
    homework("filters, k", "2, 2", "self.b.forward(x)").replace("self.a,", "self.layers = [unknown]; self.a,"): (
        "7:1: the class Blur is not understood: its name is none of Conv2D, MaxPool, Dense, ..., and what its forward "
        "gives is not known"
    ),
    net("self.c = nn.Conv2d(3, WIDTH, 3)", "return self.c(x)"): (
        "7:1: Conv2d: out_channels depends on what is not in the source: WIDTH of line 7 is not known"
    ),
    net("self.c = nn.Conv2d(3, width, 3)", "return self.c(x)", more="width = 4\ndef grow():\n    global width\n"
        "    width = 8\nif os.path.exists('x'):\n    grow()"): (
        "7:1: Conv2d: out_channels depends on what is not in the source: os of line 15 is not known"
    ),
    net("a = list(range(90000))\n        for i in range(30): sum(a)", "return x"): (
        "8:1: the code takes more than 400,000 steps; that of a network takes fewer"
    ),
    net("self.c = nn.Conv2d(4, 8, 3)", "return self.c(x)"): "7:1: Conv2d: in_channels is 4, its input is 3x8x8",
    net("self.c = nn.Sequential(nn.ReLU(), nn.ReLU()); del self.c[-1]", "return self.c(x)"): (
        "7:1: a part of a model that is deleted is not followed"
    ),
    net("self.c = nn.Conv2d(3, 7 / 2, 3)", "return self.c(x)"): (
        "7:1: Conv2d: out_channels is 3.5; a whole number is expected"
    ),
    net("self.c = nn.Conv2d(3, 16 / 2, 1)", "return self.c(x)"): (
        "7:1: Conv2d: out_channels is 8.0; a whole number is expected; PyTorch refuses it, too; a division by / gives "
        "it: write //"
    ),
    # all of them: what is not known, what has no kind, and what is wrong after it
    net("""self.a = nn.Conv2d(3, WIDTH, 3)
        self.b = nn.Conv2d(3, DEPTH, 3)""", "return self.b(torch.fft(self.a(x)).view(x.shape[0], -1))"): (
        "7:1: Conv2d: out_channels depends on what is not in the source: WIDTH of line 7 is not known; "
        "8:1: Conv2d: out_channels depends on what is not in the source: DEPTH of line 8 is not known; "
        "10:23: cnncalc has no kind for fft ×1 (line 10)"
    ),
    net("self.c = nn.Conv2d(3, 8, 3)", "return torch.fft(self.c(x)) + torch.sort(x)"): (
        "9:16: cnncalc has no kind for fft ×1 (line 9); 9:39: cnncalc has no kind for sort ×1 (line 9)"
    ),
    net("self.c = nn.Conv2d(3, 8, 3)", "return self.c(x).view(-1, 100)"): (
        "9:1: view to (-1, 100) does not hold the 288 values of 1x8x6x6"
    ),
    net("self.c = nn.Conv2d(3, 8, 3)", "return x + self.c(x)"): (
        "9:1: 3x8x8 and 8x6x6 are added; both must have the same shape"
    ),
    net("self.c = nn.Conv2d(3, 8)", "return self.c(x)"): "7:1: Conv2d needs a value for kernel_size",
    net("self.c = nn.LSTM(8, 6, batch_first=True, proj_size=2)", "return self.c(x[:, 0])[0]"): (
        "7:1: cnncalc has no kind for an LSTM with proj_size"
    ),
    net("self.conv1 = nn.Conv2d(3, 8, 3)", "return self.conv2(x)"): (
        "9:1: self.conv2(x) of line 9 is not known; did you mean 'conv1'?"
    ),
    net("self.c = nn.Conv2D(3, 8, 3)", "return self.c(x)"): (
        "7:1: nn.Conv2D(3, 8, 3) of line 7 is not known; did you mean 'Conv2d'?"
    ),
    net("self.c = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU)", "return self.c(x)"): (
        "7:1: ReLU is a class, not a layer; write ReLU()"
    ),
    STAR + "m = keras.Sequential([Input((8, 8, 3)), Conv2D(3, 3), Flatten])": (
        "3:1: Flatten is a class, not a layer; write Flatten()"
    ),
    STAR + "m = keras.Sequential([Input((8, 8, 3)), Conv2D(3, 3, stride=2)])": (
        "3:1: Conv2D has no parameter stride; did you mean 'strides'?"
    ),
    STAR + "m = keras.Sequential([Input((8, 8, 3)), Conv2D(3)])": "3:1: Conv2D needs a value for kernel_size",
    STAR + "a = Input((8, 8, 3))\nb = keras.Model(a, Conv2D(2, 3)(a))\nc = keras.Model(a, Conv2D(1, 3)(a))": (
        "1:1: 2 models are in this source: b (56 weights), c (28 weights); write FILE.py:b"  # 9·3·2 + 2, 9·3 + 1
    ),
    net("self.a = {}['b']", "return x"): "7:18: {} has no entry 'b'",
    net("pass", "return self.forward(x)"): "9:1: functions call one another more than 60 deep",
    net("while True: pass", "return x"): "7:1: the code takes more than 400,000 steps; that of a network takes fewer",
    TORCH + "class A(nn.Module): pass\nclass B(nn.Module): pass\n": (
        "1:1: 2 models are in this source: A, B; write FILE.py:A"
    ),
    TORCH + "class A(nn.Module):\n def __init__(self, a, b, c=1): pass\n def forward(self, x): return x\n": (
        "4:1: A: __init__ needs values for a, b; write FILE.py:'A(a=..., b=...)' with values for the dots"
    ),
    TORCH + "n = nn.Sequential(nn.ReLU())\n": "4:1: the size of the input is not in the source; write it after @, "
    "as FILE.py@3x224x224",
    **{
        TORCH + f"n = nn.Sequential(nn.ReLU(), nn.{layer})\n": "4:1: the size of the input is not in the source; write "
        f"it after @, as FILE.py@{sizes}"
        for layer, sizes in (
            ("Conv1d(7, 2, 3)", "7x16000"), ("Conv2d(1, 2, 3)", "1x224x224"), ("Conv3d(2, 4, 3)", "2x16x112x112"),
            ("ConvTranspose2d(100, 8, 4)", "100x1x1"),
        )
    },
    TORCH + "x = [0] * 10 ** 9\n": "4:1: a list or text of more than 100,000 entries",
    TORCH + "x = 9 ** 9 ** 9\n": "4:1: a power is too large",
    TORCH + "x = '%999999999d' % 1\n": "4:1: a text is padded to more than 99 characters",
    TORCH + "x = [0]\nfor i in range(99):\n    x = x + x\n": "6:1: a list or text of more than 100,000 entries",
    **{TORCH + f"x = {held}\nfor i in range(60):\n    x = {held.replace('0', 'x, x')}\n{text}\n":
       "7:1: a list or text of more than 100,000 entries"
       for held, text in (("[0]", "y = x == x"), ("[0]", "y = x in [x]"), ("[0]", "y = str(x)"), ("[0]", "x.count(x)"),
                          ("(0,)", "y = {x: 1}"), ("(0,)", "y = {x}"), ("(0,)", "{}[x] = 1"),
                          ("(0,)", "y = {}.get(x)"), ("(0,)", "y = {}[x]"), ("[0]", "y = x < x"))},
    TORCH + "x = []\nx.append(x)\ny = x == [x]\n": "6:1: a list or text of more than 100,000 entries",
    TORCH + "x = ()\nfor i in range(20_000): x = (x,)\ny = {x}\n": "6:1: a list or text of more than 100,000 entries",
    TORCH + "x = [0] * 90_000\nfor i in range(90_000): y = x[:]\n": (
        "5:1: the code takes more than 400,000 steps; that of a network takes fewer"
    ),
    **{TORCH + f"def f():\n    for i in range(90_000):\n        {text}\nf()\n":
       "5:1: the code takes more than 400,000 steps; that of a network takes fewer"
       for text in (f"x = yield from [{'x, ' * 3000}]", "if unknown:" + "\n            x = 1" * 2000)},
    TORCH + "x = '\\d' and 1or 2\n": "1:1: no model is in this source: no class with a forward, no Sequential",
    TORCH + "class A0: pass\n" + "".join(f"class A{n + 1}(A{n}): pass\n" for n in range(200)): (
        "104:1: A100 has more than 100 classes above it"
    ),
    TORCH + "class A0: pass\n" + "".join(f"class A{n}(A{max(n - 2, 0)}, A{n - 1}): pass\n" for n in range(1, 60)): (
        "1:1: no model is in this source: no class with a forward, no Sequential"
    ),
    TORCH + "x = " + "(" * 5000 + "\n": "4:205: this is not Python: too many nested parentheses",
    TORCH + "x = " + "-" * 90_000 + "1\n": "1:1: the code is nested too deeply",
    "```\n" + TORCH + "class A(nn.Module):\n" + "    def forward(self, x):\n" * 3000 + "        return x\n```\n": (
        "27:85: this is not Python: expected an indented block after function definition on line 26"
    ),
    "import torch\nimport numpy\nclass " + "conv" * 120_000: "3:480007: this is not Python: expected ':'",
    # No line is found in the JSON, whose signs are written in another way.
    '{"cells": [{"cell_type": "code", "source": "import torch"}, {"cell_type": "code", "source": "'
    + "\\u0078 = 1\\n" * 40_000 + '"}, {"source": "' + "x" * 2_000_000 + '"}], "nbformat": 4}': (
        "1:1: cell 1 line 1: no model is in this source: no class with a forward, no Sequential"
    ),
    TORCH + "#" * 600_000: "1:1: the source is larger than 500 kB; that of a model is smaller",
    json.dumps({"cells": [{"cell_type": "code", "source": TORCH + "#" * 600_000}], "nbformat": 4}): (
        "1:1: the source is larger than 500 kB; that of a model is smaller"
    ),
    TORCH + "#" * 10_000_000: "1:1: the source is larger than 500 kB; that of a model is smaller",
    TORCH + "x = '{:>999999999}'.format(1)\n": "4:1: a text is padded to more than 99 characters",
    TORCH + "x = '{0.__class__}'.format(1)\n": "4:1: a text is padded to more than 99 characters",
    **dict.fromkeys((TORCH + f"x = torch.{code}\n" for code in (
        "arange(10 ** 9)", "arange(0, 1, 1e-9)", "linspace(0, 1, steps=10 ** 9)")),
        "4:1: a list or text of more than 100,000 entries"),
    net(CONV, "y = torch.zeros_like(x); y[:, :2] = self.c(x); return y"): (
        "9:1: a value of the network that is written into a part of a tensor is not followed"
    ),
    net("pass", "return torch.stack(x[:, :, :1].repeat(1, 1, 1, 13).unbind(3), 3)"): (
        "9:28: cnncalc has no kind for an axis of more than 100 places that is taken apart ×1 (line 9)"
    ),
    net("self.r = namedtuple('R', 'class')", "return self.r(x)", more="from collections import namedtuple"): (
        "7:1: a field of a namedtuple cannot be 'class'"
    ),
    TORCH + "break\ndef f(): break\nclass A(nn.Module):\n    def forward(self, x): f()\ntorch.rand(1, 3, 9, 9)"
    : (
        "7:1: f leaves a loop that it is not in"
    ),
    TORCH + "def f(n): return f(n + 1)\nx = f(0)\n": "4:1: functions call one another more than 60 deep",
    TORCH + "x = ().__class__.__base__.__subclasses__()\nopen('x', 'w')\n": (
        "1:1: no model is in this source: no class with a forward, no Sequential"
    ),
}  # fmt: skip


@for_every(MESSAGES, lambda text: text[-80:])
def test_what_cannot_be_read_is_said_with_its_line_within_a_second(text: str) -> None:
    start = time.process_time()
    with pytest.raises(SpecError) as caught:
        import_text("", text.encode())
    found = "; ".join(f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems)
    assert found == MESSAGES[text]
    assert time.process_time() - start < SOON


SHARED = {
    "import keras\nfrom keras import layers\na = keras.Input((8, 8, 3))\nc = layers.Conv2D(3, 3, padding='same')\n"
    "m = keras.Model(a, layers.add([c(a), c(c(a))]))\n": 84,
    net("self.c = nn.Conv2d(3, 3, 3, padding=1)", "return self.c(self.c(x))"): 84,
}
"""Layers that are used again: 3·3·3·3 + 3 weights, once."""


@for_every(SHARED)
def test_layers_that_are_used_again_count_once(text: str) -> None:
    assert cnncalc.analyze(text=import_text("net.py", text.encode())).totals.params == SHARED[text]


GIVEN = {
    # Keras 3.15's count of each; 3·(8·32 + 32·32 + 2·32), as a GRU resets after the product if nothing is said
    "keras.Input((10, 8)), layers.GRU(32)": 4_032,
    "keras.Input((10, 8)), layers.Bidirectional(layers.GRU(16))": 2_496,  # 2·3·(8·16 + 16·16 + 2·16)
    "keras.Input((10, 8)), layers.TimeDistributed(layers.Dense(4))": 36,  # 8·4 + 4
    "layers.Embedding(1000, 64, input_length=10), layers.Flatten(), layers.Dense(3)": 65_923,  # 64,000 + 640·3 + 3
    "keras.Input((6, 6, 16)), layers.GroupNormalization(4)": 32,
    "keras.Input((6, 6, 3)), layers.LocallyConnected2D(4, 3)": 1_792,  # 4·4·(27·4 + 4)
}
"""Layers of Keras with arguments at their places → params."""


@for_every(GIVEN)
def test_arguments_that_keras_takes_by_their_places(layers: str) -> None:
    text = import_text("net.py", f"{KERAS}m = keras.Sequential([{layers}])".encode())
    assert cnncalc.analyze(text=text).totals.params == GIVEN[layers]


def test_the_numbers_of_a_normalization_are_said() -> None:
    held = "[keras.Input((8, 8, 3)), layers.Normalization(), layers.Flatten()]"
    text = import_text("net.py", f"{KERAS}m = keras.Sequential({held})".encode())
    # 3 means, 3 variances, a count
    assert "# Normalization is left out, with 7 numbers that are not trained (line 3)\n" in text


def test_layers_that_are_never_used_are_said_with_their_params() -> None:
    text = import_text("net.py", net(f"{CONV}; self.a = nn.Linear(9, 5)", "return self.c(x)").encode())
    assert "# a, a Linear, is made and never used: its weights are not counted (line 7)\n" in text
    assert "# the layers that are never used have 50 params in the module's own count\n" in text


def test_notebooks_and_texts_name_their_cells_and_lines() -> None:
    code = (SOURCES / "keras_sequential.py").read_text()
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "source": ["# Net"]},
        {"cell_type": "code", "source": "%matplotlib inline\nx = 1"},
    ]
    cells.append({"cell_type": "code", "source": code.splitlines(keepends=True)})
    notebook = {"cells": cells, "nbformat": 4}
    fenced = f"# Net\n\nA text: with [1]: marks\n\n```python\n{code}```\n\n```\n[7]: array([[1,\n```\n"
    indented = "".join(f"      {line}" for line in code.splitlines(keepends=True)).lstrip()
    for text in (json.dumps(notebook), fenced, f"```\n[1]: {indented}```\n"):
        assert cnncalc.analyze(text=import_text("net", text.encode())).totals.params == 3_702_186
    cells[-1]["source"] = code.replace("Flatten()", "Flatter()").replace("Flatten,", "Flatter,")
    with pytest.raises(SpecError, match=r"cnncalc has no kind for Flatter ×1 \(cell 3 line 11\)"):
        import_text("net.ipynb", json.dumps(notebook).encode())


SCRIPT = f"""{TORCH}import argparse
from hub import Mixin
parser = argparse.ArgumentParser()
parser.add_argument("-w", "--wide-net", type=int, default=8)
parser.add_argument("--no-bias", dest="bias", action="store_false")
opt = parser.parse_args()

class Net(Mixin, nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, opt.wide_net, 1, bias=opt.bias)
    def forward(self, x):
        return self.c(x)

if __name__ == "__main__":
    load(FILE)["weights"] + 1
    for epoch in range(90_000):
        x = [epoch * 2 + 1 for _ in range(9)]
    net = nn.DataParallel(Net()).cuda()
    if load(FILE):
        return_nothing()
    print(net(torch.randn(1, 3, 8, 8)).shape)
"""


def test_scripts_are_followed_past_what_has_nothing_to_do_with_the_model() -> None:
    """Arguments of the command line, training, other libraries, files."""
    text = import_text("net.py", SCRIPT.encode())
    assert cnncalc.analyze(text=text).totals.params == 32  # 3*8 + 8
    assert "# assumed: arguments of the command line have their defaults\n" in text
    printed = [{"output_type": "display_data", "data": {"image/png": "A" * 700_000}}]
    cells = [{"cell_type": "code", "source": SCRIPT, "outputs": printed}]
    text = import_text("net.ipynb", json.dumps({"cells": cells, "nbformat": 4}).encode())
    assert cnncalc.analyze(text=text).totals.params == 32


@pytest.mark.parametrize(
    ("call", "params", "note"),
    [
        ("Net(16)", 448, ""),  # 16*(3*3*3 + 1)
        ("Net(width=2 * 8)", 448, ""),
        ("Net(chosen)", 896, "# assumed: Net has its defaults, not what its call gives; write net.py:'Net(...)'\n"),
    ],
)
def test_a_model_that_main_makes_has_the_values_that_main_gives(call: str, params: int, note: str) -> None:
    layers = net("self.c = nn.Conv2d(3, width, 3)", "return self.c(x)").replace(
        "__init__(self)", "__init__(self, width=32)"
    )
    text = import_text("net.py", f"{layers}\ndef main():\n    chosen = pick()\n    return Adam({call})\n".encode())
    assert cnncalc.analyze(text=text).totals.params == params
    assert note in text
    assert ("assumed" in text) is bool(note)


def test_a_weight_that_two_layers_share_is_said_to_count_twice() -> None:
    source = net("self.a = nn.Linear(8, 8); self.b = nn.Linear(8, 8); self.b.weight = self.a.weight",
                 "return self.b(self.a(x))")  # fmt: skip
    assert "# b.weight is assigned: a weight that layers share is counted for each of them" in import_text(
        "net.py", source.encode()
    )


@pytest.mark.parametrize("outputs", ["y, self.big(y)", "{'a': y, 'b': self.big(y)}", "[self.big(y), y]"])
def test_an_output_that_is_not_understood_is_said_to_be_left_out(outputs: str) -> None:
    source = net(f"{CONV}; self.big = Big(8)", f"y = self.c(x); return {outputs}")
    text = import_text("net.py", source.encode())
    assert "# an output is left out, with what leads to it: Big of line 7 is not known (line 7)\n" in text


def test_an_output_of_keras_that_is_not_understood_is_said_to_be_left_out() -> None:
    source = f"{STAR}from big import Big\na = Input((8, 8, 3))\nm = keras.Model(a, [Conv2D(2, 3)(a), Big(7)(a)])\n"
    assert "# an output is left out, with what leads to it: " in import_text("net.py", source.encode())


def test_a_class_that_only_the_main_function_uses_is_the_model(tmp_path: Path) -> None:
    layers = net("self.c = nn.Conv2d(3, 8, 1)", "return self.c(x)", more="")
    (tmp_path / "train.py").write_text(f"{layers}\ndef main():\n    for x in load():\n        Net()(x)\n", "utf-8")
    spec = import_wanted(Wanted(str(tmp_path / "train.py"), "", (3, 8, 8))).text
    assert cnncalc.analyze(text=spec).totals.params == 32  # 3*8 + 8


def test_other_files_of_the_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "net.py").write_text((SOURCES / "lenet.py").read_text())
    (tmp_path / "main.py").write_text("import torch\nfrom parts.net import Net as N\nmodel = N()\n")
    text = import_wanted(Wanted(str(tmp_path / "main.py"), "", (1, 32, 32))).text
    assert cnncalc.analyze(text=text).totals.params == 61_706
    (tmp_path / "main.py").write_text("import torch\nfrom ..parts.net import Net\nmodel = Net()\n")
    with pytest.raises(SpecError):
        import_wanted(Wanted(str(tmp_path / "main.py"), "", (1, 32, 32)))


def test_files_of_a_package_are_read(tmp_path: Path) -> None:
    """As torchvision's: relative imports up to the package's top, round in circles, of what is used."""
    for file, text in {
        "pack/__init__.py": "from .nets import lenet\nfrom .broken import nothing\n",
        "pack/broken.py": "def (\n",
        "pack/parts/__init__.py": "from .conv import Conv, WRONG\nfrom .. import nets\n",
        "pack/parts/conv.py": f"{TORCH}from .. import parts\nclass Conv(nn.Conv2d): pass\nWRONG = dict(a=1)['b']\n",
        "pack/nets/__init__.py": "from . import lenet\n",
        "pack/nets/lenet.py": f"""{TORCH}from ..parts import Conv, WRONG
from ..broken import nothing
import pack.parts as parts
class Net(nn.Module):
    def __init__(self, wrong=False):
        super().__init__()
        self.c = parts.Conv(3, WRONG if wrong else 8, 1)
    def forward(self, x):
        return F.relu(Conv(8, 2, 1)(self.c(x)))
""",
    }.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    file = str(tmp_path / "pack" / "nets" / "lenet.py")
    assert cnncalc.analyze(text=import_wanted(Wanted(file, "Net", (3, 8, 8))).text).totals.params == 50  # 32 + 18
    with pytest.raises(SpecError, match=r"Conv2d: out_channels.*line 6 is not known") as caught:
        import_wanted(Wanted(file, "Net(True)", (3, 8, 8)))
    assert "../parts/conv.py line 6" in str(caught.value)


def test_changed_sources_are_read_or_refused() -> None:
    chance = random.Random(4)
    texts = [path.read_text() for path in sorted(SOURCES.iterdir())]
    pieces = [piece for text in texts for piece in text.split()]
    for _ in range(250):
        words = chance.choice(texts).split(" ")
        for _ in range(chance.randint(1, 4)):
            words[chance.randrange(len(words))] = chance.choice(pieces)
        with suppress(SpecError):
            import_text("net.py", " ".join(words).encode())
