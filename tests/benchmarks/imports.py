"""Import every model file of a folder and compare the figures with what the files' own frameworks say.

    python tests/benchmarks/imports.py FOLDER

FOLDER has INDEX.csv (file, params, buffers, total, macs, input, output), and in expected/ the shape of every layer of
Caffe (caffe_layers.csv) and of every node of ONNX files (onnx_node_shapes.csv).
"""

from __future__ import annotations

import csv
import sys
import time
from functools import cache
from pathlib import Path

from cnncalc.api import analyze_source
from cnncalc.errors import CnnCalcError
from cnncalc.importing.entries import entries_of
from cnncalc.importing.files import ImportOptions, import_model
from cnncalc.importing.folding.fold import folded_document
from cnncalc.importing.folding.same import is_same_network
from cnncalc.importing.sniffing import format_of
from cnncalc.importing.source.wanted import Wanted
from cnncalc.importing.sources import read_any
from cnncalc.importing.writing import document_text
from cnncalc.shapes import Shape


def sizes_of(text: str) -> tuple[int, ...]:
    """`1x64x56x56` without the batch, in rising order: a file may see a map with its channels last."""
    return tuple(sorted(int(n) for n in text.split("x")[1:] if n != "1"))


def batch_of(row: dict[str, str]) -> int:
    """The batch in a Caffe file, whose MACs are for all of it."""
    return int(row["input"].partition("x")[0]) if row["file"].startswith("caffe/") else 1


def expected_shapes(folder: Path) -> dict[str, dict[str, tuple[int, ...]]]:
    """By file, the sizes of what each layer of Caffe and each node of ONNX gives, by its place in the file."""
    shapes: dict[str, dict[str, tuple[int, ...]]] = {}
    with (folder / "expected" / "caffe_layers.csv").open() as file:
        for row in csv.DictReader(file):
            sizes = sizes_of(row["tops"].partition(";")[0])
            shapes.setdefault(f"caffe/{row['network']}.prototxt", {})[row["layer"]] = sizes
    with (folder / "expected" / "onnx_node_shapes.csv").open() as file:
        for row in csv.DictReader(file):
            if row["shape_by_onnxruntime"]:
                name = node_names(folder / "onnx" / row["file"])[int(row["node"])]
                shapes.setdefault(f"onnx/{row['file']}", {})[name] = sizes_of(row["shape_by_onnxruntime"])
    return shapes


def folds_alike(path: str) -> bool:
    """Whether a file's spec with blocks is the same network as the one without."""
    graph = import_model(path, Path(path).read_bytes(), ImportOptions(flat=True)).graph
    document = folded_document(graph, entries_of(graph))
    return is_same_network(graph, document_text(document._replace(graph=graph._replace(open=()))))


@cache
def node_names(path: Path) -> list[str]:
    """How notes call each node of an ONNX file."""
    import onnx

    nodes = onnx.load(str(path), load_external_data=False).graph.node
    return [(node.name or f"{node.op_type} {number}")[:60] for number, node in enumerate(nodes)]


def strange_shapes(path: Path, expected: dict[str, tuple[int, ...]]) -> tuple[int, list[str]]:
    """How many layers are where the framework says what they give, and those that give something else."""
    content = path.read_bytes()
    format_ = format_of(content)
    assert format_ is not None
    found: dict[str, tuple[int, ...]] = {}
    for node in format_.read(content, Wanted(path.name)).nodes:
        place = node.label if path.suffix == ".prototxt" else node.at.text.removeprefix("node ")
        found[place] = tuple(sorted(n for n in (node.shape or Shape(1)).sizes() if n != 1))
    known = {place: sizes for place, sizes in found.items() if place in expected}
    return len(known), [
        f"{place} {sizes} for {expected[place]}" for place, sizes in known.items() if sizes != expected[place]
    ]


def compared(folder: Path, row: dict[str, str], shapes: dict[str, dict[str, tuple[int, ...]]]) -> tuple[bool, str]:
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
    # `darknet ops` counts convolutions and connected layers; [local] is neither.
    others = sum(layer.macs for layer in report.layers if layer.kind == "local") if "darknet/" in row["file"] else 0
    for figure, found in (
        ("params", totals.params),
        ("total", totals.params + totals.buffers),
        ("macs", (totals.macs - others) * batch_of(row)),
    ):
        wanted = row[figure]
        if wanted and figure == "total" and row["params"]:
            continue
        if wanted and found != int(wanted):
            words.append(f"{figure} {found:,} for {int(wanted):,}")
    layers = ""
    if row["file"] in shapes:
        count, strange = strange_shapes(folder / row["file"], shapes[row["file"]])
        layers = f", {count} layers of the right shape" if not strange else ""
        words += [f"{len(strange)} of {count} layers of another shape: {'; '.join(strange[:3])}"] if strange else []
    right = not any(word.startswith(("params", "total")) for word in words)
    return right, f"{seconds:.2f} s  {'; '.join(words) or 'as expected' + layers}"


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
