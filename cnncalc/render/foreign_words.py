"""The page of the manual about the words of other frameworks: what each is called here, or why it has no kind."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.layers.foreign import KINDS, NOT_YET, REASONS, named_rows
from cnncalc.network.vocabulary import WORDS

INTRODUCTION = """# Words

What the layers of torch.nn and keras.layers are called here, and other words for them.

They are read in any capitals, with or without `_`, when they mean the same: `{Conv2D: 8, kernel_size: 3}` is
`{conv: 8, kernel: 3}`, `SAME` is `same`, `False` is `false`, and `cnncalc fmt` writes the word of the language. A name
that has the word of a kind is not listed: `ReLU` is `relu`. A `1d`, `2d` or `3d` asserts the number of axes.
`pixel_shuffle` has the shapes of `depth_to_space`; PyTorch puts the values into another order (see 'cnncalc layers
depth_to_space').
"""


def page() -> str:
    """The whole page, in Markdown."""
    return f"{INTRODUCTION}\n{''.join(_tables())}"


def _tables() -> Iterator[str]:
    yield "| here | elsewhere |\n| --- | --- |\n"
    for kind, names in named_rows(KINDS):
        note = f"`{kind}`" if kind in WORDS else NOT_YET
        yield f"| {note} | {', '.join(names)} |\n"
    yield "\nThese have no kind:\n\n| what to do | name |\n| --- | --- |\n"
    for reason, names in named_rows(REASONS):
        others = [name for name in names if name.lower() not in WORDS]
        yield f"| {reason} | {', '.join(others)} |\n"
