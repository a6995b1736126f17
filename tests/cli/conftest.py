"""The tests of commands run in folders of their own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def in_folder(folder: Path) -> None:
    """Nothing is written beside the tests."""
