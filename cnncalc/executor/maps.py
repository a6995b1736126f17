"""Feature maps and filters as pictures: a grid for each layer, on one scale that is written above it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil, sqrt
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnncalc.executor.base import Array
from cnncalc.executor.files.png import ADVANCE, LINE, text_pixels
from cnncalc.executor.run import Step

MOST_MAPS = 64
"""How many maps are drawn; of more, the first."""
LEAST_SIDE, MOST_SIDE = 48, 256
"""The fewest and most pixels of a map's side: values are repeated or averaged to fit."""
WIDEST = 1100
GAP = 4
MARGIN = 12
TEXT_WIDTH = 480
"""The least width at which a text folds."""
PAPER, INK = 255, 0
ROW = 2100
"""The width of a picture with several layers."""
MOST_PIXELS = 60_000_000
"""The most pixels of one picture."""


Values = NDArray[Any]
Pixels = NDArray[np.uint8]


class MapsPicture(NamedTuple):
    """The maps after a layer, or the filters of one, as pixels (H, W, 3)."""

    name: str
    pixels: Pixels


def watched(steps: Iterable[Step], names: Mapping[str, str], found: list[MapsPicture]) -> Iterator[Step]:
    """The steps of a run; the maps of the first input are drawn into a list, for the values that have a name."""
    for number, observation in steps:
        if not number and observation.path in names:
            found.append(maps_picture(names[observation.path], observation.output))
        yield number, observation


def maps_picture(name: str, values: Array, *, image: bool = False) -> MapsPicture:
    """Maps, channels first, as a picture; the three channels of an image are red, green and blue."""
    sizes = "x".join(map(str, values.shape[1:]))
    planes: Values
    if image and len(values) == 3 and values.ndim == 3:
        planes, about = values.transpose(1, 2, 0)[None], ", red, green and blue"
    else:
        planes, about = _planes(values)
    what = f"{len(values)} map{'s' if len(values) > 1 else ''} of {sizes}"
    return MapsPicture(name, _picture(f"{name}: {what}{about}", planes))


def filters_picture(name: str, weight: Array) -> MapsPicture:
    """The filters of a first layer, (out, in, *kernel), as a picture; of three input channels in colour."""
    out, into, *kernel = weight.shape
    sizes = "x".join(map(str, kernel))
    planes: Values
    if into == 3 and len(kernel) == 2:
        planes, about = weight.transpose(0, 2, 3, 1), ", red, green and blue are its input channels"
    elif len(kernel) == 1:
        planes, about = weight.reshape(1, out, -1), ", a row for each filter"
    else:
        planes, about = _planes(weight.reshape(-1, *kernel))
        about += f", {into} input channels of each filter side by side" if into > 1 else ""
    what = f"{out} filter{'s' if out > 1 else ''} of {sizes}"
    return MapsPicture(name, _picture(f"{name}: {what}{about}", planes))


def _planes(values: Values) -> tuple[Values, str]:
    """Maps with two axes, (N, H, W), and words for the change."""
    if values.ndim == 2:
        return values[None], ", a row for each channel"
    if values.ndim == 4:
        middle = values.shape[1] // 2
        return values[:, middle], f", slice {middle} of {values.shape[1]}, counted from 0, of the first axis"
    return values, ""


def _picture(head: str, planes: Values) -> Pixels:
    """Planes (N, H, W) or (N, H, W, 3) side by side, on one scale that is written above them."""
    shown = planes[:MOST_MAPS]
    low, high = float(shown.min()), float(shown.max())
    more = f", the first {MOST_MAPS} of {len(planes)} are drawn" if len(planes) > MOST_MAPS else ""
    tiles, factors = _fitted(_grey(shown, low, high))
    scale = f"black {low:.4g}, white {high:.4g}" if high > low else f"all values are {low:.4g}, drawn in grey"
    grid = _side_by_side(tiles)
    return _titled([f"{head}{more}", f"{scale}, evenly between them; {factors}"], grid)


def _grey(values: Values, low: float, high: float) -> Values:
    """Values as 0 to 255, evenly from the smallest to the largest; those of a constant are in the middle."""
    if high <= low:
        return np.full(values.shape, 127.0)
    return (values.astype(np.float64) - low) * (255 / (high - low))


