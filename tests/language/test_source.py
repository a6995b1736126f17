"""Where the text of a spec comes from: a path, standard input, the name of a bundled architecture, a string."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

import cnncalc
from cnncalc.language.source import Source, read_source

TEXT = "input: 3x8x8\nlayers: [relu]\n"


def test_a_path_is_read_and_named_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_source("net.yaml") == Source("net.yaml", TEXT)
    assert read_source("./net.yaml") == Source("./net.yaml", TEXT)
    assert read_source(str(tmp_path / "net.yaml")) == Source(str(tmp_path / "net.yaml"), TEXT)


@pytest.mark.parametrize("ending", ["", ".yaml"])
def test_a_bundled_architecture_has_a_name(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = read_source(f"alexnet{ending}")
    assert (source.file, source.bundled) == ("alexnet.yaml", True)
    assert source.text.startswith("name: AlexNet")


@pytest.mark.parametrize(("name", "other"), [("alexnet", "alexnet.yaml"), ("alexnet.yaml", "alexnet")])
def test_a_file_goes_before_a_bundled_architecture(
    name: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "lenet5").mkdir()  # a folder does not
    monkeypatch.chdir(tmp_path)
    assert read_source(name) == Source(name, TEXT)
    assert read_source(other).bundled
    assert read_source("lenet5").bundled


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("alexnt", "did you mean 'alexnet'?"),
        ("resnet51.yaml", "did you mean 'resnet50'?"),
        ("vgg14", "did you mean 'vgg11', 'vgg13', 'vgg16' or 'vgg19'?"),
        ("zzz", "'cnncalc list' shows the bundled ones"),
        ("net.yml", "'cnncalc list' shows the bundled ones"),
    ],
)
def test_an_unknown_name_gets_a_suggestion(spec: str, hint: str) -> None:
    with pytest.raises(cnncalc.ArchitectureNotFound) as caught:
        cnncalc.analyze(spec)
    assert str(caught.value) == f"there is no file '{spec}' and no bundled architecture of that name; {hint}"


@pytest.mark.parametrize(
    "spec", ["architectures/alexnet", "./alexnet", "../alexnet.yaml", "/alexnet", "alexnet/", "a/../alexnet"]
)
def test_a_path_is_never_a_bundled_name(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cnncalc.ArchitectureNotFound, match="there is no file"):
        read_source(spec)


def test_a_path_may_be_a_path_object(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert cnncalc.analyze(file).network.name == "net"


def test_a_minus_sign_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\ufeffname: é\n".encode()), encoding="ascii"))
    assert read_source("-") == Source("<stdin>", "name: é\n")


def test_standard_input_that_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"name: \xe9\n")))
    with pytest.raises(cnncalc.SpecError) as caught:
        read_source("-")
    assert str(caught.value) == "<stdin>:1:7: byte 0xe9 is not UTF-8; save the file as UTF-8 (unreadable)"


def test_a_closed_standard_input_is_an_error_of_cnncalc() -> None:
    code = "import cnncalc\ntry:\n    cnncalc.analyze('-')\nexcept cnncalc.CnnCalcError as error:\n    print(error)\n"
    command = ["sh", "-c", f'exec "{sys.executable}" -c "$1" <&-', "sh", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "<stdin>" in done.stdout


def test_an_empty_text_is_an_empty_file() -> None:
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text="")
    assert str(caught.value) == "<text>:1:1: the file is empty; a spec needs input: and layers: (empty)"


def test_the_error_carries_the_text_for_its_excerpts(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text("input: 3x8x8\r\nlayers: [rellu]\r\n", encoding="utf-8", newline="")
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(file)
    assert caught.value.file == str(file)
    assert caught.value.text.splitlines() == ["input: 3x8x8", "layers: [rellu]"]


def test_nothing_of_the_environment_reaches_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDTH", "4")
    for value in ("$WIDTH", "${WIDTH}", "env(WIDTH)", "WIDTH", "!include /etc/passwd", "__import__('os')"):
        with pytest.raises(cnncalc.SpecError):
            cnncalc.analyze(text=f"input: 3x8x8\nlayers:\n- conv: {value}\n  kernel: 1\n")
