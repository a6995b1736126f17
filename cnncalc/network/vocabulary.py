"""The words of the language: which kinds there are, what each accepts, and under which spellings."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import cache
from typing import NamedTuple

from cnncalc.language.model import Block
from cnncalc.language.nodes import Node, ScalarNode
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.composites import COMPOSITES, Composite
from cnncalc.layers.parameters import Parameter, Type


class Kind(NamedTuple):
    """A kind, or a user's own block, as the reader of a spec sees it.

    Attributes:
        word: its canonical name.
        layer: its class; None for a composite and a block.
        parameters: what a kind accepts, by canonical name.
        followers: those of them that add another layer behind it.
        spellings: canonical name of each accepted spelling.
        required: those of them that a line must give.
        first: the parameter that `kind: value` gives; empty where there is none.
        several: whether the items of a list behind the word are parameters one after the other, as for a block.
    """

    word: str
    layer: type[Layer] | None
    parameters: Mapping[str, Parameter]
    followers: Mapping[str, Parameter]
    spellings: Mapping[str, str]
    required: tuple[str, ...]
    first: str
    several: bool = False

    def leading(self, value: Node) -> str:
        """The parameter that a value behind the kind gives: the first, or for true and false the first flag."""
        if not self.required and isinstance(value, ScalarNode) and value.text in ("true", "false"):
            flags = (name for name, parameter in self.parameters.items() if parameter.type is Type.FLAG)
            return next(flags, self.first)
        return self.first

    def missing(self, given: Container[str]) -> list[str]:
        """The required parameters that are not given."""
        return [name for name in self.required if name not in given]


ALIASES: dict[str, tuple[str, int | None]] = {
    alias: (word, rank) for word, layer in LAYERS.items() for alias, rank in layer.aliases.items()
}
"""Canonical word and asserted rank of every alias of a kind."""

WORDS = dict.fromkeys((*LAYERS, *COMPOSITES, *ALIASES))
"""Every word that names a kind, in the order of the reference."""


@cache
def kind_of(word: str) -> Kind:
    """The kind that a word or alias of `WORDS` names."""
    canonical = ALIASES[word][0] if word in ALIASES else word
    definition: type[Layer] | Composite = LAYERS.get(canonical) or COMPOSITES[canonical]
    if isinstance(definition, Composite):
        own, layer = dict(definition.parameters), None
    else:
        own, layer = definition.written(), definition
    accepted = {**own, **definition.followers}
    spellings = {name: name for name in accepted}
    spellings |= {alias: name for name, parameter in accepted.items() for alias in parameter.aliases}
    required = tuple(name for name, parameter in own.items() if parameter.required)
    if layer is not None:
        required += tuple(name for name in layer.declared.values() if name in layer.required)
    return Kind(canonical, layer, accepted, definition.followers, spellings, required, next(iter(own), ""))


def block_kind(block: Block) -> Kind:
    """A block as a kind, for a line that uses it."""
    spellings = {name: name for name in block.parameters}
    required = tuple(name for name, default in block.parameters.items() if default is None)
    return Kind(block.name, None, {}, {}, spellings, required, next(iter(spellings), ""), several=True)


@cache
def all_parameter_words() -> frozenset[str]:
    """Every spelling of every parameter, to tell a parameter from a mistyped kind."""
    return frozenset(spelling for word in (*LAYERS, *COMPOSITES) for spelling in kind_of(word).spellings)
