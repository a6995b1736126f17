"""The marking agrees with the table of misconceptions, in every bundled network without branches.

What the table makes of a row is found again in it, and right sheets have no remark. That its numbers are those
that students get is tested by literal ones in test_single_mistakes.py and tests/analysis/misconceptions.

The benchmark tests/benchmarks/marking.py does the same with whole sheets, for any folder of specs.
"""

from functools import cache

import pytest
from homework.marked import filled, not_right

import cnncalc
from cnncalc.explaining.exercise import Exercise
from cnncalc.explaining.explain import explain
from cnncalc.explaining.statement import Reading, Statement
from cnncalc.homework.cells import read_shape
from cnncalc.homework.marking import mark_sheet
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.worksheet import value_text
from cnncalc.shapes import Shape

SEQUENTIAL = (
    "alexnet", "alexnet_assignment", "alexnet_cifar", "alexnet_keras_flowers", "alexnet_one_tower",
    "alexnet_two_tower", "c3d", "lenet5", "m5", "mnist_keras", "vgg16", "zfnet",
)  # fmt: skip
FIGURES = ("out", "params", "macs", "receptive_field")


@cache
def exercise(name: str) -> Exercise:
    return Exercise(cnncalc.analyze(name))


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_a_correct_sheet_gets_full_marks_and_no_remark(name: str) -> None:
    sheet = filled(exercise(name), FIGURES)
    found = mark_sheet(exercise(name), parse_sheet("sheet.csv", sheet), FIGURES)
    assert (not_right(found), found.remarks, found.problems) == ({}, (), ())
    assert len(found.marks) > 20


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_what_a_misconception_gives_is_explained_by_it(name: str) -> None:
    made = 0
    for item in exercise(name).items:
        explainer = exercise(name).explainer(item)
        for figure in FIGURES:
            for wrong in explainer.wrong(figure) if exercise(name).right(item, figure) is not None else ():
                verdict = explain(exercise(name), Statement(item.name, figure, "", (Reading(wrong.value),)))
                told = [one.ids for one in verdict.explanations] + [one.forms(figure) for one in verdict.explanations]
                assert wrong.ids in told or wrong.forms(figure) in told, (item.name, figure, wrong.value)
                made += 1
    assert made > 200


def test_a_map_of_one_pixel_for_a_vector_is_the_only_mistake_that_is_let_pass() -> None:
    # LeNet-5's C5 makes 120x1x1: who flattens it to 120x1x1 has written the vector of 120.
    lenet = exercise("lenet5")
    flatten = next(item for item in lenet.items if item.name == "flatten")
    wrong = [one.value for one in lenet.explainer(flatten).wrong("out")]
    assert Shape(120, (1, 1)) in wrong
    assert read_shape(value_text(Shape(120, (1, 1)), "CHW"), 0, "CHW")[0].value == Shape(120)
