"""A report in Chromium: offline, wide and narrow, bright and dark, by keyboard alone, and on paper."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from browser.page import Page
from bundled import report_of

from cnncalc.pages.page import report_page
from cnncalc.render.summary import Summarized

pytestmark = pytest.mark.slow

PAGES = [("lenet5",), ("resnet50",), ("unet",), ("m5",), ("alexnet", "resnet18", "googlenet")]

OUTSIDE = """[...document.querySelectorAll('main *')].filter((one) => one.getClientRects().length
  && !one.closest('.scrolls') && one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.outerHTML)"""
ON_PAPER = OUTSIDE.replace("&& !one.closest('.scrolls')", "&& !one.closest('svg *')")

STATE = """({
  focus: document.activeElement.textContent,
  sorted: [...document.querySelectorAll('th[aria-sort]:not([aria-sort=none])')].map((head) => head.ariaSort),
  rows: [...document.querySelectorAll('tr[data-path]:not([hidden])')].map((row) => row.dataset.path),
  asked: [...document.querySelectorAll('.why:not([hidden]) .asked dd')].map((item) => item.textContent),
})"""


def saved(folder: Path, names: Sequence[str]) -> Path:
    file = folder / "page.html"
    file.write_text(report_page([Summarized(name, report_of(name)) for name in names]), "utf-8")
    return file


@pytest.mark.parametrize("names", PAGES, ids="-".join)
def test_it_asks_for_nothing_says_no_error_and_fits(page: Page, tmp_path: Path, names: Sequence[str]) -> None:
    file = saved(tmp_path, names)
    for width, dark in product((1280, 390), (False, True)):
        shown = page.show(
            f"[{OUTSIDE}, getComputedStyle(document.body).backgroundColor]", file=file, width=width, dark=dark
        )
        assert shown == ([[], "rgb(20, 23, 26)" if dark else "rgb(255, 255, 255)"], [], [])


TO_THE_FIRST_HEAD = ["Tab"] * 3
"""After the buttons that fold and unfold all."""


def test_the_keyboard_sorts_unfolds_and_opens_a_derivation(page: Page, tmp_path: Path) -> None:
    file = saved(tmp_path, ["resnet50"])
    # params are the fourth column; from low to high, and then from high to low
    state = page.show(STATE, file=file, keys=[*TO_THE_FIRST_HEAD, "Tab", "Tab", "Tab", "Enter"]).value
    assert (state["focus"], state["sorted"]) == ("params", ["ascending"])
    assert state["rows"] == ["maxpool", "global_avgpool", "flatten", "conv1", "conv2", "conv3", "fc", "conv4", "conv5"]
    state = page.show(STATE, keys=["Enter"]).value
    assert (state["sorted"], state["rows"][:2]) == (["descending"], ["conv5", "conv4"])
    # four heads on, the first row's button unfolds it: its copies are below it, in the order of their params
    state = page.show(STATE, keys=["Enter", *["Tab"] * 5, "Enter"]).value
    assert (state["sorted"], state["rows"][:4]) == ([], ["conv1", "conv1", "conv1/bn", "conv1/relu"])
    state = page.show(STATE, keys=["Tab", "ArrowRight", "Enter"]).value
    assert (state["focus"], state["asked"]) == ("9,536", ["9,408 (conv1) + 128 (conv1/bn) = 9,536",
        "K_h·K_w·C_in·filters = 7·7·3·64 = 9,408", "2C = 2·64 = 128   a factor and an offset for each channel",
        "0   nothing is learned"])  # fmt: skip
    state = page.show(STATE, keys=["ArrowDown", "Enter", "ArrowUp", "Escape"]).value
    assert (state["focus"], state["asked"]) == ("9,536", ["K_h·K_w·C_in·filters = 7·7·3·64 = 9,408"])


def test_a_box_of_the_figure_leads_to_its_row(page: Page, tmp_path: Path) -> None:
    file = saved(tmp_path, ["resnet50"])
    box = "document.querySelector('svg [data-layer=\"conv4.2/residual/conv1\"]')"
    click = f"{box}.dispatchEvent(new MouseEvent('click', {{bubbles: true}}))"
    state = page.show(f"{click}, {STATE}", file=file).value
    assert "conv4.2/residual/conv1" in state["rows"]
    assert "conv3.1" not in state["rows"]
    assert state["focus"] == "256×14×14"


@pytest.mark.parametrize("names", PAGES, ids="-".join)
def test_nothing_is_cut_off_on_paper(page: Page, tmp_path: Path, names: Sequence[str]) -> None:
    # A4 has 210 mm, of which 12 at each side are the margin: 186 mm are 703 pixels; all is unfolded.
    page.show(file=saved(tmp_path, names), keys=["Tab", "Tab", "Enter"] if len(names) == 1 else [])
    assert page.show(ON_PAPER, print_=True, width=703, pdf=tmp_path / "page.pdf").value == []
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
