"""`cnncalc export`: an architecture as code, or as a file of another program."""

from __future__ import annotations

import click

from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, load_report, say_beside
from cnncalc.cli.files import FILE
from cnncalc.cli.options import input_options
from cnncalc.cli.writing import Written, check_target, write_files
from cnncalc.errors import printable
from cnncalc.exporting.export import ONNX, TARGETS, exported, target_of

EPILOG = """\b
Examples:
  cnncalc export resnet50 --to pytorch > resnet50.py
  cnncalc export mine.yaml --to keras -o model.py
  cnncalc export unet -o unet.py                PyTorch, as the file is a .py
  cnncalc export mine.yaml --weights w.npz -o mine.onnx
  cnncalc export alexnet --seed 0 -o alexnet.onnx
  cnncalc export vgg16 --to scale-sim -o vgg16.csv
"""

NO_TARGET = "say with --to what to write, or give -o a file that ends in .py, .onnx, .csv or .yaml"


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.option("--to", type=click.Choice([*TARGETS, ONNX]), help="What to write; follows from -o if it is left out.")
@click.option("-o", "path", metavar="FILE", help="The file to write, instead of standard output.")
@click.option("--weights", type=FILE, metavar="FILE", help="A .npz or .safetensors file with the weights, for onnx.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Draw the weights at random, for onnx.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@input_options
def command(
    spec: str, to: str | None, path: str | None, weights: str | None, seed: int | None, force: bool,
    inputs: tuple[str, ...], variables: dict[str, str], batch: int,
) -> None:  # fmt: skip
    """An architecture as code, ONNX, or for accelerators.

    Blocks become classes (PyTorch) or functions (Keras) with their parameters, repeats loops; names are kept, and
    each line of the network has its shape. onnx needs -o, weights and the extra onnx. scale-sim is a topology,
    timeloop a problem for each layer; what such a file cannot hold is noted on standard error.

    Layers without an equivalent in the target are listed, all of them, and nothing is written.
    """
    to = to or target_of(path or "")
    if not to:
        raise click.UsageError(NO_TARGET)
    suffix = ".onnx" if to == ONNX else TARGETS[to].suffix
    check_target("-o", path, (suffix,), force=force)
    if to != ONNX and (weights or seed is not None):
        raise click.UsageError("--weights and --seed are for --to onnx; code has no weights")
    if to == ONNX and path is None:
        raise click.UsageError("--to onnx needs -o FILE.onnx, as it is not text")
    if to == ONNX and (weights is None) == (seed is None):
        raise click.UsageError("--to onnx needs --weights FILE (.npz or .safetensors), or --seed N to draw them")
    outcome = Outcome()
    with outcome.collect():
        report = load_report(spec, inputs=inputs, variables=variables, batch=batch)
        text, notes = _onnx(report, weights, seed or 0) if to == ONNX else exported(report, to)[:2]
        for note in notes:
            say_beside(f"note: {note}")
        if path is None:
            click.echo(text, nl=False)
        else:
            write_files([Written(path, text)], force=force)
            click.echo(f"written to {printable(path)}")
    outcome.exit()


def _onnx(report: Report, weights: str | None, seed: int) -> tuple[bytes, tuple[str, ...]]:
    """The network as an ONNX file with its weights, and a message about it."""
    from cnncalc.verification.onnx_file import onnx_content  # onnx and numpy

    content, unused = onnx_content(report, weights, seed)
    return content, (unused,) if unused else ()
