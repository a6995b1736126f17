"""The words of the language: the kinds, the parameters of each, and their spellings."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.language.model import Block
from cnncalc.language.nodes import Node, ScalarNode, is_nothing
from cnncalc.language.problems import nearest, quoted, slips
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Layer
from cnncalc.layers.composites import COMPOSITES, Composite
from cnncalc.layers.parameters import PADDING_WORDS, Parameter, Type

if TYPE_CHECKING:
    from cnncalc.layers.foreign import Meaning

PARAMETER_WORDS = {Type.FLAG: ("true", "false"), Type.PADDING: PADDING_WORDS}
"""The words of types that have the same for all parameters."""


ALSO_PARAMETERS = frozenset(("dropout", "scale"))
"""Kinds that are parameters of other kinds, too, here or in frameworks."""

PYTORCH = frozenset(("hidden_size", "num_layers", "batch_first", "input_size"))
"""Names of an lstm's parameters that only PyTorch has; its defaults hold if one is used."""

MOST_SLIPS = 2
"""The most slips in a word of a kind; with more it is another word."""


class Kind(NamedTuple):
    """A kind, or a user's own block, as the reader of a spec sees it.

    Attributes:
        word: its canonical name.
        layer: its class; None for a composite and a block.
        parameters: those of the kind, by canonical name.
        followers: those of them that add another layer after it.
        spellings: canonical name of each accepted spelling.
        required: those of them that a line must give.
        first: the parameter that `kind: value` gives; empty if there is none.
        several: whether the items of a list after the word are parameters one after the other, as for a block.
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
        """The parameter that a value after the kind gives: the first, or for true and false the first flag."""
        if not self.required and isinstance(value, ScalarNode) and value.text in ("true", "false"):
            flags = (name for name, parameter in self.parameters.items() if parameter.type is Type.FLAG)
            return next(flags, self.first)
        return self.first

    def missing(self, given: Container[str]) -> list[str]:
        """The required parameters that are not given."""
        return [name for name in self.required if name not in given]

    def named(self, key: str) -> str | None:
        """The parameter that a key means, also as other frameworks write it; None if there is none."""
        if key in self.spellings or self.several:
            return self.spellings.get(key)
        from cnncalc.layers import foreign as names

        plain = names.plain(key)
        same = {names.plain(spelling): name for spelling, name in self.spellings.items()}
        return same.get(plain) or next(
            (name for name in names.PARAMETERS.get(plain, ()) if name in same.values()), None
        )


PRESETS = {word: settings for layer in LAYERS.values() for word, settings in layer.presets.items()}
"""The settings of every word that is a kind with settings."""

ALIASES: dict[str, tuple[str, int | None]] = {
    alias: (word, rank)
    for word, layer in LAYERS.items()
    for alias, rank in {**layer.aliases, **dict.fromkeys(layer.presets)}.items()
}
"""Canonical word and asserted rank of every alias of a kind."""

WORDS = dict.fromkeys((*LAYERS, *COMPOSITES, *ALIASES))
"""Every word that names a kind, in the order of the reference."""


@cache
def foreign(word: str) -> Meaning | None:
    """The meaning of a word of another framework; None for an unknown one."""
    from cnncalc.layers import foreign  # most specs have none

    return foreign.meaning(word, WORDS)


def resolved(word: str) -> tuple[str, int | None]:
    """The canonical word of a kind, and the rank that a word for it asserts."""
    if word not in WORDS and (found := foreign(word)) is not None and found.word:
        word, rank = found.word, found.rank
        return (ALIASES[word][0], rank or ALIASES[word][1]) if word in ALIASES else (word, rank)
    return ALIASES.get(word, (word, None))


def preset(word: str) -> Mapping[str, str]:
    """The settings that a word for a kind means besides the kind: those of PixelShuffle are those of pixel_shuffle."""
    found = None if word in WORDS else foreign(word)
    return PRESETS.get(word, {}) if found is None else found.settings or PRESETS.get(found.word, {})


def customs(word: str, keys: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """The defaults of frameworks that hold for a line instead of those here, by framework.

    There are several if it is the same word in all: PyTorch's PReLU has one slope, Keras' one for each value.

    Args:
        word: the line's word for the kind.
        keys: its words for the parameters.
    """
    said = "PyTorch" if not PYTORCH.isdisjoint(keys) else ""
    if word in WORDS and not said:
        return {}
    from cnncalc.layers import foreign as names

    said, kind = names.framework(word) or said, kind_of(word).word
    known = {name: defaults[kind] for name, defaults in names.DEFAULTS.items() if kind in defaults}
    if said:
        return {said: known[said]} if said in known else {}
    return known if len(known) == len(names.DEFAULTS) else {}


def kind_words(words: Iterable[str], blocks: Container[str] = ()) -> list[str]:
    """The words of a line that name a kind or a block; of those that are parameters, too, only kinds of the language.

    A parameter of a kind on the line is not one: `{LSTM: 100, dropout: 0.2}`.
    """
    words = [*words]
    found = [word for word in words if word in blocks or word in WORDS]
    if found and not ALSO_PARAMETERS.issuperset(found):
        return found
    others = [word for word in words if word not in found and word not in all_parameter_words()]
    others = [word for word in others if (known := foreign(word)) is not None and known.word]
    takers = [word for word in others if all(takes(word, key) for key in found)]
    return takers or [word for word in words if word in found or word in others]


def takes(word: str, key: str) -> bool:
    """Whether a kind has a parameter, or frameworks have it and it has no effect."""
    kind = kind_of(word)
    return kind.named(key) is not None or bool(advice(kind.word, key))


@cache
def kind_of(word: str) -> Kind:
    """The kind that a word names: one of `WORDS`, or of another framework."""
    canonical = resolved(word)[0]
    definition: type[Layer] | Composite = LAYERS.get(canonical) or COMPOSITES[canonical]
    if isinstance(definition, Composite):
        own, layer = dict(definition.parameters), None
    else:
        own, layer = definition.written(), definition
    accepted = {**own, **definition.followers}
    spellings = {name: name for name in accepted}
    spellings |= {alias: name for name, parameter in accepted.items() for alias in parameter.aliases}
    if word not in WORDS:
        from cnncalc.layers import foreign as names

        spellings |= names.otherwise(word)
    required = tuple(name for name, parameter in own.items() if parameter.required)
    if layer is not None:
        required += tuple(name for name in layer.declared.values() if name in layer.required)
    return Kind(canonical, layer, accepted, definition.followers, spellings, required, next(iter(own), ""))


def spelled(text: str, parameter: Parameter) -> str:
    """A word in the spelling of a parameter's values: `relu` for ReLU, `same` for SAME, `true` for True."""
    words = PARAMETER_WORDS.get(parameter.type, parameter.words)
    if not words or text in words or not text:
        return text
    from cnncalc.layers import foreign as names

    same = {names.plain(word): word for word in words}
    if (plain := names.plain(text)) in same:
        return same[plain]
    if "none" in words and text.lower() in names.NOTHING:
        return "none"
    canonical = resolved(text)[0]
    return canonical if canonical in words and not preset(text) else text


