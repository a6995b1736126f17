"""The README stays true: its tables, messages and figures are what the commands really print."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from archives import save_npz
from console import check_typed, typed
from PIL import Image
from schemas import complaints, published_schema

import cnncalc
from cnncalc.check.configuration import KEYS, find_configuration

pytestmark = pytest.mark.usefixtures("listed_once")

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(language, body) for language, body in FENCE.findall(README)]
SPECS = [body for language, body in BLOCKS if language == "yaml" and "\nlayers:" in body]
FILES = {body.split()[1]: body for language, body in BLOCKS if language == "yaml" and body not in SPECS}
TABLES = [body for language, body in BLOCKS if language == "csv"]
CONSOLE = [body for language, body in BLOCKS if language == "console"]
PYTHON = [body for language, body in BLOCKS if language == "python"]
INSTALLS = [line for _, body in BLOCKS for line in body.splitlines() if "python3 -m venv" in line]
COMMANDS = [
    line.partition("#")[0].strip()
    for language, body in BLOCKS
    if language == "sh"
    for line in body.splitlines()
    if line not in INSTALLS
]

WEIGHTS = {
    "conv1/weight": (32, 3, 3, 3), "conv1/bias": (32,), "conv2/weight": (64, 32, 3, 3), "conv2/bias": (64,),
    "fc/weight": (10, 4096), "fc/bias": (10,),
}  # fmt: skip
"""What the first spec of the README has to learn."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the specs that the README says to save, and the files that its commands name."""
    first, broken, by_hand = SPECS
    (tmp_path / "mine.yaml").write_text(first, encoding="utf-8")
    assert broken.startswith("# broken.yaml\n")
    (tmp_path / "broken.yaml").write_text(broken, encoding="utf-8")
    (tmp_path / "hand.yaml").write_text(by_hand, encoding="utf-8")
    (cfg,) = (body for language, body in BLOCKS if language == "ini")
    (tmp_path / "small.cfg").write_text(cfg, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(PYTHON[0], {})
    random = np.random.default_rng(0)
    Image.fromarray(random.integers(256, size=(40, 60, 3), dtype=np.uint8)).save(tmp_path / "photo.png")
    np.save(tmp_path / "batch.npy", random.random((2, 3, 32, 32)))
    save_npz(tmp_path / "weights.npz", {name: random.random(shape) for name, shape in WEIGHTS.items()})
    own = "Layer,Output,Params\nInput,28x28x1,\nConv_1,26x26x32,320\nPool,13x13x32,0\nConv_2,11x11x64,18496\n"
    (tmp_path / "my_table.csv").write_text(f"{own}Pool,5x5x64,0\nFC1,128,204928\nFC2,10,1290\n", encoding="utf-8")
    (tmp_path / "names.txt").write_text("a b c d e f g h i j".replace(" ", "\n"), encoding="utf-8")
    roster, answers = TABLES
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "ada.csv").write_text(answers, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("block", CONSOLE, ids=[block.splitlines()[0] for block in CONSOLE])
@pytest.mark.usefixtures("folder")
def test_printed_output_is_the_real_output(block: str) -> None:
    command, _, printed = block.partition("\n")
    ran = typed(command.removeprefix("$ "))
    real = "\n".join(line.rstrip() for line in (ran.stdout + ran.stderr).splitlines())
    assert printed.rstrip("\n") == real


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_every_command_runs(command: str) -> None:
    check_typed(command)


def test_there_are_console_blocks_and_commands() -> None:
    assert (len(CONSOLE), len(COMMANDS), len(INSTALLS)) == (19, 75, 2)


def test_the_table_of_architectures_is_what_the_command_in_its_comment_prints() -> None:
    ((command, table),) = re.findall(r"^<!-- (cnncalc list .+) -->\n\n(.+?)\n</details>$", README, re.M | re.S)
    assert table == typed(command).stdout
    (number,) = re.findall(r"^(\d+) networks from LeNet-1 \(1989\) to ConvNeXt \(2022\)", README, re.M)
    assert table.startswith(f"**{number} bundled architectures**\n")
    years = [int(row.split(" | ")[2]) for row in table.splitlines()[4:] if re.search(r" \| \d{4} \| ", row)]
    assert (min(years), max(years)) == (1989, 2022)


PICTURES = re.findall(r"^<!-- (cnncalc draw .+) -->\n!\[.+\]\((.+)\)$", README, re.M)


@pytest.mark.parametrize(("command", "file"), PICTURES)
def test_pictures_are_what_the_commands_in_their_comments_print(
    request: pytest.FixtureRequest, command: str, file: str
) -> None:
    drawn = typed(command).stdout
    if request.config.getoption("--regenerate-golden"):
        (ROOT / file).write_text(drawn, encoding="utf-8", newline="\n")
    assert (ROOT / file).read_text("utf-8") == drawn


def test_every_picture_is_in_the_readme() -> None:
    assert sorted(file for _, file in PICTURES) == sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / "cnncalc" / "guide" / "pictures").iterdir()
    )


