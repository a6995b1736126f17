"""Arithmetic of tensors: operators, products, joins, resizing and padding of maps."""

from __future__ import annotations

import ast
from math import prod
from typing import Any

from cnncalc.importing.building import one_factor
from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.einops import reduced
from cnncalc.importing.source.torch_reductions import TorchReductions
from cnncalc.importing.source.torch_tensors import TorchTensor, place, tensors_in
from cnncalc.importing.source.values import Dummy, Stuck, unknown_in

PADDING = {"constant": "zeros", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}

MAX_TIMES = 64
"""How often a tensor is repeated along an axis at most: each time is a value that is joined."""

TARGETS = {"Sub": "sub", "Div": "div"}
"""Operators on two values that are operations; those of a value and a number, of a weight and products are apart."""


class TorchArithmetic(TorchReductions):
    """Computes with tensors."""

    def operate(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for tensors."""
        unknown = unknown_in((left, right))
        if unknown is not None:
            return self.refuse(Stuck(getattr(node, "lineno", 1), unknown.words()), [left, right])
        if isinstance(left, int | float) or isinstance(right, int | float):
            return self._with_number(word, left, right, node)
        if word == "Mult" and (factor := _factor(left, right)) is not None:
            return self._by_factor(factor, node)
        if word in ("Add", "Mult"):
            if word == "Add" and isinstance(left, TorchTensor) and isinstance(right, TorchTensor):
                self._alike(left, right, node)
            return self.run("add" if word == "Add" else "mul", {"self": left, "other": right}, node)
        if word == "Sub" and isinstance(left, TorchTensor) and isinstance(right, TorchTensor):
            return self._merged("sub", [left, right], node)
        if word == "MatMult":
            return self._do_matmul({"input": left, "other": right}, node)
        if word in TARGETS and not any(isinstance(one, Dummy) and not one.made for one in (left, right)):
            return self.run(TARGETS[word], {"self": left, "other": right}, node)
        return self.no_kind(f"the operator {names.SIGNS.get(word, word)}", [left, right], node)

    def _with_number(self, word: str, left: Any, right: Any, node: ast.AST) -> Any:
        """The result of an operator for a tensor and a number."""
        is_first = isinstance(left, TorchTensor)
        tensor, number = (left, right) if is_first else (right, left)
        match word, is_first:
            case "Add", _:
                factor, offset = 1.0, number
            case "Sub", _:
                factor, offset = (1.0, -number) if is_first else (-1.0, number)
            case "Mult", _:
                factor, offset = number, 0.0
            case "Div", True if number:
                factor, offset = 1 / number, 0.0
            case "Div", False:
                return self.run("div", {"self": number, "other": tensor}, node)
            case "Pow", True:
                return self.run("pow", {"self": tensor, "exponent": number}, node)
            case _:
                return self.no_kind(f"the operator {names.SIGNS.get(word, word)} with a number", [tensor], node)
        return self.elementwise("rescale", tensor, {"factor": float(factor), "offset": float(offset)}, node)

    def _by_factor(self, x: TorchTensor, node: ast.AST) -> Any:
        """A tensor times one learned number, for which there is no kind: an operation with one weight."""
        x = self.materialised(x, node)
        shape = self._builder.shapes[x.viewed.node]
        if shape is None:
            return x
        made = self._builder.add("opaque", [x.viewed.node], one_factor(shape), **self.where(node))
        return TorchTensor(x.viewed._replace(node=made))

    def _do_stack(self, given: dict[str, Any], node: ast.AST) -> Any:
        axis = given.get("dim", 0)
        tensors = tensors_in(list(given["tensors"]))
        axis = place(axis, len(tensors[0].dims) + 1, node)
        parts = [self._viewed(one, (*one.dims[:axis], 1, *one.dims[axis:]), node) for one in tensors]
        return self._do_cat({"tensors": parts, "dim": axis}, node)

    def _merged(self, target: str, tensors: list[TorchTensor], node: ast.AST) -> Any:
        """The result of an operation that joins two values of one shape."""
        if len(tensors_in(tensors)) < 2:
            return self.no_kind(f"{target} with what is not a value", tensors, node)
        if any(one.viewed.dims is None for one in tensors):
            return self.blind(tensors, node)
        self._alike(tensors[0], tensors[1], node)
        return self.run(target, dict(zip(("self", "other"), tensors, strict=True)), node)

    def _alike(self, left: TorchTensor, right: TorchTensor, node: ast.AST) -> None:
        pairs = zip(left.dims, right.dims, strict=False)
        if left.dims and right.dims and any(a != b and 1 not in (a, b) for a, b in pairs):
            one, other = ("x".join(map(str, tensor.dims[1:])) for tensor in (left, right))
            raise Stuck(getattr(node, "lineno", 1), f"{one} and {other} are added; both must have the same shape")

    def _do_matmul(self, given: dict[str, Any], node: ast.AST) -> Any:
        tensors = [given.get("input"), given.get("other", given.get("mat2"))]
        if not all(isinstance(one, TorchTensor) for one in tensors):
            return self.no_kind("the product of a tensor and a weight", tensors, node)
        return self.added("matmul", [self.materialised(one, node) for one in tensors_in(tensors)], {}, node)

    _do_bmm = _do_matmul

    def _do_maximum(self, given: dict[str, Any], node: ast.AST) -> Any:
        if isinstance(given["other"], int | float):
            return self.run("clamp", {"input": given["input"], "min": given["other"]}, node)
        return self._merged("maximum", [given["input"], given["other"]], node)

    def _do_minimum(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self._merged("minimum", [given["input"], given["other"]], node)

    def _do_add(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.operate("Add", given["self"], given["other"], node)

    def _do_mul(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.operate("Mult", given["self"], given["other"], node)

    def _do_sub(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.operate("Sub", given["self"], given["other"], node)

    def _do_pow(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.operate("Pow", given["self"], given["exponent"], node)

    def _do_div(self, given: dict[str, Any], node: ast.AST) -> Any:
        if given.get("rounding_mode") is not None:
            return self.no_kind("a division that is rounded", [given["self"], given["other"]], node)
        return self.operate("Div", given["self"], given["other"], node)

    def _do_softmax(self, given: dict[str, Any], node: ast.AST, target: str = "softmax") -> Any:
        x, dim = given["input"], given.get("dim")
        rank = len(x.dims)
        axis = (dim if type(dim) is int else 1) % rank
        if axis == (rank - 1 if x.viewed.channels_last else 1) and (x.viewed.channels_last or not x.viewed.moved):
            return self.run(target, {"input": x, "dim": axis}, node)
        if axis == 0:
            return self.no_kind(f"{target} over the batch", [x], node)
        order = [0, axis, *(one for one in range(1, rank) if one != axis)]
        turned = self.materialised(self.permuted(self.materialised(x, node), order, node), node)
        value = self.run(target, {"input": turned, "dim": 1}, node)
        return value if value.viewed.dims is None else self.permuted(value, [order.index(a) for a in range(rank)], node)

    def _do_log_softmax(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self._do_softmax(given, node, "log_softmax")

    def _do_cat(self, given: dict[str, Any], node: ast.AST) -> Any:
        parts, axis = list(given["tensors"]), given.get("dim", given.get("axis", 0))
        tensors = tensors_in(parts)
        rank = len(tensors[0].dims)
        if len(tensors) < len(parts) or len(tensors) == 1 or type(axis) is not int or not -rank < axis < rank:
            return self.run("cat", {"tensors": parts, "dim": axis}, node)
        axis %= rank
        if axis == rank - 1 and rank > 2 and all(one.viewed.channels_last for one in tensors):
            return self.run("cat", {"tensors": parts, "dim": axis}, node)
        if axis == 0 or (axis == 1 and not any(one.viewed.moved for one in tensors)):
            return self.run("cat", {"tensors": parts, "dim": axis}, node)
        order = [0, axis, *(one for one in range(1, rank) if one != axis)]
        turned = [self.permuted(self.materialised(one, node), order, node) for one in tensors]
        value = self.run("cat", {"tensors": [self.materialised(one, node) for one in turned], "dim": 1}, node)
        return value if value.viewed.dims is None else self.permuted(value, [order.index(a) for a in range(rank)], node)

    def _do_expand(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, sizes = given["input"], given.get("size", ())
        known = len(sizes) == len(x.dims) and all(type(m) is int for m in sizes)
        if not known or any(m not in (-1, n) and n != 1 for m, n in zip(sizes, x.dims, strict=True)):
            return self.no_kind("expand", [x], node)
        return self._repeated(x, [max(m, n) // n for m, n in zip(sizes, x.dims, strict=True)], "expand", node)

    def _do_reduce(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, word = given["input"], {"max": "amax"}.get(given["reduction"], given["reduction"])
        axes = reduced(str(given.get("pattern")), len(x.dims))
        if axes is None or word not in ("mean", "sum", "amax"):
            return self.no_kind(f"reduce {given.get('pattern')!s:.60}", [x], node)
        return self.function(word, [x, axes], {}, node)

    def _do_repeat(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, times = given["input"], given.get("size", ())
        if len(times) != len(x.dims) or any(type(one) is not int for one in times):
            return self.no_kind("repeat", [x], node)
        return self._repeated(x, list(times), "repeat", node)

    def _repeated(self, x: TorchTensor, times: list[int], word: str, node: ast.AST) -> Any:
        """A tensor that is laid several times side by side along its axes: one place of a map becomes a map."""
        spatial = all(n == 1 for n, many in zip(x.dims[2:], times[2:], strict=True) if many > 1)
        if times[0] != 1 or not all(1 <= one <= MAX_TIMES for one in times[: 2 if spatial else None]):
            return self.no_kind(word, [x], node)
        if spatial and any(one > 1 for one in times[2:]):
            x = self.added("upsample", [x], {"factor": tuple(times[2:])}, node)
            times = times[:2]
        for axis, many in enumerate(times):
            x = self._do_cat({"tensors": [x] * many, "dim": axis}, node) if many > 1 else x
        return x

    def _do_interpolate(self, given: dict[str, Any], node: ast.AST) -> Any:
        x: TorchTensor = given["input"]
        size, factor, rank = given.get("size"), given.get("scale_factor"), len(x.dims) - 2
        if size is not None:
            sizes = tuple(size) if isinstance(size, list | tuple) else (size,) * rank
        else:
            factors = factor if isinstance(factor, list | tuple) else (factor,) * rank
            if any(not isinstance(one, int | float) for one in factors):
                raise Stuck(getattr(node, "lineno", 1), "interpolate needs a size or a scale_factor that is known")
            sizes = tuple(int(n * f) for n, f in zip(x.dims[2:], factors, strict=False))
        word, corners = f"upsample_{given.get('mode', 'nearest')}{rank}d", bool(given.get("align_corners"))
        return self.run(word, {"input": x, "align_corners": corners}, node, [(*x.dims[:2], *sizes)])

    def _do_pad(self, given: dict[str, Any], node: ast.AST) -> Any:
        x, pad, mode = given["input"], list(given.get("pad", [])), given.get("mode") or "constant"
        value, rank = given.get("value") or 0, len(x.dims) - 2
        pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad) - 1, 2)][::-1]
        if not any(pad) and unknown_in(pad) is None:
            return x
        if unknown_in(pad) or mode not in PADDING or (mode == "constant" and value != 0) or x.viewed.moved:
            return self.no_kind(f"pad with {mode if mode not in PADDING else value}", [x], node)
        if len(pairs) > rank:
            return self.run("pad", {"input": x, "pad": pad}, node)
        pairs = [(0, 0)] * (rank - len(pairs)) + pairs
        if not any(map(any, pairs)):
            return x
        settings = {"padding": tuple(pairs), **({} if mode == "constant" else {"mode": PADDING[mode]})}
        return self.added("zeropad", [x], settings, node)

    def _do_layer_norm(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.run("layer_norm", {**given, "normalized_shape": list(given["normalized_shape"])}, node)

    def _do_rms_norm(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.run("rms_norm", {**given, "normalized_shape": list(given["normalized_shape"])}, node)

    def _do_batch_norm(self, given: dict[str, Any], node: ast.AST) -> Any:
        return self.run("batch_norm", {**given, "running_mean": True}, node)


def _factor(left: Any, right: Any) -> TorchTensor | None:
    """The tensor of a product of a tensor and one learned number; None for another product."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Dummy) and prod(one.dims) == 1 and isinstance(other, TorchTensor):
            return other
    return None
