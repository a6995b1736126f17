"""What each kind is in PyTorch: a module with its arguments, or an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, final

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.definitions import Refused
from cnncalc.exporting.parts import RESERVED, Code, CodePiece, class_name, fitting, text_of
from cnncalc.importing.source.torch_modules import ENTERING
from cnncalc.importing.source.torch_names import FUNCTIONS, MODULES, OPERATIONS
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.vocabulary import kind_of, resolved
from cnncalc.shapes import letters_of

WITHOUT_EFFECT = ("momentum", "track_running_stats", "inplace", "return_indices", "divisor_override", "init",
                  "recompute_scale_factor", "threshold", "start_dim", "end_dim")  # fmt: skip
"""Arguments that are left at their defaults."""

LAST = ("attention", "tokens", "positions", "embedding", "layernorm", "rmsnorm", "fc", "rnn", "lstm", "gru")
"""Kinds that take the channels of a sequence last."""

ANY = ("dropout", "add", "mul", "subtract", "maximum", "minimum", "average", "concat", "slice", "softmax",
       "log_softmax", *ACTIVATIONS)  # fmt: skip
"""Kinds that take them at either place."""

TURN = CodePiece(form="{0}.transpose(1, 2)")

CROP = "center_crop"

PRELUDE = {
    CROP: '''def center_crop(x: torch.Tensor, size: torch.Size) -> torch.Tensor:
    """The centre of a map; an odd border is one wider at the end."""
    for dim in range(2, x.dim()):
        x = x.narrow(dim, (x.size(dim) - size[dim - 2]) // 2, size[dim - 2])
    return x
''',
    "max_unpool": '''def max_unpool(x: torch.Tensor, pooled: torch.Tensor, kernel_size: int, stride: int | None = None,
               padding: int = 0, ceil_mode: bool = False) -> torch.Tensor:
    """The values of a max pool, back where the maxima of its input were."""
    _, indices = F.max_pool2d(pooled, kernel_size, stride, padding, 1, ceil_mode, return_indices=True)
    return torch.zeros_like(pooled).flatten(2).scatter(2, indices.flatten(2), x.flatten(2)).view_as(pooled)
''',
    "LayerNorm2d": '''class LayerNorm2d(nn.LayerNorm):
    """Layer normalization over the channels at each position of a map."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "ConnectedConv2d": '''class ConnectedConv2d(nn.Module):
    """A convolution each filter of which sees some of the input maps."""

    def __init__(self, connections: list[list[int]], kernel_size: int) -> None:
        super().__init__()
        self.connections = connections
        self.filters = nn.ModuleList(nn.Conv2d(len(maps), 1, kernel_size) for maps in connections)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = zip(self.filters, self.connections)
        return torch.cat([conv(x[:, maps]) for conv, maps in seen], dim=1)
