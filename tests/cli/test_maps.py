"""`cnncalc run --maps`: which layers are drawn, into which files, and what is left out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from running import Run

SPEC = """\
input: 3x16x16
blocks:
  pair(c): [{conv: c, kernel: 3, padding: 1, activation: relu}, {conv: c, kernel: 1}]
layers:
- {conv: 4, kernel: 3, activation: relu, name: stem}
- {pair: 8, name: body}
- flatten
- {fc: 2}
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    Path("maps.yaml").write_text(SPEC, encoding="utf-8")
    Path("vector.yaml").write_text("{input: 4, layers: [{fc: 2}]}", encoding="utf-8")
    np.save("batch.npy", np.random.default_rng(0).random((3, 3, 16, 16)))
    Image.new("RGB", (20, 16), "red").save("photo.png")


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


DRAWN = """\
note: the weights are drawn at random from seed 0
note: 4 pictures in drawn
note: no maps of flatten, fc: vectors have none
note: of stem, body the last layer is drawn; --depth or --expand unfolds them
"""


def test_a_folder_gets_a_picture_of_each_line_and_the_notes_say_what_is_left_out(run: Run) -> None:
    result = run("run", "maps.yaml", "--input", "photo.png", "--seed", "0", "--maps", "drawn")
    scaled = "note: photo.png is 16x20: scaled to cover 16x16, and its centre kept\n"
    assert (result.exit_code, result.stderr) == (0, scaled + DRAWN)
    assert names("drawn") == ["000-input.png", "001-stem-filters.png", "002-stem.png", "003-body.png"]
    with Image.open("drawn/000-input.png") as image:
        assert (255, 0, 0) in {colour for _, colour in image.getcolors() or ()}


def test_depth_unfolds(run: Run) -> None:
    assert run("run", "maps.yaml", "--seed", "0", "--maps", "drawn", "--expand").exit_code == 0
    layers = [
        "002-stem.png",
        "003-stem-relu.png",
        "004-body-conv1.png",
        "005-body-conv1-relu.png",
        "006-body-conv2.png",
    ]
    assert names("drawn")[2:] == layers


def test_of_several_inputs_the_first_is_drawn(run: Run) -> None:
    result = run("run", "maps.yaml", "--input", "batch.npy", "--seed", "0", "--maps", "all.png")
    assert "note: 4 pictures in all.png\nnote: maps are those of the first of 3 inputs\n" in result.stderr
    np.save("first.npy", np.load("batch.npy")[0])
    assert run("run", "maps.yaml", "--input", "first.npy", "--seed", "0", "--maps", "first.png").exit_code == 0
    assert Path("all.png").read_bytes() == Path("first.png").read_bytes()


def test_what_exists_is_written_over_with_force_only(run: Run) -> None:
    Path("drawn").mkdir()
    Path("drawn/002-stem.png").write_text("mine")
    command = ("run", "maps.yaml", "--seed", "0", "--maps", "drawn")
    result = run(*command)
    assert (result.exit_code, names("drawn")) == (2, ["002-stem.png"])
    assert "--maps drawn/002-stem.png: the file exists; --force writes over it" in result.stderr
    assert run(*command, "--force").exit_code == 0
    assert len(names("drawn")) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("maps.yaml --maps maps.yaml", "--maps maps.yaml: this is a file; name a folder or a .png file"),
        ("maps.yaml --maps a.jpg", "--maps a.jpg: a folder or a .png file is expected"),
        ("maps.yaml --maps no/a.png", "--maps no/a.png: there is no folder 'no'"),
        ("vector.yaml --maps a.png", "--maps draws maps, and this network has vectors only"),
        ("maps.yaml --depth 2", "--depth and --expand unfold what --maps draws; give --maps"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_runs(run: Run, arguments: str, message: str) -> None:
    result = run("run", "--seed", "0", *arguments.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
