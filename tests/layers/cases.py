"""The case table that every law runs over: at least one layer of each kind, with literal figures.

No expected number is computed by the package: each has its arithmetic or its source beside it. Those marked torch are
what PyTorch 2.13 gives for the same settings.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer, make
from cnncalc.shapes import Shape

COMPUTED = [kind for kind, layer in LAYERS.items() if layer.executed]
"""The kinds of which it is known what they compute: all but `opaque`."""


class Case(NamedTuple):
    """A layer with its input, and what must come out.

    Attributes:
        sentence: what the case shows; the id of its tests.
        kind: the word for it.
        inputs: the shape of each input.
        settings: what a spec would give.
        output: the output's shape.
        params: learned values.
        buffers: values that are stored and not learned.
        macs: multiply-accumulates.
        ops: operations by their names, by the table of `cnncalc layers`; given for the first case of a kind only.
        links: connections between values, as the ops.
    """

    sentence: str
    kind: str
    inputs: tuple[Shape, ...]
    settings: Mapping[str, Any]
    output: Shape
    params: int
    buffers: int
    macs: int
    ops: Mapping[str, int]
    links: int

    def make(self) -> Layer:
        """A new layer with the case's settings, for the rank of its first input."""
        return make(LAYERS[self.kind], self.inputs[0].rank, **self.settings)


def chw(channels: int, *spatial: int) -> Shape:
    """A shape in the order of this table: channels first."""
    return Shape(channels, spatial)


def case(
    sentence: str,
    kind: str,
    inputs: Shape | tuple[Shape, ...],
    output: Shape,
    *,
    params: int = 0,
    buffers: int = 0,
    macs: int = 0,
    ops: Mapping[str, int] = MappingProxyType({}),
    links: int = 0,
    **settings: Any,
) -> Case:
    """A row of the table; a lone input needs no tuple, and figures that are left out are 0."""
    shapes = (inputs,) if isinstance(inputs, Shape) else inputs
    return Case(sentence, kind, shapes, settings, output, params, buffers, macs, ops, links)


CONVOLUTIONS = (
    case("AlexNet's conv1 reads 227 pixels exactly",  # Krizhevsky et al. 2012
         "conv", chw(3, 227, 227), chw(96, 55, 55),  # (227 - 11)/4 + 1 = 216/4 + 1
         params=34_944,  # 11*11*3*96 = 34,848 and 96 biases
         macs=105_415_200,  # 96*55*55 = 290,400 values of 11*11*3 = 363
         filters=96, kernel=11, stride=4,
         ops={"mac": 290_400 * 363, "add": 290_400},  # 96*55*55 values of 11*11*3, a bias each
         links=105_415_200 + 290_400),
    case("CycleGAN's conv reflects its border", "conv", chw(4, 6, 7), chw(3, 3, 4), params=111,  # 3*4*9 + 3
         macs=1_296, links=1_332, filters=3, kernel=3, stride=2, padding=1, padding_mode="reflect"),
    case("a conv of a signal may go round", "conv", chw(1, 5), chw(2, 7), params=8, macs=42, links=56, filters=2,
         kernel=3, padding=2, padding_mode="circular"),
    case("torchvision's AlexNet pads 224 by 2 and loses a pixel of padding", "conv", chw(3, 224, 224),
         chw(64, 55, 55),  # floor((224 + 4 - 11)/4) + 1 = floor(54.25) + 1
         params=23_296,  # 64*363 = 23,232 and 64 biases
         macs=70_276_800,  # 64*3,025 = 193,600 values of 363
         filters=64, kernel=11, stride=4, padding=2),
    case("ResNet's conv1 has no bias",  # He et al. 2015, Table 1: 112x112
         "conv", chw(3, 224, 224), chw(64, 112, 112),  # floor((224 + 6 - 7)/2) + 1 = 111 + 1
         params=9_408,  # 7*7*3*64
         macs=118_013_952,  # 64*112*112 = 802,816 values of 147
         filters=64, kernel=7, stride=2, padding=3, bias=False),
    case("AlexNet's conv2 in two groups sees half of the channels",  # Krizhevsky et al. 2012
         "conv", chw(96, 27, 27), chw(256, 27, 27),  # 27 + 4 - 5 + 1
         params=307_456,  # 5*5*48*256 = 307,200 and 256 biases
         macs=223_948_800,  # 256*729 = 186,624 values of 5*5*48 = 1,200
         filters=256, kernel=5, padding=2, groups=2),
    case("a conv in as many groups as channels and filters has one map for each filter", "conv", chw(4, 5, 5),
         chw(8, 3, 3), params=80,  # 3*3*1*8 and 8 biases
         macs=648,  # 8*9 = 72 values of 9
         filters=8, kernel=3, groups=4),
    case("a conv with dilation 2 reads 5 pixels with 3 taps",  # Dumoulin & Visin, dilation figure: 7 -> 3
         "conv", chw(1, 7, 7), chw(1, 3, 3), params=10,  # 9 and 1 bias
         macs=81,  # 9 values of 9
         filters=1, kernel=3, dilation=2),
    case("Inception's 1x7 conv is padded along the width only", "conv", chw(768, 17, 17),
         chw(192, 17, 17),  # 17 - 1 + 1 and 17 + 6 - 7 + 1
         params=1_032_192,  # 7*768*192
         macs=298_303_488,  # 17*17 = 289 positions of 1,032,192
         filters=192, kernel=(1, 7), padding=(0, 3), bias=False),
    case("a conv may differ in every setting between height and width", "conv", chw(2, 9, 14),
         chw(4, 5, 6),  # floor((9 + 2 - 3)/2) + 1 and 14 - (2*4 + 1) + 1
         params=124,  # 3*5*2*4 = 120 and 4 biases
         macs=3_600,  # 120 values of 30
         filters=4, kernel=(3, 5), stride=(2, 1), padding=((1, 1), (0, 0)), dilation=(1, 2)),
    case("Keras' MobileNet pads its first conv below and on the right only", "conv", chw(3, 224, 224),
         chw(32, 112, 112),  # (224 + 1 - 3)/2 + 1 = 111 + 1
         params=864,  # 3*3*3*32
         macs=10_838_016,  # 32*112*112 = 401,408 values of 27
         filters=32, kernel=3, stride=2, padding=((0, 1), (0, 1)), bias=False),
    case("a conv with padding valid has none",  # Dumoulin & Visin, no_padding_no_strides: 4 -> 2
         "conv", chw(1, 4, 4), chw(1, 2, 2), params=10, macs=36,  # 4 values of 9
         filters=1, kernel=3, padding="valid"),
    case("a conv with padding same gives the size over the stride, rounded up",  # TensorFlow: ceil(n/s)
         "conv", chw(1, 10, 7), chw(1, 4, 3),  # ceil(10/3) and ceil(7/3)
         params=10, macs=108,  # 12 values of 9
         filters=1, kernel=3, stride=3, padding="same"),
    case("a conv with padding same and dilation pads for the effective kernel", "conv", chw(2, 8, 8),
         chw(3, 4, 4),  # ceil(8/2)
         params=57,  # 9*2*3 = 54 and 3 biases
         macs=864,  # 48 values of 18
         filters=3, kernel=3, stride=2, dilation=3, padding="same"),
    case("a conv with padding same and a stride larger than its kernel needs no padding", "conv", chw(1, 7, 8),
         chw(1, 3, 3),  # ceil(7/3) and ceil(8/3)
         params=2, macs=9, filters=1, kernel=1, stride=3, padding="same"),
    case("a conv with padding same_lower keeps the size of an even kernel", "conv", chw(1, 5, 5), chw(1, 5, 5),
         params=5,  # 4 and 1 bias
         macs=100,  # 25 values of 4
         filters=1, kernel=2, padding="same_lower"),
    case("a conv with padding half loses a pixel with an even kernel", "conv", chw(1, 5, 5),
         chw(1, 4, 4),  # padding floor(3/2) = 1: 5 + 2 - 4 + 1
         params=17,  # 16 and 1 bias
         macs=256,  # 16 values of 16
         filters=1, kernel=4, padding="half"),
    case("a conv with padding half and dilation 2 keeps the size", "conv", chw(1, 7, 7),
         chw(1, 7, 7),  # padding 2*2/2 = 2: 7 + 4 - 5 + 1
         params=10, macs=441,  # 49 values of 9
         filters=1, kernel=3, dilation=2, padding="half"),
    case("a causal conv keeps the length and reads only the past",  # van den Oord et al. 2016 (WaveNet)
         "conv", chw(2, 16), chw(3, 16),  # padding 4 before: 16 + 4 - 5 + 1
         params=15,  # 2*2*3 and 3 biases
         macs=192,  # 48 values of 4
         filters=3, kernel=2, dilation=4, padding="causal"),
    case("a full padding makes the map larger",  # Dumoulin & Visin, full_padding_no_strides: 5 -> 7
         "conv", chw(1, 5, 5), chw(1, 7, 7), params=10, macs=441, filters=1, kernel=3, padding=2),
    case("ResNet's projection reads every other pixel",  # He et al. 2015: 56 -> 28
         "conv", chw(256, 56, 56), chw(512, 28, 28),  # floor(55/2) + 1
         params=131_072,  # 256*512
         macs=102_760_448,  # 784 positions of 131,072
         filters=512, kernel=1, stride=2, bias=False),
    case(
        "LeNet-5's C3 counts one kernel for each of its 60 links",  # LeCun et al. 1998, Table I: 1,516
        "conv",
        chw(6, 14, 14),
        chw(16, 10, 10),
        params=1_516,  # 60*25 = 1,500 and 16 biases
        macs=150_000,  # 100 positions of 1,500; the paper's 151,600 connections add 1,600 biases
        filters=16,
        kernel=5,
        connections=(
            *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (4, 5, 0), (5, 0, 1)),  # 6 of 3
            *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (3, 4, 5, 0), (4, 5, 0, 1), (5, 0, 1, 2)),  # 6 of 4
            *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),  # 3 of 4
            (0, 1, 2, 3, 4, 5),  # 6
        ),
    ),
    case("a conv with connections may have no bias", "conv", chw(3, 4), chw(2, 3), params=6,  # 3 links of 2
         macs=18,  # 3 positions of 6
         filters=2, kernel=2, connections=((0, 1), (2,)), bias=False),
    case("M5's 1-D conv spans 80 samples",  # Dai et al. 2016, arXiv:1610.00087, Table 1
         "conv", chw(1, 32_000), chw(128, 7_981),  # (32,000 - 80)/4 + 1 = 7,980 + 1
         params=10_368,  # 80*128 = 10,240 and 128 biases
         macs=81_725_440,  # 7,981 positions of 10,240
         filters=128, kernel=80, stride=4),
    case("C3D's 3-D conv keeps 16 frames",  # Tran et al. 2014, arXiv:1412.0767
         "conv", chw(3, 16, 112, 112), chw(64, 16, 112, 112), params=5_248,  # 27*3*64 = 5,184 and 64 biases
         macs=1_040_449_536,  # 64*16*112*112 = 12,845,056 values of 81
         filters=64, kernel=3, padding=1),
)  # fmt: skip

