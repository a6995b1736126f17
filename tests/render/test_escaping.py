"""What a spec wrote stays text in every format: no markup, no formula, no row of its own."""

import csv
import io
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from render.parsing import check_latex, latex_plain, parse_latex
from running import Output

from cnncalc.render.csv_text import csv_text
from cnncalc.render.grid import Grid, Header
from cnncalc.render.html import grid_html
from cnncalc.render.latex import latex_text
from cnncalc.render.markdown import markdown_text

HOSTILE = {
    "a bar": "a|b",
    "an escaped bar": "a\\|b",
    "underscores": "conv_1_a __x__",
    "stars": "*a* **b** 4*c",
    "a percent sign": "50% of a",
    "a backslash": "a\\b \\textbf{x} \\",
    "a script": "<script>alert(1)</script>",
    "an entity": "&lt;b&gt; &amp; &copy;",
    "an image": "![x](http://example.org/x.png)",
    "a link": "[x](javascript:alert(1)) [y][z]",
    "an automatic link": "<http://example.org>",
    "code": "`a` ``b``",
    "a comment": "<!-- x -->",
    "mathematics": "$x^2$ x_1^2 {a} # ~ &",
    "quotes": "\"a\" 'b', c",
    "a strike": "~~a~~ ~b~",
    "signs": "3×3 · 5 – 6 − 7",
    "a dash": "a--b---c",
    "LaTeX quotes": "``a'' ?` !`",
    "tabular": "a & b \\\\ \\hline",
}


def grid(text: str) -> Grid:
    """A table with this text as title, as a cell and as a note."""
    return Grid(
        title=text,
        headers=(Header("layer", "layer"), Header("operation", "operation"), Header("params", "params", "right")),
        rows=((text, text, 1234), ("plain", "conv", None)),
        totals=("total", None, 1234),
        notes=(text,),
    )


