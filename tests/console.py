"""Lines of a manual that its reader should type."""

import shlex
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner, Result

from cnncalc.cli.main import cli


def typed(line: str) -> Result:
    """What `cnncalc ...`, `cat FILE | cnncalc ...` or `cnncalc ... > FILE` prints in the current folder."""
    piped, _, command = line.rpartition(" | ")
    program, *words = shlex.split(command.partition(" > ")[0])
    assert program == "cnncalc"
    stdin = Path(piped.removeprefix("cat ")).read_bytes() if piped else None
    runner = CliRunner(env={"COLUMNS": None})
    return runner.invoke(cli, words, input=stdin, prog_name="cnncalc", catch_exceptions=False)


def check_typed(line: str) -> None:
    """The line works and says something, with no more than notes beside it; what goes on until Ctrl-C gets that."""
    with (
        patch("cnncalc.cli.watching.changed", side_effect=KeyboardInterrupt),
        patch("cnncalc.serving.server.PageServer.serve_forever", side_effect=KeyboardInterrupt),
        patch("cnncalc.cli.edit_command.open_browser"),
    ):
        result = typed(line)
    assert [line for line in result.stderr.splitlines() if not line.startswith("note: ")] == []
    assert result.exit_code == (130 if "--watch" in line.split() else 0)
    assert result.stdout
