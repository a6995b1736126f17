"""What follows from layers is kept for further networks: not from a wrong rule to the next test."""

from collections.abc import Iterator

import pytest

from cnncalc.layers.facts import forget


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    forget()
    yield
    forget()
