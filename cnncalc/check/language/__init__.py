"""The problems that reading a spec can find, each with what it means: the ids are those of `spec` and `network`."""

from __future__ import annotations

from cnncalc.check.explained import Explained
from cnncalc.check.language.content import CONTENT
from cnncalc.check.language.form import FORM

LANGUAGE: dict[str, Explained] = dict(sorted({**FORM, **CONTENT}.items()))
"""Every problem, by id."""
