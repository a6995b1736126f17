"""Signatures of blocks: `mbconv(c, t=6, r=in/4)`."""

from __future__ import annotations

from cnncalc.language.expressions import is_name
from cnncalc.language.lines import RESERVED, UNIVERSAL
from cnncalc.language.nodes import ScalarNode
from cnncalc.language.problems import Problems


def read_signature(key: ScalarNode, problems: Problems) -> tuple[str, dict[str, ScalarNode | None]]:
    """`mbconv(c, t=6, r=in/4)` → its name, and the parameters with their defaults."""
    name, opening, rest = key.text.partition("(")
    name = name.strip()
    parameters: dict[str, ScalarNode | None] = {}
    well_formed = is_name(name) and (not opening or rest.rstrip().endswith(")"))
    if not well_formed or name in RESERVED or name in UNIVERSAL:
        message = f"'{key.text}' is not a block's signature; write name or name(param, param=default)"
        problems.add(key, message, "block")
        return "", parameters
    offset = key.quote + len(key.text) - len(rest)
    inside = rest.rstrip()[:-1]
    for part in _split_arguments(inside) if inside.strip() else ():
        _parameter(key, part, offset, parameters, problems)
        offset += len(part) + 1
    return name, parameters


def _parameter(
    key: ScalarNode, part: str, offset: int, parameters: dict[str, ScalarNode | None], problems: Problems
) -> None:
    word, equals, default = part.partition("=")
    indent = len(word) - len(word.lstrip())
    at = ScalarNode(word.strip(), key.line, key.column + offset + indent)
    if not is_name(at.text) or at.text in RESERVED or at.text in UNIVERSAL:
        problems.add(at, f"'{at.text}' cannot be the name of a parameter", "name")
    elif at.text in parameters:
        problems.add(at, f"parameter '{at.text}' stands twice in the signature", "block")
    elif equals and not default.strip():
        problems.add(at, f"parameter '{at.text}' has no default behind its '='", "block")
    else:
        column = key.column + offset + len(word) + 1 + len(default) - len(default.lstrip())
        parameters[at.text] = ScalarNode(default.strip(), key.line, column) if equals else None


def _split_arguments(text: str) -> list[str]:
    """Split at the commas outside parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts
