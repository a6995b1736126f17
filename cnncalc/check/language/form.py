"""The problems of how a spec is written: YAML, its keys, and the grammar of its lines."""

from __future__ import annotations

from cnncalc.check.explained import Explained

FORM: dict[str, Explained] = {
    "anchor": Explained(
        "An anchor or alias of YAML is used.",
        "Anchors make a spec hard to read, and a few lines of them expand to billions of layers. "
        "What repeats is a block under blocks:, a number under vars:, or repeat: on a line.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- &block {conv: 16, kernel: 3, activation: relu}\n- *block\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, activation: relu, repeat: 2}\n",
    ),
    "block": Explained(
        "The definition of a block is wrong.",
        "A block is defined once, as 'name(parameter, parameter=default): [layers]', and neither it nor its parameters "
        "may have the name of a kind or of a parameter: a line could be read in two ways.",
        bad=(
            "input: {C: 3, H: 32, W: 32}\nblocks:\n  conv(c): [{deconv: c, kernel: 2, stride: 2}, relu]\nlayers:\n"
            "- {conv: 16}\n"
        ),
        good=(
            "input: {C: 3, H: 32, W: 32}\nblocks:\n  up(c): [{deconv: c, kernel: 2, stride: 2}, relu]\nlayers:\n"
            "- {up: 16}\n"
        ),
    ),
    "character": Explained(
        "The file has a character that does not belong in text.",
        "Control characters are invisible and can steer the terminal that shows the spec. Remove the character.",
        bad='name: "\\e[31mAlexNet"\ninput: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n',
        good='name: "AlexNet"\ninput: {C: 3, H: 227, W: 227}\nlayers:\n- {conv: 96, kernel: 11, stride: 4}\n',
    ),
    "depth": Explained(
        "Lists and mappings are nested too deeply.",
        "No network needs forty levels; each level below is a chance to lose count of brackets. Name a block instead.",
    ),
    "duplicate-key": Explained(
        "A key stands twice in one place.",
        "YAML would silently keep the last one. Remove one of them; an alias and its canonical name are the same key.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, stride: 1, kernel: 5}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 5, stride: 1}\n",
    ),
    "empty": Explained(
        "The file is empty.",
        "A spec has at least the keys input: and layers:.",
        bad="# LeNet-5, to be written\n",
        good="# LeNet-5, begun\ninput: {C: 1, H: 32, W: 32}\nlayers:\n- {conv: 6, kernel: 5}\n",
    ),
    "first": Explained(
        "first: stands on a line that is not repeated.",
        "first: overrides parameters of the first of several copies. Without repeat: there is one copy only: "
        "write the parameters on the line itself.",
        bad=("input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, activation: relu, first: {dilation: 2}}\n"),
        good=(
            "input: {C: 3, H: 32, W: 32}\nlayers:\n"
            "- {conv: 16, kernel: 3, activation: relu, repeat: 3, first: {dilation: 2}}\n"
        ),
    ),
    "grammar": Explained(
        "Something else is expected in this place.",
        "The message says which: a list of layers, a mapping with parameters, a name, or a text.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n  conv: {filters: 16, kernel: 3}\n  relu:\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- conv: {filters: 16, kernel: 3}\n- relu\n",
    ),
    "key": Explained(
        "A key is not a word.",
        "Keys are words of the language or names of your own; a list or mapping cannot be one.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, [stride, padding]: 1}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, stride: 1, padding: 1}\n",
    ),
    "tag": Explained(
        "A tag of YAML is used.",
        "Tags (!name) build objects of a programming language. A spec is plain data: write the value alone.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- !conv {filters: 16, kernel: 3}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- conv: {filters: 16, kernel: 3}\n",
    ),
    "too-many": Explained(
        "The file has so many problems that reading stopped.",
        "Mend the first ones; the others often follow from them.",
    ),
    "two-kinds": Explained(
        "A line names two kinds of layers.",
        "Each layer has a line of its own, but for the norm: and activation: behind a convolution.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3, maxpool: 2}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n- {maxpool: 2}\n",
    ),
    "unknown-key": Explained(
        "The spec has a key that the language does not know.",
        "A mistyped key would be ignored in silence, and with it what it says. The message lists the keys.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\nexpects: {params: 448}\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\nexpect: {params: 448}\n",
    ),
    "unreadable": Explained(
        "The file cannot be read.",
        "It is missing, protected, larger than 4 MB or not UTF-8, so that nothing in it was checked.",
    ),
    "version": Explained(
        "The spec is written for another version of the format.",
        "cnncalc: gives the version of the language; a newer one may mean something else by the same words.",
        bad="cnncalc: 2\ninput: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n",
        good="cnncalc: 1\ninput: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n",
    ),
    "yaml": Explained(
        "The file is not valid YAML, or more than one document.",
        "Most often the indentation, a missing space behind a colon, or a colon in a text without quotes.",
        bad="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3\n- relu\n",
        good="input: {C: 3, H: 32, W: 32}\nlayers:\n- {conv: 16, kernel: 3}\n- relu\n",
    ),
}
