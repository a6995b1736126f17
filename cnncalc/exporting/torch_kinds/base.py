"""PyTorch: the base of the writers of all families."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.parts import CodePiece, short_sizes
from cnncalc.importing.source.torch_modules import ENTERING
from cnncalc.importing.source.torch_names import FUNCTIONS, MODULES, OPERATIONS
from cnncalc.layers.parameters import ACTIVATIONS
from cnncalc.network.vocabulary import kind_of, resolved

Last = Collection[str]
"""The paths of the sequences with their channels last."""

TorchWriter = Callable[[LayerReport, Last], list[CodePiece]]
"""From a layer to its pieces, one after another."""

TURN = CodePiece(form="{0}.transpose(1, 2)")

WITHOUT_EFFECT = ("momentum", "track_running_stats", "inplace", "return_indices", "divisor_override", "init",
                  "recompute_scale_factor", "threshold", "start_dim", "end_dim")  # fmt: skip
"""Arguments that are left at their defaults."""


@cache
def classes() -> dict[str, list[str]]:
    """The modules of each kind, in the order of the table."""
    found: dict[str, list[str]] = {}
    for name in MODULES:
        found.setdefault(resolved(name)[0], []).append(name)
    return found


def module_name(kind: str, rank: int) -> str:
    """The module of a kind for maps of so many axes.

    Raises:
        Refused: there is no such module.
    """
    names = classes().get(kind, [])
    fitting = [name for name in names if not name[-2:-1].isdigit() or name[-2:] == f"{max(rank, 1)}d"]
    if not fitting:
        axes = f" for {rank} axes" if names else ""
        raise Refused(f"torch.nn has no module for {kind}{axes}")
    return fitting[0]


def module(layer: LayerReport, name: str = "", **given: Any) -> CodePiece:
    """The module of a layer, with the given arguments and those of its settings."""
    name = name or module_name(layer.kind, layer.inputs[0].rank)
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
            arguments[parameter] = short_sizes(value) if isinstance(value, tuple) and value else value
        elif default is ...:
            raise Refused(f"nn.{name} needs a value for {parameter}")
    return CodePiece(f"nn.{name}", arguments, function=_function(name, arguments))


def _function(name: str, arguments: Mapping[str, Any]) -> str:
    """The function that does the same as the module of an activation."""
    target = OPERATIONS[name][0]
    word = next((word for word, (one, _) in FUNCTIONS.items() if one == target), "")
    if not word or resolved(name)[0] not in ACTIVATIONS or "prelu" in word:
        return ""
    given = "".join(f", {key}={{{key}}}" for key in arguments if arguments[key] != MODULES[name].get(key))
    return f"{'torch' if word in ('sigmoid', 'tanh') else 'F'}.{word}({{0}}{given if 'dim' not in arguments else ''})"


def padded(layer: LayerReport, pads: tuple[tuple[int, int], ...]) -> CodePiece:
    """The piece that pads a map; PyTorch has the last axis first."""
    numbers = tuple(n for pair in reversed(pads) for n in pair)
    return CodePiece(f"nn.ZeroPad{len(pads)}d", {"padding": short_sizes(numbers)})


def channel_axis(layer: LayerReport, last: Last) -> int:
    """The axis of the channels in a layer's input."""
    return -1 if layer.node.inputs[0] in last else 1
