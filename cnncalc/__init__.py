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
from cnncalc.api import analyze, draw, export, from_keras, from_torch, run, verify
from cnncalc.errors import (
    ArchitectureNotFound,
    CnnCalcError,
    ExecutionError,
    ExportError,
    MissingExtra,
    OverrideError,
    Problem,
    ShapeError,
    SpecError,
)

__version__ = "0.2.0"

__all__ = [
    "ArchitectureNotFound",
    "CnnCalcError",
    "ExecutionError",
    "ExportError",
    "MissingExtra",
    "OverrideError",
    "Problem",
    "Report",
    "ShapeError",
    "SpecError",
    "analyze",
    "draw",
    "export",
    "from_keras",
    "from_torch",
    "run",
    "verify",
]


def _html(report: Report) -> str:
    """A report as a notebook shows it."""
    from cnncalc.pages.notebook import notebook_html

    return notebook_html(report)


def _text(report: Report) -> str:
    """A report as `print` shows it."""
    from cnncalc.pages.notebook import report_text

    return report_text(report)


Report._repr_html_ = _html
Report._text = _text
