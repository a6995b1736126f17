"""unused-definition: a block, variable, default or block parameter that is written and never used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.check.places import Written, everything_in, lines_within
from cnncalc.language.model import Block, Spec
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.network.vocabulary import WORDS, kind_of

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def find(subject: Subject) -> Iterator[Remark]:
    """Report what the network can do without."""
    spec = subject.spec
    bodies = {name: [*lines_within(block.body)] for name, block in spec.blocks.items()}
    lines = [*lines_within(spec.layers)]
    used = _blocks_used(lines, bodies)
    for name, block in spec.blocks.items():
        if name in used:
            yield from _parameters(block, bodies[name])
        else:
            yield Remark(None, f"no layer uses the block '{name}'; remove it, or write it in layers:", at=block.at)
    yield from _variables(spec, lines, bodies)
    yield from _defaults(subject, [*lines, *(line for body in bodies.values() for line in body)])


def _blocks_used(lines: list[Written], bodies: Mapping[str, list[Written]]) -> set[str]:
    """The blocks that the layers lead to, directly or through others."""
    used: set[str] = set()
    waiting = [lines]
    while waiting:
        for line in waiting.pop():
            for name in (line.keys.keys() & bodies.keys()) - used:
                used.add(name)
                waiting.append(bodies[name])
    return used


def _parameters(block: Block, body: list[Written]) -> Iterator[Remark]:
    """Report the parameters that neither the body nor another parameter's default uses."""
    names = _names(body) | _names_in(filter(None, block.parameters.values()))
    for name in block.parameters:
        if name not in names:
            message = f"block '{block.name}' does not use its parameter '{name}'; remove it, or use it in a layer"
            yield Remark(None, message, at=block.at)


def _variables(spec: Spec, lines: list[Written], bodies: Mapping[str, list[Written]]) -> Iterator[Remark]:
    """Report the variables whose name stands in no number; inside a block its parameter of that name does."""
    used = _names(map(_numbers, lines))
    for name, body in bodies.items():
        used |= _names(map(_numbers, body)) - spec.blocks[name].parameters.keys()
    for key, value in (*spec.inputs.values(), *spec.defaults.values()):
        used |= _names(everything_in({"": key}, {"": value}))
    used |= _names_in(default for block in spec.blocks.values() for default in block.parameters.values() if default)
    used |= _names_in(spec.variables.values())
    for name, value in spec.variables.items():
        if name not in used:
            yield Remark(None, f"nothing uses the variable '{name}'; remove it, or write it in a number", at=value)


def _defaults(subject: Subject, lines: list[Written]) -> Iterator[Remark]:
    """Report the defaults of kinds that the network does not have."""
    kinds = {layer.kind for layer in subject.report.layers}
    kinds |= {kind_of(word).word for line in lines for word in line.keys if word in WORDS}
    for word, (key, _) in subject.spec.defaults.items():
        if kind_of(word).word not in kinds:
            yield Remark(None, f"the network has no {word}, so that these defaults do nothing; remove them", at=key)


def _numbers(line: Written) -> Written:
    """A line without the names of layers on it."""
    return line._replace(values={word: value for word, value in line.values.items() if word not in ("name", "from")})


def _names(written: Iterable[Written]) -> set[str]:
    """The names in the values; a word such as relu counts, since a variable may be called so."""
    values = (key if value is None else value for line in written for key, value in _pairs(line))
    return _names_in(value for value in values if isinstance(value, ScalarNode))


def _pairs(line: Written) -> Iterator[tuple[ScalarNode, Node | None]]:
    return ((line.keys[word], value) for word, value in line.values.items())


def _names_in(scalars: Iterable[ScalarNode]) -> set[str]:
    return {name for scalar in scalars for name in NAME.findall(scalar.text)}


RULE = Rule(
    id="unused-definition",
    severity="warning",
    summary="A block, variable, default or block parameter is written and never used.",
    reason=(
        "What is defined and never used was meant to be used: a width that no layer multiplies by leaves `--set "
        "width=0.5` without effect, a block parameter that its body ignores makes every call look different and be "
        "the same, a default for a kind that the network does not have is a default for a misspelt one. The figures "
        "are right, but for another network than the one that the spec seems to describe."
    ),
    bad="input: {C: 3, H: 32, W: 32}\nvars: {width: 0.5}\nlayers:\n- {conv: 32, kernel: 3, activation: relu}\n",
    good="input: {C: 3, H: 32, W: 32}\nvars: {width: 0.5}\nlayers:\n- {conv: 32*width, kernel: 3, activation: relu}\n",
    find=find,
)
