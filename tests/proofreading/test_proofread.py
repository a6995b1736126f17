"""`cnncalc proofread`: what is found in write-ups, and what is not."""

import json
import time
from pathlib import Path

import openpyxl
import pytest
from running import SOON, Run

from cnncalc.proofreading.document import WriteUp, read_document
from cnncalc.proofreading.proofread import proofread


def found(text: str) -> list[str]:
    return [f"{one.line}:{one.column} {one.rule}: {one.message}" for one in proofread(WriteUp("text", text))]


WRONG = {
    "arithmetic": (
        "The map is (227 - 11)/4 + 1 = 54 wide.",
        "1:12 wrong-arithmetic: (227 − 11)/4 + 1 is 55, not 54",
    ),
    "thousands as LaTeX has them": (
        r"$55 \times 55 \times 96 = 290{,}401$ and 96*55*55 = 290\,400",
        "1:2 wrong-arithmetic: 55·55·96 is 290,400, not 290,401",
    ),
    "a count": (
        "It has 128x3x3x256 + 256 = 295,167 parameters.",  # 294,912 + 256
        "1:8 wrong-arithmetic: 128·3·3·256 + 256 is 295,168, not 295,167",
    ),
    "the total of a table": (
        "| Layer | Params |\n|---|---|\n| conv1 | 896 |\n| conv2 | 51,264 |\n| fc | 1,290 |\n| **Total** | 53,540 |",
        "6:15 wrong-sum: the column of params adds up to 53,450, not 53,540",  # 896 + 51,264 + 1,290
    ),
    "a German sentence": (
        "Das Eingabebild hat die Größe 224x224x3. Die erste Faltungsschicht mit 96 Filtern der Größe 7x7 hat die "
        "Schrittweite 2 und ein Padding von 1. Die Ausgabe ist also 112x112x96.",
        "1:164 does-not-follow: 112×112 does not follow from 224×224, kernel 7, stride 2: "
        "⌊(224 − 7 + 2·1)/2⌋ + 1 = 110",
    ),
    "a count before a comma": (
        "They are 32*32*32*27 = 884,763, those of the second more.",  # 32,768 * 27 = 884,736
        "1:10 wrong-arithmetic: 32·32·32·27 is 884,736, not 884,763",
    ),
    "German thousands, and a decimal comma": (
        "Die Schicht hat 7*7*3*96 + 96 = 14.112 Parameter, und (224 - 7 + 2)/2 = 109,5 ist nicht ganz.",  # 14,112 + 96
        "1:17 wrong-arithmetic: 7·7·3·96 + 96 is 14,208, not 14,112",
    ),
    "LaTeX, and a quotient that is not whole": (
        r"$$O = \frac{W - K + 2P}{S} + 1 = \frac{224 - 11 + 2(2)}{4} + 1 = 55$$",  # 217/4 = 54.25
        "1:34 floor-missing: (224 − 11 + 2·2)/4 + 1 is 55.25, not 55; the quotient has to be rounded down: "
        "⌊54.25⌋ + 1 = 55",
    ),
    "a number in place of the stride": (
        r"$$O = \frac{W - K + 2(P)}{5} + 1 = \frac{13 - 3 + 2(1)}{1} + 1 = 13$$",
        "1:7 formula: (W − K + 2P)/5 + 1 divides by 5, and by 1 once the numbers are put in; the stride is meant",
    ),
    "one side of the padding": (
        r"\[ N_{out} = \frac{N_{in} + P - F}{S} + 1 \]",
        "1:14 formula: (N_in + P − F)/S + 1 is not the size of an output: ⌊(N_in + 2·P − F)/S⌋ + 1 is",
    ),
    "a formula in a sentence": (
        "The output is (W - K + 2P)/S - 1 pixels wide.",
        "1:15 formula: (W − K + 2P)/S − 1 is not the size of an output: ⌊(W + 2·P − K)/S⌋ + 1 is",
    ),
    "a stride of its own": (
        "The pooling has size 3x3 with stride value two, and takes the shape from 27x27x256 to 13x13x256.\n\n"
        "1. Input size 27x27x256 (W=27).\n2. A kernel of size 3x3 (K=3)\n3. Number of padding 0 (P=0)\n"
        "4. Stride 3 (S=3)\n\n(27 - 3 + 2(0))/3 + 1 = 9\n\nSo the output is 13x13x256.",  # with S = 2: 13
        "8:1 does-not-fit: (27 − 3 + 2·0)/3 + 1 = 9 is true, but the text says stride 2 in line 1 and 13×13 in line 1: "
        "S = 3 is a slip",
    ),
    "an output that does not follow": (
        "There are 96 kernels of size 11x11 with stride 4 and padding 0; the map goes from 227x227x3 to 56x56x96.",
        "1:78 does-not-follow: 56×56 does not follow from 227×227, kernel 11, stride 4: ⌊(227 − 11)/4⌋ + 1 = 55",
    ),
    "an output that no padding gives": (
        "A 5x5 kernel with stride 1 on a 32x32x3 input → 40x40x8",  # at most 32 + 8 - 4 = 36
        "1:49 does-not-follow: 40×40 does not follow from 32×32, kernel 5, stride 1: ⌊(32 − 5)/1⌋ + 1 = 28; no padding "
        "gives it either",
    ),
    "a kernel that is another one in the list": (
        "In the second convolution the kernel size is 13 x 13 with padding 1.\n\n- Size of Input: $N = 13 \\times 13$\n"
        "- Size of Convolution Kernels: $f = 3 \\times 3$\n- Strides: $S = 1$\n- Padding: $P = 1$\n"
        "- Size of each feature map = $(13 - 3 + 2) / 1 + 1 = 13$\n\nEvery feature map is of size 13 x 13.",
        "1:31 does-not-fit: kernel 13×13 does not give 13×13 from 13×13; line 4 says 3×3, which does",
    ),
    "code of an output size": (
        "```python\nout_h = (H + 2*padding - kH) // stride + 2\n```",
        "2:1 formula: out_h = (H + 2·padding − kH) // stride + 2 is not the size of an output: "
        "⌊(H + 2·padding − kH)/stride⌋ + 1 is",
    ),
    "code of a window's start": (
        "```\nfor i in range(out_h):\n    h_start = i % stride\n```",
        "3:5 window-start: h_start = i % stride: a window starts at i * stride",
    ),
    "padding when there is none": (
        "```\nif padding <= 0:\n    x = np.pad(x, padding)\n```",
        "2:1 padding-condition: pads if padding <= 0, when there is nothing to pad; padding > 0 is meant",
    ),
    "no product": (
        "```\ny[o, i, j] = np.sum(patch % kernel[o])\n```",
        "2:14 product: patch % kernel[o]: a convolution sums products, patch * kernel[o]",
    ),
    "channels": (
        "```\nconv1_filters = np.random.randn(32, 3, 3, 3)\nconv2_filters = np.random.randn(64, 16, 3, 3)\n```",
        "3:1 channels: conv2 takes 16 channels, but the layer before it gives 32 (line 2)",
    ),
    "offsets": (
        "```\nself.fc1_weights = np.random.randn(2048, 504)\nself.fc1_bias = np.zeros(512)\n```",
        "3:1 offsets: fc1 has 504 outputs (line 2) but 512 offsets",
    ),
    "LaTeX over several lines": (
        "\\begin{align}\n  O &= \\left\\lfloor \\frac{224 - 7 + 2 \\cdot 1}\n"
        "  {2} \\right\\rfloor + 1 \\\\\n  &= 109 + 1 = 111\n"
        "\\end{align}",
        # 219/2 = 109.5
        "4:6 wrong-arithmetic: 109 + 1 is 110, not 111",
    ),
    "a rounded number": (
        "It has 3*3*64*64 = 37.9K weights.",  # 36,864
        "1:8 wrong-arithmetic: 3·3·64·64 is 36,864, not 37.9K",
    ),
    "filters and channels": (
        "A layer with 64 filters of 3x3, stride 1 and padding 1 on a 32x32x3 input gives a 32x32x46 output.",
        "1:83 count: 64 filters do not give 46 channels: 32×32×46",
    ),
    "a pool that loses channels": (
        "The 2x2 max pooling with stride 2 goes from 26x26x32 to 13x13x23.",
        "1:40 count: 13×13×23 after a pool that 32 channels enter: it keeps them",
    ),
    "params of a convolution": (
        "The input is an image of size 227x227x3.\n\nConv1 has 96 filters of size 11x11 with stride 4 and no "
        "padding, and 34,849 parameters.",  # 96·363 + 96 = 34,944; 34,848 without offsets
        "3:70 count: 34,849 params do not follow from 96 kernels of 11×11×3: 11·11·3·96 + 96 = 34,944",
    ),
    "neurons of a map": (
        "The 96 filters of size 11x11 with stride 4 give an output of 55x55x96, that is 290,500 neurons.",
        "1:80 count: 290,500 values are not those of 55×55×96: 290,400",
    ),
    "what is flattened": (
        "The last pooling, 3x3 with stride 2, goes from 13x13x256 to 6x6x256. "
        "Flattened, this is a vector of 9261 values.",
        "1:101 count: 6×6×256 has 9,216 values, not 9261",
    ),
    "the output of the layer before": (
        "- Conv1: 96 filters, 11x11 kernel, stride 4, padding 0 -> 55x55x96\n- Pool1: 3x3 kernel, stride 2 "
        "-> 29x29x96",
        "2:34 does-not-follow: 29×29 does not follow from 55×55, kernel 3, stride 2: ⌊(55 − 3)/2⌋ + 1 = 27; no "
        "padding gives it either",
    ),
    "a map that changes between two layers": (
        "- conv1: 3x3 filters, 224x224x3 -> 224x224x64\n- conv2: 3x3 filters, 224x224x65 -> 224x224x64",
        "2:23 does-not-fit: 224×224×65 enters here, but 224×224×64 leaves the layer before it in line 1",
    ),
    "a size that is not square": (
        "CONV1: 55x55x96, POOL1: 27x28x96, NORM1: 27x27x96, CONV2: 27x27x256, POOL2: 13x13x256",
        "1:25 not-square: 27×28×96 is not square, as all others here are; line 1 has 27×27×96",
    ),
    "a kernel of a table that is not square": (
        "| Layer | Kernel |\n|---|---|\n| conv1 | 3x3 |\n| conv2 | 3x4 |\n| conv3 | 3x3 |\n| conv4 | 3x3 |",
        "4:11 not-square: 3×4 is not square, as all others here are; line 3 has 3×3",
    ),
    "Chinese": (
        "- 输入大小：14x14x6\n- 卷积核大小：5x5\n- 卷积核个数：16\n- 步长：1\n"
        "- 输出特征图大小：10x10x16\n- 参数量：2461",
        "6:7 count: 2461 params do not follow from 16 kernels of 5×5×6: 5·5·6·16 + 16 = 2,416",
    ),
    "a row of a table": (  # (12 - 5)/1 + 1 = 8
        "| Layer | Kernel | Stride | Padding | Output |\n|---|---|---|---|---|\n| Input | - | - | - | 28x28x1 |\n"
        "| conv1 | 5x5 | 1 | 0 | 24x24x6 |\n| pool1 | 2x2 | 2 | 0 | 12x12x6 |\n| conv2 | 5x5 | 1 | 0 | 9x9x16 |",
        "6:1 does-not-follow: 9×9 does not follow from 12×12, kernel 5, stride 1: ⌊(12 − 5)/1⌋ + 1 = 8",
    ),
    "params in a row of LaTeX": (  # 3·3·32·64 + 64 = 18,496
        "Layer & Kernel & Stride & Padding & Output & Parameters \\\\ \\hline\n"
        "conv1 & $5 \\times 5$ & 2 & 2 & $64 \\times 64 \\times 32$ & 832 \\\\\n"
        "conv2 & $3 \\times 3$ & 2 & 1 & $32 \\times 32 \\times 64$ & 18{,}469 \\\\\n"
        "conv3 & $3 \\times 3$ & 2 & 1 & $16 \\times 16 \\times 64$ & 36{,}928 \\\\\n"
        "conv4 & $3 \\times 3$ & 2 & 1 & $8 \\times 8 \\times 64$ & 36{,}928 \\\\",
        "3:1 count: 18,469 params do not follow from 64 kernels of 3×3×32: 3·3·32·64 + 64 = 18,496",
    ),
    "plain English": (
        "A 5x5 convolution with stride 1 and no padding turns 32x32 into 30x30.",
        "1:54 does-not-follow: 30×30 does not follow from 32×32, kernel 5, stride 1: ⌊(32 − 5)/1⌋ + 1 = 28",
    ),
    "a pool": (
        "Pooling with size 2 and stride 2 reduces 28x28 to 15x15.",
        "1:42 does-not-follow: 15×15 does not follow from 28×28, kernel 2, stride 2: ⌊(28 − 2)/2⌋ + 1 = 14; no "
        "padding gives it either",
    ),
    "the channels that a pool keeps": (  # 6·6·256 = 9,216, though 256 is not said of the pool
        "- conv5: 256 filters of size 3x3, stride 1, padding 1. The output is 13x13x256.\n"
        "- pool5: 3x3 max pooling with stride 2 turns 13x13 into 6x6.\n"
        "- fc6: the map is flattened to 9,261 values.",
        "3:32 count: 6×6×256 in line 2 has 9,216 values, not 9,261",
    ),
    "params of a dense layer": (  # 4,096·4,096 + 4,096 = 16,781,312
        "FC-1: 9,216 inputs, 4096 neurons, 37,752,832 parameters. FC-2: 4096 neurons, 16,781,321 parameters.",
        "1:78 count: 16,781,321 params do not follow from 4,096 neurons on 4,096 values: "
        "4,096·4,096 + 4,096 = 16,781,312",
    ),
    "multiplications": (  # 11·11·3·96·55·55
        "- Conv1: 96 filters, 11x11 kernel, stride 4, padding 0: 227x227x3 -> 55x55x96, 150 MFLOPs",
        "1:80 count: 150 M do not follow from 96 kernels of 11×11: 11·11·3·96·55·55 = 105,415,200",
    ),
    "megabytes": (
        "61 M parameters take 260 MB in float32.",
        "1:22 count: 61 M parameters of 4 bytes take 244 MB, not 260 MB",
    ),
    "a ratio": (
        "The layer has 73,856 parameters, the separable one 8,768: they shrink by a factor of 9.",
        "1:86 wrong-arithmetic: 73,856 is 8.423 times 8,768, not 9",
    ),
    "a rounded count in German": (
        "Das Netz hat mit der Faltung 1.179.648 Gewichte, rund 1,28 Millionen.",
        "1:55 wrong-arithmetic: 1,179,648 is not 1.28 Millionen",
    ),
    "a quotient before it is rounded down": (  # 219/2 = 109.5
        "O = ⌊(224 - 7 + 2)/2⌋ + 1 = ⌊109.6⌋ + 1 = 110",
        "1:29 wrong-arithmetic: the quotient is 109.5, not 109.6",
    ),
    "a padding that is none": (
        "The filters have a stride of 4 and no padding, so P = 1.",
        "1:55 count: the padding is 0 in words, but 1 here",
    ),
    "a calculation in a fence": (
        "```\nOutput = (227-11)/4+1 = 54\n```",
        "2:10 wrong-arithmetic: (227 − 11)/4 + 1 is 55, not 54",
    ),
    "stacked kernels": (  # 3·2 + 1 = 7
        "Two 3x3 convs see 5x5, three see 9x9.",
        "1:34 does-not-follow: three 3×3 kernels see 3·(3 − 1) + 1 = 7 pixels, not 9",
    ),
    "a comment": (
        "```\nx = 1  # after conv: 128 * 4 * 4 = 2348\n```",
        "2:22 wrong-arithmetic: 128·4·4 is 2,048, not 2,348",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_a_slip_is_found(text: str, expected: str) -> None:
    assert found(text) == [expected]


RIGHT = r"""
INPUT: [224x224x3] memory: 224*224*3=150K weights: 0, CONV3-64: memory: 224*224*64=3.2M weights: (3*3*3)*64 = 1,728
- 128x3x3x256 (weights) + 256 (biases) = 295,168 parameters for the 1st one
- Parameters: \(128 \times 3 \times 3 \times 256 + 256 = 295,168\), that is 0.30M = (3*3)*(128*256)
The output is (227–11+1) x (227–11+1) = 217×217, and N_{out} = \frac{N_{in} + 2P - K}{S} + 1.
out = (in - filter_size + 2*padding)/strides + 1, or with TensorFlow's valid ceil((W - K + 1)/S)
For a 7x7 input and a 3x3 filter with stride 1 and pad 0 we would get a 5x5 output. With stride 2 a 3x3 output.
It used neurons of size F=11, stride S=4 and no zero padding P=0. Since (227 - 11)/4 + 1 = 55, it is [55x55x96].
W = 10, P = 0, F=3: then (W−F+2P)/S+1=(10−3+0)/2+1=4.5, i.e. not an integer
lr = 1e-3, alpha = 10-4 = 0.0001, ResNet-50 = 50 layers, 3.8 x 10^9 = 3.8 billion, 60% + 40% = 100%, 2/3 = 0.67
A transposed one: (H_in − 1) × S − 2P + K = (4 - 1) × 2 - 2 × 1 + 4 = 8
The 61 M parameters in float32 and their buffers take 300 MB. ResNet-50 has 25.6 million parameters, 98 MB in float32.
In this example W = 5, and there is zero padding of P = 1. Training takes 86,716,416 or about 86.7 million products.
输入：2x2， 卷积核：4x4， 滑动步长：3， 输出：7x7
- **Conv1:** 96 filters, $11 \times 11$ kernel, stride 4, padding 0 $\rightarrow 55 \times 55 \times 96$
- **Pool1:** Max Pooling, $3 \times 3$ kernel, stride 2 $\rightarrow 27 \times 27 \times 96$
- **Flatten:** $6 \times 6 \times 256 = 9216$ features
Layer 1: 96 feature maps of 55x55 from 224x224 by 96 kernels of size 11x11 with stride of 4 pixels.
$$\text{O} = \left\lfloor \frac{H + 2P - K}{S} \right\rfloor + 1 = \left\lfloor \frac{4 - 2}{1} \right\rfloor + 1 = 3$$
$$(1)(0.1) + (2)(0.2) + (3)(0.3) + (1)(0.4) = 0.1 + 0.4 + 0.9 + 0.4 = 1.8$$
The output is (n + 2p - f)/s pixels, i.e. \frac{n + 2p - f}{s} + 1 \times \frac{n + 2p - f}{s} + 1, and not whole
a[4][3][6] = 0.17 and y[1] = 2, \sqrt{0.2 \times 0.37} = 0.272, 1024 x 1024 = ${10}^{6}$, $224 / 2^{1 + 4} = 7$
`28 * 28 * 32 * 5 * 5 * 192 = 120 Mil`, 999/1000 = 99.9, a scale of 1/32 = 7x7, 6 + 3 = 9 million bytes
$n^{[l]} = \lfloor \frac{n^{[l-1]} + 2p^{[l]} - f^{[l]}}{s^{[l]}} \rfloor + 1$ with $a = (i + 2p - k) \mod s$
A kernel may be $3 \times 5$: its height is 3. With dilation it is (i + 2p - k - (k - 1)(d - 1))/s + 1 wide.
If we had a 6x6 filter, a 32x32 image would become 7x7 with a stride of 2.
```python
output_h = (input_h + 2*self.padding - self.kernel_size) // self.stride + 1
out_w = (input_w - kernel_w) // stride_w + 1
n_H = int((n_H_prev + 2*pad - f)/stride) + 1
out_h = int(np.floor((h - k + 2*p)/s + 1))
y_start = y * self.stride
if self.padding > 0: x = np.pad(x, 1)
```
"""


@pytest.mark.parametrize(
    "text", [RIGHT, *(file.read_text("utf-8") for file in sorted((Path(__file__).parent / "right").iterdir()))]
)
def test_nothing_is_found_in_what_is_right(text: str) -> None:
    assert found(text) == []


def test_the_settings_of_a_line_are_those_of_its_own_layer() -> None:
    # Two layers after another, each right by itself: (28 - 5)/1 + 1 = 24, and 24/2 = 12.
    first = "A 5x5 kernel, stride 1, padding 0 goes from 28x28 to 24x24."
    assert found(f"{first}\nA 2x2 pool, stride 2 goes from 24x24 to 12x12.") == []


def test_formats_and_status_are_those_of_check(run: Run, folder: Path) -> None:
    (folder / "a.md").write_text("(9 - 3)/2 + 1 = 5\n", "utf-8")  # 4
    result = run("proofread", "a.md")
    assert (result.exit_code, result.stderr) == (1, "note: a.md: understood: 1 calculation\n")
    assert result.stdout.splitlines() == [
        "a.md:1:1: error: (9 − 3)/2 + 1 is 4, not 5 (wrong-arithmetic)",
        "    1 | (9 - 3)/2 + 1 = 5",
        "        ^^^^^^^^^^^^^",
        "",
        "1 document: 1 error",
    ]
    assert run("proofread", "a.md", "--fail-on", "never").exit_code == 0
    assert run("proofread", "a.md", "--format", "github").stdout.startswith("::error file=a.md,line=1,")
    sarif = json.loads(run("proofread", "a.md", "--format", "sarif").stdout)["runs"][0]
    assert sarif["tool"]["driver"]["rules"][sarif["results"][0]["ruleIndex"]]["id"] == "wrong-arithmetic"


ROWS = """\
layer,kernel,stride,padding,out
input,,,,9x9x3
conv1,3x3,1,1,9x9x4
pool1,3x3,2,0,4x4x4
conv2,3x3,1,0,3x3x4
"""  # (9 - 3)/2 + 1 = 4; (4 - 3)/1 + 1 = 2
COVERED = {
    "nothing": ("a.md", "Nothing is said.\n", "nothing"),
    "a calculation and a layer": (
        "a.md",
        "(9 - 3)/2 + 1 = 4\n\nA 3x3 kernel, stride 1, padding 0 goes from 9x9 to 7x7.\n",
        "1 calculation and 1 layer",
    ),
    "sentences": (
        "a.md",
        "It took 12 hours on 2 GPUs.\nIf we had 12x12 pixels, 9 would remain.\n\nIt took 13 hours.\n",
        "nothing; passed over: 1 sentence that only supposes (line 2), "
        "2 sentences with numbers that are not understood (lines 1, 4)",
    ),
    "another kind of layer": (
        "a.md",
        "A transposed convolution: a 3x3 kernel, stride 2, goes from 9x9 to 20x20.\n",
        "nothing; passed over: 1 layer of a kind that is not judged (line 1)",
    ),
    "a table of layers": ("a.csv", ROWS, "3 table rows"),
    "rows of other layers": (
        "a.csv",
        f"{ROWS}fc,,,,10\nconv9,3x3,1,1,\n" + "".join(f"fc{n},,,,10\n" for n in range(5)),
        "3 table rows; passed over: 6 rows of another kind than convolution or pool (lines 6, 8, 9, 10, 11, ...), "
        "1 row without a map that enters or leaves (line 7)",
    ),
    "too few rows that fit": (
        "a.csv",
        ROWS.replace("input,,,,9x9x3\n", ""),
        "nothing; passed over: 1 table of which too few rows follow from their settings and the row above (line 1)",
    ),
    "cells": (
        "a.ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": "#\nIt took 12 hours."}]}),
        "nothing; passed over: 1 sentence with numbers that are not understood (cell 1, line 2)",
    ),
    "another table": (
        "a.csv", "a;b\n12;(9 - 3)/2 + 1 = 4\n",
        "1 calculation; passed over: 1 table without columns of layers and outputs (line 1)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "expected"), COVERED.values(), ids=COVERED)
def test_what_is_understood_is_said(run: Run, folder: Path, name: str, text: str, expected: str) -> None:
    (folder / name).write_text(text, "utf-8")
    assert run("proofread", name).stderr == f"note: {name}: understood: {expected}\n"


def test_tables_of_other_programs_are_read(run: Run, folder: Path) -> None:
    (folder / "a.csv").write_text(ROWS, "utf-8")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet()):
        for line in ROWS.splitlines():
            sheet.append(line.split(","))
    book.save(folder / "a.xlsx")
    slip = "3×3 does not follow from 4×4, kernel 3, stride 1: ⌊(4 − 3)/1⌋ + 1 = 2 (does-not-follow)"
    result = run("proofread", "a.csv", "a.xlsx", "--format", "concise")
    assert result.stdout.splitlines() == [
        f"a.csv:5:1: error: {slip}",
        f"a.xlsx:5:1: error: sheet 1, row 5: {slip}",
        f"a.xlsx:11:1: error: sheet 2, row 5: {slip}",
    ]