TRANSPOSED = (
    case("U-Net's up-convolution doubles the map",  # Ronneberger et al. 2015, Figure 1: 28 -> 56
         "deconv", chw(1024, 28, 28), chw(512, 56, 56),  # 27*2 + 2
         params=2_097_664,  # 4*1,024*512 = 2,097,152 and 512 biases
         macs=1_644_167_168,  # 1,024*784 = 802,816 inputs of 4*512 = 2,048
         filters=512, kernel=2, stride=2,
         ops={"mac": 1024 * 784 * 4 * 512, "add": 512 * 3_136},  # each of 1024*28*28 inputs to 2*2*512 outputs
         links=1_644_167_168 + 1_605_632),
    case("DCGAN's first deconv makes a map of one pixel",  # torch
         "deconv", chw(100, 1, 1), chw(1024, 4, 4),  # 0 + 4
         params=1_638_400,  # 16*100*1,024
         macs=1_638_400,  # 100 inputs of 16*1,024
         filters=1024, kernel=4, bias=False),
    case("a deconv crops its padding from both ends",  # torch: DCGAN, 4 -> 8
         "deconv", chw(1024, 4, 4), chw(512, 8, 8),  # 3*2 - 2 + 4
         params=8_388_608,  # 16*1,024*512
         macs=134_217_728,  # 16,384 inputs of 16*512 = 8,192
         filters=512, kernel=4, stride=2, padding=1, bias=False),
    case("a deconv with output_padding 1 finds the even size again",  # Dumoulin & Visin, padding_strides_odd_transposed
         "deconv", chw(1, 3, 3), chw(1, 6, 6),  # 2*2 - 2 + 3 + 1
         params=10, macs=81,  # 9 inputs of 9
         filters=1, kernel=3, stride=2, padding=1, output_padding=1),
    case("a deconv may have output_padding below its dilation",  # torch
         "deconv", chw(1, 3, 3), chw(1, 8, 8),  # 2 + 5 + 1
         params=10, macs=81, filters=1, kernel=3, dilation=2, output_padding=1),
    case("a deconv with dilation 2 spreads 3 taps over 5 pixels",  # torch
         "deconv", chw(1, 3, 4), chw(2, 9, 8),  # 2*2 + 5 and 3 + 5
         params=20,  # 9*2 and 2 biases
         macs=216,  # 12 inputs of 18
         filters=2, kernel=3, stride=(2, 1), dilation=2),
    case("a deconv in two groups spreads each channel over half of the filters",  # torch
         "deconv", chw(4, 5, 5), chw(6, 7, 7),  # 4 + 3
         params=114,  # 9*4*3 = 108 and 6 biases
         macs=2_700,  # 100 inputs of 9*3
         filters=6, kernel=3, groups=2),
    case("Keras' same with an output_padding has a size of its own",  # keras-team/keras#14158: (4 - 1)*2 + 3 - 2 + 0
         "deconv", chw(1, 4, 4), chw(1, 7, 7), params=10, macs=144, links=144 + 49, filters=1, kernel=3, stride=2,
         padding="same", output_padding=0),
    case("a deconv of Keras' same may have a stride of 3", "deconv", chw(2, 4), chw(3, 10),  # (4 - 1)*3 + 5 - 4 + 0
         params=33, macs=120, links=150, filters=3, kernel=5, stride=3, padding="same", output_padding=0),
    case("TensorFlow's valid gives each value a stride",  # tensorflow#50168: 4*3 + max(2 - 3, 0)
         "deconv", chw(2, 4), chw(3, 12), params=15, macs=48, links=84, filters=3, kernel=2, stride=3, padding="valid"),
    case("PyTorch's output_size finds the odd size again", "deconv", chw(2, 4, 5), chw(3, 8, 9),  # 7 and 9 without it
         params=57, macs=1_080, links=1_296, filters=3, kernel=3, stride=2, padding=1, output_size=(8, 9)),
    case("a deconv with padding same multiplies the size by the stride",  # Keras Conv2DTranspose
         "deconv", chw(4, 13, 13), chw(8, 26, 26), params=296,  # 9*4*8 = 288 and 8 biases
         macs=48_672,  # 676 inputs of 72
         filters=8, kernel=3, stride=2, padding="same"),
    case("a deconv with padding same_lower has the same size", "deconv", chw(1, 5), chw(1, 15), params=5,
         macs=20,  # 5 inputs of 4
         filters=1, kernel=4, stride=3, padding="same_lower"),
    case("a deconv with padding same and a stride larger than its kernel is extended",  # Keras: input * stride
         "deconv", chw(1, 3), chw(1, 12), params=2, macs=3, filters=1, kernel=1, stride=4, padding="same"),
    case("a deconv with padding half crops half of the kernel",  # torch, padding 1
         "deconv", chw(1, 4, 4), chw(1, 7, 7),  # 3*2 - 2 + 3
         params=10, macs=144,  # 16 inputs of 9
         filters=1, kernel=3, stride=2, padding="half"),
    case("a deconv may crop the end only", "deconv", chw(1, 4), chw(1, 8),  # 3*2 - 1 + 3
         params=4, macs=12, filters=1, kernel=3, stride=2, padding=((0, 1),)),
    case("a 1-D deconv without overlap multiplies the length",  # torch
         "deconv", chw(16, 50), chw(8, 250),  # 49*5 + 5
         params=648,  # 5*16*8 = 640 and 8 biases
         macs=32_000,  # 800 inputs of 40
         filters=8, kernel=5, stride=5),
    case("3D U-Net's deconv doubles depth, height and width",  # Cicek et al. 2016, arXiv:1606.06650; torch
         "deconv", chw(2, 3, 4, 5), chw(4, 6, 8, 10), params=68,  # 8*2*4 = 64 and 4 biases
         macs=3_840,  # 120 inputs of 32
         filters=4, kernel=2, stride=2),
)  # fmt: skip

