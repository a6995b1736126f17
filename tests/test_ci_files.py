"""The hook of pre-commit and the action of GitHub: valid, and their commands do what they should."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from schemas import complaints, published_schema
from workflow_commands import read_log

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "actions" / "check" / "action.yml").read_text("utf-8"))

WRONG = "input: 3x8x8\nlayers: [rellu]\n"
GOOD = "input: 3x8x8\nlayers: [relu]\n"
OTHER = "services: {web: {image: x}}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with a right and a wrong spec, and a YAML file that is none."""
    checkout = tmp_path / "checkout"
    (checkout / "my models").mkdir(parents=True)
    (checkout / "my models" / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    (checkout / "good.yaml").write_text(GOOD, encoding="utf-8")
    (checkout / "compose.yaml").write_text(OTHER, encoding="utf-8")
    return checkout


def run(
    command: list[str], folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder."""
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


class TestHook:
    """What pre-commit runs with the names of changed files."""

    def commit(self, id_: str, folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
        (hook,) = (hook for hook in HOOKS if hook["id"] == id_)
        program, *arguments = shlex.split(hook["entry"])
        assert program == "cnncalc"
        return run([sys.executable, "-m", program, *arguments, *files], folder)

    def test_there_are_two(self) -> None:
        assert [hook["id"] for hook in HOOKS] == ["cnncalc-check", "cnncalc-fmt"]

    @pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
    def test_it_has_what_pre_commit_needs_and_nothing_unknown(self, hook: dict[str, Any]) -> None:
        # pre-commit, "Creating new hooks": four keys are required.
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert hook.keys() <= {"id", "name", "description", "entry", "language", "types", "require_serial"}
        assert (hook["language"], hook["types"]) == ("python", ["yaml"])

    def test_a_wrong_spec_fails(self, repository: Path) -> None:
        done = self.commit("cnncalc-check", repository, "my models/wrong.yaml", "good.yaml", "compose.yaml")
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.startswith("my models/wrong.yaml:2:10: error: unknown layer kind 'rellu'")
        assert done.stdout.endswith("2 specs: 1 error; 1 other YAML file skipped\n")

    def test_changes_of_other_files_pass(self, repository: Path) -> None:
        assert self.commit("cnncalc-check", repository, "compose.yaml").returncode == 0

    def test_specs_are_formatted_and_other_files_left_alone(self, repository: Path) -> None:
        (repository / "odd.yaml").write_text("layers: [relu]\ninput: 3x8x8\n", encoding="utf-8")
        done = self.commit("cnncalc-fmt", repository, "odd.yaml", "good.yaml", "compose.yaml")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "odd.yaml: formatted\n2 files: 1 formatted, 1 unchanged; 1 other YAML file skipped\n"
        )  # pre-commit itself fails where a file was changed
        assert (repository / "odd.yaml").read_text("utf-8") == GOOD
        assert (repository / "compose.yaml").read_text("utf-8") == OTHER


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    (found,) = (found for found in ACTION["runs"]["steps"] if found.get("name") == name)
    assert isinstance(found, dict)
    return found


def run_step(name: str, folder: Path, environment: dict[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub's runner does, with some inputs and the defaults of the others."""
    values = {name: inputs.get(name, given["default"]) for name, given in ACTION["inputs"].items()}
    expressions = {f"${{{{ inputs.{name} }}}}": value for name, value in values.items()}
    given = {key: expressions.get(value, value) for key, value in step(name)["env"].items() if "steps." not in value}
    assert not any("${{" in value for value in given.values())
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]]
    return run(command, folder, environment | given)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What GitHub's runner sets, after the step that installs cnncalc from the action's own checkout."""
    temp, clone = tmp_path_factory.mktemp("runner"), tmp_path_factory.mktemp("action") / "clone"
    kept = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, clone, ignore=kept)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "RUNNER_TEMP": str(temp),
        "GITHUB_ACTION_PATH": str(clone / ".github" / "actions" / "check"),
        "PYTHON": sys.executable,
    }
    done = run_step("Install cnncalc", temp, environment)
    assert done.returncode == 0, done.stderr
    assert (temp / "cnncalc" / "cnncalc" / "architectures" / "alexnet.yaml").is_file()
    return environment


@pytest.fixture
def environment(runner: dict[str, str], repository: Path, tmp_path: Path) -> dict[str, str]:
    """The runner's environment in one job."""
    return runner | {"GITHUB_WORKSPACE": str(repository), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}


class TestAction:
    """What a job runs."""

    def test_it_is_valid(self) -> None:
        schema = published_schema("https://json.schemastore.org/github-action.json")
        assert complaints(ACTION, schema) == []
        assert complaints(ACTION | {"runs": {"using": "composite"}}, schema) != []

    def test_no_input_reaches_the_text_of_a_script(self) -> None:
        for found in ACTION["runs"]["steps"]:
            assert "${{" not in found.get("run", "")

    def test_it_annotates_and_fails(self, repository: Path, environment: dict[str, str], tmp_path: Path) -> None:
        done = run_step("Check specs", repository, environment)
        assert (done.returncode, done.stderr) == (1, "")
        (command,), others = read_log(done.stdout)
        assert (command.name, command.properties["file"]) == ("error", "my models/wrong.yaml")
        assert others == ["2 specs: 1 error; 1 other YAML file skipped", ""]
        assert (tmp_path / "summary.md").read_text("utf-8").startswith("## cnncalc check failed\n")

    def test_paths_are_lines_and_options_are_words(self, repository: Path, environment: dict[str, str]) -> None:
        inputs = {"paths": "good.yaml\nmy models/*.yaml\n", "options": "--fail-on never --max-params 5M"}
        done = run_step("Check specs", repository, environment, **inputs)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("\n2 specs: 1 error\n")

    @pytest.mark.parametrize("name", ["paths", "options"])
    def test_an_input_is_never_run(self, repository: Path, environment: dict[str, str], name: str) -> None:
        done = run_step("Check specs", repository, environment, **{name: "$(touch pwned); `touch pwned`"})
        assert done.returncode == 2
        assert not (repository / "pwned").exists()
