"""The hook of pre-commit, the action of GitHub, jobs and workflows: valid, and their commands do what they should."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context
from schemas import complaints, published_schema
from workflow_commands import read_log

import cnncalc
from cnncalc.cli.main import cli
from cnncalc.site.pyodide import VERSION

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "actions" / "check" / "action.yml").read_text("utf-8"))

SITE: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "examples" / "site.yml").read_text("utf-8"))

WRONG = "input: 3x8x8\nlayers: [rellu]\n"
GOOD = "input: 3x8x8\nlayers: [relu]\n"
OTHER = "services: {web: {image: x}}\n"

TRAP = "import os\nwith open(os.environ['TRAPS'], 'a') as file: print(__file__, file=file)\n"
"""Code that leaves a trace if it is run."""

HOSTILE = {
    **dict.fromkeys(["pip.py", "hatchling.py", "backend.py", "setup.py", "startup.py", "tomllib.py"], TRAP),
    **dict.fromkeys(["sitecustomize.py", "usercustomize.py", "cnncalc/__init__.py", "numpy/__init__.py"], TRAP),
    "cnncalc/__main__.py": TRAP + "print('1 spec: nothing found')\n",
    "click/__init__.py": "",  # an innocent folder
    "trap.pth": "import os; open(os.environ['TRAPS'], 'a').write('trap.pth')\n",
    "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
    "setup.cfg": "[install]\ntarget = elsewhere\n",
    "pip.conf": "[global]\nno-index = true\n",
}
"""Files of a pull request that would like to be run, or obeyed."""


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


class TestGitLab:
    """A job of GitLab."""

    JOB: dict[str, Any] = yaml.safe_load((ROOT / ".gitlab" / "check.yml").read_text("utf-8"))

    def test_it_is_valid(self) -> None:
        url = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"
        schema = published_schema(url)
        assert complaints(self.JOB, schema) == []
        assert complaints({"check specs": {"script": {"run": "x"}}}, schema) != []

    def test_it_installs_this_release(self) -> None:
        assert self.JOB["check specs"]["variables"]["CNNCALC"].endswith(f"@v{cnncalc.__version__}")

    @pytest.mark.parametrize(("specs", "status", "found"), [("my models", 1, 1), ("good.yaml", 0, 0)])
    def test_a_wrong_spec_fails_and_is_reported(self, repository: Path, specs: str, status: int, found: int) -> None:
        lines = [f'cnncalc() {{ "{sys.executable}" -m cnncalc "$@"; }}', *self.JOB["check specs"]["script"]]
        done = run(["bash", "-eo", "pipefail", "-c", "\n".join(lines)], repository, os.environ | {"SPECS": specs})
        assert (done.returncode, done.stderr) == (status, "")
        assert len(json.loads((repository / "gl-code-quality-report.json").read_text("utf-8"))) == found
        assert (repository / "junit.xml").read_text("utf-8").count("<failure") == found
        assert ("rellu" in done.stdout) == bool(found)


class TestWorkflow:
    """Our own tests on other systems."""

    WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8"))

    def test_it_is_valid(self) -> None:
        # YAML 1.1 reads the key `on` as true, GitHub as the word.
        jobs: dict[Any, Any] = {**self.WORKFLOW}
        workflow = {"on": jobs.pop(True), **jobs}
        assert complaints(workflow, published_schema("https://json.schemastore.org/github-workflow.json")) == []

    def test_it_tries_every_python_that_the_package_names(self) -> None:
        matrix = self.WORKFLOW["jobs"]["newest"]["strategy"]["matrix"]
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        named = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in project["classifiers"]]
        assert matrix["python"] == [one[1] for one in named if one]
        assert project["requires-python"] == f">={matrix['python'][0]}"
        assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "windows", "macos"}

    def test_actions_are_pinned_to_a_commit(self) -> None:
        steps = [one for job in self.WORKFLOW["jobs"].values() for one in job["steps"]] + ACTION["runs"]["steps"]
        used = [one["uses"] for one in steps if "uses" in one]
        assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []

    def test_the_lowest_versions_are_those_of_the_package(self) -> None:
        constraints = run([str(ROOT / ".ci" / "lowest")], ROOT).stdout.splitlines()
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        groups = [project["dependencies"], *project["optional-dependencies"].values()]
        bounded = [re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,.*)?", one) for each in groups for one in each]
        assert constraints == [f"{one[1]}=={one[2]}" for one in bounded if one]
        assert {"h5py==3.10", "click==8.2", "pygls==2.1"} <= set(constraints)


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    (found,) = (found for found in ACTION["runs"]["steps"] if found.get("name") == name)
    assert isinstance(found, dict)
    return found


def run_step(
    name: str, folder: Path, environment: dict[str, str], /, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub's runner does, with some inputs and the defaults of the others."""
    values = {name: inputs.get(name, given["default"]) for name, given in ACTION["inputs"].items()}
    expressions = {f"${{{{ inputs.{name} }}}}": value for name, value in values.items()}
    given = {
        key: expressions.get(value, value) for key, value in step(name).get("env", {}).items() if "steps." not in value
    }
    assert not any("${{" in value for value in given.values())
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]]
    done = run(command, folder, environment | given)
    assert not Path(environment["TRAPS"]).exists(), Path(environment["TRAPS"]).read_text("utf-8")
    return done


