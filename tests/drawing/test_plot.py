"""Plots: points where their figures are, on axes of logarithms, and no name on another."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from bundled import NAMES, report_of
from drawing.test_pictures import check_texts, letterings
from running import Run

from cnncalc.drawing.picture import Stroke, Surface
from cnncalc.drawing.plot import USUAL, PlottedNetwork, axes_of, plot_picture

TEN = [PlottedNetwork(f"{n} fold", {"params": 10.0**n, "macs": 100.0**n}) for n in range(1, 6)]


def test_points_are_at_the_logarithms_of_their_figures() -> None:
    drawn = plot_picture("five", TEN, USUAL)
    extents = {thing.name: thing.extent for thing in drawn.things if isinstance(thing, Surface)}
    across, down = zip(*(extents[each.label][:2] for each in TEN), strict=True)
    steps = {round(b - a, 6) for a, b in zip(across, across[1:], strict=False)}
    assert len(steps) == len({round(b - a, 6) for a, b in zip(down, down[1:], strict=False)}) == 1
    assert steps.pop() > 0 > down[1] - down[0]  # to the right, and up
    texts = [text.text for text in letterings(drawn)]
    assert {"100", "10K", "1M", "100M", "10G"} <= {*texts}  # of macs, level; 10 to 100K of params, upright
    assert texts[-5:] == ["5 fold", "4 fold", "3 fold", "2 fold", "1 fold"]


def test_what_has_no_logarithm_is_counted_below() -> None:
    drawn = plot_picture("six", [*TEN, PlottedNetwork("none", {"params": 0, "macs": 7})], USUAL)
    texts = [text.text for text in letterings(drawn)]
    assert texts[-1] == "1 not drawn: a logarithm needs figures above 0"
    assert "none" not in texts
    check_texts(plot_picture("nothing", [], USUAL))


def test_names_of_all_architectures_are_apart() -> None:
    networks = [PlottedNetwork(name, report_of(name).totals.values()) for name in NAMES]
    drawn = plot_picture("all", networks, USUAL)
    check_texts(drawn)
    texts = [text.text for text in letterings(drawn)]
    (note,) = [number for number, text in enumerate(texts) if text.startswith("without room for their names: ")]
    unplaced = " ".join(texts[note:]).removeprefix("without room for their names: ").split(", ")
    numbers = [number for number, _, name in (each.partition(" ") for each in unplaced) if name]
    assert numbers == [str(number) for number in range(1, 1 + len(numbers))]
    assert {*numbers} <= {*texts}
    assert sorted({*texts} & {*NAMES} | {each.rpartition(" ")[2] for each in unplaced}) == NAMES
    assert sum(isinstance(thing, Surface) for thing in drawn.things) == len(NAMES)
    assert any(isinstance(thing, Stroke) for thing in drawn.things)


@pytest.mark.parametrize(
    ("columns", "axes"),
    [
        (["name", "params", "macs", "flops"], ("params", "macs")),
        (["elements", "macs"], ("elements", "macs")),
        (["name", "macs"], ("params", "macs")),
    ],
)
def test_two_chosen_figures_are_the_axes(columns: list[str], axes: tuple[str, str]) -> None:
    assert axes_of(columns) == axes


@pytest.mark.parametrize("arguments", [("list", "lenet"), ("sweep", "net.yaml", "--input", "6..8", "--batch", "1,2")])
def test_commands_write_plots(run: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, "-o", "plot.svg").stdout == "written to plot.svg\n"
    texts = [element.text for element in ElementTree.parse(folder / "plot.svg").iter() if element.tag.endswith("text")]
    assert {"lenet1", "lenet5"} <= {*texts} or {"6×6 1", "8×8 2"} <= {*texts}


def test_a_plot_checks_nothing(run: Run) -> None:
    assert "--check compares claims, which no plot shows" in run("list", "--check", "--format", "svg").stderr
