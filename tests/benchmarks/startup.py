"""Whole-process time of `cnncalc show alexnet.yaml` against importing the libraries that it prints with.

    python tests/benchmarks/startup.py [RUNS]

Target: a median ratio of at most 1.5. The two run in turn, because the machine's speed drifts.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("cnncalc")), "show", "alexnet.yaml"]
BASE = [sys.executable, "-c", "import click, yaml, rich.console, rich.table"]


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
        for command in (COMMAND, BASE):
            seconds(command, env)
        pairs = [(seconds(COMMAND, env), seconds(BASE, env)) for _ in range(runs)]
    ratios = [show / base for show, base in pairs]
    print(f"cnncalc show alexnet.yaml   median {statistics.median(show for show, _ in pairs) * 1000:.0f} ms")
    print(f"import click, yaml, rich    median {statistics.median(base for _, base in pairs) * 1000:.0f} ms")
    print(f"ratio                       median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
