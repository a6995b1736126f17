"""Read the code of the write-ups that the project comes from, and compare what they learn and store; plant mistakes.

python tests/benchmarks/write_ups.py FOLDER    with a_assignment.md, b_keras_notebook.md, d_two_towers_notebook.md
python tests/benchmarks/write_ups.py --plant [FOLDER]    one number after another of tests/proofreading/right, or of the
                                                         files of a folder, is changed: how many of these slips does
                                                         proofread find, by kind, and which lines have others?
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cnncalc.analysis.claims import compare_claims
from cnncalc.api import analyze_source
from cnncalc.importing.files import import_wanted
from cnncalc.importing.source.wanted import Wanted
from cnncalc.proofreading.against import OWN
from cnncalc.proofreading.document import WriteUp
from cnncalc.proofreading.networks import networks_of
from cnncalc.proofreading.proofread import proofread

RIGHT = Path(__file__).parents[1] / "proofreading" / "right"
KINDS = {
    "counts": r"\d[\d,.{}]* ?(?:filters|kernels|param|neurons|values|features|维|个|million|billion)|(?:参数量|个数)：",
    "settings": r"(?i)(?:stride|步长|pad|padding)\W*(?:of|is)?\W*\d+$"
    r"|(?:filters?|kernels?|window|pooling|convolution has|of size|窗口：|核大小：|for a)\W{0,4}(?:of )?(?:size )?"
    r"\W?\d+(?:x| \\times )?\d*$",
    "shapes": r"\d(?:x|\$? ?\\times )\d*$|\d+(?:x| \\times )\d",
}
"""What is around a number of each kind, the first that fits; all others are of equations."""

EXPECTED = {
    ("a_assignment.md", ""): (54_602_346, 0, "3,719,968 more values would be learned"),
    ("b_keras_notebook.md", "model"): (24_815_697, 19_136, "input_shape 150528 of dense is ignored: 1024 enters it"),
    ("b_keras_notebook.md", "model_alex"): (225_034, 0, ""),
    ("d_two_towers_notebook.md", ""): (56_909_898, 704, "the printed summary breaks off after conv2d_7"),
}
"""File and model → params, buffers, and what is noted."""


def main(folder: str) -> int:
    """Print a line for each model; the status is 1 if one is not as expected."""
    wrong = 0
    for (file, model), (params, buffers, note) in EXPECTED.items():
        source = import_wanted(Wanted(str(Path(folder) / file), model)).source
        report = analyze_source(source)
        compared = compare_claims(report)
        found = (report.totals.params, report.totals.buffers)
        is_right = found == (params, buffers) and note in "\n".join(source.notes) and all(c.holds for c in compared)
        print(f"{file} {model}: {found}, {len(compared)} claims {'as expected' if is_right else 'NOT as expected'}")
        wrong += not is_right
    return min(wrong, 1)


def plant(folder: Path) -> int:
    """Print the planted slips that are not found, how many are in each file, and of each kind."""
    planted, found = Counter[str](), Counter[str]()
    for file in sorted(folder.iterdir()):
        networks = [(OWN[0], report) for _, report in networks_of(str(file))]
        text, before = file.read_text("utf-8"), sum(found.values())
        slips = list(_slips(text))
        for kind, place, changed in slips:
            planted[kind] += 1
            if proofread(WriteUp(file.name, changed), networks):
                found[kind] += 1
            else:
                start, end = changed.rfind("\n", 0, place) + 1, changed.find("\n", place)
                print(f"  {kind} {file.name}: {changed[max(start, place - 60) : place]}<>{changed[place:end][:40]}")
        print(f"{file.name}: {sum(found.values()) - before} of {len(slips)}")
    for kind, number in planted.items():
        print(f"{kind}: {found[kind]} of {number}, {found[kind] / number:.0%}")
    print(f"all: {found.total()} of {planted.total()}, {found.total() / planted.total():.0%}")
    return 0


def _slips(text: str) -> Iterator[tuple[str, int, str]]:
    """The kind of each number outside of headings, code and names, its end, and the text with this number changed."""
    code = [
        range(*match.span())
        for match in re.finditer(
            r"```python(?s:.*?)```|^#.*$|\b[A-Z]+\d+\b|\b[A-Za-z]{2,}[-_]?\d[\d_]*[a-z]?\b", text, re.M
        )
    ]
    for match in re.finditer(r"\d[\d,{}.]*\d|\d", text):
        if any(match.start() in lines for lines in code):
            continue
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        near = (text[max(start, match.start() - 25) : match.end()], text[match.start() : min(end, match.end() + 12)])
        fits = (kind for kind, pattern in KINDS.items() if re.search(pattern, near[0]) or re.match(pattern, near[1]))
        last = int(match[0][-1])
        yield next(fits, "equations"), match.end(), f"{text[: match.end() - 1]}{(last + 1) % 10}{text[match.end() :]}"


if __name__ == "__main__":
    if sys.argv[1] == "--plant":
        sys.exit(plant(Path(sys.argv[2]) if len(sys.argv) > 2 else RIGHT))
    sys.exit(main(sys.argv[1]))
