"""A search over many variants with `cnncalc.analyze` under Dask, on a cluster of processes on this machine.

    python tests/benchmarks/cluster.py [VARIANTS]

It needs dask with distributed, in a venv of its own: cnncalc does not depend on it. It prints variants a second of one
process, and of the cluster; the cluster's results must be those of the one process. This is the program of
`cnncalc guide searches`.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import cnncalc


def width(thousandths: int) -> tuple[int, int, int]:
    """The params and MACs of one width of MobileNetV2."""
    totals = cnncalc.analyze("mobilenet_v2", set={"width": f"{thousandths / 1000:.3f}"}).totals
    return thousandths, totals.params, totals.macs


def report(thousandths: int) -> cnncalc.Report:
    """The whole report on one width, which a process hands to another."""
    return cnncalc.analyze("mobilenet_v2", set={"width": f"{thousandths / 1000:.3f}"})


def timed(name: str, count: int, work: Callable[[], Any]) -> Any:
    """What the work gives; the rate is printed."""
    start = time.perf_counter()
    result = work()
    print(f"{name:<12}{count / (time.perf_counter() - start):>8.0f} variants/s", flush=True)
    return result


def main() -> None:
    """Compare one process with a cluster."""
    from dask.distributed import Client, LocalCluster  # only this benchmark needs it

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    widths = range(500, 500 + count)
    few = widths[: max(count // 10, 1)]
    alone = timed("one process", len(few), lambda: [width(each) for each in few])
    processors = len(os.sched_getaffinity(0))
    with (
        LocalCluster(n_workers=processors, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        found = timed("cluster", count, lambda: client.gather(client.map(width, widths, batch_size=100)))
        (handed,) = client.gather(client.map(report, [1000]))
    if found[: len(few)] != alone or handed.totals.params != 3_504_872:  # torchvision 0.28
        sys.exit("the cluster found something else than one process")


if __name__ == "__main__":
    main()
