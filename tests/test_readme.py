"""The README and the guide stay true: their tables, messages and figures are what the commands really print."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import click
import numpy as np
import pytest
import yaml
from archives import save_npz
from console import check_typed, typed
from manual import COMMANDS, FILES, INSTALLS, PRINTED, ROOT, SAVED, TEXTS, Block, blocks, rewrite
from PIL import Image
from pyodide_package import expect_package, save_archive
from schemas import complaints, published_schema

import cnncalc
from cnncalc.check.configuration import KEYS, find_configuration
from cnncalc.cli.main import cli
from cnncalc.site.pyodide import VERSION

pytestmark = pytest.mark.usefixtures("listed_once")

README = TEXTS["README"]

WEIGHTS = {
    "conv1/weight": (32, 3, 3, 3), "conv1/bias": (32,), "conv2/weight": (64, 32, 3, 3), "conv2/bias": (64,),
    "fc/weight": (10, 4096), "fc/bias": (10,),
}  # fmt: skip
"""What `mine.yaml` of the README has to learn."""

MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    'Participant 71,"Ada Lovelace",al@x.org,"Submitted for grading",,100.00,Yes,-,-,\r\n'
)
"""The file `grades.csv` of the page on teaching."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages say to save, and those that their commands take from somewhere."""
    folder = tmp_path_factory.mktemp("saved")
    for name, body in SAVED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, encoding="utf-8")
    (folder / "models").mkdir()
    save_archive(folder / f"pyodide-{VERSION}.tgz")
    shutil.copy(folder / "mine.yaml", folder / "models")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(blocks("python", "run")[0], {})
    random = np.random.default_rng(0)
    Image.fromarray(random.integers(256, size=(40, 60, 3), dtype=np.uint8)).save(folder / "photo.png")
    np.save(folder / "batch.npy", random.random((2, 3, 32, 32)))
    save_npz(folder / "weights.npz", {name: random.random(shape) for name, shape in WEIGHTS.items()})
    (folder / "names.txt").write_text("a b c d e f g h i j".replace(" ", "\n"), encoding="utf-8")
    (folder / "report.md").write_text("A map of 224x224 gives (224 - 11 + 2*2)/4 + 1 = 55.25.\n", encoding="utf-8")
    cells = [{"cell_type": "code", "source": SAVED["net.py"]}]
    (folder / "answer.ipynb").write_text(json.dumps({"cells": cells}))
    (folder / "grades.csv").write_bytes(MOODLE.encode())
    typed(f"cnncalc worksheet alexnet --students {folder}/grades.csv --key --format csv -o {folder}/filled")
    with ZipFile(folder / "submissions.zip", "w") as archive:
        archive.write(folder / "filled" / "al.csv", "Ada Lovelace_71_assignsubmission_file_/sheet.csv")
    return folder


@pytest.fixture
def folder(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with these files."""
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    expect_package(monkeypatch)
    return tmp_path


@pytest.mark.parametrize("block", PRINTED, ids=[f"{block.page}: {block.body.splitlines()[0]}" for block in PRINTED])
@pytest.mark.usefixtures("folder")
def test_printed_output_is_the_real_output(request: pytest.FixtureRequest, block: Block) -> None:
    command, _, printed = block.body.partition("\n")
    ran = typed(command.removeprefix("$ "))
    real = "\n".join(line.rstrip() for line in (ran.stdout + ran.stderr).splitlines())
    if request.config.getoption("--regenerate-golden"):
        rewrite(block.page, f"```console\n{block.body}```", f"```console\n{command}\n{real}\n```")
        return
    assert printed.rstrip("\n") == real


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("folder")
def test_every_command_runs(command: str) -> None:
    check_typed(command)


def test_no_command_of_a_block_escapes() -> None:
    """Whatever the language of its block: what begins with the program's name is run."""
    fenced = "\n".join(re.findall(r"^```[^\n]*\n(.*?)^```", "\n".join(TEXTS.values()), re.MULTILINE | re.DOTALL))
    lines = re.findall(r"^(?:cat \S+ \| )?cnncalc [a-z-].*$", fenced, re.MULTILINE)
    assert {line.partition(" #")[0].strip() for line in lines} == set(COMMANDS)
    assert re.findall(r"^\$ .*", fenced, re.MULTILINE) == [block.body.splitlines()[0] for block in PRINTED]
    assert len(COMMANDS) > 120
    assert len(PRINTED) > 20


SENTENCES = {page: re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL) for page, text in TEXTS.items()}
SOURCES = [path for path in (ROOT / "cnncalc").rglob("*.py") if "editing/vscode" not in path.as_posix()]


