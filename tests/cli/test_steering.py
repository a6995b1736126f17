"""Names of files are not trusted: no command prints signs of them that would steer the terminal."""

from pathlib import Path

import pytest
from running import Run

NAME = "a\x1b[31m\u202e\x07x"
"""Red letters, everything from right to left, and a bell."""

SPEC = "input: {C: 3, H: 8, W: 8}\nlayers:\n- {conv: 4, kernel: 3}\n- relu\n- flatten\n- {fc: 2}\n"

TABLES = ("table", "csv", "json", "markdown", "latex", "html")
FINDINGS = ("text", "concise", "github", "json", "markdown", "junit", "sarif", "gitlab")
MARKS = ("text", "json", "markdown", "csv", "html", "latex", "gradescope")

COMMANDS = [
    *(f"show NAME.yaml --format {format_}" for format_ in TABLES),
    *(f"check WRONG.yaml --format {format_}" for format_ in FINDINGS),
    *(f"proofread NAME.md --format {format_}" for format_ in FINDINGS),
    *(f"grade NAME.csv --spec NAME.yaml --format {format_}" for format_ in MARKS),
    *("show WRONG.yaml", "explain NAME.yaml", "draw NAME.yaml", "draw NAME.yaml --format dot", "report NAME.yaml"),
    *("draw NAME.yaml --format mermaid", "reconcile NAME.yaml", "sweep NAME.yaml --input H=8,9", "verify NAME.yaml"),
    *("run NAME.yaml --seed 0", "diff NAME.yaml WRONG.yaml", "diff NAME.yaml NAME.yaml", "freeze NAME.yaml"),
    *("fmt --check NAME.yaml", "export NAME.yaml --to pytorch", "export NAME.yaml --to keras", "import NAME.py"),
    *("export NAME.yaml --to scale-sim", "export NAME.yaml --to timeloop", "worksheet NAME.yaml", "show NAME.py"),
    *("worksheet NAME.yaml --format html", "worksheet NAME.yaml --key", "grade NAME.csv", "list NAME", "layers NAME"),
    *("guide NAME", "calc NAME", "check NAME.yaml --config NAME.toml", "show NAME", "show NAME.yaml --set NAME=1"),
    *("show NAME.yaml --columns NAME", "NAME"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_name_of_a_file_steers_a_terminal(run: Run, folder: Path, command: str) -> None:
    (folder / f"{NAME}.yaml").write_text(SPEC, encoding="utf-8")
    (folder / f"wrong{NAME}.yaml").write_text(SPEC.replace("kernel: 3", "kernel: 0"), encoding="utf-8")
    (folder / f"{NAME}.md").write_text("(227 - 11)/4 + 1 = 56\n", encoding="utf-8")
    (folder / f"{NAME}.csv").write_text("layer,out,params\nconv,4x6x6,\n", encoding="utf-8")
    (folder / f"{NAME}.toml").write_text("max-params = 'x'\n", encoding="utf-8")
    code = "import torch.nn as nn\nnet = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Linear(7, 2))\n"
    (folder / f"{NAME}.py").write_text(code, encoding="utf-8")
    done = run(*(word.replace("NAME", NAME).replace("WRONG", f"wrong{NAME}") for word in command.split()))
    assert done.output
    assert {sign for sign in done.output if not sign.isprintable()} <= {"\n", "\r", "\t", "\ufeff"}
