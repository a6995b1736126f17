"""The page of the manual about words of other frameworks: the name of each here, or why it has no kind."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.layers.foreign import KINDS, REASONS, named_rows

INTRODUCTION = """# Words

What the layers of torch.nn and keras.layers are called here.

They are read in any capitals, with or without `_`, when they mean the same: `{Conv2D: 8, kernel_size: 3}` is
`{conv: 8, kernel: 3}`, `SAME` is `same`, `False` is `false`, and `cnncalc fmt` writes the word of the language. A name
that has the word of a kind is not listed: `ReLU` is `relu`. A `1d`, `2d` or `3d` asserts the number of axes.
`pixel_shuffle`, or PixelShuffle, is `depth_to_space` with PyTorch's order of the channels (see 'cnncalc layers
depth_to_space'); `reflection_pad` is `zeropad` with a mode.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return f"{INTRODUCTION}\n{''.join(_tables())}"


def _tables() -> Iterator[str]:
    yield "| here | elsewhere |\n| --- | --- |\n"
    for kind, names in named_rows(KINDS):
        word, *settings = kind.split()
        yield f"| `{word}`{''.join(f', `{one}`' for one in settings).replace('=', ': ')} | {', '.join(names)} |\n"
    yield "\nThese have no kind:\n\n| what to do | name |\n| --- | --- |\n"
    for reason, names in named_rows(REASONS):
        yield f"| {reason} | {', '.join(names)} |\n"
