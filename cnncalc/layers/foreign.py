"""The kinds for layers of torch.nn and keras.layers, or reasons why there is none; and other well-known words.

A name is read in any capitals, with or without `_`. The name of a kind itself is not a row here: ReLU is `relu`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

KINDS = """
conv | Conv1d Conv2d Conv3d LazyConv1d LazyConv2d LazyConv3d Convolution1D Convolution2D Convolution3D Convolution
deconv | ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d
  Conv1DTranspose Conv2DTranspose Conv3DTranspose Convolution1DTranspose Convolution2DTranspose Convolution3DTranspose
  Deconvolution UpConv TransposedConv
depthwise | DepthwiseConv1D DepthwiseConv2D DepthwiseConv DwConv ConvDw
local | LocallyConnected1D LocallyConnected2D
fc | Linear LazyLinear Dense InnerProduct FullyConnected
maxpool | MaxPool1d MaxPool2d MaxPool3d MaxPooling1D MaxPooling2D MaxPooling3D MaxPooling
avgpool | AvgPool1d AvgPool2d AvgPool3d AveragePooling1D AveragePooling2D AveragePooling3D AveragePooling AveragePool
  MeanPool
global_avgpool | GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D
  GlobalAvgPool3D GlobalAveragePooling GlobalAveragePool
global_maxpool | GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D
  GlobalMaxPooling3D GlobalMaxPooling
adaptive_avgpool | AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveAveragePooling1D
  AdaptiveAveragePooling2D AdaptiveAveragePooling3D
adaptive_maxpool | AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d AdaptiveMaxPooling1D AdaptiveMaxPooling2D
  AdaptiveMaxPooling3D
unpool | MaxUnpool1d MaxUnpool2d MaxUnpool3d MaxUnpool
bn | BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm
  BatchNormalization
instancenorm | InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d
  InstanceNormalization
layernorm | LayerNormalization
groupnorm | GroupNormalization
rmsnorm | RMSNormalization
l2norm | UnitNormalization L2Normalization
lrn | LocalResponseNorm CrossMapLRN2d LocalResponseNormalization
dropout | Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout SpatialDropout1D SpatialDropout2D
  SpatialDropout3D GaussianDropout
silu | Swish
leaky_relu slope=11/48 | RReLU
leaky_relu | LReLU Leaky
softmax | Softmax2d
upsample mode=bilinear align_corners=true | UpsamplingBilinear2d
upsample | UpSampling1D UpSampling2D UpSampling3D UpsamplingNearest2d
resize mode=bilinear | Resizing
resize | Interpolate
zeropad | ZeroPad1d ZeroPad2d ZeroPad3d ZeroPadding1D ZeroPadding2D ZeroPadding3D
reflection_pad | ReflectionPad1d ReflectionPad2d ReflectionPad3d
replication_pad | ReplicationPad1d ReplicationPad2d ReplicationPad3d
circular_pad | CircularPad1d CircularPad2d CircularPad3d
crop | CenterCrop
shuffle | ChannelShuffle
reshape | Unflatten
concat | Concatenate Cat
add | Sum
mul | Multiply
attention | MultiheadAttention SelfAttention
rnn | SimpleRNN
rescale | Rescaling
"""
"""Each kind, or word for one, with the settings that names mean, and the names."""

REASONS = """
a loss is not a layer of a network: leave it out | AdaptiveLogSoftmaxWithLoss BCELoss BCEWithLogitsLoss CTCLoss
  CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss
  LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss
  NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss
it holds other layers: list these, or use 'sequence' or a block | Container DataParallel Module ModuleDict ModuleList
  ParameterDict ParameterList Sequential Layer Wrapper Pipeline TimeDistributed SpectralNormalization
what it computes is not known: write 'opaque' with its out, params and macs | Lambda FlaxLayer JaxLayer TFSMLayer
  TorchModuleWrapper EinsumDense
write the activation itself, as '- relu' | Activation
'input:' says what enters | InputLayer Input
write {depthwise: KERNEL, bias: false}, then {conv: FILTERS, kernel: 1} | SeparableConv1D SeparableConv2D
  SeparableConvolution1D SeparableConvolution2D SeparableConv Separable
