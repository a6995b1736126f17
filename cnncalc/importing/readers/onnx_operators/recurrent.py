"""Recurrent layers of ONNX, with their gates in the order of this language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.axes import CHANNELS, Atom, whole
from cnncalc.importing.model import StoredTensor
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed

GATES: Mapping[str, tuple[int, ...]] = {"LSTM": (0, 2, 3, 1), "GRU": (1, 0, 2), "RNN": (0,)}
"""The places of this language's gates in ONNX: i, f, g, o in i, o, f, c; r, z, n in z, r, h."""

ACTIVATIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "LSTM": (("sigmoid", "tanh", "tanh"),), "GRU": (("sigmoid", "tanh"),), "RNN": (("tanh",), ("relu",)),
}  # fmt: skip
"""The activations that the gates of each direction may have, first ONNX's default."""


def _recurrent(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed | None] | None:
    """A recurrent layer with all steps; no other layer may read its last state."""
    given, dims, rows = operator.attributes, x.dims or (), operator.constant(2)
    way = given.get("direction", "forward")
    first = given.get("layout", 0)
    ways, known = 1 + (way == "bidirectional"), ACTIVATIONS[operator.word]
    names = tuple(str(name).lower() for name in given.get("activations") or known[0] * ways)
    usual = given.get("linear_before_reset", 0) == 1 or operator.word != "GRU"
    usual &= names in [one * ways for one in known] and not (given.get("clip") or given.get("input_forget"))
    if rows is None or len(rows.dims) != 3 or len(dims) != 3 or way == "reverse" or not usual:
        return None
    # The steps are first, or after the batch; one batch in either case.
    turned = x if first else onnx.views.permute(x, (1, 0, 2), operator.at)
    value = onnx.along(turned, -1, operator.at)
    if value is None or value.dims is None or onnx.builder.rank(value.node) != 1:
        return value if value is None else None
    units, biased = rows.dims[2], operator.present(3)
    settings: dict[str, Any] = {"units": units, "bidirectional": ways == 2, "steps": "all"}
    settings["biases"] = 2 if biased else 0
    if operator.word == "RNN":
        settings["nonlinearity"] = names[0]
    where = onnx.where(operator) | {"declared": None, "tensors": _weights(onnx, operator, ways)}
    node = onnx.builder.add(operator.word.lower(), [value.node], settings, **where)
    return [_stacked(onnx, node, ways, units, bool(first)), None, None][: len(operator.outputs)]


def _stacked(onnx: OnnxAdding, node: str, ways: int, units: int, batch_first: bool) -> Viewed:
    """The output as ONNX sees it: steps, directions, batch, units; or batch, steps, directions, units."""
    base = onnx.views.of(node).base
    steps, each = whole(2, base[2]), (Atom(CHANNELS, units, ways),) if ways > 1 else ()
    last = whole(CHANNELS, units)
    if batch_first:
        return Viewed(node, (1, base[2], ways, units), base, ((), steps, each, last))
    return Viewed(node, (base[2], ways, 1, units), base, (steps, each, (), last))


def _weights(onnx: OnnxAdding, operator: OnnxNode, ways: int) -> dict[str, StoredTensor]:
    gates = GATES[operator.word]
    found: dict[str, StoredTensor] = {}
    for index, words in ((1, ("weight_ih",)), (2, ("weight_hh",)), (3, ("bias_ih", "bias_hh"))):
        tensor, dims = onnx.tensor(operator, index), onnx.weight(operator, index)
        if tensor is None or dims is None:
            continue
        view = (dims[0] * dims[1], *dims[2:])
        for way in range(ways):
            for half, word in enumerate(words):
                start = (way * len(words) + half) * len(gates)
                taken = tuple(start + gate for gate in gates)
                parts = ways * len(words) * len(gates)
                made = tensor._replace(view=view, axes=tuple(range(len(view))), parts=parts, taken=taken)
                found[f"{word}_l0{'_reverse' if way else ''}"] = made if not tensor.axes else StoredTensor("")
    return found


READERS: Mapping[str, Reader] = dict.fromkeys(("lstm", "gru", "rnn"), _recurrent)
"""The reader of each operator, by its type in lower case."""
