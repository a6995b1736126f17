"""Old findings: accepted as long as they are there, reported once they are gone."""

import json
from pathlib import Path

import pytest

from cnncalc.check.baseline import Baseline, Known, baseline_text, beyond, known_now, read_baseline
from cnncalc.check.configuration import read_limit
from cnncalc.check.results import Results
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.run import check_targets
from cnncalc.check.settings import Settings
from cnncalc.errors import ConfigurationError
from cnncalc.targets import Target

pytestmark = pytest.mark.usefixtures("planted_rules")

OLD = """\
input: 3x8x8
layers:
- {conv: 7, kernel: 1}
- {conv: 7, kernel: 1}
- {conv: 8, kernel: 1, out: 9}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ci").mkdir()
    (tmp_path / "old.yaml").write_text(OLD, encoding="utf-8")
    return tmp_path


def settings(*ignore: str) -> Settings:
    return Settings(rules=chosen_rules([], ignore))


def results(*files: str, wanted: Settings | None = None) -> Results:
    checked = check_targets([Target(file) for file in files], wanted or settings())
    return Results(tuple(file for file in checked if file is not None))


def write(*files: str) -> Baseline:
    """Accept what is found in files now, as --write-baseline does."""
    known = known_now(Baseline("ci/known.json"), results(*files), settings())
    Path("ci/known.json").write_text(baseline_text(known), encoding="utf-8")
    return read_baseline("ci/known.json")


def after(baseline: Baseline, *files: str, wanted: Settings | None = None) -> list[str]:
    """What is reported beside the baseline, as `file:line rule`."""
    wanted = wanted or settings()
    left = beyond(baseline, results(*files, wanted=wanted), wanted)
    return [f"{located.file}:{located.finding.line} {located.finding.rule}" for located in left.findings]


def edit(text: str, file: str = "old.yaml") -> None:
    Path(file).write_text(text, encoding="utf-8")


def test_what_is_known_is_not_reported() -> None:
    assert after(Baseline("ci/known.json"), "old.yaml") == [
        "old.yaml:3 seven-filters", "old.yaml:4 seven-filters", "old.yaml:5 claim",
    ]  # fmt: skip
    assert after(write("old.yaml"), "old.yaml") == []


def test_it_is_known_after_lines_have_moved_and_blanks_have_changed() -> None:
    baseline = write("old.yaml")
    edit("# a comment\nname: x\n" + OLD.replace("- {conv: 7, kernel: 1}", "-   {conv: 7,  kernel: 1}"))
    assert after(baseline, "old.yaml") == []


def test_it_is_known_where_only_its_figures_have_changed() -> None:
    # 7 or 6 channels come in: what the claim is compared with stays 8x8x8, but the message of lint has another path.
    baseline = write("old.yaml")
    edit(OLD.replace("layers:\n", "layers:\n- {conv: 6, kernel: 1}\n"))
    assert after(baseline, "old.yaml") == []


def test_what_is_new_is_reported() -> None:
    baseline = write("old.yaml")
    edit(OLD + "- {conv: 7, kernel: 3}\n")
    assert after(baseline, "old.yaml") == ["old.yaml:6 seven-filters"]


def test_one_more_of_the_same_is_new() -> None:
    baseline = write("old.yaml")
    edit(OLD + "- {conv: 7, kernel: 1}\n")
    assert after(baseline, "old.yaml") == ["old.yaml:6 seven-filters"]


def test_the_same_line_in_another_file_is_new() -> None:
    baseline = write("old.yaml")
    edit(OLD, "new.yaml")
    assert after(baseline, "new.yaml", "old.yaml") == [
        "new.yaml:3 seven-filters", "new.yaml:4 seven-filters", "new.yaml:5 claim",
    ]  # fmt: skip


def test_an_edited_line_is_new_and_the_old_one_is_gone() -> None:
    baseline = write("old.yaml")
    edit(OLD.replace("out: 9", "out: 10"))
    assert after(baseline, "old.yaml") == ["old.yaml:5 claim", "ci/known.json:2 stale-baseline"]


def test_what_is_gone_is_told_at_its_line() -> None:
    baseline = write("old.yaml")
    edit(OLD.replace("- {conv: 7, kernel: 1}\n", "", 1))
    wanted = settings()
    left = beyond(baseline, results("old.yaml"), wanted)
    (located,) = left.findings
    # Sorted by rule: the claim is in line 2, the two of seven-filters after it.
    assert located.file == "ci/known.json"
    assert located.finding.line in (3, 4)
    assert located.finding.severity == "warning"
    assert located.finding.message == (
        "../old.yaml has no such seven-filters any more; write the baseline again with --write-baseline"
    )
    assert '"seven-filters"' in located.excerpt


def test_a_file_that_is_gone_is_told() -> None:
    baseline = write("old.yaml")
    Path("old.yaml").unlink()
    edit("input: 3x8x8\nlayers: [relu]\n", "new.yaml")
    assert after(baseline, "new.yaml") == [f"ci/known.json:{line} stale-baseline" for line in (2, 3, 4)]


def test_a_file_that_was_not_checked_is_not_told() -> None:
    baseline = write("old.yaml")
    edit("input: 3x8x8\nlayers: [relu]\n", "new.yaml")
    assert after(baseline, "new.yaml") == []


def test_what_was_not_looked_for_is_not_gone() -> None:
    baseline = write("old.yaml")
    assert after(baseline, "old.yaml", wanted=settings("seven-filters", "claim")) == []


def test_lint_is_not_gone_while_the_spec_is_wrong() -> None:
    baseline = write("old.yaml")
    edit(OLD + "- rellu\n")
    assert after(baseline, "old.yaml") == ["old.yaml:6 unknown-kind"]


def test_a_problem_of_the_language_is_never_known_because_nothing_else_could_be_checked() -> None:
    edit(OLD + "- rellu\n")
    assert after(write("old.yaml"), "old.yaml") == ["old.yaml:6 unknown-kind"]


def test_a_claim_that_fails_by_another_figure_is_new() -> None:
    text = "input: 3x8x8\nlayers:\n- {conv: 8, kernel: 1}\n- {conv: 8, kernel: 1}\nexpect: {params: {max: 50}}\n"
    edit(text)
    baseline = write("old.yaml")
    assert after(baseline, "old.yaml") == []
    edit(text.replace("conv: 8", "conv: 80", 1))
    assert after(baseline, "old.yaml") == ["old.yaml:5 claim", "ci/known.json:2 stale-baseline"]


def test_writing_keeps_what_was_not_looked_for() -> None:
    baseline = write("old.yaml")
    wanted = settings("claim")
    known = known_now(baseline, results("old.yaml", wanted=wanted), wanted)
    assert sorted(entry.rule for entry in known) == ["claim", "seven-filters", "seven-filters"]
    edit(OLD + "- rellu\n")  # today nothing can be said about the rest of it
    assert set(known_now(baseline, results("old.yaml"), settings())) == set(baseline.known)


def test_a_comment_that_ignores_nothing_can_be_known() -> None:
    edit("input: 3x8x8\nlayers: [relu]  # cnncalc: ignore[claim]\n")
    assert after(write("old.yaml"), "old.yaml") == []


def test_a_rule_that_no_longer_exists_is_told() -> None:
    baseline = Baseline("ci/known.json", known=(Known("../old.yaml", "of-old", "0" * 16, ""),))
    assert "ci/known.json:1 stale-baseline" in after(baseline, "old.yaml")


def test_being_gone_can_be_ignored() -> None:
    baseline = write("old.yaml")
    edit("input: 3x8x8\nlayers: [relu]\n")
    assert after(baseline, "old.yaml", wanted=settings("stale-baseline")) == []


def test_what_an_option_asks_for_today_is_never_known() -> None:
    limits = Settings(rules=chosen_rules(), limits=(read_limit("max-params", "1"),))
    known = known_now(Baseline("ci/known.json"), results("old.yaml", wanted=limits), limits)
    assert {entry.rule for entry in known} == {"seven-filters", "claim"}


def test_writing_keeps_what_is_known_of_files_that_were_not_checked() -> None:
    edit(OLD, "other.yaml")
    baseline = write("old.yaml", "other.yaml")
    edit("input: 3x8x8\nlayers: [relu]\n")
    known = known_now(baseline, results("old.yaml"), settings())
    assert {entry.file for entry in known} == {"../other.yaml"}
    assert len(known) == 3


def test_writing_forgets_files_that_are_gone() -> None:
    edit(OLD, "other.yaml")
    baseline = write("old.yaml", "other.yaml")
    Path("other.yaml").unlink()
    assert {entry.file for entry in known_now(baseline, results("old.yaml"), settings())} == {"../old.yaml"}


def test_the_file_is_json_with_a_finding_a_line() -> None:
    write("old.yaml")
    lines = Path("ci/known.json").read_text("utf-8").splitlines()
    document = json.loads("\n".join(lines))
    assert document["cnncalc"] == 1
    assert len(lines) == len(document["findings"]) + 2 == 5
    assert document["findings"][0].keys() == {"file", "rule", "fingerprint", "message"}
    assert document["findings"][0]["message"].startswith("conv3: out: 9 claimed, 8x8x8 found; height = ")
    assert [(entry["file"], entry["rule"]) for entry in document["findings"]] == [
        ("../old.yaml", "claim"), ("../old.yaml", "seven-filters"), ("../old.yaml", "seven-filters"),
    ]  # fmt: skip


def test_writing_twice_gives_the_same_bytes() -> None:
    write("old.yaml")
    first = Path("ci/known.json").read_bytes()
    write("old.yaml")
    assert Path("ci/known.json").read_bytes() == first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"^known\.json: there is no such baseline; --write-baseline makes one$"),
        (b"", r"^known\.json: is not a baseline; --write-baseline makes one$"),
        (b"[]", r"^known\.json: is not a baseline"),
        (b'{"cnncalc": 1}', r"^known\.json: is not a baseline"),
        (b'{"cnncalc": 1, "findings": [{"file": "x"}]}', r"^known\.json: is not a baseline"),
        (b'{"cnncalc": 2, "findings": []}', r"^known\.json: version 2 is not known; write it again$"),
        (b'"\xff"', r"^known\.json: is not a baseline"),
        (b"[" * 100_000, r"^known\.json: is not a baseline"),
    ],
    ids=["missing", "empty", "a list", "no findings", "a field is missing", "another version", "no UTF-8", "brackets"],
)
def test_a_file_that_is_no_baseline_is_told(folder: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (folder / "known.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=message):
        read_baseline("known.json")
