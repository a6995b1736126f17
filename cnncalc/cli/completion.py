"""Words that shells complete: commands, architectures, layers, kinds, columns, profiles, rules, files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, split_arg_string

from cnncalc.cli.main import COMMANDS, LazyGroup, cli
from cnncalc.language.source import bundled_names

SHELLS = ("bash", "zsh", "fish", "powershell")

SPECS = (".yaml", ".yml", ".py", ".onnx", ".keras", ".json", ".cfg", ".prototxt")
"""Files that are listed beside the architectures; the others come when no architecture fits."""


class CompletingGroup(LazyGroup):
    """The group of all commands, which imports only the one that is being completed."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = [
            CompletionItem(name, help=summary) for each in COMMANDS.values() for name, (_, summary) in each.items()
        ]
        found = [item for item in found if item.value.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*found, *options, *(_specs(ctx, incomplete) if incomplete and not options else ())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        for parameter in command.params if command else ():
            if known := _completer(parameter):
                vars(parameter)["shell_complete"] = known
        return command


class PowerShellComplete(ShellComplete):
    """Completion in PowerShell, which click does not have; a line for each word: type, word and help, with tabs."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $cursor)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = $ast.ToString()
    $env:COMP_WORD = $word
    try {
        & %(prog_name)s | Where-Object { $_ } | ForEach-Object {
            $type, $value, $help = $_ -split "`t", 3
            if ($type -eq "file") {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($word)
            } else {
                [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
            }
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD -ErrorAction SilentlyContinue
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = split_arg_string(os.environ["COMP_WORDS"])[1:], os.environ.get("COMP_WORD", "")
        return words[:-1] if incomplete and words[-1:] == [incomplete] else words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        return f"{item.type}\t{item.value}\t{item.help or item.value}"


def completing_group() -> CompletingGroup:
    """The group that answers a shell."""
    add_completion_class(PowerShellComplete)
    return CompletingGroup("cnncalc", params=[*cli.params], help=cli.help, context_settings=cli.context_settings)


def _completer(parameter: click.Parameter) -> Callable[[click.Context, str], list[CompletionItem]] | None:
    """The completer of a parameter, by its metavar; None if click knows, as for choices."""
    if isinstance(parameter, click.Option) and parameter.opts[0] == "--profile":
        return partial(_names, _profiles)
    return COMPLETERS.get((parameter.metavar or str(parameter.name).upper()).strip("[]."))


def _specs(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Architectures, and files of the current folder; all files that fit if none of these does."""
    files = sorted(name for name in os.listdir() if name.endswith(SPECS))
    found = [name for name in (*bundled_names(), *files) if name.startswith(incomplete)]
    return [CompletionItem(name) for name in found] or _files(ctx, incomplete)


def _files(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The files that the shell itself finds."""
    return [CompletionItem(incomplete, type="file")]


def _names(known: Callable[[], Iterable[str]], ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in known() if name.startswith(incomplete)]


def _layers(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The rows of the spec that the command line has already; none if it is wrong."""
    from cnncalc.cli.common import load_report
    from cnncalc.errors import CnnCalcError

    spec: Any = ctx.params.get("spec")
    try:
        rows = [row.path for row in load_report(spec).rows()] if spec else []
    except (CnnCalcError, click.ClickException, OSError):
        rows = []
    return _names(lambda: rows, ctx, incomplete)


def _profiles() -> Iterable[str]:
    from cnncalc.analysis.profiles import PROFILES

    return PROFILES


def _kinds() -> Iterable[str]:
    from cnncalc.render.reference import references

    return references()


def _rules() -> Iterable[str]:
    from cnncalc.check.rulebook import rulebook

    return rulebook()


COMPLETERS: dict[str, Callable[[click.Context, str], list[CompletionItem]]] = {
    **dict.fromkeys(("SPEC", "OLD NEW", "PATH"), _specs),
    **dict.fromkeys(("FILE", "KEY.yaml", "ROSTER", "SHEET", "DOCUMENT", "FILE.zip"), _files),
    "LAYER": _layers,
    "KIND": partial(_names, _kinds),
    **dict.fromkeys(("ID", "RULES"), partial(_names, _rules)),
}
"""The completers of parameters with a metavar; names with commas are completed by their own options."""
