"""Image files as arrays, decoded by Pillow."""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import Any

import numpy as np

from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.base import Array
from cnncalc.executor.files.reading import reading
from cnncalc.shapes import Shape

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
"""The formats that Pillow may read, under any name. It would hand some others to other programs."""

MODES = {1: "L", 3: "RGB"}
"""Pillow's word for an image, by its number of channels."""

DEEP = ("I", "F")
"""Beginnings of modes with more than 8 bits a channel: Pillow would cut their values off, not scale them."""

MAX_PIXELS = 100_000_000

ORIENTATION = 0x0112
"""Exif's tag for the way the camera was held; 1 for upright."""


def read_image(path: str, shape: Shape) -> tuple[Array, str]:
    """An image as a map of this shape, with values from 0 to 1.

    The shape's channels say whether it is read in colour or grey. An image of another size is scaled
    until it just covers the map, and its centre is kept.

    Returns:
        The map, channels first, and a note on its scaling; empty if it has its own size.
    """
    if shape.rank != 2 or shape.channels not in MODES:
        raise ExecutionError(f"{path} is an image, for an input of 1 or 3 channels with H and W, not {shape.text()}")
    library = _library()
    with reading(path, "an image"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's warnings about files that it reads nevertheless
        image = _decoded(library, path, MODES[shape.channels])
        note = _note(path, (image.height, image.width), shape)
        if note:
            image = library.ImageOps.fit(image, shape.spatial[::-1], library.Image.Resampling.BILINEAR)
        pixels = np.array(image, np.float32).reshape(*shape.spatial, shape.channels)
    return np.moveaxis(pixels, -1, 0) / np.float32(255), note


def _decoded(library: Any, path: str, mode: str) -> Any:
    """The image, turned as the camera was held."""
    try:
        with library.Image.open(path, formats=FORMATS) as file:
            if file.width * file.height > MAX_PIXELS:
                raise library.Image.DecompressionBombError
            if file.mode.startswith(DEEP):
                raise ExecutionError(f"{path} has more than 8 bits a channel ({file.mode}); give it as a .npy array")
            if file.getexif().get(ORIENTATION, 1) != 1:
                return library.ImageOps.exif_transpose(file).convert(mode)
            file.load()
            return file if file.mode == mode else file.convert(mode)  # a copy of a large image takes a lot of memory
    except library.UnidentifiedImageError:
        raise ExecutionError(f"{path} is not an image; {', '.join(FORMATS)} are known") from None
    except library.Image.DecompressionBombError:
        raise ExecutionError(f"{path} has too many pixels; at most {MAX_PIXELS:,} are read") from None


def _note(path: str, found: tuple[int, int], shape: Shape) -> str:
    """The note on an image of another size than the input's."""
    if found == shape.spatial:
        return ""
    height, width = shape.spatial
    return f"{path} is {found[0]}x{found[1]}: scaled to cover {height}x{width}, and its centre kept"


def _library() -> ModuleType:
    try:
        import PIL
        import PIL.Image
        import PIL.ImageOps
    except ImportError:
        raise MissingExtra("Pillow", "images") from None
    return PIL
