"""Points and credits."""

from fractions import Fraction
from pathlib import Path

import pytest
from homework.marked import RIGHT, marked, table

from cnncalc.errors import OverrideError, SpecError
from cnncalc.homework.class_view import cell_statistics, frequent_mistakes
from cnncalc.homework.points import exact_points, percent, points, read_points
from cnncalc.homework.scheme import make_scheme, read_scheme

SHEET = table(
    {
        "conv1": ("8x27x27", "600"),  # wrong, wrong
        "pool1": ("8x13x13", "0"),  # follows, right
        "conv2": ("16x13x13", "1152"),  # follows, the same mistake again
        "pool2": ("6x6x16", "0"),  # follows
        "flatten": ("", "0"),  # blank, right
        "fc": ("10", "7.9K"),  # right, coarse
    }
)


@pytest.mark.parametrize(
    ("settings", "score", "maximum"),
    [
        pytest.param({}, 7, 12, id="every cell one point"),
        pytest.param({"params": "2"}, 10, 18, id="two for the params"),
        pytest.param({"follows": "0.5"}, Fraction(11, 2), 12, id="half for what follows"),
        pytest.param({"coarse": "1"}, 8, 12, id="one for a number that is rounded too far"),
        pytest.param({"again": "0.5"}, Fraction(15, 2), 12, id="half for the same mistake again"),
        pytest.param({"params": "1/3", "follows": "1/2"}, Fraction(7, 2), 8, id="fractions, which add up exactly"),
        pytest.param({"conv1.out": "5", "out": "0"}, 3, 11, id="five for one cell, none for its column"),
    ],
)
def test_points_and_credits_make_the_score(settings: dict[str, str], score: Fraction, maximum: int) -> None:
    assert make_scheme(settings).total(marked(SHEET)) == (score, maximum)


def test_the_credit_for_the_other_order_is_its_own() -> None:
    found = marked(table({**RIGHT, "pool1": ("14x14x8", "0")}))
    assert make_scheme({"swapped": "0.5"}).total(found) == (Fraction(23, 2), 12)


def test_a_rounded_number_may_get_no_credit() -> None:
    sheet = marked(table({**RIGHT, "conv2": ("16x14x14", "1.17K")}))
    assert make_scheme({}).total(sheet) == (12, 12)
    assert make_scheme({"rounded": "0"}).total(sheet) == (11, 12)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"folows": "1"}, "scheme: there is no 'folows'; did you mean 'follows'?"),
        ({"zzz": "1"}, "scheme: there is no 'zzz'; known are rounded, coarse, swapped, follows, again, out, elements"),
        ({"total": "5"}, "scheme: there is no 'total'; known are rounded"),
        (
            {"follows": "2"},
            "scheme: follows=2: a credit is the fraction of the points that an answer gets, from 0 to 1",
        ),
        ({"params": "5000"}, "scheme: params=5000: points of one cell, from 0 to 1000"),
        ({"params": "1/0"}, "scheme: params=1/0: '1/0' is divided by 0"),
        ({"params": "many"}, "scheme: params=many: 'many' is not a number of 0 or more"),
    ],
)
def test_a_wrong_scheme_says_what_is_wrong(settings: dict[str, str], message: str) -> None:
    with pytest.raises(OverrideError) as caught:
        make_scheme(settings)
    assert str(caught.value).startswith(message)


def test_the_statistics_of_a_class_say_which_cells_and_mistakes_are_frequent() -> None:
    sheets = [marked(SHEET), marked(SHEET), marked(table(RIGHT))]
    cells = cell_statistics(sheets, make_scheme({"params": "2"}))
    conv1 = next(cell for cell in cells if (cell.layer, cell.figure) == ("conv1", "params"))
    assert (conv1.answers, conv1.states["right"], conv1.states["wrong"]) == (3, 1, 2)
    assert conv1.credit == Fraction(1, 3)
    assert conv1.mistakes == (("bias-forgotten", 2),)
    # in two sheets each; bias-forgotten in conv1 and conv2, the + 1 only once
    assert frequent_mistakes(sheets)[:2] == [("bias-forgotten", 2, 4), ("plus-one-forgotten", 2, 2)]


def test_a_scheme_for_a_row_names_its_cells() -> None:
    with pytest.raises(OverrideError, match="and, for one cell, LAYER.FIGURE, as conv1.params$"):
        make_scheme({"conv1": "4"})


def test_points_for_cells_that_no_sheet_has_are_known() -> None:
    scheme = make_scheme({"macs": "2", "conv9.out": "3", "conv1.macs": "2", "conv1.out": "2", "total.params": "1"})
    assert scheme.unused([marked(table({**RIGHT, "total": ("", "9626")}))]) == ["conv9.out", "conv1.macs"]


@pytest.mark.parametrize(
    ("number", "text", "exact"),
    [
        (Fraction(31), "31", "31"),
        (Fraction(5, 2), "2.5", "2.5"),
        (Fraction(7999, 1000), "7.999", "7.999"),
        (Fraction(79999, 10000), "7.99", "7.9999"),
        (Fraction(1, 3), "1/3", "0.333333333333"),
        (Fraction(7, 3), "2 1/3", "2.333333333333"),
        (8 - Fraction(1, 10**15), "7.99", "7.999999999999"),
    ],
)
def test_points_are_never_rounded_up(number: Fraction, text: str, exact: str) -> None:
    assert (points(number), exact_points(number)) == (text, exact)
    assert read_points("2 1/3") == Fraction(7, 3)


def test_only_all_points_are_a_hundred_per_cent() -> None:
    assert [percent(Fraction(one), Fraction(9999)) for one in (9998, 9999)] == ["99.9", "100.0"]


def test_the_problems_of_a_damaged_scheme_have_an_end(tmp_path: Path) -> None:
    file = tmp_path / "scheme.yaml"
    file.write_text("params: 2\n" * 3000, encoding="utf-8")
    with pytest.raises(SpecError, match="reading stopped here"):
        read_scheme(str(file))
