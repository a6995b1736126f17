"""Sizes of the input that a spec leaves open: what does not depend on them is said, of all else that it does."""

from pathlib import Path

import pytest
from running import Run

import cnncalc
from cnncalc.analysis.analyze import analyze_spec
from cnncalc.analysis.claims import compare_claims
from cnncalc.analysis.open_sizes import build_with_any_sizes
from cnncalc.api import analyze_source
from cnncalc.errors import SpecError
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import text_source
from cnncalc.render.columns import report_grid
from cnncalc.render.report_data import report_data

LAYERS = """\
layers:
- {name: first, conv: 64, kernel: 3, padding: same}
- {maxpool: 2}
- global_avgpool
- flatten
- {fc: 10}
"""


@pytest.mark.parametrize(
    ("head", "sizes"),
    [
        ("input: {C: 3, H: null, W: null}", ("H", "W")),
        ("input: [3, null, None]", ("H", "W")),
        ("layout: HWC\ninput: [64, ~, 3]", ("W",)),
        ("inputs: {image: {C: 3, H: 64, W: null}}", ("W",)),
    ],
)
def test_params_are_known_whatever_the_sizes_are(head: str, sizes: tuple[str, ...]) -> None:
    report = analyze_source(text_source(f"{head}\n{LAYERS}"), open_sizes=True)
    assert report.open_sizes == sizes
    assert not report.complete
    needs = f"needs {', '.join(sizes)}"
    rows = {row[0]: row[1:] for row in report_grid(report, ("layer", "params", "macs")).rows}
    # 3*3*3*64 + 64; fc 64*10 + 10 and 64*10
    assert rows == {
        "first": (1792, needs),
        "maxpool": (None, None),
        "global_avgpool": (None, None),
        "flatten": (None, None),
        "fc": (650, 640),
    }


def test_a_size_is_not_left_open_unless_that_is_asked_for() -> None:
    with pytest.raises(SpecError, match="H"):
        analyze_spec(read_spec(text_source(f"input: {{C: 3, H: null, W: 64}}\n{LAYERS}")))


def test_what_is_wrong_whatever_the_sizes_are_is_said_of_the_first() -> None:
    text = "input: {C: 3, H: null, W: null}\nlayers:\n- {conv: 4, kernel: 3, groups: 2}\n"
    with pytest.raises(SpecError, match="groups"):
        build_with_any_sizes(read_spec(text_source(text)))


def test_totals_are_lower_bounds_and_json_has_null() -> None:
    report = analyze_source(text_source(f"input: {{C: 3, H: null, W: 64}}\n{LAYERS}"), open_sizes=True)
    data = report_data(report)
    assert (data["open_sizes"], data["inputs"]) == (["H"], {"input": [3, None, 64]})
    assert (data["totals"]["params"], data["totals"]["macs"], data["totals"]["peak_memory"]) == (2442, None, None)
    first, pool, *_ = data["layers"]
    assert (first["output_shape"], pool["output_shape"]) == ([64, None, 64], [64, None, 32])
    assert (first["params"], first["macs"], first["receptive_field"]) == (1792, None, [3, 3])


def test_a_claim_is_compared_unless_it_needs_a_size() -> None:
    claims = "expect: {params: 2442, macs: 5, layers: {first: {out: 64x9x9}, fc: {macs: 640}}}\n"
    report = analyze_source(text_source(f"input: {{C: 3, H: null, W: null}}\n{LAYERS}{claims}"), open_sizes=True)
    found = [(one.claim.figure, one.holds, one.reason) for one in compare_claims(report)]
    needs = "it needs H, W"
    assert found == [("params", True, ""), ("macs", False, needs), ("out", False, needs), ("macs", True, "")]


def test_what_needs_every_size_says_how_to_give_them() -> None:
    with pytest.raises(cnncalc.SpecError, match="--input H=224 --input W=224"):
        cnncalc.analyze(text=f"input: {{C: 3, H: null, W: null}}\n{LAYERS}")
    whole = cnncalc.analyze(text=f"input: {{C: 3, H: null, W: null}}\n{LAYERS}", input=["H=8", "W=4"])
    assert whole.totals.macs == 64 * 8 * 4 * 27 + 640


def test_a_size_that_a_later_layer_fixes_makes_params_depend_on_it() -> None:
    text = "input: [3, null, null]\nlayers:\n- {conv: 8, kernel: 3}\n- flatten\n- {fc: 10}\n"
    grid = report_grid(analyze_source(text_source(text), open_sizes=True), ("layer", "output", "params"))
    assert grid.rows == (
        ("conv", "8×?×?", 224),
        ("flatten", "?", None),
        ("fc", "10", "needs H, W"),
    )
    assert grid.totals[2] == 224


def test_sizes_that_are_swept_need_not_be_in_the_spec(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "open.yaml"
    path.write_text(f"input: {{C: 3, H: null, W: null}}\n{LAYERS}", encoding="utf-8")
    result = run("sweep", str(path), "--input", "4,8", "--columns", "macs", "--format", "csv")
    # 64*16*27 + 640 and 64*64*27 + 640
    assert result.stdout.split() == ["input,macs,reason", "4x4,28288,", "8x8,111232,"]
