"""The problems that reading a spec can find, each with what it means: the ids are those of `spec` and `network`."""

from __future__ import annotations

from typing import NamedTuple


class Explained(NamedTuple):
    """What an id stands for.

    Attributes:
        summary: one sentence that says what was found.
        reason: why it is wrong, and what to do.
    """

    summary: str
    reason: str


LANGUAGE: dict[str, Explained] = {
    "anchor": Explained(
        "An anchor or alias of YAML is used.",
        "Anchors make a spec hard to read, and a few lines of them expand to billions of layers. "
        "What repeats is a block under blocks:, a number under vars:, or repeat: on a line.",
    ),
    "block": Explained(
        "The definition of a block is wrong.",
        "A block is defined once, as 'name(parameter, parameter=default): [layers]', and neither it nor its parameters "
        "may have the name of a kind or of a parameter: a line could be read in two ways.",
    ),
    "character": Explained(
        "The file has a character that does not belong in text.",
        "Control characters are invisible and can steer the terminal that shows the spec. Remove the character.",
    ),
    "claim": Explained(
        "A claim does not hold, or cannot be read.",
        "out: and params: on a line, and everything under expect:, say what should come out. "
        "Either the architecture has changed or the claim was wrong: the message has both figures with the arithmetic. "
        "A number with a suffix is true to the digits that it writes, plain digits are exact.",
    ),
    "depth": Explained(
        "Lists and mappings are nested too deeply.",
        "No network needs forty levels; each level below is a chance to lose count of brackets. Name a block instead.",
    ),
    "duplicate-key": Explained(
        "A key stands twice in one place.",
        "YAML would silently keep the last one. Remove one of them; an alias and its canonical name are the same key.",
    ),
    "empty": Explained(
        "The file is empty.",
        "A spec has at least the keys input: and layers:.",
    ),
    "first": Explained(
        "first: stands on a line that is not repeated.",
        "first: overrides parameters of the first of several copies. Without repeat: there is one copy only: "
        "write the parameters on the line itself.",
    ),
    "grammar": Explained(
        "Something else is expected in this place.",
        "The message says which: a list of layers, a mapping with parameters, a name, or a text.",
    ),
    "input": Explained(
        "The input is missing or cannot be understood.",
        "Every figure follows from the input's shape: input: {C: 3, H: 224, W: 224}, or inputs: with a name for each.",
    ),
    "key": Explained(
        "A key is not a word.",
        "Keys are words of the language or names of your own; a list or mapping cannot be one.",
    ),
    "layout": Explained(
        "The order of a shape's sizes is unknown or looks swapped.",
        "3x227x227 and 227x227x3 are the same image in two orders. layout: says which one a spec writes, CHW or HWC; "
        "named sizes as {C: 3, H: 227, W: 227} need no order.",
    ),
    "missing-parameter": Explained(
        "A parameter is missing that has no default.",
        "Nothing is guessed: a convolution has no usual number of filters. 'cnncalc layers KIND' lists the parameters.",
    ),
    "name": Explained(
        "A name cannot be used.",
        "A name is given once and is no word with a meaning of its own, so that a reference means one thing.",
    ),
    "not-whole": Explained(
        "A size or count is not a whole number.",
        "Arithmetic is exact, and half a channel does not exist. // rounds down, "
        "round_to(x, 8) rounds as MobileNet does.",
    ),
    "number": Explained(
        "A number is expected, and this cannot be read as one.",
        "Numbers are digits, names of vars: and parameters, in, and + - * / // % with parentheses, "
        "min, max and round_to.",
    ),
    "range": Explained(
        "A number is outside of what its parameter allows.",
        "A stride of 0 or a dropout rate of 2 has no meaning. The message has the limits.",
    ),
    "rank": Explained(
        "A kind that is made for another number of axes is used.",
        "conv1d, conv2d and the like assert how many axes the input has. Write conv, which works for every number.",
    ),
    "recursion": Explained(
        "A block uses itself.",
        "It would never end. Use repeat: for several copies.",
    ),
    "reference": Explained(
        "A name refers to no layer that can be read here.",
        "A reference points upwards, to a name: that a line was given, to prev or to input. "
        "Automatic names as conv2 change with every line that is added above, and cannot be referred to.",
    ),
    "shape": Explained(
        "A layer cannot take the shape that enters it.",
        "The network is impossible as it is written. The message has the shapes; "
        "everything below the layer is not computed until it is mended.",
    ),
    "tag": Explained(
        "A tag of YAML is used.",
        "Tags (!name) build objects of a programming language. A spec is plain data: write the value alone.",
    ),
    "too-large": Explained(
        "The network has more layers or values than anything real.",
        "It is most likely a slip in a repeat: or a size; and a spec from a stranger must not fill the memory.",
    ),
    "too-many": Explained(
        "The file has so many problems that reading stopped.",
        "Mend the first ones; the others often follow from them.",
    ),
    "two-kinds": Explained(
        "A line names two kinds of layers.",
        "Each layer has a line of its own, but for the norm: and activation: behind a convolution.",
    ),
    "unknown-key": Explained(
        "The spec has a key that the language does not know.",
        "A mistyped key would be ignored in silence, and with it what it says. The message lists the keys.",
    ),
    "unknown-kind": Explained(
        "There is no layer or block of this name.",
        "'cnncalc layers' lists the kinds; a kind of your own is defined under blocks:.",
    ),
    "unknown-name": Explained(
        "A name in a number is not known here.",
        "Numbers may use vars:, the parameters of the block that they are in, and in, the channels that enter.",
    ),
    "unknown-parameter": Explained(
        "The layer has no parameter of this name.",
        "A mistyped parameter would silently leave the default. 'cnncalc layers KIND' lists the parameters.",
    ),
    "unreadable": Explained(
        "The file cannot be read.",
        "It is missing, protected, larger than 4 MB or not UTF-8, so that nothing in it was checked.",
    ),
    "value": Explained(
        "A parameter has a value that it does not know.",
        "The message says what is expected: a size, a padding, true or false, or one of a few words.",
    ),
    "version": Explained(
        "The spec is written for another version of the format.",
        "cnncalc: gives the version of the language; a newer one may mean something else by the same words.",
    ),
    "yaml": Explained(
        "The file is not valid YAML, or more than one document.",
        "Most often the indentation, a missing space behind a colon, or a colon in a text without quotes.",
    ),
}
