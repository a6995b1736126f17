"""Shapes without batch, and the order in which they are written."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal, NamedTuple

Layout = Literal["CHW", "HWC"]

OTHER_LAYOUT: dict[Layout, Layout] = {"CHW": "HWC", "HWC": "CHW"}

AXES: dict[int, tuple[str, ...]] = {0: (), 1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
"""The letters of the spatial axes by rank, outermost first."""

AXIS_NAMES = {"L": "length", "D": "depth", "H": "height", "W": "width"}

MAX_RANK = 3


def letters_of(rank: int, layout: Layout = "CHW") -> tuple[str, ...]:
    """The letters of all sizes in the order of `layout`: (C, H, W) or (H, W, C)."""
    return ("C", *AXES[rank]) if layout == "CHW" else (*AXES[rank], "C")


def by_axis(sizes: Sequence[object]) -> str:
    """Sizes as a spec writes them: `1x7`, `96x55x55`."""
    return "x".join(map(str, sizes))


def shorthand(sizes: Sequence[object]) -> str:
    """Sizes as a spec writes them, but one number if all axes have the same: `3`."""
    return str(sizes[0]) if len(set(sizes)) == 1 else by_axis(sizes)


class Shape(NamedTuple):
    """The shape of one tensor without its batch: channels and the size of each spatial axis.

    A vector has no spatial axes: `Shape(1000)`. It is not the same as `Shape(1000, (1, 1))`, a map
    of one pixel: `fc` takes the first only.
    """

    channels: int
    spatial: tuple[int, ...] = ()

    @property
    def rank(self) -> int:
        """The number of spatial axes: 0 for a vector, 2 for an image."""
        return len(self.spatial)

    @property
    def elements(self) -> int:
        """The number of values in the tensor."""
        return self.channels * prod(self.spatial)

    def sizes(self, layout: Layout = "CHW") -> tuple[int, ...]:
        """All sizes in the order of `layout`: (C, *spatial) or (*spatial, C)."""
        if layout == "HWC":
            return (*self.spatial, self.channels)
        return (self.channels, *self.spatial)

    def text(self, layout: Layout = "CHW") -> str:
        """The shape as it is written in a spec: `96x55x55`, or `55x55x96` for HWC."""
        return by_axis(self.sizes(layout))

    @classmethod
    def of(cls, sizes: tuple[int, ...], layout: Layout = "CHW") -> Shape:
        """The shape with these sizes in the order of `layout`."""
        if layout == "HWC":
            return cls(sizes[-1], sizes[:-1])
        return cls(sizes[0], sizes[1:])