zeropad has the same shapes and counts | ConstantPad1d ConstantPad2d ConstantPad3d
write {crop: [[before, after], ...]}; a size alone says what is kept | Cropping1D Cropping2D Cropping3D Cropping
write {rescale: -1}, then softmax | Softmin
write {reshape: Cx1}, then {upsample: TIMES} | RepeatVector
write matmul, with permute before it if other axes are multiplied | Dot
write what joins the inputs: 'add', 'mul', 'maximum' | Eltwise Merge
write rnn, lstm or gru for all steps | GRUCell LSTMCell RNNBase RNNCell RNNCellBase SimpleRNNCell StackedRNNCells
write 'bidirectional: true' on rnn, lstm or gru | Bidirectional
write its attention, fc and layernorm as a block | Transformer TransformerDecoder TransformerDecoderLayer
  TransformerEncoder TransformerEncoderLayer
it does nothing when the network is used: leave it out | ActivityRegularization GaussianNoise Masking
it prepares data, and is not part of the network | AugMix AutoContrast CategoryEncoding
  ContrastLimitedAdaptiveHistogramEqualization CutMix Discretization Equalization HashedCrossing Hashing IntegerLookup
  MaxNumBoundingBoxes MelSpectrogram MixUp Normalization RandAugment RandomBrightness RandomColorDegeneration
  RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
  RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation
  RandomSharpness RandomShear RandomTranslation RandomZoom STFTSpectrogram Solarization StringLookup TextVectorization
it has no kind: write 'opaque' with its out, params and macs | AdditiveAttention Bilinear ConvLSTM1D ConvLSTM2D
  ConvLSTM3D CosineSimilarity EmbeddingBag Fold FractionalMaxPool2d FractionalMaxPool3d GroupQueryAttention
  LPPool1d LPPool2d LPPool3d PairwiseDistance ReversibleEmbedding Sparsemax Unfold
  Deformable DeformConv RoIPool RoIAlign GRN EvoNorm WeightNorm
"""
"""The reasons why names have no kind, or the words to write for them."""

RANKED = (
    "conv", "deconv", "depthwise", "local", "maxpool", "avgpool", "unpool", "zeropad", "reflection_pad",
    "replication_pad", "circular_pad", "upsample", "instancenorm",
)  # fmt: skip
"""Kinds whose name with a 2D, and `global_` and `adaptive_` ones, are for images only; Dropout1d is for any input."""

PARAMETERS = {
    "p": ("rate",),
    "negativeslope": ("slope",),
    "alpha": ("slope",),
    "countincludepad": ("count_padding",),
    "outputsize": ("size",),
    "targetshape": ("size",),
    "depthmultiplier": ("multiplier",),
    "scalefactor": ("factor",),
    "upscalefactor": ("block_size",),
    "downscalefactor": ("block_size",),
    "epsilon": ("eps",),
    "numgroups": ("groups",),
    "threshold": ("limit",),
}  # fmt: skip
"""The parameters for words of frameworks, besides those that differ only in capitals or a `_`."""

OTHERWISE = {"upsampling": {"size": "factor"}}
"""The names of parameters here that only some classes call otherwise: the size of Keras' UpSampling2D is a factor."""

DEFAULTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "PyTorch": {"rnn": {"biases": "2"}, "lstm": {"biases": "2"}, "prelu": {"slopes": "one"}},
    "Keras": {
        "prelu": {"slopes": "value"},
        "deconv": {"padding": "valid"},
        "maxpool": {"kernel": "2"},
        "avgpool": {"kernel": "2"},
        "upsample": {"factor": "2"},
        "groupnorm": {"groups": "32"},
    },
}
"""The defaults of frameworks that differ from those here, by kind."""

CLASSES = {
    "PyTorch": r"(?:torch\.)?nn\..*|RNN",
    "Keras": r"(?:(?:tf\.)?keras\.)?layers\..*|.*\dD.*"
    r"|(?i:.*\d_?d_?transpose|.*pooling.*|up_?sampling(?:_?\dd)?|group_?normalization)",
}  # fmt: skip
"""The names of classes that only one framework has."""

PREFIX = r"(?:torch\.)?nn\.|(?:(?:tf\.)?keras\.)?layers\."

