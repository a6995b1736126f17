"""Means, sums and maxima of tensors over some of their axes, as pools."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.source.torch_tensors import TorchTensor
from cnncalc.importing.source.torch_views import TorchViews
from cnncalc.importing.source.values import Unknown, unknown_in


class TorchReductions(TorchViews):
    """Pools axes."""

    def __init__(self, builder: GraphBuilder) -> None:
        super().__init__(builder)
        self._means: dict[str, tuple[TorchTensor, list[int]]] = {}

    def _do_mean(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axes = given["input"], _axes(given)
        if axes is None:
            return Unknown(getattr(node, "lineno", 1), "the mean of all values")
        before, done = self._means.get(x.viewed.node, (x, []))
        if len(axes) == 1 and not given.get("keepdim") and (done or len(x.dims) == 4) and not x.viewed.moved:
            left = [axis for axis in range(len(before.dims)) if axis not in done]
            axes = sorted([*done, left[axes[0]]])
            if axes in ([2], [3]):
                value = self._reduced("avgpool", x, axes, False, node)
                self._means[value.viewed.node] = (x, axes)
                return value
            x = before
        return self._pooled("mean", "avgpool", x, axes, given, node)

    def _do_amax(self, given: dict[str, Any], node: ast.AST) -> Any:
        axes = _axes(given)
        if axes is None:
            return Unknown(getattr(node, "lineno", 1), "the maximum of all values")
        return self._pooled("amax", "maxpool", given["input"], axes, given, node)

    def _do_max(self, given: dict[str, Any], node: ast.AST) -> Any:
        if isinstance(given.get("dim"), TorchTensor):
            return self.function("maximum", [given["input"], given["dim"]], {}, node)
        value = self._do_amax(given, node)
        return (value, Unknown(getattr(node, "lineno", 1), "where a maximum is")) if "dim" in given else value

    def _do_sum(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, axes = given["input"], _axes(given)
        if axes is None:
            return Unknown(getattr(node, "lineno", 1), "the sum of all values")
        number = 1
        for axis in axes:
            number *= x.dims[axis]
        value = self._reduced("avgpool", x, axes, bool(given.get("keepdim")), node)
        return (
            value if isinstance(value, Unknown) else self.elementwise("rescale", value, {"factor": float(number)}, node)
        )

    def _pooled(
        self, target: str, kind: str, x: TorchTensor, axes: list[int], given: dict[str, Any], node: ast.AST
    ) -> Any:
        """A mean or maximum: a global pool if it is over all places of a map."""
        places = range(1, len(x.dims) - 1) if x.viewed.channels_last else range(2, len(x.dims))
        if axes == list(places) and axes and (x.viewed.channels_last or not x.viewed.moved):
            keep = bool(given.get("keepdim"))
            dims = tuple(1 if i in axes else n for i, n in enumerate(x.dims) if keep or i not in axes)
            return self.run(target, {"input": x, "dim": axes, "keepdim": keep}, node, [dims])
        return self._reduced(kind, x, axes, bool(given.get("keepdim")), node)

    def _reduced(self, kind: str, x: TorchTensor, axes: Sequence[int], keep: bool, node: ast.AST) -> Any:
        """A tensor with one place along some axes: they are made axes of a map, and pooled."""
        dims = tuple(1 if i in axes else n for i, n in enumerate(x.dims))
        kept = [axis for axis in range(1, len(x.dims)) if axis not in axes]
        if (before := self._before(x)) is not None:
            base, order = before
            gone = [order[axis] for axis in axes]
            value = self._reduced(kind, base, gone, keep, node)
            if isinstance(value, Unknown):
                return value
            left = [one for one in order if keep or one not in gone]
            ranks = [sorted(left).index(one) for one in left]
            return value if value.viewed.dims is None else self.permuted(value, ranks, node)
        if keep and len(x.dims) == 2 and axes == [1]:  # the channels of a vector are made places
            return self._reduced(kind, self._viewed(x, (x.dims[0], 1, x.dims[1]), node), [2], False, node)
        if 0 in axes or not kept:  # as a loss does
            return Unknown(getattr(node, "lineno", 1), "one number for each image, or for a batch")
        order = (0, kept[0], *(axis for axis in range(1, len(x.dims)) if axis != kept[0]))
        turned = self.materialised(self.permuted(self.materialised(x, node), order, node), node)
        if turned.viewed.dims is None:
            return turned
        kernel = tuple(x.dims[axis] if axis in axes else 1 for axis in order[2:])
        value = self.added(kind, [turned], {"kernel": kernel, "stride": kernel}, node)
        value = self.permuted(value, [order.index(axis) for axis in range(len(order))], node)
        if keep:
            return value
        return self._viewed(value, tuple(n for i, n in enumerate(dims) if i not in axes), node)

    def function(self, last: str, args: list[Any], named: Any, node: ast.AST) -> Any:
        """The result of a function of PyTorch for tensors."""
        raise NotImplementedError


def _axes(given: dict[str, Any]) -> list[int] | None:
    """The axes that are meant, from 0; None if all are, or they are not known."""
    over, rank = given.get("dim", given.get("axis")), len(given["input"].dims)
    axes = [over] if type(over) is int else over
    if not isinstance(axes, list | tuple) or unknown_in(axes) or not axes:
        return None
    return sorted({axis % rank for axis in axes})
