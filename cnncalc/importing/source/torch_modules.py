"""The operation that a module of PyTorch is for an input, with the shapes of its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.aten.nodes import Weighed
from cnncalc.importing.source.torch_names import OPERATIONS
from cnncalc.importing.source.values import Instance, Stuck, unknown_in

COUNTS = ("in_channels", "out_channels", "groups", "in_features", "out_features", "num_features", "num_channels",
          "num_groups", "embed_dim", "num_heads", "hidden_size", "input_size", "num_layers",
          "num_embeddings", "embedding_dim")  # fmt: skip
"""Arguments that are whole numbers."""

ENTERING = ("in_channels", "num_features", "in_features", "num_channels", "embed_dim", "input_size")
"""Arguments that say how many channels the input has."""

LAST = ("in_features", "embed_dim", "input_size")
"""Those of them that are sizes of the last axis."""


def module_operation(class_: str, instance: Instance, dims: tuple[int, ...]) -> tuple[str, dict[str, Any]]:
    """The operation that a module is for an input of these sizes, and its arguments.

    Raises:
        Stuck: an argument is not known, is invalid, or does not fit the input.
    """
    target, parameters = OPERATIONS[class_]
    given = {name: instance.attributes[name] for name in parameters}
    _check(class_, instance, given)
    wanted = next((name for name in ENTERING if name in given), "")
    if wanted and len(dims) > 1 and (dims[-1] if wanted in LAST else dims[1]) != given[wanted]:
        text = "x".join(map(str, dims[1:]))
        raise Stuck(instance.line, f"{class_}: {wanted} is {given[wanted]}, its input is {text}")
    weights = weights_of(class_, instance)
    match target:
        case "batch_norm" | "instance_norm" | "group_norm" | "layer_norm" | "rms_norm":
            shape = given.get("normalized_shape", ())
            given |= {"running_mean": True, "normalized_shape": [shape] if isinstance(shape, int) else list(shape)}
        case "pad":
            pad = given["padding"]
            sides = [pad] * 2 * given["$rank"] if isinstance(pad, int) else list(pad)
            return target, {"pad": sides, "mode": given.get("mode"), "value": given.get("value")}
        case "attention":
            given["heads"] = given["num_heads"]
        case "lstm" | "gru" | "rnn":
            target = f"rnn_{given['nonlinearity']}" if target == "rnn" else target
            given |= {"params": list(weights.values()), "has_biases": given["bias"], "batch_first": True}
    return target, {**given, "bias": None, **weights}


def _check(class_: str, instance: Instance, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        unknown = unknown_in(value)
        if unknown is not None:
            raise Stuck(instance.line, f"{class_}: {name} depends on what is not in the source: {unknown.words()}")
        if name in COUNTS and (type(value) is not int or value < 1):
            text, more = getattr(value, "name", value), ""
            if isinstance(value, float) and value == int(value):
                more = "; PyTorch refuses it, too; a division by / gives it: write //"
            raise Stuck(instance.line, f"{class_}: {name} is {text!s:.40}; a whole number is expected{more}")
    if given.get("padding_mode", "zeros") != "zeros":
        raise Stuck(instance.line, f"{class_}: padding_mode {given['padding_mode']} is not known")
    if "in_channels" in given and (given["in_channels"] % given["groups"] or given["out_channels"] % given["groups"]):
        ends = f"{given['in_channels']} and {given['out_channels']} channels do not divide"
        raise Stuck(instance.line, f"{class_}: {ends} into {given['groups']} groups")


def weights_of(class_: str, instance: Instance) -> dict[str, Weighed]:
    """The weights of a module, by their names."""
    shapes = _shapes(OPERATIONS[class_][0], instance.attributes)
    return {name: Weighed(f"w{id(instance)}.{name}", shape) for name, shape in shapes.items()}


def _shapes(target: str, given: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """The shapes of the weights of a module."""
    match target.removesuffix("1d").removesuffix("2d").removesuffix("3d"):
        case "conv" | "conv_transpose":
            kernel, rank = given["kernel_size"], int(target[-2])
            ends = given["out_channels"], given["in_channels"] // given["groups"]
            if "transpose" in target:
                ends = given["in_channels"], given["out_channels"] // given["groups"]
            weight = (*ends, *(kernel if isinstance(kernel, list | tuple) else (kernel,) * rank))
            return _biased(weight, (given["out_channels"],), given["bias"])
        case "linear":
            return _biased((given["out_features"], given["in_features"]), (given["out_features"],), given["bias"])
        case "batch_norm" | "instance_norm" | "group_norm":
            size = (given.get("num_features", given.get("num_channels")) or 0,)
            return _biased(size, size, given["bias"]) if given["affine"] else {}
        case "layer_norm" | "rms_norm":
            shape = given["normalized_shape"]
            size = (shape,) if isinstance(shape, int) else tuple(shape)
            return _biased(size, size, given.get("bias")) if given["elementwise_affine"] else {}
        case "prelu":
            return {"weight": (given["num_parameters"],)}
        case "attention":
            n = given["embed_dim"]
            biases = {"qkv_bias": (3 * n,), "out_bias": (n,)} if given["bias"] else {}
            return {"qkv_weight": (3 * n, n), "out_weight": (n, n), **biases}
        case "embedding":
            return {"weight": (given["num_embeddings"], given["embedding_dim"])}
        case "lstm" | "gru" | "rnn":
            return _recurrent(given, {"lstm": 4, "gru": 3, "rnn": 1}[target])
    return {}


def _biased(weight: tuple[int, ...], bias: tuple[int, ...], has_bias: Any) -> dict[str, tuple[int, ...]]:
    return {"weight": weight, "bias": bias} if has_bias else {"weight": weight}


def _recurrent(given: Mapping[str, Any], gates: int) -> dict[str, tuple[int, ...]]:
    hidden, ways = given["hidden_size"], 1 + bool(given["bidirectional"])
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(min(given["num_layers"], 100)):
        entering = given["input_size"] if layer == 0 else hidden * ways
        for way in range(ways):
            end = f"{layer}_{way}"
            shapes |= {f"ih{end}": (gates * hidden, entering), f"hh{end}": (gates * hidden, hidden)}
            shapes |= {f"bih{end}": (gates * hidden,), f"bhh{end}": (gates * hidden,)} if given["bias"] else {}
    return shapes
