"""The tests of commands run in folders of their own."""

from pathlib import Path

import pytest

WRONG_PROBLEMS = """\
wrong.yaml:3:24: conv has no parameter 'kernal'; did you mean 'kernel'? (unknown-parameter)
wrong.yaml:4:3: unknown layer kind 'rellu'; did you mean 'relu'? (unknown-kind)
"""


@pytest.fixture(autouse=True)
def in_folder(folder: Path) -> None:
    """Nothing is written beside the tests."""


@pytest.fixture
def problems_of_wrong() -> str:
    """What is printed about wrong.yaml."""
    return WRONG_PROBLEMS
