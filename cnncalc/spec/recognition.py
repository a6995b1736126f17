"""Which YAML files are specs: a repository has others, too."""

from __future__ import annotations

import re

_PREAMBLE = re.compile(rb"(?:[ \t]*(?:[#%][^\r\n]*|---[ \t]*)?(?:\r\n?|\n))*(?:---[ \t]+)?(?P<indent> *)")
"""Comments, blank lines and the mark of a document's start."""

_FLOW_TOKEN = re.compile(
    rb"""(?P<key>(?<![\w-])layers\s*:|(?P<quote>["'])layers(?P=quote)\s*:)"""
    rb"""|(?P<open>[\[{])|(?P<close>[\]}])"""
    rb"""|"(?:[^"\\]|\\[\s\S]?)*"?|'[^']*'?|(?<!\S)\#[^\r\n]*"""
)
"""What matters in `{...}`: the key, the brackets, and what may hide one of these. A quote that is
never closed hides all the rest: so the time stays linear in the length."""


def is_spec(content: bytes) -> bool:
    r"""Whether a file's content has `layers:` as a key at its top level.

    The content is not parsed, so that a spec with a slip in its YAML is taken for one, too.

    >>> is_spec(b"input: 3x8x8\nlayers: [relu]\n"), is_spec(b"services:\n  web: {layers: []}\n")
    (True, False)
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # UTF-16, with a zero beside each letter; such a spec gets the message that it should be UTF-8.
        content = content[2:].replace(b"\0", b"")
    if b"layers" not in content:
        return False
    content = content.removeprefix(b"\xef\xbb\xbf")
    preamble = _PREAMBLE.match(content)
    indent, content = (preamble["indent"], content[preamble.end() :]) if preamble else (b"", content)
    if content.startswith(b"{"):
        return _has_flow_key(content)
    key = rb"(?:\A|[\r\n]%s)([\"']?)layers\1[ \t]*:(?:\s|\Z)" % indent
    return re.search(key, content) is not None


def _has_flow_key(content: bytes) -> bool:
    """Whether `layers:` stands within the outermost braces of a mapping that is written with braces."""
    depth = 0
    for token in _FLOW_TOKEN.finditer(content):
        if token["key"] and depth == 1:
            return True
        depth += bool(token["open"]) - bool(token["close"])
    return False
