"""Differences in words: names, moves, many words, percentages."""

import pytest

from cnncalc.analysis.analyze import analyze_network
from cnncalc.comparison.compare import Differences, Side, compare
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import Source
from cnncalc.network.build import build_network
from cnncalc.render.change_words import in_lines, percent_text
from cnncalc.render.differences import changes_grid, differences_document
from cnncalc.render.document import FORMATS
from cnncalc.render.writers import Style

NET = """\
input: 3x8x8
layers:
- {conv: 4, kernel: 3, padding: 1}
- relu
- {conv: 4, kernel: 5, padding: 2}
- relu
- {maxpool: 2}
- flatten
- {fc: 2}
"""


def side(text: str) -> Side:
    spec = read_spec(Source("net.yaml", text))
    return Side(spec, analyze_network(build_network(spec)))


def compared(new: str) -> Differences:
    return compare(side(NET), side(new))


def markdown(new: str) -> str:
    return "".join(FORMATS["markdown"].writer()([differences_document(compared(new), "exact")], Style()))


def words(new: str) -> list[tuple[object, ...]]:
    """The name and the change of every row."""
    return [row[:2] for row in changes_grid(compared(new), "exact").rows]


def test_a_row_with_another_number_shows_both_names() -> None:
    new = NET.replace("- {conv: 4, kernel: 5", "- {conv: 6, kernel: 1}\n- {conv: 4, kernel: 5")
    assert words(new) == [
        ("conv1 … relu1", "2 unchanged"),
        ("conv2", "added: conv 6, 1×1"),
        ("conv2 → conv3", "follows"),
        ("relu2 … fc", "4 unchanged"),
    ]


def test_rows_that_are_folded_show_what_their_ends_were() -> None:
    new = NET.replace("layers:\n", "layers:\n- {conv: 3, kernel: 1}\n- relu\n")
    assert words(new)[2:] == [("conv1 … fc → conv2 … fc", "7 unchanged, 4 renamed")]


def test_a_single_row_that_stays_needs_no_number() -> None:
    new = NET.replace("conv: 4, kernel: 3", "conv: 4, kernel: 1").replace("padding: 1", "padding: 0")
    new = new.replace("kernel: 5, padding: 2", "kernel: 3, padding: 1")
    assert words(new)[:3] == [
        ("conv1", "kernel 3 → 1, padding 1 → 0"),
        ("relu1", "unchanged"),
        ("conv2", "kernel 5 → 3, padding 2 → 1"),
    ]


def test_a_name_that_was_given_stands_beside_its_change() -> None:
    assert words(NET.replace("{fc: 2}", "{name: head, fc: 2}"))[-1] == ("fc → head", "renamed")
    assert words(NET.replace("{fc: 2}", "{name: head, fc: 3}"))[-1] == ("fc → head", "features 2 → 3")
    assert words(NET.replace("{fc: 2}", "{name: fc, fc: 2}"))[-1] == ("fc", "name none → fc")


def test_another_kind_is_told_with_the_whole_line() -> None:
    new = NET.replace("{maxpool: 2}", "{avgpool: 3, stride: 2}")
    assert words(new)[1] == ("maxpool → avgpool", "maxpool 2 → avgpool 3, stride 2")


def test_a_layer_in_another_place_is_moved() -> None:
    new = NET.replace("- {maxpool: 2}\n", "").replace("layers:\n", "layers:\n- {maxpool: 2}\n")
    assert words(new)[0] == ("maxpool", "moved: maxpool 2×2")
    grid = changes_grid(compared(new), "exact")
    assert grid.rows[0] == ("maxpool", "moved: maxpool 2×2", "4×4×4 → 3×4×4", None, None)
    assert "| maxpool | moved: maxpool 2×2 | 4×4×4 → 3×4×4 |  |  |" in markdown(new)


def test_json_has_both_names() -> None:
    new = NET.replace("- {conv: 4, kernel: 5", "- {conv: 6, kernel: 1}\n- {conv: 4, kernel: 5")
    row = differences_document(compared(new), "exact").data()["rows"][3]
    assert (row["change"], row["renamed"]) == ("follows", True)
    assert (row["old"]["path"], row["new"]["path"]) == ("conv2", "conv3")


@pytest.mark.parametrize(
    ("new", "summary"),
    [
        (NET.replace("conv: 4, kernel: 5", "conv: 3, kernel: 5"), "4 rows that follow"),
        (NET.replace("- {fc: 2}", "- {fc: 3}\n- {fc: 2}"), "1 row that follows"),
    ],
)
def test_markdown_counts_what_follows(new: str, summary: str) -> None:
    assert f"<details><summary>{summary}</summary>" in markdown(new)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (100, 120, "+20.0 %"),
        (100, 77, "-23.0 %"),
        (1000, 1269, "+26.9 %"),
        (10_000, 10_232, "+2.32 %"),
        (1000, 1001, "+0.100 %"),
        (100_000, 199_949, "+99.9 %"),
        (100_000, 199_950, "+100 %"),
        (100, 200, "+100 %"),
        (10, 135, "+1,250 %"),
        (100, 0, "-100 %"),
        (7, 7, ""),
        (0, 7, ""),
    ],
)
def test_percentages_have_three_digits(old: int, new: int, text: str) -> None:
    assert percent_text(old, new) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("follows", ["follows"]),
        ("kernel 11 → 3, stride 4 → 1, repeat 1 → 2", ["kernel 11 → 3,", "stride 4 → 1, repeat 1 → 2"]),
        ("filters round_to(8*width, 8) → 16", ["filters round_to(8*width, 8)", "→ 16"]),
        (
            "conv 64, kernel 3, repeat 2 → bottleneck 64, repeat 3",
            ["conv 64, kernel 3, repeat 2", "→ bottleneck 64, repeat 3"],
        ),
        (
            "repeat 1 → 2, first none → {stride: 2, padding: 1}, bias true → false",
            ["repeat 1 → 2,", "first none", "→ {stride: 2, padding: 1},", "bias true → false"],
        ),
        ("added: " + "a" * 30, ["added: " + "a" * 30]),
    ],
)
def test_many_words_are_broken_between_edits(text: str, lines: list[str]) -> None:
    assert in_lines(text, 27) == lines
    assert in_lines(text, len(text)) == [text]
