"""Layers that change the channels without computing: space_to_depth, depth_to_space, pad_channels."""

from __future__ import annotations

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.layers.channels import DepthToSpace, PadChannels, SpaceToDepth


def space_to_depth(layer: SpaceToDepth, ledger: Ledger, x: Array) -> Array:
    """The first value of each block, behind it the next one, row by row: (*in, C) -> (*out, C*cells)."""
    # Where a block is not whole, the places of its values are not equally many: numpy refuses to join them.
    places = (
        tuple(slice(start, None, block) for start, block in zip(value, layer.block_size, strict=True))
        for value in np.ndindex(*layer.block_size)
    )
    return np.concatenate([x[place] for place in places], axis=-1)


def depth_to_space(layer: DepthToSpace, ledger: Ledger, x: Array) -> Array:
    """Equal parts of the channels take turns along each axis: (*in, C) -> (*out, C/cells)."""
    for axis, block in enumerate(layer.block_size):
        parts = np.stack(np.split(x, block, axis=-1), axis=axis + 1)
        x = parts.reshape(*parts.shape[:axis], -1, *parts.shape[axis + 2 :])
    return x


def pad_channels(layer: PadChannels, ledger: Ledger, x: Array) -> Array:
    """Channels of zeros around those of the input."""
    return np.pad(x, [*((0, 0) for _ in x.shape[:-1]), layer.zeros])
