"""Gradescope's autograder: unpacked and run in a folder in place of /autograder, with no cnncalc but its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from running import Run

MINE = """\
name: Mine
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1}
- {maxpool: 2}
"""

SHEET = "worksheet,mine.yaml\nstudent,Ada\nlayer,out,params\nconv,8x32x32,216\nmaxpool,8x16x16,0\n"
"""The biases are forgotten."""


@pytest.fixture
def autograder(run: Run, folder: Path) -> Path:
    """What Gradescope has after it unpacked the zip."""
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "points.yaml").write_text("params: 2\n", encoding="utf-8")
    options = ("--spec", "mine.yaml", "--scheme", "points.yaml", "--feedback=hint", "--visibility", "after_published")
    ran = run("grade", *options, "--require-seed", "--autograder", "a.zip")
    assert ran.stderr == ""
    assert ran.stdout == "written to a.zip; upload it to Gradescope as the autograder\n"
    ZipFile("a.zip").extractall("autograder/source")
    (folder / "autograder" / "submission").mkdir()
    return folder / "autograder"


def program(autograder: Path, name: str, path: str) -> subprocess.CompletedProcess[str]:
    environment = {"AUTOGRADER": str(autograder), "PATH": path, "HOME": str(autograder)}
    script = ["/bin/bash", str(autograder / "source" / name)]
    return subprocess.run(script, env=environment, cwd="/", capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with this Python as python3, and an apt-get that installs nothing."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
    (tools / "apt-get").write_text(f'#!/bin/sh\ntouch "{tmp_path}/installed"\nexit 1\n', encoding="utf-8")
    for tool in tools.iterdir():
        tool.chmod(0o755)
    for name in ("cat", "dirname", "mkdir"):
        (tools / name).symlink_to(str(shutil.which(name)))
    return str(tools)


def results(autograder: Path, path: str, **sheets: str) -> Any:
    for name, text in sheets.items():
        (autograder / "submission" / f"{name}.csv").write_text(text, encoding="utf-8")
    program(autograder, "run_autograder", path)
    return json.loads((autograder / "results" / "results.json").read_text("utf-8"))


def test_a_submission_is_marked_with_the_options_that_were_given(run: Run, autograder: Path, path: str) -> None:
    setup = program(autograder, "setup.sh", path)
    assert (setup.returncode, setup.stdout) == (0, ""), setup.stderr
    assert (autograder / "source" / "python").read_text("utf-8") == f"{path}/python3\n"
    sheet = run("worksheet", "mine.yaml", "--seed", "3", "--key").stdout
    found = results(autograder, path, ada=f"student,Ada\n{sheet}")
    assert found["output"] == "Mine · Ada (submission/ada.csv) · 8 of 8 points"
    assert (found["visibility"], found["stdout_visibility"]) == ("after_published", "hidden")
    assert [(test["name"], test["score"], test["max_score"], test["status"]) for test in found["tests"]] == [
        ("conv out", 1.0, 1.0, "passed"), ("conv params", 2.0, 2.0, "passed"), ("maxpool out", 1.0, 1.0, "passed"),
        ("maxpool params", 2.0, 2.0, "passed"), ("params of all layers", 2.0, 2.0, "passed"),
    ]  # fmt: skip


def test_what_cannot_be_marked_has_results_that_say_why(autograder: Path, path: str) -> None:
    found = results(autograder, path, ada=SHEET)
    assert (found["score"], "the sheet has no seed" in found["output"]) == (0.0, True)
    found = results(autograder, path, alan=SHEET)
    assert found["score"] == 0.0
    assert found["output"].startswith("Nothing was marked: hand in one sheet.\nGradescope takes one sheet at a time")


def test_nothing_is_installed_outside_of_gradescope(autograder: Path, path: str) -> None:
    (Path(path) / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    setup = program(autograder, "setup.sh", path)
    assert setup.returncode == 1
    assert setup.stderr.endswith("no Python from 3.11 on; nothing is installed outside of Gradescope's image\n")
    assert not (Path(path).parent / "installed").exists()


def test_the_zip_has_its_scripts_at_the_root_and_only_what_runs_everywhere(autograder: Path) -> None:
    with ZipFile("a.zip") as archive:
        modes = {one.filename: one.external_attr >> 16 & 0o777 for one in archive.infolist()}
    assert {name: mode for name, mode in modes.items() if "/" not in name} == {
        "run_autograder": 0o755,
        "setup.sh": 0o755,
    }
    assert {"inputs/spec/mine.yaml", "inputs/scheme/points.yaml", "lib/cnncalc/architectures/alexnet.yaml"} <= set(
        modes
    )
    assert {name.split("/")[1] for name in modes if name.startswith("lib/")} >= {"click", "rich", "yaml", "openpyxl"}
    assert not [name for name in modes if name.endswith((".so", ".pyd", ".pyc"))]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x.csv", "--autograder", "a.zip"], "--autograder takes no SHEET; submissions come from Gradescope"),
        (["--autograder", "a.zip", "-o", "x"], "--output has no place in an autograder, which marks one sheet"),
        (["--autograder", "a.zip", "--summary"], "--summary has no place in an autograder"),
        (["--autograder", "a.txt"], "--autograder a.txt: a .zip file is expected"),
    ],
)
def test_what_has_no_place_in_an_autograder_is_said(run: Run, folder: Path, arguments: list[str], message: str) -> None:
    (folder / "x.csv").write_text(SHEET, encoding="utf-8")
    ran = run("grade", *arguments)
    assert (ran.exit_code, message in ran.stderr) == (2, True), ran.stderr


def test_an_autograder_without_its_spec_is_said(run: Run) -> None:
    ran = run("grade", "--spec", "no.yaml", "--autograder", "a.zip")
    assert (ran.exit_code, "there is no file 'no.yaml'" in ran.stderr) == (2, True)
