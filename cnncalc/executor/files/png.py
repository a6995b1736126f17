"""Pixels as PNG files, with the standard library alone, and texts as pixels."""

from __future__ import annotations

import os.path
import struct
import zlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

FONT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "glyphs.txt")
"""The public domain font 5x7 of X11: a line for each sign, and for each of its seven rows five bits."""

HIGH, WIDE = 7, 5
SCALE = 2
"""The size of a pixel of a sign."""

ADVANCE = (WIDE + 1) * SCALE
LINE = (HIGH + 3) * SCALE
"""The height of a line of text."""

Mask = NDArray[np.bool_]

REPLACED = str.maketrans("×–−·…≥", "x--.~>")


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels of 8 bits, (H, W) for grey ones or (H, W, 3) for red, green and blue, as a PNG file."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels).reshape(height, -1)
    filtered = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)  # each row begins with its filter, 0
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if pixels.ndim == 3 else 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def _glyphs() -> dict[str, Mask]:
    """Each sign as rows of pixels, true for ink."""
    with open(FONT, encoding="ascii") as file:
        signs = {line[0]: [int(row, 16) for row in line[2:].split()] for line in file}
    bits = np.arange(WIDE - 1, -1, -1)
    return {sign: (np.array(rows)[:, None] >> bits & 1).astype(bool) for sign, rows in signs.items()}


def text_pixels(text: str) -> Mask:
    """A line of text as pixels, true for ink; signs beyond ASCII are a question mark."""
    shown = np.zeros((LINE, max(len(text), 1) * ADVANCE), bool)
    for number, sign in enumerate(text.translate(REPLACED)):
        if sign == " ":
            continue
        glyph = _glyphs().get(sign, _glyphs()["?"])
        large = glyph.repeat(SCALE, axis=0).repeat(SCALE, axis=1)
        shown[: large.shape[0], number * ADVANCE :][:, : large.shape[1]] |= large
    return shown
