"""Misconceptions about MACs, FLOPs and bytes, and about the receptive field."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from cnncalc.analysis.misconceptions.entry import Misconception
from cnncalc.analysis.misconceptions.layer_terms import Around
from cnncalc.analysis.misconceptions.terms import Terms


def _doubled_or_halved(t: Terms, around: Around) -> Iterator[Terms]:
    yield t._replace(factor=2)
    yield t._replace(factor=Fraction(1, 2))


def _one_position(t: Terms, around: Around) -> Iterator[Terms]:
    if t.taps and t.axes:
        yield t._replace(positions=1)


def _params_for_macs(t: Terms, around: Around) -> Iterator[Terms]:
    """The params: a bias for each filter beside the weights."""
    if t.taps and t.axes and t.bias == "filter":
        yield t._replace(positions=1, more_macs=t.filters)


def _input_positions(t: Terms, around: Around) -> Iterator[Terms]:
    if t.taps and any(axis.rule == "window" for axis in t.axes):
        yield t._replace(positions=prod(axis.size for axis in t.axes))


def _biases_added(t: Terms, around: Around) -> Iterator[Terms]:
    if t.bias == "filter":
        yield t._replace(biased=True)


def _other_bytes(t: Terms, around: Around) -> Iterator[Terms]:
    for value_bytes in (1, 2, 8):
        yield t._replace(value_bytes=value_bytes)


def _bits(t: Terms, around: Around) -> Iterator[Terms]:
    yield t._replace(value_bytes=32)


def _own_jump(t: Terms, around: Around) -> Iterator[Terms]:
    if t.moving:
        yield t._replace(axes=tuple(axis._replace(jump=axis.jump * axis.stride) for axis in t.axes))


OPERATIONS: tuple[Misconception, ...] = (
    Misconception(
        "macs-for-flops", 9, "with MACs and FLOPs confused",
        "MACs and FLOPs are confused: a multiply–accumulate is two operations, so FLOPs = 2·MACs.",
        "Look at the unit: is one multiply–accumulate one or two of what is asked for?",
        _doubled_or_halved,
    ),
    Misconception(
        "positions-forgotten", 10, "at one position only",
        "The positions are left out: the kernels are applied at every position of the output.",
        "Look at the positions: how often is a kernel applied?",
        lambda t, around: (*_one_position(t, around), *_params_for_macs(t, around)),
    ),
    Misconception(
        "positions-of-input", 17, "at the positions of the input",
        "The positions of the input are taken: the kernels are applied once for each position of the output.",
        "Look at the positions: are they those of the input or those of the output?",
        _input_positions,
    ),
    Misconception(
        "bias-in-macs", 14, "with the additions of the biases",
        "The additions of the biases are counted: a bias is added, it is not multiplied.",
        "Look at the biases: are they a multiply–accumulate?",
        _biases_added,
    ),
    Misconception(
        "bytes-wrong", 10, "with another number of bytes for a value",
        "A value takes 4 bytes here (fp32).",
        "Look at the unit: how many bytes does one value take?",
        _other_bytes,
    ),
    Misconception(
        "bits-for-bytes", 14, "in bits",
        "This is the number of bits: a byte has eight.",
        "Look at the unit: bits or bytes?",
        _bits,
    ),
    Misconception(
        "jump-ignored", 10, "with the layer's kernel added as it is",
        "The kernel is added as it is: its taps are as far apart in the input as all strides before them say.",
        "Look at the jump: how far apart are two neighbouring values of this layer's input, in pixels?",
        lambda t, around: (t._replace(axes=tuple(axis._replace(jump=1) for axis in t.axes)),),
    ),
    Misconception(
        "field-is-kernel", 11, "for this layer alone",
        "This is what the layer sees of its own input: the receptive field goes down to the network's input.",
        "Look at the layers before this one: what do they see?",
        lambda t, around: (t._replace(axes=tuple(axis._replace(field=1, jump=1) for axis in t.axes)),),
    ),
    Misconception(
        "field-plus-kernel", 12, "with K steps for K − 1",
        "K taps are K − 1 steps apart: the field grows by (K − 1)·jump.",
        "Look at the steps: how many are there between K taps?",
        lambda t, around: (t._replace(axes=tuple(axis._replace(less=0) for axis in t.axes)),),
    ),
    Misconception(
        "jump-of-output", 13, "with the jump behind the layer",
        "The jump behind this layer is taken: its taps are as far apart as the values of its input.",
        "Look at the jump: is it the one before or the one behind this layer?",
        _own_jump,
    ),
)  # fmt: skip
"""About operations, bytes and the receptive field."""
