"""`cnncalc check`: a whole repository, its exit status, its options."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from check.reports import READERS, Read
from click.testing import Result
from running import Process, Run

from cnncalc.check.configuration import LIMITS
from cnncalc.check.reporters import FORMATS

pytestmark = pytest.mark.usefixtures("planted_rules")

REPOSITORY = {
    "README.md": "# A repository\n",
    "compose.yaml": "services:\n  web: {image: x, layers: [a]}\n",
    "models/claim.yaml": """\
name: A wrong claim
input: 3x32x32
layers:
- {name: stem, conv: 16, kernel: 3, padding: half, params: 432}
- flatten
- {fc: 10}
""",
    "models/lint.yaml": """\
input: 3x32x32
layers:
- {conv: 8, kernel: 3}
- {conv: 7, kernel: 3}
""",
    "models/shape.yaml": """\
input: 3x8x8
layers:
- {conv: 8, kernel: 3}
- {conv: 8, kernel: 9}
""",
    "models/wide/budget.yaml": """\
input: 3x32x32
layers:
- {conv: 8, kernel: 3}
- flatten
- {fc: 1000}
expect: {params: 7201224}
""",
}
# stem 3*3*3*16 = 432 weights and 16 biases. budget: 3*3*3*8 + 8 = 224; 8*30*30*1000 + 1000 = 7,201,000.

FOUND = [
    Read(
        "models/claim.yaml", 4, 60, "error",
        "stem: params: 432 claimed, 448 found; params = K_h·K_w·C_in·filters + filters = 3·3·3·16 + 16 = 448; "
        "432 is the count without the biases",
        "claim",
    ),
    Read(
        "models/lint.yaml", 4, 4, "warning",
        "conv2: 7 filters, as [x](y) | `z` <b> & 100 %: a, b",
        "seven-filters",
    ),
    Read("models/shape.yaml", 4, 4, "error", "conv: window 9 is larger than the input 6", "shape"),
    Read(
        "models/wide/budget.yaml", 5, 3, "error",
        "params: at most 5M allowed, 7,201,224 found; fc alone has 7,201,000",
        "budget",
    ),
]  # fmt: skip
"""What is wrong: the claim's value, the kind of each layer, the line of the one that has most."""


