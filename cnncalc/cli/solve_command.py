"""`cnncalc solve`: which kernel, stride, padding or input gives an output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from cnncalc.analysis.inverse import (
    DEFAULT_MAX_KERNEL,
    DEFAULT_MAX_STRIDE,
    Answer,
    AxisPadding,
    Question,
    half_window,
    output_of,
    solve,
)
from cnncalc.analysis.usual import usual, without_gaps
from cnncalc.cli.common import ascii_only, output_console
from cnncalc.layers.parameters import PADDING_WORDS
from cnncalc.layers.windows import ROUNDINGS
from cnncalc.render.answers import answers_document, answers_grid, question_text
from cnncalc.render.grid import Grid

SIZE = click.IntRange(1, 10**9)
KERNEL = click.IntRange(1, 1000)
STRIDE = click.IntRange(1, 1000)

FURTHEST = 64
"""The largest kernel and stride that are looked for: trying them all takes a second."""

EPILOG = """\b
Examples:
  cnncalc solve --input 224 --output 55
  cnncalc solve --input 224 --output 112 --kernel 7 --exact
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
@click.option("--output", type=SIZE, required=True, help="The size wanted.")
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
    help=f"Largest kernel to try; by default {DEFAULT_MAX_KERNEL}, or {FURTHEST} where that gives nothing usual.",
)  # fmt: skip
@click.option(
    "--max-stride", type=click.IntRange(1, FURTHEST),
    help=f"Largest stride to try; by default {DEFAULT_MAX_STRIDE}, or {FURTHEST} likewise.",
)  # fmt: skip
@click.option("--max-padding", type=click.IntRange(0, FURTHEST), help="On each side; by default the kernel less 1.")
@click.option("--exact", is_flag=True, help="Only answers where the stride divides exactly.")
@click.option("--all", "all_", is_flag=True, help="Every answer, also those with unusual kernels or strides.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Answers to list without --all."
)
@click.option("--format", "format_", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def command(
    exact: bool, all_: bool, limit: int, format_: str, max_kernel: int | None, max_stride: int | None, **asked: Any
) -> None:
    """Which kernel, stride and padding give this output, or which input does.

    The answers for one axis (a square layer has the same on both), smallest kernel first, then smallest
    padding, then smallest stride. Those where the stride divides exactly are marked; the others say what
    is lost.
    """
    question = Question(
        **asked, max_kernel=max_kernel or DEFAULT_MAX_KERNEL, max_stride=max_stride or DEFAULT_MAX_STRIDE
    )
    _check(question)
    if question.size is None:
        question = question._replace(stride=question.stride or 1, padding=question.padding or (0, 0))
    found = _found(question, exact)
    listed = usual(found, question)
    if not listed and question.size is not None and max_kernel is max_stride is None:
        question = question._replace(max_kernel=FURTHEST, max_stride=FURTHEST)
        found = _found(question, exact)
        touching = tuple(filter(without_gaps, found))
        listed = tuple(answer for answer in touching if answer.exact) or touching
    if not found:
        click.echo(_none(question, exact), err=True)
        sys.exit(1)
    listed = found if all_ or not listed else listed
    shown = listed if all_ else listed[:limit]
    notes = (*_notes(shown, listed, found), *_pool_note(question, shown))
    FORMATS[format_](question, shown, len(found) - len(shown), notes)


def _found(question: Question, exact: bool) -> tuple[Answer, ...]:
    return tuple(answer for answer in solve(question) if answer.exact or not exact)


def _check(question: Question) -> None:
    """Raise UsageError where the options do not fit together."""
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


def _notes(shown: tuple[Answer, ...], listed: tuple[Answer, ...], found: tuple[Answer, ...]) -> tuple[str, ...]:
    """How many answers there are beside those shown."""
    if len(shown) == len(found):
        return (f"{len(found)} answer" + "s" * (len(found) > 1),)
    more = "--all lists every one" if len(shown) == len(listed) else "--limit lists more, --all every one"
    return (f"{len(shown)} of {len(found)} answers, the usual ones first; {more}",)


def _pool_note(question: Question, shown: tuple[Answer, ...]) -> tuple[str, ...]:
    """What is only possible for a convolution."""
    wide = any(max(a.before, a.after) > half_window(a.dilation, a.kernel) for a in shown)
    return ("a pool takes at most half its kernel as padding",) if wide and not question.transposed else ()


def _none(question: Question, exact: bool) -> str:
    """Why there is no answer, and what to do."""
    asked = question_text(question)
    wanted = "exact answer" if exact else "answer"
    settings = (question.size, question.kernel, question.stride, question.padding)
    if all(value is not None for value in settings):
        size, kernel, stride, padding = settings
        output = output_of(question, (size, kernel, stride, padding, question.output_padding or 0))  # type: ignore[arg-type]
        gives = "the window does not fit" if output is None else f"these settings give {output}"
        return f"no {wanted} for {asked}: {gives}"
    if question.size is None:
        return f"no {wanted} for {asked}: no input gives this output; leave out --stride or --padding, or give --input"
    limits = [f"kernel up to {question.max_kernel}"] if question.kernel is None else []
    limits += [f"stride up to {question.max_stride}"] if question.stride is None else []
    if question.padding is None:
        most = "the kernel less 1" if question.max_padding is None else question.max_padding
        limits.append(f"padding up to {most}")
    options = "--" + ", --".join(f"max-{limit.split()[0]}" for limit in limits)
    larger = question.output > question.size and not question.transposed
    hint = "; --deconv is for outputs larger than the input" if larger else f"; look further with {options}"
    return f"no {wanted} for {asked}, with {', '.join(limits)}{hint}"


def _table(question: Question, shown: tuple[Answer, ...], more: int, notes: tuple[str, ...]) -> None:
    from cnncalc.render.table import print_table

    print_table(_grid(question, shown, notes), output_console())


def _csv(question: Question, shown: tuple[Answer, ...], more: int, notes: tuple[str, ...]) -> None:
    from cnncalc.render.csv_text import csv_text

    click.echo(csv_text([("", _grid(question, shown, notes))]), nl=False)


def _json(question: Question, shown: tuple[Answer, ...], more: int, notes: tuple[str, ...]) -> None:
    click.echo(json.dumps(answers_document(question, shown, more), ensure_ascii=ascii_only(), indent=2))


def _grid(question: Question, shown: tuple[Answer, ...], notes: tuple[str, ...]) -> Grid:
    return answers_grid(question, shown, notes)


FORMATS: dict[str, Callable[[Question, tuple[Answer, ...], int, tuple[str, ...]], None]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
}
