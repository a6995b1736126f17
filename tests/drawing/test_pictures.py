"""Every bundled architecture in every style: well-formed, nothing on top of something else, no text cut."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bundled import ONE_OF_EACH, every_architecture, report_of
from running import Run

from cnncalc.drawing.diagram import Diagram, diagram, leaves
from cnncalc.drawing.draw import STYLES, picture
from cnncalc.drawing.graph import graph_picture
from cnncalc.drawing.picture import Lettering, Picture, Stroke, Surface, text_width
from cnncalc.drawing.svg import THEMES, Theme, svg_text
from cnncalc.drawing.texts import dot_text, mermaid_text

Extent = tuple[float, float, float, float]


def graphs(name: str) -> Iterator[tuple[Diagram, Picture]]:
    """An architecture at several depths."""
    for depth in (1, 2, None) if name in ONE_OF_EACH else (1, 2):
        shown = diagram(report_of(name), depth)
        yield shown, graph_picture(shown)


def inside(inner: Extent, outer: Extent) -> bool:
    slack = 0.01
    return all(a >= b - slack for a, b in zip(inner[:2], outer[:2], strict=True)) and all(
        a <= b + slack for a, b in zip(inner[2:], outer[2:], strict=True)
    )


def overlap(one: Extent, other: Extent) -> bool:
    slack = 0.5
    return (
        one[0] < other[2] - slack
        and other[0] < one[2] - slack
        and one[1] < other[3] - slack
        and other[1] < one[3] - slack
    )


def touching(some: list[Extent], others: list[Extent]) -> Iterator[tuple[Extent, Extent]]:
    """Each pair, from two lists, that overlaps; pictures are tall, so that few are at one height."""
    rows: dict[int, list[Extent]] = {}
    for other in others:
        for row in range(int(other[1] // 64), int(other[3] // 64) + 1):
            rows.setdefault(row, []).append(other)
    for one in some:
        near = {each for row in range(int(one[1] // 64), int(one[3] // 64) + 1) for each in rows.get(row, ())}
        yield from ((one, other) for other in near if overlap(one, other))


def overlapping(extents: list[Extent]) -> list[tuple[Extent, Extent]]:
    assert len(set(extents)) == len(extents)
    return [(one, other) for one, other in touching(extents, extents) if one != other]


def letterings(drawn: Picture) -> list[Lettering]:
    return [thing for thing in drawn.things if isinstance(thing, Lettering)]


def check_texts(drawn: Picture) -> None:
    """No text leaves the picture or lies on another."""
    whole = (0.0, 0.0, drawn.width, drawn.height)
    assert [text for text in letterings(drawn) if not inside(text.extent, whole)] == []
    assert overlapping([text.extent for text in letterings(drawn)]) == []


@every_architecture
def test_every_style_is_well_formed_and_no_text_is_on_another(name: str) -> None:
    for style, depth in ((style, depth) for style in STYLES for depth in ((1, 3) if name in ONE_OF_EACH else (1,))):
        drawn = picture(report_of(name), style, depth)
        tags = {element.tag.partition("}")[2] for element in ElementTree.fromstring(svg_text(drawn)).iter()}
        assert tags <= {"svg", "title", "style", "rect", "polygon", "polyline", "text"}
        check_texts(drawn)


@every_architecture
def test_boxes_of_a_graph_are_apart_and_hold_their_texts(name: str) -> None:
    for shown, drawn in graphs(name):
        boxes = {thing.name: thing.extent for thing in drawn.things if isinstance(thing, Surface) and thing.name}
        assert list(boxes) == [unit.path for unit in leaves(shown.units)]
        assert overlapping(list(boxes.values())) == []
        check_texts(drawn)
        texts = list(touching([text.extent for text in letterings(drawn)], list(boxes.values())))
        assert all(inside(text, box) for text, box in texts)
        assert {box for _, box in texts} == {*boxes.values()}


def is_level(stroke: Stroke) -> bool:
    """Whether a line ends at the side of a box."""
    return stroke.points[-1][1] == stroke.points[-2][1]


@every_architecture
def test_lines_of_a_graph_lead_to_every_box_and_cross_none(name: str) -> None:
    for _, drawn in graphs(name):
        boxes = [thing for thing in drawn.things if isinstance(thing, Surface) and thing.name]
        strokes = [thing for thing in drawn.things if isinstance(thing, Stroke)]
        ends = [(x - 1, y - 1, x + 1, y + 1) for x, y in (stroke.points[-1] for stroke in strokes if stroke.arrow)]
        reached = {box for _, box in touching(ends, [box.extent for box in boxes])}
        assert reached == {box.extent for box in boxes if box.role != "input"}
        within = [box.extent for box in boxes]
        heads = [end for end, stroke in zip(ends, [s for s in strokes if s.arrow], strict=True) if is_level(stroke)]
        assert [end for end in heads if not list(touching([end], within))] == []
        pieces = [
            (min(x, u), min(y, v), max(x, u) + 1, max(y, v) + 1)
            for stroke in strokes
            for (x, y), (u, v) in zip(stroke.points, stroke.points[1:], strict=False)
        ]
        smaller = [(left + 1, top + 1, right - 1, bottom - 1) for left, top, right, bottom in (b.extent for b in boxes)]
        assert list(touching(pieces, smaller)) == []


def sides(drawn: Picture) -> dict[str, tuple[float, float, float]]:
    """Thickness, height and the area of the large side of the first solid of each box."""
    found: dict[str, tuple[float, float, float]] = {}
    things = [thing for thing in drawn.things if isinstance(thing, Surface) and thing.role != "window"]
    for front, *others in zip(things, things[1:], things[2:], strict=False):
        if front.name:
            left, top, right, bottom = front.extent
            side = others[1].points
            found[front.name] = (right - left, bottom - top, (side[1][0] - side[0][0]) * (side[3][1] - side[0][1]))
    return found


def test_volumes_are_to_scale() -> None:
    # Table of the AlexNet paper: 227, 55, 27, 13, 6 high; 3, 2·48, 2·128, 2·192 channels, the pairs apart
    solids = sides(picture(report_of("alexnet"), "volumes", 1))
    for name, size, channels in [("conv1", 55, 48), ("pool1", 27, 48), ("conv2", 27, 128), ("conv3", 13, 192)]:
        thick, high, area = solids[name]
        assert thick / solids["input"][0] == pytest.approx(channels / 3)
        assert high / solids["input"][1] == pytest.approx(size / 227)
        assert area / solids["input"][2] == pytest.approx(size**2 / 227**2)
    assert solids["fc8"][1] / solids["fc6"][1] == pytest.approx(1000 / 4096)


def test_volumes_by_the_logarithm() -> None:
    solids = sides(picture(report_of("resnet50"), "volumes", 1, log=True))
    # log2(1 + 7) = 3, log2(1 + 224) = 7.8138
    assert solids["conv5"][1] / solids["input"][1] == pytest.approx(3 / 7.8138, rel=1e-4)


@every_architecture
def test_mermaid_and_dot_have_every_box_and_edge_with_quoted_labels(name: str) -> None:
    shown = diagram(report_of(name), 2)
    paths, edges = [unit.path for unit in leaves(shown.units)], list(shown.edges())
    mermaid, dot = mermaid_text(shown), dot_text(shown)
    assert len(re.findall(r'^ *n\d+\["[^"\n]+"\]:::\w+$', mermaid, re.M)) == len(paths)
    assert len(re.findall(r"^ *n\d+ --> n\d+$", mermaid, re.M)) == len(edges)
    assert mermaid.count("subgraph ") == mermaid.count("\n" + " " * 2 + "end") + len(
        re.findall(r"^ {4,}end$", mermaid, re.M)
    )
    assert len(re.findall(r'^ *n\d+ \[label="(?:[^"\\\n]|\\.)+", ', dot, re.M)) == len(paths)
    assert len(re.findall(r"^ *n\d+ -> n\d+$", dot, re.M)) == len(edges)
    assert dot.count("{") - dot.count("}") == 0
    assert {target.path for _, target in edges} == {u.path for u in leaves(shown.units) if u.role != "input"}


def test_mermaid_that_github_would_refuse_is_noted(run: Run) -> None:
    # 98 dense layers with 7 nodes and a skip each, 4 of the stem, 3 transitions of 4, 5 of the head: 98·8 + 4 + 12 + 5
    result = run("draw", "densenet201", "--expand", "--format", "mermaid")
    assert result.stderr.startswith("note: 805 arrows and ")
    assert result.stderr.endswith(
        " signs, but GitHub draws at most 500 and 50,000; a smaller --depth without --expand has fewer\n"
    )
    assert run("draw", "densenet201", "--format", "mermaid").stderr == ""


def test_texts_are_as_wide_as_in_dejavu_sans() -> None:
    # FreeType measures 64×112×112 in DejaVu Sans at 1000 units to 5090 + 838 + ...: digits 636, × 838
    assert text_width("64×112×112", 1000) == pytest.approx(8 * 636 + 2 * 838, rel=0.01)
    assert text_width("conv", 1000) == pytest.approx(550 + 612 + 634 + 592, rel=0.01)


def test_equal_copies_are_one_box() -> None:
    units = {unit.path: unit.copies for unit in leaves(diagram(report_of("resnet50"), 2).units)}
    # Table 1: 3, 4, 6, 3 blocks, of which the first has another input or stride
    assert [path for path in units if path.startswith("conv")] == [
        "conv1", "conv2.1", "conv2.2–3", "conv3.1", "conv3.2–4", "conv4.1", "conv4.2–6", "conv5.1", "conv5.2–3",
    ]  # fmt: skip
    assert units["conv4.2–6"] == 5


def test_a_long_skip_of_unet_goes_around_all_that_is_between() -> None:
    drawn = picture(report_of("unet"), "graph", 1)
    boxes = {thing.name: thing.extent for thing in drawn.things if isinstance(thing, Surface)}
    lanes = {
        stroke.points[-1]: stroke.points[-2][0]
        for stroke in drawn.things
        if isinstance(stroke, Stroke) and len(stroke.points) > 3
    }
    xs = [
        next(x for (right, _), x in lanes.items() if right == boxes[name][2])
        for name in ("dec4", "dec3", "dec2", "dec1")
    ]
    assert xs == sorted(xs)
    assert min(xs) > max(box[2] for name, box in boxes.items() if name in ("enc4", "bottom", "dec4"))


def test_what_a_spec_wrote_is_text_only(run: Run, folder: Path) -> None:
    (folder / "net.yaml").write_text("""{name: '<b>"x"&', input: 3x8x8, layers: [{name: 'end', relu}]}""", "utf-8")
    root = ElementTree.fromstring(run("draw", "net.yaml").stdout)
    assert root[0].text == '<b>"x"& · input 3×8×8'
    assert 'title: "#lt;b#gt;#quot;x#quot;#amp; · input 3×8×8"' in run("draw", "net.yaml", "--format", "mermaid").stdout
    assert 'label="<b>\\"x\\"& · input 3×8×8"' in run("draw", "net.yaml", "--format", "dot").stdout


def test_png_and_pdf_need_a_library(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cairosvg", None)
    result = run("draw", "net.yaml", "-o", "net.png")
    assert (result.exit_code, result.stderr) == (
        1, "Error: the package cairosvg is not installed; install it with: pip install 'cnncalc[pictures]'\n",
    )  # fmt: skip
    made = SimpleNamespace(svg2png=lambda bytestring, scale: b"\x89PNG\r\n", svg2pdf=lambda bytestring: b"%PDF")
    monkeypatch.setitem(sys.modules, "cairosvg", made)
    assert run("draw", "net.yaml", "-o", "net.png").exit_code == run("draw", "net.yaml", "-o", "net.pdf").exit_code == 0
    assert ((folder / "net.png").read_bytes(), (folder / "net.pdf").read_bytes()) == (b"\x89PNG\r\n", b"%PDF")


def test_png_needs_a_library_of_the_system(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "cairosvg.py").write_text("raise OSError('no library called \"cairo-2\" was found')", "utf-8")
    monkeypatch.delitem(sys.modules, "cairosvg", raising=False)
    monkeypatch.syspath_prepend(folder)
    result = run("draw", "net.yaml", "-o", "net.png")
    assert (result.exit_code, result.stderr) == (
        1, "Error: the package cairosvg needs the system's library cairo (Debian: libcairo2, macOS: brew install cairo)"
        ", which is not installed\n",
    )  # fmt: skip


def test_a_terminal_gets_no_picture(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.cli.output.sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    result = run("draw", "net.yaml")
    assert result.exit_code == 2
    assert "a terminal shows no svg; name a file: -o picture.svg" in result.stderr
    assert run("draw", "net.yaml", "--format", "dot").stdout.startswith("digraph {\n")


def test_themes(run: Run, folder: Path) -> None:
    auto, light, dark = (run("draw", "net.yaml", "--theme", theme).stdout for theme in ("auto", "light", "dark"))
    assert light.count("{ fill: #78b0e0; ") == 1  # of a convolution
    assert ".input" in light
    assert ".merge" not in light  # what is not drawn needs no colour
    assert ".page { fill: #ffffff; }" in light
    assert "@media" not in light + dark
    assert ".page { fill: #14171a; }" in dark
    assert auto.index("#ffffff") < auto.index("@media (prefers-color-scheme: dark)") < auto.index("#14171a")


def lightness(colour: str) -> float:
    """L* of CIE 1976, of the luminance that WCAG 2.2 defines."""
    return 116 * float(luminance(colour) ** (1 / 3)) - 16


def luminance(colour: str) -> float:
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES[1:])
def test_texts_are_read_on_every_colour_and_greys_differ(theme: Theme) -> None:
    boxes = ("block", "conv", "pool", "dense", "norm", "merge", "move")
    things = tuple(Surface(((0, 0), (1, 0), (1, 1)), role) for role in boxes)
    svg = svg_text(Picture("", 1, 1, things), theme)
    fills = dict(re.findall(r"\.(\w+) \{ fill: (#\w{6})", svg))
    ink = re.findall(r"text \{ fill: (#\w{6})", svg)[0]
    for role in (*boxes, "page"):
        dark, bright = sorted((luminance(fills[role]), luminance(ink)))
        assert (bright + 0.05) / (dark + 0.05) > 4.5, role  # WCAG's level AA
    greys = sorted(lightness(fills[role]) for role in boxes)
    assert min(b - a for a, b in zip(greys, greys[1:], strict=False)) > 2.3  # a just noticeable difference


@pytest.mark.parametrize(("name", "depth"), [("densenet121", 2), ("densenet121", 3), ("googlenet", 2), ("vgg16", 1)])
def test_a_tall_picture_is_broken_into_columns(name: str, depth: int) -> None:
    drawn = picture(report_of(name), "graph", depth)
    assert 0.4 < drawn.height / drawn.width < 2  # in one column 8 to 95


def test_many_volumes_stand_in_rows_that_one_line_leads_through() -> None:
    drawn = picture(report_of("vgg16"), "volumes", 1)
    assert drawn.width < 1200  # in one row 2,000
    fronts = {thing.name: thing.extent for thing in drawn.things if isinstance(thing, Surface) and thing.name}
    assert fronts["conv3"][1] < fronts["maxpool3"][1] < fronts["conv4"][1]
    assert fronts["conv4"][0] < fronts["conv1"][0]
    turns = [thing for thing in drawn.things if isinstance(thing, Stroke) and len(thing.points) == 6]
    assert [stroke.points[-1][0] for stroke in turns] == [fronts["conv4"][0]]