@pytest.mark.parametrize("page", SENTENCES)
def test_commands_within_sentences_have_their_options(page: str) -> None:
    for line in re.findall(r"`cnncalc ([a-z][^`]*)`", SENTENCES[page]):
        command = cli.get_command(click.Context(cli), line.split()[0])
        assert command is not None, line
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--?[a-z][\w-]*", line)) <= {*options, "--help"}, line


def test_pages_that_are_named_are_there() -> None:
    """In pages, messages, help texts and docstrings."""
    named = set()
    for text in (*TEXTS.values(), *(path.read_text("utf-8") for path in SOURCES)):
        named |= set(re.findall(r"cnncalc\sguide\s([a-z]+)\b", text))
    listed = {line.split()[0] for line in typed("cnncalc guide").stdout.splitlines()[3:] if line[0] != " "}
    assert named <= listed
    assert len(named) > 15


def test_links_lead_somewhere() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        anchors = {
            re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)", text, re.M)
        }
        for link in re.findall(r"\]\((?!https?://)([^)]+)\)", text):
            place, _, anchor = link.partition("#")
            assert anchor in anchors if anchor else (file.parent / place).exists(), f"{file.name}: {link}"


def test_the_commands_for_windows_are_those_for_others() -> None:
    twins = [
        line.replace("python3", "py").replace(" &&", ";").replace(".venv/bin/", ".venv\\Scripts\\") for line in INSTALLS
    ]
    assert blocks("powershell", "README") == ["\n".join(twins) + "\n"]


def test_the_readme_is_short_and_leads_to_every_page() -> None:
    assert README.count("\n") <= 250
    linked = set(re.findall(r"\]\(cnncalc/guide/(\w+)\.md\)", README))
    assert linked == set(TEXTS) - {"README"}


def test_the_years_of_the_architectures_are_those_of_the_table() -> None:
    (number,) = re.findall(r"(\d+) networks from LeNet-1 \(1989\) to ConvNeXt \(2022\)", README)
    table = TEXTS["architectures"].partition("## All of them")[2]
    assert f"**{number} bundled architectures**" in table
    years = [int(year) for year in re.findall(r" \| (\d{4}) \| ", table)]
    assert (min(years), max(years)) == (1989, 2022)


MADE = re.findall(r"^<!-- ([^\n]+) -->\n\n((?:(?!<!--).)*?)\n<!-- end -->$", "\n".join(TEXTS.values()), re.M | re.S)
"""Tables that a command makes, each with the command."""


@pytest.mark.parametrize(("command", "table"), MADE, ids=[command[:60] for command, _ in MADE])
def test_tables_are_what_the_commands_in_their_comments_print(
    request: pytest.FixtureRequest, command: str, table: str
) -> None:
    if command.startswith("cnncalc"):
        printed = typed(command).stdout
    else:
        words = [sys.executable, *shlex.split(command)[1:]]
        printed = subprocess.run(words, capture_output=True, check=True, encoding="utf-8").stdout
    if request.config.getoption("--regenerate-golden"):
        (page,) = (page for page, text in TEXTS.items() if command in text)
        rewrite(page, f"{command} -->\n\n{table}", f"{command} -->\n\n{printed}")
        return
    assert table == printed


def test_there_are_three_such_tables() -> None:
    assert len(MADE) == 3


PICTURES = [
    (command, (file.parent / picture).resolve())
    for file in FILES
    for command, picture in re.findall(r"^<!-- (cnncalc draw .+) -->\n!\[.+\]\((.+)\)$", file.read_text("utf-8"), re.M)
]


