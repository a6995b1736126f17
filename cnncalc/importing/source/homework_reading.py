"""The body of a layer's class: the arrays that it uses, the activation at its end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cnncalc.importing.source.homework_names import kind_of
from cnncalc.importing.source.values import Array, Class, Function, Instance
from cnncalc.layers.parameters import ACTIVATIONS


def arrays_of(owner: Instance, forward: Function) -> dict[str, Array]:
    """The arrays of an object that its forward reads, by their names: the others are gradients and caches."""
    read = set(_read(owner, forward, set()))
    return {name: one for name, one in owner.attributes.items() if isinstance(one, Array) and name in read}


def _read(owner: Instance, function: Function, known: set[str]) -> Iterator[str]:
    """The attributes that a method reads, and the methods that it calls."""
    known.add(function.name)
    order = owner.class_.line_up() if isinstance(owner.class_, Class) else []
    for name in _own_names(function.node):
        yield name
        found = next((one.names[name] for one in order if isinstance(one, Class) and name in one.names), None)
        if isinstance(found, Function) and name not in known:
            yield from _read(owner, found, known)


def _own_names(node: ast.AST) -> list[str]:
    """The attributes of `self` that are read."""
    return [
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load)
        and isinstance(one.value, ast.Name) and one.value.id == "self"
    ]  # fmt: skip


def activation_in(class_: Class) -> str:
    """The activation that a class calls; empty if it calls none."""
    found: set[str] = set()
    for part in class_.node.body:
        name = getattr(part, "name", "")
        if not kind_of(name) and not name.startswith(("backward", "_backward", "back")):
            found |= set(_activations(part))
    return found.pop() if len(found) == 1 else ""


def _activations(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        word = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        numbers = [one.value for one in call.args if isinstance(one, ast.Constant)]
        kind = "relu" if word == "maximum" and 0 in numbers else kind_of(word)
        if kind in ACTIVATIONS:
            yield kind


def gives_several(function: Function) -> int:
    """The number of values that a function returns in a tuple; 0 if it returns one value."""
    returned = [one.value for one in ast.walk(function.node) if isinstance(one, ast.Return)]
    counts = {len(one.elts) if isinstance(one, ast.Tuple) else 0 for one in returned}
    return counts.pop() if len(counts) == 1 else 0
