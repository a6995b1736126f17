"""Which YAML files are specs: a repository has others, too."""

from __future__ import annotations

import re

_KEYS = rb"layers?|cnncalc|inputs?|blocks|expect"
"""The keys by which a spec is known: `layers:` or `cnncalc:`, or an input together with another of these."""

_PREAMBLE = re.compile(rb"(?:[ \t]*(?:[#%][^\r\n]*|---[ \t]*)?(?:\r\n?|\n))*(?:---[ \t]+)?(?P<indent> *)")
"""Comments, blank lines and the mark of a document's start."""

_FLOW_TOKEN = re.compile(
    rb"""(?<![\w-])(?P<word>%b)\s*:|(?P<quote>["'])(?P<quoted>%b)(?P=quote)\s*:"""
    rb"""|(?P<open>[\[{])|(?P<close>[\]}])"""
    rb"""|"(?:[^"\\]|\\[\s\S]?)*"?|'[^']*'?|(?<!\S)\#[^\r\n]*""" % (_KEYS, _KEYS)
)
"""What matters in `{...}`: the keys, the brackets, and what may hide one of these. A quote that is
never closed hides all the rest: so the time stays linear in the length."""


def is_spec(content: bytes) -> bool:
    r"""Whether a file's content has the keys of a spec at its top level.

    The content is not parsed, so that a spec with a slip in its YAML, or with `layer:` for `layers:`, is
    taken for one, too.

    >>> is_spec(b"input: 3x8x8\nlayers: [relu]\n"), is_spec(b"services:\n  web: {layers: []}\n")
    (True, False)
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # UTF-16, with a zero beside each letter; such a spec gets the message that it should be UTF-8.
        content = content[2:].replace(b"\0", b"")
    if b"layer" not in content and b"cnncalc" not in content and b"input" not in content:
        return False
    keys = _keys(content.removeprefix(b"\xef\xbb\xbf"))
    named = not keys.isdisjoint({b"layers", b"cnncalc"})
    return named or not (keys.isdisjoint({b"input", b"inputs"}) or keys.isdisjoint({b"layer", b"blocks", b"expect"}))


def _keys(content: bytes) -> set[bytes]:
    """The keys of `_KEYS` at the top level."""
    preamble = _PREAMBLE.match(content)
    indent, content = (preamble["indent"], content[preamble.end() :]) if preamble else (b"", content)
    if content.startswith(b"{"):
        return _flow_keys(content)
    key = rb"(?:\A|[\r\n]%b)([\"']?)(%b)\1[ \t]*:(?=\s|\Z)" % (indent, _KEYS)
    return {match[2] for match in re.finditer(key, content)}


def _flow_keys(content: bytes) -> set[bytes]:
    """The keys within the outermost braces of a mapping that is written with braces."""
    depth, keys = 0, set()
    for token in _FLOW_TOKEN.finditer(content):
        if depth == 1 and (key := token["word"] or token["quoted"]):
            keys.add(key)
        depth += bool(token["open"]) - bool(token["close"])
    return keys
