"""The choice of a model in a source: the only one, or the wanted one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, final

from cnncalc.importing.source.cleaning import tree_of
from cnncalc.importing.source.evaluator import Evaluator
from cnncalc.importing.source.homework_names import kind_of
from cnncalc.importing.source.keras_names import is_keras
from cnncalc.importing.source.libraries import Libraries
from cnncalc.importing.source.torch_ready import READY
from cnncalc.importing.source.values import (
    Class,
    Exhausted,
    External,
    Function,
    Instance,
    Missing,
    Names,
    Stuck,
    Unknown,
    unknown_in,
)
from cnncalc.importing.source.wanted import Wanted
from cnncalc.notation import several

MAX_LISTED = 40
CLASSES = ("Sequential", "Model")
"""Libraries of a source that makes a model without a class of its own."""

MAX_FIGURES = 6
"""How many models are listed with the values that they store."""


class ModelChoice(Stuck):
    """A source has several models, or none.

    Attributes:
        models: by name.
    """

    def __init__(self, message: str, models: Mapping[str, Instance], line: int = 1, column: int = 1) -> None:
        super().__init__(line, message, column)
        self.models = models


@final
class Models:
    """Finds models.

    Args:
        names: of the source, after it was followed.
        evaluator, libraries: those that followed it.
        wanted: the model that the user asks for.
    """

    def __init__(self, names: Names, evaluator: Evaluator, libraries: Libraries, wanted: Wanted) -> None:
        self._scope, self._evaluator, self._libraries, self._wanted = names, evaluator, libraries, wanted
        self._failures: dict[str, Stuck] = {}

    def chosen(self) -> tuple[str, Instance]:
        """The chosen model, and its name."""
        return self._named() if self._wanted.model else self._only()

    def _named(self) -> tuple[str, Instance]:
        """The model that is asked for."""
        text = self._wanted.model
        if text.isdecimal():
            held = [one for _, one in self._scope.history if self._is_model(one) and one.line == int(text)]
            if held:
                return f"line {text}", held[0]
        loose = dict(self._libraries.homework.without_class(self._scope))
        if text in loose:
            return text, loose[text]
        try:
            [statement] = tree_of(text.strip()).body
        except (SyntaxError, ValueError):
            statement = ast.Pass()
        if not isinstance(statement, ast.Expr):
            raise Stuck(1, f"'{text:.60}' is not a name of a model; write NAME or NAME(...)")
        value = self._evaluator.value(statement.value, self._scope)
        if isinstance(value, Function | Class):
            value = self._made(value, text)
        if isinstance(value, Instance):
            return (_title(text), value)
        if isinstance(value, Unknown) and value.what != text:
            raise Stuck(value.line, f"{text:.60} is not a model: {value.words()}")
        raise Stuck(1, f"there is no model '{text:.60}'; {self.listed(dict(self._models()))}")

    def _made(self, maker: Function | Class, text: str) -> Any:
        """The result of calling a class or function without arguments."""
        try:
            return self._evaluator.call(maker, [], {}, _at(maker))
        except Exhausted:
            raise
        except Stuck as stuck:
            raise self._with_values(text, stuck) from None

    def _only(self) -> tuple[str, Instance]:
        """The only model of the source."""
        shown = {id(model) for model, _ in self._libraries.seen}
        held = {name: one for name, one in self._scope.names.items() if self._is_model(one)}
        kept = {id(one) for one in held.values()}
        for _, one in self._scope.history:
            if id(one) not in kept and self._is_model(one) and one.parent is None:
                held[str(one.line)] = one
                kept.add(id(one))
        top = {name: one for name, one in held.items() if one.parent is None}
        top = {name: one for name, one in top.items() if "$used" not in one.attributes} or top
        top = top or dict(self._libraries.homework.without_class(self._scope))
        chosen = {name: one for name, one in top.items() if id(one) in shown} or top
        if len({id(one) for one in chosen.values()}) == 1:
            return next(iter(chosen.items()))
        models = chosen or dict(self._models())
        if len(models) == 1:
            return next(iter(models.items()))
        if not models:
            raise self._none()
        raise ModelChoice(self.listed(models), models)

    def _none(self) -> Stuck:
        classes = [one for one in self._scope.names.values() if isinstance(one, Class) and self._is_module(one)]
        if self._evaluator.stuck and not classes:
            first = self._evaluator.stuck[0]
            is_model = any(isinstance(one, External) and one.last in CLASSES for one in self._scope.names.values())
            return first if is_model else ModelChoice(first.message, {}, first.line, first.column)
        if self._failures:
            name, stuck = next(iter(self._failures.items()))
            return self._with_values(name, stuck)
        return ModelChoice("no model is in this source: no class with a forward, no Sequential", {})

    def _models(self) -> Iterator[tuple[str, Instance]]:
        """The models that can be made without arguments and are not part of another one, by name."""
        makers = {
            name: one
            for name, one in self._scope.names.items()
            if not name.startswith("_")
            and (isinstance(one, Function) or (isinstance(one, Class) and self._may_be_made(one)))
            and not getattr(one, "scope", self._scope).file
        }
        users: dict[str, list[str]] = {}
        for name, one in makers.items():
            for inner in ast.walk(one.node):
                if isinstance(inner, ast.Name) and inner.id != name and not name.startswith("test"):
                    users.setdefault(inner.id, []).append(name)
        models = dict(self._made_of(makers, [name for name in makers if name not in users]))
        if not models:  # a script: its `main` makes the model, and gives none
            by_functions = [name for name in users if all(isinstance(makers[one], Function) for one in users[name])]
            models = dict(self._made_of(makers, [name for name in makers if name in by_functions]))
        yield from models.items()

    def _made_of(self, makers: Mapping[str, Function | Class], names: Sequence[str]) -> Iterator[tuple[str, Instance]]:
        """The models that some of them give."""
        for name in names:
            maker = makers[name]
            if isinstance(maker, Function) and not isinstance(maker.node, ast.FunctionDef):
                continue
            try:
                made = self._as_called(name, makers) or self._evaluator.call(maker, [], {}, _at(maker))
            except Exhausted:
                raise
            except Stuck as stuck:
                if isinstance(maker, Class):
                    self._failures[name] = stuck
                continue
            if self._is_model(made):
                yield name, made

    def _as_called(self, name: str, makers: Mapping[str, Function | Class]) -> Any:
        """The model that a function of the source makes; None if it is made without arguments, or nobody makes it."""
        bodies = [one.node for one in makers.values() if isinstance(one, Function)]
        calls = [
            one for body in bodies for one in ast.walk(body) if isinstance(one, ast.Call) and _is_name(one.func, name)
        ]
        ways = {ast.dump(one): one for one in calls if one.args or one.keywords}
        if not ways:
            return None
        call = next(iter(ways.values()))
        if len(ways) == 1:
            given = [*call.args, *(one.value for one in call.keywords)]
            with suppress(Stuck):
                if unknown_in([self._evaluator.value(one, self._scope) for one in given]) is None:
                    return self._evaluator.value(call, self._scope)
        if isinstance(makers[name], Function):
            return None
        written = f"{self._wanted.word}:'{name}(...)'"
        self._evaluator.assumed[f"assumed: {name} has its defaults, not what its call gives; write {written}"] = None
        return None

    def listed(self, models: Mapping[str, Any], words: Callable[[str], str] = str) -> str:
        """The sentence that lists the models, and says how to choose one."""
        names = list(models)
        if not names:
            return "no model is in this source"
        more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
        listed = f"{', '.join(map(words, names[:MAX_LISTED]))}{more}"
        are = "is" if len(names) == 1 else "are"
        return f"{several(len(names), 'model')} {are} in this source: {listed}; write {self._wanted.word}:{names[0]}"

    def _with_values(self, name: str, stuck: Stuck) -> Stuck:
        """The error of a class that makes no model; if it needs values, it says how to give them."""
        if isinstance(stuck, Missing) and stuck.message.startswith("__init__ "):
            given = ", ".join(f"{one}=..." for one in stuck.names)
            stuck.message = (
                f"{name}: {stuck.message}; write {self._wanted.word}:'{name}({given})' with values for the dots"
            )
        return stuck

    def _is_model(self, value: Any) -> bool:
        """Whether a value is a model: of a class of the source, a Sequential, or a functional one."""
        if not isinstance(value, Instance) or not self._is_module(value.class_):
            return self._libraries.homework.is_model(value)
        is_ready = "$outputs" in value.attributes or READY in value.attributes
        return isinstance(value.class_, Class) or value.class_name == "Sequential" or is_ready

    def _may_be_made(self, class_: Class) -> bool:
        """Whether objects of a class of the source may be models: not if they are a single layer."""
        return self._is_module(class_) or (class_.native() is None and not kind_of(class_.name))

    def _is_module(self, class_: Any) -> bool:
        """Whether objects of a class can be models."""
        native = class_.native() if isinstance(class_, Class) else class_
        if native is None or native.last.endswith("Loss"):
            return False
        if isinstance(class_, Class) and native.last in ("Module", "LightningModule"):
            return True
        return native.name.startswith(("torch.nn.", "torchvision.models.")) or is_keras(native.name)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _at(value: Function | Class) -> ast.AST:
    return value.node


def _title(text: str) -> str:
    """The name of a model, from the expression for it."""
    return re.sub(r"[^\w]+", " ", text).strip()[:60]
