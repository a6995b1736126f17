"""A law that holds for every one of many things, as one test: thousands of tests would cost more than what they ask."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import TypeVar

import pytest

T = TypeVar("T")


def for_every(
    things: Collection[T], name: Callable[[T], str] = str
) -> Callable[[Callable[[T], None]], Callable[[], None]]:
    """A decorator that makes a test of a law: it must hold for all things, and those that break it are named."""
    assert things

    def decorate(law: Callable[[T], None]) -> Callable[[], None]:
        @wraps(law)
        def test() -> None:
            errors = []
            for thing in things:
                try:
                    law(thing)
                except (Exception, pytest.fail.Exception) as error:
                    error.add_note(f"for {name(thing)}")
                    errors.append(error)
            if errors:
                raise BaseExceptionGroup(f"{law.__name__}: {len(errors)} of {len(things)}", errors)

        del test.__wrapped__  # pytest would ask for its arguments
        return test

    return decorate
