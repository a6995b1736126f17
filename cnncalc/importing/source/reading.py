"""Python source → graph: the wanted model of a file, with its input."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import final

from cnncalc.importing.bounds import MAX_TEXT
from cnncalc.importing.model import START, ModelGraph, ModelPlace, RefusedModel
from cnncalc.importing.source.choosing import MAX_FIGURES, ModelChoice, Models
from cnncalc.importing.source.cleaning import gathered
from cnncalc.importing.source.evaluator import FAILS, FAILURES, Evaluator
from cnncalc.importing.source.files_beside import MAX_SOURCE, Files, parsed, text_of
from cnncalc.importing.source.homework import Homework
from cnncalc.importing.source.input_sizes import sizes_of
from cnncalc.importing.source.keras import Keras
from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.line_names import LineNames
from cnncalc.importing.source.notebook import Lines, is_notebook, source_of
from cnncalc.importing.source.printed import claims_of
from cnncalc.importing.source.torch import Torch
from cnncalc.importing.source.torch_adding import LOST
from cnncalc.importing.source.values import Instance, Names, Stuck
from cnncalc.importing.source.wanted import Wanted
from cnncalc.importing.stored import stored_values
from cnncalc.notation import several


def read(content: bytes, wanted: Wanted) -> ModelGraph:
    """The graph of a source."""
    names = LineNames()
    try:
        lines = source_of(text_of(content, MAX_TEXT if is_notebook(content) else MAX_SOURCE))
        text_of(lines.text.encode())
        names = LineNames(lines.text.count("\n") + 2, lines.places)
        return names.placed(_Source(lines, wanted, names).graph())
    except Stuck as stuck:
        alone = RefusedModel((names.at(ModelPlace(stuck.line, stuck.column)), names.message(stuck.message)))
        alone.models = tuple(stuck.models) if isinstance(stuck, ModelChoice) else None
        raise alone from None
    except RefusedModel as refused:
        again = RefusedModel(*((names.at(at), names.message(message)) for at, message in refused.reasons))
        again.partial = names.placed(refused.partial) if refused.partial else None
        raise again from None
    except (RecursionError, MemoryError):
        raise RefusedModel((START, "the code is nested too deeply")) from None


@final
class _Source:
    def __init__(self, lines: Lines, wanted: Wanted, names: LineNames) -> None:
        self._wanted, self._dropped, self._tables = wanted, lines.dropped, lines.tables
        self._tree = gathered(parsed(lines.text))
        self._libraries, files = Libraries(), Files(wanted.file, names)
        self._evaluator = files.evaluator = Evaluator(self._libraries, files)
        self._libraries.follow(self._evaluator)
        self._libraries.keras.given = wanted.input
        self._libraries.homework.look(self._tree)
        self._evaluator.stated.look(self._tree, lines.text)
        self._scope = Names(None)

    def graph(self) -> ModelGraph:
        """The graph of the wanted model."""
        self._evaluator.body(self._tree.body, self._scope, tolerant=True)
        models = Models(self._scope, self._evaluator, self._libraries, self._wanted)
        try:
            name, model = models.chosen()
        except ModelChoice as choice:
            found = choice.models
            if 1 < len(found) <= MAX_FIGURES:
                choice.message = models.listed(found, lambda one: f"{one}{self._figures(found[one])}")
            raise
        return self._of_model(name, model if self._wanted.model else self._called(model))

    def _called(self, model: Instance) -> Instance:
        """The object of a model's class that a function of the source calls, if there is one; else the model itself."""
        called = {id(one): one for one, _ in self._libraries.seen if one.class_ is model.class_}
        return next(iter(called.values())) if len(called) == 1 else model

    def _figures(self, model: Instance) -> str:
        """The number of values that a model stores, in brackets; empty if it is not known."""
        try:
            return f" ({sum(one.all for one in stored_values(self._of_model('', model)).values()):,} weights)"
        except (Stuck, RefusedModel, *FAILURES):
            return ""

    def _of_model(self, name: str, model: Instance) -> ModelGraph:
        library = self._libraries.of(model)
        sizes = sizes_of(model, self._libraries, self._tree, self._wanted)
        try:
            builder = library.trace(model, sizes)
        except FAILURES as error:
            raise _all_reasons(
                library, Stuck(model.line, f"{model.class_name}: {type(error).__name__}: {error}")
            ) from None
        except Stuck as stuck:
            raise self._all_reasons(library, sizes, stuck) from None
        if library.refused:
            raise self._all_reasons(library, sizes)
        builder.title = name
        if not self._wanted.input and library is not self._libraries.keras:
            words = ", ".join("x".join(map(str, one)) for one in sizes)
            builder.note(f"the input {words} is that of a call in the source")
        if self._wanted.input and len(sizes) > 1 and not self._wanted.others:
            builder.note(f"assumed: each of the {len(sizes)} inputs has the size that is given")
        for assumed in self._evaluator.assumed:
            builder.note(assumed)
        if self._dropped:
            numbers = ", ".join(map(str, self._dropped[:10])) + (", ..." if len(self._dropped) > 10 else "")
            words = several(len(self._dropped), "line")
            builder.note(f"{words} of the code left out, as they are not Python: {numbers}")
        graph = builder.graph(library.outputs)
        claims = self._evaluator.stated.claims(library.name_of, builder.shapes, builder.layout)
        return self._with_tables(graph._replace(claims=tuple(claims)), model)

    def _all_reasons(
        self, library: Torch | Keras | Homework, sizes: Sequence[Sequence[int]], stuck: Stuck | None = None
    ) -> RefusedModel:
        """A refusal with all reasons, and what to write if one size is taken for several inputs."""
        refused = _all_reasons(library, stuck)
        if not self._wanted.input or self._wanted.others or len(sizes) < 2:
            return refused
        size = "x".join(map(str, self._wanted.input))
        words = f"each of the {len(sizes)} inputs was taken to have the size {size}; write all, as @{size},100"
        return RefusedModel(*refused.reasons, (refused.reasons[-1][0], words))

    def _with_tables(self, graph: ModelGraph, model: Instance) -> ModelGraph:
        """A graph with the claims of the printed summaries."""
        keras = self._libraries.keras
        for table in self._tables if self._libraries.of(model) is keras else ():
            shown = [one for one, line in keras.printed if line <= table.after]
            if (shown[-1] if shown else model) is model:
                graph = claims_of(table, keras.layers, graph)
        return graph


def _all_reasons(library: Torch | Keras | Homework, stuck: Stuck | None = None) -> RefusedModel:
    """A refusal with all reasons: the one that stopped the reading is the last, or follows from the others."""
    reasons = list(
        {one.line: (ModelPlace(one.line, one.column), one.message) for one in library.refused[::-1]}.values()
    )
    try:
        library.builder.graph([])
    except RefusedModel as refused:
        reasons += [reason for reason in refused.reasons if reason[0] != START]
    follows = stuck is not None and (LOST in stuck.message or stuck.message.startswith(FAILS))
    if stuck is not None and not (reasons and follows):
        reasons.append((ModelPlace(stuck.line, stuck.column), stuck.message))
    return RefusedModel(*sorted(reasons, key=itemgetter(0)))
