"""Import every model file of a folder and compare the figures with what the files' own frameworks say.

    python tests/benchmarks/imports.py FOLDER

FOLDER has INDEX.csv (file, params, buffers, total, macs, input, output), and in expected/ the shape of every layer of
Caffe (caffe_layers.csv) and of every node of ONNX files (onnx_node_shapes.csv).
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from pathlib import Path

from cnncalc.api import analyze_source
from cnncalc.errors import CnnCalcError
from cnncalc.importing.entries import entries_of
from cnncalc.importing.files import ImportOptions, import_model
from cnncalc.importing.folding.fold import folded_document
from cnncalc.importing.folding.same import is_same_network
from cnncalc.importing.sources import read_any
from cnncalc.importing.writing import document_text


def batch_of(row: dict[str, str]) -> int:
    """The batch in a Caffe file, whose MACs are for all of it."""
    return int(row["input"].partition("x")[0]) if row["file"].startswith("caffe/") else 1


def expected_shapes(folder: Path) -> dict[str, Counter[tuple[int, ...]]]:
    """By file: how many values have each shape, without the batch."""
    shapes: dict[str, Counter[tuple[int, ...]]] = {}
    with (folder / "expected" / "caffe_layers.csv").open() as file:
        for row in csv.DictReader(file):
            for top in filter(None, row["tops"].split(";")):
                shapes.setdefault(f"caffe/{row['network']}", Counter())[tuple(map(int, top.split("x")[1:]))] += 1
    with (folder / "expected" / "onnx_node_shapes.csv").open() as file:
        for row in csv.DictReader(file):
            if row["shape_by_onnxruntime"]:
                shape = tuple(map(int, row["shape_by_onnxruntime"].split("x")[1:]))
                shapes.setdefault(f"onnx/{row['file']}", Counter())[shape] += 1
    return shapes


def folds_alike(path: str) -> bool:
    """Whether a file's spec with blocks is the same network as the one without."""
    graph = import_model(path, Path(path).read_bytes(), ImportOptions(flat=True)).graph
    document = folded_document(graph, entries_of(graph))
    return is_same_network(graph, document_text(document._replace(graph=graph._replace(open=()))))


def compared(folder: Path, row: dict[str, str], shapes: dict[str, Counter[tuple[int, ...]]]) -> tuple[bool, str]:
    """Whether params are as expected, and one line about the file."""
    start, words = time.perf_counter(), list[str]()
    try:
        path = str(folder / row["file"])
        report = analyze_source(read_any(path))
    except CnnCalcError as error:
        return row["output"] == "refused", f"refused: {str(error)[:300]}"
    seconds = time.perf_counter() - start
    totals = report.totals
    if not folds_alike(path):
        words.append("the folded spec is another network than the flat one")
    for figure, found in (
        ("params", totals.params),
        ("total", totals.params + totals.buffers),
        ("macs", totals.macs * batch_of(row)),
    ):
        wanted = row[figure]
        if wanted and figure == "total" and row["params"]:
            continue
        if wanted and found != int(wanted):
            words.append(f"{figure} {found:,} for {int(wanted):,}")
    key = row["file"].removesuffix(".prototxt")
    known = shapes.get(key, Counter())
    # A layer that is absorbed or left out has the shape of the one before it: compared is which shapes there are.
    strange = {tuple(layer.output.sizes()) for layer in report.layers} - set(known) if known else set()
    if strange:
        words.append(f"shapes that the framework does not have: {sorted(strange)[:4]}")
    right = not any(word.startswith(("params", "total")) for word in words)
    return right, f"{seconds:.2f} s  {'; '.join(words) or 'as expected'}"


def main(folder: Path) -> None:
    """Print one line for each file, and how many are right."""
    shapes = expected_shapes(folder)
    with (folder / "INDEX.csv").open() as file:
        rows = list(csv.DictReader(file))
    results = []
    for row in rows:
        right, line = compared(folder, row, shapes)
        results.append((row["format"], right))
        print(f"{'  ' if right else '! '}{row['file']:50} {line}")
    for format_ in dict.fromkeys(format_ for format_, _ in results):
        those = [right for one, right in results if one == format_]
        print(f"{format_}: {sum(those)} of {len(those)} exact in params or total")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