DEPTHWISE = (
    case("MobileNet's first depthwise conv has one kernel for each channel",  # Howard et al. 2017, Table 1
         "depthwise", chw(32, 112, 112), chw(32, 112, 112), params=288,  # 9*32
         macs=3_612_672,  # 32*112*112 = 401,408 values of 9
         kernel=3, padding=1, bias=False, ops={"mac": 32 * 12_544 * 9},  # no bias
         links=3_612_672),
    case("a depthwise conv with multiplier 2 doubles the channels",  # Keras depth_multiplier; torch groups=3
         "depthwise", chw(3, 8, 8), chw(6, 6, 6), params=60,  # 9*6 = 54 and 6 biases
         macs=1_944,  # 216 values of 9
         kernel=3, multiplier=2),
    case("a depthwise conv may replicate its border", "depthwise", chw(4, 5, 6), chw(4, 5, 6), params=40,
         macs=1_080, links=1_200, kernel=3, padding=1, padding_mode="replicate"),
    case("a strided depthwise conv with padding same halves an even map", "depthwise", chw(64, 112, 112),
         chw(64, 56, 56), params=640,  # 9*64 = 576 and 64 biases
         macs=1_806_336,  # 64*56*56 = 200,704 values of 9
         kernel=3, stride=2, padding="same"),
    case("a 1-D depthwise conv may be dilated", "depthwise", chw(4, 20), chw(4, 14),  # effective kernel 7: 20 - 7 + 1
         params=16,  # 3*4 and 4 biases
         macs=168,  # 56 values of 3
         kernel=3, dilation=3),
    case("a 3-D depthwise conv may span one frame", "depthwise", chw(2, 4, 5, 6), chw(2, 4, 3, 4),
         params=20,  # 9*2 and 2 biases
         macs=864,  # 96 values of 9
         kernel=(1, 3, 3)),
)  # fmt: skip

LOCAL = (
    case("Keras' locally connected layer has a kernel for each place",  # the example of its documentation
         "local", chw(3, 32, 32), chw(64, 30, 30),  # 32 - 3 + 1
         params=1_612_800,  # 900 places of 27*64 = 1,728 and 64 biases
         macs=1_555_200,  # 900*1,728
         filters=64, kernel=3, ops={"mac": 1_555_200, "add": 57_600}, links=1_612_800),
    case("a locally connected layer may differ between height and width", "local", chw(2, 5, 7),
         chw(3, 3, 6),  # floor((5 + 1 - 2)/2) + 1, 7 + 2 - 4 + 1
         params=864,  # 18 places of 2*8*3 = 48, no biases
         macs=864, filters=3, kernel=(2, 4), stride=(2, 1), padding=((1, 0), (0, 2)), bias=False),
    case("a locally connected layer of a signal may be padded", "local", chw(2, 6), chw(4, 3),  # ceil(6/2)
         params=84,  # 3 places of 3*2*4 = 24 and 4 biases
         macs=72, filters=4, kernel=3, stride=2, padding="same"),
)  # fmt: skip

