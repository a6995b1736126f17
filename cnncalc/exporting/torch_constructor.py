"""The constructor of a class of PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cnncalc.exporting.parts import (
    WIDTH,
    Code,
    CodePart,
    CodePiece,
    broken,
    call_text,
    identifier,
    text_of,
)
from cnncalc.exporting.relations import repeated
from cnncalc.exporting.torch_chains import Chain, TorchChains
from cnncalc.exporting.torch_prelude import PRELUDE
from cnncalc.importing.source.torch_names import MODULES


class TorchConstructor(TorchChains):
    """The constructor of one class."""

    def _signature(self) -> list[str]:
        """The head of its constructor."""
        given = ["self"]
        for name, default in self._definition.parameters.items():
            end = "" if default is ... else f" = {text_of(default)}"
            given.append(f"{name}: {self._definition.types[name]}{end}")
        line = f"    def __init__({', '.join(given)}) -> None:"
        return [line] if len(line) <= WIDTH else ["    def __init__(", f"        {', '.join(given)},", "    ) -> None:"]

    def _made(self, chain: Chain) -> Iterator[str]:
        """The lines that make a chain; in the network itself also those that freeze it."""
        yield from self._modules(chain)
        if self._top and any(part.frozen for part in chain) and not chain[0].shares:
            names = [f"{chain[0].name} {word}" for word in chain[0].piece.weights] or [chain[0].name]
            yield from (f"        self.{self._attributes[name]}.requires_grad_(False)" for name in names)

    def _modules(self, chain: Chain) -> Iterator[str]:
        first, indent = chain[0], " " * 8
        if first.shares:
            self._attributes[first.name] = self._attributes[first.shares]
            return
        if not first.is_module:
            yield from self._weights(first)
            yield from self._settings(first)
        chain = chain[:-1] if self._function(chain) else chain
        if not chain or not first.piece.make:
            return
        name = self._attribute(first.name, self._chain_name(chain))
        same = {self._condition(part) for part in chain}
        condition = same.pop() if len(same) == 1 else ""
        calls = self._calls(chain)
        text = calls[0] if len(calls) == 1 and calls[0][0] != "*" else f"nn.Sequential({', '.join(calls)})"
        end = f" if {condition} else nn.Identity()" if condition else ""
        if len(f"{indent}self.{name} = {text}{end}") <= WIDTH:
            yield f"{indent}self.{name} = {text}{end}"
            return
        if condition:
            yield f"{indent}self.{name} = nn.Identity()"
            yield f"{indent}if {condition}:"
            indent += " " * 4
        if len(calls) > 1:
            yield from (f"{indent}self.{name} = nn.Sequential(", *self._items(chain, f"{indent}    "), f"{indent})")
        else:
            yield from broken(f"self.{name} = ", text, "", indent, WIDTH)

    def _settings(self, part: CodePart) -> Iterator[str]:
        """The lines that keep arguments of the constructor for forward."""
        for argument in kept_arguments(part):
            text = str(part.piece.arguments[argument])
            if f"= {text}" not in self._attributes:
                name = self._attribute(f"= {text}", text if text.isidentifier() else argument)
                yield f"        self.{name} = {text}"
        if condition := self._condition(part):
            word = "residual" if part.name.endswith("add") else identifier(part.word)
            name = self._attribute(f"{part.name} if", condition if condition.isidentifier() else f"is_{word}")
            yield f"        self.{name} = {condition}"

    def _weights(self, part: CodePart) -> Iterator[str]:
        arguments = {name: text_of(value) for name, value in part.piece.arguments.items()}
        for word, text in part.piece.weights.items():
            name = f"{part.word}_{word}" if len(part.piece.weights) > 1 else part.word
            wanted = identifier(name, start=word) if self._top else word
            name = self._attribute(f"{part.name} {word}", wanted)
            yield f"        self.{name} = {text.format(**arguments)}"

    def _call(self, piece: CodePiece) -> str:
        make = piece.make
        if make in self._definitions:
            return call_text(make, piece.arguments, self._definitions[make].parameters)
        own = make.removeprefix("nn.").removesuffix("2d") if make == "LayerNorm2d" else make.removeprefix("nn.")
        placed = dict.fromkeys(piece.arguments, ...) if make in PRELUDE else {}
        return call_text(make, piece.arguments, MODULES.get(own, placed))

    def _calls(self, chain: Chain) -> list[str]:
        """The calls of a chain, with equal ones in a row as one."""
        calls: list[str] = []
        whole = len({self._condition(part) for part in chain}) == 1
        entries = [(self._call(part.piece), "" if whole else self._condition(part), part.piece) for part in chain]
        for (text, condition), run in groupby(entries, lambda entry: entry[:2]):
            pieces = [piece for _, _, piece in run]
            times = pieces[0].times if len(pieces) == 1 else len(pieces)
            if condition:
                calls += [f"{text} if {condition} else nn.Identity()"] * len(pieces)
            elif times != 1 and pieces[0].make in self._definitions:
                calls.append(f"*[{text} for _ in range({times})]")
            else:
                calls += [text] * len(pieces)
        return self._progression(chain) or calls

    def _progression(self, chain: Chain) -> list[str]:
        """A chain of one definition whose arguments grow by the same step, as one call."""
        pieces = [part.piece for part in chain]
        first = pieces[0]
        if len(pieces) < 3 or len({piece.make for piece in pieces}) > 1 or first.make not in self._definitions:
            return []
        arguments: dict[str, Any] = {}
        for name, value in first.arguments.items():
            values = [piece.arguments[name] for piece in pieces]
            text = repeated(values) if any(one != value for one in values) else ""
            if any(one != value for one in values) and not text:
                return []
            arguments[name] = Code(text) if text else value
        if all(piece.arguments == first.arguments for piece in pieces):
            return []
        call = call_text(first.make, arguments, self._definitions[first.make].parameters)
        return [f"*[{call} for i in range({len(pieces)})]"]

    def _items(self, chain: Chain, indent: str) -> Iterator[str]:
        """The modules of a chain; those of one line of the spec are on one line."""
        calls = self._calls(chain)
        if len(calls) < len(chain):
            yield from (line for call in calls for line in broken("", call, ",", indent, WIDTH))
            return
        for _, group in groupby(zip(chain, calls, strict=True), lambda pair: pair[0].line):
            held = [call for _, call in group]
            line = ", ".join(held)
            if len(f"{indent}{line},") <= WIDTH:
                yield f"{indent}{line},"
            else:
                yield from (one for call in held for one in broken("", call, ",", indent, WIDTH))


def kept_arguments(part: CodePart) -> list[str]:
    """The arguments of a form that depend on the constructor's."""
    piece = part.piece
    named = [name for name, value in piece.arguments.items() if isinstance(value, Code) and f"{{{name}}}" in piece.form]
    return [] if piece.make else named
