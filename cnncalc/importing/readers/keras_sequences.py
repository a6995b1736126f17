"""Keras: recurrent layers, and what else is for sequences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader

RESET_FIRST: Mapping[str, Any] = {"parts": 3, "taken": (1, 0, 2)}
"""The gates of a gru as this language has them, of update, reset and new."""


def _lstm(call: KerasCall, kind: str = "lstm", **more: Any) -> str:
    config = call.config
    settings: dict[str, Any] = {
        "units": config.number("units"), "biases": int(config.flag("use_bias", True)), **more
    }  # fmt: skip
    if config.flag("return_sequences", False):
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
    after = call.config.flag("reset_after", False)
    biases = (2 if after else 1) if call.config.flag("use_bias", True) else 0
    return _lstm(call, "gru", **{"reset_after": after, **more, "biases": biases})


def _simple_rnn(call: KerasCall, **more: Any) -> str:
    word = call.config.text("activation", "tanh")
    if word not in ("tanh", "relu"):
        return call.unknown(f"SimpleRNN with {word}")
    return _lstm(call, "rnn", **{"nonlinearity": word, **more})


def _bidirectional(call: KerasCall) -> str:
    inner = call.config.inner("layer")
    reader = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple_rnn}.get(inner.text("class_name"))
    if reader is None or call.config.text("merge_mode", "concat") != "concat":
        return call.unknown(f"Bidirectional {inner.text('class_name')}")
    return reader(call._replace(config=inner.inner("config")), bidirectional=True)


def _embedding(call: KerasCall) -> str:
    ids, size = call.config.number("input_dim"), call.config.number("output_dim")
    return call.add("embedding", call.kept("weight"), ids=ids, size=size)


READERS: Mapping[str, KerasReader] = {
    "LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple_rnn, "Bidirectional": _bidirectional, "Embedding": _embedding,
}  # fmt: skip
