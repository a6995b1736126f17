"""The option that writes the golden files anew, lint rules for tests, and one thread for each process that tests."""

import os

import pytest
from planted_rules import PLANTED

from cnncalc.check.rules import RULES

# Workers that multiply at the same time would wait for each other's threads; read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write tests/render/golden/ anew from what cnncalc prints now; read the diff before you commit it",
    )


@pytest.fixture
def planted_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted lint rules in place of the real ones."""
    for id_ in reversed(list(RULES)):  # what is deleted last is put back first, so that they come back in order
        monkeypatch.delitem(RULES, id_)
    for id_, rule in PLANTED.items():
        monkeypatch.setitem(RULES, id_, rule)
