"""Names of marked files: no two sheets have the same one."""

from __future__ import annotations

import pytest

from cnncalc.homework.roster import distinct_stems


@pytest.mark.parametrize(
    ("paths", "stems"),
    [
        pytest.param(["class/ada.csv", "class/alan.csv"], ["ada", "alan"], id="of the files"),
        pytest.param(["m/1/s.csv", "m/2/s.csv", "m/x.csv"], ["1_s", "2_s", "x"], id="with the folder where they clash"),
        pytest.param(["a/1/s.csv", "b/1/s.csv"], ["a_1_s", "b_1_s"], id="with as many folders as it takes"),
        pytest.param(["a/s.csv", "a/s.md"], ["s", "s_2"], id="numbered where the folders are the same, too"),
        pytest.param(["a/S.csv", "b/s.csv"], ["a_S", "b_s"], id="capitals make no other file on every disk"),
        pytest.param(["a/s.csv", "b/s.csv", "c/a_s.csv"], ["a_s", "b_s", "a_s_2"], id="not that of another path"),
        pytest.param(["../s.csv", "s.csv"], ["s", "s_2"], id="nothing leaves the folder"),
    ],
)
def test_every_path_has_a_stem_of_its_own(paths: list[str], stems: list[str]) -> None:
    assert distinct_stems(paths) == stems