def test_an_architecture_that_the_text_should_be_about(run: Run, folder: Path) -> None:
    text = "A 3x3 kernel with stride 1 and padding 0 on a 30x30x1 input → 28x28x4.\n"
    (folder / "a.md").write_text(text, "utf-8")
    assert run("proofread", "a.md").stdout == "1 document: nothing found\n"
    # net.yaml: 4 filters 3x3 on 3x8x8
    assert (
        "30×30 → 28×28 here, but stem of net.yaml, with the same kernel 3 and stride 1, has 8×8 → 6×6"
        in run("proofread", "a.md", "--spec", "net.yaml").stdout
    )


def test_a_cell_of_a_notebook_is_named(run: Run, folder: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "2 * 3 = 7"]},
        {"cell_type": "code", "source": "x = 1\nout_h = (h - k) // s"},
    ]
    (folder / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), "utf-8")
    lines = run("proofread", "a.ipynb", "--format", "concise").stdout.splitlines()
    assert [line.split("error: ")[1].split(" is ")[0] for line in lines] == [
        "cell 1, line 2: 2·3",
        "cell 2, line 2: out_h = (h − k) // s",
    ]


PADDLE = """\
```text
 Layer (type)       Input Shape          Output Shape         Param #
===========================================================================
   Conv2D-1      [[1, 3, 8, 8]]        [1, 4, 6, 6]           112
 BatchNorm2D-1   [[1, 4, 6, 6]]        [1, 4, 6, 6]           16
===========================================================================
Total params: 128
Trainable params: 112
Non-trainable params: 16
```
"""


