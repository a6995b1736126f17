"""Every misconception: what is said about it, and what it does to the right formulas.

To add one, write its entry here. Its edits are divided by `|`, each is one way to make the mistake; `edits.py` says how
they are read. Their symbols are those of the rules of layers (`layers/steps.py` says what they mean), of an axis
without its index, and

    n, size               the size of an axis before and after the layer
    factors, biases       the two parts of the params
    taps, depth           values of a kernel on one channel, channels that a filter sees
    positions, places     positions of the output, of the input
    K_above, S_above      kernel and stride of the window before the layer, K_below and S_below of the one after it
    twin_1, twin_2        sizes that are taken for that of the network's input
    n_before, n_last      the size that is written before an axis, and the last one
    K_x, P_x, ...         those of the other one of the last two axes
    map, map_last, ...    of the map that a flatten made a vector of: sizes, the last one, channels, positions
    K_other, S_other, ... of any other layer: the candidates that have one are tried with each value that there is
    towers                2 in a network of two towers
    C_network             the channels of the network's input
    largest               the size of the largest of several inputs
    joined                the channels of all inputs together
    fc, deconv, ...       known for a layer of that kind only; axes is known where the output has some
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.misconceptions.slips import SLIPS, Slip


class Misconception(NamedTuple):
    """One way of going wrong.

    Attributes:
        id: its name in reports and statistics.
        rank: how far-fetched it is: of several that give a number the lowest is said first.
        phrase: how a number comes about: "34,848 is the count `without the biases`".
        sentence: what a student should know, in one sentence.
        hint: which term to look at, without the answer.
        edits: what it does to the formulas; empty for what is no matter of formulas.
    """

    id: str
    rank: int
    phrase: str
    sentence: str
    hint: str
    edits: str


SIZES = (
    Misconception("padding-forgotten", 10, "without the padding",
        "The padding is left out: it is added on both sides before the window slides.",
        "Look at the padding: is it in your numerator?",
        "P -> 0; P_before -> 0; P_after -> 0; P_all -> 0 with taps"),
    Misconception("padding-once", 12, "with the padding counted on one side only",
        "The padding is counted once: it is added on both sides, so it counts twice.",
        "Look at the padding: on how many sides is it added?",
        "2*P -> P; P_all -> floor(P_all/2); P_before + P_after -> floor((P_before + P_after)/2); "
        "(n - 1)*S - P_before - P_after -> (n - 1)*S - floor((P_before + P_after)/2) with taps"),
    Misconception("padding-added", 21, "with padding that the layer does not have",
        "There is padding in your calculation, but this layer has none.",
        "Look at the padding: how much of it does this layer have?",
        "P -> floor(K/2) with P = 0, taps | P -> 1 with P = 0, taps | "
        "n + 2*P -> n + max((ceil(n/S) - 1)*S + E - n, 0) with P = 0, taps | 2*P -> E - S with P = 0, deconv"),
    Misconception("plus-one-forgotten", 11, "without the + 1 at the end",
        "The + 1 is missing: the quotient counts the steps of the window, and its first place comes on top.",
        "Look at the end of the formula: does the quotient count places, or steps between them?",
        "size: floor(_) + 1 -> floor(_); size: ceil(_) + 1 -> ceil(_)"),
    Misconception("plus-two", 23, "with + 2 for + 1 at the end",
        "There is a + 2 where the formula has + 1: the window's first place is counted twice.",
        "Look at the end of the formula: how many places does the window have before its first step?",
        "size: floor(_) + 1 -> floor(_) + 2; size: ceil(_) + 1 -> ceil(_) + 2"),
    Misconception("ceil-for-floor", 13, "rounded up where it is rounded down",
        "The quotient is rounded up; here it is rounded down, because a window that does not fit is left out.",
        "Look at the division: it leaves a remainder. What happens to it?",
        "size: floor(_) + 1 -> ceil(_) + 1"),
    Misconception("floor-for-ceil", 13, "rounded down where it is rounded up",
        "The quotient is rounded down; here it is rounded up, because a last, partly filled window counts.",
        "Look at the division: it leaves a remainder. What does this layer do with it?",
        "size: ceil(_) + 1 - 1 -> floor(_) + 1; size: ceil(_) + 1 -> floor(_) + 1 | "
        "size: floor(_) + 1 -> floor(n/S) with P_all"),
    Misconception("stride-ignored", 14, "with stride 1",
        "The stride is left out: the window moves by more than one value at a time.",
        "Look at the stride: is it in your formula?",
        "S -> 1"),
    Misconception("stride-is-kernel", 20, "with a stride as large as the kernel",
        "The stride is taken to be the kernel size, as if the windows did not overlap.",
        "Look at the stride: is it the kernel size here?",
        "S -> K"),
    Misconception("stride-of-another-layer", 22, "with the stride of another layer",
        "The stride is that of another layer.",
        "Look at the stride: is it the one of this row?",
        "S -> S_above | S -> S_below | S -> S_other"),
    Misconception("kernel-of-another-layer", 24, "with the kernel of another layer",
        "The kernel is that of another layer.",
        "Look at the kernel: is it the one of this row?",
        "K -> K_above | K -> K_below | K -> K_other"),
    Misconception("padding-of-another-layer", 24, "with the padding of another layer",
        "The padding is that of another layer.",
        "Look at the padding: is it the one of this row?",
        "P -> P_other with taps"),
    Misconception("dilation-of-another-layer", 25, "with the dilation of another layer",
        "The dilation is that of another layer.",
        "Look at the dilation: is it the one of this row?",
        "E -> d_other*(K - 1) + 1 with taps"),
    Misconception("dilation-ignored", 11, "without the dilation",
        "The dilation is left out: it spreads the taps, so that the window spans d·(K − 1) + 1 values.",
        "Look at the dilation: how many values does the window span with its gaps?",
        "d -> 1"),
    Misconception("effective-kernel-wrong", 15, "with a wrong effective kernel",
        "The effective kernel is not right: K taps have K − 1 gaps, so the window spans d·(K − 1) + 1 values.",
        "Look at the effective kernel: how many gaps are there between K taps?",
        "E -> d*K | E -> d*(K - 1) | E -> K + d - 1"),
    Misconception("signs-swapped", 40, "with the kernel added and the last term subtracted",
        "The signs are swapped: the kernel is subtracted from the size, and 1 is added at the end.",
        "Look at the signs of the formula: what is added, what is subtracted?",
        "size: floor((_ - E)/S) + 1 -> floor((_ + E)/S) - 1; size: ceil((_ - E)/S) + 1 -> ceil((_ + E)/S) - 1 | "
        "size: floor((_ - E)/S) + 1 -> floor((_ + E)/S) - 2; size: ceil((_ - E)/S) + 1 -> ceil((_ + E)/S) - 2"),
    Misconception("size-kept", 26, "with the size that comes in",
        "The size of the input is kept, but this window makes it smaller or larger.",
        "Look at kernel, stride and padding: does the size stay as it is?",
        "size = _ -> n with taps | size = _ -> n with global_avgpool | size = _ -> n with global_maxpool"),
    Misconception("deconv-as-conv", 12, "by the formula of an ordinary convolution",
        "This is a transposed convolution: it enlarges, (H − 1)·S − 2P + K, where a convolution makes smaller.",
        "Look at the kind of the layer: does it make the map smaller or larger?",
        "size = _ -> floor((n + 2*P - E)/S) + 1; macs: inputs -> C_in*positions with deconv | "
        "size = _ -> floor((n + P_before + P_after - E)/S) + 1; macs: inputs -> C_in*positions with deconv | "
        "size = _ -> floor((n + P_all - E)/S) + 1; macs: inputs -> C_in*positions with deconv"),
    Misconception("deconv-step-too-many", 13, "with H strides for H − 1",
        "There is a stride for each value that comes in: between H values there are H − 1 of them.",
        "Look at the strides: how many are there between the values that come in?",
        "size: (n - 1)*S -> n*S with deconv"),
    Misconception("padding-not-cropped", 15, "with the padding added where it is cut off",
        "The padding is added, but a transposed convolution cuts it off its output: − 2P.",
        "Look at the padding: does it make the output of this layer larger or smaller?",
        "size: (n - 1)*S - 2*P -> (n - 1)*S + 2*P with deconv | "
        "size: (n - 1)*S - P_all -> (n - 1)*S + P_all with deconv | "
        "size: (n - 1)*S - P_before - P_after -> (n - 1)*S + P_before + P_after with deconv"),
    Misconception("output-padding-forgotten", 12, "without the output_padding",
        "The output_padding is left out: it is added to the size at the end.",
        "Look at the settings: is every one of them in your formula?",
        "size: _ + A -> _ with deconv"),
    Misconception("factor-forgotten", 12, "without the factor",
        "The factor is left out: each axis becomes larger by it.",
        "Look at what this layer does with the map: does the size stay as it is?",
        "factor -> 1"),
    Misconception("factor-inverted", 13, "divided by the factor",
        "The size is divided by the factor: this layer makes a map larger.",
        "Look at what this layer does with the map: does it become smaller or larger?",
        "size: n*factor -> floor(n/factor)"),
    Misconception("crop-forgotten", 10, "without the crop",
        "The larger map keeps its size here: it is cropped to the smaller one before they are put together.",
        "Look at the sizes of the maps that come in: are they alike before they are put together?",
        "size: _ -> largest with joined"),
    Misconception("kernel-as-square", 14, "with the same kernel size along all axes",
        "The kernel has one size for all axes here, but this layer's sizes differ from axis to axis.",
        "Look at the kernel: is it as large along one axis as along the other?",
        " | ".join(
            "; ".join(f"{symbol}_{axis} -> {symbol}_{one}" for symbol in symbols for axis in "dhw" if axis != one)
            for one in "whd" for symbols in ("K", "KP"))),
    Misconception("wrong-input-size", 9, "for another common input size",
        "The input size is not the one of this exercise: 224 and 227 (or 28 and 32) are easily confused.",
        "Look at the input: which size does this exercise have?",
        "n -> twin_1 with taps | n -> twin_1; P -> 0; P_before -> 0; P_after -> 0; P_all -> 0 with taps | "
        "n -> twin_2 with taps | n -> twin_2; P -> 0; P_before -> 0; P_after -> 0; P_all -> 0 with taps"),
    Misconception("height-width-swapped", 18, "with height and width swapped",
        "Height and width are swapped: the height comes first, for maps as for kernels.",
        "Look at the two axes: which number belongs to which?",
        "n -> n_x; K -> K_x; S -> S_x; A -> A_x; P -> P_x; P_before -> P_before_x; P_after -> P_after_x; "
        "r_in -> r_in_x; j_in -> j_in_x | K -> K_x; P -> P_x; P_before -> P_before_x; P_after -> P_after_x"),
    Misconception("later-row", 21, "after a later row",
        "This is what comes out of a later row: two steps at once.",
        "Look at the rows below: which layers are in your number?",
        ""),  # the rows below show it
)  # fmt: skip
"""About sizes."""

CHANNELS = (
    Misconception("channels-kept", 10, "with the channels that come in",
        "The channels of the input are kept: a layer replaces them by its filters or features.",
        "Look at the channels: how many maps does this layer make?",
        "filters -> C_in; links -> links*C_in/filters"),
    Misconception("channels-multiplied", 16, "with filters times channels",
        "The filters are multiplied by the channels: each filter sums over them and makes one map.",
        "Look at the channels: how many maps does one filter make?",
        "filters -> C_in*filters; links -> links*C_in with taps"),
    Misconception("channels-pooled", 22, "with fewer channels, too",
        "The channels are pooled, too: a pool works on each channel alone and keeps their number.",
        "Look at the channels: does a window reach from one to another?",
        "channels = C -> C/S_w with taps | channels = C -> C/S_l with taps"),
    Misconception("one-tower-only", 15, "for one of two towers",
        "This is one of the two towers only: both together make the layer.",
        "Look at the two halves of the network: are both in your number?",
        "filters -> filters/towers with filters % towers = 0 | depth -> depth/towers with fc, depth % towers = 0 | "
        "channels = C -> C/towers with taps, C % towers = 0 | channels = joined -> C_1 with towers, C_1 = C_2"),
    Misconception("hwc-for-chw", 17, "with the sizes read in another order",
        "The sizes of the input are read in another order: height, width, channels are not channels, height, width.",
        "Look at the input's shape: which of its sizes are the channels?",
        "n -> n_before; C_in -> n_last; C -> n_last"),
    Misconception("flatten-without-channels", 10, "without the channels",
        "The channels are left out: flatten makes a vector of all values, C·H·W.",
        "Look at the shape that comes in: which of its sizes are in your product?",
        "features: C*_ -> _"),
    Misconception("flatten-without-an-axis", 14, "without one of the sizes",
        "One size of the map is left out: flatten makes a vector of all values, C·H·W.",
        "Look at the shape that comes in: which of its sizes are in your product?",
        "features: H*W -> H | features: H*W -> W | features: D*H -> H"),
    Misconception("flatten-forgotten", 12, "as if nothing were flattened",
        "The map is still a map here: flatten makes one vector of it.",
        "Look at what this layer does: how many sizes does its output have?",
        "size = _ -> map; positions = _ -> map_positions; channels = _ -> C with flatten"),
    Misconception("fc-without-flatten", 13, "as if the map were not flattened",
        "The map in front is not flattened: a fully connected layer has a weight for each of its C·H·W values.",
        "Look at the inputs of this layer: how many values come in?",
        "depth -> map_channels with fc | depth -> map_channels; size = _ -> map; positions = _ -> map_positions; "
        "macs = _ -> _*positions with fc | depth -> map_last with fc | depth -> map_last; size = _ -> map; "
        "positions = _ -> map_positions; macs = _ -> _*positions with fc | depth -> map_positions with fc | "
        "depth -> map_positions; size = _ -> map; positions = _ -> map_positions; macs = _ -> _*positions with fc"),
    Misconception("concat-not-summed", 16, "with the channels of one input only",
        "The channels of one input are taken: concat puts the maps of all inputs one after another.",
        "Look at the channels: what happens to them when maps are put one after another?",
        " | ".join(f"channels = joined -> C_{number}" for number in range(1, 10))),
    Misconception("add-summed", 14, "with the channels of all inputs added up",
        "The channels are added up: here the values are, and the shape stays.",
        "Look at what this layer does with its inputs: does it join them or add their values?",
        "channels = _ -> joined with add | channels = _ -> joined with mul"),
    Misconception("channels-left-out", 12, "without the channels",
        "The channels are left out: the map has C·H·W values.",
        "Look at your product: are all sizes of the shape in it?",
        "elements = channels*positions -> positions; output_memory: out -> positions with axes"),
)  # fmt: skip
"""About channels and shapes."""

WEIGHTS = (
    Misconception("bias-forgotten", 10, "without the biases",
        "The biases are left out: there is one for each filter or output.",
        "Look at the last term of the sum: what does each filter have besides its weights?",
        "params = factors + biases -> factors | biases -> 0 with gates"),
    Misconception("bias-added", 12, "with biases that the layer does not have",
        "There are biases in your number, but this layer has none.",
        "Look at the settings: does this layer have a bias?",
        "params = factors -> factors + biases"),
    Misconception("one-bias", 20, "with a single bias",
        "One bias is counted for the whole layer: there is one for each filter or output.",
        "Look at the biases: how many of them are there?",
        "biases = _ -> 1"),
    Misconception("bias-per-kernel", 22, "with a bias for each channel of each filter",
        "A bias is counted for each channel of a filter: a filter sums over its channels and adds one bias.",
        "Look at the biases: does each filter have one, or each channel of each filter?",
        "biases = _ -> depth*filters with taps | biases = _ -> links"),
    Misconception("bias-per-channel", 30, "with a bias for each input channel",
        "The biases are counted by the channels that come in: there is one for each filter or output.",
        "Look at the biases: do they belong to what comes in or to what goes out?",
        "biases = _ -> C_in"),
    Misconception("bias-per-weight", 24, "with a bias for each weight",
        "A bias is counted for each weight: there is one for each filter or output.",
        "Look at the biases: does each weight have one?",
        "biases = _ -> factors"),
    Misconception("bias-per-output", 25, "with a bias for each output value",
        "A bias is counted for each output value: all positions of a map share one.",
        "Look at the biases: do the positions of a map share one?",
        "biases = _ -> out with taps"),
    Misconception("bias-sets", 16, "with another number of biases for each gate",
        "The biases are counted for another framework: Keras has one for each gate and unit, PyTorch two.",
        "Look at the biases: how many does each gate have here?",
        "biases -> 1 with gates, biases > 0 | biases -> 2 with gates, biases > 0"),
    Misconception("kernel-without-depth", 11, "with kernels that have no depth",
        "The kernels have no depth: each filter has a kernel for every input channel that it sees.",
        "Look at one filter: how many channels does it look at?",
        "depth -> 1; links -> filters; macs: inputs -> inputs/C_in with taps"),
    Misconception("kernel-not-squared", 12, "with the kernel counted along one axis only",
        "The kernel is counted along one axis: it has K·K values.",
        "Look at the kernel: how many values does it have?",
        "taps -> K_l | taps -> K_d | taps -> K_h | taps -> K_w"),
    Misconception("kernel-not-cubed", 12, "with the kernel counted along two axes only",
        "The kernel is counted along two axes: in a volume it has K·K·K values.",
        "Look at the kernel: along how many axes does it reach?",
        "taps -> K_h*K_w with K_d | taps -> K_d*K_h"),
    Misconception("filters-forgotten", 15, "for one filter only",
        "These are the weights of one filter: the layer has more of them.",
        "Look at the filters: for how many of them is your number?",
        "factors: filters -> 1; macs: out -> positions; macs: filters -> 1; links -> links/filters | "
        "biases = _ -> 1; factors: filters -> 1; macs: out -> positions; macs: filters -> 1; links -> links/filters"),
    Misconception("filters-for-channels", 18, "with the filters in place of the input's channels",
        "The depth of a kernel is that of the layer's input, not the number of its filters.",
        "Look at the depth of a kernel: from where does it come?",
        "factors = taps*filters -> taps*filters*filters; macs = out*taps -> out*taps*filters; depth -> filters; "
        "links -> filters*filters; macs: inputs -> inputs/C_in*filters with taps"),
    Misconception("channels-of-the-network", 16, "with the channels of the network's input",
        "The depth of a kernel is that of the layer's own input, not of the network's.",
        "Look at the depth of a kernel: from which input does it come?",
        "depth -> C_network; links -> C_network*filters; macs: inputs -> inputs/C_in*C_network with taps"),
    Misconception("filters-of-another-layer", 24, "with the filters of another layer",
        "The number of filters is that of another layer.",
        "Look at the filters: is their number the one of this row?",
        "filters -> filters_other"),
    Misconception("depth-of-another-layer", 24, "with the input channels of another layer",
        "The number of channels that come in is that of another layer.",
        "Look at the depth of a kernel: what comes into this row?",
        "depth -> C_other; macs: inputs -> inputs/C_in*C_other"),
    Misconception("groups-of-another-layer", 24, "with the groups of another layer",
        "The number of groups is that of another layer.",
        "Look at the groups: does this layer have any?",
        "depth -> C_in/groups_other with taps, C_in % groups_other = 0"),
    Misconception("groups-ignored", 8, "with the groups ignored",
        "The groups are left out: a filter sees only the channels of its own group.",
        "Look at the groups: how many channels does one filter see?",
        "factors = taps*filters -> taps*C_in*filters; macs = out*taps -> out*taps*C_in; depth -> C_in; "
        "macs: filters/groups -> filters"),
    Misconception("groups-twice", 20, "divided by the groups twice",
        "The groups are divided by twice: a filter sees C/groups channels, but there are still all the filters.",
        "Look at the groups: how often do they divide?",
        "factors = taps*filters -> taps*filters/C_in; macs = out*taps -> out*taps/C_in; depth -> depth/groups; "
        "macs: filters/groups -> filters/groups/groups"),
    Misconception("gates-forgotten", 11, "for one gate only",
        "These are the weights of one gate: the layer has more of them.",
        "Look at the gates: for how many of them is your number?",
        "gates -> 1"),
    Misconception("state-forgotten", 12, "without the weights of the state",
        "The weights of the state are left out: each gate reads the input and what the layer kept.",
        "Look at what a gate reads: is it the input alone?",
        "C + units -> C"),
    Misconception("connections-ignored", 10, "with every filter seeing every map",
        "The table of connections is left out: a filter sees only some of the input maps.",
        "Look at the connections: how many input maps does each filter see?",
        "links -> C_in*filters"),
    Misconception("weights-not-shared", 16, "with weights of their own at every position",
        "The weights are counted for every position: a filter is the same everywhere.",
        "Look at the positions: do they have weights of their own?",
        "factors = _ -> positions*_ with taps | factors = _ -> positions*_; biases = _ -> out with taps | "
        "factors = _ -> positions*_; params = factors + biases -> factors with taps"),
    Misconception("pooling-with-params", 10, "with weights for the pooling window",
        "Pooling learns nothing: its window takes a maximum or a mean.",
        "Look at what this layer does with a window: is there anything to learn?",
        "params = 0 -> taps with taps | params = 0 -> taps + 1 with taps | params = 0 -> taps*C with taps | "
        "params = 0 -> taps*C + C with taps | params = 0 -> taps*C*C with taps | params = 0 -> taps*C*C + C with taps"),
    Misconception("bn-counted-four", 12, "with four values for each channel",
        "Four values are counted for each channel: two of them are learned, two are running statistics.",
        "Look at the values of a channel: which of them are asked for here?",
        "params: 2*C -> 4*C with buffers > 0 | buffers: 2*C -> 4*C with params > 0"),
    Misconception("bn-counted-two", 11, "with two values for each channel",
        "Two values are counted for each channel: it stores four, two learned ones and two running statistics.",
        "Look at the values of a channel: is every stored one in your number?",
        "buffers: 2*C -> 0 with params > 0"),
    Misconception("buffers-as-params", 11, "with the running statistics counted as params",
        "The running mean and variance are stored, but not learned: they are buffers, not params.",
        "Look at what is learned: is it every stored value?",
        "params = _ -> _ + buffers"),
    Misconception("norm-counted-one", 15, "with one value for each channel",
        "One value is counted for each channel: there are a factor and an offset.",
        "Look at the values of a channel: by how many are its values scaled and moved?",
        "params: 2*C -> C; buffers: 2*C -> C"),
    Misconception("norm-forgotten", 13, "without the normalization",
        "The normalization is left out: it learns a factor and an offset for each channel.",
        "Look at all parts of this row: which of them learn something?",
        "params: 2*C -> 0; params: 1*C -> 0; params: C -> 0; buffers: 2*C -> 0"),
    Misconception("norm-per-value", 21, "with values of their own at every position",
        "The values are counted for every position: all positions of a channel share them.",
        "Look at the positions: do they have values of their own?",
        "params: C -> C*positions; buffers: C -> C*positions"),
)  # fmt: skip
"""About params and stored values."""

COUNTS = (
    Misconception("macs-for-flops", 9, "with MACs and FLOPs confused",
        "MACs and FLOPs are confused: a multiply–accumulate is two operations, so FLOPs = 2·MACs.",
        "Look at the unit: is one multiply–accumulate one or two of what is asked for?",
        "flops = 2*macs -> macs | macs = _ -> 2*_ | macs = _ -> _/2"),
    Misconception("positions-forgotten", 10, "at one position only",
        "The positions are left out: the kernels are applied at every position of the output.",
        "Look at the positions: how often is a kernel applied?",
        "macs: out -> filters; macs: positions -> 1; macs: inputs -> C_in with taps | macs: out -> filters; "
        "macs: positions -> 1; macs: inputs -> C_in; macs = _ -> _ + biases with taps, params > factors"),
    Misconception("positions-of-input", 17, "at the positions of the input",
        "The positions of the input are taken: the kernels are applied once for each position of the output.",
        "Look at the positions: are they those of the input or those of the output?",
        "macs: out -> filters*places; macs: positions -> places with taps"),
    Misconception("positions-of-output", 15, "at the positions of the output",
        "The positions of the output are taken: here each value that comes in meets the kernels once.",
        "Look at the positions: are they those of the input or those of the output?",
        "macs: inputs -> C_in*positions with deconv"),
    Misconception("bias-in-macs", 14, "with the additions of the biases",
        "The additions of the biases are counted: a bias is added, it is not multiplied.",
        "Look at the biases: are they a multiply–accumulate?",
        "macs = _ -> _ + elements with params > factors"),
    Misconception("bytes-wrong", 10, "with another number of bytes for a value",
        "A value takes the bytes of its number format: 4 for fp32.",
        "Look at the unit: how many bytes does one value take?",
        "bytes -> 1 | bytes -> 2 | bytes -> 4 | bytes -> 8"),
    Misconception("bits-for-bytes", 14, "in bits",
        "This is the number of bits: a byte has eight.",
        "Look at the unit: bits or bytes?",
        "bytes -> 8*bytes"),
    Misconception("jump-ignored", 10, "with the layer's kernel added as it is",
        "The kernel is added as it is: its taps are as far apart in the input as all strides before them say.",
        "Look at the jump: how far apart are two neighbouring values of this layer's input, in pixels?",
        "j_in -> 1"),
    Misconception("field-is-kernel", 11, "for this layer alone",
        "This is what the layer sees of its own input: the receptive field goes down to the network's input.",
        "Look at the layers before this one: what do they see?",
        "r_in -> 1; j_in -> 1"),
    Misconception("field-plus-kernel", 12, "with K steps for K − 1",
        "K taps are K − 1 steps apart: the field grows by (K − 1)·jump.",
        "Look at the steps: how many are there between K taps?",
        "receptive_field: E - 1 -> E"),
    Misconception("jump-of-output", 13, "with the jump after the layer",
        "The jump after this layer is taken: its taps are as far apart as the values of its input.",
        "Look at the jump: is it the one before or the one after this layer?",
        "j_in -> j_in*S"),
)  # fmt: skip
"""About operations, bytes and the receptive field."""

ANOTHER = "another layer"
"""The words in a phrase and a sentence for which those for a certain layer are put in."""

MISCONCEPTIONS: tuple[Misconception, ...] = tuple(
    sorted((*SIZES, *CHANNELS, *WEIGHTS, *COUNTS), key=lambda misconception: misconception.rank)
)
"""All of them, most plausible first."""

MISTAKES: dict[str, Misconception | Slip] = {one.id: one for one in MISCONCEPTIONS} | {slip.id: slip for slip in SLIPS}
"""All of them and the slips, by id."""
