"""Python source → graph: which model of a file is meant, how large its input is, and what it comes to."""

from __future__ import annotations

import re
from typing import final

from cnncalc.importing.model import START, ModelGraph, ModelPlace, RefusedModel
from cnncalc.importing.source.choosing import Models
from cnncalc.importing.source.evaluator import FAILURES, Evaluator
from cnncalc.importing.source.files_beside import Files, parsed, text_of
from cnncalc.importing.source.input_sizes import sizes_of
from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.notebook import Lines, source_of
from cnncalc.importing.source.values import Names, Stuck
from cnncalc.importing.source.wanted import Wanted


def read(content: bytes, wanted: Wanted) -> ModelGraph:
    """The graph of a source."""
    lines = Lines("", [])
    try:
        lines = source_of(text_of(content))
        return _placed(_Source(lines, wanted).graph(), lines.places)
    except Stuck as stuck:
        raise RefusedModel((_place(stuck, lines.places), _told(stuck.message, lines.places))) from None
    except RefusedModel as refused:
        reasons = ((_cell(at, lines.places), _told(message, lines.places)) for at, message in refused.reasons)
        again = RefusedModel(*reasons)
        again.partial = _placed(refused.partial, lines.places) if refused.partial else None
        raise again from None
    except (RecursionError, MemoryError):
        raise RefusedModel((START, "the code is nested too deeply")) from None


def _place(stuck: Stuck, places: list[str]) -> ModelPlace:
    named = f"{stuck.file} line {stuck.line}" if stuck.file else ""
    return _cell(ModelPlace(stuck.line, stuck.column, named), places)


def _cell(at: ModelPlace, places: list[str]) -> ModelPlace:
    """A place in the cell of a notebook."""
    return at._replace(text=places[at.line - 1]) if not at.text and at.line <= len(places) else at


def _told(message: str, places: list[str]) -> str:
    """A message with the cells of a notebook in the place of lines."""

    def cell(found: re.Match[str]) -> str:
        return places[int(found[1]) - 1] if int(found[1]) <= len(places) else found[0]

    return re.sub(r"\bline (\d{1,7})\b", cell, message) if places else message


def _placed(graph: ModelGraph, places: list[str]) -> ModelGraph:
    """A graph with the cells of a notebook in the place of lines."""
    if not places:
        return graph
    nodes = tuple(node._replace(at=_cell(node.at, places)) for node in graph.nodes)
    return graph._replace(nodes=nodes, notes=tuple(_told(note, places) for note in graph.notes))


@final
class _Source:
    def __init__(self, lines: Lines, wanted: Wanted) -> None:
        self._wanted, self._dropped = wanted, lines.dropped
        self._tree = parsed(lines.text)
        self._libraries, files = Libraries(), Files(wanted.file)
        self._evaluator = files.evaluator = Evaluator(self._libraries, files)
        self._libraries.follow(self._evaluator)
        self._scope = Names(None)

    def graph(self) -> ModelGraph:
        """The graph of the model that is meant."""
        self._evaluator.body(self._tree.body, self._scope, tolerant=True)
        name, model = Models(self._scope, self._evaluator, self._libraries, self._wanted).chosen()
        library = self._libraries.of(model)
        sizes = sizes_of(model, self._libraries, self._tree, self._wanted)
        try:
            builder = library.trace(model, [sizes])
        except FAILURES as error:
            raise Stuck(model.line, f"{model.class_name}: {type(error).__name__}: {error}") from None
        builder.title = name
        if not self._wanted.input and library is self._libraries.torch:
            builder.note(f"the input {'x'.join(map(str, sizes))} is that of a call in the source")
        if self._dropped:
            numbers = ", ".join(map(str, self._dropped[:10])) + (", ..." if len(self._dropped) > 10 else "")
            builder.note(f"{len(self._dropped)} lines of the code are no Python and left out: {numbers}")
        return builder.graph(library.outputs)
