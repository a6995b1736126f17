"""Image files as maps."""

import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from executor.files.damage import damaged
from PIL import Image

from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.executor.files import images
from cnncalc.executor.files.images import read_image
from cnncalc.shapes import Shape

RGB_2X2 = Shape(3, (2, 2))
GREY_2X2 = Shape(1, (2, 2))

PIXELS = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [51, 102, 204]]], np.uint8)
"""Red, green; blue, and 0.2, 0.4, 0.8 of 255."""

CHANNELS = [[[1, 0], [0, 0.2]], [[0, 1], [0, 0.4]], [[0, 0], [1, 0.8]]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rounded(array: np.ndarray) -> object:
    return np.round(array.astype(float), 6).tolist()


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "ppm", "webp"])
def test_colours_are_channels_from_0_to_1(suffix: str) -> None:
    Image.fromarray(PIXELS).save(f"x.{suffix}", lossless=True)  # only webp has a choice
    array, note = read_image(f"x.{suffix}", RGB_2X2)
    assert array.dtype == np.float32
    assert (rounded(array), note) == (CHANNELS, "")


def test_a_photo_is_read() -> None:
    Image.new("RGB", (2, 2), (255, 255, 255)).save("x.jpg")
    assert rounded(read_image("x.jpg", RGB_2X2)[0]) == [[[1, 1], [1, 1]]] * 3


def test_a_grey_image_for_three_channels_gives_three_equal_ones() -> None:
    Image.fromarray(np.array([[0, 51], [102, 255]], np.uint8)).save("x.png")
    assert rounded(read_image("x.png", RGB_2X2)[0]) == [[[0, 0.2], [0.4, 1]]] * 3


def test_colours_for_one_channel_become_grey() -> None:
    Image.fromarray(PIXELS).save("x.png")
    # ITU-R 601-2: 0.299 R + 0.587 G + 0.114 B: 76, 150, 29 of 255; and 15.249 + 59.874 + 23.256 = 98
    assert rounded(read_image("x.png", GREY_2X2)[0] * np.float32(255)) == [[[76, 150], [29, 98]]]


def test_a_palette_is_looked_up() -> None:
    Image.fromarray(PIXELS).convert("P", palette=Image.Palette.ADAPTIVE, colors=4).save("x.gif")
    assert rounded(read_image("x.gif", RGB_2X2)[0]) == CHANNELS


def test_of_a_wider_image_the_centre_is_kept() -> None:
    wide = np.zeros((2, 6), np.uint8)
    wide[:, 2:4] = [[51, 102], [153, 204]]
    Image.fromarray(wide).save("x.png")
    array, note = read_image("x.png", GREY_2X2)
    assert rounded(array) == [[[0.2, 0.4], [0.6, 0.8]]]
    assert note == "x.png is 2x6: scaled to cover 2x2, and its centre kept"


def test_a_larger_image_is_scaled_down_and_a_smaller_one_up() -> None:
    # quarters of 200 equal pixels each: their middles keep their values
    quarters = np.kron(np.array([[51, 102], [153, 204]], np.uint8), np.ones((200, 200), np.uint8))
    Image.fromarray(quarters).save("large.png")
    Image.new("L", (1, 1), 51).save("small.png")
    large, note = read_image("large.png", Shape(1, (4, 4)))
    corners = large[0, ::3, ::3]
    assert np.abs(corners - [[0.2, 0.4], [0.6, 0.8]]).max() < 0.03
    assert note == "large.png is 400x400: scaled to cover 4x4, and its centre kept"
    assert rounded(read_image("small.png", GREY_2X2)[0]) == [[[0.2, 0.2], [0.2, 0.2]]]


def test_an_image_is_turned_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned a quarter to the right
    Image.fromarray(np.array([[0, 51], [102, 255]], np.uint8)).save("x.png", exif=exif)
    assert rounded(read_image("x.png", GREY_2X2)[0]) == [[[0.4, 0], [1, 0.2]]]


@pytest.mark.parametrize("shape", [Shape(2, (2, 2)), Shape(3, (2,)), Shape(3)], ids=Shape.text)
def test_an_input_that_is_no_image_takes_none(shape: Shape) -> None:
    with pytest.raises(ExecutionError, match=f"for an input of 1 or 3 channels with H and W, not {shape.text()}$"):
        read_image("x.png", shape)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_more_than_8_bits_are_not_cut_off_but_refused(dtype: type) -> None:
    Image.fromarray(np.array([[0, 1000], [2, 3]], dtype)).save("x.tif")
    with pytest.raises(ExecutionError, match=r"x.tif has more than 8 bits a channel \(.*\); give it as a .npy array$"):
        read_image("x.tif", GREY_2X2)


@pytest.mark.parametrize("content", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 2 2\n"])
def test_what_is_no_image_of_pixels_is_refused(content: bytes) -> None:
    Path("x.png").write_bytes(content)
    with pytest.raises(
        ExecutionError, match=r"^x.png is not an image; PNG, JPEG, BMP, GIF, TIFF, WEBP, PPM are known$"
    ):
        read_image("x.png", RGB_2X2)


def test_an_image_that_is_cut_short_is_refused() -> None:
    Image.effect_noise((64, 64), 50).save("x.png")
    Path("x.png").write_bytes(Path("x.png").read_bytes()[:2000])
    with pytest.raises(ExecutionError, match=r"^x.png is damaged, or not an image: "):
        read_image("x.png", RGB_2X2)


def test_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Image.fromarray(PIXELS).save("x.png")
    monkeypatch.setattr(images, "MAX_PIXELS", 3)
    with pytest.raises(ExecutionError, match=r"^x.png has too many pixels; at most 3 are read$"):
        read_image("x.png", RGB_2X2)


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        pytest.param(9_500, "is damaged, or not an image: ", id="90 million, of which Pillow warns"),
        pytest.param(12_000, "has too many pixels; at most 100,000,000 are read", id="144 million"),
        pytest.param(
            15_000, "has too many pixels; at most 100,000,000 are read", id="225 million, which Pillow refuses"
        ),
    ],
)
def test_a_header_that_claims_pixels_that_do_not_follow_is_refused(size: int, reason: str) -> None:
    Image.fromarray(PIXELS).save("x.png")
    whole = bytearray(Path("x.png").read_bytes())
    whole[16:24] = size.to_bytes(4, "big") * 2
    whole[29:33] = crc32(whole[12:29]).to_bytes(4, "big")
    Path("x.png").write_bytes(whole)
    with pytest.raises(
        ExecutionError, match=r"x.png (has too many pixels; at most 100,000,000 are|is damaged, or not)"
    ):
        read_image("x.png", RGB_2X2)


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIL", "PIL.Image", "PIL.ImageOps"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        MissingExtra, match=r"^the package Pillow is not installed; install it with: pip install 'cnncalc\[images\]'$"
    ):
        read_image("x.png", RGB_2X2)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "webp"])
def test_damaged_images_are_read_or_refused(suffix: str) -> None:
    path = f"x.{suffix}"
    Image.effect_noise((12, 10), 50).convert("RGB").save(path)
    whole, refused = Path(path).read_bytes(), list[str]()
    for copy in damaged(whole, 300, 200):
        Path(path).write_bytes(copy)
        try:
            assert read_image(path, RGB_2X2)[0].shape == (3, 2, 2)
        except ExecutionError as error:
            refused.append(str(error))
    assert all(message.startswith(path) for message in refused)
    assert 50 < len(refused) < 300
