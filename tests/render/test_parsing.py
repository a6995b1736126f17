"""The readers of these tests notice what is wrong in a text."""

import pytest
from render.parsing import latex_plain, number, parse_latex, parse_markdown, parse_table, value_of

TABLE = """\
Net · input 3×8×8
layer  operation         params      MACs
─────────────────────────────────────────
conv   conv 4, 3×3          112     3,888
relu   relu
fc     fc 1000, no bias   9,000  ten

total                     9,112     3,888
 batch 1"""


def test_a_table_is_read_by_its_columns() -> None:
    table = parse_table(TABLE)
    assert table.heads == ["layer", "operation", "params", "MACs"]
    assert table.rows[0] == ["conv", "conv 4, 3×3", "112", "3,888"]
    assert table.rows[1] == ["relu", "relu", "", ""]
    assert table.totals == ["total", "", "9,112", "3,888"]
    assert table.notes == [" batch 1"]


@pytest.mark.parametrize("cell", ["1234", "12,34", "1,23…", "…", "-1", "1.0", "ten"])
def test_a_cut_or_odd_number_is_no_count(cell: str) -> None:
    with pytest.raises(AssertionError, match="is no count"):
        number(cell)


def test_markdown_and_latex_cells_are_split_at_what_is_not_escaped() -> None:
    markdown = "**t**\n\n| a | b |\n| --- | ---: |\n| x\\|y\\_z | 1 |\n| **total** | **1** |\n\nnote"
    assert parse_markdown(markdown).rows == [["x|y_z", "1"]]
    latex = (
        "\\caption{t}\n\\toprule\na & b \\\\\n\\midrule\nx\\&y\\_z & 1 \\\\\n\\midrule\ntotal & 1 \\\\\n\\bottomrule"
    )
    assert parse_latex(latex).rows == [["x&y_z", "1"]]
    assert latex_plain(r"\textbackslash{}\{\}") == "\\{}"


@pytest.mark.parametrize(
    ("text", "value"),
    [("max((⌈8,000/4⌉ − 1)·4 + 80 − 8,000, 0)", 76), ("5·5·(96/2)·256 + 256", 307_456), ("⌊7/2⌋ + 1", 4)],
)
def test_arithmetic_is_exact(text: str, value: int) -> None:
    assert value_of(text) == value
