"""cnncalc: the calculator for CNN architectures.

>>> import cnncalc
>>> report = cnncalc.analyze("alexnet")
>>> report["conv1"].output_shape
(96, 55, 55)
>>> report.totals.params
60965224
"""

from __future__ import annotations

from cnncalc.analysis.report import Report
from cnncalc.api import analyze, from_keras, from_torch, run, verify
from cnncalc.errors import (
    ArchitectureNotFound,
    CnnCalcError,
    ExecutionError,
    MissingExtra,
    OverrideError,
    Problem,
    ShapeError,
    SpecError,
)

__version__ = "0.1.0"

__all__ = [
    "ArchitectureNotFound",
    "CnnCalcError",
    "ExecutionError",
    "MissingExtra",
    "OverrideError",
    "Problem",
    "Report",
    "ShapeError",
    "SpecError",
    "analyze",
    "from_keras",
    "from_torch",
    "run",
    "verify",
]


def _show_in_notebook(report: Report) -> str:
    """A report as the HTML table that a notebook shows."""
    from cnncalc.render.html import html_table

    return html_table(report)


Report._repr_html_ = _show_in_notebook
