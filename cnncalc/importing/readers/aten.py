"""The operations of torch's graphs (ATen) in the words of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, final

from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace, StoredTensor
from cnncalc.importing.views import Steps, Viewed, Views, declared
from cnncalc.layers import LAYERS

SAME = ("contiguous", "clone", "alias", "detach", "detach_", "lift_fresh_copy", "_to_copy", "to", "type_as", "identity")
"""Operations that hand on what they get."""

PLAIN = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "silu": "silu", "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid", "gelu": "gelu", "mish": "mish", "selu": "selu", "softplus": "softplus",
    "softsign": "softsign", "log_sigmoid": "logsigmoid", "exp": "exponential", "celu": "celu",
}  # fmt: skip
"""Operations on single values without settings."""

WEIGHTS = ("weight", "bias", "running_mean", "running_var")
"""Arguments that are weights of a layer under the same name."""

ZEROS = ("zeros", "zeros_like", "new_zeros")
"""What recurrent layers begin with; nothing else may read it."""

DROPOUTS = ("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout", "native_dropout")


class Weighed(NamedTuple):
    """A weight as an argument.

    Attributes:
        name: in the graph.
        dims: its shape here.
        turned: whether rows and columns have changed places.
    """

    name: str
    dims: tuple[int, ...] | None
    turned: bool = False

    def transposed(self) -> Weighed:
        """The same with rows and columns in each other's place."""
        return self._replace(dims=self.dims[::-1] if self.dims else None, turned=not self.turned)


class Named(NamedTuple):
    """A tensor as an argument, before its value is known: its name and dims, and whether it is a weight."""

    name: str
    dims: tuple[int, ...] | None
    weighed: bool


