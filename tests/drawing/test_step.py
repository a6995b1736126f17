"""One layer as a picture: its windows lie where they should, and its figures are those of `explain`."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bundled import ONE_OF_EACH, report_of
from drawing.test_pictures import check_texts, letterings
from every import for_every
from running import Run

from cnncalc.drawing.picture import Picture, Surface
from cnncalc.drawing.pixels import CELL, VALUE
from cnncalc.drawing.step import step_picture
from cnncalc.drawing.svg import svg_text


def drawn(spec: str, layer: str) -> Picture:
    return step_picture(report_of(spec), report_of(spec)[layer].layers[0])


def pixels(picture: Picture, side: float = CELL) -> list[tuple[str, int, int]]:
    """The role, row and column of each pixel of the window picture, from its upper left corner."""
    cells = [thing for thing in picture.things if isinstance(thing, Surface)]
    found = [(c.role, *c.extent[:2]) for c in cells if {c.extent[2] - c.extent[0], c.extent[3] - c.extent[1]} == {side}]
    left, top = min(x for _, x, _ in found), min(y for _, _, y in found)
    return [(role, round((y - top) / side), round((x - left) / side)) for role, x, y in found]


def test_windows_of_alexnet() -> None:
    # 11x11 taps; the next window is 4 columns on, of which 7 belong to the first, too
    counts = Counter(role for role, _, _ in pixels(drawn("alexnet", "conv1")))
    assert (counts["window"], counts["next"], counts["padding"]) == (11 * 11, 11 * 4, 0)


def test_windows_begin_in_the_padding() -> None:
    cells = pixels(drawn("resnet50", "maxpool"))  # kernel 3, stride 2, padding 1
    assert {(y, x) for role, y, x in cells if role == "window"} == {(y, x) for y in range(3) for x in range(3)}
    assert {(y, x) for role, y, x in cells if role == "next"} == {(y, x) for y in range(3) for x in (3, 4)}
    assert all(y == 0 or x == 0 for role, y, x in cells if role == "padding")


def test_dilation_leaves_gaps() -> None:
    cells = pixels(drawn("wavenet_dilated", "z2/branches/1/conv"))  # kernel 2, dilation 2, causal: 2 before
    assert [(role, x) for role, _, x in cells][:4] == [("window", 0), ("next", 1), ("window", 2), ("next", 3)]


def test_padding_says_what_it_holds_and_windows_have_their_values() -> None:
    picture = drawn("alexnet", "conv2")  # padding 2 on 27x27: of 16x16 pixels 14x14 are inside
    assert [text.text for text in letterings(picture)].count("0") == 16 * 16 - 14 * 14
    assert [text.text for text in letterings(drawn("resnet50", "maxpool"))].count("−∞") == 16 * 16 - 15 * 15
    values = pixels(picture, VALUE)
    assert values[:3] == [("window", 0, 0), ("next", 0, 1), ("input", 0, 2)]


def test_a_transposed_convolution_writes_windows() -> None:
    picture = drawn("dcgan_generator", "conv1")  # 4x4 values, kernel 5, stride 2: 8x8 and padding 2 on each side
    cells = pixels(picture)
    assert max(cells[-1][1:]) == 11
    assert {(y, x) for role, y, x in cells if role == "next"} == {(y, x) for y in range(5) for x in (5, 6)}
    assert [text.text for text in letterings(picture)].count("×") == 12 * 12 - 8 * 8
    assert len(pixels(picture, VALUE)) == 4 * 4


def test_a_receptive_field_is_to_scale_on_the_input() -> None:
    # resnet50's first 3x3 with stride 2 sees 43 of 224 pixels (stem 7 and pool 3: 11, then 2*4*3 + 8 = 35, + 8)
    picture = drawn("resnet50", "conv3.1/residual/conv2")
    texts = " ".join(text.text for text in letterings(picture))
    assert "the value in the middle of the output sees 43×43 pixels of the input, 224×224" in texts
    image, field = (
        thing for thing in picture.things[-20:] if isinstance(thing, Surface) and thing.extent[2] - thing.extent[0] > 20
    )
    assert (field.extent[2] - field.extent[0]) / (image.extent[2] - image.extent[0]) == pytest.approx(43 / 224)


def test_the_arithmetic_is_on_it() -> None:
    texts = [text.text for text in letterings(drawn("alexnet", "conv2"))]
    assert "256 filters of" in texts
    assert "5×5×48" in texts  # two groups of 96
    assert any("= 307,456" in text for text in texts)  # 5*5*48*256 + 256


@for_every(ONE_OF_EACH)
def test_a_layer_of_every_kind_is_drawn(name: str) -> None:
    layers = {layer.kind: layer for layer in report_of(name)}
    for layer in layers.values():
        picture = step_picture(report_of(name), layer)
        ElementTree.fromstring(svg_text(picture))
        check_texts(picture)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("resnet18", "conv2"), "'conv2' is 14 layers; name one of them: conv2.1/residual/conv1, "),
        (("alexnet", "conv9"), "there is no layer 'conv9'"),
        (("alexnet", "conv1", "--format", "dot"), "a layer has one style, and the formats svg, png and pdf"),
        (("alexnet", "conv1", "--depth", "2"), "--depth and --expand unfold networks; a layer has nothing inside"),
        (("alexnet", "--format", "dot", "--theme", "dark"), "--format dot has no theme; the programs that draw it"),
        (("alexnet", "--style", "cubes"), "'cubes' is not one of 'graph', 'volumes', 'table'"),
        (("alexnet", "-o", "nowhere/a.svg"), "-o nowhere/a.svg: there is no folder 'nowhere'"),
        (("alexnet", "-o", "net.yaml"), "-o net.yaml: the file exists; --force writes over it"),
        (("alexnet", "-o", "a.gif"), "-o a.gif: give --format, or name a file .svg, .png, .pdf, .mmd, .dot"),
        (("alexnet", "--log"), "--log is for --style volumes"),
        (("alexnet", "--style", "table", "--format", "mermaid"), "--format mermaid has the style graph only"),
    ],
)
def test_what_cannot_be_drawn_is_told(run: Run, folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("draw", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
