"""Python source of models: read, never executed. Figures are published, or by hand."""

import json
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from every import for_every
from running import Run

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.importing.files import import_text, import_wanted
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
}  # fmt: skip
"""File, model and input → params, buffers and MACs."""


@for_every(MODELS, lambda key: f"{key[0]}:{key[1]}")
def test_figures(key: tuple[str, str, tuple[int, ...]]) -> None:
    name, model, sizes = key
    totals = cnncalc.analyze(text=import_wanted(Wanted(str(SOURCES / name), model, sizes))).totals
    assert (totals.params, totals.buffers, totals.macs) == MODELS[key]


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
    def forward(self, x):
        {{forward}}
torch.randn(1, 3, 8, 8)
"""


def net(init: str, forward: str) -> str:
    return NET.format(init=init, forward=forward)


MESSAGES = {
    net("self.c = nn.Conv2d(3, WIDTH, 3)", "return self.c(x)"): (
        "7:1: Conv2d: out_channels depends on what is not in the source: WIDTH of line 7 is not known"
    ),
    net("self.c = nn.Conv2d(4, 8, 3)", "return self.c(x)"): "7:1: Conv2d: in_channels is 4, its input is 3x8x8",
    net("self.c = nn.Conv2d(3, 7 / 2, 3)", "return self.c(x)"): (
        "7:1: Conv2d: out_channels is 3.5; a whole number is expected"
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
    net("self.a = {}['b']", "return x"): "7:18: {} has no entry 'b'",
    net("pass", "return self.forward(x)"): "9:1: functions call one another more than 60 deep",
    net("while True: pass", "return x"): "7:1: the code takes more than 400,000 steps; that of a network takes fewer",
    TORCH + "class A(nn.Module): pass\nclass B(nn.Module): pass\n": (
        "1:1: 2 models are in this source: A, B; write FILE.py:A"
    ),
    TORCH + "n = nn.Sequential(nn.ReLU())\n": "4:1: the size of the input is not in the source; write it after @, "
    "as FILE.py@3x224x224",
    TORCH + "x = [0] * 10 ** 9\n": "4:1: a list or text of more than 100,000 entries",
    TORCH + "x = 9 ** 9 ** 9\n": "4:1: a power is too large",
    TORCH + "x = '%999999999d' % 1\n": "4:1: a text is filled in with more than 99 places",
    TORCH + "x = [0]\nfor i in range(99):\n    x = x + x\n": "6:1: a list or text of more than 100,000 entries",
    TORCH + "x = " + "(" * 5000 + "\n": "4:205: this is no Python: too many nested parentheses",
    TORCH + "x = " + "-" * 90_000 + "1\n": "1:1: the code is nested too deeply",
    TORCH + "#" * 600_000: "1:1: the source is larger than 500 kB; that of a model is smaller",
    TORCH + "x = ().__class__.__base__.__subclasses__()\nopen('x', 'w')\n": (
        "1:1: no model is in this source: no class with a forward, no Sequential"
    ),
}  # fmt: skip


@for_every(MESSAGES, lambda text: text[-80:])
def test_what_cannot_be_read_is_said_with_its_line_within_a_second(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SpecError) as caught:
        import_text("", text.encode())
    found = "; ".join(f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems)
    assert found == MESSAGES[text]
    assert time.perf_counter() - start < 1.5


SHARED = {
    "import keras\nfrom keras import layers\na = keras.Input((8, 8, 3))\nc = layers.Conv2D(3, 3, padding='same')\n"
    "m = keras.Model(a, layers.add([c(a), c(c(a))]))\n": 84,
    net("self.c = nn.Conv2d(3, 3, 3, padding=1)", "return self.c(self.c(x))"): 84,
}
"""Layers that are used again: 3·3·3·3 + 3 weights, once."""


@for_every(SHARED)
def test_layers_that_are_used_again_count_once(text: str) -> None:
    assert cnncalc.analyze(text=import_text("net.py", text.encode())).totals.params == SHARED[text]


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


def test_other_files_of_the_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "net.py").write_text((SOURCES / "lenet.py").read_text())
    (tmp_path / "main.py").write_text("import torch\nfrom parts.net import Net as N\nmodel = N()\n")
    text = import_wanted(Wanted(str(tmp_path / "main.py"), "", (1, 32, 32)))
    assert cnncalc.analyze(text=text).totals.params == 61_706
    (tmp_path / "main.py").write_text("import torch\nfrom ..parts.net import Net\nmodel = Net()\n")
    with pytest.raises(SpecError):
        import_wanted(Wanted(str(tmp_path / "main.py"), "", (1, 32, 32)))


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
