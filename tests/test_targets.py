"""Paths, folders and patterns: which files are checked, and in which order."""

import os
from pathlib import Path

import pytest

from cnncalc.errors import ArchitectureNotFound
from cnncalc.targets import Excluded, Target, find_targets, is_spec

FILES = (
    "b.yaml",
    "a.yml",
    "deep/er/net.yaml",
    "deep/net.yaml",
    "deep-er/net.yaml",
    "notes.txt",
    "yaml",
    ".hidden.yaml",
    ".git/config.yaml",
    "deep/.venv/x.yaml",
    "deep/venv/x.yaml",
    "deep/venv/pyvenv.cfg",
    "node_modules/package/x.yaml",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("layers: [relu]\n", encoding="utf-8")
    return tmp_path


def names(*paths: str, **options: object) -> list[str]:
    return [target.file for target in find_targets(paths, Excluded(), **options)]  # type: ignore[arg-type]


def test_a_folder_is_searched_in_a_stable_order() -> None:
    expected = [".hidden.yaml", "a.yml", "b.yaml", "deep/er/net.yaml", "deep/net.yaml", "deep-er/net.yaml"]
    assert names(".") == expected


def test_files_of_a_folder_may_be_something_else() -> None:
    assert {target.found for target in find_targets(["deep"], Excluded())} == {True}


def test_a_file_that_is_named_is_a_spec() -> None:
    assert find_targets(["b.yaml", "notes.txt"], Excluded()) == [Target("b.yaml"), Target("notes.txt")]


def test_a_file_that_is_named_may_be_something_else_where_that_is_asked_for() -> None:
    assert find_targets(["b.yaml"], Excluded(), as_found=True) == [Target("b.yaml", found=True)]


def test_each_file_is_checked_once_in_the_order_of_the_paths() -> None:
    assert names("deep", "b.yaml", "./deep/net.yaml", ".") == [
        "deep/er/net.yaml", "deep/net.yaml", "b.yaml", ".hidden.yaml", "a.yml", "deep-er/net.yaml",
    ]  # fmt: skip


def test_a_file_with_two_spellings_is_checked_once(folder: Path) -> None:
    assert names("b.yaml", "./b.yaml", f"../{folder.name}/b.yaml", str(folder / "b.yaml")) == ["b.yaml"]


def test_a_file_that_is_named_first_stays_a_spec_for_certain() -> None:
    assert find_targets(["deep/net.yaml", "deep"], Excluded())[0] == Target("deep/net.yaml", found=False)


def test_a_pattern_is_filled_in() -> None:
    assert names("deep*/*.yaml") == ["deep/net.yaml", "deep-er/net.yaml"]
    assert names("deep/**/*.yaml") == ["deep/er/net.yaml", "deep/net.yaml"]
    assert {target.found for target in find_targets(["*.yml"], Excluded())} == {True}


def test_any_folders_in_any_folders_are_any_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # glob would go through 16 folders in more than 600 million ways.
    monkeypatch.chdir(tmp_path)
    deep = Path("a/" * 16)
    deep.mkdir(parents=True)
    (deep / "net.yaml").touch()
    found = find_targets(["a/" + "**/" * 16 + "*.yaml"], Excluded())
    assert [target.file for target in found] == [str(deep / "net.yaml")]


def test_a_pattern_may_fit_folders() -> None:
    assert names("d*") == ["deep/er/net.yaml", "deep/net.yaml", "deep-er/net.yaml"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    (folder / "[a].yaml").write_text("layers: [relu]\n", encoding="utf-8")
    assert find_targets(["[a].yaml"], Excluded()) == [Target("[a].yaml")]


def test_standard_input_and_bundled_names_stand_for_themselves() -> None:
    assert names("-", "alexnet", "resnet50.yaml") == ["-", "alexnet", "resnet50.yaml"]


def test_a_folder_in_the_way_of_a_bundled_name_is_searched(folder: Path) -> None:
    (folder / "alexnet").mkdir()
    (folder / "alexnet" / "mine.yaml").write_text("layers: [relu]\n", encoding="utf-8")
    assert names("alexnet") == ["alexnet/mine.yaml"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing.yaml", "^there is no file 'missing.yaml' and no bundled architecture of that name"),
        ("resnet5O", "; did you mean 'resnet50'"),
        ("missing/*.yaml", r"^no file fits the pattern 'missing/\*\.yaml'$"),
        ("", "^there is no file ''"),
    ],
)
def test_what_is_not_there_is_told(path: str, message: str) -> None:
    with pytest.raises(ArchitectureNotFound, match=message):
        find_targets([path], Excluded())


class TestExcluded:
    """Files that are left out."""

    def names(self, *patterns: str, paths: tuple[str, ...] = (".",), as_found: bool = False) -> list[str]:
        return [target.file for target in find_targets(paths, Excluded(".", patterns), as_found=as_found)]

    @pytest.mark.parametrize("pattern", ["deep", "deep/", "deep/*"])
    def test_a_folder(self, pattern: str) -> None:
        assert self.names(pattern) == [".hidden.yaml", "a.yml", "b.yaml", "deep-er/net.yaml"]

    def test_a_name_in_any_folder(self) -> None:
        assert self.names("net.yaml") == [".hidden.yaml", "a.yml", "b.yaml"]

    def test_a_path(self) -> None:
        assert "deep/net.yaml" not in self.names("deep/net.yaml")
        assert "deep/er/net.yaml" in self.names("deep/net.yaml")

    @pytest.mark.parametrize("pattern", ["er", "deep/er", "deep/**/er", "**/er/*.yaml", "./deep/er/"])
    @pytest.mark.parametrize("path", [".", "deep", "deep/er", "deep/**/*.yaml", "deep/er/net.yaml"])
    def test_a_folder_however_its_files_are_reached(self, pattern: str, path: str) -> None:
        assert "deep/er/net.yaml" not in self.names(pattern, paths=(path,), as_found=True)
        assert "deep/er/net.yaml" in self.names("net/er", "deep/er/ne", "eep/er", paths=(path,), as_found=True)

    def test_what_a_pattern_on_the_command_line_fits(self) -> None:
        assert self.names("deep-er/*", paths=("deep*/*.yaml",)) == ["deep/net.yaml"]

    def test_a_file_that_is_named_is_checked_all_the_same(self) -> None:
        assert self.names("b.yaml", paths=("b.yaml",)) == ["b.yaml"]

    def test_a_file_that_is_named_is_left_out_where_that_is_asked_for(self) -> None:
        assert self.names("b.yaml", paths=("b.yaml", "a.yml"), as_found=True) == ["a.yml"]

    def test_patterns_are_relative_to_the_folder_of_the_configuration(self, folder: Path) -> None:
        os.chdir("deep")
        excluded = Excluded(str(folder), ("deep/er/*",))
        assert [target.file for target in find_targets(["."], excluded)] == ["net.yaml"]


def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "deep" / "loop").symlink_to(folder)
    (folder / "deep" / "er" / "self").symlink_to(".")
    assert names("deep") == ["deep/er/net.yaml", "deep/net.yaml"]