def _fitted(planes: Values) -> tuple[Pixels, str]:
    """Planes of a good size as pixels of 8 bits, and words for the change."""
    sides = planes.shape[1:3]
    together = len(planes) > 1  # a map keeps its proportions; the rows of a single plane may be broad
    steps = [ceil(side / MOST_SIDE) for side in sides]
    steps = [max(steps)] * 2 if together else steps
    for axis, step in enumerate(steps, start=1):
        planes = _averaged(planes, axis, step)
    repeats = [max(1, ceil(LEAST_SIDE / side)) for side in planes.shape[1:3]]
    repeats = [min(repeats)] * 2 if together else repeats
    pixels = np.rint(planes).astype(np.uint8)
    for axis, repeat in enumerate(repeats, start=1):
        pixels = pixels.repeat(repeat, axis=axis)
    one = f"the mean of {steps[0]}x{steps[1]} values" if max(steps) > 1 else "a value"
    return pixels, f"{one} is {repeats[0]}x{repeats[1]} pixels"


def _averaged(planes: Values, axis: int, step: int) -> Values:
    """Planes with means of several values along an axis; the last may be of fewer."""
    if step == 1:
        return planes
    starts = np.arange(0, planes.shape[axis], step)
    counts = np.diff(np.append(starts, planes.shape[axis]))
    shape = [1] * planes.ndim
    shape[axis] = -1
    averaged: Values = np.add.reduceat(planes, starts, axis=axis) / counts.reshape(shape)
    return averaged


def _side_by_side(tiles: Pixels) -> Pixels:
    """Tiles (N, H, W[, 3]) in rows."""
    colour = tiles if tiles.ndim == 4 else np.repeat(tiles[..., None], 3, axis=-1)
    count, high, wide, _ = colour.shape
    columns = max(1, min(count, ceil(sqrt(count * high / wide)), (WIDEST + GAP) // (wide + GAP)))
    rows = ceil(count / columns)
    grid = np.full((rows * (high + GAP) - GAP, columns * (wide + GAP) - GAP, 3), PAPER, np.uint8)
    for number, tile in enumerate(colour):
        top, left = number // columns * (high + GAP), number % columns * (wide + GAP)
        grid[top : top + high, left : left + wide] = tile
    return grid


def _titled(texts: Sequence[str], grid: Pixels) -> Pixels:
    """A grid with lines of text above it."""
    width = max(TEXT_WIDTH, grid.shape[1])
    lines = [text_pixels(line) for text in texts for line in wrap(text, width // ADVANCE)]
    height = len(lines) * LINE + GAP
    drawn = np.full((height + grid.shape[0] + 2 * MARGIN, width + 2 * MARGIN, 3), PAPER, np.uint8)
    for number, line in enumerate(lines):
        top = MARGIN + number * LINE
        drawn[top : top + LINE, MARGIN : MARGIN + line.shape[1]][line] = INK
    drawn[MARGIN + height :, MARGIN:][: grid.shape[0], : grid.shape[1]] = grid
    return drawn


def in_one(pictures: Sequence[MapsPicture]) -> tuple[Pixels, list[str]]:
    """Pictures in rows as one picture, and the names of those for which there was no room."""
    width = max(ROW, *(picture.pixels.shape[1] for picture in pictures))
    rows: list[list[Pixels]] = []
    height, left_out = 0, list[str]()
    for name, pixels in pictures:
        if rows and sum(one.shape[1] for one in rows[-1]) + pixels.shape[1] <= width:
            grown = max(0, len(pixels) - max(map(len, rows[-1]), default=0))
        else:
            grown = len(pixels)
            rows.append([])
        if height + grown > MOST_PIXELS // width:
            left_out.append(name)
            continue
        height += grown
        rows[-1].append(pixels)
    return np.concatenate([_padded(_row(row), width) for row in rows if row]), left_out


def _row(pictures: Sequence[Pixels]) -> Pixels:
    height = max(map(len, pictures))
    return np.concatenate([np.pad(one, ((0, height - len(one)), (0, 0), (0, 0)), constant_values=PAPER)
                           for one in pictures], axis=1)  # fmt: skip


def _padded(pixels: Pixels, width: int) -> Pixels:
    return np.pad(pixels, ((0, 0), (0, width - pixels.shape[1]), (0, 0)), constant_values=PAPER)
