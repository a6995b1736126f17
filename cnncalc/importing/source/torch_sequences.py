"""PyTorch's modules for sequences: attention and recurrent layers, with their order of axes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.torch_operations import TorchOperations
from cnncalc.importing.source.torch_tensors import TorchTensor
from cnncalc.importing.source.values import Instance, Stuck, Unknown


def run_sequence(
    operations: TorchOperations, instance: Instance, target: str, arguments: Mapping[str, Any], args: list[Any]
) -> Any:
    """The result of attention or a recurrent layer: its values, and the others that PyTorch returns."""
    at = ast.Pass(lineno=instance.line, col_offset=0)
    if len(args[0].dims) != 3:
        raise Stuck(instance.line, f"{instance.class_name} reads values of three axes, not {len(args[0].dims)}")
    batch_first = instance.attributes["batch_first"] is True
    inputs = [one if batch_first else _turned(operations, one, at) for one in args if isinstance(one, TorchTensor)]
    if target == "attention":
        value = _attention(operations, instance, arguments, inputs, at)
        return (value if batch_first else _turned(operations, value, at)), Unknown(
            instance.line, "weights of attention"
        )
    if arguments.get("proj_size"):
        raise Stuck(instance.line, "cnncalc has no kind for an LSTM with proj_size")
    inputs[0] = operations.channels_last(inputs[0], at)
    units = arguments["hidden_size"] * (1 + bool(arguments["bidirectional"]))
    dims = [(*inputs[0].dims[:2], units), None, None]
    value = operations.run(target, {**arguments, "input": inputs[0]}, at, dims)[0]
    state = Unknown(instance.line, f"the last state of {instance.class_name}")
    value = value if batch_first else _turned(operations, value, at)
    return value, ((state, state) if target == "lstm" else state)


def _turned(operations: TorchOperations, value: TorchTensor, at: ast.AST) -> TorchTensor:
    """A value with its first two axes exchanged."""
    turned: TorchTensor = operations.run("transpose", {"input": value, "dim0": 0, "dim1": 1}, at)
    return turned


def _attention(
    operations: TorchOperations,
    instance: Instance,
    arguments: Mapping[str, Any],
    inputs: list[TorchTensor],
    at: ast.AST,
) -> Any:
    query, memory = inputs[0], inputs[-1]
    others = arguments["add_bias_kv"] or arguments["add_zero_attn"] or len(inputs) < 3
    if others or inputs[1].viewed != memory.viewed or not all(one.viewed.channels_last for one in inputs):
        value: TorchTensor = operations.no_kind(instance.class_name, inputs, at)
        return value
    if memory.viewed == query.viewed:
        return operations.run("attention", {**arguments, "input": query}, at)
    settings = {"heads": arguments["heads"], "bias": bool(instance.attributes["bias"])}
    return operations.joined("attention", [query, memory], settings, at)