class AtenNode(NamedTuple):
    """One node of a file.

    Attributes:
        target: `conv2d.default`.
        arguments: name → a value, a weight as (name, dims), a number or list, None.
        at: its place.
        scope: the path of its module.
        dims: of each output.
    """

    target: str
    arguments: Mapping[str, Any]
    at: ModelPlace
    scope: tuple[str, ...]
    dims: list[tuple[int, ...] | None]

    @property
    def word(self) -> str:
        """The operation without overload, and without the _ of one that works in place."""
        word = self.target.partition(".")[0]
        return word.removesuffix("_") if not word.startswith("_") else word

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or the default if it is left out."""
        value = self.arguments.get(name)
        return default if value is None else value

    def value(self, *names: str) -> Viewed | None:
        """The first of these arguments that is a value of the graph."""
        return next((self.arguments[n] for n in names if isinstance(self.arguments.get(n), Viewed)), None)


TorchNode = tuple[AtenNode, list[str]]
"""A node, and the names of its outputs."""


LAST: Steps = (("permute", (0, 2, 1)),)
"""How torch sees a sequence: its channels last."""


@final
class Aten:
    """Adds operations to a graph.

    Attributes:
        views: of the graph's values.
        counts_twice: whether a weight is one of several layers, each of which counts it.
    """

    def __init__(self, builder: GraphBuilder, weights: Mapping[str, str]) -> None:
        self.views = Views(builder)
        self._builder = builder
        self._weights = weights
        self._used: set[StoredTensor] = set()
        self._columns_first: set[str] = set()
        self.counts_twice = False
        self._first: dict[tuple[object, ...], str] = {}

    def run(self, operation: AtenNode) -> list[Any]:
        """The outputs of an operation."""
        x = operation.value("input", "self", "mat1", "indices")
        word = operation.word
        if x is None and isinstance(weight := operation.get("self"), Weighed):
            handed = self._handed(operation, weight)
            if handed is not None:
                return [handed]
        reader: Callable[[AtenNode, Viewed], Any] | None = getattr(self, f"_on_{word}", None)
        known = reader is not None or word in SAME or word in PLAIN or word in ("add", "mul", "cat", "concat")
        if x is None and word in ZEROS:
            return [None]
        if x is not None and x.dims is None and known:
            return [self._blind(operation, x)] * max(len(operation.dims), 1)
        if x is not None and word in SAME:
            return [x]
        if x is not None and word in PLAIN and PLAIN[word] in LAYERS:
            return [self._elementwise(PLAIN[word], operation, x)]
        if word in ("add", "mul", "cat", "concat"):
            return [self._joined(operation)]
        result = reader(operation, x) if reader is not None and x is not None else None
        if result is None:
            return [self.unknown(operation)] * max(len(operation.dims), 1)
        return result if isinstance(result, list) else [result]

    @property
    def used(self) -> set[str]:
        """The tensors of the file that are weights of layers."""
        return {tensor.name for tensor in self._used}

    def unknown(self, operation: AtenNode) -> Viewed:
        """The output of an operation that the language does not know."""
        given = [one for a in operation.arguments.values() for one in (a if isinstance(a, list) else [a])]
        inputs = [one.node for one in given if isinstance(one, Viewed)]
        dims = operation.dims[0] if operation.dims else None
        if not inputs:
            return Viewed(self._builder.unknown(operation.target, [], operation.at, declared(dims)), None)
        shape = declared(dims)
        return Viewed(self._builder.unknown(operation.target, inputs, operation.at, shape), dims if shape else None)

    def _blind(self, operation: AtenNode, x: Viewed) -> Viewed:
        """An output after something unknown."""
        return Viewed(self._builder.add("", [x.node], {}, at=operation.at), None)

    def _where(self, operation: AtenNode) -> dict[str, Any]:
        label = ".".join(operation.scope)
        dims = operation.dims[0] if operation.dims else None
        return {"at": operation.at, "scope": operation.scope, "label": label, "declared": declared(dims)}

    def _add(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        where = self._where(operation) | self._weighed(kind, operation)
        value = self.views.add(kind, [x], settings, **where)
        self._remember(kind, where, value)
        return value._replace(dims=operation.dims[0] or value.dims) if operation.dims else value

    def _elementwise(self, kind: str, operation: AtenNode, x: Viewed, **settings: Any) -> Viewed:
        where = self._where(operation) | self._weighed(kind, operation)
        if x.node in self._columns_first:
            where["tensors"] = self._rows_first(kind, x, where["tensors"])
        value = self.views.elementwise(kind, x, settings, **where)
        self._columns_first |= {value.node} if x.node in self._columns_first and kind != "conv" else set()
        self._remember(kind, where, value)
        return value

    def _weighed(self, kind: str, operation: AtenNode) -> dict[str, Any]:
        """The weights of a node, and the node that has them already."""
        tensors = {word: one for word in WEIGHTS if (one := self._tensor(operation, word)) is not None}
        shares = self._first.get((kind, *tensors.items()), "") if tensors else ""
        again = [one.name for one in tensors.values() if one in self._used] if not shares else []
        if again and not self.counts_twice:
            words = "is read by several layers and counted for each, so may others be"
            self._builder.note(f"the weight {again[0]} {words}", operation.at)
            self.counts_twice = True
        self._used.update(tensors.values())
        return {"tensors": tensors, "shares": shares}

    def _remember(self, kind: str, where: Mapping[str, Any], value: Viewed) -> None:
        self._first.setdefault((kind, *where["tensors"].items()), value.node)

    def _tensor(self, operation: AtenNode, name: str) -> StoredTensor | None:
        weight = operation.arguments.get(name)
        if not isinstance(weight, Weighed):
            return None
        return StoredTensor(self._weights.get(weight.name, "").partition(":")[2], (1, 0) if weight.turned else ())

    def _handed(self, operation: AtenNode, weight: Weighed) -> Weighed | None:
        """A weight as an operation hands it on; None if it computes something."""
        axes = operation.get("dims", [operation.get("dim0", 0), operation.get("dim1", 1)])
        if operation.word in ("t", "permute", "transpose") and len(weight.dims or ()) == 2 and len(axes) == 2:
            return weight.transposed() if axes[0] % 2 != 0 or operation.word != "permute" else weight
        return weight if operation.word in ("expand", *SAME) and operation.dims[0] == weight.dims else None

    def _weight(self, operation: AtenNode, name: str) -> tuple[int, ...] | None:
        """The dims of a weight."""
        weight = operation.arguments.get(name)
        return tuple(weight.dims or ()) if isinstance(weight, Weighed) else None

    def _on_conv1d(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        weight = self._weight(operation, "weight")
        if weight is None or len(weight) < 3:
            return None
        rank = len(weight) - 2
        padding = operation.get("padding", 0)
        padding = padding if isinstance(padding, str) else _each(padding, rank)
        settings = {
            "filters": weight[0], "kernel": weight[2:], "padding": padding, "bias": operation.get("bias") is not None,
            "stride": _each(operation.get("stride", 1), rank), "dilation": _each(operation.get("dilation", 1), rank),
            "groups": operation.get("groups", 1),
        }  # fmt: skip
        return self._add("conv", operation, x, **settings)

    _on_conv2d = _on_conv3d = _on_conv1d

    def _on_convolution(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        if operation.get("transposed", False):
            return self._on_conv_transpose2d(operation, x)
        return self._on_conv1d(operation, x)

    def _on_conv_transpose2d(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        weight = self._weight(operation, "weight")
        if weight is None or len(weight) < 3:
            return None
        rank, groups = len(weight) - 2, operation.get("groups", 1)
        defaults = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
        sizes = {name: _each(operation.get(name, default), rank) for name, default in defaults.items()}
        bias = operation.get("bias") is not None
        return self._add(
            "deconv", operation, x, filters=weight[1] * groups, kernel=weight[2:], groups=groups, bias=bias, **sizes
        )

    _on_conv_transpose1d = _on_conv_transpose3d = _on_conv_transpose2d

    def _on_linear(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        weight = self._weight(operation, "weight")
        if weight is None or len(weight) != 2:
            return None
        return self._dense(operation, x, weight[0], operation.get("bias") is not None)

    def _on_addmm(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        weight, bias = operation.get("mat2"), operation.get("self")
        if not isinstance(weight, Weighed) or operation.get("alpha", 1) != 1 or operation.get("beta", 1) != 1:
            return None
        given = {"weight": weight.transposed(), **({"bias": bias} if isinstance(bias, Weighed) else {})}
        return self._on_linear(operation._replace(arguments=given), x)

    _on_mm = _on_addmm

    def _dense(self, operation: AtenNode, x: Viewed, features: int, bias: bool) -> Viewed | None:
        if x.channels_last and x.dims:
            if self._builder.rank(x.node) == 1:
                value = self._elementwise("fc", operation, x, features=features, bias=bias)
            else:
                value = self._elementwise("conv", operation, x, filters=features, kernel=1, bias=bias)
            return value._replace(dims=(*x.dims[:-1], features))
        if x.dims is None or len(x.dims) != 2:
            return None
        return self._add("fc", operation, x, features=features, bias=bias)

    def _on_batch_norm(self, operation: AtenNode, x: Viewed) -> Viewed:
        affine = operation.get("weight") is not None
        if operation.get("running_mean") is None:
            words = "a norm by the batch's own statistics is written as bn with kept ones"
            self._builder.note(words, operation.at, inexact=True)
        return self._add("bn", operation, x, affine=affine, eps=operation.get("eps", 1e-5))

    def _on_attention(self, operation: AtenNode, x: Viewed) -> Viewed:
        """A module of attention: its weights are those of queries, keys and values in one, and of the output."""
        tensors: dict[str, StoredTensor] = {}
        for word in ("weight", "bias"):
            whole, out = self._tensor(operation, f"qkv_{word}"), self._tensor(operation, f"out_{word}")
            if whole is not None:
                tensors |= {f"{p}_{word}": whole._replace(parts=3, taken=(i,)) for i, p in enumerate("qkv")}
            tensors |= {f"out_{word}": out} if out is not None else {}
        table = self._tensor(operation, "relative_table")
        tensors |= {"relative_table": table} if table is not None else {}
        settings = {"heads": operation.get("heads"), "bias": "out_bias" in tensors, "qkv_bias": "q_bias" in tensors}
        if table is not None:
            rank = self._builder.rank(x.node)
            shift = _each(operation.get("shift", 0), rank)
            settings |= {"window": _each(operation.get("window"), rank), "shift": shift, "relative": "table"}
        where = self._where(operation) | {"tensors": tensors}
        return self.views.elementwise("attention", x, settings, **where)

    def _on_embedding(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        weight = self._weight(operation, "weight")
        if weight is None or len(weight) != 2 or len(x.dims or ()) != 2:
            return None
        where = self._where(operation) | self._weighed("embedding", operation) | {"declared": None}
        node = self._builder.add("embedding", [x.node], {"ids": weight[0], "size": weight[1]}, **where)
        return Viewed(node, operation.dims[0], LAST)

    def _on_lstm(self, operation: AtenNode, x: Viewed, kind: str = "lstm", **more: Any) -> list[Viewed | None] | None:
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
        tensors = {word: tensor for word in words if (tensor := self._tensor(given, word)) is not None}
        self._used.update(tensors.values())
        settings = {"units": weights[1].dims[-1], "layers": layers, "bidirectional": both, "steps": "all"}
        settings |= {"biases": 2 if operation.get("has_biases") else 0, **more}
        where = self._where(operation) | {"tensors": tensors, "declared": None}
        node = (
            x.node
            if x.channels_last
            else self._builder.add("permute", [x.node], {"order": ("L", "C")}, at=operation.at)
        )
        node = self._builder.add(kind, [node], settings, **where)
        return [Viewed(node, operation.dims[0], LAST), None, None]

    def _on_gru(self, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
        return self._on_lstm(operation, x, "gru")

    def _on_rnn_tanh(self, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
        return self._on_lstm(operation, x, "rnn", nonlinearity="tanh")

    def _on_rnn_relu(self, operation: AtenNode, x: Viewed) -> list[Viewed | None] | None:
        return self._on_lstm(operation, x, "rnn", nonlinearity="relu")

    def _on_merging(self, operation: AtenNode, x: Viewed) -> Viewed:
        """Four neighbours in one, of a map that has its channels last."""
        value = self.views.elementwise("space_to_depth", x, {"block_size": 2}, **self._where(operation))
        self._columns_first.add(value.node)
        return value._replace(dims=operation.dims[0])

    def _rows_first(self, kind: str, x: Viewed, tensors: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
        """The weights of a layer after `_on_merging`, which has neighbours below one another before those beside."""
        channels = self._builder.channels(x.node) or 0
        if kind != "conv":
            return {word: one._replace(view=(2, 2, channels // 4), axes=(1, 0, 2)) for word, one in tensors.items()}
        return {**tensors, "weight": tensors["weight"]._replace(view=(-1, 2, 2, channels // 4), axes=(0, 2, 1, 3))}

    def _on_select(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        """One position of a sequence."""
        axis, index, dims = operation.get("dim", 0), operation.get("index", 0), x.dims or ()
        if axis % len(dims) != 1 or not x.channels_last or len(dims) != 3:
            return None
        index %= dims[1]
        first = self._builder.add("permute", [x.node], {"order": ("L", "C")}, at=operation.at)
        taken = self._builder.add("slice", [first], {"channels": (index, index + 1)}, at=operation.at)
        return self.views.of(self._builder.add("flatten", [taken], at=operation.at), dims[0])

    _on__native_batch_norm_legit_no_training = _on_native_batch_norm = _on_cudnn_batch_norm = _on_batch_norm

    def _on_layer_norm(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        shape, affine = operation.get("normalized_shape", []), operation.get("weight") is not None
        base = self._builder.shapes[x.node]
        over_channels = base is not None and list(shape) == [base.channels]
        if not over_channels or not (x.channels_last or (not x.steps and base is not None and not base.spatial)):
            return None
        return self._elementwise("layernorm", operation, x, affine=affine, eps=operation.get("eps", 1e-5))

    def _on_native_layer_norm(self, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
        value = self._on_layer_norm(operation, x)
        return None if value is None else [value] * 3

    def _on_group_norm(self, operation: AtenNode, x: Viewed) -> Viewed:
        affine = operation.get("weight") is not None
        return self._add(
            "groupnorm",
            operation,
            x,
            groups=operation.get("num_groups", 1),
            affine=affine,
            eps=operation.get("eps", 1e-5),
        )

    def _on_instance_norm(self, operation: AtenNode, x: Viewed) -> Viewed:
        return self._add(
            "instancenorm", operation, x, affine=operation.get("weight") is not None, eps=operation.get("eps", 1e-5)
        )

    def _on_hardtanh(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        limits = operation.get("min_val", operation.get("min", -1)), operation.get("max_val", operation.get("max", 1))
        if limits == (0, 6):
            return self._elementwise("relu6", operation, x)
        known = all(isinstance(limit, int | float) for limit in limits)
        return self._elementwise("hardtanh", operation, x, low=limits[0], high=limits[1]) if known else None

    _on_clamp = _on_hardtanh

    def _on_leaky_relu(self, operation: AtenNode, x: Viewed) -> Viewed:
        return self._elementwise("leaky_relu", operation, x, slope=operation.get("negative_slope", 0.01))

    def _on_elu(self, operation: AtenNode, x: Viewed) -> Viewed:
        return self._elementwise("elu", operation, x, alpha=operation.get("alpha", 1.0))

    def _on_prelu(self, operation: AtenNode, x: Viewed) -> Viewed:
        weight, base = self._weight(operation, "weight"), self._builder.shapes[x.node]
        one = weight == (1,) and base is not None and base.channels > 1
        return self._elementwise("prelu", operation, x, **({"slopes": "one"} if one else {}))

    def _on_softmax(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        axis = operation.get("dim", -1) % len(x.dims or (0,))
        channels = len(x.dims or ()) - 1 if x.channels_last else 1
        return (
            self._elementwise("softmax", operation, x)
            if axis == channels and (x.channels_last or not x.steps)
            else None
        )

    _on__softmax = _on_softmax

    def _on_dropout(self, operation: AtenNode, x: Viewed) -> Viewed:
        rate = operation.get("p", 0.5)
        return self._elementwise("dropout", operation, x, rate=rate) if 0 < rate < 1 else x

    _on_feature_dropout = _on_alpha_dropout = _on_native_dropout = _on_dropout

    def _on_max_pool2d(self, operation: AtenNode, x: Viewed, kind: str = "maxpool") -> Viewed:
        rank = len(x.dims or ()) - 2
        settings: dict[str, Any] = {"kernel": _each(operation.get("kernel_size"), rank)}
        settings["stride"] = _each(operation.get("stride") or operation.get("kernel_size"), rank)
        settings["padding"] = _each(operation.get("padding", 0), rank)
        if kind == "maxpool":
            settings["dilation"] = _each(operation.get("dilation", 1), rank)
        elif not operation.get("count_include_pad", True):
            settings["count_padding"] = False
        if operation.get("ceil_mode", False):
            settings["rounding"] = "ceil"
        return self._add(kind, operation, x, **settings)

    _on_max_pool1d = _on_max_pool3d = _on_max_pool2d

    def _on_max_pool2d_with_indices(self, operation: AtenNode, x: Viewed) -> list[Viewed]:
        return [self._on_max_pool2d(operation, x)] * 2

    def _on_avg_pool2d(self, operation: AtenNode, x: Viewed) -> Viewed:
        return self._on_max_pool2d(operation, x, "avgpool")

    _on_avg_pool1d = _on_avg_pool3d = _on_avg_pool2d

    def _on_adaptive_avg_pool2d(self, operation: AtenNode, x: Viewed, kind: str = "avgpool") -> Viewed:
        size = _each(operation.get("output_size"), len(x.dims or ()) - 2)
        if set(size) == {1}:
            return self._add(f"global_{kind}", operation, x)
        if size == tuple((x.dims or ())[2:]):
            self._builder.note("an adaptive pool to the size that its input has is left out", operation.at)
            return x
        return self._add(f"adaptive_{kind}", operation, x, size=size)

    _on_adaptive_avg_pool1d = _on_adaptive_avg_pool3d = _on__adaptive_avg_pool2d = _on_adaptive_avg_pool2d

    def _on_adaptive_max_pool2d(self, operation: AtenNode, x: Viewed) -> list[Viewed]:
        return [self._on_adaptive_avg_pool2d(operation, x, "maxpool")] * 2

    def _on_mean(self, operation: AtenNode, x: Viewed, kind: str = "global_avgpool") -> Viewed | None:
        """The mean over all spatial axes is a global pool."""
        dims, kept = x.dims or (), operation.get("keepdim", False)
        over = sorted(axis % len(dims) for axis in operation.get("dim", []))
        spatial = list(range(1, len(dims) - 1)) if x.channels_last else list(range(2, len(dims)))
        if over != spatial or not over or (x.steps and not x.channels_last):
            return None
        where = self._where(operation) | {"declared": None}
        value = self.views.of(self._builder.add(kind, [x.node], {}, **where), dims[0])
        if kept:
            return value._replace(steps=x.steps, dims=operation.dims[0]) if x.channels_last else value
        return self.views.of(self._builder.vector(value.node, operation.at), dims[0])

    def _on_amax(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        return self._on_mean(operation, x, "global_maxpool")

    def _on_flatten(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        rank = len(x.dims or ())
        start, end = operation.get("start_dim", 0) % rank, operation.get("end_dim", -1) % rank
        dims = (*(x.dims or ())[:start], -1, *(x.dims or ())[end + 1 :])
        return x if start == end else self.views.view(x, dims, operation.at)

    def _on_view(self, operation: AtenNode, x: Viewed) -> Viewed:
        dims = operation.dims[0] if operation.dims else None
        return self.views.view(x, dims or operation.get("size", operation.get("shape", ())), operation.at)

    _on_reshape = _on__unsafe_view = _on_squeeze = _on_unsqueeze = _on_unflatten = _on_view

    def _on_permute(self, operation: AtenNode, x: Viewed) -> Viewed:
        return self.views.permute(x, operation.get("dims", ()), operation.at)

    def _on_transpose(self, operation: AtenNode, x: Viewed) -> Viewed:
        axes, rank = list(range(len(x.dims or ()))), len(x.dims or ())
        one, other = operation.get("dim0", 0) % rank, operation.get("dim1", 0) % rank
        axes[one], axes[other] = axes[other], axes[one]
        return self.views.permute(x, axes, operation.at)

    def _on_chunk(self, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
        """Parts of the channels."""
        axis, dims = operation.get("dim", 0), x.dims or ()
        sizes = [part[1] if part and len(part) == len(dims) else 0 for part in operation.dims]
        if axis % len(dims) != 1 or x.steps or sum(sizes) != dims[1] or 0 in sizes:
            return None
        starts = [sum(sizes[:i]) for i in range(len(sizes))]
        parts = zip(starts, sizes, operation.dims, strict=True)
        return [
            self._add("slice", operation._replace(dims=[d]), x, channels=(start, start + n)) for start, n, d in parts
        ]

    _on_split = _on_split_with_sizes = _on_tensor_split = _on_chunk

    def _on_slice(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        axis, dims = operation.get("dim", 0) % len(x.dims or (0,)), x.dims or ()
        start, end = operation.get("start", 0), operation.get("end", dims[axis])
        if operation.get("step", 1) != 1:
            return None
        start, end = (min(n + dims[axis], dims[axis]) if n < 0 else min(n, dims[axis]) for n in (start, end))
        if (start, end) == (0, dims[axis]):
            return x
        return self._add("slice", operation, x, channels=(start, end)) if axis == 1 and not x.steps else None

    def _on_pad(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        pad, dims = list(operation.get("pad", [])), x.dims or ()
        if operation.get("mode", "constant") != "constant" or len(pad) % 2 or len(pad) > 2 * (len(dims) - 1) or x.steps:
            return None
        pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
        pairs = [(0, 0)] * (len(dims) - 1 - len(pairs)) + pairs
        if any(n < 0 for pair in pairs for n in pair):
            return None
        if any(pairs[0]):
            return self._add("pad_channels", operation, x, zeros=pairs[0]) if not any(map(any, pairs[1:])) else None
        return self._add("zeropad", operation, x, padding=tuple(pairs[1:])) if any(map(any, pairs)) else x

    _on_constant_pad_nd = _on_pad

    def _on_upsample_nearest2d(self, operation: AtenNode, x: Viewed, mode: str = "nearest") -> Viewed | None:
        dims, out = (x.dims or ())[2:], (operation.dims[0] or ())[2:]
        if (
            mode == "nearest"
            and dims
            and len(out) == len(dims)
            and all(m % n == 0 for n, m in zip(dims, out, strict=True))
        ):
            return self._add("upsample", operation, x, factor=tuple(m // n for n, m in zip(dims, out, strict=True)))
        return (
            self._add("resize", operation, x, size=out, mode=mode, **_aligned(operation))
            if "resize" in LAYERS and out
            else None
        )

    _on_upsample_nearest1d = _on_upsample_nearest3d = _on_upsample_nearest2d

    def _on_upsample_bilinear2d(self, operation: AtenNode, x: Viewed) -> Viewed | None:
        return self._on_upsample_nearest2d(operation, x, "bilinear")

    def _on_pixel_shuffle(self, operation: AtenNode, x: Viewed) -> Viewed:
        self._builder.note(
            "pixel_shuffle is written as depth_to_space, which orders the channels otherwise",
            operation.at,
            inexact=True,
        )
        return self._add("depth_to_space", operation, x, block_size=operation.get("upscale_factor", 1))

    def _on_pixel_unshuffle(self, operation: AtenNode, x: Viewed) -> Viewed:
        self._builder.note(
            "pixel_unshuffle is written as space_to_depth, which orders the channels otherwise",
            operation.at,
            inexact=True,
        )
        return self._add("space_to_depth", operation, x, block_size=operation.get("downscale_factor", 1))

    def _joined(self, operation: AtenNode) -> Viewed:
        """A sum, a product or a concatenation."""
        arguments = operation.get("tensors") or [operation.arguments.get("self"), operation.arguments.get("other")]
        values = [one for one in arguments if isinstance(one, Viewed)] if isinstance(arguments, list) else []
        kind = {"add": "add", "mul": "mul"}.get(operation.word, "concat")
        if len(values) == 1 and len(arguments) == 2 and isinstance(arguments, list):
            whole = self._with_weight(kind, operation, values[0], arguments)
            if whole is not None:
                return whole
            return self._scaled(operation, values[0]) if kind == "mul" else self.unknown(operation)
        if len(values) < len(arguments) or not values:
            return self.unknown(operation)
        if any(value.dims is None for value in values):
            nodes = [value.node for value in values]
            return Viewed(self._builder.add("", nodes, {}, at=operation.at), None)
        if kind == "concat":
            axis = operation.get("dim", 0) % len(values[0].dims or (0,))
            if axis != 1 or len(values) == 1:
                return values[0] if len(values) == 1 else self.unknown(operation)
        elif operation.get("alpha", 1) != 1:
            return self.unknown(operation)
        return self._merged(kind, operation, values)

    def _merged(self, kind: str, operation: AtenNode, values: list[Viewed]) -> Viewed:
        if kind != "concat" and values[0].steps and all(value.steps == values[0].steps for value in values):
            node = self._builder.add(
                kind, [value.node for value in values], {}, **(self._where(operation) | {"declared": None})
            )
            return values[0]._replace(node=node)
        return self.views.add(kind, values, {}, **self._where(operation))

    def _with_weight(self, kind: str, operation: AtenNode, x: Viewed, arguments: list[Any]) -> Viewed | None:
        """What is learned for positions: tokens before them, an offset on each."""
        weight = next((one for one in arguments if isinstance(one, Weighed)), None)
        dims = weight.dims if weight is not None else None
        if weight is None or not x.channels_last or x.dims is None or dims is None or len(dims) != len(x.dims):
            return None
        given = operation._replace(arguments={"weight": weight})
        if kind == "concat" and operation.get("dim", 0) % len(dims) == 1 and len(dims) == 3 and arguments[0] is weight:
            value = self._elementwise("tokens", given, x, number=dims[1])
            return value._replace(dims=(x.dims[0], x.dims[1] + dims[1], x.dims[2]))
        if kind == "add" and dims[1:] == x.dims[1:] and dims[0] == 1:
            return self._elementwise("positions", given, x)
        return None

    def _scaled(self, operation: AtenNode, value: Viewed) -> Viewed:
        """A value times a weight for each channel."""
        for name in ("self", "other"):
            weight = self._weight(operation, name)
            base = self._builder.shapes[value.node]
            if weight and base is not None and max(weight) == base.channels and sum(n > 1 for n in weight) <= 1:
                given = operation._replace(arguments={"weight": operation.arguments[name]})
                return self._elementwise("scale", given, value, bias=False)
        return self.unknown(operation)

    def _on_stochastic_depth(self, operation: AtenNode, x: Viewed) -> Viewed:
        return x


def _each(value: Any, rank: int) -> tuple[int, ...]:
    """A number for each axis."""
    if isinstance(value, int):
        return (value,) * rank
    numbers = tuple(value) if isinstance(value, list | tuple) else ()
    return numbers * rank if len(numbers) == 1 else numbers


def _aligned(operation: AtenNode) -> dict[str, Any]:
    return {"align_corners": True} if operation.get("align_corners", False) else {}
