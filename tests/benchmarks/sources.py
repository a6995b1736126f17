"""Read the Python source of networks, and compare the figures with bundled specs or with a table.

    python tests/benchmarks/sources.py torchvision FOLDER          models/ of an unpacked torchvision, with the specs
    python tests/benchmarks/sources.py table.csv FOLDER            rows: file, call, params, buffers, macs, input
    python tests/benchmarks/sources.py time FILE CALL INPUT        seconds of one file, the best of five

    pip download --no-deps torchvision && unzip torchvision-*.whl 'torchvision/*.py'
    git clone https://github.com/kuangliu/pytorch-cifar

A table may call the last two columns macs_at_3x32x32 instead. Target: a file of 500 lines in under 0.3 s.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cnncalc
from cnncalc.api import analyze_source
from cnncalc.errors import CnnCalcError
from cnncalc.importing.files import import_wanted
from cnncalc.importing.source.wanted import Wanted, sizes_of
from cnncalc.language.source import bundled_names, read_bundled

SPECS = {"alexnet": "alexnet_torchvision"}
"""Functions whose spec has another name."""

ARGUMENTS = {
    "googlenet": "aux_logits=False, init_weights=False",
    "inception_v3": "aux_logits=False, init_weights=False",
    "vit_h_14": "image_size=518",
}
"""What torchvision gives functions beside the weights that the specs are of."""


class Case(NamedTuple):
    """One model.

    Attributes:
        file, call, input: what is read.
        expected: params, buffers and MACs; None if the framework itself refuses the model.
        shapes: how many layers have each output shape; empty if that is not known.
    """

    file: Path
    call: str
    input: tuple[int, ...]
    expected: tuple[int, int, int] | None
    shapes: Counter[tuple[int, ...]]


def torchvision_cases(folder: Path) -> Iterator[Case]:
    """Each function of torchvision that has a bundled spec."""
    names = set(bundled_names())
    for path in sorted((folder / "models").glob("*.py")):
        for line in path.read_text("utf-8").splitlines():
            name = line.removeprefix("def ").partition("(")[0]
            spec = SPECS.get(name, name)
            if line.startswith("def ") and spec in names:
                report = analyze_source(read_bundled(spec))
                totals, (shape,) = report.totals, report.network.inputs.values()
                figures = (totals.params, totals.buffers, totals.macs)
                shapes = Counter(layer.output.sizes() for layer in report.layers if layer.params)
                yield Case(path, f"{name}({ARGUMENTS.get(name, '')})", shape.sizes(), figures, shapes)


def table_cases(table: Path, folder: Path) -> Iterator[Case]:
    """Each row of a table."""
    with table.open() as file:
        for row in csv.DictReader(file):
            macs, size = row.get("macs", row.get("macs_at_3x32x32", "")), row.get("input", "3x32x32")
            known = (int(row["params"]), int(row["buffers"]), int(macs)) if row["params"] else None
            yield Case(folder / row["file"], row["call"], sizes_of(size), known, Counter())


def compared(case: Case) -> tuple[bool, str]:
    """Whether a model is read as expected, and one line about it."""
    start = time.perf_counter()
    try:
        report = cnncalc.analyze(text=import_wanted(Wanted(str(case.file), case.call, case.input)).text)
    except CnnCalcError as error:
        return case.expected is None, f"refused: {str(error)[:200]}"
    totals = report.totals
    found = (totals.params, totals.buffers, totals.macs)
    words = [f"{found} for {case.expected}"] if found != case.expected else []
    shapes = Counter(layer.output.sizes() for layer in report.layers if layer.params)
    words += [f"shapes {shapes - case.shapes} for {case.shapes - shapes}"] if case.shapes not in ({}, shapes) else []
    return not words, f"{time.perf_counter() - start:.2f} s  {'; '.join(words) or 'as expected'}"


def timed(file: str, call: str, size: str) -> None:
    """Print how long one file takes to read."""
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        import_wanted(Wanted(file, call, sizes_of(size)))
        seconds.append(time.perf_counter() - start)
    print(f"{min(seconds):.3f} s for {len(Path(file).read_text('utf-8').splitlines())} lines")


def main(words: list[str]) -> None:
    """Print one line for each model, and how many are right."""
    if words[0] == "time":
        return timed(*words[1:])
    folder = Path(words[1])
    cases = list(torchvision_cases(folder) if words[0] == "torchvision" else table_cases(Path(words[0]), folder))
    results = []
    for case in cases:
        right, line = compared(case)
        results.append(right)
        print(f"{'  ' if right else '! '}{case.file.name:20} {case.call:50} {line}", flush=True)
    return print(f"{sum(results)} of {len(results)} as expected")


if __name__ == "__main__":
    main(sys.argv[1:])
