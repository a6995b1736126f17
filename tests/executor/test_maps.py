"""Feature maps and filters as pictures: which grey a value has, what is said above, and how large they may get."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cnncalc.executor import maps
from cnncalc.executor.files.png import png_bytes, text_pixels
from cnncalc.executor.maps import MapsPicture, filters_picture, in_one, maps_picture


def below_text(picture: MapsPicture) -> NDArray[np.uint8]:
    """The grid of a picture: the part below the last white line, without the margin."""
    rows = np.flatnonzero((picture.pixels != 255).any(axis=(1, 2)))
    first = rows[np.flatnonzero(np.diff(rows) > 6)[-1] + 1]
    return picture.pixels[first:-12, 12:]


def said(monkeypatch: pytest.MonkeyPatch, draw: Any, *arguments: Any, **options: Any) -> str:
    """The text that a picture begins with."""
    lines: list[str] = []

    def kept(line: str) -> NDArray[np.bool_]:
        lines.append(line)
        return text_pixels(line)

    monkeypatch.setattr(maps, "text_pixels", kept)
    draw(*arguments, **options)
    return " ".join(lines)


def test_the_smallest_value_is_black_the_largest_white_and_those_between_are_even() -> None:
    grid = below_text(maps_picture("m", np.array([[[-1, 0], [1, 3]]], np.float32)))
    # 4 from -1 to 3: 0 is a quarter of 255, 63.75, and 1 a half, 127.5; a value is 24 pixels, 48 for two of them
    assert [grid[y, x].tolist() for y in (0, 24) for x in (0, 24)] == [[0] * 3, [64] * 3, [128] * 3, [255] * 3]
    assert (grid[:24, :24] == 0).all()


def test_maps_of_a_layer_have_one_scale_and_stand_side_by_side() -> None:
    values = np.array([0, 1, 2, 4], np.float32).reshape(4, 1, 1) * np.ones((1, 48, 48), np.float32)
    grid = below_text(maps_picture("m", values))
    assert [int(grid[y, x, 0]) for y in (1, 53) for x in (1, 53)] == [0, 64, 128, 255]  # 48 pixels and a gap of 4


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ((64, 4, 4), "m: 64 maps of 4x4 black 0, white 1, evenly between them; a value is 12x12 pixels"),
        ((65, 48, 48), "m: 65 maps of 48x48, the first 64 of 65 are drawn"),
        ((1, 600, 300), "the mean of 3x2 values is 1x1 pixels"),
        ((2, 600, 300), "the mean of 3x3 values is 1x1 pixels"),
        ((3, 8, 4, 4), "slice 4 of 8, counted from 0, of the first axis"),
        ((5, 1000), "m: 5 maps of 1000, a row for each channel black 0, white 1, evenly between them; the mean of 1x4 "
         "values is 10x1 pixels"),
    ],
)  # fmt: skip
def test_what_was_done_to_the_maps_is_said(shape: tuple[int, ...], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.zeros(shape, np.float32)
    values[(0,) * len(shape)] = 1
    values[:, -1] = 1
    assert text in said(monkeypatch, maps_picture, "m", values)


def test_a_constant_is_grey_and_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.full((1, 2, 2), 7, np.float32)
    assert below_text(maps_picture("m", values))[0, 0].tolist() == [127] * 3
    assert "all values are 7, drawn in grey" in said(monkeypatch, maps_picture, "m", values)


def test_an_odd_rest_is_averaged_by_itself() -> None:
    values = np.zeros((2, 257, 257), np.float32)
    values[0, -1, -1] = values[1, 0, 0] = 1
    grid = below_text(maps_picture("m", values))
    assert grid[128, 128, 0] == 255  # the last of 257, alone in its pixel
    assert grid[0, 129 + 4, 0] == 64  # one of four


def test_filters_of_three_channels_are_in_colour_others_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = np.zeros((1, 3, 1, 1), np.float32)
    weight[0, :, 0, 0] = (-1, 0, 1)
    assert below_text(filters_picture("f", weight))[0, 0].tolist() == [0, 128, 255]
    grid = below_text(filters_picture("f", np.array([0, 1], np.float32).reshape(1, 2, 1, 1)))
    assert (int(grid[0, 0, 0]), int(grid[0, 52, 0])) == (0, 255)
    two = "f: 8 filters of 3x3, 2 input channels of each filter side by side"
    assert two in said(monkeypatch, filters_picture, "f", np.zeros((8, 2, 3, 3), np.float32))
    assert "f: 4 filters of 5, a row for each filter" in said(
        monkeypatch, filters_picture, "f", np.zeros((4, 1, 5), np.float32)
    )


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (4, 2, 3)])
def test_pixels_come_back_from_their_file(shape: tuple[int, ...]) -> None:
    pixels = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) * 7
    with Image.open(io.BytesIO(png_bytes(pixels))) as image:
        assert np.array_equal(np.array(image), pixels)


def test_signs_are_those_of_the_font() -> None:
    shown = text_pixels("I×")[::2, ::2]  # each pixel of a sign is two by two
    assert ["".join(".#"[int(pixel)] for pixel in row) for row in shown[:6, :5]] == [
        ".###.", "..#..", "..#..", "..#..", "..#..", ".###.",
    ]  # fmt: skip
    for sign, like in zip("×–−·…≥", "x--.~>", strict=True):
        assert np.array_equal(text_pixels(sign), text_pixels(like))
        assert not np.array_equal(text_pixels(sign), text_pixels("?"))
    assert np.array_equal(text_pixels("é"), text_pixels("?"))


def test_what_has_no_room_in_one_picture_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_PIXELS", 2100 * 100)
    tall, low = np.zeros((101, 10, 3), np.uint8), np.zeros((60, 2000, 3), np.uint8)
    pictures = [MapsPicture(name, pixels) for name, pixels in (("a", low), ("b", tall), ("c", low), ("d", low[:40]))]
    whole, left_out = in_one(pictures)
    assert (whole.shape, left_out) == ((100, 2100, 3), ["b", "c"])