def test_the_total_of_paddle_leaves_its_norms_out(run: Run, folder: Path) -> None:
    (folder / "a.md").write_text(
        PADDLE, "utf-8"
    )  # 4·(3·3·3 + 1) = 112, and 4 values for each of 4 channels of the norm
    assert run("proofread", "a.md").stdout == "1 document: nothing found\n"


def test_counts_beside_an_architecture(run: Run, folder: Path) -> None:
    # 60,965,224 with two towers, so that 60 million is right; 62.4 million is one tower
    lines = ["AlexNet has 60 million parameters, conv1 34,944 parameters.", "The network has 62.4 million parameters."]
    (folder / "a.md").write_text("\n".join(lines), "utf-8")
    assert run("proofread", "a.md", "--spec", "alexnet", "--format", "concise").stdout == (
        "a.md:2:17: error: 62.4 million params here, but alexnet has 60,965,224 in total (another-count)\n"
    )


def test_what_code_of_a_notebook_does_otherwise_is_at_its_cell(run: Run, folder: Path) -> None:
    lines = [
        "from keras import Sequential, layers",
        "m = Sequential()",
        "m.add(layers.Conv2D(4, 3, input_shape=(8, 8, 3)))",
        "m.add(layers.Flatten())",
        "m.add(layers.Dense(10, input_shape=(99,)))",  # 6·6·4 = 144 enter
    ]
    cells = [{"cell_type": "markdown", "source": "# Title"}, {"cell_type": "code", "source": "\n".join(lines)}]
    (folder / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}), "utf-8")
    assert run("proofread", "a.ipynb", "--format", "concise").stdout == (
        "a.ipynb:9:1: note: cell 2 line 5: input_shape 99 of dense is ignored: 144 enters it (code)\n"
    )


