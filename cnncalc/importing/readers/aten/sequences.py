"""Attention, recurrent layers and embeddings of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader, each
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Steps, Viewed

LAST: Steps = (("permute", (0, 2, 1)),)
"""How torch sees a sequence: its channels last."""


def _attention(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    """A module of attention: its weights are those of queries, keys and values in one, and of the output."""
    tensors: dict[str, StoredTensor] = {}
    for word in ("weight", "bias"):
        whole, out = aten.tensor(operation, f"qkv_{word}"), aten.tensor(operation, f"out_{word}")
        if whole is not None:
            tensors |= {f"{p}_{word}": whole._replace(parts=3, taken=(i,)) for i, p in enumerate("qkv")}
        tensors |= {f"out_{word}": out} if out is not None else {}
    table = aten.tensor(operation, "relative_table")
    tensors |= {"relative_table": table} if table is not None else {}
    settings = {"heads": operation.get("heads"), "bias": "out_bias" in tensors, "qkv_bias": "q_bias" in tensors}
    if table is not None:
        rank = aten.builder.rank(x.node)
        shift = each(operation.get("shift", 0), rank)
        settings |= {"window": each(operation.get("window"), rank), "shift": shift, "relative": "table"}
    where = aten.where(operation) | {"tensors": tensors}
    return aten.views.elementwise("attention", x, settings, **where)


def _embedding(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight = aten.weight(operation, "weight")
    if weight is None or len(weight) != 2 or len(x.dims or ()) != 2:
        return None
    where = aten.where(operation) | aten.weighed("embedding", operation) | {"declared": None}
    node = aten.builder.add("embedding", [x.node], {"ids": weight[0], "size": weight[1]}, **where)
    return Viewed(node, operation.dims[0], LAST)


def _lstm(
    aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "lstm", **more: Any
) -> list[Viewed | None] | None:
    """A recurrent layer with all steps; its state at the end is nothing that another layer reads."""
    weights, dims = operation.get("params"), x.dims or ()
    named = isinstance(weights, list) and all(isinstance(one, Weighed) for one in weights)
    if not named or len(dims) != 3 or not operation.get("batch_first", False):
        return None
    layers, both = operation.get("num_layers", 1), operation.get("bidirectional", False)
    words = [
        f"{word}_l{number}{way}"
        for number in range(layers) for way in ("", "_reverse")[: 1 + both]
        for word in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")[: 4 if operation.get("has_biases") else 2]
    ]  # fmt: skip
    given = operation._replace(arguments=dict(zip(words, weights, strict=False)))
    tensors = {word: tensor for word in words if (tensor := aten.tensor(given, word)) is not None}
    aten.seen.update(tensors.values())
    settings = {"units": weights[1].dims[-1], "layers": layers, "bidirectional": both, "steps": "all"}
    settings |= {"biases": 2 if operation.get("has_biases") else 0, **more}
    where = aten.where(operation) | {"tensors": tensors, "declared": None}
    node = x.node if x.channels_last else aten.builder.add("permute", [x.node], {"order": ("L", "C")}, at=operation.at)
    node = aten.builder.add(kind, [node], settings, **where)
    return [Viewed(node, operation.dims[0], LAST), None, None]


def _gru(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "gru")


def _rnn_tanh(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "rnn", nonlinearity="tanh")


def _rnn_relu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "rnn", nonlinearity="relu")


def _merging(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    """Four neighbours in one, of a map that has its channels last."""
    value = aten.views.elementwise("space_to_depth", x, {"block_size": 2}, **aten.where(operation))
    aten.columns_first.add(value.node)
    return value._replace(dims=operation.dims[0])


READERS: Mapping[str, Reader] = {
    "attention": _attention,
    "embedding": _embedding,
    "lstm": _lstm,
    "gru": _gru,
    "rnn_tanh": _rnn_tanh,
    "rnn_relu": _rnn_relu,
    "merging": _merging,
}
"""The reader of each operation."""
