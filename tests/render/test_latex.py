"""Tables of LaTeX fit the width of the text: smaller letters, then folded words, then fewer columns."""

import re
from pathlib import Path

import pytest
from running import Output, Run

from cnncalc.render.grid import Grid, Header
from cnncalc.render.latex import latex_text
from cnncalc.render.latex_fit import text_points
from cnncalc.render.writers import Style


def test_texts_are_as_wide_as_in_computer_modern() -> None:
    # cmr10.tfm: T 7.22, o 5, t 3.89, a 5, l 2.78, a blank 3.33, comma 2.78, digits 5
    assert text_points("Total 1,234") == pytest.approx(7.22 + 5 + 3.89 + 5 + 2.78 + 3.33 + 5 + 2.78 + 3 * 5, abs=0.02)
    assert text_points("3×3") == pytest.approx(17.78)  # cmsy10.tfm: the sign for times 7.78


GRID = Grid(
    title="Net · bundled architecture · input 3×8×8",
    headers=(
        Header("layer", "layer"),
        Header("operation", "operation", priority=2),
        Header("params", "params", "right", 1),
        Header("macs", "MACs", "right", 3),
    ),
    # o and digits are 5 wide: 40 · 5 for the operation, 50 for params, 60 for MACs (less for its title)
    rows=(("conv", "oooo " * 10, "1" * 10, "1" * 12),),
)


def columns(width: float) -> tuple[str, list[str], list[str]]:
    """How a table begins at a width: the size of letters, its columns, and what was said."""
    said: list[str] = []
    text = latex_text(GRID, "exact", Style(text_width=width, say=said.append), "tab:net")
    size = re.search(r"^\\(small|footnotesize)$", text, re.M)
    kinds = re.search(r"\{tabular\}\{@\{\}(.*)@\{\}\}", text)
    assert kinds
    whole = re.sub(r"\.\d(?=pt)", "", kinds[1].replace(r">{\raggedright\arraybackslash}", " "))
    return (size[1] if size else "", whole.split(), said)


@pytest.mark.parametrize(
    ("width", "size", "kinds", "said"),
    [
        # layer 5 letters 21.1; operation 10 · 20 + 9 · 3.33 = 230; params 50; MACs 60; three gaps of 12: 397 points
        (399, "", ["llrr"], []),
        # · 0.9258 and gaps of 10: 364
        (366, "small", ["llrr"], []),
        # · 0.8501 and gaps of 8: 331
        (333, "footnotesize", ["llrr"], []),
        # 31 less for the operation, which takes 195.5
        (301, "footnotesize", ["l", "p{164pt}rr"], []),
        # 117 less would leave it 78, and it has at least 85: without MACs, 51 and 8, it needs 58 less
        (215, "footnotesize", ["l", "p{137pt}r"], ["tab:net: without MACs; operation folds, to fit 215 pt"]),
        (60, "", ["l"], ["tab:net: without params, operation, MACs, to fit 60 pt"]),
        (10, "footnotesize", ["l"], ["tab:net: without params, operation, MACs; scaled down, to fit 10 pt"]),
    ],
)  # fmt: skip
def test_a_table_fits(width: float, size: str, kinds: list[str], said: list[str]) -> None:
    assert columns(width) == (size, kinds, said)


def test_a_comment_says_what_is_needed_and_what_was_done(output: Output) -> None:
    first, second, *_ = output("show", "resnet50", "--format", "latex").splitlines()
    assert first == r"% needs \usepackage{array,booktabs}"
    assert second == "% without FLOPs; operation folds, to fit 345 pt"


def test_every_table_has_a_label_of_its_own_and_its_caption_only_what_a_paper_wants(output: Output) -> None:
    text = output("show", "lenet5", "alexnet", "alexnet", "--format", "latex")
    assert re.findall(r"\\label\{(.*)\}", text) == ["tab:lenet5", "tab:alexnet", "tab:alexnet-2"]
    assert r"\caption{LeNet-5 $\cdot$ input 1$\times$32$\times$32}" in text
    assert "bundled" not in text


def test_a_table_longer_than_a_page_goes_on(output: Output) -> None:
    text = output("show", "resnet50", "--expand", "--format", "latex")
    assert text.startswith(r"% needs \usepackage{array,booktabs,longtable}")
    assert (text.count(r"\begin{longtable}"), r"\begin{table}" in text) == (1, False)
    marks = [text.index(mark) for mark in (r"\label{tab:resnet50}\tabularnewline", r"\toprule", r"\endhead")]
    assert marks == sorted(marks)


@pytest.mark.parametrize(
    ("width", "points"), [("400", "400"), ("10cm", "284.528"), ("4in", "289.08"), ("90 mm", "256.075")]
)
def test_the_width_has_a_unit(run: Run, folder: Path, width: str, points: str) -> None:
    result = run("show", "resnet50", "--format", "latex", "--width", width)
    assert result.exit_code == 0
    assert f", to fit {points} pt" in result.stdout.splitlines()[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "--format latex --width wide",
            "'wide' is not a width from 1 to 100 inches; write 345pt, 17.5cm, 120mm or 5in",
        ),
        ("--format latex --width 20pt", "'20pt' is not a width from 1 to 100 inches"),
        ("--format csv --width 345pt", "--width is the width of a page of LaTeX; give --format latex"),
    ],
)
def test_a_width_that_is_none_is_refused(run: Run, folder: Path, options: str, message: str) -> None:
    result = run("show", "net.yaml", *options.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
