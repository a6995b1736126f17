"""Running commands, a page in a browser, the option that regenerates golden files, lint rules, one thread a process."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from browser.page import NoBrowser, Page
from click.testing import CliRunner, Result
from planted.no_source import no_source
from planted.seven_filters import seven_filters
from running import TERMINAL, Process, Run
from served import TEXT, Served, serving

from cnncalc.analysis.report import Report
from cnncalc.api import analyze_source
from cnncalc.check.rules import RULES
from cnncalc.cli.main import cli
from cnncalc.language.grammar import read_spec
from cnncalc.language.model import Spec
from cnncalc.language.source import Source

# Workers that multiply at the same time would wait for each other's threads; read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


collect_ignore = ["importing/sources"]
"""Models as people write them: they are read, and import torch."""

TESTS = Path(__file__).parent

# Processes that tests start import the package beside these tests, too, wherever they run.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(TESTS.parent), os.environ.get("PYTHONPATH"))))

QUICK = [TESTS / name for name in ("layers", "language", "network", "analysis")]
"""From the text of a spec to the report: what everything else is built of."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m quick` the other folders are not even looked at."""
    if config.option.markexpr != "quick":
        return None
    near = (collection_path.is_relative_to(folder) or folder.is_relative_to(collection_path) for folder in QUICK)
    return None if any(near) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of some folders are quick, but for those that are marked slow."""
    for item in items:
        if any(map(item.path.is_relative_to, QUICK)) and not item.get_closest_marker("slow"):
            item.add_marker("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write tests/render/golden/ and what README and guide print, anew as cnncalc prints them; read the diff",
    )


@pytest.fixture
def planted_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted lint rules in place of the real ones."""
    for id_ in reversed(list(RULES)):  # what is deleted last is put back first, so that they come back in order
        monkeypatch.delitem(RULES, id_)
    for rule in (seven_filters, no_source):
        monkeypatch.setitem(RULES, rule.id, rule)


@cache
def read_once(file: str, text: str) -> Spec:
    """A bundled spec."""
    return read_spec(Source(file, text, bundled=True))


@cache
def analyze_once(file: str, text: str) -> Report:
    """The report on a bundled spec."""
    return analyze_source(read_once(file, text))


@pytest.fixture
def listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """`cnncalc list` reads and analyses a spec once in all tests; all of them take a second each time."""
    monkeypatch.setattr("cnncalc.cli.list_command.read_spec", lambda source: read_once(source.file, source.text))
    monkeypatch.setattr("cnncalc.cli.list_command.analyze_source", lambda spec: analyze_once(spec.file, spec.text))


NET = """\
name: Small net
input: {C: 3, H: 8, W: 8}
vars: {width: 4}
blocks:
  pair(c): [{conv: c, kernel: 1}, relu]
layers:
- {name: stem, conv: width, kernel: 3, norm: bn}
- {name: body, pair: 4, repeat: 2}
- flatten
- {fc: 2}
"""

WRONG = """\
input: 3x8x8
layers:
- {conv: 4, kernel: 3, kernal: 3}
- rellu
"""


WRONG_PROBLEMS = """\
wrong.yaml:3:24: conv has no parameter 'kernal'; did you mean 'kernel'? (unknown-parameter)
wrong.yaml:4:3: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with net.yaml and wrong.yaml, on no particular terminal."""
    for name in TERMINAL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(NET, encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def problems_of_wrong() -> str:
    """What is printed about wrong.yaml."""
    return WRONG_PROBLEMS


@pytest.fixture
def run() -> Run:
    """`run("show", "net.yaml")`: the result, with stdout and stderr apart; an exception goes through."""

    def invoke(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli, list(arguments), input=stdin, prog_name="cnncalc", catch_exceptions=False)

    return invoke


@pytest.fixture
def process() -> Process:
    """The same as a process; its streams are bytes."""

    def start(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cnncalc", *arguments],
            input=stdin,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            timeout=30,
        )

    return start


@pytest.fixture(scope="session")
def page() -> Iterator[Page]:
    """A page in Chromium, for tests that are marked slow; all of them have the same one."""
    try:
        started = Page()
    except NoBrowser as missing:
        pytest.skip(f"a page needs Chromium, node and playwright-core: {missing}")
    yield started
    started.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The server of `cnncalc edit` for net.yaml; a page in a browser goes to `served.address`."""
    (tmp_path / "net.yaml").write_text(TEXT, encoding="utf-8")
    with serving(tmp_path / "net.yaml") as server:
        yield server
