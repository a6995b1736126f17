"""`cnncalc draw`: pictures of an architecture."""

from __future__ import annotations

from typing import Unpack

import click

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.cli.common import Outcome, load_report, say_beside
from cnncalc.cli.explain_command import chosen_layers
from cnncalc.cli.options import SpecOptions, depth_options, spec_options
from cnncalc.cli.output import Printer, output_options
from cnncalc.drawing.diagram import diagram
from cnncalc.drawing.draw import STYLES, TEXTS, picture
from cnncalc.drawing.step import step_picture
from cnncalc.drawing.svg import THEMES, Theme
from cnncalc.drawing.texts import too_much
from cnncalc.render.document import PICTURES

EPILOG = """\b
Examples:
  cnncalc draw resnet50 -o resnet50.svg
  cnncalc draw googlenet --depth 2 -o googlenet.svg --theme light
  cnncalc draw alexnet conv2 -o conv2.svg
  cnncalc draw alexnet --style volumes -o alexnet.svg
  cnncalc draw unet --style table -o unet.svg
  cnncalc draw mine.yaml --format mermaid
  cnncalc draw unet --format dot > unet.dot
"""


@click.command(epilog=EPILOG)
@click.argument("spec")
@click.argument("layer", required=False)
@click.option("--style", type=click.Choice(STYLES), default=STYLES[0], show_default=True, help="What it looks like.")
@output_options(tuple(PICTURES), about="mermaid and dot are texts for other programs, in the style graph.")
@click.option(
    "--theme", type=click.Choice(THEMES), default=THEMES[0], show_default=True,
    help="Colours; auto is as bright or dark as the page around it.",
)  # fmt: skip
@click.option("--log", is_flag=True, help="Volumes with logarithmic sizes, so that small ones are visible.")
@depth_options
@spec_options
def command(
    spec: str, layer: str | None, style: str, printer: Printer, theme: Theme, log: bool, depth: int, expand: bool,
    **options: Unpack[SpecOptions],
) -> None:  # fmt: skip
    """Pictures of an architecture.

    With LAYER one layer: its maps, its arithmetic, its windows on the pixels, and what one value sees of the input.
    Without -o the picture is printed, for a pipe. png and pdf need the extra 'pictures'. Equal copies of a
    block are one box, unless --expand is given.
    """
    if printer.format in TEXTS and style != STYLES[0]:
        raise click.UsageError(f"--format {printer.format} has the style graph only; the others have svg, png and pdf")
    if log and style != "volumes":
        raise click.UsageError("--log is for --style volumes")
    if layer is not None and (printer.format in TEXTS or style != STYLES[0]):
        raise click.UsageError("a layer has one style, and the formats svg, png and pdf")
    if layer is not None and (depth > 1 or expand):
        raise click.UsageError("--depth and --expand unfold networks; a layer has nothing inside")
    if printer.format in TEXTS and theme != THEMES[0]:
        raise click.UsageError(f"--format {printer.format} has no theme; the programs that draw it have theirs")
    printer.check_picture()
    outcome = Outcome()
    with outcome.collect():
        report = load_report(spec, open_sizes=style != "volumes" and layer is None, **options)
        unfolded = None if expand else depth
        if layer is not None:
            printer.draw(step_picture(report, _one_layer(report, layer)), theme)
        elif printer.format in TEXTS:
            text = TEXTS[printer.format](diagram(report, unfolded))
            printer.write(text)
            if printer.format == "mermaid" and (note := too_much(text)):
                say_beside(f"note: {note}")
        else:
            printer.draw(picture(report, style, unfolded, log=log), theme)
    outcome.exit()


def _one_layer(report: Report, name: str) -> LayerReport:
    """The layer of a name; of a line with norm and activation its first."""
    layers = chosen_layers(report, (name,))
    label = report[name].row.label
    if label and not label.startswith("×"):
        inside = ", ".join(layer.path for layer in layers[:3])
        raise click.UsageError(f"'{name}' is {len(layers)} layers; name one of them: {inside}, ...")
    return layers[0]
