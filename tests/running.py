"""Running commands: the types of the fixtures that do it, and what would disturb them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess
from threading import Timer
from typing import Any

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

INTERRUPTIBLE = """
import signal
from cnncalc.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""The command line, which can be interrupted even if these tests are a job in the background, which cannot."""


@contextmanager
def interruptible(*arguments: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the command line that goes on until it is interrupted; it is ended if a test waits for too long."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *arguments],
        env={**os.environ, "TERM": "xterm", "PYTHONUTF8": "1"},
        **streams,
    ) as child:
        late = Timer(30, child.kill)
        late.start()
        try:
            yield child
        finally:
            late.cancel()
            child.kill()
