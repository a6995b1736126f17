"""The steps of a write-up: what is said of one layer after another, and whether it fits together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.proofreading.equations import Term, WindowNumbers
from cnncalc.proofreading.facts import Fact

HEADING = re.compile(r"^\W*(?:#+\s*)?(?:layer|conv(?:olution)?|pool(?:ing)?|step)\s*[\dA-Z]*\b.{0,12}$", re.IGNORECASE)


_NEXT = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|next|another|last|final|then|after"
    r"|\w*(?:conv|pool|layer)\w*[ -]?\d)\b|再|然后|接着",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"transpos|deconv|upsampl|unpool|dilat|atrous|depth-?wise|separable|group|concat|inception|branch|residual|bottleneck|skip"
    r"|recurrent|lstm|1d|3d|u-?net|反卷积|转置|空洞|分组|可分离|拼接|残差"
)
"""Words of layers whose figures follow from more than their kernel and their filters."""

MAX_ABOUT = 15
"""Sentences after such a word in which it may still be spoken of them."""

_DENSE = re.compile(r"fully[- ]connected|\bdense\b|\bfc[\d -]|\blinear layer|softmax|全连接", re.IGNORECASE)


def _is_pool(line: str) -> bool:
    """Whether a line is about a pool."""
    return re.search(r"pool|subsampl|池化|下采样", line, re.IGNORECASE) is not None


class Calculation(NamedTuple):
    """A window's calculation in a write-up, with its result and its place."""

    window: WindowNumbers
    result: int
    side: Term
    line: int
    column: int
    length: int


class Description(NamedTuple):
    """What is said of one layer.

    Attributes:
        facts: in the order of the text.
        calculations: in the order of the text.
        is_pool: whether a pool is spoken of.
        words: its text in small letters.
        is_first: whether the layer before it is not known.
    """

    facts: list[Fact]
    calculations: list[Calculation]
    is_pool: bool = False
    words: tuple[str, ...] = ()
    is_first: bool = False

    @property
    def is_conv(self) -> bool:
        """Whether a convolution is spoken of."""
        return any(re.search(r"conv|卷积", words) for words in self.words)

    @property
    def is_same(self) -> bool:
        """Whether the padding is the one that keeps the size."""
        return any(re.search(r"\bsame\b[^.;]{0,20}(?:pad|conv)|pad\w*\W{0,14}same\b", words) for words in self.words)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last line of what is said."""
        lines = [*(one.line for one in self.facts), *(one.line for one in self.calculations)]
        return min(lines), max(lines)

    @property
    def output(self) -> Fact | None:
        """The map that leaves; None if it is not said, or in two ways."""
        found = {(fact.value, fact.channels): fact for fact in self.facts if fact.what == "output"}
        whole = [fact for (_, channels), fact in found.items() if channels] or list(found.values())
        return whole[0] if len(whole) == 1 else None

    @property
    def leaving(self) -> Fact | None:
        """What the next layer takes: the output, or the size of an input of which nothing else is said."""
        if self.output is not None or self.values("kernel"):
            return self.output
        sizes = {(fact.value, fact.channels): fact for fact in self.facts if fact.what == "size"}
        return next(iter(sizes.values())) if len(sizes) == 1 else None

    def values(self, what: str) -> dict[int, Fact]:
        """Each value that is said of something, with where it is said first."""
        found: dict[int, Fact] = {}
        for fact in self.facts:
            if fact.what == what:
                found.setdefault(fact.value, fact)
        return found


class Descriptions:
    """Collects what is said line by line; a new layer begins with a heading, or when something is said once more.

    Attributes:
        counted: every count of params, of which layer or network ever.
    """

    def __init__(self) -> None:
        self._steps: list[Description] = []
        self._passages = 0
        self.counted: list[Fact] = []
        self._open = False
        self._line = ""
        self._is_first = True
        self._other: tuple[int, str] = (0, "")

    def skip(self) -> None:
        """Pass over what may be a layer: what comes after it does not follow from what went before it."""
        self._open, self._is_first = False, True

    def add(self, line: str, found: Sequence[Fact], calculations: Sequence[Calculation]) -> None:
        """Add what one line says."""
        self._line = line
        self.counted += [fact for fact in found if fact.what in ("params", "total")]
        kinds = {fact.what for fact in found}
        if OTHER.search(line.lower()):
            self._other = (self._passages + MAX_ABOUT, line.lower())
        self._passages += 1
        if (HEADING.match(line) and not found) or (_DENSE.search(line) and not kinds & {"kernel", "stride", "output"}):
            self._open = False
        if not (found or calculations):
            return
        if self._starts(found):
            self._steps.append(Description([], [], _is_pool(line), (), self._is_first))
            self._is_first = False
            if self._passages <= self._other[0]:
                self._steps[-1] = self._steps[-1]._replace(words=(self._other[1],))
            self._open = True
        if not self._open:
            return
        step = self._steps[-1]
        if _is_pool(line) and not step.is_pool and not step.calculations:
            self._steps[-1] = step = step._replace(is_pool=True)
        self._steps[-1] = step = step._replace(words=(*step.words, line.lower()))
        if not kinds & {"kernel", "output"} and step.values("output"):
            found = [fact for fact in found if fact.what != "filters"]  # those of the next layer, or of none
        step.facts.extend(found)
        step.calculations.extend(calculations)

    def _starts(self, found: Sequence[Fact]) -> bool:
        """Whether a line begins with another layer."""
        kinds = {(fact.what, fact.source) for fact in found}
        if not self._open:
            return bool({what for what, _ in kinds} & {"kernel", "size", "stride"})
        step = self._steps[-1]
        known = {(fact.what, fact.source) for fact in step.facts}
        if self._is_restated(found):
            return False
        if ("size", "sentence") in kinds and {"kernel", "output"} <= {what for what, _ in known}:
            return True
        told = {what for what, _ in kinds}
        if "kernel" in told and len(told) > 2 and {"kernel", "output"} & {what for what, _ in known}:
            return True
        described = ("kernel", "sentence") in kinds and (
            ("kernel", "sentence") in known or bool(step.calculations) or any(source == "result" for _, source in known)
        )
        return described or (("size", "list") in kinds and bool(step.calculations or ("size", "list") in known))

    def _is_restated(self, found: Sequence[Fact]) -> bool:
        """Whether a sentence says the kernel of the line that it is in once more, and speaks of no other layer."""
        lines = {fact.line for fact in self._steps[-1].facts if fact.what == "kernel" and fact.source == "sentence"}
        return bool(lines & {fact.line for fact in found if fact.what == "kernel"}) and not _NEXT.search(self._line)

    def __iter__(self) -> Iterator[Description]:
        return iter(self._steps)
