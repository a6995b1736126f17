"""`cnncalc run`: real values through the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from cnncalc.analysis.execution_memory import execution_memory
from cnncalc.analysis.report import Report
from cnncalc.api import expected_weights
from cnncalc.cli.common import Outcome, load_report, say_beside, usage_errors
from cnncalc.cli.explained_run import Asked, TraceKeeper, asked_values, input_maps
from cnncalc.cli.files import FILE, find_inputs
from cnncalc.cli.given_run import Given, check_given, check_targets
from cnncalc.cli.options import depth_options, set_option
from cnncalc.cli.output import Printer, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.errors import ExecutionError
from cnncalc.executor.base import Array, Key, WeightSource
from cnncalc.executor.files.labels import read_labels
from cnncalc.executor.files.writing import write_arrays
from cnncalc.executor.inputs import Input, count_of, draw_inputs, normalized, read_input
from cnncalc.executor.loading import find_weights, spellings, unused_text, written_weights
from cnncalc.executor.memory import require_memory
from cnncalc.executor.run import Step, arranged, run, summarize
from cnncalc.executor.weights import ChosenWeights, KeptWeights
from cnncalc.network.model import Network
from cnncalc.render.outputs import Output, value_word
from cnncalc.render.traces import explained_document

if TYPE_CHECKING:
    from cnncalc.cli.maps import MapsWriter  # loaded when maps are drawn

EPILOG = """\b
Tensors of --weights are named LAYER/WEIGHT (or LAYER.WEIGHT), as
'cnncalc show SPEC --format json' lists them: conv1/weight.

\b
Small arrays by hand; an empty row is between two channels:
  --input '1 2; 3 4;; 5 6; 7 8'  or  '[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]'
  --set-weight conv1/weight='0.1 0.2; 0.3 0.4'  --set-weight conv1/bias=0

\b
Examples:
  cnncalc run mine.yaml --input input.npy --weights w.npz
  cnncalc run mine.yaml --input photo.png --weights w.npz --labels names.txt
  cnncalc run mine.yaml --input batch.npy --weights w.npz --output out.npy
  cnncalc run mine.yaml --seed 0 --save-weights template.npz
  cnncalc run mine.yaml --input photo.png --weights w.npz --maps maps.png
  cnncalc run mine.yaml --input photo.png --seed 0 --explain conv@0,2,2
