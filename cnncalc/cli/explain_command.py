"""`cnncalc explain`: the arithmetic of every figure."""

from __future__ import annotations

from typing import Unpack

import click

from cnncalc.analysis.derivation import EXPLAINED, USUALLY_EXPLAINED, derive
from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, load_report
from cnncalc.cli.options import SpecOptions, names_option, spec_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.cli.progress import with_progress
from cnncalc.language.problems import suggestion
from cnncalc.render.document import FORMATS
from cnncalc.render.explanations import derivations_document

EPILOG = """\b
Examples:
  cnncalc explain alexnet conv1
  cnncalc explain resnet50 conv3.1 fc
  cnncalc explain mine.yaml --input 3x160x160
  cnncalc explain vgg16 conv1.1 --format latex
  cnncalc explain alexnet conv2 --figures receptive_field
  cnncalc explain alexnet conv2 --figures all --dtype fp16
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.argument("layers", nargs=-1, metavar="[LAYER...]")
@output_options(("text", *FORMATS))
@names_option("--figures", EXPLAINED, USUALLY_EXPLAINED, "figure")
@spec_options
def command(
    spec: str, layers: tuple[str, ...], printer: Printer, figures: tuple[str, ...], **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """The arithmetic of every figure of the named layers; of all layers by default.

    LAYER is a name as 'cnncalc show' prints it; a block's name means everything in it. Shape, params, MACs and
    FLOPs are explained by default, the receptive field and others with --figures.
    """
    outcome = Outcome()
    with outcome.collect():
        report = load_report(spec, **options)
        chosen = chosen_layers(report, layers)
        made = (derive(report, layer, figures) for layer in chosen)
        derivations = list(with_progress(made, len(chosen), "layers"))
        printer.print(derivations_document(report, derivations))
    outcome.exit()


def chosen_layers(report: Report, names: tuple[str, ...]) -> tuple[LayerReport, ...]:
    """The layers of the named rows, each once, in execution order."""
    if not names:
        return report.layers
    chosen: set[str] = set()
    for name in names:
        try:
            chosen |= {layer.path for layer in report[name].layers}
        except KeyError:
            rows = [row.path for row in report.network.rows]
            inner = [layer.path for layer in report.layers]
            hint = suggestion(name, [*rows, *inner]) or f"; the rows are {', '.join(rows[:30])}"
            raise click.UsageError(f"there is no layer '{name}'{hint}") from None
    if not chosen:
        raise click.UsageError(f"{', '.join(names)}: no layer is here, so there is nothing to explain")
    return tuple(layer for layer in report.layers if layer.path in chosen)
