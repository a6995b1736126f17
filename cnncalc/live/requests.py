"""Requests of a page, read from plain data that may be anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cnncalc.errors import CnnCalcError

Request = Mapping[str, object]

Answer = dict[str, Any]


class RequestError(CnnCalcError):
    """A request lacks something that it needs."""


def text_in(request: Request, key: str, default: str | None = None) -> str:
    """A text of a request; the default if it has none."""
    value = request.get(key, default)
    if not isinstance(value, str):
        raise RequestError(f"'{key}' is {_shown(value)}; a text is expected")
    return value


def number_in(request: Mapping[str, object], key: str, default: int | None = None, most: int | None = None) -> int:
    """A whole number of a request, from 0 on; the default if it has none."""
    value = request.get(key, default)
    if type(value) is not int or value < 0 or (most is not None and value > most):
        wanted = "of 0 or more" if most is None else f"from 0 to {most:,}"
        raise RequestError(f"'{key}' is {_shown(value)}; a whole number {wanted} is expected")
    return value


def word_in(request: Request, key: str, known: Collection[str], default: str | None = None) -> str:
    """A word of a request, one of those that are known; the default if it has none."""
    word = text_in(request, key, default)
    if word not in known:
        raise RequestError(f"'{key}' is {_shown(word)}; one of {', '.join(known)} is expected")
    return word


def map_in(request: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A mapping in a request."""
    value = request.get(key)
    if not isinstance(value, Mapping):
        raise RequestError(f"'{key}' is {_shown(value)}; a mapping is expected")
    return value


def words_in(request: Request, key: str) -> tuple[str, ...]:
    """The texts of a list of a request; none if it has no list."""
    return _words(key, request.get(key, ()))


def rows_in(request: Request, key: str) -> list[tuple[str, ...]]:
    """The rows of a table of texts in a request; none if it has no table."""
    value = request.get(key, ())
    if not isinstance(value, list | tuple):
        raise RequestError(f"'{key}' is {_shown(value)}; a list of rows is expected")
    return [_words(key, row) for row in value]


def _words(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise RequestError(f"'{key}' is {_shown(value)}; a list of texts is expected")
    return tuple(value)


def _shown(value: object) -> str:
    return "not given" if value is None else f"{value!r:.40}"