"""


def _parse_numbers(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...]:
    """`0.485,0.456,0.406`; what divides is above 0."""
    try:
        numbers = [float(word) for word in value.split(",")] if value is not None else []
    except ValueError:
        numbers = [float("nan")]
    divides = parameter.name == "std"
    if not all(isfinite(number) and (number > 0 or not divides) for number in numbers):
        raise click.BadParameter(f"'{value}' is not a list of numbers{' above 0' if divides else ''}, as 0.5,0.4,0.4")
    return tuple(numbers)


@click.command(epilog=EPILOG)
@click.argument("spec", metavar="SPEC", required=False)
@click.option(
    "--input", "inputs", multiple=True, metavar="FILE",
    help="An array (.npy) in the spec's layout, with one more axis in front for several inputs; numbers as text "
    "(.csv, or '1 2; 3 4' in place of a file, or - for standard input); or an image. NAME=FILE if the network has "
    "several inputs.",
)  # fmt: skip
@click.option("--weights", type=FILE, metavar="FILE", help="A .npz or .safetensors file.")
@click.option(
    "--set-weight", "set_weights", multiple=True, metavar="NAME=NUMBERS",
    help="A tensor by hand, as conv1/weight='0.1 0.2; 0.3 0.4', or one number for all its values.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Draw what is not given, weights or input.")
@click.option("--mean", callback=_parse_numbers, metavar="NUMBERS", help="Subtracted from the input, by channel.")
@click.option("--std", callback=_parse_numbers, metavar="NUMBERS", help="Divides the input then, by channel.")
@click.option(
    "--shape", "shapes", multiple=True, metavar="SHAPE",
    help="Another shape of the input: 3x160x160 in the spec's layout, or one size as H=160.",
)  # fmt: skip
@set_option
@click.option("--top", type=click.IntRange(min=1), default=5, show_default=True, help="Values of a vector to print.")
@click.option("--labels", type=FILE, metavar="FILE", help="Names of a vector's values, one on each line.")
@click.option("--output", metavar="FILE", help="Write the outputs too: .npy, or .npz with the name of each.")
@click.option("--save-weights", metavar="FILE", help="Write the weights that --seed draws, as a template (.npz).")
@click.option(
    "--maps", metavar="DIR|FILE.png",
    help="Draw the maps after each line of the spec and the filters of the first layer: a picture for each, or one.",
)  # fmt: skip
@click.option(
    "--explain", "explained", multiple=True, is_flag=False, flag_value="", metavar="[LAYER[@PLACE]]",
    help="Show what gives one value of the layer, as conv1@0,2,2 (in the spec's layout, from 0) or conv1@max, and its "
    "maps; alone, as the last word, the first value of every layer.",
)  # fmt: skip
@depth_options
@output_options(file=("-o",))
def command(printer: Printer, **options: Any) -> None:
    """Real values through the network, layer by layer in numpy.

    Prints the largest values of an output that is a vector, and the range of one that is a map. An image
    becomes values from 0 to 1, scaled to the input's size with its centre kept; an array is taken as it is.
    --mean and --std apply to both.
    """
    if options["spec"] is None:
        taken = next((value for value in options["explained"] if value), "")
        why = f": --explain took '{taken}' for a layer; alone it is the last word, after SPEC" if taken else "."
        raise click.UsageError(f"Missing argument 'SPEC'{why}")
    given = Given(**options)
    check_targets(given, printer.force)
    outcome = Outcome()
    with outcome.collect():
        report = load_report(given.spec, inputs=given.shapes, variables=given.variables)
        files = find_inputs(report.network, given.inputs)
        chosen = written_weights(given.set_weights, expected_weights(report))
        check_given(report, given, files, chosen)
        labels = _labels(report, given.labels)
        asked = _asked(report, given)
        with usage_errors():
            inputs = _inputs(report.network, files, given.seed)
            values = {name: normalized(one, given.mean, given.std) for name, one in inputs.items()}
        require_memory(execution_memory(report, inputs=count_of(values), weights_kept=True))
        source = KeptWeights(ChosenWeights(chosen, _weights(report, given, chosen)))
        maps = _maps(report, given, printer.force)
        explainer = TraceKeeper(report, asked, values, source.tensors)
        arrays = run(report.network, values, source, partial(_watched, maps=maps, explainer=explainer))
        if given.output:
            write_arrays(given.output, arranged(arrays, values, report.network.layout))
        if given.save_weights:
            write_arrays(given.save_weights, {"/".join(key): array for key, array in source.tensors.items()})
        if asked and count_of(values) > 1:
            _note(f"explained are values of the first of {count_of(values):,} inputs")
        for note in maps.write(values, source.tensors, force=printer.force) if maps else ():
            _note(note)
        shown = input_maps(report, values) if "" in given.explained else ()
        outputs = _outputs(report.network, arrays, given.top)
        printer.print(explained_document(report, shown, explainer.found, outputs, labels))
    outcome.exit()


def _maps(report: Report, given: Given, force: bool) -> MapsWriter | None:
    """The writer of the maps, if they are wanted."""
    if given.maps is None:
        return None
    from cnncalc.cli.maps import MapsWriter, planned_maps

    return MapsWriter(planned_maps(report, given.maps, None if given.expand else given.depth, force=force))


def _asked(report: Report, given: Given) -> Asked:
    """The values that are explained; there must be memory for what is kept of them."""
    asked = asked_values(report, given.explained)
    if asked:
        kept = sum(layer.elements for layer in report.layers if layer.path in asked)
        require_memory(execution_memory(report, weights_kept=True) + 2 * 4 * kept)
    return asked


def _watched(
    steps: Iterable[Step], total: int, maps: MapsWriter | None, explainer: TraceKeeper
) -> Iterable[Step]:  # fmt: skip
    """The steps of a run with a progress bar, explained and drawn."""
    shown = explainer.watched(with_progress(steps, total, "layers"))
    return maps.watched(shown) if maps else shown


def _labels(report: Report, path: str | None) -> tuple[str, ...]:
    """The names of the values of every output that is a vector; empty for none."""
    if path is None:
        return ()
    labels = read_labels(path)
    lengths = {name: sizes[0] for name, sizes in report.output_shapes.items() if len(sizes) == 1}
    if not lengths:
        raise click.UsageError("--labels names the values of a vector, and no output of the network is one")
    for name, length in lengths.items():
        if length != len(labels):
            raise ExecutionError(f"{path} has {len(labels)} lines, but {name} has {length} values to name")
    return labels


def _inputs(network: Network, files: dict[str, str], seed: int | None) -> dict[str, Input]:
    """The inputs of the network, from files or drawn."""
    if not files:
        _note(f"the input is drawn at random from seed {seed}")
        return draw_inputs(network, seed or 0)
    inputs = {name: read_input(files[name], shape, network.layout) for name, shape in network.inputs.items()}
    for one in inputs.values():
        if one.note:
            _note(one.note)
    return inputs


def _weights(report: Report, given: Given, chosen: Mapping[Key, Array]) -> WeightSource:
    """The network's weights but for those that are chosen, from a file or drawn."""
    expected = {key: shape for key, shape in expected_weights(report).items() if key not in chosen}
    source, unused = find_weights(given.weights, expected, given.seed or 0)
    if expected and given.weights is None:
        _note(f"the weights are drawn at random from seed {given.seed}")
    replaced = {name for key in chosen for name in spellings(key)}
    if others := tuple(name for name in unused if name not in replaced):
        _note(unused_text(others))
    return source


def _note(text: str) -> None:
    say_beside(f"note: {text}")


def _outputs(network: Network, arrays: dict[str, Array], top: int) -> list[Output]:
    """The values of each of the network's outputs."""
    return [Output(name, value_word(network, name), summarize(arrays[name], top, network.layout)) for name in arrays]
