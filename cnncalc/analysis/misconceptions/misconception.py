"""The record of a misconception: its words, and its changes of the right formulas.

To add one, write its entry in `sizes.py` or `counts.py`. Its edits are divided by `|`, each is one way to make the
mistake; `edits.py` says how they are read. Their symbols are those of the rules of layers (`layers/steps.py` has their
meanings), for an axis without its index, and

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
    fc, deconv, ...       known for a layer of that kind only; axes is known if the output has some
"""

from __future__ import annotations

from typing import NamedTuple


class Misconception(NamedTuple):
    """One way of going wrong.

    Attributes:
        id: its name in reports and statistics.
        rank: how unlikely it is: of several that give a number, the lowest comes first.
        phrase: the way to a number: "34,848 is the count `without the biases`".
        sentence: the explanation for a student, in one sentence.
        hint: the term to look at, without the answer.
        edits: the changes of the formulas; empty if it is not about formulas.
    """

    id: str
    rank: int
    phrase: str
    sentence: str
    hint: str
    edits: str
