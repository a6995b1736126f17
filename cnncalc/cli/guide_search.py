"""`cnncalc guide --search`: the lines of the manual that have the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cnncalc.cli.guide_pages import page, topics
from cnncalc.language.problems import quoted, suggestion

SHORT = 160
"""The most characters of a passage that is shown whole; of a longer one only sentences with one of the words."""


class Passage(NamedTuple):
    """A paragraph, an item, a row of a table, or a line of code; the first of a section has its heading."""

    topic: str
    heading: str
    text: str

    def has(self, words: Sequence[str]) -> bool:
        """Whether all words are here; one of several may be the heading above instead."""
        here = self.text.lower()
        found = [word in here for word in words]
        return any(found) and all(one or word == self.heading.lower() for one, word in zip(found, words, strict=True))

    def shown(self, words: Iterable[str]) -> Passage:
        """The same, as short as it can be read."""
        if len(self.text) <= SHORT:
            return self
        sentences = re.split(r"(?<=[.;]) +", self.text)
        having = [one for one in sentences if any(word in one.lower() for word in words)]
        return self._replace(text=" … ".join(having))


def passages() -> list[Passage]:
    """All passages of the manual."""
    return [piece for topic in topics() for piece in _of_page(topic, page(topic))]


def found(everything: Iterable[Passage], words: Sequence[str]) -> list[Passage]:
    """The passages that have all words; first sections and rows of tables with them in their names."""
    words = [word.lower() for word in words]
    name = " ".join(words)
    having = [piece.shown(words) for piece in everything if piece.has(words)]
    return sorted(having, key=lambda piece: name not in (piece.heading.lower(), piece.text.lower().split(" · ")[0]))


def _of_page(topic: str, text: str) -> Iterator[Passage]:
    heading = title = ""
    parts = re.split(r"^```(\w*)\n", text, flags=re.MULTILINE)
    for language, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        for piece in re.split(_BETWEEN.get(language, r"\n"), part):
            plain = _plain(piece)
            if piece.startswith("#") and not language:
                heading = title = plain
            elif re.search(r"\w", plain) and not piece.startswith("<!--"):
                yield Passage(topic, heading, f"{title}: {plain}" if title else plain)
                title = ""


_BETWEEN = {"": r"\n\s*\n|\n(?=\||#|- |\d+\. )", "text": r"\n\s*\n|\n(?=  ?\S|[A-Z]\w+: )"}
"""The separators of pieces of prose, or of a block of text; a line of code is one piece."""


def _plain(piece: str) -> str:
    """A piece on one line, without the signs of Markdown."""
    cells = re.split(r"(?<!\\)\|", piece) if piece.startswith("|") else [re.sub(r"^(#+|-|\d+\.) ", "", piece)]
    text = " · ".join(filter(None, (" ".join(cell.split()) for cell in cells)))
    return re.sub(r"`|\\(?=[\\|*_`<\[\]~&])", "", text)


def missing(everything: Iterable[Passage], words: Sequence[str]) -> str:
    """The message if nothing was found."""
    texts = [piece.text.lower() for piece in everything]
    nowhere = [word for word in words if not any(word.lower() in text for text in texts)]
    if not nowhere:
        return f"no line of the manual has all of {quoted(words).replace(' or ', ' and ')}; each of them is there alone"
    known = Counter(word for text in texts for word in re.findall(r"[\w-]{3,}", text))
    return f"the manual has no {quoted(nowhere)}{suggestion(nowhere[0], [word for word, _ in known.most_common()])}"
