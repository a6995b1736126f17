"""`cnncalc solve`: which kernel, stride, padding or input gives an output."""

from __future__ import annotations

import sys
from typing import Any

import click

from cnncalc.analysis.inverse import DEFAULT_MAX_KERNEL, DEFAULT_MAX_STRIDE, AxisPadding, Question, output_of
from cnncalc.analysis.usual import FURTHEST, search
from cnncalc.cli.common import say_beside
from cnncalc.cli.output import Printer, output_options
from cnncalc.layers.parameters import PADDING_WORDS
from cnncalc.layers.windows import ROUNDINGS
from cnncalc.render.answers import answers_document, none_text

SIZE = click.IntRange(1, 10**9)
KERNEL = click.IntRange(1, 1000)
STRIDE = click.IntRange(1, 1000)

EPILOG = """\b
Examples:
  cnncalc solve --input 224 --output 55
  cnncalc solve --input 224 --output 112 --kernel 7 --exact
  cnncalc solve --input 227 --kernel 11 --stride 4              which output?
  cnncalc solve --output 55 --kernel 11 --stride 4 --padding 2  which inputs?
  cnncalc solve --deconv --input 28 --output 56 --stride 2
  cnncalc solve --input 113 --output 56 --all --format csv
"""


def _parse_padding(ctx: click.Context, parameter: click.Parameter, value: str | None) -> AxisPadding | None:
    """`2`, `1+2` for before+after, or a word of the language."""
    if value is None or value in PADDING_WORDS:
        return value
    before, plus, after = value.partition("+")
    sides = (before, after) if plus else (before, before)
    if not all(side.isascii() and side.isdigit() and len(side) < 5 for side in sides):
        words = ", ".join(PADDING_WORDS)
        raise click.BadParameter(f"'{value}' is not a padding; write 2, 1+2 (before+after) or one of {words}")
    return int(sides[0]), int(sides[1])


@click.command(epilog=EPILOG)
@click.option("--output", type=SIZE, help="The size wanted; without it the one that --input and --kernel give.")
@click.option("--input", "size", type=SIZE, help="The size that enters; without it the inputs are looked for.")
@click.option("--kernel", type=KERNEL, help="Only this one; without it all are tried.")
@click.option("--stride", type=STRIDE, help="Only this one; without it all are tried.")
@click.option("--padding", callback=_parse_padding, metavar="PADDING", help="2, 1+2 (before+after), same, half, ...")
@click.option("--dilation", type=click.IntRange(1, 100), default=1, show_default=True, help="Of the kernel.")
@click.option("--rounding", type=click.Choice(ROUNDINGS), default="floor", show_default=True, help="Of a pool.")
@click.option("--deconv", "transposed", is_flag=True, help="The layer is a transposed convolution.")
@click.option("--output-padding", type=click.IntRange(0, 1000), help="With --deconv.")
@click.option(
    "--max-kernel", type=click.IntRange(1, FURTHEST),
    help=f"Largest kernel to try; by default {DEFAULT_MAX_KERNEL}, or {FURTHEST} if that gives nothing usual.",
)  # fmt: skip
@click.option(
    "--max-stride", type=click.IntRange(1, FURTHEST),
    help=f"Largest stride to try; by default {DEFAULT_MAX_STRIDE}, or {FURTHEST} likewise.",
)  # fmt: skip
@click.option("--max-padding", type=click.IntRange(0, FURTHEST), help="On each side; by default the kernel minus 1.")
@click.option("--exact", is_flag=True, help="Only answers where the stride divides exactly.")
@click.option("--all", "all_", is_flag=True, help="Every answer, also those with unusual kernels or strides.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Answers to list without --all."
)
@output_options(file=("-o",))
def command(
    exact: bool, all_: bool, limit: int, printer: Printer, max_kernel: int | None, max_stride: int | None, **asked: Any
) -> None:
    """Which kernel, stride and padding give this output, or which input does.

    The answers for one axis (a square layer has the same on both), smallest kernel first, then smallest
    padding, then smallest stride. Those where the stride divides exactly are marked; the others say what
    is lost.
    """
    kernel, stride = max_kernel or DEFAULT_MAX_KERNEL, max_stride or DEFAULT_MAX_STRIDE
    wanted = asked.pop("output")
    question = Question(wanted or 0, **asked, max_kernel=kernel, max_stride=stride)
    _check(question)
    if wanted is None:
        question = _with_output(question)
    found = search(question, exact=exact, further=max_kernel is max_stride is None)
    if not found.answers:
        say_beside(none_text(found.question, exact))
        sys.exit(1)
    listed = found.answers if all_ or not found.usual else found.usual
    printer.print(answers_document(found, listed, None if all_ else limit))


def _with_output(question: Question) -> Question:
    """The question about the output that the settings give; a stride that is not given is 1, a padding 0."""
    if question.size is None or question.kernel is None:
        raise click.UsageError("Missing option '--output'; without it give --input and --kernel, for the output")
    stride, padding, extra = question.stride or 1, question.padding or (0, 0), question.output_padding or 0
    output = output_of(question, (question.size, question.kernel, stride, padding, extra))
    if output is None or output < 1:
        raise click.UsageError(f"a kernel of {question.kernel} does not fit into an input of {question.size}")
    return question._replace(output=output, stride=stride, padding=padding, output_padding=extra)


def _check(question: Question) -> None:
    """Raise UsageError if the options do not fit together."""
    if question.size is None and question.kernel is None:
        raise click.UsageError("give --input, or --kernel (with --stride and --padding) to look for the input")
    if question.transposed and question.rounding != "floor":
        raise click.UsageError("--rounding is for pools; a transposed convolution does not round")
    if question.transposed and question.padding == "causal":
        raise click.UsageError("--padding causal is for conv; write the padding that the output is cropped by")
    extra = question.output_padding
    if extra is None:
        return
    if not question.transposed:
        raise click.UsageError("--output-padding is for --deconv")
    if extra and question.padding in ("same", "same_lower"):
        raise click.UsageError("--output-padding has no meaning with --padding same, whose output is input * stride")
    if question.stride is not None and extra >= max(question.stride, question.dilation):
        raise click.UsageError(f"--output-padding {extra} must be smaller than the stride or the dilation")
