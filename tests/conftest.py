"""The option that writes the golden files anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write tests/render/golden/ anew from what cnncalc prints now; read the diff before you commit it",
    )
