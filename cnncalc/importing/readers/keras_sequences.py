"""Keras: recurrent layers, and others for sequences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader
from cnncalc.shapes import Shape

RESET_FIRST: Mapping[str, Any] = {"parts": 3, "taken": (1, 0, 2)}
"""The gates of a gru as this language has them, of update, reset and new."""


USUAL = {"activation": ("tanh",), "recurrent_activation": ("sigmoid", "hard_sigmoid")}
"""The activations that the kinds of recurrent layers have."""

IN_TIME = ("kernel_size", "strides", "pool_size", "dilation_rate", "size", "output_padding")
BORDERS = ("padding", "cropping")


def _lstm(call: KerasCall, kind: str = "lstm", **more: Any) -> str:
    config = call.config
    if len(call.values) > 1:
        return call.unknown(f"{kind} with a state that another layer gives")
    for name, usual in USUAL.items():
        if kind != "rnn" and config.data.get(name) not in (None, *usual):
            call.note(f"{name} {str(config.data[name]):.40} is left out: {kind} has {usual[0]}", inexact=True)
    if config.flag("go_backwards", False):
        call.note("go_backwards is left out: the sequence is read forwards", inexact=True)
    settings: dict[str, Any] = {
        "units": config.number("units"), "biases": int(call.flag("use_bias")), **more
    }  # fmt: skip
    if call.flag("return_sequences"):
        settings["steps"] = "all"
    return call.add(kind, dict(_recurrent(call, kind, settings)), **settings)


def _recurrent(call: KerasCall, kind: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, StoredTensor]]:
    """The weights of each direction: Keras has one column for each row here, and the gates of a gru as z, r, h."""
    both = (("forward_layer/", "l0"), ("backward_layer/", "l0_reverse"))
    gates = RESET_FIRST if kind == "gru" else {}
    for folder, end in both if settings.get("bidirectional") else (("", "l0"),):
        kept = [StoredTensor(f"{call.stored}{folder}cell/vars/{number}", **gates) for number in range(3)]
        yield f"weight_ih_{end}", kept[0]._replace(axes=(1, 0))
        yield f"weight_hh_{end}", kept[1]._replace(axes=(1, 0))
        if settings["biases"] == 2:
            yield f"bias_ih_{end}", kept[2]._replace(parts=6)
            yield f"bias_hh_{end}", kept[2]._replace(parts=6, taken=(4, 3, 5))
        else:
            yield f"bias_{end}", kept[2]


def _gru(call: KerasCall, **more: Any) -> str:
    # Models of a Keras older than the setting do not have it, and reset before.
    after = call.config.flag("reset_after", False)
    biases = (2 if after else 1) if call.flag("use_bias") else 0
    return _lstm(call, "gru", **{"reset_after": after, **more, "biases": biases})


def _simple_rnn(call: KerasCall, **more: Any) -> str:
    word = call.config.text("activation", "tanh")
    if word not in ("tanh", "relu"):
        return call.unknown(f"SimpleRNN with {word}")
    return _lstm(call, "rnn", **{"nonlinearity": word, **more})


def _bidirectional(call: KerasCall) -> str:
    inner = call.config.inner("layer")
    reader = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple_rnn}.get(inner.text("class_name"))
    mode = call.config.data.get("merge_mode", "concat")
    if reader is None or mode != "concat":
        words = "" if reader is None else f" with merge_mode {str(mode):.20}"
        return call.unknown(f"Bidirectional {inner.text('class_name')}{words}")
    return reader(call._replace(config=inner.inner("config")), bidirectional=True)


def _embedding(call: KerasCall) -> str:
    ids, size = call.config.number("input_dim"), call.config.number("output_dim")
    return call.add("embedding", call.kept("weight"), ids=ids, size=size)


def _cudnn_lstm(call: KerasCall) -> str:
    return _lstm(call, biases=2)


def _cudnn_gru(call: KerasCall) -> str:
    return _lstm(call, "gru", biases=2, reset_after=True)


WINDOWED = ("Conv1D", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling1D", "MaxPooling2D",
            "AveragePooling1D", "AveragePooling2D", "ZeroPadding1D", "ZeroPadding2D", "Cropping1D", "Cropping2D",
            "UpSampling1D", "UpSampling2D")  # fmt: skip
POINTWISE = ("Dense", "Dropout", "Activation", "ReLU", "LeakyReLU", "BatchNormalization", "ELU", "LayerNormalization",
             "Softmax", "PReLU")  # fmt: skip
GLOBAL = {"GlobalAveragePooling2D": "avgpool", "GlobalMaxPooling2D": "maxpool"}


def _time_distributed(call: KerasCall) -> str:
    """The value of a layer that acts on each step by itself."""
    inner, shape = call.config.inner("layer"), call.shape
    class_, config = inner.text("class_name"), inner.inner("config").data
    given = call._replace(stored=f"{call.stored}layer/")
    if class_ in WINDOWED:
        return call.read(class_, given._replace(config=JsonFields(_with_steps(call, config), call.at)))
    if class_ in POINTWISE:
        # The axes of the layer are counted without the steps.
        axis = config.get("axis", -1)
        axes = [one + (type(one) is int and one > 0) for one in (axis if isinstance(axis, list) else [axis])]
        return call.read(class_, given._replace(config=JsonFields({**config, "axis": axes}, call.at)))
    if class_ == "Flatten" and call.rank and shape is not None:
        call.note("the values of each step are in the order of this language", inexact=True)
        return call.add("reshape", size=Shape(shape.elements // shape.spatial[0], shape.spatial[:1]))
    if class_ in GLOBAL and call.rank == 3 and shape is not None:
        kernel = (1, *shape.spatial[1:])
        pooled = call.add(GLOBAL[class_], part="_pool", kernel=kernel, stride=kernel)
        return call.add("reshape", values=[pooled], size=Shape(shape.channels, shape.spatial[:1]))
    return call.unknown(f"TimeDistributed {class_ or 'layer'}")


def _with_steps(call: KerasCall, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a layer with windows whose size is 1 along the steps."""
    given, rank = dict(config), call.rank
    for name in IN_TIME:
        if given.get(name) is not None:
            given[name] = [1, *JsonFields(given, call.at).sizes(name, rank - 1)]
    for name in BORDERS:
        value = given.get(name)
        if isinstance(value, int):
            value = [value] * (rank - 1)
        if isinstance(value, list):
            pairs = [value] if rank == 2 and len(value) == 2 and type(value[0]) is int else value
            given[name] = [[0, 0], *pairs]
    return given


