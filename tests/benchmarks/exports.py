"""Run exported code in its framework, with the weights of a run in numpy, and compare what comes out.

    KERAS_BACKEND=torch python tests/benchmarks/exports.py pytorch|keras|scale-sim [NAME ...]

It needs torch, keras or scalesim; none of them is in an extra. Names are those of bundled architectures; their inputs
are made as small as the network takes them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

import cnncalc
from cnncalc.executor.execute import execute
from cnncalc.executor.weights import KeptWeights, RandomWeights
from cnncalc.exporting.export import exported
from cnncalc.exporting.keras_kinds.base import ORDERLESS
from cnncalc.importing.files import import_text

FOLDER = Path(__file__).parents[2] / "architectures"
SIZES = (32, 64, 96, 128)
TOLERANCE = 1e-5

Created = list[tuple[Any, str]]
"""Where each weight is: its module and its name there, in the order in which they are made."""


def small(name: str, to: str) -> cnncalc.Report:
    """The report on an architecture with the smallest of some inputs that it and the target take."""
    report = cnncalc.analyze(name)
    (shape,) = report.network.inputs.values()
    for size in SIZES if shape.rank == 2 else ():
        try:
            smaller = cnncalc.analyze(name, input=[f"H={size}", f"W={size}"])
            exported(smaller, to)
        except cnncalc.CnnCalcError:
            continue
        return smaller
    return cnncalc.analyze(name, input="L=2000") if shape.rank == 1 else report


def computed(report: cnncalc.Report) -> tuple[dict[str, Any], dict[tuple[str, str], Any], Any]:
    """Random inputs, the weights, and the output."""
    source = RandomWeights(0)
    inputs, kept = source.inputs(report.network), KeptWeights(source)
    (wanted,) = report.network.outputs.values()
    outputs = [np.array(seen.output) for seen in execute(report.network, inputs, kept) if seen.path == wanted]
    return inputs, kept.tensors, outputs[0]


def torch_weights(report: cnncalc.Report, kept: dict[tuple[str, str], Any]) -> Iterator[Any]:
    """The weights in the order in which modules make them."""
    for layer in report.layers:
        held = {name: kept[layer.path, name] for name in layer.weight_shapes}
        settings: Any = layer.layer
        if layer.kind == "attention":
            for word in ("weight", "bias"):
                yield from [np.concatenate([held[f"{part}_{word}"] for part in "qkv"])] if f"q_{word}" in held else []
            yield from (held[name] for name in ("out_weight", "out_bias") if name in held)
        elif layer.kind == "conv" and settings.connections:
            yield from connected(layer, held)
        else:
            yield from held.values()


def connected(layer: Any, held: dict[str, Any]) -> Iterator[Any]:
    """The weights of filters that see some maps each, one after the other."""
    first = 0
    for number, maps in enumerate(layer.layer.connections):
        yield held["weight"][first : first + len(maps)]
        yield held["bias"][number : number + 1]
        first += len(maps)


def run_torch(report: cnncalc.Report, code: str) -> str:
    """What the code of PyTorch is worth: the largest difference, beside the largest value."""
    import torch  # type: ignore[import-not-found,unused-ignore]
    from torch import nn  # type: ignore[import-not-found,unused-ignore]

    created: Created = []
    plain_set, plain_buffer = nn.Module.__setattr__, nn.Module.register_buffer

    def set_(self: Any, name: str, value: Any) -> None:
        if isinstance(value, nn.Parameter) and name not in self._parameters:
            created.append((self, name))
        plain_set(self, name, value)

    def buffer(self: Any, name: str, tensor: Any, persistent: bool = True) -> None:
        plain_buffer(self, name, tensor, persistent)
        created.extend([(self, name)] if tensor is not None and name != "num_batches_tracked" else [])

    nn.Module.__setattr__, nn.Module.register_buffer = set_, buffer
    scope: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "exported", "exec"), scope)
    model = [one for one in scope.values() if isinstance(one, type) and one.__module__ == "exported"][-1]().eval()
    nn.Module.__setattr__, nn.Module.register_buffer = plain_set, plain_buffer
    assert sum(one.numel() for one in model.parameters()) == report.totals.params
    inputs, kept, mine = computed(report)
    x = [torch.from_numpy(np.array(one, np.float32))[None] for one in inputs.values()]
    with torch.no_grad():
        for (module, name), weight in zip(created, torch_weights(report, kept), strict=True):
            tensor = getattr(module, name)
            tensor.copy_(torch.from_numpy(np.ascontiguousarray(weight)).reshape(tensor.shape))
        there = model(*x)[0].numpy()
    file = BytesIO()
    torch.export.save(torch.export.export(model, tuple(x)), file)
    try:
        again = cnncalc.analyze(text=import_text("exported.pt2", file.getvalue())).totals
        same = "" if (again.params, again.macs) == (report.totals.params, report.totals.macs) else "  .pt2 differs"
    except cnncalc.CnnCalcError as error:
        same = f"  .pt2: {str(error)[:80]}"
    return f"{difference(mine, there)}{same}"


def keras_weights(report: cnncalc.Report, kept: dict[tuple[str, str], Any]) -> Iterator[Any]:
    """The weights in the order and layout in which layers make them."""
    layers = {layer.path: layer for layer in report.layers}
    for layer in report.layers:
        held = {name: kept[layer.path, name] for name in layer.weight_shapes}
        if layer.kind == "conv" and vars(layer.layer)["connections"]:
            kernels = ((one, one[np.newaxis]) for one in connected(layer, held))
            yield from (np.moveaxis(row, (0, 1), (-1, -2)) if one.ndim > 1 else one for one, row in kernels)
            continue
        elif layer.kind in ("conv", "deconv"):
            held["weight"] = np.moveaxis(held["weight"], (0, 1), (-1, -2))
        elif layer.kind == "depthwise":
            kernels = held["weight"][:, 0]
            kernels = kernels.reshape(layer.inputs[0].channels, -1, *kernels.shape[1:])
            held["weight"] = np.moveaxis(kernels, (0, 1), (-2, -1))
        elif layer.kind in ("tokens", "positions"):
            held["weight"] = held["weight"][np.newaxis]
        elif layer.kind == "attention":
            held = attention_weights(held, vars(layer.layer)["heads"])
        elif layer.kind == "fc":
            held["weight"] = dense_weight(held["weight"], layer, layers)
        yield from held.values()


def dense_weight(weight: Any, layer: Any, layers: dict[str, Any]) -> Any:
    """The weight of a dense layer, which reads what Keras flattens with the channels last."""
    before = layers.get(layer.node.inputs[0])
    while before is not None and before.kind in ORDERLESS:
        before = layers.get(before.node.inputs[0])
    if before is not None and before.kind == "flatten":
        rows = weight.reshape(len(weight), *before.inputs[0].sizes())
        weight = np.moveaxis(rows, 1, -1).reshape(weight.shape)
    return weight.T


def attention_weights(held: dict[str, Any], heads: int) -> dict[str, Any]:
    """The weights of attention, each head's by itself."""
    made = dict(held)
    for name, one in held.items():
        if name == "out_weight":
            made[name] = one.T.reshape(heads, -1, len(one))
        elif name != "out_bias":
            made[name] = one.T.reshape(*one.shape[1:], heads, -1)
    return made


