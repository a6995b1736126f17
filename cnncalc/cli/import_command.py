"""`cnncalc import`: a model file as a spec."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

from cnncalc.cli.common import Outcome
from cnncalc.cli.files import FILE
from cnncalc.cli.writing import check_target
from cnncalc.importing.files import MAX_BYTES, ImportOptions, import_model, read_file
from cnncalc.importing.source.wanted import wanted_of

EPILOG = """\b
Examples:
  cnncalc import net.cfg > net.yaml
  cnncalc import net.cfg --flat          one line for each layer, no blocks
  cnncalc import net.onnx --weights-out net.npz > net.yaml
  cnncalc import net.py:model@28x28x3    read from Python, not executed
  cat net.cfg | cnncalc import -         from standard input
"""


INPUT = "The shape of the input, in the order of the file (3x224x224), if it has none or is to have another one."


def _parse_sizes(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, ...]:
    """`3x224x224`."""
    if value is None:
        return ()
    if not re.fullmatch(r"[1-9]\d{0,8}(x[1-9]\d{0,8}){0,3}", value):
        raise click.BadParameter(f"'{value}' is not a shape; one to four whole numbers are expected, as 3x224x224")
    return tuple(map(int, value.split("x")))


@click.command(epilog=EPILOG)
@click.argument("file")
@click.option("--flat", is_flag=True, help="One line for each layer: no blocks, no repeats.")
@click.option(
    "--partial", is_flag=True, help="What cnncalc has no kind for is written as opaque, if its shape is known."
)
@click.option(
    "--weights-out", metavar="FILE",
    help="Write the weights of the file, too (.npz): 'cnncalc run SPEC --weights FILE' takes them.",
)  # fmt: skip
@click.option(
    "--weights", type=FILE, metavar="FILE",
    help="A .npz or .safetensors file with the weights under the names of the model file, for --weights-out.",
)  # fmt: skip
@click.option("--input", "input_", metavar="SHAPE", callback=_parse_sizes, help=INPUT)
@click.option("--name", default="", metavar="NAME", help="The name of the network, in place of that in the file.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def command(
    file: str, weights_out: str | None, weights: str | None, input_: tuple[int, ...], force: bool, **options: Any
) -> None:
    """A model file as a spec, on standard output.

    FILE is a .pt2 of torch.export, an ONNX file (extra onnx), the JSON of a Keras model or a .keras file, a
    Caffe prototxt or a Darknet cfg, or - for standard input. What it is follows from its content, not from its
    name. What the file says itself becomes claims: the shape of each layer as out:, its totals as expect:. What is
    left out or assumed is a comment at the top. Weights are read for --weights-out only.

    It may also be Python source or a notebook with a PyTorch or Keras model, which is read and never executed. Of
    several models net.py:Net or 'net.py:Net("small")' names one; net.py@3x32x32 says the input if the source does not,
    net.py@3x32x32,100 two of them.

    Operations that cnncalc has no kind for are listed, all of them, and nothing is printed; see --partial.
    """
    check_target("--weights-out", weights_out, (".npz",), force=force)
    if weights and not weights_out:
        raise click.UsageError("--weights is for --weights-out; name the file to write")
    outcome = Outcome()
    with outcome.collect():
        file, model_, sizes, others = wanted_of(file)
        content = sys.stdin.buffer.read(MAX_BYTES + 1) if file == "-" else read_file(file)
        settings = ImportOptions(input=input_ or sizes, model=model_, others=() if input_ else others, **options)
        model = import_model("<stdin>" if file == "-" else file, content, settings)
        if weights_out:
            from cnncalc.executor.files.writing import write_arrays  # numpy
            from cnncalc.importing.weights import imported_weights

            write_arrays(weights_out, imported_weights(model, weights))
        sys.stdout.flush()
        sys.stdout.buffer.write(model.text.encode())
    outcome.exit()
