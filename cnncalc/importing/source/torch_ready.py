"""Networks of torchvision.models: their specs, with a last layer that a source may have replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.source.bundled import SPECS, Ready, head_of
from cnncalc.importing.source.values import External, Instance, unknown_in

READY, HEAD, PARTS = "$ready", "$head", "$parts"
"""Attributes of a model for its network, its original last layer, and its modules if a source asks for them."""


def ready_model(name: str, args: list[Any], named: Mapping[str, Any], line: int) -> Instance | None:
    """The model that a function gives; None if it is not torchvision's, or there is no spec of it."""
    function = name.rpartition(".")[2]
    if (
        name == "torch.hub.load"
        and len(args) > 1
        and args[1:]
        and isinstance(args[1], str)
        and "vision" in str(args[0])
    ):
        function = args[1]
    elif not name.startswith("torchvision.models"):
        return None
    head = head_of(function)
    classes = named.get("num_classes", 0)
    if not head or unknown_in(classes):
        return None
    model = Instance(External(f"torchvision.models.{function}"), line)
    ready = Ready(SPECS.get(function, function), classes=classes if type(classes) is int else 0)
    last = Instance(External("torch.nn.Linear"), line)
    last.attributes |= {"in_features": ready.ends().features, "out_features": classes or 1000, "bias": True}
    model.attributes |= {READY: ready, HEAD: last}
    _put(model, head.split("."), last, line)
    return model


def _put(model: Instance, path: list[str], last: Instance, line: int) -> None:
    """Put the last layer of a model under its name, in a container if torchvision has it in one."""
    first, *inner = path
    part = last
    if inner:
        part = Instance(External("torch.nn.Sequential"), line)
        for number in range(int(inner[0])) if inner[0].isdecimal() else ():
            part.items[str(number)] = Instance(External("torch.nn.Identity"), line)
        part.items[inner[0]] = last
        part.attributes[HEAD] = last
    model.attributes[first] = part
    model.adopt(first, part)


def replaced_head(model: Instance) -> tuple[Any, bool]:
    """The replacement of the last layer, and whether it replaces all after the maps; None if there is none."""
    last = model.attributes[HEAD]
    first, *inner = head_of(model.class_name).split(".")
    now = model.attributes.get(first)
    if not inner:
        return (None if now is last else now), False
    if not isinstance(now, Instance) or now.attributes.get(HEAD) is not last:
        return now, True
    held = now.items.get(inner[0], now.attributes.get(inner[0]))
    return (None if held is last else held), False


def put(model: Instance, parts: Instance) -> None:
    """Give the modules of a model what the source has put in their place."""
    first, *inner = head_of(model.class_name).split(".")
    head, whole = replaced_head(model)
    held = parts.attributes.get(first)
    if inner and not whole and isinstance(held, Instance):
        held.items |= {inner[0]: head} if head is not None else {}
    elif head is not None:
        _set(parts, first, head)
    for name in replaced(model):
        _set(parts, name, model.attributes[name])


def replaced(model: Instance) -> list[str]:
    """The names of the modules, but for the last layer, that a source has given a model."""
    first = head_of(model.class_name).partition(".")[0]
    held = model.attributes.items()
    return [name for name, one in held if isinstance(one, Instance) and name[0] != "$" and name != first]


def _set(parts: Instance, name: str, value: Any) -> None:
    parts.attributes[name] = value
    if isinstance(value, Instance):
        value.parent, value.name = parts, name