POOLS = (
    case("AlexNet's max pools overlap",  # Krizhevsky et al. 2012: 55 -> 27
         "maxpool", chw(96, 55, 55), chw(96, 27, 27), kernel=3, stride=2,
         ops={"cmp": 69_984 * 8},  # 96*27*27 windows of 9
         links=69_984 * 9),
    case("a pool's stride is its kernel, and floor leaves out the last odd pixel", "maxpool", chw(6, 28, 7),
         chw(6, 14, 3), kernel=2),
    case("ResNet's max pool is padded by 1",  # He et al. 2015: 112 -> 56
         "maxpool", chw(64, 112, 112), chw(64, 56, 56),  # floor((112 + 2 - 3)/2) + 1 = 55 + 1
         kernel=3, stride=2, padding=1),
    case("GoogLeNet's max pool rounds up",  # Szegedy et al. 2014, Table 1: 112 -> 56
         "maxpool", chw(64, 112, 112), chw(64, 56, 56),  # ceil((112 - 3)/2) + 1 = 55 + 1
         kernel=3, stride=2, rounding="ceil"),
    case("a window that would start in the padding is dropped",  # torch
         "maxpool", chw(1, 3, 3), chw(1, 2, 2),  # ceil((3 + 2 - 2)/2) + 1 = 3 starts 0, 2, 4; 4 is not below 3 + 1
         kernel=2, padding=1, rounding="ceil"),
    case("MXNet's full keeps the window that starts in the padding", "maxpool", chw(1, 3, 3), chw(1, 3, 3),
         kernel=2, padding=1, rounding="ceil_full"),  # ceil((3 + 2 - 2)/2) + 1
    case("Caffe drops that window too where there is padding",  # BVLC/caffe, pooling_layer.cpp
         "maxpool", chw(1, 3, 3), chw(1, 2, 2), kernel=2, padding=1, rounding="ceil_caffe"),
    case("PyTorch drops an empty window past the end of an unpadded map",  # torch
         "maxpool", chw(1, 4, 4), chw(1, 1, 1),  # ceil((4 - 2)/4) + 1 = 2 starts 0, 4; 4 is not below 4
         kernel=2, stride=4, rounding="ceil"),
    case("Caffe keeps an empty window past the end of an unpadded map",  # BVLC/caffe, pooling_layer.cpp
         "maxpool", chw(1, 4, 4), chw(1, 2, 2), kernel=2, stride=4, rounding="ceil_caffe"),
    case("a window larger than the map fits where the size is rounded up",  # torch; SqueezeNet's smallest input, 21x21
         "maxpool", chw(512, 2, 2), chw(512, 1, 1),  # ceil((2 - 3)/2) + 1 = ceil(-0.5) + 1 = 0 + 1
         kernel=3, stride=2, rounding="ceil"),
    case("a max pool with dilation 2 spans 5 pixels",  # torch
         "maxpool", chw(1, 9, 9), chw(1, 5, 5), kernel=3, stride=1, dilation=2),
    case("a max pool with padding same gives the size over the stride, rounded up", "maxpool", chw(8, 5, 6),
         chw(8, 3, 3), kernel=3, stride=2, padding="same"),
    case("Inception's max pool with padding half keeps the size", "maxpool", chw(192, 28, 28), chw(192, 28, 28),
         kernel=3, stride=1, padding="half"),
    case("a 1-D max pool shortens the length",  # Dai et al. 2016, arXiv:1610.00087: 4 in M5
         "maxpool", chw(128, 7_981), chw(128, 1_995),  # floor(7,977/4) + 1 = 1,994 + 1
         kernel=4),
    case("C3D's first pool keeps the frames",  # Tran et al. 2014
         "maxpool", chw(64, 16, 112, 112), chw(64, 16, 56, 56), kernel=(1, 2, 2)),
    case("DenseNet's average pool halves the map", "avgpool", chw(128, 56, 56), chw(128, 28, 28), kernel=2,
         ops={"add": 100_352 * 3, "div": 100_352},  # 128*28*28 windows of 4
         links=100_352 * 4),
    case("an average pool without its padding's zeros has the same size", "avgpool", chw(192, 35, 35),
         chw(192, 35, 35),  # 35 + 2 - 3 + 1
         kernel=3, stride=1, padding=1, count_padding=False),
    case("an average pool may round up",  # torch
         "avgpool", chw(1, 6, 6), chw(1, 4, 4),  # ceil((6 + 2 - 3)/2) + 1 = 3 + 1; the last starts at 6, below 6 + 1
         kernel=3, stride=2, padding=1, rounding="ceil"),
    case("the mean of a window in the padding is 0", "avgpool", chw(2, 3), chw(2, 3), kernel=2, padding=1,
         rounding="ceil_full", count_padding=False),
    case("an average pool may be padded on one side", "avgpool", chw(3, 9), chw(3, 5),  # (9 + 1 - 2)/2 + 1
         kernel=2, padding=((0, 1),)),
    case("a 3-D average pool shrinks every axis", "avgpool", chw(2, 4, 6, 8), chw(2, 2, 3, 4), kernel=2),
    case("a global average keeps the axes at size 1", "global_avgpool", chw(512, 7, 7), chw(512, 1, 1),
         ops={"add": 512 * 48, "div": 512}),
    case("a global average of a signal keeps one axis", "global_avgpool", chw(64, 25), chw(64, 1)),
    case("a global maximum keeps the axes at size 1", "global_maxpool", chw(8, 3, 5, 7), chw(8, 1, 1, 1),
         ops={"cmp": 8 * 104}),  # 3*5*7 = 105
    case("a global maximum of one pixel keeps it", "global_maxpool", chw(8, 1, 1), chw(8, 1, 1)),
    case("torchvision's AlexNet pools to 6x6", "adaptive_avgpool", chw(256, 13, 13), chw(256, 6, 6), size=6,
         ops={"add": 9_216 * 8, "div": 9_216}),  # 13 to 6: all windows are 3 wide
    case("an adaptive pool may enlarge", "adaptive_avgpool", chw(3, 1, 5), chw(3, 7, 2), size=(7, 2)),  # torch
    case("an adaptive maximum has the size asked for", "adaptive_maxpool", chw(16, 50), chw(16, 8), size=8,
         ops={"cmp": 16 * 8 * 6}),  # 50 to 8: all windows are 7 wide
    case("an adaptive maximum may keep one axis", "adaptive_maxpool", chw(4, 9, 7), chw(4, 1, 7), size=(1, 7)),
)  # fmt: skip

UNPOOLS = (
    case("SegNet's unpooling finds the odd size again",  # segnet_train.prototxt: 23x30 pooled to 12x15
         "unpool", (chw(512, 12, 15), chw(512, 23, 30)), chw(512, 23, 30), kernel=2, rounding="ceil"),
    case("a signal is unpooled", "unpool", (chw(4, 5), chw(4, 11)), chw(4, 11), kernel=2),
    case("windows may have gaps and padding", "unpool",
         (chw(1, 3, 3), chw(1, 6, 7)),  # floor((6 + 1 - 2)/2) + 1 and floor((7 + 1 - 2)/3) + 1
         chw(1, 6, 7), kernel=2, stride=(2, 3), padding=((0, 1), (1, 0))),
    case("a lone window overlaps with none", "unpool", (chw(8, 1, 1), chw(8, 5, 5)), chw(8, 5, 5), kernel=5, stride=1),
)  # fmt: skip

LINEAR = (
    case("AlexNet's fc6 has most of its weights",  # Krizhevsky et al. 2012
         "fc", chw(9216), chw(4096), params=37_752_832,  # 9,216*4,096 = 37,748,736 and 4,096 biases
         macs=37_748_736, features=4096, ops={"mac": 9_216 * 4_096, "add": 4_096}, links=37_748_736 + 4_096),
    case("an fc may have no bias", "fc", chw(84), chw(10), params=840, macs=840, features=10, bias=False),
    case("an fc of a sequence acts at each position", "fc", chw(3, 10), chw(8, 10), params=32,  # 3*8 + 8
         macs=240, features=8),  # 10*3*8; torch: Linear(3, 8)
)  # fmt: skip

