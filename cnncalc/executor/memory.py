"""The memory that an execution may use, checked before anything is allocated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cnncalc.errors import OutOfMemory

CGROUPS = Path("/sys/fs/cgroup")
PROCESS_GROUPS = Path("/proc/self/cgroup")


def require_memory(needed: int) -> None:
    """Raise OutOfMemory if an execution needs more bytes than it may have.

    To allocate too many may end the process instead of failing.
    """
    available = available_memory()
    if available is not None and needed > available:
        raise OutOfMemory(
            f"executing the network needs {needed / 1e9:,.1f} GB of memory, and this process may use "
            f"{available / 1e9:,.1f} GB; a smaller input needs less"
        )


def available_memory() -> int | None:
    """Bytes that this process may use: of the machine, its control group and its own limit; None if it is not known."""
    limits = [*_of_machine(), *_of_groups(), *_of_process()]
    return min(limits, default=None)


def _of_machine() -> Iterator[int]:
    try:
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return


def _of_groups() -> Iterator[int]:
    """The limits of the control groups, versions 1 and 2, that hold this process."""
    try:
        lines = PROCESS_GROUPS.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        root, name = (CGROUPS / "memory", "memory.limit_in_bytes") if controllers else (CGROUPS, "memory.max")
        if controllers and "memory" not in controllers.split(","):
            continue
        group = root / path.lstrip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(root):
                yield from _number(folder / name)


def _number(file: Path) -> Iterator[int]:
    """The number in a file; none if there is no such file, or it says `max`."""
    try:
        yield int(file.read_text("utf-8"))
    except (OSError, ValueError):
        return


def _of_process() -> Iterator[int]:
    """The bytes that `ulimit -v` leaves; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        yield soft
