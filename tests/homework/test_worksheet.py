"""`cnncalc worksheet` as a teacher runs it."""

from pathlib import Path

import pytest
from running import Run

MINE = """\
name: Mine
input: {C: 3, H: 32, W: 32}
layers:
- {conv: 8, kernel: 3, padding: 1, out: 8x32x32}
- {maxpool: 2}
- flatten
- {fc: 10}
"""

BLANK = """\
worksheet,mine.yaml
input,3x32x32
layer,operation,out,params
conv,"conv 8 filters, 3x3, stride 1, padding 1",,
maxpool,"maxpool 2x2, stride 2, padding 0",,
flatten,flatten,,
fc,fc 10 features,,
total,,–,
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "mine.yaml").write_text(MINE, encoding="utf-8")
    (folder / "roster.csv").write_text("id;name\nal;Ada Lovelace\nat;Alan Turing\n", encoding="utf-8")


def test_a_sheet_has_the_layers_with_blank_cells(run: Run) -> None:
    ran = run("worksheet", "mine.yaml")
    assert (ran.exit_code, ran.stderr, ran.stdout) == (0, "", BLANK)


def test_the_columns_are_chosen_with_ask(run: Run) -> None:
    lines = run("worksheet", "mine.yaml", "--ask", "macs,receptive_field", "--working").stdout.splitlines()
    assert lines[2] == "layer,operation,macs,receptive_field,working"
    assert lines[4] == 'maxpool,"maxpool 2x2, stride 2, padding 0",–,,'  # nobody asks for the MACs of a pool
    assert lines[5] == "flatten,flatten,–,–,"


def test_a_spreadsheet_with_decimal_commas_gets_semicolons(run: Run, folder: Path) -> None:
    lines = run("worksheet", "mine.yaml", "--delimiter", "semicolon").stdout.splitlines()
    assert lines[2:4] == ["layer;operation;out;params", "conv;conv 8 filters, 3x3, stride 1, padding 1;;"]
    key = run("worksheet", "mine.yaml", "--delimiter", "semicolon", "--key").stdout
    (folder / "key.csv").write_text(key, encoding="utf-8")
    assert "9 of 9 points" in run("grade", "key.csv", "--spec", "mine.yaml").stdout


def test_a_seed_changes_the_numbers_and_is_on_the_sheet(run: Run) -> None:
    first, again, other = (run("worksheet", "mine.yaml", "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again
    assert first != other
    assert "seed,1\n" in first
    assert "remainders" not in first
    assert "remainders,yes\n" in run("worksheet", "mine.yaml", "--seed", "1", "--allow-remainders").stdout


@pytest.mark.parametrize("suffix", ["csv", "yaml", "md", "html"])
def test_every_format_is_written_to_a_file_of_its_name(run: Run, folder: Path, suffix: str) -> None:
    format_ = "markdown" if suffix == "md" else suffix
    ran = run("worksheet", "mine.yaml", "-o", f"sheet.{suffix}")
    assert (ran.exit_code, ran.stdout) == (0, f"1 sheet in sheet.{suffix}\n")
    content = (folder / f"sheet.{suffix}").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (format_ == "csv")  # by which spreadsheets know UTF-8
    assert content.decode("utf-8-sig") == run("worksheet", "mine.yaml", "--format", format_).stdout
    again = run("worksheet", "mine.yaml", "-o", f"sheet.{suffix}")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "the file exists; --force writes over it" in again.stderr


def test_each_student_gets_a_sheet_and_each_sheet_a_key(run: Run, folder: Path) -> None:
    ran = run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "sheets")
    assert (ran.exit_code, ran.stderr, ran.stdout) == (0, "", "2 sheets in sheets\n")
    assert sorted(path.name for path in (folder / "sheets").iterdir()) == ["al.csv", "at.csv"]
    ada = (folder / "sheets" / "al.csv").read_text("utf-8-sig").splitlines()
    assert ada[:4] == ["worksheet,mine.yaml", "student,Ada Lovelace", "id,al", "seed,901014"]
    assert run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "keys", "--key").stdout == "2 keys in keys\n"
    marked = run("grade", "keys", "--spec", "mine.yaml", "--summary").stdout
    assert marked.startswith("2 sheets, 100.0 % of the points on average\n")


def test_nothing_is_written_over_without_force(run: Run, folder: Path) -> None:
    arguments = ("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "sheets")
    run(*arguments)
    (folder / "sheets" / "al.csv").write_text("Ada's answers", encoding="utf-8")
    (folder / "sheets" / "at.csv").unlink()
    ran = run(*arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == "Error: 'sheets/al.csv' exists; --force writes over what is there\n"
    assert [path.name for path in (folder / "sheets").iterdir()] == ["al.csv"]
    assert (folder / "sheets" / "al.csv").read_text(encoding="utf-8") == "Ada's answers"
    assert run(*arguments, "--force").exit_code == 0
    assert run(*arguments).stderr == (
        "Error: 2 files exist, 'sheets/al.csv' first; --force writes over what is there\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--students", "roster.csv"], "--students writes a sheet for each; name their folder with -o"),
        (["--allow-remainders"], "--allow-remainders is for variants; give --seed or --students, too"),
        (["--ask", "colour"], "no figure 'colour'; choose from all, out, elements"),
        (["-o", "sheet"], "-o sheet: give --format, or name a file .csv, .yaml, .md, .xlsx, .html, .pdf"),
        (["-o", "no/sheet.csv"], "-o no/sheet.csv: there is no folder 'no'"),
        (["--students", "nobody.csv", "-o", "x"], "'nobody.csv' does not exist"),
        (
            ["--seed", "1", "--input", "H=16"],
            "a variant chooses its own numbers; leave out --input",
        ),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--delimiter", "tab", "--format", "yaml"], "--delimiter is for --format csv"),
        (["--depth", "1001"], "1001 is not in the range 1<=x<=1000"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(run: Run, arguments: list[str], message: str) -> None:
    ran = run("worksheet", "mine.yaml", *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert message in ran.stderr


def test_a_wrong_spec_has_its_problems_told(run: Run, problems_of_wrong: str) -> None:
    ran = run("worksheet", "wrong.yaml")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (1, "", problems_of_wrong)


def test_a_wrong_roster_is_told(run: Run, folder: Path) -> None:
    (folder / "empty.csv").write_text("", encoding="utf-8")
    ran = run("worksheet", "mine.yaml", "--students", "empty.csv", "-o", "x")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("empty.csv:1:1: there are no students")


def test_a_network_without_variants_is_told(run: Run, folder: Path) -> None:
    (folder / "fixed.yaml").write_text("input: 3x32x32\nlayers:\n- {crop: 32}\n- {maxpool: 2, stride: 7}\n", "utf-8")
    ran = run("worksheet", "fixed.yaml", "--seed", "1")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == (
        "fixed.yaml: no variant has whole sizes everywhere; with remainders allowed (--allow-remainders) there may be "
        "some\n"
    )


def test_a_folder_that_cannot_be_written_is_told(run: Run, folder: Path) -> None:
    (folder / "taken").write_text("a file", encoding="utf-8")
    ran = run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "taken")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == "Error: 'taken' cannot be written: File exists\n"


def test_how_many_files_were_written_before_one_that_cannot_be_is_told(run: Run, folder: Path) -> None:
    (folder / "sheets" / "at.csv").mkdir(parents=True)
    ran = run("worksheet", "mine.yaml", "--students", "roster.csv", "-o", "sheets", "--force")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == (
        "Error: 'sheets/at.csv' cannot be written: Is a directory; 1 of 2 files were written before it\n"
    )


def test_blocks_are_unfolded_to_their_layers_or_as_deep_as_asked(run: Run) -> None:
    layers = [line.split(",")[0] for line in run("worksheet", "net.yaml").stdout.splitlines()[3:]]
    assert layers == ["stem", "body.1/conv", "body.1/relu", "body.2/conv", "body.2/relu", "flatten", "fc", "total"]
    folded = run("worksheet", "net.yaml", "--depth", "1").stdout.splitlines()
    assert [line.split(",")[0] for line in folded] == [
        "worksheet", "depth", "input", "layer", "stem", "body", "flatten", "fc", "total",
    ]  # fmt: skip
    assert folded[5] == "body,pair 4 x2,,"


@pytest.mark.parametrize("format_", ["csv", "yaml", "markdown"])
def test_the_key_of_a_network_that_branches_is_right_in_each_format(run: Run, folder: Path, format_: str) -> None:
    spec = "input: 4x8x8\nlayers: [{conv: 4, kernel: 1}, {conv: 4, kernel: 1}, {residual: [relu]}]\n"
    (folder / "residual.yaml").write_text(spec, encoding="utf-8")
    key = run("worksheet", "residual.yaml", "--key", "--format", format_).stdout
    (folder / "key.txt").write_text(key, encoding="utf-8")
    ran = run("grade", "key.txt", "--spec", "residual.yaml", "--format", "csv")
    assert (ran.exit_code, ran.stderr, ",100.0," in ran.stdout) == (0, "", True)
