"""unused-layer: what a layer gives is never read, and is no output."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.findings import Remark, Rule, Subject


def find(subject: Subject) -> Iterator[Remark]:
    """Report each layer at which a path ends, with all the layers that lead only there."""
    for layers in _dead_ends(subject).values():
        yield Remark(layers[0].node, _message(layers))


def _dead_ends(subject: Subject) -> dict[str, list[LayerReport]]:
    """The layers from which no output is reached, by the path of the last one; that one first.

    A layer that leads to several ends counts for the first of them.
    """
    end: dict[str, str] = {}
    found: dict[str, list[LayerReport]] = {}
    for layer in reversed(subject.report.layers):
        readers = subject.readers.get(layer.path, ())
        if layer.path in subject.outputs or any(reader.path not in end for reader in readers):
            continue
        end[layer.path] = end[readers[0].path] if readers else layer.path
        found.setdefault(end[layer.path], []).append(layer)
    return dict(reversed(found.items()))


def _message(layers: list[LayerReport]) -> str:
    params, macs = sum(layer.params for layer in layers), sum(layer.facts.macs for layer in layers)
    cost = f" with {params:,} params and {macs:,} MACs" if params else ""
    lost = f"{len(layers)} layers{cost} are" if len(layers) > 1 else f"one layer{cost} is"
    return (
        f"nothing reads '{layers[0].path}' and it is no output, so that {lost} for nothing; read it further down, "
        "name it in 'outputs:', or remove it"
    )


RULE = Rule(
    id="unused-layer",
    severity="error",
    summary="What a layer gives is never read, and is no output of the network.",
    reason=(
        "A layer that leads to no output is a mistake in the wiring: a `from:` that starts a second path and leaves "
        "the first one hanging, a name missing in `concat:`, a second head missing in `outputs:`. Its parameters and "
        "operations are in the totals, which are wrong with it; a framework would train and ship weights that do "
        "nothing, or refuse the model."
    ),
    bad=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 16, kernel: 3, activation: relu}\n"
        "- {conv: 8, kernel: 1, activation: relu}\n- {from: stem, conv: 8, kernel: 3, padding: 1}\n"
    ),
    good=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 16, kernel: 3, activation: relu}\n"
        "- {name: a, conv: 8, kernel: 1, activation: relu}\n- {name: b, from: stem, conv: 8, kernel: 3, padding: 1}\n"
        "- {concat: [a, b]}\n"
    ),
    find=find,
)
