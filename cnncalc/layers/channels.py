"""Layers that change the channels without computing: space_to_depth, depth_to_space, pad_channels."""

from __future__ import annotations

from math import prod
from typing import ClassVar, final

from cnncalc.errors import ShapeError
from cnncalc.layers.base import Rule, Weightless, require_map
from cnncalc.layers.derivations import axis_rules
from cnncalc.layers.parameters import Size, pair, size, word
from cnncalc.layers.reach import Reach, repeated
from cnncalc.shapes import AXES, AXIS_NAMES, Shape, by_axis

ORDERS = ("DCR", "CRD")


@final
class SpaceToDepth(Weightless):
    """Blocks of the map become channels: each value of a block goes to a channel of its own.

    Value i of a block, counted row by row, of channel c goes to channel i*C + c (ONNX, TensorFlow); with order CRD
    to channel c*prod(block_size) + i (PyTorch's PixelUnshuffle).

    Shape: (C, *in) -> (C * prod(block_size), *(in / block_size)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is a vector, or block_size does not divide its sizes.
    """

    kind: ClassVar[str] = "space_to_depth"
    presets = {"pixel_unshuffle": {"order": "CRD"}}
    source = "ONNX SpaceToDepth; the passthrough of Redmon & Farhadi 2016, arXiv:1612.08242, section 2"

    block_size: Size = size("size of a block per axis")
    order: str = word("the order of channels, as ONNX calls it: CRD is PyTorch's", default="DCR", words=ORDERS)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        for letter, n, block in zip(AXES[x.rank], x.spatial, self.block_size, strict=True):
            if n % block:
                raise ShapeError(
                    f"block_size {block} must divide the {AXIS_NAMES[letter]} {n}; pad or crop the map to a multiple"
                )
        sizes = zip(x.spatial, self.block_size, strict=True)
        return Shape(x.channels * prod(self.block_size), tuple(n // block for n, block in sizes))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        """The channels at one place see a whole block together."""
        return tuple(Reach(((0, block - 1),), block) for block in self.block_size)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        cells = Rule("channels", "C*cells", {"C": x.channels, "cells": prod(self.block_size)})
        return cells, *axis_rules(x.spatial, "{}/block_size", {"block_size": self.block_size})


@final
class DepthToSpace(Weightless):
    """Channels become blocks of the map: the reverse of space_to_depth.

    Value i of a block, counted row by row, of output channel c comes from channel i*C/prod(block_size) + c (ONNX's
    mode DCR, TensorFlow); with order CRD from channel c*prod(block_size) + i (PyTorch's PixelShuffle).

    Shape: (C, *in) -> (C / prod(block_size), *(in * block_size)).
    Weights: none.
    MACs: none.
    Raises: ShapeError if the input is a vector, or prod(block_size) does not divide C.
    """

    kind: ClassVar[str] = "depth_to_space"
    presets = {"pixel_shuffle": {"order": "CRD"}}
    source = "ONNX DepthToSpace, mode DCR; sub-pixel convolution: Shi et al. 2016, arXiv:1609.05158"

    block_size: Size = size("size of a block per axis")
    order: str = word("the order of channels, as ONNX calls it: CRD is PyTorch's", default="DCR", words=ORDERS)

    def output_shape(self, x: Shape) -> Shape:
        require_map(x)
        cells = prod(self.block_size)
        if x.channels % cells:
            block = by_axis(self.block_size)
            raise ShapeError(f"the {cells} values of a block of {block} must divide the {x.channels} channels")
        sizes = zip(x.spatial, self.block_size, strict=True)
        return Shape(x.channels // cells, tuple(n * block for n, block in sizes))

    def reach(self, x: Shape) -> tuple[Reach, ...]:
        return tuple(repeated(block) for block in self.block_size)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        cells = Rule("channels", "C/cells", {"C": x.channels, "cells": prod(self.block_size)})
        return cells, *axis_rules(x.spatial, "{}*block_size", {"block_size": self.block_size})


@final
class PadChannels(Weightless):
    """Channels of zeros added before and after those of the input.

    Shape: (C, *in) -> (before + C + after, *in).
    Weights: none.
    MACs: none.
    """

    kind: ClassVar[str] = "pad_channels"
    source = "He et al. 2015, arXiv:1512.03385, section 3.3: shortcuts of option A"

    zeros: tuple[int, int] = pair("channels of zeros before and after")

    def output_shape(self, x: Shape) -> Shape:
        return Shape(x.channels + sum(self.zeros), x.spatial)

    def rules(self, x: Shape) -> tuple[Rule, ...]:
        before, after = self.zeros
        return (Rule("channels", "C + P_before + P_after", {"C": x.channels, "P_before": before, "P_after": after}),)
