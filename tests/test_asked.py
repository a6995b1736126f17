"""What people asked in public: each question gives the right value, or one error whose suggestion, pasted, gives it."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from running import Run

import cnncalc


class Asked(NamedTuple):
    """A question: the spec as it is written, and the figures of the network."""

    sentence: str
    input: str
    lines: str
    output: tuple[int, ...]
    params: int
    macs: int


class Refused(NamedTuple):
    """A question with an error: what it suggests, and what replaces a part of the spec then, with the right figures."""

    sentence: str
    input: str
    lines: str
    suggested: str
    replaced: str
    by: str
    output: tuple[int, ...]
    params: int


def text_of(question: Asked | Refused) -> str:
    """The spec."""
    return f"{question.input}\nlayers:\n" + "".join(f"- {line}\n" for line in question.lines.split("; "))


CASES = (
    Asked("a deconv with an output_padding of 0 has Keras' size", "input: 1x4x4",
          # (4 - 1)*2 + 3 - 2*1 + 0
          "{deconv: 1, kernel: 3, stride: 2, padding: same, output_padding: 0}", (1, 7, 7), 10, 144),
    Asked("PyTorch's prelu has one slope", "input: 3x24x24",
          # 64*(81*3 + 1) + 1
          "{conv: 64, kernel: 9, padding: 4}; {prelu, num_parameters: 1}", (64, 24, 24), 15_617, 8_957_952),
    Asked("PyTorch's instance norm learns nothing", "input: 64x256x256",
          "{conv: 128, kernel: 3, stride: 2, padding: 1, norm: instancenorm, activation: relu}",
          (128, 128, 128), 73_856, 1_207_959_552),  # 128*(9*64 + 1)
    Asked("a batch norm may have offsets alone", "input: 3x299x299",
          # 32*27 + 32
          "{conv: 32, kernel: 3, stride: 2, bias: false}; {bn, scale: false}", (32, 149, 149), 896, 19_181_664),
    Asked("a factor need not be whole", "input: 3x32x32", "{upsample: 1.8}", (3, 57, 57), 0, 0),
    Asked("OpenCV rounds to the nearest", "input: 3x32x32", "{upsample: 1.8, rounding: nearest}", (3, 58, 58), 0, 0),
    Asked("a map is enlarged to a size", "input: 16x21x21", "{upsample: {size: 30x30, mode: bilinear}}",
          (16, 30, 30), 0, 0),
    # 8*3 + 8 and 10*24
    Asked("a linear layer works on each position", "input: {C: 3, L: 10}", "{fc: 8}", (8, 10), 32, 240),
    # 4*((3 + 50)*50 + 50)
    Asked("Keras' LSTM has one bias", "input: {C: 3, L: 400}", "{lstm: 50}", (50,), 10_800, 4_240_000),
    # 4*50 more
    Asked("PyTorch's LSTM has two", "input: {C: 3, L: 400}", "{lstm: 50, biases: 2}", (50,), 11_000, 4_240_000),
    Asked("attention multiplies activations", "input: {C: 512, L: 580}", "{attention: 4}",
          (512, 580), 1_050_624, 952_647_680),  # 4*580*512*512 + 2*580*580*512
    Asked("a layer a hundred times has its weights once", "input: 1024",
          # 1024*1025 and 100*1024*1024
          "{name: h, fc: 1024, repeat: 100, shared: true}", (1024,), 1_049_600, 104_857_600),
    Asked("a locally connected layer has weights for each place", "input: 3x32x32",
          "{locally_connected: 64, kernel: 3}", (64, 30, 30), 1_612_800, 1_555_200),  # 900*(27*64 + 64)
    Asked("a border is reflected", "input: 3x256x256", "{reflection_pad: 3}; {conv: 64, kernel: 7}",
          (64, 256, 256), 9_472, 616_562_688),  # 64*(49*3 + 1)
    Asked("-1 is what is left over", "input: 16x8x8", "{reshape: [16, -1]}", (16, 64), 0, 0),
    Asked("a maximum of a difference", "inputs: {a: {C: 64, H: 8, W: 8}, b: {C: 64, H: 8, W: 8}}",
          "{subtract: [a, b]}; {maximum: [a, prev]}; {average: [a, prev]}", (64, 8, 8), 0, 0),
    Asked("a group norm follows a conv", "input: 3x32x32",
          "{conv: 32, kernel: 3, norm: {groupnorm: 8}, activation: relu}", (32, 30, 30), 960, 777_600),  # 32*28 + 2*32
    Asked("a layernorm learns a factor and an offset for each value", "input: 32x16x16",
          "{layernorm: [32, 16, 16]}", (32, 16, 16), 16_384, 0),  # 2*32*16*16
    Asked("Keras' cropping cuts each side by itself", "input: 64x10x10", "{crop: [[1, 2], [0, 3]]}", (64, 7, 7), 0, 0),
    Asked("a negative padding moves the map", "input: 64x10x10", "{zeropad: [[-1, 0], [0, -1]]}", (64, 9, 9), 0, 0),
    Asked("words of Python are read", "input: 3x8x8",
          # 4*27 + 2*4
          "{conv: 4, kernel: 3, bias: False, norm: batchnorm, activation: ReLU, padding: SAME}", (4, 8, 8), 116, 6_912),
    Asked("PyTorch's pixel shuffle is no channel shuffle", "input: 4x16x16", "{PixelShuffle: 2}", (1, 32, 32), 0, 0),
    Asked("dwconv is no deconv", "input: 4x16x16", "{dwconv: 3}", (4, 14, 14), 40, 7_056),  # 4*9 + 4
    Asked("swish is silu", "input: 4x16x16", "swish", (4, 16, 16), 0, 0),
    Asked("Keras' GRU that resets before has one bias", "input: {C: 16, L: 10}", "{GRU: 32, reset_after: False}",
          (32,), 4_704, 46_080),  # 3*(16*32 + 32*32 + 32)
    Asked("use_bias: True is the default", "input: {C: 10, L: 5}", "{SimpleRNN: 20, use_bias: True}",
          (20,), 620, 3_000),  # 20*(10 + 20 + 1)
    Asked("PyTorch's RNN has two", "input: {C: 10, L: 5}", "{RNN: 20, nonlinearity: relu}",
          (20,), 640, 3_000),  # 20*(10 + 20 + 2)
    Asked("an LSTM in PyTorch's words has two", "input: {C: 10, L: 5}",
          # 4*20*(10 + 20 + 2)
          "{LSTM: {input_size: 10, hidden_size: 20, batch_first: True}}", (20,), 2_560, 12_000),
    Asked("Keras' transposed convolution keeps a stride that exceeds its kernel", "input: 64x7x7",
          "{Conv2DTranspose: 64, kernel_size: 2, strides: 3}", (64, 21, 21), 16_448, 802_816),  # 7*3 + max(2 - 3, 0)
    Asked("PyTorch's does not", "input: 64x7x7",
          "{ConvTranspose2d: 64, kernel_size: 2, stride: 3}", (64, 20, 20), 16_448, 802_816),  # 6*3 + 2
    Asked("defaults: precede those of a framework", "input: 1x8x8\ndefaults: {deconv: {padding: 1}}",
          "{Conv2DTranspose: 1, kernel_size: 3}", (1, 8, 8), 10, 576),  # 7 + 3 - 2
    Asked("Keras' pools and factors are 2", "input: 32x9x9", "MaxPool2D; UpSampling2D; GroupNormalization",
          (32, 8, 8), 64, 0),
    Asked("nn says whose prelu it is", "input: 64x28x28", "nn.PReLU", (64, 28, 28), 1, 0),
    Asked("layers says it, too", "input: 64x28x28", "layers.PReLU", (64, 28, 28), 50_176, 0),
    Asked("the channels' axis may be said", "layout: HWC\ninput: 40x80x3",
          "{name: a, relu}; {Concatenate: [a, prev], axis: -1}", (40, 80, 6), 0, 0),
    Asked("and PyTorch's dim", "input: 3x40x80", "{name: a, relu}; {cat: [a, prev], dim: 1}", (6, 40, 80), 0, 0),
    Asked("a sequence has more features than steps", "layout: HWC\ninput: [16, 4096]", "{LSTM: 256}",
          (256,), 4_457_472, 71_303_168),  # 1024*(4096 + 256 + 1)
    Asked("also channels first, if no window passes over it", "input: [4096, 16]", "{LSTM: 256}",
          (256,), 4_457_472, 71_303_168),
    Asked("channels last are said", "layout: HWC\ninput: 10x128", "{Conv1D: 4, kernel_size: 3}",
          (8, 4), 1_540, 12_288),  # 4*(3*128 + 1)
    Asked("the rows of an image are a sequence", "input: 28x28", "{LSTM: 256}",
          (256,), 291_840, 8_142_848),  # 1024*(28 + 256 + 1)
    Asked("a norm in Keras' words has no factor", "input: 3x8x8", "{BatchNormalization, scale: false}",
          (3, 8, 8), 3, 0),
    Asked("the head of a language model has the weights of its embedding", "input: {L: 8}",
          # 50,000*384 weights; 8 times as many products
          "{name: emb, embedding: 50000, size: 384}; {fc: 50000, bias: false, weights: emb}",
          (50_000, 8), 19_200_000, 153_600_000),
    Asked("batch_normalization is bn", "input: 4x16x16", "batch_normalization", (4, 16, 16), 8, 0),
)  # fmt: skip

SE = "{name: x, conv: 64, kernel: 1}; global_avgpool; flatten; {fc: 4, activation: relu}; {fc: 64, activation: sigmoid}"
ACTIVITY = "; ".join(
    ["{conv1d: 64, kernel_size: 3, activation: relu}"] * 2 + ["{maxpool: 2}", "flatten", "{dense: 100}", "{dense: 6}"]
)
CLASSIFIER = "; ".join(
    [f"{{conv2d: {filters}, kernel: 5, padding: 2}}; {{maxpool2d: 2}}" for filters in (16, 32)]
    + ["flatten", "{linear: 10, in_features: 1050}"]
)
CROSSED = "{name: e3, conv: 256, kernel: 3, padding: half}; {maxpool: 2}; {upsample: 2}; {concat: [e3, prev]}"

REFUSED = (
    Refused("a class with two defaults", "input: 64x28x28", "PReLU",
            "'slopes: value' is the default of Keras", "PReLU", "{PReLU: {slopes: value}}", (64, 28, 28), 50_176),
    Refused("dropout is no layer of a line of an LSTM", "input: {C: 8, L: 10}", "{LSTM: 4, dropout: 0.2}",
            "'dropout': leave it out", ", dropout: 0.2", "", (4,), 208),  # 16*(8 + 4 + 1)
    Refused("nor of its own word", "input: {C: 8, L: 10}", "{lstm: 4, dropout: 0.2}",
            "'dropout': leave it out", ", dropout: 0.2", "", (4,), 208),
    Refused("nor in the attention", "input: {C: 8, L: 10}", "{MultiHeadAttention, num_heads: 2, dropout: 0.1}",
            "'dropout': leave it out", ", dropout: 0.1", "", (8, 10), 288),  # 4*(8*8 + 8)
    Refused("but behind a convolution", "input: 3x8x8", "{Conv2D: 4, kernel_size: 3, dropout: 0.3}",
            "give the second a line of its own", ", dropout: 0.3}", "}\n- {dropout: 0.3}", (4, 6, 6), 112),  # 4*28
    Refused("an argument without effect on the figures", "input: {C: 8, L: 10}", "{LSTM: 4, stateful: True}",
            "'stateful': leave it out, no figure", ", stateful: True", "", (4,), 208),
    Refused("weights that are not trained", "input: 3x8x8", "{Conv2D: 4, kernel_size: 3, trainable: False}",
            "write 'frozen: true' if it is false", "trainable: False", "frozen: true", (4, 6, 6), 112),
    Refused("a separable convolution", "input: 3x32x32", "{SeparableConv2D: 32, kernel_size: 3}",
            # 3*9 + 32*3 + 32
            "{depthwise: KERNEL, bias: false}, then {conv: FILTERS, kernel: 1}",
            "{SeparableConv2D: 32, kernel_size: 3}",
            "{depthwise: 3, bias: false}\n- {conv: 32, kernel: 1}", (32, 30, 30), 155),
    Refused("an embedding has no bias for the head", "input: {L: 8}",
            "{name: emb, Embedding: 500, output_dim: 38}; {Linear: 500, weights: emb}",
            "give the fc 'bias: false'", "Linear: 500,", "Linear: 500, bias: false,", (500, 8), 19_000),
    Refused("a tuple is one problem", "input: 3x8x8", "{Conv2D: {filters: 4, kernel_size: (3, 1)}}",
            "kernel_size: (3, 1) is written [3, 1]", "(3, 1)", "[3, 1]", (4, 6, 8), 40),  # 4*(3*3 + 1)
    Refused("a vector for a Conv1D", "input: 100", "{Conv1D: 4, kernel_size: 3}",
            "a sequence with one channel is 1x100", "input: 100", "input: 1x100", (4, 98), 16),  # 4*(3 + 1)
    Refused("a wrapper in Python's brackets", "input: {C: 8, L: 10}", "TimeDistributed(Dense(1))",
            "it holds other layers: list these", "TimeDistributed(Dense(1))", "{Dense: 1}", (1, 10), 9),
    Refused("a call of a class", "input: 3x8x8", "Conv2d(3, 4, 3)".replace(", ", ","),
            "is a call; 'cnncalc layers Conv2d'", "Conv2d(3,4,3)", "{Conv2d: 4, kernel: 3}", (4, 6, 6), 112),
    Refused("maps joined along their height", "layout: HWC\ninput: 40x80x3",
            "{name: a, relu}; {Concatenate: [a, prev], axis: 1}", "axis 1 is H of 40x80x3",
            ", axis: 1", "", (40, 80, 6), 0),
    Refused("a grey image without its channel", "input: 28x28", "{conv: 32, kernel: 3}",
            "1x28x28", "input: 28x28", "input: 1x28x28", (32, 26, 26), 320),
    Refused("a batch in front", "input: [32, 3, 224, 224]", "{conv: 64, kernel: 3, stride: 2, padding: 1}",
            "3x224x224", "[32, 3, 224, 224]", "3x224x224", (64, 112, 112), 1_792),
    Refused("a batch before four axes", "input: 20x1x10x50x100", "{conv: 24, kernel: 3, padding: 1}",
            "1x10x50x100", "20x1x10x50x100", "1x10x50x100", (24, 10, 50, 100), 672),  # 24*28
    Refused("Keras' order of a sequence", "input: [128, 9]", ACTIVITY,
            # 64*28 + 64*193 + 100*3969 + 6*101
            "input: {C: 9, L: 128}", "input: [128, 9]", "input: {C: 9, L: 128}", (6,), 411_650),
    Refused("Keras' order of a sequence, with its layout", "input: [128, 9]", ACTIVITY,
            "layout: HWC", "input: [128, 9]", "layout: HWC\ninput: [128, 9]", (6,), 411_650),
    Refused("a linear layer that says what enters", "input: 1x28x28", CLASSIFIER,
            # 16*26 + 32*401 + 10*1569
            "1568 enter, not 1050; leave 'in_features' out", ", in_features: 1050", "", (10,), 28_938),
    Refused("an odd map that is joined, cropped", "input: 128x75x75", CROSSED,
            "align: center", "prev]}", "prev], align: center}", (512, 74, 74), 295_168),
    Refused("an odd map that is joined, from a smaller input", "input: 128x75x75", CROSSED,
            "128x74x74 or 128x76x76", "128x75x75", "128x74x74", (512, 74, 74), 295_168),
    Refused("a map with one odd side, from a larger input", "input: 128x75x80", CROSSED,
            "128x74x80 or 128x76x80", "128x75x80", "128x76x80", (512, 76, 80), 295_168),
    Refused("squeeze and excitation with linear layers", "input: 64x56x56", SE + "; {mul: [x, prev]}",
            "- {reshape: 64x1x1}", "- {mul", "- {reshape: 64x1x1}\n- {mul", (64, 56, 56), 4_740),  # 64*65 + 4*65 + 64*5
)  # fmt: skip


@pytest.mark.parametrize("asked", CASES, ids=lambda asked: asked.sentence)
def test_a_question_has_its_answer(asked: Asked) -> None:
    report = cnncalc.analyze(text=text_of(asked))
    assert (report.layers[-1].output_shape, report.totals.params, report.totals.macs) == (
        asked.output,
        asked.params,
        asked.macs,
    )


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.sentence)
def test_what_an_error_suggests_gives_the_answer(refused: Refused) -> None:
    text = text_of(refused)
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=text)
    (problem,) = caught.value.problems
    assert refused.suggested in problem.message
    assert text.count(refused.replaced) == 1
    report = cnncalc.analyze(text=text.replace(refused.replaced, refused.by))
    assert (report.layers[-1].output_shape, report.totals.params) == (refused.output, refused.params)


@pytest.mark.parametrize("sizes", ["input: {C: 3, H: null, W: null}", "layout: HWC\ninput: (None, None, 3)"])
def test_what_does_not_depend_on_a_size_is_there_without_it(run: Run, sizes: str) -> None:
    spec = f"{sizes}\nlayers:\n- {{conv: 64, kernel: 3, padding: same}}\n"
    (line,) = (line for line in run("show", "-", stdin=spec).stdout.splitlines() if line.startswith("total"))
    assert line.split("  ")[0] == "total"
    assert "1,792" in line
    assert "needs H, W" in line


def test_frozen_weights_are_not_trained() -> None:
    report = cnncalc.analyze(text="input: 256x8x8\nlayers: [{conv: 256, kernel: 3, padding: 1, frozen: true}]\n")
    assert (report.totals.params, report.totals.trainable) == (590_080, 0)


# Commands

DECONV = "input: 3x2x2\nlayers:\n- {deconv: 1, kernel: 2, stride: 2}\n"


def test_reconcile_counts_transposed_convolutions_as_the_tools_do(run: Run, folder: Path) -> None:
    (folder / "d.yaml").write_text(DECONV)
    totals = {
        profile["profile"]: profile["total"]
        for profile in json.loads(run("reconcile", "d.yaml", "--format", "json").stdout)["profiles"]
    }
    assert (totals["thop"], totals["torchinfo"], totals["ptflops"]) == (192, 208, 64)  # 48, 16 outputs of 12
    assert "ptflops" in run("reconcile", "d.yaml", "--find", "52").stdout
    assert json.loads(run("check", "d.yaml", "--format", "gitlab").stdout) == []


def test_reconcile_finds_the_number_of_the_paper_in_a_relative(run: Run) -> None:
    found = run("reconcile", "resnet50", "--find", "3.8G").stdout
    assert "3,857,973,248" in found
    assert "resnet50_v1" in found


def test_solve_without_an_output_gives_it(run: Run) -> None:
    result = run("solve", "--input", "227", "--kernel", "11", "--stride", "4", "--padding", "0")
    assert result.exit_code == 0
    assert "227 → 55" in result.stdout


def test_a_class_list_does_not_round(run: Run, folder: Path) -> None:
    rows = "conv1,,32x32x32,864 maxpool,,32x16x16,0 conv2,,64x16x16,18432 flatten,,16384,0 fc,,10,163840 total,,,183136"
    (folder / "s.csv").write_text("\n".join(["layer,operation,out,params", *rows.split(" "), ""]))
    convs = [f"- {{conv: {filters}, kernel: 3, padding: half}}" for filters in (32, 64)]
    lines = [convs[0], "- {maxpool: 2}", convs[1], "- flatten", "- {fc: 10}", ""]
    (folder / "n.yaml").write_text("\n".join(["input: 3x32x32", "layers:", *lines]))
    scheme = ("--scheme", "again=0.333,follows=0.333", "--format", "csv")
    heads, row = run("grade", "s.csv", "--spec", "n.yaml", *scheme).stdout.splitlines()
    assert dict(zip(heads.split(","), row.split(","), strict=True))["score"] == "7.999"
