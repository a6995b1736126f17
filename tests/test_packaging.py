"""What is published: the same bytes from the same sources, what is in them, and the files about a release."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from schemas import complaints, published_schema

import cnncalc
from cnncalc.cli.main import COMMANDS
from cnncalc.packing import NOT_NEEDED

ROOT = Path(__file__).parents[1]


def test_the_newest_changes_are_those_of_this_release() -> None:
    releases = re.findall(r"^## (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert releases[0] == cnncalc.__version__
    assert releases == sorted(releases, key=lambda release: [*map(int, release.split("."))], reverse=True)


def test_the_changes_name_every_command() -> None:
    named = set(re.findall(r"`(\w+)`", (ROOT / "CHANGELOG.md").read_text("utf-8")))
    assert {name for commands in COMMANDS.values() for name in commands} - named == set()


def test_the_citation_is_valid() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    schema = published_schema("https://citation-file-format.github.io/1.2.0/schema.json")
    assert complaints(citation, schema) == []
    assert complaints({**citation, "type": "tool"}, schema) != []


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel, built twice at one date of the sources."""
    built = [tmp_path_factory.mktemp("wheel") for _ in range(2)]
    for folder in built:
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
        subprocess.run(command, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}, cwd=folder)
    return [wheel for folder in built for wheel in folder.iterdir()]


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes(wheels: list[Path]) -> None:
    assert len({hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}) == 1


def test_archives_leave_out_the_folders_that_the_wheel_leaves_out() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    folders = {one.rpartition("/")[2] for one in wheel["exclude"] if "*" not in one and one[0] != "!"}
    assert {*folders, "__pycache__"} == set(NOT_NEEDED)


@pytest.mark.slow
def test_the_wheel_is_small_and_has_what_is_needed(wheels: list[Path]) -> None:
    wheel = wheels[0]
    assert wheel.name == f"cnncalc-{cnncalc.__version__}-py3-none-any.whl"
    with ZipFile(wheel) as archive:
        sizes = {file.filename: file.compress_size for file in archive.infolist()}
    names = [*sizes]
    # Without the page. Code is 1.2 MB of it, compressed file by file: a megabyte needs fewer lines.
    assert sum(size for name, size in sizes.items() if not name.startswith("cnncalc/live/page/")) < 1_500_000
    assert {"cnncalc/py.typed", "cnncalc/architectures/alexnet.yaml", "cnncalc/guide/design.md"} <= set(names)
    assert [name for name in names if name.startswith(("tests/", "cnncalc/guide/pictures/"))] == []
    built_of = {"codemirror.entry.js", "codemirror.packages", "codemirror.sh", "codemirror.sha256"}
    page = {path.name for path in (ROOT / "cnncalc" / "live" / "page").iterdir()} - built_of
    assert {name.rpartition("/")[2] for name in names if name.startswith("cnncalc/live/page/")} == page
