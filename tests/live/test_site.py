"""`cnncalc site`: what is in the folder, what is refused, and that Python answers from the archive alone."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from pyodide_package import CONTENTS, PACKAGE, expect_package, save_archive, save_folder
from running import Run


@pytest.fixture
def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of node_modules."""
    expect_package(monkeypatch)
    save_folder(folder / "pyodide")
    return folder / "pyodide"


def test_the_folder_has_the_page_and_what_it_needs(run: Run, package: Path) -> None:
    ran = run("site", "public", "--pyodide", "pyodide")
    assert ran.stderr == ""
    names = set(os.listdir("public"))
    assert {"index.html", "worker.js", "codemirror.js", "codemirror.LICENSE", "LICENSES.txt", "cnncalc.txz"} <= names
    assert names & {"pyodide.js", "pyodide.asm.js", "console.html", "package.json", "pyodide.mjs", "codemirror.sh"} == {
        "pyodide.js", "pyodide.asm.js",
    }  # fmt: skip
    assert Path("public/pyodide.asm.js").read_bytes() == CONTENTS["pyodide.asm.mjs"]
    page = Path("public/index.html").read_text("utf-8")
    assert '<meta name="cnncalc-transport" content="worker">' in page
    assert "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self' " in page
    assert json.loads(Path("public/sizes.json").read_text("utf-8"))["pyodide.asm.wasm"] == 4
    licences = Path("public/LICENSES.txt").read_text("utf-8")
    holders = ("Mozilla Public License", "PYTHON SOFTWARE FOUNDATION", "Kirill Simonov", "cnncalc (the page")
    assert all(one in licences for one in holders)
    assert ran.stdout.startswith(f"{len(names)} files, ")


def test_the_list_of_packages_of_others_is_empty(run: Run, package: Path) -> None:
    run("site", "public", "--pyodide", "pyodide")
    lock = json.loads(Path("public/pyodide-lock.json").read_text("utf-8"))
    assert lock == {"info": {"abi_version": "2026_0"}, "packages": {}}


def test_an_archive_gives_the_same_folder_every_time(run: Run, package: Path, folder: Path) -> None:
    save_archive(folder / "pyodide.tgz")
    run("site", "one", "--pyodide", "pyodide")
    run("site", "two", "--pyodide", "pyodide.tgz")
    one, two = ({path.name: path.read_bytes() for path in Path(name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_what_is_there_is_kept_without_force(run: Run, package: Path, folder: Path) -> None:
    (folder / "public").mkdir()
    (folder / "public" / "index.html").write_text("mine", encoding="utf-8")
    (folder / "public" / "notes.txt").write_text("mine, too", encoding="utf-8")
    refused = run("site", "public", "--pyodide", "pyodide")
    assert (refused.exit_code, sorted(os.listdir("public"))) == (1, ["index.html", "notes.txt"])
    assert refused.stderr == "Error: 'public/index.html' exists; --force writes over what is there\n"
    written = run("site", "public", "--pyodide", "pyodide", "--force")
    assert (written.exit_code, written.stderr) == (
        0,
        "note: public has 1 file that this site does not need: notes.txt\n",
    )
    assert Path("public/notes.txt").read_text("utf-8") == "mine, too"
    assert "cnncalc-transport" in Path("public/index.html").read_text("utf-8")


def test_another_package_is_refused_with_what_was_found(run: Run, package: Path) -> None:
    (package / "pyodide.asm.wasm").write_bytes(b"\0ASM")
    ran = run("site", "public", "--pyodide", "pyodide")
    assert (ran.exit_code, Path("public").exists()) == (2, False)
    said = " ".join(ran.stderr.split())
    assert "pyodide: pyodide.asm.wasm is not that of pyodide 314.0.7: its SHA-256 is" in said
    assert "2275b293efa48e69f9f926b935f33e3b300e15f49aaa44437e15e7d91263498a" in said  # printf '\\0ASM' | sha256sum
    assert said.endswith("'npm pack pyodide@314.0.7' writes pyodide-314.0.7.tgz")


def test_without_a_package_it_says_how_to_get_one(run: Run) -> None:
    ran = run("site", "public")
    said = "say by --pyodide PATH which Pyodide the page has; 'npm pack pyodide@314.0.7' writes pyodide-314.0.7.tgz"
    assert (ran.exit_code, said in " ".join(ran.stderr.split())) == (2, True)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "package.json",
            b'{"name": "pyodide", "version": "0.28.0"}',
            "this is pyodide 0.28.0, and the page is made for",
        ),
        ("package.json", b'{"name": "left-pad", "version": "314.0.7"}', "this is left-pad 314.0.7, and the page"),
        ("package.json", b"[[", "this is not npm's package pyodide; 'npm pack pyodide@314.0.7'"),
        ("python_stdlib.zip", None, "python_stdlib.zip is missing"),
    ],
)
def test_a_package_that_is_not_it_is_refused(
    run: Run, package: Path, folder: Path, file: str, content: bytes | None, message: str
) -> None:
    members = {name: one for name, one in {**PACKAGE, file: content}.items() if one is not None}
    save_archive(folder / "pyodide.tgz", members)
    ran = run("site", "public", "--pyodide", "pyodide.tgz")
    assert (ran.exit_code, Path("public").exists()) == (2, False)
    assert f"pyodide.tgz: {message}" in " ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no 'x.tgz'; 'npm pack"),
        (b"", "x.tgz: this is not a .tgz of npm, or not all of it"),
        (b"input: 3x8x8", "x.tgz: this is not a .tgz of npm, or not all of it"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xed", "x.tgz: this is not a .tgz of npm, or not all of it"),
        (b"\0" * 20_000_001, "x.tgz: it cannot be read: it is larger than 20 MB"),
    ],
    ids=["nothing", "empty", "text", "cut off", "too large"],
)
def test_what_is_no_package_is_refused(run: Run, folder: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (folder / "x.tgz").write_bytes(content)
    ran = run("site", "public", "--pyodide", "x.tgz")
    assert (ran.exit_code, Path("public").exists()) == (2, False)
    assert message in " ".join(ran.stderr.split())


REQUESTS = """
import json, sys
sys.path.insert(0, "lib")
from cnncalc.live.worker import answer
for line in open("requests"):
    print(json.dumps(json.loads(answer(line))))
print(json.dumps([one for one in sys.modules if one.split(".")[0] in ("numpy", "click", "rich", "pygls", "_yaml")]))
"""


def test_python_answers_from_the_archive_without_anything_installed(run: Run, package: Path, folder: Path) -> None:
    run("site", "public", "--pyodide", "pyodide")
    with tarfile.open("public/cnncalc.txz") as archive:
        archive.extractall("lib", filter="data")
    requests = [
        {"ask": "bundled", "name": "lenet5"}, {"ask": "text", "text": "input: 3x8x8\nlayers: [{conv: 4, kernel: 3}]\n"},
        {"ask": "figure"}, {"ask": "export", "target": "pytorch"},
        {"ask": "text", "text": "input: 3x8x8\nlayers: [rellu]\n"},
    ]  # fmt: skip
    (folder / "requests").write_text("".join(f"{json.dumps(one)}\n" for one in requests), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", REQUESTS],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    bundled, text, figure, export, broken, loaded = map(json.loads, done.stdout.splitlines())
    assert bundled["text"].startswith("name: LeNet-5")
    assert "4·6·6" in str(text) or "4×6×6" in str(text)  # a kernel of 3 takes 2 off each side of 8
    assert figure["svg"].startswith("<svg")
    assert "import torch" in export["text"]
    assert "did you mean 'relu'" in str(broken["problems"])
    assert loaded == []
