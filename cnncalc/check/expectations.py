"""Claims that are kept in a file of their own: `--expect KEY.yaml`."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.errors import SpecError
from cnncalc.language.claims import read_expectations
from cnncalc.language.model import Claim
from cnncalc.language.nodes import MapNode, ScalarNode
from cnncalc.language.problems import Problems, TooManyProblems
from cnncalc.language.reader import read_nodes
from cnncalc.language.source import Source


class Key(NamedTuple):
    """The figures that every checked spec should give.

    Attributes:
        file: the name that findings carry.
        text: the text of the file, for excerpts.
        claims: the claims, with their places in the file.
    """

    file: str
    text: str
    claims: tuple[Claim, ...]


def _empty(problems: Problems) -> SpecError:
    message = "there are no claims; write them as in an expect: block, a line for each: 'params: 62378344'"
    problems.add(ScalarNode("", 0, 0), message, "claim")
    return problems.error()


def read_key(source: Source) -> Key:
    """The claims of a file: the mapping of an `expect:` block, with or without the word itself above it.

    Raises:
        SpecError: the file is not valid YAML, or a claim is wrong; carries every problem.
    """
    problems = Problems(source.file, source.text)
    try:
        if not source.text.strip():
            raise _empty(problems)
        root = read_nodes(source.text, problems)
        problems.raise_if_any()
        if isinstance(root, MapNode) and "expect" in root.values:
            root = root.values["expect"]
        claims = read_expectations(root, problems) if root is not None else ()
    except TooManyProblems:
        raise problems.error() from None
    problems.raise_if_any()
    return Key(source.file, source.text, claims)
