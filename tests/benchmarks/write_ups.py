"""Read the code of the write-ups that the project comes from, and compare what they learn and store.

python tests/benchmarks/write_ups.py FOLDER    with a_assignment.md, b_keras_notebook.md, d_two_towers_notebook.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from cnncalc.analysis.claims import compare_claims
from cnncalc.api import analyze_source
from cnncalc.importing.files import import_wanted
from cnncalc.importing.source.wanted import Wanted

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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
