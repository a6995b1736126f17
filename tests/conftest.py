"""The option that writes the golden files anew, and how many threads numpy multiplies with."""

import os

import pytest

# Read when numpy is imported. On cores that others use too, two threads wait for each other most of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write tests/render/golden/ anew from what cnncalc prints now; read the diff before you commit it",
    )
