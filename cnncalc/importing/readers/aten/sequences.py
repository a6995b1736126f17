"""Attention, recurrent layers and embeddings of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.aten.adding import AtenAdding, Reader, each
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Viewed

RELATIVE = ("relative_table", "hidden_weight", "hidden_bias", "relative_weight", "logit_scale")
"""The weights of relative positions, and of the factor of cosine attention."""


def _attention(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    """A module of attention: its weights are those of queries, keys and values in one, and of the output."""
    tensors: dict[str, StoredTensor] = {}
    for word in ("weight", "bias"):
        whole, out = aten.tensor(operation, f"qkv_{word}"), aten.tensor(operation, f"out_{word}")
        if whole is not None:
            tensors |= {f"{p}_{word}": whole._replace(parts=3, taken=(i,)) for i, p in enumerate("qkv")}
        tensors |= {f"out_{word}": out} if out is not None else {}
    others = {word: aten.tensor(operation, word) for word in RELATIVE}
    tensors |= {word: tensor for word, tensor in others.items() if tensor is not None}
    settings = {"heads": operation.get("heads"), "bias": "out_bias" in tensors, "qkv_bias": "q_bias" in tensors}
    if "window" in operation.arguments:
        rank = aten.builder.rank(x.node)
        relative, cosine = "table" if "relative_table" in tensors else "mlp", "logit_scale" in tensors
        settings |= {"window": each(operation.get("window"), rank), "shift": each(operation.get("shift", 0), rank)}
        settings |= {"relative": relative} | ({"cosine": True} if cosine else {})
        if cosine and "k_bias" in tensors:
            aten.builder.note("the bias of keys is learned here; the module sets it to 0", operation.at, inexact=True)
    return aten.alike("attention", x, settings, aten.where(operation) | {"tensors": tensors})


def _embedding(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight = aten.weight(operation, "weight")
    if weight is None or len(weight) != 2 or len(x.dims or ()) != 2:
        return None
    value = aten.layer(
        "embedding", x, {"ids": weight[0], "size": weight[1]}, aten.where(operation) | {"declared": None}
    )
    return aten.views.last(value.node, (x.dims or (1,))[0])


def _lstm(
    aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "lstm", **more: Any
) -> list[Viewed | None] | None:
    """A recurrent layer with all steps; no other layer may read its last state."""
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
    return [aten.views.last(node, dims[0]), None, None]


def _gru(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "gru")


def _rnn_tanh(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "rnn", nonlinearity="tanh")


def _rnn_relu(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
    return _lstm(aten, operation, x, "rnn", nonlinearity="relu")


def _merging(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    """Four neighbours joined into one, in a map with its channels last."""
    where = aten.where(operation) | {"declared": None}
    node = aten.builder.add("space_to_depth", [x.node], {"block_size": 2}, **where)
    aten.views.columns_first[node] = (2, 2)
    return aten.views.last(node, (x.dims or (1,))[0])


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
