"""`--help` and `--version`."""

import platform
import re
import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from zipfile import ZipFile

import click
import numpy as np
import onnx
import pytest
from archives import save_npz
from click.testing import CliRunner
from console import check_typed, typed
from every import for_every
from PIL import Image
from pyodide_package import expect_package, save_archive, save_folder
from running import Process, Run

import cnncalc
from cnncalc.cli.main import COMMANDS, cli

NAMES = [name for commands in COMMANDS.values() for name in commands]


def examples(text: str) -> list[str]:
    """The command lines at the end of a help text, without the words that explain them."""
    _, heading, block = text.partition("\n  Examples:\n")
    assert heading, "no examples"
    lines = block.rstrip("\n").splitlines()
    assert all(line.startswith("    ") for line in lines), "something stands behind the examples"
    return [re.split(r" {2,}", line.strip())[0] for line in lines]


def every_example() -> list[str]:
    """Those of all commands, read from the epilogs themselves, each once."""
    commands = [cli, *(cli.get_command(click.Context(cli), name) for name in NAMES)]
    found = []
    for command in commands:
        assert command is not None
        _, heading, examples = (command.epilog or "").rpartition("Examples:\n")
        assert heading, command.name
        lines = examples.splitlines()
        found += [re.split(r" {2,}", line.strip())[0] for line in lines]
    return list(dict.fromkeys(found))


def test_help_groups_the_commands_by_purpose(run: Run) -> None:
    result = run("--help")
    assert (result.exit_code, result.stderr) == (0, "")
    groups = re.findall(r"^(\w+):\n((?:  \w.*\n)+)", result.stdout, re.M)
    listed = {group: re.findall(r"^  (\w+) ", block, re.M) for group, block in groups}
    assert listed["Look"][:4] == ["show", "explain", "list", "layers"]
    assert [name for group in listed if group in COMMANDS for name in listed[group]] == NAMES


def test_h_is_help(run: Run) -> None:
    assert run("-h").stdout == run("--help").stdout
    assert run("show", "-h").stdout == run("show", "--help").stdout


@pytest.mark.parametrize("name", ["", *NAMES])
def test_help_ends_with_examples(run: Run, name: str) -> None:
    result = run(*filter(None, (name, "--help")))
    assert (result.exit_code, result.stderr) == (0, "")
    found = examples(result.stdout)
    assert len(found) >= 3
    assert all(re.match(rf"(cat \S+ \| )?cnncalc {name}", example) for example in found)


