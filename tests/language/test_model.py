"""A spec as it was written: what it says of itself."""

import pytest

from cnncalc.language.grammar import read_spec
from cnncalc.language.source import text_source


@pytest.mark.parametrize(
    ("source", "year"),
    [
        pytest.param("LeCun et al. 1989, Sec. 5, NeurIPS 2 (1990)", 1989, id="the first of two"),
        pytest.param("He et al. 2015, arXiv:1512.03385", 2015, id="before an arXiv number"),
        pytest.param("arXiv:2003.13678, Radosavovic et al. 2020", 2020, id="not of an arXiv number"),
        pytest.param("Model in Keras, 2.3 of 2020.", 2020, id="at the end of a sentence"),
        pytest.param("a Keras notebook that classifies the 17 Oxford flowers", None, id="no number of a year"),
        pytest.param("layer 20156 of 1200 and 3000", None, id="numbers of other sizes"),
        pytest.param("", None, id="no source"),
    ],
)
def test_the_year_is_the_first_in_the_source(source: str, year: int | None) -> None:
    assert read_spec(text_source(f"source: '{source}'\ninput: 3x8x8\nlayers: [relu]\n")).year == year
