"""Answers to a page from a web worker, in which Pyodide runs: requests and answers are JSON."""

from __future__ import annotations

import gc
import json

from cnncalc.live.answers import Desk

gc.set_threshold(50_000)  # records have no cycles, and every look for some visits all of them

DESK = Desk()


def answer(request: str) -> str:
    """The answer to a request, both as JSON."""
    return json.dumps(DESK.answer(json.loads(request)))
