"""name-shadows-kind: a name that reads as another kind, or a variable that is never looked up."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.check.places import Written, written_lines
from cnncalc.language.nodes import ScalarNode
from cnncalc.layers.parameters import PADDING_WORDS
from cnncalc.network.vocabulary import WORDS, kind_of


def find(subject: Subject) -> Iterator[Remark]:
    """Report layers and inputs with the name of a kind that they are not, and numbers called as a word."""
    spec = subject.spec
    for name, (key, _) in spec.inputs.items():
        if name in WORDS:
            yield Remark(None, f"the input '{name}' has the name of a kind; give it another", at=key)
    for name, value in spec.variables.items():
        if name in WORDS or name in PADDING_WORDS:
            yield Remark(None, f"the variable '{name}' {_hidden(name)}; give it another name", at=value)
    for block in spec.blocks.values():
        for name in block.parameters:
            if name in PADDING_WORDS:
                yield Remark(
                    None, f"the parameter '{name}' of {block.name} {_hidden(name)}; give it another name", at=block.at
                )
    for line in written_lines(spec):
        yield from _layer_name(line)


def _layer_name(line: Written) -> Iterator[Remark]:
    """Report a layer that is called as a kind other than its own."""
    name = line.values.get("name")
    if not isinstance(name, ScalarNode) or name.text not in WORDS:
        return
    own = [word for word in line.keys if word in WORDS]
    if not own or kind_of(own[0]) != kind_of(name.text):
        what = f"a {kind_of(own[0]).word}" if own else "a block"
        yield Remark(None, f"{what} is called '{name.text}', the word for another kind; give it another name", at=name)


def _hidden(name: str) -> str:
    if name in PADDING_WORDS:
        return f"is never used in 'padding: {name}', which is a word of the language there"
    return "has the name of a kind"


RULE = Rule(
    id="name-shadows-kind",
    severity="warning",
    summary="A layer, input or variable has the name of a kind that it is not, or of a padding.",
    reason=(
        "In `concat: [relu, prev]` a reader takes `relu` for the kind, and it is a layer of that name, perhaps a "
        "convolution. A variable called `half` is worse: `padding: half` is the word of the language, the number is "
        "never looked at, and no message says so. A layer that has its own kind's name, as torchvision's `maxpool`, "
        "misleads nobody and is no finding."
    ),
    bad=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: relu, conv: 8, kernel: 3, padding: 1, activation: relu}\n"
        "- {concat: [relu, input]}\n"
    ),
    good=(
        "input: {C: 3, H: 32, W: 32}\nlayers:\n- {name: stem, conv: 8, kernel: 3, padding: 1, activation: relu}\n"
        "- {concat: [stem, input]}\n"
    ),
    find=find,
)
