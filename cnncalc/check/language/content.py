"""The problems of what a spec says: its words, names and numbers, and the network that they make."""

from __future__ import annotations

from cnncalc.check.explained import Explained

CONTENT: dict[str, Explained] = {
    "claim": Explained(
        "A claim does not hold, or cannot be read.",
        "out: and params: on a line, and everything under expect:, say what should come out. "
        "Either the architecture has changed or the claim was wrong: the message has both figures with the arithmetic. "
        "A number with a suffix is true to the digits that it writes, plain digits are exact.",
        bad="input: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4, out: 96x54x54}\n",
        good="input: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4, out: 96x55x55}\n",
    ),
    "input": Explained(
        "The input is missing or cannot be understood.",
        "Every figure follows from the input's shape: input: {C: 3, H: 224, W: 224}, or inputs: with a name for each.",
        bad="layers:\n- {conv: 16, kernel: 3}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n",
    ),
    "layout": Explained(
        "The order of a shape's sizes is unknown or looks swapped.",
        "3x227x227 and 227x227x3 are the same image in two orders. layout: says which one a spec writes, CHW or HWC; "
        "named sizes as {C: 3, H: 227, W: 227} need no order.",
        bad="input: 227x227x3\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n",
        good="layout: HWC\ninput: 227x227x3\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n",
    ),
    "missing-parameter": Explained(
        "A parameter is missing that has no default.",
        "Nothing is guessed: a convolution has no usual number of filters. 'cnncalc layers KIND' lists the parameters.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, stride: 1}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, stride: 1}\n",
    ),
    "name": Explained(
        "A name cannot be used.",
        "A name is given once and is no word with a meaning of its own, so that a reference means one thing.",
        bad=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 16, kernel: 3, activation: relu}\n"
            "- {name: stem, conv: 32, kernel: 3, activation: relu}\n"
        ),
        good=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 16, kernel: 3, activation: relu}\n"
            "- {name: body, conv: 32, kernel: 3, activation: relu}\n"
        ),
    ),
    "not-whole": Explained(
        "A size or count is not a whole number.",
        "Arithmetic is exact, and half a channel does not exist. // rounds down, "
        "round_to(x, 8) rounds as MobileNet does.",
        bad="input: {C: 27, H: 28, W: 28}\nlayers:\n- {conv: in/2, kernel: 1}\n",
        good="input: {C: 27, H: 28, W: 28}\nlayers:\n- {conv: in//2, kernel: 1}\n",
    ),
    "number": Explained(
        "A number is expected, and this cannot be read as one.",
        "Numbers are digits, names of vars: and parameters, in, and + - * / // % with parentheses, "
        "min, max and round_to.",
        bad="input: {C: 512}\nlayers:\n- {fc: 1e3}\n",
        good="input: {C: 512}\nlayers:\n- {fc: 1000}\n",
    ),
    "range": Explained(
        "A number is outside of what its parameter allows.",
        "A stride of 0 or a dropout rate of 2 has no meaning. The message has the limits.",
        bad="input: {C: 512}\nlayers:\n- {dropout: 50}\n- {fc: 10}\n",
        good="input: {C: 512}\nlayers:\n- {dropout: 0.5}\n- {fc: 10}\n",
    ),
    "rank": Explained(
        "A kind that is made for another number of axes is used.",
        "conv1d, conv2d and the like assert how many axes the input has. Write conv, which works for every number.",
        bad="input: {C: 1, L: 16000}\nlayers:\n- {conv2d: 16, kernel: 3}\n",
        good="input: {C: 1, L: 16000}\nlayers:\n- {conv: 16, kernel: 3}\n",
    ),
    "recursion": Explained(
        "A block uses itself.",
        "It would never end. Use repeat: for several copies.",
        bad="input: {C: 3, H: 32, W: 32}\nblocks:\n  stage: [{conv: 16, kernel: 3}, relu, stage]\nlayers:\n- stage\n",
        good=(
            "input: {C: 3, H: 32, W: 32}\nblocks:\n  stage: [{conv: 16, kernel: 3}, relu]\nlayers:\n"
            "- {stage: , repeat: 3}\n"
        ),
    ),
    "reference": Explained(
        "A name refers to no layer that can be read here.",
        "A reference points upwards, to a name: that a line was given, to prev or to input. "
        "Automatic names as conv2 change with every line that is added above, and cannot be referred to.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 3, kernel: 3, padding: 1}\n- relu\n- {add: [conv, prev]}\n",
        good=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 3, kernel: 3, padding: 1}\n- relu\n"
            "- {add: [stem, prev]}\n"
        ),
    ),
    "shape": Explained(
        "A layer cannot take the shape that enters it.",
        "The network is impossible as it is written. The message has the shapes; "
        "everything below the layer is not computed until it is mended.",
        bad="input: {C: 256, H: 6, W: 6}\nlayers:\n- {fc: 10}\n",
        good="input: {C: 256, H: 6, W: 6}\nlayers:\n- flatten\n- {fc: 10}\n",
    ),
    "too-large": Explained(
        "The network has more layers or values than anything real.",
        "It is most likely a slip in a repeat: or a size; and a spec from a stranger must not fill the memory.",
        bad=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n"
            "- {conv: 16, kernel: 3, padding: 1, activation: relu, repeat: 1000000}\n"
        ),
        good=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, padding: 1, activation: relu, repeat: 10}\n"
        ),
    ),
    "unknown-kind": Explained(
        "There is no layer or block of this name.",
        "'cnncalc layers' lists the kinds; a kind of your own is defined under blocks:.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n- rellu\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n- relu\n",
    ),
    "unknown-name": Explained(
        "A name in a number is not known here.",
        "Numbers may use vars:, the parameters of the block that they are in, and in, the channels that enter.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 32*width, kernel: 3}\n",
        good="input: {C: 3, H: 32, W: 32}\nvars: {width: 0.5}\nlayers:\n- {conv: 32*width, kernel: 3}\n",
    ),
    "unknown-parameter": Explained(
        "The layer has no parameter of this name.",
        "A mistyped parameter would silently leave the default. 'cnncalc layers KIND' lists the parameters.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, pading: 1}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, padding: 1}\n",
    ),
    "value": Explained(
        "A parameter has a value that it does not know.",
        "The message says what is expected: a size, a padding, true or false, or one of a few words.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, padding: full}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, padding: same}\n",
    ),
}
