"""Pictures as other programs show them: Chromium, librsvg, cairo; and Mermaid and Graphviz, which read our texts."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from browser.page import Page
from bundled import NAMES, ONE_OF_EACH, report_of
from PIL import Image, ImageChops, ImageStat

from cnncalc.drawing.diagram import diagram
from cnncalc.drawing.draw import STYLES, picture
from cnncalc.drawing.picture import Picture
from cnncalc.drawing.plot import USUAL, PlottedNetwork, plot_picture
from cnncalc.drawing.step import step_picture
from cnncalc.drawing.svg import svg_text
from cnncalc.drawing.texts import dot_text, mermaid_text

pytestmark = pytest.mark.slow

MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")
PAGE = "<!DOCTYPE html><style>body {{ margin: 0 }} svg {{ width: 100vw; height: 100vh; display: block }}</style>{}"
LONGEST = 480
"""The longer side of a picture in pixels, when renderers are compared."""


def check_places(page: Page, drawn: Picture) -> None:
    """No text is on another, in part outside of its box, or outside of the picture."""
    assert page.show(MEASURE, html=PAGE.format(svg_text(drawn))).value == []


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_on_another_or_leaves_its_box(page: Page, name: str) -> None:
    for style, depth in [*((style, 1) for style in STYLES), ("graph", 2), ("graph", 3), ("volumes", 2)]:
        check_places(page, picture(report_of(name), style, depth))


def rsvg(svg: str, width: int, to: Path) -> None:
    subprocess.run([needed("rsvg-convert"), "-w", str(width), "-o", to], input=svg.encode(), check=True)


def cairo(svg: str, width: int, to: Path) -> None:
    library = pytest.importorskip("cairosvg")
    library.svg2png(bytestring=svg.encode(), write_to=str(to), output_width=width)


def needed(program: str) -> str:
    """The path of a program, without which the test is skipped."""
    return shutil.which(program) or pytest.skip(f"there is no {program} on this machine")


@pytest.mark.parametrize("style", STYLES)
def test_other_programs_show_the_same(page: Page, tmp_path: Path, style: str) -> None:
    for name in NAMES:
        drawn = picture(report_of(name), style, 1)
        svg, scale = svg_text(drawn, "light"), LONGEST / max(drawn.width, drawn.height)
        width, height = (round(side * scale) for side in (drawn.width, drawn.height))
        page.show(html=PAGE.format(svg), width=width, height=height, screenshot=tmp_path / "chromium.png")
        seen = [tmp_path / "chromium.png"]
        for shown in (rsvg, cairo) if name in ONE_OF_EACH else (rsvg,):
            seen.append(tmp_path / f"{shown.__name__}.png")
            shown(svg, width, seen[-1])
        first, *others = (Image.open(path).convert("L").resize((width // 4, height // 4)) for path in seen)
        assert ImageStat.Stat(first).stddev[0] > 5, name
        assert all(ImageStat.Stat(ImageChops.difference(first, other)).mean[0] < 6 for other in others), name


STEPS = {
    "alexnet": ["conv1", "conv2", "lrn1", "pool1", "fc6"], "dcgan_generator": ["conv1"],
    "wavenet_dilated": ["z2/branches/1/conv"], "c3d": ["conv1a"], "resnet18": ["maxpool", "conv2.1/residual/add"],
    "m5": ["conv1"], "unet": ["dec4/deconv"],
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_texts_of_one_layer_have_room(page: Page, name: str) -> None:
    for layer in STEPS[name]:
        check_places(page, step_picture(report_of(name), report_of(name)[layer].layers[0]))


def test_texts_of_a_plot_have_room(page: Page) -> None:
    networks = [PlottedNetwork(name, report_of(name).totals.values()) for name in NAMES]
    for some in (networks, networks[:30], networks[:1], []):
        check_places(page, plot_picture("all", some, USUAL))


def test_mermaid_reads_its_text(page: Page) -> None:
    paths = [Path(folder) / "mermaid/dist/mermaid.min.js" for folder in os.environ.get("NODE_PATH", "").split(":")]
    library = next((path for path in paths if path.exists()), None)
    if library is None:
        pytest.skip("npm's package mermaid is not on NODE_PATH")
    page.show("mermaid.initialize({ maxEdges: 9999 })", html="<!DOCTYPE html>", library=library)
    for name in NAMES:
        for depth in (1, 2, None) if name in ONE_OF_EACH else (1, 2):
            text = mermaid_text(diagram(report_of(name), depth))
            asked = f"mermaid.parse({json.dumps(text)}).then(read => read.diagramType, error => error.message)"
            assert page.show(asked).value == "flowchart-v2", f"{name}, depth {depth}"


def test_graphviz_reads_its_text() -> None:
    texts = [dot_text(diagram(report_of(name), depth)) for name in NAMES for depth in (1, 2)]
    result = subprocess.run(
        [needed("dot"), "-Tplain"], input="".join(texts), capture_output=True, text=True, check=True
    )
    assert result.stderr == ""
    assert result.stdout.count("\nstop\n") == len(texts)
    assert result.stdout.count("\nnode ") == sum(text.count("[label=") for text in texts)
