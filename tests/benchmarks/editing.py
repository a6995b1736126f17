"""How long each answer takes while somebody types in googlenet and in a spec of 5,000 lines: in editors, in the page.

    python tests/benchmarks/editing.py

Targets: each answer for googlenet in 100 ms at the 99th percentile; hints of 5,000 lines in 250 ms, and the figures
of the page (text) in 500 ms.
"""

import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from lsp.client import VS_CODE, Client

from cnncalc.cli.main import COLLECTED
from cnncalc.language.source import read_bundled
from cnncalc.live.answers import Desk

METHODS = ("hover", "completion", "documentSymbol", "definition", "foldingRange", "codeLens")


def long_spec(lines: int) -> str:
    """A spec with so many lines of layers."""
    pairs = (f"- {{conv: {8 + number % 40}, kernel: 3, padding: 1}}\n- relu\n" for number in range(lines // 2))
    return "".join(("input: 3x64x64\nlayers:\n", *pairs))


def milliseconds(action: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    action(*arguments)
    return 1000 * (time.perf_counter() - start)


def report(name: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:<28} median {statistics.median(times):6.1f} ms   99 % {cuts[98]:6.1f} ms   most {max(times):6.1f} ms")


def edits(text: str, keys: int) -> Iterator[tuple[str, int]]:
    """The text with another digit in one of its numbers each time, and the line of that."""
    chance = random.Random(1)
    places = [at for at, sign in enumerate(text) if sign.isdigit() and text[at - 1] in " :"]
    for _ in range(keys):
        at = chance.choice(places)
        changed = f"{text[:at]}{chance.randrange(1, 9)}{text[at + 1 :]}"
        yield changed, changed.count("\n", 0, at)


def typed(client: Client, text: str, keys: int) -> None:
    """Ask after each edit what an editor asks."""
    times: dict[str, list[float]] = {}
    client.open("net.yaml", text)
    for changed, line in edits(text, keys):
        client.change("net.yaml", changed)
        times.setdefault("hints", []).append(milliseconds(client.hints, "net.yaml", max(line - 30, 0), line + 30))
        for method in METHODS:
            times.setdefault(method, []).append(milliseconds(client.about, method, "net.yaml", line, 10))
    for name, found in times.items():
        report(name, found)


def asked(text: str, keys: int) -> None:
    """Ask after each edit what the page asks."""
    desk, times = Desk(), dict[str, list[float]]()
    for changed, line in edits(text, keys):
        position = {"line": line, "character": 10}
        told = {
            "ask": "text",
            "text": changed,
            "check": False,
            "first_line": max(line - 100, 0),
            "last_line": line + 100,
        }
        others = [{"ask": ask, "position": position} for ask in ("problems", "figure", "hover", "complete")]
        requests: list[dict[str, Any]] = [told, *others]
        for request in requests:
            took = milliseconds(lambda request=request: json.dumps(desk.answer(request)))
            times.setdefault(request["ask"], []).append(took)
    for name, found in times.items():
        report(name, found)


def main() -> None:
    gc.set_threshold(COLLECTED)  # as every command does
    with tempfile.TemporaryDirectory() as folder:
        for name, text, keys in (
            ("googlenet", read_bundled("googlenet").text, 200),
            ("5,000 lines", long_spec(5000), 20),
        ):
            print(f"{name}, the language server")
            with Client(VS_CODE, Path(folder)) as client:
                typed(client, text, keys)
            print(f"{name}, the live page")
            asked(text, keys)


if __name__ == "__main__":
    main()
