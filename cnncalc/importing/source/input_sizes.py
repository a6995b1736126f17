"""The size of a model's input: from a call in the source, or from the user."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.torch_parts import modules_of
from cnncalc.importing.source.values import Instance, Stuck
from cnncalc.importing.source.wanted import Wanted

Sizes = tuple[int, ...]

EXAMPLES = {
    "Conv1d": "16000", "Conv2d": "224x224", "Conv3d": "16x112x112",
    "ConvTranspose1d": "1", "ConvTranspose2d": "1x1", "ConvTranspose3d": "1x1x1",
}  # fmt: skip
"""Usual sizes of what enters a model, by its first convolution; a generator begins with a vector."""


def sizes_of(model: Instance, libraries: Libraries, tree: ast.Module, wanted: Wanted) -> list[Sizes]:
    """The sizes of each input without the batch."""
    if libraries.of(model) is libraries.keras:
        own = libraries.keras.input_of(model)
        if own and not wanted.input:
            return [own]
    number = libraries.torch.inputs_of(model) if libraries.of(model) is libraries.torch else 1
    count = len(wanted.others) + 1
    if wanted.others and count != number and libraries.of(model) is libraries.torch:
        raise Stuck(model.line, f"sizes of {count} inputs are given; {model.class_name} reads {number}")
    if wanted.input:
        return [wanted.input, *wanted.others] if wanted.others else [wanted.input] * number
    if libraries.of(model) is libraries.homework and (made := libraries.homework.input_of(model)):
        return [made]
    seen = [_without_batch(all_) for one, all_ in libraries.seen if one is model]
    seen = seen or [_without_batch(all_) for one, all_ in libraries.seen if one.class_ is model.class_]
    sizes = dict.fromkeys(seen or [(one,) * number for one in _dummies(tree)])
    if len(sizes) == 1:
        return list(next(iter(sizes)))
    example = _example(model)
    how = f"write it after @, as {wanted.word}@{example}"
    how = f"give it as --input {example}" if wanted.file == "<stdin>" else how
    found = f" (found: {', '.join('x'.join(map(str, one[0])) for one in sizes if one)})" if sizes else ""
    raise Stuck(model.line, f"the size of the input is not in the source{found}; {how}")


def _example(model: Instance) -> str:
    """An input that the first convolution of a PyTorch model can take; that of ImageNet if it has none."""
    for one in modules_of(model):
        channels = one.attributes.get("in_channels")
        if one.class_name in EXAMPLES and type(channels) is int:
            return f"{channels}x{EXAMPLES[one.class_name]}"
    return f"3x{EXAMPLES['Conv2d']}"


def _without_batch(inputs: Iterable[Sizes]) -> tuple[Sizes, ...]:
    return tuple(dims[1:] for dims in inputs)


def _dummies(tree: ast.Module) -> Iterator[tuple[int, ...]]:
    """The sizes of tensors that a source makes with numbers and that could be images."""
    weights: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in weights:
            continue
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if word in ("Parameter", "register_buffer", "register_parameter"):
            weights |= {id(inner) for inner in ast.walk(node)}
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