def test_what_is_counted_is_what_the_command_in_its_comment_prints() -> None:
    ((command, table),) = re.findall(r"^<!-- (python [^\n]+) -->\n\n(.+?)\n\n", README, re.M | re.S)
    python, option, code = shlex.split(command)
    assert (python, option) == ("python", "-c")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert (ran.stdout, ran.stderr) == (f"{table}\n", "")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert INSTALLS[1].endswith("/pytest -n auto")
    assert INSTALLS[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
def test_the_install_command_works_from_a_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    kept = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
    shutil.copytree(ROOT, clone, ignore=kept)
    ran = subprocess.run(INSTALLS[0], shell=True, cwd=clone, capture_output=True, check=False, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("AlexNet (two towers) · bundled architecture · input 3×227×227\n")
    outside = subprocess.run(
        [clone / ".venv" / "bin" / "cnncalc", "show", "resnet50", "--format", "json"],
        cwd=tmp_path, capture_output=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert json.loads(outside.stdout)["totals"]["params"] == 25_557_032  # torchvision 0.28
    page = subprocess.run(
        [clone / ".venv" / "bin" / "cnncalc", "guide", "formats"], cwd=tmp_path, capture_output=True, check=True
    )
    assert page.stdout == (ROOT / "cnncalc" / "guide" / "formats.md").read_bytes()


def test_python_lines_give_the_values_in_their_comments() -> None:
    _, body = PYTHON
    names: dict[str, object] = {}
    checked = 0
    for line in body.splitlines():
        code, _, comment = line.partition("  #")
        if isinstance(value := _literal(comment.strip()), (int, tuple, list)):
            assert eval(code, names) == value, code
            checked += 1
        else:
            exec(code, names)
    assert checked == 8


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None


def test_the_json_example_is_a_layer_of_the_document() -> None:
    (body,) = (body for language, body in BLOCKS if language == "json")
    document = json.loads(typed("cnncalc show alexnet --format json").stdout)
    assert json.loads(body) == document["layers"][0]


def test_the_workflow_is_valid_and_uses_the_action_as_it_is() -> None:
    workflow = yaml.safe_load(FILES[".github/workflows/specs.yml"])
    # YAML 1.1 reads the key `on` as true, GitHub as the word.
    workflow["on"] = workflow.pop(True)
    assert complaints(workflow, published_schema("https://json.schemastore.org/github-workflow.json")) == []
    (step,) = (step for step in workflow["jobs"]["check"]["steps"] if "cnncalc" in step["uses"])
    owner, repository, *folder = step["uses"].partition("@")[0].split("/")
    assert (owner, repository) == ("OWNER", "cnncalc")
    action = yaml.safe_load(ROOT.joinpath(*folder, "action.yml").read_text(encoding="utf-8"))
    assert step["with"].keys() <= action["inputs"].keys()


@pytest.mark.usefixtures("folder")
def test_the_options_of_the_workflow_are_those_of_the_command() -> None:
    workflow = yaml.safe_load(FILES[".github/workflows/specs.yml"])
    (step,) = (step for step in workflow["jobs"]["check"]["steps"] if "with" in step)
    options = [line.replace(" ", " '", 1) + "'" for line in step["with"]["options"].splitlines()]
    assert typed(f"cnncalc check mine.yaml {' '.join(options)}").exit_code == 0
    assert step["uses"].endswith(f"@v{cnncalc.__version__}")


def test_the_configuration_of_pre_commit_is_valid_and_names_the_hook() -> None:
    configuration = yaml.safe_load(FILES[".pre-commit-config.yaml"])
    assert complaints(configuration, published_schema("https://json.schemastore.org/pre-commit-config.json")) == []
    assert {repository["rev"] for repository in configuration["repos"]} == {f"v{cnncalc.__version__}"}
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {hook["id"] for repository in configuration["repos"] for hook in repository["hooks"]} == known


def test_the_configuration_is_read_and_shows_every_key(folder: Path) -> None:
    (body,) = (body for language, body in BLOCKS if language == "toml")
    (folder / "pyproject.toml").write_text(body, encoding="utf-8")
    found = find_configuration(str(folder))
    assert found.limits["max-params"].value == 30_000_000
    for key in KEYS:
        assert key in body or key.startswith("max-"), key
