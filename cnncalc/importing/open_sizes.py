"""Sizes of an input that a file leaves open: they stay open in the spec, unless a layer needs them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from cnncalc.importing.model import ModelGraph, RefusedModel
from cnncalc.shapes import letters_of

OPEN = "for each size that the file leaves open"
ADVICE = "; give --input to say another one"


def open_note(size: int) -> str:
    """The note of a size that is assumed."""
    return f"assumed: {size} {OPEN}{ADVICE}"


def opened(read: Callable[[int], ModelGraph]) -> ModelGraph:
    """The graph of a file that was read with two sizes; sizes on which no layer depends are open."""
    graph = read(0)
    if not any(OPEN in note for note in graph.notes):
        return graph
    if len(graph.inputs) > 1:  # --input gives the shape of one only
        return graph._replace(notes=tuple(note.removesuffix(ADVICE) for note in graph.notes))
    with suppress(RefusedModel):
        other = read(1)
        if [node[1:4] for node in graph.nodes] == [node[1:4] for node in other.nodes]:
            shape, there = next(iter(graph.inputs.values())), next(iter(other.inputs.values()))
            sizes = zip(letters_of(shape.rank), shape.sizes(), there.sizes(), strict=True)
            letters = tuple(letter for letter, n, m in sizes if n != m)
            notes = tuple(note for note in graph.notes if OPEN not in note)
            return graph._replace(open=letters, notes=notes) if letters else graph
    return graph
