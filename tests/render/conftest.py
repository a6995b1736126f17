"""What the commands print, in this process and on no particular terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from running import TERMINAL, Output

from cnncalc.cli.main import cli


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Output:
    """`output("show", "alexnet")`: what is printed; the command must succeed."""
    for name in TERMINAL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, **environment: str) -> str:
        result = CliRunner(env=environment).invoke(cli, list(arguments), catch_exceptions=False)
        said = [line for line in result.stderr.splitlines() if not line.startswith("note: tab:")]  # columns of LaTeX
        assert (result.exit_code, said) == (0, [])
        return result.stdout

    return invoke
