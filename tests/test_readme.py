"""The README stays true: its tables, messages and figures are what the commands really print."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(language, body) for language, body in FENCE.findall(README)]
SPECS = [body for language, body in BLOCKS if language == "yaml"]
TABLES = [body for language, body in BLOCKS if language == "csv"]
CONSOLE = [body for language, body in BLOCKS if language == "console"]
INSTALLS = [line for _, body in BLOCKS for line in body.splitlines() if "python3 -m venv" in line]
COMMANDS = [
    line.partition("#")[0].strip()
    for language, body in BLOCKS
    if language == "sh"
    for line in body.splitlines()
    if line not in INSTALLS
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing but the files that the README shows: specs, a roster and an answer sheet."""
    first, broken = SPECS
    (tmp_path / "mine.yaml").write_text(first, encoding="utf-8")
    assert broken.startswith("# broken.yaml\n")
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    roster, answers = TABLES
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "ada.csv").write_text(answers, encoding="utf-8")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of the README in a shell that finds the `cnncalc` of this environment first."""
    env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    env.pop("COLUMNS", None)
    return subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("block", CONSOLE, ids=[block.splitlines()[0] for block in CONSOLE])
def test_printed_output_is_the_real_output(block: str, folder: Path) -> None:
    command, _, printed = block.partition("\n")
    assert command.startswith("$ cnncalc ")
    ran = run(command.removeprefix("$ "), folder)
    real = "\n".join(line.rstrip() for line in (ran.stdout + ran.stderr).splitlines())
    assert printed.rstrip("\n") == real


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, folder: Path) -> None:
    ran = run(command, folder)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout


def test_there_are_console_blocks_and_commands() -> None:
    assert (len(CONSOLE), len(COMMANDS), len(INSTALLS)) == (12, 36, 2)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert INSTALLS[1].endswith("/pytest")
    assert INSTALLS[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_install_command_works_from_a_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    kept = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, clone, ignore=kept)
    ran = run(INSTALLS[0], clone)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("AlexNet (two towers) · bundled architecture · input 3×227×227\n")
    outside = subprocess.run(
        [clone / ".venv" / "bin" / "cnncalc", "show", "resnet50", "--format", "json"],
        cwd=tmp_path, capture_output=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert json.loads(outside.stdout)["totals"]["params"] == 25_557_032  # torchvision 0.28


def test_python_lines_give_the_values_in_their_comments() -> None:
    (body,) = (body for language, body in BLOCKS if language == "python")
    names: dict[str, object] = {}
    checked = 0
    for line in body.splitlines():
        code, _, comment = line.partition("  #")
        if isinstance(value := _literal(comment.strip()), (int, tuple, list)):
            assert eval(code, names) == value, code
            checked += 1
        else:
            exec(code, names)
    assert checked == 7


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None


def test_the_json_example_is_a_layer_of_the_document(folder: Path) -> None:
    (body,) = (body for language, body in BLOCKS if language == "json")
    document = json.loads(run("cnncalc show alexnet --format json", folder).stdout)
    assert json.loads(body) == document["layers"][0]
