"""`cnncalc completion`: what a shell needs to complete the words of cnncalc."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from cnncalc.cli.completion import SHELLS, completing_group
from cnncalc.cli.main import VARIABLE

EPILOG = """\b
Examples:
  cnncalc completion bash > ~/.local/share/bash-completion/completions/cnncalc
  cnncalc completion zsh > ~/.zfunc/_cnncalc
  cnncalc completion fish > ~/.config/fish/completions/cnncalc.fish
  cnncalc completion powershell > cnncalc.ps1
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """The script with which a shell completes commands and names.

    Names are those of architectures, layers, kinds, columns, profiles, rules and files. In zsh the folder of the file
    has to be in fpath before compinit runs: fpath+=~/.zfunc. To try it in the shell at hand:
    eval "$(cnncalc completion bash)", and the same with zsh; cnncalc completion fish | source; in PowerShell
    . ./cnncalc.ps1, which can be a line of $PROFILE, too.
    """
    group = completing_group()
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(group, {}, "cnncalc", VARIABLE).source())
