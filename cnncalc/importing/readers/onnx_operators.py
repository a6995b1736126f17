"""The operators of ONNX in the words of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor, prod
from typing import Any, NamedTuple, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, RefusedModel, StoredTensor
from cnncalc.importing.readers.onnx_constants import OnnxConstant
from cnncalc.importing.views import Viewed, Views, declared
from cnncalc.layers import LAYERS
from cnncalc.shapes import by_axis

PLAIN = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hardswish", "Gelu": "gelu", "Mish": "mish",
    "Softplus": "softplus", "Softsign": "softsign", "Selu": "selu", "Swish": "silu",
    "Exp": "exponential",
}  # fmt: skip
"""Operators on single values without settings that matter."""

WEIGHTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("Conv", "ConvTranspose", "Gemm", "MatMul"), ("weight", "bias")),
    **dict.fromkeys(("InstanceNormalization", "GroupNormalization", "LayerNormalization"), ("weight", "bias")),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"), "PRelu": ("weight",),
}  # fmt: skip
"""The weights of a layer, in the order in which an operator reads them after its value."""

REASONS: Mapping[str, str] = {
    "Reshape": "to a shape that is not a constant", "Clip": "with limits that are not constants",
    "Conv": "with a weight that is not a constant", "Gemm": "with such a weight",
}  # fmt: skip
"""Why an operator that has a kind has none here."""

SAME = ("Identity", "Cast", "DequantizeLinear", "QuantizeLinear")


class OnnxNode(NamedTuple):
    """One node of a file.

    Attributes:
        word: its type.
        inputs: values and constants; None for one that is left out.
        attributes: by name.
        at: its place.
        scope: the modules around it.
        shapes: the dims of each output that the file declares.
        outputs: their names.
    """

    word: str
    inputs: list[Any]
    attributes: Mapping[str, Any]
    at: ModelPlace
    scope: tuple[str, ...]
    shapes: list[tuple[int, ...] | None]
    outputs: list[str]

    def constant(self, index: int) -> OnnxConstant | None:
        """An input that is a constant."""
        value = self.inputs[index] if index < len(self.inputs) else None
        return value if isinstance(value, OnnxConstant) else None

    def numbers(self, name: str, index: int) -> list[Any] | None:
        """An attribute, or the input that newer versions have in its place."""
        value = self.attributes.get(name)
        if value is None and (constant := self.constant(index)) is not None:
            value = constant.values
        return value if isinstance(value, list) or value is None else [value]

    def axis(self, default: int, rank: int) -> int:
        """The attribute `axis`, counted from the front."""
        axis = self.attributes.get("axis", default)
        if type(axis) is not int or not -rank <= axis < rank:
            raise RefusedModel((self.at, f"{self.word}: axis {axis!s:.20} is none of the {rank} axes that enter"))
        return axis % rank

    def words(self) -> str:
        """What it is called in a message if its type has a kind, but not with these settings."""
        constants = [one for one in self.inputs if isinstance(one, OnnxConstant)]
        if self.word in REASONS:
            return f"{self.word} {REASONS[self.word]}"
        if self.word in ("Add", "Sum", "Mul") and constants:
            return f"{self.word} with a constant of {by_axis(constants[0].dims) or 'one value'}"
        axis = self.attributes.get("axis")
        return f"{self.word} on axis {axis}" if axis is not None else f"{self.word} with these settings"

    def present(self, index: int) -> bool:
        """Whether an input is given."""
        return index < len(self.inputs) and self.inputs[index] is not None


@final
class OnnxOperators:
    """Adds operators to a graph.

    Attributes:
        views: of the graph's values.
    """

    def __init__(self, builder: GraphBuilder) -> None:
        self.views = Views(builder)
        self._builder = builder
        self._used: dict[str, ModelPlace] = {}

    def run(self, operator: OnnxNode) -> list[Any]:
        """The outputs of an operator."""
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        x = values[0] if values else None
        count = max(len(operator.outputs), 1)
        if x is None:
            return [Viewed(self._builder.unknown(operator.word, [], operator.at), None)] * count
        reader: Callable[[OnnxNode, Viewed], Any] | None = getattr(self, f"_on_{operator.word.lower()}", None)
        known = reader is not None or operator.word in (*SAME, *PLAIN)
        if any(value.dims is None for value in values) and known:
            return [Viewed(self._builder.add("", [value.node for value in values], {}, at=operator.at), None)] * count
        if operator.word in SAME:
            return [x]
        if PLAIN.get(operator.word) in LAYERS:
            return [self._elementwise(PLAIN[operator.word], operator, x)]
        result = reader(operator, x) if reader is not None else None
        if result is None:
            return [self._unknown(operator, values, operator.words() if reader else operator.word)] * count
        return result if isinstance(result, list) else [result]

    def _unknown(self, operator: OnnxNode, values: list[Viewed], words: str) -> Viewed:
        dims = operator.shapes[0] if operator.shapes else None
        shape = declared(dims)
        nodes = [value.node for value in values]
        return Viewed(self._builder.unknown(words, nodes, operator.at, shape), dims if shape else None)

    def _where(self, operator: OnnxNode) -> dict[str, Any]:
        label = ".".join(operator.scope) or operator.at.text.removeprefix("node ")
        dims = operator.shapes[0] if operator.shapes else None
        return {"at": operator.at, "scope": operator.scope, "label": label, "declared": declared(dims)}

    def _add(self, kind: str, operator: OnnxNode, *values: Viewed, **settings: Any) -> Viewed:
        return self.views.add(kind, values, settings, **self._where(operator), tensors=self._tensors(operator))

    def _elementwise(self, kind: str, operator: OnnxNode, x: Viewed, **settings: Any) -> Viewed:
        tensors = self._tensors(operator)
        return self.views.elementwise(kind, x, settings, **self._where(operator), tensors=tensors)

    def _tensors(self, operator: OnnxNode) -> dict[str, StoredTensor]:
        """The weights of a layer: constants of its operator in the order of its inputs."""
        words = WEIGHTS.get(operator.word, ())
        found = {word: self._tensor(operator, number) for number, word in enumerate(words, start=1)}
        tensors = {word: tensor for word, tensor in found.items() if tensor is not None}
        if operator.word == "MatMul" or (operator.word == "Gemm" and not operator.attributes.get("transB", 0)):
            tensors |= {"weight": self._tensor(operator, 1, (1, 0)) or StoredTensor("")}
        scaled = any(operator.attributes.get(name, 1) != 1 for name in ("alpha", "beta"))
        return dict.fromkeys(tensors, StoredTensor("")) if operator.word == "Gemm" and scaled else tensors

    def _tensor(self, operator: OnnxNode, index: int, axes: tuple[int, ...] = ()) -> StoredTensor | None:
        """An input that is a constant, with its axes in another order."""
        constant = operator.constant(index)
        if constant is None:
            return None
        order = tuple(constant.axes[axis] for axis in axes) if constant.axes and axes else constant.axes or axes
        return StoredTensor(constant.name if constant.kept else "", order, constant.view or constant.dims)

    def _weight(self, operator: OnnxNode, index: int) -> tuple[int, ...] | None:
        """The dims of a weight; one that another node reads, too, is noted."""
        constant = operator.constant(index)
        if constant is None:
            return None
        first = self._used.setdefault(constant.name, operator.at)
        if first != operator.at and len(constant.dims) > 1:
            self._builder.note(
                "a tensor that several nodes read is counted for each: shared weights look the same as equal ones",
                operator.at,
            )
        return constant.dims

    def _window(self, operator: OnnxNode, kernel: list[int], rank: int) -> dict[str, Any]:
        given = operator.attributes
        window: dict[str, Any] = {"kernel": tuple(kernel), "stride": tuple(given.get("strides") or [1] * rank)}
        auto = given.get("auto_pad", "NOTSET")
        pads = given.get("pads") or [0] * (2 * rank)
        if auto in ("SAME_UPPER", "SAME_LOWER"):
            window["padding"] = "same" if auto == "SAME_UPPER" else "same_lower"
        elif auto != "VALID":
            window["padding"] = tuple(zip(pads[:rank], pads[rank:], strict=False))
        if any(n != 1 for n in given.get("dilations") or []):
            window["dilation"] = tuple(given["dilations"])
        return window

    def _on_conv(self, operator: OnnxNode, x: Viewed, kind: str = "conv") -> Viewed | None:
        weight = self._weight(operator, 1)
        if weight is None or len(weight) < 3:
            return None
        groups, rank = operator.attributes.get("group", 1), len(weight) - 2
        settings = self._window(operator, list(weight[2:]), rank)
        settings |= {"filters": weight[0], "groups": groups, "bias": operator.present(2)}
        if kind == "deconv":
            settings["filters"] = weight[1] * groups
            settings["output_padding"] = tuple(operator.attributes.get("output_padding") or [0] * rank)
            if operator.attributes.get("output_shape"):
                settings["padding"] = _pads_for(operator, x, settings)
        return self._add(kind, operator, x, **settings)

    def _on_convtranspose(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        return self._on_conv(operator, x, "deconv")

    def _on_gemm(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        weight, given = self._weight(operator, 1), operator.attributes
        if weight is None or len(weight) != 2 or given.get("transA", 0):
            return None
        features = weight[0] if given.get("transB", 0) else weight[1]
        if len(x.dims or ()) != 2:
            x = self.views.view(x, ((x.dims or (1,))[0], -1), operator.at)
        return self._add("fc", operator, x, features=features, bias=operator.present(2))

    def _on_matmul(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        weight = self._weight(operator, 1)
        if weight is None or len(weight) != 2:
            return None
        if x.channels_last and x.dims:
            where = self._where(operator) | {"declared": None}
            settings = {"filters": weight[1], "kernel": 1, "bias": False}
            node = self._builder.add("conv", [x.node], settings, **where, tensors=self._tensors(operator))
            return x._replace(node=node, dims=(*x.dims[:-1], weight[1]))
        if len(x.dims or ()) != 2:
            return None
        return self._add("fc", operator, x, features=weight[1], bias=False)

    def _on_batchnormalization(self, operator: OnnxNode, x: Viewed) -> list[Viewed]:
        return [self._add("bn", operator, x, eps=_short(operator.attributes.get("epsilon", 1e-5)))] * len(
            operator.outputs
        )

    def _on_instancenormalization(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._add("instancenorm", operator, x, affine=True, eps=_short(operator.attributes.get("epsilon", 1e-5)))

    def _on_groupnormalization(self, operator: OnnxNode, x: Viewed) -> Viewed:
        eps = _short(operator.attributes.get("epsilon", 1e-5))
        return self._add("groupnorm", operator, x, groups=operator.attributes.get("num_groups", 1), eps=eps)

    def _on_layernormalization(self, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
        rank = len(x.dims or ())
        axis = operator.axis(-1, rank)
        shape = self._builder.shapes[x.node]
        if axis != rank - 1 or shape is None or not (x.channels_last or (not x.steps and not shape.spatial)):
            return None
        eps = _short(operator.attributes.get("epsilon", 1e-5))
        return [self._elementwise("layernorm", operator, x, eps=eps)] * len(operator.outputs)

    def _on_lrn(self, operator: OnnxNode, x: Viewed) -> Viewed:
        given, size = operator.attributes, operator.attributes.get("size", 5)
        settings = {"alpha": _short(given.get("alpha", 1e-4)) / max(size, 1), "beta": _short(given.get("beta", 0.75))}
        return self._add("lrn", operator, x, size=size, k=_short(given.get("bias", 1.0)), **settings)

    def _on_clip(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        limits = (operator.numbers("min", 1) or [None])[0], (operator.numbers("max", 2) or [None])[0]
        if limits == (0, 6):
            return self._elementwise("relu6", operator, x)
        known = all(isinstance(limit, int | float) for limit in limits)
        return self._elementwise("hardtanh", operator, x, low=limits[0], high=limits[1]) if known else None

    def _on_leakyrelu(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._elementwise("leaky_relu", operator, x, slope=_short(operator.attributes.get("alpha", 0.01)))

    def _on_elu(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._elementwise("elu", operator, x, alpha=_short(operator.attributes.get("alpha", 1.0)))

    def _on_prelu(self, operator: OnnxNode, x: Viewed) -> Viewed:
        weight, channels = self._weight(operator, 1), self._builder.channels(x.node)
        one = prod(weight or ()) == 1 != channels
        return self._elementwise("prelu", operator, x, **({"slopes": "one"} if one else {}))

    def _on_hardsigmoid(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._elementwise("hardsigmoid", operator, x)

    def _on_softmax(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        rank = len(x.dims or ())
        axis = operator.axis(-1 if rank < 3 else 1, rank)
        return self._elementwise("softmax", operator, x) if axis == 1 and not x.steps else None

    def _on_dropout(self, operator: OnnxNode, x: Viewed) -> list[Viewed]:
        rate = (operator.numbers("ratio", 1) or [0.5])[0]
        if not isinstance(rate, float | int) or not 0 < rate < 1:
            return [x] * len(operator.outputs)
        return [self._elementwise("dropout", operator, x, rate=_short(rate))] * len(operator.outputs)

    def _on_maxpool(self, operator: OnnxNode, x: Viewed, kind: str = "maxpool") -> list[Viewed] | None:
        given, rank = operator.attributes, len(x.dims or ()) - 2
        kernel = given.get("kernel_shape")
        if not kernel or len(kernel) != rank:
            return None
        window = self._window(operator, kernel, rank)
        if prod(kernel) == 1 and prod(window["stride"]) == 1 and not any(map(any, window.get("padding", ()))):
            self._builder.note("a pool with a window of 1 is left out", operator.at)
            return [x]
        if tuple(kernel) == tuple((x.dims or ())[2:]) and not any(map(any, window.get("padding", ()))):
            return [self._add(f"global_{kind}", operator, x)]
        if given.get("ceil_mode", 0):
            window["rounding"] = "ceil"
        if kind == "avgpool" and not given.get("count_include_pad", 0) and any(map(any, window.get("padding", ()))):
            window["count_padding"] = False
        return [self._add(kind, operator, x, **window)] * len(operator.outputs)

    def _on_averagepool(self, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
        return self._on_maxpool(operator, x, "avgpool")

    def _on_globalaveragepool(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._add("global_avgpool", operator, x)

    def _on_globalmaxpool(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._add("global_maxpool", operator, x)

    def _on_reducemean(self, operator: OnnxNode, x: Viewed, kind: str = "global_avgpool") -> Viewed | None:
        dims, axes = x.dims or (), operator.numbers("axes", 1) or []
        over = sorted(int(axis) % len(dims) for axis in axes)
        spatial = list(range(1, len(dims) - 1)) if x.channels_last else list(range(2, len(dims)))
        if over != spatial or not over or (x.steps and not x.channels_last):
            return None
        where = self._where(operator) | {"declared": None}
        value = self.views.of(self._builder.add(kind, [x.node], {}, **where), dims[0])
        if operator.attributes.get("keepdims", 1):
            last = (dims[0], *(1 for _ in spatial), dims[-1])
            return value._replace(steps=x.steps, dims=last) if x.channels_last else value
        return self.views.of(self._builder.vector(value.node, operator.at), dims[0])

    def _on_reducemax(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        return self._on_reducemean(operator, x, "global_maxpool")

    def _on_flatten(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        if operator.attributes.get("axis", 1) != 1:
            return None
        return self.views.view(x, ((x.dims or (1,))[0], -1), operator.at)

    def _on_reshape(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        wanted, dims = operator.numbers("shape", 1), x.dims or ()
        if not wanted or not all(isinstance(n, int) for n in wanted) or len(wanted) > 8:
            return None
        sizes = [dims[i] if n == 0 and i < len(dims) else n for i, n in enumerate(wanted)]
        if -1 not in sizes and prod(sizes) != prod(dims) and dims[0] and prod(sizes[1:]) == prod(dims[1:]):
            sizes[0] = dims[0]
        return self.views.view(x, sizes, operator.at)

    def _on_squeeze(self, operator: OnnxNode, x: Viewed) -> Viewed:
        dims, axes = x.dims or (), operator.numbers("axes", 1)
        gone = [int(axis) % len(dims) for axis in axes] if axes else [i for i, n in enumerate(dims) if n == 1 and i]
        return self.views.view(x, [n for i, n in enumerate(dims) if i not in gone], operator.at)

    def _on_unsqueeze(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        dims, axes = list(x.dims or ()), operator.numbers("axes", 1)
        for axis in sorted(int(axis) % (len(dims) + len(axes or ())) for axis in axes or ()):
            dims.insert(axis, 1)
        return self.views.view(x, dims, operator.at)

    def _on_transpose(self, operator: OnnxNode, x: Viewed) -> Viewed:
        axes = operator.attributes.get("perm") or list(range(len(x.dims or ())))[::-1]
        return self.views.permute(x, axes, operator.at)

    def _on_concat(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        axis = operator.axis(1, len(x.dims or (0, 0)))
        if len(values) < len(operator.inputs) or axis != 1:
            return None
        return values[0] if len(values) == 1 else self._add("concat", operator, *values)

    def _on_add(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        return self._merged("add", operator, x)

    _on_sum = _on_add

    def _on_mul(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        return self._merged("mul", operator, x)

    def _merged(self, kind: str, operator: OnnxNode, x: Viewed) -> Viewed | None:
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        if len(values) < len(operator.inputs):
            return self._with_constant(kind, operator, x)
        if len(values) == 1:
            return x
        if x.steps and all(value.steps == x.steps for value in values):
            where = self._where(operator) | {"declared": None}
            return x._replace(node=self._builder.add(kind, [value.node for value in values], {}, **where))
        return self._add(kind, operator, *values)

    def _with_constant(self, kind: str, operator: OnnxNode, x: Viewed) -> Viewed | None:
        """A factor for each channel, or the bias of the layer before."""
        index = next(i for i in range(len(operator.inputs)) if not isinstance(operator.inputs[i], Viewed))
        weight, channels = self._weight(operator, index), self._builder.channels(x.node)
        if (
            weight is None
            or len(operator.inputs) != 2
            or channels is None
            or max(weight, default=1) != channels != prod(weight)
        ):
            return None
        if kind == "mul":
            where = self._where(operator) | {"tensors": {"weight": self._tensor(operator, index)}}
            return self.views.elementwise("scale", x, {"bias": False}, **where)
        tensor = self._tensor(operator, index) or StoredTensor("")
        return x if self._builder.give_bias(x.node, tensor) else None

    def _on_slice(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        dims = x.dims or ()
        starts, ends = operator.numbers("starts", 1), operator.numbers("ends", 2)
        axes, steps = operator.numbers("axes", 3) or list(range(len(starts or ()))), operator.numbers("steps", 4) or [1]
        if not starts or not ends or len(axes) != 1 or steps != [1]:
            return None
        axis = int(axes[0]) % len(dims)
        start, end = (min(int(n) + dims[axis] if n < 0 else int(n), dims[axis]) for n in (starts[0], ends[0]))
        if (start, end) == (0, dims[axis]):
            return x
        return self._add("slice", operator, x, channels=(start, end)) if axis == 1 and not x.steps else None

    def _on_split(self, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
        dims, count = x.dims or (), len(operator.outputs)
        sizes = operator.numbers("split", 1) or [dims[1] // count] * count
        if operator.axis(0, len(dims)) != 1 or sum(sizes) != dims[1] or x.steps or len(sizes) != count:
            return None
        starts = [sum(sizes[:i]) for i in range(count)]
        plain = operator._replace(shapes=[])
        return [
            self._add("slice", plain, x, channels=(start, start + n)) for start, n in zip(starts, sizes, strict=True)
        ]

    def _on_pad(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        pads, rank = operator.numbers("pads", 1), len(x.dims or ())
        if not pads or len(pads) != 2 * rank or operator.attributes.get("mode", "constant") != "constant" or x.steps:
            return None
        pairs = [(int(pads[i]), int(pads[i + rank])) for i in range(rank)]
        if not any(map(any, pairs)):
            return x
        if any(n < 0 for pair in pairs for n in pair) or any(pairs[0]):
            return None
        if any(pairs[1]):
            return None if any(map(any, pairs[2:])) else self._add("pad_channels", operator, x, zeros=pairs[1])
        return self._add("zeropad", operator, x, padding=tuple(pairs[2:]))

    def _on_resize(self, operator: OnnxNode, x: Viewed) -> Viewed | None:
        dims, last = x.dims or (), len(operator.inputs) - 1
        scales, sizes = operator.numbers("scales", min(last, 2)), operator.numbers("sizes", 3)
        mode = operator.attributes.get("mode", "nearest")
        # A product of 32 bits is a whole number if it is nearly one.
        out = [int(n) for n in sizes or ()] or [floor(n * f + 1e-4) for n, f in zip(dims, scales or (), strict=False)]
        if len(out) != len(dims) or tuple(out[:2]) != dims[:2]:
            return None
        if mode == "nearest" and all(m % n == 0 for n, m in zip(dims, out, strict=True)):
            return self._add(
                "upsample", operator, x, factor=tuple(m // n for n, m in zip(dims[2:], out[2:], strict=True))
            )
        word = {"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode)
        factor = () if sizes else tuple(map(_short, (scales or ())[2:]))
        if factor and [floor(n * f) for n, f in zip(dims[2:], factor, strict=True)] == out[2:]:
            return self._add("resize", operator, x, factor=factor, mode=word)
        return self._add("resize", operator, x, size=tuple(out[2:]), mode=word)

    _on_upsample = _on_resize

    def _on_depthtospace(self, operator: OnnxNode, x: Viewed) -> Viewed:
        if operator.attributes.get("mode", "DCR") != "DCR":
            words = "DepthToSpace of mode CRD is written as depth_to_space, whose order is DCR"
            self._builder.note(words, operator.at, inexact=True)
        return self._add("depth_to_space", operator, x, block_size=operator.attributes.get("blocksize", 1))

    def _on_spacetodepth(self, operator: OnnxNode, x: Viewed) -> Viewed:
        return self._add("space_to_depth", operator, x, block_size=operator.attributes.get("blocksize", 1))


def _pads_for(operator: OnnxNode, x: Viewed, settings: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """The padding that gives the output_shape, as ONNX says: an odd value stands first, or last with SAME_UPPER."""
    wanted, dims = operator.attributes["output_shape"], (x.dims or ())[2:]
    dilation, pads = settings.get("dilation", (1,) * len(dims)), []
    axes = zip(dims, settings["kernel"], settings["stride"], dilation, settings["output_padding"], strict=True)
    for (n, k, s, d, extra), out in zip(axes, wanted[-len(dims) :], strict=True):
        total = s * (n - 1) + d * (k - 1) + 1 + extra - out
        if total < 0:
            raise RefusedModel((operator.at, f"output_shape {by_axis(wanted)} is larger than what comes out"))
        less = total // 2
        pads.append(
            (less, total - less) if operator.attributes.get("auto_pad") == "SAME_UPPER" else (total - less, less)
        )
    return tuple(pads)


def _short(value: Any) -> float:
    """A number as it was written before it became one of 32 bits: 0.001, not 0.0010000000474974513."""
    return float(f"{value:.6g}") if isinstance(value, int | float) else 0.0
