"""The rules of a layer give its right figures, whose formulas are edited; edits find what they are written for."""

import pytest
from bundled import ONE_OF_EACH, small_report
from layers.cases import CASES, Case

from cnncalc.analysis.misconceptions.edits import parse_edit
from cnncalc.analysis.misconceptions.layer_figures import LayerFigures
from cnncalc.analysis.misconceptions.layer_formulas import RIGHT
from cnncalc.analysis.misconceptions.surroundings import simply_seen
from cnncalc.explaining.exercise import Exercise
from cnncalc.formula import SOURCE, parse, write
from cnncalc.layers import LAYERS
from cnncalc.layers.base import make
from cnncalc.layers.derivations import Sliding
from cnncalc.shapes import Shape


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_every_kind_has_the_literal_figures(case: Case) -> None:
    layer = LayerFigures(case.make(), case.inputs, lambda: {"bytes": 4})
    figures = {
        "out": case.output,
        "elements": case.output.elements,
        "params": case.params,
        "buffers": case.buffers,
        "macs": case.macs,
        "flops": 2 * case.macs,
        "weights": case.params + case.buffers,
    }
    assert {figure: layer.value(figure) for figure in figures} == figures


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_row_of_an_architecture_has_its_figures(name: str) -> None:
    exercise = Exercise(small_report(name), depth=1)
    for item in exercise.items:
        row, figures = exercise.report.row_report(item.row), exercise.explainer(item).row
        counts = ("elements", "params", "buffers", "macs", "flops", "weights_memory", "output_memory")
        assert {figure: figures.value(figure) for figure in counts} == {
            figure: getattr(row, figure) for figure in counts
        }
        assert figures.value("out") == row.output
        seen = simply_seen(row.views)
        for figure, right in zip(("receptive_field", "jump"), seen or (None, None), strict=True):
            # Of one window it is known, of a merge or several windows only sometimes.
            sliding = len(item.nodes) == 1 and isinstance(item.nodes[0].layer, Sliding)
            assert figures.value(figure) in ((right,) if sliding else (right, None))


def test_an_output_that_is_an_answer_is_not_calculated() -> None:
    conv = make(LAYERS["conv"], 2, filters=4, kernel=3)
    layer = LayerFigures(conv, (Shape(3, (8, 8)),), lambda: {"bytes": 4}, Shape(4, (8, 8)))
    assert layer.calculation("out", RIGHT) is None
    assert layer.value("macs") == 6_912  # 27 for each of 4*8*8 answered values


@pytest.mark.parametrize("name", ["alexnet", "googlenet", "m5", "c3d", "unet"])
def test_calculations_are_found_for_many_mistakes(name: str) -> None:
    exercise = Exercise(small_report(name), depth=1)
    shown = 0
    for item in exercise.items:
        explainer = exercise.explainer(item)
        for figure in ("out", "params", "macs", "receptive_field") if len(item.nodes) == 1 else ():
            # That the formula has the value of the mistake is checked where it is made.
            shown += sum(found.calculation(figure) is not None for found in explainer.wrong(figure))
    assert shown > 20


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        ("P -> 0", "floor((H + 2*P - K)/S) + 1", "floor((H + 2*0 - K)/S) + 1"),
        ("2*P -> P", "floor((H + 2*P - K)/S) + 1", "floor((H + P - K)/S) + 1"),
        ("2*P -> P", "(H - 1)*S - 2*P + K", "(H - 1)*S - P + K"),
        ("H + 2*P -> H", "floor((H + 2*P - K)/S) + 1", "floor((H - K)/S) + 1"),
        ("floor(_) + 1 -> floor(_)", "floor((H - K)/S) + 1", "floor((H - K)/S)"),
        ("ceil(_) + 1 -> ceil(_)", "ceil((H - K)/S) + 1 - 1", "ceil((H - K)/S) - 1"),
        ("floor((_ - E)/S) + 1 -> floor((_ + E)/S) - 1", "floor((H + 2*P - E)/S) + 1", "floor((H + 2*P + E)/S) - 1"),
        ("E - 1 -> E", "r_in + (E - 1)*j_in", "r_in + E*j_in"),
        ("filters/groups -> filters", "inputs*taps*(filters/groups)", "inputs*taps*filters"),
        ("C*_ -> _", "C*H*W", "H*W"),
        ("params = _ + biases -> _", "a*b + biases", "a*b"),
        ("params = a*b -> a", "a*b + c", "a*b + c"),  # no part, the whole
        ("params = _*b -> n*_*b", "a*d*b", "n*a*d*b"),
        ("b - c -> x", "a - b - c", "a - b - c"),  # a - (b - c) is something else
        ("K -> L", "H*M", "H*M"),
    ],
)
def test_an_edit_changes_what_fits_its_pattern(edit: str, before: str, after: str) -> None:
    (change,) = parse_edit(edit).changes
    assert write(change.applied(parse(before)), SOURCE) == after
