"""A network as a file of PyTorch."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, final

from cnncalc.analysis.report import Report
from cnncalc.exporting.definitions import Definition, defined, passed
from cnncalc.exporting.export import Exported, require_said
from cnncalc.exporting.parts import (
    RESERVED,
    Code,
    CodePart,
    CodePiece,
    broken,
    call_text,
    class_name,
    identifier,
    plain_title,
    text_of,
)
from cnncalc.exporting.relations import repeated
from cnncalc.exporting.steps import program
from cnncalc.exporting.torch_prelude import PRELUDE
from cnncalc.exporting.torch_words import TorchWords
from cnncalc.importing.source.torch_names import MODULES
from cnncalc.shapes import by_axis

WIDTH = 100
"""Characters of a line of code."""

TAKEN = (
    "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches "
    "eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict "
    "modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook "
    "register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_module "
    "register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train "
    "training type xpu zero_grad self nn torch F"
)
"""Names that a module has of its own."""

Chain = list[CodePart]


def written(report: Report) -> Exported:
    """The file of a network.

    Raises:
        ExportError: PyTorch has no words for some layers.
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
    return Exported("\n".join(["import torch", "from torch import nn", *functional, "", "", whole, ""]))


def _about(report: Report) -> list[str]:
    """What the network is, in lines."""
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
class _Class:
    """One class: what it makes, and its forward."""

    def __init__(
        self, definition: Definition, definitions: Mapping[str, Definition], results: Sequence[str] = (),
        title: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._definition, self._definitions = definition, definitions
        self._results = results or (definition.result,)
        self._top = bool(results)
        self._title = title
        self._readers: dict[str, list[str]] = {}
        for part in definition.parts:
            for read in dict.fromkeys(part.reads):
                self._readers.setdefault(read, []).append(part.name)
        for result in self._results:
            self._readers.setdefault(result, []).append("")
        self._reserved = {"x", *RESERVED, *PRELUDE, *definitions, *definition.entries}
        self._attributes: dict[str, str] = {}
        self._chains = self._chained()

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

    def _signature(self) -> list[str]:
        """The head of its constructor."""
        given = ["self"]
        for name, default in self._definition.parameters.items():
            end = "" if default is ... else f" = {text_of(default)}"
            given.append(f"{name}: {self._definition.types[name]}{end}")
        line = f"    def __init__({', '.join(given)}) -> None:"
        return [line] if len(line) <= WIDTH else ["    def __init__(", f"        {', '.join(given)},", "    ) -> None:"]

    # ---- chains: what is called one after the other

    def _chained(self) -> list[Chain]:
        """The parts in chains, each of which one module can be; any other part is alone."""
        chains: list[Chain] = []
        for part in self._definition.parts:
            last = chains[-1][-1] if chains else None
            joined = last is not None and self._joined(last, part) and chains[-1][0].is_module
            if joined:
                chains[-1].append(part)
            else:
                chains.append([part])
        return chains

    def _joined(self, last: CodePart, part: CodePart) -> bool:
        """Whether a part is called with what the last one gives, and nothing else reads that."""
        alone = part.is_module and part.reads == (last.name,) and len(self._readers[last.name]) == 1
        return alone and (not self._top or _row(part) == _row(last))

    def _condition(self, part: CodePart) -> str:
        return str(self._definition.conditions.get(part.name, ""))

    def _shortcut(self, part: CodePart) -> bool:
        return part.name in self._definition.conditions

    def _is_sequence(self) -> bool:
        only = self._chains[0]
        return not self._top and len(self._chains) == 1 and len(only) > 1 and len(self._definition.entries) == 1

    def _sequence(self) -> str:
        definition = self._definition
        lines = [f"class {definition.name}(nn.Sequential):", *self._signature()]
        return "\n".join([*lines, "        super().__init__(", *self._items(self._chains[0], " " * 12), "        )"])

    # ---- what is made

    def _made(self, chain: Chain) -> Iterator[str]:
        first, indent = chain[0], " " * 8
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
        """What forward needs of the constructor's arguments."""
        for argument in _kept(part):
            text = str(part.piece.arguments[argument])
            if f"= {text}" not in self._attributes:
                name = self._attribute(f"= {text}", text if text.isidentifier() else argument)
                yield f"        self.{name} = {text}"
        if condition := self._condition(part):
            word = "residual" if part.name.endswith("add") else identifier(self._short(part))
            name = self._attribute(f"{part.name} if", condition if condition.isidentifier() else f"is_{word}")
            yield f"        self.{name} = {condition}"

    def _weights(self, part: CodePart) -> Iterator[str]:
        arguments = {name: text_of(value) for name, value in part.piece.arguments.items()}
        for word, text in part.piece.weights.items():
            wanted = identifier(self._short(part), start=word) if self._top else word
            name = self._attribute(f"{part.name} {word}", wanted)
            yield f"        self.{name} = {text.format(**arguments)}"

    def _attribute(self, key: str, wanted: str) -> str:
        if key not in self._attributes:
            self._attributes[key] = identifier(wanted, {*TAKEN.split(), *self._attributes.values()})
        return self._attributes[key]

    def _chain_name(self, chain: Chain) -> str:
        """What a chain is called: as its line, its place in branches, or body."""
        line = chain[0].line
        words = line.split("/")
        if self._top:
            word = words[0].partition(".")[0]
            kind = chain[0].piece.make if chain[0].piece.make in self._definitions else "layer"
            name = "_".join([word, *(w for w in words[1:])]) if len(words) > 1 else word
            return identifier(name, start=identifier(kind).lower())
        if "shortcut" in words:
            return "shortcut"
        branch = next((word for word in reversed(words[:-1]) if word.isdigit()), "")
        if branch and self._branches() > 1:
            return f"branch{branch}"
        if branch:
            return "gate" if any(" * " in part.piece.form for part in self._definition.parts) else "branch"
        return self._short(chain[0]) if len({part.line for part in chain}) == 1 else "body"

    def _branches(self) -> int:
        """The number of its branches that are modules."""
        words = (part.line.split("/")[:-1] for part in self._definition.parts if part.is_module)
        return len({word for line in words for word in line if word.isdigit()})

    def _short(self, part: CodePart) -> str:
        return part.line.rpartition("/")[2].partition(".")[0]

    def _call(self, piece: CodePiece) -> str:
        make = piece.make
        if make in self._definitions:
            return call_text(make, piece.arguments, self._definitions[make].parameters)
        own = make.removeprefix("nn.").removesuffix("2d") if make == "LayerNorm2d" else make.removeprefix("nn.")
        placed = dict.fromkeys(piece.arguments, ...) if make in PRELUDE else {}
        return call_text(make, piece.arguments, MODULES.get(own, placed))

    def _calls(self, chain: Chain) -> list[str]:
        """The calls of a chain, equal ones that follow each other as one."""
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
        """The modules of a chain, those of one line of the spec on one line."""
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

    # ---- forward

    def _function(self, chain: Chain) -> str:
        """The form of the activation at the end of a chain that is a function rather than a module."""
        last = chain[-1].piece
        if self._shortcut(chain[-1]) or not last.function or len(chain) > (2 if self._top else 1):
            return ""
        if self._top and len(chain) == 2 and chain[0].line != chain[1].line:
            return ""
        return last.function

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
        """What a chain gives."""
        first, function = chain[0], self._function(chain)
        reads = [texts[read] for read in first.reads]
        piece = first.piece
        values = self._values(first)
        if function and len(chain) == 1:
            return function.format(_bare(reads[0]), **values)
        made = f"self.{self._attributes[first.name]}" if first.name in self._attributes else ""
        text = piece.form.format(*(_operand(read, piece.form) for read in reads), made=made, **values)
        if function:
            last = chain[-1].piece
            return function.format(text, **{name: text_of(value) for name, value in last.arguments.items()})
        condition = self._attributes.get(f"{first.name} if")
        if condition:
            return f"{text} if self.{condition} else {texts[passed(first)]}"
        return text

    def _values(self, part: CodePart) -> dict[str, str]:
        """The arguments of a form: what depends on the constructor's is an attribute."""
        values = {name: text_of(value) for name, value in part.piece.arguments.items()}
        kept = {name: f"self.{self._attributes[f'= {values[name]}']}" for name in _kept(part)}
        weights = {word: f"self.{self._attributes[f'{part.name} {word}']}" for word in part.piece.weights}
        return {**values, **kept, **weights}

    def _inlined(self, number: int, text: str) -> bool:
        """Whether a value is written where it is read, by one part that is no module."""
        last = self._chains[number][-1]
        readers = self._readers.get(last.name, [])
        if len(readers) != 1 or readers == [""] or last.name in self._results:
            return False
        reader = next(chain for chain in self._chains if any(part.name == readers[0] for part in chain))
        first = reader[0]
        once = all(first.piece.form.count(f"{{{i}}}") == 1 for i, read in enumerate(first.reads) if read == last.name)
        plain = not first.is_module or (bool(self._function(reader)) and len(reader) == 1)
        near = not self._top or _row(first) == _row(last) or (len(first.reads) == 1 and first.shape == last.shape)
        return first.name not in self._definition.conditions and once and plain and near and len(text) < 60

    def _variable(self, number: int, names: Mapping[str, str]) -> str:
        """The name of the variable for what a chain gives: x, unless x is still to be read."""
        last = self._chains[number][-1]
        later = {part.name for chain in self._chains[number + 1 :] for part in chain} | {""}
        held = {name for value, name in names.items() if {*self._readers.get(value, ())} & later and value != last.name}
        following = self._chains[number + 1][0] if number + 1 < len(self._chains) else None
        reading = [part for part in self._definition.parts if part.name in self._readers.get(last.name, ())]
        near = following is None or all(_row(part) == _row(following) for part in reading)
        if self._top and not near:
            return identifier(self._chain_name(self._chains[number]), {*held, *self._reserved})
        return next(name for name in ("x", "y", "z", *(f"y{i}" for i in range(2, len(held) + 3))) if name not in held)


def _kept(part: CodePart) -> list[str]:
    """The arguments of a form that depend on the constructor's."""
    piece = part.piece
    named = [name for name, value in piece.arguments.items() if isinstance(value, Code) and f"{{{name}}}" in piece.form]
    return [] if piece.make else named


def _row(part: CodePart) -> str:
    """The line at the top that a part comes from."""
    return part.line.partition("/")[0].partition(".")[0]


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") and text.count("(") == 1 else text


def _operand(text: str, form: str) -> str:
    """A text in a form, in brackets if the operators of the form bind as strongly as its own."""
    signs = [sign for sign in ("*", "@", "+", "-", "/", "if") if f" {sign} " in _outside(form)]
    own = [sign for sign in ("*", "@", "+", "-", "/", "if") if f" {sign} " in _outside(text)]
    weak = own and signs and ({*own} & {"+", "-", "if"} or {*signs} & {"*", "@", "/"})
    return f"({text})" if weak and not (signs == ["+"] and own == ["+"]) else text


def _outside(text: str) -> str:
    """What of a text is in no brackets."""
    depth, kept = 0, ""
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        kept += letter if not depth else ""
    return kept
