"""`cnncalc import`: a model file as a spec."""

from __future__ import annotations

import sys

import click

from cnncalc.cli.common import Outcome
from cnncalc.importing.files import MAX_BYTES, import_text, read_file

EPILOG = """\b
Examples:
  cnncalc import net.cfg > net.yaml
  cnncalc import net.cfg --flat          one line for each layer, no blocks
  cat net.cfg | cnncalc import -         from standard input
"""


@click.command(epilog=EPILOG)
@click.argument("file")
@click.option("--flat", is_flag=True, help="One line for each layer: no blocks, no repeats.")
@click.option(
    "--partial", is_flag=True, help="What cnncalc has no kind for is written as opaque, if its shape is known."
)
def command(file: str, flat: bool, partial: bool) -> None:
    """A model file as a spec, on standard output.

    FILE is a .pt2 of torch.export, an ONNX file (extra onnx), the JSON of a Keras model or a .keras file, a
    Caffe prototxt or a Darknet cfg, or - for standard input. What it is follows from its content, not from its
    name. Weights are not read. What the file says itself becomes claims: the shape of each layer as out:, its totals as
    expect:. What is left out or assumed is a comment at the top.

    Operations that cnncalc has no kind for are listed, all of them, and nothing is printed; see --partial.
    """
    outcome = Outcome()
    with outcome.collect():
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else read_file(file)
        text = import_text("<stdin>" if file == "-" else file, content, flat=flat, partial=partial)
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    outcome.exit()