def test_a_linked_folder_that_is_named_is_searched(folder: Path) -> None:
    (folder / "link").symlink_to("deep")
    assert names("link") == ["link/er/net.yaml", "link/net.yaml"]


def test_links_to_files_are_checked_and_links_to_nothing_are_told(folder: Path) -> None:
    (folder / "deep" / "link.yaml").symlink_to(folder / "b.yaml")
    (folder / "deep" / "broken.yaml").symlink_to("nowhere")
    assert names("deep") == ["deep/broken.yaml", "deep/er/net.yaml", "deep/link.yaml", "deep/net.yaml"]


def test_a_pipe_in_a_folder_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "deep" / "pipe.yaml")
    (folder / "deep" / "link.yaml").symlink_to("pipe.yaml")
    assert names("deep") == names("deep/**/*.yaml") == ["deep/er/net.yaml", "deep/net.yaml"]


def test_a_folder_named_like_a_file_is_searched(folder: Path) -> None:
    (folder / "deep" / "odd.yaml").mkdir()
    (folder / "deep" / "odd.yaml" / "in.yaml").write_text("layers: [relu]\n", encoding="utf-8")
    assert names("deep") == ["deep/er/net.yaml", "deep/net.yaml", "deep/odd.yaml/in.yaml"]


def test_a_folder_that_may_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, who may read everything: so the operating system's answer is put in.
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("er"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    assert find_targets(["deep"], Excluded()) == [
        Target("deep/er", True, "cannot be read: Permission denied"),
        Target("deep/net.yaml", True),
    ]


# Specs are distinguished from the other YAML files of a repository without being parsed.
SPECS = {
    "layers: at the start": b"layers:\n- relu\n",
    "behind other keys": b"name: x\ninput: 3x8x8\nlayers: [relu]\n",
    "comments and a document's start before it": b"# a net\n\n---\n# more\nlayers: []\n",
    "a directive, which is refused later": b"%YAML 1.2\n---\nlayers: []\n",
    "a byte order mark": b"\xef\xbb\xbflayers: []\n",
    "Windows line ends": b"input: 3x8x8\r\nlayers: []\r\n",
    "old Mac line ends": b"input: 3x8x8\rlayers: []\r",
    "quotes": b"'input': 3x8x8\n\"layers\": []\n",
    "a blank before the colon": b"layers : []\n",
    "nothing behind it": b"layers:",
    "everything indented": b"  input: 3x8x8\n  layers: []\n",
    "braces": b"{input: 3x8x8, layers: [relu]}",
    "JSON": b'{"input": {"C": 3, "H": 8, "W": 8},\n "layers": ["relu"]}',
    "braces behind a document's start": b"--- {layers: [relu]}\n",
    "quoted brackets before the key": b'{name: \'a { b\', source: "c \\" [", layers: []}',
    "a comment with brackets before the key": b"{input: 3x8x8, # x } {\n layers: []}",
    "layer: for layers:": b"input: 3x8x8\nlayer: [relu]\n",
    "a version, and layers: misspelt": b"cnncalc: 1\ninput: 3x8x8\nlayres: [relu]\n",
    "an input and claims": b"inputs: {a: 3x8x8}\nexpect: {params: 1}\n",
    "an input and blocks in braces": b"{input: 3x8x8, blocks: {}}",
    "a slip in its YAML": b"input: [3x8x8\nlayers: []\n  x: y: z\n",
    "UTF-16 with its mark": "layers: []\n".encode("utf-16"),
    "UTF-16 the other way round": b"\xfe\xff" + "layers: []\n".encode("utf-16-be"),
    "Latin-1": "name: Réseau\nlayers: []\n".encode("latin-1"),
}


@pytest.mark.parametrize("content", SPECS.values(), ids=SPECS)
def test_a_spec(content: bytes) -> None:
    assert is_spec(content)


OTHERS = {
    "an empty file": b"",
    "a compose file": b"services:\n  web:\n    image: x\n    layers: [a]\n",
    "an input of something else": b"name: x\ninputs:\n  token: {required: true}\nruns: {using: composite}\n",
    "claims of a key": b"expect: {params: 1, layers: {}}\n",
    "a baseline": b'{"cnncalc": 1, "findings": []}\n',
    "a list": b"- layers: [a]\n- layers: [b]\n",
    "a key that ends alike": b"sublayers: []\nmy-layers: []\n",
    "a key that begins alike": b"layers_of_cake: []\n",
    "the word in a text": b"notes: the layers: of cake\n",
    "the word in a block of text": b"notes: |\n  x\n  layers: []\n",
    "the word in a comment": b"# layers: []\nname: x\n",
    "the key further in": b"{a: {layers: []}, b: [{layers: []}]}",
    "the key in a quoted text": b"{a: \"b, layers: []\", c: 'layers: []'}",
    "the key in a comment between braces": b"{a: b, # layers: []\n c: d}",
    "a key that ends alike in braces": b"{sublayers: [], my-layers: []}",
    "the key behind the braces": b"{a: b}\n# layers: []\n",
    "UTF-16 of something else": "services: []\n".encode("utf-16"),
    "a binary file": bytes(range(256)),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
def test_something_else(content: bytes) -> None:
    assert not is_spec(content)


HOSTILE = {
    "quotes that are never closed": b'{"' + b'\\"' * 1_900_000 + b"layers",
    "quotes of both sorts": b"{" + b"'\"" * 1_900_000 + b"layers",
    "blanks": b"{layers" + b" " * 3_900_000,
    "lines": b"\n" * 3_900_000 + b"layers",
    "brackets": b"{" * 3_900_000 + b"layers",
    "words": b"layers\n" * 500_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_4_mb_that_are_made_to_be_slow_are_no_spec(content: bytes) -> None:
    # In linear time it takes a second; a scan that starts again at every quote would never end.
    assert not is_spec(content)
