"""[tool.cnncalc] and .cnncalc.toml: found, read, and refused with the place if they are wrong."""

from pathlib import Path

import pytest

from cnncalc.check.configuration import KEYS, Configuration, find_configuration, read_configuration
from cnncalc.errors import ConfigurationError

pytestmark = pytest.mark.usefixtures("planted_rules")

EVERYTHING = """\
select = ["default", "no-source"]
ignore = ["claim"]
exclude = ["old/*", "broken.yaml"]
fail-on = "warning"
strict = true
baseline = "ci/known.json"
hints = ["output", "macs"]
max-params = "5M"
max-macs = 1000000
max-peak-memory = "16MiB"

[per-file-ignores]
"old/*.yaml" = ["seven-filters", "claim"]
"zoo" = ["all"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def as_project(text: str) -> str:
    """The same settings in a pyproject.toml."""
    return f'[project]\nname = "x"\n\n[tool.cnncalc]\n{text}'.replace("\n[per", "\n[tool.cnncalc.per")


@pytest.mark.parametrize(
    ("name", "text"), [(".cnncalc.toml", EVERYTHING), ("pyproject.toml", as_project(EVERYTHING))], ids=lambda x: x[:14]
)
def test_every_key_is_read(folder: Path, name: str, text: str) -> None:
    write(folder / name, text)
    found = find_configuration()
    assert found.folder == str(folder)
    assert found.select == ("default", "no-source")
    assert found.ignore == ("claim",)
    assert found.exclude == ("old/*", "broken.yaml")
    assert found.fail_on == "warning"
    assert found.strict is True
    assert found.baseline_path == "ci/known.json"
    assert found.hints == ("output", "macs")
    assert {option: limit.value for option, limit in found.limits.items()} == {
        "max-params": 5_000_000,
        "max-macs": 1_000_000,
        "max-peak-memory": 16 * 1024 * 1024,
    }
    assert {(limit.figure, limit.bound) for limit in found.limits.values()} == {
        ("params", "max"), ("macs", "max"), ("peak_memory", "max"),
    }  # fmt: skip
    assert found.ignored.ids("old/deep/net.yaml") == {"seven-filters", "claim"}
    assert {"claim", "seven-filters", "no-source", "budget"} <= found.ignored.ids("zoo/net.yaml")
    assert found.ignored.ids("new.yaml") == set()
    assert found.excluded.holds("old/net.yaml")
    assert found.excluded.holds("new/broken.yaml")
    assert not found.excluded.holds("new/net.yaml")


def test_without_a_file_nothing_is_settled() -> None:
    # The folders above a temporary one have no configuration of cnncalc either.
    assert find_configuration() == Configuration()


def test_the_nearest_folder_above_counts_and_paths_are_relative_to_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "pyproject.toml", as_project('max-params = "1M"\nexclude = ["models/old/*"]\nbaseline = "b.json"\n'))
    (folder / "models" / "old").mkdir(parents=True)
    monkeypatch.chdir(folder / "models")
    found = find_configuration()
    assert found.folder == str(folder)
    assert found.baseline_path == "../b.json"
    assert found.excluded.holds("old/net.yaml")
    assert not found.excluded.holds("net.yaml")


def test_a_project_without_a_table_of_cnncalc_is_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / ".cnncalc.toml", "strict = true\n")
    write(folder / "sub" / "pyproject.toml", '[project]\nname = "x"\n[tool.other]\nselect = 1\n')
    monkeypatch.chdir(folder / "sub")
    assert find_configuration().strict is True


def test_an_empty_table_ends_the_search(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / ".cnncalc.toml", "strict = true\n")
    write(folder / "sub" / "pyproject.toml", "[tool.cnncalc]\n")
    monkeypatch.chdir(folder / "sub")
    assert find_configuration().strict is False


def test_its_own_file_comes_before_the_project(folder: Path) -> None:
    write(folder / ".cnncalc.toml", 'fail-on = "note"\n')
    write(folder / "pyproject.toml", '[tool.cnncalc]\nfail-on = "never"\n')
    assert find_configuration().fail_on == "note"


def test_a_file_of_any_name_can_be_given(folder: Path) -> None:
    write(folder / "ci" / "strict.toml", "strict = true\n")
    found = read_configuration("ci/strict.toml")
    assert found.strict is True
    assert found.folder == "ci"


WRONG = {
    "an unknown key": ("selct = []", ".cnncalc.toml: there is no key 'selct'; did you mean 'select'?"),
    "a key of nothing like it": ("q = 1", ".cnncalc.toml: there is no key 'q'; the keys are select, ignore, exclude, "),
    "a limit that is no figure": ("max-parms = 1", ".cnncalc.toml: there is no key 'max-parms'; did you mean"),
    "a text for a list": ('select = "claim"', ".cnncalc.toml: select is a list of texts, as [\"...\"], not 'claim'"),
    "a list of numbers": ("exclude = [1]", '.cnncalc.toml: exclude is a list of texts, as ["..."], not [1]'),
    "an unknown rule": (
        'ignore = ["seven-filter"]',
        ".cnncalc.toml: ignore: there is no rule 'seven-filter'; did you mean 'seven-filters'?",
    ),
    "a rule that is always on": ('ignore = ["shape"]', ".cnncalc.toml: ignore: 'shape' is always on: without it"),
    "another severity": (
        'fail-on = "fatal"',
        ".cnncalc.toml: fail-on is one of error, warning, note, never, not 'fatal'",
    ),
    "a number for a severity": ("fail-on = 1", ".cnncalc.toml: fail-on is one of error, warning, note, never, not 1"),
    "a text for a flag": ('strict = "yes"', ".cnncalc.toml: strict is true or false, not 'yes'"),
    "a number for a flag": ("strict = 1", ".cnncalc.toml: strict is true or false, not 1"),
    "no path": ('baseline = ""', ".cnncalc.toml: baseline is a text in quotes, as \"baseline.json\", not ''"),
    "a flag for a limit": ("max-params = true", '.cnncalc.toml: max-params is a number or a text with a unit, as "5M"'),
    "a float for a limit": ("max-params = 5e6", '.cnncalc.toml: max-params is a number or a text with a unit, as "5M"'),
    "another unit": (
        'max-params = "5MB"', ".cnncalc.toml: max-params: 'MB' is not a unit here; use K, M, G, T"
    ),
    "a negative limit": ("max-params = -5", ".cnncalc.toml: max-params: '-5' is not a number"),
    "a list for patterns": (
        "per-file-ignores = []",
        '.cnncalc.toml: per-file-ignores is a table of patterns, as {"old/*.yaml" = ["claim"]}, not []',
    ),
    "an unknown rule for a pattern": (
        '[per-file-ignores]\n"a/*" = ["clam"]',
        ".cnncalc.toml: per-file-ignores, 'a/*': there is no rule 'clam'; did you mean 'claim'?",
    ),
    "no TOML": ("select = [", ".cnncalc.toml: not valid TOML: "),
    "a number of 5,000 digits": (f"max-params = {'9' * 5000}", ".cnncalc.toml: not valid TOML: "),
    "a list of lists of lists": (f"select = {'[' * 100_000}", ".cnncalc.toml: not valid TOML: "),
    "the table of a project": (
        "[tool.cnncalc]\nstrict = true",
        ".cnncalc.toml: there is no key 'tool'; in a file of its own the keys are at the top, without [tool.cnncalc]",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_file_and_key(folder: Path, text: str, message: str) -> None:
    write(folder / ".cnncalc.toml", f"{text}\n")
    with pytest.raises(ConfigurationError) as caught:
        find_configuration()
    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_utf_8_is_told(folder: Path) -> None:
    (folder / ".cnncalc.toml").write_bytes(b"baseline = '\xff'\n")
    with pytest.raises(ConfigurationError, match=r"^\.cnncalc\.toml: not valid TOML: "):
        find_configuration()


def test_a_tool_table_that_is_no_table_is_told(folder: Path) -> None:
    write(folder / "pyproject.toml", "[tool]\ncnncalc = 1\n")
    with pytest.raises(ConfigurationError, match=r"^pyproject\.toml: tool\.cnncalc is a table with keys"):
        find_configuration()


def test_a_given_project_without_a_table_is_told(folder: Path) -> None:
    write(folder / "pyproject.toml", "[project]\n")
    with pytest.raises(ConfigurationError, match=r"^pyproject\.toml: there is no table \[tool\.cnncalc\]$"):
        read_configuration("pyproject.toml")


def test_a_missing_file_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"^ci\.toml: cannot be read: No such file or directory$"):
        read_configuration("ci.toml")


def test_every_field_has_its_key() -> None:
    fields = {field.replace("_", "-") for field in Configuration._fields} - {"folder", "limits"}
    assert fields == {key for key in KEYS if not key.startswith("max-")}