WITHOUT_EFFECT = (
    "inplace momentum kernelinitializer biasinitializer kernelregularizer biasregularizer activityregularizer "
    "kernelconstraint biasconstraint dataformat device dtype dim axis paddingidx maskzero recurrentinitializer "
    "recurrentregularizer recurrentconstraint depthwiseinitializer depthwiseregularizer depthwiseconstraint "
    "embeddingsinitializer embeddingsregularizer embeddingsconstraint betainitializer gammainitializer "
    "movingmeaninitializer movingvarianceinitializer alphainitializer"
)
"""Parameters on which no figure depends."""

_RECURRENT = (
    "dropout recurrentdropout activation recurrentactivation stateful unroll returnstate gobackwards timemajor "
    "unitforgetbias implementation seed zerooutputformask"
)
WITHOUT_EFFECT_HERE = {
    "lstm": _RECURRENT,
    "gru": _RECURRENT,
    "rnn": _RECURRENT,
    "attention": "dropout flashattention seed",
    "embedding": "inputlength maxnorm normtype scalegradbyfreq sparse",
    "maxpool": "returnindices",
    "dropout": "seed noiseshape",
    "bn": "trackrunningstats synchronized renorm fused",
}
"""Parameters of single kinds on which no figure depends."""

ADVICE = {
    "trainable": "write 'frozen: true' if it is false, else leave it out",
    "requiresgrad": "write 'frozen: true' if it is false, else leave it out",
    "sharedaxes": "write 'slopes: channel' if it names all axes but the channels'",
    "startdim": "leave it out if it is 1, the axis after the batch",
    "enddim": "leave it out if it is -1, the last axis",
}
"""The words to write for other parameters."""

NOTHING = ("null", "~", "none", "linear", "identity")
"""The words of frameworks for no norm or activation."""


class Meaning(NamedTuple):
    """The meaning of a framework's word here.

    Attributes:
        word: the kind; empty if there is none.
        rank: the number of spatial axes that it asserts.
        settings: those that it means besides the kind.
        reason: says why there is no kind, or what to write.
    """

    word: str = ""
    rank: int | None = None
    settings: Mapping[str, str] = {}
    reason: str = ""


def plain(word: str) -> str:
    """A word without its module, capitals, `_` and `-`, as it is compared."""
    return re.sub(PREFIX, "", word).lower().replace("_", "").replace("-", "")


@cache
def table() -> dict[str, tuple[str, str]]:
    """The kind with its settings, and the reason, of every name; one of the two is empty."""
    rows = {plain(name): (kind, "") for kind, names in named_rows(KINDS) for name in names}
    return {plain(name): ("", reason) for reason, names in named_rows(REASONS) for name in names} | rows


def named_rows(text: str) -> Iterable[tuple[str, list[str]]]:
    """The first column of each row, with the names of the second."""
    for line in text.strip().replace("\n  ", " ").splitlines():
        first, _, names = line.partition(" | ")
        yield first, names.split()


def meaning(word: str, known: Iterable[str]) -> Meaning | None:
    """The meaning of a framework's word, given the known words of kinds; None for any other word."""
    words = [*known]
    same = {plain(other): other for other in reversed(words)}
    kind, reason = table().get(plain(word), ("", ""))
    if plain(word) in same:
        return Meaning(same[plain(word)])
    if not kind:
        return Meaning(reason=reason) if reason else None
    kind, *settings = kind.split()
    dimensions = next((int(digit) for digit in "123" if f"{digit}d" in plain(word)), None)
    ranked = kind in RANKED or kind.startswith(("global_", "adaptive_"))
    return Meaning(kind, dimensions if ranked else None, dict(setting.split("=") for setting in settings))


def otherwise(word: str) -> Mapping[str, str]:
    """The parameters that a class calls by the name of another one here."""
    return OTHERWISE.get(plain(word).removesuffix("d").rstrip("123"), {})


def framework(word: str) -> str:
    """The framework that has a class of this name, if only one has."""
    return next((name for name, classes in CLASSES.items() if re.fullmatch(classes, word)), "")


def advice(kind: str, key: str) -> str:
    """The words to write for a parameter that a kind does not have; empty for an unknown one."""
    name = plain(key)
    if name in WITHOUT_EFFECT.split() or name in WITHOUT_EFFECT_HERE.get(kind, "").split():
        return "leave it out, no figure depends on it"
    return ADVICE.get(name, "")
