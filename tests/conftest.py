"""The option that writes the golden files anew, and one thread for each process that tests."""

import os

import pytest

# Workers that multiply at the same time would wait for each other's threads; read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write tests/render/golden/ anew from what cnncalc prints now; read the diff before you commit it",
    )
