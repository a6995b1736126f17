"""One forward pass of the executor against PyTorch's, or ONNX Runtime's where torch is not installed.

    python tests/benchmarks/execution.py [RUNS] [NAME ...]
    OPENBLAS_NUM_THREADS=1 python tests/benchmarks/execution.py     # CPU time of one thread

Both run the same network with the same weights on as many threads, in turn, because the machine's speed
drifts. With one thread CPU time is measured, which others on the machine disturb least, else the time that
passes. Targets: on one thread at most the other's time for alexnet, 1.25 times for vgg16, resnet50 and
resnext50_32x4d, 1.5 times for the rest; on all threads of a busy machine at most the other's for all; the
convolutions of vgg16 at 75 % or more of the machine's sgemm rate. torch is in no extra.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import cnncalc
from cnncalc.executor.base import Array
from cnncalc.executor.execute import execute
from cnncalc.executor.threads import CORES
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.network.model import Network

clock = time.process_time if CORES == 1 else time.perf_counter

NAMES = ("vgg16", "resnet50", "alexnet", "mobilenet_v2", "resnext50_32x4d", "densenet121")


def ours(network: Network, inputs: dict[str, Array], weights: KeptWeights) -> tuple[float, Array, float]:
    """Seconds of one pass, the last output, and the seconds of its convolutions."""
    start = before = clock()
    convolutions = 0.0
    for observation in execute(network, inputs, weights):
        now = clock()
        if observation.node.layer.kind == "conv":
            convolutions += now - before
        before = now
    return before - start, np.array(observation.output), convolutions


def torch_runner(network: Network, inputs: dict[str, Array], weights: KeptWeights) -> Callable[[], Array]:
    """The same network layer by layer with torch's functions."""
    import torch
    import torch.nn.functional as f

    torch.set_num_threads(CORES)
    tensors: dict[str, dict[str, Any]] = {node.path: {} for node in network.nodes}
    for (path, name), array in weights.tensors.items():
        tensors[path][name] = torch.from_numpy(np.ascontiguousarray(array))

    def pads(layer: Any) -> tuple[int, ...]:
        if layer.padding == "half":
            return tuple(d * (k - 1) // 2 for k, d in zip(layer.kernel, layer.dilation, strict=True))
        return tuple(before for before, _ in layer.padding)

    def conv(layer: Any, t: dict[str, Any], x: Any) -> Any:
        groups = x.shape[1] if layer.kind == "depthwise" else layer.groups
        return f.conv2d(x, t["weight"], t.get("bias"), layer.stride, pads(layer), layer.dilation, groups)

    functions: dict[str, Callable[..., Any]] = {
        "conv": conv,
        "depthwise": conv,
        "bn": lambda s, t, x: f.batch_norm(x, t["running_mean"], t["running_var"], t["weight"], t["bias"], eps=s.eps),
        "maxpool": lambda s, t, x: f.max_pool2d(x, s.kernel, s.stride, pads(s)),
        "avgpool": lambda s, t, x: f.avg_pool2d(x, s.kernel, s.stride, pads(s)),
        "global_avgpool": lambda s, t, x: f.adaptive_avg_pool2d(x, 1),
        "fc": lambda s, t, x: f.linear(x, t["weight"], t.get("bias")),
        "relu": lambda s, t, x: f.relu_(x),
        "relu6": lambda s, t, x: f.relu6(x, inplace=True),
        "lrn": lambda s, t, x: f.local_response_norm(x, s.size, s.alpha * s.size, s.beta, s.k),
        "flatten": lambda s, t, x: torch.flatten(x, 1),
        "softmax": lambda s, t, x: f.softmax(x, 1),
        "dropout": lambda s, t, x: x,
        "add": lambda s, t, x, *others: sum(others, start=x),
        "concat": lambda s, t, *x: torch.cat(x, 1),
    }
    last_reader = {path: node.path for node in network.nodes for path in node.inputs}

    def run() -> Array:
        with torch.inference_mode():
            values = {name: torch.from_numpy(array)[None] for name, array in inputs.items()}
            for node in network.nodes:
                operands = (values[path] for path in node.inputs)
                values[node.path] = functions[node.layer.kind](node.layer, tensors[node.path], *operands)
                for path in node.inputs:
                    if last_reader[path] == node.path:
                        values.pop(path, None)
            output: Array = values[network.nodes[-1].path].numpy()[0]
            return output

    return run


def sgemm_rate() -> float:
    """Multiply–accumulates a second of a large matrix product."""
    a, b = (np.random.default_rng(i).random((2048, 2048), np.float32) for i in (0, 1))
    c = a @ b
    seconds = []
    for _ in range(5):
        start = clock()
        np.matmul(a, b, out=c)
        seconds.append(clock() - start)
    return 2048**3 / min(seconds)


def main() -> None:
    """Print both times and the ratio, pair by pair."""
    arguments = sys.argv[1:]
    runs = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 10
    for name in arguments or NAMES:
        report = cnncalc.analyze(name)
        network, source = report.network, RandomWeights(0)
        weights = KeptWeights(source)  # drawn once, so that drawing is not timed
        inputs = {input_: source.input(input_, shape) for input_, shape in network.inputs.items()}
        _, expected, _ = ours(network, inputs, weights)
        other = torch_runner(network, inputs, weights)
        given = other()
        pairs = [(ours(network, inputs, weights), timed(other)) for _ in range(runs)]
        mine, theirs = min(pair[0][0] for pair in pairs), min(pair[1] for pair in pairs)
        ratio = statistics.median(seconds / other_seconds for (seconds, _, _), other_seconds in pairs)
        macs = sum(layer.macs for layer in report.layers if layer.kind == "conv")
        rate = macs / min(pair[0][2] for pair in pairs) / sgemm_rate()
        print(f"{name}\n  cnncalc {mine * 1e3:.1f} ms, torch {theirs * 1e3:.1f} ms, median ratio {ratio:.2f}")
        print(f"  convolutions at {rate:.0%} of sgemm")
        print(f"  largest difference of the output {np.abs(expected - given).max() / np.abs(given).max():.0e}")


def timed(run: Callable[[], Array]) -> float:
    """Seconds of one run."""
    start = clock()
    run()
    return clock() - start


if __name__ == "__main__":
    main()
