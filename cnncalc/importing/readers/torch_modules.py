"""Modules of torch that are one operation here: attention, which is dozens of nodes in its graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isqrt
from typing import Any

from cnncalc.importing.readers.aten.nodes import AtenNode, Named, TorchNode
from cnncalc.layers.attention import HIDDEN

ATTENTION = ("MultiheadAttention", "ShiftedWindowAttention", "ShiftedWindowAttentionV2")
MERGING = ("PatchMerging", "PatchMergingV2")


def merged_modules(nodes: list[TorchNode], classes: Mapping[str, str]) -> Iterator[TorchNode]:
    """The nodes, with one in place of all nodes of a module that is one operation here."""
    modules = [_module(operation, classes) for operation, _ in nodes]
    start = 0
    while start < len(nodes):
        end = start + 1
        while modules[start] and end < len(nodes) and modules[end] == modules[start]:
            end += 1
        part = nodes[start:end]
        whole = _whole(part, nodes[end:], classes[modules[start]]) if modules[start] else None
        yield from [whole] if whole is not None else part
        start = end


def _module(operation: AtenNode, classes: Mapping[str, str]) -> str:
    """The path of the module that a node is in, if that is one operation here."""
    paths = [".".join(operation.scope[:end]) for end in range(len(operation.scope), 0, -1)]
    found = next((path for path in paths if classes.get(path) in ATTENTION), "")
    return found or next((path for path in paths[:1] if classes.get(path) in MERGING), "")


def _whole(part: list[TorchNode], after: list[TorchNode], class_: str) -> TorchNode | None:
    """One node for all of a module; None if it does not turn one value into one of the same shape."""
    inside = {name for _, outputs in part for name in outputs}
    read = [one for operation, _ in part for one in operation.tensors() if one.name not in inside]
    values = list(dict.fromkeys(one for one in read if not one.weighed))
    given = list(dict.fromkeys(one for operation, _ in after for one in operation.tensors() if one.name in inside))
    if len(values) != 1 or len(given) != 1 or values[0].dims is None or given[0].dims is None:
        return None
    x, y = values[0], given[0]
    last = part[-1][0]
    if class_ in MERGING:
        found: dict[str, Any] | None = {}
        target = "merging"
    else:
        found = _attention(part, [one for one in read if one.weighed], x.dims or ()) if x.dims == y.dims else None
        target = "attention"
    if found is None:
        return None
    return last._replace(target=target, arguments={"input": x, **found}, dims=[y.dims]), [y.name]


def _attention(part: list[TorchNode], weights: list[Named], dims: tuple[int, ...]) -> dict[str, Any] | None:
    """The settings and weights of attention on values with these dims; None for other kinds of attention."""
    words = {operation.word: operation for operation, _ in part}
    channels, heads, cosine = dims[-1], _heads(words), "linalg_vector_norm" in words
    # The network of relative positions runs first: one weight may have the shape of another one after it.
    shapes = [((HIDDEN, 2), "hidden_weight"), ((HIDDEN,), "hidden_bias"), ((heads, HIDDEN), "relative_weight"),
              ((heads, 1, 1), "logit_scale")] if cosine else []  # fmt: skip
    shapes += [((3 * channels, channels), "qkv_weight"), ((3 * channels,), "qkv_bias"),
               ((channels, channels), "out_weight"), ((channels,), "out_bias")]  # fmt: skip
    found: dict[str, Any] = {"heads": heads}
    for weight in weights:
        cells = (weight.dims or (0,))[0]
        name = next((name for sizes, name in shapes if sizes == weight.dims and name not in found), "")
        if name:
            found[name] = weight
        elif cosine and len(weight.dims or ()) == 4 and cells == 1:
            found["window"] = ((weight.dims or ())[1] + 1) // 2
        elif len(weight.dims or ()) == 2 and weight.dims == (cells, heads):
            found |= {"relative_table": weight, "window": (isqrt(cells) + 1) // 2}
    if "roll" in words:
        found["shift"] = max(abs(n) for n in words["roll"].get("shifts", [0]))
    return found if found["heads"] and {"qkv_weight", "out_weight"} <= found.keys() else None


def _heads(words: Mapping[str, AtenNode]) -> int:
    """The heads of attention, from the shape of its queries or of their scores."""
    query = words["scaled_dot_product_attention"].get("query") if "scaled_dot_product_attention" in words else None
    softmax = words.get("softmax") or words.get("_softmax")
    dims = query.dims if isinstance(query, Named) else softmax.dims[0] if softmax is not None else None
    return dims[1] if dims is not None and len(dims) == 4 else 0