def _multi_head_attention(call: KerasCall) -> str:
    config, (query, *others) = call.config, call.values
    heads, size = config.number("num_heads"), config.number("key_dim")
    if config.data.get("value_dim") not in (None, size) or config.data.get("output_shape") is not None:
        return call.unknown("MultiHeadAttention with its own value_dim or output_shape")
    if len(set(others)) > 1:
        return call.unknown("MultiHeadAttention of keys and values that differ")
    axes = config.data.get("attention_axes")
    if axes not in (None, [1]) and axes != list(range(1, call.rank + 1)):
        return call.unknown(f"MultiHeadAttention over axes {str(axes):.20}")
    memory = [other for other in others[:1] if other != query]
    bias = call.flag("use_bias")
    settings: dict[str, Any] = {"heads": heads, "head_size": size, "bias": bias}
    if call.shape is not None and heads * size == call.shape.channels:
        del settings["head_size"]
    tensors = dict(
        _projections(call, heads * size, [call.builder.channels(one) or 1 for one in (query, *others[:1])], bias)
    )
    return call.add("attention", tensors, values=[query, *memory], **settings)


def _projections(
    call: KerasCall, inner: int, channels: list[int], bias: bool
) -> Iterator[tuple[str, StoredTensor]]:  # fmt: skip
    """The weights of attention: Keras has the channels first, and those of a head by themselves."""
    for word, name, entering in (("q", "query", channels[0]), ("k", "key", channels[-1]), ("v", "value", channels[-1])):
        folder = f"{call.stored}{name}_dense/vars/"
        yield f"{word}_weight", StoredTensor(f"{folder}0", (1, 0), (entering, inner))
        if bias:
            yield f"{word}_bias", StoredTensor(f"{folder}1", (), (inner,))
    yield "out_weight", StoredTensor(f"{call.stored}output_dense/vars/0", (1, 0), (inner, channels[0]))
    if bias:
        yield "out_bias", StoredTensor(f"{call.stored}output_dense/vars/1")


def _attention(call: KerasCall) -> str:
    """Products of queries with keys, their softmax over the keys, and products with values; nothing is learned."""
    config, (query, *others) = call.config, call.values
    if config.flag("use_scale", False) or config.text("score_mode", "dot") != "dot" or call.rank != 1 or not others:
        return call.unknown("Attention with a factor of its own" if others else "Attention of one value")
    value, key = others[0], others[-1]
    turned = call.add("permute", values=[key], part="_keys", order=("L", "C"))
    scores = call.add("matmul", values=[turned, query], part="_scores")
    return call.add("matmul", values=[value, call.add("softmax", values=[scores], part="_softmax")])


def _repeat_vector(call: KerasCall) -> str:
    if call.rank or call.shape is None:
        return call.unknown("RepeatVector of a map")
    column = call.add("reshape", part="_column", size=Shape(call.shape.channels, (1,)))
    return call.add("upsample", values=[column], factor=(call.config.number("n"),))


READERS: Mapping[str, KerasReader] = {
    "LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple_rnn, "Bidirectional": _bidirectional, "Embedding": _embedding,
    "CuDNNLSTM": _cudnn_lstm, "CuDNNGRU": _cudnn_gru, "TimeDistributed": _time_distributed, "Attention": _attention,
    "MultiHeadAttention": _multi_head_attention, "RepeatVector": _repeat_vector,
}  # fmt: skip
