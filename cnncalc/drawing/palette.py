"""The colours: the meaning of each, bright and dark; they differ in lightness, too, for grey paper."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from cnncalc.drawing.picture import DrawnThing, Lettering, Surface, rectangle, text_width
from cnncalc.layers import LAYERS


class Colours(NamedTuple):
    """The meaning of a colour in the legend (empty for none), and its fill and outline on bright and on dark."""

    what: str
    bright: tuple[str, str]
    dark: tuple[str, str]


ROLES = {
    "input": Colours("", ("#ffffff", "#444444"), ("#20252b", "#c8cdd3")),
    "point": Colours("", ("#78b0e0", "#1f4e79"), ("#1c4a75", "#8fc1ea")),
    "frame": Colours("", ("#f5f6f8", "#8a9099"), ("#1e2329", "#7d858e")),
    "block": Colours("block of layers", ("#d7dde4", "#5a626c"), ("#2b323a", "#a4adb7")),
    "conv": Colours("convolution", ("#78b0e0", "#1f4e79"), ("#1d568b", "#8fc1ea")),
    "pool": Colours("pooling, resizing", ("#f4b06a", "#96540e"), ("#84582a", "#f6c591")),
    "dense": Colours("fully connected, attention, recurrent", ("#45a080", "#0f4f3b"), ("#0b3f2e", "#7fd0b4")),
    "norm": Colours("normalisation, activation", ("#d3caf0", "#5b4a8a"), ("#44366c", "#c6b9ec")),
    "merge": Colours("merge of paths", ("#fff3b0", "#857200"), ("#786c18", "#f1e08a")),
    "move": Colours("rearrangement", ("#fae0ec", "#8c4a66"), ("#683950", "#efbfd2")),
    "padding": Colours("padding", ("#ececec", "#8f8f8f"), ("#2a2f35", "#80878f")),
    "window": Colours("window", ("#e2711d", "#7a3300"), ("#a85400", "#ffdcae")),
    "next": Colours("next window", ("#b9dcf5", "#1f4e79"), ("#1c4a75", "#8fc1ea")),
}  # fmt: skip
"""The colours by role; after Okabe and Ito, with hues that all eyes can distinguish, and different lightness."""

OF_MODULE = {
    "convolution": "conv", "transposed": "conv", "pooling": "pool", "unpooling": "pool", "resizing": "pool",
    "linear": "dense", "recurrent": "dense", "attention": "dense", "learned": "dense", "normalization": "norm",
    "scaling": "norm", "activation": "norm", "curves": "norm", "merging": "merge",
}  # fmt: skip
"""The role of kinds, by their module in `layers`; others are rearrangements."""


def role_of(kind: str) -> str:
    """The role of a kind of layer."""
    return OF_MODULE.get(LAYERS[kind].__module__.rpartition(".")[2], "move")


def legend(roles: Collection[str], width: float) -> tuple[list[DrawnThing], float]:
    """A swatch with its meaning for each role that is used, and the height that they take."""
    drawn: list[DrawnThing] = []
    x, y = 0.0, 12.0
    used = [(role, colours.what) for role, colours in ROLES.items() if role in roles and colours.what]
    for role, what in used:
        taken = 16 + text_width(what, 11)
        if x and x + taken > width:
            x, y = 0.0, y + 18
        drawn.append(Surface(rectangle(x, y - 10, 11, 11), role))
        drawn.append(Lettering(x + 16, y, what, 11, "start"))
        x += taken + 16
    return drawn, y + 4 if used else 0.0