def test_words_of_a_page_keep_their_lines(run: Run, folder: Path) -> None:
    head = "<html><head><style>\nx { a: 2*3 = 7 }</style></head>\n"
    page = f"{head}<body><p>2 &times; 3\n= 6</p>\n<b>4 &times; 5 = 21</b></body></html>"
    (folder / "a.html").write_text(page, "utf-8")
    assert run("proofread", "a.html", "--format", "concise").stdout.startswith("a.html:5:1: error: 4·5 is 20, not 21")


@pytest.mark.parametrize("unit", ["<!--", "<![CDATA[", "<![x]", "</", "<a ", "<?", "<script", "<tr><td>1", "<td>1"])
def test_a_page_of_parts_without_an_end_is_read_soon(folder: Path, unit: str) -> None:
    (folder / "a.html").write_text("<html>2 * 3 = 7<table><tr>" + unit * (700_000 // len(unit)), "utf-8")
    start = time.process_time()
    assert read_document("a.html").text.startswith("2 * 3 = 7")
    assert time.process_time() - start < SOON


def test_a_pdf_is_read_page_by_page(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"BT /F1 12 Tf 72 720 Td (The map is \\(9 - 3\\)/2 + 1 = 5 wide) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        b"/MediaBox [0 0 612 792] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
    (folder / "a.pdf").write_bytes(content)
    assert "page 1, line 1: (9 − 3)/2 + 1 is 4, not 5" in run("proofread", "a.pdf").stdout
    monkeypatch.setattr("cnncalc.proofreading.document.MAX_OPERATIONS", 3)  # BT, Tf, Td, Tj, ET
    assert "draws more than 3 pieces; give the chapters one by one" in run("proofread", "a.pdf").stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "is not UTF-8 text; save it as UTF-8, or give a .pdf, .html or .ipynb"),
        (b"%PDF-1.4 nothing", "is not a PDF that can be read"),
        (b'{"cells": 3}', "is not a notebook: it has no cells"),
        (b"x " * 600_000, "has more than 1,000,000 characters of text; give the chapters one by one"),
    ],
)
def test_what_cannot_be_read_is_said(run: Run, folder: Path, content: bytes, message: str) -> None:
    (folder / "a.txt").write_bytes(content)
    (folder / "b.md").write_text("2 * 3 = 6", "utf-8")
    result = run("proofread", "a.txt", "b.md")
    assert (result.exit_code, result.stdout) == (1, "1 document: nothing found\n")
    assert message in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4000 + "\n",
        "a = b = " * 600,
        "(W - K " * 600,
        r"\frac{" * 700 + "}" * 700,
        "3x" * 2000,
        "size " * 1000,
        "1" * 4000,
    ],
)
def test_hostile_lines_take_no_time(text: str) -> None:
    assert found("\n".join([text] * 3)) == []


