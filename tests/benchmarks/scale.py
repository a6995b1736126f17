"""Text to report of long specs against PyYAML's C parser making the events of the same text.

    python tests/benchmarks/scale.py

Targets: at 20,000 layers at most 5 times the parser; the time per layer does not grow from 1,000 to 100,000.

Then whole commands on specs of 10,000 to 40,000 layers, by processor time. Targets per line: `show` 30 us, `check` 60,
`explain` 300, `diff` 100; none grows with the number of lines.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

import cnncalc

HEAD = "input: {C: 3, H: 224, W: 224}\nlayers:\n"


def same(count: int) -> str:
    """A spec of equal layers."""
    return HEAD + "- {conv: 64, kernel: 3, padding: 1}\n" * count


def mixed(count: int) -> str:
    """A spec as a real one reads, over and over: kinds alternate, and so do the numbers."""
    lines = (
        "- {conv: 64, kernel: 3, padding: 1}\n",
        "- bn\n",
        "- relu\n",
        "- {conv: 96, kernel: 5, padding: half, groups: 2}\n",
        "- {maxpool: 3, stride: 1, padding: 1}\n",
    )
    return HEAD + "".join(lines[i % len(lines)] for i in range(count))


def distinct(count: int) -> str:
    """A spec in which no two layers are equal, the worst case."""
    return HEAD + "".join(f"- {{conv: {64 + i}, kernel: 3, padding: 1}}\n" for i in range(count))


def parse(text: str) -> None:
    """All events of a text, by the C parser."""
    loader = yaml.CSafeLoader(text)
    while loader.check_event():
        loader.get_event()


def best_ratio(text: str, runs: int) -> tuple[float, float]:
    """The median ratio of report to parser, and the report's best time."""
    pairs = [(seconds(lambda: cnncalc.analyze(text=text)), seconds(lambda: parse(text))) for _ in range(runs)]
    return statistics.median(report / events for report, events in pairs), min(report for report, _ in pairs)


def seconds(work: Callable[[], object]) -> float:
    """The time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command_seconds(*arguments: str) -> float:
    """The processor time of one command, whose status may say that something was found."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "cnncalc", *arguments], check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def edited(text: str) -> str:
    """The same spec with another layer in the middle."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: len(lines) // 2], "- relu6\n", *lines[len(lines) // 2 :]])


def commands() -> None:
    """Print the time per line of each command."""
    print(f"{'spec':<10}{'lines':>8}{'show':>10}{'check':>10}{'explain':>10}{'diff':>10}")
    for make in (mixed, distinct):
        for count in (10_000, 20_000, 40_000):
            with tempfile.TemporaryDirectory() as folder:
                one, other = (str(Path(folder, name)) for name in ("one.yaml", "other.yaml"))
                text = make(count)
                Path(one).write_text(text, encoding="utf-8")
                Path(other).write_text(edited(text), encoding="utf-8")
                runs = [("show", one), ("check", one, "--jobs", "1"), ("explain", one), ("diff", one, other)]
                times = [min(command_seconds(*run) for _ in range(2)) / count * 1e6 for run in runs]
            print(f"{make.__name__:<10}{count:>8,}" + "".join(f"{each:>8.0f}us" for each in times), flush=True)


def main() -> None:
    """Print the ratio and the time per layer for each spec and length, and the time of commands."""
    print(f"{'spec':<10}{'layers':>8}{'report':>10}{'per layer':>12}{'ratio':>8}")
    for make in (same, mixed, distinct):
        for count in (1_000, 10_000, 20_000, 50_000, 100_000):
            text = make(count)
            if len(text) > 4_000_000:
                continue
            ratio, best = best_ratio(text, 3 if count > 20_000 else 5)
            print(f"{make.__name__:<10}{count:>8,}{best:>9.2f}s{best / count * 1e6:>10.1f}us{ratio:>8.2f}", flush=True)
    commands()


if __name__ == "__main__":
    main()