@pytest.mark.parametrize(("command", "file"), PICTURES)
def test_pictures_are_what_the_commands_in_their_comments_print(
    request: pytest.FixtureRequest, command: str, file: Path
) -> None:
    drawn = typed(command).stdout
    if request.config.getoption("--regenerate-golden"):
        file.write_text(drawn, encoding="utf-8", newline="\n")
    assert file.read_text("utf-8") == drawn


def test_every_picture_is_on_a_page() -> None:
    folder = ROOT / "cnncalc" / "guide" / "pictures"
    shown = {
        folder / name for text in TEXTS.values() for name in re.findall(r"^!\[.+\]\(.*?(\w[\w-]*\.\w+)\)$", text, re.M)
    }
    assert shown == set(folder.iterdir())
    assert shown - {file for _, file in PICTURES} == {folder / "live.png"}  # tests/live/frames.py writes it


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


@pytest.mark.parametrize(("page", "number"), [("README", 2), ("python", 8)])
def test_python_lines_give_the_values_in_their_comments(page: str, number: int) -> None:
    body = blocks("python", page)[-1]
    names: dict[str, object] = {}
    checked = 0
    for line in body.splitlines():
        code, _, comment = line.partition("  #")
        if isinstance(value := _literal(comment.strip()), (int, tuple, list)):
            assert eval(code, names) == value, code
            checked += 1
        else:
            exec(code, names)
    assert checked == number


def test_the_program_of_the_page_on_searches_runs(tmp_path: Path) -> None:
    (tmp_path / "search.py").write_text(blocks("python", "searches")[0], encoding="utf-8")
    ran = subprocess.run([sys.executable, "search.py"], cwd=tmp_path, capture_output=True, check=True, encoding="utf-8")
    params = json.loads(ran.stdout)
    assert (params[0], params[2]) == (1_968_680, 3_504_872)  # torchvision 0.28's mobilenet_v2, width_mult 0.5 and 1


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None


def test_the_json_example_is_a_layer_of_the_document() -> None:
    (body,) = blocks("json", "formats")
    document = json.loads(typed("cnncalc show alexnet --format json").stdout)
    assert json.loads(body) == document["layers"][0]


def test_the_workflow_is_valid_and_uses_the_action_as_it_is() -> None:
    workflow = yaml.safe_load(SAVED[".github/workflows/specs.yml"])
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
    workflow = yaml.safe_load(SAVED[".github/workflows/specs.yml"])
    (step,) = (step for step in workflow["jobs"]["check"]["steps"] if "with" in step)
    options = [line.replace(" ", " '", 1) + "'" for line in step["with"]["options"].splitlines()]
    assert typed(f"cnncalc check mine.yaml {' '.join(options)}").exit_code == 0
    assert step["uses"].endswith(f"@v{cnncalc.__version__}")


def test_the_configuration_of_pre_commit_is_valid_and_names_the_hook() -> None:
    configuration = yaml.safe_load(SAVED[".pre-commit-config.yaml"])
    assert complaints(configuration, published_schema("https://json.schemastore.org/pre-commit-config.json")) == []
    assert {repository["rev"] for repository in configuration["repos"]} == {f"v{cnncalc.__version__}"}
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {hook["id"] for repository in configuration["repos"] for hook in repository["hooks"]} == known


def test_the_client_of_vs_code_has_the_version_of_the_package() -> None:
    package = json.loads((ROOT / "cnncalc" / "editing" / "vscode" / "package.json").read_text("utf-8"))
    assert package["version"] == cnncalc.__version__
    assert f"cnncalc-{cnncalc.__version__}.vsix" in TEXTS["editors"]


def test_the_configuration_is_read_and_shows_every_key(folder: Path) -> None:
    (body,) = blocks("toml", "check")
    (folder / "pyproject.toml").write_text(body, encoding="utf-8")
    found = find_configuration(str(folder))
    assert found.limits["max-params"].value == 30_000_000
    for key in KEYS:
        assert key in body or key.startswith("max-"), key
