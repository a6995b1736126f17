"""The command line of `cnncalc run`, and its refusals before any file is read."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import realpath
from typing import NamedTuple

import click

from cnncalc.analysis.execution_memory import execution_memory
from cnncalc.analysis.report import Report
from cnncalc.api import expected_weights
from cnncalc.cli.writing import check_target
from cnncalc.executor.base import Array, Key
from cnncalc.executor.loading import MAX_NAMED
from cnncalc.executor.memory import require_memory

NO_INPUT = (
    "give --input FILE, an array (.npy), numbers (.csv) or an image, or the numbers as --input '1 2; 3 4'; or --seed N "
    "to draw one at random"
)

NO_WEIGHTS = (
    "give --weights FILE (.npz or .safetensors), --set-weight, or --seed N to draw them at random; the tensors are "
    "named LAYER/WEIGHT, as 'cnncalc show SPEC --format json' lists them: conv1/weight"
)


class Given(NamedTuple):
    """The options of a command line, besides the spec."""

    spec: str
    inputs: tuple[str, ...]
    weights: str | None
    set_weights: tuple[str, ...]
    seed: int | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    shapes: tuple[str, ...]
    variables: dict[str, str]
    top: int
    labels: str | None
    output: str | None
    save_weights: str | None
    maps: str | None
    explained: tuple[str, ...]
    depth: int
    expand: bool


def check_targets(given: Given, force: bool) -> None:
    """Refuse files that cannot be written, or not both."""
    check_target("--output", given.output, (".npy", ".npz"), force=force)
    check_target("--save-weights", given.save_weights, (".npz",), force=force)
    if given.output and given.save_weights and realpath(given.output) == realpath(given.save_weights):
        raise click.UsageError(f"--output and --save-weights both name {given.output}; write them to two files")
    if given.maps is None and (given.expand or given.depth > 1):
        raise click.UsageError("--depth and --expand unfold what --maps draws; give --maps")
    if given.save_weights and (given.weights or given.seed is None):
        raise click.UsageError("--save-weights writes what --seed draws; give --seed, and not --weights")


def check_given(report: Report, given: Given, files: dict[str, str], chosen: Mapping[Key, Array]) -> None:
    """Refuse what lacks something, goes nowhere or does not fit into memory, before any file is read."""
    weighted, output = expected_weights(report).keys() - chosen.keys(), given.output
    if "-" in files.values() and given.spec == "-":
        raise click.UsageError("standard input can be read only once: it is SPEC and --input")
    if given.seed is None and not files:
        raise click.UsageError(NO_INPUT)
    if given.seed is None and weighted and not given.weights:
        missing = ", ".join(sorted(map("/".join, weighted))[:MAX_NAMED])
        raise click.UsageError(f"{NO_WEIGHTS}{f'; not set are {missing}' if chosen else ''}")
    if given.weights and chosen and not weighted:
        raise click.UsageError("--weights has nothing to give: --set-weight sets every tensor; leave it out")
    if given.seed is not None and files and (given.weights or not weighted):
        raise click.UsageError("--seed has nothing to draw: input and weights are given; leave it out")
    if output and len(report.network.outputs) > 1 and not output.lower().endswith(".npz"):
        raise click.UsageError(f"--output {output}: the network has several outputs; give a .npz file")
    require_memory(execution_memory(report, weights_kept=True))
