"""Specs that `cnncalc check` gets through in a second, the whole command, and whether the time stays linear.

    python tests/benchmarks/check.py

Targets, on two cores: 1,000 specs a second, and 5,000 in 5 seconds; the time per spec does not grow with their number.
The specs are ten bundled architectures of 5 to 60 layers, over and over, each with a comment of its own: what is kept
from one spec for the next is of use in all of them.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cnncalc.language.source import read_bundled

NAMES = (
    "alexnet", "alexnet_keras_flowers", "lenet5", "mnist_keras", "nin_cifar10",
    "resnet18", "squeezenet1_1", "unet", "vgg16", "zfnet",
)  # fmt: skip


def write_specs(folder: Path, count: int) -> None:
    """A repository of specs, a hundred to a folder; no two are the same text."""
    for number in range(count):
        place = folder / f"models{number // 100:03}"
        place.mkdir(exist_ok=True)
        text = read_bundled(NAMES[number % len(NAMES)]).text
        (place / f"net{number:05}.yaml").write_text(f"# spec {number}\n{text}", encoding="utf-8")


def seconds(folder: Path, *options: str) -> tuple[float, float]:
    """The wall time of one check of a folder, and the processor time of all its processes."""
    command = [sys.executable, "-m", "cnncalc", "check", str(folder), "--format", "concise", *options]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the rate for growing numbers of specs, and for one process beside one for each processor."""
    print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}")
    print(f"{'specs':>6}  {'processes':<12}{'wall':>8}{'specs/s':>9}{'cpu':>9}{'specs/cpu s':>13}")
    for count in (10, 100, 1_000, 2_000, 5_000):
        with tempfile.TemporaryDirectory() as folder:
            write_specs(Path(folder), count)
            for name, options in (("by itself", ()), ("1", ("--jobs", "1"))):
                wall, cpu = min(seconds(Path(folder), *options) for _ in range(3))
                print(f"{count:>6,}  {name:<12}{wall:>7.2f}s{count / wall:>9.0f}{cpu:>8.2f}s{count / cpu:>13.0f}")


if __name__ == "__main__":
    main()
