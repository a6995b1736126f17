"""Words for a place: kinds, parameters, values, names; by the text, which is broken while one types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.names import HOLDING, REFERRING
from cnncalc.editing.places import TextPlace
from cnncalc.figures import CLAIMABLE, ON_LINES
from cnncalc.language.grammar import KEYS
from cnncalc.language.lines import ONE_VALUE, UNIVERSAL
from cnncalc.layers.parameters import Parameter
from cnncalc.network.vocabulary import PARAMETER_WORDS, WORDS, Kind, kind_of, kind_words
from cnncalc.render.reference import KindReference, parameter_text, references

Sort = Literal["kind", "parameter", "value", "block", "variable", "layer", "key"]

MAX_BACK = 200
"""The most lines above a place in which the start of its line of layers is looked for."""


class Completion(NamedTuple):
    """One word that can be written.

    Attributes:
        label: the word.
        sort: its sort.
        detail: its usage or its default, on one line.
        doc: its explanation, if there is one.
        text: the text to write for it; the word itself if it is empty.
    """

    label: str
    sort: Sort
    detail: str = ""
    doc: str = ""
    text: str = ""


class Surrounded(NamedTuple):
    """The surroundings of a place.

    Attributes:
        section: the key at the top level that it is below; empty if such a key is being typed.
        keys: those of the mapping around it, without the one that is being typed.
        key: the one whose value is being typed; empty if a key is.
        is_item: whether it begins an item of a list of layers.
        is_inner: whether the mapping is itself the value of one of the keys, so that only parameters belong there.
        block: the signature of the block around it; empty outside of blocks.
    """

    section: str = ""
    keys: tuple[str, ...] = ()
    key: str = ""
    is_item: bool = False
    is_inner: bool = False
    block: str = ""


def completions(edited: EditedText, place: TextPlace) -> list[Completion]:
    """The words that can be written at a place, the most likely first."""
    written = written_at(edited.lines, place)
    names = _KnownNames(edited, place)
    if not written.section:
        return [Completion(word, "key", text=f"{word}: ") for word in KEYS]
    match written.section:
        case "layers" | "blocks":
            return [*_in_line(written, names)]
        case "defaults" if not written.keys and not written.key:
            return [*_kinds(names, bare=False)]
        case "defaults":
            kind = next(iter(kind_words((*written.keys, written.key))), "")
            return [*_parameters(kind_of(kind), written.keys)] if kind else []
        case "expect":
            return [Completion(name, "key", figure.what, text=f"{name}: ") for name, figure in CLAIMABLE.items()]
        case "outputs":
            return [*names.layers()]
    return [*names.variables()] if written.key else []


def _in_line(written: Surrounded, names: _KnownNames) -> Iterator[Completion]:
    """The words of a line of layers: a kind first, then its parameters, or the value of a key."""
    word = next(iter(kind_words(written.keys, names.blocks)), "")
    if written.key:
        yield from _values(written, word, names)
    elif word:
        yield from _more(word, written, names)
    else:
        yield from _kinds(names, bare=written.is_item)
        yield from _universal(written.keys)


def _more(word: str, written: Surrounded, names: _KnownNames) -> Iterator[Completion]:
    """The keys that may be beside a kind or block."""
    if word in names.blocks:
        free = (name for name in names.blocks[word] if name not in written.keys)
        yield from (Completion(name, "parameter", text=f"{name}: ") for name in free)
    else:
        kind = kind_of(word)
        yield from _parameters(kind, written.keys if written.is_inner else (*written.keys, kind.first))
    if not written.is_inner:
        yield from _universal(written.keys)


def _kinds(names: _KnownNames, *, bare: bool) -> Iterator[Completion]:
    """Blocks and kinds; as items of a list in the braces that they need."""
    for block, parameters in names.blocks.items():
        usage = f"{{{block}: ...}}" if parameters else block
        text = f"{{{block}: " if parameters and bare else f"{block}: " if parameters else block
        yield Completion(block, "block", usage, text=text)
    for kind, about in references().items():
        yield Completion(kind, "kind", about.usage.removeprefix("- "), about.doc, _start(about, bare))


def _start(about: KindReference, bare: bool) -> str:
    """The beginning of a line of a kind."""
    if not any(parameter.required for parameter in about.parameters.values()):
        return about.kind
    return f"{{{about.kind}: " if bare else f"{about.kind}: "


def _parameters(kind: Kind, given: Iterable[str]) -> Iterator[Completion]:
    """The parameters of a kind that are not given yet, with their defaults."""
    named = {kind.named(key) for key in given}
    for name, parameter in kind.parameters.items():
        if name not in named:
            default = "required" if parameter.required else f"default {parameter.default_text}"
            yield Completion(name, "parameter", default, parameter_text(parameter), f"{name}: ")


def _universal(given: Iterable[str]) -> Iterator[Completion]:
    """The keys of any line that are not given yet."""
    return (
        Completion(word, "key", ONE_VALUE.get(word, ""), text=f"{word}: ") for word in UNIVERSAL if word not in given
    )


def _values(written: Surrounded, word: str, names: _KnownNames) -> Iterator[Completion]:
    """The values of a key: names of layers, the words of its parameter, variables."""
    if written.key in ("from", "weights"):
        yield from names.layers()
        return
    kind = kind_of(word or written.key) if (word or written.key) in WORDS else None
    parameter: Parameter | None = None
    if kind is not None:
        name = kind.first if written.key == (word or written.key) else kind.named(written.key)
        parameter = kind.parameters.get(name or "")
    if (parameter is not None and parameter.type in REFERRING) or (kind and kind.layer and kind.layer.copies):
        yield from names.layers()
    elif parameter is not None:
        words = PARAMETER_WORDS.get(parameter.type, parameter.words)
        yield from (Completion(value, "value") for value in words)
        yield from names.numbers(written)
    elif written.key not in (*ON_LINES, "name"):
        yield from (Completion(value, "value") for value in ("true", "false") if written.key in ("shared", "frozen"))
        yield from names.numbers(written)
        yield from names.layers() if word in names.blocks else ()


class _KnownNames:
    """The names that the text defines, as far as they are visible in it."""

    def __init__(self, edited: EditedText, place: TextPlace) -> None:
        self._lines = edited.lines
        self._place = place
        self.blocks: dict[str, list[str]] = {}
        self._variables: list[str] = []
        section = ""
        for line in self._lines:
            section = _TOP.match(line)[1] if _TOP.match(line) else section  # type: ignore[index]
            if section == "blocks" and (found := _SIGNATURE.match(line)):
                self.blocks[found[1]] = _names_of(found[2] or "")
            elif section == "vars":
                self._variables += re.findall(r"(\w+)\s*:", line.removeprefix("vars:"))

    def variables(self) -> Iterator[Completion]:
        """The variables."""
        return (Completion(name, "variable") for name in dict.fromkeys(self._variables))

    def numbers(self, written: Surrounded) -> Iterator[Completion]:
        """The parameters of the block around, `in`, and the variables."""
        yield from (Completion(name, "variable", "parameter of the block") for name in _names_of(written.block))
        yield Completion("in", "variable", "the channels that enter")
        yield from self.variables()

    def layers(self) -> Iterator[Completion]:
        """The names for `from:`: the layers above in the same list of lines, the nearest first."""
        for line in reversed(self._lines[: self._place.line]):
            if _TOP.match(line) or _SIGNATURE.match(line):
                break
            yield from (Completion(name, "layer") for name in _NAME.findall(line))
        yield Completion("prev", "layer", "what is above")
        yield Completion("input", "layer", "what enters the network")


_TOP = re.compile(r"([A-Za-z]\w*)\s*:")
_SIGNATURE = re.compile(r"[ ]{1,8}[\"']?([A-Za-z_]\w*)[ ]*(\([^#]*\))?[\"']?\s*:\s*(?:$|#|\[|-)")
_NAME = re.compile(r"[{,\s]name:\s*[\"']?([\w./-]+)")


_COMMENT = re.compile(r"(?:^|\s)#.*")
_LAST_KEY = re.compile(r"([\w]+)\s*:\s*$")

MAX_NESTED = 8
"""The most brackets around a place that are looked at."""

_LISTS = frozenset(
    name
    for word in WORDS
    for name, parameter in kind_of(word).parameters.items()
    for name in ((name, kind_of(word).word) if kind_of(word).first == name else (name,))
    if parameter.type in HOLDING
)
"""The keys whose values are lists of layers."""


def _names_of(signature: str) -> list[str]:
    """The parameters of a signature in brackets, without their defaults."""
    return re.findall(r"[(,]\s*([A-Za-z_]\w*)\s*(?=[,)=])", signature)


def written_at(lines: list[str], place: TextPlace) -> Surrounded:
    """The surroundings of a place in a text that may be broken."""
    line = lines[place.line] if place.line < len(lines) else ""
    before, section, signature = line[: place.column], "", ""
    for above in (before, *reversed(lines[: place.line])):
        if not signature and (found := _SIGNATURE.match(above)):
            signature = found[2] or ""
        if found := _TOP.match(above):
            section = found[1]
            break
    if not section or re.fullmatch(r"\w*", before) and before == line[: len(before)] and not line[:1].isspace():
        return Surrounded()
    text = "\n".join(_COMMENT.sub("", one) for one in (*lines[max(place.line - MAX_BACK, 0) : place.line], before))
    around = _around(text, MAX_NESTED)
    later = tuple(re.findall(r"[,{]\s*(\w+)\s*(?=:|,|\})", line[place.column :].partition("}")[0] + "}"))
    block = signature if section == "blocks" else ""
    return around._replace(section=section, keys=(*around.keys, *later), block=block)


def _around(text: str, depth: int) -> Surrounded:
    """The mapping or list at the end of a text."""
    sign, at = _opening(text)
    before, inside = text[:at], text[at + 1 :]
    named = _LAST_KEY.search(before)
    if sign == "[":
        if named is None or named[1] == "layers" or named[1] in _LISTS:
            return Surrounded(is_item=True)
        return Surrounded(keys=_around(before, depth - 1).keys if depth else (), key=named[1])
    parts = _split(inside, "," if sign == "{" else "\n")
    words = [part.partition(":")[0].strip(" \n\"'") for part in parts]
    outer: tuple[str, ...] = ()
    if sign == "{" and named and depth and named[1] not in ("layers", "vars", "defaults"):
        outer = (*_around(before, depth - 1).keys, named[1])
    has_value = re.match(r"[^:]*:(\s|$)", parts[-1]) is not None
    keys = (*outer, *filter(None, words[:-1]))
    is_item = sign == "-" and not keys and not has_value
    return Surrounded("", keys, words[-1] if has_value else "", is_item, bool(outer))


def _opening(text: str) -> tuple[str, int]:
    """The last bracket that is open at the end of a text, or the dash of the item, with its place."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        sign = text[at]
        if sign in "]})":
            depth += 1
        elif sign in "[{(" and depth:
            depth -= 1
        elif sign in "[{" or (sign == "-" and not depth and _is_dash(text, at)):
            return sign, at
    return "", -1


def _is_dash(text: str, at: int) -> bool:
    """Whether a sign begins an item: it is the first of its line, and a blank or nothing follows."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip() and text[at + 1 : at + 2] in ("", " ")


def _split(text: str, separator: str) -> list[str]:
    """The parts of a text between separators that are in no brackets."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "[{(") - (sign in "]})")
        if sign == separator and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
