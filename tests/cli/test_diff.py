"""`cnncalc diff`: the tables, Markdown, JSON, git, and the exit status."""

import json
import subprocess
from pathlib import Path

import pytest
from running import Run

# net.yaml: stem 4 filters 3x3 on 3x8x8, bn; body: pair 4 twice; fc 2
NEW = """\
name: Small net
input: {C: 3, H: 8, W: 8}
vars: {width: 6}
blocks:
  pair(c): [{conv: c, kernel: 1}, gelu]
layers:
- {name: stem, conv: width, kernel: 3, norm: bn}
- {name: body, pair: 4, repeat: 2}
- dropout
- flatten
- {fc: 2, bias: false}
"""


@pytest.fixture(autouse=True)
def new(folder: Path) -> Path:
    """The new spec beside the old one."""
    path = folder / "new.yaml"
    path.write_text(NEW, encoding="utf-8")
    return path


TABLE = """\
Small net: net.yaml → new.yaml
layer            change                     output     params           MACs
────────────────────────────────────────────────────────────────────────────
vars             width 4 → 6
block pair       edited
  gelu (line 5)  relu → gelu
stem             follows             4×6×6 → 6×6×6  120 → 180  3,888 → 5,832
body             follows                     4×6×6    40 → 48  1,152 → 1,440
dropout          added: dropout 0.5          4×6×6
flatten          unchanged
fc               bias true → false               2  290 → 288            288

total               old     new  difference        %
────────────────────────────────────────────────────
params              450     516         +66  +14.7 %
buffers               8      12          +4  +50.0 %
MACs              5,328   7,560      +2,232  +41.9 %
FLOPs            10,656  15,120      +4,464  +41.9 %
elements          1,010   1,298        +288  +28.5 %
peak memory (B)   1,344   1,632        +288  +21.4 %
"""
# stem: 6*27 + 6 + 12 = 180, 6*36*27 = 5,832; body: 6*4 + 4 + 4*4 + 4 = 48, 36*(24 + 16) = 1,440
# peak: 4*(192 + 144) and 4*(192 + 216), input and output of stem