CODE = """\
The input is 227x227x3. The first convolution has size 11x11 and stride 4.

- Padding: P = 0
- Size of each feature map = (227 - 11 + 0)/4 + 1 = 55

```python
from tensorflow.keras import Sequential, layers
model = Sequential([
    layers.Input((224, 224, 3)),
    layers.Conv2D(96, 11, strides=4, padding="same"),  # -> 56x56x{channels}
])
```
"""


def test_the_code_of_a_document_should_say_the_same(run: Run, folder: Path) -> None:
    # 224/4 = 56 with padding `same`; the text computes from 227
    (folder / "a.md").write_text(CODE.format(channels=96), "utf-8")
    assert run("proofread", "a.md", "--format", "concise").stdout.splitlines() == [
        "a.md:1:5: error: 227×227 → 55×55 here, but conv2d of its own code, with the same kernel 11 and stride 4, has "
        "224×224 → 56×56 (another-size)",
    ]
    (folder / "c.md").write_text(
        CODE.format(channels=96).replace("227", "224").replace("224 - 11 + 0", "227 - 11 + 0")
        + "It has 34,945 parameters.",
        "utf-8",
    )
    assert (  # 96·(11·11·3 + 1) = 34,944
        "c.md:13:8: error: 34,945 params here, but its own code has 34,944" in run("proofread", "c.md").stdout
    )
    (folder / "b.md").write_text(CODE.format(channels=69).replace("227", "224"), "utf-8")
    assert "b.md:10:" in run("proofread", "b.md").stdout  # the comment claims 69 channels
