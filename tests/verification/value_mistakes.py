"""Wrong executor functions that give the right shape: mistakes that only values show."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cnncalc.executor import (
    activation,
    arithmetic,
    attention,
    convolution,
    curves,
    normalization,
    pooling,
    rearrangement,
    recurrent,
)
from cnncalc.executor.base import Array, Ledger
from cnncalc.layers.activation import Elu
from cnncalc.layers.base import Layer

Function = Callable[..., Array]


class Mistake(NamedTuple):
    """A mistake.

    Attributes:
        sentence: what is wrong; the id of its test.
        case: the sentence of the case that catches it.
        function: the wrong function of the case's kind.
        times: how much larger than drawn, from -1 to 1, the inputs are.
    """

    sentence: str
    case: str
    function: Function
    times: int = 10


def with_settings(function: Function, **settings: Any) -> Function:
    """The function with other settings than the layer has."""

    def wrong(layer: Layer, *others: Any) -> Array:
        return function(type(layer)(**{**vars(layer), **settings}), *others)

    return wrong


def around(
    function: Function, before: Callable[[Array], Array], after: Callable[[Array], Array] = lambda y: y
) -> Function:
    """The function on an input that is changed before, with an output that is changed after."""

    def wrong(layer: Layer, ledger: Ledger, x: Array) -> Array:
        return after(function(layer, ledger, before(x)))

    return wrong


def flipped(x: Array) -> Array:
    """Every spatial axis backwards."""
    return np.flip(x, axis=tuple(range(x.ndim - 1)))


def turned(x: Array) -> Array:
    """Height for width."""
    return x.swapaxes(0, 1)


def dealt(x: Array, hands: int) -> Array:
    """The channels dealt to so many hands like cards, and the hands joined one after another."""
    return x.reshape(*x.shape[:-1], -1, hands).swapaxes(-1, -2).reshape(x.shape)


def centered_late(x: Array, sizes: tuple[int, ...]) -> Array:
    """The middle of the map; where the border is odd, one more is cut at the start."""
    firsts = [(n - size + 1) // 2 for n, size in zip(x.shape, sizes, strict=False)]
    return x[tuple(slice(first, first + size) for first, size in zip(firsts, sizes, strict=True))]


def unmasked(layer: Any, ledger: Ledger, x: Array) -> Array:
    """Moved windows without a mask: a moved map in windows that are not."""
    filled = np.pad(x, [(0, 1), (0, 2), (0, 0)])
    moved = with_settings(attention.attention, shift=(0, 0))(layer, ledger, np.roll(filled, (-1, -2), (0, 1)))
    return np.roll(moved, (1, 2), (0, 1))[:5, :7]


def parts_side_by_side(layer: Any, ledger: Ledger, x: Array) -> Array:
    """An adaptive average whose parts never share a value."""
    for axis, parts in enumerate(layer.size):
        n = x.shape[axis]
        means = [
            np.take(x, range(i * n // parts, (i + 1) * n // parts), axis=axis).mean(axis=axis) for i in range(parts)
        ]
        x = np.stack(means, axis=axis)
    return x


def normalized(axes: tuple[int, ...], ddof: int = 0) -> Function:
    """A normalisation over these axes, the variance over n - ddof values."""

    def wrong(layer: Any, ledger: Ledger, x: Array) -> Array:
        deviation = np.sqrt(x.var(axis=axes, keepdims=True, ddof=ddof) + np.float32(layer.eps))
        factor = ledger.tensor("weight", x.shape[-1], center=0.5, spread=0.4)
        y: Array = (x - x.mean(axis=axes, keepdims=True)) / deviation * factor + ledger.bias(x.shape[-1])
        return y

    return wrong


def eps_after_the_root(layer: Any, ledger: Ledger, x: Array) -> Array:
    """A bn that divides by sqrt(variance) + eps."""
    mean = ledger.tensor("running_mean", x.shape[-1], spread=0.1)
    variance = ledger.tensor("running_var", x.shape[-1], center=1.0, spread=0.5)
    factor = ledger.tensor("weight", x.shape[-1], center=0.5, spread=0.4)
    y: Array = (x - mean) / (np.sqrt(variance) + layer.eps) * factor + ledger.bias(x.shape[-1])
    return y


def offset_before_factor(layer: Any, ledger: Ledger, x: Array) -> Array:
    """A scale that adds first."""
    factor = ledger.tensor("weight", x.shape[-1], center=0.5, spread=0.4)
    return (x + ledger.bias(x.shape[-1])) * factor


def lrn_of_means(layer: Any, *others: Any) -> Array:
    """An lrn whose alpha is for the mean of the squares, as PyTorch's and ONNX's is."""
    return with_settings(normalization.lrn, alpha=layer.alpha / layer.size)(layer, *others)


def zeros_in_the_extension(layer: Any, ledger: Ledger, x: Array) -> Array:
    """A deconv that adds its bias only as far as windows reach: 2*4 + 1 = 9 places."""
    y = convolution.deconv(layer, ledger, x)
    y[9:] = 0
    return y


def added_at_the_corner(layer: Any, ledger: Ledger, *inputs: Array) -> Array:
    """An add that crops the larger maps at their ends only."""
    places = tuple(slice(min(sizes)) for sizes in zip(*(x.shape for x in inputs), strict=True))
    return sum(x[places] for x in inputs[1:]) + inputs[0][places]


def tanh_gelu(layer: Any, ledger: Ledger, x: Array) -> Array:
    """The approximation of gelu by a tanh."""
    y: Array = x / 2 * (1 + np.tanh(np.float32((2 / np.pi) ** 0.5) * (x + np.float32(0.044715) * x**3)))
    return y


MISTAKES = (
    Mistake("conv flips its kernels", "a conv with padding valid has none", around(convolution.conv, flipped, flipped)),
    Mistake("conv reads height for width", "a conv with padding valid has none",
            around(convolution.conv, turned, turned)),
    Mistake("the odd padding of same comes first",
            "a conv with padding same and dilation pads for the effective kernel",
            with_settings(convolution.conv, padding="same_lower")),
    Mistake("the odd padding of same_lower comes last",
            "a conv with padding same_lower keeps the size of an even kernel",
            with_settings(convolution.conv, padding="same")),
    Mistake("a causal conv sees the future", "a causal conv keeps the length and reads only the past",
            with_settings(convolution.conv, padding=((0, 4),))),
    Mistake("the channels are dealt to the groups", "AlexNet's conv2 in two groups sees half of the channels",
            around(convolution.conv, lambda x: dealt(x, 2))),
    Mistake("a filter meets its maps in another order", "a conv with connections may have no bias",
            with_settings(convolution.conv, connections=((1, 0), (2,)))),
    Mistake("the filters of depthwise are in the order of the multiplier",
            "a depthwise conv with multiplier 2 doubles the channels",
            around(convolution.depthwise, lambda x: x, lambda y: dealt(y, 2))),
    Mistake("each place has the kernels of another",
            "a locally connected layer may differ between height and width",
            around(convolution.local, flipped, flipped)),
    Mistake("deconv flips its kernels", "a deconv crops its padding from both ends",
            around(convolution.deconv, flipped, flipped)),
    Mistake("output_padding goes to the start", "a deconv with output_padding 1 finds the even size again",
            with_settings(convolution.deconv, padding=((0, 2), (0, 2)))),
    Mistake("a deconv with padding same crops the odd value first",
            "a deconv with padding same multiplies the size by the stride",
            with_settings(convolution.deconv, padding="same_lower")),
    Mistake("the extension of a deconv has no bias",
            "a deconv with padding same and a stride larger than its kernel is extended", zeros_in_the_extension),
    Mistake(
        "a max pool is padded with zeros",
        "ResNet's max pool is padded by 1",
        around(
            with_settings(pooling.maxpool, padding=((0, 0), (0, 0))),
            lambda x: np.pad(x, [(1, 1), (1, 1), (0, 0)]),
        ),
    ),
    Mistake("the odd padding of a max pool comes first",
            "a max pool with padding same gives the size over the stride, rounded up",
            with_settings(pooling.maxpool, padding="same_lower")),
    Mistake("a dilated max pool reads neighbours", "a max pool with dilation 2 spans 5 pixels",
            around(with_settings(pooling.maxpool, dilation=(1, 1)), lambda x: x[1:-1, 1:-1])),
    Mistake("an average counts the padding that it must not",
            "an average pool without its padding's zeros has the same size",
            with_settings(pooling.avgpool, count_padding=True)),
    Mistake("an average does not count its padding", "an average pool may be padded on one side",
            with_settings(pooling.avgpool, count_padding=False)),
    Mistake("an average counts cells behind its padding", "an average pool may round up",
            with_settings(pooling.avgpool, padding=((1, 2), (1, 2)))),
    Mistake("the parts of an adaptive average share nothing", "torchvision's AlexNet pools to 6x6", parts_side_by_side),
    Mistake("fc has its inputs first, as Keras has them", "an fc may have no bias",
            lambda layer, ledger, x: x @ ledger.tensor("weight", 10, 84).reshape(84, 10)),
    Mistake("attention divides by all channels", "self-attention of 4 heads on 580 tokens",
            lambda layer, ledger, x: attention.attention(layer, ledger, x * np.float32(0.5))),
    Mistake("what a moved window brings from the other border is not masked", "a moved window is filled up and masked",
            unmasked),
    Mistake("windows lie side by side", "MaxViT's grid spreads a window over the map",
            with_settings(attention.attention, grid=False)),
    Mistake("SwinV2's windows stay where they are", "SwinV2 has a network for distances and a factor for each head",
            with_settings(attention.attention, shift=(0, 0))),
    Mistake("tokens come last", "five tokens before a sequence",
            lambda layer, ledger, x: np.concatenate([x, ledger.tensor("weight", layer.number, x.shape[-1])])),
    Mistake("positions are multiplied", "positions of a map", lambda layer, ledger, x: x * ledger.tensor(
        "weight", *x.shape, spread=0.1)),
    Mistake("an embedding counts its ids from 1", "an embedding has a vector for each id",
            lambda layer, ledger, x: attention.embedding(layer, ledger, np.maximum(x - 1, 0))),
    Mistake("permute goes the other way", "a cube is turned",
            with_settings(rearrangement.permute, order=("W", "C", "H"))),
    Mistake("an rnn has tanh in any case", "an rnn may have relu and both directions",
            with_settings(recurrent.rnn, nonlinearity="tanh")),
    Mistake("an lstm reads from the end", "Keras' LSTM of 50 has one bias for each gate",
            around(recurrent.lstm, flipped)),
    Mistake("a gru resets after the product in any case", "a gru may reset the state before the product",
            with_settings(recurrent.gru, reset_after=True)),
    Mistake("a bn has an eps of its own", "a bn may have a larger eps", with_settings(normalization.bn, eps=1e-5)),
    Mistake("a bn adds its eps after the root", "a bn may have a larger eps", eps_after_the_root),
    Mistake("alpha is for the mean of the squares", "AlexNet's lrn learns nothing", lrn_of_means),
    Mistake("an lrn of an even size reads one more channel before",
            "an lrn of an even size reads one more channel behind",
            around(normalization.lrn, lambda x: x[..., ::-1], lambda y: y[..., ::-1])),
    Mistake("a layernorm sees the whole map", "ConvNeXt's layernorm learns two values for each channel",
            normalized((0, 1, 2))),
    Mistake("a layernorm of everything sees the channels", "a layernorm of the whole input learns two values for each",
            lambda layer, ledger, x: normalization._learned(layer, ledger, normalization._normalized(x, (-1,), 1e-5))),
    Mistake("an rmsnorm divides by the deviation", "an rmsnorm learns a factor for each channel",
            lambda layer, ledger, x: normalization._learned(layer, ledger, x / x.std(axis=-1, keepdims=True))),
    Mistake("an l2norm divides by the root of the mean", "an l2norm learns nothing",
            lambda layer, ledger, x: x / np.sqrt((x * x).mean(axis=-1, keepdims=True))),
    Mistake("the slopes of values are those of channels", "Keras' prelu learns a slope for each value",
            lambda layer, ledger, x: np.where(x > 0, x, ledger.tensor("weight", 4, 3, 5)[:, 0, 0] * x)),
    Mistake("the channels are dealt to the groups of a groupnorm", "a groupnorm without affine learns nothing",
            around(normalization.groupnorm, lambda x: dealt(x, 3), lambda y: dealt(y, 2))),
    Mistake("the variance of an instancenorm is that of a sample",
            "an instancenorm with affine learns two values for each channel",
            normalized((0, 1, 2), ddof=1)),
    Mistake("a rescale adds before it multiplies", "a rescale learns nothing",
            lambda layer, ledger, x: (x + np.float32(layer.offset)) * np.float32(layer.factor)),
    Mistake("a scale adds before it multiplies", "LeNet's subsampling has a factor and an offset",
            offset_before_factor),
    Mistake("relu6 has no upper end", "relu6 keeps the shape", activation.relu),
    Mistake("leaky_relu has a slope of its own", "leaky_relu keeps the shape",
            with_settings(activation.leaky_relu, slope=0.01)),
    Mistake("elu has an alpha of its own", "elu keeps the shape", with_settings(activation.elu, alpha=1.0)),
    Mistake("gelu is that of a tanh", "gelu keeps a map", tanh_gelu, times=1),
    Mistake("silu is piecewise", "silu keeps the shape", activation.hardswish),
    Mistake("hardswish is not piecewise", "hardswish keeps the shape", activation.silu),
    Mistake("hardsigmoid is that of Keras 2", "hardsigmoid keeps a vector",
            lambda layer, ledger, x: np.clip(np.float32(0.2) * x + np.float32(0.5), 0, 1)),
    Mistake("softmax adds up over the width", "softmax keeps a map",
            around(activation.softmax, lambda x: x.swapaxes(-1, -2), lambda y: y.swapaxes(-1, -2))),
    Mistake("selu is elu", "selu keeps the shape", lambda layer, ledger, x: activation.elu(Elu(alpha=1.0), ledger, x)),
    Mistake("celu is elu", "celu keeps the shape", activation.elu),
    Mistake("mish is silu", "mish keeps the shape", activation.silu),
    Mistake("softplus is relu", "softplus keeps the shape", activation.relu),
    Mistake("squareplus has a b of its own", "squareplus keeps the shape",
            with_settings(curves.squareplus, curvature=4.0)),
    Mistake("softsign is tanh", "softsign keeps the shape", activation.tanh),
    Mistake("logsigmoid forgets its sign", "logsigmoid keeps the shape", lambda *_: -curves.logsigmoid(*_)),
    Mistake("tanhshrink forgets what it shrinks", "tanhshrink keeps the shape", activation.tanh),
    Mistake("exponential is less 1", "exponential keeps the shape", lambda layer, ledger, x: np.expm1(x), times=1),
    Mistake("hardtanh has ends of its own", "hardtanh keeps the shape",
            with_settings(curves.hardtanh, low=-1.0, high=1.0)),
    Mistake("hardshrink is soft", "hardshrink keeps the shape", curves.softshrink),
    Mistake("softshrink is hard", "softshrink keeps the shape", curves.hardshrink),
    Mistake("threshold gives its limit", "threshold keeps the shape", with_settings(curves.threshold, value=0.5)),
    Mistake("sparse_plus is relu", "sparse_plus keeps the shape", activation.relu),
    Mistake("sparse_sigmoid is hardsigmoid", "sparse_sigmoid keeps the shape", activation.hardsigmoid),
    Mistake("identity is relu", "identity keeps the shape", activation.relu),
    Mistake("log_softmax is softmax", "a log_softmax keeps a map", activation.softmax),
    Mistake("the branches of a softmax take turns", "a softmax may be over two branches",
            around(activation.softmax, lambda x: dealt(x, 2), lambda y: dealt(y, 5))),
    Mistake("the branches of a log_softmax take turns", "a log_softmax may be over three branches",
            around(activation.log_softmax, lambda x: dealt(x, 3), lambda y: dealt(y, 2))),
    Mistake("glu gates with the first half", "a glu halves the channels",
            around(activation.glu, lambda x: x[..., [4, 5, 6, 7, 0, 1, 2, 3]])),
    Mistake("zeros keep the values", "zeros with a stride keep every so many positions",
            lambda layer, ledger, x: x[::2, ::3]),
    Mistake("dropout makes up for what it drops", "dropout keeps a vector",
            lambda layer, ledger, x: x * np.float32(0.5)),
    Mistake("flatten has the channels last", "AlexNet's last map flattens to 9216",
            lambda layer, ledger, x: x.reshape(-1)),
    Mistake("reshape has the channels last", "a map becomes a signal",
            lambda layer, ledger, x: x.reshape(*layer.size.spatial, layer.size.channels)),
    Mistake("upsample lays tiles", "an upsample doubles the map",
            lambda layer, ledger, x: np.tile(x, (*layer.factor, 1))),
    Mistake("bilinear forgets the centres of pixels", "a map is resized to a size",
            with_settings(rearrangement.upsample, align_corners=True)),
    Mistake("nearest is not asked for", "a resize may use the nearest",
            with_settings(rearrangement.resize, mode="bilinear")),
    Mistake("bicubic is bilinear", "a resize may be bicubic", with_settings(rearrangement.resize, mode="bilinear")),
    Mistake("zeros go to the other side", "zeros may go to one side",
            with_settings(rearrangement.zeropad, padding=((0, 1), (3, 2)))),
    Mistake("a reflection has the border twice", "a style transfer pads by reflection",
            lambda layer, ledger, x: np.pad(x, [(3, 3), (3, 3), (0, 0)], mode="symmetric")),
    Mistake("a padded conv does not reflect", "CycleGAN's conv reflects its border",
            with_settings(convolution.conv, padding_mode="zeros")),
    Mistake("a crop cuts the other side", "a crop may cut each side by itself",
            with_settings(rearrangement.crop, size=((2, 1), (3, 0)))),
    Mistake("PyTorch's pixel shuffle is TensorFlow's", "PyTorch's pixel shuffle takes the channels in its own order",
            with_settings(rearrangement.depth_to_space, order="DCR")),
    Mistake("PyTorch's pixel unshuffle is TensorFlow's",
            "PyTorch's pixel unshuffle keeps the values of a channel together",
            with_settings(rearrangement.space_to_depth, order="DCR")),
    Mistake("the odd border of a crop is cut at the start", "a crop cuts the centre",
            lambda layer, ledger, x: centered_late(x, layer.size)),
    Mistake("a slice keeps the other half", "ShuffleNet's split keeps half of the channels",
            with_settings(rearrangement.slice_, channels=(0, 58))),
    Mistake("rows are sliced for columns", "a slice may keep rows and columns",
            with_settings(rearrangement.slice_, H=(0, 3), W=(4, 8))),
    Mistake("a shuffle goes the other way", "a shuffle keeps the shape",
            lambda layer, ledger, x: dealt(x, layer.groups)),
    Mistake("an add crops at the corner", "FCN's add crops each axis to its smallest", added_at_the_corner),
    Mistake("a mul adds", "a mul takes vectors", lambda layer, ledger, x, *others: x + others[0] + others[1]),
    Mistake("a subtract takes from the last", "a subtraction compares two towers",
            lambda layer, ledger, x, other: other - x),
    Mistake("a divide is upside down", "a division repeats a sum", lambda layer, ledger, x, other: other / x),
    Mistake("a power is a square", "a power below 0 is a division, too",
            with_settings(arithmetic.power, exponent=2.0)),
    Mistake("a log has the base 2", "log keeps the shape", lambda layer, ledger, x: np.log2(x)),
    Mistake("abs is relu", "abs keeps the shape", activation.relu),
    Mistake("a maximum is a minimum", "a maxout takes the largest of three", rearrangement.minimum),
    Mistake("a minimum is a maximum", "a minimum repeats a row", rearrangement.maximum),
    Mistake("an average adds", "an average takes three maps", lambda layer, ledger, *inputs: sum(inputs)),
    Mistake("a matmul has its inputs the other way round", "queries meet keys",
            lambda layer, ledger, x, other: ledger.multiply(x.T[:, ::-1], other.T).T),
    Mistake("a concat begins with its last input", "Inception 3a joins four paths",
            lambda layer, ledger, *inputs: rearrangement.concat(layer, ledger, *reversed(inputs))),
)  # fmt: skip
