"""Values that a PyTorch source draws at random."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.torch_arithmetic import TorchArithmetic
from cnncalc.importing.source.torch_tensors import TorchTensor
from cnncalc.importing.source.values import Dummy, External, Instance

NORMAL = "torch.distributions.Normal"
SAMPLED = ("rsample", "sample")

PARAMETERS = ("loc", "scale")


def normal(args: list[Any], named: Mapping[str, Any], line: int) -> Instance:
    """An object of the normal distribution."""
    made = Instance(External(NORMAL), line)
    given = dict(zip(PARAMETERS, args, strict=False)) | dict(named)
    made.attributes |= {**given, "mean": given.get("loc"), "stddev": given.get("scale")}
    return made


def created(last: str, args: list[Any], named: Mapping[str, Any], *, runs: bool) -> Any:
    """A tensor that a function makes in a shape; `NotImplemented` if that is not known."""
    sizes = named.get("size", next((one for one in args if isinstance(one, list | tuple)), args))
    known = isinstance(sizes, list | tuple) and all(type(one) is int for one in sizes)
    return Dummy(tuple(sizes), last if runs else "") if known and sizes else NotImplemented


class TorchDrawing(TorchArithmetic):
    """Draws values."""

    def sampled(self, distribution: Instance, args: list[Any], node: ast.AST) -> Any:
        """A draw of a normal distribution."""
        mean, std = (distribution.attributes.get(name) for name in PARAMETERS)
        return self._do_normal({"mean": mean, "std": std, "size": args[0] if args else None}, node)

    def _do_normal(self, given: dict[str, Any], node: ast.AST) -> Any:
        """A mean and draws, times a deviation."""
        mean, std = given.get("mean", 0.0), given.get("std", 1.0)
        if not isinstance(mean, TorchTensor) and not isinstance(std, TorchTensor):
            size = given.get("size")
            known = isinstance(size, list | tuple) and all(type(one) is int for one in size)
            return Dummy(tuple(size or ()), "randn") if known and (mean, std) == (0, 1) else NotImplemented
        values = self.run("randn_like", {"input": std if isinstance(std, TorchTensor) else mean}, node)
        scaled = values if std == 1 else self.operate("Mult", std, values, node)
        return scaled if mean == 0 else self.operate("Add", mean, scaled, node)

    def _do_empty_like(self, given: dict[str, Any], node: ast.AST) -> Any:
        """A tensor that something is written into: its old values do not matter."""
        return TorchTensor(given["input"].viewed)

    def _do_new(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, sizes = given["input"], given.get("size")
        return TorchTensor(x.viewed) if tuple(sizes or x.dims) == x.dims else Dummy(tuple(sizes or ()))

    def _do_zeros_like(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.elementwise("zeros", given["input"], {}, node)

    def _do_ones_like(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.elementwise("rescale", self._do_zeros_like(given, node), {"factor": 1.0, "offset": 1.0}, node)
