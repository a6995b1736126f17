"""Python source → graph: which model of a file is meant, how large its input is, and what it comes to."""

from __future__ import annotations

import ast
import os.path
import re
from collections.abc import Iterator
from typing import Any, final

from cnncalc.importing.model import START, ModelGraph, ModelPlace, RefusedModel
from cnncalc.importing.source.evaluator import FAILURES, Evaluator
from cnncalc.importing.source.keras import is_keras
from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.notebook import Lines, source_of
from cnncalc.importing.source.values import Class, Exhausted, Function, Instance, Names, Stuck, Unknown
from cnncalc.importing.source.wanted import Wanted

MAX_SOURCE = 500_000
MAX_FILES = 20
MAX_LISTED = 40


def read(content: bytes, wanted: Wanted) -> ModelGraph:
    """The graph of a source."""
    lines = Lines("", [])
    try:
        lines = source_of(_text(content))
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


def _text(content: bytes) -> str:
    if len(content) > MAX_SOURCE:
        raise RefusedModel((START, f"the source is larger than {MAX_SOURCE // 1000} kB; that of a model is smaller"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedModel((START, "the text is not UTF-8")) from None


def parsed(text: str, file: str = "") -> ast.Module:
    """The tree of a source.

    Raises:
        Stuck: it is none of Python.
    """
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Stuck(error.lineno or 1, f"this is no Python: {error.msg}", max(error.offset or 1, 1), file) from None
    except ValueError as error:
        raise Stuck(1, f"this is no Python: {error}", 1, file) from None


@final
class Files:
    """The other files of a folder, which are read if they are imported."""

    def __init__(self, file: str) -> None:
        self._folder = os.path.dirname(os.path.realpath(file)) if file else ""
        self._read: dict[str, Names | None] = {}
        self.evaluator: Evaluator

    def module(self, name: str, level: int) -> Names | None:
        """The names of a module in the folder or below; None if there is none."""
        parts = name.split(".")
        if not self._folder or level > 1 or not all(part.isidentifier() for part in parts):
            return None
        path = os.path.join(self._folder, *parts) + ".py"
        if path not in self._read:
            self._read[path] = None
            if len(self._read) <= MAX_FILES and os.path.isfile(path) and os.path.realpath(path) == path:
                self._read[path] = self._scope(path)
        return self._read[path]

    def _scope(self, path: str) -> Names | None:
        try:
            with open(path, "rb") as file:
                text = _text(file.read(MAX_SOURCE + 1))
        except (OSError, RefusedModel):
            return None
        name = os.path.relpath(path, self._folder)
        scope = Names(None, name)
        scope.names["__name__"] = name
        self.evaluator.body(parsed(text, name).body, scope, tolerant=True)
        return scope


@final
class _Source:
    def __init__(self, lines: Lines, wanted: Wanted) -> None:
        self._wanted, self._dropped = wanted, lines.dropped
        self._tree = parsed(lines.text)
        self._libraries, files = Libraries(), Files(wanted.file)
        self._evaluator = files.evaluator = Evaluator(self._libraries, files)
        self._libraries.follow(self._evaluator)
        self.failures: dict[str, Stuck] = {}
        self._scope = Names(None)

    def graph(self) -> ModelGraph:
        """The graph of the model that is meant."""
        self._evaluator.body(self._tree.body, self._scope, tolerant=True)
        name, model = self._named() if self._wanted.model else self._only()
        library = self._libraries.of(model)
        sizes = self._sizes(model)
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

    @property
    def _seen(self) -> list[tuple[Instance, tuple[int, ...]]]:
        return [*self._libraries.torch.seen, *self._libraries.keras.seen]

    def _named(self) -> tuple[str, Instance]:
        """The model that is asked for."""
        text = self._wanted.model
        if text.isdecimal():
            held = [one for _, one in self._scope.history if self._is_model(one) and one.line == int(text)]
            if held:
                return f"line {text}", held[0]
        try:
            node = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError):
            raise Stuck(1, f"'{text:.60}' is no name of a model; write NAME or NAME(...)") from None
        value = self._evaluator.value(node, self._scope)
        if isinstance(value, Function | Class):
            value = self._evaluator.call(value, [], {}, _at(value))
        if isinstance(value, Instance):
            return (model_title(text), value)
        if isinstance(value, Unknown):
            raise Stuck(value.line, f"{text:.60} is no model: {value.words()}")
        raise Stuck(1, f"there is no model '{text:.60}'; {self._listed(dict(self._models()))}")

    def _only(self) -> tuple[str, Instance]:
        """The only model of the source."""
        shown = {id(model) for model, _ in self._seen}
        held = {name: one for name, one in self._scope.names.items() if self._is_model(one)}
        kept = {id(one) for one in held.values()}
        for _, one in self._scope.history:
            if id(one) not in kept and self._is_model(one) and one.parent is None:
                held[str(one.line)] = one
                kept.add(id(one))
        top = {name: one for name, one in held.items() if one.parent is None}
        chosen = {name: one for name, one in top.items() if id(one) in shown} or top
        if len({id(one) for one in chosen.values()}) == 1:
            return next(iter(chosen.items()))
        models = chosen or dict(self._models())
        if len(models) == 1:
            return next(iter(models.items()))
        if not models:
            raise self._none()
        raise Stuck(1, self._listed(models))

    def _none(self) -> Stuck:
        classes = [one for one in self._scope.names.values() if isinstance(one, Class) and self._is_module(one)]
        if self._evaluator.stuck and not classes:
            return self._evaluator.stuck[0]
        if self.failures:
            name, stuck = next(iter(self.failures.items()))
            if stuck.message.startswith("__init__ needs"):
                stuck.message = f"{name}: {stuck.message}; write FILE.py:'{name}(...)' with values"
            return stuck
        return Stuck(1, "no model is in this source: no class with a forward, no Sequential")

    def _models(self) -> Iterator[tuple[str, Instance]]:
        """What can be made without arguments, and is no part of another one."""
        makers = {
            name: one
            for name, one in self._scope.names.items()
            if not name.startswith("_")
            and not getattr(one, "scope", self._scope).file
            and (isinstance(one, Function) or (isinstance(one, Class) and self._is_module(one)))
        }
        used = {
            inner.id: name
            for name, one in makers.items()
            for inner in ast.walk(one.node)
            if isinstance(inner, ast.Name) and inner.id != name and not name.startswith("test")
        }
        for name, maker in makers.items():
            if name in used or (isinstance(maker, Function) and not isinstance(maker.node, ast.FunctionDef)):
                continue
            try:
                made = self._evaluator.call(maker, [], {}, _at(maker))
            except Exhausted:
                raise
            except Stuck as stuck:
                if isinstance(maker, Class):
                    self.failures[name] = stuck
                continue
            if self._is_model(made):
                yield name, made

    def _listed(self, models: dict[str, Any]) -> str:
        names = list(models)
        if not names:
            return "no model is in this source"
        more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
        file = os.path.basename(self._wanted.file) or "FILE.py"
        return f"{len(names)} models are in this source: {', '.join(names[:MAX_LISTED])}{more}; write {file}:{names[0]}"

    def _is_model(self, value: Any) -> bool:
        """Whether a value is a model: of a class of the source, a Sequential, or a functional one."""
        if not isinstance(value, Instance) or not self._is_module(value.class_):
            return False
        return isinstance(value.class_, Class) or value.class_name == "Sequential" or "$outputs" in value.attributes

    def _is_module(self, class_: Any) -> bool:
        """Whether objects of a class can be models."""
        native = class_.native() if isinstance(class_, Class) else class_
        if native is None or native.last.endswith("Loss"):
            return False
        return native.name.startswith("torch.nn.") or is_keras(native.name)

    def _sizes(self, model: Instance) -> tuple[int, ...]:
        """The sizes of the input without the batch."""
        if self._wanted.input:
            return self._wanted.input
        if self._libraries.of(model) is self._libraries.keras and (own := self._libraries.keras.input_of(model)):
            return own
        seen = [dims[1:] for one, dims in self._seen if one is model]
        seen = seen or [dims[1:] for one, dims in self._seen if one.class_ is model.class_]
        sizes = dict.fromkeys(seen or _dummies(self._tree))
        if len(sizes) == 1:
            return next(iter(sizes))
        file = os.path.basename(self._wanted.file) or "FILE.py"
        found = f" (found: {', '.join('x'.join(map(str, one)) for one in sizes)})" if sizes else ""
        raise Stuck(
            model.line, f"the size of the input is not in the source{found}; write it after @, as {file}@3x224x224"
        )


def _at(value: Function | Class) -> ast.AST:
    return value.node


def model_title(text: str) -> str:
    """The name of a model, from the expression for it."""
    return re.sub(r"[^\w]+", " ", text).strip()[:60]


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
