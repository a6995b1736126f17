"""name-shadows-kind: a name that reads as another kind, or a variable that is never looked up."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.places import Places
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.language.model import Spec
from cnncalc.language.nodes import ScalarNode
from cnncalc.layers.parameters import PADDING_WORDS
from cnncalc.network.vocabulary import WORDS, kind_of, kind_words


@rule("warning")
def name_shadows_kind(subject: Subject) -> Iterator[Complaint]:
    """Report layers and inputs with the name of a kind that they are not, and numbers called as a word."""
    for name, (key, _) in subject.spec.inputs.items():
        if name in WORDS:
            yield Complaint(None, f"the input '{name}' has the name of a kind; give it another", at=key)
    for message, at in (*_numbers(subject.spec), *_layers(subject.places)):
        yield Complaint(None, f"{message}; give it another name", at=at)


def _numbers(spec: Spec) -> Iterator[tuple[str, ScalarNode]]:
    """The variables that are called as a kind or a padding, and the parameters that are called as a padding."""
    for name, value in spec.variables.items():
        if name in PADDING_WORDS:
            yield f"the variable '{name}' {_never_used(name)}", value
        elif name in WORDS:
            yield f"the variable '{name}' has the name of a kind", value
    for block in spec.blocks.values():
        for name in block.parameters:
            if name in PADDING_WORDS:
                yield f"the parameter '{name}' of {block.name} {_never_used(name)}", block.at


def _never_used(name: str) -> str:
    return f"is never used in 'padding: {name}', which is a word of the language there"


def _layers(places: Places) -> Iterator[tuple[str, ScalarNode]]:
    """The layers that are called as a kind other than their own."""
    for line in places.lines():
        name = line.values.get("name")
        if isinstance(name, ScalarNode) and name.text in WORDS:
            own = [kind_of(word) for word in kind_words(line.keys)]
            if not own or own[0] != kind_of(name.text):
                what = f"a {own[0].word}" if own else "a block"
                yield f"{what} is called '{name.text}', the word for another kind", name
