"""The arguments of a call, bound to the parameters of a function of the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.importing.source.values import Function, Missing, Stuck


def arguments_of(function: Function, args: list[Any], named: dict[str, Any], line: int) -> Iterator[tuple[str, Any]]:
    """Each parameter with its value."""
    wanted = function.node.args
    names = [one.arg for one in (*wanted.posonlyargs, *wanted.args)]
    if len(args) > len(names) and wanted.vararg is None:
        raise Stuck(line, f"{function.name} takes {len(names)} arguments, {len(args)} are given")
    if wanted.vararg is not None:
        yield wanted.vararg.arg, tuple(args[len(names) :])
    defaults = dict(zip(reversed(names), reversed(function.defaults), strict=False))
    for number, name in enumerate(names):
        if number < len(args):
            yield name, args[number]
        elif name in named:
            yield name, named.pop(name)
        elif name in defaults:
            yield name, defaults[name]
        else:
            missing = [one for one in names[number:] if one not in named and one not in defaults]
            raise Missing(line, function.name, missing)
    for one, default in zip(wanted.kwonlyargs, function.named, strict=True):
        yield one.arg, named.pop(one.arg, default)
    if wanted.kwarg is not None:
        yield wanted.kwarg.arg, named
    elif named:
        raise Stuck(line, f"{function.name} has no parameter {next(iter(named))}")
