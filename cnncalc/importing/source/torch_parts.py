"""Modules of PyTorch as objects of a source: their settings, their parts, their weights."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.importing.source import torch_names as names
from cnncalc.importing.source.torch_modules import weights_of
from cnncalc.importing.source.torch_ready import READY
from cnncalc.importing.source.values import Dummy, Instance, Stuck, Unknown, unknown_in


def configure(instance: Instance, last: str, args: list[Any], named: Mapping[str, Any]) -> None:
    """Give a module its settings.

    Raises:
        Stuck: its class does not take these arguments.
    """
    parameters = names.MODULES[last]
    if last == "Identity":
        return
    given = dict(zip(parameters, args, strict=False)) | dict(named)
    if len(args) > len(parameters):
        raise Stuck(instance.line, f"{last} takes fewer than {len(args)} arguments")
    missing = [name for name, default in parameters.items() if default is ... and name not in given]
    if missing:
        raise Stuck(instance.line, f"{last} needs a value for {missing[0]}")
    wrong = next((key for key in given if key not in parameters and key not in ("device", "dtype")), None)
    if wrong is not None:
        raise Stuck(instance.line, f"{last} has no parameter {wrong:.40}")
    instance.attributes |= {**parameters, **given}
    for name in names.TUPLES & parameters.keys():
        instance.attributes[name] = _tupled(last, instance.attributes[name])


def _tupled(last: str, value: Any) -> Any:
    """A setting as PyTorch keeps it: a number for each axis."""
    if last == "LayerNorm":
        return (value,) if isinstance(value, int) else value
    return (value,) * int(last[-2]) if isinstance(value, int) and last.startswith("Conv") else value


def children_of(module: Instance) -> list[Instance]:
    """The direct children of a module."""
    held = module.items if module.items else module.attributes
    return [one for one in held.values() if isinstance(one, Instance) and one.parent is module]


def modules_of(module: Instance) -> list[Instance]:
    """A module and all below it."""
    return [module, *(one for child in children_of(module) for one in modules_of(child))]


def parts_of(module: Instance, name: str, node: ast.AST) -> Any:
    """The result of `children`, `modules` and their kind."""
    if READY in module.attributes:
        return Unknown(getattr(node, "lineno", 1), f"the list of the parts of {module.class_name}")
    parts = children_of(module) if name.endswith("children") else modules_of(module)
    return [(".".join(one.path()), one) for one in parts] if name.startswith("named") else parts


def hold(module: Instance, key: Any, part: Any) -> None:
    """Give a module a part under a name, or at a place of its list."""
    if isinstance(key, int) and module.items:
        held = list(module.items.values())
        held.insert(key, part)
        module.items = {str(number): one for number, one in enumerate(held)}
    elif module.native is not None and module.native.last in names.CONTAINERS:
        module.items[str(key)] = part
    else:
        module.attributes[str(key)] = part
    module.adopt(str(key), part)


def weight_of(module: Instance, node: ast.AST) -> Any:
    """The weights of a module as a tensor."""
    last = module.native.last if module.native is not None else ""
    shape = weights_of(last, module).get("weight") if last in names.MODULES else None
    if shape is None or unknown_in(shape.dims):
        return Unknown(getattr(node, "lineno", 1), "the weight of a layer")
    return module.attributes.setdefault("$weight", Dummy(shape.dims or ()))


def learned_in(module: Instance) -> int:
    """The number of weights that a module learns; 0 if it is not known."""
    try:
        shapes = weights_of(module.native.last, module).values() if module.native is not None else ()
        return sum(prod(weight.dims or ()) for weight in shapes)
    except (KeyError, TypeError, ZeroDivisionError):
        return 0
