"""The group of all commands."""

from __future__ import annotations

import codecs
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

import click

from cnncalc.errors import printable
from cnncalc.language.problems import suggestion
from cnncalc.render.screen import has_every_sign, problem_screen

COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Look": {
        "show": ("cli.show_command", "The table of an architecture, and its totals."),
        "explain": ("cli.explain_command", "The arithmetic of every figure."),
        "list": ("cli.list_command", "The bundled architectures with their totals."),
        "layers": ("cli.layers_command", "The reference of layer kinds."),
        "draw": ("cli.draw_command", "Pictures of an architecture."),
        "site": ("cli.site_command", "The page of 'edit' as a folder for any web server."),
        "report": ("cli.report_command", "Architectures as one page, for a browser or a printer."),
        "edit": ("cli.edit_command", "A page in the browser: what you type has its figures beside it."),
        "guide": ("cli.guide_command", "The manual, page by page."),
        "reconcile": ("cli.reconcile_command", "The totals under every counting profile, and the difference."),
        "calc": ("cli.calc_command", "The figures of a few layers, without a file."),
        "solve": ("cli.solve_command", "Which kernel, stride, padding or input give this output."),
        "import": ("cli.import_command", "A model file as a spec, on standard output."),
        "export": ("cli.export_command", "An architecture as code, ONNX, or for accelerators."),
        "sweep": ("cli.sweep_command", "One row for each combination of input sizes, vars and batches."),
    },
    "Prove": {
        "verify": ("cli.verify_command", "Execute networks in numpy and compare them with what is calculated."),
        "run": ("cli.run_command", "Real values through the network."),
    },
    "Guard": {
        "check": ("check.command", "Check specs: problems, claims, budgets, lint."),
        "diff": ("cli.diff_command", "What was edited between two specs, and what follows from it."),
        "freeze": ("cli.freeze_command", "The claims that today's figures make, as an expect:."),
        "fmt": ("cli.fmt_command", "Specs in canonical names and layout."),
        "lsp": ("lsp.command", "The language server, for editors."),
        "completion": ("cli.completion_command", "The script with which a shell completes commands and names."),
        "schema": ("cli.schema_command", "The JSON Schema of the spec language, for editors."),
    },
    "Teach": {
        "proofread": ("proofreading.proofread_command", "What is wrong in a write-up: calculations, formulas, sizes."),
        "worksheet": ("homework.worksheet_command", "Answer sheets with blank cells, and their keys."),
        "grade": ("homework.grade_command", "Mark answer sheets: what is right, and which rule was broken."),
    },
}
"""Every command with its module and its summary, by what a person wants. The module is imported when it is used."""


@contextmanager
def _own_messages() -> Iterator[None]:
    """Errors of the command line on one line each, whatever files and arguments put into them; terminals fold it."""
    try:
        yield
    except click.ClickException as error:
        if not isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # its message is the help
            vars(error)["format_message"] = partial(_in_lines, printable(error.format_message()))
        raise


def _in_lines(message: str) -> str:
    """A message as a terminal folds it after click's word."""
    return problem_screen().folded(f"Error: {message}").removeprefix("Error: ")


class LazyGroup(click.Group):
    """A group that imports a command when it runs, not before: `show` must not pay for the others."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _own_messages():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _own_messages():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(130)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for commands in COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = next((commands[cmd_name][0] for commands in COMMANDS.values() if cmd_name in commands), None)
        return import_module(f"cnncalc.{module}").command if module else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            if args[0] == "help":
                return self.resolve_command(ctx, [*args[1:2], "--help"]) if args[1:] else self._print_help(ctx)
            if args[0] == "-" or os.path.isfile(args[0]) or _is_bundled(args[0]):
                return super().resolve_command(ctx, ["show", *args])
            ctx.fail(f"no command '{args[0]:.40}'{suggestion(args[0], self.list_commands(ctx))}")

    def _print_help(self, ctx: click.Context) -> NoReturn:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for purpose, commands in COMMANDS.items():
            with formatter.section(purpose):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()])


def _is_bundled(name: str) -> bool:
    from cnncalc.language.source import is_bundled

    return is_bundled(name)


EPILOG = """\b
Examples:
  cnncalc show alexnet            the table of a bundled architecture
  cnncalc show mine.yaml          of your own spec
  cnncalc explain alexnet conv1   how each figure of conv1 comes about
  cnncalc layers conv             what can be written after conv:
"""


def _print_version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from cnncalc.cli.version import version_text

        click.echo(version_text())
        ctx.exit()


NO_PAGER = "cnncalc.no_pager"
"""The key in a context if --no-pager was given."""


def _refuse_pager(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:
    if given:
        ctx.meta[NO_PAGER] = True


no_pager_option = click.option(
    "--no-pager", is_flag=True, is_eager=True, expose_value=False, callback=_refuse_pager,
    help="Print long output as it is, even if CNNCALC_PAGER or PAGER names a program for it.",
)  # fmt: skip


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Show the version, and those of what it runs with, and exit.",
)  # fmt: skip
@no_pager_option
def cli() -> None:
    """The calculator for CNN architectures: shapes, parameters, MACs and FLOPs of a YAML spec.

    SPEC is a path, - for standard input, or the name of a bundled architecture.
    'cnncalc SPEC' shows it.
    """


COLLECTED = 50_000
"""New objects after which cycles are looked for: records have none, and every look visits all of them."""


VARIABLE = "_CNNCALC_COMPLETE"
"""The variable that a shell sets when it asks how a word goes on."""


def _asked() -> click.Group:
    """The commands; if a shell asks, those that complete their words."""
    if VARIABLE not in os.environ:
        return cli
    from cnncalc.cli.completion import completing_group

    return completing_group()


def _error_handler() -> str:
    """The name of what writes other signs for those that an encoding lacks (⌊, ×)."""
    from cnncalc.render.signs import replacement

    codecs.register_error("signs", replacement)
    return "signs"


def main() -> None:
    """Run the command line; an output that cannot be written is an error with a message, not a traceback."""
    gc.set_threshold(COLLECTED)
    if hasattr(signal, "SIGPIPE"):
        # `cnncalc show x | head` ends as any Unix program does, not with the status of a wrong spec.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as we do
        else:
            stream.reconfigure(errors="backslashreplace" if has_every_sign(stream.encoding) else _error_handler())
    try:
        try:
            _asked()(complete_var=VARIABLE)
        finally:
            sys.stdout.flush()
            gc.freeze()  # a process that ends need not look for cycles in all that it made
    except OSError as error:
        # What is still unwritten can't be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            click.echo(f"Error: the output cannot be written: {error.strerror or error}", err=True)
        sys.exit(1)
