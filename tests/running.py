"""Running commands: the types of the fixtures that do it, and what would disturb them."""

from collections.abc import Callable
from subprocess import CompletedProcess

from click.testing import Result

Run = Callable[..., Result]
"""`run("show", "net.yaml")`: the result in this process."""

Process = Callable[..., CompletedProcess[bytes]]
"""The same as a process of its own."""

Output = Callable[..., str]
"""`output("show", "alexnet")`: what is printed."""

TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "PYTHONIOENCODING")
"""What would change the output on the developer's machine."""

SOON = 5
"""Seconds of this process that a hostile input may take on the slowest machine; without bounds it takes minutes.

That it is within a second on an idle one is for the benchmarks to say.
"""
