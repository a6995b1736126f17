"""Sizes that mean something other than their writer thinks: another order, a batch in front, no channel.

A shape whose sizes are named, as `{C: 3, H: 224, W: 224}`, is always taken as it is.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.shapes import MAX_RANK, OTHER_LAYOUT, Layout, Shape, letters_of

IMAGE_CHANNELS = (1, 3, 4)
BATCHED_IMAGE = 16
GREY_IMAGE = 20
"""The smallest height and width that look like an image: after a batch, and alone."""

FEATURES = 16
"""The most values of one step of a sequence: sensors, prices; not the channels of a layer."""

STEPS_PER_FEATURE = 10

SEQUENTIAL = ("rnn", "lstm", "gru", "attention")
"""Kinds that read few long steps as often as many short ones, and no images; there is no warning for these."""

DOUBTED = 2
"""A warning takes channels for steps if they are so many times as many as the steps."""


class SizeSlip(NamedTuple):
    """A probable slip in sizes, with the intended ones and the text to write.

    Attributes:
        message: says both, and how to write the sizes that were read.
        swapped: whether the sizes are in the other order.
    """

    message: str
    swapped: bool = False


def slip(numbers: tuple[int, ...], layout: Layout, reader: str = "") -> SizeSlip | None:
    """The probable slip in sizes; None if they are as they are read. The reader is the kind that they enter."""
    if len(numbers) == MAX_RANK + 2:
        return SizeSlip(f"five sizes: {batch_advice('x'.join(map(str, numbers[1:])), numbers[0])}")
    if not 1 <= len(numbers) <= MAX_RANK + 1 or min(numbers) < 1 or (len(numbers) == 2 and reader in SEQUENTIAL):
        return None
    shape = Shape.of(numbers, layout)
    named = f"name the sizes as 'input: {named_sizes(shape)}'"
    if looks_swapped(shape, layout):
        return SizeSlip(swapped_message(numbers, layout), swapped=True)
    if looks_batched(numbers, layout):
        images = "one image" if numbers[0] == 1 else f"{numbers[0]} images"
        advice = batch_advice("x".join(map(str, numbers[1:])), numbers[0])
        return SizeSlip(f"looks like a batch of {images}; {advice}, or {named}")
    if looks_grey(numbers):
        grey, colour = (Shape(channels, numbers).text(layout) for channels in (1, 3))
        return SizeSlip(f"looks like an image without its channels; write {grey} or {colour}, or {named}")
    return None


def doubt(shape: Shape, layout: Layout) -> str:
    """The words for another possible meaning of sizes without names; empty for no doubt."""
    keep = f"name the sizes, 'input: {named_sizes(shape)}', if not"
    numbers = shape.sizes(layout)
    first, second = (numbers[0], numbers[-1]) if layout == "CHW" else (numbers[-1], numbers[0])
    if shape.rank == 1 and first >= DOUBTED * second:
        meant = named_sizes(Shape.of(numbers, OTHER_LAYOUT[layout]))
        return f"{first:,} channels and {second:,} steps may be in the other order; write 'input: {meant}', or {keep}"
    if layout == "HWC" and shape.rank == MAX_RANK and shape.channels in IMAGE_CHANNELS and numbers[1] == numbers[2]:
        advice = batch_advice("x".join(map(str, numbers[1:])), numbers[0])
        return f"may be a batch of {numbers[0]} images: {advice}; {keep}"
    return ""


def batch_advice(image: str, batch: int | str) -> str:
    """The message that the batch is not part of the input, with what to write."""
    beside = "" if batch in ("", 1, "1") else f" and --batch {batch}"
    return f"the batch is not part of the input; write {image}{beside}"


def named_sizes(shape: Shape) -> str:
    """The form that leaves no doubt: `{C: 3, H: 224, W: 224}`."""
    letters = zip(letters_of(shape.rank), shape.sizes(), strict=True)
    return f"{{{', '.join(f'{letter}: {n}' for letter, n in letters)}}}"


def looks_swapped(shape: Shape, layout: Layout) -> bool:
    """Whether sizes read in `layout` look as if they were written in the other order.

    `[227, 227, 3]` read as C, H, W has a last axis like a channel count and large others; `[128, 9]` read as
    C, L has few steps of many values.
    """
    if not shape.rank or (shape.rank == 1 and layout == "HWC"):
        return False  # channels last are stated, and a sequence has any number of them
    *others, suspect = shape.sizes() if layout == "CHW" else reversed(shape.sizes("HWC"))
    if suspect in IMAGE_CHANNELS and min(others) > 4 * suspect:
        return True
    return shape.rank == 1 and suspect <= FEATURES and others[0] >= STEPS_PER_FEATURE * suspect


def looks_batched(numbers: tuple[int, ...], layout: Layout) -> bool:
    """Whether four sizes look like a batch with the channels after it, or like a batch of 1: `32x3x224x224`."""
    if len(numbers) != MAX_RANK + 1:
        return False
    batch, first, middle, last = numbers
    if batch == 1 and last in IMAGE_CHANNELS and min(first, middle) > 4:
        return True
    # Three channels and four frames are the slow path of a network for videos.
    if first not in IMAGE_CHANNELS or (batch, first) == (3, 4) or (layout == "HWC" and last in IMAGE_CHANNELS):
        return False
    return min(middle, last) >= (5 if batch == 1 else BATCHED_IMAGE)


def looks_grey(numbers: tuple[int, ...]) -> bool:
    """Whether two sizes look like a height and a width: `28x28`."""
    return len(numbers) == 2 and numbers[0] == numbers[1] >= GREY_IMAGE


def swapped_message(numbers: tuple[int, ...], layout: Layout) -> str:
    """The message about sizes in the other order."""
    other = OTHER_LAYOUT[layout]
    shape = Shape.of(numbers, other)
    change = f"write 'layout: {other}' or" if layout == "CHW" else "leave out 'layout: HWC' or write"
    message = f"looks like {', '.join(letters_of(shape.rank, other))}; {change} 'input: {named_sizes(shape)}'"
    if shape.rank < MAX_RANK or layout == "HWC":
        return message
    image = named_sizes(Shape.of(numbers[1:], other))
    return f"{message}; if {numbers[0]} is the batch, write 'input: {image}' and --batch {numbers[0]}"
