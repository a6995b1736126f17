"""The words of frameworks: every layer class of torch.nn and keras.layers has a kind here, or a reason."""

import pytest

import cnncalc
from cnncalc.layers import foreign
from cnncalc.network.vocabulary import WORDS, resolved

TORCH = """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool1d
    AdaptiveMaxPool2d AdaptiveMaxPool3d AlphaDropout AvgPool1d AvgPool2d AvgPool3d BCELoss BCEWithLogitsLoss
    BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CELU CTCLoss ChannelShuffle CircularPad1d CircularPad2d
    CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d Container Conv1d Conv2d Conv3d ConvTranspose1d
    ConvTranspose2d ConvTranspose3d CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss CrossMapLRN2d DataParallel
    Dropout Dropout1d Dropout2d Dropout3d ELU Embedding EmbeddingBag FeatureAlphaDropout Flatten Fold
    FractionalMaxPool2d FractionalMaxPool3d GELU GLU GRU GRUCell GaussianNLLLoss GroupNorm Hardshrink Hardsigmoid
    Hardswish Hardtanh HingeEmbeddingLoss HuberLoss Identity InstanceNorm1d InstanceNorm2d InstanceNorm3d KLDivLoss
    L1Loss LPPool1d LPPool2d LPPool3d LSTM LSTMCell LayerNorm LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d
    LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d
    LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LeakyReLU Linear LinearCrossEntropyLoss LocalResponseNorm
    LogSigmoid LogSoftmax MSELoss MarginRankingLoss MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d
    MaxUnpool3d Mish Module ModuleDict ModuleList MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss
    MultiheadAttention NLLLoss NLLLoss2d PReLU PairwiseDistance ParameterDict ParameterList PixelShuffle
    PixelUnshuffle PoissonNLLLoss RMSNorm RNN RNNBase RNNCell RNNCellBase RReLU ReLU ReLU6 ReflectionPad1d
    ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid
    SmoothL1Loss SoftMarginLoss Softmax Softmax2d Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh Tanhshrink
    Threshold Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer
    TripletMarginLoss TripletMarginWithDistanceLoss Unflatten Unfold Upsample UpsamplingBilinear2d
    UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d
"""
"""Every subclass of Module in torch.nn, torch 2.13."""

KERAS = """
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout Attention
    AugMix AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D
    BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate
    ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D
    Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2D
    Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix Dense
    DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten
    FlaxLayer GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D
    GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization GroupQueryAttention
    HashedCrossing Hashing Identity InputLayer IntegerLookup JaxLayer LSTM LSTMCell Lambda Layer LayerNormalization
    LeakyReLU Masking MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D
    Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute Pipeline
    RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
    RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue
    RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram
    SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax
    Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells
    StringLookup Subtract TFSMLayer TextVectorization TimeDistributed TorchModuleWrapper UnitNormalization
    UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D
"""
"""Every subclass of Layer in keras.layers, Keras 3.15."""


@pytest.mark.parametrize("name", sorted({*TORCH.split(), *KERAS.split()}))
def test_a_class_of_a_framework_is_a_kind_or_has_a_reason(name: str) -> None:
    found = foreign.meaning(name, WORDS)
    assert found is not None
    assert (found.word in WORDS) is not bool(found.reason)


@pytest.mark.parametrize("name", foreign.table())
def test_a_name_has_a_kind_or_a_reason_and_not_both(name: str) -> None:
    kind, reason = foreign.table()[name]
    assert kind.split(" ")[0] in WORDS if kind else name not in {*map(foreign.plain, WORDS)}
    assert bool(kind) is not bool(reason)


# What a class says beside the kind; each would be another layer without it.
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{PixelShuffle: 2}", {"order": "CRD"}), ("{PixelUnshuffle: 2}", {"order": "CRD"}),
        ("{depth_to_space: 2}", {"order": "DCR"}), ("{ReflectionPad2d: 2}", {"mode": "reflect"}),
        ("{ReplicationPad2d: 2}", {"mode": "replicate"}), ("{CircularPad2d: 2}", {"mode": "circular"}),
        ("{UpsamplingBilinear2d: 2}", {"mode": "bilinear", "align_corners": True}),
        ("{UpSampling2D: {size: 2, interpolation: bilinear}}", {"factor": (2, 2), "size": None, "mode": "bilinear"}),
        ("{Resizing: [4, 5]}", {"mode": "bilinear"}), ("{Interpolate: [4, 5]}", {"mode": "nearest"}),
        ("RReLU", {"slope": 11 / 48}),  # the mean of 1/8 and 1/3
        ("{Threshold: {threshold: 0.1, value: 20}}", {"limit": 0.1, "value": 20.0}),
        ("{BatchNorm2d: 4}", {"affine": True}), ("{InstanceNorm2d: 4}", {"affine": False}),
        ("{PReLU: {num_parameters: 1}}", {"slopes": 1}), ("{CenterCrop: 4x5}", {"size": (4, 5)}),
        ("{MultiheadAttention: {embed_dim: 4, num_heads: 2}}", {"heads": 2}),
    ],
)  # fmt: skip
def test_a_class_says_what_it_means(line: str, said: dict[str, object]) -> None:
    (layer,) = cnncalc.analyze(text=f"input: 4x8x8\nlayers: [{line}]\n")
    assert said.items() <= vars(layer.layer).items()


def test_a_class_that_says_what_enters_is_compared_with_it() -> None:
    with pytest.raises(cnncalc.SpecError, match="BatchNorm2d: 4 channels enter, not 64; leave 'num_features' out"):
        cnncalc.analyze(text="input: 4x8x8\nlayers: [{BatchNorm2d: 64}]\n")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Conv2D", ("conv", 2)), ("conv_2d", ("conv", 2)), ("Conv1DTranspose", ("deconv", 1)),
        ("DepthwiseConv2D", ("depthwise", 2)), ("Dwconv", ("depthwise", None)), ("BatchNorm1d", ("bn", None)),
        ("BatchNormalization", ("bn", None)), ("Dropout3d", ("dropout", None)),
        ("GlobalAvgPool2D", ("global_avgpool", 2)),
        ("AdaptiveAvgPool1d", ("adaptive_avgpool", 1)), ("ReLU6", ("relu6", None)), ("swish", ("silu", None)),
        ("PixelShuffle", ("depth_to_space", None)), ("maxunpool", ("unpool", None)), ("LReLU", ("leaky_relu", None)),
        ("Dense", ("fc", None)), ("MaxPooling", ("maxpool", None)), ("UpSampling3D", ("upsample", 3)),
    ],
)  # fmt: skip
def test_a_word_of_a_framework_is_read_as_the_kind_that_means_the_same(word: str, kind: tuple[str, int | None]) -> None:
    assert resolved(word) == kind


@pytest.mark.parametrize("row", [*foreign.named_rows(foreign.KINDS)], ids=lambda row: row[0])
def test_no_name_stands_in_two_rows(row: tuple[str, list[str]]) -> None:
    others = [
        name for text in (foreign.KINDS, foreign.REASONS) for _, names in foreign.named_rows(text) for name in names
    ]
    assert [name for name in row[1] if list(map(foreign.plain, others)).count(foreign.plain(name)) > 1] == []


# Words that resemble a kind and are another operation; a suggestion would lead into another network, without a word.
@pytest.mark.parametrize("word", ["weight_norm", "deformconv", "roi_pool", "xyzzy"])
def test_no_suggestion_leads_to_another_operation(word: str) -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=f"input: 4x8x8\nlayers: [{{{word}: 2}}]\n")
    assert "did you mean" not in str(caught.value)