NORMALIZATIONS = (
    case("a bn learns two values for each channel and stores two", "bn", chw(64, 112, 112), chw(64, 112, 112),
         params=128, buffers=128, ops={"add": 802_816, "mul": 802_816}),  # 64*112*112, folded
    case("a bn without affine only stores", "bn", chw(64, 9), chw(64, 9), buffers=128, affine=False),
    case("Keras' bn may learn offsets alone",  # apache/tvm#4149: Inception v3 with scale=False
         "bn", chw(32, 149, 149), chw(32, 149, 149), params=32, buffers=64, scale=False),
    case("a bn of a vector has its length as channels", "bn", chw(100), chw(100), params=200, buffers=200),
    case("AlexNet's lrn learns nothing", "lrn", chw(96, 55, 55), chw(96, 55, 55),
         ops={"add": 5 * 290_400, "mul": 2 * 290_400, "div": 290_400, "exp": 290_400}),
    case("an lrn may span other channels", "lrn", chw(4, 3), chw(4, 3), size=3, alpha=0.001, k=1.0),
    case(
        "ConvNeXt's layernorm learns two values for each channel",
        "layernorm",
        chw(96, 56, 56),
        chw(96, 56, 56),
        params=192,
        # 96 values at 56*56 = 3,136 places; 3 add and 2 mul each, one more of both for affine
        ops={"add": 4 * 301_056 + 3_136, "mul": 3 * 301_056, "div": 3 * 3_136, "sqrt": 3_136},
    ),
    case("a layernorm of a vector learns two values for each feature", "layernorm", chw(768), chw(768), params=1_536),
    case("a layernorm without affine learns nothing", "layernorm", chw(96, 7, 7), chw(96, 7, 7), affine=False),
    case("a layernorm of the whole input learns two values for each",  # torch: LayerNorm([32, 16, 16])
         "layernorm", chw(32, 16, 16), chw(32, 16, 16), params=16_384, over=Shape(32, (16, 16))),
    case("a layernorm may learn factors alone, and its size may be said", "layernorm", chw(8, 3), chw(8, 3), params=8,
         over=Shape(8), center=False),
    case("an rmsnorm learns a factor for each channel", "rmsnorm", chw(96, 7, 9), chw(96, 7, 9), params=96,
         ops={"add": 6_048 + 63, "mul": 3 * 6_048, "div": 2 * 63, "sqrt": 63}),  # 96 values at 7*9 places
    case("an rmsnorm of the whole input may learn nothing", "rmsnorm", chw(4, 3, 5), chw(4, 3, 5),
         over=Shape(4, (3, 5)), scale=False),
    case("an rmsnorm of the whole input may learn a factor for each", "rmsnorm", chw(4, 6), chw(4, 6), params=24,
         over=Shape(4, (6,)), eps=0.1),
    case("an l2norm learns nothing", "l2norm", chw(512, 4, 3), chw(512, 4, 3),  # 512 values at 12 places
         ops={"add": 6_144, "mul": 6_144, "div": 6_144, "sqrt": 12}),
    case("a groupnorm learns by channel, not by group", "groupnorm", chw(64, 8, 8), chw(64, 8, 8), params=128,
         groups=32, ops={"add": 4 * 4_096 + 32, "mul": 3 * 4_096, "div": 3 * 32, "sqrt": 32}),  # 64*8*8 in 32 groups
    case("a groupnorm without affine learns nothing", "groupnorm", chw(6, 4), chw(6, 4), groups=3, affine=False),
    case("an instancenorm with affine learns two values for each channel", "instancenorm", chw(32, 5, 5, 5),
         chw(32, 5, 5, 5), params=64, affine=True,
         ops={"add": 4 * 4_000 + 32, "mul": 3 * 4_000, "div": 3 * 32, "sqrt": 32}),  # 32 channels of 125
    case("an instancenorm learns nothing", "instancenorm", chw(3, 5), chw(3, 5)),  # torch
    case("LeNet's subsampling has a factor and an offset", "scale", chw(6, 14, 14), chw(6, 14, 14), params=12,
         ops={"add": 1_176, "mul": 1_176},  # 6*14*14
         links=1_176),  # the offset
    case("a rescale learns nothing",  # torchvision's ToTensor: x/255; Keras Rescaling(1/127.5, offset=-1)
         "rescale", chw(3, 4, 5), chw(3, 4, 5), factor=1 / 127.5, offset=-1.0, ops={"add": 60, "mul": 60}),
    case("a rescale may have a factor alone", "rescale", chw(7), chw(7), factor=-0.5),
    case("ConvNeXt's layer scale has a factor only", "scale", chw(96, 56, 56), chw(96, 56, 56), params=96, bias=False),
)  # fmt: skip

