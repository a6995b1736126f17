"""Writes the picture of the live page on the page `editors` of the guide.

usage, from the root of a checkout: PYTHONPATH=.:tests python tests/live/frames.py cnncalc/guide/pictures
"""

import sys
from pathlib import Path

from browser.page import Page
from live.serving import Live, served
from PIL import Image

from cnncalc.language.source import read_bundled

COLOURS = 96


def main(folder: Path) -> None:
    """Write live.png, the page with an architecture that has variables."""
    picture = folder / "live.png"
    page = Page()
    try:
        with served(read_bundled("mobilenet_v1").text) as address:
            live = Live(page)
            live.open(address, width=1280, height=860)
            live.run("view().dispatch({ selection: { anchor: text().indexOf('layers:') } })")
            live.run("until(() => all('.hint').length > 10)", width=1280, height=860, screenshot=picture)
    finally:
        page.close()
    Image.open(picture).quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