@for_every(NAMES)
def test_help_describes_every_option(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or isinstance(parameter.type, click.Choice), parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_of_a_command_says_the_same_as_its_help(run: Run, name: str) -> None:
    ((_, summary),) = (commands[name] for commands in COMMANDS.values() if name in commands)
    words = set(re.findall(r"\w+", summary.lower())) - {"the", "of", "an", "a", "and", "its", "with", "their"}
    (first,) = re.findall(r"^Usage: .*\n\n((?:  \S.*\n)+)", run(name, "--help").stdout)
    assert words <= set(re.findall(r"\w+", first.lower()))


def test_there_are_examples_to_run() -> None:
    assert len(every_example()) > 12


def conv_with_weights() -> onnx.ModelProto:
    """A model of one convolution that has its weights."""
    sizes = {"x": (1, 3, 8, 8), "y": (1, 2, 6, 6)}
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, s) for name, s in sizes.items())
    kernel = onnx.numpy_helper.from_array(np.ones((2, 3, 3, 3), np.float32), "kernel")
    node = onnx.helper.make_node("Conv", ["x", "kernel"], ["y"])
    return onnx.helper.make_model(onnx.helper.make_graph([node], "net", [x], [y], [kernel]), ir_version=10)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that examples name."""
    folder = tmp_path_factory.mktemp("named")
    text = "{input: 3x224x224, layers: [{conv: 2, kernel: 3}, global_maxpool, flatten]}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    np.save(folder / "input.npy", np.zeros((3, 224, 224)))
    np.save(folder / "batch.npy", np.zeros((2, 3, 224, 224)))
    save_npz(folder / "w.npz", {"conv/weight": np.ones((2, 3, 3, 3)), "conv/bias": np.ones(2)})
    Image.new("RGB", (300, 300)).save(folder / "photo.png")
    # mnist_keras: 3*3*32 + 32 = 320 and 3*3*32*64 + 64 = 18,496 params
    own = "Layer,Output,Params\nInput,28x28x1,\nConv_1,26x26x32,320\nPool,13x13x32,0\nConv_2,11x11x64,18496\n"
    (folder / "my_table.csv").write_text(f"{own}Pool,5x5x64,0\nFC1,128,204928\nFC2,10,1290\n", encoding="utf-8")
    (folder / "report.md").write_text("(227 - 11)/4 + 1 = 55\n", encoding="utf-8")
    (folder / "chapter.tex").write_text("$55 \\times 55 \\times 96 = 290{,}400$\n", encoding="utf-8")
    (folder / "names.txt").write_text("cat\ndog\n", encoding="utf-8")
    (folder / "models").mkdir()
    (folder / "models" / "net.yaml").write_text("{input: 3x8x8, layers: [relu]}", encoding="utf-8")
    net = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nactivation=relu\n"
    (folder / "net.cfg").write_text(net, encoding="utf-8")
    onnx.save(conv_with_weights(), folder / "net.onnx")
    source = "import keras\nmodel = keras.Sequential([keras.layers.Dense(2)])\n"
    (folder / "net.py").write_text(source, encoding="utf-8")
    (folder / "key.yaml").write_text("params: 56", encoding="utf-8")  # 3*3*3*2 + 2
    (folder / "solution.yaml").write_text("{input: 3x8x8, layers: [{conv: 8, kernel: 3}]}", encoding="utf-8")
    (folder / "student.yaml").write_text("{input: 3x8x8, layers: [{conv: 8, kernel: 3, out: 8x6x6}]}", encoding="utf-8")
    (folder / "roster.csv").write_text("name\nAda Lovelace\n", encoding="utf-8")
    (folder / "class.key").write_text("correct horse battery staple", encoding="utf-8")
    (folder / "overrides.csv").write_text("sheet,layer,figure,points\nada.csv,conv1,out,1\n", encoding="utf-8")
    book = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (501)\n    Points Possible,,,,,8\n"
    (folder / "grades.csv").write_text(f'{book}"Lovelace, Ada",1001,U7,al,A,\n', encoding="utf-8")
    (folder / "sheets").mkdir()
    for sheet in (folder / "ada.csv", folder / "sheets" / "ada.csv"):
        assert typed(f"cnncalc worksheet alexnet -o {sheet}").exit_code == 0
    with ZipFile(folder / "in.zip", "w") as file:
        file.write(folder / "ada.csv", "lovelaceada_1001_501_sheet.csv")
    save_folder(folder / "node_modules" / "pyodide")
    save_archive(folder / "pyodide-314.0.7.tgz")
    return folder


@pytest.mark.parametrize("example", every_example())
@pytest.mark.usefixtures("listed_once")
def test_example_of_a_help_text_runs(folder: Path, named: Path, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # `verify --all` executes every bundled architecture at its real size, which takes minutes.
    monkeypatch.setattr("cnncalc.cli.verify_command.bundled_names", lambda: ["alexnet_cifar", "lenet5"])
    shutil.copytree(named, folder, dirs_exist_ok=True)
    expect_package(monkeypatch)
    check_typed(example)


def test_version_says_what_it_runs_with(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"click": "8.5.1", "numpy": "2.4.6", "onnx": "1.22.0", "h5py": "3.16.0"}
    needed = ["click>=8.2", "numpy>=1.24", "onnx>=1.17; extra == 'onnx'", "onnxruntime>=1.21; extra == 'onnx'"]
    needed += ['h5py>=3.10; extra == "hdf5"', "h5py>=3.10; extra == 'test'", "pytest>=8.2; extra == 'test'"]

    def version(package: str) -> str:
        if package not in installed:
            raise PackageNotFoundError(package)
        return installed[package]

    monkeypatch.setattr("cnncalc.cli.version.requires", lambda name: needed)
    monkeypatch.setattr("cnncalc.cli.version.version", version)
    lines = run("--version").stdout.splitlines()
    assert lines == [
        f"cnncalc {cnncalc.__version__}", f"Python {platform.python_version()}", "click 8.5.1", "numpy 2.4.6",
        "[onnx] not installed: onnxruntime", "[hdf5] h5py 3.16.0",
    ]  # fmt: skip


def test_version_imports_nothing_that_it_names(process: Process) -> None:
    done = process("--version", PYTHONPROFILEIMPORTTIME="1")
    assert done.stdout.startswith(f"cnncalc {cnncalc.__version__}\n".encode())
    assert b"| numpy" not in done.stderr
    assert b"| onnx" not in done.stderr


def test_it_works_from_any_folder_and_does_not_write_to_it(process: Process, folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    done = process("show", "alexnet.yaml", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"layer,operation,output,params,macs,flops")
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("given", "same"),
    [
        (["lenet5", "--depth", "1"], ["show", "lenet5", "--depth", "1"]),
        (["help"], ["--help"]),
        (["help", "solve"], ["solve", "--help"]),
        (["help", "rules"], ["rules"]),
        (
            ["solve", "--input", "227", "--kernel", "11", "--stride", "4"],
            ["solve", "--input", "227", "--kernel", "11", "--stride", "4", "--padding", "0", "--output", "55"],
        ),
    ],
)
def test_the_obvious_is_done(given: list[str], same: list[str]) -> None:
    one, other = (CliRunner().invoke(cli, arguments) for arguments in (given, same))
    assert (one.exit_code, one.output) == (other.exit_code, other.output)
