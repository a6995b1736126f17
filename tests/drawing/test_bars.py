"""Memory over time and receptive fields as bars: their heights, and that no text lies on another."""

from bundled import every_architecture, report_of
from drawing.test_pictures import check_texts

import cnncalc
from cnncalc.drawing.bars import field_pictures, memory_picture
from cnncalc.drawing.picture import Picture, Surface


@every_architecture
def test_no_text_is_on_another(name: str) -> None:
    for drawn in (memory_picture(report_of(name)), *field_pictures(report_of(name))):
        check_texts(drawn)


def heights(drawn: Picture) -> dict[str, float]:
    """How high each bar is, as a part of the highest."""
    extents = {thing.name: thing.extent for thing in drawn.things if isinstance(thing, Surface) and thing.name}
    high = {name: bottom - top for name, (_, top, _, bottom) in extents.items()}
    return {name: round(height / max(high.values()), 4) for name, height in high.items()}


def test_a_bar_is_as_high_as_its_figure() -> None:
    layers = "[{conv: 2, kernel: 3, name: a}, {name: b, maxpool: 2, stride: 2}, flatten, {name: c, fc: 1}]"
    report = cnncalc.analyze(text=f"input: 1x9x9\nlayers: {layers}", batch=3, dtype="fp16")
    # 81 + 98, 98 + 18, 18 + 18, 18 + 1 values are alive, each 3 times with 2 bytes
    assert heights(memory_picture(report)) == {
        "a": 1.0, "b": round(116 / 179, 4), "flatten": round(36 / 179, 4), "c": round(19 / 179, 4)
    }  # fmt: skip
    assert "most at a: 1,074 B in fp16, batch 3" in str(memory_picture(report))
    (drawn,) = field_pictures(report)
    assert heights(drawn) == {"a": round(3 / 9, 4), "b": round(4 / 9, 4), "flatten": 1.0, "c": 1.0}


def test_each_input_with_axes_has_a_picture_of_its_own() -> None:
    text = "inputs: {left: 1x4x4, code: 3, right: 1x4x4}\nlayers: [{name: l, conv: 1, kernel: 3, from: left}, \
{name: r, conv: 1, kernel: 1, from: right}]\noutputs: [l, r]"
    titles = [drawn.title for drawn in field_pictures(cnncalc.analyze(text=text))]
    assert [title.split(" of ")[2].split(",")[0] for title in titles] == ["left", "right"]
