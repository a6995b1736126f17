"""Sizes of the input that fit, if joined maps differ in size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.shapes import AXES, Layout, Shape

FURTHEST = 32
"""How far sizes are searched: five halvings leave no remainder at every 32nd."""

Builds = Callable[[list[str]], bool]
"""Whether the network can be built with these sizes, as overrides write them: `H=304`."""


def advice(inputs: Mapping[str, Shape], layout: Layout, builds: Builds) -> str:
    """`; an input of 3x296x296 or 3x304x304 fits`, the nearest of both sides; empty if there is none."""
    if len(inputs) != 1:
        return ""
    (x,) = inputs.values()
    nearest = [tuple(_nearest(n, step, x, builds) for n in x.spatial) for step in (-1, 1)]
    fitting = [sizes for sizes in nearest if all(sizes) and builds(_overrides(sizes))]
    texts = [Shape(x.channels, sizes).text(layout) for sizes in dict.fromkeys(fitting)]
    return f"; an input of {' or '.join(texts)} fits" if texts else ""


def _nearest(size: int, step: int, x: Shape, builds: Builds) -> int:
    """The nearest size on one side that an input may have on all axes, the size itself included; 0 if none is near."""
    sizes = range(size, max(size + step * FURTHEST, 0), step)
    return next((n for n in sizes if builds(_overrides((n,) * x.rank))), 0)


def _overrides(sizes: tuple[int, ...]) -> list[str]:
    return [f"{letter}={n}" for letter, n in zip(AXES[len(sizes)], sizes, strict=True)]
