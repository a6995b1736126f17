"""A network as a file of PyTorch."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from functools import lru_cache
from typing import final

from cnncalc.analysis.report import Report
from cnncalc.exporting.bodies import passed
from cnncalc.exporting.definitions import defined
from cnncalc.exporting.export import Exported, require_said
from cnncalc.exporting.framework import Definition
from cnncalc.exporting.parts import (
    RESERVED,
    WIDTH,
    CodePart,
    broken,
    class_name,
    identifier,
    plain_title,
    text_of,
    unused,
)
from cnncalc.exporting.steps import program
from cnncalc.exporting.torch_chains import Chain
from cnncalc.exporting.torch_constructor import TorchConstructor, kept_arguments
from cnncalc.exporting.torch_prelude import PRELUDE
from cnncalc.exporting.torch_words import TorchWords
from cnncalc.shapes import by_axis


def written(report: Report) -> Exported:
    """The file of a network.

    Raises:
        ExportError: PyTorch has no equivalent for some layers.
    """
    network = report.network
    made = defined(program(report), TorchWords(report), report.shapes, [*network.inputs], [*network.outputs.values()])
    require_said("PyTorch", made.refused)
    names = {definition.name: definition for definition in made.definitions}
    title = class_name(network.name, {*names, *PRELUDE, *RESERVED}, "Network")
    top = Definition(title, made.parts, {}, _inputs(report), "", {}, {})
    classes = [_Class(definition, names).text() for definition in made.definitions]
    body = "\n\n\n".join([*classes, _Class(top, names, made.results, _about(report)).text()])
    own = [text.rstrip() for word, text in PRELUDE.items() if f"{word}(" in body]
    whole = "\n\n\n".join([*own, body])
    functional = ["from torch.nn import functional as F"] if "F." in whole else []
    text = "\n".join(["import torch", "from torch import nn", *functional, "", "", whole, ""])
    frozen = [part.name for part in made.parts if part.frozen]
    said = {layer.path for layer in report.layers if any(f"{layer.path}/".startswith(f"{name}/") for name in frozen)}
    return Exported(text, frozen=said)


def _about(report: Report) -> list[str]:
    """The lines about the network."""
    network = report.network
    sizes = ", ".join(by_axis(shape.sizes()) for shape in network.inputs.values())
    source = textwrap.wrap(plain_title(network.source), WIDTH - 4)
    return [f"{plain_title(network.name)}.", f"Input: {sizes}.", *source]


def _inputs(report: Report) -> tuple[str, ...]:
    inputs: list[str] = []
    for name in report.network.inputs:
        inputs.append(identifier("x" if len(report.network.inputs) == 1 else name, {*RESERVED, *PRELUDE, *inputs}))
    return tuple(inputs)


@final
class _Class(TorchConstructor):
    """One class: its constructor, and its forward."""

    def text(self) -> str:
        """Its text."""
        if self._is_sequence():
            return self._sequence()
        lines = [f"class {self._definition.name}(nn.Module):"]
        if self._title:
            lines += [f'    """{self._title[0]}', "", *(f"    {line}" for line in self._title[1:]), '    """', ""]
        made = [line for chain in self._chains for line in self._made(chain)]
        lines += [*self._signature(), "        super().__init__()", *made, ""]
        values = "".join(f", {name}: torch.Tensor" for name in self._definition.entries)
        several = ", ".join(["torch.Tensor"] * len(self._results))
        result = f"tuple[{several}]" if len(self._results) > 1 else several
        lines += [f"    def forward(self{values}) -> {result}:", *self._forward()]
        return "\n".join(lines)

    def _is_sequence(self) -> bool:
        chains = self._chains
        return not self._top and len(chains) == 1 and len(chains[0]) > 1 and len(self._definition.entries) == 1

    def _sequence(self) -> str:
        definition = self._definition
        lines = [f"class {definition.name}(nn.Sequential):", *self._signature()]
        return "\n".join([*lines, "        super().__init__(", *self._items(self._chains[0], " " * 12), "        )"])

    def _forward(self) -> list[str]:
        """The lines of forward."""
        names = {f"entry{i}": name for i, name in enumerate(self._definition.entries)}
        texts: dict[str, str] = dict(names)
        lines: list[str] = []
        for number, chain in enumerate(self._chains):
            last = chain[-1]
            text = self._applied(chain, texts)
            inlined = self._inlined(number, text)
            if inlined:
                texts[last.name] = text
                for read in chain[0].reads:
                    self._readers[read] += self._readers[last.name]
                continue
            comment = f"  # {by_axis(last.shape.sizes())}" if self._top else ""
            if last.name == self._results[-1] and len(self._results) == 1 and number == len(self._chains) - 1:
                lines += broken("return ", text, comment, " " * 8, WIDTH + len(comment))
                return lines
            name = self._variable(number, names)
            names[last.name] = texts[last.name] = name
            if f"{name} = {text}" != f"{name} = {name}":
                lines += broken(f"{name} = ", text, comment, " " * 8, WIDTH + len(comment))
        return [*lines, f"        return {', '.join(texts[result] for result in self._results)}"]

    def _applied(self, chain: Chain, texts: Mapping[str, str]) -> str:
        """The expression for the value of a chain."""
        first, function = chain[0], self._function(chain)
        reads = [texts[read] for read in first.reads]
        piece = first.piece
        values = self._values(first)
        if function and len(chain) == 1:
            return function.format(_bare(reads[0]), **values)
        made = f"self.{self._attributes[first.name]}" if first.name in self._attributes else ""
        operands = (_operand(read, piece.form, place) for place, read in enumerate(reads))
        text = piece.form.format(*operands, made=made, **values)
        if function:
            last = chain[-1].piece
            return function.format(text, **{name: text_of(value) for name, value in last.arguments.items()})
        condition = self._attributes.get(f"{first.name} if")
        if condition:
            return f"{text} if self.{condition} else {texts[passed(first)]}"
        return text

    def _values(self, part: CodePart) -> dict[str, str]:
        """The arguments of a form: those that depend on the constructor's are attributes."""
        values = {name: text_of(value) for name, value in part.piece.arguments.items()}
        kept = {name: f"self.{self._attributes[f'= {values[name]}']}" for name in kept_arguments(part)}
        weights = {word: f"self.{self._attributes[f'{part.name} {word}']}" for word in part.piece.weights}
        return {**values, **kept, **weights}

    def _inlined(self, number: int, text: str) -> bool:
        """Whether a value is written into the one part that reads it, which is not a module."""
        last = self._chains[number][-1]
        readers = self._readers.get(last.name, [])
        if len(readers) != 1 or readers == [""] or last.name in self._results:
            return False
        reader = self._chains[self._places[readers[0]]]
        first = reader[0]
        once = all(first.piece.form.count(f"{{{i}}}") == 1 for i, read in enumerate(first.reads) if read == last.name)
        plain = not first.is_module or (bool(self._function(reader)) and len(reader) == 1)
        near = not self._top or first.row == last.row or (len(first.reads) == 1 and first.shape == last.shape)
        return first.name not in self._definition.conditions and once and plain and near and len(text) < 60

    def _is_read_after(self, number: int, value: str) -> bool:
        """Whether a chain after this one reads a value, or it is an output."""
        readers = reversed(self._readers.get(value, ()))
        return any(not reader or self._places[reader] > number for reader in readers)

    def _variable(self, number: int, names: dict[str, str]) -> str:
        """The name of the variable for a chain's value: x, unless x is still to be read.

        Values that are no longer read leave `names`.
        """
        last = self._chains[number][-1]
        for value in [value for value in names if not self._is_read_after(number, value)]:
            del names[value]
        held = {name for value, name in names.items() if value != last.name}
        following = self._chains[number + 1][0] if number + 1 < len(self._chains) else None
        reading = [self._parts[reader] for reader in self._readers.get(last.name, ()) if reader]
        near = following is None or all(part.row == following.row for part in reading)
        if self._top and not near:
            return identifier(self._chain_name(self._chains[number]), {*held, *self._reserved})
        return unused(held)


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def _operand(text: str, form: str, place: int) -> str:
    """A text at a place of a form; in brackets if what the form does with it binds as strongly as its operators."""
    signs, own = _operators(form), _operators(text)
    is_asked = f"{{{place}}}." in form or f"{{{place}}}[" in form
    weak = own and (is_asked or (signs and ({*own} & {"+", "-", "if"} or {*signs} & {"*", "@", "/"})))
    return f"({text})" if weak and not (signs == ["+"] and own == ["+"]) else text


@lru_cache(64)
def _operators(text: str) -> list[str]:
    """The operators of a text outside of its brackets."""
    depth, kept = 0, ""
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        kept += letter if not depth else ""
    return [sign for sign in ("*", "@", "+", "-", "/", "if") if f" {sign} " in kept]
