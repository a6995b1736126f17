"""The terms of a layer give its right figures: what a misconception changes is the right formula."""

from __future__ import annotations

import pytest
from bundled import ONE_OF_EACH, small_report
from layers.cases import CASES, Case

from cnncalc.analysis.misconceptions.layer_terms import layer_terms
from cnncalc.analysis.misconceptions.tasks import simple_sight
from cnncalc.analysis.misconceptions.terms import figure_of
from cnncalc.explaining.exercise import Exercise


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_the_terms_of_every_kind_give_the_literal_figures(case: Case) -> None:
    terms = layer_terms(case.make(), case.inputs)
    assert figure_of(terms, "out") == case.output
    assert figure_of(terms, "params") == case.params
    assert figure_of(terms, "buffers") == case.buffers
    assert figure_of(terms, "macs") == case.macs
    assert figure_of(terms, "flops") == 2 * case.macs
    assert figure_of(terms, "weights") == case.params + case.buffers


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_row_of_an_architecture_reckons_to_its_figures(name: str) -> None:
    exercise = Exercise(small_report(name), depth=1)
    for item in exercise.items:
        row, reckoner = exercise.report.row_report(item.row), exercise.explainer(item).reckoner
        figures = ("elements", "params", "buffers", "macs", "flops", "weights_memory", "output_memory")
        assert {figure: reckoner.value(figure) for figure in figures} == {
            figure: getattr(row, figure) for figure in figures
        }
        assert reckoner.value("out") == row.output
        sight = simple_sight(row.views)
        field = reckoner.value("receptive_field")
        assert field is None or (sight is not None and field == sight.field)
        jump = reckoner.value("jump")
        assert jump is None or (sight is not None and jump == sight.jump)
