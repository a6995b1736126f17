"""Whole-process time of commands against what they are compared with.

    python tests/benchmarks/startup.py [RUNS]

Targets for the median ratios: `show alexnet.yaml` at most 1.1 of importing the libraries that it prints with, and
`draw resnet50` at most 2 of `show resnet50`. The two run in turn, because the machine's speed drifts.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CNNCALC = str(Path(sys.executable).with_name("cnncalc"))
PAIRS = {
    "show alexnet.yaml / import click, yaml, rich": (
        [CNNCALC, "show", "alexnet.yaml"], [sys.executable, "-c", "import click, yaml, rich.console, rich.table"],
    ),
    "draw resnet50 / show resnet50": ([CNNCALC, "draw", "resnet50"], [CNNCALC, "show", "resnet50"]),
}  # fmt: skip


def seconds(command: list[str], env: dict[str, str]) -> float:
    """The wall time of one process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=env)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and the ratio, pair by pair."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as cache:
        # An installed package is compiled; so is a checkout here, whatever the environment says.
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": cache}
        for title, pair in PAIRS.items():
            for command in pair:
                seconds(command, env)
            times = [[seconds(command, env) for command in pair] for _ in range(runs)]
            medians = [statistics.median(one) * 1000 for one in zip(*times, strict=True)]
            ratios = [one / other for one, other in times]
            print(f"{title}: {medians[0]:.0f} / {medians[1]:.0f} ms")
            print(f"  ratio: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
