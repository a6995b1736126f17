"""Products of matrices in torch's graphs, and attention, which is made of them."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.readers.attention import Scores, attended, product, scores, spelt
from cnncalc.importing.readers.einsum import einsum
from cnncalc.importing.views import Viewed


def _matmul(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | Scores | None:
    one, other = operation.get("self"), operation.get("mat2", operation.get("other"))
    if not isinstance(one, Viewed) or not isinstance(other, Viewed):
        return None
    return scores(one, other) or product(aten, one, other, aten.where(operation))


def _attention(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    query, key, value = (operation.get(word) for word in ("query", "key", "value"))
    if not all(isinstance(one, Viewed) and one.dims for one in (query, key, value)) or operation.get(
        "is_causal", False
    ):
        return None
    rank = len(key.dims)
    found = scores(query, aten.views.permute(key, (*range(rank - 2), rank - 1, rank - 2), operation.at))
    if found is None:
        return None
    found = found._replace(scale=operation.get("scale", (query.dims or (1,))[-1] ** -0.5), soft=True)
    mask = operation.get("attn_mask")
    if isinstance(mask, Weighed):
        found = _with_added(aten, found, mask)
    elif mask is not None:
        return None
    return attended(aten, found, value, aten.where(operation))


def _einsum(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | Scores | None:
    values = operation.get("tensors", [])
    return einsum(aten, operation.get("equation", ""), values, aten.where(operation)) if len(values) == 2 else None


def _with_added(aten: AtenAdding, found: Scores, weight: Weighed) -> Scores:
    if aten.trained(weight):
        return found._replace(learned=(*found.learned, aten.learned(weight)))
    return found._replace(masked=True)


def on_scores(aten: AtenAdding, operation: AtenNode, found: Scores) -> Viewed | Scores | None:
    """The result of an operation on scores of attention; None if it reads them as any value."""
    word, other = operation.word, operation.get("other")
    match word:
        case "softmax" | "_softmax" if operation.axis("dim", len(found.dims), -1) == len(found.dims) - 1:
            return found._replace(soft=True)
        case "mul" | "div" if isinstance(other, int | float) and other and not found.soft and not found.learned:
            return found._replace(scale=found.scale * (other if word == "mul" else 1 / other))
        case "add" if isinstance(other, Weighed) and not found.soft:
            return _with_added(aten, found, other)
        case "dropout" | "clone" | "contiguous" | "_to_copy" | "to" | "expand" | "detach":
            return found
        case "view" | "reshape" | "unsqueeze" | "squeeze" | "_unsafe_view" if operation.dims[0]:
            dims = operation.dims[0]
            return found._replace(dims=dims) if dims[-2:] == found.dims[-2:] else None
        case "einsum":
            return _einsum(aten, operation, found.key)
        case "matmul" | "bmm" if found.soft and operation.get("self") is found:
            value = operation.get("mat2", other)
            return attended(aten, found, value, aten.where(operation)) if isinstance(value, Viewed) else None
    return None


def plainly(aten: AtenAdding, operation: AtenNode) -> AtenNode | None:
    """The value of an operation that reads scores as layers; None if the language cannot express them."""
    arguments = dict(operation.arguments)
    for name, value in arguments.items():
        if isinstance(value, Scores):
            arguments[name] = spelt(aten, value, aten.where(operation))
        elif isinstance(value, list):
            where = aten.where(operation)
            arguments[name] = [spelt(aten, one, where) if isinstance(one, Scores) else one for one in value]
        made = arguments[name] if isinstance(arguments[name], list) else [arguments[name]]
        given = value if isinstance(value, list) else [value]
        if any(new is None and one is not None for new, one in zip(made, given, strict=True)):
            return None
    return operation._replace(arguments=arguments)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("matmul", "bmm"), _matmul),
    "einsum": _einsum,
    **dict.fromkeys(
        (
            "scaled_dot_product_attention",
            "_scaled_dot_product_flash_attention_for_cpu",
            "_scaled_dot_product_flash_attention",
            "_scaled_dot_product_efficient_attention",
            "_scaled_dot_product_attention_math",
        ),
        _attention,
    ),
}
"""The reader of each operation."""
