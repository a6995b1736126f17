"""How long the language server takes for each answer while somebody types in googlenet and in a spec of 5,000 lines.

    python tests/benchmarks/editing.py

Targets: each answer for googlenet in 100 ms at the 99th percentile; hints of 5,000 lines in 250 ms.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lsp.client import VS_CODE, Client

from cnncalc.language.source import read_bundled

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


def typed(client: Client, text: str, keys: int) -> None:
    """Type digits into the numbers of a spec, and ask after each what an editor asks."""
    chance, times = random.Random(1), dict[str, list[float]]()
    places = [at for at, sign in enumerate(text) if sign.isdigit() and text[at - 1] in " :"]
    client.open("net.yaml", text)
    for _ in range(keys):
        at = chance.choice(places)
        changed = f"{text[:at]}{chance.randrange(1, 9)}{text[at + 1 :]}"
        client.change("net.yaml", changed)
        line = changed.count("\n", 0, at)
        times.setdefault("hints", []).append(milliseconds(client.hints, "net.yaml", max(line - 30, 0), line + 30))
        for method in METHODS:
            times.setdefault(method, []).append(milliseconds(client.about, method, "net.yaml", line, 10))
    for name, found in times.items():
        report(name, found)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text, keys in (
            ("googlenet", read_bundled("googlenet").text, 200),
            ("5,000 lines", long_spec(5000), 20),
        ):
            print(name)
            with Client(VS_CODE, Path(folder)) as client:
                typed(client, text, keys)


if __name__ == "__main__":
    main()