@pytest.fixture(autouse=True)
def repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with these files only."""
    for path in folder.iterdir():
        path.unlink()
    for name, text in REPOSITORY.items():
        write(name, text)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def rules(result: Result) -> list[str]:
    """The rules of a concise report."""
    return [line.rpartition("(")[2].removesuffix(")") for line in result.stdout.splitlines()]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_repository_in_every_format(run: Run, format_: str) -> None:
    result = run("check", ".", "--max-params", "5M", "--format", format_)
    assert (result.exit_code, result.stderr) == (1, "")
    assert READERS[format_](result.stdout) == FOUND
    summary = "4 specs, 2 claims: 3 errors, 1 warning; 1 other YAML file skipped"
    assert (summary in result.stdout) is (format_ in ("text", "github", "markdown"))


def test_an_excerpt_is_the_line_of_the_file(run: Run) -> None:
    shown = re.findall(r"^    4 \| (.*)$", run("check", ".").stdout, re.MULTILINE)
    assert shown == [REPOSITORY[f"models/{name}.yaml"].splitlines()[3] for name in ("claim", "lint", "shape")]


STATUS = {
    "all is well": (["compose-free", "good.yaml"], 0),
    "a warning does not fail": (["models/lint.yaml"], 0),
    "a warning fails where it is to": (["models/lint.yaml", "--fail-on", "warning"], 1),
    "a warning fails from notes on": (["models/lint.yaml", "--fail-on", "note"], 1),
    "an error fails": (["models/shape.yaml"], 1),
    "an error never fails": (["models/shape.yaml", "--fail-on", "never"], 0),
    "a failed claim": (["models/claim.yaml"], 1),
    "a failed claim that is ignored": (["models/claim.yaml", "--ignore", "claim"], 0),
    "a problem of the language under a selection": (["models/shape.yaml", "--select", "seven-filters"], 1),
    "a budget that is kept": (["models/wide", "--max-params", "7.21M"], 0),
    "a budget that is not": (["models/wide", "--max-params", "7.2M"], 1),
    "a budget that is ignored": (["models/wide", "--max-params", "1", "--ignore", "budget"], 0),
    "one bad file among good ones": (["good.yaml", "models/shape.yaml", "good.yaml"], 1),
    "a bundled architecture": (["lenet5"], 0),
}


@pytest.mark.parametrize(("arguments", "status"), STATUS.values(), ids=STATUS)
def test_exit_status(run: Run, arguments: list[str], status: int) -> None:
    write("good.yaml", "input: 3x8x8\nlayers: [relu]\n")
    result = run("check", *(argument for argument in arguments if argument != "compose-free"))
    assert (result.exit_code, result.stderr) == (status, "")


USAGE = {
    "no path": ([], "give a PATH: a file, a folder, a pattern, -, or the name of a bundled architecture"),
    "no such file": (["missing.yaml"], "there is no file 'missing.yaml' and no bundled architecture of that name"),
    "no such file among others": (["models", "missing.yaml"], "there is no file 'missing.yaml'"),
    "a pattern that fits nothing": (["*.yml"], "no file fits the pattern '*.yml'"),
    "a folder without specs": (
        ["empty"],
        "there is no spec in empty; YAML files: 0, with layers: at their top level: 0\n",
    ),
    "a folder with models": (
        ["nets"],
        "YAML files: 0, with layers: at their top level: 0; model files: 5, which are read if they are named: "
        "'cnncalc check nets/a.cfg nets/b.h5 'nets/c d.py''\n",
    ),
    "a pattern with a model": (["nets/*.cfg"], "YAML files: 0, with layers: at their top level: 0; model files: 1, wh"),
    "a pattern without specs": (["c*.yaml"], "there is no spec in c*.yaml; YAML files: 1, with layers: at their top"),
    "an unknown rule": (["models", "--select", "seven"], "there is no rule 'seven'"),
    "a mistyped rule": (["models", "--ignore", "claims"], "there is no rule 'claims'; did you mean 'claim'?"),
    "a rule that cannot be off": (["models", "--ignore", "shape"], "'shape' is always on: without it nothing else can"),
    "no number": (["models", "--max-params", "many"], "Invalid value for '--max-params': 'many' is not a number"),
    "another unit": (["models", "--max-params", "5MB"], "'MB' is not a unit here; use K, M, G, T"),
    "another severity": (["models", "--fail-on", "fatal"], "'fatal' is not one of 'error', 'warning', 'note', 'never'"),
    "another format": (
        ["models", "--format", "xml"],
        "'xml' is not one of 'text', 'concise', 'json', 'github', 'gitlab', 'sarif'",
    ),
    "a missing key": (["models", "--expect", "key.yaml"], "File 'key.yaml' does not exist"),
    "a missing configuration": (["models", "--config", "ci.toml"], "File 'ci.toml' does not exist"),
    "a missing baseline": (
        ["models", "--baseline", "b.json"],
        "b.json: there is no such baseline; --write-baseline makes",
    ),
    "a baseline without a name": (
        ["models", "--write-baseline"],
        "; the baseline is named with --baseline FILE, or wi",
    ),
    "the name of a new baseline as a path": (
        ["models", "--write-baseline", "new.json"],
        "list' shows the bundled ones; --write-baseline takes no name; the baseline is named with --baseline FILE",
    ),
    "a baseline as a path": (
        ["models", "--baseline", "known.json", "--write-baseline", "known.json"],
        "known.json is a baseline, not a spec; write --baseline known.json",
    ),
    "no processes": (["models", "--jobs", "0"], "0 is not in the range"),
    "an unknown profile": (
        ["models", "--profile", "thopp"],
        "there is no counting profile 'thopp'; did you mean 'thop'",
    ),
    "a rule to explain that is not there": (
        ["--explain-rule", "shap"],
        "there is no rule 'shap'; did you mean 'shape'?",
    ),
}


MODELS = {
    "cfg": "[net]\nwidth=8\n",
    "py": "from torch import nn\n",
    "ipynb": '{"cells": [{"cell_type": "code", "source": "from torch import nn"}]}',
    "pt2": "PK\x03\x04",
}


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_misuse_exits_with_2(run: Run, repository: Path, arguments: list[str], message: str) -> None:
    (repository / "empty").mkdir()
    for name in ("a.cfg", "b.h5", "c d.py", "deep/d.ipynb", "e.pt2", "numbers.json", "settings.py"):
        write(f"nets/{name}", MODELS.get(name.rpartition(".")[2], "x = 1\n"))
    write("nets/settings.py", "x = 1\n")
    write("known.json", '{"cnncalc": 1, "findings": [\n\n]}\n')
    result = run("check", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: cnncalc check ")
    assert message in f"{' '.join(result.stderr.split())}\n"


@pytest.mark.parametrize("option", LIMITS)
def test_every_limit_is_an_option(run: Run, option: str) -> None:
    figure = option.removeprefix("max-").replace("-", "_")
    if figure == "buffers":
        write("models/wide/budget.yaml", "input: 3x8x8\nlayers: [{conv: 8, kernel: 3, norm: bn}]\n")
    result = run("check", "models/wide", f"--{option}", "1", "--format", "concise")
    assert result.exit_code == 1
    assert f"error: {figure}: at most 1 allowed, " in result.stdout


class TestInput:
    """What is checked, and with which figures."""

    def test_standard_input(self, run: Run) -> None:
        result = run("check", "-", "--format", "concise", stdin=REPOSITORY["models/shape.yaml"])
        assert result.exit_code == 1
        assert result.stdout == "<stdin>:4:4: error: conv: window 9 is larger than the input 6 (shape)\n"

    def test_a_file_that_is_no_spec_is_an_error_where_it_is_named(self, run: Run) -> None:
        result = run("check", "compose.yaml", "--format", "concise")
        assert result.exit_code == 1
        assert "a spec has no key 'services'" in result.stdout

    def test_a_file_that_is_no_spec_is_skipped_where_that_is_asked_for(self, run: Run) -> None:
        result = run("check", "compose.yaml", "models/lint.yaml", "--skip-others")
        assert result.exit_code == 0
        assert result.stdout.endswith("1 spec: 1 warning; 1 other YAML file skipped\n")

    def test_nothing_but_others_is_all_well_where_that_is_asked_for(self, run: Run) -> None:
        result = run("check", "compose.yaml", "--skip-others")
        assert (result.exit_code, result.stdout) == (0, "0 specs: nothing found; 1 other YAML file skipped\n")

    def test_of_the_others_those_are_counted_that_are_yaml(self, run: Run) -> None:
        write("models/known.json", '{"cnncalc": 1, "findings": [\n\n]}\n')
        write("models/notes.txt", "x\n")
        result = run("check", "models/*.*", "--select", "claim", "--fail-on", "never")
        assert result.stdout.endswith("\n3 specs, 1 claim: 2 errors\n")

    def test_files_are_left_out(self, run: Run) -> None:
        result = run("check", ".", "--exclude", "models/wide,shape.yaml", "--exclude", "claim.*")
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (
            0, "1 spec: 1 warning; 1 other YAML file skipped",
        )  # fmt: skip

    def test_another_input_and_batch(self, run: Run) -> None:
        result = run(
            "check", "models/claim.yaml", "--input", "H=8", "--batch", "2", "--max-macs", "1", "--ignore", "claim"
        )
        # (32*8*16)*27 + 4096*10 for each of 2.
        assert "macs: at most 1 allowed, 303,104 found" in result.stdout

    def test_an_option_that_fits_one_of_the_specs_only(self, run: Run) -> None:
        write("models/vars.yaml", "input: 3x8x8\nvars: {n: 8}\nlayers: [{conv: n, kernel: 1}]\n")
        result = run("check", "models/vars.yaml", "models/lint.yaml", "--set", "n=9", "--format", "concise")
        assert result.exit_code == 1
        (line,) = result.stdout.splitlines()
        assert line.startswith("models/lint.yaml:1:1: error: models/lint.yaml has no variable 'n'")

    def test_strict_takes_unknown_figures_for_errors(self, run: Run) -> None:
        write("pool.yaml", "input: 3x8x8\nlayers: [{maxpool: 2}]\n")
        assert run("check", "pool.yaml", "--profile", "fvcore").exit_code == 0
        result = run("check", "pool.yaml", "--profile", "fvcore", "--strict", "--format", "concise")
        assert result.exit_code == 1
        assert "error: flops of maxpool under fvcore" in result.stdout

    def test_several_processes_give_the_same_report(self, run: Run) -> None:
        for number in range(30):
            write(f"models/n{number}.yaml", REPOSITORY["models/lint.yaml"])
        alone, shared = (run("check", ".", "--jobs", jobs, "--format", "json") for jobs in ("1", "3"))
        assert alone.stdout == shared.stdout
        assert len(json.loads(alone.stdout)["findings"]) == 33


class TestExpect:
    """The key to an exercise."""

    def test_findings_stand_in_the_key(self, run: Run) -> None:
        write("key.yml", "# answers\nexpect:\n  params: 163290\n  layers:\n    stem: {out: 16x30x30}\n")
        result = run("check", "models/claim.yaml", "--expect", "key.yml", "--ignore", "claim", "--format", "concise")
        # stem 448, fc 16*32*32*10 + 10 = 163,850.
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "key.yml:3:11: error: models/claim.yaml: params: 163290 claimed, 164,298 found (expect)",
            "key.yml:5:17: error: models/claim.yaml: stem: out: 16x30x30 claimed, 16x32x32 found; height = "
            "⌊(H + 2P − K)/S⌋ + 1 = ⌊(32 + 2·1 − 3)/1⌋ + 1 = 31 + 1 = 32; "
            "16x30x30 is the shape without the padding (expect)",
        ]

    def test_a_key_that_holds(self, run: Run) -> None:
        write("key.yml", "params: 164298\n")
        result = run("check", "models/claim.yaml", "--expect", "key.yml", "--ignore", "claim")
        assert (result.exit_code, result.stdout) == (0, "1 spec, 1 claim: nothing found\n")

    def test_a_wrong_key_is_told_once_and_the_specs_are_still_checked(self, run: Run) -> None:
        write("key.yml", "parms: 1\n")
        result = run("check", "models/lint.yaml", "models/shape.yaml", "--expect", "key.yml", "--format", "concise")
        assert result.exit_code == 1
        assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == [
            "models/lint.yaml:4:4", "models/shape.yaml:4:4", "key.yml:1:1",
        ]  # fmt: skip


class TestConfiguration:
    """What a repository has settled."""

    def test_it_is_used(self, run: Run) -> None:
        write(
            "pyproject.toml", '[tool.cnncalc]\nmax-params = "5M"\nfail-on = "never"\nexclude = ["models/shape.yaml"]\n'
        )
        result = run("check", ".", "--format", "concise")
        assert result.exit_code == 0
        assert rules(result) == ["claim", "seven-filters", "budget"]

    def test_an_option_takes_the_place_of_its_key(self, run: Run) -> None:
        write(".cnncalc.toml", 'max-params = "1"\nfail-on = "never"\nignore = ["claim"]\nexclude = ["models"]\n')
        result = run(
            "check", ".", "--max-params", "5M", "--fail-on", "error", "--ignore", "seven-filters", "--exclude", "x",
            "--format", "concise",
        )  # fmt: skip
        assert result.exit_code == 1
        assert rules(result) == ["claim", "shape", "budget"]

    def test_rules_can_be_off_for_some_files(self, run: Run) -> None:
        write(".cnncalc.toml", '[per-file-ignores]\n"models/l*" = ["all"]\n"claim.yaml" = ["claim"]\n')
        result = run("check", ".", "--format", "concise")
        assert rules(result) == ["shape"]

    def test_another_file_can_be_given(self, run: Run) -> None:
        write(".cnncalc.toml", "strict = 1\n")
        write("ci/check.toml", 'select = ["seven-filters"]\nfail-on = "warning"\n')
        result = run("check", "models/lint.yaml", "models/claim.yaml", "--config", "ci/check.toml")
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "2 specs: 1 warning")

    def test_a_wrong_one_is_usage(self, run: Run) -> None:
        write(".cnncalc.toml", "strict = 1\n")
        result = run("check", ".")
        assert (result.exit_code, result.stdout) == (2, "")
        assert ".cnncalc.toml: strict is true or false, not 1" in result.stderr

    @pytest.mark.parametrize(
        "text",
        [
            'max-params = "5M{}"',
            'select = ["a{}"]',
            '"key{}" = 1',
            'baseline = "b{}"',
            '[per-file-ignores]\n"b{}" = ["nope{}"]',
            'exclude = [{{"a{}" = 1}}]',
        ],
    )
    def test_no_value_of_it_starts_a_line(self, run: Run, text: str) -> None:
        write(".cnncalc.toml", text.format(*["\\n::error::x\\u001b[31m\\u202e"] * 2))
        result = run("check", ".", "--format", "github")
        assert result.exit_code == 2
        printed = result.stdout + result.stderr
        assert not re.search(r"^::|[\x1b\u202e]", printed, re.MULTILINE)

    def test_a_device_is_not_read(self, run: Run) -> None:
        result = run("check", ".", "--config", "/dev/zero")
        assert (result.exit_code, "/dev/zero: cannot be read: it is not a regular" in result.stderr) == (2, True)
        write(".cnncalc.toml", 'baseline = "/dev/zero"\n')
        result = run("check", ".")
        assert (result.exit_code, "dev/zero: cannot be read: it is not a regular" in result.stderr) == (2, True)

    def test_the_search_ends_at_the_root_of_the_repository(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        write(".cnncalc.toml", "strict = 1\n")
        write("clone/.git", "gitdir: elsewhere\n")
        write("clone/models/NET.YAML", REPOSITORY["models/lint.yaml"])
        monkeypatch.chdir("clone/models")
        assert run("check", ".", "--select", "claim").stdout == "1 spec: nothing found\n"


class TestBaseline:
    """Findings of old."""

    def test_they_are_written_accepted_and_told_once_they_are_gone(self, run: Run) -> None:
        written = run("check", ".", "--baseline", "known.json", "--write-baseline")
        assert (written.exit_code, written.stderr) == (1, "known.json: 2 known findings written\n")
        assert written.stdout.endswith(
            "\n4 specs, 2 claims: 1 error; 2 known findings left out; 1 other YAML file skipped\n"
        )
        Path("models/shape.yaml").unlink()  # which cannot be accepted: nothing else in it can be checked
        result = run("check", ".", "--baseline", "known.json", "--fail-on", "note")
        summary = "3 specs, 2 claims: nothing new; 2 known findings left out; 1 other YAML file skipped\n"
        assert (result.exit_code, result.stdout) == (0, summary)
        assert json.loads(run("check", ".", "--baseline", "known.json", "--format", "json").stdout)["known"] == 2

        write("models/lint.yaml", REPOSITORY["models/lint.yaml"].replace("7", "9"))
        result = run("check", ".", "--baseline", "known.json", "--format", "concise")
        assert result.exit_code == 0
        assert result.stdout == (
            "known.json:3:1: warning: models/lint.yaml has no such seven-filters any more; "
            "write the baseline again with --write-baseline (stale-baseline)\n"
        )

    def test_it_can_be_configured(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        write(".cnncalc.toml", 'baseline = "ci/known.json"\n')
        Path("ci").mkdir()
        Path("models/shape.yaml").unlink()
        assert run("check", ".", "--write-baseline").exit_code == 0
        monkeypatch.chdir("models")
        result = run("check", ".", "--fail-on", "note")
        known = "3 specs, 2 claims: nothing new; 2 known findings left out\n"
        assert (result.exit_code, result.stdout) == (0, known)

    def test_one_that_cannot_be_written_is_an_error(self, process: Process) -> None:
        done = process("check", "lenet5", "--baseline", "missing/known.json", "--write-baseline")
        assert done.returncode == 2
        assert done.stderr.endswith(b"Error: missing/known.json: cannot be written: No such file or directory\n")


def test_a_folder_whose_specs_are_left_out_says_so(run: Run) -> None:
    write(".cnncalc.toml", 'exclude = ["models"]\n')
    result = run("check", "models")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no spec in models; exclude leaves out 4 YAML files (models)" in result.stderr


class TestGithub:
    """In a job."""

    def test_a_summary_that_cannot_be_written_is_a_note(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", "missing/summary.md")
        result = run("check", "models/lint.yaml", "--format", "github")
        message = "note: the job's summary missing/summary.md cannot be written: No such file or directory\n"
        assert (result.exit_code, result.stderr) == (0, message)

    def test_the_summary_of_the_job_is_markdown(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        write("summary.md", "before\n")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
        run("check", "models/lint.yaml", "--format", "github")
        run("check", "models/shape.yaml", "--format", "github")
        text = Path("summary.md").read_text("utf-8")
        assert text.startswith("before\n## cnncalc check passed\n\n1 spec: 1 warning.\n")
        assert "\n\n## cnncalc check failed\n\n1 spec: 1 error.\n" in text

    def test_other_formats_write_no_summary(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
        run("check", "models/lint.yaml", "--format", "markdown")
        assert not Path("summary.md").exists()

    def test_paths_are_those_of_the_workspace(
        self, run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(repository))
        monkeypatch.chdir("models")
        for format_ in ("github", "sarif"):
            (read,) = READERS[format_](run("check", "lint.yaml", "--format", format_).stdout)
            assert read.file == "models/lint.yaml"

    def test_a_workspace_elsewhere_is_not_taken(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GITHUB_WORKSPACE", "/github/workspace")
        (read,) = READERS["github"](run("check", "models/lint.yaml", "--format", "github").stdout)
        assert read.file == "models/lint.yaml"


class TestRules:
    """What there is to find."""

    def test_a_list(self, run: Run) -> None:
        result = run("check", "--list-rules")
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[3].split()[:2] == ["seven-filters", "warning"]
        assert lines[3].endswith("  by default  A convolution has 7 filters.")
        assert any(line.startswith("unknown-kind ") and " always " in line for line in lines)

    def test_a_list_on_a_narrow_terminal(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "50")
        lines = run("check", "--list-rules").stdout.splitlines()
        assert lines[:2] == ["seven-filters (warning, by default)", "  A convolution has 7 filters."]
        assert max(map(len, lines)) <= 50

    def test_as_json(self, run: Run) -> None:
        rules = {rule["id"]: rule for rule in json.loads(run("check", "--list-rules", "--format", "json").stdout)}
        assert rules["seven-filters"] == {
            "id": "seven-filters", "severity": "warning", "when": "by default",
            "summary": "A convolution has 7 filters.", "reason": "Seven is planted. It does not matter.",
            "bad": "input: 3x8x8\nlayers:\n- {conv: 7, kernel: 1}\n",
            "good": "input: 3x8x8\nlayers:\n- {conv: 8, kernel: 1}\n",
        }  # fmt: skip

    def test_one_of_lint_with_its_examples(self, run: Run) -> None:
        assert run("check", "--explain-rule", "seven-filters").stdout == (
            "seven-filters (warning, looked for by default)\n\nA convolution has 7 filters.\n\n"
            "Seven is planted. It does not matter.\n\nFound in:\n"
            "    input: 3x8x8\n    layers:\n    - {conv: 7, kernel: 1}\n\nNot found in:\n"
            "    input: 3x8x8\n    layers:\n    - {conv: 8, kernel: 1}\n"
        )

    def test_one_of_the_language(self, run: Run) -> None:
        result = run("check", "--explain-rule", "duplicate-key")
        assert result.exit_code == 0
        assert result.stdout.startswith(
            "duplicate-key (error, looked for always)\n\nA key occurs twice in one place.\n\n"
        )
        assert result.stdout.endswith(
            "\n\nFound in:\n"
            "    input: {C: 3, H: 32, W: 32}\n    layers:\n    - {conv: 16, kernel: 3, stride: 1, kernel: 5}\n\n"
            "Not found in:\n"
            "    input: {C: 3, H: 32, W: 32}\n    layers:\n    - {conv: 16, kernel: 5, stride: 1}\n"
        )
        assert max(map(len, result.stdout.splitlines())) <= 90

    def test_one_that_no_spec_shows(self, run: Run) -> None:
        assert run("check", "--explain-rule", "internal-error").stdout == (
            "internal-error (error, looked for always)\n\ncnncalc itself failed on this file.\n\n"
            "This is a mistake of cnncalc, not of the spec, and worth a bug report. The other files\n"
            "were checked.\n"
        )


ODD = ("a\nb.yaml", "a:1:1: error: b.yaml", "a%0A::error::b.yaml", "-x.yaml", "[red]a.yaml", "a\udcff.yaml")
"""A line break, a colon, a percent sign, a dash, brackets of markup, no UTF-8."""


@pytest.mark.parametrize("format_", FORMATS)
def test_odd_names_of_files_break_no_report(process: Process, format_: str) -> None:
    os.mkdir("odd")
    for name in ODD:
        write(f"odd/{name}", REPOSITORY["models/shape.yaml"])
    done = process("check", "odd", "--format", format_, PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (1, b"")
    assert [read[1:] for read in READERS[format_](done.stdout.decode())] == [FOUND[2][1:]] * len(ODD)


@pytest.mark.parametrize(("format_", "encoding"), [*((name, "ascii") for name in FORMATS), ("json", "latin-1")])
def test_every_report_is_valid_in_every_encoding(process: Process, format_: str, encoding: str) -> None:
    given = ("check", "models", "--select", "claim", "--format", format_)
    done = process(*given, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (1, b"")
    text = done.stdout.decode("latin-1" if encoding == "latin-1" else "utf-8")  # which click prints for ascii
    signs = FOUND[0].message.replace("·", "*") if (format_, encoding) == ("text", "ascii") else FOUND[0].message
    assert READERS[format_](text)[0].message == signs


@pytest.mark.slow
def test_the_bundled_architectures_hold_what_they_claim(run: Run) -> None:
    folder = Path(__file__).parents[2] / "architectures"
    document = json.loads(run("check", str(folder), "--select", "claim,unused-ignore", "--format", "json").stdout)
    assert document["findings"] == []
    assert document["files"] == len(list(folder.glob("*.yaml")))
    assert document["claims"] > 500


LOADED = """
import sys
from cnncalc.cli.main import cli
cli(["check", "lenet5", "--format", {format_!r}], standalone_mode=False)
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize("format_", ["concise", "json", "github"])
def test_no_library_is_loaded_that_is_not_needed(format_: str) -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(format_=format_)], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.splitlines()[-1].split())
    assert "cnncalc.check.engine" in modules
    assert modules.isdisjoint({"numpy", "rich", "multiprocessing", "concurrent.futures", "cnncalc.explaining.claims"})


def test_each_file_has_the_configuration_that_is_nearest_to_it(run: Run) -> None:
    write(".cnncalc.toml", 'ignore = ["claim"]\nfail-on = "note"\n')
    write("models/wide/.cnncalc.toml", 'max-params = "5M"\nfail-on = "never"\n')
    write("models/old/.cnncalc.toml", 'exclude = ["a.yaml"]\n')
    write("models/old/a.yaml", REPOSITORY["models/claim.yaml"])
    write("models/old/b.yaml", REPOSITORY["models/claim.yaml"])
    arguments = ("check", "models", "--select", "claim,budget,seven-filters", "--format", "concise", "--jobs")
    for jobs in ("1", "2"):
        result = run(*arguments, jobs)
        found = [line.split(":")[0] + line[line.rindex(" ") :] for line in result.stdout.splitlines()]
        assert found == [
            "models/lint.yaml (seven-filters)",
            "models/old/b.yaml (claim)",
            "models/shape.yaml (shape)",
            "models/wide/budget.yaml (budget)",
        ]
        assert result.exit_code == 1
    # One configuration for all files settles what the whole run does.
    assert run("check", "models/wide").exit_code == 0
    assert "(budget)" not in run("check", "models/wide", "--config", ".cnncalc.toml").stdout
