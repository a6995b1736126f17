"""The bundled architectures, each analysed once for all the tests that only look at it."""

from functools import cache
from pathlib import Path

import cnncalc

FOLDER = Path(__file__).parents[1] / "architectures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def text_of(name: str) -> str:
    """The spec as it is written."""
    return (FOLDER / f"{name}.yaml").read_text("utf-8")


@cache
def report_of(name: str, inputs: str = "", variables: str = "") -> cnncalc.Report:
    """The report on an architecture, with other inputs and variables as `H=63 W=63` and `width=0.5`."""
    return cnncalc.analyze(name, input=inputs.split(), set=dict(value.split("=") for value in variables.split()))
