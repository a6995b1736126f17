"""What shells complete: asked as PowerShell asks, and in bash, zsh and fish themselves."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import Process, Run

from cnncalc.cli.completion import completing_group
from cnncalc.cli.main import VARIABLE

ASKED = [
    ("cnncalc sho", ["show"]),
    ("cnncalc show alexnet_c", ["alexnet_cifar"]),
    ("cnncalc alexnet_c", ["alexnet_cifar"]),
    ("cnncalc show ne", ["net.yaml"]),
    ("cnncalc diff net.yaml wron", ["wrong.yaml"]),
    ("cnncalc explain net.yaml st", ["stem"]),
    ("cnncalc explain wrong.yaml st", []),
    ("cnncalc draw alexnet pool", ["pool1", "pool2", "pool5"]),
    ("cnncalc layers depthw", ["depthwise"]),
    ("cnncalc show net.yaml --columns layer,receptive", ["layer,receptive_field"]),
    ("cnncalc show --summary net.yaml --columns tit", ["title"]),
    ("cnncalc freeze net.yaml --figures peak", ["peak_memory"]),
    ("cnncalc show net.yaml --profile tho", ["thop"]),
    ("cnncalc show net.yaml --optimi", ["--optimizer"]),
    ("cnncalc show net.yaml --dtype bf", ["bf16"]),
    ("cnncalc check --explain-rule dead-", ["dead-pixels"]),
]


@pytest.mark.parametrize(("line", "words"), ASKED)
@pytest.mark.usefixtures("folder")
def test_words_are_completed(line: str, words: list[str]) -> None:
    asked = {"COMP_WORDS": line, "COMP_WORD": line.split()[-1], VARIABLE: "powershell_complete"}
    done = CliRunner(env=asked).invoke(completing_group(), complete_var=VARIABLE, prog_name="cnncalc")
    assert (done.exception, done.stderr) == (None, "")
    answers = [answer.split("\t") for answer in done.stdout.split("\n") if answer]
    assert [value for kind, value, _ in answers if kind == "plain"] == words


@pytest.mark.usefixtures("folder")
def test_what_is_no_architecture_is_a_file(process: Process) -> None:
    done = process(_CNNCALC_COMPLETE="powershell_complete", COMP_WORDS="cnncalc show models/", COMP_WORD="models/")
    assert done.stdout.split(b"\t")[0] == b"file"


@pytest.mark.parametrize(
    ("shell", "asks"),
    [
        ("bash", "_CNNCALC_COMPLETE=bash_complete"),
        ("zsh", "_CNNCALC_COMPLETE=zsh_complete"),
        ("fish", "_CNNCALC_COMPLETE=fish_complete"),
        ("powershell", '_CNNCALC_COMPLETE = "powershell_complete"'),
    ],
)
def test_each_shell_has_its_script(run: Run, shell: str, asks: str) -> None:
    result = run("completion", shell)
    assert (result.exit_code, result.stderr) == (0, "")
    assert asks in result.stdout


@pytest.fixture
def environment(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment whose path has cnncalc, and a folder with the scripts of all shells."""
    program = folder / "bin" / "cnncalc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        (folder / shell).write_text(run("completion", shell).stdout, encoding="utf-8")
    return os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(folder), "TERM": "dumb"}


def said(command: list[str], environment: dict[str, str]) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.slow
def test_bash_completes(environment: dict[str, str]) -> None:
    asked = "COMP_WORDS=(cnncalc show alexnet_c); COMP_CWORD=2; _cnncalc_completion cnncalc; echo ${COMPREPLY[@]}"
    assert said(["bash", "-c", f"source ./bash; {asked}"], environment) == "alexnet_cifar\n"


@pytest.mark.slow
def test_fish_completes(environment: dict[str, str]) -> None:
    asked = 'source ./fish; complete -C "cnncalc show alexnet_c"; complete -C "cnncalc show --profile tho"'
    assert said(["fish", "-c", asked], environment) == "alexnet_cifar\nthop\n"


@pytest.mark.slow
def test_zsh_completes(folder: Path, environment: dict[str, str]) -> None:
    said(["zsh", "--version"], environment)
    ours, theirs = pty.openpty()
    child = subprocess.Popen(["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    # The function gets the words of the line; completion asks the program.
    for typed in ("autoload -U compinit; compinit -u; source ./zsh", 'cnncalc() { echo "$@" > shown }'):
        os.write(ours, f"{typed}\n".encode())
    os.write(ours, b"cnncalc show alexnet_c\t\nexit\n")
    child.wait(timeout=60)
    os.close(ours)
    assert (folder / "shown").read_text("utf-8") == "show alexnet_cifar\n"
