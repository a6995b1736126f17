"""Pools and means of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader, each
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _max_pool(aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "maxpool") -> list[Viewed]:
    rank = len(x.dims or ()) - 2
    settings: dict[str, Any] = {"kernel": each(operation.get("kernel_size"), rank)}
    settings["stride"] = each(operation.get("stride") or operation.get("kernel_size"), rank)
    settings["padding"] = each(operation.get("padding", 0), rank)
    if kind == "maxpool":
        settings["dilation"] = each(operation.get("dilation", 1), rank)
    elif not operation.get("count_include_pad", True):
        settings["count_padding"] = False
    if operation.get("ceil_mode", False):
        settings["rounding"] = "ceil"
    return [aten.add(kind, operation, x, **settings)] * max(len(operation.dims), 1)


def _avg_pool(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed]:
    return _max_pool(aten, operation, x, "avgpool")


def _adaptive_avg_pool(aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "avgpool") -> Viewed:
    size = each(operation.get("output_size"), len(x.dims or ()) - 2)
    if set(size) == {1}:
        return aten.add(f"global_{kind}", operation, x)
    if size == tuple((x.dims or ())[2:]):
        aten.builder.note("an adaptive pool to the size that its input has is left out", operation.at)
        return x
    return aten.add(f"adaptive_{kind}", operation, x, size=size)


def _adaptive_max_pool(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed]:
    return [_adaptive_avg_pool(aten, operation, x, "maxpool")] * 2


def _mean(aten: AtenAdding, operation: AtenNode, x: Viewed, kind: str = "global_avgpool") -> Viewed | None:
    over = operation.get("dim", [])
    return aten.mean(
        kind, x, [over] if isinstance(over, int) else over, operation.get("keepdim", False), aten.where(operation)
    )


def _amax(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return _mean(aten, operation, x, "global_maxpool")


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("max_pool1d", "max_pool2d", "max_pool3d", "max_pool2d_with_indices"), _max_pool),
    **dict.fromkeys(("avg_pool1d", "avg_pool2d", "avg_pool3d"), _avg_pool),
    **dict.fromkeys(
        ("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "_adaptive_avg_pool2d"),
        _adaptive_avg_pool,
    ),
    "adaptive_max_pool2d": _adaptive_max_pool,
    "mean": _mean,
    "amax": _amax,
}
"""The reader of each operation."""
