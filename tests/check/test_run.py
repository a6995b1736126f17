"""Many files: in order, over processes, and none that stops the others."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from cnncalc.check import run
from cnncalc.check.engine import check_source
from cnncalc.check.findings import Finding
from cnncalc.check.results import Checked, Results, locate
from cnncalc.check.rulebook import chosen_rules
from cnncalc.check.run import check_target, check_targets
from cnncalc.check.settings import Settings
from cnncalc.language.source import Source
from cnncalc.targets import Excluded, Target, find_targets

pytestmark = pytest.mark.usefixtures("planted_rules")

GOOD = "input: 3x8x8\nlayers: [relu]\n"
SEVEN = "input: 3x8x8\nlayers: [{conv: 7, kernel: 1}]\n"
WRONG = "input: 3x8x8\nlayers: [rellu]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings() -> Settings:
    return Settings(rules=chosen_rules())


def rules(checked: Checked | None) -> list[str] | None:
    return None if checked is None else [located.finding.rule for located in checked.findings]


MIXED = {
    "a.yaml": GOOD.encode(),
    "b.yaml": SEVEN.encode(),
    "c.yaml": b"services: {web: {image: x}}\n",
    "d.yaml": WRONG.encode(),
    "e.yaml": b"\xef\xbb\xbf" + SEVEN.replace("\n", "\r\n").encode(),
    "f.yaml": GOOD.encode("utf-16"),
    "g.yaml": b"layers: [\xff]\n",
    "h.yaml": b"layers: [\n",
    "i.yaml": b"# nothing\n",
    "j.yaml": b"layers: []\n" + b"#" * 4_000_001,
    "k.yaml": b"other: []\n" + b"#" * 4_000_001,
    "l.yaml": "name: Réseau\nservices: []\n".encode("latin-1"),
}

EXPECTED = [
    ("a.yaml", []),
    ("b.yaml", ["seven-filters"]),
    None,
    ("d.yaml", ["unknown-kind"]),
    ("e.yaml", ["seven-filters"]),
    ("f.yaml", ["unreadable"]),
    ("g.yaml", ["unreadable"]),
    ("h.yaml", ["yaml"]),
    None,
    ("j.yaml", ["unreadable"]),
    None,
    None,
]


@pytest.mark.parametrize("jobs", [None, 1, 2, 5], ids=["by itself", "one process", "two", "five"])
def test_each_file_has_its_findings_in_order_whatever_the_others_are(folder: Path, jobs: int | None) -> None:
    for name, content in MIXED.items():
        (folder / name).write_bytes(content)
    checked = list(check_targets(find_targets(["."], Excluded()), settings(), jobs))
    assert [None if file is None else (file.file, rules(file)) for file in checked] == EXPECTED


def test_lines_and_columns_are_those_of_an_editor_with_a_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    (folder / "e.yaml").write_bytes(MIXED["e.yaml"])
    checked = check_target(Target("e.yaml"), settings())
    assert checked is not None
    (located,) = checked.findings
    assert (located.finding.line, located.finding.column) == (2, 11)
    assert located.excerpt == "layers: [{conv: 7, kernel: 1}]"


@pytest.mark.slow
def test_ten_thousand_files_stay_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "net.yaml").write_text(GOOD, encoding="utf-8")
    targets = [Target("net.yaml") if number % 100 else Target(f"missing{number}.yaml") for number in range(10_000)]
    checked = list(check_targets(targets, settings(), 2))
    assert len(checked) == 10_000
    missing = [number for number, file in enumerate(checked) if file is not None and file.findings]
    assert missing == list(range(0, 10_000, 100))


@pytest.mark.parametrize(
    ("files", "processes"), [(run.WORTHWHILE - 1, []), (run.WORTHWHILE, [2])], ids=["few files", "many files"]
)
def test_many_files_are_shared_among_the_processors(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: int, processes: list[int]
) -> None:
    started: list[int] = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers: int, initializer: object, initargs: tuple[object]) -> None:
            started.append(workers)
            monkeypatch.setattr("cnncalc.processes._Worker.work", *initargs, raising=False)
            super().__init__(workers)

    (folder / "net.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("cnncalc.processes.available_processors", lambda: 2)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Pool)
    assert len(list(check_targets([Target("net.yaml")] * files, settings()))) == files
    assert started == processes


def test_standard_input_is_read_by_the_process_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = TextIOWrapper(BytesIO(SEVEN.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    (checked,) = check_targets([Target("-")], settings(), 8)
    assert checked is not None
    assert (checked.file, rules(checked)) == ("<stdin>", ["seven-filters"])


def test_files_that_a_killed_process_had_are_checked_by_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def die(source: Source, settings: Settings) -> Checked:
        if source.file == "n20.yaml" and os.getpid() != parent:
            os._exit(9)
        return check_source(source, settings)

    monkeypatch.setattr(run, "check_source", die)
    for number in range(40):
        (folder / f"n{number:02}.yaml").write_text(SEVEN if number == 20 else GOOD, encoding="utf-8")
    checked = list(check_targets(find_targets(["."], Excluded()), settings(), 2))
    assert [file.file for file in checked if file is not None] == [f"n{number:02}.yaml" for number in range(40)]
    assert [number for number, file in enumerate(checked) if rules(file)] == [20]


def test_a_mistake_of_cnncalc_is_told_and_spares_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Source, settings: Settings) -> Checked:
        if source.file == "b.yaml":
            raise ZeroDivisionError("division\nby zero")
        return check_source(source, settings)

    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (folder / name).write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(run, "check_source", fail)
    first, broken, last = check_targets(find_targets(["."], Excluded()), settings(), 1)
    assert rules(first) == rules(last) == []
    assert broken is not None
    assert [located.finding for located in broken.findings] == [
        Finding(
            1,
            1,
            "cnncalc failed with ZeroDivisionError: division by zero; this is a mistake of cnncalc, not of the spec",
            "internal-error",
            "error",
        )
    ]
    assert not broken.complete


def test_a_folder_that_could_not_be_searched_is_an_error() -> None:
    checked = check_target(Target("secret", True, "cannot be read: Permission denied"), settings())
    assert checked is not None
    assert [located.finding.message for located in checked.findings] == ["cannot be read: Permission denied"]
    assert rules(checked) == ["unreadable"]


def test_a_file_that_vanishes_is_an_error() -> None:
    assert rules(check_target(Target("gone.yaml"), settings())) == ["unreadable"]
    assert rules(check_target(Target("gone.yaml", found=True), settings())) == ["unreadable"]


def test_a_file_that_may_not_be_read_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests may run as root, who may read everything: so the operating system's answer is put in.
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    (folder / "a.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("builtins.open", refuse)
    checked = check_target(Target("a.yaml", found=True), settings())
    assert checked is not None
    assert [located.finding.message for located in checked.findings] == ["cannot be read: Permission denied"]


def test_a_message_with_words_of_a_spec_becomes_one_line() -> None:
    (located,) = locate("a", "x", [Finding(1, 1, "a\nb\x1b[31mc\u202e", "r", "error")])
    assert located.finding.message == "a b [31mc "


class TestResults:
    """The totals of a run."""

    def results(self, fail_on: str, *severities: str) -> Results:
        findings = [Finding(1, column, "m", "r", severity) for column, severity in enumerate(severities, 1)]  # type: ignore[arg-type]
        return Results((Checked("a", locate("a", "x", findings), 3), Checked("b", (), 2)), fail_on=fail_on)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("fail_on", "severities", "failed"),
        [
            ("error", ["error"], True),
            ("error", ["warning", "note"], False),
            ("warning", ["warning"], True),
            ("warning", ["note"], False),
            ("note", ["note"], True),
            ("note", [], False),
            ("never", ["error", "warning", "note"], False),
        ],
    )
    def test_a_run_fails_from_a_severity_on(self, fail_on: str, severities: list[str], failed: bool) -> None:
        assert self.results(fail_on, *severities).failed is failed

    def test_findings_and_claims_are_counted(self) -> None:
        results = self.results("error", "error", "note", "error")
        assert results.counts == {"error": 2, "warning": 0, "note": 1}
        assert results.claims == 5
        assert len(results.findings) == 3

    def test_what_is_wrong_in_other_files_counts_too(self) -> None:
        key = Checked("key.yaml", locate("key.yaml", "", [Finding(1, 1, "m", "claim", "error")]))
        results = Results((), (key,))
        assert results.failed
        assert [located.file for located in results.findings] == ["key.yaml"]


def test_a_spec_that_is_checked_leaves_no_cycles(folder: Path) -> None:
    target = Target(str(Path(__file__).parents[2] / "architectures" / "resnet50.yaml"))
    check_target(target, settings())
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        check_target(target, settings())
        assert gc.collect() == 0
    finally:
        if enabled:
            gc.enable()
