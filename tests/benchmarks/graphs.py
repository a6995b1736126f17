"""Whole-process time and memory of `cnncalc show` for graphs without weights, against specs.

    PYTHONPATH=.:tests python tests/benchmarks/graphs.py [FILE...]

Graphs of 1, 2 and 4 MB are made here, as .pt2 and as ONNX. Targets: time linear in size, memory at 4 MB under 40 MB
above an empty start. Each FILE (.pt2 or .onnx) has the name of a bundled architecture, as densenet121.pt2 exported
by torch without its weights: at most 0.3 s more than from YAML.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from importing.making import pt2

MEGABYTE = 1_000_000
SIZES = (1, 2, 4)
RUNS = 3


def seconds_and_memory(spec: str) -> tuple[float, float]:
    """The least seconds of the processor, and the MB, that `cnncalc show SPEC` takes."""
    command = [sys.executable, "-m", "cnncalc", "show", spec, "--format", "csv"]
    runs = []
    for _ in range(RUNS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(command)} ends with {os.waitstatus_to_exitcode(status)}")
        runs.append((used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
    return min(runs)


def pt2_graph(count: int) -> bytes:
    """Residual blocks of a convolution, a norm and an activation each, as torch exports them."""
    values: dict[str, tuple[int, ...]] = {"x": (1, 16, 32, 32)}
    nodes: list[tuple[str, str, dict[str, object]]] = []
    modules: dict[str, tuple[str, str]] = {}
    before = "x"
    for n in range(count):
        conv, bn, relu, total = (f"{word}_{n}" for word in ("conv2d", "batch_norm", "relu", "add"))
        weights = {f"p_w{n}": (16, 16, 3, 3), f"p_g{n}": (16,), f"p_b{n}": (16,), f"b_m{n}": (16,), f"b_v{n}": (16,)}
        values |= weights | dict.fromkeys((conv, bn, relu, total), (1, 16, 32, 32))
        gamma, beta, mean, variance = list(weights)[1:]
        norm = {"weight": gamma, "bias": beta, "running_mean": mean, "running_var": variance}
        nodes += [
            (conv, "conv2d.default", {"input": before, "weight": f"p_w{n}", "bias": None, "padding": [1, 1]}),
            (bn, "batch_norm.default", {"input": conv, **norm, "eps": 1e-5}),
            (relu, "relu.default", {"input": bn}),
            (total, "add.Tensor", {"self": relu, "other": before}),
        ]
        modules |= {one: (f"layers.{n}.{one}", "torch.nn.Module") for one in (conv, bn, relu, total)}
        before = total
    return pt2(values, nodes, before, modules)


def onnx_graph(count: int) -> bytes:
    """The same as ONNX, whose weights have dims and no values."""
    from onnx import TensorProto, helper

    nodes, weights, before = [], [], "x"
    for n in range(count):
        relu = f"relu_{n}"
        weights.append(TensorProto(name=f"w{n}", data_type=1, dims=[16, 16, 3, 3]))
        nodes += [
            helper.make_node("Conv", [before, f"w{n}"], [f"conv_{n}"], f"/layers.{n}/conv/Conv", pads=[1, 1, 1, 1],
                             kernel_shape=[3, 3], strides=[1, 1], dilations=[1, 1], group=1),
            helper.make_node("Relu", [f"conv_{n}"], [relu], f"/layers.{n}/relu/Relu"),
            helper.make_node("Add", [relu, before], [f"add_{n}"], f"/layers.{n}/Add"),
        ]  # fmt: skip
        before = f"add_{n}"
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 16, 32, 32]) for name in ("x", before)]
    content: bytes = helper.make_model(helper.make_graph(nodes, "net", ends[:1], ends[1:], weights)).SerializeToString()
    return content


def sized(make: Callable[[int], bytes], megabytes: int, length: Callable[[bytes], int]) -> bytes:
    """A graph of this size."""
    return make(round(megabytes * MEGABYTE / (length(make(1200)) - length(make(200))) * 1000))


def made(folder: Path) -> Iterator[Path]:
    """The graphs that are made here."""
    from cnncalc.importing.bounds import member

    for megabytes in SIZES:
        for suffix, make in (("pt2", pt2_graph), ("onnx", onnx_graph)):
            inside = len if suffix == "onnx" else lambda content: len(member(content, "net/models/model.json"))
            path = folder / f"{megabytes}MB.{suffix}"
            path.write_bytes(sized(make, megabytes, inside))
            yield path


def main(paths: list[str]) -> None:
    """Print seconds and memory of each graph beyond those of a small spec, or of the spec of its name."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.yaml"
        small.write_text("input: 1x1x1\nlayers: [relu]\n")
        base = seconds_and_memory(str(small))
        print(f"empty start: {base[0]:.2f} s, {base[1]:.0f} MB")
        for path in made(Path(folder)):
            seconds, memory = seconds_and_memory(str(path))
            print(f"{path.name:20} {seconds - base[0]:6.2f} s {memory - base[1]:6.0f} MB more", flush=True)
        for file in paths:
            (seconds, memory), spec = seconds_and_memory(file), seconds_and_memory(Path(file).stem)
            print(f"{Path(file).name:20} {seconds - spec[0]:6.2f} s {memory - spec[1]:6.0f} MB more than from YAML")


if __name__ == "__main__":
    main(sys.argv[1:])
