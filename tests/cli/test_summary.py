"""`cnncalc show A B C --summary`: a line for each spec, with what differs from the first."""

import json
from pathlib import Path

import pytest
from running import Run

SPECS = {
    "small": "{input: 3x8x8, layers: [{conv: 4, kernel: 3, name: c}, flatten, {fc: 10}]}",
    # params 3·3·3·8 + 8 and 8·36·10 + 10; macs 36·8·27 and 2,880
    "wide": "{input: 3x8x8, layers: [{conv: 8, kernel: 3, name: c}, flatten, {fc: 10}]}",
    "open": "{input: 3x?x?, layers: [{conv: 4, kernel: 3}]}",
}
WIDTHS = "spec,params,macs"


@pytest.fixture(autouse=True)
def specs(folder: Path) -> None:
    for name, text in SPECS.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


# small: params 3·3·3·4 + 4 + 144·10 + 10 = 1,562; macs 6·6·4·27 + 1,440 = 5,328. wide: 3,114 and 10,656
TABLE = """\
2 networks
spec        params  params %    MACs  MACs %
────────────────────────────────────────────
small.yaml   1,562             5,328
wide.yaml    3,114   +99.4 %  10,656  +100 %
 %: what differs from small.yaml
"""

CSV = """\
spec,params,params_difference,macs,macs_difference
small.yaml,1562,,5328,
wide.yaml,3114,1552,10656,5328
"""


@pytest.mark.parametrize(("format_", "written"), [("table", TABLE), ("csv", CSV)])
def test_each_spec_is_a_line_with_its_difference_to_the_first(run: Run, format_: str, written: str) -> None:
    result = run("show", "small.yaml", "wide.yaml", "--summary", "--columns", WIDTHS, "--format", format_)
    assert (result.exit_code, result.stdout, result.stderr) == (0, written, "")


def test_json_has_every_total_and_every_difference(run: Run) -> None:
    first, second = json.loads(run("show", "small.yaml", "wide.yaml", "--summary", "--format", "json").stdout)["specs"]
    assert ("differences" in first, first["totals"]["params"]) == (False, 1562)
    assert (second["spec"], second["differences"]["params"]) == ("wide.yaml", 1552)
    assert second["differences"].keys() == second["totals"].keys() - {"ops"}


def test_what_is_left_open_is_said(run: Run) -> None:
    command = ("show", "small.yaml", "open.yaml", "--summary", "--columns", "spec,output,params,macs", "--format")
    assert run(*command, "csv").stdout.splitlines()[2] == 'open.yaml,4x?x?,112,-1450,"needs H, W",'
    assert json.loads(run(*command, "json").stdout)["specs"][1]["differences"]["macs"] is None


def test_one_that_is_wrong_leaves_the_others(run: Run) -> None:
    Path("wrong.yaml").write_text("{input: 3x8x8, layers: [{conv: 0}]}", encoding="utf-8")
    result = run("show", "wrong.yaml", "small.yaml", "--summary", "--columns", WIDTHS, "--format", "csv")
    assert (result.exit_code, result.stdout) == (1, "spec,params,macs\nsmall.yaml,1562,5328\n")


def test_a_plot_has_a_point_for_each_spec_on_the_two_figures_chosen(run: Run) -> None:
    result = run("show", "small.yaml", "wide.yaml", "--summary", "--columns", "ops,intensity", "-o", "plot.svg")
    assert (result.exit_code, result.stdout) == (0, "written to plot.svg\n")
    drawn = Path("plot.svg").read_text("utf-8")
    assert drawn.count('data-layer="') == 2
    assert [title for title in (">ops (log scale)<", ">FLOPs/B (log scale)<") if title not in drawn] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "svg"], "svg plots what --summary has; 'cnncalc draw' draws an architecture"),
        (["--columns", "title"], "no column 'title'; choose from all, layer, operation"),
        (["--summary", "--columns", "operation"], "no column 'operation'; choose from all, spec, title, input"),
        (["--columns", "operation", "--summary"], "no column 'operation'; choose from all, spec, title, input"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(run: Run, options: list[str], message: str) -> None:
    result = run("show", "small.yaml", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
