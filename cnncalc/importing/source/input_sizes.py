"""The size of a model's input: what the source calls it with, or what a user says."""

from __future__ import annotations

import ast
import os.path
from collections.abc import Iterator

from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.values import Instance, Stuck
from cnncalc.importing.source.wanted import Wanted


def sizes_of(model: Instance, libraries: Libraries, tree: ast.Module, wanted: Wanted) -> tuple[int, ...]:
    """The sizes of the input without the batch."""
    if wanted.input:
        return wanted.input
    if libraries.of(model) is libraries.keras and (own := libraries.keras.input_of(model)):
        return own
    seen = [dims[1:] for one, dims in libraries.seen if one is model]
    seen = seen or [dims[1:] for one, dims in libraries.seen if one.class_ is model.class_]
    sizes = dict.fromkeys(seen or _dummies(tree))
    if len(sizes) == 1:
        return next(iter(sizes))
    file = os.path.basename(wanted.file) or "FILE.py"
    found = f" (found: {', '.join('x'.join(map(str, one)) for one in sizes)})" if sizes else ""
    raise Stuck(model.line, f"the size of the input is not in the source{found}; write it after @, as {file}@3x224x224")


def _dummies(tree: ast.Module) -> Iterator[tuple[int, ...]]:
    """The sizes of tensors that a source makes with numbers, and that could be images."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if word in ("randn", "rand", "zeros", "ones", "empty"):
            args = (
                node.args[0].elts
                if len(node.args) == 1 and isinstance(node.args[0], ast.Tuple | ast.List)
                else node.args
            )
            numbers = [one.value for one in args if isinstance(one, ast.Constant) and type(one.value) is int]
            if len(numbers) >= len(args) - 1 and len(args) == 4 and len(numbers) >= 3:
                yield tuple(numbers[-3:])
        if "summary" in word and len(node.args) > 1 and isinstance(node.args[1], ast.Tuple):
            numbers = [
                one.value for one in node.args[1].elts if isinstance(one, ast.Constant) and type(one.value) is int
            ]
            if 3 <= len(numbers) <= 4:
                yield tuple(numbers[-3:])
