"""Whole-process time and memory of `cnncalc verify vgg16` against PyTorch building VGG-16 and running it once.

    python tests/benchmarks/verify.py [RUNS]

Targets: a quarter of PyTorch's time, a fifth of its memory. The two run in turn, because the machine's speed
drifts. torch is in no extra.
"""

import os
import statistics
import sys
import time
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("cnncalc")), "verify", "vgg16"]
TORCH = """
import torch
from torch import nn
widths = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]
layers, channels = [], 3
for width in widths:
    layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(True)] if width else [nn.MaxPool2d(2)]
    channels = width or channels
layers += [nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(True), nn.Linear(4096, 4096), nn.ReLU(True)]
model = nn.Sequential(*layers, nn.Linear(4096, 1000)).eval()
torch.set_num_threads(2)
with torch.inference_mode():
    model(torch.rand(1, 3, 224, 224))
"""
OTHER = [sys.executable, "-c", TORCH]


def measured(command: list[str]) -> tuple[float, int]:
    """Seconds and bytes at most resident of one process."""
    start = time.perf_counter()
    process = os.posix_spawn(
        command[0], command, dict(os.environ), file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def main() -> None:
    """Print both medians and the ratios."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    pairs = [(measured(COMMAND), measured(OTHER)) for _ in range(runs)]
    for name, index in (("cnncalc verify vgg16", 0), ("torch, VGG-16 once", 1)):
        seconds = statistics.median(pair[index][0] for pair in pairs)
        memory = statistics.median(pair[index][1] for pair in pairs)
        print(f"{name:21} median {seconds:.2f} s, {memory / 2**20:.0f} MiB")
    print(f"ratio of time         median {statistics.median(a[0] / b[0] for a, b in pairs):.2f}")
    print(f"ratio of memory       median {statistics.median(a[1] / b[1] for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()