class Html(HTMLParser):
    """The tags of a page, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._open.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.texts[tag] = self.texts.get(tag, "") + data
        if "td" in self._open or "th" in self._open:
            self.cells[-1] += data


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_html_shows_the_text_and_nothing_else(text: str) -> None:
    page = Html(grid_html(grid(text)))
    assert page.cells[3:6] == [text, text, "1,234"]
    assert page.texts["caption"] == text
    assert page.texts["small"] == text
    assert set(page.tags) <= {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "p", "small"}
    assert {name for name, _ in page.attributes} <= {"style"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown_text(grid(text)))
    page = Html(html)
    assert page.cells[3:6] == [text.strip(), text.strip(), "1,234"]
    assert page.texts["strong"].startswith(text)
    allowed = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert set(page.tags) <= allowed
    assert text in page.texts["p"].splitlines()[-1]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_latex_prints_the_text_and_nothing_else(text: str) -> None:
    latex = latex_text(grid(text))
    check_latex(latex)
    printed = text.replace("--", "–")  # two hyphens are one dash in LaTeX
    table = parse_latex(latex)
    assert table.rows == [[printed.strip(), printed.strip(), "1,234"], ["plain", "conv", ""]]
    assert table.title == printed
    assert latex_plain(table.notes[0]) == printed


@pytest.mark.parametrize(
    "wrong",
    [
        "\\begin{tabular}{lr}\n{a & 1 \\\\\n\\end{tabular}",
        "\\begin{tabular}{@{}lr@{}}\na & 1 & 2 \\\\\n\\end{tabular}",
        "\\begin{table}\n\\begin{tabular}{l}\na \\\\\n\\end{table}\n\\end{tabular}",
        "\\begin{table}\n$a\n\\end{table}",
        "50% of",
    ],
    ids=["a brace", "a cell", "an environment", "mathematics", "a comment"],
)
def test_wrong_latex_would_be_noticed(wrong: str) -> None:
    with pytest.raises(AssertionError):
        check_latex(wrong)


@pytest.mark.parametrize("name", ["alexnet", "resnet50", "m5", "c3d", "unet", "lenet5", "alexnet_two_branches"])
@pytest.mark.parametrize("command", ["show", "explain"])
def test_latex_of_a_network_is_closed_and_needs_no_unicode(output: Output, command: str, name: str) -> None:
    latex = output(command, name, "--format", "latex")
    check_latex(latex)
    assert latex.isascii()
    assert latex.count(r"\left") == latex.count(r"\right")
    assert "booktabs}" in latex or r"\usepackage{amsmath}" in latex


FORMULAS = {
    "an equals sign": "=1+1",
    "a plus": "+1+1",
    "a minus": "-1+1",
    "an at sign": "@SUM(1)",
    "a tabulator": "\t=1",
    "a wide equals sign": "＝1+1",
}


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_csv_does_not_start_a_cell_as_a_formula(text: str) -> None:
    # OWASP, CSV injection: = + - @ and tabulator; a spec cannot hold a carriage return
    rows = list(csv.reader(io.StringIO(csv_text([("net.yaml", grid(text))]), newline="")))
    assert rows[1] == [f"'{text}", f"'{text}", "1234"]
    named = list(csv.reader(io.StringIO(csv_text([(text, grid("a")), ("b", grid("a"))]), newline="")))
    assert named[1][0] == f"'{text}"


def test_csv_does_not_start_a_formula_behind_a_semicolon() -> None:
    # There a spreadsheet whose decimal point is a comma begins the next cell.
    rows = list(csv.reader(io.StringIO(csv_text([("net.yaml", grid("Ada;=1+1; Bob"))]), newline="")))
    assert rows[1][0] == "Ada;'=1+1; Bob"


@pytest.mark.parametrize("start", ["-16", "-16x-8", "-16x0"])
def test_a_negative_number_is_bare_in_csv(start: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_text([("net.yaml", grid(start))]), newline="")))
    assert start in rows[1]


def test_a_file_that_is_named_like_a_formula_is_text_in_csv(output: Output, tmp_path: Path) -> None:
    (tmp_path / "=1+1.yaml").write_text("{input: 3x8x8, layers: [relu]}", encoding="utf-8")
    rows = list(csv.reader(io.StringIO(output("show", "=1+1.yaml", "lenet5", "--format", "csv"))))
    assert rows[1][0] == "'=1+1.yaml"


def test_csv_numbers_are_bare_and_words_are_quoted_where_they_must_be() -> None:
    text = csv_text([("net.yaml", grid('a "b", c\nd'))])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["layer", "operation", "params"],
        ['a "b", c\nd', 'a "b", c\nd', "1234"],
        ["plain", "conv", ""],
    ]
    assert ",1234\n" in text


@pytest.mark.parametrize("render", [markdown_text, latex_text], ids=["Markdown", "LaTeX"])
def test_a_line_break_does_not_end_a_row(render: Callable[[Grid], str]) -> None:
    with_break, without = render(grid("a\n\nb")), render(grid("a b"))
    assert len(with_break.splitlines()) == len(without.splitlines())


SPEC = """
name: {name}
input: 3x8x8
layers:
- {{name: a_b-c, conv: 4, kernel: 3}}
- relu
"""


@pytest.mark.parametrize(
    ("format_", "title", "row"),
    [
        ("markdown", r"**\<script>x\</script> 50% a\_b\|c · input 3×8×8**", r"| a\_b-c |"),
        (
            "latex",
            r"\caption{$<$script$>$x$<$/script$>$ 50\% a\_b$|$c $\cdot$ input 3$\times$8$\times$8}",
            r"a\_b-c & conv 4, 3$\times$3 &",
        ),
    ],
)
def test_names_of_a_spec_are_escaped(output: Output, tmp_path: Path, format_: str, title: str, row: str) -> None:
    text = SPEC.format(name="'<script>x</script> 50% a_b|c'")
    (tmp_path / "net.yaml").write_text(text, encoding="utf-8")
    lines = output("show", "net.yaml", "--format", format_).splitlines()
    assert title in lines
    assert any(line.startswith(row) for line in lines)


def test_names_are_escaped_in_explanations(output: Output, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC.format(name="x"), encoding="utf-8")
    assert r"**a\_b-c**: conv 4 filters" in output("explain", "net.yaml", "--format", "markdown")
    assert r"\paragraph{a\_b-c} conv 4 filters" in output("explain", "net.yaml", "--format", "latex")
