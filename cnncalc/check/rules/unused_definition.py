"""unused-definition: a block, variable, default or block parameter that is written and never used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.check.findings import Fix
from cnncalc.check.places import KeyedValues, everything_in
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.language.model import Spec
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.network.vocabulary import kind_of, kind_words

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)

Bodies = Mapping[str, tuple[KeyedValues, ...]]
"""The lines of `layers:` under the empty name, and of each block under its own."""

Unused = tuple[str, ScalarNode, bool]
"""The words for a definition, its node, and whether that is an entry of its own."""


@rule("warning")
def unused_definition(subject: Subject) -> Iterator[Complaint]:
    """Report definitions that the network does not need."""
    spec, bodies = subject.spec, subject.places.bodies
    kinds = {layer.kind for layer in subject.report.layers}
    for message, at, is_entry in (*_blocks(spec, bodies), *_variables(spec, bodies), *_defaults(spec, bodies, kinds)):
        fixes = (Fix("remove it", at.line + 1, at.column + 1),) if is_entry else ()
        yield Complaint(None, message, at=at, fixes=fixes)


def _blocks(spec: Spec, bodies: Bodies) -> Iterator[Unused]:
    """The blocks that no layer leads to, and the parameters that neither the body nor a default of another uses."""
    used = _blocks_used(bodies)
    for name, block in spec.blocks.items():
        if name not in used:
            yield f"no layer uses the block '{name}'; remove it, or write it in layers:", block.at, True
            continue
        names = _names(bodies[name]) | _names_in(block.parameters.values())
        for parameter in block.parameters:
            if parameter not in names:
                advice = "remove it, or use it in a layer"
                yield f"block '{name}' does not use its parameter '{parameter}'; {advice}", block.at, False


def _blocks_used(bodies: Bodies) -> set[str]:
    """The blocks that the layers lead to, directly or through others."""
    used = {""}
    waiting = [""]
    while waiting:
        for line in bodies[waiting.pop()]:
            new = (line.keys.keys() & bodies.keys()) - used
            used |= new
            waiting += new
    return used


def _variables(spec: Spec, bodies: Bodies) -> Iterator[Unused]:
    """The variables whose name is in no number; inside a block its parameter of that name does."""
    if not spec.variables:
        return
    used = _names_in(spec.variables.values())
    for name, body in bodies.items():
        hidden = spec.blocks[name].parameters.keys() if name else ()
        used |= _names(body, "name", "from").difference(hidden)
    for key, value in (*spec.inputs.values(), *spec.defaults.values()):
        used |= _names(everything_in({"": key}, {"": value}))
    for block in spec.blocks.values():
        used |= _names_in(block.parameters.values())
    for name, value in spec.variables.items():
        if name not in used:
            yield f"nothing uses the variable '{name}'; remove it, or write it in a number", value, True


def _defaults(spec: Spec, bodies: Bodies, kinds: set[str]) -> Iterator[Unused]:
    """The defaults of kinds that neither the network nor a block has."""
    missing = {word: key for word, (key, _) in spec.defaults.items() if kind_of(word).word not in kinds}
    if not missing:
        return
    written = {kind_of(word).word for body in bodies.values() for line in body for word in kind_words(line.keys)}
    for word, key in missing.items():
        if kind_of(word).word not in written:
            yield f"the network has no {word}, so that these defaults do nothing; remove them", key, True


def _names(lines: Iterable[KeyedValues], *leave_out: str) -> set[str]:
    """The names in the values of some lines; a word such as relu counts, since a variable may be called so."""
    return _names_in(
        line.keys[word] if value is None else value
        for line in lines
        for word, value in line.values.items()
        if word not in leave_out
    )


def _names_in(values: Iterable[Node | None]) -> set[str]:
    return {*NAME.findall(" ".join([value.text for value in values if isinstance(value, ScalarNode)]))}
