"""A class of 200 answer sheets: worksheets, marking, and how well mistakes are recognised.

    python tests/benchmarks/marking.py [FOLDER ...]

Prints the seconds for 200 variants and for marking them with three mistakes each (target: a few seconds), and
for every network without branches of the bundled ones and of the folders: how many single mistakes are
diagnosed (recall; of two with one formula one is said), how many correct sheets get full marks (no false alarm),
and which misconceptions give one number by different formulas.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import cnncalc
from cnncalc.analysis.analyze import analyze_network
from cnncalc.analysis.misconceptions import MISCONCEPTIONS
from cnncalc.analysis.misconceptions.forms import Form
from cnncalc.errors import CnnCalcError
from cnncalc.explaining.exercise import Exercise, Item
from cnncalc.explaining.figures import USUALLY_ASKED
from cnncalc.homework.marking import Marked, mark_sheet
from cnncalc.homework.reading import parse_sheet
from cnncalc.homework.variants import Variant, Variants
from cnncalc.homework.worksheet import Worksheet, value_text
from cnncalc.homework.worksheet_view import worksheet_csv
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import read_source

CLASS = 200
MISTAKES = 3
FIGURES = ("out", "params", "macs", "receptive_field")

MORE = (
    """\
input: {C: 3, H: 48, W: 32}
layers:
- {conv: 8, kernel: [1, 7], padding: [0, 3]}
- {conv: 16, kernel: 3, dilation: 2}
- {maxpool: 3, stride: 2}
- {conv: 16, kernel: 3, groups: 4}
- {upsample: 2}
- {deconv: 8, kernel: 4, stride: 2, padding: 1}
- {deconv: 8, kernel: 3, stride: 2, padding: 1, output_padding: 1}
- {conv: 4, kernel: 1}
""",
    """\
input: {C: 8, L: 20}
layers:
- {conv: 16, kernel: 3}
- {lstm: 32}
- {fc: 5}
""",
)
"""Networks with what no bundled one without branches has."""


def marked(exercise: Exercise, answers: dict[tuple[str, str], str], figures: tuple[str, ...]) -> Marked:
    """A sheet with right answers but for some cells, marked."""
    lines = [",".join(("layer", *figures))]
    for item in exercise.items:
        cells = []
        for figure in figures:
            right = exercise.right(item, figure)
            text = "" if right is None else value_text(right, exercise.layout)
            cells.append(answers.get((item.name, figure), text))
        lines.append(",".join((item.name, *cells)))
    return mark_sheet(exercise, parse_sheet("sheet.csv", "\n".join(lines)), figures)


def time_class(name: str) -> None:
    """Print the time for a class of variants, and for marking it."""
    variants = Variants(read_spec(read_source(name)))
    start = time.perf_counter()
    sheets = []
    for seed in range(CLASS):
        exercise = Exercise(analyze_network(variants.network(Variant(seed))))
        sheets.append(worksheet_csv(Worksheet(exercise, (*USUALLY_ASKED, "macs"), {"seed": str(seed)}, key=True)))
    made = time.perf_counter()
    chooser = random.Random(1)
    wrong = 0
    for text in sheets:
        lines = text.splitlines()
        for place in chooser.sample(range(3, len(lines) - 1), MISTAKES):
            cells = lines[place].rsplit(",", 3)
            cells[2] = str(int(cells[2]) + chooser.randint(3, 99)) if cells[2].isdigit() else cells[2]
            lines[place] = ",".join(cells)
        sheet = parse_sheet("sheet.csv", "\n".join(lines))
        network = variants.network(Variant(int(sheet.facts["seed"])))
        found = mark_sheet(Exercise(analyze_network(network)), sheet)
        wrong += sum(mark.state == "wrong" for mark in found.marks)
    done = time.perf_counter()
    print(
        f"{name}: {CLASS} variants made in {made - start:.2f} s; marked with {wrong} wrong cells in {done - made:.2f} s"
    )


def is_sequential(report: cnncalc.Report) -> bool:
    """Whether every layer reads the one before."""
    nodes = report.network.nodes
    return all(len(node.inputs) == 1 for node in nodes) and all(
        after.inputs == (before.path,) for before, after in zip(nodes, nodes[1:], strict=False)
    )


def wrong_values(exercise: Exercise, item: Item, figure: str) -> dict[str, dict[str, tuple[Form, ...]]]:
    """Every wrong value of a cell as it is written, with the misconceptions that give it and their formulas."""
    values: dict[str, dict[str, tuple[Form, ...]]] = {}
    for explanation in exercise.explainer(item).wrong(figure, "near"):
        text = value_text(explanation.value, exercise.layout)
        values.setdefault(text, {}).setdefault(explanation.ids[0], explanation.forms(figure))
    return values


def recall(exercise: Exercise, seen: Counter[str], missed: Counter[str], coincide: Counter[tuple[str, str]]) -> None:
    """Count which single mistakes a sheet with nothing else wrong is diagnosed with."""
    for item in exercise.items:
        for figure in FIGURES:
            if exercise.right(item, figure) is None:
                continue
            for text, ids in wrong_values(exercise, item, figure).items():
                found = marked(exercise, {(item.name, figure): f'"{text}"'}, FIGURES)
                mark = next(m for m in found.marks if (m.layer, m.figure) == (item.name, figure))
                told = {id_ for explanation in mark.explanations for id_ in explanation.ids}
                formulas = [explanation.forms(figure) for explanation in mark.explanations]
                seen.update(list(ids))
                # What is taken from another layer is not said beside a more plausible mistake.
                missed.update(
                    id_
                    for id_, forms in ids.items()
                    if id_ not in told and forms not in formulas and not (told and id_.endswith("-of-another-layer"))
                )
                coincide.update((a, b) for a in ids for b in ids if a < b and ids[a] != ids[b])


def main() -> None:
    """Print the times, then recall, false alarms and coincidences."""
    for name in ("alexnet", "vgg16"):
        time_class(name)
    seen, missed, coincide = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    alarms = networks = 0
    for text in MORE:
        recall(Exercise(cnncalc.analyze(text=text)), seen, missed, coincide)
    bundled = Path(__file__).parents[2] / "architectures"
    for folder in (bundled, *map(Path, sys.argv[1:])):
        for path in sorted(folder.glob("*.yaml")):
            try:
                report = cnncalc.analyze(path)
            except CnnCalcError:
                continue
            if not is_sequential(report):
                continue
            networks += 1
            exercise = Exercise(report)
            right = marked(exercise, {}, FIGURES)
            alarms += any(mark.state != "right" for mark in right.marks) or bool(right.remarks or right.problems)
            recall(exercise, seen, missed, coincide)
    print(f"{networks} networks; correct sheets with a remark: {alarms}")
    print(f"single mistakes: {sum(seen.values())}, diagnosed {1 - sum(missed.values()) / sum(seen.values()):.2%}")
    print("not diagnosed:", dict(missed.most_common()) or "none")
    print("never seen in them:", sorted({m.id for m in MISCONCEPTIONS} - seen.keys()))
    for (one, other), count in coincide.most_common(30):
        print(f"  {count:5} cells: {one} = {other}")


if __name__ == "__main__":
    main()