def run_keras(report: cnncalc.Report, code: str) -> str:
    """What the code of Keras is worth: the largest difference, beside the largest value."""
    import keras  # type: ignore[import-not-found,unused-ignore]

    created: list[Any] = []
    plain = keras.layers.Layer.add_weight

    def add_weight(self: Any, *arguments: Any, **named: Any) -> Any:
        created.append(plain(self, *arguments, **named))
        return created[-1]

    keras.backend.clear_session()
    keras.layers.Layer.add_weight = add_weight
    scope: dict[str, Any] = {"__name__": "exported"}
    exec(compile(code, "exported", "exec"), scope)
    model = [one for one in scope.values() if getattr(one, "__module__", "") == "exported"][-1]()
    keras.layers.Layer.add_weight = plain
    assert model.count_params() == report.totals.params + report.totals.buffers
    inputs, kept, mine = computed(report)
    for variable, weight in zip(created, keras_weights(report, kept), strict=True):
        assert tuple(variable.shape) == weight.shape, (variable.path, variable.shape, weight.shape)
        variable.assign(np.ascontiguousarray(weight))
    there = model.predict([np.moveaxis(one, 0, -1)[None] for one in inputs.values()], verbose=0)[0]
    return difference(mine, np.moveaxis(there, -1, 0))


def difference(mine: Any, there: Any) -> str:
    """The largest difference, relative to the largest value."""
    there = there.T if there.ndim == 2 and there.shape != mine.shape else there  # a sequence has its channels last
    assert mine.shape == there.shape, (mine.shape, there.shape)
    worst = float(np.abs(mine - there).max() / np.abs(mine).max())
    assert worst < TOLERANCE, worst
    return f"{worst:.1e}"


def run_scale_sim(report: cnncalc.Report, code: str) -> str:
    """What SCALE-Sim reads out of a topology: output sizes and MACs, row by row."""
    from scalesim.topology_utils import topologies  # type: ignore[import-not-found,unused-ignore]

    Path("exported.csv").write_text(code, "utf-8")
    topology, row = topologies(), 0
    topology.load_arrays("exported.csv")
    for layer in report.layers:
        if layer.kind not in ("conv", "depthwise", "fc"):
            continue
        groups = {"fc": 1, "depthwise": layer.inputs[0].channels}.get(layer.kind) or vars(layer.layer)["groups"]
        assert tuple(topology.get_layer_ofmap_dims(row)) == (layer.output.spatial or (1, 1)), layer.path
        assert sum(topology.get_layer_mac_ops(row + group) for group in range(groups)) == layer.macs, layer.path
        row += groups
    assert row == topology.get_num_layers()
    return f"{row} rows"


RUNS: dict[str, Callable[[cnncalc.Report, str], str]] = {
    "pytorch": run_torch, "keras": run_keras, "scale-sim": run_scale_sim,
}  # fmt: skip


def main(to: str, *names: str) -> None:
    """Print a line for each architecture."""
    for name in names or sorted(path.stem for path in FOLDER.glob("*.yaml")):
        try:
            report = small(name, to) if to != "scale-sim" else cnncalc.analyze(name)
            print(f"  {name:28} {RUNS[to](report, exported(report, to).text)}", flush=True)
        except cnncalc.ExportError as error:
            print(f"- {name:28} {str(error).splitlines()[1].strip()}", flush=True)
        except Exception as error:  # the others are of interest, too
            print(f"! {name:28} {type(error).__name__}: {str(error)[:200]}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