''',
}
"""What the code has of its own, by the word that needs it."""


@cache
def classes() -> dict[str, list[str]]:
    """The modules of each kind, in the order of the table."""
    found: dict[str, list[str]] = {}
    for name in MODULES:
        found.setdefault(resolved(name)[0], []).append(name)
    return found


def module(kind: str, rank: int) -> str:
    """The module of a kind for maps of so many axes.

    Raises:
        Refused: there is none.
    """
    names = classes().get(kind, [])
    fitting = [name for name in names if not name[-2:-1].isdigit() or name[-2:] == f"{max(rank, 1)}d"]
    if not fitting:
        axes = f" for {rank} axes" if names else ""
        raise Refused(f"torch.nn has no module for {kind}{axes}")
    return fitting[0]


@final
class TorchWords:
    """PyTorch, for the network of a report."""

    display: Mapping[str, str] = {}

    def __init__(self, report: Report) -> None:
        self._last = _last_values(report)

    def word(self, text: str) -> Any:
        """The class of an activation."""
        kind = resolved(text)[0]
        return Code(f"nn.{module(kind, 0)}") if kind in ACTIVATIONS and kind in classes() else None

    def named(self, word: str, taken: set[str]) -> str:
        """The name of a class."""
        return class_name(word, {*taken, *PRELUDE, *RESERVED})

    def turned(self, layer: LayerReport, place: int) -> CodePiece | None:
        """What brings the channels of a sequence to the place at which a layer wants them."""
        path, kind = layer.node.inputs[place], layer.kind
        if layer.inputs[place].rank != 1 or kind in ANY and kind not in ("add", "mul", "concat"):
            return None
        wanted = layer.path in self._last if kind in ANY else kind in LAST
        if kind == "flatten":
            wanted = path in self._last and 1 in layer.inputs[0].sizes()
        return TURN if (path in self._last) != wanted else None

    def pieces(self, layer: LayerReport) -> list[CodePiece]:
        """What a layer is, one after the other."""
        writer: Callable[[LayerReport], list[CodePiece]] | None = getattr(self, f"_on_{layer.kind}", None)
        return writer(layer) if writer is not None else [_module(layer)]

    def _channel(self, layer: LayerReport, place: int = 0) -> int:
        """The axis of the channels."""
        return -1 if layer.node.inputs[place] in self._last else 1

    def _on_conv(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        if conv.connections is not None:
            return self._connected(layer)
        pads = conv.padding_pairs(layer.inputs[0])
        if all(before == after for before, after in pads):
            return [_module(layer, padding=_one([before for before, _ in pads]))]
        if conv.padding_mode != "zeros":
            raise Refused("a padding that differs before and after has zeros only")
        return [_padded(layer, pads), _module(layer, padding=0)]

    def _connected(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        plain = conv.bias and set(conv.stride) == set(conv.dilation) == {1} and conv.padding == ((0, 0), (0, 0))
        if not plain or len(conv.kernel) != 2:
            raise Refused("connections are written for images, with bias and without stride, padding and dilation")
        maps = Code(f"[{', '.join(str(list(maps)) for maps in conv.connections)}]")
        return [CodePiece("ConnectedConv2d", {"connections": maps, "kernel_size": _one(conv.kernel)})]

    def _on_depthwise(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        channels, rank = layer.inputs[0].channels, len(conv.kernel)
        pads = conv.padding_pairs(layer.inputs[0])
        even = all(before == after for before, after in pads)
        padding = _one([before for before, _ in pads]) if even else 0
        given = {"in_channels": channels, "out_channels": layer.output.channels, "padding": padding, "groups": channels}
        piece = _module(layer, module("conv", rank), **given)
        return [piece] if even else [_padded(layer, pads), piece]

    def _on_deconv(self, layer: LayerReport) -> list[CodePiece]:
        conv: Any = layer.layer
        pads, extras = conv.padding_pairs(layer.inputs[0]), conv.extras(layer.inputs[0])
        padding = [max(min(pair), 0) for pair in pads]
        axes = [(*pair, pad, extra) for pair, pad, extra in zip(pads, padding, extras, strict=True)]
        cut = [(before - pad, max(after - pad - extra, 0)) for before, after, pad, extra in axes]
        added = [max(pad + extra - after, 0) for _, after, pad, extra in axes]
        limits = (max(s, d) for s, d in zip(conv.stride, conv.dilation, strict=True))
        if any(extra >= limit for extra, limit in zip(added, limits, strict=True)):
            raise Refused(f"nn.ConvTranspose adds less than its stride at the end, not {max(added)}")
        piece = _module(layer, padding=_one(padding), output_padding=_one(added))
        cropped = tuple((-before, -after) for before, after in cut)
        return [piece, _padded(layer, cropped)] if any(map(any, cropped)) else [piece]

    def _pool(self, layer: LayerReport, **more: Any) -> list[CodePiece]:
        pool: Any = layer.layer
        windows = pool.windows(*layer.inputs)
        outputs = [window.outputs() for window in windows]
        before, after = [w.before for w in windows], [w.after for w in windows]
        padding, ceil = _one(before), False
        if before != after or pool.rounding != "floor":
            plain = [w._replace(after=w.before) for w in windows]
            floors, ceils = ([fitting(w._replace(rounding=how)) for w in plain] for how in ("floor", "ceil"))
            if outputs not in (floors, ceils):
                raise Refused("no ceil_mode gives this size")
            ceil = outputs != floors
            padded = any(w.after > w.before for w in windows) and more.get("count_include_pad", False)
            if padded or any(w.after < w.before for w in windows):
                raise Refused("the padding of a pool is the same before and after")
        stride = None if pool.stride == pool.kernel else _one(pool.stride)
        name = module("maxpool" if layer.kind == "unpool" else layer.kind, layer.inputs[0].rank)
        sizes = {"kernel_size": _one(pool.kernel), "stride": stride, "padding": padding}
        return [_module(layer, name, **sizes, ceil_mode=ceil, **more)]

    _on_maxpool = _pool

    def _on_avgpool(self, layer: LayerReport) -> list[CodePiece]:
        pool: Any = layer.layer
        pads = [n for w in pool.windows(layer.inputs[0]) for n in (w.before, w.after)]
        return self._pool(layer, count_include_pad=pool.count_padding if any(pads) else True)

    def _on_global_avgpool(self, layer: LayerReport) -> list[CodePiece]:
        kind = layer.kind.replace("global", "adaptive")
        return [_module(layer, module(kind, layer.inputs[0].rank), output_size=1)]

    _on_global_maxpool = _on_global_avgpool

    def _on_unpool(self, layer: LayerReport) -> list[CodePiece]:
        (piece,) = self._pool(layer)
        if layer.inputs[0].rank != 2:
            raise Refused("unpool is written for images")
        given = {name: value for name, value in piece.arguments.items() if value != MODULES["MaxPool2d"].get(name)}
        arguments = "".join(f", {name}={text_of(value)}" for name, value in given.items())
        return [CodePiece("", {}, f"max_unpool({{0}}, {{1}}{arguments})")]

    def _on_flatten(self, layer: LayerReport) -> list[CodePiece]:
        if vars(layer.layer)["axes"] == "spatial":
            flat = [CodePiece(form="{0}.flatten(2)")] if layer.inputs[0].rank > 1 else []
            return [*flat, TURN] if layer.path in self._last else flat or [CodePiece("nn.Identity")]
        return (
            [CodePiece("nn.Flatten", function="torch.flatten({0}, 1)")]
            if layer.inputs[0].rank
            else [CodePiece(form="{0}")]
        )

    def _on_bn(self, layer: LayerReport) -> list[CodePiece]:
        return [_module(layer, affine=_affine(layer))]

    _on_instancenorm = _on_groupnorm = _on_bn

    def _on_layernorm(self, layer: LayerReport) -> list[CodePiece]:
        norm: Any = layer.layer
        if norm.center and not norm.scale:
            raise Refused("LayerNorm learns no offset without a factor")
        x = layer.inputs[0]
        sizes = x.sizes() if norm.sees_everything else x.channels
        if norm.sees_everything and x.rank == 1:
            sizes = (*x.spatial, x.channels)
        given = {"normalized_shape": sizes, "elementwise_affine": norm.scale, "bias": norm.center or not norm.scale}
        if norm.sees_everything or x.rank < 2:
            return [_module(layer, **given)]
        if x.rank > 2:
            raise Refused("a norm over the channels of a volume has no module")
        return [_module(layer, **given)._replace(make="LayerNorm2d")]

    def _on_rmsnorm(self, layer: LayerReport) -> list[CodePiece]:
        norm: Any = layer.layer
        if norm.sees_everything or layer.inputs[0].rank > 1:
            raise Refused("RMSNorm is over the last axis, and a map has its channels first")
        return [_module(layer, normalized_shape=layer.inputs[0].channels, elementwise_affine=norm.scale)]

    def _on_lrn(self, layer: LayerReport) -> list[CodePiece]:
        lrn: Any = layer.layer
        # PyTorch divides alpha by the size.
        return [_module(layer, alpha=float(f"{lrn.alpha * lrn.size:.12g}"))]

    def _on_l2norm(self, layer: LayerReport) -> list[CodePiece]:
        given = {"dim": self._channel(layer), "eps": vars(layer.layer)["eps"]}
        return [CodePiece("", given, "F.normalize({0}, dim={dim}, eps={eps})")]

    def _on_scale(self, layer: LayerReport) -> list[CodePiece]:
        rank = 0 if self._channel(layer) == -1 else layer.inputs[0].rank
        sizes = f"{{channels}}{', 1' * rank}"
        weights = {"scale": f"nn.Parameter(torch.ones({sizes}))"}
        form = "{0} * {scale}"
        if vars(layer.layer)["bias"]:
            weights["offset"], form = f"nn.Parameter(torch.zeros({sizes}))", "{0} * {scale} + {offset}"
        return [CodePiece("", {"channels": layer.inputs[0].channels}, form, "", weights)]

    def _on_rescale(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("", dict(vars(layer.layer)), "{0} * {factor} + {offset}")]

    def _on_tokens(self, layer: LayerReport) -> list[CodePiece]:
        given = {"number": vars(layer.layer)["number"], "channels": layer.inputs[0].channels}
        weights = {"tokens": "nn.Parameter(torch.zeros(1, {number}, {channels}))"}
        return [CodePiece("", given, "torch.cat([{tokens}.expand(len({0}), -1, -1), {0}], dim=1)", "", weights)]

    def _on_positions(self, layer: LayerReport) -> list[CodePiece]:
        x = layer.inputs[0]
        if x.rank > 1:
            raise Refused("positions are written for sequences")
        weights = {"positions": "nn.Parameter(torch.zeros(1, {length}, {channels}))"}
        return [CodePiece("", {"length": x.spatial[0], "channels": x.channels}, "{0} + {positions}", "", weights)]

    def _on_attention(self, layer: LayerReport) -> list[CodePiece]:
        attention: Any = layer.layer
        reasons = {
            "windows": any(attention.window),
            "relative positions": attention.relative != "none",
            "cosines": attention.cosine,
            "a memory": len(layer.inputs) > 1,
            "heads of another size": attention.head_size not in (0, layer.inputs[0].channels // attention.heads),
            "biases of queries alone": attention.qkv_bias != attention.bias,
            "maps": layer.inputs[0].rank > 1,
        }
        wrong = [reason for reason, found in reasons.items() if found]
        if wrong:
            raise Refused(f"nn.MultiheadAttention is not for {wrong[0]}")
        piece = _module(layer, batch_first=True)
        return [piece._replace(form="{made}({0}, {0}, {0}, need_weights=False)[0]")]

    def _recurrent(self, layer: LayerReport) -> list[CodePiece]:
        cell: Any = layer.layer
        if cell.biases == 1 or not getattr(cell, "reset_after", True):
            raise Refused(f"nn.{layer.kind.upper()} has two biases of each gate or none, and resets after the product")
        if cell.steps != "all" and cell.bidirectional:
            raise Refused("the last step of both directions is written as 'steps: all' and a slice")
        given = {"input_size": layer.inputs[0].channels, "hidden_size": cell.units, "num_layers": cell.layers,
                 "nonlinearity": getattr(cell, "nonlinearity", "tanh"), "bias": cell.biases > 0, "batch_first": True,
                 "bidirectional": cell.bidirectional}  # fmt: skip
        if layer.kind != "rnn":
            del given["nonlinearity"]
        form = "{made}({0})[0]" if cell.steps == "all" else "{made}({0})[0][:, -1]"
        return [CodePiece(f"nn.{layer.kind.upper()}", given, form)]

    _on_rnn = _on_lstm = _on_gru = _recurrent

    def _on_embedding(self, layer: LayerReport) -> list[CodePiece]:
        given = {"num_embeddings": vars(layer.layer)["ids"], "embedding_dim": vars(layer.layer)["size"]}
        return [CodePiece("nn.Embedding", given, "{made}({0}.long())")]

    def _on_prelu(self, layer: LayerReport) -> list[CodePiece]:
        slopes: Any = vars(layer.layer)["slopes"]
        if slopes == "value":
            raise Refused("PReLU has one slope or one for each channel, not for each value")
        return [_module(layer, num_parameters=layer.inputs[0].channels if slopes == "channel" else 1)]

    def _on_softmax(self, layer: LayerReport) -> list[CodePiece]:
        if vars(layer.layer)["parts"]:
            raise Refused("a softmax over branches has no module")
        piece = _module(layer, dim=self._channel(layer))
        return [piece._replace(function=piece.function.replace(")", ", dim={dim})"))]

    _on_log_softmax = _on_softmax

    def _on_zeropad(self, layer: LayerReport) -> list[CodePiece]:
        pads: Any = layer.layer.padding_pairs(layer.inputs[0])
        mode = vars(layer.layer)["mode"]
        piece = _padded(layer, pads)
        words = {"reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}
        return [piece._replace(make=piece.make.replace("ZeroPad", words[mode]))] if mode != "zeros" else [piece]

    def _on_crop(self, layer: LayerReport) -> list[CodePiece]:
        crop: Any = layer.layer
        cuts = zip(layer.inputs[0].spatial, crop.cuts(layer.inputs[0]), strict=True)
        return [CodePiece(form=f"{{0}}[:, :, {', '.join(f'{before}:{n - after}' for n, (before, after) in cuts)}]")]

    def _on_slice(self, layer: LayerReport) -> list[CodePiece]:
        ranges: Any = layer.layer.ranges(layer.inputs[0])  # type: ignore[attr-defined]  # it is a slice
        letters = letters_of(layer.inputs[0].rank, "HWC" if self._channel(layer) == -1 else "CHW")
        places = {letter: place for place, letter in enumerate(letters, start=1)}
        axes, given = [":"] * (max(places[letter] for letter in ranges) + 1), dict[str, int]()
        for letter, (start, stop) in ranges.items():
            start_, stop_ = ("start", "stop") if letter == "C" else (f"start_{letter}", f"stop_{letter}")
            axes[places[letter]] = f"{{{start_}}}:{{{stop_}}}"
            given |= {start_: start, stop_: stop}
        return [CodePiece("", given, f"{{0}}[{', '.join(axes)}]")]

    def _on_shuffle(self, layer: LayerReport) -> list[CodePiece]:
        return [_module(layer)]

    def _on_space_to_depth(self, layer: LayerReport) -> list[CodePiece]:
        rearranged: Any = layer.layer
        x = layer.inputs[0]
        if x.rank != 2 or len({*rearranged.block_size}) > 1:
            raise Refused("PixelUnshuffle and PixelShuffle are for square blocks of images")
        piece, other = _module(layer), rearranged.order != "CRD"
        if layer.kind == "depth_to_space":
            groups = rearranged.block_size[0] ** 2
            return [_shuffle(groups), piece] if other else [piece]
        return [piece, _shuffle(x.channels)] if other else [piece]

    _on_depth_to_space = _on_space_to_depth

    def _on_pad_channels(self, layer: LayerReport) -> list[CodePiece]:
        before, after = vars(layer.layer)["zeros"]
        zeros = "0, " * (2 * layer.inputs[0].rank)
        return [CodePiece("", {"before": before, "after": after}, f"F.pad({{0}}, ({zeros}{{before}}, {{after}}))")]

    def _on_reshape(self, layer: LayerReport) -> list[CodePiece]:
        sizes = layer.output.sizes()
        flat = [] if layer.inputs[0].rank == 0 else [CodePiece("nn.Flatten", function="torch.flatten({0}, 1)")]
        return [*flat, CodePiece("nn.Unflatten", {"dim": 1, "unflattened_size": sizes})] if layer.output.rank else flat

    def _on_permute(self, layer: LayerReport) -> list[CodePiece]:
        places: Any = layer.layer._places(layer.inputs[0])  # type: ignore[attr-defined]  # it is a permute
        return [CodePiece(form=f"{{0}}.permute(0, {', '.join(str(place + 1) for place in places)})")]

    def _on_upsample(self, layer: LayerReport) -> list[CodePiece]:
        resized: Any = layer.layer
        given: dict[str, Any] = {"size": None, "scale_factor": None}
        if resized.size is not None or resized.rounding != "floor":
            given["size"] = _one(layer.output.spatial)
        else:
            factors = [int(one) if float(one).is_integer() else float(one) for one in resized.factor]
            given["scale_factor"] = _one(factors)
        rank = layer.inputs[0].rank
        linear = ("linear", "bilinear", "trilinear")[rank - 1]
        mode = linear if resized.mode in ("bilinear", "linear", "trilinear") else resized.mode
        given |= {"mode": mode, "align_corners": resized.align_corners or None}
        return [CodePiece("nn.Upsample", given)]

    _on_resize = _on_upsample

    def _on_glu(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("nn.GLU", {"dim": self._channel(layer)})]

    def _on_zeros(self, layer: LayerReport) -> list[CodePiece]:
        strides = ", ".join(f"::{stride}" if stride > 1 else ":" for stride in vars(layer.layer)["stride"])
        return [CodePiece(form=f"torch.zeros_like({{0}}[:, :, {strides}])" if strides else "torch.zeros_like({0})")]

    def _on_identity(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece("nn.Identity")]

    def _on_exponential(self, layer: LayerReport) -> list[CodePiece]:
        return [CodePiece(form="torch.exp({0})")]

    def _on_opaque(self, layer: LayerReport) -> list[CodePiece]:
        raise Refused("what an opaque operation computes is not known")

    def _joined(self, layer: LayerReport, form: str) -> list[CodePiece]:
        cropped = [f"{{{i}}}" for i in range(len(layer.inputs))]
        if getattr(layer.layer, "align", "none") == "center":
            size = f"({', '.join(map(str, layer.output.spatial))})"
            smallest = next((i for i, x in enumerate(layer.inputs) if x.spatial == layer.output.spatial), None)
            size = f"{{{smallest}}}.shape[2:]" if smallest is not None else size
            whole = [x.spatial == layer.output.spatial for x in layer.inputs]
            cropped = [f"{{{i}}}" if same else f"{CROP}({{{i}}}, {size})" for i, same in enumerate(whole)]
        joined = form.replace("...", ", ".join(cropped)) if "..." in form else form.join(cropped)
        return [CodePiece(form=joined)]

    def _on_add(self, layer: LayerReport) -> list[CodePiece]:
        return self._joined(layer, " + ")

    def _on_mul(self, layer: LayerReport) -> list[CodePiece]:
        return self._joined(layer, " * ")

    def _on_subtract(self, layer: LayerReport) -> list[CodePiece]:
        return self._joined(layer, " - ")

    def _on_concat(self, layer: LayerReport) -> list[CodePiece]:
        dim = -1 if layer.path in self._last else 1
        return self._joined(layer, f"torch.cat([...], dim={dim})")

    def _on_maximum(self, layer: LayerReport) -> list[CodePiece]:
        if len(layer.inputs) != 2:
            raise Refused(f"torch.{layer.kind} takes two values")
        return self._joined(layer, f"torch.{layer.kind}(...)")

    _on_minimum = _on_maximum

    def _on_average(self, layer: LayerReport) -> list[CodePiece]:
        (piece,) = self._joined(layer, " + ")
        return [piece._replace(form=f"({piece.form}) / {len(layer.inputs)}")]

    def _on_matmul(self, layer: LayerReport) -> list[CodePiece]:
        return self._joined(layer, " @ ")


def _last_values(report: Report) -> set[str]:
    """The paths of the sequences that have their channels last."""
    last: set[str] = set()
    for layer in report.layers:
        if layer.output.rank != 1:
            continue
        spatial = layer.kind == "flatten" and layer.inputs[0].rank > 1
        if layer.kind in LAST or spatial or (layer.kind in ANY and layer.node.inputs[0] in last):
            last.add(layer.path)
    return last


def _one(sizes: Any) -> Any:
    """One number if all axes have the same."""
    return sizes[0] if len({*sizes}) == 1 else tuple(sizes)


def _module(layer: LayerReport, name: str = "", **given: Any) -> CodePiece:
    """The module of a layer, with arguments that are given and those that its settings say."""
    name = name or module(layer.kind, layer.inputs[0].rank)
    kind, arguments = kind_of(layer.kind), dict[str, Any]()
    for parameter, default in MODULES[name].items():
        if parameter.startswith("$"):
            continue
        if parameter in given:
            arguments[parameter] = given[parameter]
        elif parameter in ENTERING:
            arguments[parameter] = layer.inputs[0].channels
        elif (own := kind.named(parameter)) is not None and parameter not in WITHOUT_EFFECT:
            value = getattr(layer.layer, own)
            arguments[parameter] = _one(value) if isinstance(value, tuple) and value else value
        elif default is ...:
            raise Refused(f"nn.{name} needs a value for {parameter}")
    return CodePiece(f"nn.{name}", arguments, function=_function(name, arguments))


def _function(name: str, arguments: Mapping[str, Any]) -> str:
    """The function that is the same as a module of an activation."""
    target = OPERATIONS[name][0]
    word = next((word for word, (one, _) in FUNCTIONS.items() if one == target), "")
    if not word or resolved(name)[0] not in ACTIVATIONS or "prelu" in word:
        return ""
    given = "".join(f", {key}={{{key}}}" for key in arguments if arguments[key] != MODULES[name].get(key))
    return f"{'torch' if word in ('sigmoid', 'tanh') else 'F'}.{word}({{0}}{given if 'dim' not in arguments else ''})"


def _padded(layer: LayerReport, pads: tuple[tuple[int, int], ...]) -> CodePiece:
    """What pads a map; PyTorch has the last axis first."""
    numbers = tuple(n for pair in reversed(pads) for n in pair)
    return CodePiece(f"nn.ZeroPad{len(pads)}d", {"padding": _one(numbers)})


def _shuffle(groups: int) -> CodePiece:
    return CodePiece("nn.ChannelShuffle", {"groups": groups})


def _affine(layer: LayerReport) -> bool:
    norm: Any = layer.layer
    if norm.scale != norm.center:
        raise Refused(f"{module(layer.kind, layer.inputs[0].rank)} learns a factor and an offset, or neither")
    return bool(norm.scale)
