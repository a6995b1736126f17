"""A network as a file of Keras 3."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import final

from cnncalc.analysis.report import Report
from cnncalc.exporting.bodies import passed
from cnncalc.exporting.definitions import defined
from cnncalc.exporting.export import Exported, require_said
from cnncalc.exporting.framework import Definition
from cnncalc.exporting.keras_prelude import PRELUDE
from cnncalc.exporting.keras_words import KerasWords, defaults_of
from cnncalc.exporting.parts import (
    RESERVED,
    WIDTH,
    CodePart,
    broken,
    call_text,
    identifier,
    plain_title,
    text_of,
    unused,
)
from cnncalc.exporting.steps import program
from cnncalc.layers import LAYERS
from cnncalc.shapes import by_axis

ACTIVATED = ("layers.Conv", "layers.DepthwiseConv", "layers.Dense")
"""Layers that take an activation as an argument."""


def written(report: Report) -> Exported:
    """The file of a network.

    Raises:
        ExportError: Keras has no equivalent for some layers.
    """
    network = report.network
    made = defined(program(report), KerasWords(report), report.shapes, [*network.inputs], [*network.outputs.values()])
    require_said("Keras", made.refused)
    names = {definition.name: definition for definition in made.definitions}
    texts = [_Function(definition, names).text() for definition in made.definitions]
    title = identifier(network.name.lower(), {*names, *PRELUDE, *RESERVED}, "network")
    several = len(network.inputs) > 1
    inputs = tuple(identifier(name, {*names, *PRELUDE, *RESERVED}) if several else "inputs" for name in network.inputs)
    top = Definition(title, made.parts, {}, inputs, "", {}, {})
    texts.append(_Function(top, names, made.results).model(report))
    own = [text.rstrip() for word, text in PRELUDE.items() if any(f"{word}(" in one for one in texts)]
    text = "\n\n\n".join(["import keras\nfrom keras import layers", *own, *texts]) + "\n"
    return Exported(text, frozen={layer.path for layer in report.layers if layer.node.frozen})


@final
class _Function:
    """One function: the lines of its body."""

    def __init__(
        self, definition: Definition, definitions: Mapping[str, Definition], results: Sequence[str] = ()
    ) -> None:
        self._definition, self._definitions = definition, definitions
        self._results, self._top = results or (definition.result,), bool(results)
        self._returned = False
        self._parts = [part for part in definition.parts if part.piece.form != "{0}"]
        self._alias = {part.name: part.reads[0] for part in definition.parts if part.piece.form == "{0}"}
        self._reserved = {"x", *RESERVED, *PRELUDE, *definitions, *definition.entries}
        self._uses: dict[str, list[int]] = {}
        for number, part in enumerate(self._parts):
            for read in part.reads:
                self._uses.setdefault(self._true(read), []).append(number)
        for result in self._results:
            self._uses.setdefault(self._true(result), []).append(len(self._parts))
        self._last_use = {value: max(uses) for value, uses in self._uses.items()}
        self._shapes = {part.name: part.shape for part in definition.parts}
        for part in definition.parts:
            if part.name in self._alias:
                self._shapes[self._true(part.name)] = part.shape
        self._names = {f"entry{i}": name for i, name in enumerate(definition.entries)}

    def text(self) -> str:
        """The function of a block."""
        given = [*self._definition.entries]
        for name, default in self._definition.parameters.items():
            given.append(name if default is ... else f"{name}={text_of(default)}")
        lines = [*self._body(" " * 4)]
        if any("in_channels" in line for line in lines):
            lines.insert(0, f"    in_channels = {self._definition.entries[0]}.shape[-1]")
        return "\n".join([f"def {self._definition.name}({', '.join(given)}):", *lines])

    def model(self, report: Report) -> str:
        """The function of the whole network."""
        network = report.network
        source = textwrap.wrap(plain_title(network.source), WIDTH - 4)
        lines = [f"def {self._definition.name}() -> keras.Model:", f'    """{plain_title(network.name)}.']
        lines += ["", *(f"    {line}" for line in source), '    """'] if source else []
        lines = lines if source else [lines[0], f'{lines[1]}"""']
        for name, shape in zip(self._definition.entries, network.inputs.values(), strict=True):
            named = f", name={text_of(name)}" if len(network.inputs) > 1 else ""
            lines.append(f"    {name} = keras.Input({text_of(shape.sizes('HWC'))}{named})")
        lines += [*self._body(" " * 4)]
        inputs = _listed(self._definition.entries)
        outputs = _listed([self._names[self._true(result)] for result in self._results])
        end = f"    return keras.Model({inputs}, {outputs}, name={text_of(self._definition.name)})"
        return "\n".join([*lines, end])

    def _true(self, value: str) -> str:
        """The part that makes a value."""
        while value in self._alias:
            value = self._alias[value]
        return value

    def _body(self, indent: str) -> Iterator[str]:
        entries = list(enumerate(self._parts))
        for _, group in groupby(entries, lambda entry: self._kind_of_run(*entry)):
            yield from self._run([number for number, _ in group], indent)
        if not self._top and not self._returned:
            yield f"{indent}return {self._names[self._true(self._definition.result)]}"

    def _kind_of_run(self, number: int, part: CodePart) -> object:
        """A key that is equal for parts written together: those below one condition, equal calls of one function."""
        condition = self._definition.conditions.get(part.name)
        if condition is not None:
            return condition, part.is_module or part.piece.make in self._definitions
        again = self._top and part.piece.make in self._definitions and len(part.reads) == 1
        return (part.piece.make, str(dict(part.piece.arguments))) if again else number

    def _run(self, numbers: Sequence[int], indent: str) -> Iterator[str]:
        first = self._parts[numbers[0]]
        condition = self._definition.conditions.get(first.name)
        if condition is not None:
            yield from self._conditional(condition, numbers, indent)
            return
        pairs = [(self._parts[number - 1], self._parts[number]) for number in numbers[1:]]
        chained = all(self._true(part.reads[0]) == last.name for last, part in pairs)
        if len(numbers) > 1 and chained:
            yield from self._loop(numbers, str(len(numbers)), indent)
            return
        for number in numbers:
            times = self._parts[number].piece.times
            yield from self._loop([number], str(times), indent) if times != 1 else self._statement(number, indent)

    def _loop(self, numbers: Sequence[int], times: str, indent: str) -> Iterator[str]:
        """A loop of calls of a function, one after another."""
        first, last = self._parts[numbers[0]], self._parts[numbers[-1]]
        source, name = self._names[self._true(first.reads[0])], self._variable(numbers[-1])
        if self._top and name != source:
            name = self._variable(numbers[-1], plain=True)
        if name != source:
            yield f"{indent}{name} = {source}"
        yield f"{indent}for _ in range({times}):"
        yield from broken(
            f"{name} = ", self._applied(first, [name]), self._comment(numbers[-1]), f"{indent}    ", WIDTH + 40
        )
        self._names[last.name] = name

    def _conditional(self, condition: str, numbers: Sequence[int], indent: str) -> Iterator[str]:
        first, last = self._parts[numbers[0]], self._parts[numbers[-1]]
        kept = self._names[self._true(passed(first))]
        # The value that is handed on without them has the name of their result.
        needed = max(self._uses.get(self._true(passed(first)), [0])) > numbers[-1]
        name = self._fresh(last, numbers[-1]) if needed else kept
        if name != kept:
            yield f"{indent}{name} = {kept}"
        yield f"{indent}if {condition}:"
        for number in numbers:
            part = self._parts[number]
            reads = [self._names[self._true(read)] for read in part.reads]
            yield from broken(f"{name} = ", self._applied(part, reads), "", f"{indent}    ", WIDTH)
            self._names[part.name] = name

    def _statement(self, number: int, indent: str) -> Iterator[str]:
        part = self._parts[number]
        if self._absorbed(number):
            self._names[part.name] = self._names[self._true(part.reads[0])]
            return
        reads = [self._names[self._true(read)] for read in part.reads]
        following = self._activation_after(number)
        shown = self._parts[number + 1] if following else part
        name = self._variable(number + 1 if following else number)
        end = self._comment(number + 1 if following else number)
        text = self._applied(part, reads, following)
        last = not self._top and shown is self._parts[-1] and self._true(self._definition.result) == shown.name
        self._returned = last
        yield from broken("return " if last else f"{name} = ", text, end, indent, WIDTH + len(end))
        self._names[part.name] = name

    def _comment(self, number: int) -> str:
        """The comment at the end of a line of the network: the shape, for a function also its name."""
        part = self._parts[number]
        following = self._parts[number + 1] if number + 1 < len(self._parts) else None
        if not self._top or (following is not None and following.line == part.line):
            return ""
        name = f"{plain_title(part.line.partition('.')[0])}: " if part.piece.make in self._definitions else ""
        return f"  # {name}{by_axis(self._shapes[part.name].sizes('HWC'))}"

    def _activation_after(self, number: int) -> object:
        """The activation that is an argument of a layer; None if there is none."""
        part = self._parts[number]
        if number + 1 == len(self._parts) or not part.piece.make.startswith(ACTIVATED):
            return None
        after = self._parts[number + 1]
        alone = self._uses.get(part.name) == [number + 1] and after.name not in self._definition.conditions
        fits = after.piece.make == "layers.Activation" and after.line == part.line
        return after.piece.arguments["activation"] if alone and fits else None

    def _absorbed(self, number: int) -> bool:
        """Whether a part is an argument of the one before."""
        return (
            number > 0
            and self._parts[number].reads == (self._parts[number - 1].name,)
            and (self._activation_after(number - 1) is not None)
        )

    def _applied(self, part: CodePart, reads: Sequence[str], activation: object = None) -> str:
        """The call that gives the value of a part."""
        piece = part.piece
        values = {name: text_of(value) for name, value in piece.arguments.items()}
        if piece.make in self._definitions:
            parameters = self._definitions[piece.make].parameters
            text = call_text(piece.make, piece.arguments, parameters)
            inner = text.partition("(")[2]
            return f"{piece.make}({', '.join(reads)}{', ' if inner != ')' else ''}{inner}"
        if not piece.make:
            return piece.form.format(*reads, **values)
        arguments = {**piece.arguments, **({"activation": activation} if activation is not None else {})}
        call = call_text(piece.make, arguments, defaults_of(piece.make))
        name = self._layer_name(part)
        if name:
            call = f"{call[:-1]}{', ' if call[-2] != '(' else ''}name={text_of(name)})"
        return piece.form.format(*reads, made=call)

    def _layer_name(self, part: CodePart) -> str:
        """The name argument of a layer that is the first of its line, unless Keras could give that name to another."""
        stem = re.sub(r"_\d+$", "", part.line)
        return identifier(part.line) if self._top and part.name == part.line and stem not in LAYERS else ""

    def _variable(self, number: int, *, plain: bool = False) -> str:
        """The name of the variable for a part: that of its input, unless the input is read again."""
        part = self._parts[number]
        uses = self._uses.get(part.name, [])
        if self._top and not plain and not self._soon(number, uses):
            return identifier(part.line.partition("/")[0].partition(".")[0], self._reserved, "layer")
        reads = [self._true(read) for read in part.reads]
        free = [self._names[read] for read in reads if read in self._names and max(self._uses[read]) <= number]
        if free and (not self._top or "x" in free):
            return "x" if "x" in free else free[0]
        return self._fresh(part, number)

    def _soon(self, number: int, uses: Sequence[int]) -> bool:
        """Whether a value is read only by the next parts, or within its line."""
        row = self._parts[number].line.partition("/")[0]
        later = [self._parts[use].line.partition("/")[0] for use in uses if use < len(self._parts)]
        following = self._parts[number + 1].line.partition("/")[0] if number + 1 < len(self._parts) else ""
        return all(one in (row, following) for one in later)

    def _fresh(self, part: CodePart, number: int) -> str:
        """A name that no value has which is still to be read."""
        held = {name for value, name in self._names.items() if self._last_use.get(value, -1) >= number}
        words = part.line.split("/")
        if "shortcut" in words and "shortcut" not in held:
            return "shortcut"
        branch = part.branch
        if branch and f"branch{branch}" not in held and not self._top:
            return f"branch{branch}"
        return unused(held)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"