ELEMENTWISE = (
    case("dropout keeps a vector", "dropout", chw(4096), chw(4096)),
    case("dropout keeps a map, whatever its rate", "dropout", chw(3, 4, 5), chw(3, 4, 5), rate=0.0),
    case("relu keeps the shape", "relu", chw(3, 4, 5), chw(3, 4, 5), ops={"cmp": 60}),
    case("relu keeps a vector", "relu", chw(120), chw(120)),
    case("relu6 keeps the shape", "relu6", chw(3, 4, 5, 6), chw(3, 4, 5, 6), ops={"cmp": 2 * 360}),
    case("relu6 keeps a vector", "relu6", chw(1280), chw(1280)),
    case("leaky_relu keeps the shape", "leaky_relu", chw(3, 4), chw(3, 4), slope=0.1, ops={"mul": 12, "cmp": 12}),
    case("leaky_relu keeps a map", "leaky_relu", chw(512, 13, 13), chw(512, 13, 13)),
    case("prelu learns one slope for each channel", "prelu", chw(64, 28, 28), chw(64, 28, 28), params=64,
         ops={"mul": 50_176, "cmp": 50_176}),
    case("PyTorch's prelu learns one slope", "prelu", chw(64, 24, 24), chw(64, 24, 24), params=1, slopes=1),
    case("a prelu may say how many channels there are", "prelu", chw(6, 4), chw(6, 4), params=6, slopes=6),
    case("Keras' prelu learns a slope for each value", "prelu", chw(4, 3, 5), chw(4, 3, 5), params=60, slopes="value"),
    case("prelu of a vector learns one slope for each value", "prelu", chw(84), chw(84), params=84),
    case("elu keeps the shape", "elu", chw(3, 4), chw(3, 4), alpha=0.5,
         ops={"add": 12, "mul": 12, "cmp": 12, "exp": 12}),
    case("elu keeps a volume", "elu", chw(2, 3, 4, 5), chw(2, 3, 4, 5)),
    case("gelu keeps the shape", "gelu", chw(7), chw(7), ops={"add": 7, "mul": 21, "exp": 7}),
    case("gelu keeps a map", "gelu", chw(384, 14, 14), chw(384, 14, 14)),
    case("silu keeps the shape", "silu", chw(3, 4, 5), chw(3, 4, 5), ops={"add": 60, "div": 60, "exp": 60}),
    case("silu keeps a gate of one pixel", "silu", chw(8, 1, 1), chw(8, 1, 1)),
    case("hardswish keeps the shape", "hardswish", chw(3, 4, 5), chw(3, 4, 5), ops={"add": 60, "mul": 120, "cmp": 120}),
    case("hardswish keeps a signal", "hardswish", chw(3, 40), chw(3, 40)),
    case("hardsigmoid keeps the shape", "hardsigmoid", chw(3, 1, 1), chw(3, 1, 1), ops={"add": 3, "mul": 3, "cmp": 6}),
    case("hardsigmoid keeps a vector", "hardsigmoid", chw(9), chw(9)),
    case("sigmoid keeps the shape", "sigmoid", chw(1), chw(1), ops={"add": 1, "div": 1, "exp": 1}),
    case("sigmoid keeps a map", "sigmoid", chw(1, 8, 8), chw(1, 8, 8)),
    case("tanh keeps the shape", "tanh", chw(6, 28, 28), chw(6, 28, 28),
         ops={"add": 2 * 4_704, "div": 4_704, "exp": 4_704}),  # 6*28*28
    case("tanh keeps a vector", "tanh", chw(84), chw(84)),
    case("softmax keeps a vector", "softmax", chw(1000), chw(1000),
         ops={"add": 1_000 + 999, "div": 1_000, "cmp": 999, "exp": 1_000}),  # less the largest; the sum
    case("selu keeps the shape", "selu", chw(3, 4, 5), chw(3, 4, 5), ops={"add": 60, "mul": 120, "cmp": 60, "exp": 60}),
    case("celu keeps the shape", "celu", chw(3, 4, 5), chw(3, 4, 5), alpha=0.5,
         ops={"add": 60, "mul": 60, "cmp": 60, "exp": 60, "div": 60}),
    case("mish keeps the shape", "mish", chw(3, 4, 5), chw(3, 4, 5),
         ops={"exp": 120, "add": 180, "mul": 60, "div": 60}),
    case("softplus keeps the shape", "softplus", chw(3, 4, 5), chw(3, 4, 5), ops={"exp": 120, "add": 60}),
    case("squareplus keeps the shape", "squareplus", chw(3, 4, 5), chw(3, 4, 5), curvature=2.0,
         ops={"mul": 120, "add": 120, "sqrt": 60}),
    case("softsign keeps the shape", "softsign", chw(3, 4, 5), chw(3, 4, 5), ops={"add": 60, "div": 60, "cmp": 60}),
    case("logsigmoid keeps the shape", "logsigmoid", chw(3, 4, 5), chw(3, 4, 5), ops={"exp": 120, "add": 60}),
    case("tanhshrink keeps the shape", "tanhshrink", chw(3, 4, 5), chw(3, 4, 5),
         ops={"exp": 60, "add": 180, "div": 60}),
    case("exponential keeps the shape", "exponential", chw(3, 4, 5), chw(3, 4, 5), ops={"exp": 60}),
    case("hardtanh keeps the shape", "hardtanh", chw(3, 4, 5), chw(3, 4, 5), low=-2.0, high=3.0, ops={"cmp": 120}),
    case("hardshrink keeps the shape", "hardshrink", chw(3, 4, 5), chw(3, 4, 5), lambd=1.5, ops={"cmp": 120}),
    case("softshrink keeps the shape", "softshrink", chw(3, 4, 5), chw(3, 4, 5), lambd=1.5,
         ops={"cmp": 120, "add": 60}),
    case("threshold keeps the shape", "threshold", chw(3, 4, 5), chw(3, 4, 5), limit=0.5, value=-7.0, ops={"cmp": 60}),
    case("sparse_plus keeps the shape", "sparse_plus", chw(3, 4, 5), chw(3, 4, 5),
         ops={"cmp": 120, "add": 60, "mul": 120}),
    case("sparse_sigmoid keeps the shape", "sparse_sigmoid", chw(3, 4, 5), chw(3, 4, 5),
         ops={"cmp": 120, "add": 60, "mul": 60}),
    case("identity keeps the shape", "identity", chw(3, 4, 5), chw(3, 4, 5)),
    case("a log_softmax keeps a map", "log_softmax", chw(10, 3, 2), chw(10, 3, 2),  # 6 places
         ops={"add": 60 + 60 + 54, "cmp": 54, "exp": 60 + 6}),
    case("a softmax may be over two branches", "softmax", chw(10, 3), chw(10, 3), parts=2),  # Li et al. 2019, SKNet
    case("a log_softmax may be over three branches", "log_softmax", chw(6), chw(6), parts=3),
    case("a glu halves the channels", "glu", chw(8, 3, 5), chw(4, 3, 5),  # torch: GLU(dim=1)
         ops={"add": 60, "div": 60, "exp": 60, "mul": 60}),
    case("zeros have the shape of the input", "zeros", chw(3, 4, 5), chw(3, 4, 5)),
    case("zeros with a stride keep every so many positions", "zeros", chw(2, 5, 7), chw(2, 3, 3), stride=(2, 3)),
    case("softmax keeps a map", "softmax", chw(21, 8, 8), chw(21, 8, 8)),
    case("a square is a product", "power", chw(3, 4, 5), chw(3, 4, 5), exponent=2.0, ops={"mul": 60}),
    case("a root keeps the shape", "power", chw(3, 4, 5), chw(3, 4, 5), exponent=0.5, ops={"sqrt": 60}),
    case("a power below 0 is a division, too", "power", chw(3, 4, 5), chw(3, 4, 5), exponent=-2.5,
         ops={"mul": 120, "sqrt": 60, "div": 60}),  # 1/(x*x*sqrt(x))
    case("any other power is an exponential", "power", chw(3, 4, 5), chw(3, 4, 5), exponent=0.75,
         ops={"mul": 60, "exp": 120}),  # exp(0.75*log(x))
    case("log keeps the shape", "log", chw(3, 4, 5), chw(3, 4, 5), ops={"exp": 60}),
    case("abs keeps the shape", "abs", chw(3, 4, 5), chw(3, 4, 5), ops={"cmp": 60}),
    case("noise has the shape of the input", "noise", chw(3, 4, 5), chw(3, 4, 5), distribution="uniform"),
)  # fmt: skip

