"""All bundled architectures: whole-process time of `cnncalc list`, and where each spec's time goes.

    python tests/benchmarks/zoo.py [RUNS]

Target: a median under two seconds for all of them, with and without --check.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TypeVar

from cnncalc.analysis.claims import compare_claims
from cnncalc.api import analyze_source
from cnncalc.language.grammar import read_spec
from cnncalc.language.source import bundled_names, read_bundled

COMMANDS = (["list"], ["list", "--check"], ["list", "mobile"])
SLOWEST = 10

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """The wall time of one call, with its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def process_seconds(arguments: list[str], env: dict[str, str]) -> float:
    """The wall time of one `cnncalc`."""
    command = [sys.executable, "-m", "cnncalc", *arguments]
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env))[0]


def processes(runs: int) -> None:
    """Print the time of the whole command."""
    with tempfile.TemporaryDirectory() as cache:
        # An installed package is compiled; so is a checkout here, whatever the environment says.
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": cache}
        for arguments in COMMANDS:
            process_seconds(arguments, env)
            seconds = [process_seconds(arguments, env) for _ in range(runs)]
            text = f"cnncalc {' '.join(arguments)}"
            print(f"{text:<24}median {statistics.median(seconds):.2f} s, best {min(seconds):.2f} s")


def best(name: str, runs: int) -> tuple[float, float, float, int]:
    """Best times of reading, analysing and comparing one spec, and its layers."""
    reading, spec = min((timed(lambda: read_spec(read_bundled(name))) for _ in range(runs)), key=lambda pair: pair[0])
    analysis, report = min((timed(lambda: analyze_source(spec)) for _ in range(runs)), key=lambda pair: pair[0])
    comparing = min(timed(lambda: compare_claims(report))[0] for _ in range(runs))
    return reading, analysis, comparing, len(report)


def specs(runs: int) -> None:
    """Print the time per spec: the sums, and the slowest."""
    times = {name: best(name, runs) for name in bundled_names()}
    print(f"\n{'spec':<28}{'layers':>8}{'reading':>10}{'analysis':>10}{'claims':>10}{'per layer':>12}")
    sums = tuple(sum(column) for column in zip(*times.values(), strict=True))
    slowest = sorted(times.items(), key=lambda item: -sum(item[1][:3]))[:SLOWEST]
    for name, (reading, analysis, comparing, layers) in [(f"all {len(times)}", sums), *slowest]:
        each = (reading + analysis + comparing) / layers
        milliseconds = "".join(f"{seconds * 1e3:>8.1f}ms" for seconds in (reading, analysis, comparing))
        print(f"{name:<28}{layers:>8,}{milliseconds}{each * 1e6:>10.0f}us")


def main() -> None:
    """Print both."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    processes(runs)
    specs(runs)


if __name__ == "__main__":
    main()
