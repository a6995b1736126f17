"""The group of all commands."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

import click

from cnncalc.language.problems import suggestion

COMMANDS: dict[str, dict[str, str]] = {
    "Look": {
        "show": "The table of an architecture, and its totals.",
        "explain": "The arithmetic behind every figure.",
        "list": "The bundled architectures with their totals.",
        "layers": "The reference of layer kinds.",
        "reconcile": "The totals under every counting profile, and the difference.",
        "calc": "The figures of a few layers, without a file.",
        "solve": "Which kernel, stride, padding or input give this output.",
        "sweep": "One row for each combination of input sizes, vars and batches.",
    },
    "Prove": {
        "verify": "Execute networks in numpy and compare them with every claim.",
        "run": "Real values through the network.",
    },
    "Guard": {
        "check": "Check specs: problems, claims, budgets, lint.",
        "diff": "What was edited between two specs, and what follows from it.",
        "freeze": "The claims that today's figures make, as an expect:.",
        "fmt": "Specs in canonical names and layout.",
        "schema": "The JSON Schema of the spec language, for editors.",
    },
    "Teach": {
        "worksheet": "Answer sheets with blank cells, and their keys.",
        "grade": "Mark answer sheets: what is right, and which rule was broken.",
    },
}
"""Every command with its summary, by what a person wants. A command's module has its name, with
`_command` behind it, and is imported when it is used."""


class LazyGroup(click.Group):
    """A group that imports a command when it runs, not before: `show` must not pay for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for commands in COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if not any(cmd_name in commands for commands in COMMANDS.values()):
            return None
        command: click.Command = import_module(f"cnncalc.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            ctx.fail(f"no command '{args[0]:.40}'{suggestion(args[0], self.list_commands(ctx))}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for purpose, commands in COMMANDS.items():
            with formatter.section(purpose):
                formatter.write_dl(list(commands.items()))


EPILOG = """\b
Examples:
  cnncalc show alexnet            the table of a bundled architecture
  cnncalc show mine.yaml          of your own spec
  cnncalc explain alexnet conv1   how each figure of conv1 comes about
  cnncalc layers conv             what can be written after conv:
"""


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="cnncalc", message="cnncalc %(version)s")
def cli() -> None:
    """The calculator for CNN architectures: shapes, parameters, MACs and FLOPs of a YAML spec.

    SPEC is a path, - for standard input, or the name of a bundled architecture.
    """


def main() -> None:
    """Run the command line; an output that cannot be written is an error with a message, not a traceback."""
    if hasattr(signal, "SIGPIPE"):
        # `cnncalc show x | head` ends as any Unix program does, not with the status of a wrong spec.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - lives as long as we do
        else:
            # A terminal that lacks a sign (⌊, ×) shows a question mark instead.
            stream.reconfigure(errors="replace")
    try:
        try:
            cli()
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What is still unwritten can't be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            click.echo(f"Error: the output cannot be written: {error.strerror or error}", err=True)
        sys.exit(1)