def checkout(folder: Path) -> dict[str, str]:
    """The environment of a job with a checkout in which some files want to be run; the job names its folder, too."""
    for name, text in (HOSTILE | {"my models/wrong.yaml": WRONG, "good.yaml": GOOD, "compose.yaml": OTHER}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return os.environ | {
        "TRAPS": str(folder.with_name("traps")),
        "PYTHON": sys.executable,
        "PYTHONPATH": str(folder),
        "PYTHONSTARTUP": str(folder / "startup.py"),
        "PIP_CONFIG_FILE": "pip.conf",
    }


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A checkout, and what GitHub's runner sets, after the step that installs cnncalc from the action's own."""
    root = tmp_path_factory.mktemp("runner")
    folder, clone, temp = root / "checkout", root / "clone", root / "temp"
    kept = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, clone, ignore=kept)
    environment = checkout(folder) | {
        "RUNNER_TEMP": str(temp),
        "GITHUB_ACTION_PATH": str(clone / ".github" / "actions" / "check"),
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_OUTPUT": str(root / "output"),
        "GITHUB_STEP_SUMMARY": str(root / "summary.md"),
    }
    done = run_step("Install cnncalc", folder, environment)
    assert done.returncode == 0, done.stderr
    assert (temp / "cnncalc" / "cnncalc" / "architectures" / "alexnet.yaml").is_file()
    return folder, environment


class TestAction:
    """What a job runs."""

    def test_it_is_valid(self) -> None:
        schema = published_schema("https://json.schemastore.org/github-action.json")
        assert complaints(ACTION, schema) == []
        assert complaints(ACTION | {"runs": {"using": "composite"}}, schema) != []

    def test_no_input_reaches_the_text_of_a_script(self) -> None:
        for found in ACTION["runs"]["steps"]:
            assert "${{" not in found.get("run", "")

    def test_no_step_looks_for_modules_in_the_working_directory_or_among_those_of_a_user(self) -> None:
        named = [one for one in ACTION["runs"]["steps"] if "PYTHON" in one.get("run", "") or one.get("id") == "python"]
        assert len(named) == 3
        for found in named:
            assert found["env"].items() >= {("PYTHONSAFEPATH", "1"), ("PYTHONNOUSERSITE", "1")}

    @pytest.mark.parametrize(
        ("command", "sprung"),
        [(["-m", "pip"], "pip.py"), (["-m", "cnncalc"], "__init__.py"), (["-c", ""], "sitecustomize.py")],
    )
    def test_the_traps_of_the_checkout_work_without_care(self, command: list[str], sprung: str, tmp_path: Path) -> None:
        environment = checkout(tmp_path / "checkout")
        run([sys.executable, *command], tmp_path / "checkout", environment)
        assert sprung in Path(environment["TRAPS"]).read_text("utf-8")


class TestSite:
    """The workflow that publishes the live page."""

    def test_it_is_valid_and_what_it_uses_is_pinned(self) -> None:
        # YAML 1.1 reads the key `on` as true, GitHub as the word.
        workflow = {"on" if name is True else name: value for name, value in SITE.items()}
        schema = published_schema("https://json.schemastore.org/github-workflow.json")
        assert complaints(workflow, schema) == []
        used = [one["uses"] for job in SITE["jobs"].values() for one in job["steps"] if "uses" in one]
        assert len(used) == 4
        assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one) for one in used)

    def test_only_the_job_that_publishes_may_write(self) -> None:
        assert SITE["permissions"] == {"contents": "read"}
        assert [job for job, has in SITE["jobs"].items() if "permissions" in has] == ["publish"]

    def test_its_command_makes_the_folder_that_is_uploaded(self) -> None:
        (script,) = (one["run"] for one in SITE["jobs"]["build"]["steps"] if "run" in one)
        assert "${{" not in script
        command, upload = shlex.split(script.splitlines()[-1]), SITE["jobs"]["build"]["steps"][-1]
        assert command == ["cnncalc", "site", upload["with"]["path"], "--pyodide", f"pyodide-{VERSION}.tgz"]
        assert cli.get_command(Context(cli), "site") is not None


def test_every_place_names_the_version_of_pyodide_that_is_taken() -> None:
    places = [".ci/run", ".github/examples/site.yml", "cnncalc/guide/site.md"]
    texts = {place: (ROOT / place).read_text("utf-8") for place in places}
    assert {place: set(re.findall(r"pyodide[@-](\d+(?:\.\d+)+)", text)) for place, text in texts.items()} == {
        place: {VERSION} for place in places
    }


@pytest.mark.slow  # it installs the package as a job does
class TestJob:
    """A job that uses the action: a wrong spec fails, and no file of the checkout is run."""

    def test_a_wheel_in_the_cache_that_is_another_one_is_not_installed(
        self, runner: tuple[Path, dict[str, str]]
    ) -> None:
        other = Path(runner[1]["RUNNER_TEMP"]).with_name("other")
        shutil.copytree(Path(runner[1]["RUNNER_TEMP"]) / "cnncalc-wheels", other / "cnncalc-wheels")
        with next(other.glob("*/click-*")).open("ab") as file:
            file.write(b"more")
        done = run_step("Install cnncalc", runner[0], runner[1] | {"RUNNER_TEMP": str(other)})
        assert done.returncode == 1
        assert "HASHES" in done.stderr
        assert not (other / "cnncalc").exists()

    def test_it_annotates_and_fails(self, runner: tuple[Path, dict[str, str]]) -> None:
        done = run_step("Check specs", *runner)
        assert (done.returncode, done.stderr) == (1, "")
        (command,), others = read_log(done.stdout)
        assert (command.name, command.properties["file"]) == ("error", "my models/wrong.yaml")
        assert others == ["2 specs: 1 error; 1 other YAML file skipped", ""]
        assert Path(runner[1]["GITHUB_STEP_SUMMARY"]).read_text("utf-8").startswith("## cnncalc check failed\n")

    def test_a_good_spec_passes(self, runner: tuple[Path, dict[str, str]]) -> None:
        done = run_step("Check specs", *runner, paths="good.yaml")
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "1 spec: nothing found\n")

    def test_paths_are_lines_of_any_name(self, runner: tuple[Path, dict[str, str]]) -> None:
        folder = runner[0] / "Übung 1 – 模型"
        folder.mkdir()
        (folder / "né t.yaml").write_text(WRONG, encoding="utf-8")
        done = run_step("Check specs", *runner, paths="Übung 1 – 模型/né t.yaml\r\n\ngood.yaml")
        (command,), others = read_log(done.stdout)
        assert (done.returncode, done.stderr, command.properties["file"]) == (1, "", "Übung 1 – 模型/né t.yaml")
        assert others == ["2 specs: 1 error", ""]

    @pytest.mark.parametrize(
        "options", ["--exclude my models\n--strict\n", "--exclude=my models\r\n", "  --strict --exclude my models  "]
    )
    def test_the_value_of_an_option_may_hold_blanks(self, runner: tuple[Path, dict[str, str]], options: str) -> None:
        done = run_step("Check specs", *runner, options=options, paths=".\n")
        assert "my models" not in done.stdout
        assert done.stderr == ""

    def test_what_is_installed_is_pinned_and_kept(self, runner: tuple[Path, dict[str, str]]) -> None:
        temp = Path(runner[1]["RUNNER_TEMP"])
        assert (temp / "cnncalc" / "click-8.5.1.dist-info").is_dir()
        assert [one.name for one in (temp / "cnncalc-wheels").glob("click-*")] == ["click-8.5.1-py3-none-any.whl"]
        done = run_step("Name the cache", *runner)
        assert re.fullmatch(r"key=\d+-\d+\n", Path(runner[1]["GITHUB_OUTPUT"]).read_text("utf-8"))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_paths_are_lines_and_options_begin_at_their_dashes(self, runner: tuple[Path, dict[str, str]]) -> None:
        inputs = {"paths": "good.yaml\nmy models/*.yaml\n", "options": "--fail-on never --max-params 5M --jobs 2"}
        done = run_step("Check specs", *runner, **inputs)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("\n2 specs: 1 error\n")

    @pytest.mark.parametrize("name", ["paths", "options"])
    def test_an_input_is_never_run(self, runner: tuple[Path, dict[str, str]], name: str) -> None:
        done = run_step("Check specs", *runner, **{name: "$(touch pwned); `touch pwned`"})
        assert done.returncode == 2
        assert not (runner[0] / "pwned").exists()