def test_a_table_of_changes_and_one_of_totals(run: Run) -> None:
    result = run("diff", "net.yaml", "new.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE


MARKDOWN = """\
**Small net: net.yaml → new.yaml**

| total | old | new | difference | % |
| --- | ---: | ---: | ---: | ---: |
| params | 450 | 516 | +66 | +14.7 % |
| buffers | 8 | 12 | +4 | +50.0 % |
| MACs | 5.328K | 7.560K | +2.232K | +41.9 % |
| FLOPs | 10.66K | 15.12K | +4.464K | +41.9 % |
| elements | 1.010K | 1.298K | +288 | +28.5 % |
| peak memory (B) | 1.344K | 1.632K | +288 | +21.4 % |

**Edited**

| layer | change | output | params | MACs |
| --- | --- | ---: | ---: | ---: |
| vars | width 4 → 6 |  |  |  |
| block pair | edited |  |  |  |
| gelu (line 5) | relu → gelu |  |  |  |
| dropout | added: dropout 0.5 | 4×6×6 |  |  |
| fc | bias true → false | 2 | 290 → 288 | 288 |

<details><summary>2 rows that follow</summary>

**Follows**

| layer | change | output | params | MACs |
| --- | --- | ---: | ---: | ---: |
| stem | follows | 4×6×6 → 6×6×6 | 120 → 180 | 3.888K → 5.832K |
| body | follows | 4×6×6 | 40 → 48 | 1.152K → 1.440K |

</details>
"""


def test_markdown_for_a_pull_request(run: Run) -> None:
    assert run("diff", "net.yaml", "new.yaml", "--format", "markdown", "--units", "human").stdout == MARKDOWN


def test_json_has_every_row_and_every_total(run: Run) -> None:
    document = json.loads(run("diff", "net.yaml", "new.yaml", "--format", "json").stdout)
    assert list(document) == ["cnncalc", "old", "new", "differ", "edits", "blocks", "rows", "totals"]
    assert (document["cnncalc"], document["differ"]) == (1, True)
    assert document["new"] == {"name": "Small net", "file": "new.yaml"}
    assert document["edits"] == [{"setting": "vars.width", "old": "4", "new": "6"}]
    (block,) = document["blocks"]
    assert (block["name"], block["change"], block["lines"][0]["new"]) == (
        "pair",
        "edited",
        {"line": 5, "name": "", "text": "gelu"},
    )
    assert [row["change"] for row in document["rows"]] == ["follows", "follows", "added", "unchanged", "edited"]
    assert document["rows"][2]["old"] is None
    assert document["rows"][4] == {
        "change": "edited",
        "renamed": False,
        "old": {"path": "fc", "line": 10, "output_shape": [2], "params": 290, "buffers": 0, "macs": 288, "flops": 576},
        "new": {"path": "fc", "line": 11, "output_shape": [2], "params": 288, "buffers": 0, "macs": 288, "flops": 576},
        "edits": [{"setting": "bias", "old": "true", "new": "false"}],
        "inside": [],
    }
    assert document["totals"]["params"] == {"old": 450, "new": 516, "difference": 66}


def test_no_difference_is_said(run: Run) -> None:
    for arguments in ([], ["--format", "markdown"]):
        result = run("diff", "net.yaml", "net.yaml", *arguments)
        assert (result.exit_code, result.stdout) == (
            0,
            "Small net: net.yaml → net.yaml: no difference in layers or figures\n",
        )
    assert json.loads(run("diff", "net.yaml", "net.yaml", "--format", "json").stdout)["differ"] is False


def test_the_exit_status_is_that_of_git_diff_where_it_is_asked_for(run: Run) -> None:
    assert run("diff", "net.yaml", "new.yaml", "--exit-code").exit_code == 1
    assert run("diff", "net.yaml", "net.yaml", "--exit-code").exit_code == 0


def test_standard_input_is_one_side(run: Run) -> None:
    result = run("diff", "net.yaml", "-", stdin=NEW)
    assert result.stdout == TABLE.replace("new.yaml", "<stdin>")


def test_problems_are_told_and_nothing_is_compared(run: Run, problems_of_wrong: str) -> None:
    result = run("diff", "net.yaml", "wrong.yaml")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", problems_of_wrong)


def test_a_narrow_terminal_leaves_out_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    lines = run("diff", "net.yaml", "new.yaml").stdout.splitlines()
    assert max(map(len, lines)) <= 70
    assert " not shown at this width: MACs" in lines


def test_labels_of_totals_stay_whole_and_columns_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    lines = run("diff", "alexnet", "vgg16").stdout.splitlines()
    assert lines[-6:] == [
        "params              60,965,224     138,357,544",
        "MACs               724,406,816  15,470,264,320",
        "FLOPs            1,448,813,632  30,940,528,640",
        "elements             1,935,440      28,677,072",
        "peak memory (B)      2,323,200      25,690,112",
        " not shown at this width: %, difference",
    ]
    assert max(map(len, lines[1:])) <= 50


def test_many_words_take_several_lines_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("diff", "vgg16", "resnet50").stdout.splitlines()
    start = lines.index("conv2                      conv 128, kernel 3,         128×112×112 → 256×56×56")
    assert lines[start - 4 : start + 3] == [
        "conv1                      kernel 3 → 7,               64×224×224 → 64×112×112",
        "                           stride 1 → 2, repeat 2 → 1",
        "maxpool1 → maxpool         kernel 2 → 3,                 64×112×112 → 64×56×56",
        "                           padding 0 → 1",
        "conv2                      conv 128, kernel 3,         128×112×112 → 256×56×56",
        "                           repeat 2",
        "                           → bottleneck 64, repeat 3",
    ]
    assert "defaults.conv              padding 1 → half," in lines
    monkeypatch.setenv("COLUMNS", "150")
    lines = run("diff", "vgg16", "resnet50").stdout.splitlines()
    assert max(map(len, lines)) <= 150
    assert any("kernel 3 → 7, stride 1 → 2, repeat 2 → 1" in line and "1,936,392,192" in line for line in lines)
    monkeypatch.delenv("COLUMNS")
    line = next(line for line in run("diff", "vgg16", "resnet50").stdout.splitlines() if line.startswith("conv2"))
    assert "conv 128, kernel 3, repeat 2 → bottleneck 64, repeat 3" in line


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> Path:
    """A repository with a spec in a folder that was changed since."""
    (folder / "specs").mkdir()
    path = folder / "specs" / "net.yaml"
    path.write_bytes((folder / "net.yaml").read_bytes())
    git(folder, "init", "-q")
    git(folder, "add", "specs")
    git(folder, "commit", "-q", "-m", "first")
    path.write_text(NEW, encoding="utf-8")
    return path


@pytest.mark.usefixtures("repository")
def test_a_spec_and_its_own_past(run: Run) -> None:
    result = run("diff", "--git", "HEAD", "specs/net.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE.replace("net.yaml → new.yaml", "HEAD:specs/net.yaml → specs/net.yaml")


def test_the_past_of_a_spec_of_another_folder(run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.parent)
    assert run("diff", "--git", "HEAD", "net.yaml").stdout.startswith("Small net: HEAD:net.yaml → net.yaml\n")
    monkeypatch.chdir("/")
    assert run("diff", "--git", "HEAD", str(repository)).exit_code == 0


def test_problems_of_the_past_have_its_name(run: Run, repository: Path, problems_of_wrong: str) -> None:
    repository.write_bytes(Path("wrong.yaml").read_bytes())
    git(repository.parent, "commit", "-q", "-a", "-m", "second")
    repository.write_text(NEW, encoding="utf-8")
    result = run("diff", "--git", "HEAD", "specs/net.yaml")
    assert (result.exit_code, result.stderr) == (1, problems_of_wrong.replace("wrong.yaml", "HEAD:specs/net.yaml"))


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["net.yaml"], "give two specs, OLD and NEW, or --git REV and one"),
        (["-", "-"], "standard input can be read only once; give - once"),
        (["--git", "HEAD", "net.yaml", "new.yaml"], "--git compares one SPEC with its own past; give one"),
        (["--git", "v9", "specs/net.yaml"], "the repository of 'specs/net.yaml' has no revision 'v9'"),
        (
            ["--git", "HEAD", "alexnet"],
            "'alexnet' is a bundled architecture, which has no history here; give two specs",
        ),
        (["--git", "HEAD", "-"], "standard input has no history; name a file"),
        (["--git", "HEAD", "nowhere/net.yaml"], "there is no file 'nowhere/net.yaml'"),
        (["--git=--output=x", "net.yaml"], "'--output=x' is not a revision; write a commit, branch or tag"),
        (["--git", "HEAD:specs", "net.yaml"], "'HEAD:specs' is not a revision"),
        (["net.yaml", "nowhere.yaml"], "there is no file 'nowhere.yaml'"),
    ],
)
def test_wrong_arguments(run: Run, arguments: list[str], message: str) -> None:
    result = run("diff", *arguments, stdin="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


NEW_FILE = """\
Small net: specs/other.yaml: the whole file is new since HEAD
total               new
───────────────────────
params              516
buffers              12
MACs              7,560
FLOPs            15,120
elements          1,298
peak memory (B)   1,632
"""


class TestNewFile:
    """A file that the revision does not have."""

    @pytest.fixture(autouse=True)
    def other(self, repository: Path) -> Path:
        other = repository.with_name("other.yaml")
        other.write_text(NEW, encoding="utf-8")
        return other

    def test_it_is_new_with_its_totals(self, run: Run) -> None:
        result = run("diff", "--git", "HEAD", "specs/other.yaml")
        assert (result.exit_code, result.stdout, result.stderr) == (0, NEW_FILE, "")
        assert run("diff", "--git", "HEAD", "specs/other.yaml", "--exit-code").exit_code == 1

    def test_markdown(self, run: Run) -> None:
        lines = run("diff", "--git", "HEAD", "specs/other.yaml", "--format", "markdown").stdout.splitlines()
        assert lines[0] == "**Small net: specs/other.yaml: the whole file is new since HEAD**"
        assert "| MACs | 7,560 |" in lines

    def test_json(self, run: Run) -> None:
        document = json.loads(run("diff", "--git", "HEAD", "specs/other.yaml", "--format", "json").stdout)
        assert list(document) == ["cnncalc", "old", "new", "differ", "edits", "blocks", "rows", "totals"]
        assert (document["old"], document["differ"]) == (None, True)
        assert {(row["change"], row["old"]) for row in document["rows"]} == {("added", None)}
        assert [row["new"]["path"] for row in document["rows"]] == ["stem", "body", "dropout", "flatten", "fc"]
        assert document["totals"]["params"] == {"old": None, "new": 516, "difference": None}

    def test_its_problems_are_told(self, run: Run, other: Path, problems_of_wrong: str) -> None:
        other.write_bytes(Path("wrong.yaml").read_bytes())
        result = run("diff", "--git", "HEAD", "specs/other.yaml")
        assert (result.exit_code, result.stderr) == (1, problems_of_wrong.replace("wrong.yaml", "specs/other.yaml"))


def test_no_repository(run: Run) -> None:
    result = run("diff", "--git", "HEAD", "net.yaml")
    assert result.exit_code == 2
    assert "'net.yaml' is in no git repository; give two files" in result.stderr


@pytest.mark.usefixtures("repository")
def test_no_git(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("diff", "--git", "HEAD", "specs/net.yaml")
    assert result.exit_code == 2
    assert "git is not installed; give two files" in result.stderr


@pytest.mark.usefixtures("repository")
def test_a_link_has_the_past_of_its_file(run: Run) -> None:
    Path("link.yaml").symlink_to("specs/net.yaml")
    result = run("diff", "--git", "HEAD", "link.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE.replace("net.yaml → new.yaml", "HEAD:link.yaml → link.yaml")