def advice(kind: str, key: str) -> str:
    """The words to write for a framework's parameter that a kind does not have, as `inplace`; empty if unknown."""
    from cnncalc.layers import foreign as names

    return names.advice(kind, key)


def implied_follower(kind: Kind, word: str, value: Node) -> str:
    """`activation` for `{fc: 512, relu}`: the parameter that a norm or activation without a value stands for."""
    if not is_nothing(value):
        return ""
    return next((name for name, follower in kind.followers.items() if spelled(word, follower) in follower.words), "")


def block_kind(block: Block) -> Kind:
    """A block as a kind, for a line that uses it."""
    spellings = {name: name for name in block.parameters}
    required = tuple(name for name, default in block.parameters.items() if default is None)
    return Kind(block.name, None, {}, {}, spellings, required, next(iter(spellings), ""), several=True)


@cache
def all_parameter_words() -> frozenset[str]:
    """Every spelling of every parameter, to distinguish a parameter from a mistyped kind."""
    return frozenset(spelling for word in (*LAYERS, *COMPOSITES) for spelling in kind_of(word).spellings)


def kind_suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'relu'?` for a slip in a kind; empty for another word, which only resembles one.

    `rescale` ends in scale and says something else; `convolve` begins with conv.
    """
    near = [other for other in nearest(word, known) if word.startswith(other) or _is_slip(word.lower(), other)]
    return f"; did you mean {quoted(near)}?" if near else ""


def _is_slip(word: str, meant: str) -> bool:
    return slips(word, meant) <= MOST_SLIPS and (meant not in word or len(word) - len(meant) < MOST_SLIPS)