REARRANGEMENTS = (
    case("AlexNet's last map flattens to 9216", "flatten", chw(256, 6, 6), chw(9216)),
    case("a signal flattens", "flatten", chw(64, 25), chw(1600)),
    case("a volume flattens", "flatten", chw(512, 1, 4, 4), chw(8192)),
    case("a vector flattens to itself", "flatten", chw(10), chw(10)),
    case("a map is resized to a size",  # apache/mxnet#9679
         "upsample", chw(4, 21, 21), chw(4, 30, 30), size=30, mode="bilinear",
         ops={"mul": 4 * 3_600, "add": 3 * 3_600}),  # 4*30*30 values of 4
    case("an upsample doubles the map", "upsample", chw(64, 7, 9), chw(64, 14, 18), factor=2),
    case("an upsample by 1.8 is rounded down",  # pytorch/pytorch#62396: 57.6
         "upsample", chw(3, 32, 32), chw(3, 57, 57), factor=1.8),
    case("OpenCV rounds to the nearest", "resize", chw(3, 32, 32), chw(3, 58, 58), factor=1.8, rounding="nearest",
         mode="bilinear", ops={"mul": 4 * 10_092, "add": 3 * 10_092}),  # 3*58*58 values of 4
    case("a resize may use the nearest", "resize", chw(2, 21, 8), chw(2, 30, 5), size=(30, 5)),
    case("corners may be aligned", "resize", chw(2, 5, 4), chw(2, 9, 3), size=(9, 3), mode="bilinear",
         align_corners=True),
    case("a resize may be bicubic", "resize", chw(2, 5, 6), chw(2, 11, 9), size=(11, 9), mode="bicubic"),
    case("a bicubic upsample doubles", "upsample", chw(2, 5, 6), chw(2, 10, 12), factor=2, mode="bicubic"),
    case("a signal is resized", "upsample", chw(2, 5), chw(2, 12), factor=2.5, mode="linear"),
    case("a volume is resized", "upsample", chw(2, 3, 4, 2), chw(2, 6, 8, 4), factor=2, mode="trilinear"),
    case("an upsample may stretch one axis", "upsample", chw(3, 4, 5), chw(3, 4, 15), factor=(1, 3)),
    case("zeros go around the map", "zeropad", chw(3, 224, 224), chw(3, 230, 230), padding=3),
    case("zeros may go to one side", "zeropad", chw(2, 5, 5), chw(2, 6, 10), padding=((1, 0), (2, 3))),
    case("a signal may be padded", "zeropad", chw(2, 5), chw(2, 9), padding=2),
    case("a style transfer pads by reflection",  # torch: ReflectionPad2d(3)
         "zeropad", chw(3, 256, 256), chw(3, 262, 262), padding=3, mode="reflect"),
    case("the border may be replicated on one side", "zeropad", chw(2, 4, 5), chw(2, 7, 5), padding=((3, 0), (0, 0)),
         mode="replicate"),
    case("a signal may go round", "zeropad", chw(2, 5), chw(2, 11), padding=((1, 5),), mode="circular"),
    case("a negative padding cuts",  # FactorizedReduce's shift, Liu et al. 2018
         "zeropad", chw(64, 10, 10), chw(64, 10, 9), padding=((-1, 1), (0, -1))),
    case("what a reflection repeats is what a negative padding leaves",  # torch: ReflectionPad1d((-1, 2)), 5 - 1 + 2
         "zeropad", chw(2, 5), chw(2, 6), padding=((-1, 2),), mode="reflect"),
    case("a crop may cut each side by itself",  # keras-team/keras#3162: Cropping2D(((1, 2), (0, 3)))
         "crop", chw(64, 10, 10), chw(64, 7, 7), size=((1, 2), (0, 3))),
    case("a crop cuts the centre", "crop", chw(64, 64, 65), chw(64, 56, 56), size=56),
    case("a crop may keep the size", "crop", chw(3, 8), chw(3, 8), size=8),
    case("ShuffleNet's split keeps half of the channels", "slice", chw(116, 28, 28), chw(58, 28, 28),
         channels=(58, 116)),
    case("a slice may keep rows and columns", "slice", chw(6, 8, 10), chw(2, 3, 4),
         channels=(1, 3), H=(4, 7), W=(0, 4)),
    case("ViT classifies the first position", "slice", chw(768, 197), chw(768, 1), L=(0, 1)),
    case("a slice of a vector is a vector", "slice", chw(10), chw(3), channels=(0, 3)),
    case("a shuffle keeps the shape", "shuffle", chw(116, 28, 28), chw(116, 28, 28), groups=2),
    case("a shuffle may mix a signal in as many groups as channels", "shuffle", chw(6, 9), chw(6, 9), groups=6),
    case("YOLOv2's passthrough makes four maps of each",  # Redmon & Farhadi 2016, yolov2-voc.cfg: 64 -> 256
         "space_to_depth", chw(64, 26, 26), chw(256, 13, 13), block_size=2),
    case("a block may have other sides", "space_to_depth", chw(2, 4, 8), chw(16, 2, 2), block_size=(2, 4)),
    case("a signal is folded into channels", "space_to_depth", chw(1, 12), chw(3, 4), block_size=3),
    case("ESPCN's nine maps are one image of three times the size",  # Shi et al. 2016, section 3: r = 3
         "depth_to_space", chw(9, 17, 17), chw(1, 51, 51), block_size=3),
    case("PyTorch's pixel shuffle takes the channels in its own order", "depth_to_space", chw(16, 3, 2), chw(4, 6, 4),
         block_size=2, order="CRD"),
    case("a signal may be shuffled in PyTorch's order", "depth_to_space", chw(6, 4), chw(2, 12), block_size=3,
         order="CRD"),
    case("PyTorch's pixel unshuffle keeps the values of a channel together", "space_to_depth", chw(3, 4, 6),
         chw(18, 2, 2), block_size=(2, 3), order="CRD"),
    case("channels fill blocks of other sides", "depth_to_space", chw(16, 2, 2), chw(2, 4, 8), block_size=(2, 4)),
    case("channels fill a volume", "depth_to_space", chw(24, 1, 2, 3), chw(3, 2, 4, 6), block_size=2),
    case("a CIFAR ResNet's shortcut gets 16 channels of zeros",  # He et al. 2015, section 4.2: 16 -> 32
         "pad_channels", chw(16, 16, 16), chw(32, 16, 16), zeros=(0, 16)),
    case("a vector gets zeros on both sides", "pad_channels", chw(10), chw(15), zeros=(2, 3)),
    case("DCGAN's vector becomes a map", "reshape", chw(16_384), chw(1024, 4, 4), size=Shape(1024, (4, 4))),
    case("ViT's patches become a row", "flatten", chw(768, 14, 14), chw(768, 196), axes="spatial"),
    case("positions become channels", "permute", chw(3, 10), chw(10, 3), order=("L", "C")),
    case("a cube is turned", "permute", chw(3, 3, 3), chw(3, 3, 3), order=("H", "W", "C")),
    case("a volume is turned", "permute", chw(2, 3, 4, 5), chw(4, 5, 2, 3), order=("H", "W", "C", "D")),
    case("a map becomes a signal", "reshape", chw(8, 3, 4), chw(6, 16), size=Shape(6, (16,))),
)  # fmt: skip

MERGES = (
    case("an add joins body and shortcut", "add", (chw(256, 56, 56), chw(256, 56, 56)), chw(256, 56, 56),
         ops={"add": 802_816}),  # 256*56*56
    case("an add takes three vectors", "add", (chw(10), chw(10), chw(10)), chw(10)),
    case("an add takes one input", "add", (chw(3, 4),), chw(3, 4)),
    case("FCN's add crops each axis to its smallest", "add", (chw(21, 40, 34), chw(21, 36, 38)), chw(21, 36, 34),
         align="center"),
    case("a gate of one pixel scales a map", "mul", (chw(96, 14, 14), chw(96, 1, 1)), chw(96, 14, 14),
         ops={"mul": 18_816}),  # 96*14*14
    case("a mask of one channel scales every channel", "mul", (chw(1, 14, 14), chw(96, 14, 14)), chw(96, 14, 14)),
    case("a column times a row is a map", "mul", (chw(2, 5, 1), chw(2, 1, 7)), chw(2, 5, 7)),
    case("a mul takes vectors", "mul", (chw(8), chw(8), chw(1)), chw(8)),
    case("a mul crops to the smallest map, not to the gate", "mul", (chw(3, 9, 8), chw(3, 7, 10), chw(3, 1, 1)),
         chw(3, 7, 8), align="center"),
    case("a centred mul of gates stays a gate", "mul", (chw(3, 1, 1), chw(3, 1, 1)), chw(3, 1, 1), align="center"),
    case("a subtraction compares two towers", "subtract", (chw(64, 8, 8), chw(64, 8, 8)), chw(64, 8, 8),
         ops={"add": 4_096}),
    case("a mean is subtracted from each map", "subtract", (chw(4, 3, 5), chw(4, 1, 1), chw(4, 3, 5)), chw(4, 3, 5)),
    case("a division repeats a sum", "divide", (chw(4, 3, 5), chw(4, 1, 1)), chw(4, 3, 5), ops={"div": 60}),
    case("a maxout takes the largest of three", "maximum", (chw(8, 5), chw(8, 5), chw(8, 5)), chw(8, 5),
         ops={"cmp": 80}),
    case("a minimum repeats a row", "minimum", (chw(2, 3, 4), chw(2, 1, 4)), chw(2, 3, 4), ops={"cmp": 24}),
    case("an average takes three maps", "average", (chw(2, 3, 4), chw(2, 3, 4), chw(2, 3, 4)), chw(2, 3, 4),
         ops={"add": 48, "div": 24}),
    case("an average crops to the smallest", "average", (chw(2, 5), chw(2, 8)), chw(2, 5), align="center"),
    case("queries meet keys", "matmul", (chw(10, 4), chw(4, 7)), chw(10, 7),  # 10*7 values of 4
         macs=280, ops={"mac": 280}),
    case("the maps of each channel are multiplied", "matmul", (chw(3, 4, 5), chw(3, 5, 6)), chw(3, 4, 6),
         macs=360),  # 3*4*6 values of 5
    case("volumes are multiplied slice by slice", "matmul", (chw(2, 3, 4, 5), chw(2, 3, 5, 1)), chw(2, 3, 4, 1),
         macs=120),
    case("Inception 3a joins four paths",  # Szegedy et al. 2014, Table 1: 256
         "concat", (chw(64, 28, 28), chw(128, 28, 28), chw(32, 28, 28), chw(32, 28, 28)), chw(256, 28, 28)),
    case("U-Net crops the skip to the map below",  # Ronneberger et al. 2015: 64 -> 56
         "concat", (chw(512, 64, 64), chw(512, 56, 56)), chw(1024, 56, 56), align="center"),
    case("vectors join to a longer one", "concat", (chw(128), chw(10)), chw(138)),
    case("volumes join along the channels", "concat", (chw(2, 3, 4, 5), chw(1, 3, 4, 5)), chw(3, 3, 4, 5)),
)  # fmt: skip

