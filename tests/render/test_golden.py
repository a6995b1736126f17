"""The printed texts are the golden ones. `pytest --regenerate-golden` writes them again; read the diff."""

from collections.abc import Callable
from pathlib import Path

import pytest

TERMINALS = {"terminal_80.txt", "terminal_120.txt"}
"""What `cli/test_terminals.py` compares."""

GOLDEN = Path(__file__).parent / "golden"

TABLES = {
    "alexnet": ["alexnet"],
    "resnet50": ["resnet50"],
    "resnet50_depth2": ["resnet50", "--depth", "2"],
    "resnet50_expanded": ["resnet50", "--expand"],
    "m5": ["m5"],  # 1-D
    "keras_flowers": ["alexnet_keras_flowers"],  # HWC
}
TABLE_SUFFIXES = {"table": "txt", "csv": "csv", "markdown": "md", "latex": "tex"}

EXPLAINED = {
    "alexnet": ["alexnet"],
    "resnet50": ["resnet50", "conv2.1", "fc"],
    "m5": ["m5"],
    "keras_flowers": ["alexnet_keras_flowers"],
}
EXPLAIN_SUFFIXES = {"text": "txt", "markdown": "md", "latex": "tex"}

ALL_COLUMNS = (
    "layer,operation,kind,line,input,output,elements,weights,params,buffers,macs,flops,ops,connections,weights_memory,"
    "output_memory,intensity,receptive_field,jump,start"
)

COMMANDS: dict[str, list[str]] = {
    **{
        f"{name}.{suffix}": ["show", *arguments, "--format", format_]
        for name, arguments in TABLES.items()
        for format_, suffix in TABLE_SUFFIXES.items()
    },
    **{
        f"{name}_explained.{suffix}": ["explain", *arguments, "--format", format_]
        for name, arguments in EXPLAINED.items()
        for format_, suffix in EXPLAIN_SUFFIXES.items()
    },
    "alexnet_all_columns.txt": ["show", "alexnet", "--columns", ALL_COLUMNS],
    "resnet18.svg": ["draw", "resnet18", "--depth", "2", "--theme", "light"],
    "alexnet_two_branches.mmd": ["draw", "alexnet_two_branches", "--depth", "2", "--format", "mermaid"],
    "unet.dot": ["draw", "unet", "--depth", "2", "--format", "dot"],
    "alexnet_batch_human.txt": ["show", "alexnet", "--batch", "32", "--units", "human"],
}

NARROW = {
    "alexnet_80.txt": (80, ["show", "alexnet"]),
    "alexnet_40.txt": (40, ["show", "alexnet"]),
    "googlenet_expanded_80.txt": (80, ["show", "googlenet", "--expand", "--columns", "layer,operation,output"]),
    "alexnet_explained_80.txt": (80, ["explain", "alexnet", "conv1"]),
    "diff_80.txt": (80, ["diff", "alexnet", "alexnet_one_tower"]),
}


def compare(name: str, text: str, regenerate: bool) -> None:
    file = GOLDEN / name
    if regenerate:
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text("utf-8")


def regenerating(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--regenerate-golden"))


regenerate = pytest.fixture(regenerating, name="regenerate")


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_the_golden_one(output: Callable[..., str], regenerate: bool, name: str) -> None:
    compare(name, output(*COMMANDS[name]), regenerate)


@pytest.mark.parametrize("name", NARROW)
def test_output_on_a_narrow_terminal_is_the_golden_one(output: Callable[..., str], regenerate: bool, name: str) -> None:
    width, arguments = NARROW[name]
    compare(name, output(*arguments, COLUMNS=str(width)), regenerate)


def test_every_golden_file_is_compared() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {*COMMANDS, *NARROW, *TERMINALS}


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("alexnet.txt", ["60,965,224", "724,406,816", "1,448,813,632"]),
        ("alexnet.md", ["60,965,224", "724,406,816", "1,448,813,632"]),
        ("alexnet.tex", ["60,965,224", "724,406,816", "1,448,813,632"]),
        ("resnet50.txt", ["25,557,032", "4,089,184,256"]),
        ("resnet50_depth2.txt", ["25,557,032", "4,089,184,256"]),
        ("resnet50_expanded.txt", ["25,557,032", "4,089,184,256"]),
        ("keras_flowers.txt", ["24,815,697", "19,136", "24,834,833"]),
        ("m5.txt", ["559,114", "2,048"]),
        ("alexnet_80.txt", ["60,965,224", "724,406,816", "not shown at this width: FLOPs"]),
        ("alexnet_batch_human.txt", ["60.97M", "23.18G", "46.36G", "batch 32"]),  # 32*724,406,816 = 23,181,018,112
    ],
)
def test_golden_file_has_the_published_figures(name: str, figures: list[str]) -> None:
    text = (GOLDEN / name).read_text("utf-8")
    assert [figure for figure in figures if figure not in text] == []
