"""Whether what an execution needs at once fits into the machine's memory."""

from __future__ import annotations

import os

from cnncalc.errors import ExecutionError


def require_memory(needed: int) -> None:
    """Raise ExecutionError where an execution needs more bytes than the machine has.

    Asking for too many may end the process instead of failing.
    """
    available = physical_memory()
    if available is not None and needed > available:
        raise ExecutionError(
            f"executing the network needs {needed / 1e9:,.1f} GB of memory, and this machine has "
            f"{available / 1e9:,.1f} GB; a smaller input needs less"
        )


def physical_memory() -> int | None:
    """The machine's memory in bytes; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