# torch: params of nn.RNN, nn.LSTM and nn.GRU with the same settings, less one bias of each pair where biases is 1.
RECURRENT = (
    case("Keras' LSTM of 50 has one bias for each gate", "lstm", chw(3, 400), chw(50), params=10_800,  # 4*50*(3+50+1)
         macs=4_240_000,  # 400*4*50*(3 + 50)
         units=50, ops={"mac": 4_240_000, "exp": 100_000, "add": 240_000, "div": 100_000, "mul": 60_000},
         links=4_240_000 + 80_000),  # 400*50 = 20,000 units in all, with 4 biases, 5 exp, 8 + 4 add, 5 div and 3 mul
    case("PyTorch's LSTM of 50 has two", "lstm", chw(3, 400), chw(50, 400), params=11_000,  # 4*50*(3 + 50 + 2)
         macs=4_240_000, units=50, steps="all", biases=2),
    case("an LSTM of two layers reads its own states", "lstm", chw(300, 80), chw(512, 80),
         params=3_768_320,  # torch; 4*512*(300 + 512 + 2) + 4*512*(512 + 512 + 2)
         macs=300_810_240,  # 80*4*512*(300 + 512 + 512 + 512)
         units=512, layers=2, steps="all", biases=2),
    case("an LSTM of both directions and two layers hands on the last state of each direction", "lstm", chw(5, 7),
         chw(6), params=456,  # torch 504 with two biases; 2*12*(5 + 3 + 1) + 2*12*(6 + 3 + 1)
         macs=2856, units=3, layers=2, bidirectional=True),
    case("an rnn without bias is two products", "rnn", chw(4, 6), chw(5), params=45,  # 5*(4 + 5)
         macs=270, units=5, biases=0, ops={"mac": 270, "exp": 30, "add": 60, "div": 30}, links=270),
    case("an rnn may have relu and both directions", "rnn", chw(4, 6), chw(10, 6), params=110,  # 2*5*(4 + 5 + 2)
         macs=540, units=5, nonlinearity="relu", bidirectional=True, steps="all", biases=2),
    case("a gru has three gates and two biases", "gru", chw(4, 6), chw(5, 6), params=165,  # torch; 15*(4 + 5 + 2)
         macs=810, units=5, steps="all",  # 6*15*9
         ops={"mac": 810, "exp": 90, "add": 360, "div": 90, "mul": 90}, links=810 + 180),
    case("a gru may reset the state before the product", "gru", chw(4, 6), chw(5), params=150,  # 15*(4 + 5 + 1)
         macs=810, units=5, reset_after=False, biases=1),
    case("a gru of two layers and directions", "gru", chw(4, 6), chw(6, 6),
         params=360, macs=1728,  # torch; 2*9*(4 + 3 + 2) + 2*9*(6 + 3 + 2), 6*2*9*(4 + 3 + 6 + 3)
         units=3, layers=2, bidirectional=True, steps="all"),
)  # fmt: skip

ATTENTION = (
    case("self-attention of 4 heads on 580 tokens", "attention", chw(512, 580), chw(512, 580),
         params=1_050_624,  # 4*(512*512 + 512); torch: MultiheadAttention(512, 4)
         macs=952_647_680,  # 4*580*512*512 + 2*580*580*512
         heads=4, links=952_647_680 + 1_187_840,
         # 4*580*512 = 1,187,840 biases; 4*580*580 = 1,345,600 scores in 2,320 rows
         ops={"mac": 952_647_680, "cmp": 1_343_280, "add": 1_187_840 + 2_688_880, "mul": 1_345_600, "exp": 1_345_600,
              "div": 1_345_600}),
    case("cross-attention reads keys and values elsewhere", "attention", (chw(8, 5), chw(6, 3, 2)), chw(8, 5),
         params=256,  # 8*8*2 + 8*6*2 + 4*8
         macs=1696,  # 2*5*8*8 + 2*6*6*8 + 2*5*6*8
         heads=2),
    case("heads may have a size of their own", "attention", chw(6, 4), chw(6, 4),
         params=192,  # 4*6*8
         macs=1024,  # 4*4*6*8 + 2*4*4*8
         heads=2, head_size=4, bias=False),
    case("Swin attends within windows of 7", "attention", chw(96, 56, 56), chw(96, 56, 56),
         params=37_755,  # 4*(96*96 + 96) + 13*13*3; torchvision
         macs=145_108_992,  # 4*3,136*96*96 + 2*3,136*49*96
         heads=3, window=7, relative="table"),
    case("a moved window is filled up and masked", "attention", chw(4, 5, 7), chw(4, 5, 7),
         params=110,  # 4*(4*4 + 4) + 3*5*2
         macs=6048,  # 5x7 becomes 6x9, 54 positions: 4*54*4*4 + 2*54*6*4
         heads=2, window=(2, 3), shift=(1, 2), relative="table"),
    case("SwinV2 has a network for distances and a factor for each head", "attention", chw(6, 4, 6), chw(6, 4, 6),
         params=3_243,  # 4*(6*6 + 6) + 512*(2 + 1 + 3) + 3
         macs=43_584,  # 4*24*6*6 + 2*24*6*6, and 3*5*512*(2 + 3) for the network
         heads=3, window=(2, 3), shift=1, relative="mlp", cosine=True),
    case("MaxViT's grid spreads a window over the map", "attention", chw(4, 4, 6), chw(4, 4, 6),
         params=86, macs=2_304,  # 4*4*4 + 4 + 3*3*2; 4*24*4*4 + 2*24*4*4
         heads=2, window=2, grid=True, relative="table", qkv_bias=False),
    case("a window of a sequence", "attention", chw(4, 7), chw(4, 7), params=80, macs=792,  # 4*9*4*4 + 2*9*3*4
         heads=1, window=3, shift=1),
)  # fmt: skip

LEARNED = (
    case("ViT's class token comes first", "tokens", chw(768, 196), chw(768, 197), params=768),
    case("five tokens before a sequence", "tokens", chw(3, 4), chw(3, 9), params=15, number=5),
    case("ViT learns an offset for each position", "positions", chw(768, 197), chw(768, 197), params=151_296,  # 197*768
         ops={"add": 151_296}),
    case("positions of a map", "positions", chw(2, 3, 4), chw(2, 3, 4), params=24),
    case("an embedding has a vector for each id", "embedding", chw(400), chw(64, 400), params=640_000, ids=10_000,
         size=64),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *CONVOLUTIONS,
    *TRANSPOSED,
    *DEPTHWISE,
    *LOCAL,
    *POOLS,
    *UNPOOLS,
    *LINEAR,
    *RECURRENT,
    *ATTENTION,
    *LEARNED,
    *NORMALIZATIONS,
    *ELEMENTWISE,
    *REARRANGEMENTS,
    *MERGES,
)
